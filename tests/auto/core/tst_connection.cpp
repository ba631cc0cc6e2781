// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What both sides of a Connection know: each other, addresses that change, figures, and their qlog.

#include <shared/endpointpair.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

const QHostAddress loopback(QHostAddress::LocalHost); // for real sockets
constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;

} // namespace

class tst_Connection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void bothSidesKnowEachOther();
    void movedPeerKeepsItsConnection_data();
    void movedPeerKeepsItsConnection();
    void acceptorThatSeemsToMoveIsNotFollowed();
    void statsTellWhatHappened();
    void statsCountLostPackets();
    void qlogIsWrittenWhereItIsWanted();
    void qlogIsSwitchedForNewConnections();
};

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
        return WireAction::Deliver;
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

void tst_Connection::qlogIsWrittenWhereItIsWanted()
{
    QTemporaryDir folder;
    EndpointConfig config;
    config.setQlogDirectory(folder.path());
    Endpoint acceptor(config);
    QVERIFY(acceptor.listen(loopback).isOk());
    Endpoint dialler; // does not want any
    EndpointLog log(&acceptor);
    const auto dial = dialler.connectTo(PeerAddress(loopback, acceptor.localPort()));
    QTRY_VERIFY(dial.isFinished() && !log.opened.isEmpty());
    dial.result().value()->close();
    QTRY_COMPARE(log.closed.size(), 1);
    const QStringList files = QDir(folder.path()).entryList(QDir::Files);
    QCOMPARE(files.size(), 1);
    QFile file(folder.filePath(files.at(0)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY2(text.contains("packet_sent") && text.contains("packet_received"),
             text.left(200).constData());
}

void tst_Connection::qlogIsSwitchedForNewConnections()
{
    QTemporaryDir folder;
    Endpoint acceptor;
    QVERIFY(acceptor.listen(loopback).isOk());
    Endpoint dialler;
    const PeerAddress where(loopback, acceptor.localPort());
    const auto connect = [&]() -> QPointer<Connection> {
        const auto dial = dialler.connectTo(where);
        return QTest::qWaitFor([&] { return dial.isFinished(); }) ? dial.result().value() : nullptr;
    };
    const QPointer<Connection> before = connect();
    QVERIFY(before);
    QVERIFY(before->qlogFile().isEmpty());

    QCOMPARE(dialler.setQlogDirectory(folder.filePath(QStringLiteral("none"))).error().code,
             ErrorCode::InvalidArgument);
    QVERIFY(dialler.setQlogDirectory(folder.path()).isOk());
    const QPointer<Connection> during = connect();
    QVERIFY(during);
    QVERIFY2(QFile::exists(during->qlogFile()), qPrintable(during->qlogFile()));
    QVERIFY(before->qlogFile().isEmpty());

    QVERIFY(dialler.setQlogDirectory({}).isOk());
    const QPointer<Connection> after = connect();
    QVERIFY(after);
    QVERIFY(after->qlogFile().isEmpty());
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
}

QTEST_GUILESS_MAIN(tst_Connection)
#include "tst_connection.moc"
