// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints that dial a peer again: without certificates, where nothing has changed, and with them in every other case.

#include "certifiedmembers.h"
#include "diallingworld.h"

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_Resumption : public QObject, private CertifiedMembers
{
    Q_OBJECT

private Q_SLOTS:
    void theSecondHandshakeIsResumed();
    void eachTicketIsUsedOnce();
    void twoDialsAtOnceShareNone();
    void withoutAnExpectedPeerNoneIsUsed();
    void itIsForThePeerThatGaveIt();
    void itDoesNotNeedTheSameAddress();
    void afterADayNoneIsUsed();
    void aRestartedPeerIsMetInFull();
    void withARetryToo();
    void switchedOffNoneIsKept();
    void legacyPeersNeverSeeOne();
    void messagesThatLeaveEarlyArriveOnce();

    void chainsAreVerifiedAgain();
    void expiredCertificatesAreRefused();
    void reloadedAuthoritiesDropThem();
    void aNewCertificateOfOurOwnDropsThem();
};

namespace {

PeerId idAt(World &world, int number)
{
    return world.at(number).peerId();
}

// Whether the connection, which is closed again, was open.
bool visit(World &world, const PeerAddress &peer, Protocol protocol = Protocol::Qp2p1)
{
    const auto dial = world.dialler.connectTo(peer, protocol);
    if (!world.finish(dial) || !dial.result())
        return false;
    world.simulation.runFor(1s);
    (*dial.result())->close();
    world.simulation.runFor(2s);
    return true;
}

SessionTicketStore &storeOf(const Endpoint &endpoint)
{
    return SimulatedEndpoint::inside(endpoint).sessionTickets;
}

// After a first connection, which is closed.
PeerAddress acceptorOf(EndpointPair &pair)
{
    if (!pair.connect())
        return {};
    pair.simulation.runFor(1s);
    pair.out->close();
    pair.simulation.runFor(2s);
    const PeerAddress address = pair.acceptorAddress();
    return PeerAddress(address.address(), address.port(), pair.acceptor->peerId());
}

quint64 resumed(World &world)
{
    return world.at(2).stats().handshakesResumed;
}

} // namespace

void tst_Resumption::theSecondHandshakeIsResumed()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    QCOMPARE(resumed(world), quint64(0));
    const auto dial = world.dialler.connectTo(peer);
    QVERIFY(world.finish(dial) && dial.result());
    QCOMPARE(resumed(world), quint64(1));
    QCOMPARE(world.dialler.stats().handshakesResumed, quint64(1));
    Connection *out = *dial.result();
    Connection *in = world.at(2).connections().last();
    QCOMPARE(out->peerId(), idAt(world, 2));
    QCOMPARE(in->peerId(), world.dialler.peerId());
    QCOMPARE(out->peerCertificates(), sharedIdentity(2).certificates());
    QCOMPARE(in->peerCertificates(), sharedIdentity(1).certificates());
    QVERIFY(world.works(out, in));
    QVERIFY(world.works(in, out));
}

void tst_Resumption::eachTicketIsUsedOnce()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    for (int i = 0; i < 10; ++i) {
        QCOMPARE(storeOf(world.dialler).size(), size_t(i > 0));
        const auto dial = world.dialler.connectTo(peer);
        QCOMPARE(storeOf(world.dialler).size(), size_t(0));
        QVERIFY(world.finish(dial) && dial.result());
        world.simulation.runFor(1s);
        (*dial.result())->close();
        world.simulation.runFor(1s);
    }
    QCOMPARE(resumed(world), quint64(9));
    QCOMPARE(storeOf(world.at(2)).size(),
             size_t(0)); // those that a peer has dialled give the acceptor none
}

void tst_Resumption::twoDialsAtOnceShareNone()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    const auto one = world.dialler.connectTo(peer);
    const auto other = world.dialler.connectTo(peer);
    QVERIFY(world.finish(one) && world.finish(other));
    QVERIFY(one.result() && other.result());
    QCOMPARE(resumed(world), quint64(1));
}

