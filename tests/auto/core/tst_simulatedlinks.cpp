// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Simulated links: latency, bandwidth, loss, corruption, order, outages, and who observes or forges datagrams.

#include "simulatedprogram.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Io::SendStatus;

namespace {

// The lengths of the runs of missing numbers.
QList<int> lossBursts(const Program &program)
{
    QList<int> bursts;
    int expected = 0;
    for (const Program::Received &one : program.received) {
        const int number = one.data.trimmed().toInt();
        if (number > expected)
            bursts.append(number - expected);
        expected = number + 1;
    }
    return bursts;
}

} // namespace

class tst_SimulatedLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Links
    void datagramArrivesAfterExactlyTheLatency();
    void directionsAreIndependent();
    void jitterSpreadsArrivalsAndKeepsTheirOrder();
    void bandwidthSpacesArrivals();
    void fullQueueLosesTheLast();
    void lossHasItsRate();
    void lossBurstsHaveTheirMeanLength();
    void lossBurstsEndAtTheirLimit();
    void corruptionChangesContent();
    void duplicatesArriveTwice();
    void lateDatagramsAreOvertaken();
    void datagramsAboveTheMtuVanish();
    void blackholeSwallowsUntilItHeals();
    void dropListLosesExactlyThose();
    void ladderGoesDown();

    // NAT and forgers
    void observerSeesChangesAndDrops();
    void forgedDatagramsArrive();
};

