// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What all connections together may have to send, and who goes where peers do not take it.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sendbudget.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;
constexpr qint64 Budget = 40 * MiB;

SocketAddress inNetwork(quint8 network, quint8 host = 1)
{
    return SocketAddress::fromIpv4({99, network, 0, host}, 10'000);
}

//! A victim, peers that grant no credit, and an honest one of another network.
struct Siege
{
    explicit Siege(int attackers, bool fromOneNetwork)
        : victim(makeAcceptor(publicAddress(1), settings()))
        , honest(publicAddress(2), makeSettings(2))
    {
        wire.connect(*victim);
        wire.connect(honest);
        for (int i = 0; i < attackers; ++i) {
            RawPeer::Options options;
            options.seed = 1000u + quint64(i);
            options.parameters = [](ngtcp2_transport_params &parameters) {
                parameters.initial_max_data = 10 * KiB;
            };
            const auto number = quint8(i + 1);
            peers.push_back(
                std::make_unique<RawPeer>(fromOneNetwork ? inNetwork(1, number) : inNetwork(number),
                                          victim->address, options, wire.now));
            peers.back()->remembersFrames = false;
            peers.back()->grantsCredit = false;
            wire.connect(*peers.back());
        }
    }

    static Settings settings()
    {
        Settings settings = victimSettings();
        settings.sendBudget = Budget;
        MessageOptions options = makeMessageOptions();
        options.maxMessageSize = 4 * MiB;
        settings.protocols = protocolsWith(options);
        return settings;
    }

    bool open()
    {
        for (const auto &peer : peers) {
            if (!wire.runUntil([&] { return peer->isOpen(); }))
                return false;
        }
        honestSession = dial(honest, victim->address, wire.now);
        return wire.runUntil([&] { return honest.count<Events::Opened>() == 1; });
    }

    //! The session of peer number \a index at the victim; the honest one comes after them.
    Session *session(size_t index) const { return victim->router->find(SessionId(index + 1)); }

    //! Sends as much to each attacker as is accepted.
    void fill()
    {
        static const Message block(QByteArray(MiB, 'x'));
        for (bool more = true; std::exchange(more, false);) {
            for (size_t i = 0; i < peers.size(); ++i) {
                if (!session(i) || !session(i)->isLive()
                    || !messagesOf(*session(i)).outbox().hasRoomFor(block.size()))
                    continue;
                messagesOf(*session(i)).send(block, 0);
                victim->router->touch(*session(i));
                more = true;
            }
        }
    }

    qint64 queued() const { return victim->router->stats().sendBudgetUsed; }
    size_t alive() const
    {
        return size_t(std::count_if(peers.cbegin(), peers.cend(),
                                    [](const auto &peer) { return peer->isAlive(); }));
    }
    bool runUntil(const std::function<bool()> &condition, int seconds)
    {
        return wire.runUntil(
            [&] {
                most = std::max(most, queued());
                return condition();
            },
            ngtcp2_duration(seconds) * Seconds);
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::vector<std::unique_ptr<RawPeer>> peers;
    RouterParty honest;
    SessionId honestSession = 0;
    qint64 most = 0;
};

} // namespace

class tst_SendBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGroupMayHoldWhatIsStillFree();
    void whoWasRefusedIsServedOnce();
    void progressIsWhatCounts();

    void peersThatTakeNothingAreClosed_data();
    void peersThatTakeNothingAreClosed();
    void whileThereIsRoomNobodyIsClosed();
    void repliesCountToo();
};

void tst_SendBudget::aGroupMayHoldWhatIsStillFree()
{
    SendBudget budget(800); // 100 of them for the first ones
    SendBudget::Account first(budget, 1, inNetwork(1, 1));
    SendBudget::Account sameNetwork(budget, 2, inNetwork(1, 2));
    SendBudget::Account other(budget, 3, inNetwork(2));
    SendBudget::Account newcomer(budget, 4, inNetwork(3));
    QVERIFY(first.hasRoom(800));
    first.add(320);
    QVERIFY(sameNetwork.hasRoom(60));
    QVERIFY(!sameNetwork.hasRoom(61));
    sameNetwork.add(30);
    QVERIFY(other.hasRoom(450));
    other.add(175);
    QCOMPARE(budget.queued(), 525);
    QVERIFY(!other.hasRoom(1));
    QVERIFY(newcomer.hasRoom(275));
    QVERIFY(!newcomer.hasRoom(276));
    QVERIFY(budget.isTight());
}

void tst_SendBudget::whoWasRefusedIsServedOnce()
{
    SendBudget budget(800);
    SendBudget::Account first(budget, 1, inNetwork(1));
    SendBudget::Account second(budget, 2, inNetwork(2));
    auto third = std::make_unique<SendBudget::Account>(budget, 3, inNetwork(3));
    first.add(600);
    QVERIFY(!second.hasRoom(400));
    QVERIFY(!second.hasRoom(500));
    QVERIFY(!third->hasRoom(500));
    QVERIFY(budget.takeServed().empty());
    first.acknowledged(200);
    QVERIFY(budget.takeServed().empty());
    third.reset();
    first.acknowledged(100);
    QCOMPARE(budget.takeServed(), std::vector<quint64>{2});
    first.drop(300);
    QVERIFY(budget.takeServed().empty());
    QCOMPARE(budget.queued(), 0);
}

