// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dialling one peer: the connection or the reason why there is none.

#include "diallingworld.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QFutureWatcher>
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

class tst_Dialling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void futureFinishesAfterTheSignal();
    void expectedPeerIsReached();
    void otherPeerThanTheExpectedIsRefused();
    void nobodyThereTimesOut_data();
    void nobodyThereTimesOut();
    void peerThatDoesNotListenTimesOut();
    void peerThatClosesDuringTheHandshakeTellsSo_data();
    void peerThatClosesDuringTheHandshakeTellsSo();
    void firstMessageReachesWhoeverWaitsForTheDial_data();
    void firstMessageReachesWhoeverWaitsForTheDial();
    void peerThatNeverGreetsTimesOut();
    void otherNetworkIsRefusedAtBothSides();
    void fullPeerRefuses();
    void addressThatCannotWorkIsRefused_data();
    void addressThatCannotWorkIsRefused();
    void otherFamilyThanTheSocketsIsRefused();
    void everyRetryModeConnects_data();
    void everyRetryModeConnects();
    void retryBeginsUnderLoad();
    void silentDiallerHoldsUpNobody();
};

void tst_Dialling::futureFinishesAfterTheSignal()
{
    World world;
    world.add(2);
    const auto dial = world.dialler.connectTo(World::address(2));
    QCOMPARE(world.dialler.state(), Endpoint::State::Dialling);
    bool finishedAtTheSignal = true;
    Connection *opened = nullptr;
    QObject::connect(&world.dialler, &Endpoint::connectionOpened, &world.dialler,
                     [&](Connection *connection) {
                         opened = connection;
                         finishedAtTheSignal = dial.isFinished();
                     });
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    QVERIFY(!finishedAtTheSignal);
    QCOMPARE(dial.result().value(), opened);
    QCOMPARE(world.dialler.connections(), {opened});
    QCOMPARE(opened->state(), Connection::State::Open);
    world.simulation.runFor(1s);
    QCOMPARE(world.log.opened.size(), 1);
    QCOMPARE(world.logOf(2).opened.size(), 1);
    QCOMPARE(world.log.states, {Endpoint::State::Dialling});
}

void tst_Dialling::expectedPeerIsReached()
{
    World world;
    const PeerId id = world.add(2)->peerId();
    const auto dial = world.dialler.connectTo(World::address(2, id));
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    QCOMPARE(dial.result().value()->peerId(), id);
}

void tst_Dialling::otherPeerThanTheExpectedIsRefused()
{
    World world;
    world.add(2);
    const PeerId other = sharedIdentity(3).peerId();
    const auto dial = world.dialler.connectTo(World::address(2, other));
    QCOMPARE(world.errorOf(dial), ErrorCode::PeerIdMismatch);
    // The sentence names both, so that the user can see who answered.
    const QString message = dial.result().error().message;
    QVERIFY2(message.contains(other.toString()), qPrintable(message));
    QVERIFY2(message.contains(world.at(2).peerId().toString()), qPrintable(message));
    world.simulation.runFor(1min);
    QVERIFY(world.log.opened.isEmpty() && world.log.closed.isEmpty());
    QVERIFY(world.logOf(2).opened.isEmpty() && world.logOf(2).closed.isEmpty());
    QCOMPARE(world.at(2).stats().handshakesFailed, 1u);
    QCOMPARE(world.at(2).stats().connections, 0);
}

void tst_Dialling::nobodyThereTimesOut_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("port");
    QTest::addColumn<int>("seconds");
    QTest::newRow("no such host") << 77 << 4000 << 10;
    QTest::newRow("closed port") << 2 << 4001 << 10;
    QTest::newRow("closed port, short time-out") << 2 << 4001 << 2;
}

