// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a simulated router remembers, and for how long: by the rules of conntrack, whose defaults it has.

#include <shared/nattype.h>
#include <shared/simulatedrouter.h>

#include <QTest>

using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Qp2p::Engine::SocketAddress;

class tst_RouterFlows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unansweredFlowEndsAfterThirtySeconds();
    void streamLivesForTwoMinutes();
    void eitherDirectionKeepsAFlowAlive_data();
    void eitherDirectionKeepsAFlowAlive();
    void filterLearnsFromWhatLeavesOnly();
    void answeredStrangerSpoilsThePort();
    void strangerThatIsDroppedSpoilsNothing();
    void rebootForgetsFlowsAndKeepsForwardings();
    void forwardedSocketKeepsTwoFlowsApart();
    void nextAddressTakesForwardingsOfTheOldOneAway();
    void fullTableGivesUpUnansweredFlows();
    void sequentialPortsWrapAround();
    void forgottenFlowsUseNoMemory();
    void blockedUdpPassesNeitherWay();
};

namespace {

const SocketAddress Own = SocketAddress::fromIpv4({192, 168, 1, 2}, 5000);
const SocketAddress Public = SocketAddress::fromIpv4({11, 0, 1, 1}, 0);
const SocketAddress NextPublic = SocketAddress::fromIpv4({11, 0, 1, 2}, 0);

SocketAddress remote(quint8 host, quint16 port = 7000)
{
    return SocketAddress::fromIpv4({11, 0, 0, host}, port);
}

SocketAddress publicPort(quint16 port, SocketAddress address = Public)
{
    address.setPort(port);
    return address;
}

RouterProfile profileOf(NatType type)
{
    return natType(type).router.value();
}

using Time = SimulatedRouter::Time;

//! The source that a datagram leaves with; null where it does not.
SocketAddress out(SimulatedRouter &router, const SocketAddress &local, const SocketAddress &to,
                  Time now)
{
    return router.mapOut(local, to, now).from;
}

//! The socket that a datagram from outside reaches; null for none.
SocketAddress in(SimulatedRouter &router, const SocketAddress &external, const SocketAddress &from,
                 Time now)
{
    return router.mapIn(external, from, SimulatedRouter::Side::Outside, now).to;
}

} // namespace

void tst_RouterFlows::unansweredFlowEndsAfterThirtySeconds()
{
    SimulatedRouter router(0, {Public}, {}, 1);
    const SocketAddress seen = out(router, Own, remote(10), 1s);
    QCOMPARE(seen, publicPort(5000));
    QCOMPARE(in(router, seen, remote(10), 31s - 1ns), Own);
    // That answer was the first datagram back, and keeps it for 30 s more.
    QCOMPARE(in(router, seen, remote(10), 61s - 2ns), Own);
    SimulatedRouter silent(0, {Public}, {}, 1);
    QVERIFY(!out(silent, Own, remote(10), 1s).isNull());
    QCOMPARE(silent.mapping(Own, 31s - 1ns), publicPort(5000));
    QVERIFY(silent.mapping(Own, 31s).isNull());
    QVERIFY(in(silent, seen, remote(10), 31s).isNull());
    QCOMPARE(silent.counters().filtered, 1u);
}

void tst_RouterFlows::streamLivesForTwoMinutes()
{
    SimulatedRouter router(0, {Public}, {}, 1);
    const SocketAddress seen = out(router, Own, remote(10), 1s);
    QCOMPARE(in(router, seen, remote(10), 2s), Own);
    // Within two seconds of its beginning it is not yet a stream …
    QCOMPARE(out(router, Own, remote(10), 3s), seen);
    QVERIFY(router.mapping(Own, 33s).isNull());
    // … and a later datagram makes it one.
    QCOMPARE(out(router, Own, remote(10), 20s), seen);
    QCOMPARE(router.mapping(Own, 140s - 1ns), seen);
    QVERIFY(router.mapping(Own, 140s).isNull());
    QVERIFY(in(router, seen, remote(10), 140s).isNull());
}

void tst_RouterFlows::eitherDirectionKeepsAFlowAlive_data()
{
    QTest::addColumn<NatRefresh>("refresh");
    QTest::newRow("Linux") << NatRefresh::BothDirections;
    QTest::newRow("outbound only") << NatRefresh::OutboundOnly;
}

