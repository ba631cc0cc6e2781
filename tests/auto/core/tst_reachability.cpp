// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What members learn of themselves: whether they can be reached, at which address, from how many witnesses.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/peering/protocol/observedaddress.h>

#include <QSignalSpy>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Reachability : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reachability_data();
    void reachability();
    void forwardedPortIsClaimedAndChecked_data();
    void forwardedPortIsClaimedAndChecked();
    void externalPortsAreValidated();
    void unreachableNodeIsRefusedWhereThatIsWanted();
    void whatMembersLearnOfThemselves();
    void oneLyingWitnessDecidesNothing_data();
    void oneLyingWitnessDecidesNothing();
    void checkIsRepeatedWhenTheAddressChanges();
    void machineThatMovesOrWakesIsCheckedAgain();
    void crowdOfNewNodesIsCheckedInTurn();
    void nodeAtOurOwnAddressIsNoHelper_data();
    void nodeAtOurOwnAddressIsNoHelper();
    void filesOfOurOwnThatCannotBeReadSayNothingOfAPeer();
};

void tst_Reachability::reachability_data()
{
    QTest::addColumn<int>("filtering"); // -1: no NAT
    QTest::addColumn<bool>("withHelper");
    QTest::addColumn<Reachability::State>("state");
    using State = Reachability::State;
    const int ports = int(NatFiltering::AddressAndPortDependent);
    const int addresses = int(NatFiltering::AddressDependent);
    const int anyone = int(NatFiltering::EndpointIndependent);
    QTest::newRow("public, no helper") << -1 << false << State::Provisional;
    // One node alone may lie, whatever it says.
    QTest::newRow("public, helper") << -1 << true << State::Provisional;
    QTest::newRow("filters ports, no helper") << ports << false << State::NotReachable;
    QTest::newRow("filters ports, helper") << ports << true << State::NotReachable;
    // Such a NAT lets in any port of an address that it has talked to: only a helper tells the truth.
    QTest::newRow("filters addresses, no helper") << addresses << false << State::Provisional;
    QTest::newRow("filters addresses, helper") << addresses << true << State::NotReachable;
    QTest::newRow("lets anyone in, helper") << anyone << true << State::Provisional;
}

void tst_Reachability::reachability()
{
    QFETCH(const int, filtering);
    QFETCH(const bool, withHelper);
    QFETCH(const Reachability::State, state);
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    if (withHelper) {
        Member &helper = world.node(2);
        helper.join({world.contact(1)});
        QVERIFY(world.until([&] { return first.peer(helper); }));
    }
    NetworkConfig config;
    config.setWantedLinks(1); // only the first tells
    Member &member = filtering < 0 ? world.node(3, config)
                                   : world.behindNat(3, NatFiltering(filtering), config);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return first.peer(member); }));
    const Reachability found = member.network->reachability(QAbstractSocket::IPv4Protocol);
    QCOMPARE(found.state, state);
    QCOMPARE(found.witnesses, QList{PeerAddress(world.address(1), 12000, first.id())});
    const bool isNode = state != Reachability::State::NotReachable;
    const auto link = isNode ? Peer::Link::Unidirectional : Peer::Link::Bidirectional;
    QVERIFY(first.isLinked(member, link));
    QVERIFY(member.isLinked(first, link));
    QCOMPARE(first.peer(member)->role(), isNode ? Peer::Role::Node : Peer::Role::Client);
    QCOMPARE(member.network->role(), isNode ? Peer::Role::Node : Peer::Role::Client);
    QCOMPARE(found.reason.isEmpty(), isNode);
    QVERIFY(!first.network->bootstrapCache()->entry(member.id()) || isNode);
    // Its link works either way.
    const auto reply = first.peer(member)->request(Message("still there?"));
    QVERIFY(world.finish(reply));
    QVERIFY(reply.result());
}

void tst_Reachability::forwardedPortIsClaimedAndChecked_data()
{
    QTest::addColumn<quint16>("externalPort");
    QTest::addColumn<bool>("isIPv6");
    QTest::addColumn<bool>("isReachable");
    QTest::newRow("forwarded") << quint16(22000) << false << true;
    QTest::newRow("forwarded, IPv6") << quint16(22000) << true << true;
    QTest::newRow("not named") << quint16(0) << false << false;
    QTest::newRow("another than is forwarded") << quint16(22001) << false << false;
}

