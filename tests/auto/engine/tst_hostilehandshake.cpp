// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer that breaks the rules before a message can pass: in TLS, in its hello, or by saying nothing.

#include <shared/engine/attack.h>
#include <shared/engine/certificates.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/legacyprotocol.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;

// RFC 9001 section 4.8.
constexpr quint64 alertCode(quint8 alert)
{
    return 0x100 | alert;
}

RawPeer::Options withHello(const QByteArray &hello)
{
    RawPeer::Options options;
    options.hello = hello;
    return options;
}

QByteArray helloOf(const QByteArray &networkName)
{
    Hello hello;
    hello.networkName = networkName;
    return encode(hello);
}

// A control message with this CBOR.
QByteArray framed(const QByteArray &cbor)
{
    return char(cbor.size() >> 8) + (char(cbor.size() & 0xff) + cbor);
}

Settings namedSettings(int number, const QByteArray &networkName)
{
    Settings settings = makeSettings(number);
    settings.retryMode = EndpointConfig::RetryMode::Never;
    MessageOptions options = makeMessageOptions();
    options.networkName = networkName;
    settings.protocols = protocolsWith(options);
    return settings;
}

} // namespace

class tst_HostileHandshake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherProtocolIsRefused_data();
    void anotherProtocolIsRefused();
    void anAcceptorOfAnotherProtocolIsRefused_data();
    void anAcceptorOfAnotherProtocolIsRefused();
    void aDiallerWithoutACertificateIsRefused_data();
    void aDiallerWithoutACertificateIsRefused();
    void aLegacyDiallerIsRefusedWhereNoneIsExpected_data();
    void aLegacyDiallerIsRefusedWhereNoneIsExpected();
    void anAcceptorWithAnotherKeyIsRefused();
    void aSilentDiallerIsForgottenAfterTheHandshakeTime_data();
    void aSilentDiallerIsForgottenAfterTheHandshakeTime();
    void aClientHelloByteByByteEndsAfterTheHandshakeTime();
    void aSilentAcceptorEndsTheDialAfterTheHandshakeTime();
    void wrongTransportParametersEndTheHandshake_data();
    void wrongTransportParametersEndTheHandshake();
    void aPeerWithoutTransportParametersIsRefused_data();
    void aPeerWithoutTransportParametersIsRefused();
    void expensiveGroupsAreNotOffered_data();
    void expensiveGroupsAreNotOffered();
    void aHelloRetryRequestIsNoProblem();
    void aLongCertificateChainIsRefused_data();
    void aLongCertificateChainIsRefused();
    void bytesInOneFrameWithTheFinishedMessageAreSurvived_data();
    void bytesInOneFrameWithTheFinishedMessageAreSurvived();
    void aKeyUpdateRightBehindTheFinishedMessageEndsTheHandshake();
    void bytesAtTheWrongLevelAreIgnored_data();
    void bytesAtTheWrongLevelAreIgnored();
    void brokenHandshakeBytesAreSurvived_data();
    void brokenHandshakeBytesAreSurvived();

    void aMissingHelloEndsTheConnection_data();
    void aMissingHelloEndsTheConnection();
    void anAcceptorThatDoesNotGreetBackIsLeft();
    void messagesBeforeTheHelloWaitForIt();
    void messagesWithoutAHelloAreNeverDelivered();
    void aBrokenHelloEndsTheConnection_data();
    void aBrokenHelloEndsTheConnection();
    void aBrokenHelloOfAnAcceptorEndsTheConnection();
    void whatFollowsTheHelloIsChecked_data();
    void whatFollowsTheHelloIsChecked();
    void theControlStreamMustStayOpen_data();
    void theControlStreamMustStayOpen();
    void tenMegabytesOfControlMessagesCostTheirConnectionAndNoMemory();
    void anotherNetworkIsLeft_data();
    void anotherNetworkIsLeft();
    void anAcceptorOfAnotherNetworkIsLeft();
};

// ---- TLS and transport

void tst_HostileHandshake::anotherProtocolIsRefused_data()
{
    QTest::addColumn<QByteArray>("alpn");
    QTest::addRow("none") << QByteArray();
    QTest::addRow("h3") << QByteArray("h3");
    QTest::addRow("a later version") << QByteArray("qp2p/2");
    QTest::addRow("a prefix") << QByteArray("qp2p");
    QTest::addRow("other letters") << QByteArray("QP2P/1");
}

