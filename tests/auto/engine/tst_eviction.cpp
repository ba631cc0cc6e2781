// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which connection goes when all places are taken, and how many one network may have.

#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/addresslimiter.h>
#include <qp2pcore/engine/addressprefix.h>
#include <qp2pcore/engine/eviction.h>

#include <QSet>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

SocketAddress ipv4(quint8 a, quint8 b, quint8 c, quint8 d)
{
    return SocketAddress::fromIpv4({a, b, c, d}, 4433);
}

//! Established peers of as many networks; the attacker's come after them.
std::vector<EvictionCandidate> community(quint8 size)
{
    std::vector<EvictionCandidate> candidates;
    for (quint8 i = 0; i < size; ++i)
        candidates.push_back({i, ipv4(11, i, 0, 1), 1000u + i, 0, 50'000'000});
    return candidates;
}

void addAttackers(std::vector<EvictionCandidate> &candidates, quint64 count)
{
    for (quint64 i = 0; i < count; ++i)
        candidates.push_back(
            {1000 + i, ipv4(99, 1, quint8(i / 64), quint8(i % 64)), 5000 + i, 0, 60'000'000});
}

} // namespace

class tst_Eviction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prefixesOfTheFamiliesNeverMeet();
    void eachLevelHasItsLimit();
    void localAddressesHaveNoLimit();

    void whoFillsThePlacesLosesOne();
    void whoFillsThePlacesGetsNoMore();
    void amongEqualsNobodyGoes();
    void nearOldAndSpeakingOnesStay();
    void theSilentYoungestOfTheHostWithMostGoes();
    void nobodyGoesWhereAllAreProtected();
};

void tst_Eviction::prefixesOfTheFamiliesNeverMeet()
{
    QVERIFY(addressPrefix(ipv4(32, 1, 13, 184), {32, 32})
            != addressPrefix(SocketAddress::fromIpv6({32, 1, 13, 184}, 1), {32, 32}));
    QCOMPARE(addressGroup(ipv4(11, 1, 0, 1)), addressGroup(ipv4(11, 1, 200, 3)));
    QVERIFY(addressGroup(ipv4(11, 1, 0, 1)) != addressGroup(ipv4(11, 2, 0, 1)));
    QVERIFY(addressGroup(ipv4(10, 1, 0, 1)) != addressGroup(ipv4(10, 1, 0, 2)));
}

void tst_Eviction::eachLevelHasItsLimit()
{
    AddressLimiter limiter({{4, 32, 2}, {6, 64, 2}, {6, 48, 3}});
    std::vector<AddressLimiter::Ticket> tickets;
    const auto begin = [&](const SocketAddress &remote) {
        auto ticket = limiter.begin(remote);
        if (ticket)
            tickets.push_back(*ticket);
        return ticket.has_value();
    };
    QVERIFY(begin(ipv4(11, 1, 0, 1)));
    QVERIFY(begin(ipv4(11, 1, 0, 1)));
    QVERIFY(!begin(ipv4(11, 1, 0, 1)));
    QVERIFY(begin(ipv4(11, 1, 0, 2)));
    QVERIFY(begin(publicIpv6(1, 1, 1)));
    QVERIFY(begin(publicIpv6(1, 1, 2)));
    QVERIFY(!begin(publicIpv6(1, 1, 3))); // the /64
    QVERIFY(begin(publicIpv6(1, 2, 1)));
    QVERIFY(!limiter.hasRoom(publicIpv6(1, 3, 1)));
    QVERIFY(!begin(publicIpv6(1, 3, 1))); // the /48
    QVERIFY(begin(publicIpv6(0x0200, 1, 1)));
    QCOMPARE(limiter.count(), 7);
    for (const AddressLimiter::Ticket &ticket : tickets)
        limiter.end(ticket);
    QCOMPARE(limiter.count(), 0);
    QVERIFY(begin(ipv4(11, 1, 0, 1)));
}

void tst_Eviction::localAddressesHaveNoLimit()
{
    AddressLimiter limiter({{4, 32, 1}});
    for (int i = 0; i < 100; ++i)
        QVERIFY(limiter.begin(privateAddress(1)));
    QCOMPARE(limiter.count(), 100);
}

void tst_Eviction::whoFillsThePlacesLosesOne()
{
    auto candidates = community(100);
    addAttackers(candidates, 1000);
    const auto victim = Crowding(candidates).victimFor(ipv4(77, 1, 0, 1));
    QVERIFY(victim.has_value());
    QVERIFY(*victim >= 1000);
}

void tst_Eviction::whoFillsThePlacesGetsNoMore()
{
    auto candidates = community(100);
    addAttackers(candidates, 1000); // 64 of each host, but for the last with 40
    QCOMPARE(Crowding(candidates).victimFor(ipv4(99, 1, 0, 0)), std::nullopt);
}

void tst_Eviction::amongEqualsNobodyGoes()
{
    std::vector<EvictionCandidate> candidates;
    for (quint64 i = 0; i < 100; ++i)
        candidates.push_back({i, privateAddress(1), i, 0, 1});
    QCOMPARE(Crowding(candidates).victimFor(privateAddress(1)), std::nullopt);
    QVERIFY(Crowding(candidates).victimFor(privateAddress(2)).has_value());
}

void tst_Eviction::nearOldAndSpeakingOnesStay()
{
    // All of one network, so that only what they are good for decides.
    std::vector<EvictionCandidate> candidates;
    for (quint64 i = 0; i < 64; ++i) {
        EvictionCandidate one{i, ipv4(11, 1, 0, quint8(i)), 1000 + i, 0, 50'000'000};
        if (i >= 56)
            one.minRtt = 1'000'000; // the youngest are near
        else if (i >= 48)
            one.lastMessageAt = 9000;
        candidates.push_back(one);
    }
    QSet<quint64> gone;
    for (int round = 0; round < 20; ++round) {
        const auto victim = Crowding(candidates).victimFor(ipv4(77, 1, 0, 1));
        QVERIFY(victim.has_value());
        gone.insert(*victim);
        std::erase_if(candidates, [&](const auto &one) { return one.session == *victim; });
    }
    for (const quint64 session : gone)
        QVERIFY2(session < 48 && session >= 14, qPrintable(QString::number(session)));
}

void tst_Eviction::theSilentYoungestOfTheHostWithMostGoes()
{
    auto candidates = community(40);
    for (quint64 i = 0; i < 40; ++i)
        candidates.push_back({100 + i, ipv4(99, 1, 0, quint8(i < 30 ? 1 : 2)), 5000 + i,
                              i == 29 ? 7000u : 0u, 60'000'000});
    // The eight that spoke last are protected; give as many a later word than number 129.
    for (quint64 i = 0; i < 8; ++i)
        candidates[i].lastMessageAt = 8000;
    QCOMPARE(Crowding(candidates).victimFor(ipv4(77, 1, 0, 1)), std::optional<quint64>(128));
}

void tst_Eviction::nobodyGoesWhereAllAreProtected()
{
    QCOMPARE(Crowding({}).victimFor(ipv4(77, 1, 0, 1)), std::nullopt);
    QCOMPARE(Crowding(community(8)).victimFor(ipv4(77, 1, 0, 1)), std::nullopt);
}

QTEST_APPLESS_MAIN(tst_Eviction)
#include "tst_eviction.moc"
