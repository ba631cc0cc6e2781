// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers that are refused during the handshake: protocol, certificate, key, silence.

#include <shared/engine/attack.h>
#include <shared/engine/certificates.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/messages/legacyprotocol.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;

// RFC 9001 section 4.8.
constexpr quint64 alertCode(quint8 alert)
{
    return 0x100 | alert;
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
    void aLongCertificateChainIsRefused_data();
    void aLongCertificateChainIsRefused();
};

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

QTEST_GUILESS_MAIN(tst_HostileHandshake)
#include "tst_hostilehandshake.moc"