void tst_HostileHandshake::anotherProtocolIsRefused()
{
    QFETCH(const QByteArray, alpn);

    RawPeer::Options options;
    options.tls.alpn = alpn;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::NoCommonProtocol);
    QVERIFY(attack.peer.wasClosedWith(false, alertCode(120)));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
    attack.wire.runFor(5 * Seconds);
    QCOMPARE(attack.victim->router->stats().connections, 0);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileHandshake::anAcceptorOfAnotherProtocolIsRefused_data()
{
    anotherProtocolIsRefused_data();
}

void tst_HostileHandshake::anAcceptorOfAnotherProtocolIsRefused()
{
    QFETCH(const QByteArray, alpn);

    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.tls.alpn = alpn;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::NoCommonProtocol);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHandshake::aDiallerWithoutACertificateIsRefused_data()
{
    QTest::addColumn<std::vector<Protocol>>("spoken");
    QTest::addRow("usually") << std::vector{Protocol::Qp2p1};
    QTest::addRow("also where legacy peers are accepted")
        << std::vector{Protocol::Qp2p1, Protocol::Legacy};
}

void tst_HostileHandshake::aDiallerWithoutACertificateIsRefused()
{
    QFETCH(const std::vector<Protocol>, spoken);
    Settings settings = victimSettings();
    settings.protocols = protocolsWith(makeMessageOptions(), spoken);
    RawPeer::Options options;
    options.tls.presentsCertificate = false;
    Attack attack(options, settings);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::CertificateMissing);
    QVERIFY(attack.peer.wasClosedWith(false, alertCode(116)));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileHandshake::aLegacyDiallerIsRefusedWhereNoneIsExpected_data()
{
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<bool>("presentsCertificate");
    QTest::addRow("refused, with a certificate") << false << true;
    QTest::addRow("refused, without") << false << false;
    QTest::addRow("accepted, with a certificate") << true << true;
    QTest::addRow("accepted, without") << true << false;
}

void tst_HostileHandshake::aLegacyDiallerIsRefusedWhereNoneIsExpected()
{
    QFETCH(const bool, accepted);
    QFETCH(const bool, presentsCertificate);
    Settings settings = victimSettings();
    if (accepted)
        settings.protocols = protocolsWith(makeMessageOptions(),
                                           {Protocol::Qp2p1, Protocol::Legacy});
    RawPeer::Options options;
    options.tls.alpn = {};
    options.tls.presentsCertificate = presentsCertificate;
    options.hello = {};
    Attack attack(options, settings);
    QCOMPARE(attack.wire.runUntil([&] { return attack.isVictimOpen(); }, 5 * Seconds), accepted);
    QCOMPARE(attack.victim->count<Events::Opened>(), accepted ? 1u : 0u);
    if (accepted) {
        QVERIFY(LegacyProtocol::of(*attack.session()));
        QVERIFY(attack.session()->peerId().isNull()); // it was not asked, so it proved nothing
        attack.peer.sendOnNewStream(toWire(Message("legacy")));
        attack.settle();
    } else {
        attack.peer.sendOnNewStream(toWire(Message("legacy")));
        QVERIFY(attack.runUntilClosed());
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::NoCommonProtocol);
    }
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), accepted ? 1u : 0u);
}

void tst_HostileHandshake::anAcceptorWithAnotherKeyIsRefused()
{
    RouterPair pair;
    pair.dial({.expectedPeer = testIdentity(7).peerId()});
    QVERIFY(pair.wire.runUntil([&] {
        return pair.dialler->count<Events::Closed>() == 1
            && pair.acceptor->count<Events::Closed>() == 1;
    }));
    QCOMPARE(pair.dialler->closeReason().code, ErrorCode::PeerIdMismatch);
    QVERIFY(pair.dialler->closeReason().message.contains(testIdentity(7).peerId().toString()));
    QVERIFY(pair.dialler->closeReason().message.contains(testIdentity(1).peerId().toString()));
    QCOMPARE(pair.acceptor->closeReason().code, ErrorCode::CertificateRejected);
    QCOMPARE(pair.dialler->count<Events::Opened>() + pair.acceptor->count<Events::Opened>(), 0u);

    pair.dial({.expectedPeer = testIdentity(1).peerId()});
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Opened>() == 1; }));
}

