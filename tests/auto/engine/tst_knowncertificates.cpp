// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificates that were read before: what is remembered of them, for how long, and that no decision is.

#include <shared/engine/certificates.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/testauthority.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/certificates/knowncertificates.h>
#include <qp2pcore/certificates/verifier.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

PeerId idOf(int number)
{
    QByteArray bytes(PeerId::Size, 'i');
    bytes.replace(0, 4, QByteArray::number(number).rightJustified(4, '0'));
    return PeerId::fromBytes(bytes);
}

QByteArray derOf(int number)
{
    return "certificate " + QByteArray::number(number);
}

const Key &ed25519()
{
    static const Key key = Key::generate(KeyKind::Ed25519);
    return key;
}

Result<Acceptance> verified(const QByteArray &der, KnownCertificates &known,
                            const PeerId &expected = {})
{
    const CertificatePolicy policy = CertificatePolicy::encryptOnly();
    // Bytes of its own each time, as they come from the wire.
    return verifyPeer({QByteArray(der.constData(), der.size())},
                      {policy, nullptr, Side::Dialler, {}, expected, 0, &known});
}

} // namespace

class tst_KnownCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKnownCertificateIsFoundByAllOfItsBytes();
    void certificatesInUseStayAndOthersGo();
    void largeCertificatesAreNotKept();
    void verifyingRemembersWhatPassed();
    void verifyingTakesTheIdFromWhatIsKnown();
    void whatIsRefusedIsNotRemembered();
    void anExpectationIsCheckedOfAKnownCertificate();
    void anAuthorityIsAskedForAKnownCertificate();
    void connectionsOfOnePeerShareItsCertificate();
};

void tst_KnownCertificates::aKnownCertificateIsFoundByAllOfItsBytes()
{
    KnownCertificates known;
    QVERIFY(!known.find(derOf(1)));
    known.add(derOf(1), idOf(1));
    QCOMPARE(known.find(derOf(1))->peerId, idOf(1));
    QCOMPARE(known.find(derOf(1))->chain, QList<QByteArray>({derOf(1)}));
    for (qsizetype i = 0; i < derOf(1).size(); ++i) {
        QByteArray other = derOf(1);
        other[i] = char(other[i] ^ 1);
        QVERIFY(!known.find(other));
    }
    QVERIFY(!known.find(derOf(1).chopped(1)));
    QVERIFY(!known.find(derOf(1) + '\0'));
}

void tst_KnownCertificates::certificatesInUseStayAndOthersGo()
{
    KnownCertificates known;
    known.add(derOf(0), idOf(0));
    known.add(derOf(1), idOf(1));
    for (int i = 2; i < 1000; ++i) {
        known.add(derOf(i), idOf(i));
        if (i % 100 == 0)
            QCOMPARE(known.find(derOf(0))->peerId, idOf(0));
    }
    QVERIFY(!known.find(derOf(1)));
    int kept = 0;
    for (int i = 2; i < 1000; ++i)
        kept += known.find(derOf(i)) ? 1 : 0;
    QVERIFY2(kept <= 2 * KnownCertificates::MaxCount, QByteArray::number(kept).constData());
    QVERIFY2(kept >= KnownCertificates::MaxCount / 2, QByteArray::number(kept).constData());
}

void tst_KnownCertificates::largeCertificatesAreNotKept()
{
    KnownCertificates known;
    const QByteArray largest(KnownCertificates::MaxSize, 'c');
    known.add(largest, idOf(1));
    QVERIFY(known.find(largest));
    known.add(largest + 'c', idOf(1));
    QVERIFY(!known.find(largest + 'c'));
}

