// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Damaged, foreign and poisoned files of the bootstrap cache: what is valid in them is kept, the rest is set
// aside.

#include "cachefixture.h"

#include <shared/seededrandom.h>

#include <qp2pcore/identity.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/cachecontent.h>
#include <qp2pcore/private/simulated.h>
#include <qp2pcore/storage/recordfile.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringEncoder>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Test;
using Qp2p::Peering::BlockList;
using namespace Qt::StringLiterals;

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

class tst_CacheDamage : public QObject, private CacheFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }

    void linkLocalAddressesNeedAnInterface();
    void whateverIsInTheFileIsSetAside_data();
    void whateverIsInTheFileIsSetAside();
    void laterVersionsAreLeftAlone();
    void textOfOtherSystemsIsRead_data();
    void textOfOtherSystemsIsRead();
    void partsThatAreValidAreKept();
    void earlierDamagedFilesAreKept();
    void gigantFilesAreMovedAway();
    void poisonedRecordsAreDropped();
    void everyTruncationKeepsWhatIsValid();
    void flippedBytesKeepWhatIsValid();
};

//! Nobody knows later which link was meant.
void tst_CacheDamage::linkLocalAddressesNeedAnInterface()
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

void tst_CacheDamage::whateverIsInTheFileIsSetAside_data()
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

void tst_CacheDamage::whateverIsInTheFileIsSetAside()
{
    QFETCH(const QByteArray, bytes);
    setContent(path(), bytes);
    const QString aside = path() + u".damaged"_s;
    if (bytes.count('\0') != bytes.size()) { // a person may have given the wrong name
        SimulatedCache cache(host());
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
        SimulatedCache cache(host());
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

void tst_CacheDamage::laterVersionsAreLeftAlone()
{
    const QByteArray bytes = "{\"format\":\"qp2p-bootstrap-cache\",\"version\":2}\n{\"new\":1}\n";
    setContent(path(), bytes);
    {
        SimulatedCache cache(host());
        const Result<void> result = cache.open(path());
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY2(result.error().message.contains(path()), qPrintable(result.error().message));
        put(cache, 1); // works, in memory
        QCOMPARE(cache.size(), 1);
        QVERIFY(cache.fileName().isEmpty());
    }
    QCOMPARE(contentOf(path()), bytes);
    QCOMPARE(QDir(folderPath()).entryList(QDir::Files).size(), 1);
}

void tst_CacheDamage::textOfOtherSystemsIsRead_data()
{
    QTest::addColumn<QByteArray>("encoding");
    for (const char *name : {"CRLF", "UTF-8 with mark", "UTF-16LE", "UTF-16BE"})
        QTest::newRow(name) << QByteArray(name);
}

void tst_CacheDamage::textOfOtherSystemsIsRead()
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

void tst_CacheDamage::partsThatAreValidAreKept()
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

void tst_CacheDamage::earlierDamagedFilesAreKept()
{
    for (int i = 1; i <= 12; ++i) {
        setContent(path(), "diary of day " + QByteArray::number(i));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        SimulatedCache cache(host());
        QVERIFY(cache.open(path()));
        const QString aside = path() + u".damaged"_s
            + (i == 1 ? QString() : u"-%1"_s.arg(std::min(i, 9)));
        QVERIFY2(cache.damage().contains(u'"' + aside + u'"'), qPrintable(cache.damage()));
        QCOMPARE(contentOf(aside), "diary of day " + QByteArray::number(i));
    }
    QCOMPARE(contentOf(path() + u".damaged"_s), "diary of day 1");
    QCOMPARE(contentOf(path() + u".damaged-8"_s), "diary of day 8");
    QCOMPARE(QDir(folderPath()).entryList({u"*.damaged*"_s}, QDir::Files).size(), 9);
}

void tst_CacheDamage::gigantFilesAreMovedAway()
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

void tst_CacheDamage::poisonedRecordsAreDropped()
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
             record("{}"), record("{\"peer\":7}")}) {
        setContent(path(), header + bad);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        SimulatedCache cache(host());
        const Result<void> result = cache.open(path());
        QCOMPARE(cache.size(), 0);
        QVERIFY2(result && !cache.damage().isEmpty(), bad.left(200).constData());
    }
    // A removal of nobody is dropped too; it is the only one that is not reported.
    setContent(path(), header + record("{\"removed\":7,\"at\":9}"));
    QCOMPARE(opened()->size(), 0);
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

//! A record is read by its line alone, so that a small file has every kind of place there is: each of its bytes
//! is tried. The full one is cut at some places only, for what depends on the number of records.
void tst_CacheDamage::everyTruncationKeepsWhatIsValid()
{
    const QtMessageHandler handler = qInstallMessageHandler(ignoreWarnings);
    const QByteArray small = fullFile(5);
    const QByteArray full = fullFile(200);
    SeededRandom random(7);
    int wrong = 0;
    const auto check = [&](const QByteArray &whole, qsizetype size) {
        setContent(path(), whole.first(size));
        SimulatedCache cache(host());
        const bool opens = cache.open(path()).isOk();
        if (!opens || cache.size() != recordsIn(whole, size))
            ++wrong;
    };
    for (qsizetype size = 0; size <= small.size(); ++size)
        check(small, size);
    for (int i = 0; i < 50; ++i)
        check(full, qsizetype(random.below(quint64(full.size()))));
    qInstallMessageHandler(handler);
    QCOMPARE(wrong, 0);
}

//! Again every byte of a small file, and some of a full one. Each becomes one that differs by a bit, one that is
//! no ASCII, and the end of a line, which makes two lines of one.
void tst_CacheDamage::flippedBytesKeepWhatIsValid()
{
    const QtMessageHandler handler = qInstallMessageHandler(ignoreWarnings);
    SeededRandom random(8);
    int lost = 0;
    int unseen = 0;
    int flips = 0;
    const auto check = [&](const QByteArray &whole, int records, qsizetype at, char byte) {
        QByteArray bytes = whole;
        bytes[at] = byte;
        if (bytes == whole)
            return;
        setContent(path(), bytes);
        // A flip in a record costs that record, one in a newline both of its neighbours; the header is none.
        const bool joinsRecords = at > whole.indexOf('\n') && whole[at] == '\n';
        const qsizetype least = records - (joinsRecords ? 2 : 1);
        const auto read = RecordFile(path(), u"qp2p-bootstrap-cache"_s).read();
        const qint64 now = host()->wallClock() * 1000;
        lost += !read
            || Peering::CacheContent::fromRecords(read->records, now, nullptr).items().size()
                < least;
        unseen += read && read->damage.isEmpty();
        if (++flips % 20 != 0)
            return;
        // The whole way, which sets the file aside and saves another one.
        SimulatedCache cache(host());
        lost += !cache.open(path()) || cache.size() < least;
        unseen += cache.damage().isEmpty();
    };
    const QByteArray small = fullFile(5);
    for (qsizetype at = 0; at < small.size(); ++at) {
        for (const int byte : {small[at] ^ (1 << random.below(7)), small[at] | 0x80, int('\n')})
            check(small, 5, at, char(byte));
    }
    const QByteArray full = fullFile(200);
    for (int i = 0; i < 200; ++i)
        check(full, 200, qsizetype(random.below(quint64(full.size()))), char(random.below(256)));
    qInstallMessageHandler(handler);
    QVERIFY(flips > 2 * small.size());
    QCOMPARE(lost, 0);
    QCOMPARE(unseen, 0);
}

QTEST_GUILESS_MAIN(tst_CacheDamage)
#include "tst_cachedamage.moc"
