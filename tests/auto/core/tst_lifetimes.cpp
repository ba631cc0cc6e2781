// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Anything may be closed or deleted at any moment, above all in the slots that are being called.
// Worth the most under AddressSanitizer.

#include "lifetimescene.h"

#include <shared/endpointpair.h>

#include <QEventLoop>
#include <QTest>
#include <QTimer>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

using Action = std::function<void()>;

//! Calls \a action at the first of \a signal, whatever its arguments.
template<typename Object, typename Signal>
void once(Object *object, Signal signal, const std::shared_ptr<int> &calls, const Action &action)
{
    // The context goes with the connection of the slot, not with the object: the action may delete it.
    QObject::connect(object, signal, qApp, [calls, action] {
        if (++*calls == 1)
            action();
    });
}

void connectTo(const QByteArray &signal, Connection *connection, const std::shared_ptr<int> &calls,
               const Action &action)
{
    if (signal == "messageReceived")
        once(connection, &Connection::messageReceived, calls, action);
    else if (signal == "messageAcknowledged")
        once(connection, &Connection::messageAcknowledged, calls, action);
    else if (signal == "messageFailed")
        once(connection, &Connection::messageFailed, calls, action);
    else if (signal == "requestReceived")
        once(connection, &Connection::requestReceived, calls, action);
    else if (signal == "incomingMessageRefused")
        once(connection, &Connection::incomingMessageRefused, calls, action);
    else if (signal == "sendQueueAvailable")
        once(connection, &Connection::sendQueueAvailable, calls, action);
    else if (signal == "stateChanged")
        once(connection, &Connection::stateChanged, calls, action);
    else if (signal == "peerAddressChanged")
        once(connection, &Connection::peerAddressChanged, calls, action);
    else if (signal == "pathChanged")
        once(connection, &Connection::pathChanged, calls, action);
    else
        qFatal("no such signal");
}

void runEventLoop()
{
    QEventLoop loop;
    QTimer::singleShot(0, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

class tst_Lifetimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void slotOfAConnectionMayDoAnything_data();
    void slotOfAConnectionMayDoAnything();
    void slotOfAnEndpointMayDoAnything_data();
    void slotOfAnEndpointMayDoAnything();
    void continuationOfAFutureMayDoAnything_data();
    void continuationOfAFutureMayDoAnything();
    void slotMayEndOthersThatEndInTheSameMoment_data();
    void slotMayEndOthersThatEndInTheSameMoment();
};

void tst_Lifetimes::slotOfAConnectionMayDoAnything_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<QByteArray>("action");
    for (const char *signal : {"messageReceived", "messageAcknowledged", "messageFailed",
                               "requestReceived", "incomingMessageRefused", "sendQueueAvailable",
                               "stateChanged", "peerAddressChanged", "pathChanged"}) {
        for (const char *action :
             {"close the connection", "delete the connection", "delete the other connection",
              "delete all connections", "close the endpoint", "delete the endpoint",
              "delete the peer's endpoint", "run an event loop", "delete in an event loop",
              "pause and resume", "send and request"})
            QTest::addRow("%s: %s", signal, action) << QByteArray(signal) << QByteArray(action);
    }
}

void tst_Lifetimes::slotOfAConnectionMayDoAnything()
{
    QFETCH(QByteArray, signal);
    QFETCH(QByteArray, action);
    Scene scene;
    QVERIFY(scene.start());
    EndpointPair &pair = scene.pair;
    // The acceptor sees the dialler move, and messages break off.
    const QPointer<Connection> connection = pair.in;
    const QPointer<Connection> other = scene.otherIn;
    const auto calls = std::make_shared<int>(0);
    connectTo(signal, connection, calls, [&] {
        if (action == "close the connection") {
            connection->close(3);
        } else if (action == "delete the connection") {
            delete connection;
        } else if (action == "delete the other connection") {
            delete other;
        } else if (action == "delete all connections") {
            qDeleteAll(pair.acceptor->connections());
        } else if (action == "close the endpoint") {
            pair.acceptor->close(4);
        } else if (action == "delete the endpoint") {
            pair.acceptor.reset();
        } else if (action == "delete the peer's endpoint") {
            pair.dialler.reset();
        } else if (action == "run an event loop") {
            runEventLoop();
        } else if (action == "delete in an event loop") {
            QTimer::singleShot(0, qApp, [&] { pair.acceptor.reset(); });
            runEventLoop();
            QVERIFY(!pair.acceptor);
        } else if (action == "pause and resume") {
            connection->pauseReceiving();
            connection->resumeReceiving();
        } else if (action == "send and request") {
            connection->send(Message("from the slot"));
            scene.confirmations.append(connection->sendAndConfirm(Message("from the slot")));
            scene.requests.append(connection->request(Message("from the slot")));
        }
    });
    scene.play();
    QVERIFY(*calls >= 1);
    // The other connections may still be open; once both endpoints are gone nobody is left waiting.
    pair.acceptor.reset();
    pair.dialler.reset();
    QVERIFY(scene.everyFutureHasAValue());
}

