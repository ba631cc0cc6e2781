// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A relaying node forwards between the two ends of a leg and to nowhere else, and ends what is not used.

#include "legscene.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qp2p::Nat;

class tst_LegForwarder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void datagramsGoToTheOtherEnd();
    void ecnBitsAreCopied_data();
    void ecnBitsAreCopied();
    void anyPayloadIsForwarded_data();
    void anyPayloadIsForwarded();
    void forgedIdsGoNowhere();
    void staleIdsGoNowhere();
    void repeatedDatagramsAreForwardedAgain();
    void answersGoToTheOldAddressUntilTheLinkMoves();
    void localAddressOfTheSourceDoesNotMatter();
    void twoLegsOfOneMemberAreKeptApart();
    void onlyItsLinkClosesALeg();
    void legsEndWithEitherLink_data();
    void legsEndWithEitherLink();
    void idleLegsEnd();
    void eitherDirectionKeepsALeg();
    void deadlineIsThatOfTheFirst();
    void lateTimeoutRevivesNothing();
    void idsAreNeitherNullNorTaken();
    void repeatingRandomSourceIsRefused();
    void countersSayWhatHappened();
};

void tst_LegForwarder::datagramsGoToTheOtherEnd()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QCOMPARE(leg.refusal, LegRefusal::None);
    QVERIFY(leg.caller != 0 && leg.callee != 0 && leg.caller != leg.callee);
    QVERIFY(relay.knows(leg.caller) && relay.knows(leg.callee) && !relay.knows(leg.caller + 1));

    const QByteArray sent = legDatagram(leg.caller, "to the callee");
    const auto there = relay.forward(bytesOf(sent), member(1).way, 0, 1s);
    QVERIFY(there);
    QCOMPARE(there->link, 2u);
    QCOMPARE(there->way, member(2).way);
    QCOMPARE(there->datagram.id, leg.callee);
    QVERIFY(there->datagram.payload.data() == bytesOf(sent).data() + 9); // not copied

    const QByteArray answer = legDatagram(leg.callee, "to the caller");
    const auto back = relay.forward(bytesOf(answer), member(2).way, 0, 1s);
    QVERIFY(back);
    QCOMPARE(back->link, 1u);
    QCOMPARE(back->way, member(1).way);
    QCOMPARE(back->datagram.id, leg.caller);
    QCOMPARE(payloadOf(*back), QByteArray("to the caller"));
    QCOMPARE(relay.counters().fromElsewhere, 0u);
}

void tst_LegForwarder::ecnBitsAreCopied_data()
{
    QTest::addColumn<int>("ecn");
    QTest::addColumn<int>("expected");
    for (int ecn = 0; ecn < 4; ++ecn)
        QTest::addRow("%d", ecn) << ecn << ecn;
    QTest::newRow("with other bits of the field") << 0xfe << 2;
}

void tst_LegForwarder::ecnBitsAreCopied()
{
    QFETCH(const int, ecn);
    QFETCH(const int, expected);
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    for (const auto &[id, from] : {std::pair(leg.caller, 1), std::pair(leg.callee, 2)}) {
        const QByteArray sent = legDatagram(id, "x");
        const auto forwarded = relay.forward(bytesOf(sent), member(from).way, quint8(ecn), 1s);
        QVERIFY(forwarded);
        QCOMPARE(int(forwarded->ecn), expected);
    }
    QCOMPARE(relay.counters().marked, 0u);
}

void tst_LegForwarder::anyPayloadIsForwarded_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isForwarded");
    QTest::newRow("0") << 0 << false; // nothing that could be a packet
    QTest::newRow("1") << 1 << true;
    QTest::newRow("1,200") << 1'200 << true;
    QTest::newRow("65,498, in the largest datagram") << 65'498 << true;
    QTest::newRow("65,499") << 65'499 << false;
    QTest::newRow("65,507") << 65'507 << false;
}

void tst_LegForwarder::anyPayloadIsForwarded()
{
    QFETCH(const int, size);
    QFETCH(const bool, isForwarded);
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    const QByteArray payload(size, 'p');
    const QByteArray sent = legDatagram(leg.caller, payload);
    const auto forwarded = relay.forward(bytesOf(sent), member(1).way, 0, 1s);
    QCOMPARE(forwarded.has_value(), isForwarded);
    if (forwarded)
        QCOMPARE(payloadOf(*forwarded), payload);
    QCOMPARE(relay.counters().malformed, isForwarded ? 0u : 1u);
}

