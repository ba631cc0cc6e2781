// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages of a Connection: limits, acknowledgements, and which of them leaves first.

#include <shared/endpointpair.h>

#include <QTest>

#include <algorithm>
#include <set>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;

QByteArray numbered(int number)
{
    return QByteArray::number(number);
}

template<typename T>
QList<T> sorted(QList<T> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

bool hasDuplicates(const QList<quint64> &list)
{
    return std::set<quint64>(list.begin(), list.end()).size() != size_t(list.size());
}

} // namespace

class tst_ConnectionMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // Messages
    void allThreePartsOfAMessageArrive();
    void headerAndDestinationMayBeEmpty();
    void emptyPayloadFailsOnceSendHasReturned();
    void messageAboveTheOwnLimitFails();
    void messageAboveThePeersLimitFailsHereAndNotThere();
    void everyMessageIsAcknowledgedOnce();
    void confirmationFinishesWhenThePeerHasItAll();
    void confirmationTellsWhyAMessageFailed();

    // Order
    void higherPriorityLeavesFirst();
    void higherPriorityOvertakesWhatIsUnderWay();
    void higherPriorityNeedNotWaitForManyLargeMessages();
    void priorityCountsBetweenMessagesAndRequests();
    void smallMessagesOvertakeALargeOne_data();
    void smallMessagesOvertakeALargeOne();
    void unansweredRequestsHoldUpNothing();
};

// ---- messages

void tst_ConnectionMessages::allThreePartsOfAMessageArrive()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    const Message there(noise(300, 1), noise(70 * KB, 2), noise(1, 3));
    const Message back("h", noise(17, 4), noise(5 * KB, 5));
    pair.out->send(there);
    pair.in->send(back);
    QVERIFY(pair.until([&] { return !in.messages.isEmpty() && !out.messages.isEmpty(); }));
    QCOMPARE(in.messages, {there});
    QCOMPARE(out.messages, {back});
}

void tst_ConnectionMessages::headerAndDestinationMayBeEmpty()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const QList<Message> sent = {Message("payload"), Message({}, "destination", "payload"),
                                 Message("header", {}, "payload")};
    for (const Message &message : sent)
        pair.out->send(message);
    QVERIFY(pair.until([&] { return in.messages.size() == 3; }));
    QCOMPARE(in.messages, sent);
}

void tst_ConnectionMessages::emptyPayloadFailsOnceSendHasReturned()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    ConnectionLog in(pair.in);
    const quint64 id = pair.out->send(Message("header", "destination", {}));
    QVERIFY(out.failures.isEmpty());
    QVERIFY(pair.until([&] { return !out.failures.isEmpty(); }));
    QCOMPARE(out.failures.at(0).id, id);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::MessageInvalid);
    pair.simulation.runFor(1s);
    QVERIFY(in.messages.isEmpty() && in.refused.isEmpty());
    QVERIFY(out.acknowledged.isEmpty());
}

void tst_ConnectionMessages::messageAboveTheOwnLimitFails()
{
    EndpointPair::Setup setup;
    setup.dialler.setMaxMessageSize(1000);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    ConnectionLog in(pair.in);
    const quint64 tooLarge = pair.out->send(Message("12345", "12345", noise(991, 1)));
    const quint64 justRight = pair.out->send(Message("12345", "12345", noise(990, 1)));
    QVERIFY(pair.until([&] { return !out.acknowledged.isEmpty() && !out.failures.isEmpty(); }));
    QCOMPARE(out.acknowledged, {justRight});
    QCOMPARE(out.failures.at(0).id, tooLarge);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::MessageTooLarge);
    QCOMPARE(in.messages.size(), 1);
}

void tst_ConnectionMessages::messageAboveThePeersLimitFailsHereAndNotThere()
{
    EndpointPair::Setup setup;
    setup.acceptor.setMaxMessageSize(1000);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    ConnectionLog in(pair.in);
    const quint64 tooLarge = pair.out->send(Message(noise(1001, 1)));
    const quint64 justRight = pair.out->send(Message(noise(1000, 1)));
    const auto request = pair.out->request(Message(noise(1001, 1)));
    QVERIFY(pair.until([&] { return !out.acknowledged.isEmpty() && request.isFinished(); }));
    QCOMPARE(out.acknowledged, {justRight});
    QCOMPARE(out.failures.at(0).id, tooLarge);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::MessageTooLarge);
    QCOMPARE(request.result().error().code, ErrorCode::MessageTooLarge);
    // The hello has named the limit, so that no byte was sent for nothing.
    QVERIFY(in.refused.isEmpty());
    QCOMPARE(pair.in->stats().messagesRefused, 0u);
}

void tst_ConnectionMessages::everyMessageIsAcknowledgedOnce()
{
    EndpointPair pair({.link = {.loss = 0.05}});
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    QList<quint64> ids;
    for (int i = 0; i < 500; ++i)
        ids.append(pair.out->send(Message(noise(1 + 37 * i, quint32(i)))));
    QVERIFY(!hasDuplicates(ids));
    QVERIFY(out.acknowledged.isEmpty());
    QVERIFY(pair.until([&] { return out.acknowledged.size() >= ids.size(); }));
    pair.simulation.runFor(10s);
    QCOMPARE(sorted(out.acknowledged), sorted(ids));
    QVERIFY(out.failures.isEmpty());
    QCOMPARE(pair.out->sendQueueBytes(), 0);
}

void tst_ConnectionMessages::confirmationFinishesWhenThePeerHasItAll()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto confirmation = pair.out->sendAndConfirm(Message(noise(1 * MB, 1)));
    QVERIFY(!confirmation.isFinished());
    QVERIFY(pair.finish(confirmation));
    QVERIFY(confirmation.result().isOk());
    QCOMPARE(in.messages.size(), 1);
}

