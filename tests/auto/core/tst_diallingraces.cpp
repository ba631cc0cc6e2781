// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Races: which of several addresses wins, and dials that are given up.

#include "diallingworld.h"

#include <shared/endpointpair.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

EndpointConfig inNetwork(const char *name)
{
    EndpointConfig config;
    config.setNetworkName(QString::fromLatin1(name));
    return config;
}

} // namespace

class tst_DiallingRaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // Races
    void nearestWinsAndTheOthersSeeNothing();
    void deadCandidatesCostNoTime();
    void failureNamesEveryCandidate();
    void linkLocalAddressesNeedTheirInterface();
    void emptyListIsRefused();
    void duplicatesAreDialledOnce();
    void refusedByTheNearestTheNextWins_data();
    void refusedByTheNearestTheNextWins();
    void silentWinnerIsPassedOver();
    void bothFamiliesRace();

    // Giving up
    void cancelDropsTheDial_data();
    void cancelDropsTheDial();
    void cancelAfterTheEndKeepsTheConnection();
    void closeFinishesDialsWithCancelled();
    void closedEndpointDoesNotDial();
    void closeWhileTheSocketOpensGivesTheDialUp();
};

// ---- races

void tst_DiallingRaces::nearestWinsAndTheOthersSeeNothing()
{
    World world;
    world.add(2, 30ms);
    world.add(3, 10ms);
    world.add(4, 20ms);
    world.add(5, 11ms);
    const auto dial = world.dialler.connectToAny(
        {World::address(2), World::address(3), World::address(4), World::address(5)});
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    QCOMPARE(dial.result().value()->peerId(), world.at(3).peerId());
    world.simulation.runFor(1min);
    QCOMPARE(world.log.opened.size(), 1);
    QCOMPARE(world.dialler.stats().connections, 1);
    QCOMPARE(world.logOf(3).opened.size(), 1);
    for (const int loser : {2, 4, 5}) {
        QVERIFY(world.logOf(loser).opened.isEmpty());
        QVERIFY(world.logOf(loser).closed.isEmpty());
        QCOMPARE(world.at(loser).stats().connections, 0);
    }
    QVERIFY(world.works(dial.result().value(), world.logOf(3).opened.at(0)));
}

void tst_DiallingRaces::deadCandidatesCostNoTime()
{
    World world;
    world.add(2, 10ms);
    QList<PeerAddress> addresses;
    for (int dead = 50; dead < 60; ++dead)
        addresses.append(World::address(dead));
    addresses.insert(5, World::address(2));
    const auto dial = world.dialler.connectToAny(addresses);
    QVERIFY(world.finish(dial, 200ms));
    QVERIFY(dial.result().isOk());
    world.simulation.runFor(1min);
    QCOMPARE(world.dialler.stats().connections, 1);
    QCOMPARE(world.log.opened.size(), 1);
}

void tst_DiallingRaces::failureNamesEveryCandidate()
{
    World world;
    world.add(2);
    const QList<PeerAddress> addresses = {
        World::address(50), World::address(2, sharedIdentity(9).peerId()), World::address(51)};
    const auto dial = world.dialler.connectToAny(addresses);
    QCOMPARE(world.errorOf(dial), ErrorCode::PeerIdMismatch); // the only one that says anything
    const QStringList lines = dial.result().error().message.split(u'\n');
    QCOMPARE(lines.size(), 4);
    for (int i = 0; i < 3; ++i)
        QVERIFY2(lines.at(i + 1).contains(addresses.at(i).endpointString()),
                 qPrintable(lines.at(i + 1)));
    QVERIFY(world.log.opened.isEmpty());
    // A single candidate needs no list.
    const auto single = world.dialler.connectToAny({World::address(50)});
    QCOMPARE(world.errorOf(single), ErrorCode::HandshakeTimeout);
    QVERIFY(!single.result().error().message.contains(u'\n'));
}