void tst_RouterFlows::eitherDirectionKeepsAFlowAlive()
{
    QFETCH(const NatRefresh, refresh);
    RouterProfile profile;
    profile.refresh = refresh;
    SimulatedRouter router(0, {Public}, profile, 1);
    const SocketAddress seen = out(router, Own, remote(10), 0s);
    QCOMPARE(in(router, seen, remote(10), 1s), Own);
    QCOMPARE(out(router, Own, remote(10), 5s), seen); // a stream: until 125 s
    QCOMPARE(in(router, seen, remote(10), 124s), Own);
    QCOMPARE(!in(router, seen, remote(10), 126s).isNull(), refresh == NatRefresh::BothDirections);
    QCOMPARE(!router.mapping(Own, 244s).isNull(), refresh == NatRefresh::BothDirections);
}

void tst_RouterFlows::filterLearnsFromWhatLeavesOnly()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::AddressFilter), 1);
    const SocketAddress seen = out(router, Own, remote(10), 0s);
    QVERIFY(in(router, seen, remote(11), 1s).isNull());
    QCOMPARE(in(router, seen, remote(10, 9), 1s), Own); // another port of that address
    // Its flow has ended, and what was learned has not; coming in does not make it last longer.
    QVERIFY(in(router, seen, remote(10), 121s).isNull());
    QVERIFY(!out(router, Own, remote(12), 200s).isNull());
    QCOMPARE(in(router, seen, remote(12, 1), 319s), Own);
    QVERIFY(in(router, seen, remote(12, 2), 320s).isNull());

    SimulatedRouter open(0, {Public}, profileOf(NatType::FullCone), 1);
    QCOMPARE(out(open, Own, remote(10), 0s), seen);
    QCOMPARE(in(open, seen, remote(99), 119s), Own);
    QVERIFY(in(open, seen, remote(98), 120s).isNull());
    QCOMPARE(in(open, seen, remote(99), 148s), Own); // a flow of its own
}

//! The early packet: what comes before the host has sent takes the port away from it.
void tst_RouterFlows::answeredStrangerSpoilsThePort()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::PortFilterAnswering), 1);
    const SocketAddress seen = out(router, Own, remote(10), 0s);
    QVERIFY(in(router, seen, remote(11), 1s).isNull());
    const SocketAddress other = out(router, Own, remote(11), 2s);
    QVERIFY(!other.isNull() && other != seen);
    QVERIFY(in(router, seen, remote(11), 3s).isNull()); // punching fails …
    QCOMPARE(in(router, other, remote(11), 3s), Own);
    // … until both have been silent: then the port is free again.
    QCOMPARE(out(router, Own, remote(11), 34s), publicPort(5000));
}

void tst_RouterFlows::strangerThatIsDroppedSpoilsNothing()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::PortFilter), 1);
    const SocketAddress seen = out(router, Own, remote(10), 0s);
    QVERIFY(in(router, seen, remote(11), 1s).isNull());
    QCOMPARE(out(router, Own, remote(11), 2s), seen);
    QCOMPARE(in(router, seen, remote(11), 3s), Own);
}

void tst_RouterFlows::rebootForgetsFlowsAndKeepsForwardings()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::FullCone), 1);
    router.forward(publicPort(22000), Own);
    const SocketAddress seen = out(router, Own, remote(10), 0s);
    QCOMPARE(in(router, publicPort(22000), remote(12), 1s), Own);
    QCOMPARE(out(router, Own, remote(12), 1s), publicPort(22000)); // an answer, from there
    QCOMPARE(out(router, Own, remote(13), 1s), seen); // to others as without it
    router.reboot();
    QCOMPARE(router.flowCount(), size_t(0));
    QVERIFY(in(router, seen, remote(10), 2s).isNull());
    QVERIFY(in(router, seen, remote(11), 2s).isNull());
    QCOMPARE(in(router, publicPort(22000), remote(14), 2s), Own);
}

//! \brief A socket has sent to a remote, which dials it back at a forwarded port from the same port.
void tst_RouterFlows::forwardedSocketKeepsTwoFlowsApart()
{
    SimulatedRouter router(0, {Public}, {}, 1);
    router.forward(publicPort(22000), Own);
    QCOMPARE(out(router, Own, remote(10), 0s), publicPort(5000));
    const Passage dialled = router.mapIn(publicPort(22000), remote(10),
                                         SimulatedRouter::Side::Outside, 1s);
    QCOMPARE(dialled.to, Own);
    QVERIFY(dialled.from != remote(10)); // from another port of it
    QCOMPARE(router.mapOut(Own, dialled.from, 2s).from, publicPort(22000));
    QCOMPARE(router.mapOut(Own, dialled.from, 2s).to, remote(10));
    QCOMPARE(out(router, Own, remote(10), 2s), publicPort(5000));
    QCOMPARE(router.mapIn(publicPort(5000), remote(10), SimulatedRouter::Side::Outside, 3s).from,
             remote(10));
}

