// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a program may expect of a Connection: messages, requests, priorities, its end, its figures.
#include <shared/endpointpair.h>

#include <QTest>

#include <algorithm>
#include <set>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;
constexpr quint64 LargestCode = (quint64(1) << 60) - 1;

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

QString inSeconds(std::chrono::nanoseconds time)
{
    return QString::number(double(time.count()) / 1e9);
}

bool hasDuplicates(const QList<quint64> &list)
{
    return std::set<quint64>(list.begin(), list.end()).size() != size_t(list.size());
}

EndpointConfig quietConfig(std::chrono::milliseconds idleTimeout)
{
    EndpointConfig config;
    config.setIdleTimeout(idleTimeout);
    config.setKeepAliveInterval(0ms);
    return config;
}

//! A machine whose program can be too busy to return to its event loop for a while.
class BusyEnvironment final : public Io::Environment
{
public:
    explicit BusyEnvironment(Simulation::Host host)
        : m_host(std::move(host))
    {
    }

    void setBusy() { m_state->busy = true; }
    //! What was due meanwhile happens now, in the order that is worst: deadlines first.
    void returnToEventLoop()
    {
        m_state->busy = false;
        for (const auto &timeout : std::exchange(m_state->timeouts, {}))
            timeout();
        for (const auto &readable : std::exchange(m_state->readable, {}))
            readable();
    }

    quint64 now() override { return m_host->now(); }
    qint64 wallClock() override { return m_host->wallClock(); }
    void random(std::span<quint8> bytes) override { m_host->random(bytes); }
    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return m_host->makeTimer([state = m_state, onTimeout = std::move(onTimeout)] {
            if (state->busy)
                state->timeouts.push_back(onTimeout);
            else
                onTimeout();
        });
    }
    Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                             quint16 port) override
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            return opened.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<Channel>(std::move(opened).value(), m_state));
    }

private:
    struct State
    {
        bool busy = false;
        std::vector<std::function<void()>> timeouts;
        std::vector<std::function<void()>> readable;
    };

    class Channel final : public Io::DatagramChannel
    {
    public:
        Channel(std::unique_ptr<Io::DatagramChannel> channel, const std::shared_ptr<State> &state)
            : m_channel(std::move(channel))
        {
            m_channel->onReadable = [this, state] {
                if (state->busy)
                    state->readable.push_back([this] { onReadable(); });
                else
                    onReadable();
            };
        }
        Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override
        {
            return m_channel->receive(maxDatagrams, maxBytes, sink);
        }
        Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
        {
            return m_channel->send(datagrams);
        }
        Engine::SocketAddress localAddress() const override { return m_channel->localAddress(); }
        size_t maxSegments() const override { return m_channel->maxSegments(); }

    private:
        const std::unique_ptr<Io::DatagramChannel> m_channel;
    };

    const Simulation::Host m_host;
    const std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace

class tst_Connection : public QObject
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

    // Requests
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

    // Order
    void higherPriorityLeavesFirst();
    void higherPriorityOvertakesWhatIsUnderWay();
    void higherPriorityNeedNotWaitForManyLargeMessages();
    void priorityCountsBetweenMessagesAndRequests();
    void smallMessagesOvertakeALargeOne_data();
    void smallMessagesOvertakeALargeOne();
    void unansweredRequestsHoldUpNothing();

    // Numbers
    void thousandsOfRequestsAreMultiplexed();
    void tenThousandTinyMessagesArrive();
    void hundredConnectionsEcho();
    void largeMessagesOfManyConnectionsEcho();
    void manyMessagesOverASlowLinkAllArrive();
    void messageThatOthersOvertakeForLongArrives();

    // The end
    void closeTellsCodeAndReason_data();
    void closeTellsCodeAndReason();
    void longReasonIsCutAtACharacter_data();
    void longReasonIsCutAtACharacter();
    void reservedCodeBecomesZero_data();
    void reservedCodeBecomesZero();
    void bothMayCloseAtOnce();
    void secondCloseChangesNothing();
    void unacknowledgedMessagesFailAtBothSides();
    void messagesSentJustBeforeTheEndAreDelivered();
    void messagesThatComeTogetherWithTheEndAreDelivered();
    void nothingIsDeliveredAfterClose();
    void closedConnectionRefusesEverything();
    void closedConnectionStillKnowsItsFacts();

    // Silence
    void idleConnectionEndsAtBothSides_data();
    void idleConnectionEndsAtBothSides();
    void keepAliveOfOneSideIsEnoughForAnHour_data();
    void keepAliveOfOneSideIsEnoughForAnHour();
    void deadPathEndsBothSides_data();
    void deadPathEndsBothSides();
    void outageShorterThanTheIdleTimeLosesNoMessage();
    void restartedPeerResetsTheConnection();
    void busyProgramDoesNotLoseItsConnection();

    // What it knows
    void bothSidesKnowEachOther();
    void movedPeerKeepsItsConnection_data();
    void movedPeerKeepsItsConnection();
    void acceptorThatSeemsToMoveIsNotFollowed();
    void statsTellWhatHappened();
    void statsCountLostPackets();
};

// ---- messages

void tst_Connection::allThreePartsOfAMessageArrive()
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

