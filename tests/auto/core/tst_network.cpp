// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A network and its members: the first one, finding others, leaving, blocking, dialling by hand, slots that
// delete it.

#include <shared/networkworld.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/networkprivate.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Network : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsMayBeBraces();
    void firstMemberBeginsANetwork();

    void membersFindFurtherNodes();
    void ownAddressIsNoPeer();
    void leavingIsTold();
    void blockedPeersStayOut();
    void peerCanBeDialledByHand();
    void anySlotMayDeleteTheNetwork_data();
    void anySlotMayDeleteTheNetwork();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void tst_Network::settingsMayBeBraces()
{
    QObject parent;
    QCOMPARE((new Endpoint({}, &parent))->state(), Endpoint::State::Idle);
    QCOMPARE((new Network({}, &parent))->state(), Network::State::Idle);
    QVERIFY((new BootstrapCache(&parent))->entries().isEmpty());
}

void tst_Network::firstMemberBeginsANetwork()
{
    NetworkWorld world;
    Member &first = world.node(1);
    const auto joined = first.join();
    QVERIFY(world.finish(joined));
    QVERIFY(joined.result());
    QCOMPARE(first.network->state(), Network::State::Joined);
    QVERIFY(first.network->peers().isEmpty());
}

void tst_Network::membersFindFurtherNodes()
{
    NetworkWorld world;
    for (int i = 1; i <= 12; ++i)
        world.node(i).join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
    Member &client = world.client(13);
    client.join({world.contact(1)});
    QVERIFY(world.until(
        [&] {
            return std::all_of(world.members.cbegin(), world.members.cend(),
                               [](const auto &one) { return one->network->peers().size() >= 8; });
        },
        600s));
    for (const auto &member : world.members) {
        const auto peers = member->network->peers();
        const auto chosen = std::count_if(peers.cbegin(), peers.cend(),
                                          [](const Peer *peer) { return peer->isChosen(); });
        QVERIFY(chosen <= 8);
    }
    for (const Peer *peer : client.network->peers())
        QCOMPARE(peer->link(), Peer::Link::Bidirectional);
}

void tst_Network::ownAddressIsNoPeer()
{
    NetworkWorld world;
    Member &member = world.node(1);
    const auto joined = member.join({world.contact(1), PeerAddress(u"127.0.0.1"_s, 12000)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QCOMPARE(member.network->state(), Network::State::Joined);
    QVERIFY(member.network->peers().isEmpty());
    QVERIFY(member.network->endpoint()->connections().isEmpty());
    QCOMPARE(member.network->joinCandidates().first().error.code, ErrorCode::OwnAddress);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QCOMPARE(dialled.result().error().code, ErrorCode::OwnAddress);
}

void tst_Network::leavingIsTold()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    Member &c = world.client(3);
    a.join();
    b.join({world.contact(1)});
    c.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b) && a.peer(c); }));
    // Who sends to a peer that is going is told that it did not arrive.
    QList<quint64> failed;
    quint64 sent = 0;
    connect(b.network.get(), &Network::peerDisconnected, this, [&](Peer *peer) {
        connect(peer, &Peer::messageFailed, this, [&](quint64 id) { failed.append(id); });
        sent = peer->send(Message("too late"));
    });
    a.network->leave();
    QVERIFY(world.until([&] {
        return a.network->state() == Network::State::Left && b.disconnected.size() == 1
            && c.disconnected.size() == 1;
    }));
    for (const Member *member : {&b, &c}) {
        QCOMPARE(member->disconnected.first().peer, a.id());
        QCOMPARE(member->disconnected.first().reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(member->disconnected.first().reason.closeReason, u"leaving"_s);
    }
    QCOMPARE(a.disconnected.size(), 2);
    QVERIFY(a.network->endpoint()->connections().isEmpty());
    QVERIFY(world.until([&] { return !failed.isEmpty(); }));
    QCOMPARE(failed, QList{sent});
}

