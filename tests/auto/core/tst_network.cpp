// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Networks in virtual time: joining, links, roles and what members learn of themselves.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Network : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstMemberBeginsANetwork();
    void nodesDialEachOther();
    void clientHasOneConnection();
    void nothingIsDeliveredBeforeTheLinkStands();
    void linksStandDespiteLosses();

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
    void machineThatMovesOrWakesLooksAround();
    void crowdOfNewNodesIsCheckedInTurn();
    void renewedKeyWithTheSameNameUpdatesThePin();

    void membersFindFurtherNodes();
    void cacheTakesOwnDialsOnly();
    void contactsAreNotCached();
    void rejoinsFromTheCacheAlone();
    void cachedNodesComeFirstNewestFirst();
    void onlyOneCandidateIsJoined();
    void failureNamesEachCandidate();
    void deadCandidatesDoNotKeepALivingContactWaiting();
    void joinCanBeGivenUp();
    void changedKeyIsRefusedAndTold();
    void changedKeyIsRefusedWhoeverDialled_data();
    void changedKeyIsRefusedWhoeverDialled();
    void rejoinsByItselfMoreAndMoreRarely();
    void ownAddressIsNoPeer();
    void plainEndpointIsNoMember();
    void otherNetworkIsNoCandidate();

    void simultaneousDialsMakeOneLink();
    void restartedPeerReplacesItsStaleConnections();
    void returningPeerReplacesItsStaleConnection();
    void lostHalfIsDialledAgain();
    void missingHalfEndsTheLinkAfterAMinute();
    void messageOnTheWrongHalfEndsIt();
    void leavingIsTold();
    void blockedPeersStayOut();
    void peerCanBeDialledByHand();
    void anySlotMayDeleteTheNetwork_data();
    void anySlotMayDeleteTheNetwork();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void tst_Network::firstMemberBeginsANetwork()
{
    NetworkWorld world;
    Member &first = world.node(1);
    const auto joined = first.join();
    QVERIFY(world.finish(joined));
    QVERIFY(joined.result());
    QCOMPARE(first.network->state(), Network::State::Joined);
    QVERIFY(first.network->peers().isEmpty());
}

void tst_Network::nodesDialEachOther()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    a.join();
    const auto joined = b.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return a.peer(b); }));
    QVERIFY(b.isLinked(a, Peer::Link::Unidirectional));
    QVERIFY(a.isLinked(b, Peer::Link::Unidirectional));
    QCOMPARE(b.network->endpoint()->connections().size(), 2);
    QCOMPARE(a.peer(b)->role(), Peer::Role::Node);
    QCOMPARE(b.peer(a)->role(), Peer::Role::Node);

    // Messages and requests both ways, each on the sender's own connection.
    a.peer(b)->send(Message("from a"));
    b.peer(a)->send(Message("from b"));
    const auto reply = a.peer(b)->request(Message("question"));
    QVERIFY(world.until(
        [&] { return a.messages.size() == 1 && b.messages.size() == 1 && reply.isFinished(); }));
    QCOMPARE(a.messages.first(), (std::pair<PeerId, QByteArray>(b.id(), "from b")));
    QCOMPARE(b.messages.first(), (std::pair<PeerId, QByteArray>(a.id(), "from a")));
    QVERIFY(reply.result());
    QCOMPARE(reply.result()->payload(), "question");
}

void tst_Network::clientHasOneConnection()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &c = world.client(2);
    a.join();
    const auto joined = c.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return a.peer(c); }));
    QVERIFY(c.isLinked(a, Peer::Link::Bidirectional));
    QVERIFY(a.isLinked(c, Peer::Link::Bidirectional));
    QCOMPARE(a.peer(c)->role(), Peer::Role::Client);
    QCOMPARE(c.peer(a)->role(), Peer::Role::Node);
    QCOMPARE(a.network->endpoint()->connections().size(), 1);
    a.peer(c)->send(Message("down"));
    c.peer(a)->send(Message("up"));
    QVERIFY(world.until([&] { return a.messages.size() == 1 && c.messages.size() == 1; }));
}

void tst_Network::nothingIsDeliveredBeforeTheLinkStands()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    a.join();
    // The second half cannot come: nothing of b's socket lets anybody in but what it has begun itself.
    b.join({world.contact(1)});
    QVERIFY(world.until([&] { return !b.network->endpoint()->connections().isEmpty(); }));
    Connection *early = b.network->endpoint()->connections().first();
    early->send(Message("early"));
    QVERIFY(world.until([&] { return !a.network->endpoint()->connections().isEmpty(); }));
    QVERIFY(a.messages.isEmpty());
    QVERIFY(world.until([&] { return a.peer(b); }));
    QVERIFY(world.until([&] { return a.messages.size() == 1; }));
}

