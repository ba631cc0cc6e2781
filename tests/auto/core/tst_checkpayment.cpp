// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who has a third party dialled pays first: no more bytes reach it than were received for it.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/peering/checker.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::Access;
using Peering::DialBackAnswer;
using Peering::DialBackRequest;

class tst_CheckPayment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thirdPartyGetsNoMoreThanWasReceivedForIt_data();
    void thirdPartyGetsNoMoreThanWasReceivedForIt();
    void helperDialsForNothingLess();
    void askerPaysForWhatTheAcceptorSendsToItsHelper_data();
    void askerPaysForWhatTheAcceptorSendsToItsHelper();
    void helperThatRefusesIsAskedOnce();
    void helperThatKeepsSilentCostsADial();
    void unpaidClaimIsNotDialled();
    void checkWorksDespiteLosses_data();
    void checkWorksDespiteLosses();
    void dialsArriveDespiteLosses_data();
    void dialsArriveDespiteLosses();
};

void tst_CheckPayment::thirdPartyGetsNoMoreThanWasReceivedForIt_data()
{
    QTest::addColumn<QString>("victim");
    QTest::addColumn<int>("heard"); // datagrams of the victim that arrive; -1: there is no victim
    const auto row = [](const char *name, int heard) {
        QTest::addRow("IPv4, %s", name) << u"11.99.0.1"_s << heard;
        QTest::addRow("IPv6, %s", name) << u"2a00:99::1"_s << heard;
    };
    row("nobody is there", -1);
    row("a server that answers", 1000);
    row("a server that falls silent after its Retry", 1);
    row("a server that falls silent in its flight", 2);
    row("a server that falls silent after its flight", 4);
}

void tst_CheckPayment::thirdPartyGetsNoMoreThanWasReceivedForIt()
{
    QFETCH(const QString, victim);
    QFETCH(const int, heard);
    const QHostAddress target(victim);
    NetworkWorld world;
    const bool isIpv6 = victim.contains(u':');
    const QString pattern = isIpv6 ? u"2a00:%1::1"_s : u"11.%1.0.1"_s;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const PeerAddress contact(QHostAddress(pattern.arg(1)), 12000);
    const QHostAddress asker(pattern.arg(2));
    Member helper(world.simulation.host({contact.address()}), config);
    Member hostile(world.simulation.host({asker}), config);
    QVERIFY(linkNodes(world, helper, hostile, contact));
    const Simulation::Host host = world.simulation.host({target});
    SimulatedEndpoint server({}, host);
    if (heard >= 0)
        QVERIFY(server.listen(QHostAddress(QHostAddress::Any), 20000));
    Connection *link = hostile.peer(helper)->connections().first();
    int asked = 0;
    qint64 mostDrawn = 0;
    for (int i = 0; i < 5; ++i) {
        qint64 paid = 0;
        qint64 drawn = 0;
        qint64 answered = 0;
        int left = heard;
        Tap tap(world.simulation);
        tap.filter = [&](const Wire &wire) {
            const QHostAddress to = Io::toHostAddress(wire.to);
            const QHostAddress from = Io::toHostAddress(wire.from);
            if (from == target && left-- <= 0)
                return WireAction::Drop;
            if (from == target)
                answered += wire.data.size();
            if (from == asker && to == contact.address())
                paid += wire.data.size();
            if (to == target)
                drawn += wire.data.size();
            return WireAction::Deliver;
        };
        Access::send(*link, encode(helperRequest(quint64(100 + asked++), target, 20000)));
        world.simulation.runFor(15s);
        QVERIFY2(
            drawn <= paid + answered,
            qPrintable(u"%1 bytes for %2, and %3 of its own"_s.arg(drawn).arg(paid).arg(answered)));
        QVERIFY2(heard > 0 || drawn <= paid, qPrintable(u"%1 bytes for %2"_s.arg(drawn).arg(paid)));
        mostDrawn = std::max(mostDrawn, drawn);
    }
    QVERIFY(mostDrawn > 0); // it was dialled
    QVERIFY(hostile.disconnected.isEmpty());
}

