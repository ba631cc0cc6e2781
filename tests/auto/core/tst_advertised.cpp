// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a member sends because of what others advertise: counted on the wire, in virtual time.

#include <shared/advertisingnode.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/private/simulated.h>

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::Access;
using Peering::AdvertisedNode;
using Peering::DialBackRequest;

namespace {

//! Nobody is there; each number is in a group of addresses of its own.
QHostAddress silent(int number)
{
    return NetworkWorld::address(100 + number);
}

//! A member on a host with \a addresses; a node listens on port 12000.
Member &memberOn(NetworkWorld &world, const QList<QHostAddress> &addresses, Peer::Role role)
{
    NetworkConfig config;
    config.setRole(role);
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    world.members.push_back(std::make_unique<Member>(world.simulation.host(addresses), config));
    return *world.members.back();
}

bool join(NetworkWorld &world, Member &member, const QHostAddress &contact)
{
    member.join({PeerAddress(contact, 12000)});
    return world.until([&] { return !member.network->peers().isEmpty(); });
}

QHostAddress operator""_ip(const char16_t *text, size_t size)
{
    return QHostAddress(QString(reinterpret_cast<const QChar *>(text), qsizetype(size)));
}

} // namespace

class tst_Advertised : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneHostGetsOneDialAtATime();
    void oneAnswerCostsAtMost20KilobytesUnanswered();
    void deadNodesDoNotKeepLivingOnesOut();
    void failuresAreRememberedWhenAdvertisedAgain();
    void publicPeerMakesNobodyDialLocalAddresses();
    void neighbourMakesNobodyDialItself();
    void neighboursOfTheSameNetworkAreDialled();
    void localAddressesAreAdvertisedInTheirNetworkOnly();
    void helperDialsItsOwnNetworkOnly();
    void lieAboutAnHonestPeerDoesNotKeepItOut();
    void lieAboutARememberedPeerIsNoChangedKey();
    void secondHalfGetsThreeDatagramsAtATime();
};

//! 20 peer ids and 80 ports, and one victim: once it got 57 kB in ten seconds, and again.
void tst_Advertised::oneHostGetsOneDialAtATime()
{
    NetworkWorld world;
    AdvertisingNode hostile(world.simulation.host({world.address(1)}));
    QVERIFY(hostile.isListening);
    const QHostAddress victim = silent(1);
    hostile.advertise = [&] { return fullAnswerAt(victim); };
    TrafficMeter meter(world.simulation);
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(1)));
    world.simulation.runFor(10min);
    QVERIFY(hostile.requests > 1);
    QVERIFY(meter.datagramsTo(victim) >= 3); // it is dialled
    QVERIFY2(meter.mostDatagramsWithin(50s, victim) <= 3,
             qPrintable(QString::number(meter.mostDatagramsWithin(50s, victim))));
    // More and more rarely: after 1, 2 and 4 minutes.
    QVERIFY2(meter.datagramsTo(victim) <= 4 * 3,
             qPrintable(QString::number(meter.datagramsTo(victim))));
    QVERIFY(meter.bytesTo(victim) <= 4 * 3 * 1200);
}

void tst_Advertised::oneAnswerCostsAtMost20KilobytesUnanswered()
{
    NetworkWorld world;
    AdvertisingNode hostile(world.simulation.host({world.address(1)}));
    hostile.advertise = [&] {
        QList<AdvertisedNode> nodes;
        for (qsizetype i = 0; i < MaxNodes; ++i) {
            AdvertisedNode node{inventedId(int(i)), {}};
            for (qsizetype j = 0; j < MaxAddresses; ++j)
                node.addresses.append(at(silent(int(i * MaxAddresses + j))));
            nodes.append(node);
        }
        hostile.advertise = {}; // one answer only
        return nodes;
    };
    TrafficMeter meter(world.simulation);
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(1)));
    world.simulation.runFor(10min);
    qint64 bytes = 0;
    int victims = 0;
    for (int i = 0; i < MaxNodes * MaxAddresses; ++i) {
        bytes += meter.bytesTo(silent(i));
        victims += meter.bytesTo(silent(i)) > 0;
    }
    QVERIFY2(bytes <= 20'000, qPrintable(QString::number(bytes)));
    QVERIFY2(victims >= 4, qPrintable(QString::number(victims))); // what an answer is worth is used
}

