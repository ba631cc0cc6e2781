// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whatever a peer sends, the program qp2p prints nothing that steers a terminal.

#include "toolprocess.h"

#include <QFile>
#include <QObject>
#include <QTest>

#ifdef Q_OS_UNIX
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

//! The bytes that a terminal would obey, the line ends left out.
QByteArray controlBytesIn(const QByteArray &output)
{
    QByteArray found;
    for (const char byte : output) {
        const auto value = static_cast<uchar>(byte);
        if ((value < 0x20 && byte != '\n') || value == 0x7f)
            found += byte;
    }
    return found;
}

} // namespace

class tst_ToolTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReplyIsEscapedOnATerminal();
    void hostileTextDoesNotReachTheTerminal_data();
    void hostileTextDoesNotReachTheTerminal();
};

void tst_ToolTerminal::aReplyIsEscapedOnATerminal()
{
#ifdef Q_OS_UNIX
    Listener listener({u"--json"_s, u"--echo"_s});
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    QVERIFY(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    // Held open here, for reading fails once the last one who has the other side lets it go.
    QFile otherSide(QString::fromLocal8Bit(ptsname(terminal)));
    QVERIFY(otherSide.open(QFile::ReadWrite));
    QProcess process;
    process.setStandardOutputFile(otherSide.fileName());
    process.start(toolPath(), {u"request"_s, listener.address(), u"\x1b[2J"_s});
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.exitCode(), int(Done));
    QByteArray shown(100, '\0');
    shown.resize(qMax<qsizetype>(0, read(terminal, shown.data(), 100)));
    close(terminal);
    QCOMPARE(shown, QByteArray("\\u001b[2J\r\n"));
#else
    QSKIP("needs a pseudo terminal");
#endif
}

void tst_ToolTerminal::hostileTextDoesNotReachTheTerminal_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("clear screen") << QByteArray("\x1b[2J\x1b[H") << QByteArray("\\u001b[2J");
    QTest::newRow("window title") << QByteArray("\x1b]0;root\a") << QByteArray("\\u0007");
    QTest::newRow("C1") << QByteArray("\xc2\x9b"
                                      "31m")
                        << QByteArray("\\u009b31m");
    QTest::newRow("override") << QByteArray("\xe2\x80\xaegpj.exe") << QByteArray("\\u202egpj");
    QTest::newRow("line separator") << QByteArray("a\xe2\x80\xa8"
                                                  "b")
                                    << QByteArray("a\\u2028b");
    QTest::newRow("new line of ours") << QByteArray("x\n#1 closed") << QByteArray("x\\n#1 closed");
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe\x80") << QByteArray("\\xff\\xfe\\x80");
    QTest::newRow("long") << QByteArray(100'000, 'A') << QByteArray("… (100000 bytes)");
}

void tst_ToolTerminal::hostileTextDoesNotReachTheTerminal()
{
    QFETCH(const QByteArray, payload);
    QFETCH(const QByteArray, shown);
    Listener listener({u"--verbose"_s});
    Listener jsonListener({u"--json"_s, u"--echo"_s});
    QCOMPARE(runTool({u"send"_s, listener.address()}, payload).exitCode, int(Done));
    QCOMPARE(runTool({u"request"_s, listener.address()}, payload).exitCode, int(Failed));
    QCOMPARE(runTool({u"send"_s, jsonListener.address()}, payload).exitCode, int(Done));
    listener.waitFor("request, ");
    jsonListener.waitForEvent("message");
    QCOMPARE(listener.stop(), int(Done));
    QCOMPARE(jsonListener.stop(), int(Done));
    for (const QByteArray &output : {listener.out(), jsonListener.out()}) {
        QCOMPARE(controlBytesIn(output), QByteArray());
        QVERIFY(!output.contains("\xe2\x80\xae") && !output.contains("\xe2\x80\xa8")
                && !output.contains("\xc2\x9b"));
        QCOMPARE(QString::fromUtf8(output).toUtf8(), output);
    }
    QCOMPARE(listener.out().count(shown), 2);
    QVERIFY(listener.out().size() < 4096);
}

QTEST_GUILESS_MAIN(tst_ToolTerminal)
#include "tst_toolterminal.moc"
