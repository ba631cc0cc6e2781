// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections and endpoints that are deleted, and endpoints that move to a thread: their futures finish, and
// their peers are notified.

#include "lifetimescene.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QEventLoop>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_DeletedObjects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void deletedConnectionFinishesItsFutures();
    void deletedConnectionTellsItsPeer();
    void deletedEndpointFinishesItsDials();
    void deletedEndpointTellsAThousandPeers();
    void requestOutlivesItsConnection();
    void connectionIsDeletedSoonAfterItsEnd();
    void movedEndpointWorksInItsThread();
    void nestedEventLoopDoesNotDisturbTheOrder();
};

// ---- objects that go

void tst_DeletedObjects::deletedConnectionFinishesItsFutures()
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

void tst_DeletedObjects::deletedConnectionTellsItsPeer()
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

void tst_DeletedObjects::deletedEndpointFinishesItsDials()
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

void tst_DeletedObjects::deletedEndpointTellsAThousandPeers()
{
    const int count = isSanitized ? 200 : 1000;
    EndpointPair::Setup setup;
    setup.acceptor.setRetryMode(EndpointConfig::RetryMode::Never);
    EndpointPair pair(setup);
    // From one address of the public Internet only eight handshakes may be under way.
    const auto host = pair.simulation.host({QHostAddress(QStringLiteral("10.0.0.1"))});
    EndpointConfig config;
    config.setIdentity(sharedIdentity(1));
    pair.dialler = std::make_unique<SimulatedEndpoint>(config, host);
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

void tst_DeletedObjects::requestOutlivesItsConnection()
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

void tst_DeletedObjects::connectionIsDeletedSoonAfterItsEnd()
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

void tst_DeletedObjects::movedEndpointWorksInItsThread()
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

void tst_DeletedObjects::nestedEventLoopDoesNotDisturbTheOrder()
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

QTEST_GUILESS_MAIN(tst_DeletedObjects)
#include "tst_deletedobjects.moc"