void tst_Lifetimes::slotOfAnEndpointMayDoAnything_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<bool>("atDialler");
    QTest::addColumn<QByteArray>("action");
    struct Case
    {
        const char *signal;
        bool atDialler;
    };
    for (const Case &one :
         {Case{"Dialling", true}, Case{"Listening", false}, Case{"Closing", true},
          Case{"Closed", true}, Case{"connectionOpened", true}, Case{"connectionOpened", false},
          Case{"connectionClosed", true}, Case{"connectionClosed", false}}) {
        for (const char *action : {"close the endpoint", "delete the endpoint",
                                   "delete the connection", "run an event loop", "dial again"})
            QTest::addRow("%s of the %s: %s", one.signal, one.atDialler ? "dialler" : "acceptor", action)
                << QByteArray(one.signal) << one.atDialler << QByteArray(action);
    }
}

void tst_Lifetimes::slotOfAnEndpointMayDoAnything()
{
    QFETCH(QByteArray, signal);
    QFETCH(bool, atDialler);
    QFETCH(QByteArray, action);
    EndpointPair pair;
    std::unique_ptr<Endpoint> &endpoint = atDialler ? pair.dialler : pair.acceptor;
    int calls = 0;
    QList<QFuture<Result<QPointer<Connection>>>> dials;
    const auto act = [&](Connection *connection) {
        if (++calls > 1)
            return;
        if (action == "close the endpoint")
            endpoint->close();
        else if (action == "delete the endpoint")
            endpoint.reset();
        else if (action == "delete the connection")
            delete connection;
        else if (action == "run an event loop")
            runEventLoop();
        else if (action == "dial again")
            dials.append(endpoint->connectTo(pair.acceptorAddress()));
    };
    if (signal == "connectionOpened")
        QObject::connect(endpoint.get(), &Endpoint::connectionOpened, qApp,
                         [&](Connection *connection) { act(connection); });
    else if (signal == "connectionClosed")
        QObject::connect(endpoint.get(), &Endpoint::connectionClosed, qApp,
                         [&](Connection *connection) { act(connection); });
    else
        QObject::connect(endpoint.get(), &Endpoint::stateChanged, qApp, [&](Endpoint::State state) {
            if (signal == QMetaEnum::fromType<Endpoint::State>().valueToKey(int(state)))
                act(nullptr);
        });

    pair.acceptor->listen();
    for (int i = 0; i < 3 && pair.dialler && pair.acceptor; ++i)
        dials.append(pair.dialler->connectTo(pair.acceptorAddress()));
    pair.simulation.runFor(1s);
    if (pair.dialler)
        pair.dialler->close();
    pair.simulation.runFor(1min);
    QVERIFY(calls > 0);
    for (const auto &dial : dials)
        QVERIFY(hasValue(dial));
    if (pair.dialler)
        QVERIFY(pair.dialler->connections().isEmpty());
    if (pair.acceptor && action != "dial again") // it may have dialled itself
        QVERIFY(pair.acceptor->connections().isEmpty());
}

void tst_Lifetimes::continuationOfAFutureMayDoAnything_data()
{
    QTest::addColumn<QByteArray>("future");
    QTest::addColumn<QByteArray>("action");
    for (const char *future : {"dial", "failed dial", "confirmation", "failed confirmation",
                               "reply", "request that ends with the connection"}) {
        for (const char *action : {"close the connection", "delete the connection",
                                   "close the endpoint", "delete the endpoint", "run an event loop"})
            QTest::addRow("%s: %s", future, action) << QByteArray(future) << QByteArray(action);
    }
}

