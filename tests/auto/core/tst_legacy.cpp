// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers without ALPN, greeting and client certificate, between whole endpoints in virtual time.
#include <shared/endpointpair.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr auto Accepted = EndpointConfig::LegacyPeers::Accepted;
using Dialled = QFuture<Result<QPointer<Connection>>>;

EndpointPair::Setup legacySetup()
{
    EndpointPair::Setup setup;
    setup.acceptor.setLegacyPeers(Accepted);
    setup.dialler.setLegacyPeers(Accepted);
    return setup;
}

} // namespace

class tst_Legacy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLegacyDialIsAcceptedWithoutAnIdentity_data();
    void aLegacyDialIsAcceptedWithoutAnIdentity();
    void theDialledPeerIsProvenAllTheSame();
    void messagesRequestsAndClosesPassBothWays();
    void theFirstRequestIsNoControlStream();
    void bothProtocolsShareThePort();
    void aLegacyDialIsRefusedUnlessItIsSwitchedOn();
    void aLegacyDialNeedsItsSwitch();
};

void tst_Legacy::aLegacyDialIsAcceptedWithoutAnIdentity_data()
{
    QTest::addColumn<EndpointConfig::RetryMode>("retry");
    QTest::newRow("with Retry") << EndpointConfig::RetryMode::Always;
    QTest::newRow("without") << EndpointConfig::RetryMode::Never;
}

void tst_Legacy::aLegacyDialIsAcceptedWithoutAnIdentity()
{
    QFETCH(const EndpointConfig::RetryMode, retry);
    EndpointPair::Setup setup = legacySetup();
    setup.acceptor.setRetryMode(retry);
    EndpointPair pair(setup);
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    QVERIFY(pair.finish(dialled));
    QVERIFY2(dialled.result().isOk(), qPrintable(dialled.result().error().message));
    QVERIFY(pair.until([&] { return log.opened.size() == 1; }));

    const Connection *out = dialled.result().value();
    const Connection *in = log.opened.first();
    QCOMPARE(out->protocol(), Protocol::Legacy);
    QCOMPARE(in->protocol(), Protocol::Legacy);
    QVERIFY(in->peerId().isNull());
    QVERIFY(in->peerCertificates().isEmpty());
    QVERIFY(in->peerAgent().isEmpty());
    QCOMPARE(out->peerId(), pair.acceptor->peerId());
}

void tst_Legacy::theDialledPeerIsProvenAllTheSame()
{
    EndpointPair pair(legacySetup());
    QVERIFY(pair.acceptor->listen().isOk());
    const PeerAddress wrong(pair.acceptorAddress().address(), pair.acceptorAddress().port(),
                            pair.dialler->peerId());
    const Dialled dialled = pair.dialler->connectTo(wrong, Protocol::Legacy);
    QVERIFY(pair.finish(dialled));
    QCOMPARE(dialled.result().error().code, ErrorCode::PeerIdMismatch);
}

void tst_Legacy::messagesRequestsAndClosesPassBothWays()
{
    EndpointPair pair(legacySetup());
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    QVERIFY(pair.until([&] { return dialled.isFinished() && log.opened.size() == 1; }));
    Connection *out = dialled.result().value();
    Connection *in = log.opened.first();

    for (auto [from, to] : {std::pair(out, in), std::pair(in, out)}) {
        ConnectionLog received(to);
        const Message message("header", "destination", noise(3'000'000, 5));
        from->send(message);
        const auto reply = from->request(Message("ask"));
        QVERIFY(pair.until(
            [&] { return received.messages.size() == 1 && received.requests.size() == 1; }));
        QCOMPARE(received.messages.first(), message);
        received.requests.first().reply(Message("answer"));
        QVERIFY(pair.finish(reply));
        QCOMPARE(reply.result()->payload(), "answer");
    }

    EndpointLog atDialler(pair.dialler.get());
    in->close(0, QStringLiteral("done"));
    QVERIFY(pair.until([&] { return atDialler.closed.size() == 1; }));
    QCOMPARE(atDialler.closed.first().reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(atDialler.closed.first().reason.closeReason, QStringLiteral("done"));
}

void tst_Legacy::theFirstRequestIsNoControlStream()
{
    EndpointPair pair(legacySetup());
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    QVERIFY(pair.until([&] { return dialled.isFinished() && log.opened.size() == 1; }));
    ConnectionLog received(log.opened.first());
    for (int i = 0; i < 3; ++i)
        dialled.result().value()->request(Message(QByteArray::number(i)));
    QVERIFY(pair.until([&] { return received.requests.size() == 3; }));
    QCOMPARE(received.requests.first().message().payload(), "0");
}

void tst_Legacy::bothProtocolsShareThePort()
{
    EndpointPair pair(legacySetup());
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled legacy = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    const Dialled modern = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.until(
        [&] { return legacy.isFinished() && modern.isFinished() && log.opened.size() == 2; }));
    QVERIFY(legacy.result().isOk() && modern.result().isOk());
    for (const Connection *in : log.opened) {
        const bool isModern = in->protocol() == Protocol::Qp2p1;
        QCOMPARE(in->peerId(), isModern ? pair.dialler->peerId() : PeerId());
    }
    QVERIFY(log.opened[0]->protocol() != log.opened[1]->protocol());
}

void tst_Legacy::aLegacyDialIsRefusedUnlessItIsSwitchedOn()
{
    EndpointPair::Setup setup;
    setup.dialler.setLegacyPeers(Accepted);
    EndpointPair pair(setup);
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    QVERIFY(pair.finish(dialled));
    QVERIFY(!dialled.result().isOk());
    pair.simulation.runFor(20s);
    QVERIFY(log.opened.isEmpty());
    QCOMPARE(pair.acceptor->stats().connections, 0);
}

void tst_Legacy::aLegacyDialNeedsItsSwitch()
{
    EndpointPair pair;
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress(), Protocol::Legacy);
    QVERIFY(dialled.isFinished());
    QCOMPARE(dialled.result().error().code, ErrorCode::InvalidArgument);
    QVERIFY(dialled.result().error().message.contains(QStringLiteral("setLegacyPeers")));
}

QTEST_GUILESS_MAIN(tst_Legacy)
#include "tst_legacy.moc"