void tst_DiallingRaces::linkLocalAddressesNeedTheirInterface()
{
    World world;
    const auto without = world.dialler.connectTo(PeerAddress(ip("fe80::1"), 4000));
    QVERIFY(without.isFinished()); // at once, and nothing has left
    QCOMPARE(without.result().error().code, ErrorCode::InvalidArgument);
    QVERIFY(without.result().error().message.contains(QStringLiteral("%eth0")));
    const auto unknown = world.dialler.connectTo(PeerAddress(ip("fe80::1%nosuch9"), 4000));
    QVERIFY(unknown.isFinished());
    QCOMPARE(unknown.result().error().code, ErrorCode::AddressNotAvailable);
    QVERIFY(unknown.result().error().message.contains(QStringLiteral("nosuch9")));
    QCOMPARE(world.dialler.stats().datagramsSent, quint64(0));
    // In a race they are candidates that have failed.
    world.add(2);
    const auto dial = world.dialler.connectToAny(
        {PeerAddress(ip("fe80::1%nosuch9"), 4000), World::address(2)});
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
}

void tst_DiallingRaces::emptyListIsRefused()
{
    World world;
    const auto dial = world.dialler.connectToAny({});
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::InvalidArgument);
}

void tst_DiallingRaces::duplicatesAreDialledOnce()
{
    World world;
    world.add(2);
    const auto dial = world.dialler.connectToAny(
        {World::address(2), World::address(2), World::address(2)});
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    QCOMPARE(world.dialler.stats().handshakesStarted, 1u);
}

void tst_DiallingRaces::refusedByTheNearestTheNextWins_data()
{
    QTest::addColumn<int>("why");
    QTest::newRow("wrong network") << 0;
    QTest::newRow("wrong key") << 1;
    QTest::newRow("full") << 2;
}

void tst_DiallingRaces::refusedByTheNearestTheNextWins()
{
    QFETCH(int, why);
    World world(inNetwork("ours"));
    EndpointConfig nearest = inNetwork(why == 0 ? "theirs" : "ours");
    if (why == 2)
        nearest.setMaxConnections(1);
    world.add(2, 5ms, nearest);
    world.add(3, 20ms, inNetwork("ours"));
    if (why == 2)
        QVERIFY(world.finish(world.dialler.connectTo(World::address(2))));
    const auto dial = world.dialler.connectToAny(
        {World::address(2, why == 1 ? sharedIdentity(9).peerId() : PeerId()), World::address(3)});
    QVERIFY(world.finish(dial, 1s));
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    QCOMPARE(dial.result().value()->peerId(), world.at(3).peerId());
    world.simulation.runFor(1s);
    QCOMPARE(world.logOf(2).opened.size(), why == 2 ? 1 : 0);
    QCOMPARE(world.logOf(3).opened.size(), 1);
}

void tst_DiallingRaces::silentWinnerIsPassedOver()
{
    // The nearest one completes the handshake, wins the race, and is never heard of again.
    World world;
    world.add(2, 5ms);
    world.add(3, 20ms);
    const auto dial = world.dialler.connectToAny({World::address(2), World::address(3)});
    world.simulation.after(33ms, [&] {
        world.simulation.blackhole(world.diallerHost, world.hostOf(2));
        world.simulation.blackhole(world.hostOf(2), world.diallerHost);
    });
    QVERIFY(world.finish(dial));
    QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
    QCOMPARE(dial.result().value()->peerId(), world.at(3).peerId());
}

void tst_DiallingRaces::bothFamiliesRace()
{
    World world;
    world.add(2);
    // IPv6 is broken on the way.
    world.simulation.onDatagram = [](Wire &wire) {
        return wire.to.isIpv6() ? WireAction::Drop : WireAction::Deliver;
    };
    const QList<PeerAddress> both = {PeerAddress(World::ipv6Address(2), World::Port),
                                     World::address(2)};
    const auto dial = world.dialler.connectToAny(both);
    QVERIFY(world.finish(dial, 1s));
    QVERIFY(dial.result().isOk());
    QCOMPARE(dial.result().value()->peerAddress().address(), World::hostAddress(2));
    world.simulation.onDatagram = {};
    const auto ipv6 = world.dialler.connectTo(both.at(0));
    QVERIFY(world.finish(ipv6, 1s));
    QVERIFY(ipv6.result().isOk());
    QCOMPARE(ipv6.result().value()->peerAddress().address(), World::ipv6Address(2));
    QCOMPARE(ipv6.result().value()->observedAddress().address(), ip("2001:db8::1"));
}

