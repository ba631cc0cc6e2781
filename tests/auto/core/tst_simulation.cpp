// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The simulated world keeps its promises, so that what tests find in it is about the library.

#include <shared/simulatedhost.h>
#include <shared/simulation.h>

#include <QCoreApplication>
#include <QPointer>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <set>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Io::ReceiveStatus;
using Io::SendStatus;

namespace {

QHostAddress ip(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

SocketAddress at(const char *text, quint16 port)
{
    return Io::toSocketAddress(ip(text), port);
}

// A program with one channel that notes everything it gets.
class Program
{
public:
    struct Received
    {
        quint64 time;
        QByteArray data;
        SocketAddress from;
        SocketAddress to;
        quint8 ecn;
        friend bool operator==(const Received &, const Received &) = default;
    };

    explicit Program(Simulation::Host host, const QHostAddress &address = QHostAddress::Any,
                     quint16 port = 1000)
        : m_host(std::move(host))
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        channel = std::move(opened).value();
        channel->onReadable = [this] {
            ++calls;
            while (receive() == ReceiveStatus::BudgetSpent) {
            }
        };
    }

    ReceiveStatus receive(int maxDatagrams = 1000, size_t maxBytes = 1'000'000)
    {
        return channel->receive(
            maxDatagrams, maxBytes, [this](const Io::IncomingDatagram &datagram) {
                received.append({m_host->now(),
                                 QByteArray(reinterpret_cast<const char *>(datagram.data),
                                            qsizetype(datagram.size)),
                                 datagram.remote, datagram.local, datagram.ecn});
            });
    }

    Io::SendResult send(const SocketAddress &to, const QByteArray &data, size_t segmentSize = 0,
                        const SocketAddress &local = {}, quint8 ecn = 0)
    {
        Io::OutgoingDatagrams datagrams;
        datagrams.data = reinterpret_cast<const quint8 *>(data.constData());
        datagrams.size = size_t(data.size());
        datagrams.segmentSize = segmentSize > 0 ? segmentSize : datagrams.size;
        datagrams.remote = to;
        datagrams.local = local;
        datagrams.ecn = ecn;
        return channel->send(datagrams);
    }

    QByteArrayList receivedData() const
    {
        QByteArrayList data;
        for (const Received &one : received)
            data.append(one.data);
        return data;
    }

    std::unique_ptr<Io::DatagramChannel> channel;
    QList<Received> received;
    int calls = 0; // of onReadable

private:
    Simulation::Host m_host;
};

// Two hosts, a program on each, and a link from one to the other.
struct Pair
{
    explicit Pair(const LinkProfile &profile = {}, quint64 seed = 1)
        : simulation(seed)
        , aliceHost(simulation.host({ip("192.0.2.1")}))
        , bobHost(simulation.host({ip("192.0.2.2")}))
        , alice(aliceHost)
        , bob(bobHost)
    {
        simulation.setLink(aliceHost, bobHost, profile);
    }
    LinkCounters counters() const { return simulation.counters(aliceHost, bobHost); }
    // Numbered datagrams, one every \a interval
    void sendMany(int count, std::chrono::nanoseconds interval = 0ns, int size = 100)
    {
        for (int i = 0; i < count; ++i) {
            QByteArray data = QByteArray::number(i);
            data.append(QByteArray(std::max<qsizetype>(size - data.size(), 0), ' '));
            alice.send(toBob, data);
            if (interval > 0ns)
                simulation.runFor(interval);
        }
    }

    Simulation simulation;
    Simulation::Host aliceHost;
    Simulation::Host bobHost;
    Program alice;
    Program bob;
    const SocketAddress toAlice = at("192.0.2.1", 1000);
    const SocketAddress toBob = at("192.0.2.2", 1000);
};

LinkProfile perfect()
{
    LinkProfile profile;
    profile.latency = 10ms;
    return profile;
}

} // namespace