void tst_Network::linksStandDespiteLosses()
{
    for (quint64 seed = 1; seed <= 60; ++seed) {
        NetworkWorld world{seed};
        LinkProfile link;
        link.loss = 0.1;
        link.jitter = 3ms;
        link.reorder = 0.1;
        world.simulation.setDefaultLink(link);
        Member &a = world.node(1);
        Member &b = world.node(2);
        a.join();
        b.join({world.contact(1)});
        QVERIFY2(world.until([&] { return a.peer(b) && b.peer(a); }, 50s),
                 qPrintable(u"seed %1"_s.arg(seed)));
        QCOMPARE(a.disconnected.size() + b.disconnected.size(), 0);
        QVERIFY(a.isLinked(b, Peer::Link::Unidirectional));
        QVERIFY(b.isLinked(a, Peer::Link::Unidirectional));
    }
}

void tst_Network::reachability_data()
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

void tst_Network::reachability()
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

void tst_Network::forwardedPortIsClaimedAndChecked_data()
{
    QTest::addColumn<quint16>("externalPort");
    QTest::addColumn<bool>("isIPv6");
    QTest::addColumn<bool>("isReachable");
    QTest::newRow("forwarded") << quint16(22000) << false << true;
    QTest::newRow("forwarded, IPv6") << quint16(22000) << true << true;
    QTest::newRow("not named") << quint16(0) << false << false;
    QTest::newRow("another than is forwarded") << quint16(22001) << false << false;
}

void tst_Network::forwardedPortIsClaimedAndChecked()
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

void tst_Network::externalPortsAreValidated()
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

void tst_Network::unreachableNodeIsRefusedWhereThatIsWanted()
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

void tst_Network::whatMembersLearnOfThemselves()
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
void tst_Network::oneLyingWitnessDecidesNothing_data()
{
    QTest::addColumn<bool>("isReachable");
    QTest::addColumn<Peering::DialBackAnswer::Result>("lie");
    QTest::newRow("reachable, not reachable")
        << true << Peering::DialBackAnswer::Result::NotReachable;
    QTest::newRow("not reachable, reachable")
        << false << Peering::DialBackAnswer::Result::Reachable;
}

void tst_Network::oneLyingWitnessDecidesNothing()
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

void tst_Network::checkIsRepeatedWhenTheAddressChanges()
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

void tst_Network::machineThatMovesOrWakesLooksAround()
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
    world.simulation.setInterfaces(member.host, {QHostAddress(u"11.2.0.1"_s)});
    QVERIFY(world.until(isCheckedAgain, 10s));
    world.simulation.runFor(70s); // one request a minute
    changed.clear();
    world.simulation.noteSuspend(member.host, 3600s);
    QVERIFY(world.until(isCheckedAgain, 10s));
    // Who waits for the next attempt does not wait any longer.
    Member &lonely = world.node(3);
    lonely.join({world.contact(9)});
    world.simulation.runFor(3600s);
    QVERIFY(world.until([&] { return lonely.network->state() == Network::State::Waiting; }, 600s));
    world.simulation.noteSuspend(lonely.host, 10s);
    QVERIFY(world.until([&] { return lonely.network->state() == Network::State::Joining; }, 7s));
}

//! More at once than one node may check in a minute.
void tst_Network::crowdOfNewNodesIsCheckedInTurn()
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

