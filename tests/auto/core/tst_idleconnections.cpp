// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What many idle connections cost: wake-ups and packets, in virtual time.

#include "countingenvironment.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QHash>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr int Count = 200;
constexpr auto KeepAlive = 5s;

} // namespace

class tst_IdleConnections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void connectionsShareWakeUps();
    void noKeepAliveIsLateAndFewAreEarly();
    void aBusyPeerIsNotTakenForALoss();
    void aProofIsAskedForOnce();
    void deadPeersAreNoticedInTime();

private:
    class World;
};

//! \brief One endpoint with connections to another, opened at even distances over the period of a keep-alive.
class tst_IdleConnections::World
{
public:
    explicit World(int count)
        : diallerHost(simulation.host({QHostAddress(QStringLiteral("192.0.2.1"))}))
        , acceptorHost(simulation.host({QHostAddress(QStringLiteral("192.0.2.2"))}))
        , dialling(std::make_shared<CountingEnvironment>(diallerHost))
        , accepting(std::make_shared<CountingEnvironment>(acceptorHost))
        , dialler(config(1, KeepAlive), dialling)
        , acceptor(config(2, 0ms), accepting)
    {
        simulation.setLinks(diallerHost, acceptorHost, {.latency = 5ms});
        if (!acceptor.listen(QHostAddress(QStringLiteral("192.0.2.2")), 4000)
            || !dialler.listen(QHostAddress(QStringLiteral("192.0.2.1"))))
            qFatal("Nothing listens.");
        const PeerAddress address(QHostAddress(QStringLiteral("192.0.2.2")), 4000);
        for (int i = 0; i < count; ++i) {
            const auto dial = dialler.connectTo(address);
            simulation.runFor(std::chrono::nanoseconds(KeepAlive) / count);
            if (!simulation.runUntil([&] { return dial.isFinished(); }, 10s) || !dial.result())
                qFatal("A dial failed.");
        }
        simulation.runFor(30s);
    }

    Simulation simulation;
    Simulation::Host diallerHost;
    Simulation::Host acceptorHost;
    std::shared_ptr<CountingEnvironment> dialling;
    std::shared_ptr<CountingEnvironment> accepting;
    SimulatedEndpoint dialler;
    SimulatedEndpoint acceptor;

private:
    static EndpointConfig config(int identity, std::chrono::milliseconds keepAlive)
    {
        EndpointConfig config;
        config.setIdentity(sharedIdentity(identity));
        config.setMaxConnectionsPerAddress(2 * Count);
        config.setIdleTimeout(15s);
        config.setKeepAliveInterval(keepAlive);
        return config;
    }
};

void tst_IdleConnections::connectionsShareWakeUps()
{
    World world(Count);
    (void)world.dialling->takeCounts();
    (void)world.accepting->takeCounts();
    const auto before = world.dialler.stats().datagramsSent;
    world.simulation.runFor(1min);
    const auto dialling = world.dialling->takeCounts();
    const auto accepting = world.accepting->takeCounts();
    const quint64 datagrams = world.dialler.stats().datagramsSent - before;
    qInfo(
        "%d idle connections, in a minute: dialler %d timeouts, %d armings, %d arrivals; acceptor "
        "%d, %d, %d; %llu datagrams of the dialler.",
        Count, dialling.timeouts, dialling.armings, dialling.arrivals, accepting.timeouts,
        accepting.armings, accepting.arrivals, datagrams);
    QCOMPARE(world.dialler.connections().size(), Count);
    // Each by itself: 2,400 keep-alives, and as many answers.
    QVERIFY2(dialling.wakeUps() < 1200, qPrintable(QString::number(dialling.wakeUps())));
    QVERIFY2(dialling.armings < 1200, qPrintable(QString::number(dialling.armings)));
    QVERIFY2(accepting.wakeUps() < 1200, qPrintable(QString::number(accepting.wakeUps())));
    // Of all, half of the answers want one themselves; and what is early comes more often.
    QVERIFY2(datagrams < 3900, qPrintable(QString::number(datagrams)));
}

void tst_IdleConnections::noKeepAliveIsLateAndFewAreEarly()
{
    // By connection ID: when anything was sent or received. The first PING of each is of no account.
    QHash<QByteArray, quint64> latest;
    quint64 longest = 0;
    double sum = 0;
    int intervals = 0;
    World world(Count);
    world.simulation.onDatagram = [&](Wire &wire) {
        if (wire.to.port() != 4000)
            return WireAction::Deliver;
        quint64 &last = latest[wire.data.mid(1, 8)];
        const quint64 now = world.simulation.now();
        // What follows within a second is an acknowledgement.
        if (last > 0 && now - last > 1'000'000'000) {
            longest = std::max(longest, now - last);
            sum += double(now - last);
            ++intervals;
        }
        last = now;
        return WireAction::Deliver;
    };
    world.simulation.runFor(2min);
    QCOMPARE(latest.size(), Count);
    QVERIFY(intervals > Count * 22);
    // From hearing the peer, which is a round trip and its delay after the earlier one.
    QVERIFY2(longest <= 5'030'000'000, qPrintable(QString::number(longest)));
    QVERIFY2(sum / intervals > 4.7e9, qPrintable(QString::number(sum / intervals)));
}

//! The probe timeout of a short path is less than what a peer may take to wake up.
void tst_IdleConnections::aBusyPeerIsNotTakenForALoss()
{
    World world(1);
    world.simulation.setLinks(world.diallerHost, world.acceptorHost, {.latency = 100us});
    world.simulation.runFor(2min); // in which the round trip is learnt
    QVERIFY(world.dialler.connections().constFirst()->stats().smoothedRtt < 3ms);
    const auto packets = [&] {
        return world.dialler.connections().constFirst()->stats().packetsSent;
    };
    world.simulation.setLinks(world.diallerHost, world.acceptorHost, {.latency = 9ms});
    // Of two keep-alives, because an answer to one of them wants one itself.
    for (int i = 0; i < 2; ++i) {
        const quint64 before = packets();
        QVERIFY(world.simulation.runUntil([&] { return packets() > before; }, 6s));
        world.simulation.runFor(500ms);
        QVERIFY2(packets() - before <= 2, qPrintable(QString::number(packets() - before)));
    }
}

void tst_IdleConnections::aProofIsAskedForOnce()
{
    World world(1);
    world.simulation.blackhole(world.acceptorHost, world.diallerHost);
    const quint64 before = world.dialler.stats().datagramsSent;
    world.dialler.checkConnections();
    QVERIFY(world.simulation.runUntil([&] { return world.dialler.connections().isEmpty(); }, 3s));
    // And what the probe timeouts ask for, each after twice the time.
    const quint64 datagrams = world.dialler.stats().datagramsSent - before;
    QVERIFY2(datagrams >= 1 && datagrams < 20, qPrintable(QString::number(datagrams)));
}

void tst_IdleConnections::deadPeersAreNoticedInTime()
{
    World world(Count);
    EndpointLog log(&world.dialler);
    world.simulation.blackhole(world.diallerHost, world.acceptorHost);
    world.simulation.blackhole(world.acceptorHost, world.diallerHost);
    // After the keep-alive that nobody answers, the idle time.
    world.simulation.runFor(14s);
    QVERIFY(log.closed.isEmpty());
    QVERIFY(world.simulation.runUntil([&] { return log.closed.size() == Count; }, 6050ms));
    for (const auto &closed : std::as_const(log.closed))
        QCOMPARE(closed.reason.code, ErrorCode::IdleTimeout);
}

QTEST_GUILESS_MAIN(tst_IdleConnections)
#include "tst_idleconnections.moc"
