// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer with a valid identity that sends much: nothing costs memory for what is only promised, and many broken
// messages cost it the connection.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;

} // namespace

class tst_PeerFloods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void promisesOf12GigabytesCostNoMemory();
    void legalPromisesCostMemoryOnlyForTheirBytes();
    void aThousandStreamsOfOneByteAreRefusedAndTheNextMessagesPass();
    void unfinishedMessagesBeyondTheInboxAreRefused();
    void aPeerThatIsNotReadIsStoppedByItsWindow();

    void aStormOfBrokenStreamsEndsTheConnection_data();
    void aStormOfBrokenStreamsEndsTheConnection();
    void aStormOfRequestsTakenBackEndsTheConnection();
    void requestsThatAreRefusedAreNoOffence();
    void aStormOfControlMessagesEndsTheConnection();
    void aControlMessageNowAndThenDoesNot();
    void resetsNowAndThenDoNot();
    void aHundredThousandHonestMessagesNeverDo();
    void aMisbehavingPeerDisturbsNoOther();
};

// ---- memory

void tst_PeerFloods::promisesOf12GigabytesCostNoMemory()
{
    Attack attack;
    QVERIFY(attack.open());
    attack.settle();
    const auto before = heapBytes();
    constexpr quint32 Max = 0xffffffff;
    for (int i = 0; i < 400; ++i) // below what counts as misbehaviour
        QVERIFY(attack.peer.sendOnNewStream(wireHeader(Max, Max, Max), Fin::No) >= 0);
    attack.settle();
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 400u);
    QVERIFY(attack.isVictimOpen());
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
    if (!before)
        QSKIP("The heap is not counted in this build.");
    // 400 streams of ngtcp2 on the victim's side, their answers, and the adversary's notes of these.
    QVERIFY2(*heapBytes() - *before < MiB, QByteArray::number(*heapBytes() - *before).constData());
}

void tst_PeerFloods::legalPromisesCostMemoryOnlyForTheirBytes()
{
    Attack attack;
    QVERIFY(attack.open());
    attack.settle();
    const auto before = heapBytes();
    constexpr quint64 Count = 990;
    const QByteArray begin = wireHeader(0, 0, quint32(16 * MiB)) + QByteArray(100, 'x');
    for (quint64 i = 0; i < Count; ++i)
        QVERIFY(attack.peer.sendOnNewStream(begin, Fin::No) >= 0);
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, qint64(Count * 116));
    if (!before)
        QSKIP("The heap is not counted in this build.");
    // 4 KiB for each, and the streams themselves: 15.5 GiB were promised.
    QVERIFY2(*heapBytes() - *before < 7 * MiB,
             QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(attack.stillDelivers());
}

void tst_PeerFloods::aThousandStreamsOfOneByteAreRefusedAndTheNextMessagesPass()
{
    Attack attack;
    QVERIFY(attack.open());
    size_t streams = 0;
    while (attack.peer.sendOnNewStream("2", Fin::No) >= 0)
        ++streams;
    QCOMPARE(streams, size_t(makeMessageOptions().maxIncomingMessages));
    size_t requests = 0;
    while (attack.peer.sendOnNewStream("2", Fin::No, true) >= 0)
        ++requests;
    QCOMPARE(requests, size_t(makeMessageOptions().maxIncomingRequests));
    attack.settle();
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, qint64(streams + requests));
    attack.wire.runFor(25 * Seconds);
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), streams + requests);
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
    QVERIFY(attack.stillDelivers());
}

