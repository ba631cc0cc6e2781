// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Members that cannot be dialled are reached by their peer id, over a node that both are linked to.

#include "relayscene.h"

#include <qp2pcore/nat/limits.h>

#include <qp2pcore/peering/caller.h>
#include <qp2pcore/peering/relaydesk.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::Access;

namespace {

NatConfig natWith(NatConfig::RelayedConnections policy)
{
    NatConfig nat;
    nat.setRelayedConnections(policy);
    return nat;
}

} // namespace

class tst_RelayedLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clientsOfANodeReachEachOther();
    void whatIsSentAboveTheRateIsNotLost();
    void nothingIsProvenOverALeg();
    void aSecondCallFindsTheLink();
    void bothMayCall();
    void aClientThatDoesNotListenIsCalled();

    void legsEndWithTheirConnection();
    void legsEndWithTheLinkOfAnEnd();
    void aLegThatIsNotUsedEnds();
    void theNodeDies();

    void thePeerIsNotThere();
    void theNodeDoesNotForward();
    void thePeerTakesNoCalls();
    void thePeerHasBlockedTheCaller();
    void noCallWithoutAPeerToCall();
    void settingsThatCannotWorkAreNamed();
};

void tst_RelayedLinks::clientsOfANodeReachEachOther()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY2(peer, qPrintable(peer.error().message));
    QCOMPARE(*peer, scene.caller.peer(scene.callee));
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }));
    QVERIFY(scene.caller.isLinked(scene.callee, Peer::Link::Bidirectional));
    QVERIFY(scene.callee.isLinked(scene.caller, Peer::Link::Bidirectional));
    QCOMPARE(scene.caller.connected.last(), scene.callee.id());
    QCOMPARE(scene.callee.connected.last(), scene.caller.id());

    scene.caller.peer(scene.callee)->send(Message("down"));
    scene.callee.peer(scene.caller)->send(Message("up"));
    const auto reply = scene.callee.peer(scene.caller)->request(Message("question"));
    QVERIFY(scene.world.until([&] {
        return scene.caller.messages.size() == 1 && scene.callee.messages.size() == 1
            && reply.isFinished();
    }));
    QCOMPARE(scene.callee.messages.first(),
             (std::pair<PeerId, QByteArray>(scene.caller.id(), "down")));
    QCOMPARE(scene.caller.messages.first(),
             (std::pair<PeerId, QByteArray>(scene.callee.id(), "up")));
    QVERIFY(reply.result());
    QCOMPARE(reply.result()->payload(), "question");
    QVERIFY(scene.node.messages.isEmpty());
    QCOMPARE(scene.legs(), 1);
}

void tst_RelayedLinks::whatIsSentAboveTheRateIsNotLost()
{
    NatConfig slow;
    slow.setRelayRate(1024 * 1024, 64 * 1024);
    RelayScene scene({}, {}, slow);
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    const QByteArray large(1'000'000, 'x');
    scene.caller.peer(scene.callee)->send(Message(large));
    QVERIFY(scene.world.until([&] { return scene.callee.messages.size() == 1; }, 5min));
    QCOMPARE(scene.callee.messages.first().second, large);
}

//! Neither that a peer was reached over another node nor what it says on that connection is about an address.
void tst_RelayedLinks::nothingIsProvenOverALeg()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    scene.world.simulation.runFor(5min);
    for (const auto &[member, other] :
         {std::pair(&scene.caller, &scene.callee), std::pair(&scene.callee, &scene.caller)}) {
        QVERIFY(member->peer(*other));
        QCOMPARE(member->peer(*other)->role(), Peer::Role::Client);
        QCOMPARE(member->network->role(), Peer::Role::Client);
        QVERIFY(!member->network->bootstrapCache()->entry(other->id()));
        QVERIFY(member->peer(*other)->addresses().isEmpty());
        const auto family = QAbstractSocket::IPv4Protocol;
        QVERIFY(member->network->reachability(family).state != Reachability::State::Reachable);
    }
    // And the node advertises neither of them.
    Member &later = scene.world.client(4);
    QVERIFY(scene.joins(later));
    scene.world.simulation.runFor(60s);
    QCOMPARE(later.network->peers().size(), 1);
}