void tst_Connection::headerAndDestinationMayBeEmpty()
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

void tst_Connection::emptyPayloadFailsOnceSendHasReturned()
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

void tst_Connection::messageAboveTheOwnLimitFails()
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

void tst_Connection::messageAboveThePeersLimitFailsHereAndNotThere()
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
    // The hello has told the limit, so that not a byte was sent in vain.
    QVERIFY(in.refused.isEmpty());
    QCOMPARE(pair.in->stats().messagesRefused, 0u);
}

void tst_Connection::everyMessageIsAcknowledgedOnce()
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

void tst_Connection::confirmationFinishesWhenThePeerHasItAll()
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

void tst_Connection::confirmationTellsWhyAMessageFailed()
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

// ---- requests

void tst_Connection::replyReachesItsRequest()
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

void tst_Connection::repliesComeInAnyOrder()
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

void tst_Connection::requestsTravelBothWaysAtOnce()
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

void tst_Connection::replyMayTakeAnHour()
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

void tst_Connection::largeRequestsAndRepliesArrive()
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

void tst_Connection::rejectedRequestFailsWithTheCode()
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

void tst_Connection::forgottenRequestFailsWithNoReply()
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

void tst_Connection::onlyTheFirstAnswerCounts()
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

void tst_Connection::replyThatCannotBeSentEndsTheRequest_data()
{
    QTest::addColumn<Message>("reply");
    QTest::addColumn<ErrorCode>("error");
    QTest::newRow("empty") << Message(QByteArray()) << ErrorCode::MessageInvalid;
    QTest::newRow("too large") << Message(noise(1001, 1)) << ErrorCode::MessageTooLarge;
}

void tst_Connection::replyThatCannotBeSentEndsTheRequest()
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

void tst_Connection::replyToAClosedConnectionIsDropped()
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

void tst_Connection::requestsAboveThePeersLimitWaitForTheirTurn()
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

void tst_Connection::cancelledRequestDropsItsReply()
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

void tst_Connection::openRequestsFailWithTheConnection()
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

// ---- order

void tst_Connection::higherPriorityLeavesFirst()
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

void tst_Connection::higherPriorityOvertakesWhatIsUnderWay()
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

void tst_Connection::higherPriorityNeedNotWaitForManyLargeMessages()
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

void tst_Connection::priorityCountsBetweenMessagesAndRequests()
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

void tst_Connection::smallMessagesOvertakeALargeOne_data()
{
    QTest::addColumn<double>("loss");
    QTest::newRow("good link") << 0.0;
    QTest::newRow("1 % loss") << 0.01;
}

void tst_Connection::smallMessagesOvertakeALargeOne()
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

void tst_Connection::unansweredRequestsHoldUpNothing()
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

// ---- numbers

void tst_Connection::thousandsOfRequestsAreMultiplexed()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 1999; ++i)
        replies.append(pair.out->request(Message(noise(32, quint32(i)))));
    for (int i = 0; i < 1999; ++i) {
        QVERIFY(pair.finish(replies.at(i)));
        QCOMPARE(replies.at(i).result().value().payload(), noise(32, quint32(i)));
    }
}

