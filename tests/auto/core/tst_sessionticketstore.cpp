// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Session tickets that an endpoint keeps: the newest of each peer, each used once, and all of them in bounded memory.

#include <shared/networkworld.h>

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_SessionTicketStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itKeepsTheNewestOfEach();
    void itIsBounded();
    void ticketsAreUsableForADay();
    void whoeverIsBlockedLeavesIt();
    void networksReconnectWithThem();
};

namespace {

SessionTicketStore &storeOf(const Member &member)
{
    return SimulatedEndpoint::inside(*member.network->endpoint()).sessionTickets;
}

} // namespace

void tst_SessionTicketStore::itKeepsTheNewestOfEach()
{
    SessionTicketStore store;
    const PeerId peer = PeerId::fromBytes(QByteArray(32, 'a'));
    const PeerId other = PeerId::fromBytes(QByteArray(32, 'b'));
    store.put(peer, {"old", {}});
    store.put(other, {"of another", {}});
    store.put(peer, {"newer", {}});
    QCOMPARE(store.size(), size_t(2));
    QCOMPARE(store.bytes(), qsizetype(15));
    QCOMPARE(store.take(peer).data, QByteArray("newer"));
    QCOMPARE(store.take(peer).data, QByteArray());
    store.remove(other);
    QCOMPARE(store.size(), size_t(0));
    QCOMPARE(store.bytes(), qsizetype(0));
}

void tst_SessionTicketStore::itIsBounded()
{
    const auto peer = [](int number) {
        const QByteArray bytes = QByteArray(16, char(number)) + QByteArray(16, char(number >> 8));
        return PeerId::fromBytes(bytes);
    };
    SessionTicketStore store;
    constexpr int Max = int(SessionTicketStore::MaxTickets);
    for (int i = 0; i < Max; ++i)
        store.put(peer(i), {QByteArray::number(i), {}});
    store.put(peer(0), {"again", {}}); // the newest now
    store.put(peer(Max), {"one more", {}});
    QCOMPARE(store.size(), size_t(Max));
    QCOMPARE(store.take(peer(1)).data, QByteArray()); // was the oldest
    QCOMPARE(store.take(peer(0)).data, QByteArray("again"));

    store.put(peer(0), {QByteArray(SessionTicketStore::MaxBytes - 8, 'x'), {}});
    QCOMPARE(store.size(), size_t(2)); // the newest that fits beside it
    QCOMPARE(store.take(peer(Max)).data, QByteArray("one more"));
    store.put(peer(1), {QByteArray(9, 'x'), {}});
    QCOMPARE(store.size(), size_t(1));
    QCOMPARE(store.bytes(), qsizetype(9));
    store.removeIf([&](const PeerId &candidate) { return candidate == peer(2); });
    QCOMPARE(store.size(), size_t(1));
    store.put(peer(2), {QByteArray(SessionTicketStore::MaxBytes + 1, 'x'), {}});
    store.removeIf([&](const PeerId &candidate) { return candidate == peer(1); });
    QCOMPARE(store.size(), size_t(0));
    QCOMPARE(store.bytes(), qsizetype(0));
}

void tst_SessionTicketStore::ticketsAreUsableForADay()
{
    const std::chrono::sys_seconds now{1'780'272'000s};
    const SessionTicket ticket{"data", now};
    QVERIFY(ticket.isUsable(now));
    QVERIFY(ticket.isUsable(now + 24h - 1s));
    QVERIFY(!ticket.isUsable(now + 24h));
    QVERIFY(!ticket.isUsable(now - 1s)); // the clock was set back
    QVERIFY(!SessionTicket().isUsable(now));
}

// ---- in a network

void tst_SessionTicketStore::whoeverIsBlockedLeavesIt()
{
    NetworkWorld world;
    Member &first = world.node(1);
    Member &second = world.node(2);
    QVERIFY(world.linked(first, second));
    world.simulation.runFor(5s);
    QVERIFY(storeOf(first).size() > 0);
    QVERIFY(first.network->block(PeerId::fromBytes(QByteArray(32, 'x'))).isOk()); // another
    QVERIFY(storeOf(first).size() > 0);
    QVERIFY(first.network->block(second.network->endpoint()->peerId()).isOk());
    QCOMPARE(storeOf(first).size(), size_t(0));
    world.simulation.runFor(60s);
    QCOMPARE(storeOf(first).size(), size_t(0));
}

void tst_SessionTicketStore::networksReconnectWithThem()
{
    NetworkWorld world;
    Member &first = world.node(1);
    Member &second = world.node(2);
    QVERIFY(world.linked(first, second));
    const auto areLinked = [&] {
        return first.isLinked(second, Peer::Link::Unidirectional)
            && second.isLinked(first, Peer::Link::Unidirectional);
    };
    QVERIFY(world.until(areLinked, 120s));
    const auto resumed = [&] {
        return first.network->endpoint()->stats().handshakesResumed
            + second.network->endpoint()->stats().handshakesResumed;
    };
    const quint64 before = resumed();
    world.split([](int number) { return number; });
    QVERIFY(world.until([&] { return !first.peer(second) && !second.peer(first); }, 120s));
    world.heal();
    QVERIFY(world.until(areLinked, 600s));
    QVERIFY(resumed() > before);
}

QTEST_GUILESS_MAIN(tst_SessionTicketStore)
#include "tst_sessionticketstore.moc"
