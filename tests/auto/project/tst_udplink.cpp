// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The link that tests/benchmarks/compare puts between two programs, in virtual time.

#include <benchmarks/udplink/linkmodel.h>

#include <QTest>

#include <algorithm>
#include <set>

using namespace UdpLink;
using namespace std::chrono_literals;

namespace {

constexpr uint64_t Size = 1222; // 1,250 bytes with its headers: 10 us at 1 Gbit/s
constexpr uint64_t Gigabit = 125'000'000;

LinkSettings fastLink()
{
    LinkSettings settings;
    settings.bytesPerSecond = Gigabit;
    settings.delay = 10ms;
    settings.queueBytes = 1'000'000;
    return settings;
}

//! Which of \a count datagrams are lost, one each \a pause.
std::set<int> lostOf(LinkModel link, int count, nanoseconds pause)
{
    std::set<int> lost;
    for (int i = 0; i < count; ++i) {
        if (!link.send(Size, i * pause))
            lost.insert(i);
    }
    return lost;
}

} // namespace

class tst_UdpLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void datagramsArriveAtTheRateAndAfterTheDelay();
    void anIdleLinkAddsOnlyTheDelay();
    void theOrderIsKept();
    void whatDoesNotFitIntoTheQueueIsDropped();
    void theQueueEmptiesAtTheRate();
    void theTimeInTheQueueIsCounted();
    void tooLargeDatagramsAreDropped();
    void theSameSeedLosesTheSameDatagramsAtAnyRate();
    void anotherSeedLosesOthers();
    void theFractionOfLossesHolds();
    void lossesComeInBurstsOfTheirLength();
};

void tst_UdpLink::datagramsArriveAtTheRateAndAfterTheDelay()
{
    LinkModel link(fastLink(), 1);
    for (int i = 1; i <= 100; ++i)
        QCOMPARE(link.send(Size, 0ns).value_or(0ns).count(), nanoseconds(10ms + i * 10us).count());
}

void tst_UdpLink::anIdleLinkAddsOnlyTheDelay()
{
    LinkModel link(fastLink(), 1);
    QVERIFY(link.send(Size, 0ns));
    QCOMPARE(link.send(Size, 1s).value_or(0ns).count(), nanoseconds(1s + 10us + 10ms).count());
}

