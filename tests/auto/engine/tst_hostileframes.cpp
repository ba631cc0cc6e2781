// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Frames that no QUIC implementation sends, in packets that are protected as they should be: each
// ends its connection with the error of RFC 9000, or is without effect, and floods stay cheap.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr quint64 MaxVarint = (quint64(1) << 62) - 1;
constexpr quint8 ReservedBits = 0x18; // of a short header (RFC 9000 section 17.3.1)

const QByteArray Token16(16, 't');

// As many of \a frame as fit one packet.
QByteArray packetOf(const std::function<QByteArray(int)> &frame)
{
    QByteArray packet;
    for (int i = 0;; ++i) {
        const QByteArray next = frame(i);
        if (packet.size() + next.size() > RawPeer::FrameCapacity)
            return packet;
        packet += next;
    }
}

} // namespace

class tst_HostileFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aForbiddenFrameEndsTheConnection_data();
    void aForbiddenFrameEndsTheConnection();
    void aForbiddenFrameEndsADialToo_data();
    void aForbiddenFrameEndsADialToo();
    void aFrameThatDoesNotBelongIntoTheHandshakeEndsIt();
    void reservedBitsEndTheConnection();
    void harmlessOddFramesAreWithoutEffect_data();
    void harmlessOddFramesAreWithoutEffect();
    void anEarlyRetirementByAnAcceptorDoesNotHurtItsDialler();

    void randomFramesAreSurvived_data();
    void randomFramesAreSurvived();
};

// ---- what h3spec checks (facts/security.md section 1.3), as far as it is QUIC