void tst_Resumption::withoutAnExpectedPeerNoneIsUsed()
{
    World world;
    world.add(2);
    QVERIFY(visit(world, World::address(2)));
    QVERIFY(visit(world, World::address(2)));
    QCOMPARE(resumed(world), quint64(0));
    QVERIFY(visit(world, World::address(2, idAt(world, 2)))); // it was kept
    QCOMPARE(resumed(world), quint64(1));
}

void tst_Resumption::itIsForThePeerThatGaveIt()
{
    World world;
    world.add(2);
    world.add(3);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    // Another peer answers where that one is expected, and is taken for nobody else.
    const auto dial = world.dialler.connectTo(World::address(3, idAt(world, 2)));
    QCOMPARE(world.errorOf(dial), ErrorCode::PeerIdMismatch);
    QVERIFY(visit(world, World::address(3, idAt(world, 3))));
    QCOMPARE(world.at(3).stats().handshakesResumed, quint64(0));
}

void tst_Resumption::itDoesNotNeedTheSameAddress()
{
    World world;
    world.add(2);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QVERIFY(visit(world, PeerAddress(World::ipv6Address(2), World::Port, idAt(world, 2))));
    world.simulation.moveHost(world.diallerHost, {ip("192.0.2.77"), ip("2001:db8::77")});
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QCOMPARE(resumed(world), quint64(2));
}

void tst_Resumption::afterADayNoneIsUsed()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    world.simulation.runFor(24h - 10s);
    QVERIFY(visit(world, peer));
    QCOMPARE(resumed(world), quint64(1));
    world.simulation.runFor(24h);
    const auto dial = world.dialler.connectTo(peer);
    QVERIFY(world.finish(dial) && dial.result());
    QCOMPARE(resumed(world), quint64(1));
}

void tst_Resumption::aRestartedPeerIsMetInFull()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    SimulatedEndpoint restarted(World::withIdentity({}, 2), world.hostOf(2));
    world.at(2).close();
    world.simulation.runFor(5s);
    QVERIFY(restarted.listen(QHostAddress(QHostAddress::Any), World::Port));
    QVERIFY(visit(world, peer));
    QCOMPARE(restarted.stats().handshakesResumed, quint64(0));
    QVERIFY(visit(world, peer));
    QCOMPARE(restarted.stats().handshakesResumed, quint64(1));
}

void tst_Resumption::withARetryToo()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    QCOMPARE(world.at(2).stats().retriesSent, 1u);
    // From another address the address token is worth nothing.
    world.simulation.moveHost(world.diallerHost, {ip("192.0.2.77"), ip("2001:db8::77")});
    QVERIFY(visit(world, peer));
    QCOMPARE(world.at(2).stats().retriesSent, 2u);
    QCOMPARE(resumed(world), quint64(1));
}

void tst_Resumption::switchedOffNoneIsKept()
{
    EndpointConfig config;
    QCOMPARE(config.sessionResumption(), EndpointConfig::SessionResumption::Enabled);
    config.setSessionResumption(EndpointConfig::SessionResumption::Disabled);
    World world(config);
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    QVERIFY(visit(world, peer));
    QCOMPARE(storeOf(world.dialler).size(), size_t(0));
    QCOMPARE(resumed(world), quint64(0));
}

void tst_Resumption::legacyPeersNeverSeeOne()
{
    EndpointConfig config;
    config.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    World world(config);
    world.add(2, 5ms, config);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer, Protocol::Legacy));
    QCOMPARE(storeOf(world.dialler).size(), size_t(0));
    QVERIFY(visit(world, peer));
    QVERIFY(visit(world, peer, Protocol::Legacy)); // that one stays for the next of our own
    QCOMPARE(resumed(world), quint64(0));
    QVERIFY(visit(world, peer));
    QCOMPARE(resumed(world), quint64(1));
}