void tst_Reachability::forwardedPortIsClaimedAndChecked()
{
    QFETCH(const quint16, externalPort);
    QFETCH(const bool, isIPv6);
    QFETCH(const bool, isReachable);
    NetworkWorld world;
    const auto family = isIPv6 ? QAbstractSocket::IPv6Protocol : QAbstractSocket::IPv4Protocol;
    const auto other = isIPv6 ? QAbstractSocket::IPv4Protocol : QAbstractSocket::IPv6Protocol;
    const auto address = [&](int number) {
        return isIPv6 ? QHostAddress(u"2a00:%1::1"_s.arg(number)) : world.address(number);
    };
    const auto add = [&](const Simulation::Host &host, const NetworkConfig &settings) -> Member & {
        NetworkConfig config = settings;
        config.setListen(QHostAddress(QHostAddress::Any), 12000);
        world.members.push_back(std::make_unique<Member>(host, config));
        return *world.members.back();
    };
    Member &first = add(world.simulation.host({address(1)}), {});
    Member &helper = add(world.simulation.host({address(2)}), {});
    first.join();
    helper.join({PeerAddress(address(1), 12000)});
    QVERIFY(world.until([&] { return first.peer(helper); }));

    const QHostAddress inside(isIPv6 ? u"fd00::2"_s : u"192.168.1.2"_s);
    const Simulation::Host host = world.simulation.natHost({inside}, {address(3)},
                                                           NatFiltering::AddressAndPortDependent);
    world.simulation.preserveNatPorts(host);
    world.simulation.forwardNatPort(host, Io::toSocketAddress(address(3), 22000),
                                    Io::toSocketAddress(inside, 12000));
    NetworkConfig config;
    config.setExternalPort(family, externalPort);
    config.setExternalPort(other, 33000); // of no meaning here
    Member &member = add(host, config);
    const auto joined = member.join({PeerAddress(address(1), 12000)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return first.peer(member); }));
    const Reachability found = member.network->reachability(family);
    QCOMPARE(found.state != Reachability::State::NotReachable, isReachable);
    QCOMPARE(first.peer(member)->role(), isReachable ? Peer::Role::Node : Peer::Role::Client);
    if (!isReachable)
        return;
    // At the address that is observed, and at no other.
    QStringList addresses;
    for (const PeerAddress &known : first.peer(member)->addresses())
        addresses.append(known.endpointString());
    QVERIFY2(addresses.contains(PeerAddress(address(3), 22000).endpointString()),
             qPrintable(addresses.join(u' ')));
    const auto entry = first.network->bootstrapCache()->entry(member.id());
    QVERIFY(entry);
    QCOMPARE(entry->addresses.first(), PeerAddress(address(3), 22000));
}

void tst_Reachability::externalPortsAreValidated()
{
    constexpr auto ipv4 = QAbstractSocket::IPv4Protocol;
    constexpr auto ipv6 = QAbstractSocket::IPv6Protocol;
    NetworkConfig config;
    QCOMPARE(config.externalPort(ipv4), quint16(0));
    config.setExternalPort(ipv4, 22000);
    config.setExternalPort(ipv6, 22001);
    QCOMPARE(config.externalPort(ipv4), quint16(22000));
    QCOMPARE(config.externalPort(ipv6), quint16(22001));
    QVERIFY(config.validate());
    // No peer dials the port behind the router.
    config.setListen(QHostAddress(QHostAddress::Any), 443);
    QVERIFY(config.validate());
    config.setExternalPort(ipv6, 0);
    QVERIFY(config.validate().error().message.contains(u"443"_s));
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    QVERIFY(config.validate());
    config.setExternalPort(ipv6, 1023);
    QCOMPARE(config.validate().error().code, ErrorCode::InvalidArgument);
    QVERIFY(config.validate().error().message.contains(u"1023"_s));
}

void tst_Reachability::unreachableNodeIsRefusedWhereThatIsWanted()
{
    NetworkWorld world;
    NetworkConfig strict;
    strict.setUnreachableNodes(NetworkConfig::UnreachableNodes::Refuse);
    Member &first = world.node(1, strict);
    first.join();
    NetworkConfig config;
    config.setAutomaticRejoin(false);
    Member &member = world.behindNat(2, NatFiltering::AddressAndPortDependent, config);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::JoinFailed);
    QCOMPARE(member.network->joinCandidates().first().error.code, ErrorCode::NotReachable);
    QVERIFY(first.network->peers().isEmpty());
    QVERIFY(member.network->peers().isEmpty());
    // As a client it is welcome; it knows now that it is none.
    QCOMPARE(member.network->role(), Peer::Role::Client);
    const auto again = member.join();
    QVERIFY(world.finish(again));
    QVERIFY2(again.result(), qPrintable(again.result().error().message));
    QVERIFY(world.until([&] { return first.isLinked(member, Peer::Link::Bidirectional); }));
}

