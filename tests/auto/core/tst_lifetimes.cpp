// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Anything may be closed or deleted at any moment, above all in the slots that are being called.
// Worth the most under AddressSanitizer.
#include <shared/endpointaccess.h>
#include <shared/endpointpair.h>

#include <QEventLoop>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <map>
#include <set>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

constexpr qsizetype KB = 1000;

template<typename T>
bool hasValue(const QFuture<T> &future)
{
    return future.isFinished() && future.resultCount() == 1;
}

//! A pair with two connections, and everything under way that can be: whatever is done in a slot has
//! much to leave behind.
class Scene
{
public:
    Scene()
        : pair(setup())
    {
    }

    bool start()
    {
        if (!pair.connect())
            return false;
        const QPointer<Connection> out = pair.out;
        const QPointer<Connection> in = pair.in;
        if (!pair.connect())
            return false;
        otherOut = std::exchange(pair.out, out);
        otherIn = std::exchange(pair.in, in);
        return true;
    }

    //! \brief Makes every signal come that a connection has.
    void play()
    {
        QObject context;
        const auto answer = [&](Connection *connection) {
            QObject::connect(connection, &Connection::requestReceived, &context,
                             [](const Request &request) { request.reply(Message("answer")); });
        };
        if (pair.in)
            answer(pair.in);
        if (pair.out)
            answer(pair.out);
        for (const auto &side : {pair.out, pair.in, otherOut, otherIn}) {
            const QPointer<Connection> connection = side;
            for (int i = 0; i < 5 && connection; ++i) {
                connection->send(
                    Message(noise(18 * KB, 1))); // the fifth makes it more than half full
                connection->send(Message(QByteArray())); // fails
                confirmations.append(connection->sendAndConfirm(Message("confirm")));
                requests.append(connection->request(Message("question")));
            }
        }
        pair.simulation.runFor(1ms);
        if (pair.out && pair.out->state() == Connection::State::Open && pair.dialler)
            resetAMessage();
        pair.simulation.runFor(200ms);
        pair.simulation.rebindNat(pair.diallerHost, NatRebinding::AddressAndPort);
        for (const auto &connection : {pair.out, otherOut}) {
            if (connection)
                connection->send(Message(noise(40 * KB, 2)));
        }
        pair.simulation.runFor(2s);
        for (const auto &connection : {pair.in, pair.out}) {
            if (connection)
                connection->close(1, QStringLiteral("the end"));
        }
        pair.simulation.runFor(1min);
    }

    bool everyFutureHasAValue() const
    {
        return std::all_of(confirmations.begin(), confirmations.end(), hasValue<Result<void>>)
            && std::all_of(requests.begin(), requests.end(), hasValue<Result<Message>>);
    }

    EndpointPair pair;
    QPointer<Connection> otherOut;
    QPointer<Connection> otherIn;
    QList<QFuture<Result<void>>> confirmations;
    QList<QFuture<Result<Message>>> requests;

private:
    static EndpointPair::Setup setup()
    {
        EndpointPair::Setup setup;
        setup.link = {.latency = 10ms, .bytesPerSecond = 1'000'000};
        setup.diallerBehindNat = true;
        setup.dialler.setSendQueueLimit(100 * KB);
        setup.acceptor.setSendQueueLimit(100 * KB);
        return setup;
    }

    //! What our own peers never do: a message that breaks off.
    void resetAMessage()
    {
        ngtcp2_conn *quic = EndpointAccess::quic(*pair.dialler);
        int64_t stream = -1;
        if (ngtcp2_conn_open_uni_stream(quic, &stream, nullptr) == 0)
            ngtcp2_conn_shutdown_stream_write(quic, 0, stream, 7);
    }
};

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

    void deletedConnectionFinishesItsFutures();
    void deletedConnectionTellsItsPeer();
    void deletedEndpointFinishesItsDials();
    void deletedEndpointTellsAThousandPeers();
    void requestOutlivesItsConnection();
    void connectionIsDeletedSoonAfterItsEnd();
    void movedEndpointWorksInItsThread();
    void nestedEventLoopDoesNotDisturbTheOrder();
    void randomLivesEndWell_data();
    void randomLivesEndWell();
};

