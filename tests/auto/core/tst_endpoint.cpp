// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints on real loopback sockets: that the whole way from a datagram to a signal works, and what
// an endpoint does with ports, names and its own life.
#include <shared/endpointpair.h>

#include <qp2pcore/endpoint.h>

#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <QTimer>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

const QHostAddress loopback(QHostAddress::LocalHost);
constexpr qint64 Flood = 100'000'000; // bytes

//! Two endpoints in one process with a connection between them.
struct LoopbackPair
{
    bool connect()
    {
        if (!acceptor.isListening() && !acceptor.listen())
            return false;
        const EndpointLog accepted(&acceptor);
        const auto dial = dialler.connectTo(PeerAddress(loopback, acceptor.localPort()));
        if (!waitUntil([&] { return dial.isFinished() && !accepted.opened.isEmpty(); }))
            return false;
        out = dial.result().isOk() ? dial.result().value() : QPointer<Connection>();
        in = accepted.opened.last();
        return out && in;
    }
    Endpoint acceptor;
    Endpoint dialler;
    QPointer<Connection> out;
    QPointer<Connection> in;
};

} // namespace

class tst_Endpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void messagesAndRequestsTravelBothWays_data();
    void messagesAndRequestsTravelBothWays();
    void freshEndpointHasAnIdentityAndNoSocket();
    void statesFollowEachOther();
    void portInUseIsToldAndHarmsNobody();
    void addressThatIsNotOursIsRefused();
    void brokenConfigurationIsRefused();
    void freedPortCanBeTakenAgain();
    void hostNameIsLookedUp();
    void unknownHostNameIsNotFound();
    void nameAmongAddressesLosesNoRace();
    void lookupCanBeGivenUp();
    void manyMessagesAndLargeOnes();
    void floodLeavesTheEventLoopItsTurns();
    void twoEndpointsInOneThreadDialEachOther();
    void statsOfEndpointCount();
};

void tst_Endpoint::messagesAndRequestsTravelBothWays_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::newRow("IPv4") << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("IPv6") << QHostAddress(QHostAddress::LocalHostIPv6);
}

void tst_Endpoint::messagesAndRequestsTravelBothWays()
{
    QFETCH(QHostAddress, address);
    Endpoint acceptor;
    const Result<void> listening = acceptor.listen();
    QVERIFY2(listening.isOk(), qPrintable(listening.error().message));
    QSignalSpy accepted(&acceptor, &Endpoint::connectionOpened);

    Endpoint dialler;
    auto dial = dialler.connectTo(PeerAddress(address, acceptor.localPort()));
    QTRY_VERIFY(dial.isFinished());
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    Connection *out = dial.result().value();
    QTRY_COMPARE(accepted.size(), 1);
    auto *in = accepted.at(0).at(0).value<Connection *>();
    QCOMPARE(out->peerId(), acceptor.peerId());
    QCOMPARE(in->peerId(), dialler.peerId());
    QCOMPARE(out->observedAddress().port(), dialler.localPort());

    QSignalSpy received(in, &Connection::messageReceived);
    QSignalSpy acknowledged(out, &Connection::messageAcknowledged);
    const QByteArray large(10'000'000, 'x');
    out->send(Message("small"));
    out->send(Message("header", "destination", large));
    QTRY_COMPARE(received.size(), 2);
    QTRY_COMPARE(acknowledged.size(), 2);
    QCOMPARE(received.at(0).at(0).value<Message>(), Message("small"));
    QCOMPARE(received.at(1).at(0).value<Message>(), Message("header", "destination", large));

    connect(out, &Connection::requestReceived, this,
            [](const Request &request) { request.reply(request.message()); });
    auto reply = in->request(Message("question"));
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().value(), Message("question"));

    QSignalSpy closed(&acceptor, &Endpoint::connectionClosed);
    out->close(7, QStringLiteral("enough"));
    QTRY_COMPARE(closed.size(), 1);
    const auto reason = closed.at(0).at(1).value<Error>();
    QCOMPARE(reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(reason.closeCode, 7u);
    QCOMPARE(reason.closeReason, QStringLiteral("enough"));
}

