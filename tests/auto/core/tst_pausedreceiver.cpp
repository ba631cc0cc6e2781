// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A receiver that pauses: its peer stops sending, nothing is lost, other connections go on.

#include "messagesource.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;
constexpr qint64 MiB = 1'048'576;

QByteArray numbered(int number, qsizetype size = 0)
{
    return QByteArray(QByteArray::number(number) + '/' + QByteArray(size, 'x'));
}

QList<int> numbersOf(const QList<QByteArray> &payloads)
{
    QList<int> numbers;
    for (const QByteArray &payload : payloads)
        numbers.append(payload.left(payload.indexOf('/')).toInt());
    return numbers;
}

QList<int> range(int count)
{
    QList<int> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

LinkProfile fastLink()
{
    return {.latency = 10ms, .bytesPerSecond = 12'500'000};
}

} // namespace

class tst_PausedReceiver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void pausedReceiverStopsTheSender_data();
    void pausedReceiverStopsTheSender();
    void slowReceiverKeepsLittle();
    void pauseDoesNotDisturbOtherConnections();
    void resumeDeliversInTheOrderOfArrival();
    void pauseInASlotStopsTheVeryNextDelivery_data();
    void pauseInASlotStopsTheVeryNextDelivery();
    void pauseAndResumeInASlotChangeNothing();
    void tooManySmallMessagesWaitAtTheSender();
    void repliesArriveWhilePaused();
    void repliesWaitWhileTheInboxIsFull();
    void deadlinesOfMessagesPauseToo();
    void anHourOfPauseLosesNothing();
    void nothingIsDeliveredOnceTheConnectionHasEnded();
};

void tst_PausedReceiver::pausedReceiverStopsTheSender_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<qint64>("inboxLimit");
    QTest::addColumn<bool>("inFullFlow"); // flow-control windows have grown
    for (const bool inFullFlow : {false, true}) {
        const char *when = inFullFlow ? "in full flow" : "from the start";
        QTest::addRow("small messages %s", when) << 100 * KB << 4 * MiB << inFullFlow;
        QTest::addRow("large messages %s", when) << 3 * MB << 4 * MiB << inFullFlow;
        QTest::addRow("large inbox %s", when) << 1 * MB << 16 * MiB << inFullFlow;
    }
}

void tst_PausedReceiver::pausedReceiverStopsTheSender()
{
    QFETCH(qsizetype, size);
    QFETCH(qint64, inboxLimit);
    QFETCH(bool, inFullFlow);
    EndpointPair::Setup setup{.link = fastLink()};
    setup.acceptor.setInboxLimit(inboxLimit);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const int count = int(100 * MB / size);
    Source source(pair.out, size, count);
    if (inFullFlow)
        pair.simulation.runFor(3s);
    pair.in->pauseReceiving();
    QVERIFY(pair.in->isReceivingPaused());
    const qsizetype before = in.messages.size();
    QVERIFY(!inFullFlow || before > 3);
    pair.simulation.runFor(20s);
    QCOMPARE(in.messages.size(), before);
    const ConnectionStats paused = pair.in->stats();
    // The peer's window is half as large again as the inbox, and messages may have begun before.
    QVERIFY2(paused.inboxBytes > 0 && paused.inboxBytes <= 2 * inboxLimit + MiB,
             qPrintable(QString::number(paused.inboxBytes)));
    // Nothing but keep-alive passes any more.
    const quint64 bytes = paused.bytesReceived;
    pair.simulation.runFor(1min);
    QVERIFY(pair.in->stats().bytesReceived - bytes < 5 * KB);
    QCOMPARE(pair.in->stats().inboxBytes, paused.inboxBytes);

    pair.in->resumeReceiving();
    QVERIFY(pair.until([&] { return in.messages.size() == count; }, 60s));
    QVERIFY(pair.until([&] { return source.acknowledged == count; }, 1s));
    QVERIFY(source.failures.isEmpty() && in.refused.isEmpty());
    QCOMPARE(pair.in->stats().inboxBytes, 0);
}

