// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Many hostile connections together: what they can make an endpoint hold, and who is served meanwhile.

#include "receivesiege.h"

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/closecodes.h>

#include <QFile>
#include <QTest>

#include <sys/resource.h>
#include <unistd.h>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

//! \brief No more address space than is used now and \\a more, as long as it lives.
class AddressSpaceLimit
{
public:
    explicit AddressSpaceLimit(qint64 more)
    {
        getrlimit(RLIMIT_AS, &m_before);
        QFile statm(QStringLiteral("/proc/self/statm"));
        if (!statm.open(QIODevice::ReadOnly))
            return;
        const qint64 pages = statm.readAll().split(' ').first().toLongLong();
        rlimit limit = m_before;
        limit.rlim_cur = rlim_t(pages * sysconf(_SC_PAGESIZE) + more);
        m_works = pages > 0 && setrlimit(RLIMIT_AS, &limit) == 0;
    }
    ~AddressSpaceLimit() { setrlimit(RLIMIT_AS, &m_before); }
    Q_DISABLE_COPY_MOVE(AddressSpaceLimit)
    bool works() const { return m_works; }

private:
    rlimit m_before{};
    bool m_works = false;
};

} // namespace

class tst_Bounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBudgetHoldsAndAnHonestPeerIsServed_data();
    void theBudgetHoldsAndAnHonestPeerIsServed();
    void anHonestLargeMessageUnderWayIsNotTheOneThatGoes();
    void whoOnlyAnnouncesDoesNotKeepOthersWaiting();
    void whatOurProgramDoesNotReadClosesNobody();
    void aMessageIsOnItsOwnOnceTheBudgetIsTight();
    void aMessageThatWaitsForRoomAndStallsIsRefused();
    void whileThereIsRoomTheConnectionsTrafficCounts();
    void aRepliesRoomComesOutOfTheBudget();
    void aFailedAllocationEndsOneConnection();

    void lowPrioritiesKeepTheirMinimumPace_data();
    void lowPrioritiesKeepTheirMinimumPace();
};

void tst_Bounds::theBudgetHoldsAndAnHonestPeerIsServed_data()
{
    QTest::addColumn<From>("from");
    QTest::addColumn<How>("how");
    for (const auto &[name, from] : {std::pair("one address", From::OneAddress),
                                     std::pair("24 addresses", From::ManyAddresses)}) {
        QTest::addRow("unfinished messages, %s", name) << from << How::UnfinishedMessages;
        QTest::addRow("gaps of one byte, %s", name) << from << How::OneByteGaps;
        QTest::addRow("1,000 streams, %s", name) << from << How::ManyStreams;
    }
}

void tst_Bounds::theBudgetHoldsAndAnHonestPeerIsServed()
{
    QFETCH(const From, from);
    QFETCH(const How, how);

    Siege siege(from);
    QVERIFY(siege.open());
    siege.wire.runFor(100 * Milliseconds);
    const auto before = heapBytes();
    siege.attack(how);
    siege.runUntil([&] { return false; }, 10);
    QVERIFY(siege.most > Budget / 2);
    if (before) {
        const qint64 held = *heapBytes() - *before;
        // Beside the budget: what ngtcp2 and malloc need on both sides, the attackers' included.
        QVERIFY2(held < Budget + 30 * MiB, QByteArray::number(held).constData());
    }

    siege.honest.send(siege.honestSession, Message(QByteArray(LargestMessage, 'h')));
    siege.honest.send(siege.honestSession, Message("small"));
    QVERIFY(siege.runUntil([&] { return siege.honest.count<Events::Acknowledged>() == 2; }, 60));
    QCOMPARE(siege.honest.count<Events::Closed>(), 0u);
    QVERIFY2(siege.most < Budget + MiB, QByteArray::number(siege.most).constData());
}

void tst_Bounds::anHonestLargeMessageUnderWayIsNotTheOneThatGoes()
{
    Siege siege(From::ManyAddresses);
    QVERIFY(siege.open());
    // Half of it is there, and the rest is slow to come.
    siege.wire.filter = [&](Datagram &datagram) {
        return datagram.from != siege.honest.address || siege.most < LargestMessage;
    };
    siege.honest.send(siege.honestSession, Message(QByteArray(LargestMessage, 'h')));
    siege.wire.runUntil([&] {
        siege.most = siege.victim->router->stats().receiveBudgetUsed;
        return siege.most >= LargestMessage;
    });
    siege.wire.runFor(5 * Milliseconds);
    siege.attack(How::OneByteGaps);
    siege.wire.runFor(2 * Seconds);
    QVERIFY(siege.victim->router->stats().connectionsClosedForMemory > 0);
    siege.wire.filter = {};
    QVERIFY(siege.runUntil([&] { return siege.honest.count<Events::Acknowledged>() == 1; }, 20));
    QCOMPARE(siege.honest.count<Events::Closed>(), 0u);
    const auto closed = std::find_if(
        siege.peers.cbegin(), siege.peers.cend(),
        [](const auto &peer) { return peer->wasClosedWith(true, CloseCode::MemoryLimit); });
    QVERIFY(closed != siege.peers.cend());
}