// ---- slots

void tst_Lifetimes::slotOfAConnectionMayDoAnything_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<QByteArray>("action");
    for (const char *signal :
         {"messageReceived", "messageAcknowledged", "messageFailed", "requestReceived",
          "incomingMessageRefused", "sendQueueAvailable", "stateChanged", "peerAddressChanged"}) {
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

// ---- objects that go

void tst_Lifetimes::deletedConnectionFinishesItsFutures()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto request = pair.out->request(Message("question"));
    const auto confirmation = pair.out->sendAndConfirm(Message(noise(1000 * KB, 1)));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    delete pair.out;
    QVERIFY(hasValue(request) && hasValue(confirmation));
    QCOMPARE(request.result().error().code, ErrorCode::ClosedLocally);
    QCOMPARE(confirmation.result().error().code, ErrorCode::ClosedLocally);
    QVERIFY(pair.dialler->connections().isEmpty());
}

void tst_Lifetimes::deletedConnectionTellsItsPeer()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog acceptor(pair.acceptor.get());
    EndpointLog dialler(pair.dialler.get());
    ConnectionLog out(pair.out);
    const auto reply = pair.in->request(Message("question"));
    pair.simulation.runFor(1s);
    delete pair.out;
    QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(acceptor.closed.at(0).reason.closeCode, 0u);
    QVERIFY(hasValue(reply));
    QCOMPARE(reply.result().error().code, ErrorCode::ClosedByPeer);
    pair.simulation.runFor(1min);
    QVERIFY(dialler.closed.isEmpty()); // who deletes it knows
    QCOMPARE(pair.dialler->stats().connections, 0);
    QVERIFY(pair.connect());
}

void tst_Lifetimes::deletedEndpointFinishesItsDials()
{
    EndpointPair pair;
    QVERIFY(pair.acceptor->listen().isOk());
    const PeerAddress nobody(QHostAddress(QStringLiteral("192.0.2.77")), 1);
    const QList<QFuture<Result<QPointer<Connection>>>> dials = {
        pair.dialler->connectTo(pair.acceptorAddress()),
        pair.dialler->connectTo(nobody),
        pair.dialler->connectToAny({pair.acceptorAddress(), nobody}),
        pair.dialler->connectTo(PeerAddress(QStringLiteral("localhost"), 1)),
    };
    pair.simulation.runFor(12ms);
    pair.dialler.reset();
    for (const auto &dial : dials) {
        QVERIFY(hasValue(dial));
        QCOMPARE(dial.result().error().code, ErrorCode::Cancelled);
    }
    pair.simulation.runFor(1min);
    QCOMPARE(pair.acceptor->stats().connections, 0);
}

void tst_Lifetimes::deletedEndpointTellsAThousandPeers()
{
    const int count = isSanitized ? 200 : 1000;
    EndpointPair::Setup setup;
    setup.acceptor.setRetryMode(EndpointConfig::RetryMode::Never);
    EndpointPair pair(setup);
    // From one address of the public Internet only eight handshakes may be under way.
    const auto host = pair.simulation.host({QHostAddress(QStringLiteral("10.0.0.1"))});
    EndpointConfig config;
    config.setIdentity(sharedIdentity(1));
    pair.dialler = std::make_unique<Endpoint>(config, host);
    QVERIFY(pair.acceptor->listen().isOk());
    for (int i = 0; i < count; ++i)
        pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.until([&] {
        return pair.dialler->connections().size() == count
            && pair.acceptor->connections().size() == count;
    }));
    QList<QFuture<Result<Message>>> requests;
    for (Connection *connection : pair.dialler->connections())
        requests.append(connection->request(Message("question")));
    for (Connection *connection : pair.acceptor->connections())
        requests.append(connection->request(Message("question")));
    pair.simulation.runFor(5ms);
    EndpointLog dialler(pair.dialler.get());
    pair.acceptor.reset();
    QVERIFY(pair.until([&] { return dialler.closed.size() == count; }, 3s));
    QVERIFY(std::all_of(dialler.closed.begin(), dialler.closed.end(), [](const auto &closing) {
        return closing.reason.code == ErrorCode::ClosedByPeer;
    }));
    QVERIFY(std::all_of(requests.begin(), requests.end(), hasValue<Result<Message>>));
    pair.dialler.reset();
}