void tst_SimulatedLinks::datagramArrivesAfterExactlyTheLatency()
{
    Pair pair(perfect());
    const quint64 start = pair.simulation.now();
    QCOMPARE(start, 1'000'000'000u);
    QCOMPARE(pair.alice.send(pair.toBob, "hello").status, SendStatus::Sent);
    pair.simulation.runFor(10ms - 1ns);
    QCOMPARE(pair.bob.received.size(), 0);
    pair.simulation.runFor(1ns);
    QCOMPARE(pair.bob.received.size(), 1);
    const Program::Received expected{start + 10'000'000, "hello", pair.toAlice, pair.toBob, 0};
    QCOMPARE(pair.bob.received.constFirst(), expected);
}

void tst_SimulatedLinks::directionsAreIndependent()
{
    Pair pair(perfect());
    LinkProfile back;
    back.latency = 3ms;
    pair.simulation.setLink(pair.bobHost, pair.aliceHost, back);
    pair.alice.send(pair.toBob, "there");
    pair.bob.send(pair.toAlice, "back");
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.constFirst().time, 1'010'000'000u);
    QCOMPARE(pair.alice.received.constFirst().time, 1'003'000'000u);
}

void tst_SimulatedLinks::jitterSpreadsArrivalsAndKeepsTheirOrder()
{
    LinkProfile profile = perfect();
    profile.jitter = 4ms;
    Pair pair(profile);
    QList<quint64> sendTimes;
    pair.simulation.onDatagram = [&](Wire &) {
        sendTimes.append(pair.simulation.now());
        return WireAction::Deliver;
    };
    pair.sendMany(500, 20ms);
    QCOMPARE(pair.bob.received.size(), 500);
    quint64 shortest = UINT64_MAX;
    quint64 longest = 0;
    for (qsizetype i = 0; i < 500; ++i) {
        const quint64 delay = pair.bob.received.at(i).time - sendTimes.at(i);
        shortest = std::min(shortest, delay);
        longest = std::max(longest, delay);
    }
    QVERIFY(shortest >= 6'000'000 && shortest < 6'500'000);
    QVERIFY(longest <= 14'000'000 && longest > 13'500'000);

    pair.bob.received.clear();
    pair.sendMany(500, 100us);
    pair.simulation.runFor(1s);
    for (qsizetype i = 0; i < 500; ++i)
        QCOMPARE(pair.bob.received.at(i).data.trimmed().toInt(), i);
}

void tst_SimulatedLinks::bandwidthSpacesArrivals()
{
    LinkProfile profile = perfect();
    profile.bytesPerSecond = 100'000; // 1000 bytes take 10 ms
    Pair pair(profile);
    pair.sendMany(5, 0ns, 1000);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 5);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(pair.bob.received.at(i).time, 1'000'000'000u + 10'000'000u * quint64(i + 2));
}

void tst_SimulatedLinks::fullQueueLosesTheLast()
{
    LinkProfile profile = perfect();
    profile.bytesPerSecond = 100'000;
    profile.queueLimit = 3;
    Pair pair(profile);
    pair.sendMany(10, 0ns, 1000);
    pair.simulation.runFor(10ms); // one has left the queue
    pair.alice.send(pair.toBob, "late");
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 4);
    QCOMPARE(pair.bob.received.at(2).data.trimmed(), QByteArray("2"));
    QCOMPARE(pair.bob.received.at(3).data, QByteArray("late"));
    QCOMPARE(pair.counters().queueFull, 7u);
}

void tst_SimulatedLinks::lossHasItsRate()
{
    LinkProfile profile = perfect();
    profile.loss = 0.2;
    Pair pair(profile);
    pair.sendMany(20'000);
    pair.simulation.runFor(1s);
    const LinkCounters counters = pair.counters();
    QCOMPARE(counters.sent, 20'000u);
    QCOMPARE(counters.lost + counters.delivered, 20'000u);
    QCOMPARE(pair.bob.received.size(), qsizetype(counters.delivered));
    // Five standard deviations are 283
    QVERIFY2(counters.lost > 3700 && counters.lost < 4300,
             qPrintable(QString::number(counters.lost)));
}

void tst_SimulatedLinks::lossBurstsHaveTheirMeanLength()
{
    LinkProfile profile = perfect();
    profile.loss = 0.05;
    profile.meanLossBurst = 6;
    Pair pair(profile);
    pair.sendMany(200'000, 0ns, 10);
    pair.simulation.runFor(1s);
    const QList<int> bursts = lossBursts(pair.bob);
    const double lost = double(pair.counters().lost);
    const double mean = lost / double(bursts.size());
    QVERIFY2(lost > 8500 && lost < 11'500, qPrintable(QString::number(lost)));
    QVERIFY2(mean > 5.4 && mean < 6.6, qPrintable(QString::number(mean)));
}

void tst_SimulatedLinks::lossBurstsEndAtTheirLimit()
{
    LinkProfile profile = perfect();
    profile.loss = 0.3;
    profile.maxLossBurst = 3;
    Pair pair(profile);
    pair.sendMany(50'000, 0ns, 10);
    pair.simulation.runFor(1s);
    const QList<int> bursts = lossBursts(pair.bob);
    QCOMPARE(*std::max_element(bursts.cbegin(), bursts.cend()), 3);
    QVERIFY(bursts.count(1) > bursts.count(2) && bursts.count(2) > bursts.count(3));
    QVERIFY(pair.counters().lost > 13'500);
}

void tst_SimulatedLinks::corruptionChangesContent()
{
    LinkProfile profile = perfect();
    profile.corruption = 0.5;
    Pair pair(profile);
    const QByteArray sent(200, 'x');
    for (int i = 0; i < 2000; ++i)
        pair.alice.send(pair.toBob, sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 2000);
    quint64 changed = 0;
    for (const Program::Received &one : pair.bob.received) {
        QCOMPARE(one.data.size(), 200);
        const auto different = 200 - one.data.count('x');
        QVERIFY(different <= 4);
        changed += different > 0;
    }
    // Two changes of one byte may undo each other, but hardly ever do.
    QVERIFY(changed <= pair.counters().corrupted && changed + 5 > pair.counters().corrupted);
    QVERIFY(changed > 850 && changed < 1150);
}

void tst_SimulatedLinks::duplicatesArriveTwice()
{
    LinkProfile profile = perfect();
    profile.duplication = 0.25;
    Pair pair(profile);
    pair.sendMany(2000);
    pair.simulation.runFor(1s);
    const QByteArrayList data = pair.bob.receivedData();
    QCOMPARE(std::set<QByteArray>(data.cbegin(), data.cend()).size(), 2000u);
    QCOMPARE(quint64(data.size()), 2000 + pair.counters().duplicated);
    QVERIFY(pair.counters().duplicated > 380 && pair.counters().duplicated < 620);
}

void tst_SimulatedLinks::lateDatagramsAreOvertaken()
{
    LinkProfile profile = perfect();
    profile.reorder = 0.1;
    profile.reorderDelay = 3ms;
    Pair pair(profile);
    pair.sendMany(1000, 1ms);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 1000);
    int overtaken = 0;
    for (qsizetype i = 1; i < 1000; ++i)
        overtaken += pair.bob.received.at(i).data.trimmed().toInt()
            < pair.bob.received.at(i - 1).data.trimmed().toInt();
    QVERIFY(overtaken > 50 && overtaken < 150);
    QVERIFY(pair.counters().reordered >= quint64(overtaken));
}

void tst_SimulatedLinks::datagramsAboveTheMtuVanish()
{
    LinkProfile profile = perfect();
    profile.mtu = 1200;
    Pair pair(profile);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(1201, 'x')).status, SendStatus::Sent);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(1200, 'x')).status, SendStatus::Sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 1);
    QCOMPARE(pair.bob.received.constFirst().data.size(), 1200);
    QCOMPARE(pair.counters().tooLarge, 1u);
}

void tst_SimulatedLinks::blackholeSwallowsUntilItHeals()
{
    Pair pair(perfect());
    // 5 ms on, 10 ms off, at their virtual times
    pair.simulation.after(5ms, [&] { pair.simulation.blackhole(pair.aliceHost, pair.bobHost); });
    pair.simulation.after(15ms, [&] { pair.simulation.heal(pair.aliceHost, pair.bobHost); });
    pair.sendMany(20, 1ms);
    pair.bob.send(pair.toAlice, "the other way is open");
    pair.simulation.runFor(1s);
    QList<int> numbers;
    for (const QByteArray &data : pair.bob.receivedData())
        numbers.append(data.trimmed().toInt());
    // Number 5 leaves in the same instant, but after the blackhole began; 15 likewise.
    QCOMPARE(numbers, (QList<int>{0, 1, 2, 3, 4, 15, 16, 17, 18, 19}));
    QCOMPARE(pair.counters().blackholed, 10u);
    QCOMPARE(pair.alice.received.size(), 1);
}

void tst_SimulatedLinks::dropListLosesExactlyThose()
{
    Pair pair(perfect());
    pair.sendMany(1);
    pair.simulation.dropDatagrams(pair.aliceHost, pair.bobHost, {0, 2, 3});
    pair.sendMany(6);
    pair.simulation.runFor(1s);
    QList<int> numbers;
    for (const QByteArray &data : pair.bob.receivedData())
        numbers.append(data.trimmed().toInt());
    QCOMPARE(numbers, (QList<int>{0, 1, 4, 5}));
    QCOMPARE(pair.counters().onDropList, 3u);
}

void tst_SimulatedLinks::ladderGoesDown()
{
    const QList<NamedLinkProfile> ladder = degradationLadder();
    QCOMPARE(ladder.size(), 9);
    for (const NamedLinkProfile &rung : ladder) {
        QVERIFY(rung.profile.latency > rung.profile.jitter);
        QVERIFY(rung.profile.queueLimit >= 16);
        Pair pair(rung.profile);
        pair.sendMany(100, 100ms);
        pair.simulation.runFor(5s);
        QVERIFY2(pair.bob.received.size() > 30, qPrintable(rung.name));
    }
    QCOMPARE(ladder.constFirst().timeout, 20s);
    QCOMPARE(ladder.constLast().profile.bytesPerSecond, 32'000u);
}

void tst_SimulatedLinks::observerSeesChangesAndDrops()
{
    Pair pair(perfect());
    QByteArrayList seen;
    qint64 bytesToBob = 0;
    pair.simulation.onDatagram = [&](Wire &wire) {
        seen.append(wire.data);
        if (wire.to == pair.toBob)
            bytesToBob += wire.data.size();
        if (wire.data == "drop")
            return WireAction::Drop;
        if (wire.data == "change")
            wire.data = "changed";
        if (wire.data == "redirect")
            wire.to = pair.toAlice;
        return WireAction::Deliver;
    };
    for (const char *data : {"keep", "drop", "change", "redirect"})
        pair.alice.send(pair.toBob, data);
    pair.bob.send(pair.toAlice, "back");
    pair.simulation.runFor(1s);
    QCOMPARE(seen, (QByteArrayList{"keep", "drop", "change", "redirect", "back"}));
    QCOMPARE(bytesToBob, 4 + 4 + 6 + 8);
    QCOMPARE(pair.bob.receivedData(), (QByteArrayList{"keep", "changed"}));
    QCOMPARE(pair.alice.receivedData(), (QByteArrayList{"redirect", "back"}));
    QCOMPARE(pair.simulation.counters().dropped, 1u);
    QCOMPARE(pair.counters().sent, 2u);
}

void tst_SimulatedLinks::forgedDatagramsArrive()
{
    Pair pair(perfect());
    int seen = 0;
    pair.simulation.onDatagram = [&](Wire &) {
        ++seen;
        return WireAction::Deliver;
    };
    for (int i = 0; i < 1000; ++i)
        pair.simulation.inject(at("203.0.113.5", quint16(i)), pair.toBob, "forged", 2);
    pair.simulation.runFor(0ns);
    QCOMPARE(pair.bob.received.size(), 1000);
    QCOMPARE(pair.bob.received.at(7).from, at("203.0.113.5", 7));
    QCOMPARE(pair.bob.received.at(7).ecn, 2);
    QCOMPARE(pair.bob.received.at(7).time, 1'000'000'000u);
    QCOMPARE(seen, 0);
    // The victim's answer is seen, and then gone
    pair.bob.send(pair.bob.received.constFirst().from, "answer");
    QCOMPARE(seen, 1);
    QCOMPARE(pair.simulation.counters().unroutable, 1u);
}

QTEST_GUILESS_MAIN(tst_SimulatedLinks)
#include "tst_simulatedlinks.moc"
