// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The real qp2p 0.36.4 as a peer: a small Rust program on the crate, in both directions.
#include <shared/endpointpair.h>

#include <qp2pcore/endpoint.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QStandardPaths>
#include <QTest>
#include <QtEndian>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto Patience = 90s; // only ever used up where something is broken
constexpr qint64 MiB = 1024 * 1024;

//! The Rust program, and what it has said.
class Peer
{
public:
    explicit Peer(const QStringList &words)
    {
        m_process.start(program(), words);
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process,
                         [this] { m_out += m_process.readAllStandardOutput(); });
    }
    ~Peer()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000))
            m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Peer)

    static QString targetFolder() { return QStringLiteral(QP2P_CARGO_TARGET_DIR); }
    static QString program() { return targetFolder() + u"/release/qp2p-interop"_s; }

    PeerAddress address()
    {
        const QString text = line(u"listening"_s).value(u"listening"_s).toString();
        return PeerAddress::fromString(text).value();
    }
    //! Waits for a line with \a key, or whose event it is.
    QJsonObject line(const QString &key)
    {
        QJsonObject found;
        waitUntil(
            [&] {
                for (const QByteArray &text : m_out.split('\n')) {
                    const QJsonObject object = QJsonDocument::fromJson(text).object();
                    if (object.contains(key) || object.value(u"event"_s).toString() == key)
                        found = object;
                }
                return !found.isEmpty() || m_process.state() == QProcess::NotRunning;
            },
            Patience);
        return found;
    }
    //! Its exit code once it has ended by itself.
    int ended()
    {
        waitUntil([&] { return m_process.state() == QProcess::NotRunning; }, Patience);
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QByteArray problems() { return m_process.readAllStandardError(); }
    void closeInput() { m_process.closeWriteChannel(); }

private:
    QProcess m_process;
    QByteArray m_out;
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

//! Our peer that sends everything back the way it came.
class Echo
{
public:
    explicit Echo(const EndpointConfig &config)
        : endpoint(config)
        , log(&endpoint)
    {
        QObject::connect(
            &endpoint, &Endpoint::connectionOpened, &endpoint, [this](Connection *peer) {
                protocols.append(peer->protocol());
                peerIds.append(peer->peerId());
                QObject::connect(peer, &Connection::messageReceived, peer,
                                 [peer](const Message &message) { peer->send(message); });
                QObject::connect(peer, &Connection::requestReceived, peer,
                                 [](const Request &request) { request.reply(request.message()); });
            });
        QObject::connect(
            &endpoint, &Endpoint::handshakeFailed, &endpoint,
            [this](const PeerAddress &, const Error &reason) { failed.append(reason); });
        const Result<void> listening = endpoint.listen(QHostAddress(QHostAddress::LocalHost));
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
    }
    QString address() const { return u"127.0.0.1:%1"_s.arg(endpoint.localPort()); }

    Endpoint endpoint;
    EndpointLog log;
    QList<Protocol> protocols;
    QList<PeerId> peerIds;
    QList<Error> failed;
};

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
    void anOrdinaryDialFailsAndDoesNotFallBack();

private:
    QPointer<Connection> dial(Endpoint &endpoint, const PeerAddress &address);
};

void tst_InteropQp2p::initTestCase()
{
    const QString cargo = QStandardPaths::findExecutable(u"cargo"_s);
    if (cargo.isEmpty())
        QSKIP("cargo was not found, and without it there is no qp2p: install Rust to run this.");
    QProcess build;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"CARGO_TARGET_DIR"_s, Peer::targetFolder());
    // The test's own home has no settings of cargo's, which say where crates come from.
    if (const QString home = qEnvironmentVariable("QP2P_USER_HOME"); !home.isEmpty())
        environment.insert(u"HOME"_s, home);
    build.setProcessEnvironment(environment);
    build.setWorkingDirectory(QStringLiteral(QP2P_SOURCE_DIR) + u"/tests/interop/qp2p"_s);
    build.setProcessChannelMode(QProcess::MergedChannels);
    build.start(cargo, {u"build"_s, u"--release"_s});
    if (!build.waitForFinished(500'000) || build.exitCode() != 0)
        QSKIP(qPrintable(u"The crate qp2p could not be built: "_s
                         + QString::fromUtf8(build.readAll().right(600))));
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
    Peer theirs({u"dial"_s, ours.address(), u"many"_s, u"10000"_s});
    QVERIFY2(theirs.ended() == 0, theirs.problems().constData());
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
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("seen");
    QTest::addRow("of the crate itself")
        << QString() << u"The connection was closed intentionally by qp2p."_s;
    QTest::addRow("of the program") << u"enough for today"_s << u"enough for today"_s;
}

void tst_InteropQp2p::weLearnWhyTheyClose()
{
    QFETCH(const QString, reason);
    QFETCH(const QString, seen);
    Echo ours(legacyConfig());
    Peer theirs({u"dial"_s, ours.address(), u"close"_s, reason});
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
    // Without ALPN and without a certificate: whichever is noticed first.
    QVERIFY(ours.failed.first().code == ErrorCode::NoCommonProtocol
            || ours.failed.first().code == ErrorCode::CertificateMissing);
    QVERIFY(ours.log.opened.isEmpty());
}

void tst_InteropQp2p::bothProtocolsShareOurPort()
{
    Echo ours(legacyConfig());
    Peer theirs({u"dial"_s, ours.address(), u"wait"_s});
    Endpoint modern;
    const auto dialled = modern.connectTo(PeerAddress::fromString(ours.address()).value());
    QVERIFY(waitUntil([&] { return dialled.isFinished() && ours.log.opened.size() == 2; }));
    QVERIFY2(dialled.result().isOk(), qPrintable(dialled.result().error().message));
    const auto reply = dialled.result().value()->request(Message("modern"));
    QVERIFY(waitUntil([&] { return reply.isFinished(); }));
    QCOMPARE(reply.result()->payload(), "modern");
    QVERIFY(ours.protocols.contains(Protocol::Qp2p1) && ours.protocols.contains(Protocol::Legacy));
    ours.endpoint.close();
    QCOMPARE(theirs.ended(), 0);
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
