// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many handshakes may be under way, in all and from one place.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>
#include <QHash>

#include <optional>

namespace Qp2p::Engine {

//! \brief Counts half-open handshakes: a thousand in all, and eight from one public IPv4 address or
//! IPv6 /56, the smallest block that a household gets.
//!
//! Private, link-local and loopback addresses have no limit of their own: whole laboratories live
//! behind one, and forging them from outside is not possible.
class HalfOpenLimiter
{
public:
    //! What a place is counted under; empty for addresses without a limit of their own.
    using Key = QByteArray;

    int count() const { return m_count; }

    //! \brief Counts one more from \a remote, or refuses.
    std::optional<Key> begin(const SocketAddress &remote);
    void end(const Key &key);

private:
    int m_count = 0;
    QHash<Key, int> m_byPlace;
};

} // namespace Qp2p::Engine
