// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The help explains every command, and a command line that makes no sense is refused as such.

#include "toolprocess.h"

#include <qp2pcore/version.h>

#include <QObject>
#include <QTest>

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace ToolTest;

class tst_ToolUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCommandExplainsItself_data();
    void everyCommandExplainsItself();
    void theVersionNamesTheLibrariesInUse();
    void aWrongCommandLineIsExitCodeTwo_data();
    void aWrongCommandLineIsExitCodeTwo();
};

void tst_ToolUsage::everyCommandExplainsItself_data()
{
    QTest::addColumn<QString>("command");
    for (const char *command :
         {"listen", "send", "request", "ping", "perf", "inspect", "authority", "identity"})
        QTest::newRow(command) << QString::fromLatin1(command);
}

void tst_ToolUsage::everyCommandExplainsItself()
{
    QFETCH(const QString, command);
    const Run help = runTool({command, u"--help"_s});
    QCOMPARE(help.exitCode, int(Done));
    QVERIFY(help.out.startsWith(QByteArray("Usage: qp2p " + command.toLatin1() + " [options]")));
    QVERIFY(help.out.count(QByteArray("\n  qp2p " + command.toLatin1())) >= 2);
    QCOMPARE(runTool({u"help"_s, command}).out, help.out);
    QVERIFY(runTool({u"--help"_s}).out.contains(QByteArray("\n  " + command.toLatin1() + ' ')));
    for (const QByteArray &line : help.out.split('\n'))
        QVERIFY2(line.size() <= 80, line.constData());
    // A word in a line of its own, as "--mode private-" and "authority" once were, would not be found.
    if (help.out.contains("--mode MODE")) {
        for (const QByteArray mode : {"encrypt-only", "private-authority", "agreed-authority"})
            QVERIFY2(help.out.count(mode) >= 2, mode.constData());
    }
}

void tst_ToolUsage::theVersionNamesTheLibrariesInUse()
{
    const Run version = runTool({u"--version"_s});
    QCOMPARE(version.exitCode, int(Done));
    QVERIFY(version.out.startsWith("qp2p "));
    QVERIFY(version.out.contains("\nngtcp2 1."));
    QVERIFY(version.out.contains("\nGnuTLS 3."));
    // Nothing where the system allows what is asked for, and one line with the way out where it does not.
    const Result<void> buffers = checkSocketBuffers();
    QCOMPARE(version.err,
             buffers ? QByteArray() : "qp2p: " + buffers.error().message.toUtf8() + '\n');
}