void tst_Network::renewedKeyWithTheSameNameUpdatesThePin()
{
    NetworkWorld world;
    const QDateTime now = QDateTime::fromSecsSinceEpoch(
        world.simulation.host({world.address(99)})->wallClock(), Qt::UTC);
    const Result<Authority> authority = Authority::create(u"friends"_s, now.addDays(-10));
    QVERIFY(authority);
    QFile file(path(u"friends.crt"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(authority->certificatePem());
    file.close();
    const auto config = [&](const QString &name) {
        Authority::Terms terms{name};
        terms.now = now;
        EndpointConfig endpoint;
        endpoint.setIdentity(*authority->issue(terms));
        endpoint.setCertificatePolicy(
            CertificatePolicy::privateAuthority({file.fileName()}, u"friends"_s));
        NetworkConfig network;
        network.setEndpoint(endpoint);
        return network;
    };
    Member &anna = world.node(1, config(u"anna"_s));
    anna.join();
    const PeerId before = anna.id();
    NetworkConfig ben = config(u"ben"_s);
    ben.setCacheFile(path(u"pins.jsonl"_s));
    {
        Member &member = world.node(2, ben);
        member.join();
        QVERIFY(world.finish(member.network->connectTo(world.contact(1))));
        QVERIFY(member.network->bootstrapCache()->entry(before));
        member.network->leave();
        world.simulation.runFor(2s);
        member.network.reset();
    }
    // The same name, another key, and the authority vouches for it.
    const Simulation::Host host = anna.host;
    anna.network.reset();
    NetworkConfig renewed = config(u"anna"_s);
    renewed.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member again(host, renewed);
    again.join();
    QVERIFY(again.id() != before);
    Member &member = world.node(3, ben);
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    member.join();
    QVERIFY(world.until([&] { return member.peer(again); }));
    QCOMPARE(changed.size(), 0);
    QVERIFY(!member.network->bootstrapCache()->entry(before));
    QVERIFY(member.network->bootstrapCache()->entry(again.id()));
    member.network->leave();
    world.simulation.runFor(2s);
    member.network.reset();

    // Another name is another peer, whoever vouches for it.
    again.network.reset();
    NetworkConfig stranger = config(u"carl"_s);
    stranger.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member carl(host, stranger);
    carl.join();
    Member &last = world.node(4, ben);
    QSignalSpy refused(last.network.get(), &Network::peerKeyChanged);
    last.join();
    QVERIFY(world.until([&] { return !refused.isEmpty(); }));
    QVERIFY(!last.peer(carl));
}

void tst_Network::membersFindFurtherNodes()
{
    NetworkWorld world;
    for (int i = 1; i <= 12; ++i)
        world.node(i).join(i == 1 ? QList<PeerAddress>() : QList{world.contact(1)});
    Member &client = world.client(13);
    client.join({world.contact(1)});
    QVERIFY(world.until(
        [&] {
            return std::all_of(world.members.cbegin(), world.members.cend(),
                               [](const auto &one) { return one->network->peers().size() >= 8; });
        },
        600s));
    for (const auto &member : world.members) {
        const auto peers = member->network->peers();
        const auto chosen = std::count_if(peers.cbegin(), peers.cend(),
                                          [](const Peer *peer) { return peer->isChosen(); });
        QVERIFY(chosen <= 8);
    }
    for (const Peer *peer : client.network->peers())
        QCOMPARE(peer->link(), Peer::Link::Bidirectional);
}

void tst_Network::cacheTakesOwnDialsOnly()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    Member &c = world.client(3);
    a.join();
    QVERIFY(world.finish(b.join({world.contact(1)})));
    QVERIFY(world.finish(c.join({world.contact(1)})));
    QVERIFY(world.until([&] { return a.network->peers().size() == 2; }));
    // a was dialled by both. It has dialled b itself, to check it and for its half; c never.
    QVERIFY(a.network->bootstrapCache()->entry(b.id()));
    QVERIFY(!a.network->bootstrapCache()->entry(c.id()));
    const auto entry = a.network->bootstrapCache()->entry(b.id());
    QCOMPARE(entry->addresses, QList{world.contact(2)});
    QCOMPARE(entry->certificate, a.peer(b)->certificates().first());
}

void tst_Network::contactsAreNotCached()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    a.join();
    QVERIFY(world.finish(b.join({world.contact(1)})));
    QVERIFY(world.until([&] { return a.peer(b); }));
    QCOMPARE(b.network->bootstrapCache()->size(), 0);
}

void tst_Network::rejoinsFromTheCacheAlone()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setCacheFile(path(u"rejoin.jsonl"_s));
    Member &first = world.node(1);
    first.join();
    Member &second = world.node(2);
    second.join({world.contact(1)});
    QVERIFY(world.until([&] { return first.peer(second); }));
    {
        Member &third = world.node(3, config);
        third.join({world.contact(1)});
        QVERIFY(world.until([&] { return third.peer(second); }, 120s));
        third.network->leave();
        QVERIFY(world.until([&] { return third.network->state() == Network::State::Left; }));
        third.network.reset();
    }
    first.network.reset(); // the contact is gone
    Member &third = world.node(4, config);
    const auto joined = third.join();
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(third.peer(second));
    QCOMPARE(third.network->joinCandidates().first().source, JoinCandidate::Source::Anchor);
}

void tst_Network::cachedNodesComeFirstNewestFirst()
{
    NetworkWorld world;
    Member &member = world.node(1);
    BootstrapCache *cache = member.network->bootstrapCache();
    QList<PeerAddress> contacts;
    QList<PeerAddress> expected;
    for (int i = 0; i < 4; ++i) {
        const PeerId id = PeerId::fromBytes(QByteArray(32, char('a' + i)));
        cache->connected(id, world.contact(10 + i), {});
        expected.prepend(PeerAddress(world.address(10 + i), 12000, id));
        contacts.append(world.contact(20 + i));
    }
    member.join(contacts);
    world.simulation.runFor(5s);
    QList<PeerAddress> dialled;
    for (const JoinCandidate &candidate : member.progress) {
        if (candidate.state == JoinCandidate::State::Dialling)
            dialled.append(candidate.addresses.first());
    }
    QCOMPARE(dialled, expected + contacts);
}

