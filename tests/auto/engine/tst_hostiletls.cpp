// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// TLS as no honest peer speaks it: transport parameters, groups, bytes at the wrong level or at the wrong time.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/messages/messagingprotocol.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

// RFC 9001 section 4.8.
constexpr quint64 alertCode(quint8 alert)
{
    return 0x100 | alert;
}

} // namespace

class tst_HostileTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongTransportParametersEndTheHandshake_data();
    void wrongTransportParametersEndTheHandshake();
    void aPeerWithoutTransportParametersIsRefused_data();
    void aPeerWithoutTransportParametersIsRefused();
    void expensiveGroupsAreNotOffered_data();
    void expensiveGroupsAreNotOffered();
    void aHelloRetryRequestIsNoProblem();
    void bytesInOneFrameWithTheFinishedMessageAreSurvived_data();
    void bytesInOneFrameWithTheFinishedMessageAreSurvived();
    void aKeyUpdateRightBehindTheFinishedMessageEndsTheHandshake();
    void bytesBehindTheHandshakeMeetNoTlsSession_data();
    void bytesBehindTheHandshakeMeetNoTlsSession();
    void keysAreUpdatedWithoutATlsSession();
    void bytesAtTheWrongLevelAreIgnored_data();
    void bytesAtTheWrongLevelAreIgnored();
    void brokenHandshakeBytesAreSurvived_data();
    void brokenHandshakeBytesAreSurvived();
};

void tst_HostileTls::wrongTransportParametersEndTheHandshake_data()
{
    QTest::addColumn<QByteArray>("from"); // in the ClientHello, behind the extension's number
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<quint64>("code");

    const auto add = [](const char *name, const char *from, const char *to,
                        quint64 code = NGTCP2_TRANSPORT_PARAMETER_ERROR) {
        QTest::addRow("%s", name) << QByteArray::fromHex(from) << QByteArray::fromHex(to) << code;
    };
    add("nothing changed", "0f08", "0f08", 0);
    add("no initial source ID", "0f08", "2f08");
    add("an original destination ID", "0f08", "0008");
    add("a Retry source ID", "0f08", "1008");
    add("ack delay exponent 21", "0a0114", "0a0115");
    add("datagrams below 1200 bytes", "030244b0", "030244af");
    add("one connection ID", "0e0108", "0e0101");
    add("a parameter that is too long", "0e0108", "0e7f08");
    add("transport parameters of a draft", "0039", "ffa5", alertCode(109));
}

void tst_HostileTls::wrongTransportParametersEndTheHandshake()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const quint64, code);

    RawPeer::Options options;
    options.parameters = [](ngtcp2_transport_params &params) {
        params.ack_delay_exponent = 20; // the largest that is allowed
        params.max_udp_payload_size = 1200; // the smallest
    };
    Attack attack(options);
    bool changed = false;
    attack.peer.mutate = [&](RawPeer::PacketKind kind, std::span<quint8> frames) {
        QByteArray hello = cryptoBytes(frames);
        if (kind != RawPeer::PacketKind::Initial || hello.isEmpty())
            return;
        const qsizetype extension = hello.indexOf(QByteArray::fromHex("0039"));
        const qsizetype at = hello.indexOf(from, extension);
        changed = extension > 0 && at > 0;
        if (!changed)
            return;
        hello.replace(at, to.size(), to);
        const QByteArray whole = Frame::crypto(0, hello);
        std::fill(frames.begin(), frames.end(), quint8(0));
        std::copy(whole.begin(), whole.end(), frames.begin());
    };
    if (code == 0) {
        QVERIFY(attack.wire.runUntil([&] { return changed; }));
        attack.wire.runFor(Seconds); // TLS sees that the transcripts differ nowhere
        QVERIFY(attack.open());
        return;
    }
    QVERIFY(attack.runUntilClosed());
    QVERIFY(changed);
    QVERIFY(attack.peer.closedBy());
    QCOMPARE(attack.peer.closedBy()->code, code);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileTls::aPeerWithoutTransportParametersIsRefused_data()
{
    QTest::addColumn<Side>("side");
    QTest::addRow("a dialler") << Side::Dialler;
    QTest::addRow("an acceptor") << Side::Acceptor;
}

