// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections that are there before they are open: what is sent on them arrives once, soon, and at the right peer only.

#include "diallingworld.h"

#include <shared/endpointpair.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

using RetryMode = EndpointConfig::RetryMode;
using SendEarly = Endpoint::SendEarly;

namespace {

EndpointConfig withRetry(RetryMode mode)
{
    EndpointConfig config;
    config.setRetryMode(mode);
    return config;
}

} // namespace

class tst_OpenConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void firstMessageTakesTwoRoundTrips_data();
    void firstMessageTakesTwoRoundTrips();
};

void tst_OpenConnection::firstMessageTakesTwoRoundTrips_data()
{
    QTest::addColumn<RetryMode>("retry");
    QTest::addColumn<bool>("isExpected");
    QTest::addColumn<SendEarly>("early");
    QTest::addColumn<int>("roundTrips");
    QTest::newRow("expected") << RetryMode::Never << true << SendEarly::ToExpectedPeer << 2;
    QTest::newRow("expected, with Retry")
        << RetryMode::Always << true << SendEarly::ToExpectedPeer << 3;
    QTest::newRow("anyone, where that is wanted")
        << RetryMode::Never << false << SendEarly::ToAnyAcceptedPeer << 2;
    QTest::newRow("anyone") << RetryMode::Never << false << SendEarly::ToExpectedPeer << 3;
    QTest::newRow("expected, but never early") << RetryMode::Never << true << SendEarly::Never << 3;
}

void tst_OpenConnection::firstMessageTakesTwoRoundTrips()
{
    QFETCH(const RetryMode, retry);
    QFETCH(const bool, isExpected);
    QFETCH(const SendEarly, early);
    QFETCH(const int, roundTrips);
    EndpointPair pair({.link = {.latency = 10ms}, .acceptor = withRetry(retry)});
    QVERIFY(pair.acceptor->listen().isOk());
    PeerAddress address = pair.acceptorAddress();
    if (isExpected)
        address = PeerAddress(address.address(), address.port(), pair.acceptor->peerId());
    EndpointLog accepted(pair.acceptor.get());
    EndpointLog dialled(pair.dialler.get());

    Connection *connection = pair.dialler->openConnection(address, Protocol::Qp2p1, early);
    QCOMPARE(connection->state(), Connection::State::Opening);
    ConnectionLog log(connection);
    const quint64 id = connection->send(Message(noise(64, 1)));
    const auto time = pair.timeUntil([&] { return !log.acknowledged.isEmpty(); }, 10s);
    qInfo() << "confirmed after" << double(time.count()) / 1e6 << "ms";
    QCOMPARE(log.acknowledged, QList<quint64>{id});
    QVERIFY(time >= roundTrips * 20ms);
    QVERIFY(time <= roundTrips * 20ms + 6ms);
    QCOMPARE(connection->state(), Connection::State::Open);
    QCOMPARE(log.states, QList<Connection::State>{Connection::State::Open});
    QCOMPARE(connection->peerId(), pair.acceptor->peerId());
    QCOMPARE(dialled.opened.size(), 1);
    QCOMPARE(dialled.opened.first(), connection);
    QCOMPARE(accepted.opened.size(), 1);
}

QTEST_GUILESS_MAIN(tst_OpenConnection)
#include "tst_openconnection.moc"