void tst_RelayedLinks::aSecondCallFindsTheLink()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }));
    const auto back = scene.callee.network->connectTo(scene.caller.id());
    QVERIFY(back.isFinished());
    QCOMPARE(back.result().value(), scene.callee.peer(scene.caller));
    QVERIFY(scene.call());
    QCOMPARE(scene.legs(), 1);
}

void tst_RelayedLinks::bothMayCall()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    const auto there = scene.caller.network->connectTo(scene.callee.id());
    const auto back = scene.callee.network->connectTo(scene.caller.id());
    QVERIFY(scene.world.finish(there) && scene.world.finish(back));
    QVERIFY2(there.result(), qPrintable(there.result().error().message));
    QVERIFY2(back.result(), qPrintable(back.result().error().message));
    for (int i = 0; i < 20; ++i) {
        scene.caller.peer(scene.callee)->send(Message(QByteArray::number(i)));
        scene.callee.peer(scene.caller)->send(Message(QByteArray::number(i)));
    }
    QVERIFY(scene.world.until(
        [&] { return scene.caller.messages.size() == 20 && scene.callee.messages.size() == 20; }));
    QVERIFY(scene.caller.disconnected.isEmpty());
    QVERIFY(scene.callee.disconnected.isEmpty());
}

void tst_RelayedLinks::aClientThatDoesNotListenIsCalled()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    Member &client = scene.world.client(6);
    QVERIFY(scene.joins(client));
    const auto call = scene.caller.network->connectTo(client.id());
    QVERIFY(scene.world.finish(call));
    QVERIFY2(call.result(), qPrintable(call.result().error().message));
    QVERIFY(scene.world.until([&] { return client.peer(scene.caller); }, 5s));
}

// ---- ends

void tst_RelayedLinks::legsEndWithTheirConnection()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QCOMPARE(scene.legs(), 1);
    scene.caller.peer(scene.callee)->close();
    QVERIFY(scene.world.until([&] { return scene.legs() == 0; }, 5s));
    QVERIFY(scene.world.until(
        [&] { return scene.legsOf(scene.caller) == 0 && scene.legsOf(scene.callee) == 0; }, 5s));
    QVERIFY(scene.call()); // and there may be another one
    QCOMPARE(scene.legs(), 1);
}

void tst_RelayedLinks::legsEndWithTheLinkOfAnEnd()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    scene.node.peer(scene.callee)->close();
    QVERIFY(scene.world.until([&] { return scene.legs() == 0 && scene.legsOf(scene.caller) == 0; },
                              5s));
    QVERIFY(scene.world.until([&] { return scene.legsOf(scene.callee) == 0; }, 5s));
    // What was on it ends as any connection over a path that is gone.
    QVERIFY(scene.world.until([&] { return !scene.caller.peer(scene.callee); }, 2min));
}

void tst_RelayedLinks::aLegThatIsNotUsedEnds()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    // Of a caller that never dials.
    const QList<Connection *> links = scene.node.peer(scene.callee)->connections();
    Access::send(*links.first(), encode(Peering::LegOffer{1, scene.caller.id(), 77, 1000}));
    QVERIFY(scene.world.until([&] { return scene.legsOf(scene.callee) == 1; }, 5s));
    scene.world.simulation.runFor(Peering::Caller::UnusedTime - 2s);
    QCOMPARE(scene.legsOf(scene.callee), 1);
    QVERIFY(scene.world.until([&] { return scene.legsOf(scene.callee) == 0; }, 5s));
}

void tst_RelayedLinks::theNodeDies()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    scene.node.network.reset();
    QVERIFY(scene.world.until(
        [&] { return !scene.caller.peer(scene.callee) && !scene.callee.peer(scene.caller); }, 2min));
    QCOMPARE(scene.legsOf(scene.caller), 0);
    QCOMPARE(scene.legsOf(scene.callee), 0);
}

// ---- refusals

