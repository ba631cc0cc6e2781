// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Several connections of one endpoint: dialled at a time, later, both ways, to itself and anew.

#include "diallingworld.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_ManyConnections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void concurrentDialsOpenConnectionsOfTheirOwn();
    void connectionsAreListedOldestFirst();
    void laterDialOpensAnotherConnection();
    void bothMayDialAtOnce();
    void endpointMayDialItself();
    void listeningAfterADialUsesItsPort();
    void restartedDiallerIsNotTakenForTheOldOne();
};

void tst_ManyConnections::concurrentDialsOpenConnectionsOfTheirOwn()
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

void tst_ManyConnections::connectionsAreListedOldestFirst()
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

void tst_ManyConnections::laterDialOpensAnotherConnection()
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

void tst_ManyConnections::bothMayDialAtOnce()
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

void tst_ManyConnections::endpointMayDialItself()
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

void tst_ManyConnections::listeningAfterADialUsesItsPort()
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

void tst_ManyConnections::restartedDiallerIsNotTakenForTheOldOne()
{
    // A client that lost its network dials again from the same address and port while the acceptor
    // still believes in the old connection.
    World world;
    world.add(2);
    const auto host = world.simulation.host({ip("10.0.0.1")});
    auto client = std::make_unique<SimulatedEndpoint>(World::withIdentity({}, 3), host);
    QVERIFY(client->listen(QHostAddress(QHostAddress::Any), 5000).isOk());
    QVERIFY(world.finish(client->connectTo(World::address(2))));
    world.simulation.runFor(1s);
    world.simulation.onDatagram = [](Wire &) { return WireAction::Drop; };
    client.reset();
    world.simulation.onDatagram = {};

    client = std::make_unique<SimulatedEndpoint>(World::withIdentity({}, 3), host);
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

QTEST_GUILESS_MAIN(tst_ManyConnections)
#include "tst_manyconnections.moc"