void tst_PausedReceiver::slowReceiverKeepsLittle()
{
    EndpointPair::Setup setup{.link = fastLink()};
    setup.acceptor.setInboxLimit(2 * MiB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    constexpr qsizetype size = 100 * KB;
    Source source(pair.out, size, 300);
    qint64 received = 0;
    qint64 kept = 0;
    // One message each 100 ms, as a program would that writes them to a slow disk.
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&](const Message &message) {
        received += message.size();
        pair.in->pauseReceiving();
        pair.simulation.after(100ms, [&] { pair.in->resumeReceiving(); });
    });
    QVERIFY(pair.until(
        [&] {
            // What is acknowledged and not delivered is here.
            kept = std::max(kept, source.acknowledgedBytes() - received);
            return received == 300 * size;
        },
        5min));
    QVERIFY(source.failures.isEmpty());
    // A window's worth that waits for the program, and another that was let in meanwhile.
    QVERIFY2(kept <= 6 * MiB + 2 * size, qPrintable(QString::number(kept)));
}

void tst_PausedReceiver::pauseDoesNotDisturbOtherConnections()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    const QPointer<Connection> pausedOut = pair.out;
    const QPointer<Connection> pausedIn = pair.in;
    const auto otherHost = pair.simulation.host({QHostAddress(QStringLiteral("192.0.2.9"))});
    pair.simulation.setLinks(otherHost, pair.acceptorHost, fastLink());
    EndpointConfig config;
    config.setIdentity(sharedIdentity(2));
    SimulatedEndpoint other(config, otherHost);
    const auto dial = other.connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(dial));
    const QPointer<Connection> out = dial.result().value();
    QVERIFY(pair.until([&] { return pair.acceptor->connections().size() == 2; }));
    Connection *in = pair.acceptor->connections().last();
    QObject::connect(in, &Connection::requestReceived, in,
                     [](const Request &request) { request.reply(request.message()); });
    const auto roundTrip = [&] {
        const auto reply = out->request(Message(noise(10 * KB, 1)));
        return pair.timeUntil([&] { return reply.isFinished(); });
    };
    roundTrip();
    pair.simulation.runFor(1s);
    const auto before = roundTrip();
    QVERIFY(before > 20ms);

    pausedIn->pauseReceiving();
    Source source(pausedOut, 100 * KB, 1000);
    pair.simulation.runFor(10s);
    QVERIFY(pausedIn->stats().inboxBytes > 500 * KB);
    for (int i = 0; i < 20; ++i) {
        const auto now = roundTrip();
        QVERIFY2(now <= before + 1ms, qPrintable(QString::number(now.count())));
        pair.simulation.runFor(1s);
    }
    QVERIFY(pausedIn && pausedOut);
}

void tst_PausedReceiver::resumeDeliversInTheOrderOfArrival()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    QList<QByteArray> arrived;
    QList<Request> requests;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in,
                     [&](const Message &message) { arrived.append(message.payload()); });
    QObject::connect(pair.in, &Connection::requestReceived, pair.in, [&](const Request &request) {
        arrived.append(request.message().payload());
        requests.append(request);
    });
    pair.in->pauseReceiving();
    QRandomGenerator random(1);
    for (int i = 0; i < 60; ++i) {
        const Message message(numbered(i, random.bounded(20'000)));
        if (i % 3 == 0)
            pair.out->request(message);
        else
            pair.out->send(message);
        pair.simulation.runFor(100ms); // so that each arrives on its own
    }
    QVERIFY(arrived.isEmpty());
    pair.in->resumeReceiving();
    QVERIFY(arrived.isEmpty()); // from the event loop
    pair.out->send(Message(numbered(60)));
    QVERIFY(pair.until([&] { return arrived.size() == 61; }));
    QCOMPARE(numbersOf(arrived), range(61));
}

void tst_PausedReceiver::pauseInASlotStopsTheVeryNextDelivery_data()
{
    QTest::addColumn<bool>("requests");
    QTest::newRow("messages") << false;
    QTest::newRow("requests") << true;
}

void tst_PausedReceiver::pauseInASlotStopsTheVeryNextDelivery()
{
    QFETCH(bool, requests);
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    QList<QByteArray> arrived;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&](const Message &message) {
        arrived.append(message.payload());
        pair.in->pauseReceiving();
    });
    QObject::connect(pair.in, &Connection::requestReceived, pair.in, [&](const Request &request) {
        arrived.append(request.message().payload());
        pair.in->pauseReceiving();
    });
    pair.simulation.runFor(1s);
    for (int i = 0; i < 10; ++i) { // all in one datagram
        if (requests)
            pair.out->request(Message(numbered(i)));
        else
            pair.out->send(Message(numbered(i)));
    }
    for (int i = 1; i <= 10; ++i) {
        pair.simulation.runFor(1s);
        QCOMPARE(arrived.size(), i);
        pair.in->resumeReceiving();
    }
    pair.simulation.runFor(1s);
    QCOMPARE(numbersOf(arrived), range(10));
}

