// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The simulation that other tests stand on: NAT, time, timers, and that equal seeds give equal worlds.

#include "simulatedprogram.h"

#include <shared/simulatedhost.h>
#include <shared/simulation.h>

#include <QPointer>
#include <QTest>
#include <QTimer>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Io::SendStatus;

class tst_Simulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // NAT and forgers
    void natHidesAndRebinds();
    void natForgetsTheOldMapping();
    void natFilters_data();
    void natFilters();

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

void tst_Simulation::timersFireInOrderAtTheirTime()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    QList<int> order;
    QList<Io::Time> times;
    std::vector<std::unique_ptr<Io::Timer>> timers;
    for (int i = 0; i < 6; ++i) {
        timers.push_back(host->makeTimer([&, i] {
            order.append(i);
            times.append(host->now());
        }));
    }
    const Io::Time start = host->now();
    timers[0]->arm(start + 300ns);
    timers[1]->arm(start + 100ns);
    timers[2]->arm(start + 200ns);
    timers[3]->arm(start + 50ns);
    timers[4]->arm(start + 200ns);
    timers[5]->arm(Io::Never);
    timers[3]->arm(start + 200ns); // later than before, and after its equals
    simulation.runFor(1s);
    QCOMPARE(order, (QList<int>{1, 2, 4, 3, 0}));
    QCOMPARE(times,
             (QList<Io::Time>{start + 100ns, start + 200ns, start + 200ns, start + 200ns,
                              start + 300ns}));
}

void tst_Simulation::timerMayBeArmedAgainDisarmedAndDestroyed()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const Io::Time start = host->now();
    QList<std::chrono::nanoseconds> times;

    std::unique_ptr<Io::Timer> timer = host->makeTimer([&] {
        times.append(host->now() - start);
        if (times.size() < 3)
            timer->arm(host->now() + 10ns); // again, from its own handler
        else
            timer.reset();
    });
    timer->arm(start + 1000ns);
    timer->arm(start + 100ns); // earlier
    timer->disarm();
    simulation.runFor(150ns);
    QCOMPARE(times.size(), 0);
    timer->arm(start + 900ns);
    timer->arm(start + 800ns);
    timer->arm(start + 850ns); // the entry for 800 must not fire it
    simulation.runFor(1s);
    QCOMPARE(times, (QList<std::chrono::nanoseconds>{850ns, 860ns, 870ns}));
    QVERIFY(!timer);

    // What is left of an earlier deadline does not fire a later one
    times.clear();
    const Io::Time again = host->now();
    std::unique_ptr<Io::Timer> later = host->makeTimer([&] {
        times.append(host->now() - again);
        if (times.size() == 1)
            later->arm(again + 2000ns);
    });
    later->arm(again + 1000ns);
    later->arm(again + 100ns);
    simulation.runFor(1s);
    QCOMPARE(times, (QList<std::chrono::nanoseconds>{100ns, 2000ns}));

    int fired = 0;
    auto doomed = host->makeTimer([&] { ++fired; });
    doomed->arm(host->now() + 10ns);
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
    timer->arm(Io::Time());
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
    simulation->onDatagram = [](Wire &) { return WireAction::Deliver; };
    const auto host = simulation->host({ip("192.0.2.1")});
    Program program(host);
    const auto timer = host->makeTimer([host] {});
    timer->arm(host->now() + 1000ns);
    simulation->after(1h, [host] {});
    simulation.reset();
    QCOMPARE(program.send(at("192.0.2.1", 1000), "x").status, SendStatus::Sent);
    QCOMPARE(host->now(), Io::Time(1s));
    timer->arm(host->now() + 5ns);
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
