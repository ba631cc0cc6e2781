// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Requests that are held, taken back, overdue, answered in other threads, and replies that wait.

#include <shared/endpointpair.h>
#include <shared/engine/enginesettings.h>
#include <shared/linkprofile.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>
#include <QThread>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 KB = 1000;
constexpr qint64 MB = 1000 * KB;

//! Runs \a work in a thread of its own and waits for it.
void inAnotherThread(const std::function<void()> &work)
{
    const std::unique_ptr<QThread> thread(QThread::create(work));
    thread->start();
    thread->wait();
}

} // namespace

class tst_Requests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onePlaceIsEnoughForTheNextRequest();
    void onePlaceIsEnoughForTheNextMessage();

    void cancelledRequestsFreeTheirPlaces();
    void theAnsweringSideLearnsOfACancellation();
    void aRequestThatWaitsForAPlaceIsCancelled();
    void aCancelledRequestThatNobodyHasSeenIsNotDelivered();
    void aReplyOnItsWayIsCancelled();
    void anHonestRateOfCancellationsIsNoOffence();
    void aFloodOfCancellationsEndsTheConnection();
    void aRequestHasItsTime();
    void aReplyInTimeEndsTheTime();

    void anotherThreadMayDropTheLastCopy();
    void anotherThreadMayAnswer();
    void anotherThreadMayOutliveTheConnection();

    void repliesWaitForTheSendQueue();
    void whoTakesNoRepliesMayNotAskMuch();
};

void tst_Requests::onePlaceIsEnoughForTheNextRequest()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 101; ++i)
        replies.append(pair.out->request(Message("?")));
    pair.simulation.runFor(10s);
    QCOMPARE(in.requests.size(), 100);
    in.requests.takeFirst().reply(Message("!"));
    QVERIFY(pair.until([&] { return in.requests.size() == 100; }, 1s));
}

void tst_Requests::onePlaceIsEnoughForTheNextMessage()
{
    EndpointPair::Setup setup;
    setup.acceptor.setMaxIncomingMessages(100);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    // What waits for the program keeps its place.
    pair.in->pauseReceiving();
    QList<QFuture<Result<void>>> sent;
    for (int i = 0; i < 101; ++i)
        sent.append(pair.out->sendAndConfirm(Message("x")));
    pair.simulation.runFor(10s);
    QCOMPARE(std::count_if(sent.cbegin(), sent.cend(), [](auto &one) { return one.isFinished(); }),
             100);
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, &Connection::pauseReceiving);
    pair.in->resumeReceiving();
    QVERIFY(pair.until([&] { return sent.last().isFinished(); }, 1s));
    QVERIFY(in.messages.size() < 101);
}

void tst_Requests::cancelledRequestsFreeTheirPlaces()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 100; ++i)
        replies.append(pair.out->request(Message("?")));
    QVERIFY(pair.until([&] { return in.requests.size() == 100; }));
    for (QFuture<Result<Message>> &reply : replies)
        reply.cancel();
    const auto next = pair.out->request(Message("and now?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 101; }, 1s));
    in.requests.last().reply(Message("yes"));
    QVERIFY(pair.finish(next));
    QCOMPARE(next.result().value(), Message("yes"));
    pair.simulation.runFor(1s);
    QCOMPARE(pair.out->sendQueueBytes(), 0);
}

void tst_Requests::theAnsweringSideLearnsOfACancellation()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    QList<QByteArray> cancelled;
    QObject::connect(pair.in, &Connection::requestCancelled, pair.in,
                     [&](const Request &request) { cancelled += request.message().payload(); });
    auto first = pair.out->request(Message("first"));
    auto second = pair.out->request(Message("second"));
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));
    first.cancel();
    QVERIFY(pair.until([&] { return !cancelled.isEmpty(); }, 1s));
    QCOMPARE(cancelled, {QByteArray("first")});
    QVERIFY(in.requests.at(0).isCancelled());
    QVERIFY(!in.requests.at(1).isCancelled());
    QCOMPARE(in.requests.at(0).reply(Message("late")).result().error().code, ErrorCode::Cancelled);
    in.requests.at(1).reply(Message("2"));
    QVERIFY(pair.finish(second));
    QCOMPARE(second.result().value(), Message("2"));
    // Here there is no trace of it.
    QVERIFY(out.failures.isEmpty());
    QCOMPARE(first.resultCount(), 0);
}