void tst_Network::blockedPeersStayOut()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setBlockListFile(path(u"blocked"_s));
    Member &a = world.node(1, config);
    Member &b = world.node(2);
    QVERIFY(world.linked(a, b));
    QVERIFY(a.network->block(b.id()));
    QVERIFY(world.until([&] { return !b.disconnected.isEmpty(); }));
    QCOMPARE(a.disconnected.first().reason.code, ErrorCode::Blocked);
    QVERIFY(!a.network->bootstrapCache()->entry(b.id()));
    world.simulation.runFor(120s);
    QVERIFY(a.network->peers().isEmpty());
    QCOMPARE(b.network->joinCandidates().first().error.code, ErrorCode::ConnectionRefused);
    const auto dialled = a.network->connectTo(PeerAddress(world.address(2), 12000, b.id()));
    QCOMPARE(dialled.result().error().code, ErrorCode::Blocked);
    // Also without the peer id, and after a restart.
    const auto blind = a.network->connectTo(world.contact(2));
    QVERIFY(world.finish(blind));
    QCOMPARE(blind.result().error().code, ErrorCode::Blocked);
    QVERIFY(a.network->block(QHostAddress(u"11.9.0.1"_s)));
    Member &again = world.node(4, config);
    again.join();
    QCOMPARE(again.network->blockedPeers(), QList{b.id()});
    QCOMPARE(again.network->blockedAddresses(), QList{QHostAddress(u"11.9.0.1"_s)});
    Member &byAddress = world.node(9);
    byAddress.join({world.contact(4)});
    world.simulation.runFor(20s);
    QVERIFY(again.network->peers().isEmpty());
    QVERIFY(again.network->unblock(QHostAddress(u"11.9.0.1"_s)));
    QVERIFY(world.until([&] { return again.peer(byAddress); }, 600s));
    QVERIFY(a.network->unblock(b.id()));
    QVERIFY(world.until([&] { return a.peer(b); }, 600s));
}

void tst_Network::peerCanBeDialledByHand()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QCOMPARE(a.network->connectTo(world.contact(2)).result().error().code, ErrorCode::WrongState);
    a.join();
    b.join();
    const auto dialled = a.network->connectTo(world.contact(2));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QCOMPARE(*dialled.result(), a.peer(b));
    const auto known = a.network->connectTo(PeerAddress(world.address(2), 12000, b.id()));
    QVERIFY(known.isFinished());
    const auto dead = a.network->connectTo(world.contact(7));
    QVERIFY(world.finish(dead));
    QCOMPARE(dead.result().error().code, ErrorCode::HandshakeTimeout);
    // Whatever is under way finishes with a value when the network goes.
    const auto pending = a.network->connectTo(world.contact(7));
    const auto joining = a.network->join({world.contact(7)});
    a.network.reset();
    QVERIFY(pending.isFinished() && joining.isFinished());
    QCOMPARE(pending.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(joining.result().error().code, ErrorCode::Cancelled);
}

void tst_Network::anySlotMayDeleteTheNetwork_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("stateChanged") << 0;
    QTest::newRow("joinProgress") << 1;
    QTest::newRow("peerConnected") << 2;
    QTest::newRow("peerDisconnected") << 3;
    QTest::newRow("reachabilityChanged") << 4;
    QTest::newRow("messageReceived") << 5;
    QTest::newRow("observedAddressChanged") << 6;
    QTest::newRow("join's future") << 7;
    QTest::newRow("entryAdded") << 8;
}

void tst_Network::anySlotMayDeleteTheNetwork()
{
    QFETCH(const int, which);
    for (const bool isFirst : {true, false}) {
        NetworkWorld world;
        Member &a = world.node(1);
        Member &b = world.node(2);
        Network *network = (isFirst ? a : b).network.get();
        bool done = false;
        const auto end = [&] {
            if (done)
                return;
            done = true;
            delete (isFirst ? a : b).network.release();
        };
        switch (which) {
        case 0:
            connect(network, &Network::stateChanged, this, end);
            break;
        case 1:
            connect(network, &Network::joinProgress, this, end);
            break;
        case 2:
            connect(network, &Network::peerConnected, this, end);
            break;
        case 3:
            connect(network, &Network::peerDisconnected, this, end);
            break;
        case 4:
            connect(network, &Network::reachabilityChanged, this, end);
            break;
        case 5:
            connect(network, &Network::peerConnected, this,
                    [&](Peer *peer) { connect(peer, &Peer::messageReceived, this, end); });
            break;
        case 6:
            connect(network, &Network::observedAddressChanged, this, end);
            break;
        case 8:
            connect(network->bootstrapCache(), &BootstrapCache::entryAdded, this, end);
            break;
        default:
            break;
        }
        a.join();
        if (b.network) {
            auto joined = b.join({world.contact(1)});
            if (which == 7 && !isFirst)
                joined.then(this, [&](const Result<void> &) { end(); });
        }
        world.until([&] { return done || (a.network && b.network && a.peer(b) && b.peer(a)); });
        if (!done && a.network && b.network && a.peer(b) && b.peer(a)) {
            a.peer(b)->send(Message("x"));
            b.peer(a)->send(Message("x"));
            world.simulation.runFor(1s);
        }
        if (!done && a.network && b.network)
            (isFirst ? b : a).network->leave();
        world.simulation.runFor(100s); // nobody crashes
    }
}

QTEST_GUILESS_MAIN(tst_Network)
#include "tst_network.moc"
