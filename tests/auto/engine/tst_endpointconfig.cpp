// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoint settings: the documented defaults work, and what cannot work is named before it starts.

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/version.h>

#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <limits>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace std::chrono_literals;

using Change = std::function<void(EndpointConfig &)>;
Q_DECLARE_METATYPE(Change)

namespace {

constexpr qint64 MiB = qint64(1024) * 1024;

void addChange(const char *name, const Change &change, const char *inMessage = "")
{
    QTest::newRow(name) << change << QString::fromLatin1(inMessage);
}

} // namespace

class tst_EndpointConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreTheDocumentedOnesAndValid()
    {
        const EndpointConfig config;
        QVERIFY(config.identity().isNull());
        QCOMPARE(config.certificatePolicy().mode(), CertificatePolicy::Mode::EncryptOnly);
        QCOMPARE(config.retryMode(), EndpointConfig::RetryMode::Always);
        QCOMPARE(config.congestionControl(), EndpointConfig::CongestionControl::Cubic);
        QCOMPARE(config.networkName(), QString());
        QCOMPARE(config.agent(), QStringLiteral("qp2p/" QP2PCORE_VERSION_STRING));
        QCOMPARE(config.handshakeTimeout(), 10s);
        QCOMPARE(config.idleTimeout(), 14s);
        QVERIFY(config.keepAliveInterval() < 0ms);
        QCOMPARE(config.maxMessageSize(), 16 * MiB);
        QCOMPARE(config.sendQueueLimit(), 16 * MiB);
        QCOMPARE(config.inboxLimit(), 16 * MiB);
        QCOMPARE(config.maxIncomingRequests(), 100);
        QCOMPARE(config.maxIncomingMessages(), 1000);
        QCOMPARE(config.receiveBudget(), 256 * MiB);
        QCOMPARE(config.sendBudget(), 128 * MiB);
        QCOMPARE(config.maxConnections(), 4096);
        QCOMPARE(config.maxConnectionsPerAddress(), 64);
        QCOMPARE(config.maxConnectionsPerSite(), 256);
        QCOMPARE(config.busyPollLimit(), 50us);
        QCOMPARE(config.qlogDirectory(), QString());
        const Result<void> valid = config.validate();
        QVERIFY2(valid.isOk(), qPrintable(valid.error().message));
    }

    void everySettingIsKept()
    {
        const Result<Identity> identity = Identity::generate();
        QVERIFY(identity.isOk());
        EndpointConfig config;
        config.setIdentity(*identity);
        config.setRetryMode(EndpointConfig::RetryMode::UnderLoad);
        config.setCongestionControl(EndpointConfig::CongestionControl::Bbr);
        config.setNetworkName(QStringLiteral("net"));
        config.setAgent(QStringLiteral("test/1"));
        config.setHandshakeTimeout(1s);
        config.setIdleTimeout(2s);
        config.setKeepAliveInterval(0ms);
        config.setMaxMessageSize(3);
        config.setSendQueueLimit(4);
        config.setInboxLimit(5);
        config.setMaxIncomingRequests(6);
        config.setMaxIncomingMessages(7);
        config.setMaxConnections(8);
        config.setReceiveBudget(9);
        config.setSendBudget(12);
        config.setMaxConnectionsPerAddress(10);
        config.setMaxConnectionsPerSite(11);
        config.setBusyPollLimit(9us);
        config.setQlogDirectory(QStringLiteral("/tmp"));

        QVERIFY(config.identity().peerId() == identity->peerId());
        QCOMPARE(config.retryMode(), EndpointConfig::RetryMode::UnderLoad);
        QCOMPARE(config.congestionControl(), EndpointConfig::CongestionControl::Bbr);
        QCOMPARE(config.networkName(), QStringLiteral("net"));
        QCOMPARE(config.agent(), QStringLiteral("test/1"));
        QCOMPARE(config.handshakeTimeout(), 1s);
        QCOMPARE(config.idleTimeout(), 2s);
        QCOMPARE(config.keepAliveInterval(), 0ms);
        QCOMPARE(config.maxMessageSize(), qint64(3));
        QCOMPARE(config.sendQueueLimit(), qint64(4));
        QCOMPARE(config.inboxLimit(), qint64(5));
        QCOMPARE(config.maxIncomingRequests(), 6);
        QCOMPARE(config.maxIncomingMessages(), 7);
        QCOMPARE(config.maxConnections(), 8);
        QCOMPARE(config.receiveBudget(), qint64(9));
        QCOMPARE(config.sendBudget(), qint64(12));
        QCOMPARE(config.maxConnectionsPerAddress(), 10);
        QCOMPARE(config.maxConnectionsPerSite(), 11);
        QCOMPARE(config.busyPollLimit(), 9us);
        QCOMPARE(config.qlogDirectory(), QStringLiteral("/tmp"));
    }

    void aCopyDoesNotSeeLaterChanges()
    {
        EndpointConfig config;
        const EndpointConfig copy = config;
        config.setNetworkName(QStringLiteral("changed"));
        config.setMaxConnections(1);
        QCOMPARE(copy.networkName(), QString());
        QCOMPARE(copy.maxConnections(), 4096);
    }

    void valuesAtTheEdgeOfTheirRangeAreAccepted_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("unused");
        using C = EndpointConfig;
        addChange("handshake 100 ms", [](C &c) { c.setHandshakeTimeout(100ms); });
        addChange("handshake 10 min", [](C &c) { c.setHandshakeTimeout(10min); });
        addChange("idle 1 s", [](C &c) { c.setIdleTimeout(1s); });
        addChange("idle 1 h", [](C &c) { c.setIdleTimeout(1h); });
        addChange("keep-alive off", [](C &c) { c.setKeepAliveInterval(0ms); });
        addChange("keep-alive just below idle", [](C &c) { c.setKeepAliveInterval(13'999ms); });
        addChange("message of 1 GiB", [](C &c) { c.setMaxMessageSize(1024 * MiB); });
        addChange("message of 1 byte", [](C &c) { c.setMaxMessageSize(1); });
        addChange("queue smaller than a message", [](C &c) { c.setSendQueueLimit(1); });
        addChange("inbox smaller than a message", [](C &c) { c.setInboxLimit(1); });
        addChange("budget for the largest message", [](C &c) {
            c.setMaxMessageSize(1024 * MiB);
            c.setReceiveBudget(1088 * MiB);
        });
        addChange("65535 streams", [](C &c) {
            c.setMaxIncomingMessages(65'535);
            c.setMaxIncomingRequests(65'535);
        });
        addChange("one of each", [](C &c) {
            c.setMaxIncomingMessages(1);
            c.setMaxIncomingRequests(1);
            c.setMaxConnections(1);
        });
        addChange("name of 64 bytes", [](C &c) { c.setNetworkName(QString(32, u'\u00e4')); });
        addChange("empty agent", [](C &c) { c.setAgent({}); });
    }

    void valuesAtTheEdgeOfTheirRangeAreAccepted()
    {
        QFETCH(const Change, change);
        EndpointConfig config;
        change(config);
        const Result<void> valid = config.validate();
        QVERIFY2(valid.isOk(), qPrintable(valid.error().message));
    }

    void whatCannotWorkIsNamedWithWhatWould_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("inMessage");
        using C = EndpointConfig;
        constexpr auto Huge = std::numeric_limits<qint64>::max();
        addChange(
            "handshake 99 ms", [](C &c) { c.setHandshakeTimeout(99ms); },
            "handshakeTimeout is 99 ms. Set a duration from 100 ms to 10 min");
        addChange(
            "handshake too long", [](C &c) { c.setHandshakeTimeout(11min); },
            "handshakeTimeout is 11 min");
        addChange(
            "handshake negative", [](C &c) { c.setHandshakeTimeout(-1ms); },
            "handshakeTimeout is -1 ms");
        addChange(
            "idle 0", [](C &c) { c.setIdleTimeout(0ms); }, "idleTimeout is 0 ms");
        addChange(
            "idle too long", [](C &c) { c.setIdleTimeout(2h); }, "from 1 s to 1 h");
        addChange(
            "idle longest", [](C &c) { c.setIdleTimeout(std::chrono::milliseconds::max()); },
            "idleTimeout");
        addChange(
            "keep-alive as a flood", [](C &c) { c.setKeepAliveInterval(1ms); }, "at least 100 ms");
        addChange(
            "keep-alive too late", [](C &c) { c.setKeepAliveInterval(30s); },
            "less than the idle timeout of 14 s");
        addChange(
            "message of nothing", [](C &c) { c.setMaxMessageSize(0); }, "maxMessageSize is 0 bytes");
        addChange(
            "message too large", [](C &c) { c.setMaxMessageSize(1024 * MiB + 1); }, "1 GiB");
        addChange(
            "message absurd", [](C &c) { c.setMaxMessageSize(Huge); }, "maxMessageSize");
        addChange(
            "queue of nothing", [](C &c) { c.setSendQueueLimit(0); }, "sendQueueLimit");
        addChange(
            "queue negative", [](C &c) { c.setSendQueueLimit(-1); }, "sendQueueLimit");
        addChange(
            "queue too large", [](C &c) { c.setSendQueueLimit(Huge); }, "sendQueueLimit");
        addChange(
            "inbox of nothing", [](C &c) { c.setInboxLimit(0); }, "inboxLimit");
        addChange(
            "inbox too large", [](C &c) { c.setInboxLimit(Huge); }, "inboxLimit");
        addChange(
            "no requests", [](C &c) { c.setMaxIncomingRequests(0); },
            "maxIncomingRequests is 0. Set a number from 1 to 65535");
        addChange(
            "no messages", [](C &c) { c.setMaxIncomingMessages(-5); }, "maxIncomingMessages is -5");
        addChange(
            "too many streams", [](C &c) { c.setMaxIncomingMessages(65'536); }, "65535");
        addChange(
            "budget below the largest message", [](C &c) { c.setReceiveBudget(80 * MiB - 1); },
            "receiveBudget is 83886079 bytes. Set a size from 83886080 bytes");
        addChange(
            "budget negative", [](C &c) { c.setReceiveBudget(-1); }, "receiveBudget is -1 bytes");
        addChange(
            "send budget negative", [](C &c) { c.setSendBudget(-1); }, "sendBudget is -1 bytes");
        addChange(
            "no connection of an address", [](C &c) { c.setMaxConnectionsPerAddress(0); },
            "maxConnectionsPerAddress is 0");
        addChange(
            "no connection of a site", [](C &c) { c.setMaxConnectionsPerSite(0); },
            "maxConnectionsPerSite is 0");
        addChange(
            "no connections", [](C &c) { c.setMaxConnections(0); }, "maxConnections is 0");
        addChange(
            "polling for long", [](C &c) { c.setBusyPollLimit(1001us); },
            "busyPollLimit is 1001 us. Set at most 1000 us, or zero to switch polling off.");
        addChange(
            "polling for less than nothing", [](C &c) { c.setBusyPollLimit(-1us); },
            "busyPollLimit is -1 us");
        addChange(
            "name of 65 bytes", [](C &c) { c.setNetworkName(QString(32, u'\u00e4') + u'a'); },
            "networkName has 65 bytes");
        addChange(
            "name with an escape", [](C &c) { c.setNetworkName(QStringLiteral("a\x1b[2J")); },
            "networkName has a control character");
        addChange(
            "name that is not Unicode", [](C &c) { c.setNetworkName(QString(QChar(0xd800))); },
            "networkName is not valid Unicode");
        addChange(
            "agent too long", [](C &c) { c.setAgent(QString(65, u'a')); }, "agent has 65 bytes");
        addChange(
            "agent with a line break", [](C &c) { c.setAgent(QStringLiteral("a\nb")); },
            "agent has a control character or a line break");
        addChange(
            "agent with a line separator", [](C &c) { c.setAgent(QStringLiteral("a\u2028b")); },
            "line break");
        addChange(
            "no such folder", [](C &c) { c.setQlogDirectory(QStringLiteral("/no/such/folder")); },
            "\"/no/such/folder\" for qlog files does not exist. Create it");
        addChange(
            "a file as folder", [](C &c) { c.setQlogDirectory(QStringLiteral("/dev/null")); },
            "not a folder");
    }

    void whatCannotWorkIsNamedWithWhatWould()
    {
        QFETCH(const Change, change);
        QFETCH(const QString, inMessage);
        EndpointConfig config;
        change(config);
        const Error error = config.validate().error();
        QCOMPARE(error.code, ErrorCode::InvalidArgument);
        QVERIFY2(error.message.contains(inMessage), qPrintable(error.message));
    }

    void theBudgetFollowsTheLargestMessage()
    {
        EndpointConfig config;
        config.setMaxMessageSize(1024 * MiB);
        QCOMPARE(config.receiveBudget(), 1088 * MiB);
        QCOMPARE(config.sendBudget(), 1088 * MiB);
        QVERIFY(config.validate().isOk());
        config.setReceiveBudget(256 * MiB);
        QVERIFY(!config.validate().isOk());
        config.setReceiveBudget(0);
        QVERIFY(config.validate().isOk());
    }

    void aFolderForQlogThatExistsIsAccepted()
    {
        const QTemporaryDir folder;
        EndpointConfig config;
        config.setQlogDirectory(folder.path());
        QVERIFY(config.validate().isOk());
    }

#ifdef Q_OS_UNIX
    void aFolderForQlogThatCannotBeWrittenIsRefused()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere, so permissions refuse nothing");
        const QTemporaryDir folder;
        QCOMPARE(::chmod(QFile::encodeName(folder.path()).constData(), 0500), 0);
        EndpointConfig config;
        config.setQlogDirectory(folder.path());
        const Error error = config.validate().error();
        QCOMPARE(error.code, ErrorCode::InvalidArgument);
        QVERIFY2(error.message.contains(QStringLiteral("may not write")), qPrintable(error.message));
    }
#endif
};

QTEST_GUILESS_MAIN(tst_EndpointConfig)
#include "tst_endpointconfig.moc"