void tst_Lifetimes::requestOutlivesItsConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    QList<Request> kept;
    QObject::connect(pair.in, &Connection::requestReceived, qApp,
                     [&](const Request &request) { kept.append(request); });
    for (int i = 0; i < 3; ++i)
        pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return kept.size() == 3; }));
    QVERIFY(!kept.at(0).isCancelled());
    delete pair.in;
    QVERIFY(kept.at(0).isCancelled());
    QCOMPARE(kept.at(0).reply(Message("answer")).result().error().code, ErrorCode::ClosedLocally);
    pair.acceptor.reset();
    QCOMPARE(kept.at(1).reply(Message("answer")).result().error().code, ErrorCode::ClosedLocally);
    kept.at(2).reject(1);
    QCOMPARE(kept.at(2).message(), Message("question"));
    kept.clear();
    pair.simulation.runFor(1min);
}

void tst_Lifetimes::connectionIsDeletedSoonAfterItsEnd()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    QPointer<Connection> inTheSlot;
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, qApp,
                     [&](Connection *connection) { inTheSlot = connection; });
    pair.out->close();
    QVERIFY(pair.out); // not before the signal
    pair.simulation.runFor(1s);
    QVERIFY(!pair.out && !pair.in);
    QVERIFY(!inTheSlot);
}

// ---- threads and loops, on real sockets

void tst_Lifetimes::movedEndpointWorksInItsThread()
{
    QThread thread;
    thread.start();
    auto *acceptor = new Endpoint;
    acceptor->moveToThread(&thread);
    quint16 port = 0;
    QMetaObject::invokeMethod(
        acceptor,
        [&] {
            QObject::connect(acceptor, &Endpoint::connectionOpened, acceptor,
                             [acceptor](Connection *connection) {
                                 QCOMPARE(connection->thread(), acceptor->thread());
                                 QObject::connect(connection, &Connection::requestReceived,
                                                  connection, [](const Request &request) {
                                                      request.reply(request.message());
                                                  });
                             });
            if (acceptor->listen(QHostAddress(QHostAddress::LocalHost)))
                port = acceptor->localPort();
        },
        Qt::BlockingQueuedConnection);
    QVERIFY(port != 0);

    Endpoint dialler;
    const auto dial = dialler.connectTo(PeerAddress(QHostAddress(QHostAddress::LocalHost), port));
    QTRY_VERIFY(dial.isFinished());
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    const auto reply = dial.result().value()->request(Message(noise(3000 * KB, 1)));
    QTRY_VERIFY(reply.isFinished());
    QVERIFY(reply.result().value().payload() == noise(3000 * KB, 1));
    EndpointLog log(&dialler);
    QMetaObject::invokeMethod(
        acceptor, [&] { delete acceptor; }, Qt::BlockingQueuedConnection);
    QTRY_COMPARE(log.closed.size(), 1);
    thread.quit();
    thread.wait();
}

