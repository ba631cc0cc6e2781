// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Many nodes on one machine, or behind one public address: each is checked in its turn, and none is taken for a client.

#include <shared/networkworld.h>

#include <qp2pcore/peering/checklimits.h>

#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

//! Members in one world, and who has ever taken one of them for a client.
class Crowd
{
public:
    Member &add(const Simulation::Host &host, const NetworkConfig &config)
    {
        members.push_back(std::make_unique<Member>(host, config));
        Member &member = *members.back();
        Network *network = member.network.get();
        QObject::connect(network, &Network::peerConnected, network, [this](Peer *peer) {
            countClient(*peer);
            QObject::connect(peer, &Peer::linkChanged, peer, [this, peer] { countClient(*peer); });
        });
        return member;
    }
    //! \brief All have a peer, and all links are those of two nodes.
    bool areNodes() const
    {
        return std::all_of(members.cbegin(), members.cend(), [](const auto &member) {
            const QList<Peer *> peers = member->network->peers();
            return !peers.isEmpty()
                && std::all_of(peers.cbegin(), peers.cend(), [](const Peer *peer) {
                       return peer->link() == Peer::Link::Unidirectional;
                   });
        });
    }

    std::vector<std::unique_ptr<Member>> members;
    int takenForClients = 0;

private:
    void countClient(const Peer &peer) { takenForClients += peer.role() == Peer::Role::Client; }
};

//! Node \a number of those behind one public address, with a port forwarded to each.
quint16 insidePort(int number)
{
    return quint16(12000 + number);
}

quint16 outsidePort(int number)
{
    return quint16(22000 + number);
}

} // namespace

class tst_ManyNodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fortyOnLoopbackAreNodesWithinTenSeconds();
    void sixteenBehindOneRouterAreNodesWithinAMinute_data();
    void sixteenBehindOneRouterAreNodesWithinAMinute();
    void whoWaitsForItsTurnIsNoClient();
};

void tst_ManyNodes::fortyOnLoopbackAreNodesWithinTenSeconds()
{
    Simulation simulation;
    const auto machine = simulation.host({QHostAddress(u"192.168.7.1"_s)});
    const QHostAddress loopback(QHostAddress::LocalHost);
    Crowd crowd;
    for (int i = 0; i < 40; ++i) {
        NetworkConfig config;
        config.setListen(loopback, insidePort(i));
        Member &member = crowd.add(machine, config);
        member.join(i == 0 ? QList<PeerAddress>() : QList{PeerAddress(loopback, insidePort(0))});
    }
    const quint64 start = simulation.now();
    QVERIFY(simulation.runUntil(
        [&] { return crowd.members.front()->network->peers().size() == 39 && crowd.areNodes(); },
        10s));
    qInfo("after %.2f s", double(simulation.now() - start) / 1e9);
    simulation.runFor(30s); // the other links
    QCOMPARE(crowd.takenForClients, 0);
    QVERIFY(crowd.areNodes());
    for (const auto &member : crowd.members) {
        QVERIFY(member->roles.isEmpty());
        QVERIFY(member->disconnected.isEmpty());
    }
}

void tst_ManyNodes::sixteenBehindOneRouterAreNodesWithinAMinute_data()
{
    QTest::addColumn<int>("outside");
    QTest::newRow("one node outside") << 1;
    QTest::newRow("four nodes outside") << 4;
    QTest::newRow("ten nodes outside") << 10;
}

void tst_ManyNodes::sixteenBehindOneRouterAreNodesWithinAMinute()
{
    QFETCH(const int, outside);
    NetworkWorld world;
    Crowd crowd;
    for (int i = 1; i <= outside; ++i) {
        NetworkConfig config;
        config.setListen(QHostAddress(QHostAddress::Any), 12000);
        crowd.add(world.simulation.host({world.address(i)}), config)
            .join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
    }
    world.simulation.runFor(15s);
    const QHostAddress inside(u"192.168.1.2"_s);
    const auto router = world.simulation.natHost({inside}, {world.address(99)},
                                                 NatFiltering::AddressAndPortDependent);
    world.simulation.preserveNatPorts(router);
    for (int i = 0; i < 16; ++i) {
        world.simulation.forwardNatPort(router,
                                        Io::toSocketAddress(world.address(99), outsidePort(i)),
                                        Io::toSocketAddress(inside, insidePort(i)));
        NetworkConfig config;
        config.setListen(QHostAddress(QHostAddress::Any), insidePort(i));
        config.setExternalPort(QAbstractSocket::IPv4Protocol, outsidePort(i));
        crowd.add(router, config).join({world.contact(1)});
    }
    const quint64 start = world.simulation.now();
    QVERIFY(world.until(
        [&] {
            return crowd.members.front()->network->peers().size() == outside - 1 + 16
                && crowd.areNodes();
        },
        60s));
    qInfo("after %.2f s", double(world.simulation.now() - start) / 1e9);
    world.simulation.runFor(120s);
    QCOMPARE(crowd.takenForClients, 0);
    for (const auto &member : crowd.members)
        QVERIFY(member->roles.isEmpty());
}

//! More behind one address than may be checked in a minute.
void tst_ManyNodes::whoWaitsForItsTurnIsNoClient()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    config.setWantedLinks(1);
    Crowd crowd;
    Member &first = crowd.add(world.simulation.host({world.address(1)}), config);
    first.join();
    const auto machine = world.simulation.host({world.address(2)});
    constexpr int count = Peering::CheckLimits::PerAddress + 8;
    for (int i = 0; i < count; ++i) {
        config.setListen(QHostAddress(QHostAddress::Any), insidePort(i));
        crowd.add(machine, config).join({world.contact(1)});
    }
    const auto peersWith = [&](Peer::Link link) {
        const QList<Peer *> peers = first.network->peers();
        return std::count_if(peers.cbegin(), peers.cend(),
                             [link](const Peer *peer) { return peer->link() == link; });
    };
    // Those that wait have a link meanwhile, and it works.
    QVERIFY(world.until([&] { return first.network->peers().size() == count; }, 40s));
    QCOMPARE(peersWith(Peer::Link::Bidirectional), 8);
    for (Peer *peer : first.network->peers()) {
        if (peer->link() == Peer::Link::Bidirectional) {
            QCOMPARE(peer->role(), Peer::Role::Unknown);
            const auto reply = peer->request(Message("are you there?"));
            QVERIFY(world.finish(reply, 1s));
            QVERIFY(reply.result());
        }
    }
    QVERIFY(world.until([&] { return peersWith(Peer::Link::Unidirectional) == count; }, 90s));
    QCOMPARE(crowd.takenForClients, 0);
    for (const auto &member : crowd.members) {
        QVERIFY(member->roles.isEmpty());
        QVERIFY(member->disconnected.isEmpty());
    }
}

QTEST_GUILESS_MAIN(tst_ManyNodes)
#include "tst_manynodes.moc"
