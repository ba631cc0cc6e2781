// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Closed ports on real sockets: a dial learns of one, and no other datagram of the socket is lost over it.
#include "datagrampeer.h"

#include <shared/endpointpair.h>

#include <QTest>
#include <QUdpSocket>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

//! A port of \a address that was free a moment ago.
quint16 closedPort(const QHostAddress &address)
{
    QUdpSocket socket;
    return socket.bind(address, 0, QAbstractSocket::DontShareAddress) ? socket.localPort()
                                                                      : quint16(0);
}

bool isSupported()
{
#ifdef Q_OS_LINUX
    return qgetenv("QP2P_CHANNEL") != "udpsocket";
#else
    return false;
#endif
}

EndpointConfig patient(int identity)
{
    EndpointConfig config;
    config.setIdentity(sharedIdentity(identity));
    config.setHandshakeTimeout(10min); // only an ICMP message can end a dial sooner
    return config;
}

} // namespace

class tst_ClosedPorts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void dialLearnsOfAClosedPort_data();
    void dialLearnsOfAClosedPort();
    void hundredConnectionsOfTheSameSocketDoNotMind();
    void datagramsToOthersAreNotLost_data();
    void datagramsToOthersAreNotLost();
    void errorsDoNotKeepTheEventLoopBusy();
    void closedPortsThatNobodyTakesAreBounded();
};

void tst_ClosedPorts::initTestCase()
{
    if (!isSupported())
        QSKIP("Only the channel of Linux hears of closed ports.");
}

void tst_ClosedPorts::dialLearnsOfAClosedPort_data()
{
    QTest::addColumn<QHostAddress>("from");
    QTest::addColumn<QHostAddress>("to");
    const QHostAddress ipv4(u"127.0.0.1"_s);
    const QHostAddress ipv6(u"::1"_s);
    QTest::newRow("IPv4") << ipv4 << ipv4;
    QTest::newRow("IPv6") << ipv6 << ipv6;
    QTest::newRow("IPv4 from a dual-stack socket") << QHostAddress(QHostAddress::Any) << ipv4;
    QTest::newRow("IPv6 from a dual-stack socket") << QHostAddress(QHostAddress::Any) << ipv6;
}

void tst_ClosedPorts::dialLearnsOfAClosedPort()
{
    QFETCH(QHostAddress, from);
    QFETCH(QHostAddress, to);
    const quint16 port = closedPort(to);
    if (port == 0)
        QSKIP("This machine has no IPv6.");
    Endpoint endpoint(patient(1));
    QVERIFY(endpoint.listen(from));
    const PeerAddress peer(to, port);
    for (int i = 0; i < 3; ++i) {
        const auto dial = endpoint.connectTo(peer);
        QVERIFY(waitUntil([&] { return dial.isFinished(); }));
        const Error error = dial.result().error();
        QCOMPARE(error.code, ErrorCode::PortUnreachable);
        QVERIFY2(error.message.contains(peer.endpointString()), qPrintable(error.message));
    }
    QCOMPARE(endpoint.stats().sendsLost, quint64(0));
}

void tst_ClosedPorts::hundredConnectionsOfTheSameSocketDoNotMind()
{
    constexpr int Connections = 100;
    constexpr int Rounds = 30;
    // Before the endpoints, whose end finishes the last dials.
    int refused = 0;
    int acknowledged = 0;
    std::function<void()> dialAgain;
    std::function<void(Connection *, int)> say;
    const QHostAddress loopback(u"127.0.0.1"_s);
    EndpointConfig config = patient(2);
    config.setMaxConnectionsPerAddress(Connections + 1);
    Endpoint acceptor(config);
    QVERIFY(acceptor.listen(loopback));
    Endpoint dialler(patient(1));
    QVERIFY(dialler.listen(loopback));
    EndpointLog log(&dialler);
    const PeerAddress open(loopback, acceptor.localPort());
    for (int i = 0; i < Connections; ++i) {
        const auto dial = dialler.connectTo(open);
        QVERIFY(waitUntil([&] { return dial.isFinished(); }));
        QVERIFY(dial.result().isOk());
    }
    const QList<Connection *> connections = dialler.connections();
    QCOMPARE(connections.size(), Connections);

    const PeerAddress closed(loopback, closedPort(loopback));
    dialAgain = [&] {
        dialler.connectTo(closed).then(&dialler, [&](const Result<QPointer<Connection>> &result) {
            refused += !result && result.error().code == ErrorCode::PortUnreachable;
            QMetaObject::invokeMethod(&dialler, dialAgain, Qt::QueuedConnection);
        });
    };
    for (int i = 0; i < 8; ++i)
        dialAgain();
    const auto finished = [&] { return acknowledged >= Connections * Rounds && refused >= 8; };
    say = [&](Connection *connection, int left) {
        if (left == 0)
            return;
        connection->sendAndConfirm(Message("hello"))
            .then(connection, [&, connection, left](const Result<void> &result) {
                acknowledged += result.isOk();
                if (result)
                    say(connection, left - 1);
            });
    };
    for (Connection *connection : connections)
        say(connection, Rounds);
    QVERIFY(waitUntil(finished, 60s));
    QVERIFY(log.closed.isEmpty());
    QCOMPARE(dialler.stats().sendsLost, quint64(0));
}

