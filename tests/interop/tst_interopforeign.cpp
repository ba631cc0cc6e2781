// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Another QUIC stack that speaks qp2p/1, in a small program of ours: it dials us, and we dial it. One test
// for each stack is made of this file.
#include <interop/peerprogram.h>

#include <QSet>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

QString program()
{
    return QStringLiteral(QP2P_PEER_FOLDER "/peer");
}

class Peer : public PeerProgram
{
public:
    explicit Peer(const QStringList &words)
        : PeerProgram(program(), words)
    {
    }
};

void addSizes()
{
    QTest::addColumn<qint64>("size");
    QTest::addRow("1 byte") << qint64(1);
    QTest::addRow("1 KiB") << qint64(1024);
    QTest::addRow("large") << qint64(QP2P_LARGE_MESSAGE);
}

} // namespace

class tst_InteropForeign : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    // It dials us
    void itExchangesWithUs_data() { addSizes(); }
    void itExchangesWithUs();
    void manyOfItsStreamsAtOnce();
    void itAnswersARetry();
    void weLearnWhyItCloses();
    void itLearnsWhyWeClose();
    void anotherProtocolIsRefused();
    void aDiallerWithoutACertificateIsRefused();

    // We dial it
    void weExchangeWithIt_data() { addSizes(); }
    void weExchangeWithIt();
    void manyOfOurStreamsAtOnce();
    void itsKeyCanBeExpected();
    void itLearnsOurReason();

private:
    QPointer<Connection> dial(Endpoint &endpoint, const PeerAddress &address);
};

void tst_InteropForeign::initTestCase()
{
    const QString problem = preparationProblem(QStringLiteral("bash"),
                                               {u"prepare.sh"_s, QStringLiteral(QP2P_PEER_FOLDER)},
                                               QStringLiteral(QP2P_PEER_SOURCE));
    if (!problem.isNull())
        QSKIP(qPrintable(problem));
}

// ---- it dials us

void tst_InteropForeign::itExchangesWithUs()
{
    QFETCH(const qint64, size);
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"exchange"_s, QString::number(size)});
    const QString seen = theirs.line(u"connected"_s).value(u"peer"_s).toString();
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QCOMPARE(ours.protocols, QList<Protocol>{Protocol::Qp2p1});
    // Each knows who the other is.
    QCOMPARE(seen.toLatin1(), ours.endpoint.peerId().toBytes().toHex());
    QVERIFY(!ours.peerIds.first().isNull());
    QCOMPARE(ours.agents.first(), QStringLiteral(QP2P_STACK));
}

void tst_InteropForeign::manyOfItsStreamsAtOnce()
{
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"many"_s, u"200"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
}

void tst_InteropForeign::itAnswersARetry()
{
    for (const auto mode : {EndpointConfig::RetryMode::Always, EndpointConfig::RetryMode::Never}) {
        EndpointConfig config;
        config.setRetryMode(mode);
        EchoPeer ours(config);
        Peer theirs({u"dial"_s, ours.address(), u"exchange"_s, u"10"_s});
        QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
        QCOMPARE(ours.endpoint.stats().retriesSent > 0, mode == EndpointConfig::RetryMode::Always);
    }
}

void tst_InteropForeign::weLearnWhyItCloses()
{
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"close"_s, u"enough for today"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QVERIFY(waitUntil([&] { return ours.log.closed.size() == 1; }));
    const Error reason = ours.log.closed.first().reason;
    QCOMPARE(reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(reason.closeCode, quint64(7));
    QCOMPARE(reason.closeReason, u"enough for today"_s);
}

void tst_InteropForeign::itLearnsWhyWeClose()
{
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"wait"_s});
    QVERIFY(!theirs.line(u"connected"_s).isEmpty());
    QVERIFY(waitUntil([&] { return ours.log.opened.size() == 1; }));
    ours.log.opened.first()->close(9, u"closing time"_s);
    QCOMPARE(theirs.line(u"done"_s).value(u"reason"_s).toString(), u"9 closing time"_s);
    QCOMPARE(theirs.ended(), 0);
}

void tst_InteropForeign::anotherProtocolIsRefused()
{
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"alpn"_s, u"h3"_s});
    QVERIFY(theirs.ended() != 0);
    QVERIFY(waitUntil([&] { return !ours.failed.isEmpty(); }));
    QCOMPARE(ours.failed.first().code, ErrorCode::NoCommonProtocol);
    QVERIFY(ours.log.opened.isEmpty());
}

