// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints that dial a peer again: without the Retry, where nothing has changed, and with it in every other case.

#include "diallingworld.h"

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/io/datagramchannel.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;

class tst_AddressTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSecondDialIsOneRoundTripShorter();
    void everyConnectionRenewsIt();
    void twoDialsAtOnceShareNone();
    void withoutAnExpectedPeerNoneIsUsed();
    void itIsForThePeerThatGaveIt();
    void itIsForTheAddressThatGaveIt();
    void fromAnotherAddressItMeetsARetry();
    void afterADayNoneIsUsed();
    void aRestartedPeerAsksForARetry();
    void legacyPeersNeverSeeOne();

    void theStoreKeepsTheNewestOfEach();
    void theStoreIsBounded();
};

namespace {

constexpr auto Latency = 50ms;

PeerId idAt(World &world, int number)
{
    return world.at(number).peerId();
}

// Nanoseconds from the dial to the open connection, which is closed again.
std::optional<quint64> visit(World &world, const PeerAddress &peer,
                             Protocol protocol = Protocol::Qp2p1)
{
    const quint64 start = world.simulation.now();
    const auto dial = world.dialler.connectTo(peer, protocol);
    if (!world.finish(dial) || !dial.result())
        return {};
    const quint64 took = world.simulation.now() - start;
    world.simulation.runFor(1s);
    (*dial.result())->close();
    world.simulation.runFor(2s);
    return took;
}

AddressTokenStore &storeOf(const Endpoint &endpoint)
{
    return SimulatedEndpoint::inside(endpoint).addressTokens;
}

Engine::SocketAddress socketAddress(int host, quint16 port = 1)
{
    return Io::toSocketAddress(World::hostAddress(host), port);
}

} // namespace

void tst_AddressTokens::theSecondDialIsOneRoundTripShorter()
{
    World world;
    world.add(2, Latency);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    const auto first = visit(world, peer);
    const auto second = visit(world, peer);
    QVERIFY(first && second);
    QCOMPARE(*first - *second, quint64(std::chrono::nanoseconds(2 * Latency).count()));
    QCOMPARE(world.at(2).stats().retriesSent, 1u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
}

void tst_AddressTokens::everyConnectionRenewsIt()
{
    World world;
    world.add(2, Latency);
    for (int i = 0; i < 10; ++i)
        QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QCOMPARE(world.at(2).stats().retriesSent, 1u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 9u);
    QCOMPARE(storeOf(world.dialler).size(), size_t(1));
    // Those that a peer has dialled give the acceptor none.
    QCOMPARE(storeOf(world.at(2)).size(), size_t(0));
}

void tst_AddressTokens::twoDialsAtOnceShareNone()
{
    World world;
    world.add(2, Latency);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    const auto one = world.dialler.connectTo(peer);
    const auto other = world.dialler.connectTo(peer);
    QVERIFY(world.finish(one) && world.finish(other));
    QVERIFY(one.result() && other.result());
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
    QCOMPARE(world.at(2).stats().tokensRejected, 0u);
}

void tst_AddressTokens::withoutAnExpectedPeerNoneIsUsed()
{
    World world;
    world.add(2, Latency);
    QVERIFY(visit(world, World::address(2)));
    QVERIFY(visit(world, World::address(2)));
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensRejected, 0u);
    QVERIFY(visit(world, World::address(2, idAt(world, 2)))); // it was kept
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
}

void tst_AddressTokens::itIsForThePeerThatGaveIt()
{
    World world;
    world.add(2, Latency);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    const auto dial = world.dialler.connectTo(World::address(2, world.dialler.peerId()));
    QCOMPARE(world.errorOf(dial), ErrorCode::PeerIdMismatch);
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensRejected, 0u);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
}

void tst_AddressTokens::itIsForTheAddressThatGaveIt()
{
    World world;
    world.add(2, Latency);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QVERIFY(visit(world, PeerAddress(World::ipv6Address(2), World::Port, idAt(world, 2))));
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensRejected, 0u);
    QCOMPARE(storeOf(world.dialler).size(), size_t(2)); // one for each
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QVERIFY(visit(world, PeerAddress(World::ipv6Address(2), World::Port, idAt(world, 2))));
    QCOMPARE(world.at(2).stats().tokensAccepted, 2u);
}

