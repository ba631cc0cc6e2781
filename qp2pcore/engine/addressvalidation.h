// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a dialler must prove with a Retry token that it owns its address (RFC 9000 section 8.1).
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/addresstoken.h>
#include <qp2pcore/engine/retrytoken.h>
#include <qp2pcore/engine/statelessanswers.h>
#include <qp2pcore/engine/way.h>

#include <optional>

namespace Qp2p::Engine {

//! \brief Checks the tokens of Initials, and asks for them where the configuration says so; and makes those that peers
//! bring next time.
class AddressValidation
{
public:
    //! \a answers and \a stats must outlive this.
    AddressValidation(const Settings &settings, StatelessAnswers &answers, EndpointStats &stats,
                      ngtcp2_tstamp now);

    //! \brief Returns whether the handshake that \a initial wants may go on, with the token in \a options where
    //! there is one. False: a Retry or a refusal answers the datagram, or nothing does.
    //! \a size: of the datagram; \a halfOpen: how many handshakes are under way.
    bool check(const ngtcp2_pkt_hd &initial, size_t size, const Way &way, int halfOpen,
               Session::AcceptOptions &options, ngtcp2_tstamp now);

    //! \brief For a peer that has proven to be at \a remote. Empty where no dialler is ever asked for one.
    QByteArray makeAddressToken(const SocketAddress &remote, ngtcp2_tstamp now);

private:
    bool checkRetryToken(const ngtcp2_pkt_hd &initial, size_t size, const Way &way,
                         Session::AcceptOptions &options, ngtcp2_tstamp now);
    bool useAddressToken(const ngtcp2_pkt_hd &initial, const Way &way, ngtcp2_tstamp now);
    ngtcp2_tstamp tokenTime(ngtcp2_tstamp now) const;

    const EndpointConfig::RetryMode m_retryMode;
    StatelessAnswers &m_answers;
    EndpointStats &m_stats;
    const std::function<qint64()> m_wallClock;
    RetryTokens m_retryTokens;
    std::optional<AddressTokens> m_addressTokens; // none where no Retry is ever sent
};

} // namespace Qp2p::Engine
