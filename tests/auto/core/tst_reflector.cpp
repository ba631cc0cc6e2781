// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A hostile member tries to use checks against others: what leaves towards whom is counted on the wire.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/checker.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Peering::Access;
using Peering::DialBackAnswer;
using Peering::DialBackRequest;

class tst_Reflector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingLeavesTowardsAnAddressThatNobodyObserved();
    void silentTargetGetsThreeDatagrams();
    void floodOfRequestsIsLimited();
    void floodOfOneConnectionEndsIt();
    void helperDialsForNodesOnlyAndWithinLimits();
    void lyingHelperCannotMakeANode();
    void guessedNumberIsNoArrival();
    void claimAtAnothersAddressFails();
    void arrivalsNobodyAskedForSayNothing();
    void strangersCannotMakeAMemberFloodItsPeers();
    void peersAreToldOnceIn30Seconds();
    void advertisedAddressesOfThisNetworkAreNotDialled();
    void dialBackNeedsNoMember();
};

void tst_Reflector::nothingLeavesTowardsAnAddressThatNobodyObserved()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    Tap tap(world.simulation);
    const QStringList victims{u"11.9.0.1"_s,    u"127.0.0.1"_s,        u"10.0.0.1"_s,
                              u"192.168.1.1"_s, u"169.254.1.1"_s,      u"100.64.0.1"_s,
                              u"224.0.0.1"_s,   u"255.255.255.255"_s,  u"::1"_s,
                              u"fe80::1"_s,     u"::ffff:127.0.0.1"_s, u"ff02::1"_s};
    quint64 id = 0;
    for (const QString &victim : victims) {
        for (const quint16 port : std::initializer_list<quint16>{22, 53, 443, 12000, 65535}) {
            client.send(helperRequest(++id, QHostAddress(victim), port));
            world.simulation.runFor(200ms);
        }
    }
    world.simulation.runFor(30s);
    for (const QString &victim : victims)
        QCOMPARE(tap.to(QHostAddress(victim)), 0);
    QCOMPARE(client.answers.size(), qsizetype(id));
    for (const DialBackAnswer &answer : client.answers)
        QCOMPARE(answer.result, DialBackAnswer::Result::Refused);
}

void tst_Reflector::silentTargetGetsThreeDatagrams()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    Tap tap(world.simulation);
    client.send(DialBackRequest{1, 20000, {}, {}, {}}); // nobody is there
    client.pay(2);
    world.simulation.runFor(30s);
    int dials = 0;
    for (auto dial = tap.dials.cbegin(); dial != tap.dials.cend(); ++dial) {
        if (dial.key().second != at(client.address, 20000))
            continue;
        ++dials;
        QCOMPARE(dial->size(), 3);
    }
    QCOMPARE(dials, 2); // one, and once more
    QCOMPARE(tap.datagrams.value(at(client.address, 20000)), 6);
    QVERIFY(tap.bytes.value(at(client.address, 20000)) <= 6 * 1200);
    QCOMPARE(client.answers.size(), 1);
    QCOMPARE(client.answers.first().result, DialBackAnswer::Result::NotReachable);
    // A single payment buys a single dial, which is no evidence: it may have been lost.
    client.send(DialBackRequest{3, 20001, {}, {}, {}});
    world.simulation.runFor(30s);
    QCOMPARE(tap.datagrams.value(at(client.address, 20001)), 3);
    QCOMPARE(client.answers.last().result, DialBackAnswer::Result::Refused);
    // Who pays nothing gets nothing.
    DialBackRequest unpaid{4, 20002, {}, {}, {}};
    unpaid.size = Peering::DialBackPayment - 1;
    client.send(unpaid);
    world.simulation.runFor(30s);
    QCOMPARE(tap.datagrams.value(at(client.address, 20002)), 0);
    QCOMPARE(client.answers.last().id, quint64(4));
    QCOMPARE(client.answers.last().result, DialBackAnswer::Result::Refused);
    // Ports of the system are nobody's node.
    for (const quint16 port : std::initializer_list<quint16>{1, 22, 53, 443, 1023}) {
        client.send(DialBackRequest{5, port, {}, {}, {}});
        world.simulation.runFor(10s);
        QCOMPARE(tap.datagrams.value(at(client.address, port)), 0);
        QCOMPARE(client.answers.last().result, DialBackAnswer::Result::Refused);
    }
}

