// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Retry tokens: proof that a dialler owns its address, without keeping any state (RFC 9000 section 8.1.2).
#pragma once

#include <qp2pcore/engine/rotatingkey.h>
#include <qp2pcore/engine/socketaddress.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

namespace Qp2p::Engine {

//! \brief Makes and checks Retry tokens. Its keys are random, rotate every hour with one
//! predecessor still accepted, and never leave the process.
//!
//! Tokens are bound to the QUIC version, the whole address with its port, the connection ID of the
//! Retry packet and the time; they live for ten seconds.
class RetryTokens
{
public:
    RetryTokens(const RandomSource &random, ngtcp2_tstamp now);

    //! \brief A token for the dialler at \a remote whose first Initial went to \a originalId and
    //! whose next one will go to \a retryId. Empty where the crypto library fails.
    QByteArray make(quint32 version, const SocketAddress &remote, const ngtcp2_cid &retryId,
                    const ngtcp2_cid &originalId, ngtcp2_tstamp now);

    enum class CheckResult {
        Valid, //!< made here for just these values
        Stale, //!< made here, but for another address, or too long ago
        Unreadable, //!< not made here, or damaged
    };
    struct Checked
    {
        CheckResult result = CheckResult::Unreadable;
        ngtcp2_cid originalId{}; //!< where it is valid
    };
    Checked check(QByteArrayView token, quint32 version, const SocketAddress &remote,
                  const ngtcp2_cid &retryId, ngtcp2_tstamp now);

private:
    RotatingKey m_key;
};

} // namespace Qp2p::Engine
