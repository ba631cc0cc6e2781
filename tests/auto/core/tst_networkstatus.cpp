// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network says of itself at one moment is what is so at that moment.

#include <shared/networkworld.h>

#include <qp2pcore/networkstatus.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto IPv4 = QAbstractSocket::IPv4Protocol;
constexpr auto IPv6 = QAbstractSocket::IPv6Protocol;

} // namespace

class tst_NetworkStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theConfigurationIsKnownBeforeItIsJoined();
    void aNodeThatOthersReachSaysSo();
    void aClientAdvertisesNoPort();
    void aForwardedPortIsTheAdvertisedOne();
    void aFailedJoinIsCountedAndTheNextOneAnnounced();
    void aNetworkThatCouldNotBeginSaysWhy();
    void aStatusStaysAsItWas();
};

void tst_NetworkStatus::theConfigurationIsKnownBeforeItIsJoined()
{
    NetworkWorld world;
    EndpointConfig endpoint;
    endpoint.setNetworkName(u"friends"_s);
    NetworkConfig config;
    config.setEndpoint(endpoint);
    const Member &node = world.node(1, config);
    const NetworkStatus status = node.network->status();
    QCOMPARE(status.state, Network::State::Idle);
    QCOMPARE(status.networkName, u"friends"_s);
    QCOMPARE(status.certificateMode, CertificateMode::EncryptOnly);
    QVERIFY(!status.peerId.isNull());
    QCOMPARE(status.peerId, node.id());
    QCOMPARE(status.configuredRole, Peer::Role::Node);
    QCOMPARE(status.configuredPort, 12000);
    QVERIFY(!status.isListening && !status.isDualStack && status.localAddress.isNull());
    QCOMPARE(status.localPort, 0);
    QCOMPARE(status.ipv4.advertisedPort, 0);
    QCOMPARE(status.peers(), 0);
    QVERIFY(!status.nextAttempt);
    QVERIFY(!status.lastError.isError() && status.lastErrorTime.isNull());
}

void tst_NetworkStatus::aNodeThatOthersReachSaysSo()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    for (int number = 2; number <= 5; ++number)
        QVERIFY(world.finish(world.node(number).join({world.contact(1)})));
    QVERIFY(world.finish(world.client(6).join({world.contact(1)})));
    const Network &network = *first.network;
    QVERIFY(world.until([&] {
        return network.reachability(IPv4).state == Reachability::State::Reachable
            && network.peers().size() == 5;
    }));
    const NetworkStatus status = network.status();
    QCOMPARE(status.state, Network::State::Joined);
    QCOMPARE(status.role, Peer::Role::Node);
    QCOMPARE(status.nodes, 4);
    QCOMPARE(status.clients, 1);
    QCOMPARE(status.peers(), network.peers().size());
    QVERIFY(status.isListening);
    QCOMPARE(status.localPort, 12000);
    QCOMPARE(status.localAddress, network.endpoint()->localAddress());
    QCOMPARE(status.ipv4.reachability, network.reachability(IPv4));
    QCOMPARE(status.ipv4.quorum, 3);
    QCOMPARE_GE(status.ipv4.reachability.answers, status.ipv4.quorum);
    QCOMPARE(status.ipv4.observedAddress, network.observedAddress(IPv4));
    QCOMPARE(status.ipv4.observedAddress.address(), NetworkWorld::address(1));
    QCOMPARE(status.ipv4.advertisedPort, 12000);
    QCOMPARE(status.ipv6.reachability.state, Reachability::State::Unknown);
    QCOMPARE(status.ipv6.quorum, 2); // nobody has IPv6 here
    QVERIFY(status.ipv6.observedAddress.isNull());
    QCOMPARE(&status.family(IPv4), &status.ipv4);
    QCOMPARE(&status.family(IPv6), &status.ipv6);
    QCOMPARE(status.cachedNodes, network.bootstrapCache()->size());
    QCOMPARE_GE(status.cachedNodes, 1);
    QCOMPARE(status.statistics.connections, network.endpoint()->stats().connections);
    QCOMPARE_GE(status.statistics.connections, 9); // two for each node, one for the client
}

