// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A heap of events and the way of a datagram: routers, observer, link, routers, socket.

#include <shared/simulatedworld.h>

#include <shared/simulatedhost.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

// More than any burst of datagrams; a loop without end would otherwise just hang the test.
constexpr quint64 maxEventsInOneInstant = 1'000'000;

//! The links of a host behind routers are those of the outermost one.
quint32 siteOf(WorldNode node)
{
    const SimulatedRouter *router = node.host ? node.host->router : node.router;
    if (!router)
        return node.host->index;
    while (router->upstream)
        router = router->upstream;
    return router->index;
}

} // namespace

SimulatedWorld::SimulatedWorld(quint64 worldSeed)
    : seed(worldSeed)
{
}

SimulatedWorld::~SimulatedWorld() = default;

void SimulatedWorld::advance(quint64 time)
{
    if (time > m_now) {
        m_now = time;
        m_eventsInThisInstant = 0;
    }
}

void SimulatedWorld::schedule(quint64 time, quint64 sequence, Action action)
{
    push({std::max(time, m_now), sequence, Kind::Action, std::move(action)});
}

quint64 SimulatedWorld::nextTime() const
{
    return m_events.empty() ? UINT64_MAX : m_events.front().time;
}

void SimulatedWorld::forgetEvents()
{
    const std::vector<Event> forgotten = std::exchange(m_events, {});
}

void SimulatedWorld::step()
{
    Event event = pop();
    advance(event.time);
    if (++m_eventsInThisInstant > maxEventsInOneInstant)
        qFatal("Simulation: time stands still. A timer is armed in the past again and again.");
    event.action();
    if (event.kind != Kind::Arrival)
        return;

    while (!m_events.empty() && m_events.front().time == m_now
           && m_events.front().kind == Kind::Arrival)
        pop().action();
    for (const auto &readable : std::exchange(m_readable, {})) {
        if (const auto socket = readable.lock())
            socket->notifyReadable();
    }
}

SimulatedHost &SimulatedWorld::addHost(std::unique_ptr<SimulatedHost> host)
{
    m_hosts.push_back(std::move(host));
    return *m_hosts.back();
}

SimulatedRouter &SimulatedWorld::addRouter(std::unique_ptr<SimulatedRouter> router)
{
    m_routers.push_back(std::move(router));
    return *m_routers.back();
}

void SimulatedWorld::addRoute(const SocketAddress &address, WorldNode node, SimulatedRouter *router)
{
    const SocketAddress key = withoutPort(address);
    for (; router; router = router->upstream) {
        Q_ASSERT_X(!router->lan.contains(key), "Simulation", "two machines with one address");
        router->lan.insert(key, node);
        if (router->translates(key))
            return;
        node = {nullptr, router};
    }
    Q_ASSERT_X(!m_routes.contains(key), "Simulation", "two machines with one address");
    m_routes.insert(key, node);
}

void SimulatedWorld::removeRoutes(WorldNode node)
{
    QList<SocketAddress> removed;
    const auto isOfNode = [&](const QHash<SocketAddress, WorldNode>::iterator route) {
        if (route.value() != node)
            return false;
        removed.append(route.key());
        return true;
    };
    m_routes.removeIf(isOfNode);
    for (const auto &router : m_routers)
        router->lan.removeIf(isOfNode);
    // What led there through routers that do not translate
    const auto leadsNowhere = [&](const QHash<SocketAddress, WorldNode>::iterator route) {
        const SimulatedRouter *router = route.value().router;
        return router && removed.contains(route.key()) && !router->translates(route.key());
    };
    m_routes.removeIf(leadsNowhere);
    for (const auto &router : m_routers)
        router->lan.removeIf(leadsNowhere);
}

void SimulatedWorld::transmit(SimulatedHost &from, Wire wire)
{
    const quint32 site = siteOf({&from, nullptr});
    std::optional<Hop> hop;
    if (!from.owns(wire.to)) {
        hop = leaveLan(from, wire);
        if (!hop)
            return;
    }
    if (observer && *observer && (*observer)(wire) == WireAction::Drop) {
        ++counters.dropped;
        return;
    }
    if (from.owns(wire.to))
        hop = Hop{{&from, nullptr}};
    else if (!hop || hop->to.isNull())
        hop = Hop{route(wire.to)};
    if (hop->to.isNull()) {
        ++counters.unroutable;
        return;
    }

    const quint32 destination = siteOf(hop->to);
    LinkState &state = linkState(site, destination);
    static const LinkProfile loopback = loopbackLink();
    static const LinkProfile lan = lanLink();
    const LinkProfile &profile = state.profile ? *state.profile
        : hop->to.host == &from                ? loopback
        : site == destination                  ? lan
                                               : defaultProfile;
    const SimulatedLink::Arrival arrival = state.link.send(wire.data, m_now, profile);
    for (int copy = 0; copy < arrival.copies; ++copy)
        push({arrival.time, nextSequence(), Kind::Arrival,
              [this, hop = *hop, wire] { deliver(hop, wire); }});
}

