// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections that are there before they are open: what is sent on them arrives once, and soon.

#include "openingscene.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

using RetryMode = EndpointConfig::RetryMode;

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
    void firstReplyTakesTwoRoundTrips();
    void whatIsNotYetKnownIsSaid();
    void everythingArrivesOnce_data();
    void everythingArrivesOnce();
    void simultaneousDialsBothDeliver();
    void legacyPeersGetItOnceOpen();
    void hostNamesGetItOnceOpen();
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

void tst_OpenConnection::firstReplyTakesTwoRoundTrips()
{
    EndpointPair pair({.link = {.latency = 10ms}, .acceptor = withRetry(RetryMode::Never)});
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Connection *connection = pair.dialler->openConnection(
        withId(pair.acceptorAddress(), pair.acceptor->peerId()));
    const auto reply = connection->request(Message("asked"));
    const auto time = pair.timeUntil([&] { return reply.isFinished(); }, 1s);
    QVERIFY(time >= 40ms && time <= 46ms);
    QCOMPARE(reply.result().value().payload(), QByteArray("reply to asked"));
}

void tst_OpenConnection::whatIsNotYetKnownIsSaid()
{
    EndpointPair pair({.link = {.latency = 10ms}});
    QVERIFY(pair.acceptor->listen().isOk());
    const PeerAddress address = withId(pair.acceptorAddress(), pair.acceptor->peerId());
    Connection *connection = pair.dialler->openConnection(address);
    QCOMPARE(connection->direction(), Connection::Direction::Outgoing);
    QCOMPARE(connection->endpoint(), pair.dialler.get());
    QCOMPARE(connection->protocol(), Protocol::Qp2p1);
    QCOMPARE(connection->peerAddress(), address);
    QVERIFY(connection->peerId().isNull());
    QVERIFY(connection->acceptance().isNull());
    QVERIFY(connection->peerCertificates().isEmpty());
    QVERIFY(!connection->closeReason().isError());
    QVERIFY(pair.dialler->connections().isEmpty());
    QVERIFY(connection->canSend(1000));
    connection->send(Message(noise(1000, 1)));
    QCOMPARE(connection->sendQueueBytes(), 1016);
    QCOMPARE(connection->stats().sendQueueBytes, 1016);
    pair.simulation.runFor(15ms);
    QVERIFY(connection->stats().bytesSent >= 1200);
    QCOMPARE(connection->stats().sendQueueBytes, 1016);
    const quint64 id = connection->id();
    QVERIFY(pair.until([&] { return connection->state() == Connection::State::Open; }, 1s));
    QCOMPARE(connection->id(), id);
    QCOMPARE(connection->peerId(), pair.acceptor->peerId());
    QVERIFY(!connection->acceptance().isNull());
    QCOMPARE(pair.dialler->connections(), QList<Connection *>{connection});
    QVERIFY(pair.until([&] { return connection->sendQueueBytes() == 0; }, 1s));
    QCOMPARE(connection->stats().messagesSent, 1u);
}

void tst_OpenConnection::everythingArrivesOnce_data()
{
    QTest::addColumn<SendEarly>("early");
    QTest::addColumn<bool>("reorders");
    for (const auto early :
         {SendEarly::ToExpectedPeer, SendEarly::ToAnyAcceptedPeer, SendEarly::Never}) {
        for (const bool reorders : {false, true})
            QTest::addRow("%d, %s", int(early), reorders ? "reordering" : "loss")
                << early << reorders;
    }
}

