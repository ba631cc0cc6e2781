// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dialling, in every way that it can go: who is reached, who is told, and what is left behind.
#include <shared/endpointpair.h>

#include <QFutureWatcher>
#include <QTest>

#include <algorithm>
#include <map>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

using Dialling = QFuture<Result<QPointer<Connection>>>;

QHostAddress ip(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

EndpointConfig inNetwork(const char *name)
{
    EndpointConfig config;
    config.setNetworkName(QString::fromLatin1(name));
    return config;
}

//! Endpoints on hosts of their own. The dialler is 192.0.2.1; the others are named by their number.
class World
{
public:
    explicit World(const EndpointConfig &diallerConfig = {})
        : diallerHost(simulation.host({ip("192.0.2.1"), ip("2001:db8::1")}))
        , dialler(withIdentity(diallerConfig, 1), diallerHost)
        , log(&dialler)
    {
    }

    //! A host that hears the dialler after \a latency, with an endpoint that listens there.
    Endpoint *add(int number, std::chrono::nanoseconds latency = 5ms,
                  const EndpointConfig &config = {})
    {
        Party &party = m_parties[number];
        party.host = simulation.host({hostAddress(number), ipv6Address(number)});
        simulation.setLinks(diallerHost, party.host, {.latency = latency});
        party.endpoint = std::make_unique<Endpoint>(withIdentity(config, number), party.host);
        party.log = std::make_unique<EndpointLog>(party.endpoint.get());
        const Result<void> listening = party.endpoint->listen(QHostAddress(QHostAddress::Any), Port);
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
        return party.endpoint.get();
    }

    //! Also of those that don't exist.
    static PeerAddress address(int number, const PeerId &expected = {})
    {
        return PeerAddress(hostAddress(number), Port, expected);
    }
    static QHostAddress hostAddress(int number)
    {
        return QHostAddress(0xc0000200u + quint32(number));
    }
    static QHostAddress ipv6Address(int number)
    {
        return QHostAddress(QStringLiteral("2001:db8::%1").arg(number));
    }
    Endpoint &at(int number) { return *m_parties.at(number).endpoint; }
    const EndpointLog &logOf(int number) { return *m_parties.at(number).log; }
    const Simulation::Host &hostOf(int number) { return m_parties.at(number).host; }

    bool finish(const Dialling &dial, std::chrono::nanoseconds limit = 60s)
    {
        return simulation.runUntil([&] { return dial.isFinished(); }, limit);
    }
    ErrorCode errorOf(const Dialling &dial)
    {
        return finish(dial) ? dial.result().error().code : ErrorCode::None;
    }
    bool works(Connection *from, Connection *to)
    {
        ConnectionLog received(to);
        from->send(Message("does it work?"));
        return simulation.runUntil([&] { return received.messages.size() == 1; }, 10s);
    }

    static constexpr quint16 Port = 4000;

    static EndpointConfig withIdentity(EndpointConfig config, int number)
    {
        config.setIdentity(sharedIdentity(number));
        return config;
    }

    Simulation simulation;
    Simulation::Host diallerHost;
    Endpoint dialler;
    EndpointLog log;

private:
    struct Party
    {
        Simulation::Host host;
        std::unique_ptr<Endpoint> endpoint;
        std::unique_ptr<EndpointLog> log;
    };
    std::map<int, Party> m_parties;
};

} // namespace

class tst_Dialling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // One peer
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

    // Several connections
    void concurrentDialsOpenConnectionsOfTheirOwn();
    void connectionsAreListedOldestFirst();
    void laterDialOpensAnotherConnection();
    void bothMayDialAtOnce();
    void endpointMayDialItself();
    void listeningAfterADialUsesItsPort();
    void restartedDiallerIsNotTakenForTheOldOne();

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

// ---- one peer

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
    Endpoint quiet(config, host);
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
        silent.push_back(std::make_unique<Endpoint>(World::withIdentity({}, 3), host));
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
    Endpoint silent(World::withIdentity({}, 3), host);
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

// ---- several connections

