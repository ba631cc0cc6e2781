// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A heap of events and the way of a datagram: NAT, observer, link, NAT, socket.

#include <shared/simulatedworld.h>

#include <shared/simulatedhost.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

// More than any burst of datagrams; a loop without end would otherwise just hang the test.
constexpr quint64 mostEventsInOneInstant = 1'000'000;

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
    if (++m_eventsInThisInstant > mostEventsInOneInstant)
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

void SimulatedWorld::addRoute(const SocketAddress &address, SimulatedHost &host)
{
    Q_ASSERT_X(!m_routes.contains(withoutPort(address)), "Simulation", "two hosts with one address");
    m_routes.insert(withoutPort(address), &host);
}

void SimulatedWorld::removeRoutes(const SimulatedHost &host)
{
    m_routes.removeIf([&host](const QHash<SocketAddress, SimulatedHost *>::iterator route) {
        return route.value() == &host;
    });
}

void SimulatedWorld::transmit(SimulatedHost &from, Wire wire)
{
    if (from.nat && !from.owns(wire.to)) {
        wire.from = from.nat->mapOut(wire.from, wire.to);
        if (wire.from.isNull()) {
            ++counters.unroutable;
            return;
        }
    }
    if (observer && *observer && (*observer)(wire) == WireAction::Drop) {
        ++counters.dropped;
        return;
    }
    SimulatedHost *to = from.owns(wire.to) ? &from : route(wire.to);
    if (!to) {
        ++counters.unroutable;
        return;
    }

    LinkState &state = linkState(from, *to);
    static const LinkProfile loopback = loopbackLink();
    const LinkProfile &profile = state.profile ? *state.profile
        : to == &from                          ? loopback
                                               : defaultProfile;
    const SimulatedLink::Arrival arrival = state.link.send(wire.data, m_now, profile);
    for (int copy = 0; copy < arrival.copies; ++copy)
        push({arrival.time, nextSequence(), Kind::Arrival,
              [this, to, wire] { deliver(*to, wire); }});
}

void SimulatedWorld::deliver(SimulatedHost &to, Wire wire)
{
    if (to.nat && !to.owns(wire.to)) {
        wire.to = to.nat->mapIn(wire.to, wire.from);
        if (wire.to.isNull()) {
            ++counters.natFiltered;
            return;
        }
    }
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
    SimulatedHost *to = route(wire.to);
    if (!to) {
        ++counters.unroutable;
        return;
    }
    push({m_now, nextSequence(), Kind::Arrival, [this, to, wire] { deliver(*to, wire); }});
}

SimulatedLink &SimulatedWorld::link(SimulatedHost &from, SimulatedHost &to)
{
    return linkState(from, to).link;
}

void SimulatedWorld::setProfile(SimulatedHost &from, SimulatedHost &to, const LinkProfile &profile)
{
    linkState(from, to).profile = profile;
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

SimulatedWorld::LinkState &SimulatedWorld::linkState(SimulatedHost &from, SimulatedHost &to)
{
    const quint64 key = (quint64(from.index) << 32) | quint64(to.index);
    const auto found = m_links.find(key);
    if (found != m_links.end())
        return found->second;
    const SimulatedLink link(SeededRandom::derivedSeed(seed, key));
    return m_links.emplace(key, LinkState{link, {}}).first->second;
}

SimulatedHost *SimulatedWorld::route(const SocketAddress &to) const
{
    return m_routes.value(withoutPort(to));
}

} // namespace Qp2p::Test
