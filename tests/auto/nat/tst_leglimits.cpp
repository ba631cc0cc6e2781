// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A member that asks a relaying node for legs, or sends over them, finds every limit, and nothing grows.

#include "legscene.h"

#include <shared/engine/heap.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qp2p::Nat;

class tst_LegLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void legsAreLimitedInAll();
    void legsOfACallerAreLimited();
    void legsOfACalleeAreLimited();
    void callersOfAnAddressAreLimited_data();
    void callersOfAnAddressAreLimited();
    void memberCannotCallItself();
    void requestsOfACallerAreLimited();
    void requestsAreLimitedInAll();
    void refusedRequestsCount();
    void tenThousandRequestsGrowNothing();
    void rateOfALegIsKept();
    void bothDirectionsShareTheRate();
    void burstPassesAtAnyRate();
    void rateOfAllIsKept();
    void legOverItsRateCostsOthersNothing();
    void senderIsMarkedBeforeItIsDropped_data();
    void senderIsMarkedBeforeItIsDropped();
};

namespace {

//! Requests ten seconds apart, and legs that are in use all the time.
class Relay
{
public:
    explicit Relay(const LegForwarder::Rates &rates = {})
        : forwarder(seededSource(), rates, 0s)
    {
    }
    LegRefusal open(const LegEnd &caller, const LegEnd &callee)
    {
        m_now += 10s; // no limit of requests is reached
        const OpenedLeg leg = forwarder.open(caller, callee, m_now);
        ids.append(leg.caller);
        keepAlive();
        return leg.refusal;
    }
    LegRefusal open(int caller, int callee) { return open(member(caller), member(callee)); }

    LegForwarder::Time now() const { return m_now; }

    LegForwarder forwarder;
    QList<LegId> ids; // of callers

private:
    void keepAlive()
    {
        for (const LegId id : ids)
            forwarder.forward(bytesOf(legDatagram(id, "x")), member(1).way, 0, m_now);
    }
    LegForwarder::Time m_now{};
};

//! Bytes of \a count datagrams that were forwarded, one every \a interval from \a begin on.
quint64 send(LegForwarder &relay, LegId id, int count, LegForwarder::Time interval,
             LegForwarder::Time begin, int size = 1000)
{
    const QByteArray datagram = legDatagram(id, QByteArray(size - 9, 'x'));
    quint64 bytes = 0;
    for (int i = 0; i < count; ++i) {
        if (relay.forward(bytesOf(datagram), member(1).way, 0, begin + i * interval))
            bytes += quint64(size);
    }
    return bytes;
}

} // namespace

void tst_LegLimits::legsAreLimitedInAll()
{
    Relay relay;
    for (int i = 0; i < Limits::Legs; ++i)
        QCOMPARE(relay.open(1000 + i, 2000 + i), LegRefusal::None);
    QCOMPARE(relay.open(1, 2), LegRefusal::TooManyLegs);
    QCOMPARE(relay.forwarder.legCount(), 256);
    relay.forwarder.endLink(1000);
    QCOMPARE(relay.open(1, 2), LegRefusal::None);
}

void tst_LegLimits::legsOfACallerAreLimited()
{
    Relay relay;
    for (int i = 0; i < Limits::LegsOfCaller; ++i)
        QCOMPARE(relay.open(1, 100 + i), LegRefusal::None);
    QCOMPARE(relay.open(1, 50), LegRefusal::TooManyOfCaller);
    // Over another link it is the same member.
    LegEnd otherLink = member(1);
    otherLink.link = 77;
    QCOMPARE(relay.open(otherLink, member(50)), LegRefusal::TooManyOfCaller);
    QCOMPARE(relay.open(50, 1), LegRefusal::None); // as callee it has others
    relay.forwarder.endLink(100);
    QCOMPARE(relay.open(1, 50), LegRefusal::None);
}

void tst_LegLimits::legsOfACalleeAreLimited()
{
    Relay relay;
    for (int i = 0; i < Limits::LegsOfCallee; ++i)
        QCOMPARE(relay.open(100 + i, 1), LegRefusal::None);
    QCOMPARE(relay.open(50, 1), LegRefusal::TooManyOfCallee);
    QCOMPARE(relay.open(1, 50), LegRefusal::None);
    relay.forwarder.endLink(100);
    QCOMPARE(relay.open(51, 1), LegRefusal::None);
}