class tst_Simulation : public QObject
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

    // Channels
    void segmentsAreDatagramsOfTheirOwn();
    void emptyDatagramArrives();
    void ecnIsCarried();
    void datagramsOfOneInstantCauseOneCall();
    void receiveKeepsItsBudget();
    void fullReceiveBufferLosesDatagrams();
    void fullSendBufferBlocksAndCallsOnce();
    void localMtuRefuses();
    void unreachableIsALostPacket();
    void channelMayBeDestroyedInItsHandler();
    void closedPortSwallows();

    // Addresses
    void bindingTellsWhyItFails();
    void differentAddressesMayShareAPort();
    void freePortsAreEphemeral();
    void anyIsDualStackWhereThereIsIpv6();
    void sourceAddressIsTheWantedOne();
    void loopbackStaysOnTheHost();

    // NAT and forgers
    void natHidesAndRebinds();
    void natForgetsTheOldMapping();
    void natFilters_data();
    void natFilters();
    void observerSeesChangesAndDrops();
    void forgedDatagramsArrive();

    // Time
    void timersFireInOrderAtTheirTime();
    void timerMayBeArmedAgainDisarmedAndDestroyed();
    void timerOfThePastFiresSoonButNotInArm();
    void runUntilEndsAtTheConditionOrTheLimit();
    void qtEventsAreHandledBeforeTimePasses();
    void equalSeedsGiveEqualWorlds();
    void randomBytesAreSeeded();
    void environmentOutlivesTheSimulation();
    void hundredsOfHostsTalk();
};

void tst_Simulation::datagramArrivesAfterExactlyTheLatency()
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

void tst_Simulation::directionsAreIndependent()
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

void tst_Simulation::jitterSpreadsArrivalsAndKeepsTheirOrder()
{
    LinkProfile profile = perfect();
    profile.jitter = 4ms;
    Pair pair(profile);
    QList<quint64> sendTimes;
    pair.simulation.onDatagram = [&](Wire &) {
        sendTimes.append(pair.simulation.now());
        return Verdict::Deliver;
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

void tst_Simulation::bandwidthSpacesArrivals()
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

void tst_Simulation::fullQueueLosesTheLast()
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

void tst_Simulation::lossHasItsRate()
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

void tst_Simulation::lossBurstsHaveTheirMeanLength()
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

void tst_Simulation::lossBurstsEndAtTheirLimit()
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

void tst_Simulation::corruptionChangesContent()
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

void tst_Simulation::duplicatesArriveTwice()
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

void tst_Simulation::lateDatagramsAreOvertaken()
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

void tst_Simulation::datagramsAboveTheMtuVanish()
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

void tst_Simulation::blackholeSwallowsUntilItHeals()
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

void tst_Simulation::dropListLosesExactlyThose()
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

void tst_Simulation::ladderGoesDown()
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

void tst_Simulation::segmentsAreDatagramsOfTheirOwn()
{
    Pair pair(perfect());
    QCOMPARE(pair.alice.channel->maxSegments(), 64u);
    const QByteArray data = QByteArray(1000, 'a') + QByteArray(1000, 'b') + QByteArray(10, 'c');
    QCOMPARE(pair.alice.send(pair.toBob, data, 1000).status, SendStatus::Sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receivedData(),
             (QByteArrayList{QByteArray(1000, 'a'), QByteArray(1000, 'b'), QByteArray(10, 'c')}));
}

void tst_Simulation::emptyDatagramArrives()
{
    Pair pair(perfect());
    QCOMPARE(pair.alice.send(pair.toBob, {}).status, SendStatus::Sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receivedData(), QByteArrayList{QByteArray()});
}

void tst_Simulation::ecnIsCarried()
{
    Pair pair(perfect());
    for (quint8 ecn = 0; ecn < 4; ++ecn)
        pair.alice.send(pair.toBob, "x", 0, {}, ecn);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 4);
    for (quint8 ecn = 0; ecn < 4; ++ecn)
        QCOMPARE(pair.bob.received.at(ecn).ecn, ecn);
}

void tst_Simulation::datagramsOfOneInstantCauseOneCall()
{
    Pair pair(perfect());
    pair.sendMany(50);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 50);
    QCOMPARE(pair.bob.calls, 1);
}