void tst_HostileHandshake::aSilentDiallerIsForgottenAfterTheHandshakeTime_data()
{
    QTest::addColumn<int>("datagrams"); // before it falls silent
    QTest::addRow("after its first datagram") << 1;
    QTest::addRow("after its second datagram") << 2;
}

void tst_HostileHandshake::aSilentDiallerIsForgottenAfterTheHandshakeTime()
{
    QFETCH(const int, datagrams);

    Attack attack;
    int sent = 0;
    attack.peer.mutate = [&](RawPeer::PacketKind kind, std::span<quint8> frames) {
        if (kind == RawPeer::PacketKind::Handshake) // its certificate never comes
            std::fill(frames.begin(), frames.end(), quint8(0));
    };
    attack.wire.filter = [&](Datagram &datagram) {
        return datagram.from != attack.peer.address || ++sent <= datagrams;
    };
    QVERIFY(attack.wire.runUntil([&] { return sent >= datagrams; }));
    const ngtcp2_tstamp begin = TimeZero;
    QVERIFY(attack.wire.runUntil([&] { return attack.victim->count<Events::Closed>() == 1; }));
    QVERIFY(attack.wire.now >= begin + 10 * Seconds);
    QVERIFY(attack.wire.now <= begin + 10 * Seconds + 100 * Milliseconds);
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QCOMPARE(attack.victim->router->stats().connections, 0);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
}

void tst_HostileHandshake::aClientHelloByteByByteEndsAfterTheHandshakeTime()
{
    QByteArray hello, source;
    {
        RawPeer peer(publicAddress(2), publicAddress(1), {});
        peer.mutate = [&](RawPeer::PacketKind, std::span<quint8> frames) {
            hello = cryptoBytes(frames);
        };
        source = parseLongHeader(peer.write(TimeZero).front().data)->sourceId;
    }
    QVERIFY(hello.size() > 200);
    VirtualWire wire;
    const auto victim = makeAcceptor(publicAddress(1), victimSettings());
    wire.connect(*victim);
    const QByteArray id(8, 'd');
    for (quint32 i = 0; i < 15; ++i) {
        wire.inject(publicAddress(2), victim->address,
                    sealedInitial(id, id, source, {}, i, Frame::crypto(i, hello.mid(i, 1))));
        wire.runFor(Seconds);
        if (i == 8)
            QCOMPARE(victim->router->stats().halfOpen, 1);
        if (victim->count<Events::Closed>() > 0)
            break;
    }
    QCOMPARE(victim->count<Events::Closed>(), 1u);
    QCOMPARE(victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QVERIFY(wire.now <= TimeZero + 12 * Seconds);
    QCOMPARE(victim->router->stats().halfOpen, 0);
}

void tst_HostileHandshake::aSilentAcceptorEndsTheDialAfterTheHandshakeTime()
{
    VirtualWire wire;
    RouterParty dialler(publicAddress(2), makeSettings(2));
    wire.connect(dialler);
    dial(dialler, publicAddress(1), wire.now);
    QVERIFY(wire.runUntil([&] { return dialler.count<Events::Closed>() == 1; }));
    QCOMPARE(wire.now, TimeZero + 10 * Seconds);
    QCOMPARE(dialler.closeReason().code, ErrorCode::HandshakeTimeout);
    QCOMPARE(dialler.router->stats().connections, 0);
}

void tst_HostileHandshake::wrongTransportParametersEndTheHandshake_data()
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

void tst_HostileHandshake::wrongTransportParametersEndTheHandshake()
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

void tst_HostileHandshake::aPeerWithoutTransportParametersIsRefused_data()
{
    QTest::addColumn<Side>("side");
    QTest::addRow("a dialler") << Side::Dialler;
    QTest::addRow("an acceptor") << Side::Acceptor;
}

void tst_HostileHandshake::aPeerWithoutTransportParametersIsRefused()
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

void tst_HostileHandshake::expensiveGroupsAreNotOffered_data()
{
    QTest::addColumn<QByteArray>("groups");
    for (const char *group : {"+GROUP-FFDHE3072", "+GROUP-FFDHE8192", "+GROUP-SECP521R1",
                              "+GROUP-SECP384R1", "+GROUP-X448"})
        QTest::addRow("%s", group + 7) << QByteArray(group);
}

void tst_HostileHandshake::expensiveGroupsAreNotOffered()
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

void tst_HostileHandshake::aHelloRetryRequestIsNoProblem()
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

void tst_HostileHandshake::aLongCertificateChainIsRefused_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("padding");
    QTest::addColumn<bool>("refused");
    QTest::addRow("4 certificates") << 4 << 0 << false;
    QTest::addRow("4 certificates of 3.5 KiB") << 4 << 3200 << false;
    QTest::addRow("5 certificates") << 5 << 0 << true;
    QTest::addRow("16 certificates") << 16 << 0 << true;
    QTest::addRow("one above 8 KiB") << 1 << 8000 << true;
    QTest::addRow("three of 6 KiB") << 3 << 6000 << true;
    QTest::addRow("four of 15 KiB") << 4 << 15000 << true;
}