void tst_NetworkStatus::aClientAdvertisesNoPort()
{
    NetworkWorld world;
    world.node(1).join();
    Member &client = world.client(2);
    QVERIFY(world.finish(client.join({world.contact(1)})));
    const NetworkStatus status = client.network->status();
    QCOMPARE(status.role, Peer::Role::Client);
    QCOMPARE(status.configuredRole, Peer::Role::Client);
    QVERIFY(!status.isListening && !status.isDualStack);
    QVERIFY(status.localPort != 0); // of the socket that it dials with
    QCOMPARE(status.ipv4.advertisedPort, 0);
    QCOMPARE(status.contacts, QList{world.contact(1)});
    QCOMPARE(status.joinCandidates.size(), 1);
    QCOMPARE(status.joinCandidates.first().state, JoinCandidate::State::Joined);
}

void tst_NetworkStatus::aForwardedPortIsTheAdvertisedOne()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setExternalPort(IPv4, 22000);
    Member &node = world.node(1, config);
    QVERIFY(world.finish(node.join()));
    const NetworkStatus status = node.network->status();
    QCOMPARE(status.localPort, 12000);
    QCOMPARE(status.ipv4.externalPort, 22000);
    QCOMPARE(status.ipv4.advertisedPort, 22000);
    QCOMPARE(status.ipv6.externalPort, 0);
    QCOMPARE(status.ipv6.advertisedPort, 12000);
}

void tst_NetworkStatus::aFailedJoinIsCountedAndTheNextOneAnnounced()
{
    NetworkWorld world;
    Member &member = world.node(1);
    const QFuture<Result<void>> joining = member.join({world.contact(2)}); // no such host
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Joining; }));
    QCOMPARE(member.network->status().joinCandidates.size(), 1);
    QVERIFY(!member.network->status().nextAttempt);
    QVERIFY(world.finish(joining));
    const qint64 wallClock = member.host->wallClock();
    const NetworkStatus status = member.network->status();
    QCOMPARE(status.state, Network::State::Waiting);
    QCOMPARE(status.failedAttempts, 1);
    QVERIFY(status.nextAttempt.has_value());
    QVERIFY(*status.nextAttempt >= 0ms && *status.nextAttempt <= 500ms);
    QCOMPARE(status.joinCandidates.first().state, JoinCandidate::State::Failed);
    QCOMPARE(status.lastError.code, ErrorCode::JoinFailed);
    QCOMPARE(status.lastError.message, joining.result().error().message);
    QCOMPARE(status.lastErrorTime.timeSpec(), Qt::UTC);
    QCOMPARE_LE(wallClock - status.lastErrorTime.toSecsSinceEpoch(), 1);
    QVERIFY(world.until([&] { return member.network->status().failedAttempts == 2; }));
    member.network->cancelJoin();
    QCOMPARE(member.network->status().failedAttempts, 0);
    QVERIFY(!member.network->status().nextAttempt);
}

void tst_NetworkStatus::aNetworkThatCouldNotBeginSaysWhy()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setListen(QHostAddress(u"192.0.2.77"_s), 12000); // no address of this host
    Member member(world.simulation.host({NetworkWorld::address(1)}), config);
    const QFuture<Result<void>> joining = member.join();
    QVERIFY(world.finish(joining));
    const NetworkStatus status = member.network->status();
    QCOMPARE(status.state, Network::State::Idle);
    QCOMPARE(status.lastError.code, ErrorCode::AddressNotAvailable);
    QCOMPARE(status.lastError.message, joining.result().error().message);
    QVERIFY(status.lastErrorTime.isValid());
}

void tst_NetworkStatus::aStatusStaysAsItWas()
{
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    const NetworkStatus before = node.network->status();
    node.network->leave();
    QVERIFY(world.until([&] { return node.network->state() == Network::State::Left; }));
    const NetworkStatus after = node.network->status();
    node.network.reset();
    QCOMPARE(before.state, Network::State::Joined);
    QVERIFY(before.isListening);
    QCOMPARE(after.state, Network::State::Left);
    QVERIFY(!after.isListening);
    QCOMPARE(after.peerId, before.peerId);
}

QTEST_GUILESS_MAIN(tst_NetworkStatus)
#include "tst_networkstatus.moc"