void tst_Resumption::messagesThatLeaveEarlyArriveOnce()
{
    World world;
    world.add(2);
    const PeerAddress peer = World::address(2, idAt(world, 2));
    QVERIFY(visit(world, peer));
    QList<QByteArray> received;
    QObject::connect(
        &world.at(2), &Endpoint::connectionOpened, &world.at(2), [&](Connection *connection) {
            QObject::connect(connection, &Connection::messageReceived, connection,
                             [&](const Message &message) { received.append(message.payload()); });
        });
    Connection *connection = world.dialler.openConnection(peer);
    connection->send(Message("early"));
    world.simulation.runFor(1s);
    QCOMPARE(resumed(world), quint64(1));
    QCOMPARE(received, QList<QByteArray>{"early"});
}

// ---- certificates

void tst_Resumption::chainsAreVerifiedAgain()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    const PeerAddress peer = acceptorOf(pair);
    for (int i = 1; i < 3; ++i) {
        const Dialling dial = pair.dialler->connectTo(peer);
        QVERIFY(pair.finish(dial));
        QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
        pair.simulation.runFor(1s);
        QCOMPARE(pair.acceptor->stats().handshakesResumed, quint64(i));
        (*dial.result())->close();
        pair.simulation.runFor(2s);
    }
    QCOMPARE(storeOf(*pair.dialler).size(), size_t(1));
    write(u"friends.crt.pem"_s, Authority::create(u"friends"_s, Now)->certificatePem());
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    const Dialling dial = pair.dialler->connectTo(peer);
    QVERIFY(pair.finish(dial));
    QCOMPARE(dial.result().error().code, ErrorCode::CertificateRejected);
    QCOMPARE(dial.result().error().closeReason, u"CertificateUnknownAuthority"_s);
    QCOMPARE(pair.acceptor->stats().handshakesResumed, quint64(2));
}

void tst_Resumption::expiredCertificatesAreRefused()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    for (const bool isOurs : {false, true}) { // whether the dialler's certificate expires
        const auto validity = [&](bool expires) {
            return expires ? std::chrono::days(10) : std::chrono::days(100);
        };
        EndpointPair::Setup setup;
        setup.acceptor = member(issued(m_friends, u"anna"_s, validity(!isOurs)));
        setup.dialler = member(issued(m_friends, u"ben"_s, validity(isOurs)));
        EndpointPair pair(setup);
        const PeerAddress peer = acceptorOf(pair);
        pair.simulation.runFor(10 * 24h - 1h);
        const Dialling first = pair.dialler->connectTo(peer);
        QVERIFY(pair.finish(first) && first.result());
        pair.simulation.runFor(1s);
        (*first.result())->close();
        pair.simulation.runFor(2h);
        QCOMPARE(storeOf(*pair.dialler).size(), size_t(1));
        const Dialling second = pair.dialler->connectTo(peer);
        QVERIFY(pair.finish(second));
        QCOMPARE(second.result().error().code,
                 isOurs ? ErrorCode::CertificateRejected : ErrorCode::CertificateExpired);
        QCOMPARE(pair.dialler->connections().size(), 0);
        QCOMPARE(pair.acceptor->connections().size(), 0);
    }
}

void tst_Resumption::reloadedAuthoritiesDropThem()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    pair.simulation.runFor(1s);
    QCOMPARE(storeOf(*pair.dialler).size(), size_t(1));
    QVERIFY(pair.dialler->reloadAuthorities().isOk());
    QCOMPARE(storeOf(*pair.dialler).size(), size_t(0));
}

void tst_Resumption::aNewCertificateOfOurOwnDropsThem()
{
    World world;
    world.add(2);
    QVERIFY(visit(world, World::address(2, idAt(world, 2))));
    QCOMPARE(storeOf(world.dialler).size(), size_t(1));
    QVERIFY(world.dialler.setIdentity(sharedIdentity(1)).isOk());
    QCOMPARE(storeOf(world.dialler).size(), size_t(0));
}

QTEST_GUILESS_MAIN(tst_Resumption)
#include "tst_resumption.moc"
