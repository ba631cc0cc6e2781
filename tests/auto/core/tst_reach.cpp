// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Twelve kinds of access by twelve: each member reaches each other one by its peer id, and nothing of what they say is
// lost, unless UDP does not pass at all.

#include <shared/nattype.h>
#include <shared/networkworld.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr int Messages = 50;

//! Two public nodes, so that claims are checked from another address, and two members.
struct Scene
{
    Scene(NatType callersAccess, NatType calleesAccess)
        : node(world.node(1))
        , helper(world.node(2))
        , caller(world.withAccess(3, callersAccess))
        , callee(world.withAccess(4, calleesAccess))
    {
        isReady = world.linked(node, helper);
    }
    bool join(Member &member)
    {
        member.join({world.contact(1), world.contact(2)});
        return world.until([&] { return member.peer(node) && node.peer(member); }, 20s);
    }
    Result<QPointer<Peer>> call()
    {
        const auto future = caller.network->connectTo(callee.id());
        return world.finish(future) ? future.result() : Error(ErrorCode::Cancelled, {});
    }
    //! One second of it, both ways.
    void talk()
    {
        for (int i = 0; i < Messages; ++i) {
            caller.peer(callee)->send(Message(QByteArray::number(i)));
            callee.peer(caller)->send(Message(QByteArray::number(i)));
            world.simulation.runFor(1s / Messages);
        }
    }

    NetworkWorld world;
    Member &node;
    Member &helper;
    Member &caller;
    Member &callee;
    bool isReady = false;
};

QSet<QByteArray> payloadsFrom(const Member &sender, const Member &receiver)
{
    QSet<QByteArray> payloads;
    for (const auto &[from, payload] : receiver.messages) {
        if (from == sender.id())
            payloads.insert(payload);
    }
    return payloads;
}

} // namespace

class tst_Reach : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMemberReachesEveryOther_data();
    void everyMemberReachesEveryOther();
    void nobodyReachesWhoseUdpIsBlocked_data();
    void nobodyReachesWhoseUdpIsBlocked();
};

void tst_Reach::everyMemberReachesEveryOther_data()
{
    QTest::addColumn<NatType>("callers");
    QTest::addColumn<NatType>("callees");
    for (const NatTypeProfile &from : natTypes()) {
        for (const NatTypeProfile &to : natTypes()) {
            if (from.type != NatType::UdpBlocked && to.type != NatType::UdpBlocked)
                QTest::addRow("%s to %s", from.name, to.name) << from.type << to.type;
        }
    }
}

void tst_Reach::everyMemberReachesEveryOther()
{
    QFETCH(NatType, callers);
    QFETCH(NatType, callees);
    Scene scene(callers, callees);
    QVERIFY(scene.isReady && scene.join(scene.caller) && scene.join(scene.callee));
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY2(peer, qPrintable(peer.error().message));
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }, 5s));
    scene.talk();
    QVERIFY(scene.world.until(
        [&] {
            return payloadsFrom(scene.caller, scene.callee).size() == Messages
                && payloadsFrom(scene.callee, scene.caller).size() == Messages;
        },
        5s));
    QCOMPARE(scene.caller.messages.size() + scene.callee.messages.size(), 2 * Messages);
    // Only who can be dialled says so of itself.
    for (const auto &[member, access] :
         {std::pair(&scene.caller, callers), std::pair(&scene.callee, callees)}) {
        const bool isOpen = access == NatType::None || access == NatType::FullCone;
        if (!isOpen)
            QVERIFY(member->network->reachability(QAbstractSocket::IPv4Protocol).state
                    != Reachability::State::Reachable);
    }
}

void tst_Reach::nobodyReachesWhoseUdpIsBlocked_data()
{
    QTest::addColumn<NatType>("callers");
    QTest::addColumn<NatType>("callees");
    for (const NatTypeProfile &other : natTypes()) {
        QTest::addRow("udpblock to %s", other.name) << NatType::UdpBlocked << other.type;
        if (other.type != NatType::UdpBlocked)
            QTest::addRow("%s to udpblock", other.name) << other.type << NatType::UdpBlocked;
    }
}

void tst_Reach::nobodyReachesWhoseUdpIsBlocked()
{
    QFETCH(NatType, callers);
    QFETCH(NatType, callees);
    Scene scene(callers, callees);
    QVERIFY(scene.isReady);
    QCOMPARE(scene.join(scene.caller), callers != NatType::UdpBlocked);
    QCOMPARE(scene.join(scene.callee), callees != NatType::UdpBlocked);
    const Result<QPointer<Peer>> peer = scene.call();
    QVERIFY(!peer);
    QCOMPARE(peer.error().code, ErrorCode::NoRelay);
}

QTEST_GUILESS_MAIN(tst_Reach)
#include "tst_reach.moc"