void tst_Connection::tenThousandTinyMessagesArrive()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    QList<QByteArray> sent;
    for (int i = 0; i < 10'000; ++i) {
        sent.append(noise(8, quint32(i)));
        pair.out->send(Message(sent.last()));
    }
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 10'000; }));
    QCOMPARE(sorted(in.payloads()), sorted(sent));
    QCOMPARE(pair.in->stats().messagesReceived, 10'000u);
    QCOMPARE(pair.out->stats().messagesSent, 10'000u);
}

namespace {

//! Many hosts that dial one; whatever they send to it comes back.
struct Echo
{
    explicit Echo(int count)
    {
        simulation.setDefaultLink({.latency = 5ms});
        EndpointConfig config;
        config.setIdentity(sharedIdentity(0));
        host = simulation.host({QHostAddress(QStringLiteral("10.0.0.1"))});
        acceptor = std::make_unique<Endpoint>(config, host);
        QObject::connect(
            acceptor.get(), &Endpoint::connectionOpened, acceptor.get(), [](Connection *connection) {
                QObject::connect(
                    connection, &Connection::messageReceived, connection,
                    [connection](const Message &message) { connection->send(message); });
                QObject::connect(connection, &Connection::requestReceived, connection,
                                 [](const Request &request) { request.reply(request.message()); });
            });
        if (!acceptor->listen())
            return;
        QList<QFuture<Result<QPointer<Connection>>>> dials;
        for (int i = 0; i < count; ++i) {
            config.setIdentity(sharedIdentity(i + 1));
            const auto own = simulation.host({QHostAddress(0x0a000100u + quint32(i))});
            diallers.push_back(std::make_unique<Endpoint>(config, own));
            dials.append(diallers.back()->connectTo(
                PeerAddress(QHostAddress(QStringLiteral("10.0.0.1")), acceptor->localPort())));
        }
        simulation.runUntil(
            [&] {
                return std::all_of(dials.begin(), dials.end(),
                                   [](const auto &dial) { return dial.isFinished(); });
            },
            30s);
        for (const auto &dial : dials) {
            if (dial.isFinished() && dial.result())
                connections.append(dial.result().value());
        }
    }

    Simulation simulation;
    Simulation::Host host;
    std::unique_ptr<Endpoint> acceptor;
    std::vector<std::unique_ptr<Endpoint>> diallers;
    QList<QPointer<Connection>> connections;
};

} // namespace

void tst_Connection::hundredConnectionsEcho()
{
    Echo echo(100);
    QCOMPARE(echo.connections.size(), 100);
    std::vector<std::unique_ptr<ConnectionLog>> logs;
    QList<QList<QByteArray>> sent(100);
    for (int c = 0; c < 100; ++c) {
        logs.push_back(std::make_unique<ConnectionLog>(echo.connections.at(c)));
        for (int i = 0; i < 100; ++i) {
            sent[c].append(noise(200, quint32(c * 1000 + i)));
            echo.connections.at(c)->send(Message(sent[c].last()));
        }
    }
    QVERIFY(echo.simulation.runUntil(
        [&] {
            return std::all_of(logs.begin(), logs.end(),
                               [](const auto &log) { return log->messages.size() == 100; });
        },
        60s));
    for (int c = 0; c < 100; ++c)
        QCOMPARE(sorted(logs[size_t(c)]->payloads()), sorted(sent[c]));
}

void tst_Connection::largeMessagesOfManyConnectionsEcho()
{
    Echo echo(10);
    QCOMPARE(echo.connections.size(), 10);
    std::vector<std::unique_ptr<ConnectionLog>> logs;
    QList<QFuture<Result<Message>>> replies;
    for (int c = 0; c < 10; ++c) {
        logs.push_back(std::make_unique<ConnectionLog>(echo.connections.at(c)));
        for (int i = 0; i < 5; ++i) {
            echo.connections.at(c)->send(Message(noise(1 * MB, quint32(c * 10 + i))));
            replies.append(
                echo.connections.at(c)->request(Message(noise(1 * MB, quint32(c * 10 + i)))));
        }
    }
    QVERIFY(echo.simulation.runUntil(
        [&] {
            return std::all_of(logs.begin(), logs.end(),
                               [](const auto &log) { return log->messages.size() == 5; })
                && std::all_of(replies.begin(), replies.end(),
                               [](const auto &reply) { return reply.isFinished(); });
        },
        60s));
    for (int c = 0; c < 10; ++c) {
        QList<QByteArray> sent;
        for (int i = 0; i < 5; ++i) {
            sent.append(noise(1 * MB, quint32(c * 10 + i)));
            QVERIFY(replies.at(c * 5 + i).result().value().payload() == sent.last());
        }
        QVERIFY(sorted(logs[size_t(c)]->payloads()) == sorted(sent));
    }
}

void tst_Connection::manyMessagesOverASlowLinkAllArrive()
{
    // A hundred pictures over 1 Mbit/s: two minutes in all. Each on its own is slow, but the peer
    // does all that it can, and no deadline may count that against it.
    EndpointPair pair({.link = {.latency = 30ms, .bytesPerSecond = 125'000, .queueLimit = 25}});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    for (int i = 0; i < 100; ++i)
        pair.out->send(Message(noise(150 * KB, quint32(i))));
    QVERIFY(pair.until([&] { return out.acknowledged.size() + out.failures.size() == 100; }, 10min));
    QCOMPARE(out.failures.size(), 0);
    QCOMPARE(in.refused.size(), 0);
    QCOMPARE(in.messages.size(), 100);
}

void tst_Connection::messageThatOthersOvertakeForLongArrives()
{
    EndpointPair pair({.link = {.latency = 30ms, .bytesPerSecond = 125'000, .queueLimit = 25}});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    pair.out->send(Message(noise(1 * MB, 1)));
    pair.simulation.runFor(1s);
    pair.out->send(Message(noise(5 * MB, 2)), 1); // 40 s in which nothing comes of the first
    QVERIFY(pair.until([&] { return out.acknowledged.size() + out.failures.size() == 2; }, 5min));
    QCOMPARE(out.failures.size(), 0);
    QCOMPARE(in.messages.size(), 2);
    QVERIFY(in.messages.at(0).payload() == noise(5 * MB, 2));
}

// ---- the end

void tst_Connection::closeTellsCodeAndReason_data()
{
    QTest::addColumn<bool>("diallerCloses");
    QTest::addColumn<quint64>("code");
    QTest::addColumn<QString>("reason");
    for (const bool dialler : {true, false}) {
        const char *who = dialler ? "dialler" : "acceptor";
        QTest::addRow("%s: nothing", who) << dialler << quint64(0) << QString();
        QTest::addRow("%s: 7", who) << dialler << quint64(7) << QStringLiteral("enough");
        QTest::addRow("%s: largest", who) << dialler << LargestCode << QString(1000, u'r');
        QTest::addRow("%s: UTF-8", who)
            << dialler << quint64(1) << QString::fromUtf8("schöne Grüße, 再见 👋");
    }
}

void tst_Connection::closeTellsCodeAndReason()
{
    QFETCH(bool, diallerCloses);
    QFETCH(quint64, code);
    QFETCH(QString, reason);
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    EndpointLog &near = diallerCloses ? dialler : acceptor;
    EndpointLog &far = diallerCloses ? acceptor : dialler;
    (diallerCloses ? pair.out : pair.in)->close(code, reason);
    QVERIFY(near.closed.isEmpty());
    QVERIFY(pair.until([&] { return !near.closed.isEmpty() && !far.closed.isEmpty(); }, 1s));

    QCOMPARE(far.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(far.closed.at(0).reason.closeCode, code);
    QCOMPARE(far.closed.at(0).reason.closeReason, reason);
    QCOMPARE(near.closed.at(0).reason.code, ErrorCode::ClosedLocally);
    QCOMPARE(near.closed.at(0).reason.closeCode, code);
    QCOMPARE(near.closed.at(0).reason.closeReason, reason);
    pair.simulation.runFor(1min);
    QCOMPARE(near.closed.size(), 1);
    QCOMPARE(far.closed.size(), 1);
    QVERIFY(!pair.in && !pair.out); // deleted
    QVERIFY(pair.acceptor->connections().isEmpty() && pair.dialler->connections().isEmpty());
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().connections, 0);
}

void tst_Connection::longReasonIsCutAtACharacter_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("expected");
    const QString umlauts(2000, QChar(0xe4)); // two bytes each
    QTest::newRow("one byte") << QString(5000, u'r') << QString(1000, u'r');
    QTest::newRow("two bytes, even") << umlauts << umlauts.left(500);
    QTest::newRow("two bytes, odd") << u'x' + umlauts << u'x' + umlauts.left(499);
    const QString waves = QString::fromUtf8("👋").repeated(300); // four bytes, a surrogate pair
    for (int shift = 1; shift < 4; ++shift)
        QTest::addRow("four bytes, %d over", shift)
            << QString(shift, u'x') + waves << QString(shift, u'x') + waves.left(498);
}

void tst_Connection::longReasonIsCutAtACharacter()
{
    QFETCH(QString, reason);
    QFETCH(QString, expected);
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1, reason);
    QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
    QCOMPARE(acceptor.closed.at(0).reason.closeReason, expected);
}

void tst_Connection::reservedCodeBecomesZero_data()
{
    QTest::addColumn<quint64>("code");
    QTest::newRow("first") << LargestCode + 1;
    QTest::newRow("one of the library") << LargestCode + 2; // WrongNetwork
    QTest::newRow("not a code of QUIC") << (quint64(1) << 62);
    QTest::newRow("largest number") << ~quint64(0);
}

void tst_Connection::reservedCodeBecomesZero()
{
    QFETCH(quint64, code);
    {
        EndpointPair pair;
        QVERIFY(pair.connect());
        EndpointLog acceptor(pair.acceptor.get());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
        pair.out->close(code);
        QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
        QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(acceptor.closed.at(0).reason.closeCode, 0u);
    }
    {
        EndpointPair pair;
        QVERIFY(pair.connect());
        EndpointLog acceptor(pair.acceptor.get());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
        pair.dialler->close(code);
        QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
        QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(acceptor.closed.at(0).reason.closeCode, 0u);
    }
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto reply = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
    in.requests.at(0).reject(code);
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().error().code, ErrorCode::NoReply);
    QCOMPARE(reply.result().error().closeCode, 0u);
}

void tst_Connection::bothMayCloseAtOnce()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1);
    pair.in->close(2);
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 1);
    QCOMPARE(acceptor.closed.size(), 1);
    QCOMPARE(dialler.closed.at(0).reason.closeCode, 1u);
    QCOMPARE(acceptor.closed.at(0).reason.closeCode, 2u);
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().connections, 0);
}