void tst_AddressTokens::fromAnotherAddressItMeetsARetry()
{
    World world;
    world.add(2, Latency);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    world.simulation.moveHost(world.diallerHost, {ip("192.0.2.77"), ip("2001:db8::77")});
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 0u);
    QCOMPARE(world.at(2).stats().tokensRejected, 1u);
}

void tst_AddressTokens::afterADayNoneIsUsed()
{
    World world;
    world.add(2, Latency);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    world.simulation.runFor(24h - 10s);
    QVERIFY(visit(world, peer));
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
    world.simulation.runFor(24h);
    QVERIFY(visit(world, peer));
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
    QCOMPARE(world.at(2).stats().tokensRejected, 0u); // our own clock knows
}

void tst_AddressTokens::aRestartedPeerAsksForARetry()
{
    World world;
    world.add(2, Latency);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    SimulatedEndpoint restarted(World::withIdentity({}, 2), world.hostOf(2));
    world.at(2).close();
    world.simulation.runFor(5s);
    QVERIFY(restarted.listen(QHostAddress(QHostAddress::Any), World::Port));
    QVERIFY(visit(world, peer));
    QCOMPARE(restarted.stats().retriesSent, 1u);
    QCOMPARE(restarted.stats().tokensRejected, 1u);
    QVERIFY(visit(world, peer));
    QCOMPARE(restarted.stats().tokensAccepted, 1u);
}

void tst_AddressTokens::legacyPeersNeverSeeOne()
{
    EndpointConfig config;
    config.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    World world(config);
    world.add(2, Latency, config);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer, Protocol::Legacy));
    QCOMPARE(storeOf(world.dialler).size(), size_t(0));
    QVERIFY(visit(world, peer));
    QVERIFY(visit(world, peer, Protocol::Legacy)); // that one stays for the next of our own
    QCOMPARE(world.at(2).stats().retriesSent, 3u);
    QCOMPARE(world.at(2).stats().tokensAccepted, 0u);
    QVERIFY(visit(world, peer));
    QCOMPARE(world.at(2).stats().tokensAccepted, 1u);
}

void tst_AddressTokens::theStoreKeepsTheNewestOfEach()
{
    AddressTokenStore store;
    const PeerId peer = PeerId::fromBytes(QByteArray(32, 'a'));
    store.put(peer, socketAddress(1, 1), {"old", {}});
    store.put(peer, socketAddress(1, 2), {"new", {}}); // another port, the same host
    store.put(peer, socketAddress(2), {"elsewhere", {}});
    QCOMPARE(store.size(), size_t(2));
    QCOMPARE(store.find(peer, socketAddress(1, 3)).bytes, QByteArray("new"));
    QCOMPARE(store.take(peer, socketAddress(1, 3)).bytes, QByteArray("new"));
    QCOMPARE(store.take(peer, socketAddress(1, 3)).bytes, QByteArray());
    QCOMPARE(store.take(PeerId(), socketAddress(2)).bytes, QByteArray());
    QCOMPARE(store.take(peer, socketAddress(2)).bytes, QByteArray("elsewhere"));
    QCOMPARE(store.size(), size_t(0));
}

void tst_AddressTokens::theStoreIsBounded()
{
    AddressTokenStore store;
    const auto peer = [](int number) {
        const QByteArray bytes = QByteArray(16, char(number)) + QByteArray(16, char(number >> 8));
        return PeerId::fromBytes(bytes);
    };
    constexpr int Max = int(AddressTokenStore::MaxTokens);
    for (int i = 0; i < Max; ++i)
        store.put(peer(i), socketAddress(1), {QByteArray::number(i), {}});
    store.put(peer(0), socketAddress(1), {"again", {}}); // the newest now
    store.put(peer(Max), socketAddress(1), {"one more", {}});
    QCOMPARE(store.size(), size_t(Max));
    QCOMPARE(store.find(peer(1), socketAddress(1)).bytes, QByteArray()); // was the oldest
    QCOMPARE(store.find(peer(0), socketAddress(1)).bytes, QByteArray("again"));
    QCOMPARE(store.find(peer(2), socketAddress(1)).bytes, QByteArray("2"));
    QCOMPARE(store.find(peer(Max), socketAddress(1)).bytes, QByteArray("one more"));
}

QTEST_GUILESS_MAIN(tst_AddressTokens)
#include "tst_addresstokens.moc"
