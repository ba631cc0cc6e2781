// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The desktop app as a process: its command line, its profile, its second start.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

#ifdef Q_OS_LINUX
#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

// As forbidCoreDumps(): in release builds without sanitizers.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QP2P_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QP2P_TEST_SANITIZED
#endif
#endif
#if defined(Q_OS_LINUX) && defined(QT_NO_DEBUG) && !defined(QP2P_TEST_SANITIZED)
#define QP2P_TEST_CORE_DUMPS
#endif

using namespace Qt::StringLiterals;

namespace {

class Program : public QProcess
{
public:
    explicit Program(const QStringList &arguments)
    {
        setProcessChannelMode(MergedChannels);
        start(QStringLiteral(QP2P_DESKTOP), arguments);
    }
    ~Program() override
    {
        if (state() != NotRunning) {
            terminate();
            if (!waitForFinished(5000)) {
                kill();
                waitForFinished();
            }
        }
    }
    //! Its output once it has ended.
    QString ended()
    {
        if (!waitForFinished(60'000))
            return u"it did not end"_s;
        return QString::fromUtf8(readAll());
    }
};

#if defined(QP2P_DESKTOP) && defined(QP2P_TEST_CORE_DUMPS)
//! \brief A process in \a folder that may write core dumps of any size: it runs \a words, or aborts where there
//! are none.
pid_t startDumper(const QStringList &words, const QString &folder)
{
    QList<QByteArray> bytes;
    for (const QString &word : words)
        bytes.append(QFile::encodeName(word));
    std::vector<char *> arguments;
    for (QByteArray &word : bytes)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const QByteArray where = QFile::encodeName(folder);
    const pid_t child = fork();
    if (child != 0)
        return child;
    rlimit limit{};
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || chdir(where.constData()) != 0)
        _exit(1);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
    std::signal(SIGABRT, SIG_DFL);
    if (words.isEmpty())
        std::abort();
    execv(arguments[0], arguments.data());
    _exit(1);
}

//! Waits until it has ended.
int statusOf(pid_t process)
{
    int status = 0;
    return waitpid(process, &status, 0) == process ? status : 0;
}
#endif

} // namespace

class tst_DesktopProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
#ifdef QP2P_DESKTOP
    void helpAndVersion();
    void unknownArgumentsAreExplained();
    void aFirstStartMakesItsProfile();
    void aSecondStartShowsTheFirst();
    void theDemonstrationLeavesNothingBehind();
    void hangupDoesNotLoseTheSettings();
    void aKilledAppOfASandboxStartsAgain();
    void aCrashLeavesNoKeyInACoreDump();
#endif
};

#ifdef QP2P_DESKTOP

void tst_DesktopProgram::helpAndVersion()
{
    Program help({u"--help"_s});
    const QString text = help.ended();
    QCOMPARE(help.exitCode(), 0);
    for (const QString &option : {u"--profile"_s, u"--demo"_s, u"--hidden"_s})
        QVERIFY2(text.contains(option), qPrintable(text));
    Program version({u"--version"_s});
    QVERIFY(version.ended().contains(QStringLiteral("0.")));
}

void tst_DesktopProgram::unknownArgumentsAreExplained()
{
    Program argument({u"example.org:12000"_s});
    QVERIFY(argument.ended().contains(u"--help"_s));
    QCOMPARE(argument.exitCode(), 2);
    Program option({u"--no-such-option"_s});
    QVERIFY(option.ended().contains(u"no-such-option"_s));
    QVERIFY(option.exitCode() != 0);
}