//! Half of what honest nodes advertise has just gone, and is silent.
void tst_Advertised::deadNodesDoNotKeepLivingOnesOut()
{
    NetworkWorld world(3);
    QList<AdvertisedNode> nodes;
    for (int i = 3; i <= 12; ++i) {
        Member &member = world.node(i);
        member.join();
        nodes.append({member.id(), {at(world.address(i))}});
        nodes.append({inventedId(i), {at(silent(i))}});
    }
    AdvertisingNode first(world.simulation.host({world.address(1)}));
    first.advertise = [&] { return nodes; };
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(1)));
    QVERIFY2(world.until([&] { return client.network->peers().size() >= 8; }, 60s),
             qPrintable(QString::number(client.network->peers().size())));
}

void tst_Advertised::failuresAreRememberedWhenAdvertisedAgain()
{
    NetworkWorld world;
    AdvertisingNode hostile(world.simulation.host({world.address(1)}));
    // The same peer is advertised elsewhere each time, and each time with another peer, too.
    int answers = 0;
    const QHostAddress victim = silent(1);
    hostile.advertise = [&]() -> QList<AdvertisedNode> {
        ++answers;
        return {{inventedId(0), {at(silent(100 + answers))}},
                {inventedId(answers), {at(victim, quint16(20'000 + answers))}}};
    };
    TrafficMeter meter(world.simulation);
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(1)));
    world.simulation.runFor(30min);
    QVERIFY(answers > 10);
    qsizetype ofPeer = 0;
    for (int i = 1; i <= answers; ++i)
        ofPeer += meter.datagramsTo(silent(100 + i));
    // At 0, 1, 3, 7 and 15 minutes.
    QVERIFY2(ofPeer > 0 && ofPeer <= 5 * 3, qPrintable(QString::number(ofPeer)));
    const qsizetype ofVictim = meter.datagramsTo(victim);
    QVERIFY2(ofVictim > 0 && ofVictim <= 5 * 3, qPrintable(QString::number(ofVictim)));
}

void tst_Advertised::publicPeerMakesNobodyDialLocalAddresses()
{
    NetworkWorld world;
    AdvertisingNode hostile(world.simulation.host({world.address(1)}));
    const QList<QHostAddress> victims{
        u"127.0.0.1"_ip,     u"10.0.0.9"_ip,       u"192.168.1.9"_ip, u"172.16.0.9"_ip,
        u"100.64.0.9"_ip,    u"169.254.1.9"_ip,    u"0.0.0.9"_ip,     u"224.0.0.9"_ip,
        u"240.0.0.9"_ip,     u"11.2.0.255"_ip,     u"::1"_ip,         u"fe80::9"_ip,
        u"fd00::9"_ip,       u"ff02::9"_ip,        u"::9"_ip,         u"64:ff9b::7f00:1"_ip,
        u"2002:7f00:1::"_ip, u"255.255.255.255"_ip};
    hostile.advertise = [&] {
        QList<AdvertisedNode> nodes;
        for (int i = 0; i < victims.size(); ++i)
            nodes.append({inventedId(i), {at(victims[i])}});
        nodes.append({inventedId(50), {at(silent(1), 443)}});
        return nodes;
    };
    TrafficMeter meter(world.simulation);
    Member &client = memberOn(world, {world.address(2), u"10.0.0.2"_ip, u"fd00::2"_ip},
                              Peer::Role::Client);
    QVERIFY(join(world, client, world.address(1)));
    world.simulation.runFor(60s);
    QVERIFY(hostile.requests > 0);
    for (const QHostAddress &victim : victims)
        QVERIFY2(meter.datagramsTo(victim) == 0, qPrintable(victim.toString()));
    QCOMPARE(meter.datagramsTo(silent(1)), 0);
}

//! Of the LAN: that is no reason to dial this machine's own ports, or what lies behind a VPN.
void tst_Advertised::neighbourMakesNobodyDialItself()
{
    NetworkWorld world;
    AdvertisingNode hostile(world.simulation.host({u"10.0.0.1"_ip}));
    const QList<QHostAddress> victims{u"127.0.0.1"_ip,   u"127.1.2.3"_ip,  u"192.168.7.9"_ip,
                                      u"10.9.0.9"_ip,    u"10.0.0.255"_ip, u"10.0.0.0"_ip,
                                      u"169.254.1.9"_ip, u"100.64.0.9"_ip, u"::1"_ip,
                                      u"fd00::9"_ip,     u"fe80::9"_ip};
    hostile.advertise = [&] {
        QList<AdvertisedNode> nodes;
        for (int i = 0; i < victims.size(); ++i)
            nodes.append({inventedId(i), {at(victims[i])}});
        return nodes;
    };
    TrafficMeter meter(world.simulation);
    Member &client = memberOn(world, {u"10.0.0.2"_ip, u"192.168.7.2"_ip}, Peer::Role::Client);
    QVERIFY(join(world, client, u"10.0.0.1"_ip));
    world.simulation.runFor(60s);
    QVERIFY(hostile.requests > 0);
    for (const QHostAddress &victim : victims)
        QVERIFY2(meter.datagramsTo(victim) == 0, qPrintable(victim.toString()));
}

void tst_Advertised::neighboursOfTheSameNetworkAreDialled()
{
    NetworkWorld world;
    for (int i = 1; i <= 6; ++i) {
        const QHostAddress address(quint32(0x0a000000 + i));
        Member &member = memberOn(world, {address}, Peer::Role::Node);
        member.join(i == 1 ? QList<PeerAddress>() : QList{PeerAddress(u"10.0.0.1"_ip, 12000)});
    }
    QVERIFY(world.until(
        [&] {
            return std::all_of(world.members.cbegin(), world.members.cend(),
                               [](const auto &one) { return one->network->peers().size() >= 5; });
        },
        120s));
}

void tst_Advertised::localAddressesAreAdvertisedInTheirNetworkOnly()
{
    NetworkWorld world;
    // In two networks and in public.
    Member &node = memberOn(world, {world.address(1), u"10.0.0.1"_ip, u"192.168.7.1"_ip},
                            Peer::Role::Node);
    node.join();
    Member &inOne = memberOn(world, {u"10.0.0.2"_ip}, Peer::Role::Node);
    Member &inOther = memberOn(world, {u"192.168.7.2"_ip}, Peer::Role::Node);
    Member &outside = world.node(2);
    QVERIFY(join(world, inOne, u"10.0.0.1"_ip));
    QVERIFY(join(world, inOther, u"192.168.7.1"_ip));
    QVERIFY(join(world, outside, world.address(1)));
    QVERIFY(world.until([&] { return node.network->peers().size() == 3; }));
    // Asks node from \a address, and returns whom it advertises.
    const auto advertisedTo = [&](const QHostAddress &address, const QHostAddress &contact) {
        struct Asker : ControlListener
        {
            std::vector<quint64> controlKinds() const override
            {
                return {Peering::PeersAnswer::Kind};
            }
            void controlReceived(Connection *, const Engine::ControlMessage &message) override
            {
                const auto answer = Peering::PeersAnswer::decode(message.map);
                for (const AdvertisedNode &node : answer->nodes)
                    ids.insert(node.id);
                isAnswered = true;
            }
            void dialBackArrived(const QByteArray &) override {}
            QSet<PeerId> ids;
            bool isAnswered = false;
        } asker;
        SimulatedEndpoint endpoint({}, world.simulation.host({address}));
        const auto membership = std::make_shared<Membership>();
        membership->role = Engine::Hello::Role::Client;
        membership->instance = 3;
        Access::join(endpoint, membership, &asker);
        const auto dialled = endpoint.connectTo(PeerAddress(contact, 12000));
        if (!world.finish(dialled) || !dialled.result())
            return QSet<PeerId>{};
        Access::send(**dialled.result(), encode(Peering::PeersRequest{}));
        world.until([&] { return asker.isAnswered; });
        Access::setListener(endpoint, nullptr);
        return asker.ids;
    };
    QCOMPARE(advertisedTo(world.address(9), world.address(1)), QSet{outside.id()});
    QCOMPARE(advertisedTo(u"10.0.0.9"_ip, u"10.0.0.1"_ip), (QSet{outside.id(), inOne.id()}));
    QCOMPARE(advertisedTo(u"192.168.7.9"_ip, u"192.168.7.1"_ip), (QSet{outside.id(), inOther.id()}));
}

void tst_Advertised::helperDialsItsOwnNetworkOnly()
{
    NetworkWorld world;
    Member &helper = memberOn(world, {u"10.0.0.1"_ip, u"192.168.7.1"_ip}, Peer::Role::Node);
    Member &neighbour = memberOn(world, {u"10.0.0.2"_ip}, Peer::Role::Node);
    helper.join();
    neighbour.join({PeerAddress(u"10.0.0.1"_ip, 12000)});
    QVERIFY(world.until([&] { return helper.peer(neighbour) && neighbour.peer(helper); }));
    TrafficMeter meter(world.simulation);
    Connection *link = neighbour.peer(helper)->connections().first();
    const QList<QHostAddress> victims{u"127.0.0.1"_ip,  u"192.168.7.9"_ip, u"10.9.0.9"_ip,
                                      u"10.0.0.255"_ip, u"169.254.1.9"_ip, u"100.64.0.9"_ip,
                                      u"240.0.0.1"_ip,  u"::1"_ip,         u"fd00::9"_ip};
    const auto ask = [&](quint64 id, const QHostAddress &address) {
        DialBackRequest request;
        request.id = id;
        request.target = at(address, 20'000);
        request.port = 20'000;
        request.peer = inventedId(int(id));
        request.nonce = QByteArray(16, 'n');
        Access::send(*link, encode(request));
        world.simulation.runFor(10s);
    };
    for (int i = 0; i < victims.size(); ++i)
        ask(quint64(100 + i), victims[i]);
    for (const QHostAddress &victim : victims)
        QVERIFY2(meter.datagramsTo(victim) == 0, qPrintable(victim.toString()));
    ask(200, u"10.0.0.9"_ip);
    QCOMPARE(meter.datagramsTo(u"10.0.0.9"_ip), 3); // what it is there for
}

//! An honest node and twenty that name a victim's address for its peer: the peer is linked all the same.
void tst_Advertised::lieAboutAnHonestPeerDoesNotKeepItOut()
{
    NetworkWorld world;
    Member &honest = world.node(3);
    honest.join();
    AdvertisingNode good(world.simulation.host({world.address(4)}));
    good.advertise = [&]() -> QList<AdvertisedNode> {
        return {{honest.id(), {at(world.address(3))}}};
    };
    // After it has advertised once, whatever the liars say comes later.
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(4)));
    std::vector<std::unique_ptr<AdvertisingNode>> liars;
    const QHostAddress victim = silent(1);
    world.simulation.blackhole(client.host, honest.host); // so long it must not be linked
    for (int i = 0; i < 3; ++i) {
        liars.push_back(std::make_unique<AdvertisingNode>(world.simulation.host({silent(50 + i)})));
        liars.back()->advertise = [&]() -> QList<AdvertisedNode> {
            return {{honest.id(), {at(victim)}}};
        };
        client.network->connectTo(PeerAddress(silent(50 + i), 12000));
        QVERIFY(world.until([&] { return client.network->peers().size() == i + 2; }));
    }
    good.advertise = {}; // once was enough
    world.simulation.runFor(2min);
    world.simulation.heal(client.host, honest.host);
    QVERIFY(world.until([&] { return client.peer(honest); }, 10min));
}

//! Somebody else answers where a liar says that a remembered peer is.
void tst_Advertised::lieAboutARememberedPeerIsNoChangedKey()
{
    NetworkWorld world;
    Member &known = world.node(3);
    known.join();
    Member &other = world.node(4);
    other.join();
    AdvertisingNode hostile(world.simulation.host({world.address(1)}));
    Member &client = world.client(2);
    QVERIFY(join(world, client, world.address(1)));
    const auto met = client.network->connectTo(world.contact(3));
    QVERIFY(world.finish(met));
    QVERIFY(client.peer(known));
    QVERIFY(client.network->bootstrapCache()->entry(known.id()));
    int changes = 0;
    connect(client.network.get(), &Network::peerKeyChanged, this, [&] { ++changes; });
    // It goes away, and the client asks for others.
    hostile.advertise = [&]() -> QList<AdvertisedNode> {
        return {{known.id(), {at(world.address(4))}}};
    };
    TrafficMeter meter(world.simulation);
    known.network->leave();
    QVERIFY(world.until([&] { return meter.datagramsTo(world.address(4)) > 0; }, 10min));
    world.simulation.runFor(1min);
    QCOMPARE(changes, 0);
}

//! What answers no more may be another's by now: one dial, and one more in case that was bad luck.
void tst_Advertised::secondHalfGetsThreeDatagramsAtATime()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QVERIFY(world.linked(a, b));
    // A half of the link ends, and nothing of b arrives any more.
    world.simulation.blackhole(b.host, a.host);
    TrafficMeter meter(world.simulation);
    Access::close(*a.peer(b)->connections().first(), Engine::CloseCode::Replaced, {});
    world.simulation.runFor(5s);
    QCOMPARE(meter.initialsTo(world.address(2)), 3);
    QVERIFY(world.until([&] { return !a.peer(b); }));
    QCOMPARE(meter.initialsTo(world.address(2)), 6);
}

QTEST_GUILESS_MAIN(tst_Advertised)
#include "tst_advertised.moc"
