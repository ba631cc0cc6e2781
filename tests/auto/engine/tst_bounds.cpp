// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Many hostile connections together: what they can make an endpoint hold, and who is served meanwhile.

#include <shared/engine/attack.h>
#include <shared/engine/controlbytes.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/messageprotocol.h>

#include <QFile>
#include <QTest>

#include <sys/resource.h>
#include <unistd.h>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;
constexpr quint16 Attackers = 24;
constexpr qint64 Budget = 40 * MiB;
constexpr qint64 LargestMessage = 4 * MiB;

enum class From { OneAddress, ManyAddresses };
enum class How { UnfinishedMessages, OneByteGaps, ManyStreams };

SocketAddress attackersAddress(From from, quint16 index)
{
    if (from == From::OneAddress)
        return SocketAddress::fromIpv4({99, 1, 0, 1}, quint16(10'000 + index));
    return SocketAddress::fromIpv4({99, quint8(index), 0, 1}, 10'000); // an IPv4 /16 each
}

Settings smallSettings(qint64 inboxLimit = LargestMessage)
{
    Settings settings = victimSettings();
    settings.receiveBudget = Budget;
    MessageOptions options = makeMessageOptions();
    options.maxMessageSize = LargestMessage;
    options.inboxLimit = inboxLimit;
    settings.protocols = protocolsWith(options);
    return settings;
}

//! A victim, its attackers, and an honest peer of another network.
struct Siege
{
    explicit Siege(From where, const Settings &settings = smallSettings())
        : from(where)
        , victim(makeAcceptor(publicAddress(1), settings))
        , honest(publicAddress(2), makeSettings(2))
    {
        wire.connect(*victim);
        wire.connect(honest);
    }

    bool open()
    {
        for (quint16 i = 0; i < Attackers; ++i) {
            RawPeer::Options options;
            options.seed = 1000u + i;
            peers.push_back(std::make_unique<RawPeer>(attackersAddress(from, i), victim->address,
                                                      options, wire.now));
            peers.back()->remembersFrames = false;
            wire.connect(*peers.back());
            if (!wire.runUntil([&] { return peers.back()->isOpen(); }))
                return false;
        }
        honestSession = dial(honest, victim->address, wire.now);
        return wire.runUntil([&] { return honest.count<Events::Opened>() == 1; });
    }

    void attack(How how)
    {
        for (const auto &peer : peers) {
            if (how == How::UnfinishedMessages) {
                static const QByteArray block(250 * KiB,
                                              'x'); // one for all, so that they cost nothing here
                for (int i = 0; i < 80; ++i)
                    peer->send(
                        peer->sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)), Fin::No),
                        block);
            } else if (how == How::ManyStreams) {
                while (
                    peer->sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)) + "x", Fin::No)
                    >= 0) {
                }
            } else {
                for (int i = 0; i < 60; ++i) {
                    const qint64 stream = peer->sendOnNewStream(
                        wireHeader(0, 0, quint32(LargestMessage)), Fin::No);
                    QByteArray frames;
                    for (quint64 offset = 20; offset < 1700; offset += 2) {
                        frames += Frame::stream(quint64(stream), offset, "x");
                        if (frames.size() > RawPeer::FrameCapacity - 20)
                            peer->sendFrames(std::exchange(frames, {}));
                    }
                    peer->sendFrames(frames);
                }
            }
        }
    }

    //! \brief Runs on, with an honest kibibyte a second of each attacker, so that none seems to sleep.
    bool runUntil(const std::function<bool()> &condition, int seconds)
    {
        for (int i = 0; i < seconds; ++i) {
            for (const auto &peer : peers) {
                if (peer->isAlive())
                    peer->sendOnNewStream(toWire(Message(QByteArray(KiB, 'k'))));
            }
            if (wire.runUntil(
                    [&] {
                        most = std::max(most, victim->router->stats().receiveBudgetUsed);
                        return condition();
                    },
                    Seconds))
                return true;
        }
        return false;
    }

    size_t alive() const
    {
        return size_t(std::count_if(peers.cbegin(), peers.cend(),
                                    [](const auto &peer) { return peer->isAlive(); }));
    }

    const From from;
    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::vector<std::unique_ptr<RawPeer>> peers;
    RouterParty honest;
    SessionId honestSession = 0;
    qint64 most = 0; //!< of the budget that was used at a time
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

    void oneAddressHasItsShareOfPlaces();
    void placesAreTakenFromTheLargestNetwork();
    void aTenthOfThePlacesIsKeptForOwnDials();
    void whoIsFullOfEqualsRefuses();
    void halfOpenHandshakesOfASiteAreLimited();

    void aControlStreamThatIsNotReadEndsTheConnection();
    void controlMessagesBeforeTheConnectionIsOpenAreFew();
    void controlMessagesThatNobodyReadsAreNotKeptBeforeTheConnectionIsOpen();
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
    Settings settings = smallSettings();
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
    Settings settings = smallSettings();
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
    Settings settings = smallSettings();
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

