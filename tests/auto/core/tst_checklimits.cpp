// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Nobody can use up the checks of a node: an honest newcomer is checked in its turn all the same.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/peering/checklimits.h>

#include <QTest>
#include <QtEndian>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::CheckLimits;
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

class tst_CheckLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void floodOfChecksDoesNotKeepAnHonestNodeOut_data();
    void floodOfChecksDoesNotKeepAnHonestNodeOut();
    void floodOfClaimsDoesNotKeepAnHonestNodeOut_data();
    void floodOfClaimsDoesNotKeepAnHonestNodeOut();
    void neighbourOfAnAttackerHasItsTurn();
    void nothingIsLostWhenAClientBecomesANode();
    void eachLimitHolds();
    void whoWaitsComesFirst();
    void someAreKeptForOtherNetworks();
    void memoryIsBoundedWhateverAddressesCome();
};

void tst_CheckLimits::floodOfChecksDoesNotKeepAnHonestNodeOut_data()
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

void tst_CheckLimits::floodOfChecksDoesNotKeepAnHonestNodeOut()
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

void tst_CheckLimits::floodOfClaimsDoesNotKeepAnHonestNodeOut_data()
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
void tst_CheckLimits::floodOfClaimsDoesNotKeepAnHonestNodeOut()
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
void tst_CheckLimits::neighbourOfAnAttackerHasItsTurn()
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

//! What is sent while a client becomes a node arrives, and ends nothing.
void tst_CheckLimits::nothingIsLostWhenAClientBecomesANode()
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
        if (first.peer(*member)->role() == Peer::Role::Client)
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

void tst_CheckLimits::eachLimitHolds()
{
    constexpr quint64 second = 1'000'000'000;
    const QList<Io::InterfaceNetwork> own{{QHostAddress(u"192.168.7.1"_s), 20},
                                          {QHostAddress(u"192.168.9.1"_s), 20},
                                          {QHostAddress(u"10.1.1.1"_s), 24},
                                          {QHostAddress(u"fd00:1:2::1"_s), 64}};
    const auto ask = [&](CheckLimits &limits, const QString &address, int port, int asker,
                         quint64 now) {
        const QHostAddress host(address);
        QByteArray id(32, 'a');
        id[0] = char(asker);
        id[1] = char(asker >> 8);
        const auto keys = CheckLimits::keysOf({PeerId::fromBytes(id), host, host, quint16(port)},
                                              own);
        if (!limits.hasRoom(keys, now, {}))
            return 0;
        limits.count(keys, now);
        return 1;
    };
    int number = 0;
    const auto passed = [&](const std::function<int(CheckLimits &)> &one, int times = 400) {
        CheckLimits limits;
        int count = 0;
        for (int i = 0; i < times; ++i)
            count += one(limits);
        return count;
    };
    const auto next = [&] { return ++number; };
    using L = CheckLimits;
    // One port; one peer; one address; one /56; one /24; one /48.
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000, next(), 1); }), 12);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000 + next() % 9000, 5, 1); }), 12);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000 + next() % 9000, number, 1); }),
             32);
    QCOMPARE(passed([&](L &l) {
                 return ask(l, u"2a00:1:2:34%1::1"_s.arg(next() % 99 % 10), 2000, number, 1);
             }),
             32);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"11.1.1.%1"_s.arg(next() % 250), 2000, number, 1); }), 40);
    QCOMPARE(passed([&](L &l) {
                 return ask(l, u"2a00:1:2:%100::1"_s.arg(next() % 90), 2000, number, 1);
             }),
             40);
    // Two groups share fifty; the groups of one network forty-five; sixty different networks get one each.
    QCOMPARE(passed([&](L &l) {
                 return ask(l, u"11.%1.1.1"_s.arg(next() % 2), 2000 + number, number, 1);
             }),
             50);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"11.1.%1.1"_s.arg(next() % 250), 2000, number, 1); }), 45);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"2a00:1:%1::1"_s.arg(next() % 250), 2000, number, 1); }),
        45);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"11.%1.1.1"_s.arg(next() % 250), 2000, number, 1); }), 60);
    // In networks of our own there are 240, which do not count against the others; not in those of others.
    for (const QString &home : {u"127.0.0.%1"_s, u"192.168.9.%1"_s, u"192.168.%1.9"_s,
                                u"10.1.1.%1"_s, u"fd00:1:2::%1"_s, u"fe80::%1"_s})
        QCOMPARE(passed([&](L &l) {
                     return ask(l, home.arg(next() % 15), 2000 + number % 30, number, 1);
                 }),
                 240);
    for (const QString &foreign : {u"192.168.16.1"_s, u"10.1.2.1"_s, u"10.0.0.1"_s, u"100.64.0.1"_s,
                                   u"fd00:1:2:1::1"_s, u"fd00:1:3::1"_s})
        QCOMPARE(passed([&](L &l) { return ask(l, foreign, 2000 + next() % 9000, number, 1); }), 32);
    CheckLimits both;
    for (int i = 0; i < 300; ++i)
        ask(both, u"127.0.0.1"_s, 2000, next(), 1);
    QCOMPARE(ask(both, u"11.1.1.1"_s, 2000, next(), 1), 1);
    // A helper's asker is counted, too, whatever it names.
    CheckLimits helper;
    int helped = 0;
    for (int i = 0; i < 100; ++i) {
        const auto keys = CheckLimits::keysOf(
            {PeerId::fromBytes(QByteArray(32, char(i))), QHostAddress(u"2a00:1:2:3::%1"_s.arg(i)),
             QHostAddress(u"2a00:%1::1"_s.arg(i + 100)), 2000},
            own);
        if (helper.hasRoom(keys, 1, {})) {
            helper.count(keys, 1);
            ++helped;
        }
    }
    QCOMPARE(helped, 32);
    // And all of it in every minute.
    CheckLimits minutes;
    int inTenMinutes = 0;
    for (quint64 now = 0; now < 600; ++now)
        inTenMinutes += ask(minutes, u"11.1.1.1"_s, 2000, next(), now * second);
    QCOMPARE(inTenMinutes, 12 * 10);
}

