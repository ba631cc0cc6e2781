// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a dial sends with its hello, to acceptors that are honest and to others: nothing of it is reported before the
// peer has greeted, and nothing is kept that was not asked for.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/openingqueue.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;
using Kind = OutgoingMessage::Kind;

RawPeer::Options silentAcceptor()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.hello = {};
    return options;
}

std::shared_ptr<OpeningQueue> makeQueue()
{
    return std::make_shared<OpeningQueue>(16 * MiB, 16 * MiB);
}

Session::DialOptions with(const std::shared_ptr<OpeningQueue> &queue,
                          FirstMessages firstMessages = FirstMessages::WithFinished)
{
    GreetingOptions greeting;
    greeting.queue = queue;
    greeting.firstMessages = firstMessages;
    Session::DialOptions options;
    options.protocol = messageProtocol(
        Protocol::Qp2p1, std::make_shared<MessageOptions>(makeMessageOptions()), greeting);
    return options;
}

// The dialling side's first streams.
constexpr qint64 Control = 0;
constexpr qint64 FirstMessage = 2;
constexpr qint64 FirstRequest = 4;

template<typename T>
qptrdiff position(const EventList &events)
{
    return std::find_if(events.begin(), events.end(),
                        [](const Event &event) { return std::holds_alternative<T>(event.what); })
        - events.begin();
}

} // namespace

class tst_OpeningQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The queue
    void theLimitsAreThoseOfAnOutbox();
    void idsGoOnInTheOutbox();
    void overdueRequestsLeave();
    void itsBytesCountInTheSendBudget();

    // The dial
    void theHelloComesFirst();
    void nothingLeavesEarlyUnlessAsked();
    void acknowledgementsWaitForTheHello();
    void repliesWaitForTheHello();
    void largeRepliesGetNoCreditBeforeTheHello();
    void everythingFailsWithoutAHello();
    void everythingFailsInAnotherNetwork();
    void withoutAControlStreamNothingLeaves();
    void messagesAboveThePeersLimitFail();

    // The acceptor
    void whatComesBeforeTheHelloIsDroppedWithTheRefusal();
};

// ---- the queue

void tst_OpeningQueue::theLimitsAreThoseOfAnOutbox()
{
    OpeningQueue queue(50 * KiB, 100 * KiB);
    QCOMPARE(queue.add(Kind::Message, Message(), 0).refusal.code, ErrorCode::MessageInvalid);
    QCOMPARE(queue.add(Kind::Message, Message(QByteArray(51 * KiB, 'x')), 0).refusal.code,
             ErrorCode::MessageTooLarge);
    QVERIFY(!queue.add(Kind::Message, Message(QByteArray(50 * KiB, 'x')), 0).refusal.isError());
    QVERIFY(queue.hasRoomFor(49 * KiB));
    QVERIFY(!queue.hasRoomFor(50 * KiB)); // each costs 16 bytes more
    const auto refused = queue.add(Kind::Request, Message(QByteArray(50 * KiB, 'x')), 0);
    QCOMPARE(refused.refusal.code, ErrorCode::QueueFull);
    QCOMPARE(refused.id, 4u); // an id of its own nevertheless
    QCOMPARE(queue.queuedBytes(), 50 * KiB + 16);
    QVERIFY(!queue.takeNotice());
    const auto request = queue.add(Kind::Request, Message(QByteArray(40 * KiB, 'x')), 0);
    QVERIFY(!request.refusal.isError());
    QVERIFY(queue.cancel(request.id));
    QVERIFY(!queue.cancel(request.id));
    QVERIFY(!queue.takeNotice()); // more than half is still in use
    OpeningQueue single(50 * KiB, 10 * KiB);
    QVERIFY(!single.add(Kind::Message, Message(QByteArray(50 * KiB, 'x')), 0).refusal.isError());
    QVERIFY(!single.hasRoomFor(1));
}

void tst_OpeningQueue::idsGoOnInTheOutbox()
{
    const auto queue = makeQueue();
    for (int i = 0; i < 3; ++i)
        queue->add(Kind::Message, Message("x"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return queue->isTaken(); }));
    QCOMPARE(queue->queuedBytes(), 0);
    QCOMPARE(attack.victim->send(1, Message("next")), 4u);
}

void tst_OpeningQueue::overdueRequestsLeave()
{
    OpeningQueue queue(MiB, MiB);
    QCOMPARE(queue.nextDeadline(), UINT64_MAX);
    queue.add(Kind::Request, Message("later"), 0, 200);
    queue.add(Kind::Request, Message("sooner"), 0, 100);
    queue.add(Kind::Request, Message("never"), 0);
    QCOMPARE(queue.nextDeadline(), 100u);
    QVERIFY(!queue.takeExpired(99));
    QCOMPARE(queue.takeExpired(150), std::optional<quint64>(2));
    QVERIFY(!queue.takeExpired(150));
    QCOMPARE(queue.nextDeadline(), 200u);
    QCOMPARE(queue.clear(), (std::vector<quint64>{1, 3}));
    QCOMPARE(queue.nextDeadline(), UINT64_MAX);
}

