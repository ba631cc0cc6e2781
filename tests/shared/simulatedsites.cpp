// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The part of Simulation that makes hosts and routers, and moves them.

#include <shared/simulation.h>

#include <shared/simulatedhost.h>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

QList<SocketAddress> withoutPorts(const QList<QHostAddress> &addresses)
{
    QList<SocketAddress> result;
    for (const QHostAddress &address : addresses) {
        result.append(Io::toSocketAddress(address, 0));
        Q_ASSERT_X(!result.constLast().isNull(), "Simulation", "not an IP address");
    }
    return result;
}

} // namespace

Simulation::Host Simulation::host(const QList<QHostAddress> &addresses)
{
    return addHost(nullptr, addresses, m_machines++);
}

Simulation::Router Simulation::router(const QList<QHostAddress> &publicAddresses,
                                      const RouterProfile &profile, Router upstream)
{
    return addRouter(publicAddresses, profile, upstream, m_machines++);
}

Simulation::Host Simulation::hostBehind(Router router, const QList<QHostAddress> &addresses)
{
    return addHost(router, addresses, m_machines++);
}

Simulation::Host Simulation::hostWithAccess(NatType type, const QHostAddress &publicAddress)
{
    const NatTypeProfile &access = natType(type);
    if (!access.router)
        return host({publicAddress});
    if (access.router->mapping == NatMapping::None)
        return hostBehind(router({}, *access.router), {publicAddress});
    const QHostAddress inside(QStringLiteral("192.168.1.2"));
    if (!access.carrier)
        return hostBehind(router({publicAddress}, *access.router), {inside});
    const Router carrier = router({publicAddress}, *access.carrier);
    const QHostAddress shared(QStringLiteral("100.64.0.2")); // RFC 6598
    return hostBehind(router({shared}, *access.router, carrier), {inside});
}

Simulation::Router Simulation::routerOf(const Host &host) const
{
    return hostOf(host).router;
}

Simulation::Host Simulation::natHost(const QList<QHostAddress> &privateAddresses,
                                     const QList<QHostAddress> &publicAddresses,
                                     NatFiltering filtering)
{
    RouterProfile profile;
    profile.filtering = filtering;
    profile.ports = PortAllocation::Sequential;
    profile.block.first = 20'000;
    // The router has the number of its only host: a simulation with a host in its place is the same otherwise.
    const quint32 index = m_machines++;
    return addHost(addRouter(publicAddresses, profile, nullptr, index), privateAddresses, index);
}

void Simulation::preserveNatPorts(const Host &host)
{
    RouterProfile profile = natOf(host).profile();
    profile.ports = PortAllocation::Preserving;
    profile.block = {};
    natOf(host).setProfile(profile);
}

void Simulation::forwardNatPort(const Host &host, const SocketAddress &external,
                                const SocketAddress &local)
{
    natOf(host).forward(external, local);
}

void Simulation::rebindNat(const Host &host, NatRebinding what)
{
    if (what == NatRebinding::PortOnly)
        natOf(host).reboot();
    else
        natOf(host).rebootWithNextAddress();
}

SocketAddress Simulation::natMapping(const Host &host, const SocketAddress &local) const
{
    SocketAddress address = local;
    for (const SimulatedRouter *router = &natOf(host); router; router = router->upstream)
        address = router->mapping(address, std::chrono::nanoseconds(m_world->now()));
    return address;
}

void Simulation::moveHost(const Host &host, const QList<QHostAddress> &addresses)
{
    moveHost(host, nullptr, addresses);
}

void Simulation::moveHost(const Host &host, Router router, const QList<QHostAddress> &addresses)
{
    SimulatedHost &moved = hostOf(host);
    m_world->removeRoutes({&moved, nullptr});
    moved.router = router;
    moved.setAddresses(withoutPorts(addresses));
    for (const SocketAddress &address : withoutPorts(addresses))
        m_world->addRoute(address, {&moved, nullptr}, router);
    moved.interfaces = addresses;
}

Simulation::Host Simulation::addHost(Router router, const QList<QHostAddress> &addresses,
                                     quint32 index)
{
    const QList<SocketAddress> own = withoutPorts(addresses);
    SimulatedHost &host = m_world->addHost(std::make_unique<SimulatedHost>(index, own));
    host.router = router;
    for (const SocketAddress &address : own) {
        if (!address.isLoopback())
            m_world->addRoute(address, {&host, nullptr}, router);
    }
    return makeEnvironment(m_world, host);
}

Simulation::Router Simulation::addRouter(const QList<QHostAddress> &publicAddresses,
                                         const RouterProfile &profile, Router upstream,
                                         quint32 index)
{
    const QList<SocketAddress> outside = withoutPorts(publicAddresses);
    // Not the numbers that its links and its host draw
    const quint64 seed = SeededRandom::derivedSeed(m_world->seed, (quint64(1) << 63) | index);
    SimulatedRouter &router = m_world->addRouter(
        std::make_unique<SimulatedRouter>(index, outside, profile, seed));
    router.upstream = upstream;
    for (const SocketAddress &address : outside)
        m_world->addRoute(address, {nullptr, &router}, upstream);
    return &router;
}

SimulatedRouter &Simulation::natOf(const Host &host) const
{
    SimulatedRouter *const router = hostOf(host).router;
    Q_ASSERT_X(router, "Simulation", "not a host behind a router");
    return *router;
}

} // namespace Qp2p::Test
