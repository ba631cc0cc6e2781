// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/halfopen.h>

#include <qp2pcore/engine/limits.h>

namespace Qp2p::Engine {

namespace {
HalfOpenLimiter::Key placeOf(const SocketAddress &remote)
{
    if (remote.isLocalScope())
        return {};
    constexpr qsizetype Ipv6PrefixBytes = 7; // /56
    const qsizetype size = remote.isIpv4() ? 4 : Ipv6PrefixBytes;
    return QByteArray(reinterpret_cast<const char *>(remote.addressBytes()), size);
}
} // namespace

std::optional<HalfOpenLimiter::Key> HalfOpenLimiter::begin(const SocketAddress &remote)
{
    if (m_count >= Limits::HalfOpenTotal)
        return std::nullopt;
    const Key key = placeOf(remote);
    if (!key.isEmpty()) {
        int &fromThere = m_byPlace[key];
        if (fromThere >= Limits::HalfOpenPerSubnet)
            return std::nullopt;
        ++fromThere;
    }
    ++m_count;
    return key;
}

void HalfOpenLimiter::end(const Key &key)
{
    --m_count;
    const auto place = m_byPlace.find(key);
    if (place != m_byPlace.end() && --*place == 0)
        m_byPlace.erase(place);
}

} // namespace Qp2p::Engine
