// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What senders without a connection are answered, and how often, without keeping any state of them.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/retrytoken.h>
#include <qp2pcore/engine/session.h>
#include <qp2pcore/engine/tokenbucket.h>
#include <qp2pcore/engine/way.h>

#include <QByteArray>

#include <gnutls/crypto.h>

#include <deque>
#include <memory>
#include <type_traits>

namespace Qp2p::Engine {

struct MacDeleter
{
    void operator()(gnutls_hmac_hd_t mac) const { gnutls_hmac_deinit(mac, nullptr); }
};
using MacHandle = std::unique_ptr<std::remove_pointer_t<gnutls_hmac_hd_t>, MacDeleter>;

//! \brief Makes Version Negotiation, Retry, refusals and stateless resets, within rates.
//!
//! No answer is larger than the datagram that caused it: the sender's address is not validated, and may
//! be a victim's. Answers wait until write().
class StatelessAnswers
{
public:
    //! \a stats are counted in, and must outlive this.
    StatelessAnswers(const Settings &settings, EndpointStats &stats);
    Q_DISABLE_COPY_MOVE(StatelessAnswers)

    // Each answers a datagram of size bytes that came by way.

    //! \a ids are those of the datagram.
    void sendVersionNegotiation(const ngtcp2_version_cid &ids, size_t size, const Way &way,
                                ngtcp2_tstamp now);
    //! With a token of \a tokens.
    void sendRetry(const ngtcp2_pkt_hd &initial, size_t size, RetryTokens &tokens, const Way &way,
                   ngtcp2_tstamp now);
    //! An immediate close with the transport error \a code (RFC 9000 section 10.2.3).
    void sendRefusal(const ngtcp2_pkt_hd &initial, size_t size, quint64 code, const Way &way,
                     ngtcp2_tstamp now);
    //! \a data begins with a short header whose connection ID is of no session.
    void sendReset(const quint8 *data, size_t size, const Way &way, ngtcp2_tstamp now);

    //! The token that resets our connection \a id (RFC 9000 section 10.3.2).
    ResetToken resetToken(const ngtcp2_cid &id) const;

    bool isEmpty() const { return m_waiting.empty(); }
    //! Returns false where the sink is blocked.
    bool write(const DatagramSink &sink);

private:
    struct Answer
    {
        QByteArray datagram;
        Way way;
    };
    bool queue(QByteArray datagram, size_t triggerSize, const Way &way);

    const RandomSource m_random;
    EndpointStats &m_stats;
    const MacHandle m_resetMac; // with the reset secret; each use begins afresh
    TokenBucket m_budget;
    TokenBucket m_retryBudget;
    std::deque<Answer> m_waiting;
};

} // namespace Qp2p::Engine
