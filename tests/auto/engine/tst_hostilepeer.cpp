// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer with a valid identity that sends broken or unfinished messages: each costs it that message and not the
// connection.

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

class tst_HostilePeer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theAdversaryCanBehave();

    void aBrokenMessageIsRefusedAndTheConnectionLives_data();
    void aBrokenMessageIsRefusedAndTheConnectionLives();
    void aMessageThatIsResetHalfwayIsRefused();
    void bytesAfterARefusalAreNotKept();

    void anUnfinishedHeaderIsRefusedAfterFiveSeconds_data();
    void anUnfinishedHeaderIsRefusedAfterFiveSeconds();
    void aDribbledMessageIsRefusedAfterTenSeconds_data();
    void aDribbledMessageIsRefusedAfterTenSeconds();
    void aSlowMessageAboveTheMinimumArrives();
};

void tst_HostilePeer::theAdversaryCanBehave()
{
    Attack attack;
    QVERIFY(attack.open());
    QVERIFY(attack.stillDelivers());
    attack.peer.sendFrames(Frame::pathChallenge("12345678"));
    QVERIFY(attack.wire.runUntil(
        [&] { return attack.peer.sawFrame(Frame::pathResponse("12345678")); }, Seconds));
    attack.wire.runFor(60 * Seconds);
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.peer.isAlive());
}

// ---- one message

void tst_HostilePeer::aBrokenMessageIsRefusedAndTheConnectionLives_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Fin>("fin");
    QTest::addColumn<ErrorCode>("reason");
    QTest::addColumn<quint64>("code"); // of STOP_SENDING; 0: all had come, nothing is left to stop

    constexpr quint32 Max = 0xffffffff;
    constexpr quint32 Half = 0x80000000;
    const auto tooLarge = [](const char *name, quint32 header, quint32 destination,
                             quint32 payload) {
        QTest::addRow("%s", name) << QByteArray(wireHeader(header, destination, payload) + "x")
                                  << Fin::No << ErrorCode::MessageTooLarge
                                  << quint64(CloseCode::MessageTooLarge);
    };
    tooLarge("12.9 GB", Max, Max, Max);
    tooLarge("4 GB of payload", 0, 0, Max);
    tooLarge("2^32, which is 0 in 32 bits", Half, Half, 0);
    tooLarge("2^32 and a payload", Half, Half, 1);
    tooLarge("2^32 + 16 MiB in three parts", Half, Half, quint32(16 * MiB));
    tooLarge("one above the limit", 0, 0, quint32(16 * MiB + 1));
    tooLarge("one above the limit in three parts", 1, quint32(8 * MiB), quint32(8 * MiB));
    tooLarge("a header of 2 GB", Half, 0, 1);

    const auto invalid = [](const char *name, const QByteArray &bytes, Fin fin, bool stops = true) {
        QTest::addRow("%s", name) << bytes << fin << ErrorCode::MessageInvalid
                                  << (stops ? quint64(CloseCode::MessageInvalid) : 0);
    };
    for (const quint16 version : QList<quint16>{0, 1, 3, 0x0200, 0xffff}) {
        invalid(qPrintable(QStringLiteral("version %1").arg(version)),
                wireHeader(0, 0, 1, version) + "x", Fin::No);
    }
    invalid("no payload", wireHeader(0, 0, 0), Fin::No);
    invalid("no payload, but a header", wireHeader(4, 0, 0) + "head", Fin::No);
    invalid("no payload, complete", wireHeader(0, 0, 0), Fin::Yes, false);
    invalid("nothing at all", {}, Fin::Yes, false);
    invalid("half a header", wireHeader(0, 0, 1).left(8), Fin::Yes, false);
    invalid("one byte missing in the header", wireHeader(0, 0, 1).left(15), Fin::Yes, false);
    invalid("no payload bytes", wireHeader(0, 0, 5), Fin::Yes, false);
    invalid("one byte missing", wireHeader(2, 0, 5) + "abcdef", Fin::Yes, false);
    invalid("one byte more", wireHeader(2, 0, 5) + "abcdefgh", Fin::No);
    invalid("one byte more, complete", wireHeader(2, 0, 5) + "abcdefgh", Fin::Yes, false);
    invalid("two messages in one", toWire(Message("one")) + toWire(Message("two")), Fin::Yes, false);
    invalid("text", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", Fin::No);
}