void tst_Reachability::whatMembersLearnOfThemselves()
{
    NetworkWorld world;
    for (int i = 1; i <= 6; ++i) {
        world.node(i).join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
        world.simulation.runFor(5s);
    }
    Member &last = *world.members.back();
    QVERIFY(world.until(
        [&] {
            return last.network->reachability(QAbstractSocket::IPv4Protocol).state
                == Reachability::State::Reachable;
        },
        600s));
    QCOMPARE(last.network->observedAddress(QAbstractSocket::IPv4Protocol), world.contact(6));
    QVERIFY(last.network->observedAddress(QAbstractSocket::IPv6Protocol).isNull());
    QCOMPARE(last.network->reachability(QAbstractSocket::IPv6Protocol).state,
             Reachability::State::Unknown);
}

//! A member with three honest nodes and a liar: what the liar says is not what is found.
void tst_Reachability::oneLyingWitnessDecidesNothing_data()
{
    QTest::addColumn<bool>("isReachable");
    QTest::addColumn<Peering::DialBackAnswer::Result>("lie");
    QTest::newRow("reachable, not reachable")
        << true << Peering::DialBackAnswer::Result::NotReachable;
    QTest::newRow("not reachable, reachable")
        << false << Peering::DialBackAnswer::Result::Reachable;
}

void tst_Reachability::oneLyingWitnessDecidesNothing()
{
    QFETCH(const bool, isReachable);
    QFETCH(const Peering::DialBackAnswer::Result, lie);
    using State = Reachability::State;
    NetworkWorld world;
    Rogue liar(world, 9, Engine::Hello::Role::Node);
    QVERIFY(liar.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    connect(liar.endpoint.get(), &Endpoint::connectionOpened, this, [&](Connection *connection) {
        if (connection->direction() == Connection::Direction::Incoming)
            Peering::Access::send(
                *connection,
                encode(Peering::DialBackAnswer{0, lie, "lie", Engine::Hello::Role::Client}));
    });
    liar.onRequest = [lie](Connection *connection, const Peering::DialBackRequest &request) {
        if (request.id != 0 && request.target.isNull())
            Peering::Access::send(*connection,
                                  encode(Peering::DialBackAnswer{request.id, lie, "lie", {}}));
    };
    Member &member = isReachable ? world.node(8)
                                 : world.behindNat(8, NatFiltering::AddressAndPortDependent);
    const auto found = [&] { return member.network->reachability(QAbstractSocket::IPv4Protocol); };
    // Alone it makes a client, or a provisional node, and is named.
    QVERIFY(world.finish(member.join({world.contact(9)})));
    QCOMPARE(found().state, isReachable ? State::NotReachable : State::Provisional);
    QCOMPARE(member.network->role(), isReachable ? Peer::Role::Client : Peer::Role::Node);
    QCOMPARE(found().witnesses,
             QList{PeerAddress(world.address(9), 12000, liar.endpoint->peerId())});
    // With others it decides nothing.
    for (int i = 1; i <= 4; ++i)
        world.node(i).join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
    QVERIFY(world.until([&] { return member.network->peers().size() == 1; }));
    world.simulation.runFor(30s);
    for (int i = 1; i <= 4; ++i)
        member.network->connectTo(world.contact(i));
    QVERIFY(world.until([&] { return member.network->peers().size() == 5; }));
    for (int round = 0; round < 3; ++round) {
        world.simulation.runFor(70s);
        // That it can be reached nobody can find out who has been in touch with it, as all have here.
        QVERIFY(isReachable ? found().state != State::NotReachable
                            : found().state == State::NotReachable);
        QCOMPARE(member.network->role(), isReachable ? Peer::Role::Node : Peer::Role::Client);
        member.network->networkChanged();
    }
}

void tst_Reachability::checkIsRepeatedWhenTheAddressChanges()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    NetworkConfig config;
    config.setWantedLinks(1);
    Member &member = world.node(2, config);
    QVERIFY(world.finish(member.join({world.contact(1)})));
    const auto state = [&] {
        return member.network->reachability(QAbstractSocket::IPv4Protocol).state;
    };
    QCOMPARE(state(), Reachability::State::Provisional);
    member.network->networkChanged();
    QCOMPARE(state(), Reachability::State::Unknown);
    QVERIFY(world.until([&] { return state() == Reachability::State::Provisional; }));
}

