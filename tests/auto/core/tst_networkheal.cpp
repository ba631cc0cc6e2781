// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A network that was split is one again within a minute, whatever its members still have; and what that costs a
// network that was not.
//
// QP2P_HEAL_SEEDS, QP2P_HEAL_MEMBERS: more seeds, and further numbers of members (tests/nightly.sh).

#include <shared/networkworld.h>

#include <qp2pcore/identity.h>
#include <qp2pcore/private/simulated.h>

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

enum class Left {
    Everything, //!< all links that are wanted, contacts, caches, what was lost
    NoFirstNode, //!< the contact of all is gone for good
    NoContacts,
    CachesAlone, //!< all were started again while the network was split
};

//! A network in which all have as many links as they want.
class Scene
{
public:
    //! \a passive: the number of one that does not rejoin by itself.
    Scene(int members, int wantedLinks, quint64 seed, int passive = 0)
        : world(seed)
    {
        LinkProfile link;
        link.latency = 20ms;
        link.loss = 0.02;
        world.simulation.setDefaultLink(link);
        for (int number = 1; number <= members; ++number) {
            NetworkConfig config;
            config.setWantedLinks(wantedLinks);
            config.setAutomaticRejoin(number != passive);
            EndpointConfig endpoint;
            endpoint.setIdentity(*Identity::generate()); // kept when it is started again
            config.setEndpoint(endpoint);
            world.node(number, config)
                .join(number > 1 ? QList{world.contact(1)} : QList<PeerAddress>());
            if (number % 5 == 0)
                world.simulation.runFor(1s);
        }
    }

    //! The members that live.
    QList<Member *> living() const
    {
        QList<Member *> list;
        for (const auto &member : world.members) {
            if (member->network)
                list.append(member.get());
        }
        return list;
    }
    int chosen(const Member &member) const
    {
        const auto peers = member.network->peers();
        return int(std::count_if(peers.cbegin(), peers.cend(),
                                 [](const Peer *peer) { return peer->isChosen(); }));
    }
    //! Or to most of the others, where there are not as many.
    bool haveAllWantedLinks() const
    {
        const auto all = living();
        return std::all_of(all.cbegin(), all.cend(), [&](const Member *member) {
            return chosen(*member) >= member->network->config().wantedLinks()
                || member->network->peers().size() * 3 >= (all.size() - 1) * 2;
        });
    }
    //! Looks once a second. Returns after how many seconds, or -1.
    template<typename Condition>
    int secondsUntil(const Condition &condition, int limit)
    {
        for (int second = 0; second <= limit; ++second) {
            if (condition())
                return second;
            world.simulation.runFor(1s);
        }
        return -1;
    }
    bool settle()
    {
        return secondsUntil([this] { return haveAllWantedLinks(); }, 180) >= 0;
    }
    //! From each every other one can be reached over links.
    bool isConnected() const { return NetworkWorld::parts(living()) == 1; }
    //! Links between members with odd and with even numbers.
    int linksAcross() const
    {
        int count = 0;
        const auto all = living();
        for (const Member *one : all) {
            for (const Member *other : all)
                count += one->number % 2 == 0 && other->number % 2 == 1 && one->peer(*other);
        }
        return count;
    }
    void split()
    {
        world.split([](int number) { return number % 2; });
    }
    //! With its identity and its cache, and nothing else.
    void restart(Member &member)
    {
        const NetworkConfig config = member.network->config();
        auto remembered = member.network->bootstrapCache()->entries();
        member.network = std::make_unique<SimulatedNetwork>(config, member.host);
        for (auto node = remembered.crbegin(); node != remembered.crend(); ++node)
            member.network->bootstrapCache()->connected(node->peerId, node->addresses.first(),
                                                        node->certificate);
        member.join();
    }

    NetworkWorld world;
};

} // namespace

class tst_NetworkHeal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitNetworkIsOneAgain_data();
    void splitNetworkIsOneAgain();
    void lonelyMemberIsFoundAgain();
    void contactThatComesBackIsDialled_data();
    void contactThatComesBackIsDialled();
    void newContactsAreDialledNow();
    void foundNodesReplaceEachOtherOnly();
    void healthyNetworkHardlyDials();
};

void tst_NetworkHeal::splitNetworkIsOneAgain_data()
{
    QTest::addColumn<int>("members");
    QTest::addColumn<Left>("left");
    QTest::addColumn<quint64>("seed");
    const std::pair<const char *, Left> cases[] = {{"everything", Left::Everything},
                                                   {"no first node", Left::NoFirstNode},
                                                   {"no contacts", Left::NoContacts},
                                                   {"caches alone", Left::CachesAlone}};
    bool isAsked = false;
    const int asked = qEnvironmentVariableIntValue("QP2P_HEAL_SEEDS", &isAsked);
    const int members = qEnvironmentVariableIntValue("QP2P_HEAL_MEMBERS");
#if defined(__SANITIZE_ADDRESS__)
    const QList<int> usual = {12}; // the paths of the code are the same, and take longer
#else
    const QList<int> usual = {12, 24};
#endif
    const QList<int> sizes = members > 0 ? QList{members} : usual;
    for (const int size : sizes) {
        for (const auto &[name, left] : cases) {
            for (int seed = 1; seed <= (isAsked ? asked : 1); ++seed)
                QTest::addRow("%d members, %s, seed %d", size, name, seed)
                    << size << left << quint64(seed);
        }
    }
}