void tst_Network::onlyOneCandidateIsJoined()
{
    for (const bool delayed : {false, true}) {
        NetworkWorld world;
        QList<PeerAddress> contacts;
        NetworkConfig config;
        config.setWantedLinks(1);
        config.setRole(Peer::Role::Client);
        const Simulation::Host host = world.simulation.host({world.address(9)});
        for (int i = 1; i <= 4; ++i) {
            Member &node = world.node(i);
            node.join();
            contacts.append(world.contact(i));
            LinkProfile link;
            link.latency = delayed ? std::chrono::milliseconds(400 * (5 - i)) : 5ms;
            world.simulation.setLinks(host, node.host, link);
        }
        Member joining(host, config);
        const auto joined = joining.join(contacts);
        QVERIFY(world.finish(joined));
        QVERIFY(joined.result());
        world.simulation.runFor(20s);
        QCOMPARE(joining.network->peers().size(), 1);
        QCOMPARE(joining.network->endpoint()->connections().size(), 1);
        int seen = 0;
        for (const auto &node : world.members)
            seen += int(node->network->peers().size());
        QCOMPARE(seen, 1);
        const auto candidates = joining.network->joinCandidates();
        QCOMPARE(std::count_if(candidates.cbegin(), candidates.cend(),
                               [](const JoinCandidate &candidate) {
                                   return candidate.state == JoinCandidate::State::Joined;
                               }),
                 1);
    }
}

void tst_Network::failureNamesEachCandidate()
{
    NetworkWorld world;
    Member &other = world.node(1, [] {
        NetworkConfig config;
        EndpointConfig endpoint;
        endpoint.setNetworkName(u"another"_s);
        config.setEndpoint(endpoint);
        return config;
    }());
    other.join();
    NetworkConfig config;
    config.setAutomaticRejoin(false);
    Member &member = world.node(2, config);
    const PeerId wrongId = PeerId::fromBytes(QByteArray(32, 'x'));
    const auto joined = member.join(
        {world.contact(1), world.contact(7), PeerAddress(world.address(1), 12000, wrongId)});
    QVERIFY(world.finish(joined));
    const Error error = joined.result().error();
    QCOMPARE(error.code, ErrorCode::JoinFailed);
    for (const char *part :
         {"11.1.0.1:12000: The peer belongs to", "11.7.0.1:12000: The peer did not"})
        QVERIFY2(error.message.contains(QLatin1String(part)), qPrintable(error.message));
    const auto candidates = member.network->joinCandidates();
    QCOMPARE(candidates[0].error.code, ErrorCode::WrongNetwork);
    QCOMPARE(candidates[1].error.code, ErrorCode::HandshakeTimeout);
    QCOMPARE(candidates[2].error.code, ErrorCode::PeerIdMismatch);
    QCOMPARE(member.network->state(), Network::State::Waiting);
}

void tst_Network::deadCandidatesDoNotKeepALivingContactWaiting()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    Member &member = world.node(2);
    for (int i = 0; i < 200; ++i)
        member.network->bootstrapCache()->connected(
            PeerId::fromBytes(QByteArray(QByteArray(31, 'a') + char(i))),
            world.contact(20 + i % 200), {});
    QCOMPARE(member.network->bootstrapCache()->size(), 200);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined, 5s));
    QVERIFY(joined.result());
    QVERIFY(member.network->bootstrapCache()->entry(
        PeerId::fromBytes(QByteArray(QByteArray(31, 'a') + char(199)))));
}

void tst_Network::joinCanBeGivenUp()
{
    NetworkWorld world;
    Member &member = world.node(1);
    const auto joined = member.join({world.contact(7)});
    world.simulation.runFor(1s);
    member.network->leave();
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::Cancelled);
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Left; }));
    QCOMPARE(member.join().result().error().code, ErrorCode::WrongState);

    // Without leaving: nothing is tried any more, until somebody asks for it again.
    Member &other = world.node(2);
    for (const bool atOnce : {true, false}) {
        const auto given = other.join({world.contact(7)});
        if (!atOnce)
            world.simulation.runFor(1s);
        other.network->cancelJoin();
        QVERIFY(given.isFinished());
        QCOMPARE(given.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(other.network->state(), Network::State::Idle);
        other.progress.clear();
        world.simulation.runFor(600s);
        QVERIFY(other.progress.isEmpty());
        QCOMPARE(other.network->state(), Network::State::Idle);
    }
    Member &third = world.node(3);
    third.join();
    const auto again = other.join({world.contact(3)});
    QVERIFY(world.finish(again));
    QVERIFY2(again.result(), qPrintable(again.result().error().message));
    other.network->cancelJoin();
    QCOMPARE(other.network->state(), Network::State::Joined);
}

void tst_Network::changedKeyIsRefusedAndTold()
{
    NetworkWorld world;
    Member &impostor = world.node(1);
    impostor.join();
    Member &member = world.node(2);
    const PeerId before = PeerId::fromBytes(QByteArray(32, 'k'));
    member.network->bootstrapCache()->connected(before, world.contact(1), {});
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    const auto joined = member.join();
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::JoinFailed);
    QVERIFY(changed.size() >= 1);
    QCOMPARE(changed.first()[0].value<BootstrapCache::Entry>().peerId, before);
    QCOMPARE(changed.first()[1].value<Error>().peerCertificates,
             impostor.network->endpoint()->config().identity().certificates());
    QVERIFY(impostor.network->peers().isEmpty());
    QVERIFY(member.network->bootstrapCache()->entry(before)); // nothing is forgotten
    // Who trusts the new key says so.
    member.network->bootstrapCache()->remove(before);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QVERIFY(member.network->bootstrapCache()->entry(impostor.id()));
}

