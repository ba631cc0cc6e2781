// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Requests of a Connection and their replies.

#include <shared/endpointpair.h>

#include <QTest>

#include <algorithm>

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

} // namespace

class tst_ConnectionRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void replyReachesItsRequest();
    void repliesComeInAnyOrder();
    void requestsTravelBothWaysAtOnce();
    void replyMayTakeAnHour();
    void largeRequestsAndRepliesArrive();
    void rejectedRequestFailsWithTheCode();
    void forgottenRequestFailsWithNoReply();
    void onlyTheFirstAnswerCounts();
    void replyThatCannotBeSentEndsTheRequest_data();
    void replyThatCannotBeSentEndsTheRequest();
    void replyToAClosedConnectionIsDropped();
    void requestsAboveThePeersLimitWaitForTheirTurn();
    void cancelledRequestDropsItsReply();
    void openRequestsFailWithTheConnection();
};

void tst_ConnectionRequests::replyReachesItsRequest()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    const Message question("header", "destination", "question");
    const Message answer("h", "d", "answer");
    const auto reply = pair.out->request(question);
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    QCOMPARE(in.requests.at(0).message(), question);
    QVERIFY(!in.requests.at(0).isAnswered());
    const auto arrival = in.requests.at(0).reply(answer);
    QVERIFY(in.requests.at(0).isAnswered());
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().value(), answer);
    QVERIFY(pair.finish(arrival));
    QVERIFY(arrival.result().isOk());
    // Neither is an ordinary message.
    QVERIFY(in.messages.isEmpty() && out.messages.isEmpty());
    QVERIFY(out.acknowledged.isEmpty());
}

void tst_ConnectionRequests::repliesComeInAnyOrder()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 5; ++i)
        replies.append(pair.out->request(Message(numbered(i))));
    QVERIFY(pair.until([&] { return in.requests.size() == 5; }));
    for (const int which : {3, 0, 4, 1, 2}) {
        const Request &request = in.requests.at(which);
        request.reply(Message("re: " + request.message().payload()));
        const int number = request.message().payload().toInt();
        QVERIFY(pair.finish(replies.at(number)));
        QCOMPARE(replies.at(number).result().value().payload(), "re: " + numbered(number));
    }
    QCOMPARE(std::count_if(replies.begin(), replies.end(),
                           [](const auto &reply) { return reply.isFinished(); }),
             5);
}

void tst_ConnectionRequests::requestsTravelBothWaysAtOnce()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    for (Connection *connection : {pair.in.data(), pair.out.data()})
        QObject::connect(connection, &Connection::requestReceived, connection,
                         [name = connection == pair.in ? "in " : "out "](const Request &request) {
                             request.reply(Message(name + request.message().payload()));
                         });
    QList<QFuture<Result<Message>>> fromOut;
    QList<QFuture<Result<Message>>> fromIn;
    for (int i = 0; i < 50; ++i) {
        fromOut.append(pair.out->request(Message(numbered(i))));
        fromIn.append(pair.in->request(Message(numbered(i))));
    }
    for (int i = 0; i < 50; ++i) {
        QVERIFY(pair.finish(fromOut.at(i)) && pair.finish(fromIn.at(i)));
        QCOMPARE(fromOut.at(i).result().value().payload(), "in " + numbered(i));
        QCOMPARE(fromIn.at(i).result().value().payload(), "out " + numbered(i));
    }
}

void tst_ConnectionRequests::replyMayTakeAnHour()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto reply = pair.out->request(Message("think about it"));
    pair.simulation.runFor(1h);
    QVERIFY(!reply.isFinished());
    in.requests.at(0).reply(Message("42"));
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().value(), Message("42"));
}

void tst_ConnectionRequests::largeRequestsAndRepliesArrive()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const Message question(noise(10 * MB, 1));
    const Message answer(noise(10 * MB, 2));
    const auto reply = pair.out->request(question);
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    QVERIFY(in.requests.at(0).message() == question);
    in.requests.at(0).reply(answer);
    QVERIFY(pair.finish(reply));
    QVERIFY(reply.result().value() == answer);
}

void tst_ConnectionRequests::rejectedRequestFailsWithTheCode()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto reply = pair.out->request(Message("may I?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    in.requests.at(0).reject(403);
    QVERIFY(in.requests.at(0).isAnswered());
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().error().code, ErrorCode::NoReply);
    QCOMPARE(reply.result().error().closeCode, 403u);
    QCOMPARE(pair.out->state(), Connection::State::Open);
}

void tst_ConnectionRequests::forgottenRequestFailsWithNoReply()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto reply = pair.out->request(Message("hello?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    {
        const Request copy = in.requests.takeFirst();
        pair.simulation.runFor(1min);
        QVERIFY(!reply.isFinished()); // one copy is left
    }
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().error().code, ErrorCode::NoReply);
    QCOMPARE(pair.out->state(), Connection::State::Open);
}