void tst_Lifetimes::continuationOfAFutureMayDoAnything()
{
    QFETCH(QByteArray, future);
    QFETCH(QByteArray, action);
    EndpointPair pair;
    QVERIFY(pair.connect());
    const QPointer<Connection> connection = pair.out;
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    int calls = 0;
    const auto act = [&] {
        if (++calls > 1) // what the first has deleted is on its way out
            return;
        if (action == "close the connection" && connection)
            connection->close();
        else if (action == "delete the connection")
            delete connection;
        else if (action == "close the endpoint" && pair.dialler)
            pair.dialler->close();
        else if (action == "delete the endpoint")
            pair.dialler.reset();
        else if (action == "run an event loop")
            runEventLoop();
    };
    if (future == "dial")
        pair.dialler->connectTo(pair.acceptorAddress()).then([&](const auto &) { act(); });
    else if (future == "failed dial")
        pair.dialler->connectTo(PeerAddress(QHostAddress(QStringLiteral("192.0.2.77")), 1))
            .then([&](const auto &) { act(); });
    else if (future == "confirmation")
        connection->sendAndConfirm(Message("x")).then([&](const auto &) { act(); });
    else if (future == "failed confirmation")
        connection->sendAndConfirm(Message(QByteArray())).then([&](const auto &) { act(); });
    else
        connection->request(Message("x")).then([&](const auto &) { act(); });
    if (future == "request that ends with the connection") {
        connection->request(Message("y")).then([&](const auto &) { act(); });
        pair.in->close();
    }
    pair.simulation.runFor(1min);
    QVERIFY(calls > 0);
}

void tst_Lifetimes::slotMayEndOthersThatEndInTheSameMoment_data()
{
    QTest::addColumn<bool>("reset");
    QTest::addColumn<QByteArray>("action");
    for (const bool reset : {false, true}) {
        for (const char *action : {"delete the others", "close the others", "delete the endpoint",
                                   "close the endpoint", "use the others"})
            QTest::addRow("%s: %s", reset ? "reset" : "idle time-out", action)
                << reset << QByteArray(action);
    }
}

void tst_Lifetimes::slotMayEndOthersThatEndInTheSameMoment()
{
    QFETCH(bool, reset);
    QFETCH(QByteArray, action);
    EndpointPair::Setup setup;
    setup.dialler.setKeepAliveInterval(0ms);
    setup.acceptor.setKeepAliveInterval(0ms);
    EndpointPair pair(setup);
    QList<QFuture<Result<QPointer<Connection>>>> dials;
    QVERIFY(pair.acceptor->listen().isOk());
    for (int i = 0; i < 5; ++i)
        dials.append(pair.dialler->connectTo(pair.acceptorAddress()));
    pair.simulation.runFor(1s);
    QCOMPARE(pair.dialler->connections().size(), 5);
    QList<QFuture<Result<Message>>> requests;
    const quint64 start = pair.simulation.now();
    if (reset)
        pair.restartAcceptor();
    else
        pair.cut();
    for (Connection *connection : pair.dialler->connections())
        requests.append(connection->request(Message("question")));
    int closed = 0;
    int connectionsLeft = -1;
    quint64 end = 0;
    QObject::connect(pair.dialler.get(), &Endpoint::connectionClosed, qApp, [&] {
        if (++closed > 1)
            return;
        end = pair.simulation.now();
        const QList<Connection *> others = pair.dialler->connections();
        connectionsLeft = int(others.size());
        if (action == "delete the others") {
            qDeleteAll(others);
        } else if (action == "close the others") {
            for (Connection *other : others)
                other->close(5);
        } else if (action == "delete the endpoint") {
            pair.dialler.reset();
        } else if (action == "close the endpoint") {
            pair.dialler->close();
        } else if (action == "use the others") {
            for (Connection *other : others) {
                other->send(Message("x"));
                requests.append(other->request(Message("x")));
                other->pauseReceiving();
                other->resumeReceiving();
                QVERIFY(!other->canSend(100'000'000));
            }
        }
    });
    pair.simulation.runFor(5min);
    QVERIFY(closed > 0);
    QCOMPARE(connectionsLeft, 4);
    QVERIFY((end - start > 10'000'000'000) != reset);
    for (const auto &request : requests)
        QVERIFY(hasValue(request));
    if (pair.dialler) {
        QVERIFY(pair.dialler->connections().isEmpty());
        QCOMPARE(pair.dialler->stats().connections, 0);
        QCOMPARE(closed, action == "delete the others" ? 1 : 5);
    }
}

QTEST_GUILESS_MAIN(tst_Lifetimes)
#include "tst_lifetimes.moc"
