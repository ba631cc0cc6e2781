// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Nobody can use up the checks of a node: an honest newcomer is checked in its turn all the same.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Engine::DialBackRequest;

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
        rogues.push_back(std::make_unique<Rogue>(world, QHostAddress(address),
                                                 Engine::Hello::Role::Client));
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

QTEST_GUILESS_MAIN(tst_CheckLimits)
#include "tst_checklimits.moc"
