// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What waits on a connection that is opening: how much, how long, and what is taken back.
#include "openingscene.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_OpeningLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theQueueIsAsLongAsThatOfAnOpenOne();
    void theBudgetHoldsForAllOfThem();
    void roomIsAnnouncedOnceThereIsSome();
    void requestsTimeOut_data();
    void requestsTimeOut();
    void cancelledRequestsDoNotLeave();
    void pausedFromTheBeginning();
};

void tst_OpeningLimits::theQueueIsAsLongAsThatOfAnOpenOne()
{
    EndpointPair::Setup setup = near();
    setup.dialler.setSendQueueLimit(100'000);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    const auto accepted = [](Connection *connection) {
        int count = 0;
        while (connection->canSend(10'000) && count < 100) {
            connection->send(Message(noise(10'000, quint32(count))));
            ++count;
        }
        return count;
    };
    Connection *connection = pair.dialler->openConnection(expected(pair));
    ConnectionLog log(connection);
    QCOMPARE(accepted(connection), accepted(pair.out));
    QCOMPARE(connection->sendQueueBytes(), pair.out->sendQueueBytes());
    const quint64 id = connection->send(Message(noise(10'000, 100)));
    const auto refused = connection->request(Message(noise(10'000, 100)));
    QVERIFY(log.failures.isEmpty() && !refused.isFinished()); // not before the call has returned
    pair.simulation.runFor(1ms);
    QCOMPARE(log.failures.size(), 2);
    QCOMPARE(log.failures.at(0).id, id);
    QCOMPARE(log.failures.at(0).error.code, ErrorCode::QueueFull);
    QCOMPARE(codeOf(refused), ErrorCode::QueueFull);
    QVERIFY(pair.until([&] { return log.acknowledged.size() == 9; }, 10s));
}

void tst_OpeningLimits::theBudgetHoldsForAllOfThem()
{
    EndpointPair::Setup setup = near();
    setup.dialler.setMaxMessageSize(1'000'000);
    setup.dialler.setSendBudget(80'000'000);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    // To many networks, so that no group of addresses alone is what ends it.
    QList<QPointer<Connection>> connections;
    qint64 queued = 0;
    for (int i = 0; i < 100; ++i) {
        const QHostAddress unused(quint32(0x0b000001) + (quint32(i) << 16));
        connections.append(pair.dialler->openConnection(PeerAddress(unused, 1)));
    }
    pair.simulation.runFor(1ms);
    for (const auto &connection : connections) {
        while (connection->canSend(900'000)) {
            connection->send(Message(noise(900'000, 1)));
            queued += 900'016;
        }
    }
    QVERIFY(queued > 40'000'000);
    QVERIFY(queued <= 80'000'000);
    QCOMPARE(pair.dialler->stats().sendBudgetUsed, queued);
    pair.simulation.runFor(1min);
    QCOMPARE(pair.dialler->stats().sendBudgetUsed, 0);
}

void tst_OpeningLimits::roomIsAnnouncedOnceThereIsSome()
{
    EndpointPair::Setup setup = near();
    setup.dialler.setSendQueueLimit(100'000);
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    Connection *connection = pair.dialler->openConnection(expected(pair));
    ConnectionLog log(connection);
    auto request = connection->request(Message(noise(90'000, 1)));
    QVERIFY(!connection->canSend(20'000));
    pair.simulation.runFor(5ms);
    QCOMPARE(log.queueAvailable, 0);
    request.cancel();
    pair.simulation.runFor(1ms);
    QCOMPARE(log.queueAvailable, 1);
    connection->send(Message(noise(90'000, 1)));
    QVERIFY(pair.until([&] { return log.acknowledged.size() == 1; }, 10s));
    QCOMPARE(log.queueAvailable, 2);
}

void tst_OpeningLimits::requestsTimeOut_data()
{
    QTest::addColumn<int>("milliseconds");
    QTest::newRow("before anything is heard") << 5;
    QTest::newRow("after it has left") << 25;
}

void tst_OpeningLimits::requestsTimeOut()
{
    QFETCH(const int, milliseconds);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Connection *connection = pair.dialler->openConnection(expected(pair));
    ConnectionLog log(connection);
    const auto patient = connection->request(Message("patient"));
    const auto hasty = connection->request(Message("hasty"), 0,
                                           std::chrono::milliseconds(milliseconds));
    const auto time = pair.timeUntil([&] { return hasty.isFinished(); }, 1s);
    QVERIFY(time >= std::chrono::milliseconds(milliseconds));
    QVERIFY(time <= std::chrono::milliseconds(milliseconds + 2));
    QCOMPARE(codeOf(hasty), ErrorCode::RequestTimeout);
    QCOMPARE(connection->state(), Connection::State::Opening);
    QVERIFY(pair.until([&] { return patient.isFinished(); }, 1s));
    QVERIFY(patient.result().isOk());
    QVERIFY(program.payloads.contains("patient"));
    QVERIFY(milliseconds > 20 || program.payloads.size() == 1); // one that has left may be seen
    QCOMPARE(log.failures.size(), 1);
}

void tst_OpeningLimits::cancelledRequestsDoNotLeave()
{
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Connection *connection = pair.dialler->openConnection(expected(pair));
    ConnectionLog log(connection);
    auto first = connection->request(Message("first"));
    auto second = connection->request(Message("second"));
    const auto third = connection->request(Message("third"));
    first.cancel();
    pair.simulation.runFor(25ms); // they have left, and have not arrived
    QCOMPARE(connection->state(), Connection::State::Opening);
    second.cancel();
    QVERIFY(pair.until([&] { return third.isFinished(); }, 1s));
    QVERIFY(third.result().isOk());
    QVERIFY(!program.payloads.contains("first"));
    QVERIFY(log.failures.isEmpty());
    QCOMPARE(connection->state(), Connection::State::Open);
}

void tst_OpeningLimits::pausedFromTheBeginning()
{
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionOpened,
                     [](Connection *connection) { connection->send(Message("welcome")); });
    Connection *connection = pair.dialler->openConnection(expected(pair));
    ConnectionLog log(connection);
    connection->pauseReceiving();
    QVERIFY(connection->isReceivingPaused());
    pair.simulation.runFor(1s);
    QCOMPARE(connection->state(), Connection::State::Open);
    QVERIFY(connection->isReceivingPaused());
    QVERIFY(log.messages.isEmpty());
    connection->resumeReceiving();
    QVERIFY(pair.until([&] { return log.payloads() == QList<QByteArray>{"welcome"}; }, 1s));
}

QTEST_GUILESS_MAIN(tst_OpeningLimits)
#include "tst_openinglimits.moc"
