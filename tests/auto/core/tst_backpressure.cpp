// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A sender that is faster than its link, and a receiver that is slower: queues and inboxes stay bounded,
// nothing gets lost, and nobody else notices.
#include <shared/endpointpair.h>

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

//! Sends messages of one size as long as the queue takes them, until there were \a count.
class Source : public QObject
{
public:
    Source(Connection *connection, qsizetype size, int count)
        : m_connection(connection)
        , m_size(size)
        , m_left(count)
        , m_payload(noise(size, 1))
    {
        connect(connection, &Connection::sendQueueAvailable, this, &Source::fill);
        connect(connection, &Connection::messageAcknowledged, this, [this] { ++acknowledged; });
        connect(connection, &Connection::messageFailed, this,
                [this](quint64, const Error &error) { failures.append(error); });
        fill();
    }
    qint64 acknowledgedBytes() const { return acknowledged * m_size; }

    int acknowledged = 0;
    QList<Error> failures;
    qint64 fullestQueue = 0;

private:
    void fill()
    {
        while (m_left > 0 && m_connection->canSend(m_size)) {
            m_connection->send(Message(m_payload));
            --m_left;
            fullestQueue = std::max(fullestQueue, m_connection->sendQueueBytes());
        }
    }

    const QPointer<Connection> m_connection;
    const qsizetype m_size;
    int m_left;
    const QByteArray m_payload;
};

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

class tst_Backpressure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // The send queue
    void fullQueueRefusesMore();
    void fullQueueRefusesRequestsAndLetsRepliesWait();
    void emptyQueueTakesAMessageLargerThanTheQueue();
    void canSendSaysWhatSendDoes();
    void availableIsToldOnceWhenTheQueueIsHalfEmpty();
    void programThatWaitsForRoomSendsEverything();

    // The receiver that pauses
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

    // The inbox
    void smallInboxTakesManyLargeMessages_data();
    void smallInboxTakesManyLargeMessages();
    void manyMessagesOfMiddleSizeAllArrive();
    void manyLargeRepliesAllArrive();
    void messagesAsLargeAsTheQueueAllArrive();
};

// ---- the send queue

void tst_Backpressure::fullQueueRefusesMore()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(100 * KB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    for (int i = 0; i < 9; ++i)
        pair.out->send(Message(noise(10 * KB, 1)));
    QVERIFY(!pair.out->canSend(10 * KB));
    const quint64 refused = pair.out->send(Message(noise(10 * KB, 1)));
    QVERIFY(pair.out->canSend(5 * KB));
    pair.out->send(Message(noise(5 * KB, 1)));
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 10; }));
    QCOMPARE(out.failures.size(), 1);
    QCOMPARE(out.failures.at(0).id, refused);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::QueueFull);
    QCOMPARE(in.messages.size(), 10);
    QCOMPARE(pair.out->sendQueueBytes(), 0);
    QVERIFY(pair.out->canSend(10 * KB));
}

void tst_Backpressure::fullQueueRefusesRequestsAndLetsRepliesWait()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(100 * KB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    const auto question = pair.in->request(Message("question"));
    QVERIFY(pair.until([&] { return out.requests.size() == 1; }));
    pair.out->send(Message(noise(90 * KB, 1)));
    const auto request = pair.out->request(Message(noise(20 * KB, 1)));
    const auto reply = out.requests.at(0).reply(Message(noise(20 * KB, 1)));
    QCOMPARE(pair.out->sendQueueBytes(), 110 * KB + 32);
    QVERIFY(pair.finish(request) && pair.finish(question) && pair.finish(reply));
    QCOMPARE(request.result().error().code, ErrorCode::QueueFull);
    QVERIFY(question.result().value().payload() == noise(20 * KB, 1));
    QVERIFY(reply.result().isOk());
}