void tst_LegLimits::callersOfAnAddressAreLimited_data()
{
    QTest::addColumn<SocketAddress>("base");
    QTest::addColumn<int>(
        "byte"); // of the address, that differs between members; -1: the port alone
    QTest::addColumn<bool>("isLimited");
    const SocketAddress public4 = SocketAddress::fromIpv4({12, 1, 2, 3}, 100);
    const SocketAddress public6 = SocketAddress::fromIpv6({0x2a, 0, 1, 2, 3, 4, 5, 6}, 100);
    QTest::newRow("one public IPv4 address") << public4 << -1 << true;
    QTest::newRow("its neighbours") << public4 << 3 << false;
    QTest::newRow("one IPv6 /56") << public6 << 7 << true;
    QTest::newRow("one IPv6 /64") << public6 << 15 << true;
    QTest::newRow("IPv6 /56 beside each other") << public6 << 6 << false;
    QTest::newRow("a private network")
        << SocketAddress::fromIpv4({192, 168, 1, 2}, 100) << -1 << false;
    QTest::newRow("loopback") << SocketAddress::fromIpv4({127, 0, 0, 1}, 100) << -1 << false;
}

void tst_LegLimits::callersOfAnAddressAreLimited()
{
    QFETCH(const SocketAddress, base);
    QFETCH(const int, byte);
    QFETCH(const bool, isLimited);
    const auto caller = [&](int number) {
        std::array<quint8, 16> bytes{};
        std::copy_n(base.addressBytes(), base.addressSize(), bytes.begin());
        if (byte >= 0)
            bytes[size_t(byte)] = quint8(number);
        const auto port = quint16(1000 + number);
        return memberAt(
            number,
            base.isIpv4() ? SocketAddress::fromIpv4({bytes[0], bytes[1], bytes[2], bytes[3]}, port)
                          : SocketAddress::fromIpv6(bytes, port));
    };
    Relay relay;
    for (int i = 1; i <= Limits::CallersOfAddress; ++i)
        QCOMPARE(relay.open(caller(i), member(100 + i)), LegRefusal::None);
    QCOMPARE(relay.open(caller(9), member(200)),
             isLimited ? LegRefusal::TooManyOfAddress : LegRefusal::None);
    QCOMPARE(relay.open(caller(1), member(200)), LegRefusal::None); // it is one of the eight
    QCOMPARE(relay.open(member(300), caller(9)), LegRefusal::None); // callees don't count
    relay.forwarder.endLink(1);
    QCOMPARE(relay.open(caller(10), member(200)), LegRefusal::None); // a place is free
    // Who moves there counts from then on.
    relay.forwarder.endLink(2);
    QCOMPARE(relay.open(member(400), member(200)), LegRefusal::None);
    relay.forwarder.setWay(400, caller(11).way);
    QCOMPARE(relay.open(caller(12), member(200)),
             isLimited ? LegRefusal::TooManyOfAddress : LegRefusal::None);
}

void tst_LegLimits::memberCannotCallItself()
{
    Relay relay;
    LegEnd otherLink = member(1);
    otherLink.link = 77;
    QCOMPARE(relay.open(member(1), otherLink), LegRefusal::SameMember);
    QCOMPARE(relay.forwarder.legCount(), 0);
}

void tst_LegLimits::requestsOfACallerAreLimited()
{
    LegForwarder relay(seededSource(), {}, 0s);
    for (int i = 0; i < Limits::LegRequestsOfCaller; ++i)
        QCOMPARE(relay.open(member(1), member(100 + i), i * 1s).refusal, LegRefusal::None);
    QCOMPARE(relay.open(member(1), member(50), 59s).refusal, LegRefusal::TooManyRequests);
    QCOMPARE(relay.open(member(2), member(50), 59s).refusal, LegRefusal::None);
    QCOMPARE(relay.open(member(1), member(50), 60s).refusal, LegRefusal::None); // one a minute old
    QCOMPARE(relay.open(member(1), member(51), 60s).refusal, LegRefusal::TooManyRequests);
    QCOMPARE(relay.open(member(1), member(51), 61s).refusal, LegRefusal::None);
}