void tst_DesktopProgram::aFirstStartMakesItsProfile()
{
    QTemporaryDir folder;
    Program program({u"--profile"_s, folder.filePath(u"a new one"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(u"a new one/identity.pem"_s)), 30'000);
    QVERIFY(program.state() == QProcess::Running);
}

void tst_DesktopProgram::aSecondStartShowsTheFirst()
{
    QTemporaryDir folder;
    const QStringList arguments{u"--profile"_s, folder.filePath(u"p"_s)};
    Program first(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(u"p/identity.pem"_s)), 30'000);
    Program second(arguments);
    const QString said = second.ended();
    QVERIFY2(said.isEmpty(), qPrintable(said));
    QCOMPARE(second.exitCode(), 0);
    QVERIFY(first.state() == QProcess::Running);
}

void tst_DesktopProgram::theDemonstrationLeavesNothingBehind()
{
    QTemporaryDir folder;
    qputenv("TMPDIR", folder.path().toLocal8Bit());
    Program demo({u"--demo"_s});
    QTRY_VERIFY_WITH_TIMEOUT(
        !QDir(folder.path()).entryList({u"qp2p-desktop-*"_s}, QDir::Dirs).isEmpty(), 30'000);
    const QString profile = folder.filePath(
        QDir(folder.path()).entryList({u"qp2p-desktop-*"_s}, QDir::Dirs).first());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(profile + u"/demo/peers.jsonl"_s),
                             60'000); // it has joined
    demo.terminate();
    QVERIFY2(demo.waitForFinished(30'000), "it did not end");
    QCOMPARE(demo.exitStatus(), QProcess::NormalExit);
    QCOMPARE(demo.exitCode(), 0);
    QVERIFY(!QFile::exists(profile));
    qunsetenv("TMPDIR");
}

void tst_DesktopProgram::hangupDoesNotLoseTheSettings()
{
    QTemporaryDir folder;
    Program program({u"--profile"_s, folder.filePath(u"p"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(u"p/identity.pem"_s)), 30'000);
    program.terminate();
    QVERIFY(program.waitForFinished(30'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QVERIFY(QFile::exists(folder.filePath(u"p/settings.ini"_s)));
}

//! As in a Flatpak or a container: the same host name, the same process number.
void tst_DesktopProgram::aKilledAppOfASandboxStartsAgain()
{
    const QStringList inside{u"--user"_s, u"--map-root-user"_s,   u"--pid"_s,
                             u"--fork"_s, u"--kill-child=KILL"_s, u"--mount-proc"_s};
    QProcess possible;
    possible.start(u"unshare"_s, inside + QStringList{u"true"_s});
    if (!possible.waitForFinished(30'000) || possible.exitCode() != 0)
        QSKIP("no namespaces for processes can be made here (needs unshare, and user namespaces)");
    QTemporaryDir folder;
    const QString profile = folder.filePath(u"p"_s);
    const QString identity = profile + u"/identity.pem"_s;
    for (int start = 1; start <= 2; ++start) {
        QFile::remove(identity); // it is made again by a program that could lock the profile
        QProcess sandbox;
        sandbox.setProcessChannelMode(QProcess::MergedChannels);
        sandbox.start(u"unshare"_s,
                      inside + QStringList{QStringLiteral(QP2P_DESKTOP), u"--profile"_s, profile});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(identity) || sandbox.state() == QProcess::NotRunning,
                                 60'000);
        QVERIFY2(sandbox.state() == QProcess::Running, sandbox.readAll().constData());
        sandbox.kill();
        QVERIFY(sandbox.waitForFinished(30'000));
        QVERIFY(QFile::exists(profile + u"/lock"_s)); // nothing is tidied up
    }
}

void tst_DesktopProgram::aCrashLeavesNoKeyInACoreDump()
{
#ifdef QP2P_TEST_CORE_DUMPS
    const QTemporaryDir folder;
    const int usual = statusOf(startDumper({}, folder.path()));
    if (!WIFSIGNALED(usual) || !WCOREDUMP(usual))
        QSKIP("no process writes core dumps here");
    const QString profile = folder.filePath(u"p"_s);
    const pid_t program = startDumper({QStringLiteral(QP2P_DESKTOP), u"--profile"_s, profile},
                                      folder.path());
    QVERIFY(program > 0);
    const bool hasKey = QTest::qWaitFor([&] { return QFile::exists(profile + u"/identity.pem"_s); },
                                        30'000);
    ::kill(program, SIGABRT);
    const int status = statusOf(program);
    QVERIFY(hasKey);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGABRT);
    QVERIFY(!WCOREDUMP(status));
#else
    QSKIP("core dumps are forbidden in release builds for Linux");
#endif
}

#endif

QTEST_GUILESS_MAIN(tst_DesktopProgram)
#include "tst_desktopprogram.moc"