void tst_RelayedLinks::thePeerIsNotThere()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    const PeerId missing = scene.callee.id();
    scene.callee.network.reset();
    QVERIFY(scene.world.until([&] { return !scene.node.network->peer(missing); }, 2min));
    const auto call = scene.caller.network->connectTo(missing);
    QVERIFY(scene.world.finish(call, Peering::Caller::CallTime + 5s));
    QCOMPARE(call.result().error().code, ErrorCode::NoRelay);
    QVERIFY(call.result().error().message.contains("no link to such a peer"_L1));
    QCOMPARE(scene.legs(), 0);
}

void tst_RelayedLinks::theNodeDoesNotForward()
{
    NatConfig off;
    off.setRelayForOthers(NatConfig::RelayForOthers::Off);
    RelayScene scene({}, {}, off);
    QVERIFY(scene.isReady);
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY(!peer);
    QCOMPARE(peer.error().code, ErrorCode::NoRelay);
    // Nor does it for those that do not care what it says.
    Connection *link = scene.caller.network->endpoint()->connections().first();
    Access::send(*link, encode(Peering::LegRequest{7, scene.callee.id()}));
    scene.world.simulation.runFor(5s);
    QCOMPARE(scene.legs(), 0);
    QCOMPARE(scene.legsOf(scene.callee), 0);
}

void tst_RelayedLinks::thePeerTakesNoCalls()
{
    RelayScene scene({}, natWith(NatConfig::RelayedConnections::OwnOnly));
    QVERIFY(scene.isReady);
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY(!peer);
    QCOMPARE(peer.error().code, ErrorCode::NoRelay);
    // It may call itself.
    const auto back = scene.callee.network->connectTo(scene.caller.id());
    QVERIFY(scene.world.finish(back));
    QVERIFY2(back.result(), qPrintable(back.result().error().message));
}

void tst_RelayedLinks::thePeerHasBlockedTheCaller()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.callee.network->block(scene.caller.id()));
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY(!peer);
    QCOMPARE(peer.error().code, ErrorCode::NoRelay);
    QVERIFY2(peer.error().message.contains("refuses"_L1), qPrintable(peer.error().message));
    QCOMPARE(scene.legs(), 0);
    // Who has blocked it does not call it either.
    const auto back = scene.callee.network->connectTo(scene.caller.id());
    QVERIFY(back.isFinished());
    QCOMPARE(back.result().error().code, ErrorCode::Blocked);
}

void tst_RelayedLinks::noCallWithoutAPeerToCall()
{
    RelayScene scene(natWith(NatConfig::RelayedConnections::Off));
    QVERIFY(scene.isReady);
    const auto codeOf = [](const QFuture<Result<QPointer<Peer>>> &future) {
        return future.isFinished() ? future.result().error().code : ErrorCode::None;
    };
    QCOMPARE(codeOf(scene.caller.network->connectTo(scene.callee.id())), ErrorCode::WrongState);
    QCOMPARE(codeOf(scene.caller.network->connectTo(scene.caller.id())), ErrorCode::InvalidArgument);
    QCOMPARE(codeOf(scene.caller.network->connectTo(PeerId())), ErrorCode::InvalidArgument);
    Member &outside = scene.world.client(5);
    QCOMPARE(codeOf(outside.network->connectTo(scene.callee.id())), ErrorCode::WrongState);
    QVERIFY(scene.call().error().code == ErrorCode::WrongState);
}

void tst_RelayedLinks::settingsThatCannotWorkAreNamed()
{
    NatConfig nat;
    QCOMPARE(nat.relayRate(), Nat::Limits::RelayRate);
    QCOMPARE(nat.relayRatePerConnection(), Nat::Limits::LegRate);
    QVERIFY(nat.validate());
    for (const auto &[inAll, perConnection] : {std::pair(0, 128 * 1024), std::pair(1024, -1)}) {
        nat.setRelayRate(inAll, perConnection);
        QCOMPARE(nat.validate().error().code, ErrorCode::InvalidArgument);
        NetworkConfig config;
        config.setNat(nat);
        QCOMPARE(config.validate().error().code, ErrorCode::InvalidArgument);
    }
}

QTEST_GUILESS_MAIN(tst_RelayedLinks)
#include "tst_relayedlinks.moc"