void tst_Bounds::whoOnlyAnnouncesDoesNotKeepOthersWaiting()
{
    // Headers alone reserve all of the budget, again and again, from a network each.
    Siege siege(From::ManyAddresses);
    QVERIFY(siege.open());
    const auto announce = [&] {
        for (const auto &peer : siege.peers) {
            for (int i = 0; i < 5; ++i)
                peer->sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)), Fin::No);
        }
        return false;
    };
    announce();
    siege.wire.runFor(100 * Milliseconds);
    QVERIFY(siege.victim->router->stats().receiveBudgetUsed > Budget - Budget / 8 - LargestMessage);
    siege.honest.send(siege.honestSession, Message(QByteArray(LargestMessage, 'h')));
    int seconds = 0;
    while (siege.honest.count<Events::Acknowledged>() == 0 && ++seconds < 30) {
        announce();
        siege.wire.runFor(Seconds);
    }
    // The grace of messages without progress, the checks, and the turns of those who stood in line before it.
    QVERIFY2(seconds <= 15, QByteArray::number(seconds).constData());
}

void tst_Bounds::whatOurProgramDoesNotReadClosesNobody()
{
    Siege siege(From::OneAddress);
    QVERIFY(siege.open());
    // The program reads at first, so that the windows grow, …
    for (const auto &peer : siege.peers) {
        for (int i = 0; i < 30; ++i)
            peer->sendOnNewStream(toWire(Message(QByteArray(100 * KiB, 'x'))));
    }
    siege.runUntil([&] { return false; }, 3);
    const auto forAll = [&](auto &&what) {
        for (SessionId id = 1; id <= Attackers + 1; ++id) {
            Session *session = siege.victim->router->find(id);
            QVERIFY(session);
            what(*session);
            siege.victim->router->touch(*session);
        }
    };
    siege.victim->events.clear();
    // … and then no more.
    forAll([](Session &session) { messagesOf(session).pauseReceiving(); });
    for (const auto &peer : siege.peers) {
        for (int i = 0; i < 200; ++i)
            peer->sendOnNewStream(toWire(Message(QByteArray(100 * KiB, 'x'))));
    }
    siege.runUntil([&] { return false; }, 20);
    siege.honest.send(siege.honestSession, Message(QByteArray(LargestMessage, 'h')));
    siege.runUntil([&] { return false; }, 2);
    QCOMPARE(siege.alive(), size_t(Attackers));
    QCOMPARE(siege.victim->router->stats().connectionsClosedForMemory, 0u);
    qint64 held = 0;
    forAll([&](Session &session) { held += session.stats(siege.wire.now).inboxBytes; });
    QVERIFY2(held <= Budget, QByteArray::number(held).constData());

    forAll([&](Session &session) { messagesOf(session).resumeReceiving(siege.wire.now); });
    QVERIFY(siege.runUntil([&] { return siege.honest.count<Events::Acknowledged>() == 1; }, 20));
    QCOMPARE(siege.alive(), size_t(Attackers));
}

void tst_Bounds::aMessageIsOnItsOwnOnceTheBudgetIsTight()
{
    Settings settings = smallSettings(LargestMessage + 2 * MiB);
    settings.receiveBudget = 6 * MiB;
    Attack attack({}, settings);
    QVERIFY(attack.open());
    // More than half of the budget is set aside for this one, which is never finished, while others pass.
    attack.peer.sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)) + "x", Fin::No);
    for (int second = 0; second < 13; ++second) {
        attack.peer.sendOnNewStream(toWire(Message(QByteArray(4 * KiB, 'k'))));
        attack.wire.runFor(Seconds);
    }
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
    QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.code, ErrorCode::MessageTimeout);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 13u);
    QVERIFY(attack.isVictimOpen());
}

void tst_Bounds::aMessageThatWaitsForRoomAndStallsIsRefused()
{
    Settings settings = smallSettings(LargestMessage + 2 * MiB);
    settings.receiveBudget = 6 * MiB;
    Attack attack({}, settings);
    QVERIFY(attack.open());
    const QByteArray header = wireHeader(0, 0, quint32(LargestMessage));
    const qint64 granted = attack.peer.sendOnNewStream(header, Fin::No);
    attack.settle();
    attack.peer.sendOnNewStream(header + "x", Fin::No);
    // A third one has sent all that its credit allows: it cannot go on, and may wait.
    attack.peer.sendOnNewStream(header + QByteArray(300 * KiB, 'x'), Fin::No);
    for (int second = 0; second < 30; ++second) {
        attack.peer.send(granted, QByteArray(2 * KiB, 'x'));
        attack.wire.runFor(Seconds);
    }
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
    QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.message,
             QStringLiteral("A message arrived too slowly: 17 bytes of it came. The peer has "
                            "to send it again."));
}