void tst_Reflector::floodOfRequestsIsLimited()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    Tap tap(world.simulation);
    // Below what ends a connection; each to another port, so that each dial can be told from the others.
    int asked = 0;
    for (int second = 0; second < 180; ++second) {
        for (int i = 0; i < 5; ++i)
            client.send(
                DialBackRequest{quint64(1000 + asked), quint16(20000 + asked++), {}, {}, {}});
        world.simulation.runFor(1s);
    }
    world.simulation.runFor(30s);
    QList<quint64> dials;
    for (auto one = tap.dials.cbegin(); one != tap.dials.cend(); ++one) {
        const SocketAddress &to = one.key().second;
        if (Io::toHostAddress(to) != client.address || to.port() < 20000
            || int(to.port()) >= 20000 + asked) // the client's own socket
            continue;
        QVERIFY(one->size() <= 3);
        dials.append(one->first());
    }
    std::sort(dials.begin(), dials.end());
    QVERIFY(dials.size() >= 24); // it does work
    for (qsizetype i = 12; i < dials.size(); ++i)
        QVERIFY(dials[i] - dials[i - 12] >= quint64(60) * 1'000'000'000);
    QVERIFY(client.connection); // no harm was done by it
}

void tst_Reflector::floodOfOneConnectionEndsIt()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    for (int i = 0; i < 500; ++i) {
        DialBackRequest request{quint64(i), 12000, {}, {}, {}};
        request.size = 0; // unpaid, so that all of them fit into the queue of this side
        client.send(request);
    }
    QVERIFY(world.until([&] { return client.endpoint->connections().isEmpty(); }));
    QVERIFY(world.until([&] { return node.network->peers().isEmpty(); }));
    QCOMPARE(node.disconnected.first().reason.code, ErrorCode::Misbehaviour);
}

void tst_Reflector::helperDialsForNodesOnlyAndWithinLimits()
{
    NetworkWorld world;
    Member &helper = world.node(1);
    Member &friendly = world.node(2);
    QVERIFY(linkNodes(world, helper, friendly, world.contact(1)));
    Tap tap(world.simulation);
    Connection *link = friendly.peer(helper)->connections().first();
    const QHostAddress victim(u"11.99.0.1"_s);
    // What a node may ask: three datagrams, 12 times a minute, on addresses of the same scope.
    for (int i = 0; i < 60; ++i) {
        Access::send(*link, encode(helperRequest(quint64(100 + i), victim, quint16(20000 + i))));
        Access::send(*link,
                     encode(helperRequest(quint64(200 + i), QHostAddress(u"10.0.0.1"_s),
                                          quint16(20000 + i))));
        world.simulation.runFor(1s);
    }
    QCOMPARE(tap.to(QHostAddress(u"10.0.0.1"_s)), 0);
    QVERIFY(tap.to(victim) > 0);
    QVERIFY2(tap.to(victim) <= 12 * 3, qPrintable(QString::number(tap.to(victim))));
    QCOMPARE(friendly.disconnected.size(), 0);
}

