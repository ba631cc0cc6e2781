// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The bootstrap cache: what stays in which order, and that no file loses anything.

#include <shared/seededrandom.h>
#include <shared/simulation.h>

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/cachecontent.h>
#include <qp2pcore/storage/filelock.h>
#include <qp2pcore/storage/recordfile.h>

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QSignalSpy>
#include <QStringEncoder>
#include <QTemporaryDir>
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

namespace {

PeerId idOf(int number)
{
    return PeerId::fromBytes(
        QCryptographicHash::hash(QByteArray::number(number), QCryptographicHash::Sha256));
}

//! Each in a group of its own.
PeerAddress addressOf(int number)
{
    return PeerAddress(QHostAddress(quint32(0x0b000001 + (number << 16))), 12000);
}

QList<PeerId> idsIn(const BootstrapCache &cache)
{
    QList<PeerId> ids;
    for (const auto &entry : cache.entries())
        ids.append(entry.peerId);
    return ids;
}

QList<PeerId> ids(const QList<int> &numbers)
{
    QList<PeerId> result;
    for (const int number : numbers)
        result.append(idOf(number));
    return result;
}

QByteArray contentOf(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

void setContent(const QString &fileName, const QByteArray &bytes)
{
    QFile file(fileName);
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

void put(BootstrapCache &cache, int number)
{
    cache.connected(idOf(number), addressOf(number), {});
}

} // namespace

class tst_BootstrapCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void newestComesFirstAndTheOldestLeaves();
    void connectingAgainMovesToTheTop();
    void oneOwnerOfManyAddressesCannotFillIt();
    void fullCacheKeepsLoneNodes();
    void localAddressesHaveNoGroups();
    void anchorsStay();
    void addressesAreKeptLatestFirst();
    void signalsTellWhatChanges();
    void whatCannotBeAddedIsRefused();

    void everythingSurvivesARestart();
    void changesAreSavedByThemselvesAndAtTheEnd();
    void programsShareAFile();
    void whatIsRemovedStaysRemovedForADay();
    void clearingIsForAllPrograms();
    void countsOfProgramsAddUp();
    void clocksMayJump();

    void linkLocalAddressesNeedAnInterface();
    void whateverIsInTheFileIsSetAside_data();
    void whateverIsInTheFileIsSetAside();
    void laterVersionsAreLeftAlone();
    void textOfOtherSystemsIsRead_data();
    void textOfOtherSystemsIsRead();
    void partsThatAreValidAreKept();
    void earlierDamagedFilesAreKept();
    void whatIsNoFileIsNamedWithoutWaiting_data();
    void whatIsNoFileIsNamedWithoutWaiting();
    void namesOfAnyBytesAreFilesNames();
    void symbolicLinksStay();
    void lockOfAnotherProgramIsRespected();
    void gigantFilesAreMovedAway();
    void poisonedRecordsAreDropped();
    void everyTruncationKeepsWhatIsValid();
    void flippedBytesKeepWhatIsValid();
    void onlyItsOwnerMayReadIt();
    void fullOrReadOnlyDisksAreToldAndLoseNothing();
    void diskWithoutRoomIsToldAndTheOldFileStays();
    void killedProgramsLeaveTheOldFileOrTheNew();
    void fourProgramsLoseNoRecord();
    void leftoversAreRemoved();

private:
    QString path(const QString &name = u"peers.jsonl"_s) const { return m_folder->filePath(name); }
    std::unique_ptr<BootstrapCache> opened(const QString &name = u"peers.jsonl"_s)
    {
        auto cache = std::make_unique<BootstrapCache>(m_host);
        const Result<void> result = cache->open(path(name));
        if (!result)
            qWarning().noquote() << result.error().message;
        return cache;
    }
    QByteArray fullFile(int entries);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Simulation> m_simulation;
    Simulation::Host m_host;
};

void tst_BootstrapCache::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_simulation = std::make_unique<Simulation>(1);
    m_host = m_simulation->host({QHostAddress(u"192.0.2.1"_s)});
}

void tst_BootstrapCache::newestComesFirstAndTheOldestLeaves()
{
    BootstrapCache cache(m_host);
    for (int i = 0; i < 200; ++i)
        put(cache, i);
    QCOMPARE(cache.size(), 200);
    QCOMPARE(cache.entries().first().peerId, idOf(199));
    QCOMPARE(cache.entries().last().peerId, idOf(0));
    put(cache, 200);
    QCOMPARE(cache.size(), 200);
    QCOMPARE(cache.entries().first().peerId, idOf(200));
    QCOMPARE(cache.entries().last().peerId, idOf(1));
    QVERIFY(!cache.entry(idOf(0)));
}