void tst_ClosedPorts::datagramsToOthersAreNotLost_data()
{
    QTest::addColumn<Variant>("variant");
    QTest::addColumn<qsizetype>("size"); // of what is sent at once
    for (const qsizetype size : {100, 12'000}) {
        QTest::addRow("with offload, %d bytes", int(size)) << Variant::LinuxWithOffload << size;
        QTest::addRow("without offload, %d bytes", int(size))
            << Variant::LinuxWithoutOffload << size;
    }
}

void tst_ClosedPorts::datagramsToOthersAreNotLost()
{
    QFETCH(Variant, variant);
    QFETCH(qsizetype, size);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    const QHostAddress loopback(u"127.0.0.1"_s);
    QList<Engine::SocketAddress> closed;
    for (int i = 0; i < 10; ++i)
        closed.append(Io::toSocketAddress(loopback, closedPort(loopback)));
    const QByteArray batch = pattern(size);
    int expected = 0;
    for (int i = 0; i < 200; ++i) {
        // On loopback the messages are there when the call returns: the next one finds the errors.
        for (const Engine::SocketAddress &nobody : std::as_const(closed))
            alice.send("knock", nobody);
        QCOMPARE(alice.send(batch, bob.address(), 1200).status, Io::SendStatus::Sent);
        expected += int((size + 1199) / 1200);
        bob.receiveAll();
    }
    QTRY_COMPARE(bob.received.size(), expected);
    QCOMPARE(bob.payloads().mid(0, (size + 1199) / 1200), cut(batch, 1200));
    const auto heard = alice.channel->takeClosedPorts();
    QVERIFY(!heard.empty());
    for (const Io::ClosedPort &port : heard) {
        QVERIFY(closed.contains(port.remote));
        QCOMPARE(port.quoted, QByteArray("knock"));
    }
}

void tst_ClosedPorts::errorsDoNotKeepTheEventLoopBusy()
{
    DatagramPeer alice(Variant::LinuxWithOffload);
    int wakeUps = 0;
    alice.channel->onReadable = [&] {
        ++wakeUps;
        alice.receiveAll();
    };
    const QHostAddress loopback(u"127.0.0.1"_s);
    alice.send("knock", Io::toSocketAddress(loopback, closedPort(loopback)));
    std::vector<Io::ClosedPort> heard;
    QVERIFY(waitUntil([&] {
        heard = alice.channel->takeClosedPorts();
        return !heard.empty();
    }));
    QCOMPARE(heard.size(), size_t(1));
    // The queue is empty: nothing wakes us any more, however often the event loop looks.
    const int before = wakeUps;
    for (int i = 0; i < 100; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(wakeUps, before);
}

void tst_ClosedPorts::closedPortsThatNobodyTakesAreBounded()
{
    DatagramPeer alice(Variant::LinuxWithOffload);
    const QHostAddress loopback(u"127.0.0.1"_s);
    const auto nobody = Io::toSocketAddress(loopback, closedPort(loopback));
    for (int i = 0; i < 500; ++i) {
        alice.send("knock", nobody);
        alice.receiveAll();
    }
    const auto heard = alice.channel->takeClosedPorts();
    QVERIFY2(!heard.empty() && heard.size() <= 16, qPrintable(QString::number(heard.size())));
    QVERIFY(alice.channel->takeClosedPorts().empty());
}

QTEST_GUILESS_MAIN(tst_ClosedPorts)
#include "tst_closedports.moc"