void tst_Connection::secondCloseChangesNothing()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1, QStringLiteral("first"));
    pair.out->close(2, QStringLiteral("second"));
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 1);
    QCOMPARE(dialler.closed.at(0).reason.closeCode, 1u);
    QCOMPARE(acceptor.closed.size(), 1);
    QCOMPARE(acceptor.closed.at(0).reason.closeReason, QStringLiteral("first"));
}

void tst_Connection::unacknowledgedMessagesFailAtBothSides()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    QList<quint64> fromOut;
    QList<quint64> fromIn;
    for (int i = 0; i < 5; ++i) {
        fromOut.append(pair.out->send(Message(noise(1 * MB, 1))));
        fromIn.append(pair.in->send(Message(noise(1 * MB, 1))));
    }
    pair.simulation.runFor(500ms);
    pair.out->close(9);
    pair.simulation.runFor(1min);

    const auto idsOf = [](const QList<ConnectionLog::Failure> &failures) {
        QList<quint64> ids;
        for (const auto &failure : failures)
            ids.append(failure.id);
        return sorted(ids);
    };
    QCOMPARE(idsOf(out.failures), fromOut);
    QCOMPARE(idsOf(in.failures), fromIn);
    for (const auto &failure : out.failures)
        QCOMPARE(failure.error.code, ErrorCode::ClosedLocally);
    for (const auto &failure : in.failures) {
        QCOMPARE(failure.error.code, ErrorCode::ClosedByPeer);
        QCOMPARE(failure.error.closeCode, 9u);
    }
    QVERIFY(in.acknowledged.isEmpty() && out.acknowledged.isEmpty());
}