void tst_PeerFloods::unfinishedMessagesBeyondTheInboxAreRefused()
{
    Attack attack;
    QVERIFY(attack.open());
    attack.settle();
    const auto before = heapBytes();
    // Each of the largest size and with as much as its window takes; the first has all the room.
    const QByteArray block(255 * KiB, 'x');
    constexpr size_t Count = 120;
    for (size_t i = 0; i < Count; ++i)
        attack.peer.send(attack.peer.sendOnNewStream(wireHeader(0, 0, quint32(16 * MiB)), Fin::No),
                         block);
    const qint64 limit = makeMessageOptions().inboxLimit;
    qint64 most = 0;
    attack.wire.runUntil([&] {
        most = std::max(most, attack.session()->stats(attack.wire.now).inboxBytes);
        return !attack.peer.hasUnsent();
    });
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QVERIFY2(most <= limit + MiB, QByteArray::number(most).constData());
    QVERIFY(attack.victim->count<Events::IncomingRefused>()
            >= Count - size_t(limit / (255 * KiB)) - 2);
    QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.code, ErrorCode::MessageRefused);
    QVERIFY(attack.peer.count(varint(CloseCode::InboxFull)) > 0);
    // That of the admitted one is allocated whole, before its bytes are there; those of others in blocks that are not full.
    if (before)
        QVERIFY2(*heapBytes() - *before < 5 * limit / 2,
                 QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(attack.stillDelivers());
}

void tst_PeerFloods::aPeerThatIsNotReadIsStoppedByItsWindow()
{
    Attack attack;
    QVERIFY(attack.open());
    messagesOf(*attack.session()).pauseReceiving();
    const QByteArray message = toWire(Message(QByteArray(100 * KiB, 'm')));
    constexpr size_t Count = 300;
    for (size_t i = 0; i < Count; ++i)
        QVERIFY(attack.peer.sendOnNewStream(message) >= 0);
    attack.wire.runFor(5 * Seconds);
    QVERIFY(attack.session()->stats(attack.wire.now).inboxBytes <= MiB);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    attack.wire.runFor(40 * Seconds); // deadlines rest as well
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 0u);

    messagesOf(*attack.session()).resumeReceiving(attack.wire.now);
    attack.victim->router->touch(*attack.session());
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.victim->count<Events::MessageArrived>() == Count; }));
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
}

// ---- misbehaviour

void tst_PeerFloods::aStormOfBrokenStreamsEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("bytes"); // empty: reset
    QTest::addRow("resets") << QByteArray();
    QTest::addRow("empty payloads") << wireHeader(0, 0, 0);
    QTest::addRow("too large") << wireHeader(0, 0, 0xffffffff);
    QTest::addRow("wrong versions") << wireHeader(0, 0, 1, 7);
}

void tst_PeerFloods::aStormOfBrokenStreamsEndsTheConnection()
{
    QFETCH(const QByteArray, bytes);

    Attack attack;
    QVERIFY(attack.open());
    const auto storm = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const qint64 stream = attack.peer.open();
            if (bytes.isEmpty())
                attack.peer.reset(stream, 7);
            else
                attack.peer.send(stream, bytes);
        }
        attack.settle();
    };
    storm(int(Limits::OffenceBurst) - 10);
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.stillDelivers());
    storm(400);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::Misbehaviour);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::Misbehaviour));
    QVERIFY(attack.victim->count<Events::IncomingRefused>() <= size_t(Limits::OffenceBurst) + 300);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_PeerFloods::aStormOfRequestsTakenBackEndsTheConnection()
{
    Attack attack;
    QVERIFY(attack.open());
    const QByteArray request = toWire(Message("request"));
    const auto storm = [&](int rounds) {
        for (int round = 0; round < rounds && attack.isVictimOpen(); ++round) {
            std::vector<qint64> streams;
            for (int i = 0; i < 70; ++i)
                streams.push_back(attack.peer.sendOnNewStream(request, Fin::Yes, true));
            attack.settle();
            for (const qint64 stream : streams)
                attack.peer.stopReading(stream, 7);
            attack.settle();
        }
    };
    storm(6);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 420u);
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.stillDelivers());
    storm(14); // more than Limits::CancellationBurst in all
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::Misbehaviour);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_PeerFloods::requestsThatAreRefusedAreNoOffence()
{
    Attack attack;
    QVERIFY(attack.open());
    const QByteArray request = toWire(Message("request"));
    for (int i = 0; i < 2000; ++i) {
        QVERIFY(attack.peer.sendOnNewStream(request, Fin::Yes, true) >= 0);
        attack.settle();
        const auto *arrived = attack.victim->last<Events::RequestArrived>();
        QVERIFY(arrived);
        Session *session = attack.session();
        QVERIFY(session);
        messagesOf(*session).reject(arrived->streamId, CloseCode::NoReply);
        attack.victim->router->touch(*session);
        attack.settle();
        attack.victim->events.clear();
    }
    QVERIFY(attack.stillDelivers());
}

