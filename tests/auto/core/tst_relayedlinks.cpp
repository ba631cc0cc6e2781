// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Members that nobody can dial are reached by their peer id, over a node that both are linked to.

#include <shared/networkworld.h>

#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/caller.h>
#include <qp2pcore/peering/relaydesk.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::Access;

namespace {

//! A node, and two members behind NATs of their own that are linked to it.
struct Scene
{
    explicit Scene(const NatConfig &callersNat = {}, const NatConfig &calleesNat = {},
                   const NatConfig &nodesNat = {})
        : node(world.node(1, with(nodesNat)))
        , caller(world.behindNat(2, NatFiltering::AddressAndPortDependent, with(callersNat)))
        , callee(world.behindNat(3, NatFiltering::AddressAndPortDependent, with(calleesNat)))
    {
        isReady = world.linked(node, caller) && joins(callee);
    }
    static NetworkConfig with(const NatConfig &nat)
    {
        NetworkConfig config;
        config.setNat(nat);
        return config;
    }
    bool joins(Member &member)
    {
        member.join({world.contact(1)});
        return world.until([&] { return member.peer(node) && node.peer(member); });
    }
    Result<QPointer<Peer>> call()
    {
        const auto future = caller.network->connectTo(callee.id());
        return world.finish(future) ? future.result() : Error(ErrorCode::Cancelled, u"no end"_s);
    }
    int legs() const { return Access::forwardedLegs(*node.network->endpoint()); }
    static int legsOf(const Member &member) { return Access::ownLegs(*member.network->endpoint()); }

    NetworkWorld world;
    Member &node;
    Member &caller;
    Member &callee;
    bool isReady = false;
};

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

    void legsEndWithTheirConnection();
    void legsEndWithTheLinkOfAnEnd();
    void aLegThatIsNotUsedEnds();
    void theNodeDies();
    void anotherNodeTakesOver_data();
    void anotherNodeTakesOver();
    void aMovedConnectionKeepsItsLeg();

    void thePeerIsNotThere();
    void theNodeDoesNotForward();
    void thePeerTakesNoCalls();
    void thePeerHasBlockedTheCaller();
    void noCallWithoutAPeerToCall();
};

