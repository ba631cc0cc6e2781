// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A node whose address changes is checked at the new one and keeps its links; other interfaces change nothing.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/peering/protocol/observedaddress.h>

#include <QSignalSpy>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto Ipv4 = QAbstractSocket::IPv4Protocol;
using State = Reachability::State;

//! Five public nodes that are linked to each other.
void startNetwork(NetworkWorld &world)
{
    for (int i = 1; i <= 5; ++i) {
        world.node(i).join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
        world.simulation.runFor(2s);
    }
    world.simulation.runFor(30s);
}

//! Whether \a member and the five others are linked as nodes, from both sides, and messages pass both ways.
bool areLinksWorking(NetworkWorld &world, const Member &member)
{
    for (int i = 0; i < 5; ++i) {
        const Member &node = *world.members[size_t(i)];
        if (!node.isLinked(member, Peer::Link::Unidirectional)
            || !member.isLinked(node, Peer::Link::Unidirectional))
            return false;
        for (Peer *peer : {node.peer(member), member.peer(node)}) {
            const auto reply = peer->request(Message("are you there?"));
            if (!world.finish(reply, 5s) || !reply.result())
                return false;
        }
    }
    return true;
}

} // namespace

class tst_NewAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodeIsCheckedAtItsNewAddressAndKeepsItsLinks_data();
    void nodeIsCheckedAtItsNewAddressAndKeepsItsLinks();
    void nodeThatIsUnreachableNowSaysWhere();
    void interfaceThatNoTrafficUsesChangesNothing();
    void onePeerThatLiesAboutOurAddressChangesNothing();
    void liarInTheOtherFamilyChangesNothingInThisOne();
    void defaultRouteIsOfNoMeaningToWhoIsBoundToOneAddress();
    void forgedSourceAddressIsNotDialled();
};

void tst_NewAddress::nodeIsCheckedAtItsNewAddressAndKeepsItsLinks_data()
{
    QTest::addColumn<bool>("behindRouter");
    QTest::newRow("its interface gets another address") << false;
    QTest::newRow("its router gets another public address") << true;
}

void tst_NewAddress::nodeIsCheckedAtItsNewAddressAndKeepsItsLinks()
{
    QFETCH(const bool, behindRouter);
    NetworkWorld world;
    startNetwork(world);
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const QHostAddress before = world.address(8);
    const QHostAddress after = world.address(108);
    const QHostAddress inside(u"192.168.1.2"_s);
    Simulation::Host host;
    if (behindRouter) {
        host = world.simulation.natHost({inside}, {before, after},
                                        NatFiltering::AddressAndPortDependent);
        world.simulation.preserveNatPorts(host);
        for (const QHostAddress &address : {before, after})
            world.simulation.forwardNatPort(host, Io::toSocketAddress(address, 12000),
                                            Io::toSocketAddress(inside, 12000));
    } else {
        host = world.simulation.host({before});
    }
    Member member(host, config);
    member.join({world.contact(1)});
    const auto found = [&] { return member.network->reachability(Ipv4); };
    QVERIFY(world.until([&] { return member.network->peers().size() == 5; }));
    world.simulation.runFor(90s);
    const State state = found().state;
    QVERIFY(state == State::Reachable || state == State::Provisional);
    QVERIFY(areLinksWorking(world, member));
    QCOMPARE(member.network->observedAddress(Ipv4).address(), before);

    const quint64 start = world.simulation.now();
    if (behindRouter)
        world.simulation.rebindNat(host, NatRebinding::AddressAndPort);
    else
        world.simulation.moveHost(host, {after});
    QVERIFY(world.until([&] { return found().state == State::Unknown; }, 15s));
    QVERIFY(world.until(
        [&] { return found().state == State::Reachable || found().state == State::Provisional; },
        30s - std::chrono::nanoseconds(world.simulation.now() - start)));
    qInfo("after %.1f s", double(world.simulation.now() - start) / 1e9);
    QCOMPARE(member.network->observedAddress(Ipv4), PeerAddress(after, 12000));
    world.simulation.runFor(60s);
    QVERIFY(member.roles.isEmpty()); // it was a node all the time
    QVERIFY2(member.disconnected.isEmpty(), qPrintable(member.disconnected.value(0).reason.message));
    QVERIFY(areLinksWorking(world, member));
    for (int i = 0; i < 5; ++i) {
        const Member &node = *world.members[size_t(i)];
        QVERIFY(node.disconnected.isEmpty());
        QCOMPARE(node.peer(member)->addresses().first(), PeerAddress(after, 12000));
        QCOMPARE(node.peer(member)->role(), Peer::Role::Node);
    }
}