void tst_PausedReceiver::pauseAndResumeInASlotChangeNothing()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    QList<QByteArray> arrived;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&](const Message &message) {
        arrived.append(message.payload());
        pair.in->pauseReceiving();
        pair.in->resumeReceiving();
    });
    for (int i = 0; i < 100; ++i)
        pair.out->send(Message(numbered(i, 100)));
    QVERIFY(pair.until([&] { return arrived.size() == 100; }, 1s));
    QCOMPARE(numbersOf(arrived), range(100));
    QVERIFY(!pair.in->isReceivingPaused());
}

void tst_PausedReceiver::tooManySmallMessagesWaitAtTheSender()
{
    EndpointPair::Setup setup{.link = fastLink()};
    setup.acceptor.setMaxIncomingMessages(200);
    setup.acceptor.setMaxIncomingRequests(20);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    pair.in->pauseReceiving();
    for (int i = 0; i < 1000; ++i)
        pair.out->send(Message(numbered(i)));
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 100; ++i)
        replies.append(pair.out->request(Message(numbered(i))));
    pair.simulation.runFor(10s);
    QVERIFY(in.messages.isEmpty() && in.requests.isEmpty());
    QCOMPARE(pair.in->stats().messagesReceived, 220u);
    pair.in->resumeReceiving();
    QVERIFY(pair.until([&] { return in.messages.size() == 1000; }));
    QCOMPARE(numbersOf(in.payloads()), range(1000));
    QCOMPARE(in.requests.size(), 20);
}

void tst_PausedReceiver::repliesArriveWhilePaused()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    pair.out->pauseReceiving();
    const auto reply = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    pair.in->send(Message("before"));
    in.requests.at(0).reply(Message(noise(2 * MB, 1)));
    QVERIFY(pair.finish(reply));
    QVERIFY(reply.result().value().payload() == noise(2 * MB, 1));
    QVERIFY(out.messages.isEmpty());
}

void tst_PausedReceiver::repliesWaitWhileTheInboxIsFull()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    pair.out->pauseReceiving();
    Source flood(pair.in, 100 * KB, 1000);
    pair.simulation.runFor(10s);
    // The peer has stopped: there is one credit for all streams.
    const auto reply = pair.out->request(Message("are you still there?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    in.requests.at(0).reply(Message("yes"), 1);
    pair.simulation.runFor(1min);
    QVERIFY(!reply.isFinished());
    pair.out->resumeReceiving();
    QVERIFY(pair.finish(reply, 1s));
    QCOMPARE(reply.result().value(), Message("yes"));
}

void tst_PausedReceiver::deadlinesOfMessagesPauseToo()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    // Some of them are unfinished when the receiver pauses, and stay so for far longer than any
    // deadline.
    for (int i = 0; i < 5; ++i)
        pair.out->send(Message(noise(3 * MB, quint32(i))));
    pair.simulation.runFor(500ms);
    pair.in->pauseReceiving();
    pair.simulation.runFor(5min);
    pair.in->resumeReceiving();
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 5; }, 2min));
    QVERIFY(in.refused.isEmpty() && out.failures.isEmpty());
    QCOMPARE(in.messages.size(), 5);
}

void tst_PausedReceiver::anHourOfPauseLosesNothing()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    pair.in->pauseReceiving();
    Source source(pair.out, 500 * KB, 60);
    pair.simulation.runFor(1h);
    QVERIFY(in.messages.isEmpty());
    pair.in->resumeReceiving();
    QVERIFY(pair.until([&] { return source.acknowledged == 60; }));
    QCOMPARE(in.messages.size(), 60);
}

void tst_PausedReceiver::nothingIsDeliveredOnceTheConnectionHasEnded()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    int deliveredAfterTheEnd = 0;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&] {
        if (pair.in->state() == Connection::State::Closed)
            ++deliveredAfterTheEnd;
    });
    QObject::connect(pair.in, &Connection::stateChanged, pair.in,
                     [&] { pair.in->resumeReceiving(); });
    pair.in->pauseReceiving();
    for (int i = 0; i < 10; ++i)
        pair.out->send(Message(numbered(i)));
    pair.simulation.runFor(1s);
    pair.out->close();
    pair.simulation.runFor(1s);
    QCOMPARE(in.states, {Connection::State::Closed});
    QCOMPARE(deliveredAfterTheEnd, 0);
}

QTEST_GUILESS_MAIN(tst_PausedReceiver)
#include "tst_pausedreceiver.moc"
