// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A reader that stops reading holds up nothing, and one that is slow misses nothing of a result.

#include "toolprocess.h"

#include <QCryptographicHash>
#include <QObject>
#include <QScopeGuard>
#include <QTest>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

#ifdef Q_OS_UNIX

namespace {

//! The reading end of what a program writes to: a pipe with a name, or a terminal.
class Reader
{
public:
    enum class Kind { Pipe, Terminal };

    explicit Reader(Kind kind)
    {
        if (kind == Kind::Pipe) {
            m_name = m_folder.filePath(u"pipe"_s);
            if (mkfifo(QFile::encodeName(m_name).constData(), 0600) == 0)
                m_descriptor = open(QFile::encodeName(m_name).constData(), O_RDWR | O_NONBLOCK);
            return;
        }
        m_descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (m_descriptor < 0 || grantpt(m_descriptor) != 0 || unlockpt(m_descriptor) != 0)
            return;
        m_name = QString::fromLocal8Bit(ptsname(m_descriptor));
        // Held open here, for reading fails once the last one who has the other side lets it go.
        m_otherSide = open(QFile::encodeName(m_name).constData(), O_RDWR | O_NOCTTY);
    }
    ~Reader()
    {
        close(m_descriptor);
        if (m_otherSide >= 0)
            close(m_otherSide);
    }
    Q_DISABLE_COPY_MOVE(Reader)

    const QString &name() const { return m_name; }

    //! Until it takes nothing any more.
    void fill()
    {
        const int end = open(QFile::encodeName(m_name).constData(),
                             O_WRONLY | O_NONBLOCK | O_NOCTTY);
        const QByteArray line = QByteArray(1023, '-') + '\n';
        while (write(end, line.constData(), 1024) > 0)
            ;
        while (write(end, "\n", 1) > 0)
            ;
        close(end);
    }

    //! All there is now.
    QByteArray read()
    {
        QByteArray bytes;
        QByteArray block(65536, Qt::Uninitialized);
        for (ssize_t size = 0; (size = ::read(m_descriptor, block.data(), 65536)) > 0;)
            bytes += block.first(size);
        return bytes;
    }

    //! Waits until there is something to read.
    bool wait()
    {
        pollfd waiting{m_descriptor, POLLIN, 0};
        return poll(&waiting, 1, Patience) == 1;
    }

private:
    QTemporaryDir m_folder;
    QString m_name;
    int m_descriptor = -1;
    int m_otherSide = -1;
};

//! Reads \a reader until \a process has ended.
QByteArray readUntilTheEnd(Reader &reader, QProcess &process)
{
    QByteArray bytes;
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < Patience && process.state() != QProcess::NotRunning;) {
        bytes += reader.read();
        process.waitForFinished(10);
    }
    return bytes + reader.read();
}

} // namespace

class tst_ToolOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReaderThatStopsDoesNotStopAListener_data();
    void aReaderThatStopsDoesNotStopAListener();
    void aFullStandardErrorDoesNotStopAListener_data();
    void aFullStandardErrorDoesNotStopAListener();
    void theEndDoesNotWaitForAReaderThatNeverReads();
    void aSlowReaderGetsTheWholeReply();
    void resultsThatCannotBeWrittenAreAFailure();
    void aGoneReaderIsReportedOnce();
    void bothStreamsInOneFileKeepTheirOrder();
    void aNonBlockingStandardOutputLosesNothing();
};

void tst_ToolOutput::aReaderThatStopsDoesNotStopAListener_data()
{
    QTest::addColumn<bool>("isTerminal");
    QTest::newRow("pipe") << false;
    QTest::newRow("terminal") << true;
}

