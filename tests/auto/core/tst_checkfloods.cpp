// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// No asker can use up the checks of a node: an honest newcomer is checked in its turn all the same.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::DialBackRequest;

namespace {

//! 19 bytes: a request that pays for nothing.
QByteArray smallAsk(quint16 port)
{
    QByteArray frame = QByteArray::fromHex("000b a3 00 03 01 18 63 02 19 0000");
    frame[frame.size() - 2] = char(port >> 8);
    frame[frame.size() - 1] = char(port);
    frame[1] = char(frame.size() - 2);
    return frame;
}

} // namespace

class tst_CheckFloods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void floodOfChecksDoesNotKeepAnHonestNodeOut_data();
    void floodOfChecksDoesNotKeepAnHonestNodeOut();
    void floodOfClaimsDoesNotKeepAnHonestNodeOut_data();
    void floodOfClaimsDoesNotKeepAnHonestNodeOut();
    void neighbourOfAnAttackerHasItsTurn();
    void nothingIsLostWhenAPeerThatWaitsBecomesANode();
};

void tst_CheckFloods::floodOfChecksDoesNotKeepAnHonestNodeOut_data()
{
    QTest::addColumn<QStringList>("attackers");
    QTest::addColumn<QString>("honest");
    QTest::addColumn<bool>("pays");
    const auto row = [](const char *name, const QStringList &patterns, const QString &honest) {
        QStringList addresses;
        for (int i = 0; i < 8; ++i)
            addresses.append(patterns[i % patterns.size()].arg(i + 1));
        QTest::addRow("%s, small", name) << addresses << honest << false;
        QTest::addRow("%s, paid", name) << addresses << honest << true;
    };
    row("one IPv6 /64", {u"2a00:1:2:3::%1"_s}, u"2a00:9::1"_s);
    row("one IPv6 /48", {u"2a00:1:2:%100::1"_s}, u"2a00:9::1"_s);
    row("two IPv6 /48", {u"2a00:1:2:%100::1"_s, u"2a00:2:2:%100::1"_s}, u"2a00:9::1"_s);
    row("one IPv4 /24", {u"11.200.7.%1"_s}, u"11.9.0.1"_s);
    row("eight IPv4 /24", {u"11.200.%1.7"_s}, u"11.9.0.1"_s);
}

void tst_CheckFloods::floodOfChecksDoesNotKeepAnHonestNodeOut()
{
    QFETCH(const QStringList, attackers);
    QFETCH(const QString, honest);
    QFETCH(const bool, pays);
    NetworkWorld world;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const bool isIpv6 = honest.contains(u':');
    const PeerAddress contact(isIpv6 ? u"2a00:77::1"_s : u"11.1.0.1"_s, 12000);
    Member node(world.simulation.host({contact.address()}), config);
    node.join();
    std::vector<std::unique_ptr<Rogue>> rogues;
    for (const QString &address : attackers) {
        rogues.push_back(
            std::make_unique<Rogue>(world, QHostAddress(address), Engine::Hello::Role::Client));
        QVERIFY(rogues.back()->dial(world, contact));
    }
    quint16 port = 20000;
    const auto attack = [&] { // 30 requests a second, below what ends a connection
        for (int i = 0; i < 5; ++i) {
            Rogue &rogue = *rogues[port % rogues.size()];
            if (!rogue.connection)
                continue;
            ++port;
            if (pays)
                rogue.send(DialBackRequest{quint64(port), port, {}, {}, {}});
            else
                Peering::Access::send(*rogue.connection, smallAsk(port));
        }
        world.simulation.runFor(166ms);
    };
    for (int i = 0; i < 6 * 20; ++i)
        attack();
    Member newcomer(world.simulation.host({QHostAddress(honest)}), config);
    newcomer.join({contact});
    for (int i = 0; i < 6 * 30 && !node.isLinked(newcomer, Peer::Link::Unidirectional); ++i)
        attack();
    QVERIFY(node.peer(newcomer));
    QCOMPARE(node.peer(newcomer)->role(), Peer::Role::Node);
    QVERIFY(newcomer.isLinked(node, Peer::Link::Unidirectional));
    for (const auto &rogue : rogues) // no limit but that of the checks has kept them out
        QVERIFY(rogue->connection);
}

void tst_CheckFloods::floodOfClaimsDoesNotKeepAnHonestNodeOut_data()
{
    QTest::addColumn<QString>("attackers");
    QTest::addColumn<QString>("contactAddress");
    QTest::addColumn<QString>("honest");
    const auto row = [](const char *name, const QString &attackers) {
        const bool isIpv6 = attackers.contains(u':');
        QTest::newRow(name) << attackers << (isIpv6 ? u"2a00:77::1"_s : u"11.1.0.1"_s)
                            << (isIpv6 ? u"2a00:9::1"_s : u"11.9.0.1"_s);
    };
    row("one IPv6 /56", u"2a00:1:2:%1::1"_s);
    row("the /48s of one IPv6 /32", u"2a00:1:%1::1"_s);
    row("the /24s of one IPv4 /16", u"11.200.%1.7"_s);
}

