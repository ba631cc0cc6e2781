// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Session tickets between routers: who was met before skips the certificates, and gains nothing else by that.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/rawtickets.h>
#include <shared/engine/testauthority.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using SessionResumption = EndpointConfig::SessionResumption;

namespace {

// The peers that are refused from now on.
using BlockList = std::shared_ptr<QList<PeerId>>;

Settings settingsOf(int number, const BlockList &blocked = {})
{
    Settings settings = makeSettings(number);
    settings.retryMode = EndpointConfig::RetryMode::Never;
    MessageOptions options = makeMessageOptions();
    if (blocked)
        options.refuse = [blocked](const PeerId &peer, const SocketAddress &) {
            return blocked->contains(peer) ? Error(ErrorCode::Blocked, QStringLiteral("Blocked."))
                                           : Error();
        };
    settings.protocols = protocolsWith(options, {Protocol::Qp2p1, Protocol::Legacy});
    return settings;
}

// An acceptor, and what dials it.
struct World
{
    World()
        : World(settingsOf(1), settingsOf(2))
    {
    }
    World(const Settings &ofAcceptor, const Settings &ofDialler)
        : acceptor(makeAcceptor(publicAddress(1), ofAcceptor))
        , dialler(publicAddress(2), ofDialler)
    {
        wire.connect(*acceptor);
        wire.connect(dialler);
    }

    // Whether both sides were open. The connection is closed again.
    bool open(const QByteArray &ticket, Protocol protocol = Protocol::Qp2p1)
    {
        Session::DialOptions options;
        options.sessionTicket = ticket;
        options.protocol = messageProtocol(
            protocol, std::make_shared<MessageOptions>(makeMessageOptions()), {});
        return openWith(options);
    }
    bool openWith(const Session::DialOptions &options)
    {
        const size_t opened = acceptor->count<Events::Opened>();
        const size_t closed = dialler.count<Events::Closed>();
        last = Test::dial(dialler, acceptor->address, wire.now, options);
        wire.runUntil([&] {
            return acceptor->count<Events::Opened>() == opened + 1
                || dialler.count<Events::Closed>() == closed + 1;
        });
        wire.runFor(20 * Milliseconds);
        const bool isOpen = acceptor->count<Events::Opened>() == opened + 1
            && dialler.router->find(last) && dialler.router->find(last)->isOpen();
        if (isOpen)
            proven = {dialler.router->find(last)->peerId(), acceptorsSession()->peerId()};
        if (Session *session = dialler.router->find(last)) {
            session->close(0, {}, Error(ErrorCode::ClosedLocally, QStringLiteral("over")), wire.now);
            dialler.router->touch(*session);
        }
        wire.runFor(2 * Seconds);
        return isOpen;
    }
    Session *acceptorsSession() const { return acceptor->session(); }
    QByteArray ticket() const
    {
        const auto *received = dialler.last<Events::SessionTicketReceived>();
        return received ? received->ticket : QByteArray();
    }
    size_t tickets() const { return dialler.count<Events::SessionTicketReceived>(); }
    // Of both sides, which have to agree.
    quint64 resumed() const
    {
        const quint64 here = dialler.router->stats().handshakesResumed;
        return acceptor->router->stats().handshakesResumed == here ? here : 1'000'000;
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> acceptor;
    RouterParty dialler;
    SessionId last = 0;
    std::pair<PeerId, PeerId> proven; // to the dialler, to the acceptor
};

} // namespace

class tst_SessionTickets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoWasMetSkipsTheCertificates();
    void everyConnectionBringsOne();
    void eitherSideCanSwitchThemOff_data();
    void eitherSideCanSwitchThemOff();
    void legacyPeersAreGivenNone();
    void bearersOfLongChainsAreGivenNone();

    void anotherNodeDoesNotKnowIt();
    void anotherPeerIsNotTakenForTheExpectedOne();
    void garbageLeadsToAFullHandshake_data();
    void garbageLeadsToAFullHandshake();
    void aRestartedAcceptorDoesNotKnowIt();
    void aNewCertificateOfTheAcceptorIsSeen();
    void afterADayItIsWorthNothing();
    void whoWasBlockedMeanwhileIsRefused();
    void newAuthoritiesCount();
};

// ---- given and used

void tst_SessionTickets::whoWasMetSkipsTheCertificates()
{
    World world;
    QVERIFY(world.open({}));
    QCOMPARE(world.resumed(), quint64(0));
    const auto proven = world.proven;
    QCOMPARE(proven.first, testIdentity(1).peerId());
    QCOMPARE(proven.second, testIdentity(2).peerId());
    QVERIFY(world.open(world.ticket()));
    QCOMPARE(world.resumed(), quint64(1));
    QCOMPARE(world.proven, proven);
}

void tst_SessionTickets::everyConnectionBringsOne()
{
    World world;
    for (size_t i = 0; i < 5; ++i) {
        const QByteArray before = world.ticket();
        QVERIFY(world.open(before));
        QCOMPARE(world.tickets(), i + 1);
        QVERIFY(world.ticket() != before);
        QCOMPARE(world.resumed(), quint64(i));
    }
    QCOMPARE(world.acceptor->count<Events::SessionTicketReceived>(), 0u);
}