void tst_HostileTls::aPeerWithoutTransportParametersIsRefused()
{
    QFETCH(const Side, side);

    RawPeer::Options options;
    options.tls.side = side;
    options.tls.sendsTransportParameters = false;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.closedBy());
    QCOMPARE(attack.peer.closedBy()->code, alertCode(109)); // RFC 9001 section 8.2
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeFailed);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
}

void tst_HostileTls::expensiveGroupsAreNotOffered_data()
{
    QTest::addColumn<QByteArray>("groups");
    for (const char *group : {"+GROUP-FFDHE3072", "+GROUP-FFDHE8192", "+GROUP-SECP521R1",
                              "+GROUP-SECP384R1", "+GROUP-X448"})
        QTest::addRow("%s", group + 7) << QByteArray(group);
}

void tst_HostileTls::expensiveGroupsAreNotOffered()
{
    QFETCH(const QByteArray, groups);

    RawPeer::Options options;
    options.tls.groups = groups;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.closedBy());
    QCOMPARE(attack.peer.closedBy()->code, alertCode(40)); // handshake_failure
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeFailed);
}

void tst_HostileTls::aHelloRetryRequestIsNoProblem()
{
    RawPeer::Options options;
    options.tls.groups = "+GROUP-SECP521R1:+GROUP-SECP256R1"; // its key share is of no use to us
    Attack dialled(options);
    QVERIFY(dialled.open());
    QVERIFY(dialled.stillDelivers());

    options.tls.side = Side::Acceptor;
    options.tls.groups = "+GROUP-SECP256R1"; // and here ours is of no use to it
    Attack dials(options);
    QVERIFY(dials.open());
    QVERIFY(dials.stillDelivers());
}

void tst_HostileTls::bytesInOneFrameWithTheFinishedMessageAreSurvived_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("KeyUpdate") << QByteArray::fromHex("1800000101");
    QTest::addRow("two of them") << QByteArray::fromHex("18000001011800000100");
    QTest::addRow("many of them") << QByteArray::fromHex("1800000101").repeated(1000);
    QTest::addRow("half of one") << QByteArray::fromHex("180000");
    QTest::addRow("a ticket that never ends")
        << QByteArray::fromHex("04ffffff").leftJustified(9000);
}

void tst_HostileTls::bytesInOneFrameWithTheFinishedMessageAreSurvived()
{
    QFETCH(const QByteArray, bytes);

    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        options.tls.afterFinished = bytes;
        Attack attack(options);
        attack.wire.runUntil([&] { return attack.victim->count<Events::Closed>() == 1; },
                             5 * Seconds);
        // What comes in one piece with the Finished message nobody reads.
        QVERIFY(attack.isVictimOpen() || attack.victim->count<Events::Closed>() == 1);
    }
}

void tst_HostileTls::aKeyUpdateRightBehindTheFinishedMessageEndsTheHandshake()
{
    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        options.tls.afterFinished = QByteArray(100, 'x'); // makes room
        Attack attack(options);
        attack.peer.mutate = [&](RawPeer::PacketKind kind, std::span<quint8> frames) {
            QByteArray flight = cryptoBytes(frames);
            if (kind != RawPeer::PacketKind::Handshake || !flight.endsWith("xxxx"))
                return;
            flight.chop(100);
            const QByteArray apart = Frame::crypto(0, flight)
                + Frame::crypto(quint64(flight.size()), QByteArray::fromHex("1800000101"));
            std::fill(frames.begin(), frames.end(), quint8(0));
            std::copy(apart.begin(), apart.end(), frames.begin());
        };
        QVERIFY(attack.runUntilClosed());
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
        QVERIFY(attack.peer.wasClosedWith(false, alertCode(10)));
        QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    }
}

