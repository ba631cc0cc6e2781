// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Members that misuse the messages and datagrams of legs: nothing grows, nothing leaves for others, no link is lost.

#include "relayscene.h"

#include <shared/endpointaccess.h>

#include <qp2pcore/peering/protocol/legs.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

Connection &linkOf(const Member &member)
{
    return *member.network->endpoint()->connections().first();
}

} // namespace

class tst_HostileLegs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsBeyondTheLimitOpenNothing();
    void nobodyIsOfferedALegToItself();
    void aClientMayNotOffer();
    void openedWithoutARequestIsClosed();
    void answersThatNobodyAskedForDoNothing();
    void closesOfOthersLegsDoNothing();
    void aLegIdThatIsTakenIsNotUsed();
    void datagramsOfForeignLegsGoNowhere();
};

//! Ten in a minute; what the caller does not use its library closes.
void tst_HostileLegs::requestsBeyondTheLimitOpenNothing()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    for (quint64 id = 0; id < 1000; ++id) {
        Access::send(linkOf(scene.caller), encode(LegRequest{id, scene.callee.id()}));
        scene.world.simulation.runFor(50ms); // more in a second end the connection
    }
    const Nat::LegForwarder *forwarder = EndpointAccess::forwarder(*scene.node.network->endpoint());
    QVERIFY(forwarder);
    QCOMPARE(forwarder->counters().opened, 10u);
    QVERIFY(forwarder->rememberedRequests() <= 10);
    QVERIFY(scene.node.peer(scene.caller));
    QVERIFY(scene.node.peer(scene.callee));
    QCOMPARE(scene.legs(), 0);
    QCOMPARE(scene.legsOf(scene.callee), 0);
}

void tst_HostileLegs::nobodyIsOfferedALegToItself()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    Access::send(linkOf(scene.caller), encode(LegRequest{1, scene.caller.id()}));
    Access::send(linkOf(scene.caller), encode(LegRequest{2, scene.node.id()}));
    Access::send(linkOf(scene.caller),
                 encode(LegRequest{3, PeerId::fromBytes(QByteArray(32, 'x'))}));
    scene.world.simulation.runFor(2s);
    QCOMPARE(scene.legs(), 0);
    QCOMPARE(scene.legsOf(scene.caller), 0);
    QVERIFY(scene.node.peer(scene.caller));
}

void tst_HostileLegs::aClientMayNotOffer()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    Access::send(linkOf(scene.caller), encode(LegOffer{1, scene.callee.id(), 77, 1000}));
    scene.world.simulation.runFor(2s);
    QCOMPARE(scene.legsOf(scene.node), 0);
    QVERIFY(scene.node.peer(scene.caller));
}

void tst_HostileLegs::openedWithoutARequestIsClosed()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    Access::send(linkOf(scene.node), encode(LegOpened{5, LegOpened::Outcome::Open, 77, 1000, {}}));
    scene.world.simulation.runFor(2s);
    QCOMPARE(scene.legsOf(scene.caller) + scene.legsOf(scene.callee), 0);
    QVERIFY(scene.caller.peer(scene.node) && scene.callee.peer(scene.node));
}

void tst_HostileLegs::answersThatNobodyAskedForDoNothing()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    for (quint64 number = 0; number < 20; ++number)
        Access::send(linkOf(scene.caller),
                     encode(LegAnswer{number, LegAnswer::Consent::Accepted, {}}));
    scene.world.simulation.runFor(2s);
    QCOMPARE(scene.legs(), 0);
    QVERIFY(scene.call()); // and the next ones are its callee's
    QCOMPARE(scene.legs(), 1);
}

void tst_HostileLegs::closesOfOthersLegsDoNothing()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }, 5s));
    const quint64 callers = Access::legOf(*scene.caller.peer(scene.callee)->connections().first());
    const quint64 callees = Access::legOf(*scene.callee.peer(scene.caller)->connections().first());
    QVERIFY(callers != callees);
    Member &stranger = scene.world.client(7);
    QVERIFY(scene.joins(stranger));
    for (const quint64 leg : {callers, callees, quint64(1)})
        Access::send(linkOf(stranger), encode(LegClose{leg, LegClose::Code::Refused, {}}));
    Access::send(linkOf(scene.caller), encode(LegClose{callees, LegClose::Code::Refused, {}}));
    scene.world.simulation.runFor(5s);
    QCOMPARE(scene.legs(), 1);
    scene.caller.peer(scene.callee)->send(Message("still"));
    QVERIFY(scene.world.until([&] { return scene.callee.messages.size() == 1; }, 5s));
}

//! A second offer of an id that carries a connection must not take it over.
void tst_HostileLegs::aLegIdThatIsTakenIsNotUsed()
{
    TwoRelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    QVERIFY(scene.world.until([&] { return scene.callee.peer(scene.caller); }, 5s));
    Connection *const inner = scene.callee.peer(scene.caller)->connections().first();
    const quint64 leg = Access::legOf(*inner);
    Member &other = inner->path().relay == scene.node.id() ? scene.second : scene.node;
    const QList<Connection *> links = other.peer(scene.callee)->connections();
    Access::send(*links.first(), encode(LegOffer{1, scene.caller.id(), leg, 1000}));
    scene.world.simulation.runFor(2s);
    QVERIFY(inner->path().relay != other.id());
    scene.caller.peer(scene.callee)->send(Message("still"));
    QVERIFY(scene.world.until([&] { return scene.callee.messages.size() == 1; }, 5s));
}

//! Ids that the node does not know, or from a host without a link: not one datagram leaves for them.
void tst_HostileLegs::datagramsOfForeignLegsGoNowhere()
{
    RelayScene scene;
    QVERIFY(scene.isReady);
    QVERIFY(scene.call());
    scene.world.simulation.runFor(10s);
    const auto to = Engine::SocketAddress::fromIpv4({11, 1, 0, 1}, 12000);
    const auto from = Engine::SocketAddress::fromIpv4({198, 51, 100, 7}, 5000);
    const EndpointStats before = scene.node.network->endpoint()->stats();
    for (int i = 0; i < 256; ++i) {
        QByteArray datagram(9 + i * 5, char(i));
        datagram[0] = 4;
        scene.world.simulation.inject(from, to, datagram);
    }
    scene.world.simulation.runFor(100ms);
    const EndpointStats after = scene.node.network->endpoint()->stats();
    QCOMPARE(after.droppedNotQuic, before.droppedNotQuic + 256);
    QVERIFY(after.datagramsSent - before.datagramsSent < 10); // its links go on
}

QTEST_GUILESS_MAIN(tst_HostileLegs)
#include "tst_hostilelegs.moc"