void tst_KnownCertificates::verifyingRemembersWhatPassed()
{
    KnownCertificates known;
    const QByteArray der = makeCertificate(ed25519(), {}).der;
    const auto first = verified(der, known);
    QVERIFY(first.isOk());
    QCOMPARE(known.find(der)->peerId, first->peerId);
    const auto second = verified(der, known);
    QVERIFY(second.isOk());
    QCOMPARE(second->peerId, first->peerId);
    QCOMPARE(second->path, QList<QByteArray>({der}));
    QCOMPARE(second->path.first().constData(), first->path.first().constData()); // shared
}

void tst_KnownCertificates::verifyingTakesTheIdFromWhatIsKnown()
{
    // Nothing that can be parsed: so nothing was.
    KnownCertificates known;
    QVERIFY(!verified(derOf(1), known).isOk());
    known.add(derOf(1), idOf(1));
    QCOMPARE(verified(derOf(1), known)->peerId, idOf(1));
}

void tst_KnownCertificates::whatIsRefusedIsNotRemembered()
{
    KnownCertificates known;
    CertificateRequest old;
    old.version = 1;
    old.keyUsage = 0;
    old.purposes = {};
    for (const QByteArray &der :
         {makeCertificate(Key::generate(KeyKind::P521), {}).der,
          makeCertificate(Key::generate(KeyKind::Rsa1024), {}).der,
          makeCertificate(ed25519(), old).der, makeCertificate(ed25519(), {}).der.chopped(1)}) {
        QVERIFY(!verified(der, known).isOk());
        QVERIFY(!known.find(der));
        QVERIFY(!verified(der, known).isOk());
    }
}

void tst_KnownCertificates::anExpectationIsCheckedOfAKnownCertificate()
{
    KnownCertificates known;
    const QByteArray der = makeCertificate(ed25519(), {}).der;
    const PeerId id = verified(der, known)->peerId;
    QCOMPARE(verified(der, known, idOf(1)).error().code, ErrorCode::PeerIdMismatch);
    QVERIFY(verified(der, known, id).isOk());
}

void tst_KnownCertificates::anAuthorityIsAskedForAKnownCertificate()
{
    KnownCertificates known;
    const TestAuthority authority;
    const TestAuthority another("Another authority");
    const QList<QByteArray> chain = authority.issue().ders;
    const CertificatePolicy policy = CertificatePolicy::privateAuthority(
        {QStringLiteral("authority.pem")});
    const auto codeFor = [&](const TestAuthority &trusted, std::time_t now) {
        const auto trust = trusted.trust();
        const auto acceptance = verifyPeer(
            chain, {policy, trust.get(), Side::Dialler, {}, {}, qint64(now), &known});
        return acceptance ? ErrorCode::None : acceptance.error().code;
    };
    QCOMPARE(codeFor(authority, TestDate), ErrorCode::None);
    QVERIFY(known.find(chain.first()));
    QCOMPARE(codeFor(authority, TestDate), ErrorCode::None);
    QCOMPARE(codeFor(another, TestDate), ErrorCode::CertificateUnknownAuthority);
    QCOMPARE(codeFor(authority, TestDate + 1000 * Day), ErrorCode::CertificateExpired);
    QCOMPARE(codeFor(authority, TestDate - 1000 * Day), ErrorCode::CertificateNotYetValid);
}

void tst_KnownCertificates::connectionsOfOnePeerShareItsCertificate()
{
    RouterPair pair;
    QVERIFY(pair.open());
    const SessionId first = pair.acceptor->session()->id();
    pair.dial();
    pair.wire.runFor(Seconds);
    const Session *one = pair.acceptor->router->find(first);
    const Session *other = pair.acceptor->router->find(first + 1);
    QVERIFY(one && one->isOpen() && other && other->isOpen());
    QCOMPARE(one->peerCertificates(), other->peerCertificates());
    QCOMPARE(one->peerCertificates().first().constData(),
             other->peerCertificates().first().constData());
    QCOMPARE(one->acceptance().path.first().constData(),
             one->peerCertificates().first().constData());
}

QTEST_GUILESS_MAIN(tst_KnownCertificates)
#include "tst_knowncertificates.moc"
