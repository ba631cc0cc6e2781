// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Forwarded datagrams leave in as few runs as their order allows, unchanged, and without memory for each.

#include "legscene.h"

#include <qp2pcore/nat/legrun.h>

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qp2p::Nat;

namespace {
std::atomic<quint64> allocations{0};
}

// Counted for datagramsAllocateNothing().
void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept
{
    std::free(memory);
}
void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

class tst_LegRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalNeighboursLeaveTogether();
    void runsEndWhereTheyMust_data();
    void runsEndWhereTheyMust();
    void runsAreNoLongerThanASystemCallTakes_data();
    void runsAreNoLongerThanASystemCallTakes();
    void largestDatagramLeavesAlone();
    void bytesArriveUnchangedInOrder();
    void datagramsAllocateNothing();
};

namespace {

struct Run
{
    QByteArray data;
    size_t segmentSize;
    Way way;
    quint8 ecn;
};

struct Sent
{
    QList<Run> runs;
    Engine::DatagramSink sink = [this](const quint8 *data, size_t size, size_t segmentSize,
                                       const Way &way, quint8 ecn) {
        runs.append({QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)), segmentSize,
                     way, ecn});
        return true;
    };
    QList<qsizetype> sizes() const
    {
        QList<qsizetype> all;
        for (const Run &run : runs)
            all.append(run.data.size());
        return all;
    }
};

ForwardedDatagram forwarded(const QByteArray &payload, LegId id = 1, quint8 ecn = 0, int to = 2)
{
    return {quint64(to), member(to).way, ecn, {id, bytesOf(payload)}};
}

} // namespace

void tst_LegRun::equalNeighboursLeaveTogether()
{
    LegRun run;
    Sent sent;
    QVERIFY(run.isEmpty());
    run.flush(sent.sink);
    QVERIFY(sent.runs.isEmpty());
    const QByteArray payload(1191, 'p');
    for (int i = 0; i < 10; ++i)
        run.add(forwarded(payload, 7, 2), sent.sink);
    QVERIFY(!run.isEmpty() && sent.runs.isEmpty());
    run.flush(sent.sink);
    QVERIFY(run.isEmpty());
    QCOMPARE(sent.runs.size(), 1);
    QCOMPARE(sent.runs.first().segmentSize, size_t(1200));
    QCOMPARE(sent.runs.first().ecn, quint8(2));
    QCOMPARE(sent.runs.first().way, member(2).way);
    QByteArray expected;
    for (int i = 0; i < 10; ++i)
        expected += legDatagram(7, payload);
    QCOMPARE(sent.runs.first().data, expected);
    run.flush(sent.sink);
    QCOMPARE(sent.runs.size(), 1);
}

void tst_LegRun::runsEndWhereTheyMust_data()
{
    // Each datagram: payload, leg, ECN, link
    QTest::addColumn<QList<QList<int>>>("datagrams");
    QTest::addColumn<QList<qsizetype>>("runs"); // bytes
    using List = QList<QList<int>>;
    using Sizes = QList<qsizetype>;
    QTest::newRow("equal") << List{{91, 1, 0, 2}, {91, 1, 0, 2}} << Sizes{200};
    QTest::newRow("a shorter one is the last")
        << List{{91, 1, 0, 2}, {41, 1, 0, 2}, {41, 1, 0, 2}} << Sizes{150, 50};
    QTest::newRow("a longer one begins another")
        << List{{41, 1, 0, 2}, {91, 1, 0, 2}, {91, 1, 0, 2}} << Sizes{50, 200};
    QTest::newRow("equal again after a shorter one")
        << List{{91, 1, 0, 2}, {41, 1, 0, 2}, {91, 1, 0, 2}} << Sizes{150, 100};
    QTest::newRow("two shorter ones, together as long")
        << List{{91, 1, 0, 2}, {41, 1, 0, 2}, {41, 1, 0, 2}, {91, 1, 0, 2}} << Sizes{150, 50, 100};
    QTest::newRow("another leg") << List{{91, 1, 0, 2}, {91, 3, 0, 2}} << Sizes{100, 100};
    QTest::newRow("another ECN mark") << List{{91, 1, 2, 2}, {91, 1, 3, 2}} << Sizes{100, 100};
    QTest::newRow("another address") << List{{91, 1, 0, 2}, {91, 1, 0, 3}} << Sizes{100, 100};
    QTest::newRow("in turn") << List{{91, 1, 0, 2}, {91, 3, 0, 3}, {91, 1, 0, 2}}
                             << Sizes{100, 100, 100};
}

void tst_LegRun::runsEndWhereTheyMust()
{
    using List = QList<QList<int>>;
    QFETCH(const List, datagrams);
    QFETCH(const QList<qsizetype>, runs);
    LegRun run;
    Sent sent;
    for (const QList<int> &one : datagrams)
        run.add(
            forwarded(QByteArray(one.at(0), 'p'), LegId(one.at(1)), quint8(one.at(2)), one.at(3)),
            sent.sink);
    run.flush(sent.sink);
    QCOMPARE(sent.sizes(), runs);
}