void tst_ToolUsage::aWrongCommandLineIsExitCodeTwo_data()
{
    QTest::addColumn<QStringList>("words");
    const QString peer = u"127.0.0.1:12000"_s;
    const QString id(52, u'a');
    QTest::newRow("no command") << QStringList{};
    QTest::newRow("unknown command") << QStringList{u"sned"_s};
    QTest::newRow("option before the command") << QStringList{u"--json"_s, u"listen"_s};
    QTest::newRow("unknown option") << QStringList{u"listen"_s, u"--prot"_s, u"1"_s};
    QTest::newRow("option without value") << QStringList{u"listen"_s, u"--port"_s};
    QTest::newRow("port too large") << QStringList{u"listen"_s, u"--port"_s, u"65536"_s};
    QTest::newRow("port not a number") << QStringList{u"listen"_s, u"--port"_s, u"http"_s};
    QTest::newRow("listen on a name") << QStringList{u"listen"_s, u"--address"_s, u"here"_s};
    QTest::newRow("unknown retry") << QStringList{u"listen"_s, u"--retry"_s, u"maybe"_s};
    QTest::newRow("no connections") << QStringList{u"listen"_s, u"--max-connections"_s, u"0"_s};
    QTest::newRow("too many connections")
        << QStringList{u"node"_s, u"--max-connections"_s, u"1000001"_s};
    QTest::newRow("connections not a number")
        << QStringList{u"listen"_s, u"--max-connections"_s, u"many"_s};
    QTest::newRow("argument too many") << QStringList{u"listen"_s, u"here"_s};
    QTest::newRow("no address") << QStringList{u"send"_s};
    QTest::newRow("address without port") << QStringList{u"send"_s, u"127.0.0.1"_s, u"x"_s};
    QTest::newRow("text and file") << QStringList{u"send"_s, peer, u"x"_s, u"--file"_s, u"y"_s};
    QTest::newRow("count of 0") << QStringList{u"send"_s, peer, u"x"_s, u"--count"_s, u"0"_s};
    QTest::newRow("count overflows")
        << QStringList{u"send"_s, peer, u"x"_s, u"--count"_s, u"9223372036854775807G"_s};
    QTest::newRow("no peer id") << QStringList{u"send"_s, peer, u"x"_s, u"--peer-id"_s, u"?"_s};
    QTest::newRow("two peer ids") << QStringList{u"send"_s, QString(id + u'@' + peer), u"x"_s,
                                                 u"--peer-id"_s, QString(u'b' + id.mid(1))};
    QTest::newRow("timeout of 0") << QStringList{u"ping"_s, peer, u"--timeout"_s, u"0"_s};
    QTest::newRow("timeout not a number") << QStringList{u"ping"_s, peer, u"--timeout"_s, u"nan"_s};
    QTest::newRow("network too long")
        << QStringList{u"ping"_s, peer, u"--network"_s, QString(65, u'n')};
    QTest::newRow("size without messages") << QStringList{u"perf"_s, peer, u"--size"_s, u"1"_s};
    QTest::newRow("unknown suffix") << QStringList{u"perf"_s, peer, u"--bytes"_s, u"1T"_s};
    QTest::newRow("identity without file") << QStringList{u"identity"_s};
    QTest::newRow("unknown action")
        << QStringList{u"identity"_s, u"print"_s, u"--identity"_s, u"x"_s};
    QTest::newRow("adopt without certificates")
        << QStringList{u"identity"_s, u"adopt"_s, u"--identity"_s, u"x"_s};
    QTest::newRow("unknown mode") << QStringList{u"listen"_s, u"--mode"_s, u"trust-me"_s};
    QTest::newRow("private authority without one")
        << QStringList{u"listen"_s, u"--mode"_s, u"private-authority"_s};
    QTest::newRow("authority for nothing") << QStringList{u"listen"_s, u"--authority"_s, u"x"_s};
    QTest::newRow("name for nothing") << QStringList{u"listen"_s, u"--name"_s, u"x"_s};
    QTest::newRow("name that is none")
        << QStringList{u"listen"_s, u"--mode"_s, u"private-authority"_s, u"--authority"_s, u"x"_s,
                       u"--name"_s, u"a b"_s};
    QTest::newRow("legacy with an authority")
        << QStringList{u"listen"_s, u"--legacy"_s, u"--mode"_s, u"agreed-authority"_s};
    QTest::newRow("inspect without address") << QStringList{u"inspect"_s};
    QTest::newRow("authority without action") << QStringList{u"authority"_s};
    QTest::newRow("authority without name") << QStringList{u"authority"_s, u"new"_s};
    QTest::newRow("issue for nobody") << QStringList{u"authority"_s, u"issue"_s, u"x"_s};
    QTest::newRow("issue for no time")
        << QStringList{u"authority"_s, u"issue"_s, u"x"_s, u"--for"_s, u"y"_s, u"--days"_s, u"0"_s};
    QTest::newRow("new for somebody")
        << QStringList{u"authority"_s, u"new"_s, u"x"_s, u"--for"_s, u"y"_s};
    QTest::newRow("unknown option, for a script")
        << QStringList{u"node"_s, u"--prot"_s, u"1"_s, u"--json"_s};
    QTest::newRow("wrong value, for a script")
        << QStringList{u"listen"_s, u"--json"_s, u"--port"_s, u"x"_s};
    QTest::newRow("unknown command, for a script") << QStringList{u"sned"_s, u"--json"_s};
    QTest::newRow("option without value, for a script")
        << QStringList{u"listen"_s, u"--json"_s, u"--port"_s};
    QTest::newRow("passphrase for nothing")
        << QStringList{u"listen"_s, u"--passphrase-file"_s, u"x"_s};
}

void tst_ToolUsage::aWrongCommandLineIsExitCodeTwo()
{
    QFETCH(const QStringList, words);
    const Run run = runTool(words);
    QCOMPARE(run.exitCode, int(Usage));
    if (words.contains(u"--json"_s))
        QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"InvalidArgument"_s);
    else
        QCOMPARE(run.out, QByteArray());
    QVERIFY2(run.err.contains("--help"), run.err.constData());
    if (!words.isEmpty())
        QVERIFY2(run.err.startsWith("qp2p: "), run.err.constData());
}

QTEST_GUILESS_MAIN(tst_ToolUsage)
#include "tst_toolusage.moc"