void tst_Network::changedKeyIsRefusedWhoeverDialled_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("contact") << u"contact"_s;
    QTest::newRow("dialled by hand") << u"dial"_s;
    QTest::newRow("incoming") << u"incoming"_s;
}

void tst_Network::changedKeyIsRefusedWhoeverDialled()
{
    QFETCH(const QString, way);
    NetworkWorld world;
    Member &newcomer = world.node(1);
    NetworkConfig config;
    config.setChangedKeys(NetworkConfig::ChangedKeys::Refuse);
    Member &member = world.node(2, config);
    const PeerId before = PeerId::fromBytes(QByteArray(32, 'k'));
    // The address of the connection is the second one that is known.
    member.network->bootstrapCache()->connected(before, world.contact(1), {});
    member.network->bootstrapCache()->connected(before, world.contact(7), {});
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    if (way == u"contact") {
        newcomer.join();
        const auto joined = member.join({world.contact(1)});
        QVERIFY(world.finish(joined));
        QCOMPARE(joined.result().error().code, ErrorCode::JoinFailed);
    } else {
        Member &other = world.node(3);
        other.join();
        member.join({world.contact(3)});
        QVERIFY(world.until([&] { return member.peer(other); }));
        if (way == u"dial") {
            newcomer.join();
            const auto dialled = member.network->connectTo(world.contact(1));
            QVERIFY(world.finish(dialled));
            QCOMPARE(dialled.result().error().code, ErrorCode::PeerIdMismatch);
        } else {
            newcomer.join({world.contact(2)});
        }
    }
    const auto isReported = [&](const QList<QVariant> &signal) {
        const auto known = signal[0].value<BootstrapCache::Entry>();
        const auto error = signal[1].value<Error>();
        return known.peerId == before
            && known.addresses.value(0).endpointString() == world.contact(1).endpointString()
            && error.code == ErrorCode::PeerIdMismatch
            && error.peerCertificates
            == newcomer.network->endpoint()->config().identity().certificates();
    };
    QVERIFY(world.until([&] { return std::any_of(changed.cbegin(), changed.cend(), isReported); }));
    world.simulation.runFor(std::chrono::seconds(5));
    QVERIFY(!member.connected.contains(newcomer.id()));
    QVERIFY(member.network->bootstrapCache()->entry(before));
    // Who trusts the new key says so.
    member.network->bootstrapCache()->remove(before);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QVERIFY(member.peer(newcomer));
}

void tst_Network::rejoinsByItselfMoreAndMoreRarely()
{
    NetworkWorld world;
    Member &member = world.node(1);
    QList<quint64> starts;
    connect(member.network.get(), &Network::stateChanged, this, [&](Network::State state) {
        if (state == Network::State::Joining)
            starts.append(world.simulation.now());
    });
    member.join({world.contact(7)});
    world.simulation.runFor(2h);
    QVERIFY2(starts.size() > 20 && starts.size() < 120, qPrintable(QString::number(starts.size())));
    for (qsizetype i = 1; i < starts.size(); ++i)
        QVERIFY(starts[i] - starts[i - 1] < quint64(320) * 1'000'000'000);
    // The contact comes back.
    Member &late = world.node(7);
    late.join();
    QVERIFY(world.until([&] { return member.peer(late); }, 330s));
    QCOMPARE(member.network->state(), Network::State::Joined);
    // All peers are lost: it tries at once, and finds the contact again.
    late.network->leave();
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Waiting; }));
    world.simulation.runFor(100s);
    late.network.reset();
    late.network = std::make_unique<Network>(
        [] {
            NetworkConfig config;
            config.setListen(QHostAddress(QHostAddress::Any), 12000);
            return config;
        }(),
        late.host);
    late.network->join();
    member.network->networkChanged(); // ends the waiting
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Joined; }, 15s));
}

void tst_Network::ownAddressIsNoPeer()
{
    NetworkWorld world;
    Member &member = world.node(1);
    const auto joined = member.join({world.contact(1), PeerAddress(u"127.0.0.1"_s, 12000)});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QCOMPARE(member.network->state(), Network::State::Joined);
    QVERIFY(member.network->peers().isEmpty());
    QVERIFY(member.network->endpoint()->connections().isEmpty());
    QCOMPARE(member.network->joinCandidates().first().error.code, ErrorCode::OwnAddress);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QCOMPARE(dialled.result().error().code, ErrorCode::OwnAddress);
}