void tst_Dialling::nobodyThereTimesOut()
{
    QFETCH(int, number);
    QFETCH(int, port);
    QFETCH(int, seconds);
    EndpointConfig config;
    config.setHandshakeTimeout(std::chrono::seconds(seconds));
    World world(config);
    world.add(2);
    const quint64 start = world.simulation.now();
    const auto dial = world.dialler.connectTo(
        PeerAddress(World::hostAddress(number), quint16(port)));
    QCOMPARE(world.errorOf(dial), ErrorCode::HandshakeTimeout);
    const double took = double(world.simulation.now() - start) / 1e9;
    QVERIFY2(took >= seconds && took < seconds + 0.1, qPrintable(QString::number(took)));
    QVERIFY(world.log.opened.isEmpty());
    QVERIFY(world.log.errors.isEmpty()); // the future has told it
    // The endpoint is none the worse for it.
    const auto next = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(next));
    QVERIFY(next.result().isOk());
}

void tst_Dialling::peerThatDoesNotListenTimesOut()
{
    World world;
    world.add(2);
    EndpointConfig config;
    config.setIdentity(sharedIdentity(3));
    const auto host = world.simulation.host({World::hostAddress(3)});
    SimulatedEndpoint quiet(config, host);
    const auto its = quiet.connectTo(World::address(2));
    QVERIFY(world.finish(its));
    const auto dial = world.dialler.connectTo(PeerAddress(World::hostAddress(3), quiet.localPort()));
    QCOMPARE(world.errorOf(dial), ErrorCode::HandshakeTimeout);
    QCOMPARE(quiet.connections().size(), 1);
}

void tst_Dialling::peerThatClosesDuringTheHandshakeTellsSo_data()
{
    QTest::addColumn<int>("milliseconds");
    // One way takes 5 ms: at 15 the acceptor has made a connection, at 25 the handshake is complete.
    for (const int milliseconds : {16, 20, 24})
        QTest::addRow("after %d ms", milliseconds) << milliseconds;
}

void tst_Dialling::peerThatClosesDuringTheHandshakeTellsSo()
{
    QFETCH(int, milliseconds);
    World world;
    world.add(2);
    const auto dial = world.dialler.connectTo(World::address(2));
    world.simulation.runFor(std::chrono::milliseconds(milliseconds));
    QVERIFY(!dial.isFinished());
    QCOMPARE(world.at(2).stats().connections, 1);
    world.at(2).close();
    QVERIFY(world.finish(dial, 1s));
    QCOMPARE(dial.result().error().code, ErrorCode::ClosedByPeer);
    world.simulation.runFor(1min);
    QCOMPARE(world.at(2).state(), Endpoint::State::Closed);
    QCOMPARE(world.logOf(2).opened.size(), world.logOf(2).closed.size());
    QVERIFY(world.log.opened.isEmpty());
}

void tst_Dialling::firstMessageReachesWhoeverWaitsForTheDial_data()
{
    QTest::addColumn<QByteArray>("way");
    QTest::newRow("a slot of the signal") << QByteArray("signal");
    QTest::newRow("a continuation of the future") << QByteArray("continuation");
    QTest::newRow("a watcher of the future, as QCoro has") << QByteArray("watcher");
}

void tst_Dialling::firstMessageReachesWhoeverWaitsForTheDial()
{
    QFETCH(QByteArray, way);
    World world;
    world.add(2, 100us); // so near that nothing is paced: the hello and what follows come together
    // The acceptor speaks first, and at once.
    QObject::connect(&world.at(2), &Endpoint::connectionOpened, &world.at(2),
                     [](Connection *connection) {
                         connection->send(Message("welcome"));
                         connection->request(Message("who are you?"));
                     });
    int messages = 0;
    int requests = 0;
    const auto listenTo = [&](Connection *connection) {
        QObject::connect(connection, &Connection::messageReceived, connection, [&] { ++messages; });
        QObject::connect(connection, &Connection::requestReceived, connection, [&] { ++requests; });
    };
    QFutureWatcher<Result<QPointer<Connection>>> watcher;
    if (way == "signal")
        QObject::connect(&world.dialler, &Endpoint::connectionOpened, &world.dialler, listenTo);
    auto dial = world.dialler.connectTo(World::address(2));
    if (way == "continuation") {
        dial.then([&](const Result<QPointer<Connection>> &result) { listenTo(result.value()); });
    } else if (way == "watcher") {
        QObject::connect(&watcher, &QFutureWatcherBase::finished, &watcher,
                         [&] { listenTo(watcher.result().value()); });
        watcher.setFuture(dial);
    }
    world.simulation.runFor(1s);
    QCOMPARE(messages, 1);
    QCOMPARE(requests, 1);
}