//! A helper says "not reachable" of an honest node, or keeps silent; or dials nobody and says yes.
void tst_Reflector::lyingHelperCannotMakeANode()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue helper(world, 2, Engine::Hello::Role::Node);
    QVERIFY(linkAsNode(world, helper, node, world.contact(1)));
    // A node behind a NAT that lets nobody in: the helper's yes is worth nothing without its number.
    Member &hidden = world.behindNat(3, NatFiltering::AddressAndPortDependent);
    hidden.join({world.contact(1)});
    QVERIFY(world.until([&] { return !helper.requests.isEmpty(); }));
    const DialBackRequest request = helper.requests.first();
    for (Connection *connection : helper.endpoint->connections()) {
        Access::send(*connection,
                     encode(DialBackAnswer{request.id, DialBackAnswer::Result::Reachable, {}, {}}));
        Access::send(*connection, encode(Peering::DialBackArrival{request.nonce}));
    }
    QVERIFY(world.until([&] { return node.peer(hidden); }, 120s));
    QCOMPARE(node.peer(hidden)->role(), Peer::Role::Client);
    QVERIFY(!node.network->bootstrapCache()->entry(hidden.id()));
}

void tst_Reflector::guessedNumberIsNoArrival()
{
    NetworkWorld world;
    Member &node = world.node(1);
    Member &helper = world.node(2);
    QVERIFY(world.linked(node, helper));
    // Nobody but the node reaches it, and it knows what it should say.
    Rogue hidden(world, 3, Engine::Hello::Role::Node);
    QVERIFY(hidden.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    world.simulation.blackhole(helper.host, hidden.host);
    QVERIFY(hidden.dial(world, world.contact(1)));
    hidden.pay(2);
    for (int i = 0; i < 100 && hidden.answers.isEmpty(); ++i) {
        hidden.send(Peering::DialBackArrival{QByteArray(16, char(i))});
        world.simulation.runFor(200ms);
    }
    QCOMPARE(hidden.answers.size(), 1);
    QCOMPARE(hidden.answers.first().result, DialBackAnswer::Result::NotReachable);
    QCOMPARE(hidden.answers.first().acceptedAs, Engine::Hello::Role::Client);
    QVERIFY(hidden.nonces.isEmpty());
}

//! It listens nowhere, and says that it is a node at the port of another at its address.
void tst_Reflector::claimAtAnothersAddressFails()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Member &victim = world.node(2);
    victim.join();
    SimulatedEndpoint claimant({}, victim.host); // the same machine
    const auto membership = std::make_shared<Membership>();
    membership->role = Engine::Hello::Role::Node;
    membership->instance = 9;
    Access::join(claimant, membership, nullptr);
    const auto dialled = claimant.connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    Access::send(**dialled.result(), encode(DialBackRequest{1, 12000, {}, {}, {}}));
    QVERIFY(world.until([&] { return node.network->peers().size() == 1; }));
    QCOMPARE(node.network->peers().first()->role(), Peer::Role::Client);
    QVERIFY(victim.network->peers().isEmpty());
}

void tst_Reflector::arrivalsNobodyAskedForSayNothing()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    for (int i = 0; i < 50; ++i) {
        client.send(Peering::DialBackArrival{QByteArray(16, char(i))});
        client.send(DialBackAnswer{
            quint64(i), DialBackAnswer::Result::Reachable, {}, Engine::Hello::Role::Node});
        client.send(Peering::PeersAnswer{
            {{PeerId::fromBytes(QByteArray(32, 'p')), {at(QHostAddress(u"11.77.0.1"_s), 12000)}}}});
        world.simulation.runFor(1s);
    }
    QVERIFY(client.connection);
    QCOMPARE(node.network->peers().first()->role(), Peer::Role::Client);
    QCOMPARE(node.network->reachability(QAbstractSocket::IPv4Protocol).state,
             Reachability::State::Unknown);
}

