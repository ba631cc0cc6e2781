// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/eviction.h>

#include <qp2pcore/engine/addressprefix.h>

#include <algorithm>
#include <tuple>

namespace Qp2p::Engine {

namespace {

constexpr size_t ProtectedByRtt = 8;
constexpr size_t ProtectedByMessages = 8;

//! An address as its owner is counted: IPv4 whole, of IPv6 the /64 that one host has.
QByteArray hostOf(const SocketAddress &address)
{
    return addressPrefix(address, {32, address.isLocalScope() ? 128 : 64});
}

//! Takes the \a count best out of \a candidates.
template<typename Better>
void protect(std::vector<EvictionCandidate> &candidates, size_t count, Better better)
{
    count = std::min(count, candidates.size());
    const auto end = candidates.begin() + std::ptrdiff_t(count);
    std::nth_element(candidates.begin(), end, candidates.end(), better);
    candidates.erase(candidates.begin(), end);
}

} // namespace

Crowding::Crowding(const std::vector<EvictionCandidate> &candidates)
{
    // All are counted: who has many that are protected has them all the same.
    for (const EvictionCandidate &candidate : candidates) {
        ++m_groups[addressGroup(candidate.remote)];
        ++m_hosts[hostOf(candidate.remote)];
    }
    std::vector<EvictionCandidate> rest = candidates;
    protect(rest, ProtectedByRtt, [](const auto &a, const auto &b) { return a.minRtt < b.minRtt; });
    const auto silent = std::partition(rest.begin(), rest.end(),
                                       [](const auto &one) { return one.lastMessageAt > 0; });
    protect(rest, std::min(ProtectedByMessages, size_t(silent - rest.begin())),
            [](const auto &a, const auto &b) { return a.lastMessageAt > b.lastMessageAt; });
    protect(rest, rest.size() / 2,
            [](const auto &a, const auto &b) { return a.openedAt < b.openedAt; });

    // In the largest group, of the host with most; of its connections the one that carried nothing for
    // longest, and of those the youngest.
    const auto rank = [this](const EvictionCandidate &one) {
        return std::tuple(of(one.remote), UINT64_MAX - one.lastMessageAt, one.openedAt);
    };
    const auto worst = std::max_element(
        rest.cbegin(), rest.cend(), [&](const auto &a, const auto &b) { return rank(a) < rank(b); });
    if (worst != rest.cend()) {
        m_victim = worst->session;
        m_victimsCrowd = of(worst->remote);
    }
}

std::optional<quint64> Crowding::victimFor(const SocketAddress &newcomer) const
{
    return m_victimsCrowd > of(newcomer) ? m_victim : std::nullopt;
}

Crowding::Crowd Crowding::of(const SocketAddress &address) const
{
    return {m_groups.value(addressGroup(address)), m_hosts.value(hostOf(address))};
}

} // namespace Qp2p::Engine
