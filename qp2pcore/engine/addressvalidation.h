// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a dialler must prove with a Retry token that it owns its address (RFC 9000 section 8.1.2).
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/retrytoken.h>
#include <qp2pcore/engine/statelessanswers.h>
#include <qp2pcore/engine/way.h>

namespace Qp2p::Engine {

//! \brief Checks the tokens of Initials, and asks for them where the configuration says so.
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

private:
    const EndpointConfig::RetryMode m_retryMode;
    StatelessAnswers &m_answers;
    EndpointStats &m_stats;
    RetryTokens m_tokens;
};

} // namespace Qp2p::Engine
