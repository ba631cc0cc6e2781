// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The bootstrap cache: what stays in which order, and what programs that share a file see of each other.

#include "cachefixture.h"

#include <qp2pcore/identity.h>
#include <qp2pcore/private/simulated.h>

#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_BootstrapCache : public QObject, private CacheFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }

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
};

void tst_BootstrapCache::newestComesFirstAndTheOldestLeaves()
{
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
    for (int i = 0; i < 50; ++i)
        cache.connected(idOf(i), PeerAddress(QHostAddress(u"127.0.0.1"_s), quint16(12000 + i)), {});
    QCOMPARE(cache.size(), 50);
}

void tst_BootstrapCache::anchorsStay()
{
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
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
    SimulatedCache cache(host());
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
    auto *doomed = new SimulatedCache(host());
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
    SimulatedCache cache(host());
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
    simulation().runFor(4s);
    QVERIFY(!QFileInfo::exists(path()));
    simulation().runFor(2s);
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
    simulation().runFor(1s);
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
    simulation().runFor(1s);
    one->connected(idOf(1), addressOf(50), {});
    simulation().runFor(1s);
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
    simulation().runFor(1s);
    QVERIFY(one->remove(idOf(1)));
    QVERIFY(!one->remove(idOf(77)));
    QVERIFY(one->save());
    other->failed(idOf(1)); // still has it
    QVERIFY(other->save());
    QCOMPARE(idsIn(*other), ids({2}));
    QCOMPARE(idsIn(*opened()), ids({2}));
    // A new connection is later than the removal.
    simulation().runFor(1s);
    put(*other, 1);
    QVERIFY(other->save());
    QVERIFY(one->save());
    QCOMPARE(idsIn(*one), ids({1, 2}));
    QVERIFY(one->remove(idOf(1)));
    QVERIFY(one->save());
    QVERIFY(contentOf(path()).contains("removed"));
    simulation().runFor(25h);
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
    simulation().runFor(1s);
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
        SimulatedCache cache(future.host({QHostAddress(u"192.0.2.9"_s)}));
        QVERIFY(cache.open(path()));
        for (const int i : {1, 2, 3})
            put(cache, i);
        QVERIFY(cache.remove(idOf(2)));
    }
    const auto cache = opened();
    QCOMPARE(idsIn(*cache), ids({3, 1}));
    const QDateTime now = QDateTime::fromSecsSinceEpoch(host()->wallClock(), Qt::UTC);
    for (const auto &entry : cache->entries())
        QVERIFY(entry.lastConnected <= now);
    // They are no more immortal than others.
    for (int i = 10; i < 210; ++i)
        put(*cache, i);
    QVERIFY(!cache->entry(idOf(3)));
    QVERIFY(cache->save());
    QCOMPARE(idsIn(*cache).first(), idOf(209));
}

QTEST_GUILESS_MAIN(tst_BootstrapCache)
#include "tst_bootstrapcache.moc"
