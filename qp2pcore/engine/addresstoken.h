// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Tokens for later connections (NEW_TOKEN), which spare their bearer the Retry (RFC 9000 section 8.1.3).
#pragma once

#include <qp2pcore/engine/rotatingkey.h>
#include <qp2pcore/engine/socketaddress.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

#include <deque>
#include <unordered_set>

namespace Qp2p::Engine {

//! \brief Makes and checks address tokens. Its keys are random, rotate every day with one predecessor still accepted,
//! and never leave the process: after a restart every token is void, and costs its bearer one Retry.
//!
//! Tokens are bound to the IP address, not to the port, which each dial chooses, and to the time; they live for a
//! day, and are good for one handshake (RFC 9000 section 8.1.4). Only an observer with the key could link two of them.
//!
//! \a now is of a clock that goes on while the machine is suspended.
class AddressTokens
{
public:
    AddressTokens(const RandomSource &random, ngtcp2_tstamp now);

    //! \brief A token for the peer at \a remote, which has proven that it receives there. Empty where the crypto
    //! library fails.
    QByteArray make(const SocketAddress &remote, ngtcp2_tstamp now);

    //! \brief Returns whether \a token was made here for the IP address of \a remote, within a day, and was not used
    //! before; from then on it is.
    bool use(QByteArrayView token, const SocketAddress &remote, ngtcp2_tstamp now);

private:
    bool isValid(QByteArrayView token, const SocketAddress &remote, ngtcp2_tstamp now);
    bool markUsed(QByteArrayView token);

    RotatingKey m_key;
    const size_t m_hashSeed;
    std::unordered_set<size_t> m_used; // hashes
    std::deque<size_t> m_usedInOrder; // the same, the oldest first
};

} // namespace Qp2p::Engine