void tst_LegLimits::requestsAreLimitedInAll()
{
    LegForwarder relay(seededSource(), {}, 0s);
    for (int i = 0; i < Limits::LegRequests; ++i)
        QCOMPARE(relay.open(member(1000 + i), member(2000 + i), 1s).refusal, LegRefusal::None);
    QCOMPARE(relay.open(member(1), member(2), 60s).refusal, LegRefusal::TooManyRequests);
    QCOMPARE(relay.open(member(1), member(2), 61s).refusal, LegRefusal::None);
}

void tst_LegLimits::refusedRequestsCount()
{
    LegForwarder relay(seededSource(), {}, 0s);
    for (int i = 0; i < Limits::LegRequestsOfCaller; ++i)
        QCOMPARE(relay.open(member(1), member(1), 1s).refusal, LegRefusal::SameMember);
    QCOMPARE(relay.open(member(1), member(2), 1s).refusal, LegRefusal::TooManyRequests);
    // Those beyond the limit use up nobody else's, and do not put off the end of the minute.
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(relay.open(member(1), member(2), 60s).refusal, LegRefusal::TooManyRequests);
    QCOMPARE(relay.open(member(3), member(2), 60s).refusal, LegRefusal::None);
    QCOMPARE(relay.open(member(1), member(2), 61s).refusal, LegRefusal::None);
}