void tst_Backpressure::emptyQueueTakesAMessageLargerThanTheQueue()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(100 * KB);
    setup.acceptor.setInboxLimit(100 * KB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QVERIFY(pair.out->canSend(3 * MB));
    const auto large = pair.out->sendAndConfirm(Message(noise(3 * MB, 1)));
    QVERIFY(!pair.out->canSend(1));
    const auto small = pair.out->sendAndConfirm(Message("x"));
    QVERIFY(pair.finish(small) && pair.finish(large));
    QCOMPARE(small.result().error().code, ErrorCode::QueueFull);
    QVERIFY(large.result().isOk());
    QVERIFY(in.messages.at(0).payload() == noise(3 * MB, 1));
}

void tst_Backpressure::canSendSaysWhatSendDoes()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(50 * KB);
    setup.dialler.setMaxMessageSize(60 * KB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    QRandomGenerator random(1);
    QSet<quint64> expected;
    for (int i = 0; i < 500; ++i) {
        const auto size = qsizetype(random.bounded(1, 60'001));
        const bool fits = pair.out->canSend(size);
        const quint64 id = pair.out->send(Message(noise(size, 1)));
        if (!fits)
            expected.insert(id);
        if (random.bounded(3) == 0)
            pair.simulation.runFor(std::chrono::milliseconds(random.bounded(30)));
    }
    pair.simulation.runFor(1min);
    QSet<quint64> refused;
    for (const auto &failure : out.failures) {
        QCOMPARE(failure.error.code, ErrorCode::QueueFull);
        refused.insert(failure.id);
    }
    QCOMPARE(refused, expected);
    QVERIFY(refused.size() > 50 && refused.size() < 450);
    QCOMPARE(out.acknowledged.size(), 500 - refused.size());
}

void tst_Backpressure::availableIsToldOnceWhenTheQueueIsHalfEmpty()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(1 * MB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    QList<qint64> queued;
    QObject::connect(pair.out, &Connection::sendQueueAvailable, pair.out,
                     [&] { queued.append(pair.out->sendQueueBytes()); });
    // At most half full: nothing to tell.
    for (int i = 0; i < 4; ++i)
        pair.out->send(Message(noise(100 * KB, 1)));
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 4; }));
    QCOMPARE(queued.size(), 0);

    for (int i = 0; i < 9; ++i)
        pair.out->send(Message(noise(100 * KB, 1)));
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 13; }));
    QCOMPARE(queued.size(), 1);
    // One burst of acknowledgements may bring it a little below.
    QVERIFY2(queued.at(0) <= 500 * KB && queued.at(0) > 400 * KB,
             qPrintable(QString::number(queued.at(0))));
}

