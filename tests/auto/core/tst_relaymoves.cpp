// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A connection over a node outlives it: it moves to another node, and nothing is lost.

#include "relayscene.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Peering::Access;

class tst_RelayMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherNodeTakesOver_data();
    void anotherNodeTakesOver();
    void aMovedConnectionKeepsItsLeg();
};

void tst_RelayMoves::anotherNodeTakesOver_data()
{
    QTest::addColumn<bool>("isBusy");
    QTest::newRow("under traffic") << true;
    QTest::newRow("idle") << false;
}

//! The node is there no more, and says nothing of it: the connection goes on over the other one, and nothing is lost.
void tst_RelayMoves::anotherNodeTakesOver()
{
    QFETCH(bool, isBusy);
    TwoRelayScene scene;
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
            if (!scene.caller.peer(scene.callee)) {
                for (auto &d : scene.caller.disconnected)
                    qWarning() << i << d.reason.message;
                for (auto &d : scene.callee.disconnected)
                    qWarning() << i << d.reason.message;
                return;
            }
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
void tst_RelayMoves::aMovedConnectionKeepsItsLeg()
{
    TwoRelayScene scene;
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

QTEST_GUILESS_MAIN(tst_RelayMoves)
#include "tst_relaymoves.moc"