void tst_ConnectionMessages::confirmationTellsWhyAMessageFailed()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    const auto empty = pair.out->sendAndConfirm(Message(QByteArray()));
    QVERIFY(pair.finish(empty));
    QCOMPARE(empty.result().error().code, ErrorCode::MessageInvalid);

    const auto unfinished = pair.out->sendAndConfirm(Message("too late"));
    pair.in->close(3);
    QVERIFY(pair.finish(unfinished));
    // They cross: it may also have arrived before the peer was done, but not here.
    QCOMPARE(unfinished.result().error().code, ErrorCode::ClosedByPeer);
}

// ---- order

void tst_ConnectionMessages::higherPriorityLeavesFirst()
{
    EndpointPair pair({.link = {.latency = 15ms, .bytesPerSecond = 1'250'000}});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QByteArray> expected;
    for (const int priority : {7, 1, 0, -1, -2'000'000'000}) {
        for (int i = 0; i < 10; ++i)
            expected.append(QByteArray::number(priority) + '/' + numbered(i) + '/'
                            + QByteArray(5 * KB, 'x'));
    }
    // One burst, the lowest first.
    for (const int priority : {-2'000'000'000, 0, 7, -1, 1}) {
        for (const QByteArray &payload : expected) {
            if (payload.startsWith(QByteArray(QByteArray::number(priority) + '/')))
                pair.out->send(Message(payload), priority);
        }
    }
    QVERIFY(pair.until([&] { return in.messages.size() == expected.size(); }));
    const auto labels = [](const QList<QByteArray> &payloads) {
        QList<QByteArray> list;
        for (const QByteArray &payload : payloads)
            list.append(payload.left(payload.indexOf('x')));
        return list;
    };
    QCOMPARE(labels(in.payloads()), labels(expected));
}

void tst_ConnectionMessages::higherPriorityOvertakesWhatIsUnderWay()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    for (int i = 0; i < 3; ++i)
        pair.out->send(Message(noise(2 * MB, 1)));
    pair.simulation.runFor(1s);
    pair.out->send(Message(noise(2 * MB, 2)), 1);
    QVERIFY(pair.until([&] { return in.messages.size() == 4; }));
    QVERIFY(in.messages.at(0).payload() == noise(2 * MB, 2));
}

void tst_ConnectionMessages::higherPriorityNeedNotWaitForManyLargeMessages()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.dialler.setSendQueueLimit(60 * MB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    for (int i = 0; i < 40; ++i)
        pair.out->send(Message(noise(1 * MB, 1)), i % 2);
    pair.simulation.runFor(1s);
    pair.out->send(Message("urgent", {}, noise(500 * KB, 2)), 2);
    QVERIFY(pair.until([&] { return !in.messages.isEmpty(); }, 2s));
    QCOMPARE(in.messages.at(0).header(), "urgent");
}

void tst_ConnectionMessages::priorityCountsBetweenMessagesAndRequests()
{
    EndpointPair pair({.link = {.latency = 15ms, .bytesPerSecond = 1'250'000}});
    QVERIFY(pair.connect());
    QList<QByteArray> arrived;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in,
                     [&](const Message &message) { arrived.append(message.header()); });
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [&](const Request &request) { arrived.append(request.message().header()); });
    const QByteArray payload(10 * KB, 'x');
    for (int i = 0; i < 5; ++i) {
        pair.out->send(Message("low message", {}, payload), 1);
        pair.out->request(Message("middle request", {}, payload), 2);
        pair.out->send(Message("high message", {}, payload), 3);
    }
    QVERIFY(pair.until([&] { return arrived.size() == 15; }));
    QCOMPARE(arrived,
             QList<QByteArray>(5, "high message") + QList<QByteArray>(5, "middle request")
                 + QList<QByteArray>(5, "low message"));
}

void tst_ConnectionMessages::smallMessagesOvertakeALargeOne_data()
{
    QTest::addColumn<double>("loss");
    QTest::newRow("good link") << 0.0;
    QTest::newRow("1 % loss") << 0.01;
}

void tst_ConnectionMessages::smallMessagesOvertakeALargeOne()
{
    QFETCH(double, loss);
    LinkProfile link = interopLink();
    link.loss = loss;
    EndpointPair pair({.link = link});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    const QByteArray large = noise(15 * MB, 1);
    pair.out->send(Message(large));
    pair.out->send(Message("right behind"));
    pair.simulation.after(1s, [&] { pair.out->send(Message("in the middle")); });
    const auto reply = pair.out->request(Message("a question"));
    QVERIFY(pair.until([&] { return in.messages.size() == 2; }, 3s));
    QVERIFY(pair.finish(reply, 1s));
    QCOMPARE(in.payloads(), QList<QByteArray>({"right behind", "in the middle"}));
    QVERIFY(pair.until([&] { return in.messages.size() == 3; }, 10min));
    QVERIFY(in.messages.at(2).payload() == large);
}

void tst_ConnectionMessages::unansweredRequestsHoldUpNothing()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 150; ++i) // more than the peer allows at once
        replies.append(pair.out->request(Message(numbered(i))));
    pair.simulation.runFor(1s);
    QCOMPARE(in.requests.size(), 100);
    pair.out->send(Message("news"));
    QVERIFY(pair.until([&] { return in.messages.size() == 1; }, 1s));
    const auto back = pair.in->sendAndConfirm(Message("more news"));
    QVERIFY(pair.finish(back, 1s));
}

QTEST_GUILESS_MAIN(tst_ConnectionMessages)
#include "tst_connectionmessages.moc"