//! The same with what hellos claim: each connection is another peer that says it is a node.
void tst_CheckFloods::floodOfClaimsDoesNotKeepAnHonestNodeOut()
{
    QFETCH(const QString, attackers);
    QFETCH(const QString, contactAddress);
    QFETCH(const QString, honest);
    NetworkWorld world;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const PeerAddress contact(QHostAddress(contactAddress), 12000);
    Member node(world.simulation.host({contact.address()}), config);
    node.join();
    std::vector<std::unique_ptr<Rogue>> rogues;
    int number = 0;
    qsizetype checked = 0;
    const auto attack = [&] { // three more in a second, and the oldest leave
        rogues.push_back(std::make_unique<Rogue>(world, QHostAddress(attackers.arg(++number)),
                                                 Engine::Hello::Role::Node));
        Rogue *rogue = rogues.back().get();
        rogue->endpoint->listen(QHostAddress(QHostAddress::Any), 12000);
        connect(rogue->endpoint.get(), &Endpoint::connectionOpened, rogue->endpoint.get(),
                [rogue](Connection *connection) {
                    rogue->connection = connection;
                    rogue->pay(2);
                });
        rogue->endpoint->connectTo(contact);
        if (rogues.size() > 60) {
            checked += rogues.front()->nonces.size();
            rogues.erase(rogues.begin());
        }
        world.simulation.runFor(333ms);
    };
    for (int i = 0; i < 3 * 25; ++i) // the places of the minute are used up, and not yet free again
        attack();
    Member newcomer(world.simulation.host({QHostAddress(honest)}), config);
    newcomer.join({contact});
    for (int i = 0; i < 3 * 30 && !node.isLinked(newcomer, Peer::Link::Unidirectional); ++i)
        attack();
    QVERIFY(node.isLinked(newcomer, Peer::Link::Unidirectional));
    QVERIFY(newcomer.isLinked(node, Peer::Link::Unidirectional));
    QVERIFY(newcomer.roles.isEmpty()); // and it was never anything else
    for (const auto &rogue : rogues)
        checked += rogue->nonces.size();
    QVERIFY2(checked >= 30,
             qPrintable(QString::number(checked))); // the attackers had what they could
}

//! An honest node behind the same address as an attacker has to wait, and is no client for long.
void tst_CheckFloods::neighbourOfAnAttackerHasItsTurn()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const PeerAddress contact(QHostAddress(u"2a00:77::1"_s), 12000);
    Member node(world.simulation.host({contact.address()}), config);
    node.join();
    std::vector<std::unique_ptr<Rogue>> rogues;
    for (int i = 1; i <= 5; ++i) {
        rogues.push_back(std::make_unique<Rogue>(world, QHostAddress(u"2a00:1:2:3::%1"_s.arg(i)),
                                                 Engine::Hello::Role::Client));
        QVERIFY(rogues.back()->dial(world, contact));
    }
    quint16 port = 20000;
    const auto attack = [&] {
        for (const auto &rogue : rogues) {
            if (rogue->connection)
                rogue->send(DialBackRequest{++port, port, {}, {}, {}});
        }
        world.simulation.runFor(200ms);
    };
    for (int i = 0; i < 5 * 20; ++i)
        attack();
    Member newcomer(world.simulation.host({QHostAddress(u"2a00:1:2:3::77"_s)}), config);
    newcomer.join({contact});
    for (int i = 0; i < 5 * 70 && !node.isLinked(newcomer, Peer::Link::Unidirectional); ++i)
        attack();
    QVERIFY(node.isLinked(newcomer, Peer::Link::Unidirectional));
    QVERIFY(newcomer.isLinked(node, Peer::Link::Unidirectional));
    QVERIFY(newcomer.disconnected.isEmpty());
}

//! What is sent while a peer that waits for its check becomes a node arrives, and ends nothing.
void tst_CheckFloods::nothingIsLostWhenAPeerThatWaitsBecomesANode()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    QList<Member *> members;
    for (int i = 2; i <= 66; ++i) {
        NetworkConfig config;
        config.setWantedLinks(1);
        members.append(&world.node(i, config));
        members.last()->join({world.contact(1)});
    }
    QVERIFY(world.until([&] { return first.network->peers().size() == 65; }));
    Member *waiting = nullptr;
    for (Member *member : members) {
        if (first.peer(*member)->role() == Peer::Role::Unknown)
            waiting = member;
    }
    QVERIFY(waiting);
    QVERIFY(world.until([&] { return waiting->peer(first) != nullptr; }));
    int sent = 0;
    while (!first.isLinked(*waiting, Peer::Link::Unidirectional) && sent < 20'000) {
        const auto lost = first.disconnected + waiting->disconnected;
        QVERIFY2(lost.isEmpty(), qPrintable(lost.value(0).reason.message));
        first.peer(*waiting)->send(Message(QByteArray::number(sent)));
        waiting->peer(first)->send(Message(QByteArray::number(sent)));
        ++sent;
        world.simulation.runFor(3ms); // shorter than a round trip
    }
    QVERIFY(first.isLinked(*waiting, Peer::Link::Unidirectional));
    world.simulation.runFor(5s);
    QVERIFY(waiting->isLinked(first, Peer::Link::Unidirectional));
    QCOMPARE(waiting->messages.size(), sent);
    QVERIFY(first.disconnected.isEmpty());
    QVERIFY(waiting->disconnected.isEmpty());
    const auto reply = first.peer(*waiting)->request(Message("still there?"));
    QVERIFY(world.finish(reply));
    QVERIFY(reply.result());
}

QTEST_GUILESS_MAIN(tst_CheckFloods)
#include "tst_checkfloods.moc"