void tst_NetworkHeal::splitNetworkIsOneAgain()
{
    QFETCH(const int, members);
    QFETCH(const Left, left);
    QFETCH(const quint64, seed);
    QElapsedTimer real;
    real.start();
    // As many links as each part can give to all of its members.
    Scene scene(members, std::clamp(members / 8, 2, 8), seed);
    NetworkWorld &world = scene.world;
    QVERIFY(scene.settle());
    world.simulation.runFor(60s);
    if (left == Left::NoContacts) {
        for (Member *member : scene.living())
            member->network->setContacts({});
    }
    scene.split();
    if (left == Left::NoFirstNode)
        world.members.front()->network.reset();
    world.simulation.runFor(60s);
    if (left == Left::CachesAlone) {
        for (Member *member : scene.living())
            scene.restart(*member);
    }
    world.simulation.runFor(240s);
    // More where members of one part have met through the other one only.
    QVERIFY(NetworkWorld::parts(scene.living()) >= 2);
    QCOMPARE(scene.linksAcross(), 0);
    world.heal();
    const int after = scene.secondsUntil([&] { return scene.isConnected(); }, 60);
    QVERIFY2(after >= 0, qPrintable(u"%1 parts"_s.arg(NetworkWorld::parts(scene.living()))));
    world.simulation.runFor(std::chrono::seconds(60 - after));
    const int across = scene.linksAcross();
    qInfo("one network after %d s, %d links across after 60 s; %lld ms of real time", after, across,
          real.elapsed());
    // They are interwoven, not tied by one link.
    QVERIFY2(across >= members / 4, qPrintable(QString::number(across)));
    world.simulation.runFor(300s);
    QVERIFY(scene.isConnected());
}

//! It was cut off from all others, which have all the links that they want, and does nothing itself.
void tst_NetworkHeal::lonelyMemberIsFoundAgain()
{
    Scene scene(24, 3, 3, 7);
    NetworkWorld &world = scene.world;
    QVERIFY(scene.settle());
    // Not the first node either: all others are its peers, so it has never as many of its own choice as it wants.
    world.members.front()->network.reset();
    for (Member *member : scene.living())
        member->network->setContacts({});
    world.split([](int number) { return number == 7; });
    world.simulation.runFor(30min);
    QCOMPARE(NetworkWorld::parts(scene.living()), 2);
    world.heal();
    QVERIFY(scene.secondsUntil([&] { return scene.isConnected(); }, 60) >= 0);
}

void tst_NetworkHeal::contactThatComesBackIsDialled_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("one node and its client") << 2;
    QTest::newRow("twelve") << 12;
}

//! Without its cache, and with another key: it begins a network of its own.
void tst_NetworkHeal::contactThatComesBackIsDialled()
{
    QFETCH(const int, others);
    NetworkWorld world;
    Member &contact = world.node(1);
    contact.join();
    for (int number = 2; number <= others; ++number)
        world.node(number).join({world.contact(1)});
    // It keeps the node from being alone.
    Member &client = world.client(others + 1);
    client.join({world.contact(1), world.contact(2)});
    QVERIFY(world.until([&] { return client.peer(*world.members[1]) && client.peer(contact); }));
    world.simulation.runFor(60s);
    const NetworkConfig config = contact.network->config();
    contact.network.reset();
    world.simulation.runFor(10min);
    for (const auto &member : world.members) {
        if (member->network)
            QVERIFY(!member->network->peers().isEmpty());
    }
    contact.network = std::make_unique<SimulatedNetwork>(config, contact.host);
    contact.join();
    QList<Member *> all;
    for (const auto &member : world.members)
        all.append(member.get());
    QVERIFY(world.until([&] { return NetworkWorld::parts(all) == 1; }, 60s));
}

void tst_NetworkHeal::newContactsAreDialledNow()
{
    NetworkWorld world;
    Member &first = world.node(1);
    Member &second = world.node(2);
    QCOMPARE(second.network->setContacts({world.contact(9)}), 0); // it has not joined yet
    QCOMPARE(second.network->contacts().size(), 1);
    QCOMPARE(second.network->setContacts({}), 0);
    first.join();
    second.join();
    QVERIFY(world.until([&] { return second.network->state() == Network::State::Joined; }));
    world.simulation.runFor(60s);
    // Both are networks of one.
    QCOMPARE(second.network->setContacts({world.contact(1)}), 1);
    QVERIFY(world.until([&] { return first.peer(second) && second.peer(first); }, 3s));
    QCOMPARE(second.network->setContacts({world.contact(1)}), 0); // there is a link
    // With a peer, too; and those that are dead keep it from nothing.
    Member &third = world.node(3);
    third.join();
    world.simulation.runFor(60s);
    QCOMPARE(first.network->setContacts({world.contact(8), world.contact(9), world.contact(3)}), 3);
    QVERIFY(world.until([&] { return first.peer(third) && third.peer(first); }, 6s));
    // Nothing is tried after cancelJoin().
    Member &fourth = world.node(4);
    fourth.join({world.contact(9)});
    world.simulation.runFor(1s);
    fourth.network->cancelJoin();
    QCOMPARE(fourth.network->setContacts({world.contact(1)}), 0);
    world.simulation.runFor(120s);
    QVERIFY(fourth.network->peers().isEmpty());
}