void tst_OpeningQueue::itsBytesCountInTheSendBudget()
{
    SendBudget budget(MiB);
    {
        OpeningQueue queue(10 * MiB, 10 * MiB);
        QVERIFY(!queue.add(Kind::Message, Message(QByteArray(100 * KiB, 'x')), 0).refusal.isError());
        QCOMPARE(budget.queued(), 0);
        queue.chargeTo(budget, publicAddress(1));
        QCOMPARE(budget.queued(), 100 * KiB + 16);
        QVERIFY(!queue.hasRoomFor(900 * KiB));
        const auto refused = queue.add(Kind::Message, Message(QByteArray(900 * KiB, 'x')), 0);
        QCOMPARE(refused.refusal.code, ErrorCode::QueueFull);
        QVERIFY(budget.takeServed().empty()); // it has no session that could be served
        QVERIFY(queue.isNoticeDue());
    }
    QCOMPARE(budget.queued(), 0);
}

// ---- the dial

void tst_OpeningQueue::theHelloComesFirst()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("first of all"), 100);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    std::vector<std::pair<qsizetype, qsizetype>> positions;
    attack.peer.mutateReceived = [&](std::span<quint8> bytes) {
        const QByteArray frames(reinterpret_cast<const char *>(bytes.data()),
                                qsizetype(bytes.size()));
        if (frames.contains("first of all"))
            positions.push_back(
                {frames.indexOf(makeMessageOptions().agent), frames.indexOf("first of all")});
    };
    QVERIFY(attack.wire.runUntil([&] { return !positions.empty(); }));
    QVERIFY(positions.front().first >= 0);
    QVERIFY(positions.front().first < positions.front().second);
}

void tst_OpeningQueue::nothingLeavesEarlyUnlessAsked()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("later"), 0);
    RawPeer::Options options = silentAcceptor();
    Attack attack(options, victimSettings(), with(queue, FirstMessages::AfterGreeting));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isOpen(); })); // it has the hello
    attack.wire.runFor(Seconds);
    QVERIFY(!queue->isTaken());
    QVERIFY(attack.peer.received(FirstMessage).isEmpty());
    attack.peer.send(Control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstMessage).isEmpty(); }));
    QCOMPARE(attack.peer.received(FirstMessage), toWire(Message("later")));
}

void tst_OpeningQueue::acknowledgementsWaitForTheHello()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("early"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstMessage).isEmpty(); }));
    attack.wire.runFor(Seconds);
    QCOMPARE(attack.session()->stats(attack.wire.now).sendQueueBytes, 0); // it is acknowledged
    QCOMPARE(attack.victim->count<Events::Acknowledged>(), 0u);
    attack.peer.send(Control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return attack.isVictimOpen(); }, Seconds));
    QCOMPARE(attack.victim->count<Events::Acknowledged>(), 1u);
    QVERIFY(position<Events::Opened>(attack.victim->events)
            < position<Events::Acknowledged>(attack.victim->events));
    QCOMPARE(attack.session()->stats(attack.wire.now).messagesSent, 1u);
}

void tst_OpeningQueue::repliesWaitForTheHello()
{
    const auto queue = makeQueue();
    queue->add(Kind::Request, Message("early"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstRequest).isEmpty(); }));
    attack.peer.send(FirstRequest, toWire(Message("reply")), Fin::Yes);
    attack.wire.runFor(Seconds);
    QCOMPARE(attack.victim->count<Events::ReplyArrived>(), 0u);
    attack.peer.send(Control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return attack.isVictimOpen(); }, Seconds));
    QCOMPARE(attack.victim->count<Events::ReplyArrived>(), 1u);
    QCOMPARE(attack.victim->last<Events::ReplyArrived>()->id, 1u);
    QCOMPARE(attack.victim->last<Events::ReplyArrived>()->message.payload(), QByteArray("reply"));
    QVERIFY(position<Events::Opened>(attack.victim->events)
            < position<Events::ReplyArrived>(attack.victim->events));
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
}