void tst_OpenConnection::everythingArrivesOnce()
{
    QFETCH(const SendEarly, early);
    QFETCH(const bool, reorders);
    for (quint64 seed = 1; seed <= 20; ++seed) {
        EndpointPair::Setup setup;
        setup.seed = seed;
        setup.link = reorders ? LinkProfile{.latency = 10ms, .reorder = 0.4, .reorderDelay = 15ms}
                              : LinkProfile{.latency = 10ms, .loss = 0.1};
        setup.dialler.setHandshakeTimeout(60s);
        setup.acceptor.setHandshakeTimeout(60s);
        EndpointPair pair(setup);
        QVERIFY(pair.acceptor->listen().isOk());
        Program program(pair.acceptor.get());
        Opened opened(*pair.dialler, withId(pair.acceptorAddress(), pair.acceptor->peerId()), early);
        const QByteArray large = noise(200'000, 7);
        opened.connection->send(Message(large));
        QVERIFY(pair.until(
            [&] { return opened.log.acknowledged.size() == 3 && opened.request.isFinished(); }));
        pair.simulation.runFor(10s);
        QCOMPARE(program.opened, 1);
        QCOMPARE(sorted(program.payloads), sorted(everything + QList<QByteArray>{large}));
        QCOMPARE(opened.request.result().value().payload(), QByteArray("reply to asked"));
        QVERIFY(opened.confirmation.result().isOk());
        QVERIFY(opened.log.failures.isEmpty());
        QCOMPARE(opened.log.states, QList<Connection::State>{Connection::State::Open});
        QCOMPARE(opened.dialler.opened.size(), 1);
    }
}

void tst_OpenConnection::simultaneousDialsBothDeliver()
{
    for (const auto early : {SendEarly::ToExpectedPeer, SendEarly::Never}) {
        EndpointPair pair({.link = {.latency = 10ms}});
        QVERIFY(pair.acceptor->listen().isOk());
        QVERIFY(pair.dialler->listen().isOk());
        Program one(pair.acceptor.get());
        Program other(pair.dialler.get());
        Opened forth(*pair.dialler, withId(pair.acceptorAddress(), pair.acceptor->peerId()), early);
        Opened back(*pair.acceptor,
                    PeerAddress(ip("192.0.2.2"), pair.dialler->localPort(), pair.dialler->peerId()),
                    early);
        QVERIFY(pair.until([&] { return forth.request.isFinished() && back.request.isFinished(); },
                           1s));
        pair.simulation.runFor(1min);
        QCOMPARE(sorted(one.payloads), everything);
        QCOMPARE(sorted(other.payloads), everything);
        QCOMPARE(forth.log.acknowledged.size(), 2);
        QCOMPARE(back.log.acknowledged.size(), 2);
        QCOMPARE(pair.dialler->connections().size(), 2);
    }
}

void tst_OpenConnection::legacyPeersGetItOnceOpen()
{
    EndpointPair::Setup setup;
    setup.link = {.latency = 10ms};
    setup.acceptor.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    setup.dialler.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, withId(pair.acceptorAddress(), pair.acceptor->peerId()),
                  SendEarly::ToExpectedPeer, Protocol::Legacy);
    QVERIFY(pair.until([&] { return opened.request.isFinished(); }, 1s));
    QCOMPARE(opened.connection->protocol(), Protocol::Legacy);
    pair.simulation.runFor(1s);
    QCOMPARE(sorted(program.payloads), everything);
    QCOMPARE(opened.log.acknowledged.size(), 2);
}

//! On real sockets: names are looked up by the system.
void tst_OpenConnection::hostNamesGetItOnceOpen()
{
    Endpoint acceptor;
    Endpoint dialler;
    QVERIFY(acceptor.listen().isOk());
    Program program(&acceptor);
    Opened opened(
        dialler, PeerAddress(QStringLiteral("localhost"), acceptor.localPort(), acceptor.peerId()));
    QCOMPARE(opened.connection->peerAddress().host(), QStringLiteral("localhost"));
    QVERIFY(waitUntil([&] { return opened.request.isFinished(); }));
    QCOMPARE(opened.request.result().value().payload(), QByteArray("reply to asked"));
    QVERIFY(waitUntil([&] { return opened.log.acknowledged.size() == 2; }));
    QCOMPARE(sorted(program.payloads), everything);
    Opened lost(dialler, PeerAddress(QStringLiteral("no-such-host.invalid"), 1));
    QVERIFY(waitUntil([&] { return lost.connection.isNull(); }));
    QCOMPARE(lost.reason.code, ErrorCode::HostNotFound);
    QCOMPARE(lost.log.failures.size(), 3);
}

QTEST_GUILESS_MAIN(tst_OpenConnection)
#include "tst_openconnection.moc"