void tst_Connection::messagesSentJustBeforeTheEndAreDelivered()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    int messagesAtTheEnd = -1;
    QObject::connect(pair.in, &Connection::stateChanged, pair.in,
                     [&] { messagesAtTheEnd = int(in.messages.size()); });
    pair.simulation.runFor(1s);
    for (int i = 0; i < 5; ++i)
        pair.out->send(Message(numbered(i)));
    pair.simulation.runFor(0ns); // they leave, and the end behind them in the same instant
    pair.out->close();
    pair.simulation.runFor(1s);
    QVERIFY(!pair.in);
    QCOMPARE(messagesAtTheEnd, 5);
}

void tst_Connection::messagesThatComeTogetherWithTheEndAreDelivered()
{
    // The whole life of a connection waits in the socket of a program that was busy.
    EndpointPair pair;
    const auto busy = std::make_shared<BusyEnvironment>(pair.diallerHost);
    pair.dialler = std::make_unique<Endpoint>(pair.dialler->config(), busy);
    QVERIFY(pair.acceptor->listen().isOk());
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionOpened, pair.acceptor.get(),
                     [&](Connection *connection) {
                         connection->send(Message("welcome"));
                         pair.simulation.after(2ms, [connection] { connection->close(); });
                     });
    QStringList told;
    QObject::connect(pair.dialler.get(), &Endpoint::connectionOpened, pair.dialler.get(),
                     [&](Connection *connection) {
                         told.append(QStringLiteral("opened"));
                         QObject::connect(connection, &Connection::messageReceived, connection,
                                          [&] { told.append(QStringLiteral("message")); });
                         QObject::connect(connection, &Connection::stateChanged, connection,
                                          [&] { told.append(QStringLiteral("closed")); });
                     });
    const auto dial = pair.dialler->connectTo(pair.acceptorAddress());
    pair.simulation.runFor(22ms);
    busy->setBusy();
    pair.simulation.runFor(50ms);
    QVERIFY(told.isEmpty());
    busy->returnToEventLoop();
    pair.simulation.runFor(1s);
    QCOMPARE(told.join(u' '), QStringLiteral("opened message closed"));
    QVERIFY(dial.isFinished());
}

void tst_Connection::nothingIsDeliveredAfterClose()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    int messages = 0;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&] {
        ++messages;
        pair.in->close();
    });
    for (int i = 0; i < 5; ++i)
        pair.out->send(Message(numbered(i)));
    pair.simulation.runFor(1s);
    QCOMPARE(messages, 1);
}

void tst_Connection::closedConnectionRefusesEverything()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    pair.out->close();
    QVERIFY(!pair.out->canSend(1));
    const quint64 first = pair.out->send(Message("late"));
    const quint64 second = pair.out->send(Message("later"));
    const auto confirmation = pair.out->sendAndConfirm(Message("late"));
    const auto reply = pair.out->request(Message("late"));
    QVERIFY(first != second);
    QVERIFY(out.failures.isEmpty());
    QVERIFY(confirmation.isFinished() && reply.isFinished());
    QCOMPARE(confirmation.result().error().code, ErrorCode::WrongState);
    QCOMPARE(reply.result().error().code, ErrorCode::WrongState);
    QVERIFY(pair.until([&] { return out.failures.size() == 2; }, 1s));
    QCOMPARE(out.failures.at(0).id, first);
    QCOMPARE(out.failures.at(1).id, second);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::WrongState);
}

void tst_Connection::closedConnectionStillKnowsItsFacts()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    const auto confirmation = pair.out->sendAndConfirm(Message("hello"));
    QVERIFY(pair.finish(confirmation));
    const quint64 id = pair.in->id();
    bool told = false;
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, pair.acceptor.get(),
                     [&](Connection *connection, const Error &reason) {
                         told = true;
                         QCOMPARE(connection->id(), id);
                         QCOMPARE(connection->state(), Connection::State::Closed);
                         QCOMPARE(connection->closeReason().code, reason.code);
                         QCOMPARE(connection->closeReason().closeCode, 4u);
                         QCOMPARE(connection->peerId(), pair.dialler->peerId());
                         QCOMPARE(connection->stats().messagesReceived, 1u);
                         QVERIFY(connection->stats().bytesReceived > 0);
                         QVERIFY(!pair.acceptor->connections().contains(connection));
                     });
    pair.out->close(4);
    pair.simulation.runFor(1s);
    QVERIFY(told);
    QVERIFY(!pair.in);
}

// ---- silence

void tst_Connection::idleConnectionEndsAtBothSides_data()
{
    QTest::addColumn<int>("acceptorIdle");
    QTest::addColumn<int>("diallerIdle");
    QTest::newRow("equal") << 5 << 5;
    QTest::newRow("acceptor's is smaller") << 5 << 60;
    QTest::newRow("dialler's is smaller") << 60 << 5;
}

