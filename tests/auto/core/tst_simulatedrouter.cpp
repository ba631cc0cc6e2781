// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Simulated routers translate, filter and forget as those of real kernels, in each of the twelve kinds of access.

#include "simulatedprogram.h"

#include <shared/natprobe.h>
#include <shared/networkworld.h>
#include <shared/simulatedhost.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;

class tst_SimulatedRouter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typesAreAsInRealKernels_data();
    void typesAreAsInRealKernels();
    void tableOfKernelsHasAllTypes();
    void membersJoinFromEveryType_data();
    void membersJoinFromEveryType();
    void familyWithoutTranslationIsFiltered();
    void socketsShareAPortUntilTheyClash();
    void socketsShareNoPortWithoutOverloading();
    void hostsOfOneNetworkTalkWithoutTheRouter();
    void homesOfOneCarrierNeedHairpin_data();
    void homesOfOneCarrierNeedHairpin();
    void hostMovesToAnotherRouter();
    void equalSeedsGiveEqualPorts();

private:
    static NatType typeOf(const QString &name);
};

namespace {

constexpr auto patience = 400ms;

//! The server and the examined host of observeNat(), in a simulation.
class VirtualNetwork final : public ProbeNetwork
{
public:
    VirtualNetwork(Simulation &simulation, Simulation::Host host, const QHostAddress &own)
        : m_simulation(simulation)
        , m_host(std::move(host))
        , m_own(own)
        , m_server(simulation.host({ip("11.0.0.10"), ip("11.0.0.11")}))
    {
        for (const char *address : {"11.0.0.10", "11.0.0.11"}) {
            for (const quint16 port : {quint16(3478), quint16(3479)})
                m_ends.push_back(std::make_unique<Program>(m_server, ip(address), port));
        }
        for (const auto &end : m_ends) {
            end->channel->onReadable = [this, &end = *end] {
                end.receive();
                for (const Program::Received &request : std::exchange(end.received, {}))
                    reply(request);
            };
        }
    }

    int openSocket() override
    {
        m_sockets.push_back(std::make_unique<Program>(m_host, QHostAddress::Any, 0));
        return int(m_sockets.size()) - 1;
    }
    SocketAddress localAddress(int socket) override
    {
        return Io::toSocketAddress(m_own, m_sockets[size_t(socket)]->channel->localAddress().port());
    }
    std::optional<SocketAddress> ask(int socket, ServerEnd to, ServerEnd from) override
    {
        Program &own = *m_sockets[size_t(socket)];
        own.received.clear();
        const quint32 number = ++m_requests;
        own.send(addressOf(to), probeRequest(number, from));
        m_simulation.runFor(patience);
        for (const Program::Received &answer : own.received) {
            if (const auto seen = seenAddress(bytesOf(answer.data), number))
                return seen;
        }
        return {};
    }
    std::optional<SocketAddress> reach(int socket, const SocketAddress &address, int target) override
    {
        QList<Program::Received> &received = m_sockets[size_t(target)]->received;
        received.clear();
        m_sockets[size_t(socket)]->send(address, "hairpin");
        m_simulation.runFor(patience);
        return received.isEmpty() ? std::nullopt : std::optional(received.first().from);
    }

private:
    static std::span<const quint8> bytesOf(const QByteArray &data)
    {
        return {reinterpret_cast<const quint8 *>(data.constData()), size_t(data.size())};
    }
    static SocketAddress addressOf(ServerEnd end)
    {
        return at(end.address == 0 ? "11.0.0.10" : "11.0.0.11", end.port == 0 ? 3478 : 3479);
    }
    void reply(const Program::Received &request)
    {
        if (const auto answer = answerProbe(bytesOf(request.data), request.from))
            m_ends[size_t(2 * answer->from.address + answer->from.port)]->send(request.from,
                                                                               answer->data);
    }

    Simulation &m_simulation;
    Simulation::Host m_host;
    const QHostAddress m_own;
    Simulation::Host m_server;
    std::vector<std::unique_ptr<Program>> m_ends;
    std::vector<std::unique_ptr<Program>> m_sockets;
    quint32 m_requests = 0;
};

QList<ExpectedNat> kernelTable()
{
    return readNatTable(QStringLiteral(QP2P_SOURCE_DIR "/tests/natlab/nattypes.txt"));
}

//! The source that \a server sees of what \a program sends to it; null where nothing arrives.
SocketAddress seenSource(Simulation &simulation, Program &program, Program &server,
                         const SocketAddress &address)
{
    server.received.clear();
    program.send(address, "see me");
    simulation.runFor(patience);
    return server.received.isEmpty() ? SocketAddress() : server.received.constFirst().from;
}

//! Whether \a to gets what \a from sends to \a address.
bool arrives(Simulation &simulation, Program &from, Program &to, const SocketAddress &address)
{
    to.received.clear();
    from.send(address, "arrive");
    simulation.runFor(patience);
    return to.received.size() == 1;
}

} // namespace