void tst_SessionTickets::eitherSideCanSwitchThemOff_data()
{
    QTest::addColumn<SessionResumption>("dialler");
    QTest::addColumn<SessionResumption>("acceptor");
    using enum SessionResumption;
    QTest::addRow("the dialler") << Disabled << Enabled;
    QTest::addRow("the acceptor") << Enabled << Disabled;
    QTest::addRow("both") << Disabled << Disabled;
}

void tst_SessionTickets::eitherSideCanSwitchThemOff()
{
    QFETCH(const SessionResumption, dialler);
    QFETCH(const SessionResumption, acceptor);
    World enabled;
    QVERIFY(enabled.open({}));
    Settings ofAcceptor = settingsOf(1);
    Settings ofDialler = settingsOf(2);
    ofAcceptor.sessionResumption = acceptor;
    ofDialler.sessionResumption = dialler;
    World world(ofAcceptor, ofDialler);
    QVERIFY(world.open({}));
    QVERIFY(world.open(enabled.ticket()));
    QCOMPARE(world.tickets(), size_t(0));
    QCOMPARE(world.resumed(), quint64(0));
}

void tst_SessionTickets::legacyPeersAreGivenNone()
{
    World world;
    QVERIFY(world.open({}, Protocol::Legacy));
    QCOMPARE(world.tickets(), size_t(0));
    QVERIFY(world.open({}));
    QCOMPARE(world.tickets(), size_t(1));
    QVERIFY(world.open(world.ticket(), Protocol::Legacy));
    QCOMPARE(world.resumed(), quint64(0));

    // One that has a ticket all the same.
    Settings settings = victimSettings();
    settings.protocols = protocolsWith(makeMessageOptions(), {Protocol::Qp2p1, Protocol::Legacy});
    VirtualWire wire;
    const auto victim = makeAcceptor(publicAddress(1), settings);
    wire.connect(*victim);
    RawPeer::Options options;
    RawTlsOptions withKey;
    withKey.ticketKey = victim->router->ticketKey(wire.now).toByteArray();
    options.tls.sessionTicket = rawTicket({}, withKey);
    QVERIFY(!options.tls.sessionTicket.isEmpty());
    options.tls.asksForTicket = true;
    options.tls.alpn = {};
    options.hello = {};
    RawPeer peer(publicAddress(2), publicAddress(1), options);
    wire.connect(peer);
    QVERIFY(wire.runUntil([&] { return victim->count<Events::Closed>() == 1; }));
    QCOMPARE(victim->count<Events::Opened>(), 0u);
    QCOMPARE(victim->router->stats().handshakesResumed, quint64(0));
}

void tst_SessionTickets::bearersOfLongChainsAreGivenNone()
{
    TestAuthority last("Root");
    for (int length = 1; length <= 4; ++length) {
        const TestChain chain = last.issue();
        last = TestAuthority(authorityRequest("below " + QByteArray::number(length)), last);
        qsizetype size = 0;
        for (const QByteArray &der : chain.ders)
            size += der.size();
        QCOMPARE(size > Limits::SessionTicketChainBytes, length > 3); // both cases occur
        RawPeer::Options options;
        options.tls.chain = chain.ders;
        options.tls.keyDer = chain.key.der;
        options.tls.asksForTicket = true;
        Attack attack(options);
        QVERIFY(attack.open());
        attack.settle();
        QCOMPARE(attack.session()->peerCertificates(), chain.ders);
        QCOMPARE(attack.peer.sessionTicket().isEmpty(), size > Limits::SessionTicketChainBytes);
    }
}

// ---- refused, or of no use

void tst_SessionTickets::anotherNodeDoesNotKnowIt()
{
    World world;
    QVERIFY(world.open({}));
    World other(settingsOf(3), settingsOf(2));
    Session::DialOptions options;
    options.expectedPeer = testIdentity(3).peerId();
    options.sessionTicket = world.ticket();
    QVERIFY(other.openWith(options));
    QCOMPARE(other.resumed(), quint64(0));
    QCOMPARE(other.proven.first, testIdentity(3).peerId());
}

//! Both have the same key for tickets, which never happens, so that the certificates in it have to decide.
void tst_SessionTickets::anotherPeerIsNotTakenForTheExpectedOne()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.tls.ticketKey = makeTicketKey();
    Session::DialOptions dial;
    dial.sessionTicket = rawTicket({}, options.tls);
    dial.expectedPeer = testIdentity(99).peerId();
    Attack attack(options, victimSettings(), dial);
    QVERIFY(attack.open());
    QVERIFY(attack.peer.wasResumed());

    dial.expectedPeer = testIdentity(7).peerId();
    Attack other(options, victimSettings(), dial);
    QVERIFY(other.runUntilClosed());
    QVERIFY(other.peer.wasResumed());
    QCOMPARE(other.victim->closeReason().code, ErrorCode::PeerIdMismatch);
    QCOMPARE(other.victim->router->stats().handshakesResumed, quint64(0));
}