void tst_Network::plainEndpointIsNoMember()
{
    NetworkWorld world;
    const Simulation::Host host = world.simulation.host({world.address(1)});
    Endpoint endpoint({}, host);
    QVERIFY(endpoint.listen(QHostAddress(QHostAddress::Any), 12000));
    Member &member = world.node(2);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QCOMPARE(member.network->joinCandidates().first().error.code, ErrorCode::NotAMember);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QCOMPARE(dialled.result().error().code, ErrorCode::NotAMember);
    // The other way round it is told, too.
    const auto dial = endpoint.connectTo(world.contact(2));
    QVERIFY(world.until([&] { return dial.isFinished() && endpoint.connections().isEmpty(); }));
    QVERIFY(member.network->peers().isEmpty());
}

void tst_Network::otherNetworkIsNoCandidate()
{
    NetworkWorld world;
    NetworkConfig config;
    EndpointConfig endpoint;
    endpoint.setNetworkName(u"one"_s);
    config.setEndpoint(endpoint);
    Member &one = world.node(1, config);
    Member &same = world.node(2, config);
    one.join();
    QVERIFY(world.finish(same.join({world.contact(1)})));
    QVERIFY(same.peer(one));
    Member &other = world.node(3);
    const auto joined = other.join({world.contact(1), world.contact(2)});
    QVERIFY(world.finish(joined));
    for (const JoinCandidate &candidate : other.network->joinCandidates())
        QCOMPARE(candidate.error.code, ErrorCode::WrongNetwork);
}

void tst_Network::simultaneousDialsMakeOneLink()
{
    for (int seed = 1; seed <= 5; ++seed) {
        NetworkWorld world{quint64(seed)};
        Member &a = world.node(1);
        Member &b = world.node(2);
        a.join({world.contact(2)});
        b.join({world.contact(1)});
        QVERIFY(world.until([&] { return a.peer(b) && b.peer(a); }));
        world.simulation.runFor(120s);
        QVERIFY(a.isLinked(b, Peer::Link::Unidirectional));
        QVERIFY(b.isLinked(a, Peer::Link::Unidirectional));
        QCOMPARE(a.network->endpoint()->connections().size(), 2);
        QCOMPARE(b.network->endpoint()->connections().size(), 2);
        QCOMPARE(a.connected.size(), 1);
        QCOMPARE(b.connected.size(), 1);
        QVERIFY(a.disconnected.isEmpty() && b.disconnected.isEmpty());
        // Two dials more of the same peer change nothing, either.
        const auto one = a.network->endpoint()->connectTo(world.contact(2));
        const auto other = a.network->endpoint()->connectTo(world.contact(2));
        QVERIFY(world.finish(one) && world.finish(other));
        world.simulation.runFor(60s);
        QCOMPARE(a.network->endpoint()->connections().size(), 2);
        QCOMPARE(b.network->endpoint()->connections().size(), 2);
        const auto reply = a.peer(b)->request(Message("x"));
        QVERIFY(world.finish(reply));
        QVERIFY(reply.result());
        QVERIFY(a.disconnected.isEmpty() && b.disconnected.isEmpty());
    }
}

void tst_Network::restartedPeerReplacesItsStaleConnections()
{
    NetworkWorld world;
    Member &a = world.node(1);
    a.join();
    NetworkConfig config;
    EndpointConfig endpoint;
    endpoint.setIdentity(*Identity::generate());
    config.setEndpoint(endpoint);
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member &b = world.node(2, config);
    b.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b); }));
    // It dies without a word, and comes back before anybody has noticed.
    world.simulation.blackhole(b.host, a.host);
    const Simulation::Host host = b.host;
    b.network.reset();
    world.simulation.heal(host, a.host);
    Member again(host, config);
    const auto joined = again.join({world.contact(1)});
    QVERIFY(world.finish(joined, 5s));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return a.isLinked(again, Peer::Link::Unidirectional); }, 5s));
    QCOMPARE(a.disconnected.size(), 1);
    QCOMPARE(a.disconnected.first().reason.code, ErrorCode::ConnectionReset);
    QCOMPARE(a.network->endpoint()->connections().size(), 2);
}

void tst_Network::returningPeerReplacesItsStaleConnection()
{
    NetworkWorld world;
    Member &a = world.node(1);
    a.join();
    Member &c = world.client(2);
    c.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(c) && c.peer(a); }));
    // The client has lost its network and ends what it had; the node does not hear of that.
    world.simulation.blackhole(c.host, a.host);
    c.network->peers().first()->close();
    QVERIFY(world.until([&] { return c.network->peers().isEmpty(); }));
    world.simulation.runFor(2s);
    QCOMPARE(a.network->peers().size(), 1);
    world.simulation.heal(c.host, a.host);
    c.network->networkChanged();
    QVERIFY(world.until([&] { return c.peer(a); }, 10s));
    QVERIFY(world.until([&] { return a.network->endpoint()->connections().size() == 1; }, 5s));
    const auto reply = a.peer(c)->request(Message("back?"));
    QVERIFY(world.finish(reply, 5s));
    QVERIFY(reply.result());
    QVERIFY(a.disconnected.isEmpty()); // the same program: its peer never was away
}