void tst_Simulation::receiveKeepsItsBudget()
{
    Pair pair(perfect());
    pair.bob.channel->onReadable = {};
    pair.sendMany(5, 0ns, 100);
    pair.alice.send(pair.toBob, {});
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::BudgetSpent);
    QCOMPARE(pair.bob.received.size(), 2);
    QCOMPARE(pair.bob.receive(100, 101), ReceiveStatus::BudgetSpent);
    QCOMPARE(pair.bob.received.size(), 4);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::Drained);
    QCOMPARE(pair.bob.received.size(), 6);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::Drained);
}

void tst_Simulation::fullReceiveBufferLosesDatagrams()
{
    Pair pair(perfect());
    pair.simulation.setReceiveBuffer(pair.bobHost, 3);
    pair.sendMany(5);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 3);
    QCOMPARE(pair.simulation.counters().receiveBufferFull, 2u);
}

void tst_Simulation::fullSendBufferBlocksAndCallsOnce()
{
    Pair pair(perfect());
    pair.simulation.setSendBuffer(pair.aliceHost, 4, 1ms);
    int writable = 0;
    quint64 when = 0;
    pair.alice.channel->onWritable = [&] {
        ++writable;
        when = pair.simulation.now();
    };
    QCOMPARE(pair.alice.send(pair.toBob, "first").status, SendStatus::Sent);
    const Io::SendResult partly = pair.alice.send(pair.toBob, QByteArray(500, 'x'), 100);
    QCOMPARE(partly.status, SendStatus::PartlySent);
    QCOMPARE(partly.sentBytes, 300u);
    QCOMPARE(pair.alice.send(pair.toBob, "blocked").status, SendStatus::WouldBlock);
    QCOMPARE(writable, 0);
    pair.simulation.runFor(1s);
    QCOMPARE(writable, 1);
    QCOMPARE(when, 1'001'000'000u);
    QCOMPARE(pair.bob.received.size(), 4);
    QCOMPARE(pair.bob.received.constLast().time, 1'014'000'000u); // the fourth to leave
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(500, 'x'), 100).status, SendStatus::PartlySent);
    pair.simulation.runFor(1s);
    QCOMPARE(writable, 2);
}

void tst_Simulation::localMtuRefuses()
{
    Pair pair(perfect());
    pair.simulation.setLocalMtu(pair.aliceHost, 1300);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(1301, 'x')).status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(2602, 'x'), 1301).status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(2600, 'x'), 1300).status, SendStatus::Sent);
    pair.simulation.setLocalMtu(pair.aliceHost, 0);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(65'508, 'x')).status, SendStatus::Lost);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 2);
}

void tst_Simulation::unreachableIsALostPacket()
{
    Pair pair(perfect());
    // Another family, and a source that is not ours
    QCOMPARE(pair.alice.send(at("2001:db8::2", 1000), "x").status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, "x", 0, at("192.0.2.9", 0)).status, SendStatus::Lost);
    // Nobody has it: it leaves and that was it
    QCOMPARE(pair.alice.send(at("192.0.2.77", 1000), "x").status, SendStatus::Sent);
    QCOMPARE(pair.simulation.counters().unroutable, 1u);
}

void tst_Simulation::channelMayBeDestroyedInItsHandler()
{
    Pair pair(perfect());
    pair.bob.channel->onReadable = [&] { pair.bob.channel.reset(); };
    pair.alice.send(pair.toBob, "one");
    pair.simulation.runFor(5ms);
    pair.alice.send(pair.toBob, "two");
    pair.simulation.runFor(1s);
    QVERIFY(!pair.bob.channel);
    QCOMPARE(pair.simulation.counters().closedPort, 1u);

    pair.simulation.setSendBuffer(pair.aliceHost, 1, 1ms);
    pair.alice.channel->onWritable = [&] { pair.alice.channel.reset(); };
    pair.alice.send(pair.toBob, "three");
    QCOMPARE(pair.alice.send(pair.toBob, "four").status, SendStatus::WouldBlock);
    pair.simulation.runFor(1s);
    QVERIFY(!pair.alice.channel);
}