void tst_BootstrapCache::connectingAgainMovesToTheTop()
{
    BootstrapCache cache(m_host);
    for (const int i : {3, 2, 1})
        put(cache, i);
    QCOMPARE(idsIn(cache), ids({1, 2, 3}));
    put(cache, 2);
    QCOMPARE(idsIn(cache), ids({2, 1, 3}));
    QCOMPARE(cache.entry(idOf(2))->successes, 2);
    cache.failed(idOf(2));
    QCOMPARE(idsIn(cache), ids({2, 1, 3})); // a failure moves nobody
    QCOMPARE(cache.entry(idOf(2))->failures, 1);
    put(cache, 2);
    QCOMPARE(cache.entry(idOf(2))->failures, 0);
}

void tst_BootstrapCache::oneOwnerOfManyAddressesCannotFillIt()
{
    BootstrapCache cache(m_host);
    put(cache, 1000);
    for (int i = 0; i < 50; ++i) // all in 11.7.0.0/16
        cache.connected(idOf(i), PeerAddress(QHostAddress(quint32(0x0b070000 + i)), 12000), {});
    QCOMPARE(cache.size(), 1 + BootstrapCache::MaxPerGroup);
    QCOMPARE(cache.entries().first().peerId, idOf(49)); // of a group the newest stay
    QVERIFY(!cache.entry(idOf(41)));
    QVERIFY(cache.entry(idOf(1000)));
    for (int i = 0; i < 50; ++i) // all in 2a00:1::/32
        cache.connected(idOf(100 + i),
                        PeerAddress(QHostAddress(u"2a00:1:%1::1"_s.arg(i + 1, 0, 16)), 12000), {});
    QCOMPARE(cache.size(), 1 + 2 * BootstrapCache::MaxPerGroup);
}

void tst_BootstrapCache::fullCacheKeepsLoneNodes()
{
    BootstrapCache cache(m_host);
    for (int i = 0; i < 50; ++i) // the oldest, each in a group of its own
        put(cache, i);
    for (int i = 0; i < 32 * 8; ++i) // somebody with 32 groups
        cache.connected(
            idOf(1000 + i),
            PeerAddress(QHostAddress(quint32(0x0c000001 + ((i % 32) << 16) + i)), 12000), {});
    QCOMPARE(cache.size(), 200);
    for (int i = 0; i < 50; ++i)
        QVERIFY(cache.entry(idOf(i)));
    QVERIFY(cache.entry(idOf(1000 + 255)));
    QVERIFY(!cache.entry(idOf(1000)));
}

void tst_BootstrapCache::localAddressesHaveNoGroups()
{
    BootstrapCache cache(m_host);
    for (int i = 0; i < 50; ++i)
        cache.connected(idOf(i), PeerAddress(QHostAddress(u"127.0.0.1"_s), quint16(12000 + i)), {});
    QCOMPARE(cache.size(), 50);
}

void tst_BootstrapCache::anchorsStay()
{
    BootstrapCache cache(m_host);
    for (int i = 0; i < 10; ++i)
        put(cache, i);
    cache.setAnchors(ids({0, 1, 2})); // the third is one too many
    for (int i = 10; i < 300; ++i)
        put(cache, i);
    QCOMPARE(cache.size(), 200);
    QVERIFY(cache.entry(idOf(0))->isAnchor);
    QVERIFY(cache.entry(idOf(1))->isAnchor);
    QVERIFY(!cache.entry(idOf(2)));
    cache.setAnchors(ids({299}));
    put(cache, 300);
    QVERIFY(!cache.entry(idOf(0)));
}

void tst_BootstrapCache::addressesAreKeptLatestFirst()
{
    BootstrapCache cache(m_host);
    for (int i = 0; i < 6; ++i)
        cache.connected(idOf(1), addressOf(i), "");
    const auto entry = cache.entry(idOf(1));
    QCOMPARE(entry->addresses,
             (QList<PeerAddress>{addressOf(5), addressOf(4), addressOf(3), addressOf(2)}));
    cache.connected(idOf(1), addressOf(3), "");
    QCOMPARE(cache.entry(idOf(1))->addresses.first(), addressOf(3));
    QCOMPARE(cache.entry(idOf(1))->addresses.size(), 4);
}

