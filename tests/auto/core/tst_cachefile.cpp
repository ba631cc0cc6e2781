// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The file of the bootstrap cache on a disk: names, links, locks, rights, lack of room, killed programs.

#include "cachefixture.h"

#include <shared/seededrandom.h>

#include <qp2pcore/localfile.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/private/simulated.h>
#include <qp2pcore/storage/filelock.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>

#include <array>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Test;
using Qp2p::Peering::BlockList;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_CacheFile : public QObject, private CacheFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }

    void whatIsNoFileIsNamedWithoutWaiting_data();
    void whatIsNoFileIsNamedWithoutWaiting();
    void namesOfAnyBytesAreFilesNames();
    void symbolicLinksStay();
    void lockOfAnotherProgramIsRespected();
    void onlyItsOwnerMayReadIt();
    void fullOrReadOnlyDisksAreToldAndLoseNothing();
    void diskWithoutRoomIsToldAndTheOldFileStays();
    void killedProgramsLeaveTheOldFileOrTheNew();
    void fourProgramsLoseNoRecord();
    void leftoversAreRemoved();
};

void tst_CacheFile::whatIsNoFileIsNamedWithoutWaiting_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"folder", "FIFO", "device", "link to itself"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_CacheFile::whatIsNoFileIsNamedWithoutWaiting()
{
#ifdef Q_OS_UNIX
    QFETCH(const QString, kind);
    const QByteArray name = QFile::encodeName(path());
    if (kind == u"folder")
        QVERIFY(QDir().mkpath(path()));
    else if (kind == u"FIFO")
        QCOMPARE(mkfifo(name.constData(), 0600), 0);
    else if (kind == u"device")
        QCOMPARE(symlink("/dev/zero", name.constData()), 0);
    else
        QCOMPARE(symlink(name.constData(), name.constData()), 0);
    SimulatedCache cache(host());
    const Result<void> result = cache.open(path());
    QCOMPARE(result.error().code, ErrorCode::FileUnreadable);
    QVERIFY2(result.error().message.contains(path())
                 && result.error().message.contains(u"name another file"_s),
             qPrintable(result.error().message));
    put(cache, 1); // works, in memory
    QVERIFY(cache.fileName().isEmpty());
    BlockList list;
    QCOMPARE(list.open(path()).error().code, ErrorCode::FileUnreadable);
    QVERIFY(list.add(idOf(1)));
    QVERIFY(QFileInfo(path()).isDir() || !QFileInfo(path()).isFile());
#else
    QSKIP("needs a POSIX file system");
#endif
}

void tst_CacheFile::namesOfAnyBytesAreFilesNames()
{
#ifdef Q_OS_UNIX
    const QByteArray folder = QFile::encodeName(folderPath()) + "/\xe4 new";
    const QByteArray bytes = folder + "/\xff.jsonl";
    const QString name = fileNameFromBytes(bytes);
    for (int round = 0; round < 2; ++round) {
        SimulatedCache cache(host());
        const Result<void> result = cache.open(name);
        QVERIFY2(result, qPrintable(result.error().message));
        QCOMPARE(cache.size(), round);
        put(cache, 1);
        const Result<void> saved = cache.save();
        QVERIFY2(saved, qPrintable(saved.error().message));
        QCOMPARE(access(bytes.constData(), R_OK), 0);
    }
    QCOMPARE(unlink(bytes.constData()), 0);
    QCOMPARE(rmdir(folder.constData()), 0); // no lock and no temporary file is left
#else
    QSKIP("needs a POSIX file system");
#endif
}

void tst_CacheFile::symbolicLinksStay()
{
#ifdef Q_OS_UNIX
    QVERIFY(QDir(folderPath()).mkdir(u"elsewhere"_s));
    const QString target = path(u"elsewhere/peers.jsonl"_s);
    for (const bool exists : {false, true}) {
        QFile::remove(path());
        if (exists)
            setContent(target, "diary");
        QVERIFY(QFile::link(u"elsewhere/peers.jsonl"_s, path()));
        if (exists)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        const auto cache = opened();
        put(*cache, 1);
        QVERIFY(cache->save());
        QVERIFY(QFileInfo(path()).isSymLink());
        QVERIFY(QFileInfo(target).isFile() && !QFileInfo(target).isSymLink());
        QCOMPARE(QFile::exists(target + u".damaged"_s), exists);
    }
    QCOMPARE(idsIn(*opened()), ids({1}));
#else
    QSKIP("needs a POSIX file system");
#endif
}

void tst_CacheFile::lockOfAnotherProgramIsRespected()
{
    auto lock = std::make_unique<FileLock>(path());
    QVERIFY(lock->take());
    {
        const auto cache = opened();
        put(*cache, 1);
        const Result<void> saved = cache->save();
        QCOMPARE(saved.error().code, ErrorCode::FileWriteFailed);
        QVERIFY2(saved.error().message.contains(path()), qPrintable(saved.error().message));
        QVERIFY(!QFileInfo::exists(path()));
        lock.reset();
    }
    QCOMPARE(idsIn(*opened()), ids({1})); // saved at the end, when nobody else wrote
}

