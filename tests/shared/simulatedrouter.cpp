// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A flow is begun by the first datagram of either side, and what comes in must find one or be admitted.

#include <shared/simulatedrouter.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

SocketAddress addressOnly(SocketAddress address)
{
    address.setPort(0);
    return address;
}

quint64 hashWith(quint64 key, const SocketAddress &address, quint16 port)
{
    for (size_t i = 0; i < address.addressSize(); ++i)
        key = SeededRandom(key ^ address.addressBytes()[i]).next();
    return SeededRandom(key ^ port).next();
}

} // namespace

SimulatedRouter::SimulatedRouter(quint32 linkIndex, const QList<SocketAddress> &publicAddresses,
                                 const RouterProfile &profile, quint64 seed)
    : index(linkIndex)
    , m_profile(profile)
    , m_random(seed)
    , m_hashKey(m_random.next())
{
    for (const SocketAddress &address : publicAddresses)
        (address.isIpv4() ? m_ipv4 : m_ipv6).append(addressOnly(address));
}

Passage SimulatedRouter::mapOut(const SocketAddress &local, const SocketAddress &remote, Time now)
{
    if (m_profile.udp == UdpPolicy::Block) {
        ++m_counters.blocked;
        return {};
    }
    if (const NatFlows::Flow flow = m_flows.outgoing(local, remote, now)) {
        pass(*flow, NatFlow::Origin::Inside, now);
        return {flow->external, flow->remote};
    }
    NatFlow flow{.inside = local, .remote = remote, .external = local, .seenRemote = remote};
    if (translates(local)) {
        if (publicAddress(local).isNull()) {
            ++m_counters.noAddress;
            return {};
        }
        flow.external = newExternal(local, remote, now);
    }
    if (flow.external.isNull() || !begin(flow, now)) {
        ++m_counters.exhausted;
        return {};
    }
    learn(flow, now);
    return {flow.external, remote};
}

Passage SimulatedRouter::mapIn(const SocketAddress &external, const SocketAddress &remote,
                               Side from, Time now)
{
    if (m_profile.udp == UdpPolicy::Block) {
        ++m_counters.blocked;
        return {};
    }
    const NatFlows::Flow known = m_flows.incoming(external, remote, now);
    if (known && !known->inside.isNull()) {
        pass(*known, NatFlow::Origin::Outside, now);
        return {known->seenRemote, known->inside};
    }
    NatFlow flow{.remote = remote, .external = external, .origin = NatFlow::Origin::Outside};
    flow.inside = admitted(external, remote, from, now);
    if (!flow.inside.isNull()) {
        flow.seenRemote = seenRemote(flow.inside, remote, now);
        if (!flow.seenRemote.isNull() && begin(flow, now))
            return {flow.seenRemote, flow.inside};
        ++m_counters.exhausted;
        return {};
    }
    ++m_counters.filtered;
    if (m_profile.unsolicited == NatUnsolicited::Answer && owns(external)) {
        if (known)
            pass(*known, NatFlow::Origin::Outside, now);
        else
            begin(flow, now);
    }
    return {};
}

bool SimulatedRouter::owns(const SocketAddress &address) const
{
    return addressOnly(address) == publicAddress(address) && !address.isNull();
}

bool SimulatedRouter::turnsBack()
{
    if (m_profile.hairpin == NatHairpin::On)
        return true;
    ++m_counters.notTurned;
    return false;
}

void SimulatedRouter::forward(const SocketAddress &external, const SocketAddress &local)
{
    m_forwards.insert(external, local);
}

void SimulatedRouter::reboot()
{
    m_flows.clear();
    m_learned.clear();
    m_sentTo.clear();
    m_hashKey = m_random.next();
}

void SimulatedRouter::rebootWithNextAddress()
{
    Q_ASSERT_X(m_ipv4.size() > 1 || m_ipv6.size() > 1, "Simulation",
               "the router has one public address only");
    reboot();
    for (const QList<SocketAddress> *pool : {&m_ipv4, &m_ipv6}) {
        if (pool->size() < 2)
            continue;
        m_forwards.removeIf([left = pool->at(m_turn % pool->size())](
                                const QHash<SocketAddress, SocketAddress>::iterator &forward) {
            return addressOnly(forward.key()) == left;
        });
    }
    ++m_turn;
}

SocketAddress SimulatedRouter::mapping(const SocketAddress &local, Time now) const
{
    const NatFlows::Flow flow = m_flows.latestOf(local, now);
    return flow ? flow->external : SocketAddress();
}

bool SimulatedRouter::translates(const SocketAddress &local) const
{
    if (m_profile.mapping == NatMapping::None)
        return false;
    return local.isIpv4() || !m_ipv6.isEmpty() || local.isLocalScope();
}

SocketAddress SimulatedRouter::publicAddress(const SocketAddress &local) const
{
    const QList<SocketAddress> &pool = local.isIpv4() ? m_ipv4 : m_ipv6;
    return pool.isEmpty() ? SocketAddress() : pool.at(m_turn % pool.size());
}

