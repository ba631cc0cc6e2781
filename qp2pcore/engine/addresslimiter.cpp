// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/addresslimiter.h>

#include <qp2pcore/engine/addressprefix.h>

namespace Qp2p::Engine {

//! Calls \a visit with each level's key and limit, until one call returns false.
template<typename Visit>
bool AddressLimiter::forEachLevel(const SocketAddress &remote, Visit &&visit) const
{
    if (remote.isLocalScope())
        return true;
    for (const Level &level : m_levels) {
        if (level.family != (remote.isIpv4() ? 4 : remote.isIpv6() ? 6 : 0))
            continue;
        // The prefix says the family, and its size how many bits: one table serves all levels.
        if (!visit(addressPrefix(remote, {level.bits, level.bits}), level.limit))
            return false;
    }
    return true;
}

bool AddressLimiter::hasRoom(const SocketAddress &remote) const
{
    return forEachLevel(
        remote, [this](const QByteArray &key, int limit) { return m_counts.value(key) < limit; });
}

std::optional<AddressLimiter::Ticket> AddressLimiter::begin(const SocketAddress &remote)
{
    if (!hasRoom(remote))
        return std::nullopt;
    Ticket ticket;
    forEachLevel(remote, [&](const QByteArray &key, int) {
        ++m_counts[key];
        ticket.push_back(key);
        return true;
    });
    ++m_count;
    return ticket;
}

void AddressLimiter::end(const Ticket &ticket)
{
    --m_count;
    for (const QByteArray &key : ticket) {
        const auto count = m_counts.find(key);
        if (count != m_counts.end() && --*count == 0)
            m_counts.erase(count);
    }
}

} // namespace Qp2p::Engine