void tst_LegForwarder::forgedIdsGoNowhere()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    SeededRandom random(7);
    for (int i = 0; i < 10'000; ++i) {
        const LegId forged = i < 64 ? leg.caller ^ (LegId(1) << i) : random.next();
        const QByteArray sent = legDatagram(forged, "forged");
        QVERIFY(!relay.forward(bytesOf(sent), member(1).way, 0, 1s));
    }
    QCOMPARE(relay.counters().unknown, 10'000u);
    QCOMPARE(relay.counters().forwarded, 0u);
    QCOMPARE(relay.legCount(), 1);
}

void tst_LegForwarder::staleIdsGoNowhere()
{
    LegForwarder relay(seededSource(), {}, 1s);
    QList<LegId> stale;
    for (int i = 0; i < 3; ++i) {
        const OpenedLeg leg = relay.open(member(1), member(2), 1s);
        stale += {leg.caller, leg.callee};
        if (i == 0)
            QVERIFY(relay.close(leg.callee, 2));
        else if (i == 1)
            QCOMPARE(relay.endLink(1).size(), size_t(1));
        else
            QCOMPARE(relay.handleTimeout(121s).size(), size_t(1));
    }
    for (const LegId id : stale) {
        QVERIFY(!relay.knows(id));
        QVERIFY(!relay.forward(bytesOf(legDatagram(id, "stale")), member(1).way, 0, 121s));
        QVERIFY(!relay.close(id, 1) && !relay.close(id, 2));
    }
    QCOMPARE(relay.counters().unknown, 6u);
    QCOMPARE(relay.deadline(), LegForwarder::Time::max());
}

//! To this node all datagrams are alike; QUIC in them discards what it has seen.
void tst_LegForwarder::repeatedDatagramsAreForwardedAgain()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    const QByteArray sent = legDatagram(leg.caller, QByteArray(1000, 'r'));
    int forwarded = 0;
    for (int i = 0; i < 1000; ++i)
        forwarded += relay.forward(bytesOf(sent), member(1).way, 0, 1s) ? 1 : 0;
    QCOMPARE(forwarded, 128 * 1024 / 1009); // and cost what others cost
    QCOMPARE(relay.counters().overLegRate, 1000u - 128 * 1024 / 1009);
}

void tst_LegForwarder::answersGoToTheOldAddressUntilTheLinkMoves()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    // The caller's NAT was rebooted, or somebody on the path repeats a datagram: this node cannot know.
    const Way elsewhere = wayTo(addressOf(99));
    const QByteArray sent = legDatagram(leg.caller, "rebound");
    const auto forwarded = relay.forward(bytesOf(sent), elsewhere, 0, 1s);
    QVERIFY(forwarded);
    QCOMPARE(forwarded->way, member(2).way);
    QCOMPARE(relay.counters().fromElsewhere, 1u);
    const QByteArray answer = legDatagram(leg.callee, "answer");
    QCOMPARE(relay.forward(bytesOf(answer), member(2).way, 0, 1s)->way, member(1).way);
    // QUIC has followed.
    relay.setWay(1, elsewhere);
    QCOMPARE(relay.forward(bytesOf(answer), member(2).way, 0, 1s)->way, elsewhere);
    QVERIFY(relay.forward(bytesOf(sent), elsewhere, 0, 1s));
    QCOMPARE(relay.counters().fromElsewhere, 1u);
    // A port alone is another address, too.
    QVERIFY(relay.forward(bytesOf(sent), wayTo(addressOf(99, 1)), 0, 1s));
    QCOMPARE(relay.counters().fromElsewhere, 2u);
    relay.setWay(3, member(3).way); // a link without legs
    QCOMPARE(relay.forward(bytesOf(answer), member(2).way, 0, 1s)->way, elsewhere);
}