void tst_Endpoint::freshEndpointHasAnIdentityAndNoSocket()
{
    const Endpoint endpoint;
    QCOMPARE(endpoint.state(), Endpoint::State::Idle);
    QVERIFY(!endpoint.isListening());
    QCOMPARE(endpoint.localPort(), 0);
    QVERIFY(endpoint.localAddress().isNull());
    QVERIFY(!endpoint.peerId().isNull());
    QVERIFY(endpoint.peerId() != Endpoint().peerId()); // each has its own
    QVERIFY(endpoint.connections().isEmpty());
    QCOMPARE(endpoint.stats().datagramsSent, 0u);

    EndpointConfig config;
    config.setIdentity(sharedIdentity(0));
    config.setAgent(QStringLiteral("me"));
    const Endpoint configured(config);
    QCOMPARE(configured.peerId(), sharedIdentity(0).peerId());
    QCOMPARE(configured.config().agent(), QStringLiteral("me"));
}

void tst_Endpoint::statesFollowEachOther()
{
    Endpoint acceptor;
    EndpointLog log(&acceptor);
    QVERIFY(acceptor.listen(loopback).isOk());
    QVERIFY(acceptor.isListening());
    QCOMPARE(acceptor.localAddress(), loopback);
    QVERIFY(acceptor.localPort() != 0);
    Endpoint dialler;
    EndpointLog diallerLog(&dialler);
    const auto dial = dialler.connectTo(PeerAddress(loopback, acceptor.localPort()));
    QTRY_VERIFY(dial.isFinished() && !log.opened.isEmpty());
    dialler.close(3, QStringLiteral("good night"));
    QTRY_COMPARE(dialler.state(), Endpoint::State::Closed);
    QTRY_COMPARE(log.closed.size(), 1);
    QCOMPARE(log.closed.at(0).reason.closeCode, 3u);
    QCOMPARE(log.closed.at(0).reason.closeReason, QStringLiteral("good night"));
    QCOMPARE(diallerLog.closed.size(), 1);
    QCOMPARE(diallerLog.closed.at(0).reason.code, ErrorCode::ClosedLocally);
    QCOMPARE(diallerLog.states,
             QList<Endpoint::State>(
                 {Endpoint::State::Dialling, Endpoint::State::Closing, Endpoint::State::Closed}));
    QCOMPARE(dialler.localPort(), 0);
    QVERIFY(dialler.stats().datagramsSent > 0); // what it did is still known
    dialler.close(); // again: nothing

    acceptor.close();
    QTRY_COMPARE(acceptor.state(), Endpoint::State::Closed);
    QVERIFY(!acceptor.isListening());
    QCOMPARE(acceptor.listen(loopback).error().code, ErrorCode::WrongState);
}

void tst_Endpoint::portInUseIsToldAndHarmsNobody()
{
    LoopbackPair pair;
    QVERIFY(pair.connect());
    const quint16 port = pair.acceptor.localPort();
    for (const QHostAddress &address : {QHostAddress(QHostAddress::Any), loopback}) {
        Endpoint second;
        const Result<void> listening = second.listen(address, port);
        QCOMPARE(listening.error().code, ErrorCode::AddressInUse);
        QVERIFY2(listening.error().message.contains(QString::number(port)),
                 qPrintable(listening.error().message));
        QCOMPARE(second.state(), Endpoint::State::Idle);
        QVERIFY(second.listen(loopback).isOk()); // it can still take another
    }
    const auto confirmation = pair.out->sendAndConfirm(Message("undisturbed"));
    QTRY_VERIFY(confirmation.isFinished());
    QVERIFY(confirmation.result().isOk());
}

void tst_Endpoint::addressThatIsNotOursIsRefused()
{
    Endpoint endpoint;
    const Result<void> listening = endpoint.listen(QHostAddress(QStringLiteral("192.0.2.1")));
    QCOMPARE(listening.error().code, ErrorCode::AddressNotAvailable);
    QCOMPARE(endpoint.state(), Endpoint::State::Idle);
}

