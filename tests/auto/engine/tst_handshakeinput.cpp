// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer's handshake may bring: how many bytes and which messages reach TLS, and whom its certificates prove.

#include <shared/engine/certificates.h>
#include <shared/engine/enginesettings.h>

#include <qp2pcore/certificates/knowncertificates.h>
#include <qp2pcore/engine/cryptoinput.h>
#include <qp2pcore/engine/peerverification.h>
#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/engine/tls.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using Action = CryptoInput::Action;
using Tickets = CryptoInput::Tickets;
Q_DECLARE_METATYPE(Action)
Q_DECLARE_METATYPE(Tickets)

namespace {

Action take(CryptoInput &input, const QByteArray &bytes, Tickets tickets)
{
    return input.take({reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size())},
                      tickets);
}

//! A NewSessionTicket (RFC 8446 section 4.6.1) with \a size bytes of content.
QByteArray ticket(int size)
{
    return QByteArray("\x04\x00", 2) + char(size >> 8) + char(size) + QByteArray(size, 't');
}

//! Wants no peer from one address.
struct PickyProtocol final : StreamProtocolFactory
{
    QByteArray alpn() const override { return "picky"; }
    quint64 initialStreams(StreamKind, Side) const override { return 0; }
    Error refuse(const PeerId &peer, const SocketAddress &remote) const override
    {
        if (remote != publicAddress(66))
            return {};
        return Error(ErrorCode::Blocked, peer.toString());
    }
    std::unique_ptr<StreamProtocol> create(StreamConnection &) const override { return nullptr; }
};

QList<QByteArray> someChain()
{
    return {makeCertificate(Key::generate(KeyKind::Ed25519)).der};
}

} // namespace

class tst_HandshakeInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // CryptoInput
    void theHandshakeReachesTlsUpToALimit();
    void afterTheHandshakeOnlyTicketsMayCome_data();
    void afterTheHandshakeOnlyTicketsMayCome();
    void ticketsCountAgainstTheLimit();

    // PeerVerification
    void anAcceptedPeerIsKeptWithItsCertificates();
    void aRefusedPeerProvesNothing_data();
    void aRefusedPeerProvesNothing();
};

void tst_HandshakeInput::theHandshakeReachesTlsUpToALimit()
{
    CryptoInput input;
    const QByteArray half(qsizetype(Limits::CryptoBytes / 2), 'h');
    QCOMPARE(take(input, half, Tickets::Refused), Action::Read);
    QCOMPARE(take(input, half, Tickets::Refused), Action::Read);
    QCOMPARE(take(input, "h", Tickets::Refused), Action::RefuseLength);
}

void tst_HandshakeInput::afterTheHandshakeOnlyTicketsMayCome_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<Tickets>("tickets");
    QTest::addColumn<Action>("last"); // all pieces before it are skipped
    const QByteArray keyUpdate("\x18\x00\x00\x01\x00", 5);
    QTest::newRow("a ticket") << QByteArrayList{ticket(200)} << Tickets::Skipped << Action::Skip;
    QTest::newRow("two at once") << QByteArrayList{ticket(300) + ticket(0)} << Tickets::Skipped
                                 << Action::Skip;
    QTest::newRow("one in pieces")
        << QByteArrayList{ticket(9).left(2), ticket(9).mid(2, 5), ticket(9).mid(7)}
        << Tickets::Skipped << Action::Skip;
    QTest::newRow("a ticket where none may come")
        << QByteArrayList{ticket(200)} << Tickets::Refused << Action::RefuseMessage;
    QTest::newRow("a key update") << QByteArrayList{keyUpdate} << Tickets::Skipped
                                  << Action::RefuseMessage;
    QTest::newRow("a key update behind a ticket")
        << QByteArrayList{ticket(5), keyUpdate} << Tickets::Skipped << Action::RefuseMessage;
    QTest::newRow("its bytes inside a ticket")
        << QByteArrayList{ticket(5).left(4), keyUpdate} << Tickets::Skipped << Action::Skip;
}