void tst_Dialling::peerThatNeverGreetsTimesOut()
{
    World world;
    world.add(2);
    const quint64 start = world.simulation.now();
    const auto dial = world.dialler.connectTo(World::address(2));
    // With Retry the handshake takes two round trips; the hello is in what follows.
    world.simulation.after(23ms,
                           [&] { world.simulation.blackhole(world.hostOf(2), world.diallerHost); });
    QCOMPARE(world.errorOf(dial), ErrorCode::HandshakeTimeout);
    QCOMPARE(int((world.simulation.now() - start) / 1'000'000'000), 10);
    QVERIFY(world.log.opened.isEmpty());
}

void tst_Dialling::otherNetworkIsRefusedAtBothSides()
{
    World world(inNetwork("one"));
    world.add(2, 5ms, inNetwork("another"));
    const auto dial = world.dialler.connectTo(World::address(2));
    QCOMPARE(world.errorOf(dial), ErrorCode::WrongNetwork);
    world.simulation.runFor(1min);
    QVERIFY(world.log.opened.isEmpty() && world.log.closed.isEmpty());
    QVERIFY(world.logOf(2).opened.isEmpty() && world.logOf(2).closed.isEmpty());
    QCOMPARE(world.at(2).stats().connections, 0);
    QCOMPARE(world.at(2).stats().handshakesFailed, 1u);
}

void tst_Dialling::fullPeerRefuses()
{
    EndpointConfig config;
    config.setMaxConnections(2);
    World world;
    world.add(2, 5ms, config);
    const auto first = world.dialler.connectTo(World::address(2));
    const auto second = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(first) && world.finish(second));
    const quint64 start = world.simulation.now();
    const auto third = world.dialler.connectTo(World::address(2));
    QCOMPARE(world.errorOf(third), ErrorCode::ConnectionRefused);
    QVERIFY(world.simulation.now() - start < 1'000'000'000); // told, not timed out
    QCOMPARE(world.logOf(2).opened.size(), 2);
    QVERIFY(world.works(first.result().value(), world.logOf(2).opened.at(0)));

    second.result().value()->close();
    world.simulation.runFor(10s);
    const auto fourth = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(fourth));
    QVERIFY(fourth.result().isOk());
}

void tst_Dialling::addressThatCannotWorkIsRefused_data()
{
    QTest::addColumn<PeerAddress>("address");
    QTest::newRow("null") << PeerAddress();
    QTest::newRow("no port") << PeerAddress(ip("192.0.2.2"), 0);
    QTest::newRow("no host") << PeerAddress(QString(), 4000);
}

void tst_Dialling::addressThatCannotWorkIsRefused()
{
    QFETCH(PeerAddress, address);
    World world;
    world.add(2);
    const auto dial = world.dialler.connectTo(address);
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::InvalidArgument);
    const auto race = world.dialler.connectToAny({World::address(2), address});
    QVERIFY(race.isFinished());
    QCOMPARE(race.result().error().code, ErrorCode::InvalidArgument);
    QCOMPARE(world.dialler.state(), Endpoint::State::Idle);
}