void tst_HostilePeer::aBrokenMessageIsRefusedAndTheConnectionLives()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const Fin, fin);
    QFETCH(const ErrorCode, reason);
    QFETCH(const quint64, code);

    for (const bool bidirectional : {false, true}) {
        Attack attack;
        QVERIFY(attack.open());
        const qint64 stream = attack.peer.sendOnNewStream(bytes, fin, bidirectional);
        QVERIFY(attack.wire.runUntil(
            [&] { return attack.victim->count<Events::IncomingRefused>() == 1; }, Seconds));
        QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.code, reason);
        attack.settle();
        QCOMPARE(attack.peer.sawFrame(Frame::stopSending(quint64(stream), code)), code != 0);
        if (bidirectional && code != 0)
            QVERIFY(attack.peer.sawFrame(Frame::resetStream(quint64(stream), code, 0)));
        QVERIFY(attack.stillDelivers());
        QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
        QCOMPARE(attack.victim->count<Events::MessageArrived>(), 1u);
        QCOMPARE(attack.victim->count<Events::RequestArrived>(), 0u);
        QCOMPARE(attack.session()->stats(attack.wire.now).messagesRefused, 1u);
        QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
    }
}

void tst_HostilePeer::aMessageThatIsResetHalfwayIsRefused()
{
    for (const bool bidirectional : {false, true}) {
        for (const qsizetype size : {0, 1, 15, 16, 17, 100}) {
            Attack attack;
            QVERIFY(attack.open());
            const qint64 stream = attack.peer.open(bidirectional);
            if (size > 0)
                attack.peer.send(stream, toWire(Message(QByteArray(1000, 'x'))).left(size));
            attack.settle();
            attack.peer.reset(stream, 42);
            attack.settle();
            QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
            const Error &error = attack.victim->last<Events::IncomingRefused>()->error;
            QCOMPARE(error.code, ErrorCode::MessageRefused);
            QCOMPARE(error.closeCode, 42u);
            QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
            QVERIFY(attack.stillDelivers());
        }
    }
}

void tst_HostilePeer::bytesAfterARefusalAreNotKept()
{
    Attack attack;
    QVERIFY(attack.open());
    const qint64 stream = attack.peer.open();
    const QByteArray stop = Frame::stopSending(quint64(stream), CloseCode::MessageTooLarge);
    attack.peer.mutateReceived = [&](std::span<quint8> frames) { // a peer that does not stop
        const QByteArrayView view(frames.data(), qsizetype(frames.size()));
        if (const qsizetype at = view.indexOf(stop); at >= 0)
            std::fill_n(frames.begin() + at, stop.size(), quint8(0));
    };
    attack.settle();
    const auto heap = heapBytes();
    attack.peer.send(stream, wireHeader(0, 0, 0xffffffff));
    const QByteArray block(64 * KiB, 'x');
    for (int i = 0; i < 64; ++i)
        attack.peer.send(stream, block);
    attack.settle();
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
    QVERIFY(attack.peer.sawFrame(stop));
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.peer.hasUnsent()); // for its stream got no further credit
    if (heap)
        QVERIFY2(*heapBytes() - *heap < 128 * KiB,
                 QByteArray::number(*heapBytes() - *heap).constData());
    QVERIFY(attack.stillDelivers());
}

// ---- deadlines

void tst_HostilePeer::anUnfinishedHeaderIsRefusedAfterFiveSeconds_data()
{
    QTest::addColumn<bool>("dribbles");
    QTest::addRow("half a header and silence") << false;
    QTest::addRow("a byte each second") << true;
}