void tst_BootstrapCache::signalsTellWhatChanges()
{
    BootstrapCache cache(m_host);
    QSignalSpy added(&cache, &BootstrapCache::entryAdded);
    QSignalSpy changed(&cache, &BootstrapCache::entryChanged);
    QSignalSpy removed(&cache, &BootstrapCache::entryRemoved);
    put(cache, 1);
    put(cache, 1);
    QCOMPARE(added.size(), 1);
    QCOMPARE(changed.size(), 1);
    for (int i = 2; i <= 201; ++i)
        put(cache, i);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed.first().first().value<PeerId>(), idOf(1));
    cache.clear();
    QCOMPARE(removed.size(), 201);
    // A slot may delete the cache.
    auto *doomed = new BootstrapCache(m_host);
    put(*doomed, 1);
    put(*doomed, 2);
    connect(doomed, &BootstrapCache::entryRemoved, this, [&] {
        delete doomed;
        doomed = nullptr;
    });
    doomed->clear();
    QVERIFY(!doomed);
}

void tst_BootstrapCache::whatCannotBeAddedIsRefused()
{
    BootstrapCache cache(m_host);
    QCOMPARE(cache.add(addressOf(1)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(cache.add(PeerAddress(u"example.org"_s, 1, idOf(1))).error().code,
             ErrorCode::InvalidArgument);
    QVERIFY(cache.add(PeerAddress(addressOf(1).address(), 12000, idOf(1))));
    QCOMPARE(cache.size(), 1);
    QCOMPARE(cache.entries().first().successes, 0);
    cache.connected({}, addressOf(1), {});
    cache.connected(idOf(2), PeerAddress(u"example.org"_s, 1), {});
    QCOMPARE(cache.size(), 1);
    QCOMPARE(cache.open({}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(cache.open(path(u"folder/"_s)).error().code, ErrorCode::InvalidArgument);
}

void tst_BootstrapCache::everythingSurvivesARestart()
{
    const Result<Identity> identity = Identity::generate();
    QVERIFY(identity);
    QList<BootstrapCache::Entry> before;
    {
        const auto cache = opened(u"folder that is new/ünd so weiter"_s);
        cache->connected(identity->peerId(), addressOf(7), identity->certificates().first(),
                         u"nämë"_s);
        cache->connected(identity->peerId(),
                         PeerAddress(QHostAddress(u"2a00:1::1"_s), 65535, idOf(1)),
                         identity->certificates().first(), u"nämë"_s);
        put(*cache, 2);
        cache->failed(idOf(2));
        cache->setAnchors({identity->peerId()});
        QVERIFY(cache->save());
        before = cache->entries();
    }
    QCOMPARE(before.size(), 2);
    QCOMPARE(before.last().addresses.size(), 2);
    const auto cache = opened(u"folder that is new/ünd so weiter"_s);
    QVERIFY(cache->damage().isEmpty());
    QCOMPARE(cache->entries(), before);
}

void tst_BootstrapCache::changesAreSavedByThemselvesAndAtTheEnd()
{
    auto cache = opened();
    put(*cache, 1);
    QVERIFY(!QFileInfo::exists(path()));
    m_simulation->runFor(4s);
    QVERIFY(!QFileInfo::exists(path()));
    m_simulation->runFor(2s);
    QCOMPARE(opened()->size(), 1);
    put(*cache, 2);
    cache.reset();
    QCOMPARE(idsIn(*opened()), ids({2, 1}));
}

void tst_BootstrapCache::programsShareAFile()
{
    const auto one = opened();
    const auto other = opened();
    put(*one, 1);
    m_simulation->runFor(1s);
    put(*other, 2);
    QVERIFY(one->save());
    QSignalSpy added(other.get(), &BootstrapCache::entryAdded);
    QVERIFY(other->save());
    QCOMPARE(added.size(), 1);
    QCOMPARE(idsIn(*other), ids({2, 1}));
    QCOMPARE(idsIn(*one), ids({1}));
    QVERIFY(one->save());
    QCOMPARE(idsIn(*one), ids({2, 1}));

    // The latest addresses win, whoever saves last.
    m_simulation->runFor(1s);
    one->connected(idOf(1), addressOf(50), {});
    m_simulation->runFor(1s);
    other->connected(idOf(1), addressOf(60), {});
    QVERIFY(other->save());
    QVERIFY(one->save());
    QCOMPARE(one->entry(idOf(1))->addresses.first(), addressOf(60));
}

void tst_BootstrapCache::whatIsRemovedStaysRemovedForADay()
{
    const auto one = opened();
    put(*one, 1);
    put(*one, 2);
    QVERIFY(one->save());
    const auto other = opened();
    QCOMPARE(other->size(), 2);
    m_simulation->runFor(1s);
    QVERIFY(one->remove(idOf(1)));
    QVERIFY(!one->remove(idOf(77)));
    QVERIFY(one->save());
    other->failed(idOf(1)); // still has it
    QVERIFY(other->save());
    QCOMPARE(idsIn(*other), ids({2}));
    QCOMPARE(idsIn(*opened()), ids({2}));
    // A new connection is later than the removal.
    m_simulation->runFor(1s);
    put(*other, 1);
    QVERIFY(other->save());
    QVERIFY(one->save());
    QCOMPARE(idsIn(*one), ids({1, 2}));
    QVERIFY(one->remove(idOf(1)));
    QVERIFY(one->save());
    QVERIFY(contentOf(path()).contains("removed"));
    m_simulation->runFor(25h);
    QVERIFY(one->save());
    QVERIFY(!contentOf(path()).contains("removed"));
}

void tst_BootstrapCache::clearingIsForAllPrograms()
{
    const auto one = opened();
    for (int i = 0; i < 20; ++i)
        put(*one, i);
    QVERIFY(one->save());
    const auto other = opened();
    m_simulation->runFor(1s);
    one->clear();
    QVERIFY(one->save());
    QVERIFY(other->save());
    QCOMPARE(other->size(), 0);
    put(*other, 3);
    QVERIFY(other->save());
    QCOMPARE(idsIn(*opened()), ids({3}));
}

void tst_BootstrapCache::countsOfProgramsAddUp()
{
    const auto one = opened();
    put(*one, 1);
    QVERIFY(one->save());
    const auto other = opened();
    for (int i = 0; i < 3; ++i)
        put(*one, 1);
    for (int i = 0; i < 4; ++i)
        put(*other, 1);
    QVERIFY(one->save());
    QVERIFY(other->save());
    QVERIFY(one->save());
    QCOMPARE(one->entry(idOf(1))->successes, 8);
    QCOMPARE(opened()->entry(idOf(1))->successes, 8);
}

//! The simulation's clock only goes forward, so the file comes from the future.
void tst_BootstrapCache::clocksMayJump()
{
    Simulation future(1);
    future.runFor(24h * 3650);
    {
        BootstrapCache cache(future.host({QHostAddress(u"192.0.2.9"_s)}));
        QVERIFY(cache.open(path()));
        for (const int i : {1, 2, 3})
            put(cache, i);
        QVERIFY(cache.remove(idOf(2)));
    }
    const auto cache = opened();
    QCOMPARE(idsIn(*cache), ids({3, 1}));
    const QDateTime now = QDateTime::fromSecsSinceEpoch(m_host->wallClock(), Qt::UTC);
    for (const auto &entry : cache->entries())
        QVERIFY(entry.lastConnected <= now);
    // They are no more immortal than others.
    for (int i = 10; i < 210; ++i)
        put(*cache, i);
    QVERIFY(!cache->entry(idOf(3)));
    QVERIFY(cache->save());
    QCOMPARE(idsIn(*cache).first(), idOf(209));
}

//! Nobody knows later which link was meant.
void tst_BootstrapCache::linkLocalAddressesNeedAnInterface()
{
    const PeerAddress without(QHostAddress(u"fe80::1"_s), 12000, idOf(1));
    const PeerAddress with(QHostAddress(u"fe80::1%eth0"_s), 12000, idOf(2));
    {
        const auto cache = opened();
        const Result<void> added = cache->add(without);
        QCOMPARE(added.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(added.error().message.contains(u"[fe80::1%eth0]"_s),
                 qPrintable(added.error().message));
        cache->connected(idOf(1), without, {}, {});
        QCOMPARE(cache->size(), 0);
        QVERIFY(cache->add(with));
        cache->connected(idOf(3), addressOf(3), {}, {});
        QVERIFY(cache->save());
    }
    // Older versions wrote them, and such a file is not damaged.
    RecordFile file(path(), u"qp2p-bootstrap-cache"_s);
    QList<QJsonObject> records = file.read()->records;
    for (QJsonObject &record : records) {
        if (record.value(u"peer"_s).toString() == idOf(3).toString())
            record.insert(u"addresses"_s,
                          QJsonArray{u"[fe80::1]:12000"_s, addressOf(3).endpointString()});
    }
    QVERIFY(file.write(records));
    const auto cache = opened();
    QCOMPARE(cache->size(), 2);
    QCOMPARE(cache->entry(idOf(3))->addresses, QList<PeerAddress>{addressOf(3)});
    QCOMPARE(cache->entry(idOf(2))->addresses.value(0).host(), u"fe80::1%eth0"_s);
    QVERIFY(!QFileInfo::exists(path() + u".damaged"_s));
}

void tst_BootstrapCache::whateverIsInTheFileIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a text") << QByteArray("Dear diary,\n…\n");
    QTest::newRow("a key") << QByteArray("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n");
    QTest::newRow("zeros, as after a power cut") << QByteArray(5000, 0);
    QTest::newRow("one zero") << QByteArray(1, 0);
    QTest::newRow("4 MiB of zeros") << QByteArray(4 * 1024 * 1024, 0);
    QTest::newRow("more than 4 MiB of zeros") << QByteArray(4 * 1024 * 1024 + 1, 0);
    QTest::newRow("deep JSON") << QByteArray(100'000, '[');
    QTest::newRow("settings") << QByteArray("[network]\nlistenPort=12000\nversion=1\n");
    QTest::newRow("line ends only") << QByteArray("\r\n\r\n\r\n");
    QTest::newRow("a mark only") << QByteArray("\xff\xfe\x00", 3);
    const QTemporaryDir folder; // data comes before init()
    const QString blockList = folder.filePath(u"blocked.jsonl"_s);
    BlockList list;
    QVERIFY(list.open(blockList));
    QVERIFY(list.add(idOf(5)));
    QTest::newRow("a block list") << contentOf(blockList);
}

void tst_BootstrapCache::whateverIsInTheFileIsSetAside()
{
    QFETCH(const QByteArray, bytes);
    setContent(path(), bytes);
    const QString aside = path() + u".damaged"_s;
    if (bytes.count('\0') != bytes.size()) { // a person may have given the wrong name
        BootstrapCache cache(m_host);
        const Result<void> refused = cache.open(path(), ForeignFile::Refuse);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().message.contains(path()), qPrintable(refused.error().message));
        put(cache, 1);
        QVERIFY(cache.fileName().isEmpty());
    }
    QCOMPARE(contentOf(path()), bytes);
    QVERIFY(!QFileInfo::exists(aside));
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        BootstrapCache cache(m_host);
        const Result<void> result = cache.open(path());
        QVERIFY2(result, qPrintable(result.error().message));
        QCOMPARE(cache.size(), 0);
        QVERIFY2(cache.damage().contains(aside), qPrintable(cache.damage()));
        QCOMPARE(contentOf(aside), bytes);
        put(cache, 1);
        QCOMPARE(cache.fileName(), path());
    }
    QCOMPARE(contentOf(aside), bytes);
    const auto again = opened();
    QVERIFY(again->damage().isEmpty());
    QCOMPARE(idsIn(*again), ids({1}));
}

void tst_BootstrapCache::laterVersionsAreLeftAlone()
{
    const QByteArray bytes = "{\"format\":\"qp2p-bootstrap-cache\",\"version\":2}\n{\"new\":1}\n";
    setContent(path(), bytes);
    {
        BootstrapCache cache(m_host);
        const Result<void> result = cache.open(path());
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY2(result.error().message.contains(path()), qPrintable(result.error().message));
        put(cache, 1); // works, in memory
        QCOMPARE(cache.size(), 1);
        QVERIFY(cache.fileName().isEmpty());
    }
    QCOMPARE(contentOf(path()), bytes);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
}

void tst_BootstrapCache::textOfOtherSystemsIsRead_data()
{
    QTest::addColumn<QByteArray>("encoding");
    for (const char *name : {"CRLF", "UTF-8 with mark", "UTF-16LE", "UTF-16BE"})
        QTest::newRow(name) << QByteArray(name);
}

void tst_BootstrapCache::textOfOtherSystemsIsRead()
{
    QFETCH(const QByteArray, encoding);
    const QByteArray whole = fullFile(20);
    QByteArray bytes = whole;
    if (encoding == "CRLF") {
        bytes.replace("\n", "\r\n");
    } else if (encoding == "UTF-8 with mark") {
        bytes.prepend("\xef\xbb\xbf");
    } else {
        QStringEncoder encoder(
            encoding == "UTF-16LE" ? QStringEncoder::Utf16LE : QStringEncoder::Utf16BE,
            QStringEncoder::Flag::WriteBom);
        bytes = encoder(QString::fromUtf8(whole));
    }
    QVERIFY(bytes != whole);
    setContent(path(), bytes);
    const auto cache = opened();
    QCOMPARE(cache->size(), 20);
    QVERIFY2(cache->damage().isEmpty(), qPrintable(cache->damage()));
    QVERIFY(cache->save());
    QCOMPARE(contentOf(path()), whole);
}

void tst_BootstrapCache::partsThatAreValidAreKept()
{
    const QByteArray whole = fullFile(20);
    const qsizetype half = whole.indexOf('\n', whole.size() / 2) + 1;
    setContent(path(), whole.first(half) + QByteArray(whole.size() - half, 0));
    const int kept = int(whole.first(half).count('\n')) - 1;
    QVERIFY(kept > 5 && kept < 20);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
    QCOMPARE(opened()->size(), kept);
    QVERIFY(opened()->damage().isEmpty());
    // The first line has nothing but zeros.
    const qsizetype header = whole.indexOf('\n');
    setContent(path(), QByteArray(header, 0) + whole.sliced(header));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
    QCOMPARE(opened()->size(), 20);
}

void tst_BootstrapCache::earlierDamagedFilesAreKept()
{
    for (int i = 1; i <= 12; ++i) {
        setContent(path(), "diary of day " + QByteArray::number(i));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        BootstrapCache cache(m_host);
        QVERIFY(cache.open(path()));
        const QString aside = path() + u".damaged"_s
            + (i == 1 ? QString() : u"-%1"_s.arg(std::min(i, 9)));
        QVERIFY2(cache.damage().contains(u'"' + aside + u'"'), qPrintable(cache.damage()));
        QCOMPARE(contentOf(aside), "diary of day " + QByteArray::number(i));
    }
    QCOMPARE(contentOf(path() + u".damaged"_s), "diary of day 1");
    QCOMPARE(contentOf(path() + u".damaged-8"_s), "diary of day 8");
    QCOMPARE(QDir(m_folder->path()).entryList({u"*.damaged*"_s}, QDir::Files).size(), 9);
}

void tst_BootstrapCache::whatIsNoFileIsNamedWithoutWaiting_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"folder", "FIFO", "device", "link to itself"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_BootstrapCache::whatIsNoFileIsNamedWithoutWaiting()
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
    BootstrapCache cache(m_host);
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

void tst_BootstrapCache::namesOfAnyBytesAreFilesNames()
{
#ifdef Q_OS_UNIX
    const QByteArray folder = QFile::encodeName(m_folder->path()) + "/\xe4 new";
    const QByteArray bytes = folder + "/\xff.jsonl";
    const QString name = fileNameFromBytes(bytes);
    for (int round = 0; round < 2; ++round) {
        BootstrapCache cache(m_host);
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

void tst_BootstrapCache::symbolicLinksStay()
{
#ifdef Q_OS_UNIX
    QVERIFY(QDir(m_folder->path()).mkdir(u"elsewhere"_s));
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

void tst_BootstrapCache::lockOfAnotherProgramIsRespected()
{
    FileLock lock(path());
    QVERIFY(lock.take());
    const auto cache = opened();
    put(*cache, 1);
    const Result<void> saved = cache->save();
    QCOMPARE(saved.error().code, ErrorCode::FileWriteFailed);
    QVERIFY2(saved.error().message.contains(path()), qPrintable(saved.error().message));
    QVERIFY(!QFileInfo::exists(path()));
}

void tst_BootstrapCache::gigantFilesAreMovedAway()
{
    const QByteArray good = fullFile(20);
    setContent(path(), good + QByteArray(5 * 1024 * 1024, 'x'));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"larger than"_s));
    const auto cache = opened();
    QCOMPARE(cache->size(), 20);
    QVERIFY(cache->save());
    QCOMPARE(contentOf(path()).size(), good.size());
    QVERIFY(QFileInfo(path() + u".damaged"_s).size() > 5 * 1024 * 1024);
}

void tst_BootstrapCache::poisonedRecordsAreDropped()
{
    const auto record = [](const QByteArray &json) -> QByteArray {
        const QByteArray sum = QCryptographicHash::hash(json, QCryptographicHash::Sha256).toHex();
        return "{\"record\":" + json + ",\"checksum\":\"" + sum.first(16) + "\"}\n";
    };
    const QByteArray id = idOf(1).toString().toLatin1();
    const Result<Identity> other = Identity::generate();
    const auto entry = [&](const QByteArray &addresses, const QByteArray &rest) -> QByteArray {
        return record("{\"peer\":\"" + id + "\",\"addresses\":" + addresses + rest + "}");
    };
    const QByteArray numbers = ",\"lastConnected\":1,\"successes\":1,\"failures\":0";
    const QByteArray address = "[\"192.0.2.1:1\"]";
    QVERIFY(fullFile(1).contains("lastConnected"));
    const QByteArray header = fullFile(1).split('\n').first() + '\n';
    setContent(path(), header + entry(address, numbers));
    QCOMPARE(opened()->size(), 1);
    const QByteArray manyAddresses = "[\"192.0.2.1:1\",\"192.0.2.1:2\",\"192.0.2.1:3\","
                                     "\"192.0.2.1:4\",\"192.0.2.1:5\"]";
    for (const QByteArray &bad : QList<QByteArray>{
             entry("[\"example.org:1\"]", numbers), entry("[\"192.0.2.1:0\"]", numbers),
             entry("[]", numbers), entry("7", numbers), entry(manyAddresses, numbers),
             entry(address, ",\"lastConnected\":-1,\"successes\":1,\"failures\":0"),
             entry(address, ",\"lastConnected\":1,\"successes\":-1,\"failures\":0"),
             entry(address, ",\"lastConnected\":1e300,\"successes\":1,\"failures\":0"),
             entry(address, ",\"name\":\"" + QByteArray(1'000'000, 'x') + '"' + numbers),
             entry(address,
                   ",\"certificate\":\"" + other->certificates().first().toBase64() + '"' + numbers),
             entry(address, ",\"certificate\":\"AAAA\"" + numbers), record("[1]"), record("7"),
             record("{}"), record("{\"peer\":7}"), record("{\"removed\":7,\"at\":9}")}) {
        setContent(path(), header + bad);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        BootstrapCache cache(m_host);
        const Result<void> result = cache.open(path());
        QCOMPARE(cache.size(), 0);
        if (!result || cache.damage().isEmpty())
            qWarning().noquote() << "was damaged, quietly:" << bad.left(200);
    }
    // 1,000 valid ones are still 200.
    QByteArray many = header;
    for (int i = 0; i < 1000; ++i) {
        many += record("{\"peer\":\"" + idOf(i).toString().toLatin1() + "\",\"addresses\":[\""
                       + addressOf(i % 250).endpointString().toLatin1() + "\"],\"lastConnected\":"
                       + QByteArray::number(i) + ",\"successes\":1,\"failures\":0}");
    }
    setContent(path(), many);
    QCOMPARE(opened()->size(), 200);
}

QByteArray tst_BootstrapCache::fullFile(int entries)
{
    const QString name = u"made.jsonl"_s;
    QFile::remove(path(name));
    {
        const auto cache = opened(name);
        for (int i = 0; i < entries; ++i)
            put(*cache, i);
    }
    const QByteArray bytes = contentOf(path(name));
    QFile::remove(path(name));
    return bytes;
}

namespace {

//! How many whole lines of records stand in the first \a size bytes.
int recordsIn(const QByteArray &bytes, qsizetype size)
{
    int records = -1; // the header is none
    qsizetype start = 0;
    while (start < bytes.size()) {
        const qsizetype end = bytes.indexOf('\n', start);
        if (end > size) // the newline itself may be missing
            break;
        ++records;
        start = end + 1;
    }
    return std::max(records, 0);
}

void ignoreWarnings(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    if (type == QtFatalMsg)
        qt_assert(qPrintable(message), __FILE__, __LINE__);
}

} // namespace

void tst_BootstrapCache::everyTruncationKeepsWhatIsValid()
{
    const QtMessageHandler handler = qInstallMessageHandler(ignoreWarnings);
    const QByteArray small = fullFile(5);
    const QByteArray full = fullFile(200);
    SeededRandom random(7);
    int wrong = 0;
    const auto check = [&](const QByteArray &whole, qsizetype size) {
        setContent(path(), whole.first(size));
        BootstrapCache cache(m_host);
        const bool opens = cache.open(path()).isOk();
        if (!opens || cache.size() != recordsIn(whole, size))
            ++wrong;
    };
    for (qsizetype size = 0; size <= small.size(); ++size)
        check(small, size);
    for (int i = 0; i < 1000; ++i)
        check(full, qsizetype(random.below(quint64(full.size()))));
    qInstallMessageHandler(handler);
    QCOMPARE(wrong, 0);
}

void tst_BootstrapCache::flippedBytesKeepWhatIsValid()
{
    const QtMessageHandler handler = qInstallMessageHandler(ignoreWarnings);
    const QByteArray full = fullFile(200);
    const qsizetype headerSize = full.indexOf('\n') + 1;
    SeededRandom random(8);
    int lost = 0;
    int unseen = 0;
    for (int i = 0; i < 5000; ++i) {
        QByteArray bytes = full;
        const auto at = qsizetype(random.below(quint64(bytes.size())));
        bytes[at] = char(quint8(bytes[at]) ^ quint8(1 + random.below(255)));
        setContent(path(), bytes);
        // A flip in a record costs that record, one in a newline both of its neighbours.
        const qsizetype least = at >= headerSize ? 198 : 199;
        if (i % 20 == 0) {
            BootstrapCache cache(m_host);
            lost += !cache.open(path()) || cache.size() < least;
            unseen += cache.damage().isEmpty();
            continue; // it is saved, and synced to the disk: too slow for all of them
        }
        const auto read = RecordFile(path(), u"qp2p-bootstrap-cache"_s).read();
        const qint64 now = m_host->wallClock() * 1000;
        lost += !read
            || Peering::CacheContent::fromRecords(read->records, now, nullptr).items().size()
                < least;
        unseen += read && read->damage.isEmpty();
    }
    qInstallMessageHandler(handler);
    QCOMPARE(lost, 0);
    QCOMPARE(unseen, 0);
}

void tst_BootstrapCache::onlyItsOwnerMayReadIt()
{
    const auto cache = opened();
    put(*cache, 1);
    QVERIFY(cache->save());
    QCOMPARE(QFileInfo(path()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void tst_BootstrapCache::fullOrReadOnlyDisksAreToldAndLoseNothing()
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
    m_simulation->runFor(70s);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().value<Error>().message.contains(path()));
    m_simulation->runFor(10s); // not told again each time that something changes
    put(*cache, 3);
    QDir(path()).removeRecursively();
    QFile::rename(path(u"kept"_s), path());
    QCOMPARE(contentOf(path()), before);
    m_simulation->runFor(70s);
    QCOMPARE(idsIn(*opened()), ids({3, 2, 1}));
#else
    QSKIP("needs a POSIX file system");
#endif
}

void tst_BootstrapCache::diskWithoutRoomIsToldAndTheOldFileStays()
{
#ifdef Q_OS_UNIX
    setContent(path(), fullFile(100));
    const QByteArray before = contentOf(path());
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) { // a process whose files may not grow: write() fails as on a full disk
        BootstrapCache cache(m_host);
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
    QCOMPARE(QDir(m_folder->path()).entryList({u"*saving*"_s}, QDir::Files).size(), 0);
#else
    QSKIP("needs setrlimit()");
#endif
}

void tst_BootstrapCache::killedProgramsLeaveTheOldFileOrTheNew()
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
            BootstrapCache cache(m_host);
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

void tst_BootstrapCache::fourProgramsLoseNoRecord()
{
#ifdef Q_OS_UNIX
    QList<pid_t> children;
    for (int program = 0; program < 4; ++program) {
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            BootstrapCache cache(m_host);
            int failures = !cache.open(path());
            for (int i = 0; i < 250; ++i) {
                put(cache, program * 50 + i % 50);
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
    QCOMPARE(cache->size(), 200);
    for (const auto &entry : cache->entries())
        QCOMPARE(entry.successes, 5);
#else
    QSKIP("needs fork()");
#endif
}

void tst_BootstrapCache::leftoversAreRemoved()
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

QTEST_GUILESS_MAIN(tst_BootstrapCache)
#include "tst_bootstrapcache.moc"