void tst_LegForwarder::localAddressOfTheSourceDoesNotMatter()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    Way source = member(1).way;
    source.local = SocketAddress::fromIpv4({11, 8, 8, 8}, 4433);
    QVERIFY(relay.forward(bytesOf(legDatagram(leg.caller, "x")), source, 0, 1s));
    QCOMPARE(relay.counters().fromElsewhere, 0u);
    source.socket = 1; // another socket is another way
    QVERIFY(relay.forward(bytesOf(legDatagram(leg.caller, "x")), source, 0, 1s));
    QCOMPARE(relay.counters().fromElsewhere, 1u);
}

void tst_LegForwarder::twoLegsOfOneMemberAreKeptApart()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg toSecond = relay.open(member(1), member(2), 1s);
    const OpenedLeg toThird = relay.open(member(1), member(3), 1s);
    const OpenedLeg fromSecond = relay.open(member(2), member(1), 1s);
    const auto linkOf = [&](LegId id, int from) {
        return relay.forward(bytesOf(legDatagram(id, "x")), member(from).way, 0, 1s)->link;
    };
    QCOMPARE(linkOf(toSecond.caller, 1), 2u);
    QCOMPARE(linkOf(toThird.caller, 1), 3u);
    QCOMPARE(linkOf(fromSecond.callee, 1), 2u);
    QCOMPARE(linkOf(fromSecond.caller, 2), 1u);
    QVERIFY(relay.close(toSecond.caller, 1));
    QCOMPARE(linkOf(toThird.callee, 3), 1u);
    QCOMPARE(linkOf(fromSecond.callee, 1), 2u);
}

void tst_LegForwarder::onlyItsLinkClosesALeg()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QVERIFY(!relay.close(leg.caller, 2)); // an id that it cannot know
    QVERIFY(!relay.close(leg.caller, 3));
    QVERIFY(!relay.close(0, 1));
    QCOMPARE(relay.legCount(), 1);
    const auto ended = relay.close(leg.caller, 1);
    QVERIFY(ended);
    QCOMPARE(ended->caller.link, 1u);
    QCOMPARE(ended->caller.id, leg.caller);
    QCOMPARE(ended->callee.link, 2u);
    QCOMPARE(ended->callee.id, leg.callee);
    QCOMPARE(relay.legCount(), 0);
    QCOMPARE(relay.counters().closed, 1u);
}

void tst_LegForwarder::legsEndWithEitherLink_data()
{
    QTest::addColumn<int>("link");
    QTest::newRow("caller's") << 1;
    QTest::newRow("callee's") << 2;
}

void tst_LegForwarder::legsEndWithEitherLink()
{
    QFETCH(const int, link);
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    const OpenedLeg both = relay.open(member(1), member(2), 1s);
    const OpenedLeg other = relay.open(member(3), member(4), 1s);
    QVERIFY(relay.endLink(5).empty());
    const std::vector<EndedLeg> ended = relay.endLink(quint64(link));
    QCOMPARE(ended.size(), size_t(2));
    QCOMPARE(ended[0].caller.id, leg.caller);
    QCOMPARE(ended[1].callee.id, both.callee);
    QVERIFY(!relay.knows(leg.callee) && !relay.knows(both.caller));
    QVERIFY(relay.forward(bytesOf(legDatagram(other.caller, "x")), member(3).way, 0, 1s));
    QCOMPARE(relay.counters().endedWithLink, 2u);
}

void tst_LegForwarder::idleLegsEnd()
{
    LegForwarder relay(seededSource(), {}, 1s);
    QCOMPARE(relay.deadline(), LegForwarder::Time::max());
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QCOMPARE(relay.deadline(), 121s);
    QVERIFY(relay.handleTimeout(121s - 1ns).empty());
    QCOMPARE(relay.legCount(), 1);
    const std::vector<EndedLeg> ended = relay.handleTimeout(121s);
    QCOMPARE(ended.size(), size_t(1));
    QCOMPARE(ended[0].caller.id, leg.caller);
    QCOMPARE(relay.counters().endedIdle, 1u);
    QCOMPARE(relay.deadline(), LegForwarder::Time::max());
}

