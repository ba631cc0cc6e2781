// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Any slot of any object of a network may delete, close or leave anything. Worth the most under
// AddressSanitizer.
//
// Every signal of every class, emitted for the first, second and third time, times every action. The
// signals come from the meta-objects, so that a new one that no scene emits makes the test fail.

#include "networkscene.h"
#include "signalhook.h"

#include <shared/networkworld.h>

#include <QMetaMethod>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int EmissionStep = 2; // a scene costs six times as much: the second emission is left out
#else
constexpr int EmissionStep = 1;
#endif

QList<Signal> allSignals()
{
    QList<Signal> list;
    for (const QMetaObject *meta :
         {&Network::staticMetaObject, &Peer::staticMetaObject, &Endpoint::staticMetaObject,
          &Connection::staticMetaObject, &BootstrapCache::staticMetaObject}) {
        for (int i = meta->methodOffset(); i < meta->methodCount(); ++i) {
            if (meta->method(i).methodType() == QMetaMethod::Signal)
                list.append({meta->className(), meta->method(i).name()});
        }
    }
    return list;
}

} // namespace

class tst_NetworkLifetimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slotMayDoAnything_data();
    void slotMayDoAnything();
    void deletedPeerIsForgotten();
    void deletedConnectionEndsItsLink();
    void futuresFinishBeforeTheirPeerGoes_data();
    void futuresFinishBeforeTheirPeerGoes();
    void joinOfANetworkThatIsLeftOnTheWayIsCancelled();
};

void tst_NetworkLifetimes::slotMayDoAnything_data()
{
    QTest::addColumn<QByteArray>("className");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("action");
    const QList<Signal> list = allSignals();
    QVERIFY(list.size() > 30);
    for (const Signal &signal : list) {
        if (signal.is("Endpoint", "errorOccurred"))
            continue; // only where the own certificate has expired
        for (const char *action :
             {"delete the network", "delete the peer", "delete the connection",
              "delete all connections", "close the connection", "close the peer", "leave", "join",
              "cancel the join", "block the peer", "run an event loop",
              "delete the network in an event loop"})
            QTest::addRow("%s::%s: %s", signal.className.constData() + 6, signal.name.constData(),
                          action)
                << signal.className << signal.name << QByteArray(action);
    }
}

void tst_NetworkLifetimes::slotMayDoAnything()
{
    QFETCH(QByteArray, className);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, action);
    for (int emission = 1; emission <= MaxEmission; emission += EmissionStep) {
        Scene scene({className, name}, action, emission);
        scene.play();
        scene.end();
        if (emission == 1)
            QVERIFY2(scene.emissions > 0, "the scene does not emit it");
        for (const Scene::Asked &future : std::as_const(scene.asked))
            QVERIFY2(future.hasValue(), future.what.constData());
        QCOMPARE(scene.continued, scene.asked.size());
        if (scene.emissions <= emission)
            break; // it does not come more often
    }
}

void tst_NetworkLifetimes::deletedPeerIsForgotten()
{
    NetworkWorld world;
    Member &first = world.node(1, config(1));
    Member &second = world.node(2, config(2));
    first.join();
    second.join({world.contact(1)});
    QVERIFY(world.until([&] { return first.isLinked(second, Peer::Link::Unidirectional); }));
    QVERIFY(world.until([&] { return second.isLinked(first, Peer::Link::Unidirectional); }));
    delete second.peer(first);
    QVERIFY(second.network->peers().isEmpty());
    QCOMPARE(second.network->state(), Network::State::Joined); // signals come from the event loop
    QVERIFY(world.until([&] { return second.network->state() == Network::State::Waiting; }));
    QVERIFY(second.disconnected.isEmpty()); // the program knows it
    QVERIFY(world.until([&] { return first.disconnected.size() == 1; }));
    QCOMPARE(first.disconnected.constFirst().reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(first.disconnected.constFirst().reason.closeCode, 0u);
    // And it goes on: they find each other again.
    QVERIFY(world.until([&] { return second.peer(first) && first.peer(second); }));
}

void tst_NetworkLifetimes::deletedConnectionEndsItsLink()
{
    NetworkWorld world;
    Member &first = world.node(1, config(1));
    Member &second = world.node(2, config(2));
    first.join();
    second.join({world.contact(1)});
    QVERIFY(world.until([&] { return first.isLinked(second, Peer::Link::Unidirectional); }));
    QVERIFY(world.until([&] { return second.isLinked(first, Peer::Link::Unidirectional); }));
    delete second.peer(first)->connections().constFirst();
    QVERIFY(world.until([&] { return second.disconnected.size() == 1; }, 1s));
    QCOMPARE(second.disconnected.constFirst().reason.code, ErrorCode::ClosedLocally);
    QVERIFY(world.until([&] { return first.disconnected.size() == 1; }, 1s));
}

void tst_NetworkLifetimes::futuresFinishBeforeTheirPeerGoes_data()
{
    QTest::addColumn<QByteArray>("what");
    for (const char *what : {"the peer is deleted", "the network is deleted", "the peer is blocked",
                             "the peer is deleted once it is blocked"})
        QTest::addRow("%s", what) << QByteArray(what);
}

void tst_NetworkLifetimes::futuresFinishBeforeTheirPeerGoes()
{
    QFETCH(QByteArray, what);
    NetworkWorld world;
    Member &first = world.node(1, config(1));
    Member &second = world.client(2, config(2));
    first.join();
    QVERIFY(world.finish(second.join({world.contact(1)})));
    const QPointer<Peer> peer = second.peer(first);
    QVERIFY(peer);
    QList<ErrorCode> results;
    peer->request(Message("question")).then(peer.data(), [&](const Result<Message> &result) {
        results.append(result.error().code);
        QVERIFY(peer);
    });
    peer->sendAndConfirm(Message("confirm")).then(peer.data(), [&](const Result<void> &result) {
        results.append(result.error().code);
        QVERIFY(peer);
    });
    if (what == "the peer is deleted") {
        delete peer;
        QCOMPARE(results.size(), 2);
    } else if (what == "the network is deleted") {
        second.network.reset();
        QCOMPARE(results.size(), 2);
    } else if (what == "the peer is blocked") {
        second.network->block(peer->id());
    } else if (what == "the peer is deleted once it is blocked") {
        second.network->block(peer->id());
        delete peer;
        QCOMPARE(results.size(), 2);
    }
    QVERIFY(world.until([&] { return !peer; }));
    QCOMPARE(results, QList<ErrorCode>(2, ErrorCode::ClosedLocally));
}

void tst_NetworkLifetimes::joinOfANetworkThatIsLeftOnTheWayIsCancelled()
{
    NetworkWorld world;
    Member &member = world.node(1, config(1));
    QObject::connect(member.network->endpoint(), &Endpoint::stateChanged, member.network.get(),
                     [&](Endpoint::State state) {
                         if (state == Endpoint::State::Listening)
                             member.network->leave();
                     });
    const auto joined = member.join();
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::Cancelled);
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Left; }));
}

QTEST_GUILESS_MAIN(tst_NetworkLifetimes)
#include "tst_networklifetimes.moc"
