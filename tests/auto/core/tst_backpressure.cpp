// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A sender that is faster than its link, and a receiver that is slower: queues and inboxes stay bounded,
// nothing gets lost, and nobody else notices.

#include "messagesource.h"

#include <shared/endpointpair.h>

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;
constexpr qint64 MiB = 1'048'576;

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
