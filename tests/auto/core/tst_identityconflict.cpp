// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Two programs with one identity, as after a machine was copied: a third one finds out, and the two stop fighting.
#include <shared/endpointpair.h>
#include <shared/rogue.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/networkstatus.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/protocol/identityinuse.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

//! Members with this identity are one peer to all others.
NetworkConfig copied(int number = 1)
{
    EndpointConfig endpoint;
    endpoint.setIdentity(sharedIdentity(number));
    NetworkConfig config;
    config.setEndpoint(endpoint);
    return config;
}

qsizetype countOf(const QList<Error> &errors, ErrorCode code)
{
    return std::count_if(errors.cbegin(), errors.cend(),
                         [code](const Error &error) { return error.code == code; });
}

//! What a member says of others with one identity.
struct Conflicts
{
    explicit Conflicts(const Member &member)
    {
        QObject::connect(member.network.get(), &Network::identityConflict, member.network.get(),
                         [this](const PeerId &peer, const QList<PeerAddress> &addresses) {
                             peers.append(peer);
                             where.append(addresses);
                         });
    }
    QList<PeerId> peers;
    QList<QList<PeerAddress>> where;
};

} // namespace

class tst_IdentityConflict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secondProgramIsToldFromARestart_data();
    void secondProgramIsToldFromARestart();
    void theTwoDialEverMoreRarely_data();
    void theTwoDialEverMoreRarely();
    void theOtherIsTakenInOnceTheFirstHasStopped_data();
    void theOtherIsTakenInOnceTheFirstHasStopped();
    void restartsAreNoConflict();
    void slotMayDeleteTheNetwork();
    void noticesOfOnePeerKeepNobodyFromOthers();
    void noticesDelayNoRejoin();
    void strangersThatCloseReportNothing();
    void nobodyElseToAskIsNoNetworkOfOurOwn();
    void newBlocksOfTheFileAreReadAgain();
    void renewedCertificateIsThatOfTheNetwork();
    void noticeIsReadAsItIsWritten();
};

void tst_IdentityConflict::secondProgramIsToldFromARestart_data()
{
    QTest::addColumn<bool>("asNodes");
    QTest::newRow("clients") << false;
    QTest::newRow("nodes") << true;
}

void tst_IdentityConflict::secondProgramIsToldFromARestart()
{
    QFETCH(const bool, asNodes);
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    Conflicts conflicts(hub);
    Member &one = asNodes ? world.node(2, copied()) : world.client(2, copied());
    Member &two = asNodes ? world.node(3, copied()) : world.client(3, copied());
    one.join({world.contact(1)});
    QVERIFY(world.until([&] { return hub.peer(one); }));
    QVERIFY(conflicts.peers.isEmpty());
    const quint64 begin = world.simulation.now();
    two.join({world.contact(1)});
    QVERIFY(world.until([&] { return !conflicts.peers.isEmpty(); }));
    qInfo() << "recognised after" << double(world.simulation.now() - begin) / 1e9 << "s";
    QCOMPARE(conflicts.peers.first(), one.id());
    QCOMPARE(conflicts.where.first().size(), 2);
    QCOMPARE(conflicts.where.first().first().address(), world.address(3)); // the linked one
    QCOMPARE(conflicts.where.first().last().address(), world.address(2));
    // Both learn it, and say it once.
    QVERIFY(world.until(
        [&] {
            return countOf(one.errors, ErrorCode::IdentityInUse) > 0
                && countOf(two.errors, ErrorCode::IdentityInUse) > 0;
        },
        10min));
    qInfo() << "both have reported it after" << double(world.simulation.now() - begin) / 1e9 << "s";
    const qsizetype replaced = hub.disconnected.size();
    QCOMPARE(replaced, 1);
    world.simulation.runFor(2h);
    QCOMPARE(hub.disconnected.size(), replaced); // the one that is linked stays linked
    QVERIFY(two.peer(hub));
    QCOMPARE(countOf(one.errors, ErrorCode::IdentityInUse), 1);
    QCOMPARE(countOf(two.errors, ErrorCode::IdentityInUse), 1);
    QCOMPARE(conflicts.peers.size(), 1);
    QVERIFY(hub.errors.isEmpty());
}