NatType tst_SimulatedRouter::typeOf(const QString &name)
{
    const QByteArray text = name.section(QStringLiteral("+hairpin"), 0, 0).toLatin1();
    const auto type = natTypeNamed(QLatin1String(text));
    if (!type)
        qFatal("there is no type %s", text.constData());
    return *type;
}

void tst_SimulatedRouter::typesAreAsInRealKernels_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    const QList<ExpectedNat> table = kernelTable();
    for (const ExpectedNat &nat : table)
        QTest::newRow(qPrintable(nat.name)) << nat.name << nat.observation.text();
}

void tst_SimulatedRouter::typesAreAsInRealKernels()
{
    QFETCH(const QString, name);
    QFETCH(const QString, expected);
    for (const quint64 seed : {1, 2, 3}) {
        Simulation simulation(seed);
        const QHostAddress address = ip("11.0.1.1");
        const auto host = simulation.hostWithAccess(typeOf(name), address);
        const auto router = simulation.routerOf(host);
        if (name.endsWith(u"+hairpin")) {
            RouterProfile profile = router->profile();
            profile.hairpin = NatHairpin::On;
            router->setProfile(profile);
        }
        const bool isHidden = router && router->profile().mapping != NatMapping::None;
        VirtualNetwork network(simulation, host, isHidden ? ip("192.168.1.2") : address);
        QCOMPARE(observeNat(network).text(), expected);
    }
}

void tst_SimulatedRouter::tableOfKernelsHasAllTypes()
{
    const QList<ExpectedNat> table = kernelTable();
    QCOMPARE(natTypes().size(), 12);
    for (const NatTypeProfile &type : natTypes()) {
        const auto found = std::count_if(table.cbegin(), table.cend(), [&](const ExpectedNat &nat) {
            return nat.name == QLatin1String(type.name);
        });
        QVERIFY2(found == 1, type.name);
        QCOMPARE(natTypeNamed(QLatin1String(type.name)), type.type);
    }
    QVERIFY(!natTypeNamed(QLatin1String("half open")));
}

void tst_SimulatedRouter::membersJoinFromEveryType_data()
{
    QTest::addColumn<NatType>("type");
    for (const NatTypeProfile &type : natTypes())
        QTest::newRow(type.name) << type.type;
}

//! \brief A member with any access joins as a client, one that can be dialled as a node, and one without UDP not.
void tst_SimulatedRouter::membersJoinFromEveryType()
{
    QFETCH(const NatType, type);
    NetworkWorld world;
    Member &first = world.node(1);
    Member &helper = world.node(2);
    QVERIFY(world.linked(first, helper));
    Member &member = world.withAccess(3, type);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().isOk(), type != NatType::UdpBlocked);
    if (!joined.result())
        return;
    QVERIFY(world.until([&] { return first.peer(member); }));
    // Only a filter that lets anybody in makes a node of it, and a carrier's open filter helps nobody behind another.
    const bool isReachable = type == NatType::None || type == NatType::FullCone;
    QCOMPARE(first.peer(member)->role(), isReachable ? Peer::Role::Node : Peer::Role::Client);
}

//! Global IPv6 addresses behind a router are not translated: what was sent to is let in, and nobody else.
void tst_SimulatedRouter::familyWithoutTranslationIsFiltered()
{
    Simulation simulation;
    const auto router = simulation.router({ip("11.0.1.1")}, {});
    Program inside(simulation.hostBehind(router, {ip("192.168.1.2"), ip("2a00:1::2")}));
    const auto other = simulation.router({}, natType(NatType::Firewall).router.value());
    Program outside(simulation.hostBehind(other, {ip("2a00:2::2")}));
    const SocketAddress insideAddress = at("2a00:1::2", 1000);
    const SocketAddress outsideAddress = at("2a00:2::2", 1000);
    QVERIFY(!arrives(simulation, outside, inside, insideAddress));
    QCOMPARE(router->counters().filtered, 1u);
    QVERIFY(arrives(simulation, inside, outside, outsideAddress)); // the other has sent before
    QCOMPARE(outside.received.constFirst().from, insideAddress);
    QVERIFY(arrives(simulation, outside, inside, insideAddress));
    Program stranger(simulation.host({ip("2a00:3::2")}));
    QVERIFY(!arrives(simulation, stranger, inside, insideAddress));
    // A unique local address has no way out without translation.
    Program local(simulation.hostBehind(router, {ip("fd00::2")}));
    QVERIFY(!arrives(simulation, local, outside, outsideAddress));
    QCOMPARE(router->counters().noAddress, 1u);
}