void tst_HostilePeer::anUnfinishedHeaderIsRefusedAfterFiveSeconds()
{
    QFETCH(const bool, dribbles);

    for (const bool bidirectional : {false, true}) {
        Attack attack;
        QVERIFY(attack.open());
        const QByteArray bytes = wireHeader(0, 0, 1);
        const qint64 stream = attack.peer.open(bidirectional);
        const ngtcp2_tstamp begin = attack.wire.now;
        attack.peer.send(stream, bytes.left(dribbles ? 1 : 8));
        for (int second = 1; second <= 25; ++second) {
            attack.wire.runFor(Seconds);
            if (attack.victim->count<Events::IncomingRefused>() > 0)
                break;
            if (dribbles)
                attack.peer.send(stream, bytes.mid(second, 1));
        }
        QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
        QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.code,
                 ErrorCode::MessageTimeout);
        QVERIFY(attack.wire.now - begin >= 5 * Seconds);
        // Of a peer that is silent altogether something must be heard first, here the answer to a
        // keep-alive, and ten seconds pass: it may be the path that failed.
        QVERIFY(attack.wire.now - begin <= (dribbles ? 7 : 25) * Seconds);
        attack.settle();
        QVERIFY(
            attack.peer.sawFrame(Frame::stopSending(quint64(stream), CloseCode::MessageTimeout)));
        QVERIFY(attack.stillDelivers());
    }
}

void tst_HostilePeer::aDribbledMessageIsRefusedAfterTenSeconds_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<int>("bytesPerSecond");
    QTest::addRow("silence after the header") << wireHeader(0, 0, 1'000'000) << 0;
    QTest::addRow("one byte a second") << wireHeader(0, 0, 1'000'000) << 1;
    QTest::addRow("1000 bytes a second") << wireHeader(0, 0, 1'000'000) << 1000;
    QTest::addRow("a small message without its end")
        << QByteArray(wireHeader(0, 0, 10) + "123456789") << 0;
    QTest::addRow("all bytes, but no FIN") << toWire(Message("complete")) << 0;
}

void tst_HostilePeer::aDribbledMessageIsRefusedAfterTenSeconds()
{
    QFETCH(const QByteArray, begin);
    QFETCH(const int, bytesPerSecond);

    Attack attack;
    QVERIFY(attack.open());
    const qint64 stream = attack.peer.sendOnNewStream(begin, Fin::No);
    const ngtcp2_tstamp start = attack.wire.now;
    while (attack.victim->count<Events::IncomingRefused>() == 0
           && attack.wire.now < start + 30 * Seconds) {
        attack.wire.runFor(Seconds);
        if (bytesPerSecond > 0)
            attack.peer.send(stream, QByteArray(bytesPerSecond, 'd'));
    }
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 1u);
    QCOMPARE(attack.victim->last<Events::IncomingRefused>()->error.code, ErrorCode::MessageTimeout);
    QVERIFY(attack.wire.now - start >= 10 * Seconds);
    QVERIFY(attack.wire.now - start <= (bytesPerSecond > 0 ? 12u : 25u) * Seconds);
    attack.settle();
    QVERIFY(attack.peer.sawFrame(Frame::stopSending(quint64(stream), CloseCode::MessageTimeout)));
    QVERIFY(attack.stillDelivers());
    QCOMPARE(attack.session()->stats(attack.wire.now).inboxBytes, 0);
}

void tst_HostilePeer::aSlowMessageAboveTheMinimumArrives()
{
    Attack attack;
    QVERIFY(attack.open());
    constexpr qsizetype Size = qsizetype(60) * 1200;
    const qint64 stream = attack.peer.sendOnNewStream(wireHeader(0, 0, Size), Fin::No);
    for (qsizetype sent = 0; sent < Size; sent += 1200) {
        attack.wire.runFor(Seconds);
        attack.peer.send(stream, QByteArray(1200, 's'), sent + 1200 == Size ? Fin::Yes : Fin::No);
    }
    attack.settle();
    QCOMPARE(attack.victim->count<Events::IncomingRefused>(), 0u);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 1u);
}

QTEST_GUILESS_MAIN(tst_HostilePeer)
#include "tst_hostilepeer.moc"