void tst_HostileFrames::aForbiddenFrameEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("frames");
    QTest::addColumn<quint64>("code");

    // Streams as an acceptor sees them: 0, 4 bi-directional and 2, 6 uni-directional are its peer's.
    QTest::addRow("STREAM beyond the stream's window")
        << Frame::stream(6, Limits::InitialStreamWindow, "x") << quint64(NGTCP2_FLOW_CONTROL_ERROR);
    QTest::addRow("STREAM beyond 2^62")
        << Frame::stream(6, MaxVarint, "x") << quint64(NGTCP2_FLOW_CONTROL_ERROR);
    QTest::addRow("STREAM beyond the connection's window") << packetOf([](int i) {
        return i < 5 ? Frame::stream(6 + 4 * quint64(i), Limits::InitialStreamWindow - 1, "x")
                     : QByteArray(2000, ' ');
    }) << quint64(NGTCP2_FLOW_CONTROL_ERROR);
    QTest::addRow("a stream too many, uni-directional")
        << Frame::stream(quint64(4) * 1000 + 2, 0, "x") << quint64(NGTCP2_STREAM_LIMIT_ERROR);
    QTest::addRow("a stream too many, bi-directional")
        << Frame::stream(quint64(4) * 101, 0, "x") << quint64(NGTCP2_STREAM_LIMIT_ERROR);
    QTest::addRow("RESET_STREAM for a stream too many")
        << Frame::resetStream(quint64(4) * 1000 + 2, 0, 0) << quint64(NGTCP2_STREAM_LIMIT_ERROR);
    QTest::addRow("a final size that changes")
        << QByteArray(Frame::stream(6, 10, "abc", Fin::Yes) + Frame::stream(6, 20, "x"))
        << quint64(NGTCP2_FINAL_SIZE_ERROR);
    QTest::addRow("a final size below what came")
        << QByteArray(Frame::stream(6, 0, "abc") + Frame::resetStream(6, 0, 2))
        << quint64(NGTCP2_FINAL_SIZE_ERROR);
    QTest::addRow("a final size beyond the window") << Frame::resetStream(
        6, 0, Limits::InitialStreamWindow + 1) << quint64(NGTCP2_FLOW_CONTROL_ERROR);

    QTest::addRow("an unknown frame")
        << Frame::numbers(0x3f, {}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("a large unknown frame")
        << Frame::numbers(0x1a2a3a4a, {}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("a DATAGRAM that was not negotiated")
        << QByteArray(Frame::numbers(0x31, {4}) + "data") << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("NEW_TOKEN from a dialler")
        << QByteArray(Frame::numbers(0x07, {4}) + "1234") << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("HANDSHAKE_DONE from a dialler")
        << Frame::HandshakeDone << quint64(NGTCP2_PROTOCOL_VIOLATION);

    // RFC 9000 section 11 lets PROTOCOL_VIOLATION stand for STREAM_STATE_ERROR.
    QTest::addRow("RESET_STREAM on a stream that only we send on")
        << Frame::resetStream(3, 0, 0) << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("STREAM on a stream that only we send on")
        << Frame::stream(3, 0, "x") << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("STREAM on a stream that we have not opened")
        << Frame::stream(1, 0, "x") << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("RESET_STREAM on a stream that we have not opened")
        << Frame::resetStream(1, 0, 0) << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("STOP_SENDING on a stream that we have not opened")
        << Frame::stopSending(1, 0) << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("STOP_SENDING on a stream that only the peer sends on")
        << Frame::stopSending(6, 0) << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("MAX_STREAM_DATA on a stream that we have not opened")
        << Frame::maxStreamData(1, 100) << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("MAX_STREAM_DATA on a stream that only the peer sends on")
        << Frame::maxStreamData(6, 100) << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("MAX_STREAM_DATA on a stream too many")
        << Frame::maxStreamData(quint64(1) << 42, 100) << quint64(NGTCP2_STREAM_LIMIT_ERROR);
    QTest::addRow("MAX_STREAMS above 2^60, bi-directional")
        << Frame::numbers(0x12, {(quint64(1) << 60) + 1}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("MAX_STREAMS above 2^60, uni-directional")
        << Frame::numbers(0x13, {(quint64(1) << 60) + 1}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);

    QTest::addRow("NEW_CONNECTION_ID that retires itself") << Frame::newConnectionId(
        9, 10, "12345678", Token16) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("NEW_CONNECTION_ID of 0 bytes")
        << Frame::newConnectionId(9, 0, "", Token16) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("NEW_CONNECTION_ID of 21 bytes") << Frame::newConnectionId(
        9, 0, QByteArray(21, 'c'), Token16) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("NEW_CONNECTION_ID twice with another ID")
        << Frame::newConnectionId(1, 0, "12345678", Token16) << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("RETIRE_CONNECTION_ID of one that was never issued")
        << Frame::retireConnectionId(1000) << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("RETIRE_CONNECTION_ID of the one in use")
        << Frame::retireConnectionId(0) << quint64(NGTCP2_PROTOCOL_VIOLATION);

    QTest::addRow("ACK of a packet that was never sent")
        << Frame::numbers(0x02, {1'000'000, 0, 0, 0}) << quint64(NGTCP2_PROTOCOL_VIOLATION);
    QTest::addRow("ACK below 0") << Frame::numbers(0x02, {1, 0, 0, 2})
                                 << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("ACK with ranges that are not there")
        << Frame::numbers(0x02, {1, 0, 0x3fff, 0}).left(7) << quint64(NGTCP2_FRAME_ENCODING_ERROR);

    // RFC 9001 section 6: QUIC updates its keys itself.
    QTest::addRow("KeyUpdate of TLS")
        << Frame::crypto(0, QByteArray::fromHex("1800000101")) << quint64(0x100 | 10);
    QTest::addRow("an end of early data")
        << Frame::crypto(0, QByteArray::fromHex("05000000")) << quint64(0x100 | 10);
    QTest::addRow("CRYPTO far ahead")
        << Frame::crypto(1'000'000, "x") << quint64(NGTCP2_CRYPTO_BUFFER_EXCEEDED);
}

void tst_HostileFrames::aForbiddenFrameEndsTheConnection()
{
    QFETCH(const QByteArray, frames);
    QFETCH(const quint64, code);

    Attack attack;
    QVERIFY(attack.open());
    attack.settle();
    attack.peer.sendFrames(frames);
    QVERIFY(attack.runUntilClosed(Seconds));
    QVERIFY(attack.peer.closedBy());
    QVERIFY(!attack.peer.closedBy()->application);
    QCOMPARE(attack.peer.closedBy()->code, code);
    QVERIFY(attack.victim->closeReason().code == ErrorCode::ProtocolViolation
            || attack.victim->closeReason().code == ErrorCode::HandshakeFailed);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileFrames::aForbiddenFrameEndsADialToo_data()
{
    QTest::addColumn<QByteArray>("frames");
    QTest::addColumn<quint64>("code");

    QTest::addRow("an empty NEW_TOKEN")
        << Frame::numbers(0x07, {0}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("STREAM on a stream that the victim has not opened")
        << Frame::stream(4, 0, "x") << quint64(NGTCP2_STREAM_STATE_ERROR);
    QTest::addRow("a stream too many")
        << Frame::stream(quint64(4) * 1000 + 3, 0, "x") << quint64(NGTCP2_STREAM_LIMIT_ERROR);
    QTest::addRow("an unknown frame")
        << Frame::numbers(0x3f, {}) << quint64(NGTCP2_FRAME_ENCODING_ERROR);
    QTest::addRow("KeyUpdate of TLS")
        << Frame::crypto(0, QByteArray::fromHex("1800000101")) << quint64(0x100 | 10);
}

void tst_HostileFrames::aForbiddenFrameEndsADialToo()
{
    QFETCH(const QByteArray, frames);
    QFETCH(const quint64, code);

    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.open());
    attack.settle();
    attack.peer.sendFrames(frames);
    QVERIFY(attack.runUntilClosed(Seconds));
    QVERIFY(attack.peer.closedBy());
    QVERIFY(!attack.peer.closedBy()->application);
    QCOMPARE(attack.peer.closedBy()->code, code);
}

void tst_HostileFrames::aFrameThatDoesNotBelongIntoTheHandshakeEndsIt()
{
    Attack attack;
    attack.peer.mutate = [](RawPeer::PacketKind kind, std::span<quint8> frames) {
        const QByteArray challenge = Frame::pathChallenge("12345678");
        if (kind != RawPeer::PacketKind::Handshake || frames.size() < 100)
            return;
        std::fill(frames.begin(), frames.end(), quint8(0));
        std::copy(challenge.begin(), challenge.end(), frames.begin());
    };
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(false, NGTCP2_PROTOCOL_VIOLATION));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileFrames::reservedBitsEndTheConnection()
{
    for (const quint8 bits : {quint8(0x08), quint8(0x10), ReservedBits}) {
        Attack attack;
        QVERIFY(attack.open());
        attack.settle();
        attack.peer.sendFrames(Frame::Ping, bits);
        QVERIFY(attack.runUntilClosed(Seconds));
        QVERIFY(attack.peer.wasClosedWith(false, NGTCP2_PROTOCOL_VIOLATION));
    }
}

void tst_HostileFrames::harmlessOddFramesAreWithoutEffect_data()
{
    QTest::addColumn<QByteArray>("frames");
    QTest::addRow("PATH_RESPONSE that nobody asked for") << Frame::pathResponse("12345678");
    QTest::addRow("DATA_BLOCKED") << Frame::numbers(0x14, {Limits::InitialConnectionWindow});
    QTest::addRow("STREAM_DATA_BLOCKED") << Frame::numbers(0x15, {6, Limits::InitialStreamWindow});
    QTest::addRow("STREAMS_BLOCKED") << Frame::numbers(0x16, {101}) + Frame::numbers(0x17, {1000});
    QTest::addRow("MAX_DATA of everything") << Frame::numbers(0x10, {MaxVarint});
    QTest::addRow("MAX_DATA of nothing") << Frame::numbers(0x10, {0});
    QTest::addRow("MAX_STREAMS of everything")
        << Frame::numbers(0x12, {quint64(1) << 60}) + Frame::numbers(0x13, {quint64(1) << 60});
    QTest::addRow("an old final size again")
        << Frame::stream(6, 0, toWire(Message("x")), Fin::Yes) + Frame::resetStream(6, 9, 17);
    QTest::addRow("pings") << QByteArray(1000, '\x01');
}

void tst_HostileFrames::harmlessOddFramesAreWithoutEffect()
{
    QFETCH(const QByteArray, frames);

    Attack attack;
    QVERIFY(attack.open());
    attack.settle();
    // The adversary's own ngtcp2 knows nothing of these streams.
    attack.peer.open();
    attack.peer.open();
    for (int i = 0; i < 10; ++i)
        attack.peer.sendFrames(frames);
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QVERIFY(attack.stillDelivers());
}

// F1 of facts/security.md: an acceptor with a reset token that retires the first connection ID before
// the handshake is done made diallers with ngtcp2 below 1.22 abort.
void tst_HostileFrames::anEarlyRetirementByAnAcceptorDoesNotHurtItsDialler()
{
    for (const quint64 sequence : {1, 2, 5}) {
        for (const quint64 retirePriorTo : {quint64(0), quint64(1), sequence}) {
            RawPeer::Options options;
            options.tls.side = Side::Acceptor;
            options.parameters = [](ngtcp2_transport_params &params) {
                params.stateless_reset_token_present = 1;
                std::fill_n(params.stateless_reset_token, sizeof(params.stateless_reset_token), 7);
            };
            Attack attack(options);
            attack.peer.sendFrames(
                Frame::newConnectionId(sequence, retirePriorTo, "12345678", Token16));
            bool early = false; // it left before the acceptor had heard all of the handshake
            attack.wire.filter = [&](Datagram &) {
                early = early || (!attack.peer.hasFrames() && !attack.peer.isConfirmed());
                return true;
            };
            attack.wire.runFor(5 * Seconds);
            QVERIFY(early);
            QVERIFY(attack.isVictimOpen() || attack.victim->count<Events::Closed>() == 1);
            attack.victim->router->startAccepting(attack.victim->address.port());
            QVERIFY(servesOthers(attack.wire, *attack.victim));
        }
    }
}

// ---- anything

void tst_HostileFrames::randomFramesAreSurvived_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<bool>("plausible");
    QTest::addRow("noise to an acceptor") << Side::Dialler << false;
    QTest::addRow("noise to a dialler") << Side::Acceptor << false;
    QTest::addRow("frames with odd numbers to an acceptor") << Side::Dialler << true;
    QTest::addRow("frames with odd numbers to a dialler") << Side::Acceptor << true;
}

void tst_HostileFrames::randomFramesAreSurvived()
{
    QFETCH(const Side, side);
    QFETCH(const bool, plausible);

    std::set<quint64> codes;
    for (quint64 seed = 0; seed < 250; ++seed) {
        SeededRandom random(seed);
        const auto number = [&]() -> quint64 {
            switch (random.below(4)) {
            case 0:
                return random.below(8);
            case 1:
                return random.below(100'000);
            case 2:
                return quint64(1) << random.below(62);
            default:
                return random.next() & MaxVarint;
            }
        };
        RawPeer::Options options;
        options.tls.side = side;
        options.seed = seed;
        Attack attack(options);
        QVERIFY(attack.open());
        for (int packets = 0; packets < 5; ++packets) {
            QByteArray frames;
            if (!plausible)
                frames = randomBytes(random, 1 + qsizetype(random.below(200)));
            for (quint64 i = plausible ? 1 + random.below(4) : 0; i > 0; --i) {
                frames += varint(random.below(0x20));
                for (quint64 fields = random.below(5); fields > 0; --fields)
                    frames += varint(number());
                if (random.below(2))
                    frames += randomBytes(random, qsizetype(random.below(40)));
            }
            attack.peer.sendFrames(frames, random.below(10) ? 0 : quint8(random.below(32)));
        }
        attack.settle();
        QVERIFY(attack.isVictimOpen() || attack.victim->count<Events::Closed>() == 1);
        if (attack.peer.closedBy())
            codes.insert(attack.peer.closedBy()->code);
        QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    }
    QVERIFY(codes.size() >= 3); // it does get somewhere
}

QTEST_GUILESS_MAIN(tst_HostileFrames)
#include "tst_hostileframes.moc"