//! Each dial that checks makes a member tell its peers of it.
void tst_Reflector::strangersCannotMakeAMemberFloodItsPeers()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QVERIFY(linkNodes(world, a, b, world.contact(1)));
    const Simulation::Host host = world.simulation.host({world.address(3)});
    SimulatedEndpoint stranger({}, host);
    int arrived = 0;
    for (const bool asked : {false, true}) {
        if (asked)
            b.network->networkChanged(); // it waits for such a dial now
        for (int i = 0; i < 300; ++i) {
            const auto dial = Access::dialBack(stranger, world.contact(2), QByteArray(16, 'x'), 5s);
            QVERIFY(world.finish(dial));
            arrived += dial.result().isOk();
        }
        world.simulation.runFor(5s);
    }
    QCOMPARE(arrived, 600);
    QVERIFY(a.disconnected.isEmpty());
    QVERIFY(b.disconnected.isEmpty());
    QVERIFY(a.isLinked(b, Peer::Link::Unidirectional));
}

void tst_Reflector::peersAreToldOnceIn30Seconds()
{
    NetworkWorld world;
    Member &node = world.node(1);
    Member &other = world.node(3);
    QVERIFY(world.linked(node, other));
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    for (int i = 0; i < 61; ++i) {
        client.send(Peering::PeersRequest{});
        world.simulation.runFor(1s);
    }
    QCOMPARE(client.advertised.size(), 3);
    QCOMPARE(client.advertised.first().nodes.size(), 1);
    QCOMPARE(client.advertised.first().nodes.first().id, other.id());
}

void tst_Reflector::advertisedAddressesOfThisNetworkAreNotDialled()
{
    NetworkWorld world;
    Rogue liar(world, 1, Engine::Hello::Role::Node);
    QVERIFY(liar.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    Member &client = world.client(2);
    client.join({world.contact(1)});
    QVERIFY(world.until([&] { return !client.network->peers().isEmpty(); }));
    Tap tap(world.simulation);
    Peering::PeersAnswer answer;
    const QStringList victims{u"127.0.0.1"_s,   u"10.0.0.1"_s,  u"192.168.1.1"_s,    u"224.0.0.1"_s,
                              u"169.254.1.1"_s, u"11.50.0.1"_s, u"255.255.255.255"_s};
    for (int i = 0; i < victims.size(); ++i)
        answer.nodes.append({PeerId::fromBytes(QByteArray(32, char('a' + i))),
                             {at(QHostAddress(victims[i]),
                                 quint16(victims[i].startsWith(u"11."_s) ? 80 : 12000))}});
    QVERIFY(world.until([&] { return !liar.endpoint->connections().isEmpty(); }));
    Access::send(*liar.endpoint->connections().first(), encode(answer));
    world.simulation.runFor(60s);
    for (const QString &victim : victims)
        QCOMPARE(tap.to(QHostAddress(victim)), 0);
}

//! An endpoint without a network answers a check as such a dial deserves, and nobody is told.
void tst_Reflector::dialBackNeedsNoMember()
{
    NetworkWorld world;
    const Simulation::Host host = world.simulation.host({world.address(1)});
    SimulatedEndpoint plain({}, host);
    QVERIFY(plain.listen(QHostAddress(QHostAddress::Any), 12000));
    int failures = 0;
    connect(&plain, &Endpoint::handshakeFailed, this, [&] { ++failures; });
    const Simulation::Host other = world.simulation.host({world.address(2)});
    SimulatedEndpoint checker({}, other);
    const auto arrived = Access::dialBack(checker, PeerAddress(world.address(1), 12000),
                                          QByteArray(16, 'n'), 5s);
    QVERIFY(world.finish(arrived));
    QVERIFY2(arrived.result(), qPrintable(arrived.result().error().message));
    const auto wrong = Access::dialBack(
        checker, PeerAddress(world.address(1), 12000, checker.peerId()), QByteArray(16, 'n'), 5s);
    QVERIFY(world.finish(wrong));
    QCOMPARE(wrong.result().error().code, ErrorCode::PeerIdMismatch);
    world.simulation.runFor(5s);
    QVERIFY(plain.connections().isEmpty());
    QVERIFY(failures <= 1); // of the one that wanted somebody else
}

QTEST_GUILESS_MAIN(tst_Reflector)
#include "tst_reflector.moc"
