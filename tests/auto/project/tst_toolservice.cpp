// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A node reports to a service manager what systemd's protocol asks for.

#include "toolprocess.h"

#include <QObject>
#include <QProcessEnvironment>
#include <QTest>

#ifdef Q_OS_LINUX
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

//! The datagram socket of a service manager.
class Manager
{
public:
    //! \a name as in $NOTIFY_SOCKET: "@" at its beginning stands for the abstract namespace.
    explicit Manager(const QByteArray &name)
        : m_name(name)
    {
#ifdef Q_OS_LINUX
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()));
        if (name.startsWith('@'))
            address.sun_path[0] = '\0';
        m_descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
        const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + std::size_t(name.size()));
        m_isBound = bind(m_descriptor, reinterpret_cast<const sockaddr *>(&address), size) == 0;
#endif
    }
    ~Manager()
    {
#ifdef Q_OS_LINUX
        close(m_descriptor);
#endif
    }
    Q_DISABLE_COPY_MOVE(Manager)

    bool isBound() const
    {
        return m_isBound;
    }

    //! Reads until a message begins with \a state; that message, empty where none came.
    QByteArray waitFor(const QByteArray &state)
    {
#ifdef Q_OS_LINUX
        QElapsedTimer timer;
        timer.start();
        pollfd waiting{m_descriptor, POLLIN, 0};
        while (timer.elapsed() < Patience && poll(&waiting, 1, Patience) == 1) {
            QByteArray message(4096, '\0');
            message.resize(qMax<qsizetype>(0, recv(m_descriptor, message.data(), 4096, 0)));
            m_all.append(message);
            if (message.startsWith(state))
                return message;
        }
#endif
        return {};
    }
    const QList<QByteArray> &all() const
    {
        return m_all;
    }

    QProcessEnvironment environment(const QByteArray &watchdogMicroseconds = {}) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"NOTIFY_SOCKET"_s, QString::fromLatin1(m_name));
        if (!watchdogMicroseconds.isEmpty())
            environment.insert(u"WATCHDOG_USEC"_s, QString::fromLatin1(watchdogMicroseconds));
        return environment;
    }

private:
    QByteArray m_name;
    QList<QByteArray> m_all;
    int m_descriptor = -1;
    bool m_isBound = false;
};

const QStringList Node{u"node"_s, u"--ephemeral"_s, u"--json"_s,   u"--socket"_s,
                       u"none"_s, u"--address"_s,   u"127.0.0.1"_s};

} // namespace

class tst_ToolService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aNodeReportsItsLife_data();
    void aNodeReportsItsLife();
    void theWatchdogIsFedByTheEventLoop();
    void aWatchdogOfAnotherProcessIsNotFed();
    void aNodeThatWaitsForItsContactsIsReady();
    void aManagerThatIsGoneDisturbsNothing();
    void aNodeThatNeverJoinedFails();
    void aNodeThatJoinedEndsWell();
};

void tst_ToolService::initTestCase()
{
#ifndef Q_OS_LINUX
    QSKIP("service managers that speak this protocol are on Linux only");
#endif
}

void tst_ToolService::aNodeReportsItsLife_data()
{
    QTest::addColumn<bool>("isAbstract");
    QTest::newRow("a name in the file system") << false;
    QTest::newRow("an abstract name") << true;
}

void tst_ToolService::aNodeReportsItsLife()
{
#ifdef Q_OS_LINUX
    QFETCH(const bool, isAbstract);
    QTemporaryDir folder;
    Manager manager(isAbstract ? "@qp2p-test-" + QByteArray::number(getpid())
                               : QFile::encodeName(folder.filePath(u"notify"_s)));
    QVERIFY(manager.isBound());
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setProcessEnvironment(manager.environment());
    process.start(toolPath(), Node);
    QVERIFY(!manager.waitFor("READY=1").isEmpty());
    if (!manager.all().contains("STATUS=Joined, 0 peers"))
        QVERIFY(!manager.waitFor("STATUS=Joined, 0 peers").isEmpty());

    kill(pid_t(process.processId()), SIGHUP);
    const QByteArray reloading = manager.waitFor("RELOADING=1");
    QVERIFY2(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading.constData());
    QVERIFY(reloading.mid(27).toLongLong() > 0);
    QVERIFY(!manager.waitFor("READY=1").isEmpty());

    process.terminate();
    QVERIFY(!manager.waitFor("STOPPING=1").isEmpty());
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.exitCode(), int(Done));
    for (const QByteArray &message : manager.all())
        QVERIFY(!message.startsWith("WATCHDOG")); // none was asked for