void tst_IdentityConflict::theTwoDialEverMoreRarely_data()
{
    QTest::addColumn<bool>("slowly");
    QTest::newRow("refused before the connection is open") << false;
    QTest::newRow("refused after it, so that a client has joined") << true;
}

void tst_IdentityConflict::theTwoDialEverMoreRarely()
{
    QFETCH(const bool, slowly);
    NetworkWorld world;
    if (slowly) { // the refusal arrives behind the hello
        LinkProfile link;
        link.latency = 20ms;
        link.bytesPerSecond = 50'000;
        world.simulation.setDefaultLink(link);
    }
    Member &hub = world.node(1);
    Member &other = world.node(4);
    QVERIFY(world.linked(hub, other));
    Member &one = world.client(2, copied());
    Member &two = world.client(3, copied());
    for (Member *member : {&one, &two})
        member->join({world.contact(1), world.contact(4)});
    const auto dials = [&] {
        return one.network->endpoint()->stats().handshakesStarted
            + two.network->endpoint()->stats().handshakesStarted;
    };
    quint64 before = 0;
    QList<quint64> ofTenMinutes;
    for (int i = 0; i < 6; ++i) {
        world.simulation.runFor(10min);
        ofTenMinutes.append(dials() - before);
        before = dials();
    }
    qInfo() << "dials of both programs in ten minutes:" << ofTenMinutes;
    // Two hubs, each tried by one of them about every four minutes at most.
    QVERIFY(ofTenMinutes.last() <= 20);
    QVERIFY(hub.disconnected.size() + other.disconnected.size() <= 8);
}

void tst_IdentityConflict::theOtherIsTakenInOnceTheFirstHasStopped_data()
{
    QTest::addColumn<bool>("leaves");
    QTest::newRow("it leaves") << true;
    QTest::newRow("it dies") << false;
}

void tst_IdentityConflict::theOtherIsTakenInOnceTheFirstHasStopped()
{
    QFETCH(const bool, leaves);
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    Member &one = world.client(2, copied());
    Member &two = world.client(3, copied());
    one.join({world.contact(1)});
    QVERIFY(world.until([&] { return one.peer(hub); }));
    two.join({world.contact(1)});
    QVERIFY(world.until([&] { return countOf(one.errors, ErrorCode::IdentityInUse) > 0; }, 10min));
    world.simulation.runFor(1h);
    QVERIFY(two.peer(hub));
    QVERIFY(!one.peer(hub));
    const quint64 stopped = world.simulation.now();
    if (leaves) {
        two.network->leave();
    } else {
        world.simulation.blackhole(two.host, hub.host);
        two.network.reset();
    }
    QVERIFY(world.until([&] { return one.peer(hub); }, 6min));
    qInfo() << "taken in after" << double(world.simulation.now() - stopped) / 1e9 << "s";
    // It stays linked, and what was said is forgotten.
    world.simulation.runFor(1h);
    QVERIFY(one.peer(hub));
    QCOMPARE(countOf(one.errors, ErrorCode::IdentityInUse), 1);
}

void tst_IdentityConflict::restartsAreNoConflict()
{
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    Conflicts conflicts(hub);
    const Simulation::Host host = world.simulation.host({world.address(2)});
    NetworkConfig config = copied();
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    for (int run = 0; run < 20; ++run) {
        Member member(host, config);
        const auto joined = member.join({world.contact(1)});
        QVERIFY(world.finish(joined));
        QVERIFY(joined.result());
        QVERIFY(world.until([&] { return hub.peer(member); }));
        // Killed: no peer hears of it.
        world.simulation.blackhole(host, hub.host);
        member.network.reset();
        world.simulation.heal(host, hub.host);
    }
    QVERIFY(conflicts.peers.isEmpty());
    QVERIFY(hub.errors.isEmpty());
    QCOMPARE(hub.disconnected.size(), 19);
}

