// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A mapping is made by the first datagram that leaves, and what comes in must find one.

#include <shared/simulatednat.h>

namespace Qp2p::Test {

using Engine::SocketAddress;

SimulatedNat::SimulatedNat(const QList<SocketAddress> &publicAddresses, NatFiltering filtering)
    : m_filtering(filtering)
{
    for (const SocketAddress &address : publicAddresses)
        (address.isIpv4() ? m_ipv4 : m_ipv6).append(address);
}

SocketAddress SimulatedNat::mapOut(const SocketAddress &local, const SocketAddress &remote)
{
    if (const SocketAddress external = m_forwarded.value({local, remote}); !external.isNull())
        return external;
    auto mapping = m_mappings.find(local);
    if (mapping == m_mappings.end()) {
        const QList<SocketAddress> &pool = local.isIpv4() ? m_ipv4 : m_ipv6;
        if (pool.isEmpty())
            return {};
        SocketAddress external = pool.at(m_turn % pool.size());
        external.setPort(local.port());
        if (!m_preservesPorts || m_locals.contains(external))
            external.setPort(m_nextPort++);
        mapping = m_mappings.insert(local, Mapping{external, {}});
        m_locals.insert(external, local);
    }
    if (m_filtering != NatFiltering::EndpointIndependent)
        mapping->remotes.insert(filtered(remote));
    return mapping->external;
}

SocketAddress SimulatedNat::mapIn(const SocketAddress &external, const SocketAddress &remote)
{
    if (const SocketAddress target = m_forwards.value(external); !target.isNull()) {
        m_forwarded.insert({target, remote}, external);
        return target;
    }
    const SocketAddress local = m_locals.value(external);
    if (local.isNull() || m_filtering == NatFiltering::EndpointIndependent)
        return local;
    return m_mappings.constFind(local)->remotes.contains(filtered(remote)) ? local
                                                                           : SocketAddress();
}

SocketAddress SimulatedNat::mapping(const SocketAddress &local) const
{
    return m_mappings.value(local).external;
}

void SimulatedNat::rebind(NatRebinding what)
{
    Q_ASSERT(what == NatRebinding::PortOnly || m_ipv4.size() > 1 || m_ipv6.size() > 1);
    m_mappings.clear();
    m_locals.clear();
    m_forwarded.clear();
    if (what == NatRebinding::PortOnly)
        return;
    for (const QList<SocketAddress> *pool : {&m_ipv4, &m_ipv6}) {
        if (pool->size() < 2)
            continue;
        m_forwards.removeIf([left = pool->at(m_turn % pool->size())](
                                const QHash<SocketAddress, SocketAddress>::iterator &forward) {
            SocketAddress external = forward.key();
            external.setPort(left.port());
            return external == left;
        });
    }
    ++m_turn;
}

SocketAddress SimulatedNat::filtered(SocketAddress remote) const
{
    if (m_filtering == NatFiltering::AddressDependent)
        remote.setPort(0);
    return remote;
}

} // namespace Qp2p::Test
