// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/natflows.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

bool isAlive(const NatFlows::Flow &flow, NatFlows::Time now)
{
    return flow && flow->expires > now;
}

} // namespace

NatFlows::Flow NatFlows::outgoing(const SocketAddress &inside, const SocketAddress &seenRemote,
                                  Time now) const
{
    const Flow flow = m_outgoing.value({inside, seenRemote});
    return isAlive(flow, now) ? flow : Flow();
}

NatFlows::Flow NatFlows::incoming(const SocketAddress &external, const SocketAddress &remote,
                                  Time now) const
{
    const Flow flow = m_incoming.value({external, remote});
    return isAlive(flow, now) ? flow : Flow();
}

NatFlows::Flow NatFlows::latestOf(const SocketAddress &inside, Time now) const
{
    const auto flows = m_ofInside.constFind(inside);
    if (flows == m_ofInside.cend())
        return {};
    const auto found = std::find_if(flows->crbegin(), flows->crend(), [now](const auto &one) {
        return isAlive(one.second, now) && one.second->origin == NatFlow::Origin::Inside;
    });
    return found == flows->crend() ? Flow() : found->second;
}

bool NatFlows::isUsedByAnother(const SocketAddress &external, const SocketAddress &inside,
                               Time now) const
{
    const auto flows = m_ofExternal.constFind(external);
    return flows != m_ofExternal.cend()
        && std::any_of(flows->cbegin(), flows->cend(), [&](const auto &one) {
               return isAlive(one.second, now) && one.second->inside != inside;
           });
}

bool NatFlows::add(const NatFlow &flow, size_t capacity, Time now)
{
    for (const Flow &old : {m_outgoing.value({flow.inside, flow.seenRemote}),
                            m_incoming.value({flow.external, flow.remote})}) {
        if (old)
            remove(old);
    }
    if (m_incoming.size() >= m_cleanUpAt || count() >= capacity)
        removeExpired(now);
    if (count() >= capacity && !makeRoom())
        return false;
    const Flow added = std::make_shared<NatFlow>(flow);
    added->number = ++m_lastNumber;
    m_incoming.insert({flow.external, flow.remote}, added);
    m_ofExternal[flow.external].insert({added->number, added});
    if (!flow.inside.isNull()) {
        m_outgoing.insert({flow.inside, flow.seenRemote}, added);
        m_ofInside[flow.inside].insert({added->number, added});
    }
    return true;
}

void NatFlows::clear()
{
    m_outgoing.clear();
    m_incoming.clear();
    m_ofInside.clear();
    m_ofExternal.clear();
}

void NatFlows::remove(QHash<SocketAddress, Numbered> &flows, const SocketAddress &key,
                      const Flow &flow)
{
    const auto found = flows.find(key);
    found->erase(flow->number);
    if (found->empty())
        flows.erase(found);
}

void NatFlows::remove(const Flow &flow)
{
    m_incoming.remove({flow->external, flow->remote});
    remove(m_ofExternal, flow->external, flow);
    if (flow->inside.isNull())
        return;
    m_outgoing.remove({flow->inside, flow->seenRemote});
    remove(m_ofInside, flow->inside, flow);
}

void NatFlows::removeExpired(Time now)
{
    const QList<Flow> flows = m_incoming.values();
    for (const Flow &flow : flows) {
        if (!isAlive(flow, now))
            remove(flow);
    }
    m_cleanUpAt = std::max<qsizetype>(256, 2 * m_incoming.size());
}

//! As Linux does in need: a flow that was never answered goes. Of several the one that would have ended first.
bool NatFlows::makeRoom()
{
    Flow first;
    for (const Flow &flow : std::as_const(m_incoming)) {
        const auto order = [](const NatFlow &one) { return std::pair(one.expires, one.number); };
        if (!flow->isReplied && (!first || order(*flow) < order(*first)))
            first = flow;
    }
    if (!first)
        return false;
    remove(first);
    return true;
}

} // namespace Qp2p::Test