void tst_Connection::idleConnectionEndsAtBothSides()
{
    QFETCH(int, acceptorIdle);
    QFETCH(int, diallerIdle);
    EndpointPair pair({.acceptor = quietConfig(std::chrono::seconds(acceptorIdle)),
                       .dialler = quietConfig(std::chrono::seconds(diallerIdle))});
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    quint64 lastDatagram = 0;
    quint64 diallerEnd = 0;
    quint64 acceptorEnd = 0;
    pair.simulation.onDatagram = [&](Wire &) {
        lastDatagram = pair.simulation.now();
        return Verdict::Deliver;
    };
    QObject::connect(pair.dialler.get(), &Endpoint::connectionClosed, pair.dialler.get(),
                     [&] { diallerEnd = pair.simulation.now(); });
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, pair.acceptor.get(),
                     [&] { acceptorEnd = pair.simulation.now(); });
    pair.out->send(Message("the last word"));
    QVERIFY(pair.until([&] { return diallerEnd > 0 && acceptorEnd > 0; }, 10min));
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    // Silent: neither tells the other. The timer starts with the last packet that came, or with the
    // first that was sent after it (RFC 9000 section 10.1).
    for (const quint64 end : {diallerEnd, acceptorEnd}) {
        const double seconds = (double(end) - double(lastDatagram)) / 1e9;
        QVERIFY2(seconds > 4.9 && seconds < 5.1, qPrintable(QString::number(seconds)));
    }
}

void tst_Connection::keepAliveOfOneSideIsEnoughForAnHour_data()
{
    QTest::addColumn<bool>("acceptor");
    QTest::addColumn<bool>("dialler");
    QTest::newRow("both") << true << true;
    QTest::newRow("acceptor") << true << false;
    QTest::newRow("dialler") << false << true;
}

void tst_Connection::keepAliveOfOneSideIsEnoughForAnHour()
{
    QFETCH(bool, acceptor);
    QFETCH(bool, dialler);
    EndpointConfig asking;
    asking.setKeepAliveInterval(5s);
    EndpointPair pair({.acceptor = acceptor ? asking : quietConfig(30s),
                       .dialler = dialler ? asking : quietConfig(30s)});
    QVERIFY(pair.connect());
    pair.simulation.runFor(1min);
    const quint64 before = pair.out->stats().datagramsSent + pair.in->stats().datagramsSent;
    pair.simulation.runFor(1h);
    QVERIFY(pair.in && pair.out);
    const quint64 datagrams = pair.out->stats().datagramsSent + pair.in->stats().datagramsSent
        - before;
    // Every five seconds from each side that does, and its acknowledgement, which now and then wants one itself.
    QVERIFY2(datagrams >= 1400 && datagrams <= 3000, qPrintable(QString::number(datagrams)));
    const auto confirmation = pair.in->sendAndConfirm(Message("still there?"));
    QVERIFY(pair.finish(confirmation, 1s));
    QVERIFY(confirmation.result().isOk());
}

void tst_Connection::deadPathEndsBothSides_data()
{
    QTest::addColumn<bool>("toAcceptor");
    QTest::addColumn<bool>("toDialler");
    QTest::newRow("both ways") << true << true;
    QTest::newRow("to the acceptor only") << true << false;
    QTest::newRow("to the dialler only") << false << true;
}

void tst_Connection::deadPathEndsBothSides()
{
    QFETCH(bool, toAcceptor);
    QFETCH(bool, toDialler);
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.simulation.runFor(1min);
    if (toAcceptor)
        pair.simulation.blackhole(pair.diallerHost, pair.acceptorHost);
    if (toDialler)
        pair.simulation.blackhole(pair.acceptorHost, pair.diallerHost);
    const quint64 id = pair.out->send(Message("into the dark"));
    const auto reply = pair.out->request(Message("anybody?"));
    // The side that hears nothing ends after at most the keep-alive and idle time, and then the
    // other one hears nothing either.
    const auto time = pair.timeUntil(
        [&] { return !dialler.closed.isEmpty() && !acceptor.closed.isEmpty(); });
    QVERIFY2(time > 13s && time < 41s, qPrintable(inSeconds(time)));
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(reply.result().error().code, ErrorCode::IdleTimeout);
    if (toAcceptor) {
        QVERIFY(!out.failures.isEmpty());
        QCOMPARE(out.failures.at(0).id, id);
        QCOMPARE(out.failures.at(0).error.code, ErrorCode::IdleTimeout);
    }
}

void tst_Connection::outageShorterThanTheIdleTimeLosesNoMessage()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<void>>> confirmations;
    for (int i = 0; i < 20; ++i)
        confirmations.append(pair.out->sendAndConfirm(Message(noise(100 * KB, quint32(i)))));
    pair.simulation.after(500ms, [&] { pair.cut(); });
    pair.simulation.after(10s, [&] { pair.heal(); });
    for (const auto &confirmation : confirmations) {
        QVERIFY(pair.finish(confirmation, 2min));
        QVERIFY2(confirmation.result().isOk(), qPrintable(confirmation.result().error().message));
    }
    QCOMPARE(in.messages.size(), 20);
}