void tst_InteropForeign::aDiallerWithoutACertificateIsRefused()
{
    EchoPeer ours({});
    Peer theirs({u"dial"_s, ours.address(), u"anonymous"_s});
    QVERIFY(theirs.ended() != 0);
    QVERIFY(waitUntil([&] { return !ours.failed.isEmpty(); }));
    QCOMPARE(ours.failed.first().code, ErrorCode::CertificateMissing);
    QVERIFY(ours.log.opened.isEmpty());
}

// ---- we dial it

QPointer<Connection> tst_InteropForeign::dial(Endpoint &endpoint, const PeerAddress &address)
{
    const auto dialled = endpoint.connectTo(address);
    if (!waitUntil([&] { return dialled.isFinished(); }))
        return {};
    if (!dialled.result())
        qWarning("%s", qPrintable(dialled.result().error().message));
    return dialled.result() ? dialled.result().value() : nullptr;
}

void tst_InteropForeign::weExchangeWithIt()
{
    QFETCH(const qint64, size);
    Peer theirs({u"listen"_s});
    Endpoint endpoint;
    const QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY2(peer, theirs.problems().constData());
    QCOMPARE(peer->peerAgent(), QStringLiteral(QP2P_STACK));
    QCOMPARE(theirs.line(u"connected"_s).value(u"peer"_s).toString().toLatin1(),
             endpoint.peerId().toBytes().toHex());
    ConnectionLog log(peer);
    for (const Message &message :
         {Message(noise(size, 1)), Message("header", "", noise(size, 2)),
          Message("", "to", noise(size, 3)), Message("header", "to", noise(size, 4))}) {
        const auto reply = peer->request(message);
        QVERIFY(waitUntil([&] { return reply.isFinished(); }, InteropPatience));
        QVERIFY2(reply.result().isOk(), qPrintable(reply.result().error().message));
        QVERIFY(*reply.result() == message);
        log.messages.clear();
        peer->send(message);
        QVERIFY(waitUntil([&] { return !log.messages.isEmpty(); }, InteropPatience));
        QVERIFY(log.messages.first() == message);
    }
    QVERIFY(log.failures.isEmpty());
}

void tst_InteropForeign::manyOfOurStreamsAtOnce()
{
    constexpr int Count = 200;
    Peer theirs({u"listen"_s});
    Endpoint endpoint;
    const QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY2(peer, theirs.problems().constData());
    ConnectionLog log(peer);
    QList<QFuture<Result<Message>>> replies;
    QSet<QByteArray> missing;
    for (int i = 0; i < Count; ++i) {
        const QByteArray payload = noise(200, quint32(i));
        missing.insert(payload);
        peer->send(Message(payload));
        replies.append(peer->request(Message(payload)));
    }
    QVERIFY(waitUntil([&] { return log.messages.size() == Count; }, InteropPatience));
    for (const QByteArray &payload : log.payloads())
        QVERIFY(missing.remove(payload));
    for (int i = 0; i < Count; ++i) {
        QVERIFY(waitUntil([&] { return replies[i].isFinished(); }, InteropPatience));
        QVERIFY2(replies[i].result().isOk(), qPrintable(replies[i].result().error().message));
        QCOMPARE(replies[i].result()->payload(), noise(200, quint32(i)));
    }
}

void tst_InteropForeign::itsKeyCanBeExpected()
{
    Peer theirs({u"listen"_s});
    Endpoint endpoint;
    const PeerAddress address = theirs.address();
    const QPointer<Connection> peer = dial(endpoint, address);
    QVERIFY(peer);
    QVERIFY(dial(endpoint, PeerAddress(address.address(), address.port(), peer->peerId())));
    const auto wrong = endpoint.connectTo(
        PeerAddress(address.address(), address.port(), endpoint.peerId()));
    QVERIFY(waitUntil([&] { return wrong.isFinished(); }));
    QCOMPARE(wrong.result().error().code, ErrorCode::PeerIdMismatch);
}

void tst_InteropForeign::itLearnsOurReason()
{
    Peer theirs({u"listen"_s});
    Endpoint endpoint;
    const QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY(peer);
    QVERIFY(!theirs.line(u"connected"_s).isEmpty());
    peer->close(42, u"lost interest"_s);
    QCOMPARE(theirs.line(u"closed"_s).value(u"reason"_s).toString(), u"42 lost interest"_s);
}

QTEST_GUILESS_MAIN(tst_InteropForeign)
#include "tst_interopforeign.moc"