namespace {
//! A control message of an unknown kind: {0: 99}, with its length before it.
const QByteArray unknownControl("\x00\x04\xa1\x00\x18\x63", 6);
} // namespace

void tst_PeerFloods::aStormOfControlMessagesEndsTheConnection()
{
    Attack attack;
    QVERIFY(attack.open());
    attack.wire.runFor(10 * Seconds); // the allowance is full
    attack.peer.send(0, unknownControl.repeated(int(Limits::ControlMessageBurst)), Fin::No);
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.stillDelivers());
    attack.peer.send(0, unknownControl.repeated(50), Fin::No);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::Misbehaviour);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::Misbehaviour));
}

void tst_PeerFloods::aControlMessageNowAndThenDoesNot()
{
    Attack attack;
    QVERIFY(attack.open());
    for (int i = 0; i < 3000; ++i) {
        attack.peer.send(0, unknownControl, Fin::No);
        attack.wire.runFor(37 * Milliseconds);
    }
    QVERIFY(attack.stillDelivers());
}

void tst_PeerFloods::resetsNowAndThenDoNot()
{
    Attack attack;
    QVERIFY(attack.open());
    for (int i = 0; i < 2000; ++i) { // 40 a second
        const qint64 stream = attack.peer.sendOnNewStream("half", Fin::No);
        QVERIFY(stream >= 0);
        attack.wire.runFor(12 * Milliseconds);
        attack.peer.reset(stream, 7);
        attack.wire.runFor(13 * Milliseconds);
    }
    attack.settle();
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 2000u);
    QVERIFY(attack.stillDelivers());
}

void tst_PeerFloods::aHundredThousandHonestMessagesNeverDo()
{
    constexpr size_t Count = 100'000;
    RouterPair pair;
    QVERIFY(pair.open());
    pair.acceptor->events.clear();
    pair.dialler->events.clear();
    Session *sender = pair.dialler->session();
    for (size_t i = 0; i < Count; ++i)
        QVERIFY(messagesOf(*sender).send(Message(QByteArray(1, char(i))), 0) != 0);
    pair.dialler->router->touch(*sender);
    size_t arrived = 0, acknowledged = 0;
    QVERIFY(pair.wire.runUntil(
        [&] {
            arrived += pair.acceptor->count<Events::MessageArrived>();
            acknowledged += pair.dialler->count<Events::Acknowledged>();
            pair.acceptor->events.clear();
            pair.dialler->events.clear();
            return acknowledged == Count;
        },
        60 * Seconds));
    QCOMPARE(arrived, Count);
    QCOMPARE(pair.acceptor->router->stats().connections, 1);
    QCOMPARE(sender->stats(pair.wire.now).messagesFailed, 0u);
}

void tst_PeerFloods::aMisbehavingPeerDisturbsNoOther()
{
    Attack attack;
    QVERIFY(attack.open());
    RouterParty honest(publicAddress(3), makeSettings(3));
    attack.wire.connect(honest);
    const SessionId id = dial(honest, attack.victim->address, attack.wire.now);
    QVERIFY(attack.wire.runUntil([&] { return honest.count<Events::Opened>() == 1; }));
    for (int i = 0; i < 900; ++i)
        attack.peer.reset(attack.peer.open(), 7);
    for (int i = 0; i < 50; ++i) {
        honest.send(id, Message("honest"));
        attack.wire.runFor(Milliseconds);
    }
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.victim->count<Events::MessageArrived>() == 50; }, Seconds));
    QVERIFY(attack.runUntilClosed());
    honest.send(id, Message("honest"));
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.victim->count<Events::MessageArrived>() == 51; }, Seconds));
    QCOMPARE(honest.count<Events::Failed>(), 0u);
    attack.wire.disconnect(honest);
}

QTEST_GUILESS_MAIN(tst_PeerFloods)
#include "tst_peerfloods.moc"