void tst_LegLimits::tenThousandRequestsGrowNothing()
{
    LegForwarder relay(seededSource(), {}, 0s);
    SeededRandom random(5);
    const auto flood = [&](int begin) {
        for (int i = begin; i < begin + 10'000; ++i) {
            const auto now = i * 10ms;
            const int caller = int(random.below(400));
            const LegEnd from = memberAt(caller, addressOf(caller / 20, quint16(1 + caller)));
            const OpenedLeg leg = relay.open(from, member(1000 + int(random.below(50))), now);
            relay.forward(bytesOf(legDatagram(random.next(), "x")), from.way, 0, now);
            if (random.below(10) == 0)
                relay.endLink(random.below(400));
            if (leg.caller != 0 && random.below(10) == 0)
                relay.close(leg.callee, random.below(2000));
            relay.setWay(random.below(400), from.way);
            relay.handleTimeout(now);
            QVERIFY(relay.legCount() <= Limits::Legs);
            QVERIFY(relay.rememberedRequests() <= size_t(Limits::LegRequests));
        }
    };
    flood(0);
    const auto before = heapBytes();
    flood(10'000);
    if (before)
        QVERIFY2(*heapBytes() - *before < 256 * 1024,
                 qPrintable(QString::number(*heapBytes() - *before)));
    QVERIFY(relay.counters().opened > 100);
    // When all have ended, nothing is left but the requests of the last minute.
    relay.handleTimeout(1h);
    QCOMPARE(relay.legCount(), 0);
    QCOMPARE(relay.deadline(), LegForwarder::Time::max());
}

void tst_LegLimits::rateOfALegIsKept()
{
    LegForwarder relay(seededSource(), {}, 0s);
    const OpenedLeg leg = relay.open(member(1), member(2), 0s);
    const quint64 burst = send(relay, leg.caller, 1000, 0s, 1s);
    QCOMPARE(burst, 131'000u); // 128 KiB in whole datagrams
    QCOMPARE(relay.counters().overLegRate, 869u);
    // 1 MB/s for a minute
    const quint64 bytes = send(relay, leg.caller, 60'000, 1ms, 1s);
    const double rate = double(bytes) / 60 / (128 * 1024);
    QVERIFY2(rate > 0.95 && rate < 1.05, qPrintable(QString::number(rate)));
}

void tst_LegLimits::bothDirectionsShareTheRate()
{
    LegForwarder relay(seededSource(), {}, 0s);
    const OpenedLeg leg = relay.open(member(1), member(2), 0s);
    QCOMPARE(send(relay, leg.caller, 65, 0s, 1s), 65'000u);
    QCOMPARE(send(relay, leg.callee, 1000, 0s, 1s), 66'000u);
}

void tst_LegLimits::burstPassesAtAnyRate()
{
    LegForwarder relay(seededSource(), {1, 1}, 0s); // a byte a second
    const OpenedLeg leg = relay.open(member(1), member(2), 0s);
    QCOMPARE(send(relay, leg.caller, 1, 0s, 0s, 65'507), 65'507u);
    QCOMPARE(send(relay, leg.caller, 10, 0s, 0s, 60'000), 60'000u);
    QCOMPARE(send(relay, leg.caller, 100, 0s, 60s), 5'000u); // of 5,565 and 60 more
}

void tst_LegLimits::rateOfAllIsKept()
{
    Relay relay;
    for (int i = 0; i < 20; ++i)
        QCOMPARE(relay.open(100 + i, 200 + i), LegRefusal::None);
    LegForwarder &forwarder = relay.forwarder;
    // All buckets are full, then all send more than they may for 20 s.
    const auto begin = relay.now() + 10s;
    quint64 bytes = 0;
    for (int i = 0; i < 20'000; ++i) {
        for (const LegId id : std::as_const(relay.ids))
            bytes += send(forwarder, id, 1, 0s, begin + i * 1ms);
    }
    // A second's worth passes at once.
    const double share = double(bytes) / (1024.0 * 1024 * (20 + 1));
    QVERIFY2(share > 0.95 && share < 1.05, qPrintable(QString::number(share)));
    QVERIFY(forwarder.counters().overTotalRate > 0);
}

void tst_LegLimits::legOverItsRateCostsOthersNothing()
{
    LegForwarder relay(seededSource(), {128 * 1024, 256 * 1024}, 0s);
    const OpenedLeg greedy = relay.open(member(1), member(2), 0s);
    const OpenedLeg modest = relay.open(member(3), member(4), 0s);
    quint64 ofModest = 0;
    for (int i = 0; i < 10'000; ++i) {
        send(relay, greedy.caller, 10, 0s, i * 1ms);
        if (i % 10 == 0)
            ofModest += send(relay, modest.caller, 1, 0s, i * 1ms);
    }
    QCOMPARE(ofModest, 1000u * 1000u); // all of its 100 kB/s
    QCOMPARE(relay.counters().overTotalRate, 0u);
}

void tst_LegLimits::senderIsMarkedBeforeItIsDropped_data()
{
    QTest::addColumn<int>("ecn");
    QTest::addColumn<int>("whenScarce");
    QTest::addColumn<bool>("ofAll");
    for (const bool ofAll : {false, true}) {
        const char *bucket = ofAll ? "of all" : "of the leg";
        QTest::addRow("Not-ECT, %s", bucket) << 0 << 0 << ofAll;
        QTest::addRow("ECT(1), %s", bucket) << 1 << 3 << ofAll;
        QTest::addRow("ECT(0), %s", bucket) << 2 << 3 << ofAll;
        QTest::addRow("CE, %s", bucket) << 3 << 3 << ofAll;
    }
}

void tst_LegLimits::senderIsMarkedBeforeItIsDropped()
{
    QFETCH(const int, ecn);
    QFETCH(const int, whenScarce);
    QFETCH(const bool, ofAll);
    // Two legs share a bucket of the size of one.
    LegForwarder relay(seededSource(), {128 * 1024, ofAll ? 1 : 1024 * 1024}, 0s);
    const OpenedLeg one = relay.open(member(1), member(2), 0s);
    const OpenedLeg two = relay.open(member(3), member(4), 0s);
    const QByteArray ofOne = legDatagram(one.caller, QByteArray(1015, 'x')); // 128 fill a bucket
    const QByteArray ofTwo = legDatagram(two.caller, QByteArray(1015, 'x'));
    for (int i = 0; i < 130; ++i) {
        const bool isOfTwo = ofAll && i % 2 == 1;
        const auto forwarded = relay.forward(bytesOf(isOfTwo ? ofTwo : ofOne), member(1).way,
                                             quint8(ecn), 0s);
        QCOMPARE(forwarded.has_value(), i < 128);
        if (forwarded)
            QCOMPARE(int(forwarded->ecn), i < 96 ? ecn : whenScarce);
    }
    QCOMPARE(relay.counters().marked, ecn == 1 || ecn == 2 ? 32u : 0u);
    QCOMPARE(ofAll ? relay.counters().overTotalRate : relay.counters().overLegRate, 2u);
}

QTEST_APPLESS_MAIN(tst_LegLimits)
#include "tst_leglimits.moc"