void tst_CheckPayment::helperDialsForNothingLess()
{
    NetworkWorld world;
    Member &helper = world.node(1);
    Member &hostile = world.node(2);
    QVERIFY(linkNodes(world, helper, hostile, world.contact(1)));
    Connection *link = hostile.peer(helper)->connections().first();
    const QHostAddress victim(u"11.99.0.1"_s);
    Tap tap(world.simulation);
    // What was sent for another purpose pays for nothing here: one byte too few is too few.
    hostile.peer(helper)->send(Message(QByteArray(100'000, 'm')));
    world.simulation.runFor(2s);
    for (const qsizetype size : {0, 100, 1200, 3599}) {
        DialBackRequest request = helperRequest(quint64(size) + 50, victim, 20000);
        request.size = size;
        Access::send(*link, encode(request));
        world.simulation.runFor(10s);
    }
    QCOMPARE(tap.to(victim), 0);
    // A payment goes with the request that follows it, and with no other.
    for (const bool extra : {false, true}) {
        DialBackRequest payment{0, 20000, {}, {}, {}};
        if (extra)
            Access::send(*link, encode(payment));
        const qint64 before = tap.bytesTo(victim);
        Access::send(*link, encode(helperRequest(70, victim, 20000)));
        world.simulation.runFor(10s);
        QCOMPARE(tap.bytesTo(victim) - before, 3600); // nobody answers: three datagrams
    }
}

//! The acceptor's helper is a third party, too, and so is what listens at the asker's address.
void tst_CheckPayment::askerPaysForWhatTheAcceptorSendsToItsHelper_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::newRow("small requests") << qsizetype(0);
    QTest::newRow("paid requests") << qsizetype(Peering::DialBackPayment);
}

void tst_CheckPayment::askerPaysForWhatTheAcceptorSendsToItsHelper()
{
    QFETCH(const qsizetype, size);
    NetworkWorld world;
    Member &acceptor = world.node(1);
    Member &helper = world.node(2);
    QVERIFY(linkNodes(world, acceptor, helper, world.contact(1)));
    world.simulation.runFor(30s); // what a new link exchanges is over
    Tap tap(world.simulation);
    const auto toHelper = [&] { return tap.between.value({world.address(1), world.address(2)}); };
    world.simulation.runFor(120s);
    const qint64 quiet = toHelper(); // keep-alives
    Rogue client(world, 3, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    for (int i = 0; i < 120; ++i) {
        if (client.connection) {
            DialBackRequest request{quint64(1000 + i), quint16(20000 + i), {}, {}, {}};
            request.size = size;
            client.send(request);
        }
        world.simulation.runFor(1s);
    }
    const qint64 paid = tap.between.value({client.address, world.address(1)});
    QVERIFY2(toHelper() - quiet <= paid + quiet,
             qPrintable(u"%1 to the helper for %2"_s.arg(toHelper() - quiet).arg(paid)));
    const qint64 drawn = tap.between.value({world.address(2), client.address});
    QVERIFY2(drawn <= toHelper(), qPrintable(u"%1 for %2"_s.arg(drawn).arg(toHelper())));
    QVERIFY(drawn <= paid);
    QCOMPARE(drawn > 0, size > 0);
    QVERIFY(client.connection);
}

//! One that has dialled before and then refuses: each request costs 3,600 bytes.
void tst_CheckPayment::helperThatRefusesIsAskedOnce()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue helper(world, 2, Engine::Hello::Role::Node);
    QVERIFY(linkAsNode(world, helper, node, world.contact(1)));
    int asked = 0;
    helper.onRequest = [&](Connection *connection, const DialBackRequest &request) {
        if (request.id == 0)
            return;
        const auto result = ++asked == 1 ? DialBackAnswer::Result::NotReachable
                                         : DialBackAnswer::Result::Refused;
        Access::send(*connection, encode(DialBackAnswer{request.id, result, "no", {}}));
    };
    Rogue client(world, 3, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    client.send(DialBackRequest{5, 20000, {}, {}, {}});
    client.pay(2);
    QVERIFY(world.until([&] { return !client.answers.isEmpty(); }));
    world.simulation.runFor(30s);
    QCOMPARE(asked, 2);
    QCOMPARE(client.answers.size(), 1);
    QCOMPARE(client.answers.first().result, DialBackAnswer::Result::Refused);
}

//! Perhaps it has dialled: the next dial needs the next payment, and an honest node pays again.
void tst_CheckPayment::helperThatKeepsSilentCostsADial()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue helper(world, 2, Engine::Hello::Role::Node);
    QVERIFY(linkAsNode(world, helper, node, world.contact(1)));
    Rogue client(world, 3, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    Tap tap(world.simulation);
    client.send(DialBackRequest{5, 20000, {}, {}, {}});
    QVERIFY(world.until([&] { return !client.answers.isEmpty(); }));
    QCOMPARE(client.answers.first().result, DialBackAnswer::Result::Refused);
    QCOMPARE(tap.datagrams.value(at(client.address, 20000)), 0);
    Member &honest = world.node(4);
    honest.join({world.contact(1)});
    QVERIFY(world.until([&] { return node.isLinked(honest, Peer::Link::Unidirectional); }, 40s));
    QVERIFY(honest.roles.isEmpty());
}

void tst_CheckPayment::unpaidClaimIsNotDialled()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Tap tap(world.simulation);
    Rogue claimant(world, 2, Engine::Hello::Role::Node);
    QVERIFY(claimant.endpoint->listen(QHostAddress(QHostAddress::Any), 12000));
    QVERIFY(claimant.dial(world, world.contact(1)));
    world.simulation.runFor(29s);
    QCOMPARE(node.network->peers().size(), 0);
    QVERIFY(world.until([&] { return node.network->peers().size() == 1; }, 10s));
    QCOMPARE(node.network->peers().first()->role(), Peer::Role::Client);
    QCOMPARE(claimant.endpoint->connections().size(), 1);
    // What it pays for later is done later.
    claimant.pay();
    QVERIFY(world.until([&] { return claimant.endpoint->connections().size() == 2; }, 5s));
    QCOMPARE(claimant.answers.last().acceptedAs, Engine::Hello::Role::Node);
}

void tst_CheckPayment::checkWorksDespiteLosses_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<double>("loss");
    for (const double loss : {0.02, 0.1}) {
        QTest::addRow("IPv4, %.0f %%", loss * 100) << u"11.%1.0.1"_s << loss;
        QTest::addRow("IPv6, %.0f %%", loss * 100) << u"2a00:%1::1"_s << loss;
    }
}

void tst_CheckPayment::checkWorksDespiteLosses()
{
    QFETCH(const QString, pattern);
    QFETCH(const double, loss);
    for (quint64 seed = 1; seed <= 30; ++seed) {
        NetworkWorld world(seed);
        LinkProfile link;
        link.loss = loss;
        NetworkConfig config;
        config.setListen(QHostAddress(QHostAddress::Any), 12000);
        config.setWantedLinks(1);
        const auto host = [&](int number) {
            return world.simulation.host({QHostAddress(pattern.arg(number))});
        };
        const PeerAddress contact(QHostAddress(pattern.arg(1)), 12000);
        Member first(host(1), config);
        Member helper(host(2), config);
        QVERIFY(linkNodes(world, first, helper, contact));
        world.simulation.setDefaultLink(link);
        Member member(host(3), config);
        member.join({contact});
        QVERIFY2(world.until([&] { return first.peer(member) && member.peer(first); }, 50s),
                 qPrintable(u"seed %1"_s.arg(seed)));
        QVERIFY2(first.isLinked(member, Peer::Link::Unidirectional),
                 qPrintable(u"seed %1"_s.arg(seed)));
        QVERIFY(member.isLinked(first, Peer::Link::Unidirectional));
        QVERIFY(member.roles.isEmpty());
    }
}

//! Also with losses a dial that may send no more than what was paid arrives.
void tst_CheckPayment::dialsArriveDespiteLosses_data()
{
    QTest::addColumn<double>("loss");
    QTest::addColumn<int>("least"); // of 200
    QTest::newRow("none") << 0.0 << 200;
    QTest::newRow("2 %") << 0.02 << 196;
    QTest::newRow("10 %") << 0.1 << 190;
}

void tst_CheckPayment::dialsArriveDespiteLosses()
{
    QFETCH(const double, loss);
    QFETCH(const int, least);
    int arrived = 0;
    for (quint64 seed = 1; seed <= 200; ++seed) {
        NetworkWorld world(seed);
        LinkProfile link;
        link.loss = loss;
        world.simulation.setDefaultLink(link);
        SimulatedEndpoint server({}, world.simulation.host({world.address(1)}));
        QVERIFY(server.listen(QHostAddress(QHostAddress::Any), 12000));
        SimulatedEndpoint checker({}, world.simulation.host({world.address(2)}));
        const auto dial = Access::dialBack(checker,
                                           PeerAddress(world.address(1), 12000, server.peerId()),
                                           QByteArray(16, 'n'), 5s, Peering::MaxDialBackPayment);
        QVERIFY(world.finish(dial));
        arrived += dial.result().isOk();
    }
    QVERIFY2(arrived >= least, qPrintable(u"%1 of 200"_s.arg(arrived)));
    qInfo("%d of 200", arrived);
}

QTEST_GUILESS_MAIN(tst_CheckPayment)
#include "tst_checkpayment.moc"