void tst_CacheFile::onlyItsOwnerMayReadIt()
{
    const auto cache = opened();
    put(*cache, 1);
    QVERIFY(cache->save());
    QCOMPARE(QFileInfo(path()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void tst_CacheFile::fullOrReadOnlyDisksAreToldAndLoseNothing()
{
#ifdef Q_OS_LINUX
    const auto cache = opened();
    put(*cache, 1);
    QVERIFY(cache->save());
    const QByteArray before = contentOf(path());
    QSignalSpy failed(cache.get(), &BootstrapCache::saveFailed);
    // A folder in place of the file cannot be replaced, whoever runs this.
    QFile::rename(path(), path(u"kept"_s));
    QVERIFY(QDir().mkpath(path() + u"/inner"_s));
    put(*cache, 2);
    QCOMPARE(cache->save().error().code, ErrorCode::FileUnreadable);
    simulation().runFor(70s);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().value<Error>().message.contains(path()));
    simulation().runFor(10s); // not told again each time that something changes
    put(*cache, 3);
    QDir(path()).removeRecursively();
    QFile::rename(path(u"kept"_s), path());
    QCOMPARE(contentOf(path()), before);
    simulation().runFor(70s);
    QCOMPARE(idsIn(*opened()), ids({3, 2, 1}));
#else
    QSKIP("needs a POSIX file system");
#endif
}

void tst_CacheFile::diskWithoutRoomIsToldAndTheOldFileStays()
{
#ifdef Q_OS_UNIX
    setContent(path(), fullFile(100));
    const QByteArray before = contentOf(path());
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) { // a process whose files may not grow: write() fails as on a full disk
        SimulatedCache cache(host());
        if (!cache.open(path()))
            _exit(1);
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{2000, 2000};
        setrlimit(RLIMIT_FSIZE, &limit);
        put(cache, 101);
        const Result<void> saved = cache.save();
        if (saved.error().code != ErrorCode::FileWriteFailed)
            _exit(2);
        if (cache.size() != 101 || !cache.entry(idOf(101)))
            _exit(3);
        _exit(0);
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(contentOf(path()), before);
    QCOMPARE(QDir(folderPath()).entryList({u"*saving*"_s}, QDir::Files).size(), 0);
#else
    QSKIP("needs setrlimit()");
#endif
}

void tst_CacheFile::killedProgramsLeaveTheOldFileOrTheNew()
{
#ifdef Q_OS_UNIX
    SeededRandom random(9);
    setContent(path(), fullFile(100));
    int kills = 0;
    int reached = 100;
    // As long as a few saves take here, with or without sanitizers.
    qint64 aSave = 0;
    {
        const auto cache = opened();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(cache->save());
        aSave = timer.nsecsElapsed() / 1000;
    }
    for (int round = 0; round < 200; ++round) {
        std::array<int, 2> ready{};
        QCOMPARE(pipe(ready.data()), 0);
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            SimulatedCache cache(host());
            if (!cache.open(path()) || ::write(ready[1], "x", 1) != 1)
                _exit(1);
            for (int i = 0;; ++i) {
                put(cache, 100 + i % 100);
                cache.save();
            }
        }
        char byte = 0;
        QCOMPARE(::read(ready[0], &byte, 1), 1);
        ::close(ready[0]);
        ::close(ready[1]);
        usleep(useconds_t(random.below(quint64(3 * aSave + 1))));
        kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        kills += WIFSIGNALED(status);
        const auto cache = opened();
        QVERIFY2(cache->damage().isEmpty(), qPrintable(cache->damage()));
        QVERIFY(cache->size() >= reached);
        reached = int(cache->size());
    }
    QCOMPARE(kills, 200);
    QVERIFY2(reached > 100, "no child ever saved: the test shows nothing");
#else
    QSKIP("needs fork()");
#endif
}

void tst_CacheFile::fourProgramsLoseNoRecord()
{
#ifdef Q_OS_UNIX
    QList<pid_t> children;
    for (int program = 0; program < 4; ++program) {
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            SimulatedCache cache(host());
            int failures = !cache.open(path());
            for (int i = 0; i < 100; ++i) { // a save costs as much as there are records
                put(cache, program * 20 + i % 20);
                failures += !cache.save();
            }
            _exit(failures != 0);
        }
        children.append(child);
    }
    // Whoever looks meanwhile never sees anything broken.
    for (int i = 0; i < 50; ++i) {
        const auto cache = opened();
        QVERIFY2(cache->damage().isEmpty(), qPrintable(cache->damage()));
        usleep(2000);
    }
    for (const pid_t child : children) {
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
    const auto cache = opened();
    QCOMPARE(cache->size(), 80);
    for (const auto &entry : cache->entries())
        QCOMPARE(entry.successes, 5);
#else
    QSKIP("needs fork()");
#endif
}

void tst_CacheFile::leftoversAreRemoved()
{
    const QString old = path(u"peers.jsonl.qp2p-saving-AbCdEf"_s);
    const QString young = path(u"peers.jsonl.qp2p-saving-GhIjKl"_s);
    const QString others = path(u"peers.jsonl.backup"_s);
    for (const QString &name : {old, young, others})
        setContent(name, "x");
    for (const QString &name : {old, others}) {
        QFile file(name);
        QVERIFY(file.open(QFile::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addDays(-1),
                                 QFileDevice::FileModificationTime));
    }
    opened();
    QVERIFY(!QFileInfo::exists(old));
    QVERIFY(QFileInfo::exists(young));
    QVERIFY(QFileInfo::exists(others));
}

QTEST_GUILESS_MAIN(tst_CacheFile)
#include "tst_cachefile.moc"