void tst_RelayedLinks::clientsOfANodeReachEachOther()
{
    Scene scene;
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
    Scene scene({}, {}, slow);
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
    Scene scene;
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
    Scene scene;
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
    Scene scene;
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

// ---- ends

void tst_RelayedLinks::legsEndWithTheirConnection()
{
    Scene scene;
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
    Scene scene;
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
    Scene scene;
    QVERIFY(scene.isReady);
    // A caller that never dials.
    Connection *link = scene.caller.network->endpoint()->connections().first();
    Access::send(*link, encode(Peering::LegRequest{7, scene.callee.id()}));
    QVERIFY(scene.world.until([&] { return scene.legs() == 1; }, 5s));
    QVERIFY(scene.world.until([&] { return scene.legs() == 0 && scene.legsOf(scene.callee) == 0; },
                              Peering::Caller::UnusedTime + 5s));
}

void tst_RelayedLinks::theNodeDies()
{
    Scene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    scene.node.network.reset();
    QVERIFY(scene.world.until(
        [&] { return !scene.caller.peer(scene.callee) && !scene.callee.peer(scene.caller); }, 2min));
    QCOMPARE(scene.legsOf(scene.caller), 0);
    QCOMPARE(scene.legsOf(scene.callee), 0);
}

namespace {

//! As Scene, with a second node that both are linked to as well.
struct Pair : Scene
{
    Pair()
        : second(world.node(5))
    {
        isReady = isReady && joins(second)
            && world.until([this] { return caller.peer(second) && callee.peer(second); });
    }
    PeerId relay() const { return caller.peer(callee)->connections().first()->path().relay; }
    //! The one that forwards.
    int relayNumber() const { return relay() == node.id() ? 1 : 5; }

    Member &second;
};

} // namespace

void tst_RelayedLinks::anotherNodeTakesOver_data()
{
    QTest::addColumn<bool>("isBusy");
    QTest::newRow("under traffic") << true;
    QTest::newRow("idle") << false;
}

//! The node is there no more, and says nothing of it: the connection goes on over the other one, and nothing is lost.
void tst_RelayedLinks::anotherNodeTakesOver()
{
    QFETCH(bool, isBusy);
    Pair scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }, 5s));
    const QPointer<Connection> before = scene.caller.peer(scene.callee)->connections().first();
    const PeerId dead = scene.relay();
    QVERIFY(!dead.isNull());
    const int deadNumber = scene.relayNumber();
    scene.world.simulation.runFor(3s);
    scene.world.split([deadNumber](int number) { return number == deadNumber ? 1 : 0; });

    int sent = 0;
    std::chrono::nanoseconds longest{}, silence{};
    qsizetype heard = 0;
    const auto run = [&](std::chrono::seconds duration) {
        for (int i = 0; i < duration.count() * 50; ++i) {
            if (!scene.caller.peer(scene.callee)) { for (auto &d : scene.caller.disconnected) qWarning() << i << d.reason.message; for (auto &d : scene.callee.disconnected) qWarning() << i << d.reason.message; return; }
            if (isBusy || i == 0) {
                scene.caller.peer(scene.callee)->send(Message(QByteArray::number(sent)));
                scene.callee.peer(scene.caller)->send(Message(QByteArray::number(sent)));
                ++sent;
            }
            scene.world.simulation.runFor(20ms);
            const qsizetype now = scene.callee.messages.size();
            silence = now == heard ? silence + 20ms : std::chrono::nanoseconds{};
            heard = now;
            longest = std::max(longest, silence);
        }
    };
    if (!isBusy)
        scene.world.simulation.runFor(20s); // keep-alives alone find it
    run(10s);
    QVERIFY(before && scene.caller.peer(scene.callee)->connections().contains(before));
    QVERIFY(scene.relay() != dead);
    QVERIFY(scene.caller.disconnected.isEmpty() || scene.caller.disconnected.first().peer == dead);
    QVERIFY(scene.world.until(
        [&] { return scene.callee.messages.size() == sent && scene.caller.messages.size() == sent; },
        5s));
    if (isBusy)
        QVERIFY2(longest <= 2200ms, qPrintable(QString::number(longest.count() / 1000000)));
}

//! Which no connection began with.
void tst_RelayedLinks::aMovedConnectionKeepsItsLeg()
{
    Pair scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }, 5s));
    const int deadNumber = scene.relayNumber();
    scene.world.split([deadNumber](int number) { return number == deadNumber ? 1 : 0; });
    scene.world.simulation.runFor(3min);
    QVERIFY(scene.caller.peer(scene.callee) && scene.callee.peer(scene.caller));
    QCOMPARE(scene.legsOf(scene.caller), 1);
    QCOMPARE(scene.legsOf(scene.callee), 1);
    scene.caller.peer(scene.callee)->close();
    QVERIFY(scene.world.until(
        [&] { return scene.legsOf(scene.caller) == 0 && scene.legsOf(scene.callee) == 0; }, 40s));
    QVERIFY(scene.world.until(
        [&] {
            return Access::forwardedLegs(*scene.second.network->endpoint())
                + Access::forwardedLegs(*scene.node.network->endpoint())
                == 0;
        },
        3min));
}

// ---- refusals

void tst_RelayedLinks::thePeerIsNotThere()
{
    Scene scene;
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
    Scene scene({}, {}, off);
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
    Scene scene({}, natWith(NatConfig::RelayedConnections::OwnOnly));
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
    Scene scene;
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
    Scene scene(natWith(NatConfig::RelayedConnections::Off));
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

QTEST_GUILESS_MAIN(tst_RelayedLinks)
#include "tst_relayedlinks.moc"