void tst_OpeningQueue::largeRepliesGetNoCreditBeforeTheHello()
{
    constexpr int Requests =
        3; // of more, the first windows would leave the hello no credit of the connection
    const auto queue = makeQueue();
    for (int i = 0; i < Requests; ++i)
        queue->add(Kind::Request, Message("early"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    const qint64 last = FirstRequest + (Requests - 1) * 4;
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(last).isEmpty(); }));
    const QByteArray reply = toWire(Message(QByteArray(qsizetype(3 * MiB), 'r')));
    for (int i = 0; i < Requests; ++i)
        attack.peer.send(FirstRequest + i * 4, reply, Fin::Yes);
    attack.wire.runFor(2 * Seconds);
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes,
             Requests * qint64(Limits::InitialStreamWindow));
    attack.peer.send(Control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.victim->count<Events::ReplyArrived>() == Requests; }, 20 * Seconds));
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
}

void tst_OpeningQueue::everythingFailsWithoutAHello()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("acknowledged"), 0);
    queue->add(Kind::Request, Message("answered"), 0);
    queue->add(Kind::Request, Message("not answered"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstRequest).isEmpty(); }));
    attack.peer.send(FirstRequest, toWire(Message("reply")), Fin::Yes);
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
    QVERIFY(attack.wire.now <= TimeZero + 11 * Seconds);
    QCOMPARE(attack.victim->count<Events::Acknowledged>(), 0u);
    QCOMPARE(attack.victim->count<Events::ReplyArrived>(), 0u);
    QList<quint64> failed;
    for (const Event &event : attack.victim->events) {
        if (const auto *failure = std::get_if<Events::Failed>(&event.what)) {
            failed.append(failure->id);
            QCOMPARE(failure->error.code, ErrorCode::HandshakeTimeout);
        }
    }
    std::sort(failed.begin(), failed.end());
    QCOMPARE(failed, (QList<quint64>{1, 2, 3}));
}

void tst_OpeningQueue::everythingFailsInAnotherNetwork()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("acknowledged"), 0);
    Attack attack(silentAcceptor(), victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstMessage).isEmpty(); }));
    attack.wire.runFor(Seconds);
    Hello hello;
    hello.networkName = "another";
    attack.peer.send(Control, encode(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->count<Events::Acknowledged>(), 0u);
    QCOMPARE(attack.victim->count<Events::Failed>(), 1u);
    QCOMPARE(attack.victim->last<Events::Failed>()->error.code, ErrorCode::WrongNetwork);
}

void tst_OpeningQueue::withoutAControlStreamNothingLeaves()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message("never"), 0);
    RawPeer::Options options = silentAcceptor();
    options.parameters = [](ngtcp2_transport_params &parameters) {
        parameters.initial_max_streams_bidi = 0;
    };
    Attack attack(options, victimSettings(), with(queue));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    attack.wire.runFor(Seconds);
    QVERIFY(!queue->isTaken());
    QVERIFY(attack.peer.received(FirstMessage).isEmpty());
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
}

void tst_OpeningQueue::messagesAboveThePeersLimitFail()
{
    const auto queue = makeQueue();
    queue->add(Kind::Message, Message(QByteArray(2000, 'l')), 0);
    queue->add(Kind::Message, Message(QByteArray(1000, 's')), 0);
    RawPeer::Options options = silentAcceptor();
    Hello hello;
    hello.maxMessageSize = 1500;
    options.hello = encode(hello);
    Attack attack(options, victimSettings(), with(queue, FirstMessages::AfterGreeting));
    QVERIFY(attack.wire.runUntil([&] { return !attack.peer.received(FirstMessage).isEmpty(); }));
    QCOMPARE(attack.peer.received(FirstMessage), toWire(Message(QByteArray(1000, 's'))));
    QCOMPARE(attack.victim->count<Events::Failed>(), 1u);
    QCOMPARE(attack.victim->last<Events::Failed>()->id, 1u);
    QCOMPARE(attack.victim->last<Events::Failed>()->error.code, ErrorCode::MessageTooLarge);
}

// ---- the acceptor

void tst_OpeningQueue::whatComesBeforeTheHelloIsDroppedWithTheRefusal()
{
    RawPeer::Options options;
    options.hello = {};
    Attack attack(options);
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    QCOMPARE(attack.peer.open(true), Control);
    attack.peer.sendOnNewStream(toWire(Message(QByteArray(100'000, 'm'))));
    attack.peer.sendOnNewStream(toWire(Message("request")), Fin::Yes, true);
    attack.settle();
    QVERIFY(attack.session()->stats(attack.wire.now).inboxBytes > 100'000);
    QVERIFY(attack.victim->router->stats().receiveBudgetUsed > 0);
    Hello hello;
    hello.networkName = "another";
    attack.peer.send(Control, encode(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 0u);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().receiveBudgetUsed, 0);
}

QTEST_GUILESS_MAIN(tst_OpeningQueue)
#include "tst_openingqueue.moc"