void tst_HostileHandshake::aLongCertificateChainIsRefused()
{
    QFETCH(const int, count);
    QFETCH(const int, padding);
    QFETCH(const bool, refused);

    RawPeer::Options options;
    Key key = Key::generate(KeyKind::Ed25519);
    Certificate certificate;
    for (int i = 0; i < count; ++i) { // from the root on
        CertificateRequest request;
        request.commonName = "number " + QByteArray::number(i);
        request.isAuthority = i + 1 < count;
        request.keyUsage = request.isAuthority ? 0 : 0x80;
        request.padding = QByteArray(padding, 'p');
        const Key own = Key::generate(KeyKind::Ed25519);
        certificate = i == 0 ? makeCertificate(own, request)
                             : makeCertificate(own, request, certificate, key);
        key = own;
        options.tls.chain.prepend(certificate.der);
    }
    options.tls.keyDer = key.der;
    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        options.tls.side = side;
        Attack attack(options);
        if (!refused) {
            QVERIFY(attack.open());
            QCOMPARE(attack.session()->peerCertificates(), options.tls.chain);
            continue;
        }
        QVERIFY(attack.runUntilClosed());
        const ErrorCode reason = attack.victim->closeReason().code;
        QVERIFY2(reason
                         == (count > 4 ? ErrorCode::CertificateChainTooLong
                                       : ErrorCode::CertificateChainTooLarge)
                     || (padding == 15000 && reason == ErrorCode::HandshakeFailed),
                 qPrintable(attack.victim->closeReason().message));
        QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
        QVERIFY(attack.wire.now < TimeZero + 5 * Seconds);
    }
}

void tst_HostileHandshake::bytesInOneFrameWithTheFinishedMessageAreSurvived_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("KeyUpdate") << QByteArray::fromHex("1800000101");
    QTest::addRow("two of them") << QByteArray::fromHex("18000001011800000100");
    QTest::addRow("many of them") << QByteArray::fromHex("1800000101").repeated(1000);
    QTest::addRow("half of one") << QByteArray::fromHex("180000");
    QTest::addRow("a ticket that never ends")
        << QByteArray::fromHex("04ffffff").leftJustified(9000);
}

void tst_HostileHandshake::bytesInOneFrameWithTheFinishedMessageAreSurvived()
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

void tst_HostileHandshake::aKeyUpdateRightBehindTheFinishedMessageEndsTheHandshake()
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

void tst_HostileHandshake::bytesAtTheWrongLevelAreIgnored_data()
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

void tst_HostileHandshake::bytesAtTheWrongLevelAreIgnored()
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

void tst_HostileHandshake::brokenHandshakeBytesAreSurvived_data()
{
    QTest::addColumn<Side>("side");
    QTest::addRow("of a dialler") << Side::Dialler;
    QTest::addRow("of an acceptor") << Side::Acceptor;
}

void tst_HostileHandshake::brokenHandshakeBytesAreSurvived()
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

// ---- the hello and what follows it

void tst_HostileHandshake::aMissingHelloEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("hello");
    QTest::addRow("nothing") << QByteArray();
    QTest::addRow("its first byte") << encode(Hello{}).left(1);
    QTest::addRow("all but its last byte") << encode(Hello{}).chopped(1);
}