void tst_ToolOutput::aReaderThatStopsDoesNotStopAListener()
{
    QFETCH(const bool, isTerminal);
    Reader reader(isTerminal ? Reader::Kind::Terminal : Reader::Kind::Pipe);
    QProcess process;
    process.setStandardOutputFile(reader.name());
    process.start(toolPath(),
                  {u"listen"_s, u"--json"_s, u"--echo"_s, u"--address"_s, u"127.0.0.1"_s});
    const auto end = qScopeGuard([&process] {
        process.kill();
        process.waitForFinished();
    });
    QVERIFY(reader.wait());
    QByteArray out;
    while (!out.contains('\n') && reader.wait())
        out += reader.read();
    const QString address = firstEvent(parsed(out), u"listening").value(u"address"_s).toString();
    QVERIFY(!address.isEmpty());

    // No reader: 400 messages of 60,000 bytes are about 56 MB of JSON.
    const QByteArray payload(60'000, 'A');
    const Run sent = runTool({u"send"_s, address, u"--count"_s, u"400"_s}, payload);
    QVERIFY2(sent.exitCode == Done, sent.err.constData());
    const Run reply = runTool({u"request"_s, address, u"--timeout"_s, u"20"_s, u"Still there?"_s});
    QVERIFY2(reply.exitCode == Done, reply.err.constData());
    QCOMPARE(reply.out, QByteArray("Still there?"));

    // It reads again: what was left out is reported as soon as there is room, and nothing is missing from then on.
    const auto readUntil = [&](const QByteArray &text) {
        qsizetype from = 0;
        while (!out.mid(from).contains(text) && reader.wait()) {
            from = qMax<qsizetype>(0, out.size() - text.size());
            out += reader.read();
        }
        return out.mid(from).contains(text);
    };
    QVERIFY(readUntil("\"event\":\"dropped\""));
    QCOMPARE(runTool({u"request"_s, address, u"the last one"_s}).exitCode, int(Done));
    QVERIFY(readUntil("the last one"));
    process.terminate();
    out += readUntilTheEnd(reader, process);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), int(Done));
    qint64 printed = 0;
    qint64 dropped = 0;
    for (const QJsonObject &event : parsed(out)) {
        QVERIFY(!event.isEmpty()); // what is left out is left out in whole lines
        if (event.value(u"event"_s) == u"message"_s)
            ++printed;
        else if (event.value(u"event"_s) == u"dropped"_s)
            dropped += event.value(u"count"_s).toInteger();
        else
            QVERIFY(event.value(u"event"_s) != u"suppressed"_s);
    }
    QVERIFY(printed > 0);
    QVERIFY(dropped > 0);
    // Connections open and close as well, and requests come; those may be among what was left out.
    QVERIFY(printed + dropped >= 400);
    QVERIFY(printed + dropped <= 400 + 8);
}

void tst_ToolOutput::aFullStandardErrorDoesNotStopAListener_data()
{
    aReaderThatStopsDoesNotStopAListener_data();
}

void tst_ToolOutput::aFullStandardErrorDoesNotStopAListener()
{
    QFETCH(const bool, isTerminal);
    Reader reader(isTerminal ? Reader::Kind::Terminal : Reader::Kind::Pipe);
    reader.fill();
    QProcess process;
    process.setStandardErrorFile(reader.name(), QIODevice::Append);
    process.start(
        toolPath(),
        {u"listen"_s, u"--verbose"_s, u"--json"_s, u"--echo"_s, u"--address"_s, u"127.0.0.1"_s});
    const auto end = qScopeGuard([&process] {
        process.kill();
        process.waitForFinished();
    });
    QVERIFY(process.waitForReadyRead(Patience));
    const QJsonObject listening = firstEvent(parsed(process.readAllStandardOutput()), u"listening");
    const Run reply = runTool({u"request"_s, listening.value(u"address"_s).toString(), u"Hello"_s});
    QCOMPARE(reply.out, QByteArray("Hello"));
    process.terminate();
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.exitCode(), int(Done));
}

void tst_ToolOutput::theEndDoesNotWaitForAReaderThatNeverReads()
{
    Reader reader(Reader::Kind::Pipe);
    reader.fill();
    QProcess process;
    process.setStandardOutputFile(reader.name(), QIODevice::Append);
    process.start(
        toolPath(),
        {u"listen"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s, u"--timeout"_s, u"0.1"_s});
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.exitCode(), int(Done));
    QVERIFY(process.readAllStandardError().contains("Standard output was not read in time"));
}