void tst_Requests::aRequestThatWaitsForAPlaceIsCancelled()
{
    EndpointPair::Setup setup;
    setup.acceptor.setMaxIncomingRequests(1);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto first = pair.out->request(Message("first"));
    auto second = pair.out->request(Message("second"));
    const auto third = pair.out->request(Message("third"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    const qint64 queued = pair.out->sendQueueBytes();
    second.cancel();
    pair.simulation.runFor(1s);
    QVERIFY(pair.out->sendQueueBytes() < queued);
    in.requests.at(0).reply(Message("1"));
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));
    QCOMPARE(in.requests.at(1).message(), Message("third"));
}

void tst_Requests::aCancelledRequestThatNobodyHasSeenIsNotDelivered()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    int cancelled = 0;
    QObject::connect(pair.in, &Connection::requestCancelled, pair.in, [&] { ++cancelled; });
    pair.in->pauseReceiving();
    auto first = pair.out->request(Message("first"));
    auto second = pair.out->request(Message("second"));
    pair.simulation.runFor(1s);
    first.cancel();
    pair.simulation.runFor(1s);
    pair.in->resumeReceiving();
    pair.simulation.runFor(1s);
    QCOMPARE(in.requests.size(), 1);
    QCOMPARE(in.requests.at(0).message(), Message("second"));
    QCOMPARE(cancelled, 0);
    QCOMPARE(pair.in->stats().inboxBytes, 0);
}

void tst_Requests::aReplyOnItsWayIsCancelled()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    auto request = pair.out->request(Message("all of it"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    const auto reply = in.requests.at(0).reply(Message(noise(10 * MB, 1)));
    pair.simulation.runFor(1s);
    QVERIFY(!reply.isFinished());
    request.cancel();
    QVERIFY(pair.until([&] { return reply.isFinished(); }, 1s));
    QCOMPARE(reply.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(pair.in->sendQueueBytes(), 0);
    QCOMPARE(pair.out->stats().inboxBytes, 0);
}

void tst_Requests::anHonestRateOfCancellationsIsNoOffence()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    const ConnectionLog in(pair.in); // keeps the requests
    for (int tick = 0; tick < 300; ++tick) { // 150 a second
        QList<QFuture<Result<Message>>> requests;
        for (int i = 0; i < 15; ++i)
            requests.append(pair.out->request(Message("?")));
        pair.simulation.runFor(50ms);
        for (auto &request : requests)
            request.cancel();
        pair.simulation.runFor(50ms);
    }
    QVERIFY(pair.out && pair.in);
}

void tst_Requests::aFloodOfCancellationsEndsTheConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog acceptor(pair.acceptor.get());
    const ConnectionLog in(pair.in); // keeps the requests
    for (int tick = 0; tick < 100 && pair.out; ++tick) { // 1,000 a second
        QList<QFuture<Result<Message>>> requests;
        for (int i = 0; i < 100; ++i)
            requests.append(pair.out->request(Message("?")));
        pair.simulation.runFor(50ms);
        for (auto &request : requests)
            request.cancel();
        pair.simulation.runFor(50ms);
    }
    QVERIFY(!pair.in);
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::Misbehaviour);
}

void tst_Requests::aRequestHasItsTime()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto request = pair.out->request(Message("?"), 0, 3s);
    const auto taken = pair.timeUntil([&] { return request.isFinished(); });
    QCOMPARE(request.result().error().code, ErrorCode::RequestTimeout);
    QVERIFY2(taken >= 3s && taken < 3100ms, qPrintable(QString::number(taken.count())));
    QVERIFY(pair.until([&] { return in.requests.at(0).isCancelled(); }, 1s));
    QVERIFY(pair.out);

    // One that never left, too.
    pair.cut();
    for (int i = 0; i < 200; ++i)
        pair.out->request(Message("?"));
    const auto last = pair.out->request(Message("?"), 0, 2s);
    QVERIFY(pair.until([&] { return last.isFinished(); }, 2100ms));
    QCOMPARE(last.result().error().code, ErrorCode::RequestTimeout);
}

