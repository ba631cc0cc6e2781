// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints on real loopback sockets: that the whole way from a datagram to a signal works.
#include <qp2pcore/endpoint.h>

#include <QSignalSpy>
#include <QTest>

using namespace Qp2p;

class tst_Endpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesAndRequestsTravelBothWays_data();
    void messagesAndRequestsTravelBothWays();
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

QTEST_GUILESS_MAIN(tst_Endpoint)
#include "tst_endpoint.moc"