void tst_RouterFlows::nextAddressTakesForwardingsOfTheOldOneAway()
{
    SimulatedRouter router(0, {Public, NextPublic}, {}, 1);
    router.forward(publicPort(22000), Own);
    router.forward(publicPort(22000, NextPublic), Own);
    QVERIFY(router.owns(publicPort(1)) && !router.owns(publicPort(1, NextPublic)));
    router.rebootWithNextAddress();
    QVERIFY(!router.owns(publicPort(1)) && router.owns(publicPort(1, NextPublic)));
    QCOMPARE(out(router, Own, remote(10), 0s), publicPort(5000, NextPublic));
    QVERIFY(in(router, publicPort(22000), remote(11), 1s).isNull());
    QCOMPARE(in(router, publicPort(22000, NextPublic), remote(11), 1s), Own);
}

void tst_RouterFlows::fullTableGivesUpUnansweredFlows()
{
    RouterProfile profile;
    profile.capacity = 3;
    SimulatedRouter router(0, {Public}, profile, 1);
    for (quint8 host = 1; host <= 3; ++host)
        QVERIFY(!out(router, Own, remote(host), 1s).isNull());
    QCOMPARE(in(router, publicPort(5000), remote(1), 2s), Own); // answered
    QVERIFY(!out(router, Own, remote(4), 2s).isNull()); // in place of the second
    QCOMPARE(in(router, publicPort(5000), remote(1), 2s), Own);
    QVERIFY(in(router, publicPort(5000), remote(2), 2s).isNull());
    QCOMPARE(in(router, publicPort(5000), remote(3), 2s), Own);
    QCOMPARE(in(router, publicPort(5000), remote(4), 2s), Own);
    QVERIFY(out(router, Own, remote(5), 3s).isNull()); // all were answered
    QCOMPARE(router.counters().exhausted, 1u);
    QCOMPARE(router.flowCount(), size_t(3));
    QVERIFY(!out(router, Own, remote(5), 40s).isNull()); // all have ended
}

void tst_RouterFlows::sequentialPortsWrapAround()
{
    RouterProfile profile = profileOf(NatType::SymmetricSequential);
    profile.block = {100, 102};
    SimulatedRouter router(0, {Public}, profile, 1);
    QList<quint16> ports;
    for (quint8 host = 1; host <= 4; ++host)
        ports.append(out(router, Own, remote(host), 0s).port());
    QCOMPARE(ports, (QList<quint16>{100, 101, 102, 100}));
    // Each of the three is taken towards this one remote only.
    QCOMPARE(out(router, Own, remote(1), 0s).port(), quint16(100));
    SocketAddress other = Own;
    QList<quint16> ofOthers;
    for (quint16 port = 1; port <= 3; ++port) {
        other.setPort(port);
        ofOthers.append(out(router, other, remote(1), 0s).port());
    }
    QCOMPARE(ofOthers, (QList<quint16>{101, 102, 0}));
    QCOMPARE(router.counters().exhausted, 1u);
}

void tst_RouterFlows::forgottenFlowsUseNoMemory()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::SymmetricRandom), 1);
    for (int i = 0; i < 100'000; ++i)
        QVERIFY(!out(router, Own, remote(quint8(i % 250), quint16(i % 60'000)), 10ms * i).isNull());
    // 30 s of 100 a second, and as many that wait for the next cleaning.
    QVERIFY2(router.flowCount() <= 6'001, qPrintable(QString::number(router.flowCount())));
}

void tst_RouterFlows::blockedUdpPassesNeitherWay()
{
    SimulatedRouter router(0, {Public}, profileOf(NatType::UdpBlocked), 1);
    router.forward(publicPort(22000), Own);
    QVERIFY(out(router, Own, remote(10), 0s).isNull());
    QVERIFY(in(router, publicPort(22000), remote(10), 0s).isNull());
    QCOMPARE(router.counters().blocked, 2u);
}

QTEST_GUILESS_MAIN(tst_RouterFlows)
#include "tst_routerflows.moc"