void tst_Lifetimes::nestedEventLoopDoesNotDisturbTheOrder()
{
    Endpoint acceptor;
    Endpoint dialler;
    QVERIFY(acceptor.listen(QHostAddress(QHostAddress::LocalHost)).isOk());
    EndpointLog accepted(&acceptor);
    const auto dial = dialler.connectTo(
        PeerAddress(QHostAddress(QHostAddress::LocalHost), acceptor.localPort()));
    QTRY_VERIFY(dial.isFinished() && !accepted.opened.isEmpty());
    Connection *out = dial.result().value();
    Connection *in = accepted.opened.at(0);
    // Each message is answered before a loop runs in the slot; the answer must leave during the loop,
    // and the next message come in it.
    int depth = 0;
    QList<int> order;
    QObject::connect(in, &Connection::messageReceived, in, [&](const Message &message) {
        order.append(message.payload().toInt());
        in->send(message);
        if (++depth > 50)
            return;
        const qsizetype before = order.size();
        QEventLoop loop;
        QTimer timer;
        QElapsedTimer patience;
        patience.start();
        QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
            if (order.size() > before || patience.hasExpired(20'000))
                loop.quit();
        });
        timer.start(1ms);
        loop.exec();
    });
    int next = 0;
    QObject::connect(out, &Connection::messageReceived, out, [&](const Message &message) {
        QCOMPARE(message.payload().toInt(), next);
        ++next;
        out->send(Message(QByteArray::number(next)));
    });
    out->send(Message("0"));
    QTRY_VERIFY_WITH_TIMEOUT(order.size() > 60, 30'000);
    for (int i = 0; i < order.size(); ++i)
        QCOMPARE(order.at(i), i);
}

// ---- spin

namespace {

//! Three endpoints and a random life: what can be called is called, from anywhere, in any order.
class Spin
{
public:
    explicit Spin(quint64 seed)
        : m_random(seed)
        , m_simulation(seed)
    {
        for (int i = 0; i < Nodes; ++i) {
            Node &node = m_nodes[i];
            node.address = QHostAddress(0xc0000201u + quint32(i));
            node.host = i == 0 ? m_simulation.natHost({QHostAddress(0x0a000001u)},
                                                      {node.address, QHostAddress(0xc0000299u)})
                               : m_simulation.host({node.address});
        }
        LinkProfile link;
        link.latency = std::chrono::milliseconds(1 + m_random.below(30));
        link.loss = m_random.below(3) == 0 ? 0.05 : 0;
        m_simulation.setDefaultLink(link);
        for (Node &node : m_nodes)
            create(node);
    }

    //! What went wrong, or nothing.
    QString run(int steps)
    {
        for (int step = 0; step < steps && m_complaint.isEmpty(); ++step) {
            act();
            if (m_random.below(2) == 0)
                m_simulation.runFor(std::chrono::milliseconds(m_random.below(60)));
        }
        if (m_random.below(2) == 0)
            m_simulation.runFor(1min);
        for (Node &node : m_nodes)
            node.endpoint.reset();
        m_requests.clear();
        if (!std::all_of(m_dials.begin(), m_dials.end(), isDone<Result<QPointer<Connection>>>))
            complain("a dial never ended");
        if (!std::all_of(m_confirmations.begin(), m_confirmations.end(), isDone<Result<void>>))
            complain("a confirmation never came");
        if (!std::all_of(m_replies.begin(), m_replies.end(), isDone<Result<Message>>))
            complain("a request never ended");
        return m_complaint;
    }
    int opened = 0;
    int received = 0;

private:
    static constexpr int Nodes = 3;
    static constexpr quint16 Port = 4000;

    struct Node
    {
        QHostAddress address;
        Simulation::Host host;
        std::unique_ptr<Endpoint> endpoint;
        std::set<Connection *> open;
    };
    //! What a connection owes its program.
    struct Account
    {
        std::set<quint64> unsettled;
        bool ended = false;
    };

    template<typename T>
    static bool isDone(const QFuture<T> &future)
    {
        return future.isFinished() && (future.resultCount() == 1 || future.isCanceled());
    }

    void complain(const char *what)
    {
        if (m_complaint.isEmpty())
            m_complaint = QString::fromLatin1(what);
    }

    void create(Node &node)
    {
        EndpointConfig config;
        config.setIdentity(sharedIdentity(int(&node - m_nodes)));
        config.setSendQueueLimit(200 * KB);
        config.setInboxLimit(100 * KB);
        config.setMaxIncomingRequests(3);
        config.setMaxIncomingMessages(5);
        config.setMaxConnections(6);
        config.setIdleTimeout(3s);
        if (m_random.below(8) == 0)
            config.setNetworkName(QStringLiteral("another"));
        node.endpoint = std::make_unique<Endpoint>(config, node.host);
        node.open.clear();
        Endpoint *endpoint = node.endpoint.get();
        QObject::connect(endpoint, &Endpoint::stateChanged, endpoint, [this] { maybeAct(); });
        QObject::connect(endpoint, &Endpoint::connectionOpened, endpoint,
                         [this, &node](Connection *connection) {
                             ++opened;
                             if (!node.open.insert(connection).second)
                                 complain("opened twice");
                             watch(connection);
                             maybeAct();
                         });
        QObject::connect(endpoint, &Endpoint::connectionClosed, endpoint,
                         [this, &node](Connection *connection, const Error &reason) {
                             if (node.open.erase(connection) != 1)
                                 complain("closed without being open");
                             if (!reason.isError())
                                 complain("closed without a reason");
                             maybeAct();
                         });
        if (m_random.below(8) != 0 && !endpoint->listen(QHostAddress(QHostAddress::Any), Port))
            complain("cannot listen");
    }

    void watch(Connection *connection)
    {
        const auto account = std::make_shared<Account>();
        m_accounts[connection] = account;
        const auto check = [this, account] {
            if (account->ended)
                complain("a signal after the end");
        };
        const auto settle = [this, account](quint64 id) {
            // Those to a closed connection are told apart by their ids; see Connection::send().
            if (id < (quint64(1) << 63) && account->unsettled.erase(id) != 1)
                m_unknownIds.insert(id);
        };
        QObject::connect(connection, &QObject::destroyed, qApp,
                         [this, connection] { forget(connection); });
        QObject::connect(connection, &Connection::messageReceived, connection, [this, check] {
            ++received;
            check();
            maybeAct();
        });
        QObject::connect(connection, &Connection::requestReceived, connection,
                         [this, check](const Request &request) {
                             check();
                             if (m_random.below(2) == 0)
                                 m_requests.append(request);
                             else if (m_random.below(2) == 0)
                                 request.reply(Message(noise(randomSize(), 1)));
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::messageAcknowledged, connection,
                         [this, check, settle](quint64 id) {
                             check();
                             settle(id);
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::messageFailed, connection,
                         [this, settle](quint64 id) {
                             settle(id);
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::sendQueueAvailable, connection,
                         [this] { maybeAct(); });
        QObject::connect(connection, &Connection::peerAddressChanged, connection,
                         [this] { maybeAct(); });
        QObject::connect(connection, &Connection::stateChanged, connection, [this, account] {
            if (account->ended)
                complain("ended twice");
            account->ended = true;
            if (!account->unsettled.empty())
                complain("a message was neither acknowledged nor failed");
            maybeAct();
        });
    }

    void forget(Connection *connection)
    {
        m_accounts.erase(connection);
        for (Node &node : m_nodes)
            node.open.erase(connection);
    }

    void maybeAct()
    {
        // Also several levels deep, but not for ever.
        if (m_depth < 3 && m_random.below(4) == 0)
            act();
    }

    Node &randomNode() { return m_nodes[m_random.below(Nodes)]; }
    Connection *randomConnection()
    {
        if (m_accounts.empty())
            return nullptr;
        auto at = m_accounts.begin();
        std::advance(at, int(m_random.below(m_accounts.size())));
        return at->first;
    }
    PeerAddress randomAddress()
    {
        const quint64 which = m_random.below(Nodes + 1); // one that does not exist, too
        const PeerId expected = m_random.below(6) == 0
            ? sharedIdentity(int(m_random.below(Nodes))).peerId()
            : PeerId();
        return PeerAddress(QHostAddress(0xc0000201u + quint32(which)), Port, expected);
    }
    qsizetype randomSize()
    {
        static constexpr qsizetype sizes[] = {0, 1, 100, 5 * KB, 50 * KB, 190 * KB, 300 * KB};
        return sizes[m_random.below(std::size(sizes))];
    }

    void act()
    {
        ++m_depth;
        Node &node = randomNode();
        Connection *connection = randomConnection();
        const quint64 choice = m_random.below(100);
        if (choice < 18) {
            if (node.endpoint)
                m_dials.append(node.endpoint->connectTo(randomAddress()));
        } else if (choice < 22) {
            if (node.endpoint)
                m_dials.append(node.endpoint->connectToAny({randomAddress(), randomAddress()}));
        } else if (choice < 42) {
            if (connection)
                send(connection);
        } else if (choice < 50) {
            if (connection)
                m_confirmations.append(connection->sendAndConfirm(Message(noise(randomSize(), 1))));
        } else if (choice < 60) {
            if (connection)
                m_replies.append(
                    connection->request(Message(noise(randomSize(), 1)), int(m_random.below(3))));
        } else if (choice < 68) {
            if (!m_requests.isEmpty()) {
                const Request request = m_requests.takeAt(
                    qsizetype(m_random.below(quint64(m_requests.size()))));
                if (m_random.below(2) == 0)
                    request.reply(Message(noise(randomSize(), 1)));
                else
                    request.reject(m_random.below(10));
            }
        } else if (choice < 72) {
            if (connection)
                connection->close(m_random.below(10), QStringLiteral("random"));
        } else if (choice < 76) {
            delete connection;
        } else if (choice < 79) {
            if (node.endpoint)
                node.endpoint->close(m_random.below(10));
        } else if (choice < 82) {
            node.endpoint.reset();
        } else if (choice < 87) {
            if (!node.endpoint || node.endpoint->state() == Endpoint::State::Closed)
                create(node);
        } else if (choice < 90) {
            if (connection)
                connection->pauseReceiving();
        } else if (choice < 93) {
            if (connection)
                connection->resumeReceiving();
        } else if (choice < 95) {
            if (!m_dials.isEmpty())
                m_dials[qsizetype(m_random.below(quint64(m_dials.size())))].cancel();
        } else if (choice < 96) {
            if (!m_replies.isEmpty())
                m_replies[qsizetype(m_random.below(quint64(m_replies.size())))].cancel();
        } else if (choice < 97) {
            m_simulation.rebindNat(
                m_nodes[0].host,
                m_random.below(2) == 0 ? NatRebinding::PortOnly : NatRebinding::AddressAndPort);
        } else if (choice < 98) {
            m_simulation.blackhole(node.host, randomNode().host);
        } else if (choice < 99) {
            for (Node &one : m_nodes)
                m_simulation.heal(node.host, one.host);
        } else {
            runEventLoop();
        }
        --m_depth;
    }

    void send(Connection *connection)
    {
        const bool live = connection->canSend(0);
        const quint64 id = connection->send(Message(noise(randomSize(), 1)), int(m_random.below(3)));
        if (live && id < (quint64(1) << 63))
            m_accounts.at(connection)->unsettled.insert(id);
    }

    SeededRandom m_random;
    Simulation m_simulation;
    Node m_nodes[Nodes];
    std::map<Connection *, std::shared_ptr<Account>> m_accounts;
    std::set<quint64> m_unknownIds; // of confirmations, requests and replies
    QList<Request> m_requests;
    QList<QFuture<Result<QPointer<Connection>>>> m_dials;
    QList<QFuture<Result<void>>> m_confirmations;
    QList<QFuture<Result<Message>>> m_replies;
    QString m_complaint;
    int m_depth = 0;
};

} // namespace

void tst_Lifetimes::randomLivesEndWell_data()
{
    QTest::addColumn<quint64>("firstSeed");
    for (quint64 seed = 1; seed < 2000; seed += 250)
        QTest::addRow("seeds from %llu", seed) << seed;
}

void tst_Lifetimes::randomLivesEndWell()
{
    QFETCH(quint64, firstSeed);
    int opened = 0;
    int received = 0;
    for (quint64 seed = firstSeed; seed < firstSeed + 250; ++seed) {
        Spin spin(seed);
        const QString complaint = spin.run(60);
        QVERIFY2(complaint.isEmpty(),
                 qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(complaint)));
        opened += spin.opened;
        received += spin.received;
    }
    // They did something.
    QVERIFY(opened > 250);
    QVERIFY(received > 250);
}

QTEST_GUILESS_MAIN(tst_Lifetimes)
#include "tst_lifetimes.moc"