void tst_Endpoint::brokenConfigurationIsRefused()
{
    EndpointConfig config;
    config.setIdleTimeout(0ms);
    Endpoint endpoint(config);
    const Result<void> listening = endpoint.listen(loopback);
    QCOMPARE(listening.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(listening.error().message.contains(QStringLiteral("idleTimeout")),
             qPrintable(listening.error().message));
    const auto dial = endpoint.connectTo(PeerAddress(loopback, 1));
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(endpoint.state(), Endpoint::State::Idle);
}

void tst_Endpoint::freedPortCanBeTakenAgain()
{
    auto first = std::make_unique<Endpoint>();
    QVERIFY(first->listen(loopback).isOk());
    const quint16 port = first->localPort();
    first.reset();
    for (int i = 0; i < 100; ++i) {
        Endpoint next;
        const Result<void> listening = next.listen(loopback, port);
        QVERIFY2(listening.isOk(), qPrintable(listening.error().message));
        if (i % 2 == 0) {
            next.close();
            QVERIFY(waitUntil([&] { return next.state() == Endpoint::State::Closed; }));
        }
    }
}

void tst_Endpoint::hostNameIsLookedUp()
{
    Endpoint acceptor;
    QVERIFY(acceptor.listen().isOk());
    EndpointLog accepted(&acceptor);
    Endpoint dialler;
    const auto dial = dialler.connectTo(
        PeerAddress(QStringLiteral("localhost"), acceptor.localPort(), acceptor.peerId()));
    QVERIFY(!dial.isFinished());
    QTRY_VERIFY(dial.isFinished());
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    QVERIFY(dial.result().value()->peerAddress().address().isLoopback());
    QTRY_COMPARE(accepted.opened.size(), 1); // though the name may have several addresses
    QTRY_COMPARE(acceptor.stats().connections, 1);
}

void tst_Endpoint::unknownHostNameIsNotFound()
{
    Endpoint dialler;
    const auto dial = dialler.connectTo(PeerAddress(QStringLiteral("no-such-host.invalid"), 4000));
    QTRY_VERIFY_WITH_TIMEOUT(dial.isFinished(), 60'000); // a resolver may take its time
    QCOMPARE(dial.result().error().code, ErrorCode::HostNotFound);
    QVERIFY2(dial.result().error().message.contains(QStringLiteral("no-such-host.invalid")),
             qPrintable(dial.result().error().message));
}

void tst_Endpoint::nameAmongAddressesLosesNoRace()
{
    Endpoint acceptor;
    QVERIFY(acceptor.listen().isOk());
    Endpoint dialler;
    const auto dial = dialler.connectToAny(
        {PeerAddress(QStringLiteral("no-such-host.invalid"), 4000),
         PeerAddress(QStringLiteral("localhost"), acceptor.localPort())});
    QTRY_VERIFY_WITH_TIMEOUT(dial.isFinished(), 20'000);
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    QCOMPARE(dial.result().value()->peerId(), acceptor.peerId());
}

void tst_Endpoint::lookupCanBeGivenUp()
{
    Endpoint acceptor;
    QVERIFY(acceptor.listen().isOk());
    const PeerAddress name(QStringLiteral("localhost"), acceptor.localPort());
    {
        Endpoint dialler;
        const auto dial = dialler.connectTo(name);
        dialler.close();
        QVERIFY(dial.isFinished());
        QCOMPARE(dial.result().error().code, ErrorCode::Cancelled);
        QTRY_COMPARE(dialler.state(), Endpoint::State::Closed);
    }
    Endpoint dialler;
    EndpointLog log(&dialler);
    auto cancelled = dialler.connectTo(name);
    cancelled.cancel();
    QTRY_VERIFY(cancelled.isFinished());
    // The lookup of this one ends after that of the one before.
    const auto dial = dialler.connectTo(name);
    QTRY_VERIFY(dial.isFinished());
    QVERIFY(dial.result().isOk());
    QCOMPARE(log.opened.size(), 1);
    QTRY_COMPARE(acceptor.stats().connections, 1);
}

void tst_Endpoint::manyMessagesAndLargeOnes()
{
    LoopbackPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QByteArray> sent;
    for (int i = 0; i < 10'000; ++i)
        sent.append(noise(8, quint32(i)));
    for (int i = 0; i < 10; ++i)
        sent.append(noise(1'000'000, quint32(i)));
    for (const QByteArray &payload : sent)
        pair.out->send(Message(payload));
    QTRY_COMPARE_WITH_TIMEOUT(in.messages.size(), sent.size(), 60'000);
    QList<QByteArray> received = in.payloads();
    std::sort(received.begin(), received.end());
    std::sort(sent.begin(), sent.end());
    QVERIFY(received == sent);
}

void tst_Endpoint::floodLeavesTheEventLoopItsTurns()
{
    Endpoint acceptor;
    QVERIFY(acceptor.listen(loopback).isOk());
    qint64 received = 0;
    connect(&acceptor, &Endpoint::connectionOpened, &acceptor, [&](Connection *connection) {
        connect(connection, &Connection::messageReceived, connection,
                [&](const Message &message) { received += message.size(); });
    });
    // The sender has a thread of its own, so that there is always something to receive.
    QThread thread;
    auto *sender = new Endpoint;
    sender->moveToThread(&thread);
    connect(&thread, &QThread::started, sender, [&, port = acceptor.localPort()] {
        connect(sender, &Endpoint::connectionOpened, sender, [](Connection *connection) {
            const auto left = std::make_shared<qint64>(Flood);
            const auto fill = [connection, left] {
                const QByteArray payload(100'000, 'x');
                for (; *left > 0 && connection->canSend(payload.size()); *left -= payload.size())
                    connection->send(Message(payload));
            };
            connect(connection, &Connection::sendQueueAvailable, connection, fill);
            fill();
        });
        sender->connectTo(PeerAddress(loopback, port));
    });
    connect(&thread, &QThread::finished, sender, &QObject::deleteLater);
    int turns = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] { turns += received > 0 && received < Flood; });
    timer.start(0);
    thread.start();
    const bool complete = waitUntil([&] { return received >= Flood; }, 60s);
    thread.quit();
    thread.wait();
    QVERIFY(complete);
    // A pump takes 2 MiB at most; with what the sender needs for its own there are many more.
    QVERIFY2(turns >= 40, qPrintable(QString::number(turns)));
}

void tst_Endpoint::twoEndpointsInOneThreadDialEachOther()
{
    Endpoint one;
    Endpoint other;
    QVERIFY(one.listen(loopback).isOk() && other.listen(loopback).isOk());
    EndpointLog oneLog(&one);
    EndpointLog otherLog(&other);
    const auto there = one.connectTo(PeerAddress(loopback, other.localPort(), other.peerId()));
    const auto back = other.connectTo(PeerAddress(loopback, one.localPort(), one.peerId()));
    QTRY_VERIFY(there.isFinished() && back.isFinished());
    QVERIFY(there.result().isOk() && back.result().isOk());
    QTRY_VERIFY(oneLog.opened.size() == 2 && otherLog.opened.size() == 2);
    const auto first = there.result().value()->sendAndConfirm(Message("there"));
    const auto second = back.result().value()->sendAndConfirm(Message("back"));
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QVERIFY(first.result().isOk() && second.result().isOk());
}

void tst_Endpoint::statsOfEndpointCount()
{
    LoopbackPair pair;
    QVERIFY(pair.connect());
    const EndpointStats acceptor = pair.acceptor.stats();
    QCOMPARE(acceptor.handshakesStarted, 1u);
    QCOMPARE(acceptor.handshakesFailed, 0u);
    QCOMPARE(acceptor.retriesSent, 1u); // the default
    QCOMPARE(acceptor.connections, 1);
    QCOMPARE(acceptor.halfOpen, 0);
    QVERIFY(acceptor.datagramsReceived >= 3 && acceptor.bytesReceived >= 2400);
    QVERIFY(acceptor.datagramsSent >= 2);
    QCOMPARE(pair.dialler.stats().handshakesStarted, 1u);
    pair.out->close();
    QTRY_COMPARE(pair.acceptor.stats().connections, 0);
    QTRY_COMPARE(pair.dialler.stats().connections, 0);
}

QTEST_GUILESS_MAIN(tst_Endpoint)
#include "tst_endpoint.moc"
