// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How soon a network notices that a peer is gone, and what it costs to know that it is not.

#include <shared/networkworld.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_Liveness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDeadPeerIsNoticedInTime_data();
    void aDeadPeerIsNoticedInTime();
    void anIdleLinkCostsLittle_data();
    void anIdleLinkCostsLittle();
    void afterWakingEachLinkIsProvenOrGivenUp_data();
    void afterWakingEachLinkIsProvenOrGivenUp();
};

void tst_Liveness::aDeadPeerIsNoticedInTime_data()
{
    QTest::addColumn<bool>("isClient");
    QTest::addColumn<bool>("sends");
    QTest::newRow("two nodes") << false << false;
    QTest::newRow("two nodes, and one goes on sending") << false << true;
    QTest::newRow("node and client") << true << false;
    QTest::newRow("node and client, and one goes on sending") << true << true;
}

void tst_Liveness::aDeadPeerIsNoticedInTime()
{
    QFETCH(bool, isClient);
    QFETCH(bool, sends);
    // At different times of the keep-alive's period.
    for (int i = 0; i < 10; ++i) {
        NetworkWorld world(quint64(i) + 1);
        Member &first = world.node(1);
        Member &second = isClient ? world.client(2) : world.node(2);
        QVERIFY(world.linked(first, second));
        world.simulation.runFor(60s + i * 500ms);
        world.simulation.blackhole(first.host, second.host);
        world.simulation.blackhole(second.host, first.host);
        const quint64 since = world.simulation.now();
        quint64 lastSent = 0;
        const auto bothKnow = [&] {
            const quint64 now = world.simulation.now();
            if (sends && now - lastSent > 100'000'000) {
                lastSent = now;
                for (Member *one : {&first, &second}) {
                    const auto peers = one->network->peers();
                    for (Peer *peer : peers)
                        peer->send(Message("are you there?"));
                }
            }
            return !first.disconnected.isEmpty() && !second.disconnected.isEmpty();
        };
        QVERIFY(world.until(bothKnow, 60s));
        const double seconds = double(world.simulation.now() - since) / 1e9;
        QVERIFY2(seconds <= 20.05, qPrintable(QString::number(seconds)));
        QCOMPARE(first.disconnected.at(0).reason.code, ErrorCode::IdleTimeout);
    }
}

void tst_Liveness::anIdleLinkCostsLittle_data()
{
    QTest::addColumn<bool>("isClient");
    QTest::addColumn<double>("most"); // bytes a second each way
    QTest::newRow("two nodes") << false << 30.0;
    QTest::newRow("node and client") << true << 16.0;
}

void tst_Liveness::anIdleLinkCostsLittle()
{
    QFETCH(bool, isClient);
    QFETCH(double, most);
    constexpr qsizetype Headers = 28; // IPv4 and UDP
    QHash<QByteArray, double> bytes;
    NetworkWorld world;
    NetworkConfig config;
    config.setWantedLinks(1); // nothing more to ask for
    Member &first = world.node(1, config);
    Member &second = isClient ? world.client(2, config) : world.node(2, config);
    QVERIFY(world.linked(first, second));
    world.simulation.runFor(100s);
    world.simulation.onDatagram = [&](Wire &wire) {
        bytes[QByteArray(reinterpret_cast<const char *>(wire.from.addressBytes()), 4)] += double(
            wire.data.size() + Headers);
        return WireAction::Deliver;
    };
    // Less than the time after which it is asked again whether we can be reached.
    world.simulation.runFor(5min);
    for (const double sum : std::as_const(bytes)) {
        QVERIFY2(sum / 300 <= most, qPrintable(QString::number(sum / 300)));
        QVERIFY2(sum / 300 >= most / 2, qPrintable(QString::number(sum / 300)));
    }
}

void tst_Liveness::afterWakingEachLinkIsProvenOrGivenUp_data()
{
    QTest::addColumn<bool>("isClient");
    QTest::addColumn<bool>("answers"); // the host of the peer, which has dropped the link
    QTest::newRow("client, and the peer answers") << true << true;
    QTest::newRow("client, and nobody answers") << true << false;
    QTest::newRow("node, and the peer answers") << false << true;
    QTest::newRow("node, and nobody answers") << false << false;
}

void tst_Liveness::afterWakingEachLinkIsProvenOrGivenUp()
{
    QFETCH(bool, isClient);
    QFETCH(bool, answers);
    NetworkWorld world;
    Member &other = world.node(1);
    Member &stays = world.node(3);
    Member &sleeper = isClient ? world.client(2) : world.node(2);
    other.join();
    QVERIFY(world.finish(stays.join({world.contact(1)})));
    QVERIFY(world.finish(sleeper.join({world.contact(1)})));
    QVERIFY(world.until([&] {
        return other.peer(sleeper) && sleeper.peer(other) && stays.peer(sleeper)
            && sleeper.peer(stays);
    }));
    world.simulation.runFor(1s);
    QList<quint64> toOther;
    const auto before = sleeper.peer(other)->connections();
    for (const Connection *connection : before)
        toOther.append(connection->id());
    QCOMPARE(toOther.size(), isClient ? 1 : 2);
    // While it slept, for an hour by its own reckoning no time at all, a peer has dropped it.
    world.simulation.blackhole(sleeper.host, other.host);
    world.simulation.blackhole(other.host, sleeper.host);
    const auto connections = other.peer(sleeper)->connections();
    for (Connection *connection : connections)
        connection->close();
    world.simulation.runFor(500ms);
    QVERIFY(sleeper.disconnected.isEmpty());
    if (answers) {
        world.simulation.runFor(1s); // what was closed is forgotten
        world.simulation.heal(sleeper.host, other.host);
        world.simulation.heal(other.host, sleeper.host);
    }
    world.simulation.addSuspendedTime(sleeper.host, 3600s);
    // It looks around each second; a reset comes at once, and silence is enough after 2 s.
    const auto isGone = [&] {
        const auto open = sleeper.network->endpoint()->connections();
        return std::none_of(open.cbegin(), open.cend(), [&](const Connection *connection) {
            return toOther.contains(connection->id());
        });
    };
    const quint64 since = world.simulation.now();
    QVERIFY(world.until(isGone, 10s));
    const auto seconds = double(world.simulation.now() - since) / 1e9;
    QVERIFY2(seconds < (answers ? 1.5 : 3.3), qPrintable(QString::number(seconds)));
    // The others' links have been proven.
    world.simulation.runFor(5s);
    QVERIFY(sleeper.peer(stays));
    QVERIFY(std::none_of(sleeper.disconnected.cbegin(), sleeper.disconnected.cend(),
                         [&](const auto &one) { return one.peer == stays.id(); }));
}

QTEST_GUILESS_MAIN(tst_Liveness)
#include "tst_liveness.moc"