void tst_Bounds::whileThereIsRoomTheConnectionsTrafficCounts()
{
    Attack attack;
    QVERIFY(attack.open());
    attack.peer.sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)) + "x", Fin::No);
    for (int second = 0; second < 60; ++second) {
        attack.peer.sendOnNewStream(toWire(Message(QByteArray(4 * KiB, 'k'))));
        attack.wire.runFor(Seconds);
    }
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 0u);
}

void tst_Bounds::aRepliesRoomComesOutOfTheBudget()
{
    // We ask, and the peer begins every answer and finishes none.
    Settings settings = smallSettings(LargestMessage + 2 * MiB);
    settings.receiveBudget = 10 * MiB;
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options, settings);
    QVERIFY(attack.open());
    constexpr int Requests = 50;
    for (int i = 0; i < Requests; ++i)
        messagesOf(*attack.session()).request(Message("?"), 0);
    attack.victim->router->touch(*attack.session());
    attack.settle();
    for (int i = 1; i <= Requests; ++i)
        attack.peer.send(
            4 * i, wireHeader(0, 0, quint32(LargestMessage)) + QByteArray(LargestMessage - 1, 'x'));
    qint64 most = 0;
    attack.wire.runUntil(
        [&] {
            most = std::max(
                most, attack.session() ? attack.session()->stats(attack.wire.now).inboxBytes : 0);
            return false;
        },
        5 * Seconds);
    QVERIFY2(most <= 10 * MiB + MiB, QByteArray::number(most).constData());
    QVERIFY(most > 7 * MiB);
}

void tst_Bounds::aFailedAllocationEndsOneConnection()
{
#ifdef QP2P_TEST_ASAN
    QSKIP("AddressSanitizer takes all of the address space for itself.");
#endif
    Settings settings = victimSettings();
    MessageOptions messages = makeMessageOptions();
    messages.maxMessageSize = 512 * MiB;
    messages.inboxLimit = 512 * MiB;
    settings.protocols = protocolsWith(messages);
    settings.receiveBudget = 1024 * MiB;
    Attack attack({}, settings);
    QVERIFY(attack.open());
    // The last part of a message is gathered in blocks and joined at its end, which needs it all at once.
    const QByteArray message = toWire(Message(QByteArray(200 * MiB, 'x')));
    const qint64 stream = attack.peer.sendOnNewStream(message.chopped(1), Fin::No);
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.session()->stats(attack.wire.now).inboxBytes == message.size() - 1; },
        600 * Seconds));
    attack.settle();
    {
        const AddressSpaceLimit limit(50 * MiB);
        if (!limit.works())
            QSKIP("The address space of this process cannot be limited.");
        attack.peer.send(stream, message.right(1), Fin::Yes);
        QVERIFY(attack.runUntilClosed());
    }
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::MemoryLimit));
    QCOMPARE(attack.victim->last<Events::Closed>()->error.code, ErrorCode::ResourceLimit);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_Bounds::lowPrioritiesKeepTheirMinimumPace_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("large messages before it") << int(MiB);
    QTest::newRow("small messages before it") << 8000;
}

void tst_Bounds::lowPrioritiesKeepTheirMinimumPace()
{
    QFETCH(const int, size);

    // A receiver whose budget is tight all the time, and a path of 200 kB/s.
    Settings settings = smallSettings(LargestMessage + 2 * MiB);
    settings.receiveBudget = LargestMessage + 3 * MiB;

    RouterPair pair(settings, makeSettings(2));
    pair.wire.latency = 25 * Milliseconds;
    double allowance = 0;
    ngtcp2_tstamp last = pair.wire.now;
    QVERIFY(pair.open());
    pair.wire.filter = [&](Datagram &datagram) {
        if (datagram.from != pair.dialler->address)
            return true;
        allowance = std::min(40'000.0, allowance + double(pair.wire.now - last) * 200e3 / 1e9);
        last = pair.wire.now;
        if (allowance < double(datagram.data.size()))
            return false;
        allowance -= double(datagram.data.size());
        return true;
    };
    const auto send = [&](qint64 bytes, int priority) {
        Session *session = pair.dialler->router->find(1);
        messagesOf(*session).send(Message(QByteArray(bytes, 'x')), priority);
        pair.dialler->router->touch(*session);
    };
    send(LargestMessage, 0);
    QVERIFY(pair.wire.runUntil(
        [&] { return pair.acceptor->router->find(1)->stats(pair.wire.now).inboxBytes > 100'000; }));
    // From now on there is always something more urgent.
    bool stopped = false;
    pair.wire.runUntil(
        [&] {
            const Session *session = pair.dialler->router->find(1);
            stopped = !session;
            while (session && messagesOf(*session).outbox().queuedBytes() < LargestMessage + 2 * MiB)
                send(size, 10);
            return stopped;
        },
        60 * Seconds);
    QVERIFY(!stopped);
    QVERIFY(pair.acceptor->router->stats().receiveBudgetUsed > settings.receiveBudget / 2);
    QVERIFY(pair.acceptor->count<Events::MessageArrived>() > 5u);
    QCOMPARE(pair.acceptor->count<Events::IncomingRefused>(), 0u);
}

QTEST_GUILESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
