// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of a simulation: what happens when, who has which address, and which link lies between.
#pragma once

#include <shared/linkprofile.h>
#include <shared/simulatedlink.h>
#include <shared/simulatedrouter.h>

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>
#include <QHash>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace Qp2p::Test {

class SimulatedSocket;

//! \brief A datagram on the wire, its addresses as any router there would see them.
struct Wire
{
    QByteArray data;
    Engine::SocketAddress from;
    Engine::SocketAddress to;
    quint8 ecn = 0; //!< the two ECN bits (RFC 3168)
};

enum class WireAction { Deliver, Drop };

//! Datagrams that no link counted, or that arrived and were of no use.
struct WorldCounters
{
    quint64 dropped = 0; //!< by the observer
    quint64 unroutable = 0; //!< to an address that no host has
    quint64 natFiltered = 0; //!< to a public address without a mapping that lets the sender in
    quint64 heldBack =
        0; //!< by a router that blocks UDP, has no port left, or does not send back in what is for itself
    quint64 closedPort = 0;
    quint64 receiveBufferFull = 0;
};

//! \brief Shared by a simulation and everything it handed out, so that these may go in any order.
class SimulatedWorld
{
public:
    using Action = std::function<void()>;

    explicit SimulatedWorld(quint64 worldSeed);
    ~SimulatedWorld();
    Q_DISABLE_COPY_MOVE(SimulatedWorld)

    // Time
    //! What wall clocks say at the beginning: 2026-06-01 00:00:00 UTC.
    static constexpr qint64 StartOfTime = 1'780'272'000;
    quint64 now() const { return m_now; }
    //! Nothing happens before; the clock shows it then.
    void advance(quint64 time);
    //! Equal times happen in the order of their \a sequence.
    void schedule(quint64 time, quint64 sequence, Action action);
    quint64 nextSequence() { return m_sequence++; }
    //! UINT64_MAX where nothing will ever happen.
    quint64 nextTime() const;
    //! Nothing that was to happen will. It may hold what holds this world, in a cycle.
    void forgetEvents();
    //! What is next happens; datagrams that arrive in the same instant arrive together.
    void step();

    // Hosts and routers
    SimulatedHost &addHost(std::unique_ptr<SimulatedHost> host);
    SimulatedRouter &addRouter(std::unique_ptr<SimulatedRouter> router);
    //! \brief Whatever is for \a address goes to \a node: over the internet, or in the local network of \a router.
    //! What \a router and those before it do not translate also arrives there from outside.
    void addRoute(const Engine::SocketAddress &address, WorldNode node, SimulatedRouter *router);
    void removeRoutes(WorldNode node);

    // Datagrams
    void transmit(SimulatedHost &from, Wire wire);
    void deliverRaw(const Wire &wire);
    SimulatedLink &link(SimulatedHost &from, SimulatedHost &to);
    void setProfile(SimulatedHost &from, SimulatedHost &to, const LinkProfile &profile);

    const quint64 seed;
    LinkProfile defaultProfile;
    WorldCounters counters;
    const std::function<WireAction(Wire &)> *observer = nullptr;

private:
    enum class Kind { Action, Arrival };
    struct Event
    {
        quint64 time;
        quint64 sequence;
        Kind kind;
        Action action;
    };
    struct LinkState
    {
        SimulatedLink link;
        std::optional<LinkProfile> profile;
    };

    //! Where a datagram is on its way to, and over which link.
    struct Hop
    {
        WorldNode to;
        SimulatedRouter::Side side = SimulatedRouter::Side::Outside;
    };

    static bool isLater(const Event &a, const Event &b);
    void push(Event event);
    Event pop();
    LinkState &linkState(quint32 from, quint32 to);
    std::optional<Hop> leaveLan(SimulatedHost &from, Wire &wire);
    void deliver(Hop hop, Wire wire);
    WorldNode route(const Engine::SocketAddress &to) const;
    std::chrono::nanoseconds time() const { return std::chrono::nanoseconds(m_now); }

    quint64 m_now = 1'000'000'000; // not zero, which is easily taken for "not set"
    quint64 m_sequence = 0;
    quint64 m_eventsInThisInstant = 0;
    std::vector<Event> m_events; // a heap
    std::vector<std::unique_ptr<SimulatedHost>> m_hosts;
    std::vector<std::unique_ptr<SimulatedRouter>> m_routers;
    QHash<Engine::SocketAddress, WorldNode> m_routes; // by address, with port 0
    std::vector<std::weak_ptr<SimulatedSocket>> m_readable;
    std::unordered_map<quint64, LinkState> m_links; // by the indexes of both sites
};

} // namespace Qp2p::Test