void tst_Network::lostHalfIsDialledAgain()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    a.join();
    b.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b); }));
    // One half ends as if nothing had been heard of it; for both sides in turn.
    for (Member *side : {&a, &b}) {
        Member &other = side == &a ? b : a;
        Connection *half = side->peer(other)->connections().first();
        QCOMPARE(half->direction(), Connection::Direction::Outgoing);
        Peering::Access::close(*half, Engine::CloseCode::Replaced, {});
        QVERIFY(world.until([&] { return side->network->endpoint()->connections().size() == 1; }));
        QVERIFY(world.until([&] {
            return a.network->endpoint()->connections().size() == 2
                && b.network->endpoint()->connections().size() == 2;
        }));
        const auto reply = side->peer(other)->request(Message("x"));
        QVERIFY(world.finish(reply));
        QVERIFY(reply.result());
    }
    QVERIFY(a.disconnected.isEmpty() && b.disconnected.isEmpty());
}

void tst_Network::missingHalfEndsTheLinkAfterAMinute()
{
    NetworkWorld world;
    Member &a = world.node(1);
    a.join();
    // An endpoint that says it is a node, lets itself be checked, and then does not play on.
    const Simulation::Host host = world.simulation.host({world.address(2)});
    Endpoint half({}, host);
    const auto membership = std::make_shared<Membership>();
    membership->role = Engine::Hello::Role::Node;
    membership->instance = 7;
    Peering::Access::join(half, membership, nullptr);
    QVERIFY(half.listen(QHostAddress(QHostAddress::Any), 12000));
    const auto dial = half.connectTo(world.contact(1));
    QVERIFY(world.finish(dial));
    QVERIFY(dial.result());
    Peering::Access::send(**dial.result(), encode(Peering::DialBackRequest{0, 12000, {}, {}, {}}));
    QVERIFY(world.until([&] { return half.connections().size() == 2; })); // a has dialled back
    world.simulation.runFor(55s);
    QCOMPARE(half.connections().size(), 2);
    QVERIFY(a.connected.isEmpty());
    world.simulation.runFor(10s);
    QVERIFY(half.connections().isEmpty());
    QVERIFY(a.network->endpoint()->connections().isEmpty());
    QVERIFY(a.connected.isEmpty());
}

void tst_Network::messageOnTheWrongHalfEndsIt()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    a.join();
    b.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b); }));
    Connection *incoming = a.peer(b)->connections().last();
    QCOMPARE(incoming->direction(), Connection::Direction::Incoming);
    incoming->send(Message("on the half of b"));
    QVERIFY(world.until([&] { return !b.disconnected.isEmpty() && !a.disconnected.isEmpty(); }));
    QVERIFY(b.messages.isEmpty());
    QCOMPARE(a.disconnected.first().reason.code, ErrorCode::ProtocolViolation);
}

void tst_Network::leavingIsTold()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    Member &c = world.client(3);
    a.join();
    b.join({world.contact(1)});
    c.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b) && a.peer(c); }));
    // Who sends to a peer that is going is told that it did not arrive.
    QList<quint64> failed;
    quint64 sent = 0;
    connect(b.network.get(), &Network::peerDisconnected, this, [&](Peer *peer) {
        connect(peer, &Peer::messageFailed, this, [&](quint64 id) { failed.append(id); });
        sent = peer->send(Message("too late"));
    });
    a.network->leave();
    QVERIFY(world.until([&] {
        return a.network->state() == Network::State::Left && b.disconnected.size() == 1
            && c.disconnected.size() == 1;
    }));
    for (const Member *member : {&b, &c}) {
        QCOMPARE(member->disconnected.first().peer, a.id());
        QCOMPARE(member->disconnected.first().reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(member->disconnected.first().reason.closeReason, u"leaving"_s);
    }
    QCOMPARE(a.disconnected.size(), 2);
    QVERIFY(a.network->endpoint()->connections().isEmpty());
    QVERIFY(world.until([&] { return !failed.isEmpty(); }));
    QCOMPARE(failed, QList{sent});
}