//! At the new address no dial arrives: that is found, and the reason is about that address.
void tst_NewAddress::nodeThatIsUnreachableNowSaysWhere()
{
    NetworkWorld world;
    startNetwork(world);
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const QHostAddress inside(u"192.168.1.2"_s);
    const auto host = world.simulation.natHost({inside}, {world.address(8), world.address(108)},
                                               NatFiltering::AddressAndPortDependent);
    world.simulation.forwardNatPort(host, Io::toSocketAddress(world.address(8), 12000),
                                    Io::toSocketAddress(inside, 12000));
    Member member(host, config);
    member.join({world.contact(1)});
    QVERIFY(world.until([&] { return member.network->peers().size() == 5; }));
    world.simulation.runFor(30s);
    QCOMPARE(member.network->role(), Peer::Role::Node);
    world.simulation.rebindNat(host, NatRebinding::AddressAndPort);
    QVERIFY(world.until([&] { return member.network->role() == Peer::Role::Client; }, 45s));
    const Reachability found = member.network->reachability(Ipv4);
    QCOMPARE(found.state, State::NotReachable);
    QCOMPARE(member.network->observedAddress(Ipv4).address(), world.address(108));
    QVERIFY2(!found.reason.contains(world.address(8).toString()), qPrintable(found.reason));
}

//! A bridge for containers comes up, and goes.
void tst_NewAddress::interfaceThatNoTrafficUsesChangesNothing()
{
    NetworkWorld world;
    startNetwork(world);
    Member &member = *world.members[2];
    const QList<QHostAddress> own{world.address(3)};
    world.simulation.setInterfaces(member.host, own);
    world.simulation.runFor(60s);
    const Reachability found = member.network->reachability(Ipv4);
    QCOMPARE(found.state, State::Reachable);
    QSignalSpy reachability(member.network.get(), &Network::reachabilityChanged);
    QSignalSpy observed(member.network.get(), &Network::observedAddressChanged);
    const QHostAddress bridge(u"172.17.0.1"_s);
    world.simulation.setInterfaces(member.host, own + QList{bridge});
    world.simulation.setInterfaceNetworks(member.host, {{own.first(), 24}, {bridge, 16}});
    world.simulation.runFor(60s);
    world.simulation.setInterfaces(member.host, own);
    world.simulation.setInterfaceNetworks(member.host, {{own.first(), 24}});
    world.simulation.runFor(60s);
    QCOMPARE(reachability.size(), 0);
    QCOMPARE(observed.size(), 0);
    QCOMPARE(member.network->reachability(Ipv4), found);
    QVERIFY(member.roles.isEmpty());
}