void tst_Reachability::machineThatMovesOrWakesIsCheckedAgain()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    Member &member = world.node(2);
    QVERIFY(world.finish(member.join({world.contact(1)})));
    QSignalSpy changed(member.network.get(), &Network::reachabilityChanged);
    world.simulation.runFor(20s);
    changed.clear();
    const auto isCheckedAgain = [&] {
        const bool was = changed.size() >= 2
            && changed[0][1].value<Reachability>().state == Reachability::State::Unknown
            && changed[1][1].value<Reachability>().state == Reachability::State::Provisional;
        return was;
    };
    world.simulation.moveHost(member.host, {QHostAddress(u"11.2.7.1"_s)});
    QVERIFY(world.until(isCheckedAgain, 15s));
    world.simulation.runFor(70s); // one request a minute
    changed.clear();
    world.simulation.addSuspendedTime(member.host, 3600s);
    QVERIFY(world.until(isCheckedAgain, 10s));
    // Who waits for the next attempt does not wait any longer.
    Member &lonely = world.node(3);
    lonely.join({world.contact(9)});
    world.simulation.runFor(3600s);
    QVERIFY(world.until([&] { return lonely.network->state() == Network::State::Waiting; }, 600s));
    world.simulation.addSuspendedTime(lonely.host, 10s);
    QVERIFY(world.until([&] { return lonely.network->state() == Network::State::Joining; }, 7s));
}

//! More at once than one node may check in a minute.
void tst_Reachability::crowdOfNewNodesIsCheckedInTurn()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    for (int i = 2; i <= 71; ++i) {
        NetworkConfig config;
        config.setWantedLinks(1);
        world.node(i, config).join({world.contact(1)});
    }
    QVERIFY(world.until([&] { return first.network->peers().size() == 70; }, 60s));
    // Who had to wait was a client meanwhile. Its turn comes.
    const auto nodes = [&] {
        const auto peers = first.network->peers();
        return std::count_if(peers.cbegin(), peers.cend(), [](const Peer *peer) {
            return peer->link() == Peer::Link::Unidirectional;
        });
    };
    QVERIFY2(world.until([&] { return nodes() == 70; }, 60s), qPrintable(QString::number(nodes())));
    for (const auto &member : world.members) {
        QVERIFY(member->disconnected.isEmpty());
        QCOMPARE(member->network->role(), Peer::Role::Node);
        if (member.get() != &first)
            QVERIFY(member->isLinked(first, Peer::Link::Unidirectional));
    }
}

//! Where peers see us, as behind one router: a NAT of the checked peer may know that address.
void tst_Reachability::nodeAtOurOwnAddressIsNoHelper_data()
{
    QTest::addColumn<bool>("isAtOurAddress");
    QTest::newRow("elsewhere") << false;
    QTest::newRow("at our address") << true;
}

void tst_Reachability::nodeAtOurOwnAddressIsNoHelper()
{
    QFETCH(const bool, isAtOurAddress);
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue helper(world, 2, Engine::Hello::Role::Node);
    QVERIFY(linkAsNode(world, helper, node, world.contact(1)));
    const QHostAddress own = isAtOurAddress ? helper.address : world.address(1);
    for (Connection *connection : helper.endpoint->connections()) {
        if (connection->direction() == Connection::Direction::Incoming)
            Peering::Access::send(
                *connection, encode(Peering::ObservedAddress{Io::toSocketAddress(own, 12000)}));
    }
    world.simulation.runFor(2s);
    QCOMPARE(node.network->observedAddress(QAbstractSocket::IPv4Protocol).address(), own);
    // What the hello of the peer says of our address is the truth, or a lie.
    Rogue peer(world, 3, Engine::Hello::Role::Client);
    QVERIFY(peer.dial(world, world.contact(1)));
    peer.send(Peering::DialBackRequest{1, 20000, {}, {}, {}});
    world.simulation.runFor(2s);
    const auto asked = std::count_if(
        helper.requests.cbegin(), helper.requests.cend(),
        [](const Peering::DialBackRequest &request) { return !request.target.isNull(); });
    QCOMPARE(asked, isAtOurAddress ? 0 : 1);
}

//! A fresh endpoint reads them for each dial.
void tst_Reachability::filesOfOurOwnThatCannotBeReadSayNothingOfAPeer()
{
    using Peering::CheckDialler;
    NetworkWorld world;
    Rogue own(world, 1, Engine::Hello::Role::Node);
    QVERIFY(own.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    const QString file = u"/nowhere/secret-authorities.pem"_s;
    EndpointConfig config;
    config.setCertificatePolicy(CertificatePolicy::privateAuthority({file}));
    CheckDialler dialler(*own.endpoint, config, std::make_shared<Membership>());
    std::optional<CheckDialler::Result> result;
    QString reason;
    dialler.dial(world.contact(2), QByteArray(16, 'n'), 3600,
                 [&](CheckDialler::Result found, const QString &why) {
                     result = found;
                     reason = why;
                 });
    QVERIFY(world.until([&] { return result.has_value(); }));
    QVERIFY(result == CheckDialler::Result::NotTried);
    QVERIFY(!reason.isEmpty());
    QVERIFY2(!reason.contains(u"secret"_s), qPrintable(reason));
    QVERIFY(reason.toUtf8().size() <= 64);
}

QTEST_GUILESS_MAIN(tst_Reachability)
#include "tst_reachability.moc"