//! What Linux does, in the order of an experiment with it.
void tst_SimulatedRouter::socketsShareAPortUntilTheyClash()
{
    Simulation simulation;
    const auto router = simulation.router({ip("11.0.1.1")}, {});
    Program one(simulation.hostBehind(router, {ip("192.168.1.2")}), QHostAddress::Any, 4433);
    Program two(simulation.hostBehind(router, {ip("192.168.1.3")}), QHostAddress::Any, 4433);
    const auto serverHost = simulation.host({ip("11.0.0.10"), ip("11.0.0.11")});
    Program first(serverHost, ip("11.0.0.10"), 7100);
    Program firstAgain(serverHost, ip("11.0.0.10"), 7101);
    Program second(serverHost, ip("11.0.0.11"), 7100);
    const auto portOf = [&](Program &from, Program &server) {
        return seenSource(simulation, from, server, server.channel->localAddress()).port();
    };
    QCOMPARE(portOf(one, first), quint16(4433));
    QCOMPARE(portOf(two, second), quint16(4433)); // to another place: shared
    const quint16 other = portOf(two, first); // the same place: they would be one
    QVERIFY(other != 4433 && other >= 1024);
    QCOMPARE(portOf(two, firstAgain), other); // the latest mapping is used again
    const quint16 third = portOf(one, second);
    QVERIFY(third != 4433 && third != other);
    // Each gets what is its own.
    QVERIFY(arrives(simulation, first, two, at("11.0.1.1", other)));
    QVERIFY(arrives(simulation, first, one, at("11.0.1.1", 4433)));
    QVERIFY(arrives(simulation, second, two, at("11.0.1.1", 4433)));
}

void tst_SimulatedRouter::socketsShareNoPortWithoutOverloading()
{
    Simulation simulation;
    RouterProfile profile;
    profile.overloadsPorts = false;
    const auto router = simulation.router({ip("11.0.1.1")}, profile);
    Program one(simulation.hostBehind(router, {ip("192.168.1.2")}));
    Program two(simulation.hostBehind(router, {ip("192.168.1.3")}));
    Program server(simulation.host({ip("11.0.0.10")}));
    Program other(simulation.host({ip("11.0.0.11")}));
    QCOMPARE(seenSource(simulation, one, server, at("11.0.0.10", 1000)).port(), quint16(1000));
    QVERIFY(seenSource(simulation, two, other, at("11.0.0.11", 1000)).port() != 1000);
}

void tst_SimulatedRouter::hostsOfOneNetworkTalkWithoutTheRouter()
{
    Simulation simulation;
    const auto router = simulation.router({ip("11.0.1.1")},
                                          natType(NatType::UdpBlocked).router.value());
    Program one(simulation.hostBehind(router, {ip("192.168.1.2")}));
    Program two(simulation.hostBehind(router, {ip("192.168.1.3")}));
    QVERIFY(arrives(simulation, one, two, at("192.168.1.3", 1000)));
    QCOMPARE(two.received.constFirst().from, at("192.168.1.2", 1000));
    QCOMPARE(router->counters(), RouterCounters());
    // The same address in another network is another host.
    Program stranger(
        simulation.hostBehind(simulation.router({ip("11.0.1.2")}, {}), {ip("192.168.1.4")}));
    QVERIFY(!arrives(simulation, stranger, two, at("192.168.1.3", 1000)));
    QVERIFY(!arrives(simulation, one, stranger, at("192.168.1.4", 1000)));
    QCOMPARE(router->counters().blocked, 1u);
}

void tst_SimulatedRouter::homesOfOneCarrierNeedHairpin_data()
{
    QTest::addColumn<NatHairpin>("hairpin");
    QTest::newRow("without") << NatHairpin::Off;
    QTest::newRow("with") << NatHairpin::On;
}