void tst_Simulation::closedPortSwallows()
{
    Pair pair(perfect());
    pair.alice.send(at("192.0.2.2", 1001), "x");
    pair.simulation.runFor(1s);
    QCOMPARE(pair.simulation.counters().closedPort, 1u);
    QCOMPARE(pair.alice.received.size(), 0);
}

void tst_Simulation::bindingTellsWhyItFails()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const auto errorOf = [&](const QHostAddress &address, quint16 port) {
        return host->openChannel(address, port).error().code;
    };
    QCOMPARE(errorOf(ip("192.0.2.2"), 1), ErrorCode::AddressNotAvailable);
    QCOMPARE(errorOf(QHostAddress::AnyIPv6, 1), ErrorCode::AddressNotAvailable);
    QCOMPARE(errorOf(QHostAddress(), 1), ErrorCode::AddressNotAvailable);

    const auto any = host->openChannel(QHostAddress::Any, 5000);
    QVERIFY(any.isOk());
    QCOMPARE(errorOf(QHostAddress::Any, 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(QHostAddress::AnyIPv4, 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(ip("192.0.2.1"), 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(QHostAddress::LocalHost, 5000), ErrorCode::AddressInUse);
    QVERIFY(host->openChannel(QHostAddress::Any, 5000).error().message.contains(u"5000"));
    QVERIFY(host->openChannel(QHostAddress::Any, 5001).isOk());
    QVERIFY(host->openChannel(QHostAddress::Any, 5001).isOk()); // the one before is closed again
}

void tst_Simulation::differentAddressesMayShareAPort()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1"), ip("192.0.2.2"), ip("2001:db8::1")});
    const auto one = host->openChannel(ip("192.0.2.1"), 5000);
    const auto two = host->openChannel(ip("192.0.2.2"), 5000);
    const auto three = host->openChannel(QHostAddress::AnyIPv6, 5000);
    QVERIFY(one.isOk() && two.isOk() && three.isOk());
    QCOMPARE(host->openChannel(QHostAddress::Any, 5000).error().code, ErrorCode::AddressInUse);
}

void tst_Simulation::freePortsAreEphemeral()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const auto fixed = host->openChannel(QHostAddress::Any, 49'153);
    const auto one = host->openChannel(QHostAddress::Any, 0);
    const auto two = host->openChannel(QHostAddress::Any, 0);
    QCOMPARE((*one)->localAddress().port(), 49'152);
    QCOMPARE((*two)->localAddress().port(), 49'154);
    QVERIFY((*one)->localAddress().isUnspecified());

    std::vector<std::unique_ptr<Io::DatagramChannel>> all;
    for (int i = 0; i < 65'536 - 49'152 - 3; ++i) {
        auto channel = host->openChannel(QHostAddress::Any, 0);
        QVERIFY(channel.isOk());
        all.push_back(std::move(channel).value());
    }
    QCOMPARE(host->openChannel(QHostAddress::Any, 0).error().code, ErrorCode::AddressInUse);
}

void tst_Simulation::anyIsDualStackWhereThereIsIpv6()
{
    Simulation simulation;
    Program dual(simulation.host({ip("192.0.2.1"), ip("2001:db8::1")}));
    Program ipv4(simulation.host({ip("192.0.2.2")}));
    Program ipv6(simulation.host({ip("2001:db8::2")}));
    QVERIFY(dual.channel->localAddress().isIpv6());
    QVERIFY(ipv4.channel->localAddress().isIpv4());
    ipv4.send(at("192.0.2.1", 1000), "4");
    ipv6.send(at("2001:db8::1", 1000), "6");
    simulation.runFor(1s);
    QCOMPARE(dual.received.size(), 2);
    QCOMPARE(dual.received.at(0).to, at("192.0.2.1", 1000));
    QCOMPARE(dual.received.at(1).to, at("2001:db8::1", 1000));
    for (const Program::Received &one : dual.received)
        dual.send(one.from, "answer");
    simulation.runFor(1s);
    QCOMPARE(ipv4.received.constFirst().from, at("192.0.2.1", 1000));
    QCOMPARE(ipv6.received.constFirst().from, at("2001:db8::1", 1000));
}

void tst_Simulation::sourceAddressIsTheWantedOne()
{
    Simulation simulation;
    Program sender(simulation.host({ip("192.0.2.1"), ip("192.0.2.3")}));
    Program receiver(simulation.host({ip("192.0.2.2")}));
    const SocketAddress to = at("192.0.2.2", 1000);
    sender.send(to, "the system's choice");
    sender.send(to, "unspecified", 0, at("0.0.0.0", 0));
    sender.send(to, "the second", 0, at("192.0.2.3", 0));
    simulation.runFor(1s);
    QCOMPARE(receiver.received.size(), 3);
    QCOMPARE(receiver.received.at(0).from, at("192.0.2.1", 1000));
    QCOMPARE(receiver.received.at(1).from, at("192.0.2.1", 1000));
    QCOMPARE(receiver.received.at(2).from, at("192.0.2.3", 1000));
}

void tst_Simulation::loopbackStaysOnTheHost()
{
    Simulation simulation;
    const auto one = simulation.host({ip("192.0.2.1")});
    const auto other = simulation.host({ip("192.0.2.2")});
    Program inside(one, QHostAddress::LocalHost, 1000);
    Program outside(other, QHostAddress::LocalHost, 1000);
    Program second(one, QHostAddress::Any, 1001);
    second.send(at("127.0.0.1", 1000), QByteArray(40'000, 'x'));
    second.send(at("192.0.2.1", 1001), "to myself");
    QCOMPARE(inside.send(at("192.0.2.2", 1000), "out").status, SendStatus::Lost);
    simulation.runFor(1s);
    QCOMPARE(inside.received.size(), 1);
    QCOMPARE(inside.received.constFirst().from, at("127.0.0.1", 1001));
    QCOMPARE(inside.received.constFirst().time, 1'000'010'000u);
    QCOMPARE(second.received.constFirst().from, at("192.0.2.1", 1001));
    QCOMPARE(outside.received.size(), 0);
}

void tst_Simulation::natHidesAndRebinds()
{
    Simulation simulation;
    const auto hidden = simulation.natHost({ip("10.0.0.2")},
                                           {ip("198.51.100.1"), ip("198.51.100.2")});
    Program inside(hidden);
    Program server(simulation.host({ip("192.0.2.1")}));
    const SocketAddress toServer = at("192.0.2.1", 1000);
    const SocketAddress local = at("10.0.0.2", 1000);
    QVERIFY(simulation.natMapping(hidden, local).isNull());

    const auto exchange = [&] {
        server.received.clear();
        inside.received.clear();
        inside.send(toServer, "ping");
        simulation.runFor(1s);
        const SocketAddress seen = server.received.constFirst().from;
        server.send(seen, "pong");
        simulation.runFor(1s);
        return inside.received.size() == 1 && inside.received.constFirst().to == local
                && inside.received.constFirst().from == toServer
            ? seen
            : SocketAddress();
    };
    const SocketAddress first = exchange();
    QCOMPARE(first, simulation.natMapping(hidden, local));
    QVERIFY(withoutPort(first) == at("198.51.100.1", 0));
    QVERIFY(first.port() != 1000);
    QCOMPARE(exchange(), first);

    simulation.rebindNat(hidden, NatRebinding::PortOnly);
    const SocketAddress second = exchange();
    QVERIFY(withoutPort(second) == at("198.51.100.1", 0));
    QVERIFY(second.port() != first.port());

    simulation.rebindNat(hidden, NatRebinding::AddressAndPort);
    const SocketAddress third = exchange();
    QVERIFY(withoutPort(third) == at("198.51.100.2", 0));
    QVERIFY(third.port() != second.port());
}

void tst_Simulation::natForgetsTheOldMapping()
{
    Simulation simulation;
    const auto hidden = simulation.natHost({ip("10.0.0.2")}, {ip("198.51.100.1")});
    // The same private address behind another NAT
    const auto twin = simulation.natHost({ip("10.0.0.2")}, {ip("198.51.100.3")});
    Program inside(hidden);
    Program other(twin);
    Program server(simulation.host({ip("192.0.2.1")}));
    inside.send(at("192.0.2.1", 1000), "ping");
    simulation.runFor(1s);
    simulation.rebindNat(hidden, NatRebinding::PortOnly);
    server.send(server.received.constFirst().from, "too late");
    server.send(at("10.0.0.2", 1000), "not routed");
    simulation.runFor(1s);
    QCOMPARE(inside.received.size(), 0);
    QCOMPARE(other.received.size(), 0);
    QCOMPARE(simulation.counters().natFiltered, 1u);
    QCOMPARE(simulation.counters().unroutable, 1u);
}

void tst_Simulation::natFilters_data()
{
    QTest::addColumn<NatFiltering>("filtering");
    QTest::addColumn<QByteArrayList>("letIn");
    QTest::newRow("endpoint-independent")
        << NatFiltering::EndpointIndependent << QByteArrayList{"same", "same host", "stranger"};
    QTest::newRow("address-dependent")
        << NatFiltering::AddressDependent << QByteArrayList{"same", "same host"};
    QTest::newRow("address and port-dependent")
        << NatFiltering::AddressAndPortDependent << QByteArrayList{"same"};
}

void tst_Simulation::natFilters()
{
    QFETCH(NatFiltering, filtering);
    QFETCH(QByteArrayList, letIn);
    Simulation simulation;
    const auto hidden = simulation.natHost({ip("10.0.0.2")}, {ip("198.51.100.1")}, filtering);
    const auto serverHost = simulation.host({ip("192.0.2.1")});
    Program inside(hidden);
    Program server(serverHost);
    Program secondSocket(serverHost, QHostAddress::Any, 1001);
    Program stranger(simulation.host({ip("192.0.2.2")}));
    inside.send(at("192.0.2.1", 1000), "open");
    simulation.runFor(1s);
    const SocketAddress mapped = server.received.constFirst().from;
    server.send(mapped, "same");
    secondSocket.send(mapped, "same host");
    stranger.send(mapped, "stranger");
    simulation.runFor(1s);
    QCOMPARE(inside.receivedData(), letIn);
}

void tst_Simulation::observerSeesChangesAndDrops()
{
    Pair pair(perfect());
    QByteArrayList seen;
    qint64 bytesToBob = 0;
    pair.simulation.onDatagram = [&](Wire &wire) {
        seen.append(wire.data);
        if (wire.to == pair.toBob)
            bytesToBob += wire.data.size();
        if (wire.data == "drop")
            return Verdict::Drop;
        if (wire.data == "change")
            wire.data = "changed";
        if (wire.data == "redirect")
            wire.to = pair.toAlice;
        return Verdict::Deliver;
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

void tst_Simulation::forgedDatagramsArrive()
{
    Pair pair(perfect());
    int seen = 0;
    pair.simulation.onDatagram = [&](Wire &) {
        ++seen;
        return Verdict::Deliver;
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

void tst_Simulation::timersFireInOrderAtTheirTime()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    QList<int> order;
    QList<quint64> times;
    std::vector<std::unique_ptr<Io::Timer>> timers;
    for (int i = 0; i < 6; ++i) {
        timers.push_back(host->makeTimer([&, i] {
            order.append(i);
            times.append(host->now());
        }));
    }
    const quint64 start = host->now();
    timers[0]->arm(start + 300);
    timers[1]->arm(start + 100);
    timers[2]->arm(start + 200);
    timers[3]->arm(start + 50);
    timers[4]->arm(start + 200);
    timers[5]->arm(UINT64_MAX); // never
    timers[3]->arm(start + 200); // later than before, and after its equals
    simulation.runFor(1s);
    QCOMPARE(order, (QList<int>{1, 2, 4, 3, 0}));
    QCOMPARE(times,
             (QList<quint64>{start + 100, start + 200, start + 200, start + 200, start + 300}));
}

void tst_Simulation::timerMayBeArmedAgainDisarmedAndDestroyed()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const quint64 start = host->now();
    QList<quint64> times;

    std::unique_ptr<Io::Timer> timer = host->makeTimer([&] {
        times.append(host->now() - start);
        if (times.size() < 3)
            timer->arm(host->now() + 10); // again, from its own handler
        else
            timer.reset();
    });
    timer->arm(start + 1000);
    timer->arm(start + 100); // earlier
    timer->disarm();
    simulation.runFor(150ns);
    QCOMPARE(times.size(), 0);
    timer->arm(start + 900);
    timer->arm(start + 800);
    timer->arm(start + 850); // the entry for 800 must not fire it
    simulation.runFor(1s);
    QCOMPARE(times, (QList<quint64>{850, 860, 870}));
    QVERIFY(!timer);

    // What is left of an earlier deadline does not fire a later one
    times.clear();
    const quint64 again = host->now();
    std::unique_ptr<Io::Timer> later = host->makeTimer([&] {
        times.append(host->now() - again);
        if (times.size() == 1)
            later->arm(again + 2000);
    });
    later->arm(again + 1000);
    later->arm(again + 100);
    simulation.runFor(1s);
    QCOMPARE(times, (QList<quint64>{100, 2000}));

    int fired = 0;
    auto doomed = host->makeTimer([&] { ++fired; });
    doomed->arm(host->now() + 10);
    doomed.reset();
    simulation.runFor(1s);
    QCOMPARE(fired, 0);
}

void tst_Simulation::timerOfThePastFiresSoonButNotInArm()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    int fired = 0;
    const auto timer = host->makeTimer([&] { ++fired; });
    timer->arm(0);
    QCOMPARE(fired, 0);
    simulation.runFor(0ns);
    QCOMPARE(fired, 1);
    QCOMPARE(simulation.now(), 1'000'000'000u);
}

void tst_Simulation::runUntilEndsAtTheConditionOrTheLimit()
{
    Simulation simulation;
    int happened = 0;
    simulation.after(3s, [&] { ++happened; });
    simulation.after(5s, [&] { ++happened; });
    QVERIFY(simulation.runUntil([&] { return happened == 1; }, 1h));
    QCOMPARE(simulation.now(), 4'000'000'000u);
    QVERIFY(!simulation.runUntil([&] { return happened == 2; }, 2s - 1ns));
    QCOMPARE(simulation.now(), 5'999'999'999u);
    QVERIFY(simulation.runUntil([&] { return happened == 2; }, 1ns));
    QVERIFY(!simulation.runUntil([] { return false; }, 24h)); // nothing left to happen
    QCOMPARE(simulation.now(), 6'000'000'000u + 86'400'000'000'000u);
    QVERIFY(simulation.runUntil([] { return true; }, 0s));
}

void tst_Simulation::qtEventsAreHandledBeforeTimePasses()
{
    Simulation simulation;
    QList<quint64> times;
    QObject context;
    QPointer<QObject> deleted = new QObject;
    QPointer<QObject> deletedByTheWorld = new QObject; // not inside an event of Qt
    const auto note = [&] { times.append(simulation.now()); };
    simulation.after(1ms, [&] {
        deletedByTheWorld->deleteLater();
        // Queued calls that queue calls, a deletion, and a QTimer of zero
        QMetaObject::invokeMethod(
            &context,
            [&] {
                note();
                QMetaObject::invokeMethod(&context, note, Qt::QueuedConnection);
                QTimer::singleShot(0, &context, note);
                connect(deleted, &QObject::destroyed, &context, note, Qt::QueuedConnection);
                deleted->deleteLater();
            },
            Qt::QueuedConnection);
    });
    bool next = false;
    simulation.after(1ms + 1ns, [&] { next = true; });
    QVERIFY(simulation.runUntil([&] { return next; }, 1s));
    QVERIFY(!deleted);
    QVERIFY(!deletedByTheWorld);
    QCOMPARE(times, QList<quint64>(4, 1'001'000'000u));
}

void tst_Simulation::equalSeedsGiveEqualWorlds()
{
    const auto trace = [](quint64 seed) {
        LinkProfile profile;
        profile.jitter = 3ms;
        profile.bytesPerSecond = 50'000;
        profile.queueLimit = 20;
        profile.loss = 0.1;
        profile.meanLossBurst = 3;
        profile.corruption = 0.1;
        profile.duplication = 0.1;
        profile.reorder = 0.1;
        Pair pair(profile, seed);
        // Echoes, so that what arrives decides what is sent
        pair.bob.channel->onReadable = [&] {
            const qsizetype before = pair.bob.received.size();
            pair.bob.receive();
            for (qsizetype i = before; i < pair.bob.received.size(); ++i)
                pair.bob.send(pair.toAlice, pair.bob.received.at(i).data);
        };
        pair.sendMany(300, 1ms);
        pair.simulation.runFor(10s);
        return pair.alice.received;
    };
    const QList<Program::Received> one = trace(42);
    QVERIFY(one.size() > 100);
    QCOMPARE(trace(42), one);
    QVERIFY(trace(43) != one);
}

void tst_Simulation::randomBytesAreSeeded()
{
    const auto bytes = [](quint64 seed, int host) {
        Simulation simulation(seed);
        const QList<Simulation::Host> hosts{simulation.host({ip("192.0.2.1")}),
                                            simulation.host({ip("192.0.2.2")})};
        std::array<quint8, 32> random = {};
        hosts.at(host)->random(random);
        return random;
    };
    QVERIFY(bytes(1, 0) == bytes(1, 0));
    QVERIFY(bytes(1, 0) != bytes(1, 1));
    QVERIFY(bytes(1, 0) != bytes(2, 0));
}

void tst_Simulation::environmentOutlivesTheSimulation()
{
    auto simulation = std::make_unique<Simulation>();
    simulation->onDatagram = [](Wire &) { return Verdict::Deliver; };
    const auto host = simulation->host({ip("192.0.2.1")});
    Program program(host);
    const auto timer = host->makeTimer([host] {});
    timer->arm(host->now() + 1000);
    simulation->after(1h, [host] {});
    simulation.reset();
    QCOMPARE(program.send(at("192.0.2.1", 1000), "x").status, SendStatus::Sent);
    QCOMPARE(host->now(), 1'000'000'000u);
    timer->arm(host->now() + 5);
}

void tst_Simulation::hundredsOfHostsTalk()
{
    constexpr int count = 400;
    Simulation simulation;
    std::vector<std::unique_ptr<Program>> programs;
    const auto addressOf = [](int number) { return QHostAddress(0x0a000000u + quint32(number)); };
    for (int i = 0; i < count; ++i)
        programs.push_back(std::make_unique<Program>(simulation.host({addressOf(i)})));
    // Everyone greets 100 others, and those answer
    for (const auto &program : programs) {
        program->channel->onReadable = [&program = *program] {
            const qsizetype before = program.received.size();
            program.receive();
            for (qsizetype i = before; i < program.received.size(); ++i) {
                if (program.received.at(i).data == "hello")
                    program.send(program.received.at(i).from, "you too");
            }
        };
    }
    for (int i = 0; i < count; ++i) {
        for (int other = 1; other <= 100; ++other)
            programs[size_t(i)]->send(Io::toSocketAddress(addressOf((i + other) % count), 1000),
                                      "hello");
    }
    simulation.runFor(1s);
    for (const auto &program : programs)
        QCOMPARE(program->received.size(), 200);
}

QTEST_GUILESS_MAIN(tst_Simulation)
#include "tst_simulation.moc"