void tst_Backpressure::programThatWaitsForRoomSendsEverything()
{
    EndpointPair::Setup setup{.link = fastLink()};
    setup.dialler.setSendQueueLimit(2 * MB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    Source source(pair.out, 500 * KB, 100);
    QVERIFY(pair.until([&] { return source.acknowledged == 100; }));
    QCOMPARE(in.messages.size(), 100);
    QVERIFY(source.failures.isEmpty());
    QVERIFY(source.fullestQueue <= 2 * MB && source.fullestQueue > 1 * MB);
}

// ---- the receiver that pauses

void tst_Backpressure::pausedReceiverStopsTheSender_data()
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

void tst_Backpressure::pausedReceiverStopsTheSender()
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

void tst_Backpressure::slowReceiverKeepsLittle()
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

void tst_Backpressure::pauseDoesNotDisturbOtherConnections()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    const QPointer<Connection> pausedOut = pair.out;
    const QPointer<Connection> pausedIn = pair.in;
    const auto otherHost = pair.simulation.host({QHostAddress(QStringLiteral("192.0.2.9"))});
    pair.simulation.setLinks(otherHost, pair.acceptorHost, fastLink());
    EndpointConfig config;
    config.setIdentity(sharedIdentity(2));
    Endpoint other(config, otherHost);
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

void tst_Backpressure::resumeDeliversInTheOrderOfArrival()
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

void tst_Backpressure::pauseInASlotStopsTheVeryNextDelivery_data()
{
    QTest::addColumn<bool>("requests");
    QTest::newRow("messages") << false;
    QTest::newRow("requests") << true;
}

void tst_Backpressure::pauseInASlotStopsTheVeryNextDelivery()
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

void tst_Backpressure::pauseAndResumeInASlotChangeNothing()
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

void tst_Backpressure::tooManySmallMessagesWaitAtTheSender()
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

void tst_Backpressure::repliesArriveWhilePaused()
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

void tst_Backpressure::repliesWaitWhileTheInboxIsFull()
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

void tst_Backpressure::deadlinesOfMessagesPauseToo()
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

void tst_Backpressure::anHourOfPauseLosesNothing()
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

void tst_Backpressure::nothingIsDeliveredOnceTheConnectionHasEnded()
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

// ---- the inbox

void tst_Backpressure::smallInboxTakesManyLargeMessages_data()
{
    QTest::addColumn<qint64>("inboxLimit");
    QTest::newRow("100 KB") << qint64(100 * KB);
    QTest::newRow("1 MB") << qint64(1 * MB);
    QTest::newRow("16 MiB") << 16 * MiB;
}

void tst_Backpressure::smallInboxTakesManyLargeMessages()
{
    QFETCH(qint64, inboxLimit);
    EndpointPair::Setup setup{.link = fastLink()};
    setup.acceptor.setInboxLimit(inboxLimit);
    setup.dialler.setSendQueueLimit(64 * MiB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    qint64 fullest = 0;
    for (int i = 0; i < 40; ++i)
        pair.out->send(Message(noise(1 * MB, quint32(i))));
    QVERIFY(pair.until(
        [&] {
            fullest = std::max(fullest, pair.in->stats().inboxBytes);
            return out.acknowledged.size() + out.failures.size() == 40;
        },
        5min));
    QCOMPARE(out.failures.size(), 0);
    QCOMPARE(in.messages.size(), 40);
    // What has room, one that has it in any case, and the first bytes of those that wait.
    const qint64 bound = inboxLimit + 1 * MB + 4 * MiB;
    QVERIFY2(fullest <= bound, qPrintable(QString::number(fullest)));
}

void tst_Backpressure::manyMessagesOfMiddleSizeAllArrive()
{
    // Far more in the queue than the peer's inbox takes, and none of them needs more than the first
    // window of a stream.
    EndpointPair::Setup setup{.link = fastLink()};
    setup.dialler.setSendQueueLimit(128 * MiB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    Source source(pair.out, 200 * KB, 500);
    QVERIFY(pair.until([&] { return source.acknowledged + source.failures.size() == 500; }, 5min));
    QVERIFY(source.failures.isEmpty());
    QCOMPARE(in.messages.size(), 500);
}

void tst_Backpressure::manyLargeRepliesAllArrive()
{
    EndpointPair::Setup setup{.link = fastLink()};
    setup.acceptor.setSendQueueLimit(256 * MiB);
    setup.acceptor.setMaxIncomingRequests(300);
    setup.dialler.setInboxLimit(1 * MB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    QObject::connect(pair.in, &Connection::requestReceived, pair.in, [](const Request &request) {
        request.reply(Message(noise(300 * KB, request.message().payload().toUInt())));
    });
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 300; ++i)
        replies.append(pair.out->request(Message(QByteArray::number(i))));
    for (int i = 0; i < 300; ++i) {
        QVERIFY(pair.finish(replies.at(i)));
        QVERIFY2(replies.at(i).result().isOk(), qPrintable(replies.at(i).result().error().message));
        QVERIFY(replies.at(i).result().value().payload() == noise(300 * KB, quint32(i)));
    }
}

void tst_Backpressure::messagesAsLargeAsTheQueueAllArrive()
{
    EndpointPair pair({.link = fastLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    constexpr qsizetype largest = 16 * MiB;
    Source source(pair.out, largest, 4);
    QVERIFY(pair.until([&] { return source.acknowledged == 4; }));
    QVERIFY(source.failures.isEmpty());
    QCOMPARE(in.messages.size(), 4);
}

QTEST_GUILESS_MAIN(tst_Backpressure)
#include "tst_backpressure.moc"