void tst_SimulatedRouter::homesOfOneCarrierNeedHairpin()
{
    QFETCH(const NatHairpin, hairpin);
    Simulation simulation;
    RouterProfile profile = natType(NatType::CarrierFullCone).carrier.value();
    profile.hairpin = hairpin;
    const auto carrier = simulation.router({ip("11.0.1.1")}, profile);
    const auto home = [&](const char *address) {
        return simulation.hostBehind(simulation.router({ip(address)}, {}, carrier),
                                     {ip("192.168.1.2")});
    };
    const auto oneHost = home("100.64.0.2");
    Program one(oneHost);
    Program two(home("100.64.0.3"));
    Program server(simulation.host({ip("11.0.0.10")}));
    const SocketAddress oneSeen = seenSource(simulation, one, server, at("11.0.0.10", 1000));
    const SocketAddress twoSeen = seenSource(simulation, two, server, at("11.0.0.10", 1000));
    QVERIFY(withoutPort(oneSeen) == at("11.0.1.1", 0) && oneSeen.port() >= 20'000
            && oneSeen.port() <= 28'191);
    QCOMPARE(simulation.natMapping(oneHost, at("192.168.1.2", 1000)), oneSeen);
    QVERIFY(!arrives(simulation, one, two, twoSeen)); // opens the home's filter, or does not
    QCOMPARE(arrives(simulation, two, one, oneSeen), hairpin == NatHairpin::On);
    QCOMPARE(arrives(simulation, one, two, twoSeen), hairpin == NatHairpin::On);
    QCOMPARE(carrier->counters().notTurned, hairpin == NatHairpin::On ? 0u : 3u);
    if (hairpin == NatHairpin::On)
        QCOMPARE(two.received.constFirst().from, oneSeen);
}

void tst_SimulatedRouter::hostMovesToAnotherRouter()
{
    Simulation simulation;
    const auto before = simulation.router({ip("11.0.1.1")}, {});
    const auto after = simulation.router({ip("11.0.1.2")}, {});
    const auto host = simulation.hostBehind(before, {ip("192.168.1.2")});
    Program program(host);
    Program server(simulation.host({ip("11.0.0.10")}));
    const SocketAddress toServer = at("11.0.0.10", 1000);
    const SocketAddress first = seenSource(simulation, program, server, toServer);
    QCOMPARE(first, at("11.0.1.1", 1000));
    simulation.moveHost(host, after, {ip("192.168.7.2")});
    QVERIFY(!arrives(simulation, server, program, first));
    Program successor(simulation.hostBehind(before, {ip("192.168.1.2")})); // has its address now
    QVERIFY(arrives(simulation, server, successor, first));
    QCOMPARE(seenSource(simulation, program, server, toServer), at("11.0.1.2", 1000));
    QVERIFY(arrives(simulation, server, program, at("11.0.1.2", 1000)));
    simulation.moveHost(host, {ip("11.0.1.3")});
    QCOMPARE(seenSource(simulation, program, server, toServer), at("11.0.1.3", 1000));
    QVERIFY(arrives(simulation, server, program, at("11.0.1.3", 1000)));
}

void tst_SimulatedRouter::equalSeedsGiveEqualPorts()
{
    const auto ports = [](quint64 seed, NatType type) {
        Simulation simulation(seed);
        Program inside(simulation.hostWithAccess(type, ip("11.0.1.1")));
        Program server(simulation.host({ip("11.0.0.10"), ip("11.0.0.11")}));
        QList<quint16> seen;
        for (const char *address : {"11.0.0.10", "11.0.0.11"})
            seen.append(seenSource(simulation, inside, server, at(address, 1000)).port());
        simulation.routerOf(inside.host())->reboot();
        seen.append(seenSource(simulation, inside, server, at("11.0.0.10", 1000)).port());
        return seen;
    };
    for (const NatType type : {NatType::SymmetricRandom, NatType::SymmetricByAddress}) {
        const QList<quint16> one = ports(42, type);
        QCOMPARE(ports(42, type), one);
        QVERIFY(ports(43, type) != one);
        QVERIFY(one.at(0) != one.at(1));
        QVERIFY(one.at(0) != one.at(2)); // a reboot gives others
    }
}

QTEST_GUILESS_MAIN(tst_SimulatedRouter)
#include "tst_simulatedrouter.moc"