void tst_ConnectionRequests::onlyTheFirstAnswerCounts()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto first = pair.out->request(Message("1"));
    const auto second = pair.out->request(Message("2"));
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));

    const Request copy = in.requests.at(0);
    const auto firstReply = copy.reply(Message("first"));
    const auto again = in.requests.at(0).reply(Message("second"));
    QCOMPARE(again.result().error().code, ErrorCode::WrongState);
    in.requests.at(0).reject(7);

    in.requests.at(1).reject(8);
    QCOMPARE(in.requests.at(1).reply(Message("too late")).result().error().code,
             ErrorCode::WrongState);

    QVERIFY(pair.finish(first) && pair.finish(second));
    QCOMPARE(first.result().value(), Message("first"));
    QCOMPARE(second.result().error().closeCode, 8u);
    QVERIFY(pair.finish(firstReply));
    QVERIFY(firstReply.result().isOk());
    QCOMPARE(Request().reply(Message("to nobody")).result().error().code, ErrorCode::ClosedLocally);
}

void tst_ConnectionRequests::replyThatCannotBeSentEndsTheRequest_data()
{
    QTest::addColumn<Message>("reply");
    QTest::addColumn<ErrorCode>("error");
    QTest::newRow("empty") << Message(QByteArray()) << ErrorCode::MessageInvalid;
    QTest::newRow("too large") << Message(noise(1001, 1)) << ErrorCode::MessageTooLarge;
}

void tst_ConnectionRequests::replyThatCannotBeSentEndsTheRequest()
{
    QFETCH(Message, reply);
    QFETCH(ErrorCode, error);
    EndpointPair::Setup setup;
    setup.acceptor.setMaxMessageSize(1000);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto request = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    const auto answer = in.requests.at(0).reply(reply);
    QVERIFY(pair.finish(answer));
    QCOMPARE(answer.result().error().code, error);
    // The peer is not left to wait for what will never come.
    QVERIFY(pair.finish(request));
    QCOMPARE(request.result().error().code, ErrorCode::NoReply);
}

void tst_ConnectionRequests::replyToAClosedConnectionIsDropped()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto request = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    pair.out->close();
    QVERIFY(pair.until([&] { return !pair.in; }));
    QVERIFY(in.requests.at(0).isCancelled());
    QCOMPARE(in.requests.at(0).reply(Message("answer")).result().error().code,
             ErrorCode::ClosedLocally);
    in.requests.at(0).reject(1);
    QCOMPARE(request.result().error().code, ErrorCode::ClosedLocally);
}

void tst_ConnectionRequests::requestsAboveThePeersLimitWaitForTheirTurn()
{
    EndpointPair::Setup setup;
    setup.acceptor.setMaxIncomingRequests(2);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 10; ++i)
        replies.append(pair.out->request(Message(numbered(i))));
    for (int answered = 0; answered < 10; ++answered) {
        pair.simulation.runFor(1s);
        QCOMPARE(in.requests.size(), std::min(2, 10 - answered));
        const Request request = in.requests.takeFirst();
        request.reply(request.message());
    }
    for (int i = 0; i < 10; ++i) {
        QVERIFY(pair.finish(replies.at(i)));
        QCOMPARE(replies.at(i).result().value().payload(), numbered(i));
    }
}

void tst_ConnectionRequests::cancelledRequestDropsItsReply()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    auto reply = pair.out->request(Message("never mind"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    reply.cancel();
    in.requests.at(0).reply(Message("here you are"));
    pair.simulation.runFor(1s);
    QVERIFY(reply.isFinished());
    QCOMPARE(reply.resultCount(), 0);
    const auto next = pair.out->request(Message("and now?"));
    QVERIFY(pair.until([&] { return in.requests.size() == 2; }));
    in.requests.at(1).reply(Message("yes"));
    QVERIFY(pair.finish(next));
    QCOMPARE(next.result().value(), Message("yes"));
}

void tst_ConnectionRequests::openRequestsFailWithTheConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto fromOut = pair.out->request(Message("question"));
    const auto fromIn = pair.in->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    pair.in->close(5, QStringLiteral("no time"));
    QVERIFY(pair.finish(fromOut) && pair.finish(fromIn));
    QCOMPARE(fromOut.result().error().code, ErrorCode::ClosedByPeer);
    QCOMPARE(fromOut.result().error().closeCode, 5u);
    QCOMPARE(fromIn.result().error().code, ErrorCode::ClosedLocally);
}

QTEST_GUILESS_MAIN(tst_ConnectionRequests)
#include "tst_connectionrequests.moc"