// ---- senders

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

// ---- places

namespace {

//! Opens one connection after the other from \a address on; returns how many the victim kept open.
struct Crowd
{
    explicit Crowd(const Settings &settings)
        : victim(makeAcceptor(publicAddress(1), settings))
    {
        wire.connect(*victim);
    }

    //! Whether a peer at \a address gets in.
    bool comes(const SocketAddress &address)
    {
        parties.push_back(std::make_unique<RouterParty>(
            address, makeSettings(2 + int(parties.size() % 3)), wire.now));
        RouterParty &party = *parties.back();
        wire.connect(party);
        dial(party, victim->address, wire.now);
        wire.runUntil(
            [&] { return party.count<Events::Opened>() > 0 || party.count<Events::Closed>() > 0; });
        wire.runFor(5 * Milliseconds);
        return party.count<Events::Opened>() > 0 && party.count<Events::Closed>() == 0;
    }

    size_t open() const
    {
        return size_t(std::count_if(parties.cbegin(), parties.cend(), [](const auto &party) {
            return party->template count<Events::Opened>()
                > party->template count<Events::Closed>();
        }));
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::vector<std::unique_ptr<RouterParty>> parties;
};

} // namespace

void tst_Bounds::oneAddressHasItsShareOfPlaces()
{
    Settings settings = victimSettings();
    settings.maxConnectionsPerAddress = 5;
    settings.maxConnectionsPerSite = 8;
    Crowd crowd(settings);
    for (quint16 i = 0; i < 5; ++i)
        QVERIFY(crowd.comes(publicAddress(7, quint16(5000 + i))));
    QVERIFY(!crowd.comes(publicAddress(7, 5100)));
    QCOMPARE(crowd.parties.back()->last<Events::Closed>()->error.code, ErrorCode::ConnectionRefused);
    QVERIFY(crowd.comes(publicAddress(8)));
    // Private addresses have no limit of their own.
    for (quint16 i = 0; i < 10; ++i)
        QVERIFY(crowd.comes(privateAddress(7, quint16(5000 + i))));
    // Who leaves makes room.
    for (const auto &party : crowd.parties) {
        if (party->address == publicAddress(7, 5000))
            party->router->closeAll(0, {}, {}, crowd.wire.now);
    }
    crowd.wire.runFor(2 * Seconds);
    QVERIFY(crowd.comes(publicAddress(7, 5200)));
}

void tst_Bounds::placesAreTakenFromTheLargestNetwork()
{
    Settings settings = victimSettings();
    settings.maxConnections = 40; // four of them for own dials
    settings.maxConnectionsPerAddress = 64;
    Crowd crowd(settings);
    std::vector<SocketAddress> honest;
    for (quint8 i = 0; i < 10; ++i) {
        honest.push_back(SocketAddress::fromIpv4({11, i, 0, 1}, 4433));
        QVERIFY(crowd.comes(honest.back()));
    }
    quint16 attackers = 0;
    while (attackers < 100
           && crowd.comes(SocketAddress::fromIpv4({99, 1, 0, 1}, quint16(2000 + attackers))))
        ++attackers;
    QCOMPARE(attackers, quint16(26));
    QCOMPARE(crowd.open(), 36u);
    // All places are taken; newcomers of other networks get in all the same, and only attackers go.
    for (quint8 i = 0; i < 8; ++i) {
        honest.push_back(SocketAddress::fromIpv4({12, i, 0, 1}, 4433));
        QVERIFY(crowd.comes(honest.back()));
    }
    QCOMPARE(crowd.open(), 36u);
    QCOMPARE(crowd.victim->router->stats().connectionsEvicted, 8u);
    for (const auto &party : crowd.parties) {
        if (std::find(honest.cbegin(), honest.cend(), party->address) != honest.cend())
            QCOMPARE(party->count<Events::Closed>(), 0u);
        else if (party->count<Events::Opened>() > 0 && party->count<Events::Closed>() > 0)
            QCOMPARE(party->last<Events::Closed>()->error.closeCode, CloseCode::Evicted);
    }
}

void tst_Bounds::aTenthOfThePlacesIsKeptForOwnDials()
{
    Settings settings = victimSettings();
    settings.maxConnections = 20;
    Crowd crowd(settings);
    quint16 count = 0;
    while (count < 100 && crowd.comes(privateAddress(3, quint16(2000 + count))))
        ++count;
    QCOMPARE(count, quint16(18));
    auto acceptor = makeAcceptor(publicAddress(300), makeSettings(4));
    crowd.wire.connect(*acceptor);
    dial(*crowd.victim, acceptor->address, crowd.wire.now);
    QVERIFY(crowd.wire.runUntil([&] { return acceptor->count<Events::Opened>() == 1; }));
}

void tst_Bounds::whoIsFullOfEqualsRefuses()
{
    Settings settings = victimSettings();
    settings.maxConnections = 30;
    Crowd crowd(settings);
    for (quint16 i = 0; i < 27; ++i)
        QVERIFY(crowd.comes(privateAddress(3, quint16(2000 + i))));
    QVERIFY(!crowd.comes(privateAddress(3, 3000)));
    QCOMPARE(crowd.parties.back()->last<Events::Closed>()->error.code, ErrorCode::ConnectionRefused);
    QCOMPARE(crowd.victim->router->stats().connectionsEvicted, 0u);
    QCOMPARE(crowd.open(), 27u);
}

void tst_Bounds::halfOpenHandshakesOfASiteAreLimited()
{
    Settings settings = victimSettings();
    const auto victim = makeAcceptor(publicIpv6(0x999900, 1, 1), settings);
    VirtualWire wire;
    wire.connect(*victim);
    // Handshakes that are begun and not gone on with, by as many /56 of one /48 as there are.
    std::vector<std::unique_ptr<RouterParty>> parties;
    for (quint32 household = 0; household < 256; ++household) {
        Settings dialler = makeSettings(2);
        dialler.random = seededRandomSource(5000 + household);
        parties.push_back(
            std::make_unique<RouterParty>(publicIpv6(0x1100 + household, 1, 1), dialler, wire.now));
        wire.connect(*parties.back());
        dial(*parties.back(), victim->address, wire.now);
    }
    wire.filter = [&](const Datagram &datagram) { return datagram.from != victim->address; };
    wire.runFor(100 * Milliseconds);
    QCOMPARE(victim->router->stats().halfOpen, Limits::HalfOpenPerSite);
}

// ---- queues

void tst_Bounds::aControlStreamThatIsNotReadEndsTheConnection()
{
    RawPeer::Options options;
    options.parameters = [](ngtcp2_transport_params &parameters) {
        parameters.initial_max_stream_data_bidi_local = 500; // enough for the hello
    };
    Attack attack(options);
    QVERIFY(attack.open());
    const QByteArray frame = prefixedHex("a2 00 07 01 50 " + QByteArray(16, 'x').toHex());
    const auto before = heapBytes();
    for (int i = 0; i < 200'000 && attack.isVictimOpen(); ++i) {
        MessageProtocol::of(*attack.session())->sendControl(frame);
        attack.victim->router->touch(*attack.session());
        if (i % 1000 == 0)
            attack.wire.runFor(Milliseconds);
    }
    if (before)
        QVERIFY(*heapBytes() - *before
                < 8 * Limits::ControlQueueBytes); // each frame is an allocation
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QCOMPARE(attack.victim->last<Events::Closed>()->error.code, ErrorCode::ProtocolViolation);
}

void tst_Bounds::controlMessagesBeforeTheConnectionIsOpenAreFew()
{
    // An acceptor that greets and talks on, and takes back that it has confirmed the handshake.
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    for (int i = 0; i < 100; ++i)
        options.hello += prefixedHex("a1 00 18 63"); // of kind 99
    Settings settings = victimSettings();
    settings.controlKinds = {99};
    Attack attack(options, settings);
    attack.peer.mutate = [](RawPeer::PacketKind kind, std::span<quint8> frames) {
        constexpr quint8 HandshakeDone = 0x1e;
        if (kind == RawPeer::PacketKind::OneRtt && frames[0] == HandshakeDone)
            frames[0] = 0; // PADDING
    };
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::Misbehaviour));
    QCOMPARE(attack.victim->count<Events::Control>(), 0u);
}

void tst_Bounds::controlMessagesThatNobodyReadsAreNotKeptBeforeTheConnectionIsOpen()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    for (int i = 0; i < 100; ++i)
        options.hello += prefixedHex("a1 00 18 63"); // of kind 99
    Settings settings = victimSettings();
    settings.controlKinds = {98};
    Attack attack(options, settings);
    QVERIFY(attack.open());
    QCOMPARE(attack.victim->count<Events::Control>(), 0u);
}

QTEST_GUILESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