void tst_NewAddress::onePeerThatLiesAboutOurAddressChangesNothing()
{
    NetworkWorld world;
    startNetwork(world);
    Member &member = *world.members[2];
    Rogue liar(world, 9, Engine::Hello::Role::Node);
    QVERIFY(liar.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    Connection *link = nullptr;
    connect(liar.endpoint.get(), &Endpoint::connectionOpened, this, [&](Connection *connection) {
        if (connection->direction() == Connection::Direction::Incoming) {
            link = connection;
            Peering::Access::send(
                *connection,
                encode(Peering::DialBackAnswer{
                    0, Peering::DialBackAnswer::Result::Reachable, {}, Engine::Hello::Role::Client}));
        }
    });
    const auto dialled = member.network->connectTo(world.contact(9));
    QVERIFY(world.finish(dialled));
    QVERIFY(dialled.result());
    QVERIFY(link);
    const Reachability found = member.network->reachability(Ipv4);
    const PeerAddress observed = member.network->observedAddress(Ipv4);
    QVERIFY(!observed.isNull());
    QSignalSpy moved(member.network.get(), &Network::observedAddressChanged);
    for (int i = 0; i < 200; ++i) {
        const auto lie = Io::toSocketAddress(world.address(50 + i), 12000);
        Peering::Access::send(*link, encode(Peering::ObservedAddress{lie}));
        world.simulation.runFor(100ms);
    }
    QCOMPARE(moved.size(), 0);
    QCOMPARE(member.network->observedAddress(Ipv4), observed);
    QCOMPARE(member.network->reachability(Ipv4).state, found.state);
    QVERIFY(member.roles.isEmpty());
    QVERIFY(link); // and nothing has ended
}

//! It is the only one there, so no other peer contradicts it.
void tst_NewAddress::liarInTheOtherFamilyChangesNothingInThisOne()
{
    NetworkWorld world;
    startNetwork(world);
    const QHostAddress liarAddress(u"2a00:9::1"_s);
    Rogue liar(world, liarAddress, Engine::Hello::Role::Node);
    QVERIFY(liar.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    QPointer<Connection> link;
    connect(liar.endpoint.get(), &Endpoint::connectionOpened, this, [&](Connection *connection) {
        if (connection->direction() == Connection::Direction::Incoming) {
            link = connection;
            Peering::Access::send(
                *connection,
                encode(Peering::DialBackAnswer{
                    0, Peering::DialBackAnswer::Result::Reachable, {}, Engine::Hello::Role::Client}));
        }
    });
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member member(world.simulation.host({world.address(8), QHostAddress(u"2a00:8::1"_s)}), config);
    member.join({world.contact(1)});
    const auto found = [&] { return member.network->reachability(Ipv4).state; };
    QVERIFY(world.until([&] { return member.network->peers().size() == 5; }));
    QVERIFY(world.until([&] { return found() == State::Reachable; }, 900s));
    const auto dialled = member.network->connectTo(PeerAddress(liarAddress, 12000));
    QVERIFY(world.finish(dialled));
    QVERIFY(dialled.result());
    QVERIFY(link);
    int lies = 0;
    const auto lie = [&] {
        const QHostAddress somewhere(u"2a00:8::%1"_s.arg(2 + ++lies % 2));
        Peering::Access::send(
            *link, encode(Peering::ObservedAddress{Io::toSocketAddress(somewhere, 12000)}));
        world.simulation.runFor(1s);
        return member.network->observedAddress(QAbstractSocket::IPv6Protocol).address()
            == somewhere;
    };
    lie();
    for (int i = 0; i < 60; ++i) {
        if (i == 30) // one more says something about this family, to what is known
            world.node(6).join({world.contact(8)});
        QVERIFY(lie()); // it decides about its own family
    }
    QVERIFY(member.isLinked(*world.members.back(), Peer::Link::Unidirectional));
    QCOMPARE(found(), State::Reachable);
    // Nor does it keep us from asking the others.
    member.network->networkChanged();
    QCOMPARE(found(), State::Unknown);
    for (int i = 0; i < 20; ++i)
        QVERIFY(lie());
    QVERIFY(found() == State::Reachable || found() == State::Provisional);
    QVERIFY(member.roles.isEmpty());
    QVERIFY(link);
}

void tst_NewAddress::defaultRouteIsOfNoMeaningToWhoIsBoundToOneAddress()
{
    NetworkWorld world;
    startNetwork(world);
    const QHostAddress bound = world.address(8);
    const QHostAddress other = world.address(108);
    NetworkConfig config;
    config.setListen(bound, 12000);
    Member member(world.simulation.host({bound, other}), config);
    member.join({world.contact(1)});
    QVERIFY(world.until([&] { return member.network->peers().size() == 5; }));
    world.simulation.runFor(90s);
    const Reachability found = member.network->reachability(Ipv4);
    QVERIFY(found.state == State::Reachable || found.state == State::Provisional);
    const PeerAddress contact = world.contact(1);
    QCOMPARE(member.host->sourceAddress(contact.address()), bound);
    QSignalSpy reachability(member.network.get(), &Network::reachabilityChanged);
    world.simulation.moveHost(member.host, {other, bound});
    QCOMPARE(member.host->sourceAddress(contact.address()), other);
    world.simulation.runFor(60s);
    QCOMPARE(reachability.size(), 0);
    QCOMPARE(member.network->reachability(Ipv4), found);
    QVERIFY(areLinksWorking(world, member));
}

//! What a peer sends seems to come from a victim: that is no reason to dial the victim.
void tst_NewAddress::forgedSourceAddressIsNotDialled()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue attacker(world, 2, Engine::Hello::Role::Client);
    QVERIFY(attacker.dial(world, world.contact(1)));
    const QHostAddress victim = world.address(99);
    const auto quiet = world.simulation.host({victim});
    int dials = 0;
    bool forges = false;
    world.simulation.onDatagram = [&](Wire &wire) {
        if (forges && Io::toHostAddress(wire.from) == attacker.address)
            wire.from = Io::toSocketAddress(victim, wire.from.port());
        // Dials leave from fresh ports.
        if (Io::toHostAddress(wire.to) == victim && wire.from.port() != 12000)
            ++dials;
        return WireAction::Deliver;
    };
    attacker.send(Peering::DialBackRequest{1, 20000, {}, {}, {}}); // which it is dialled for
    world.simulation.runFor(10s);
    attacker.pay(3);
    world.simulation.runFor(1s);
    forges = true;
    for (quint64 i = 0; i < 5; ++i) {
        attacker.send(Peering::DialBackRequest{10 + i, 20000, {}, {}, {}});
        world.simulation.runFor(200ms);
    }
    world.simulation.runFor(10s);
    QCOMPARE(dials, 0);
}

QTEST_GUILESS_MAIN(tst_NewAddress)
#include "tst_newaddress.moc"