void tst_LegForwarder::eitherDirectionKeepsALeg()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QVERIFY(relay.forward(bytesOf(legDatagram(leg.caller, "x")), member(1).way, 0, 100s));
    QVERIFY(relay.handleTimeout(121s).empty()); // too early, and later afterwards
    QCOMPARE(relay.deadline(), 220s);
    QVERIFY(relay.forward(bytesOf(legDatagram(leg.callee, "x")), member(2).way, 0, 219s));
    QVERIFY(relay.handleTimeout(220s).empty());
    QCOMPARE(relay.deadline(), 339s);
    // What is none of its datagrams does not keep it.
    QVERIFY(!relay.forward(bytesOf(legDatagram(leg.caller, "")), member(1).way, 0, 330s));
    QCOMPARE(relay.handleTimeout(339s).size(), size_t(1));
}

void tst_LegForwarder::deadlineIsThatOfTheFirst()
{
    LegForwarder relay(seededSource(), {}, 0s);
    relay.open(member(1), member(2), 10s);
    const OpenedLeg second = relay.open(member(3), member(4), 20s);
    QCOMPARE(relay.deadline(), 130s);
    QCOMPARE(relay.handleTimeout(130s).size(), size_t(1));
    QCOMPARE(relay.deadline(), 140s);
    QVERIFY(relay.close(second.caller, 3));
    QCOMPARE(relay.deadline(), LegForwarder::Time::max());
}

void tst_LegForwarder::lateTimeoutRevivesNothing()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QVERIFY(!relay.forward(bytesOf(legDatagram(leg.caller, "x")), member(1).way, 0, 121s));
    QCOMPARE(relay.counters().unknown, 1u);
    QCOMPARE(relay.handleTimeout(500s).size(), size_t(1));
}

void tst_LegForwarder::idsAreNeitherNullNorTaken()
{
    std::deque<LegId> draws{0, 5, 0, 5, 6, 0, 6, 5, 7, 8};
    const auto source = [&](std::span<quint8> bytes) {
        QCOMPARE(bytes.size(), sizeof(LegId));
        std::memcpy(bytes.data(), &draws.front(), sizeof(LegId));
        draws.pop_front();
    };
    LegForwarder relay(source, {}, 1s);
    const OpenedLeg first = relay.open(member(1), member(2), 1s);
    QCOMPARE(first.caller, LegId(5));
    QCOMPARE(first.callee, LegId(6));
    const OpenedLeg second = relay.open(member(1), member(2), 1s);
    QCOMPARE(second.caller, LegId(7));
    QCOMPARE(second.callee, LegId(8));
}

void tst_LegForwarder::repeatingRandomSourceIsRefused()
{
    int draws = 0;
    LegForwarder relay(
        [&](std::span<quint8> bytes) {
            ++draws;
            std::fill(bytes.begin(), bytes.end(), quint8(1));
        },
        {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    QCOMPARE(leg.refusal, LegRefusal::NoId);
    QVERIFY(leg.caller == 0 && leg.callee == 0);
    QVERIFY(draws <= 2 * Limits::IdDraws);
    QCOMPARE(relay.legCount(), 0);
}

void tst_LegForwarder::countersSayWhatHappened()
{
    LegForwarder relay(seededSource(), {}, 1s);
    const OpenedLeg leg = relay.open(member(1), member(2), 1s);
    relay.open(member(1), member(1), 1s);
    relay.forward(bytesOf(legDatagram(leg.caller, "12345")), member(1).way, 0, 2s);
    relay.forward(bytesOf(legDatagram(leg.callee, "1")), member(2).way, 0, 2s);
    const LegCounters &counters = relay.counters();
    QCOMPARE(counters.opened, 1u);
    QCOMPARE(counters.refused[size_t(LegRefusal::SameMember)], 1u);
    QCOMPARE(counters.forwarded, 2u);
    QCOMPARE(counters.forwardedBytes, 24u);
    const std::vector<LegUsage> usage = relay.usage();
    QCOMPARE(usage.size(), size_t(1));
    QCOMPARE(usage[0].caller, memberId(1));
    QCOMPARE(usage[0].callee, memberId(2));
    QCOMPARE(usage[0].datagrams, 2u);
    QCOMPARE(usage[0].bytes, 24u);
    QCOMPARE(usage[0].opened, 1s);
}

QTEST_APPLESS_MAIN(tst_LegForwarder)
#include "tst_legforwarder.moc"
