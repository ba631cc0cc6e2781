// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Links between members in virtual time: how they are established, and how lost and stale halves are replaced.

#include <shared/networkworld.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_NetworkLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodesDialEachOther();
    void clientHasOneConnection();
    void nothingIsDeliveredBeforeTheLinkStands();
    void linksStandDespiteLosses();

    void simultaneousDialsMakeOneLink();
    void restartedPeerReplacesItsStaleConnections();
    void returningPeerReplacesItsStaleConnection();
    void lostHalfIsDialledAgain();
    void missingHalfEndsTheLinkAfterAMinute();
    void messageOnTheWrongHalfEndsIt();
};

void tst_NetworkLinks::nodesDialEachOther()
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

void tst_NetworkLinks::clientHasOneConnection()
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

void tst_NetworkLinks::nothingIsDeliveredBeforeTheLinkStands()
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

void tst_NetworkLinks::linksStandDespiteLosses()
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

void tst_NetworkLinks::simultaneousDialsMakeOneLink()
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

void tst_NetworkLinks::restartedPeerReplacesItsStaleConnections()
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

void tst_NetworkLinks::returningPeerReplacesItsStaleConnection()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &c = world.client(2);
    QVERIFY(world.linked(a, c));
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

void tst_NetworkLinks::lostHalfIsDialledAgain()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QVERIFY(world.linked(a, b));
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

void tst_NetworkLinks::missingHalfEndsTheLinkAfterAMinute()
{
    NetworkWorld world;
    Member &a = world.node(1);
    a.join();
    // An endpoint that says it is a node, lets itself be checked, and then does not play on.
    const Simulation::Host host = world.simulation.host({world.address(2)});
    SimulatedEndpoint half({}, host);
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

void tst_NetworkLinks::messageOnTheWrongHalfEndsIt()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QVERIFY(world.linked(a, b));
    Connection *incoming = a.peer(b)->connections().last();
    QCOMPARE(incoming->direction(), Connection::Direction::Incoming);
    incoming->send(Message("on the half of b"));
    QVERIFY(world.until([&] { return !b.disconnected.isEmpty() && !a.disconnected.isEmpty(); }));
    QVERIFY(b.messages.isEmpty());
    QCOMPARE(a.disconnected.first().reason.code, ErrorCode::ProtocolViolation);
}

QTEST_GUILESS_MAIN(tst_NetworkLinks)
#include "tst_networklinks.moc"