void tst_SessionTickets::garbageLeadsToAFullHandshake_data()
{
    QTest::addColumn<qsizetype>("kept"); // bytes of a good one
    QTest::addColumn<QByteArray>("more");
    QTest::addRow("one byte") << qsizetype(0) << QByteArray("x");
    QTest::addRow("zeros") << qsizetype(0) << QByteArray(1000, '\0');
    QTest::addRow("many bytes") << qsizetype(0) << QByteArray(100'000, 'x');
    for (qsizetype kept = 1; kept < 900; kept += 41)
        QTest::addRow("%d bytes", int(kept)) << kept << QByteArray();
}

void tst_SessionTickets::garbageLeadsToAFullHandshake()
{
    QFETCH(const qsizetype, kept);
    QFETCH(const QByteArray, more);
    World world;
    QVERIFY(world.open({}));
    QVERIFY(world.ticket().size() > kept);
    QVERIFY(world.open(world.ticket().first(kept) + more));
    QCOMPARE(world.resumed(), quint64(0));
    QVERIFY(world.open(world.ticket()));
    QCOMPARE(world.resumed(), quint64(1));
}

void tst_SessionTickets::aRestartedAcceptorDoesNotKnowIt()
{
    World world;
    QVERIFY(world.open({}));
    const QByteArray ticket = world.ticket();
    world.wire.disconnect(*world.acceptor);
    world.acceptor = makeAcceptor(publicAddress(1), settingsOf(1));
    world.wire.connect(*world.acceptor);
    QVERIFY(world.open(ticket));
    QCOMPARE(world.resumed(), quint64(0));
}

void tst_SessionTickets::aNewCertificateOfTheAcceptorIsSeen()
{
    World world;
    QVERIFY(world.open({}));
    QVERIFY(world.acceptor->router->setIdentity(testIdentity(1)).isOk());
    QVERIFY(world.open(world.ticket()));
    QCOMPARE(world.resumed(), quint64(0));
    QVERIFY(world.open(world.ticket()));
    QCOMPARE(world.resumed(), quint64(1));
}

void tst_SessionTickets::afterADayItIsWorthNothing()
{
    World world;
    QVERIFY(world.open({}));
    world.wire.runFor(23 * 3600 * Seconds);
    QVERIFY(world.open(world.ticket()));
    QCOMPARE(world.resumed(), quint64(1));
    const QByteArray ticket = world.ticket();
    world.wire.runFor(3600 * Seconds); // the key is of the first one
    QVERIFY(world.open(ticket));
    QCOMPARE(world.resumed(), quint64(1));
}

void tst_SessionTickets::whoWasBlockedMeanwhileIsRefused()
{
    for (const Side side : {Side::Dialler, Side::Acceptor}) { // of the one that blocks
        const auto blocked = std::make_shared<QList<PeerId>>();
        const bool dials = side == Side::Dialler;
        World world(settingsOf(1, dials ? nullptr : blocked), settingsOf(2, blocked));
        Session::DialOptions options; // of whose protocol the block list is asked
        QVERIFY(world.openWith(options));
        options.sessionTicket = world.ticket();
        QVERIFY(world.openWith(options));
        QCOMPARE(world.resumed(), quint64(1));
        options.sessionTicket = world.ticket();
        blocked->append(testIdentity(dials ? 1 : 2).peerId());
        QVERIFY(!world.openWith(options));
        QCOMPARE(world.acceptor->count<Events::Opened>(), 2u);
        const RouterParty &blocking = dials ? world.dialler : *world.acceptor;
        QCOMPARE(blocking.closeReason().code, ErrorCode::Blocked);
    }
}

void tst_SessionTickets::newAuthoritiesCount()
{
    const TestAuthority old("The old authority");
    const TestAuthority young("The new authority");
    Settings settings = victimSettings();
    settings.policy = CertificatePolicy::privateAuthority({QStringLiteral("not read")});
    settings.authorities = old.trust();
    const TestChain chain = old.issue();
    RawPeer::Options options;
    options.tls.chain = chain.ders;
    options.tls.keyDer = chain.key.der;
    options.tls.asksForTicket = true;
    Attack attack(options, settings);
    QVERIFY(attack.open());
    attack.settle();
    options.tls.sessionTicket = attack.peer.sessionTicket();
    QVERIFY(!options.tls.sessionTicket.isEmpty());

    attack.victim->router->setAuthorities(young.trust());
    RawPeer second(publicAddress(3), publicAddress(1), options, attack.wire.now);
    attack.wire.connect(second);
    QVERIFY(attack.wire.runUntil([&] { return !second.isAlive(); }));
    QVERIFY(second.wasResumed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::CertificateUnknownAuthority);
    QCOMPARE(attack.victim->count<Events::Opened>(), 1u);
    attack.wire.disconnect(second);
}

QTEST_GUILESS_MAIN(tst_SessionTickets)
#include "tst_sessiontickets.moc"