void tst_Connection::restartedPeerResetsTheConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    ConnectionLog out(pair.out);
    pair.restartAcceptor();
    pair.out->send(Message("do you remember me?"));
    const auto time = pair.timeUntil([&] { return !dialler.closed.isEmpty(); });
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::ConnectionReset);
    QVERIFY2(time < 100ms, qPrintable(inSeconds(time)));
    QCOMPARE(out.failures.size(), 1);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::ConnectionReset);
    QVERIFY(pair.connect());
}

void tst_Connection::busyProgramDoesNotLoseItsConnection()
{
    EndpointPair::Setup setup;
    setup.acceptor.setIdleTimeout(10s);
    setup.acceptor.setKeepAliveInterval(3s);
    setup.dialler = quietConfig(10s);
    EndpointPair pair(setup);
    const auto busy = std::make_shared<BusyEnvironment>(pair.diallerHost);
    pair.dialler = std::make_unique<Endpoint>(pair.dialler->config(), busy);
    QVERIFY(pair.connect());
    pair.simulation.runFor(5s);
    EndpointLog dialler(pair.dialler.get());
    // Longer than the idle time-out; but the peer's sign of life has come, and waits in the socket.
    busy->setBusy();
    pair.simulation.runFor(11s);
    busy->returnToEventLoop();
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 0);
    QVERIFY(pair.in && pair.out);
    const auto confirmation = pair.out->sendAndConfirm(Message("sorry"));
    QVERIFY(pair.finish(confirmation, 1s));
    QVERIFY(confirmation.result().isOk());
}

// ---- what it knows

void tst_Connection::bothSidesKnowEachOther()
{
    EndpointPair::Setup setup;
    setup.acceptor.setAgent(QStringLiteral("acceptor/1 ä"));
    setup.dialler.setAgent(QStringLiteral("dialler/2"));
    setup.diallerBehindNat = true;
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    const QHostAddress acceptorAddress(QStringLiteral("192.0.2.1"));
    const QHostAddress diallerAddress(QStringLiteral("192.0.2.2")); // its public one

    QCOMPARE(pair.out->direction(), Connection::Direction::Outgoing);
    QCOMPARE(pair.in->direction(), Connection::Direction::Incoming);
    QCOMPARE(pair.out->endpoint(), pair.dialler.get());
    QCOMPARE(pair.in->endpoint(), pair.acceptor.get());
    QCOMPARE(pair.out->state(), Connection::State::Open);
    QVERIFY(!pair.out->closeReason().isError());
    QVERIFY(pair.out->id() != pair.in->id());

    QCOMPARE(pair.out->peerId(), pair.acceptor->peerId());
    QCOMPARE(pair.in->peerId(), pair.dialler->peerId());
    QCOMPARE(pair.out->peerCertificates(), sharedIdentity(0).certificates());
    QCOMPARE(pair.in->peerCertificates(), sharedIdentity(1).certificates());

    QCOMPARE(pair.out->peerAgent(), QStringLiteral("acceptor/1 ä"));
    QCOMPARE(pair.in->peerAgent(), QStringLiteral("dialler/2"));
    QCOMPARE(pair.out->peerListeningPort(), pair.acceptor->localPort());
    QCOMPARE(pair.in->peerListeningPort(), 0); // it only dials

    QCOMPARE(pair.out->peerAddress(),
             PeerAddress(acceptorAddress, pair.acceptor->localPort(), pair.acceptor->peerId()));
    QCOMPARE(pair.in->peerAddress().address(), diallerAddress);
    QCOMPARE(pair.in->peerAddress().peerId(), pair.dialler->peerId());
    QCOMPARE(pair.out->observedAddress().address(), diallerAddress);
    QCOMPARE(pair.out->observedAddress().port(), pair.in->peerAddress().port());
    QCOMPARE(pair.in->observedAddress(), PeerAddress(acceptorAddress, pair.acceptor->localPort()));
}

void tst_Connection::movedPeerKeepsItsConnection_data()
{
    QTest::addColumn<NatRebinding>("what");
    QTest::newRow("other port") << NatRebinding::PortOnly;
    QTest::newRow("other address") << NatRebinding::AddressAndPort;
}

void tst_Connection::movedPeerKeepsItsConnection()
{
    QFETCH(NatRebinding, what);
    EndpointPair pair({.link = interopLink(), .diallerBehindNat = true});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    const PeerAddress before = pair.in->peerAddress();
    const QByteArray up = noise(3 * MB, 1);
    const QByteArray down = noise(3 * MB, 2);
    pair.out->send(Message(up));
    pair.in->send(Message(down));
    pair.simulation.after(1s, [&] { pair.simulation.rebindNat(pair.diallerHost, what); });
    QVERIFY(pair.until([&] { return !in.messages.isEmpty() && !out.messages.isEmpty(); }));
    QVERIFY(in.messages.at(0).payload() == up);
    QVERIFY(out.messages.at(0).payload() == down);

    QCOMPARE(in.addresses.size(), 1);
    const PeerAddress now = pair.in->peerAddress();
    QCOMPARE(in.addresses.at(0), now);
    QVERIFY(now.port() != before.port());
    QCOMPARE(now.address() == before.address(), what == NatRebinding::PortOnly);
    QCOMPARE(now.peerId(), before.peerId());
    QVERIFY(out.addresses.isEmpty()); // the acceptor has not moved
    QVERIFY(in.states.isEmpty() && out.states.isEmpty());
}