void tst_IdentityConflict::slotMayDeleteTheNetwork()
{
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    Member &one = world.client(2, copied());
    Member &two = world.client(3, copied());
    QObject::connect(hub.network.get(), &Network::identityConflict, hub.network.get(),
                     [&] { hub.network.reset(); });
    for (Member *member : {&one, &two}) {
        QObject::connect(member->network.get(), &Network::errorOccurred, member->network.get(),
                         [member] { member->network.reset(); });
        member->join({world.contact(1)});
    }
    QVERIFY(world.until([&] { return !hub.network; }));
    world.simulation.runFor(10min);
}

//! What a peer says of our identity is not proven.
void tst_IdentityConflict::noticesOfOnePeerKeepNobodyFromOthers()
{
    NetworkWorld world;
    Member &victim = world.node(1);
    victim.join();
    Rogue rogue(world, 2, Engine::Hello::Role::Client);
    QVERIFY(rogue.dial(world, world.contact(1)));
    for (int i = 0; i < 100; ++i) {
        Peering::Access::send(*rogue.connection, encode(Peering::IdentityInUse{}));
        world.simulation.runFor(1s);
    }
    QCOMPARE(countOf(victim.errors, ErrorCode::IdentityInUse), 1);
    Member &honest = world.node(3);
    Member &client = world.client(4);
    honest.join();
    const auto dialled = victim.network->connectTo(world.contact(3));
    QVERIFY(world.finish(dialled, 5s));
    QVERIFY(dialled.result());
    QVERIFY(world.finish(client.join({world.contact(1)}), 5s));
    QVERIFY(client.peer(victim));
}

//! All of its links are lost just then.
void tst_IdentityConflict::noticesDelayNoRejoin()
{
    NetworkWorld world;
    Member &hub = world.node(1, copied(2));
    Member &victim = world.node(2);
    QVERIFY(world.linked(hub, victim));
    Rogue rogue(world, 3, Engine::Hello::Role::Client);
    QVERIFY(rogue.dial(world, world.contact(2)));
    for (int i = 0; i < 5; ++i)
        Peering::Access::send(*rogue.connection, encode(Peering::IdentityInUse{}));
    world.simulation.runFor(5s);
    rogue.endpoint.reset();
    const NetworkConfig config = hub.network->config();
    hub.network.reset();
    QVERIFY(world.until([&] { return victim.network->peers().isEmpty(); }));
    hub.network = std::make_unique<SimulatedNetwork>(config, hub.host);
    hub.join();
    QVERIFY(world.until([&] { return victim.peer(hub); }, 3s));
}

//! They have dialled us, and we would not dial them anyway.
void tst_IdentityConflict::strangersThatCloseReportNothing()
{
    NetworkWorld world;
    Member &victim = world.node(1);
    victim.join();
    for (int number = 2; number < 5; ++number) {
        Rogue rogue(world, number, Engine::Hello::Role::Client);
        QVERIFY(rogue.dial(world, world.contact(1)));
        world.simulation.runFor(1s);
        Peering::Access::close(*rogue.connection, Engine::CloseCode::IdentityInUse, {});
        world.simulation.runFor(1s);
    }
    QVERIFY(victim.errors.isEmpty());
}

void tst_IdentityConflict::nobodyElseToAskIsNoNetworkOfOurOwn()
{
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    Member &one = world.client(2, copied());
    Member &two = world.client(3, copied());
    one.join({world.contact(1)});
    QVERIFY(world.until([&] { return one.peer(hub); }));
    two.join({world.contact(1)});
    QVERIFY(world.until([&] { return countOf(one.errors, ErrorCode::IdentityInUse) > 0; }, 10min));
    for (int second = 0; second < 1800; ++second) {
        world.simulation.runFor(1s);
        QVERIFY(one.network->state() != Network::State::Joined);
    }
    QVERIFY(one.network->status().nextAttempt);
    QVERIFY(world.until([&] { return one.network->state() == Network::State::Waiting; }));
    // Not if the program asks for it either; it learns why.
    const quint64 before = one.network->endpoint()->stats().handshakesStarted;
    const auto again = one.join();
    QVERIFY(world.finish(again, 1s));
    QCOMPARE(again.result().error().code, ErrorCode::IdentityInUse);
    QCOMPARE(one.network->endpoint()->stats().handshakesStarted, before);
    // A contact that says nothing of that kind is dialled meanwhile.
    Member &other = world.node(4);
    other.join();
    QVERIFY(world.finish(one.join({world.contact(1), world.contact(4)}), 5s));
    QVERIFY(one.peer(other));
}