void tst_SendBudget::progressIsWhatCounts()
{
    SendBudget budget(40 * MiB);
    SendBudget::Account slow(budget, 1, inNetwork(1));
    SendBudget::Account honest(budget, 2, inNetwork(2));
    SendBudget::Account little(budget, 3, inNetwork(3));
    SendBudget::Account sameAsSlow(budget, 4, inNetwork(1));
    slow.add(4 * MiB);
    sameAsSlow.add(MiB);
    honest.add(8 * MiB);
    little.add(Limits::StalledFrom);
    budget.startPeriods(Seconds);
    for (ngtcp2_tstamp second = 2; second <= 10; ++second) {
        honest.acknowledged(KiB + 1);
        slow.acknowledged(KiB - 1);
        QVERIFY(!budget.worstStalled(second * Seconds));
    }
    honest.acknowledged(KiB);
    QCOMPARE(budget.worstStalled(11 * Seconds), std::optional<quint64>(1));
    slow.drop(slow.queued());
    QCOMPARE(budget.worstStalled(11 * Seconds), std::optional<quint64>(4));
    sameAsSlow.drop(sameAsSlow.queued());
    QCOMPARE(budget.worstStalled(11 * Seconds), std::nullopt);
    QCOMPARE(budget.worstStalled(20 * Seconds), std::nullopt);
    QCOMPARE(budget.worstStalled(21 * Seconds), std::optional<quint64>(2));
}

void tst_SendBudget::peersThatTakeNothingAreClosed_data()
{
    QTest::addColumn<bool>("fromOneNetwork");
    QTest::addColumn<qint64>("most");
    QTest::newRow("one network") << true << Budget / 2;
    QTest::newRow("24 networks") << false << Budget * 7 / 8;
}

void tst_SendBudget::peersThatTakeNothingAreClosed()
{
    QFETCH(bool, fromOneNetwork);
    QFETCH(qint64, most);
    Siege siege(24, fromOneNetwork);
    QVERIFY(siege.open());
    siege.fill();
    QVERIFY2(siege.queued() > most * 3 / 4 && siege.queued() <= most,
             QByteArray::number(siege.queued()).constData());
    // Something is left for others, at once.
    siege.honest.events.clear();
    Session *toHonest = siege.session(24);
    QVERIFY(messagesOf(*toHonest).outbox().hasRoomFor(MiB));
    messagesOf(*toHonest).send(Message(QByteArray(MiB, 'h')), 0);
    siege.victim->router->touch(*toHonest);
    QVERIFY(siege.runUntil([&] { return siege.honest.count<Events::MessageArrived>() == 1; }, 5));
    QCOMPARE(siege.alive(), 24u);

    QVERIFY(siege.runUntil([&] { return siege.queued() <= Budget / 4; }, 13));
    QVERIFY(siege.most <= most + 2 * MiB); // and what the honest peer was sent
    QVERIFY(siege.victim->router->stats().connectionsClosedForMemory > 0);
    siege.wire.runFor(Seconds);
    QVERIFY(siege.alive() < 24);
    for (const auto &peer : siege.peers)
        QVERIFY(peer->isAlive() || peer->wasClosedWith(true, CloseCode::MemoryLimit));
    QVERIFY(toHonest->isLive());
    QVERIFY(messagesOf(*toHonest).outbox().hasRoomFor(4 * MiB));
}

void tst_SendBudget::whileThereIsRoomNobodyIsClosed()
{
    Siege siege(2, false);
    QVERIFY(siege.open());
    for (size_t i = 0; i < 2; ++i) {
        messagesOf(*siege.session(i)).send(Message(QByteArray(4 * MiB, 'x')), 0);
        siege.victim->router->touch(*siege.session(i));
    }
    siege.wire.runFor(20 * Seconds);
    QCOMPARE(siege.alive(), 2u);
    QVERIFY(siege.queued() > 7 * MiB);
}

void tst_SendBudget::repliesCountToo()
{
    Siege siege(24, false);
    QVERIFY(siege.open());
    // Small questions, large answers that nobody takes.
    for (const auto &peer : siege.peers) {
        for (int i = 0; i < 20; ++i)
            peer->sendOnNewStream(toWire(Message("?")), Fin::Yes, true);
    }
    siege.wire.runFor(Seconds);
    QCOMPARE(siege.victim->count<Events::RequestArrived>(), 24u * 20u);
    const EventList events = std::exchange(siege.victim->events, {});
    const Message answer(QByteArray(MiB, 'a'));
    for (const Event &event : events) {
        if (const auto *request = std::get_if<Events::RequestArrived>(&event.what)) {
            Session *session = siege.victim->router->find(event.session);
            messagesOf(*session).reply(request->streamId, answer, 0);
            siege.victim->router->touch(*session);
        }
    }
    QVERIFY(siege.queued() <= Budget);
    QVERIFY(siege.queued() > Budget * 3 / 4);
    siege.wire.runFor(Milliseconds);
    const auto *failed = siege.victim->last<Events::Failed>();
    QVERIFY(failed);
    QCOMPARE(failed->error.code, ErrorCode::QueueFull);
    QVERIFY(failed->error.message.contains(QLatin1String("setSendBudget")));
    QVERIFY(siege.runUntil([&] { return siege.queued() <= Budget / 4; }, 13));
}

QTEST_APPLESS_MAIN(tst_SendBudget)
#include "tst_sendbudget.moc"