#endif
}

void tst_ToolService::theWatchdogIsFedByTheEventLoop()
{
#ifdef Q_OS_LINUX
    QTemporaryDir folder;
    Manager manager(QFile::encodeName(folder.filePath(u"notify"_s)));
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setProcessEnvironment(manager.environment("200000"));
    process.start(toolPath(), Node);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(manager.waitFor("WATCHDOG=1"), QByteArray("WATCHDOG=1"));
    process.terminate();
    QVERIFY(process.waitForFinished(Patience));
#endif
}

void tst_ToolService::aWatchdogOfAnotherProcessIsNotFed()
{
#ifdef Q_OS_LINUX
    QTemporaryDir folder;
    Manager manager(QFile::encodeName(folder.filePath(u"notify"_s)));
    QProcessEnvironment environment = manager.environment("2000"); // would be fed each millisecond
    environment.insert(u"WATCHDOG_PID"_s, u"1"_s);
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setProcessEnvironment(environment);
    process.start(toolPath(), Node);
    QVERIFY(!manager.waitFor("READY=1").isEmpty());
    process.terminate();
    QVERIFY(!manager.waitFor("STOPPING=1").isEmpty());
    QVERIFY(process.waitForFinished(Patience));
    QVERIFY(!manager.all().contains("WATCHDOG=1"));
#endif
}

void tst_ToolService::aNodeThatWaitsForItsContactsIsReady()
{
#ifdef Q_OS_LINUX
    QTemporaryDir folder;
    Manager manager(QFile::encodeName(folder.filePath(u"notify"_s)));
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setProcessEnvironment(manager.environment());
    process.start(toolPath(), Node + QStringList{u"--contact"_s, u"127.0.0.1:9"_s});
    QVERIFY(!manager.waitFor("READY=1").isEmpty());
    QVERIFY(!manager.waitFor("STATUS=Not joined, trying again").isEmpty());
    process.terminate();
    QVERIFY(process.waitForFinished(Patience));
#endif
}

void tst_ToolService::aManagerThatIsGoneDisturbsNothing()
{
    for (const QString &name : {u"/nonexistent/notify"_s, u"@gone"_s, u"vsock:2:1"_s, u""_s,
                                QString(u'@' + QString(5000, u'x'))}) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"NOTIFY_SOCKET"_s, name);
        environment.insert(u"WATCHDOG_USEC"_s, u"-1"_s);
        QProcess process;
        process.setStandardOutputFile(QProcess::nullDevice());
        process.setProcessEnvironment(environment);
        process.start(toolPath(), Node + QStringList{u"--timeout"_s, u"0.2"_s});
        QVERIFY(process.waitForFinished(Patience));
        QCOMPARE(process.exitCode(), int(Done));
        QCOMPARE(process.readAllStandardError(), QByteArray());
    }
}

void tst_ToolService::aNodeThatNeverJoinedFails()
{
    const Run run = runTool(
        Node + QStringList{u"--contact"_s, u"127.0.0.1:9"_s, u"--timeout"_s, u"1"_s});
    QCOMPARE(run.exitCode, int(Failed));
    QVERIFY2(run.err.contains("No network was joined"), run.err.constData());
}

void tst_ToolService::aNodeThatJoinedEndsWell()
{
    const Run run = runTool(Node + QStringList{u"--timeout"_s, u"0.5"_s});
    QVERIFY2(run.exitCode == Done, run.err.constData());
}

QTEST_GUILESS_MAIN(tst_ToolService)
#include "tst_toolservice.moc"