void tst_Network::blockedPeersStayOut()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setBlockListFile(path(u"blocked"_s));
    Member &a = world.node(1, config);
    Member &b = world.node(2);
    a.join();
    b.join({world.contact(1)});
    QVERIFY(world.until([&] { return a.peer(b) && b.peer(a); }));
    QVERIFY(a.network->block(b.id()));
    QVERIFY(world.until([&] { return !b.disconnected.isEmpty(); }));
    QCOMPARE(a.disconnected.first().reason.code, ErrorCode::Blocked);
    QVERIFY(!a.network->bootstrapCache()->entry(b.id()));
    world.simulation.runFor(120s);
    QVERIFY(a.network->peers().isEmpty());
    QCOMPARE(b.network->joinCandidates().first().error.code, ErrorCode::ConnectionRefused);
    const auto dialled = a.network->connectTo(PeerAddress(world.address(2), 12000, b.id()));
    QCOMPARE(dialled.result().error().code, ErrorCode::Blocked);
    // Also without the peer id, and after a restart.
    const auto blind = a.network->connectTo(world.contact(2));
    QVERIFY(world.finish(blind));
    QCOMPARE(blind.result().error().code, ErrorCode::Blocked);
    QVERIFY(a.network->block(QHostAddress(u"11.9.0.1"_s)));
    Member &again = world.node(4, config);
    again.join();
    QCOMPARE(again.network->blockedPeers(), QList{b.id()});
    QCOMPARE(again.network->blockedAddresses(), QList{QHostAddress(u"11.9.0.1"_s)});
    Member &byAddress = world.node(9);
    byAddress.join({world.contact(4)});
    world.simulation.runFor(20s);
    QVERIFY(again.network->peers().isEmpty());
    QVERIFY(again.network->unblock(QHostAddress(u"11.9.0.1"_s)));
    QVERIFY(world.until([&] { return again.peer(byAddress); }, 600s));
    QVERIFY(a.network->unblock(b.id()));
    QVERIFY(world.until([&] { return a.peer(b); }, 600s));
}

void tst_Network::peerCanBeDialledByHand()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QCOMPARE(a.network->connectTo(world.contact(2)).result().error().code, ErrorCode::WrongState);
    a.join();
    b.join();
    const auto dialled = a.network->connectTo(world.contact(2));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QCOMPARE(*dialled.result(), a.peer(b));
    const auto known = a.network->connectTo(PeerAddress(world.address(2), 12000, b.id()));
    QVERIFY(known.isFinished());
    const auto dead = a.network->connectTo(world.contact(7));
    QVERIFY(world.finish(dead));
    QCOMPARE(dead.result().error().code, ErrorCode::HandshakeTimeout);
    // Whatever is under way finishes with a value when the network goes.
    const auto pending = a.network->connectTo(world.contact(7));
    const auto joining = a.network->join({world.contact(7)});
    a.network.reset();
    QVERIFY(pending.isFinished() && joining.isFinished());
    QCOMPARE(pending.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(joining.result().error().code, ErrorCode::Cancelled);
}

void tst_Network::anySlotMayDeleteTheNetwork_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("stateChanged") << 0;
    QTest::newRow("joinProgress") << 1;
    QTest::newRow("peerConnected") << 2;
    QTest::newRow("peerDisconnected") << 3;
    QTest::newRow("reachabilityChanged") << 4;
    QTest::newRow("messageReceived") << 5;
    QTest::newRow("observedAddressChanged") << 6;
    QTest::newRow("join's future") << 7;
    QTest::newRow("entryAdded") << 8;
}

void tst_Network::anySlotMayDeleteTheNetwork()
{
    QFETCH(const int, which);
    for (const bool isFirst : {true, false}) {
        NetworkWorld world;
        Member &a = world.node(1);
        Member &b = world.node(2);
        Network *network = (isFirst ? a : b).network.get();
        bool done = false;
        const auto end = [&] {
            if (done)
                return;
            done = true;
            delete (isFirst ? a : b).network.release();
        };
        switch (which) {
        case 0:
            connect(network, &Network::stateChanged, this, end);
            break;
        case 1:
            connect(network, &Network::joinProgress, this, end);
            break;
        case 2:
            connect(network, &Network::peerConnected, this, end);
            break;
        case 3:
            connect(network, &Network::peerDisconnected, this, end);
            break;
        case 4:
            connect(network, &Network::reachabilityChanged, this, end);
            break;
        case 5:
            connect(network, &Network::peerConnected, this,
                    [&](Peer *peer) { connect(peer, &Peer::messageReceived, this, end); });
            break;
        case 6:
            connect(network, &Network::observedAddressChanged, this, end);
            break;
        case 8:
            connect(network->bootstrapCache(), &BootstrapCache::entryAdded, this, end);
            break;
        default:
            break;
        }
        a.join();
        if (b.network) {
            auto joined = b.join({world.contact(1)});
            if (which == 7 && !isFirst)
                joined.then(this, [&](const Result<void> &) { end(); });
        }
        world.until([&] { return done || (a.network && b.network && a.peer(b) && b.peer(a)); });
        if (!done && a.network && b.network && a.peer(b) && b.peer(a)) {
            a.peer(b)->send(Message("x"));
            b.peer(a)->send(Message("x"));
            world.simulation.runFor(1s);
        }
        if (!done && a.network && b.network)
            (isFirst ? b : a).network->leave();
        world.simulation.runFor(100s); // nobody crashes
    }
}

QTEST_GUILESS_MAIN(tst_Network)
#include "tst_network.moc"