void tst_HostileHandshake::aMissingHelloEndsTheConnection()
{
    QFETCH(const QByteArray, hello);

    Attack attack(withHello(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
    QVERIFY(attack.wire.now >= TimeZero + 10 * Seconds);
    QVERIFY(attack.wire.now <= TimeZero + 11 * Seconds);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
}

void tst_HostileHandshake::anAcceptorThatDoesNotGreetBackIsLeft()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.hello = {};
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHandshake::messagesBeforeTheHelloWaitForIt()
{
    Attack attack(withHello({}));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    const qint64 control = attack.peer.open(true);
    QCOMPARE(control, 0);
    attack.peer.sendOnNewStream(toWire(Message("early")));
    attack.peer.sendOnNewStream(toWire(Message("request")), Fin::Yes, true);
    attack.peer.sendOnNewStream(wireHeader(0, 0, 0), Fin::Yes);
    attack.wire.runFor(8 * Seconds);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 0u);
    attack.peer.send(control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return attack.isVictimOpen(); }, Seconds));
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 1u);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 1u);
    // In that order: a program never hears of a message before its connection.
    const EventList &events = attack.victim->events;
    const auto opened = std::find_if(events.begin(), events.end(), [](const Event &event) {
        return std::holds_alternative<Events::Opened>(event.what);
    });
    const auto arrived = std::find_if(events.begin(), events.end(), [](const Event &event) {
        return std::holds_alternative<Events::MessageArrived>(event.what);
    });
    QVERIFY(opened < arrived);
}

void tst_HostileHandshake::messagesWithoutAHelloAreNeverDelivered()
{
    Attack attack(withHello({}));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    QCOMPARE(attack.peer.open(true), 0);
    const auto before = heapBytes();
    const QByteArray message = toWire(Message(QByteArray(100 * KiB, 'm')));
    for (int i = 0; i < 100; ++i)
        attack.peer.sendOnNewStream(message);
    attack.wire.runFor(5 * Seconds);
    QVERIFY(attack.session());
    QVERIFY(attack.session()->stats(attack.wire.now).inboxBytes <= MiB);
    if (before)
        QVERIFY2(*heapBytes() - *before < 3 * MiB,
                 QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
}

namespace {

void addBrokenControl()
{
    QTest::addRow("length 0") << QByteArray(2, '\0');
    QTest::addRow("length 4097") << QByteArray::fromHex("1001");
    QTest::addRow("length 65535") << QByteArray::fromHex("ffff");
    QTest::addRow("ten megabytes") << QByteArray(10'000'000, '\xff');
    QTest::addRow("no CBOR") << framed("GET / HTTP/1.1");
    QTest::addRow("an array") << framed(QByteArray::fromHex("8100"));
    QTest::addRow("an empty map") << framed(QByteArray::fromHex("a0"));
    QTest::addRow("no kind") << framed(QByteArray::fromHex("a10100"));
    QTest::addRow("an endless map") << framed(QByteArray::fromHex("bf0009ff"));
    QTest::addRow("cut off") << framed(QByteArray::fromHex("a2000901"));
    QTest::addRow("more behind it") << framed(QByteArray::fromHex("a1000900"));
    QTest::addRow("nested too deep")
        << framed(QByteArray::fromHex("a200090a") + QByteArray(100, '\x81') + '\0');
    QTest::addRow("a length beyond the end")
        << framed(QByteArray::fromHex("a200090a5bffffffffffffffff"));
}

} // namespace

void tst_HostileHandshake::aBrokenHelloEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("hello");
    addBrokenControl();
    QTest::addRow("a goodbye") << framed(QByteArray::fromHex("a3000201000260"));
    QTest::addRow("an unknown kind") << framed(QByteArray::fromHex("a10009"));
    QTest::addRow("half a hello") << framed(QByteArray::fromHex("a1 00 01"));
}