//! \brief From router to router, up to the internet (no node yet) or to where a router turns it around.
std::optional<SimulatedWorld::Hop> SimulatedWorld::leaveLan(SimulatedHost &from, Wire &wire)
{
    for (SimulatedRouter *router = from.router; router; router = router->upstream) {
        // On the local network itself: the router does not see it.
        if (const WorldNode neighbour = router->lan.value(withoutPort(wire.to)); !neighbour.isNull())
            return Hop{neighbour};
        const bool isForRouter = router->owns(wire.to);
        if (isForRouter && !router->turnsBack()) {
            ++counters.heldBack;
            return {};
        }
        const quint64 before = router->counters().noAddress;
        const Passage passage = router->mapOut(wire.from, wire.to, time());
        if (passage.isNull()) {
            ++(router->counters().noAddress > before ? counters.unroutable : counters.heldBack);
            return {};
        }
        wire.from = passage.from;
        wire.to = passage.to;
        if (isForRouter)
            return Hop{{nullptr, router}, SimulatedRouter::Side::Lan};
    }
    return Hop{};
}

void SimulatedWorld::deliver(Hop hop, Wire wire)
{
    while (hop.to.router) {
        SimulatedRouter &router = *hop.to.router;
        const Passage passage = router.mapIn(wire.to, wire.from, hop.side, time());
        if (passage.isNull()) {
            ++counters.natFiltered;
            return;
        }
        wire.from = passage.from;
        wire.to = passage.to;
        hop = Hop{router.lan.value(withoutPort(wire.to))};
    }
    if (!hop.to.host) { // a host that has moved, or a forwarding to none
        ++counters.unroutable;
        return;
    }
    SimulatedHost &to = *hop.to.host;
    const std::shared_ptr<SimulatedSocket> socket = to.socketAt(wire.to);
    if (!socket) {
        ++counters.closedPort;
        return;
    }
    if (to.receiveBuffer > 0 && socket->received.size() >= size_t(to.receiveBuffer)) {
        ++counters.receiveBufferFull;
        return;
    }
    socket->received.push_back(std::move(wire));
    if (!socket->isMarkedReadable) {
        socket->isMarkedReadable = true;
        m_readable.push_back(socket);
    }
}

void SimulatedWorld::deliverRaw(const Wire &wire)
{
    const WorldNode to = route(wire.to);
    if (to.isNull()) {
        ++counters.unroutable;
        return;
    }
    push({m_now, nextSequence(), Kind::Arrival, [this, to, wire] { deliver(Hop{to}, wire); }});
}

SimulatedLink &SimulatedWorld::link(SimulatedHost &from, SimulatedHost &to)
{
    return linkState(siteOf({&from, nullptr}), siteOf({&to, nullptr})).link;
}

void SimulatedWorld::setProfile(SimulatedHost &from, SimulatedHost &to, const LinkProfile &profile)
{
    linkState(siteOf({&from, nullptr}), siteOf({&to, nullptr})).profile = profile;
}

bool SimulatedWorld::isLater(const Event &a, const Event &b)
{
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
}

void SimulatedWorld::push(Event event)
{
    m_events.push_back(std::move(event));
    std::push_heap(m_events.begin(), m_events.end(), isLater);
}

SimulatedWorld::Event SimulatedWorld::pop()
{
    std::pop_heap(m_events.begin(), m_events.end(), isLater);
    Event event = std::move(m_events.back());
    m_events.pop_back();
    return event;
}

SimulatedWorld::LinkState &SimulatedWorld::linkState(quint32 from, quint32 to)
{
    const quint64 key = (quint64(from) << 32) | quint64(to);
    const auto found = m_links.find(key);
    if (found != m_links.end())
        return found->second;
    const SimulatedLink link(SeededRandom::derivedSeed(seed, key));
    return m_links.emplace(key, LinkState{link, {}}).first->second;
}

WorldNode SimulatedWorld::route(const SocketAddress &to) const
{
    return m_routes.value(withoutPort(to));
}

} // namespace Qp2p::Test