//! What comes back, or an attacker that visits and leaves, takes the place of no link that was chosen.
void tst_NetworkHeal::foundNodesReplaceEachOtherOnly()
{
    constexpr int nodes = 10;
    NetworkWorld world;
    NetworkConfig config;
    config.setWantedLinks(2);
    Member &member = world.node(nodes + 1, config);
    // They have nothing to do with each other, so none names another.
    world.simulation.onDatagram = [](const Wire &wire) {
        const auto isMember = [](const Engine::SocketAddress &address) {
            return address.addressBytes()[1] == nodes + 1;
        };
        return isMember(wire.from) || isMember(wire.to) ? WireAction::Deliver : WireAction::Drop;
    };
    for (int number = 1; number <= nodes; ++number) {
        Member &node = world.node(number);
        node.join();
        member.network->bootstrapCache()->connected(node.id(), world.contact(number), {});
    }
    QVERIFY(world.finish(member.join()));
    QVERIFY(world.until([&] { return member.connected.size() == 2; }, 8s));
    const QList<PeerId> wanted = member.connected;
    for (int second = 0; second < 1800; ++second) {
        world.simulation.runFor(1s);
        QVERIFY(member.network->peer(wanted[0]) && member.network->peer(wanted[1]));
        const auto peers = member.network->peers();
        const auto chosen = std::count_if(peers.cbegin(), peers.cend(),
                                          [](const Peer *peer) { return peer->isChosen(); });
        QVERIFY2(chosen <= 2 + 2 + 1, qPrintable(QString::number(chosen)));
    }
    // Each extra link but the last two was closed once; the nodes, alone then, came back by themselves.
    QCOMPARE(member.disconnected.size(), nodes - 2 - 2);
    QCOMPARE(member.network->peers().size(), nodes);
    for (const Member::Disconnected &one : std::as_const(member.disconnected))
        QCOMPARE(one.reason.code, ErrorCode::ClosedLocally);
    // One that the program uses stays.
    Peer *used = nullptr;
    for (Peer *peer : member.network->peers()) {
        if (peer->isChosen() && !wanted.contains(peer->id()))
            used = peer;
    }
    QVERIFY(used);
    used->send(Message("hello"));
    const PeerId id = used->id();
    world.simulation.runFor(20min);
    QVERIFY(member.network->peer(id));
}

void tst_NetworkHeal::healthyNetworkHardlyDials()
{
    constexpr int members = 30;
    constexpr int minutes = 10;
    Scene scene(members, 8, 5);
    NetworkWorld &world = scene.world;
    QVERIFY(scene.settle());
    world.simulation.runFor(10min);
    quint64 datagrams = 0;
    quint64 bytes = 0;
    QSet<QByteArray> dials; // by Destination Connection ID of the first Initial
    world.simulation.onDatagram = [&](Wire &wire) {
        ++datagrams;
        bytes += quint64(wire.data.size());
        // A long header of version 1, type Initial, in a datagram of full size (RFC 9000 sections 14.1 and 17.2.2).
        if ((quint8(wire.data[0]) & 0xf0) == 0xc0 && wire.data.size() >= 1200)
            dials.insert(wire.data.mid(6, quint8(wire.data[5])));
        return WireAction::Deliver;
    };
    QElapsedTimer real;
    real.start();
    world.simulation.runFor(std::chrono::minutes(minutes));
    world.simulation.onDatagram = {};
    const auto each = [&](quint64 count) { return double(count) / members / minutes; };
    qInfo("for each member and minute: %.1f datagrams, %.0f bytes, %.2f Initial connection IDs; "
          "%lld ms of real time",
          each(datagrams), each(bytes), each(quint64(dials.size())), real.elapsed());
    int chosen = 0;
    int peers = 0;
    for (const Member *member : scene.living()) {
        chosen += scene.chosen(*member);
        peers += int(member->network->peers().size());
    }
    qInfo("%.1f chosen links, %.1f peers each", double(chosen) / members, double(peers) / members);
    QVERIFY2(each(quint64(dials.size())) < 1, qPrintable(QString::number(dials.size())));
    QVERIFY(chosen <= members * (8 + 2));
}

QTEST_GUILESS_MAIN(tst_NetworkHeal)
#include "tst_networkheal.moc"