//! Null where no port is free.
SocketAddress SimulatedRouter::newExternal(const SocketAddress &local, const SocketAddress &remote,
                                           Time now)
{
    SocketAddress external = publicAddress(local);
    switch (m_profile.mapping) {
    case NatMapping::None:
        return local;
    case NatMapping::EndpointIndependent:
        // As Linux: the mapping that the socket had last, unless another has that port towards this remote.
        if (const NatFlows::Flow latest = m_flows.latestOf(local, now)) {
            if (owns(latest->external) && isFree(latest->external, local, remote, now))
                return latest->external;
        }
        break;
    case NatMapping::AddressDependent:
        external.setPort(portOf(local, remote));
        // A port that does not depend on chance has no alternative: Linux drops the datagram.
        return isFree(external, local, remote, now) ? external : SocketAddress();
    case NatMapping::AddressAndPortDependent:
        break;
    }
    return freePort(external, local, remote, now);
}

bool SimulatedRouter::isFree(const SocketAddress &external, const SocketAddress &local,
                             const SocketAddress &remote, Time now)
{
    if (m_flows.incoming(external, remote, now))
        return false;
    return m_profile.overloadsPorts || !m_flows.isUsedByAnother(external, local, now);
}

//! A hash of the socket and the address that it sends to, as "snat to jhash" of nftables.
quint16 SimulatedRouter::portOf(const SocketAddress &local, const SocketAddress &remote) const
{
    const quint64 hash = hashWith(hashWith(m_hashKey, local, local.port()), remote, 0);
    return quint16(m_profile.block.first + hash % m_profile.block.size());
}

SocketAddress SimulatedRouter::freePort(SocketAddress external, const SocketAddress &local,
                                        const SocketAddress &remote, Time now)
{
    const PortBlock &block = m_profile.block;
    if (m_profile.ports == PortAllocation::Preserving && block.keeps(local.port())) {
        external.setPort(local.port());
        if (isFree(external, local, remote, now))
            return external;
    }
    const bool isSequential = m_profile.ports == PortAllocation::Sequential;
    quint32 at = isSequential ? m_nextInBlock : quint32(m_random.below(block.size()));
    for (quint32 tried = 0; tried < block.size(); ++tried, ++at) {
        external.setPort(quint16(block.first + at % block.size()));
        if (!isFree(external, local, remote, now))
            continue;
        if (isSequential)
            m_nextInBlock = at % block.size() + 1;
        return external;
    }
    return {};
}

//! \brief How \a inside will see \a remote in a flow that is begun from outside. Linux gives it another port where the
//! two have a flow already, so that answers are told apart: a node dials back from the port that it was dialled at.
SocketAddress SimulatedRouter::seenRemote(const SocketAddress &inside, SocketAddress remote,
                                          Time now)
{
    constexpr int tries = 128; // as Linux
    for (int i = 0; i < tries && m_flows.outgoing(inside, remote, now); ++i)
        remote.setPort(quint16(1024 + m_random.below(65'536 - 1024)));
    return m_flows.outgoing(inside, remote, now) ? SocketAddress() : remote;
}

//! \brief A datagram of \a flow \a from one side. As nf_conntrack_udp_packet() of Linux has it.
void SimulatedRouter::pass(NatFlow &flow, NatFlow::Origin from, Time now)
{
    const RouterTimeouts &timeouts = m_profile.timeouts;
    flow.isReplied = flow.isReplied || from != flow.origin;
    if (from == NatFlow::Origin::Inside || m_profile.refresh == NatRefresh::BothDirections) {
        const bool isStream = flow.isReplied && now > flow.begun + timeouts.streamAfter;
        flow.expires = now + (isStream ? timeouts.stream : timeouts.unreplied);
    }
    if (from == NatFlow::Origin::Inside && flow.origin == NatFlow::Origin::Inside)
        learn(flow, now);
}

void SimulatedRouter::learn(const NatFlow &flow, Time now)
{
    const Time expires = now + m_profile.timeouts.learned;
    m_learned.insert(flow.external, {flow.inside, expires});
    if (m_profile.filtering == NatFiltering::AddressDependent)
        m_sentTo.insert({flow.external, addressOnly(flow.remote)}, expires);
}

//! The socket that a datagram without a flow may reach; null: none.
SocketAddress SimulatedRouter::admitted(const SocketAddress &external, const SocketAddress &remote,
                                        Side from, Time now) const
{
    if (const SocketAddress target = m_forwards.value(external); !target.isNull())
        return target;
    const Learned learned = m_learned.value(external);
    if (learned.expires <= now)
        return {};
    if (from == Side::Lan || m_profile.filtering == NatFiltering::EndpointIndependent)
        return learned.inside;
    const bool isKnown = m_profile.filtering == NatFiltering::AddressDependent
        && m_sentTo.value({external, addressOnly(remote)}) > now;
    return isKnown ? learned.inside : SocketAddress();
}

//! False where the table is full.
bool SimulatedRouter::begin(const NatFlow &flow, Time now)
{
    if (m_learned.size() + m_sentTo.size() >= m_cleanUpAt) {
        m_learned.removeIf([now](auto learned) { return learned->expires <= now; });
        m_sentTo.removeIf([now](auto sent) { return *sent <= now; });
        m_cleanUpAt = std::max<qsizetype>(256, 2 * (m_learned.size() + m_sentTo.size()));
    }
    NatFlow begun = flow;
    begun.begun = now;
    begun.expires = now + m_profile.timeouts.unreplied;
    return m_flows.add(begun, m_profile.capacity, now);
}

} // namespace Qp2p::Test