// ---- what is read again

void tst_IdentityConflict::newBlocksOfTheFileAreReadAgain()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("blocked.jsonl"));
    NetworkWorld world;
    NetworkConfig config;
    config.setBlockListFile(file);
    Member &hub = world.node(1, config);
    hub.join();
    QVERIFY(hub.network->reloadBlockList().isOk()); // nothing is there yet
    Member &one = world.client(2);
    Member &two = world.client(3);
    for (Member *member : {&one, &two})
        QVERIFY(world.finish(member->join({world.contact(1)})));
    QVERIFY(hub.peer(one) && hub.peer(two));
    Peering::BlockList elsewhere; // of another program
    QVERIFY(elsewhere.open(file).isOk());
    QVERIFY(elsewhere.add(one.id()).isOk());
    QCOMPARE(hub.network->blockedPeers().size(), 0);
    QVERIFY(hub.network->reloadBlockList().isOk());
    QCOMPARE(hub.network->blockedPeers(), QList<PeerId>{one.id()});
    QVERIFY(!hub.peer(one));
    QVERIFY(hub.peer(two));
    QVERIFY(world.until([&] { return !one.disconnected.isEmpty(); }, 5s));
    QCOMPARE(one.disconnected.first().reason.closeCode, Engine::CloseCode::Blocked);
    world.simulation.runFor(1min);
    QVERIFY(!hub.peer(one));
    QVERIFY(elsewhere.remove(one.id()).isOk());
    QVERIFY(hub.network->reloadBlockList().isOk());
    QVERIFY(hub.network->blockedPeers().isEmpty());
    QVERIFY(world.until([&] { return hub.peer(one); }, 10min));
}

void tst_IdentityConflict::renewedCertificateIsThatOfTheNetwork()
{
    NetworkWorld world;
    Member &hub = world.node(1, copied(1));
    Member &client = world.client(2);
    QVERIFY(world.linked(hub, client));
    QCOMPARE(hub.network->setIdentity(sharedIdentity(2)).error().code, ErrorCode::KeyMismatch);
    const Identity renewed = sharedIdentity(1).withDisplayName(QStringLiteral("hub")).value();
    QVERIFY(hub.network->setIdentity(renewed).isOk());
    QCOMPARE(hub.network->config().endpoint().identity().certificates(), renewed.certificates());
    QVERIFY(hub.peer(client)); // it stays linked
    Member &later = world.client(3);
    QVERIFY(world.finish(later.join({world.contact(1)})));
    QCOMPARE(later.peer(hub)->certificates(), renewed.certificates());
    QVERIFY(client.peer(hub)->certificates() != renewed.certificates());
}

void tst_IdentityConflict::noticeIsReadAsItIsWritten()
{
    using Peering::IdentityInUse;
    const QByteArray bytes = encode(IdentityInUse{});
    QCOMPARE(bytes.toHex(), QByteArray("0003a10015"));
    QVERIFY(IdentityInUse::decode(QByteArray::fromHex("a10015")).isOk());
    QVERIFY(IdentityInUse::decode(QByteArray::fromHex("a200150907")).isOk()); // an unknown key
    for (const char *wrong : {"", "a10014", "a1001500", "a20015", "a2001509ff", "810015"})
        QCOMPARE(IdentityInUse::decode(QByteArray::fromHex(wrong)).error().code,
                 ErrorCode::ProtocolViolation);
}

QTEST_GUILESS_MAIN(tst_IdentityConflict)
#include "tst_identityconflict.moc"