void tst_UdpLink::theOrderIsKept()
{
    LinkSettings settings = fastLink();
    settings.loss = 0.1;
    LinkModel link(settings, 1);
    nanoseconds last = 0ns;
    for (int i = 0; i < 10'000; ++i) {
        // Of changing sizes, in changing intervals; a small one must not overtake a large one.
        const std::optional<nanoseconds> arrival = link.send(uint64_t(1 + i * 37 % 1400),
                                                             i * i % 7 * 1us + i * 9us);
        if (arrival) {
            QVERIFY2(*arrival > last, qPrintable(QString::number(i)));
            last = *arrival;
        }
    }
    QVERIFY(link.counters().delivered > 8'000);
}

void tst_UdpLink::whatDoesNotFitIntoTheQueueIsDropped()
{
    LinkSettings settings = fastLink();
    settings.queueBytes = 12'500; // ten
    LinkModel link(settings, 1);
    for (int i = 0; i < 10; ++i)
        QVERIFY(link.send(Size, 0ns));
    QVERIFY(!link.send(1, 0ns));
    QCOMPARE(link.counters().queueFull, 1u);
    QCOMPARE(link.counters().delivered, 10u);
}

void tst_UdpLink::theQueueEmptiesAtTheRate()
{
    LinkSettings settings = fastLink();
    settings.queueBytes = 12'500;
    LinkModel link(settings, 1);
    for (int i = 0; i < 10; ++i)
        QVERIFY(link.send(Size, 0ns));
    QVERIFY(!link.send(Size, 10us - 1ns));
    QVERIFY(link.send(Size, 10us));
    QVERIFY(!link.send(Size, 10us));
    QVERIFY(link.send(Size, 20us));
}

void tst_UdpLink::theTimeInTheQueueIsCounted()
{
    LinkSettings settings = fastLink();
    settings.queueBytes = 12'500; // ten
    LinkModel link(settings, 1);
    for (int i = 0; i < 20; ++i)
        link.send(Size, 0ns);
    QCOMPARE(link.counters().queued.count(), nanoseconds(45 * 10us).count()); // 0 to 9 times 10 us
    QVERIFY(link.send(Size, 95us)); // half of the last one is still there
    QCOMPARE(link.counters().queued.count(), nanoseconds(455us).count());
}

void tst_UdpLink::tooLargeDatagramsAreDropped()
{
    LinkModel link(fastLink(), 1);
    QVERIFY(link.send(1472, 0ns));
    QVERIFY(!link.send(1473, 0ns));
    QCOMPARE(link.counters().tooLarge, 1u);
    // It has taken no time of the bottleneck.
    const nanoseconds first((1472 + 28) * 8);
    QCOMPARE(link.send(Size, 0ns).value_or(0ns).count(), nanoseconds(first + 10us + 10ms).count());
}

void tst_UdpLink::theSameSeedLosesTheSameDatagramsAtAnyRate()
{
    LinkSettings settings = fastLink();
    settings.loss = 0.01;
    settings.burstStarts = 0.001;
    settings.burstEnds = 0.2;
    LinkSettings slow = settings;
    slow.bytesPerSecond /= 50;
    const std::set<int> lost = lostOf(LinkModel(settings, 7), 10'000, 10us);
    QVERIFY(lost.size() > 50);
    QVERIFY(lost == lostOf(LinkModel(settings, 7), 10'000, 10us));
    QVERIFY(lost == lostOf(LinkModel(slow, 7), 10'000, 1ms));
    // What the queue has no room for changes nothing for those that come after it.
    slow.queueBytes = 12'500;
    const std::set<int> dropped = lostOf(LinkModel(slow, 7), 10'000, 400us);
    QVERIFY(dropped.size() > lost.size() && dropped.size() < 5'000);
    QVERIFY(std::includes(dropped.begin(), dropped.end(), lost.begin(), lost.end()));
}

void tst_UdpLink::anotherSeedLosesOthers()
{
    LinkSettings settings = fastLink();
    settings.loss = 0.01;
    QVERIFY(lostOf(LinkModel(settings, 7), 10'000, 10us)
            != lostOf(LinkModel(settings, 8), 10'000, 10us));
}

void tst_UdpLink::theFractionOfLossesHolds()
{
    constexpr int count = 200'000;
    LinkSettings settings = fastLink();
    QCOMPARE(lostOf(LinkModel(settings, 1), count, 10us).size(), 0u);
    settings.loss = 0.01; // 2,000 of them, with a standard deviation of 45
    const auto lost = int(lostOf(LinkModel(settings, 1), count, 10us).size());
    QVERIFY2(lost > 1'800 && lost < 2'200, qPrintable(QString::number(lost)));
}

void tst_UdpLink::lossesComeInBurstsOfTheirLength()
{
    LinkSettings settings = fastLink();
    settings.burstStarts = 0.002;
    settings.burstEnds = 0.1; // ten in a row on average
    const std::set<int> lost = lostOf(LinkModel(settings, 1), 200'000, 10us);
    int bursts = 0;
    for (const int index : lost)
        bursts += lost.count(index - 1) == 0 ? 1 : 0;
    QVERIFY2(bursts > 300 && bursts < 500, qPrintable(QString::number(bursts)));
    const double length = double(lost.size()) / bursts;
    QVERIFY2(length > 8.5 && length < 11.5, qPrintable(QString::number(length)));
}

QTEST_GUILESS_MAIN(tst_UdpLink)
#include "tst_udplink.moc"