void tst_Dialling::otherFamilyThanTheSocketsIsRefused()
{
    World world;
    world.add(2);
    QVERIFY(world.dialler.listen(ip("192.0.2.1")).isOk());
    const auto dial = world.dialler.connectTo(PeerAddress(World::ipv6Address(2), World::Port));
    QVERIFY(world.finish(dial, 1s));
    QCOMPARE(dial.result().error().code, ErrorCode::AddressNotAvailable);
    const auto race = world.dialler.connectToAny(
        {PeerAddress(World::ipv6Address(2), World::Port), World::address(2)});
    QVERIFY(world.finish(race, 1s));
    QVERIFY(race.result().isOk());
}

void tst_Dialling::everyRetryModeConnects_data()
{
    QTest::addColumn<EndpointConfig::RetryMode>("mode");
    QTest::addColumn<int>("roundTrips");
    QTest::newRow("always") << EndpointConfig::RetryMode::Always << 3;
    QTest::newRow("under load") << EndpointConfig::RetryMode::UnderLoad << 2;
    QTest::newRow("never") << EndpointConfig::RetryMode::Never << 2;
}

void tst_Dialling::everyRetryModeConnects()
{
    QFETCH(EndpointConfig::RetryMode, mode);
    QFETCH(int, roundTrips);
    EndpointConfig config;
    config.setRetryMode(mode);
    World world;
    world.add(2, 50ms, config);
    const quint64 start = world.simulation.now();
    const auto dial = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    const double took = double(world.simulation.now() - start) / 1e8;
    QVERIFY2(took >= roundTrips && took < roundTrips + 0.3, qPrintable(QString::number(took)));
    QCOMPARE(world.at(2).stats().retriesSent, quint64(roundTrips - 2));
}

void tst_Dialling::retryBeginsUnderLoad()
{
    EndpointConfig config;
    config.setRetryMode(EndpointConfig::RetryMode::UnderLoad);
    World world;
    world.add(2, 5ms, config);
    // 64 diallers that never hear the answer, in a private network so that no limit is in their way.
    std::vector<std::unique_ptr<Endpoint>> silent;
    for (quint32 i = 0; i < 64; ++i) {
        const auto host = world.simulation.host({QHostAddress(0x0a000001u + i)});
        world.simulation.blackhole(world.hostOf(2), host);
        silent.push_back(std::make_unique<SimulatedEndpoint>(World::withIdentity({}, 3), host));
        silent.back()->connectTo(World::address(2));
        if (i == 62) {
            world.simulation.runFor(1s);
            QCOMPARE(world.at(2).stats().halfOpen, 63);
            QVERIFY(world.finish(world.dialler.connectTo(World::address(2)), 1s));
            QCOMPARE(world.at(2).stats().retriesSent, 0u);
        }
    }
    world.simulation.runFor(1s);
    QCOMPARE(world.at(2).stats().halfOpen, 64);
    const auto dial = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(dial, 1s));
    QVERIFY(dial.result().isOk());
    QCOMPARE(world.at(2).stats().retriesSent, 1u);
}

void tst_Dialling::silentDiallerHoldsUpNobody()
{
    World world;
    world.add(2);
    const auto host = world.simulation.host({ip("10.0.0.1")});
    SimulatedEndpoint silent(World::withIdentity({}, 3), host);
    const auto its = silent.connectTo(World::address(2));
    world.simulation.after(15ms, [&] { world.simulation.blackhole(host, world.hostOf(2)); });
    world.simulation.runFor(1s);
    QCOMPARE(world.at(2).stats().halfOpen, 1);
    const auto dial = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(dial, 100ms));
    QVERIFY(dial.result().isOk());
    QVERIFY(!its.isFinished());
    // And the time-out of the handshake ends it.
    world.simulation.runFor(15s);
    QCOMPARE(world.at(2).stats().halfOpen, 0);
    QVERIFY(its.isFinished());
    QCOMPARE(its.result().error().code, ErrorCode::HandshakeTimeout);
}

QTEST_GUILESS_MAIN(tst_Dialling)
#include "tst_dialling.moc"