void tst_ToolOutput::aSlowReaderGetsTheWholeReply()
{
    Listener listener({u"--json"_s, u"--echo"_s});
    QByteArray payload(8'000'000, Qt::Uninitialized);
    for (qsizetype i = 0; i < payload.size(); ++i)
        payload[i] = char(i * 7 + i / 251);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"payload"_s));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(payload) == payload.size() && file.flush());
    Reader reader(Reader::Kind::Pipe);
    QProcess process;
    process.setStandardOutputFile(reader.name());
    process.start(toolPath(), {u"request"_s, listener.address(), u"--file"_s, file.fileName()});
    QVERIFY(process.waitForStarted(Patience));
    // The program has closed its connection before the first byte of the reply is read.
    QVERIFY(listener.waitForEvent("closed"));
    QCOMPARE(process.state(), QProcess::Running);
    const QByteArray reply = readUntilTheEnd(reader, process);
    QCOMPARE(process.exitCode(), int(Done));
    QCOMPARE(reply.size(), payload.size());
    QCOMPARE(QCryptographicHash::hash(reply, QCryptographicHash::Sha256),
             QCryptographicHash::hash(payload, QCryptographicHash::Sha256));
}

void tst_ToolOutput::resultsThatCannotBeWrittenAreAFailure()
{
    if (!QFile::exists(u"/dev/full"_s))
        QSKIP("this system has no /dev/full");
    for (const QStringList &words :
         {QStringList{u"--version"_s}, QStringList{u"listen"_s, u"--help"_s}}) {
        QProcess process;
        process.setStandardOutputFile(u"/dev/full"_s);
        process.start(toolPath(), words);
        QVERIFY(process.waitForFinished(Patience));
        QCOMPARE(process.exitCode(), int(Failed));
    }
}

void tst_ToolOutput::aGoneReaderIsReportedOnce()
{
    Listener peer({u"--json"_s, u"--echo"_s});
    QProcess process;
    QProcess head;
    process.setStandardOutputProcess(&head);
    process.start(toolPath(),
                  {u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--socket"_s, u"none"_s,
                   u"--address"_s, u"127.0.0.1"_s, u"--contact"_s, peer.address()});
    head.start(u"head"_s, {u"-n"_s, u"1"_s});
    QVERIFY(process.waitForFinished(Patience) && head.waitForFinished(Patience));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), int(Failed));
    QCOMPARE(process.readAllStandardError().count("closed by its reader"), 1);
}

void tst_ToolOutput::bothStreamsInOneFileKeepTheirOrder()
{
    QTemporaryDir folder;
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(toolPath(), {u"ping"_s, u"--json"_s, u"--count"_s, u"none"_s, u"127.0.0.1:9"_s});
    QVERIFY(process.waitForFinished(Patience));
    const QByteArray out = process.readAll();
    QCOMPARE(process.exitCode(), int(Usage));
    const qsizetype event = out.indexOf("{\"event\":\"error\"");
    const qsizetype problem = out.indexOf("qp2p: --count");
    QVERIFY2(event == 0 && problem > event, out.constData());
    QVERIFY(out.indexOf("--help") > problem);
}

void tst_ToolOutput::aNonBlockingStandardOutputLosesNothing()
{
    // The flag belongs to the open file: whoever shares it may set it.
    Listener listener({u"--json"_s, u"--echo"_s});
    QTemporaryDir folder;
    QFile file(folder.filePath(u"payload"_s));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(QByteArray(1'000'000, 'x')) == 1'000'000
            && file.flush());
    Reader reader(Reader::Kind::Pipe);
    QProcess process;
    process.setStandardOutputFile(reader.name());
    process.setChildProcessModifier([] { fcntl(1, F_SETFL, fcntl(1, F_GETFL) | O_NONBLOCK); });
    process.start(toolPath(), {u"request"_s, listener.address(), u"--file"_s, file.fileName()});
    QVERIFY(process.waitForStarted(Patience));
    QVERIFY(listener.waitForEvent("closed"));
    const QByteArray reply = readUntilTheEnd(reader, process);
    QCOMPARE(process.exitCode(), int(Done));
    QCOMPARE(reply.size(), 1'000'000);
}

QTEST_GUILESS_MAIN(tst_ToolOutput)
#include "tst_tooloutput.moc"

#else

QTEST_APPLESS_MAIN(QObject)

#endif
