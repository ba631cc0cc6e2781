// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The real qp2p 0.36.4 as a peer: a small Rust program on the crate, in both directions.
#include <interop/peerprogram.h>

#include <QSet>
#include <QStandardPaths>
#include <QTest>
#include <QtEndian>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto Patience = InteropPatience;
constexpr qint64 MiB = 1024 * 1024;

QString targetFolder()
{
    return QStringLiteral(QP2P_CARGO_TARGET_DIR);
}

class Peer : public PeerProgram
{
public:
    explicit Peer(const QStringList &words)
        : PeerProgram(targetFolder() + u"/release/qp2p-interop"_s, words)
    {
    }
};

EndpointConfig legacyConfig()
{
    EndpointConfig config;
    config.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    config.setMaxMessageSize(80 * MiB);
    config.setSendQueueLimit(400 * MiB);
    config.setInboxLimit(400 * MiB);
    return config;
}

using Echo = EchoPeer;

QByteArray bigEndian(quint64 number)
{
    QByteArray bytes(8, '\0');
    qToBigEndian(number, bytes.data());
    return bytes;
}

} // namespace

class tst_InteropQp2p : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    // They dial us
    void theyExchangeWithUs_data();
    void theyExchangeWithUs();
    void tenThousandMessagesGoBothWays();
    void retryIsAnsweredByThem_data();
    void retryIsAnsweredByThem();
    void weLearnWhyTheyClose_data();
    void weLearnWhyTheyClose();
    void theyLearnWhyWeClose();
    void silenceEndsTheirConnectionOnBothSides();
    void theyAreRefusedUnlessLegacyPeersAreAccepted();
    void bothProtocolsShareOurPort();

    // We dial them
    void weExchangeWithThem_data();
    void weExchangeWithThem();
    void tenThousandOfOurMessagesComeBack();
    void theirKeyIsProvenAndCanBeExpected();
    void theySeeOurReasonAndWeSeeTheirEnd();
    void silenceEndsOurConnectionOnBothSides();
    void anOrdinaryDialFailsAndDoesNotFallBack();

private:
    QPointer<Connection> dial(Endpoint &endpoint, const PeerAddress &address);
};

void tst_InteropQp2p::initTestCase()
{
    const QString cargo = QStandardPaths::findExecutable(u"cargo"_s);
    if (cargo.isEmpty())
        QSKIP("cargo was not found, and without it there is no qp2p: install Rust to run this.");
    QProcessEnvironment environment;
    environment.insert(u"CARGO_TARGET_DIR"_s, targetFolder());
    const QString problem = preparationProblem(
        cargo, {u"build"_s, u"--release"_s},
        QStringLiteral(QP2P_SOURCE_DIR) + u"/tests/interop/qp2p"_s, environment);
    // A machine without the crate is no fault; our own program that does not compile is one.
    QVERIFY2(!problem.contains(u"could not compile `qp2p-interop`"_s), qPrintable(problem));
    if (!problem.isNull())
        QSKIP(qPrintable(problem));
}

// ---- they dial us

void tst_InteropQp2p::theyExchangeWithUs_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addRow("1 byte") << qint64(1);
    QTest::addRow("1 KiB") << qint64(1024);
    QTest::addRow("1 MiB") << MiB;
    QTest::addRow("64 MiB") << 64 * MiB;
}

void tst_InteropQp2p::theyExchangeWithUs()
{
    QFETCH(const qint64, size);
    Echo ours(legacyConfig());
    Peer theirs({u"dial"_s, ours.address(), u"exchange"_s, QString::number(size)});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QCOMPARE(ours.protocols, QList<Protocol>{Protocol::Legacy});
    QVERIFY(ours.peerIds.first().isNull());
}