void tst_LegRun::runsAreNoLongerThanASystemCallTakes_data()
{
    QTest::addColumn<int>("maxDatagrams");
    QTest::addColumn<int>("size");
    QTest::addColumn<QList<qsizetype>>("runs"); // datagrams in each, of 100
    QTest::newRow("64 small ones") << 64 << 100 << QList<qsizetype>{64, 36};
    QTest::newRow("65,487 bytes") << 64 << 1452 << QList<qsizetype>{45, 45, 10};
    QTest::newRow("a channel that takes 40") << 40 << 100 << QList<qsizetype>{40, 40, 20};
    QTest::newRow("a channel that takes one") << 1 << 100 << QList<qsizetype>(100, 1);
    QTest::newRow("a channel that takes more") << 1000 << 100 << QList<qsizetype>{64, 36};
    QTest::newRow("a channel that takes none") << 0 << 100 << QList<qsizetype>(100, 1);
}

void tst_LegRun::runsAreNoLongerThanASystemCallTakes()
{
    QFETCH(const int, maxDatagrams);
    QFETCH(const int, size);
    QFETCH(const QList<qsizetype>, runs);
    LegRun run{size_t(maxDatagrams)};
    Sent sent;
    const QByteArray payload(size - 9, 'p');
    for (int i = 0; i < 100; ++i)
        run.add(forwarded(payload), sent.sink);
    run.flush(sent.sink);
    QList<qsizetype> found;
    for (const Run &one : sent.runs)
        found.append(one.data.size() / size);
    QCOMPARE(found, runs);
}

void tst_LegRun::largestDatagramLeavesAlone()
{
    LegRun run;
    Sent sent;
    const QByteArray largest(65'498, 'p');
    run.add(forwarded("small"), sent.sink);
    run.add(forwarded(largest), sent.sink);
    run.add(forwarded(largest), sent.sink);
    run.add(forwarded("x"), sent.sink);
    run.flush(sent.sink);
    QCOMPARE(sent.sizes(), (QList<qsizetype>{14, 65'507, 65'507, 10}));
    QCOMPARE(sent.runs.at(1).data, legDatagram(1, largest));
    // What forward() never makes: nothing leaves, and nothing is overwritten.
    run.add(forwarded(QByteArray(65'507, 'p')), sent.sink);
    run.add(forwarded(QByteArray()), sent.sink);
    run.flush(sent.sink);
    QCOMPARE(sent.runs.size(), 4);
}

//! A thousand of random sizes between five pairs, as GRO hands them over: some in a row, some in turn.
void tst_LegRun::bytesArriveUnchangedInOrder()
{
    SeededRandom random(3);
    LegRun run;
    Sent sent;
    QHash<LegId, QByteArrayList> expected;
    LegId id = 1;
    int size = 100;
    for (int i = 0; i < 1000; ++i) {
        if (random.below(4) == 0)
            id = 1 + random.below(5);
        if (random.below(3) == 0)
            size = 1 + int(random.below(3) * 600);
        QByteArray payload = QByteArray::number(i).leftJustified(size, '.', true);
        run.add(forwarded(payload, id, 0, int(id)), sent.sink);
        expected[id].append(payload);
    }
    run.flush(sent.sink);
    QHash<LegId, QByteArrayList> found;
    for (const Run &one : sent.runs) {
        for (qsizetype at = 0; at < one.data.size(); at += qsizetype(one.segmentSize)) {
            const QByteArray datagram = one.data.mid(at, qsizetype(one.segmentSize));
            const auto parsed = LegDatagram::parse(bytesOf(datagram));
            QVERIFY(parsed);
            QCOMPARE(one.way, member(int(parsed->id)).way);
            found[parsed->id].append(datagram.mid(9));
        }
    }
    QCOMPARE(found, expected);
    QVERIFY2(sent.runs.size() < 700, qPrintable(QString::number(sent.runs.size())));
}

void tst_LegRun::datagramsAllocateNothing()
{
    LegForwarder relay(seededSource(), {1024 * 1024, 1024 * 1024}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    const QByteArray datagram = legDatagram(leg.caller, QByteArray(1200, 'x'));
    const QByteArray forged = legDatagram(leg.caller + 1, "x");
    const Way source = member(1).way;
    LegRun run;
    quint64 bytes = 0;
    const Engine::DatagramSink sink = [&bytes](const quint8 *, size_t size, size_t, const Way &,
                                               quint8) {
        bytes += size;
        return true;
    };
    run.add(*relay.forward(bytesOf(datagram), source, 0, 1s), sink); // the buffer
    const quint64 before = allocations;
    for (int i = 1; i < 1000; ++i) {
        const auto forwarded = relay.forward(bytesOf(datagram), source, 0, 1s + i * 2ms);
        QVERIFY(forwarded);
        run.add(*forwarded, sink);
        QVERIFY(!relay.forward(bytesOf(forged), source, 0, 1s + i * 2ms));
    }
    run.flush(sink);
    QCOMPARE(allocations - before, 0u);
    QCOMPARE(bytes, 1000u * 1209u);
    relay.open(member(1), member(3), 3s);
    QVERIFY(allocations > before); // they are counted
}

QTEST_APPLESS_MAIN(tst_LegRun)
#include "tst_legrun.moc"