void tst_Requests::aReplyInTimeEndsTheTime()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    const auto request = pair.out->request(Message("?"), 0, 3s);
    const auto unlimited = pair.out->request(Message("?"), 0, std::chrono::milliseconds::max());
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));
    in.requests.at(0).reply(Message("!"));
    pair.simulation.runFor(10s);
    QCOMPARE(request.result().value(), Message("!"));
    QVERIFY(out.failures.isEmpty());
    QVERIFY(!unlimited.isFinished());
}

void tst_Requests::anotherThreadMayDropTheLastCopy()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    QByteArray seen;
    QObject::connect(pair.in, &Connection::requestReceived, pair.in, [&](const Request &request) {
        inAnotherThread([&seen, copy = request] { seen = copy.message().payload(); });
    });
    const auto request = pair.out->request(Message("?"));
    QVERIFY(pair.finish(request));
    QCOMPARE(seen, "?");
    QCOMPARE(request.result().error().code, ErrorCode::NoReply);

    ConnectionLog in(pair.in); // keeps them
    const auto second = pair.out->request(Message("?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    inAnotherThread(
        [last = std::make_shared<Request>(in.requests.takeFirst())]() mutable { last.reset(); });
    QVERIFY(pair.finish(second));
    QCOMPARE(second.result().error().code, ErrorCode::NoReply);
}

void tst_Requests::anotherThreadMayAnswer()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto first = pair.out->request(Message("1"));
    const auto second = pair.out->request(Message("2"));
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));
    QFuture<Result<void>> reply;
    inAnotherThread([&] {
        reply = in.requests.at(0).reply(Message("one"));
        in.requests.at(1).reject(7);
    });
    QVERIFY(pair.finish(first) && pair.finish(second) && pair.finish(reply));
    QCOMPARE(first.result().value(), Message("one"));
    QCOMPARE(second.result().error().closeCode, 7u);
    QVERIFY(reply.result().isOk());
}

void tst_Requests::anotherThreadMayOutliveTheConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto request = pair.out->request(Message("?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    pair.acceptor.reset();
    QVERIFY(in.requests.at(0).isCancelled());
    QFuture<Result<void>> reply;
    inAnotherThread([&, last = in.requests.takeFirst()] { reply = last.reply(Message("!")); });
    QVERIFY(reply.isFinished());
    QCOMPARE(reply.result().error().code, ErrorCode::ClosedLocally);
}

void tst_Requests::repliesWaitForTheSendQueue()
{
    EndpointPair::Setup setup{.link = interopLink()};
    setup.acceptor.setSendQueueLimit(100 * KB);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> requests;
    for (int i = 0; i < 30; ++i)
        requests.append(pair.out->request(Message("?")));
    QVERIFY(pair.until([&] { return in.requests.size() == 30; }));
    QList<QFuture<Result<void>>> replies;
    for (const Request &request : std::as_const(in.requests))
        replies.append(request.reply(Message(noise(60 * KB, 1))));
    // What the program begins itself must stand back.
    QVERIFY(!pair.in->canSend(1));
    for (int i = 0; i < 30; ++i) {
        QVERIFY(pair.finish(requests.at(i)) && pair.finish(replies.at(i)));
        QVERIFY(requests.at(i).result().value().payload() == noise(60 * KB, 1));
        QVERIFY(replies.at(i).result().isOk());
    }
    QVERIFY(pair.in->canSend(1));
    QCOMPARE(pair.in->sendQueueBytes(), 0);
}

void tst_Requests::whoTakesNoRepliesMayNotAskMuch()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    // Nothing comes back while the way there is good: the acknowledgements that it needs do.
    pair.out->pauseReceiving();
    constexpr int Count = 40;
    QList<QFuture<Result<Message>>> requests;
    qint64 most = 0;
    const QByteArray payload = noise(4 * MB, 1);
    for (int i = 0; i < Count;) {
        if (pair.out->canSend(payload.size())) {
            requests.append(pair.out->request(Message(payload)));
            ++i;
        } else {
            pair.simulation.runFor(10ms);
            most = std::max(most, pair.in->sendQueueBytes() + pair.in->stats().inboxBytes);
        }
    }
    for (const auto &request : std::as_const(requests)) {
        QVERIFY(pair.finish(request, 10min));
        QVERIFY(request.result().value().payload() == payload);
    }
    QVERIFY2(most < 60 * MB, qPrintable(QString::number(most)));
}

QTEST_GUILESS_MAIN(tst_Requests)
#include "tst_requests.moc"