void tst_InteropQp2p::tenThousandMessagesGoBothWays()
{
    Echo ours(legacyConfig());
    int received = 0;
    QObject::connect(
        &ours.endpoint, &Endpoint::connectionOpened, &ours.endpoint, [&](Connection *peer) {
            QObject::connect(peer, &Connection::messageReceived, peer, [&] { ++received; });
        });
    Peer theirs({u"dial"_s, ours.address(), u"many"_s, u"10000"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QCOMPARE(received, 10'000);
}

void tst_InteropQp2p::retryIsAnsweredByThem_data()
{
    QTest::addColumn<EndpointConfig::RetryMode>("mode");
    QTest::addColumn<quint64>("retries");
    QTest::addRow("always") << EndpointConfig::RetryMode::Always << quint64(1);
    QTest::addRow("never") << EndpointConfig::RetryMode::Never << quint64(0);
}

void tst_InteropQp2p::retryIsAnsweredByThem()
{
    QFETCH(const EndpointConfig::RetryMode, mode);
    QFETCH(const quint64, retries);
    EndpointConfig config = legacyConfig();
    config.setRetryMode(mode);
    Echo ours(config);
    Peer theirs({u"dial"_s, ours.address(), u"exchange"_s, u"100"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QCOMPARE(ours.endpoint.stats().retriesSent, retries);
}

void tst_InteropQp2p::weLearnWhyTheyClose_data()
{
    QTest::addColumn<QStringList>("work");
    QTest::addColumn<QString>("seen");
    QTest::addRow("of the crate itself") << QStringList{u"close"_s, QString()}
                                         << u"The connection was closed intentionally by qp2p."_s;
    QTest::addRow("of the program")
        << QStringList{u"close"_s, u"enough for today"_s} << u"enough for today"_s;
    QTest::addRow("of a connection let go") << QStringList{u"drop"_s} << u"lost interest"_s;
    QTest::addRow("of an endpoint that ends")
        << QStringList{u"exchange"_s, u"1"_s} << u"Endpoint closed"_s;
}

void tst_InteropQp2p::weLearnWhyTheyClose()
{
    QFETCH(const QStringList, work);
    QFETCH(const QString, seen);
    Echo ours(legacyConfig());
    Peer theirs(QStringList{u"dial"_s, ours.address()} + work);
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QVERIFY(waitUntil([&] { return ours.log.closed.size() == 1; }));
    const Error error = ours.log.closed.first().reason;
    QCOMPARE(error.code, ErrorCode::ClosedByPeer);
    QCOMPARE(error.closeCode, quint64(0));
    QCOMPARE(error.closeReason, seen);
}

void tst_InteropQp2p::theyLearnWhyWeClose()
{
    Echo ours(legacyConfig());
    Peer theirs({u"dial"_s, ours.address(), u"wait"_s});
    QVERIFY(waitUntil([&] { return ours.log.opened.size() == 1; }));
    QVERIFY(!theirs.line(u"connected"_s).isEmpty());
    ours.log.opened.first()->close(7, u"closing time"_s);
    const QString reason = theirs.line(u"done"_s).value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"closing time"_s) && reason.contains(u'7'), qPrintable(reason));
    QCOMPARE(theirs.ended(), 0);
}

void tst_InteropQp2p::silenceEndsTheirConnectionOnBothSides()
{
    EndpointConfig config = legacyConfig();
    config.setKeepAliveInterval(0ms);
    Echo ours(config);
    Peer theirs({u"dial"_s, ours.address(), u"idle"_s, u"1000"_s});
    const QString reason = theirs.line(u"done"_s).value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"TimedOut"_s), qPrintable(reason));
    QVERIFY(waitUntil([&] { return ours.log.closed.size() == 1; }));
    QCOMPARE(ours.log.closed.first().reason.code, ErrorCode::IdleTimeout);
}

void tst_InteropQp2p::theyAreRefusedUnlessLegacyPeersAreAccepted()
{
    EndpointConfig config = legacyConfig();
    config.setLegacyPeers(EndpointConfig::LegacyPeers::Refused);
    Echo ours(config);
    Peer theirs({u"dial"_s, ours.address(), u"exchange"_s, u"1"_s});
    QVERIFY(theirs.ended() != 0);
    QVERIFY(waitUntil([&] { return !ours.failed.isEmpty(); }));
    QCOMPARE(ours.failed.first().code, ErrorCode::NoCommonProtocol);
    QVERIFY(ours.log.opened.isEmpty());
}

void tst_InteropQp2p::bothProtocolsShareOurPort()
{
    Echo ours(legacyConfig());
    Endpoint modern;
    EndpointLog log(&modern);
    const auto dialled = modern.connectTo(PeerAddress::fromString(ours.address()).value());
    QVERIFY(waitUntil([&] { return dialled.isFinished(); }));
    QVERIFY2(dialled.result().isOk(), qPrintable(dialled.result().error().message));
    const QPointer<Connection> peer = dialled.result().value();
    ConnectionLog received(peer);

    // Each of our echoes asks for the next one, as long as the legacy peer is at work.
    int asked = 0;
    QObject::connect(peer, &Connection::messageReceived, peer,
                     [&] { peer->send(Message(QByteArray::number(++asked))); });
    peer->send(Message("0"));
    Peer theirs({u"dial"_s, ours.address(), u"many"_s, u"1000"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
    QCOMPARE(ours.protocols, (QList<Protocol>{Protocol::Qp2p1, Protocol::Legacy}));
    QVERIFY(log.closed.isEmpty());

    const auto reply = peer->request(Message("modern"));
    QVERIFY(waitUntil([&] { return reply.isFinished(); }));
    QVERIFY2(reply.result().isOk(), qPrintable(reply.result().error().message));
    QCOMPARE(reply.result()->payload(), "modern");
    QVERIFY(asked > 0 && received.failures.isEmpty());
    for (qsizetype i = 0; i < received.messages.size(); ++i)
        QCOMPARE(received.messages.at(i).payload(), QByteArray::number(i));
}

// ---- we dial them

QPointer<Connection> tst_InteropQp2p::dial(Endpoint &endpoint, const PeerAddress &address)
{
    const auto dialled = endpoint.connectTo(address, Protocol::Legacy);
    if (!waitUntil([&] { return dialled.isFinished(); }))
        return {};
    if (!dialled.result())
        qWarning("%s", qPrintable(dialled.result().error().message));
    return dialled.result() ? dialled.result().value() : nullptr;
}

void tst_InteropQp2p::weExchangeWithThem_data()
{
    theyExchangeWithUs_data();
}

void tst_InteropQp2p::weExchangeWithThem()
{
    QFETCH(const qint64, size);
    Peer theirs({u"listen"_s});
    Endpoint endpoint(legacyConfig());
    const QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY2(peer, theirs.problems().constData());
    QCOMPARE(peer->protocol(), Protocol::Legacy);
    ConnectionLog log(peer);
    for (const Message &message :
         {Message(noise(size, 1)), Message("header", "", noise(size, 2)),
          Message("", "to", noise(size, 3)), Message("header", "to", noise(size, 4))}) {
        const auto reply = peer->request(message);
        QVERIFY(waitUntil([&] { return reply.isFinished(); }, Patience));
        QVERIFY2(reply.result().isOk(), qPrintable(reply.result().error().message));
        QVERIFY(*reply.result() == message);
        log.messages.clear();
        peer->send(message);
        QVERIFY(waitUntil([&] { return !log.messages.isEmpty(); }, Patience));
        QVERIFY(log.messages.first() == message);
    }
    QVERIFY(log.failures.isEmpty());
}

void tst_InteropQp2p::tenThousandOfOurMessagesComeBack()
{
    constexpr int Count = 10'000;
    Peer theirs({u"listen"_s});
    Endpoint endpoint(legacyConfig());
    const QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY(peer);
    QSet<quint64> missing;
    int wrong = 0;
    QObject::connect(peer, &Connection::messageReceived, peer, [&](const Message &message) {
        const quint64 number = qFromBigEndian<quint64>(message.header().constData());
        wrong += message.payload() == noise(200, quint32(number)) && missing.remove(number) ? 0 : 1;
    });
    for (quint64 number = 0; number < Count; ++number) {
        missing.insert(number);
        peer->send(Message(bigEndian(number), "to", noise(200, quint32(number))));
    }
    QVERIFY(waitUntil([&] { return missing.isEmpty(); }, Patience));
    QCOMPARE(wrong, 0);
    QCOMPARE(peer->stats().messagesSent, quint64(Count));
    QCOMPARE(peer->stats().messagesReceived, quint64(Count));
    peer->close();
    QCOMPARE(theirs.line(u"closed"_s).value(u"messages"_s).toInt(), Count);
}

void tst_InteropQp2p::theirKeyIsProvenAndCanBeExpected()
{
    Peer theirs({u"listen"_s});
    Endpoint endpoint(legacyConfig());
    const PeerAddress address = theirs.address();
    const QPointer<Connection> peer = dial(endpoint, address);
    QVERIFY(peer);
    QVERIFY(!peer->peerId().isNull());
    QCOMPARE(peer->peerCertificates().size(), 1);
    const PeerAddress right(address.address(), address.port(), peer->peerId());
    QVERIFY(dial(endpoint, right));
    const auto wrong = endpoint.connectTo(
        PeerAddress(address.address(), address.port(), endpoint.peerId()), Protocol::Legacy);
    QVERIFY(waitUntil([&] { return wrong.isFinished(); }));
    QCOMPARE(wrong.result().error().code, ErrorCode::PeerIdMismatch);
}

void tst_InteropQp2p::theySeeOurReasonAndWeSeeTheirEnd()
{
    Peer theirs({u"listen"_s});
    Endpoint endpoint(legacyConfig());
    EndpointLog log(&endpoint);
    QPointer<Connection> peer = dial(endpoint, theirs.address());
    QVERIFY(peer);
    peer->close(0, u"lost interest"_s);
    const QString reason = theirs.line(u"closed"_s).value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"lost interest"_s), qPrintable(reason));

    peer = dial(endpoint, theirs.address());
    QVERIFY(peer);
    theirs.closeInput();
    QVERIFY(waitUntil([&] { return log.closed.size() == 2; }, Patience));
    QCOMPARE(log.closed.last().reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(log.closed.last().reason.closeReason, u"Endpoint closed"_s);
}

void tst_InteropQp2p::silenceEndsOurConnectionOnBothSides()
{
    EndpointConfig config = legacyConfig();
    config.setKeepAliveInterval(0ms);
    Peer theirs({u"listen"_s, u"1000"_s});
    Endpoint endpoint(config);
    EndpointLog log(&endpoint);
    QVERIFY(dial(endpoint, theirs.address()));
    QVERIFY(waitUntil([&] { return log.closed.size() == 1; }));
    QCOMPARE(log.closed.first().reason.code, ErrorCode::IdleTimeout);
    const QString reason = theirs.line(u"closed"_s).value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"TimedOut"_s), qPrintable(reason));
}

void tst_InteropQp2p::anOrdinaryDialFailsAndDoesNotFallBack()
{
    Peer theirs({u"listen"_s});
    Endpoint endpoint(legacyConfig());
    const auto dialled = endpoint.connectTo(theirs.address());
    QVERIFY(waitUntil([&] { return dialled.isFinished(); }));
    QCOMPARE(dialled.result().error().code, ErrorCode::NoCommonProtocol);
    QCOMPARE(endpoint.stats().handshakesStarted, quint64(1));
}

QTEST_GUILESS_MAIN(tst_InteropQp2p)
#include "tst_interopqp2p.moc"