void tst_HostileTls::bytesBehindTheHandshakeMeetNoTlsSession_data()
{
    QTest::addColumn<Side>("side"); // of the peer
    QTest::addColumn<bool>("confirmed");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<quint64>("code"); // 0: the connection goes on
    const QByteArray ticket = QByteArray::fromHex("04000064") + QByteArray(100, 't');
    const QByteArray update = QByteArray::fromHex("1800000101");
    const QByteArray certificate = QByteArray::fromHex("0b00000400000000");
    const QByteArray finished = QByteArray::fromHex("14000020") + QByteArray(32, 'f');
    for (const bool confirmed : {false, true}) {
        const char *when = confirmed ? "confirmed" : "completed";
        QTest::addRow("ticket of an acceptor, %s", when)
            << Side::Acceptor << confirmed << ticket << quint64(0);
        QTest::addRow("KeyUpdate of an acceptor, %s", when)
            << Side::Acceptor << confirmed << update << alertCode(10);
        QTest::addRow("certificate of an acceptor, %s", when)
            << Side::Acceptor << confirmed << certificate << alertCode(10);
        QTest::addRow("Finished of an acceptor, %s", when)
            << Side::Acceptor << confirmed << finished << alertCode(10);
    }
    // To an acceptor the one is the other, and it is sent no tickets.
    for (const QByteArray &bytes : {ticket, update, certificate, finished})
        QTest::addRow("type %d of a dialler", bytes.at(0))
            << Side::Dialler << true << bytes << alertCode(10);
}

void tst_HostileTls::bytesBehindTheHandshakeMeetNoTlsSession()
{
    QFETCH(const Side, side);
    QFETCH(const bool, confirmed);
    QFETCH(const QByteArray, bytes);
    QFETCH(const quint64, code);

    RawPeer::Options options;
    options.tls.side = side;
    Attack attack(options);
    if (!confirmed)
        attack.peer.mutate = [](RawPeer::PacketKind kind, std::span<quint8> frames) {
            constexpr quint8 HandshakeDone = 0x1e;
            if (kind == RawPeer::PacketKind::OneRtt && frames[0] == HandshakeDone)
                frames[0] = 0; // PADDING
        };
    QVERIFY(attack.wire.runUntil([&] {
        return attack.session() && attack.session()->state() == Session::State::Established;
    }));
    attack.settle();
    QCOMPARE(attack.isVictimOpen(), confirmed);
    attack.wire.runFor(4 * Seconds); // no ticket has come: see tst_HostileTickets
    QCOMPARE(ngtcp2_conn_get_tls_native_handle(attack.session()->connection()), nullptr);
    attack.peer.sendFrames(Frame::crypto(0, bytes));
    if (code == 0) {
        attack.settle();
        QCOMPARE(attack.isVictimOpen(), confirmed);
        QVERIFY(attack.session()->isLive());
        return;
    }
    QVERIFY(attack.runUntilClosed(Seconds));
    QVERIFY(attack.peer.wasClosedWith(false, code));
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileTls::keysAreUpdatedWithoutATlsSession()
{
    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        Attack attack(options);
        QVERIFY(attack.open());
        attack.wire.runFor(4 * Seconds);
        QCOMPARE(ngtcp2_conn_get_tls_native_handle(attack.session()->connection()), nullptr);
        int theirs = 0;
        int ours = 0;
        for (int i = 0; i < 20; ++i) {
            ngtcp2_conn *own = attack.session()->connection();
            if (i < 10 && attack.peer.updateKey(attack.wire.now))
                ++theirs;
            else if (i >= 10 && ngtcp2_conn_initiate_key_update(own, attack.wire.now) == 0)
                ++ours;
            QVERIFY(attack.stillDelivers());
            // An acknowledgement under the new key confirms it.
            MessagingProtocol::of(*attack.session())->messages().send(Message("back"), 0);
            attack.victim->router->touch(*attack.session());
            attack.wire.runFor(2 * Seconds);
        }
        QVERIFY2(theirs >= 5,
                 QByteArray::number(theirs).constData()); // not while one is unconfirmed
        QVERIFY2(ours >= 5, QByteArray::number(ours).constData());
    }
}