void tst_CheckLimits::whoWaitsComesFirst()
{
    const auto keysOf = [](const QString &address, int asker) {
        QByteArray id(32, 'a');
        id[0] = char(asker);
        return CheckLimits::keysOf({PeerId::fromBytes(id), QHostAddress(address),
                                    QHostAddress(address), quint16(2000 + asker)},
                                   {});
    };
    CheckLimits limits;
    CheckLimits::Ahead ahead;
    for (int i = 0; i < 59; ++i)
        limits.count(keysOf(u"11.%1.1.1"_s.arg(i), i), 1);
    // One place is left, and kept: not for a network that had one, nor for one that comes after another.
    QVERIFY(!limits.hasRoom(keysOf(u"11.5.1.1"_s, 100), 1, ahead));
    QVERIFY(!limits.hasRoom(keysOf(u"11.5.2.1"_s, 100), 1, ahead));
    QVERIFY(limits.hasRoom(keysOf(u"11.100.1.1"_s, 100), 1, ahead));
    limits.queue(keysOf(u"11.200.1.1"_s, 101), 1, ahead);
    QVERIFY(!limits.hasRoom(keysOf(u"11.100.1.1"_s, 100), 1, ahead));
    // However many groups of one network wait, they are one to another network.
    for (int i = 0; i < 100; ++i)
        limits.queue(keysOf(u"11.200.%1.1"_s.arg(i), 101), 1, ahead);
    QCOMPARE(ahead.newNetworks.size(), 1);
    // Who has used up its own share keeps nothing for itself.
    CheckLimits other;
    CheckLimits::Ahead greedy;
    for (int i = 0; i < 40; ++i)
        other.count(keysOf(u"11.7.1.%1"_s.arg(i), i), 1);
    for (int i = 0; i < 100; ++i)
        other.queue(keysOf(u"11.7.1.%1"_s.arg(i), i), 1, greedy);
    QVERIFY(other.hasRoom(keysOf(u"11.8.1.1"_s, 101), 1, greedy));
}

//! Two networks with many groups each: the last five places are for others.
void tst_CheckLimits::someAreKeptForOtherNetworks()
{
    int number = 0;
    for (const QString &pattern : {u"11.%1.%2.1"_s, u"2a00:%1:%2::1"_s}) {
        CheckLimits limits;
        const auto ask = [&](int network, int group) {
            QByteArray id(32, 'a');
            id[0] = char(++number);
            id[1] = char(number >> 8);
            const QHostAddress host(pattern.arg(network).arg(group));
            const auto keys = CheckLimits::keysOf({PeerId::fromBytes(id), host, host, 2000}, {});
            if (!limits.hasRoom(keys, 1, {}))
                return 0;
            limits.count(keys, 1);
            return 1;
        };
        int attackers = 0;
        for (int i = 0; i < 200; ++i)
            attackers += ask(1 + i % 2, i % 100);
        QCOMPARE(attackers, 55);
        int others = 0;
        for (int i = 0; i < 10; ++i)
            others += ask(100 + i, 1);
        QCOMPARE(others, 5);
    }
}

void tst_CheckLimits::memoryIsBoundedWhateverAddressesCome()
{
    CheckLimits limits;
    QByteArray id(32, 'a');
    size_t most = 0;
    for (quint32 i = 0; i < 200'000; ++i) {
        qToBigEndian(i, id.data());
        QIPv6Address address{};
        address[0] = 0x2a;
        qToBigEndian(i * 2654435761u, address.c + 1);
        const QHostAddress host(address);
        const auto keys = CheckLimits::keysOf(
            {PeerId::fromBytes(id), host, host, quint16(2000 + i)}, {});
        if (limits.hasRoom(keys, i, {}))
            limits.count(keys, i);
        most = std::max(most, limits.size());
    }
    QVERIFY(most <= 60 * 6); // each counted under its peer, port, address, group, network, and all
    QVERIFY(most >= 60);
}

QTEST_GUILESS_MAIN(tst_CheckLimits)
#include "tst_checklimits.moc"