// ---- giving up

void tst_DiallingRaces::cancelDropsTheDial_data()
{
    QTest::addColumn<int>("milliseconds");
    for (const int milliseconds : {0, 7, 13, 20, 27, 29})
        QTest::addRow("after %d ms", milliseconds) << milliseconds;
}

void tst_DiallingRaces::cancelDropsTheDial()
{
    QFETCH(int, milliseconds);
    for (const bool race : {false, true}) {
        World world;
        world.add(2, 5ms);
        world.add(3, 6ms);
        auto dial = race ? world.dialler.connectToAny({World::address(2), World::address(3)})
                         : world.dialler.connectTo(World::address(2));
        world.simulation.runFor(std::chrono::milliseconds(milliseconds));
        QVERIFY(!dial.isFinished());
        dial.cancel();
        world.simulation.runFor(1min);
        QVERIFY(dial.isFinished());
        QCOMPARE(dial.resultCount(), 0); // what Qt makes of a cancelled future
        QVERIFY(world.log.opened.isEmpty());
        QVERIFY(world.dialler.connections().isEmpty());
        QCOMPARE(world.dialler.stats().connections, 0);
        for (const int peer : {2, 3}) {
            // The single one may have been greeted already: then it sees a connection that ends.
            QCOMPARE(world.logOf(peer).opened.size(), world.logOf(peer).closed.size());
            QCOMPARE(world.at(peer).stats().connections, 0);
        }
    }
}

void tst_DiallingRaces::cancelAfterTheEndKeepsTheConnection()
{
    World world;
    world.add(2);
    auto dial = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(dial));
    const QPointer<Connection> connection = dial.result().value();
    dial.cancel();
    world.simulation.runFor(1min);
    QVERIFY(connection);
    QCOMPARE(connection->state(), Connection::State::Open);
}

void tst_DiallingRaces::closeFinishesDialsWithCancelled()
{
    World world;
    world.add(2, 50ms);
    const auto single = world.dialler.connectTo(World::address(2));
    const auto dead = world.dialler.connectTo(World::address(50));
    const auto race = world.dialler.connectToAny({World::address(2), World::address(50)});
    world.simulation.runFor(70ms);
    world.dialler.close();
    for (const Dialling &dial : {single, dead, race}) {
        QVERIFY(dial.isFinished());
        QCOMPARE(dial.result().error().code, ErrorCode::Cancelled);
    }
    QCOMPARE(world.dialler.state(), Endpoint::State::Closing);
    QVERIFY(world.simulation.runUntil(
        [&] { return world.dialler.state() == Endpoint::State::Closed; }, 3s));
    world.simulation.runFor(1min);
    QVERIFY(world.log.opened.isEmpty());
    QVERIFY(world.logOf(2).opened.isEmpty());
    QCOMPARE(world.at(2).stats().connections, 0);
}

void tst_DiallingRaces::closedEndpointDoesNotDial()
{
    World world;
    world.add(2);
    world.dialler.close();
    QCOMPARE(world.dialler.state(), Endpoint::State::Closed); // there was no socket
    const auto dial = world.dialler.connectTo(World::address(2));
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::WrongState);
    QCOMPARE(world.dialler.listen().error().code, ErrorCode::WrongState);
}

void tst_DiallingRaces::closeWhileTheSocketOpensGivesTheDialUp()
{
    World world;
    world.add(2);
    QObject::connect(&world.dialler, &Endpoint::stateChanged, &world.dialler,
                     [&](Endpoint::State state) {
                         if (state == Endpoint::State::Dialling)
                             world.dialler.close();
                     });
    const auto dial = world.dialler.connectTo(World::address(2));
    world.simulation.runFor(1min);
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(world.dialler.state(), Endpoint::State::Closed);
    QVERIFY(world.log.opened.isEmpty());
}

QTEST_GUILESS_MAIN(tst_DiallingRaces)
#include "tst_diallingraces.moc"
