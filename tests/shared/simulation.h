// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A world for tests: hosts, links and routers in virtual time, the same again for the same seed.
#pragma once

#include <shared/linkprofile.h>
#include <shared/nattype.h>
#include <shared/simulatedrouter.h>
#include <shared/simulatedworld.h>

#include <qp2pcore/io/environment.h>

#include <QHostAddress>
#include <QList>
#include <QSet>

#include <chrono>
#include <functional>
#include <memory>

namespace Qp2p::Test {

enum class NatRebinding { PortOnly, AddressAndPort };

//! \brief Endpoints on simulated hosts run as they are, but no second passes and nothing leaves.
//!
//! \code
//! Simulation simulation(seed);
//! const auto alice = simulation.host({QHostAddress("192.0.2.1"_L1)});
//! const auto bob = simulation.host({QHostAddress("192.0.2.2"_L1)});
//! simulation.setLinks(alice, bob, interopLink());
//! … endpoints in alice and bob …
//! QVERIFY(simulation.runUntil([&] { return arrived; }, 10s));
//! \endcode
//!
//! Needs a QCoreApplication and lives in its thread. Only what runs in that thread takes part in
//! virtual time. Everything handed out may outlive the simulation, in which nothing happens then.
class Simulation
{
public:
    //! A host is the environment of the programs on it.
    using Host = std::shared_ptr<Io::Environment>;
    //! Lives as long as the world: see above.
    using Router = SimulatedRouter *;

    explicit Simulation(quint64 seed = 1);
    ~Simulation();
    Q_DISABLE_COPY_MOVE(Simulation)

    // --- Hosts ---

    //! \brief A host with \a addresses, IPv4, IPv6 or both, and the loopback address of each family.
    Host host(const QList<QHostAddress> &addresses);

    // --- Routers, and hosts behind them ---

    //! \brief A router, which begins with the first of \a publicAddresses of each family; \a upstream is another one
    //! in whose local network it is, with addresses of that (as the routers of a carrier's customers).
    Router router(const QList<QHostAddress> &publicAddresses, const RouterProfile &profile,
                  Router upstream = nullptr);
    //! \brief A host in the local network of \a router. Different networks may use the same addresses.
    Host hostBehind(Router router, const QList<QHostAddress> &addresses);
    //! \brief A host with an access of \a type, whose own public address, or that of its outermost router, is
    //! \a publicAddress. Behind a router that translates it is 192.168.1.2.
    Host hostWithAccess(NatType type, const QHostAddress &publicAddress);
    //! The router that \a host is behind; null for none.
    Router routerOf(const Host &host) const;

    //! \brief A host behind a router of its own, with an endpoint-independent mapping to ports from 20000 on.
    Host natHost(const QList<QHostAddress> &privateAddresses,
                 const QList<QHostAddress> &publicAddresses,
                 NatFiltering filtering = NatFiltering::EndpointIndependent);
    //! New mappings keep the port of the socket where it is free.
    void preserveNatPorts(const Host &host);
    //! Whatever comes to \a external is let in, to the socket \a local of \a host.
    void forwardNatPort(const Host &host, const Engine::SocketAddress &external,
                        const Engine::SocketAddress &local);
    //! The router forgets its mappings: what leaves from now on comes from elsewhere.
    void rebindNat(const Host &host, NatRebinding what);
    //! Where the world sees the socket \a local of \a host; null where it has sent nothing lately.
    Engine::SocketAddress natMapping(const Host &host, const Engine::SocketAddress &local) const;

    // --- What happens to hosts ---

    //! \brief The host gets public \a addresses in place of those that it had, as its programs can see; what is on its way to
    //! those is lost.
    void moveHost(const Host &host, const QList<QHostAddress> &addresses);
    //! The same, into the local network of \a router.
    void moveHost(const Host &host, Router router, const QList<QHostAddress> &addresses);
    //! What its programs see; nothing else changes.
    void setInterfaces(const Host &host, const QList<QHostAddress> &addresses);
    //! In place of a /24 or /64 around each of its addresses.
    void setInterfaceNetworks(const Host &host, const QList<Io::InterfaceNetwork> &networks);
    //! Its programs see that \a time has passed in which the machine was suspended.
    void addSuspendedTime(const Host &host, std::chrono::nanoseconds time);

    //! Datagrams above \a bytes are refused by the host itself (EMSGSIZE); 0: none are.
    void setLocalMtu(const Host &host, size_t bytes);
    //! As many datagrams as one send() takes; 64 by default.
    void setMaxSegments(const Host &host, size_t segments);
    //! \brief Every channel takes \a datagrams and then blocks; each needs \a time to leave it.
    void setSendBuffer(const Host &host, int datagrams, std::chrono::nanoseconds time);
    //! What comes while \a datagrams wait in a channel is lost; 0: no limit.
    void setReceiveBuffer(const Host &host, int datagrams);

    // --- Links, each direction on its own ---

    //! For all pairs of hosts that have no own one, also later. Hosts behind one router share its links.
    void setDefaultLink(const LinkProfile &profile);
    void setLink(const Host &from, const Host &to, const LinkProfile &profile);
    //! Both directions.
    void setLinks(const Host &one, const Host &other, const LinkProfile &profile);
    //! Nothing arrives any more, until heal(). What is on its way does.
    void blackhole(const Host &from, const Host &to);
    void heal(const Host &from, const Host &to);
    //! Loses exactly those: the next datagram is number 0. Replaces an earlier list.
    void dropDatagrams(const Host &from, const Host &to, const QSet<quint64> &indexes);
    LinkCounters counters(const Host &from, const Host &to) const;
    WorldCounters counters() const;

    // --- The wire ---

    //! \brief Sees every datagram as it leaves a host (behind its routers, before its link), and may
    //! change all of it. Not those of inject().
    std::function<WireAction(Wire &)> onDatagram;

    //! \brief A forged datagram: it reaches \a to now, over no link, and may say that it is from anyone.
    void inject(const Engine::SocketAddress &from, const Engine::SocketAddress &to,
                const QByteArray &data, quint8 ecn = 0);

    // --- Time ---

    //! Nanoseconds, as Environment::now(); starts at one second.
    quint64 now() const;
    //! Does \a action when \a delay has passed.
    void after(std::chrono::nanoseconds delay, std::function<void()> action);

    //! \brief Lets the world run until \a condition is true or \a limit of virtual time has passed.
    //! Returns whether it is. The condition is asked after every event.
    bool runUntil(const std::function<bool()> &condition, std::chrono::nanoseconds limit);
    void runFor(std::chrono::nanoseconds duration);

private:
    class EventCounter;
    Host addHost(Router router, const QList<QHostAddress> &addresses, quint32 index);
    Router addRouter(const QList<QHostAddress> &publicAddresses, const RouterProfile &profile,
                     Router upstream, quint32 index);
    SimulatedRouter &natOf(const Host &host) const;
    void processQtEvents();

    const std::shared_ptr<SimulatedWorld> m_world;
    const std::unique_ptr<EventCounter> m_qtEvents;
    quint32 m_machines = 0;
};

} // namespace Qp2p::Test