void tst_HostileTls::bytesAtTheWrongLevelAreIgnored_data()
{
    QTest::addColumn<QByteArray>("bytes"); // behind the ClientHello, in Initial packets
    QTest::addRow("KeyUpdate") << QByteArray::fromHex("1800000101");
    QTest::addRow("Finished") << QByteArray(QByteArray::fromHex("14000020") + QByteArray(32, 'f'));
    QTest::addRow("an empty certificate") << QByteArray::fromHex("0b00000400000000");
    QTest::addRow("another ClientHello") << QByteArray(); // filled in below
    QTest::addRow("an unknown message") << QByteArray::fromHex("ee000000");
    QTest::addRow("a ServerHello")
        << QByteArray(QByteArray::fromHex("0200004c0303") + QByteArray(74, 's'));
}

void tst_HostileTls::bytesAtTheWrongLevelAreIgnored()
{
    QFETCH(QByteArray, bytes);

    Attack attack;
    QByteArray hello;
    attack.peer.mutate = [&](RawPeer::PacketKind, std::span<quint8> frames) {
        if (hello.isEmpty())
            hello = cryptoBytes(frames);
    };
    std::optional<LongHeader> dialled, answered;
    attack.wire.filter = [&](Datagram &datagram) {
        const auto header = parseLongHeader(datagram.data);
        if (datagram.from == attack.victim->address) {
            answered = answered ? answered : header;
            return true;
        }
        return !std::exchange(dialled, dialled ? dialled : header).has_value();
    };
    QVERIFY(attack.wire.runUntil([&] { return answered.has_value(); }, Seconds));
    attack.wire.runFor(10 * Milliseconds);
    if (bytes.isEmpty())
        bytes = hello;
    attack.wire.inject(attack.peer.address, attack.victim->address,
                       sealedInitial(dialled->destinationId, answered->sourceId, dialled->sourceId,
                                     {}, 100, Frame::crypto(quint64(hello.size()), bytes)));
    attack.wire.runFor(10 * Milliseconds);
    QCOMPARE(attack.session()->stats(attack.wire.now).datagramsReceived, 2u);
    // Everybody who reads along can protect an Initial packet, so nothing in one ends a handshake.
    attack.wire.filter = nullptr;
    QVERIFY(attack.open());
    QVERIFY(attack.stillDelivers());
}

void tst_HostileTls::brokenHandshakeBytesAreSurvived_data()
{
    QTest::addColumn<Side>("side");
    QTest::addRow("of a dialler") << Side::Dialler;
    QTest::addRow("of an acceptor") << Side::Acceptor;
}

void tst_HostileTls::brokenHandshakeBytesAreSurvived()
{
    QFETCH(const Side, side);

    int opened = 0;
    for (quint64 seed = 0; seed < 150; ++seed) {
        SeededRandom random(seed);
        RawPeer::Options options;
        options.tls.side = side;
        options.seed = seed;
        Attack attack(options);
        attack.peer.mutate = [&](RawPeer::PacketKind kind, std::span<quint8> frames) {
            if (kind == RawPeer::PacketKind::OneRtt || frames.empty())
                return;
            for (quint64 flips = random.below(4); flips > 0; --flips)
                frames[random.below(frames.size())] ^= quint8(1u << random.below(8));
        };
        attack.wire.runUntil(
            [&] { return attack.victim->count<Events::Closed>() == 1 || attack.isVictimOpen(); },
            15 * Seconds);
        const bool isOpen = attack.isVictimOpen();
        QVERIFY(isOpen || attack.victim->count<Events::Closed>() == 1);
        opened += isOpen ? 1 : 0;
        if (!isOpen)
            QVERIFY(attack.victim->closeReason().isError());
        QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    }
    QVERIFY(opened < 100); // most flips are found out
}

QTEST_GUILESS_MAIN(tst_HostileTls)
#include "tst_hostiletls.moc"