void tst_Dialling::concurrentDialsOpenConnectionsOfTheirOwn()
{
    World world;
    world.add(2);
    QList<Dialling> dials;
    for (int i = 0; i < 5; ++i)
        dials.append(world.dialler.connectTo(World::address(2)));
    QSet<quint64> ids;
    for (const Dialling &dial : dials) {
        QVERIFY(world.finish(dial));
        QVERIFY(dial.result().isOk());
        ids.insert(dial.result().value()->id());
    }
    QCOMPARE(ids.size(), 5);
    world.simulation.runFor(1s);
    QCOMPARE(world.logOf(2).opened.size(), 5);
    // Each message arrives on one of them.
    std::vector<std::unique_ptr<ConnectionLog>> logs;
    for (const auto &connection : world.logOf(2).opened)
        logs.push_back(std::make_unique<ConnectionLog>(connection));
    for (int i = 0; i < 5; ++i)
        dials.at(i).result().value()->send(Message(QByteArray::number(i)));
    world.simulation.runFor(1s);
    QSet<QByteArray> payloads;
    for (const auto &log : logs) {
        QCOMPARE(log->messages.size(), 1);
        payloads.insert(log->messages.at(0).payload());
    }
    QCOMPARE(payloads.size(), 5);
    // One that ends leaves the others alone.
    dials.at(2).result().value()->close();
    world.simulation.runFor(10s);
    QCOMPARE(world.dialler.connections().size(), 4);
    QCOMPARE(world.at(2).connections().size(), 4);
}

void tst_Dialling::connectionsAreListedOldestFirst()
{
    World world;
    world.add(2, 40ms);
    world.add(3, 20ms);
    world.add(4, 5ms);
    for (const int peer : {2, 4, 3})
        world.dialler.connectTo(World::address(peer));
    world.simulation.runFor(1s);
    QList<PeerId> peers;
    for (Connection *connection : world.dialler.connections())
        peers.append(connection->peerId());
    QCOMPARE(peers,
             QList<PeerId>({world.at(4).peerId(), world.at(3).peerId(), world.at(2).peerId()}));
}

void tst_Dialling::laterDialOpensAnotherConnection()
{
    World world;
    world.add(2);
    QVERIFY(world.dialler.listen(QHostAddress(QHostAddress::Any), World::Port).isOk());
    const auto first = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(first));
    world.simulation.runFor(1s);
    const QPointer<Connection> in = world.logOf(2).opened.at(0);
    ConnectionLog onTheFirst(in);
    ConnectionLog outOnTheFirst(first.result().value());

    const auto second = world.dialler.connectTo(World::address(2));
    QVERIFY(world.finish(second));
    QVERIFY(second.result().value() != first.result().value());
    // Nor is an incoming connection used for a dial in the other direction.
    const auto back = world.at(2).connectTo(PeerAddress(ip("192.0.2.1"), World::Port));
    QVERIFY(world.finish(back));
    QCOMPARE(back.result().value()->direction(), Connection::Direction::Outgoing);
    second.result().value()->send(Message("on the second"));
    back.result().value()->send(Message("on the third"));
    world.simulation.runFor(1s);
    QVERIFY(onTheFirst.messages.isEmpty() && outOnTheFirst.messages.isEmpty());
    QCOMPARE(world.dialler.connections().size(), 3);
    QCOMPARE(world.at(2).connections().size(), 3);
}

void tst_Dialling::bothMayDialAtOnce()
{
    World world;
    world.add(2);
    QVERIFY(world.dialler.listen(QHostAddress(QHostAddress::Any), World::Port).isOk());
    const auto there = world.dialler.connectTo(World::address(2));
    const auto back = world.at(2).connectTo(PeerAddress(ip("192.0.2.1"), World::Port));
    QVERIFY(world.finish(there) && world.finish(back));
    QVERIFY(there.result().isOk() && back.result().isOk());
    world.simulation.runFor(1min);
    QCOMPARE(world.log.opened.size(), 2);
    QCOMPARE(world.logOf(2).opened.size(), 2);
    const auto other = [](const EndpointLog &log, Connection *mine) {
        return log.opened.at(0) == mine ? log.opened.at(1) : log.opened.at(0);
    };
    Connection *incomingThere = other(world.logOf(2), back.result().value());
    Connection *incomingHere = other(world.log, there.result().value());
    QVERIFY(world.works(there.result().value(), incomingThere));
    QVERIFY(world.works(incomingThere, there.result().value()));
    QVERIFY(world.works(back.result().value(), incomingHere));
    QVERIFY(world.works(incomingHere, back.result().value()));
}

void tst_Dialling::endpointMayDialItself()
{
    World world;
    world.add(2);
    const auto dial = world.at(2).connectTo(World::address(2));
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    world.simulation.runFor(1s);
    QCOMPARE(world.logOf(2).opened.size(), 2);
    Connection *out = dial.result().value();
    Connection *in = world.logOf(2).opened.at(0) == out ? world.logOf(2).opened.at(1)
                                                        : world.logOf(2).opened.at(0);
    QCOMPARE(out->peerId(), world.at(2).peerId());
    QVERIFY(world.works(out, in) && world.works(in, out));
    out->close();
    world.simulation.runFor(1s);
    QCOMPARE(world.logOf(2).closed.size(), 2);
}