void tst_HostileHandshake::aBrokenHelloEndsTheConnection()
{
    QFETCH(const QByteArray, hello);

    Attack attack(withHello(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QVERIFY(!attack.peer.closedBy()->reason.isEmpty());
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QVERIFY(attack.wire.now < TimeZero + Seconds);
}

void tst_HostileHandshake::aBrokenHelloOfAnAcceptorEndsTheConnection()
{
    RawPeer::Options options = withHello(framed("GET / HTTP/1.1"));
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHandshake::whatFollowsTheHelloIsChecked_data()
{
    QTest::addColumn<QByteArray>("bytes");
    addBrokenControl();
    QTest::addRow("a second hello") << encode(Hello{});
    QTest::addRow("a second hello behind something new")
        << QByteArray(framed(QByteArray::fromHex("a10009")) + encode(Hello{}));
}

void tst_HostileHandshake::whatFollowsTheHelloIsChecked()
{
    QFETCH(const QByteArray, bytes);

    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        Attack attack(options);
        QVERIFY(attack.open());
        QVERIFY(attack.stillDelivers());
        attack.peer.send(0, bytes);
        QVERIFY(attack.runUntilClosed(Seconds));
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
        QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    }
}

void tst_HostileHandshake::theControlStreamMustStayOpen_data()
{
    QTest::addColumn<int>("how");
    QTest::addRow("ended") << 0;
    QTest::addRow("reset") << 1;
    QTest::addRow("not read") << 2;
}

void tst_HostileHandshake::theControlStreamMustStayOpen()
{
    QFETCH(const int, how);

    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        // The victim answers a dialler's hello, so that it has something to say on the stream.
        options.hello = how == 2 ? QByteArray() : encode(Hello{});
        Attack attack(options);
        if (how == 2) {
            if (side == Side::Acceptor)
                continue; // its hello has arrived already, and nothing follows it
            QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
            QCOMPARE(attack.peer.open(true), 0);
            attack.peer.sendFrames(
                QByteArray(Frame::stopSending(0, 1) + Frame::stream(0, 0, encode(Hello{}))));
        } else {
            QVERIFY(attack.open());
            if (how == 0)
                attack.peer.send(0, {}, Fin::Yes);
            else
                attack.peer.reset(0, 1);
        }
        QVERIFY(attack.runUntilClosed(Seconds));
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
        QVERIFY(attack.peer.closedBy());
        QCOMPARE(attack.peer.closedBy()->code, CloseCode::ControlViolation);
        QVERIFY(attack.peer.closedBy()->application);
    }
}

void tst_HostileHandshake::tenMegabytesOfControlMessagesCostTheirConnectionAndNoMemory()
{
    Attack attack;
    QVERIFY(attack.open());
    // Valid ones of a kind that does not exist yet, each as large as may be.
    const QByteArray filler = QByteArray::fromHex("a20009") + QByteArray::fromHex("0a590ff8")
        + QByteArray(0x0ff8, 'f');
    const QByteArray one = framed(filler);
    QByteArray many;
    while (many.size() < 10'000'000)
        many += one;
    attack.peer.remembersFrames = false;
    const auto before = heapBytes();
    attack.peer.send(0, many);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::Misbehaviour);
    if (before) // what the adversary's own ngtcp2 keeps for packets under way is in it
        QVERIFY2(*heapBytes() - *before < 2048 * KiB,
                 QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileHandshake::anotherNetworkIsLeft_data()
{
    QTest::addColumn<QByteArray>("ours");
    QTest::addColumn<QByteArray>("theirs");
    QTest::addRow("other names") << QByteArray("alpha") << QByteArray("beta");
    QTest::addRow("only they have one") << QByteArray() << QByteArray("beta");
    QTest::addRow("only we have one") << QByteArray("alpha") << QByteArray();
    QTest::addRow("a longer one") << QByteArray("alpha") << QByteArray("alphabet");
    QTest::addRow("other letters") << QByteArray("alpha") << QByteArray("Alpha");
}

void tst_HostileHandshake::anotherNetworkIsLeft()
{
    QFETCH(const QByteArray, ours);
    QFETCH(const QByteArray, theirs);

    Attack attack(withHello(helloOf(theirs)), namedSettings(1, ours));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::WrongNetwork);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::WrongNetwork));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);

    // Honest peers of two networks both know why.
    RouterPair pair(namedSettings(1, ours), namedSettings(2, theirs));
    pair.dial();
    QVERIFY(pair.wire.runUntil([&] {
        return pair.dialler->count<Events::Closed>() == 1
            && pair.acceptor->count<Events::Closed>() == 1;
    }));
    QCOMPARE(pair.dialler->closeReason().code, ErrorCode::WrongNetwork);
    QCOMPARE(pair.acceptor->closeReason().code, ErrorCode::WrongNetwork);
    QCOMPARE(pair.dialler->count<Events::Opened>() + pair.acceptor->count<Events::Opened>(), 0u);
}

void tst_HostileHandshake::anAcceptorOfAnotherNetworkIsLeft()
{
    RawPeer::Options options = withHello(helloOf("beta"));
    options.tls.side = Side::Acceptor;
    Attack attack(options, namedSettings(1, "alpha"));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::WrongNetwork);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::WrongNetwork));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

QTEST_GUILESS_MAIN(tst_HostileHandshake)
#include "tst_hostilehandshake.moc"