void tst_HandshakeInput::afterTheHandshakeOnlyTicketsMayCome()
{
    QFETCH(QByteArrayList, pieces);
    QFETCH(Tickets, tickets);
    QFETCH(Action, last);
    CryptoInput input;
    input.setFinished();
    const QByteArray lastPiece = pieces.takeLast();
    for (const QByteArray &piece : std::as_const(pieces))
        QCOMPARE(take(input, piece, tickets), Action::Skip);
    QCOMPARE(take(input, lastPiece, tickets), last);
}

void tst_HandshakeInput::ticketsCountAgainstTheLimit()
{
    CryptoInput input;
    QCOMPARE(take(input, QByteArray(1000, 'h'), Tickets::Refused), Action::Read);
    input.setFinished();
    const QByteArray one = ticket(996);
    quint64 bytes = 1000;
    for (; bytes + 1000 <= Limits::CryptoBytes; bytes += 1000)
        QCOMPARE(take(input, one, Tickets::Skipped), Action::Skip);
    QCOMPARE(take(input, one, Tickets::Skipped), Action::RefuseLength);
}

void tst_HandshakeInput::anAcceptedPeerIsKeptWithItsCertificates()
{
    const QList<QByteArray> chain = someChain();
    const Settings settings = makeSettings(1);
    const PickyProtocol protocol;
    KnownCertificates known;
    PeerVerification verification;
    QVERIFY(verification.acceptance().isNull());
    QVERIFY(
        !verification.verify(chain, settings, known, Side::Acceptor, &protocol, publicAddress(1))
             .isError());
    QVERIFY(!verification.acceptance().isNull());
    QCOMPARE(verification.acceptance().mode, CertificateMode::EncryptOnly);
    QCOMPARE(verification.certificates(), chain);
    // And is the one that is expected, the next time.
    PeerVerification next;
    next.expect(verification.acceptance().peerId,
                {"peer.example", {}, QStringLiteral("peer.example")});
    QCOMPARE(next.dialledName().hostName, QByteArray("peer.example"));
    QVERIFY(
        !next.verify(chain, settings, known, Side::Dialler, nullptr, publicAddress(1)).isError());
}

void tst_HandshakeInput::aRefusedPeerProvesNothing_data()
{
    QTest::addColumn<QList<QByteArray>>("chain");
    QTest::addColumn<PeerId>("expected");
    QTest::addColumn<SocketAddress>("remote");
    QTest::addColumn<ErrorCode>("code");
    const PeerId other = testIdentity(9).peerId();
    QTest::newRow("another key than expected")
        << someChain() << other << publicAddress(1) << ErrorCode::PeerIdMismatch;
    QTest::newRow("not wanted by the protocol")
        << someChain() << PeerId() << publicAddress(66) << ErrorCode::Blocked;
    QTest::newRow("not wanted, and another key: the key counts")
        << someChain() << other << publicAddress(66) << ErrorCode::PeerIdMismatch;
}

void tst_HandshakeInput::aRefusedPeerProvesNothing()
{
    QFETCH(QList<QByteArray>, chain);
    QFETCH(PeerId, expected);
    QFETCH(SocketAddress, remote);
    QFETCH(ErrorCode, code);
    const PickyProtocol protocol;
    KnownCertificates known;
    PeerVerification verification;
    verification.expect(expected, {});
    const Error error = verification.verify(chain, makeSettings(1), known, Side::Dialler, &protocol,
                                            remote);
    QCOMPARE(error.code, code);
    QCOMPARE(error.peerCertificates, chain); // for the user to look at
    QVERIFY(verification.acceptance().isNull());
    QVERIFY(verification.certificates().isEmpty());
}

QTEST_GUILESS_MAIN(tst_HandshakeInput)
#include "tst_handshakeinput.moc"