void tst_Dialling::listeningAfterADialUsesItsPort()
{
    World world;
    world.add(2);
    const auto dial = world.dialler.connectTo(World::address(2));
    const quint16 port = world.dialler.localPort();
    QVERIFY(port != 0);
    QVERIFY(!world.dialler.isListening());
    QCOMPARE(world.dialler.listen(QHostAddress(QHostAddress::Any), quint16(port + 1)).error().code,
             ErrorCode::WrongState);
    QCOMPARE(world.dialler.listen(ip("192.0.2.1")).error().code, ErrorCode::WrongState);
    QVERIFY(world.dialler.listen().isOk());
    QCOMPARE(world.dialler.localPort(), port);
    QVERIFY(world.dialler.isListening());
    QCOMPARE(world.dialler.listen().error().code, ErrorCode::WrongState); // it does already
    QVERIFY(world.finish(dial));
    const auto back = world.at(2).connectTo(PeerAddress(ip("192.0.2.1"), port));
    QVERIFY(world.finish(back));
    QVERIFY(back.result().isOk());
    QCOMPARE(world.log.states,
             QList<Endpoint::State>({Endpoint::State::Dialling, Endpoint::State::Listening}));
}

void tst_Dialling::restartedDiallerIsNotTakenForTheOldOne()
{
    // A client that lost its network dials again from the same address and port while the acceptor
    // still believes in the old connection.
    World world;
    world.add(2);
    const auto host = world.simulation.host({ip("10.0.0.1")});
    auto client = std::make_unique<Endpoint>(World::withIdentity({}, 3), host);
    QVERIFY(client->listen(QHostAddress(QHostAddress::Any), 5000).isOk());
    QVERIFY(world.finish(client->connectTo(World::address(2))));
    world.simulation.runFor(1s);
    world.simulation.onDatagram = [](Wire &) { return Verdict::Drop; };
    client.reset();
    world.simulation.onDatagram = {};

    client = std::make_unique<Endpoint>(World::withIdentity({}, 3), host);
    QVERIFY(client->listen(QHostAddress(QHostAddress::Any), 5000).isOk());
    const auto dial = client->connectTo(World::address(2));
    QVERIFY(world.finish(dial, 1s));
    QVERIFY(dial.result().isOk());
    world.simulation.runFor(1s);
    QCOMPARE(world.logOf(2).opened.size(), 2);
    QVERIFY(world.works(dial.result().value(), world.logOf(2).opened.at(1)));
    world.simulation.runFor(1min);
    QCOMPARE(world.at(2).connections().size(), 1); // the old one is gone
}

// ---- races

void tst_Dialling::nearestWinsAndTheOthersSeeNothing()
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

void tst_Dialling::deadCandidatesCostNoTime()
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

void tst_Dialling::failureNamesEveryCandidate()
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

void tst_Dialling::linkLocalAddressesNeedTheirInterface()
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

void tst_Dialling::emptyListIsRefused()
{
    World world;
    const auto dial = world.dialler.connectToAny({});
    QVERIFY(dial.isFinished());
    QCOMPARE(dial.result().error().code, ErrorCode::InvalidArgument);
}

void tst_Dialling::duplicatesAreDialledOnce()
{
    World world;
    world.add(2);
    const auto dial = world.dialler.connectToAny(
        {World::address(2), World::address(2), World::address(2)});
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result().isOk());
    QCOMPARE(world.dialler.stats().handshakesStarted, 1u);
}

void tst_Dialling::refusedByTheNearestTheNextWins_data()
{
    QTest::addColumn<int>("why");
    QTest::newRow("wrong network") << 0;
    QTest::newRow("wrong key") << 1;
    QTest::newRow("full") << 2;
}

void tst_Dialling::refusedByTheNearestTheNextWins()
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

void tst_Dialling::silentWinnerIsPassedOver()
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

void tst_Dialling::bothFamiliesRace()
{
    World world;
    world.add(2);
    // IPv6 is broken on the way.
    world.simulation.onDatagram = [](Wire &wire) {
        return wire.to.isIpv6() ? Verdict::Drop : Verdict::Deliver;
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

void tst_Dialling::cancelDropsTheDial_data()
{
    QTest::addColumn<int>("milliseconds");
    for (const int milliseconds : {0, 7, 13, 20, 27, 29})
        QTest::addRow("after %d ms", milliseconds) << milliseconds;
}

void tst_Dialling::cancelDropsTheDial()
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

void tst_Dialling::cancelAfterTheEndKeepsTheConnection()
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

void tst_Dialling::closeFinishesDialsWithCancelled()
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

void tst_Dialling::closedEndpointDoesNotDial()
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

void tst_Dialling::closeWhileTheSocketOpensGivesTheDialUp()
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

QTEST_GUILESS_MAIN(tst_Dialling)
#include "tst_dialling.moc"