void tst_Connection::acceptorThatSeemsToMoveIsNotFollowed()
{
    // Only the dialler may migrate (RFC 9000 section 9). Who copies packets of the acceptor and
    // sends them from elsewhere does no harm, and ngtcp2 must never see them as a new path.
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    const Engine::SocketAddress elsewhere = Io::toSocketAddress(
        QHostAddress(QStringLiteral("192.0.2.66")), 6666);
    bool moved = false;
    int rewritten = 0;
    pair.simulation.onDatagram = [&](Wire &wire) {
        if (moved && wire.from.port() == pair.acceptor->localPort()) {
            wire.from = elsewhere;
            ++rewritten;
        }
        return Verdict::Deliver;
    };
    pair.out->send(Message(noise(3 * MB, 1)));
    pair.in->send(Message(noise(3 * MB, 2)));
    pair.simulation.after(500ms, [&] { moved = true; });
    pair.simulation.after(3s, [&] { moved = false; });
    QVERIFY(pair.until([&] { return !in.messages.isEmpty() && !out.messages.isEmpty(); }, 2min));
    QVERIFY(rewritten > 0);
    QVERIFY(in.messages.at(0).payload() == noise(3 * MB, 1));
    QVERIFY(out.messages.at(0).payload() == noise(3 * MB, 2));
    QVERIFY(out.addresses.isEmpty());
    QCOMPARE(pair.out->peerAddress().address(), QHostAddress(QStringLiteral("192.0.2.1")));
}

void tst_Connection::statsTellWhatHappened()
{
    EndpointPair::Setup setup{.link = {.latency = 20ms}};
    setup.acceptor.setRetryMode(EndpointConfig::RetryMode::Never); // or it misses the first packet
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    for (int i = 0; i < 10; ++i)
        pair.out->send(Message(noise(100 * KB, 1)));
    QVERIFY(pair.out->stats().sendQueueBytes >= 1 * MB);
    QCOMPARE(pair.out->stats().sendQueueBytes, pair.out->sendQueueBytes());
    pair.out->send(Message(QByteArray()));
    const auto reply = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1 && in.messages.size() == 10; }));
    in.requests.at(0).reply(Message("answer"));
    pair.simulation.runFor(10s);

    const ConnectionStats sender = pair.out->stats();
    const ConnectionStats receiver = pair.in->stats();
    QCOMPARE(sender.messagesSent, 11u);
    QCOMPARE(sender.messagesFailed, 1u);
    QCOMPARE(sender.messagesReceived, 1u); // the reply
    QCOMPARE(receiver.messagesSent, 1u);
    QCOMPARE(receiver.messagesReceived, 11u);
    QCOMPARE(receiver.messagesRefused, 0u);
    QCOMPARE(sender.sendQueueBytes, 0);
    QCOMPARE(receiver.inboxBytes, 0);
    // On this link nothing gets lost, so what one has sent the other has received.
    QCOMPARE(receiver.bytesReceived, sender.bytesSent);
    QCOMPARE(receiver.datagramsReceived, sender.datagramsSent);
    QCOMPARE(sender.bytesReceived, receiver.bytesSent);
    QVERIFY(sender.bytesSent > 1 * MB && sender.bytesSent < 1100 * KB);
    QVERIFY(sender.packetsSent >= sender.datagramsSent);
    QCOMPARE(sender.packetsLost, 0u);
    QCOMPARE(sender.bytesInFlight, 0u);
    QVERIFY(sender.congestionWindow > 12'000);
    QVERIFY(sender.maxDatagramSize >= 1200 && sender.maxDatagramSize <= 1472);
    for (const ConnectionStats &stats : {sender, receiver}) {
        QVERIFY2(stats.minRtt >= 40ms && stats.minRtt < 41ms,
                 qPrintable(QString::number(stats.minRtt.count())));
        QVERIFY2(stats.smoothedRtt >= 40ms && stats.smoothedRtt < 70ms,
                 qPrintable(QString::number(stats.smoothedRtt.count())));
        QVERIFY(stats.latestRtt >= 40ms);
        QVERIFY(stats.age >= 10s && stats.age < 20s);
    }
}

void tst_Connection::statsCountLostPackets()
{
    LinkProfile link = interopLink();
    link.loss = 0.02;
    EndpointPair pair({.link = link});
    QVERIFY(pair.connect());
    const auto confirmation = pair.out->sendAndConfirm(Message(noise(1 * MB, 1)));
    QVERIFY(pair.finish(confirmation, 5min));
    const LinkCounters counters = pair.simulation.counters(pair.diallerHost, pair.acceptorHost);
    const quint64 lost = counters.lost + counters.queueFull;
    const quint64 counted = pair.out->stats().packetsLost;
    QVERIFY(lost > 5);
    // Acknowledgements are not missed when they get lost.
    QVERIFY2(counted > lost / 2 && counted < lost * 2,
             qPrintable(QStringLiteral("%1 of %2").arg(counted).arg(lost)));
}

QTEST_GUILESS_MAIN(tst_Connection)
#include "tst_connection.moc"
