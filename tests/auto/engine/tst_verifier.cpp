// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which certificate chains EncryptOnly accepts, and that the peer id is that of the key.

#include <shared/engine/certificates.h>
#include <shared/engine/enginesettings.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/tls.h>

#include <QCryptographicHash>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::time_t LongAgo = 946684800; // 2000-01-01
constexpr std::time_t FarAhead = 4102444800; // 2100-01-01

Result<PeerId> verified(const QList<QByteArray> &chain, const PeerId &expected = {})
{
    const CertificatePolicy policy = CertificatePolicy::encryptOnly();
    const Result<Acceptance> acceptance = verifyPeer(
        chain, {policy, nullptr, Side::Dialler, {}, expected});
    if (!acceptance)
        return acceptance.error();
    return acceptance->peerId;
}

//! Whether for that reason, which the message names with \a word.
bool isRefused(const Result<PeerId> &id, ErrorCode code, const QString &word)
{
    if (!id && id.error().code == code && id.error().message.contains(word))
        return true;
    qWarning("refused: %d, %s", int(!id), qPrintable(id.error().message));
    return false;
}

const Key &ed25519()
{
    static const Key key = Key::generate(KeyKind::Ed25519);
    return key;
}

PeerId idOf(const Key &key)
{
    return PeerId::fromBytes(
        QCryptographicHash::hash(key.publicKeyDer(), QCryptographicHash::Sha256));
}

QByteArray ofSize(qsizetype size)
{
    CertificateRequest request;
    request.padding = QByteArray(size - 500, 'p');
    QByteArray der = makeCertificate(ed25519(), request).der;
    // Lengths of lengths: come near, then exactly there.
    while (der.size() != size) {
        request.padding.resize(request.padding.size() + size - der.size());
        der = makeCertificate(ed25519(), request).der;
    }
    return der;
}

} // namespace

class tst_Verifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strongKeysAreAcceptedWithTheirId_data();
    void strongKeysAreAcceptedWithTheirId();
    void otherKeysAreRefused_data();
    void otherKeysAreRefused();
    void rsaKeysAreAcceptedByTheirSize_data();
    void rsaKeysAreAcceptedByTheirSize();
    void weakSignaturesAreRefused_data();
    void weakSignaturesAreRefused();
    void aVersionWithoutExtensionsIsRefused();
    void nothingIsNoChain();
    void theNumberOfCertificatesIsLimited();
    void theSizeOfACertificateIsLimited();
    void theSizeOfAChainIsLimited();
    void datesPurposesAndNamesAreNotAsked_data();
    void datesPurposesAndNamesAreNotAsked();
    void theChainBehindTheLeafIsNotRead();
    void anotherIdThanTheExpectedOneIsRefused();
    void aRefusedCertificateIsNotSavedByItsId();
    void garbageIsRefused_data();
    void garbageIsRefused();
    void everyTruncationIsRefused();
    void noFlippedBitGivesTheSameIdToAnotherKey();
};

void tst_Verifier::strongKeysAreAcceptedWithTheirId_data()
{
    QTest::addColumn<KeyKind>("kind");
    QTest::addRow("Ed25519") << KeyKind::Ed25519;
    QTest::addRow("P-256") << KeyKind::P256;
    QTest::addRow("P-384") << KeyKind::P384;
    QTest::addRow("RSA 2048") << KeyKind::Rsa2048;
}

void tst_Verifier::strongKeysAreAcceptedWithTheirId()
{
    QFETCH(const KeyKind, kind);
    const Key key = Key::generate(kind);
    const Result<PeerId> id = verified({makeCertificate(key).der});
    QVERIFY2(id, qPrintable(id.error().message));
    QCOMPARE(*id, idOf(key));
    // It is the key's id, whatever else the certificate says and whoever has signed it.
    CertificateRequest other;
    other.commonName = "someone else";
    other.serial = "7";
    const Certificate issuer = makeCertificate(ed25519());
    const Result<PeerId> again = verified({makeCertificate(key, other, issuer, ed25519()).der});
    QVERIFY(again);
    QCOMPARE(*again, *id);
    QVERIFY(verified({makeCertificate(key).der}, *id));
}

void tst_Verifier::otherKeysAreRefused_data()
{
    QTest::addColumn<KeyKind>("kind");
    QTest::addColumn<QString>("name");
    QTest::addRow("Ed448") << KeyKind::Ed448 << "Ed448";
    QTest::addRow("P-521") << KeyKind::P521 << "SECP521R1";
    QTest::addRow("RSA 1024") << KeyKind::Rsa1024 << "RSA 1024";
}

void tst_Verifier::otherKeysAreRefused()
{
    QFETCH(const KeyKind, kind);
    QFETCH(const QString, name);
    const Result<PeerId> id = verified({makeCertificate(Key::generate(kind)).der});
    QVERIFY(isRefused(id, ErrorCode::CertificateWeakKey, name));
}

void tst_Verifier::rsaKeysAreAcceptedByTheirSize_data()
{
    QTest::addColumn<uint>("bits");
    QTest::addColumn<bool>("accepted");
    QTest::addRow("512") << 512u << false;
    QTest::addRow("1024") << 1024u << false;
    QTest::addRow("2040") << 2040u << false;
    QTest::addRow("2048") << 2048u << true;
    QTest::addRow("3072") << 3072u << true;
    QTest::addRow("4096") << 4096u << true;
    QTest::addRow("4104") << 4104u << false;
    QTest::addRow("8192") << 8192u << false;
    QTest::addRow("16384") << 16384u << false;
}

void tst_Verifier::rsaKeysAreAcceptedByTheirSize()
{
    QFETCH(const uint, bits);
    QFETCH(const bool, accepted);
    const Result<PeerId> id = verified({makeCertificateForRsa(bits).der});
    QVERIFY(accepted ? id.isOk()
                     : isRefused(id, ErrorCode::CertificateWeakKey, QString::number(bits)));
}

void tst_Verifier::weakSignaturesAreRefused_data()
{
    QTest::addColumn<KeyKind>("signer");
    QTest::addColumn<int>("digest");
    QTest::addColumn<bool>("accepted");
    QTest::addRow("RSA with MD5") << KeyKind::Rsa2048 << int(GNUTLS_DIG_MD5) << false;
    QTest::addRow("RSA with SHA-1") << KeyKind::Rsa2048 << int(GNUTLS_DIG_SHA1) << false;
    QTest::addRow("ECDSA with SHA-1") << KeyKind::P256 << int(GNUTLS_DIG_SHA1) << false;
    QTest::addRow("RSA with SHA-256") << KeyKind::Rsa2048 << int(GNUTLS_DIG_SHA256) << true;
    QTest::addRow("ECDSA with SHA-256") << KeyKind::P256 << int(GNUTLS_DIG_SHA256) << true;
    QTest::addRow("ECDSA with SHA-512") << KeyKind::P384 << int(GNUTLS_DIG_SHA512) << true;
}

void tst_Verifier::weakSignaturesAreRefused()
{
    QFETCH(const KeyKind, signer);
    QFETCH(const int, digest);
    QFETCH(const bool, accepted);

    const Key issuerKey = Key::generate(signer);
    CertificateRequest request;
    request.digest = digest;
    const Certificate issuer = makeCertificate(issuerKey);
    for (const QByteArray &der : {makeCertificate(issuerKey, request).der,
                                  makeCertificate(ed25519(), request, issuer, issuerKey).der}) {
        const Result<PeerId> id = verified({der});
        QVERIFY(accepted ? id.isOk()
                         : isRefused(id, ErrorCode::CertificateWeakSignature, "weak signature"_L1));
    }
}

void tst_Verifier::aVersionWithoutExtensionsIsRefused()
{
    CertificateRequest request;
    request.version = 1;
    const Result<PeerId> id = verified({makeCertificate(ed25519(), request).der});
    QVERIFY(isRefused(id, ErrorCode::CertificateMalformed, "version 1"_L1));
}

void tst_Verifier::nothingIsNoChain()
{
    const Result<PeerId> id = verified({});
    QVERIFY(!id);
    QCOMPARE(id.error().code, ErrorCode::CertificateMissing);
    QVERIFY(!verified({QByteArray()}));
    QVERIFY(!verified({QByteArray(), makeCertificate(ed25519()).der}));
}

void tst_Verifier::theNumberOfCertificatesIsLimited()
{
    const QByteArray der = makeCertificate(ed25519()).der;
    for (qsizetype count = 1; count <= MaxChainLength; ++count)
        QVERIFY(verified(QList<QByteArray>(count, der)));
    for (const qsizetype count : {MaxChainLength + 1, qsizetype(17), qsizetype(10'000)}) {
        const Result<PeerId> id = verified(QList<QByteArray>(count, der));
        QVERIFY(isRefused(id, ErrorCode::CertificateChainTooLong, QString::number(count)));
    }
}

void tst_Verifier::theSizeOfACertificateIsLimited()
{
    QCOMPARE(MaxCertificateBytes, 8192);
    QVERIFY(verified({ofSize(MaxCertificateBytes)}));
    const QByteArray small = makeCertificate(ed25519()).der;
    const QByteArray large = ofSize(MaxCertificateBytes + 1);
    for (const QList<QByteArray> &chain :
         {QList<QByteArray>{large}, QList<QByteArray>{small, large}}) {
        const Result<PeerId> id = verified(chain);
        QVERIFY(isRefused(id, ErrorCode::CertificateChainTooLarge, "too large"_L1));
    }
}

void tst_Verifier::theSizeOfAChainIsLimited()
{
    QCOMPARE(MaxChainBytes, 16384);
    const QByteArray whole = ofSize(MaxCertificateBytes);
    QVERIFY(verified({whole, whole}));
    QVERIFY(!verified({whole, whole, QByteArray(1, '0')}));
    QVERIFY(!verified({whole, ofSize(4000), ofSize(4193)}));
    QVERIFY(verified({whole, ofSize(4000), ofSize(4192)}));
}

void tst_Verifier::datesPurposesAndNamesAreNotAsked_data()
{
    QTest::addColumn<CertificateRequest>("request");
    const auto add = [](const char *name, auto change) {
        CertificateRequest request;
        change(request);
        QTest::addRow("%s", name) << request;
    };
    add("expired", [](CertificateRequest &request) {
        request.notBefore = LongAgo;
        request.notAfter = LongAgo + 86400;
    });
    add("not yet valid", [](CertificateRequest &request) { request.notBefore = FarAhead; });
    add("valid for no time at all", [](CertificateRequest &request) {
        request.notBefore = FarAhead;
        request.notAfter = LongAgo;
    });
    add("for mail", [](CertificateRequest &request) { request.purposes = {"1.3.6.1.5.5.7.3.4"}; });
    add("for no purpose", [](CertificateRequest &request) { request.purposes = {}; });
    add("an authority", [](CertificateRequest &request) {
        request.isAuthority = true;
        request.keyUsage = 0x0004; // keyCertSign
    });
    add("without key usage", [](CertificateRequest &request) { request.keyUsage = 0; });
    add("with a name", [](CertificateRequest &request) {
        request.dnsNames = {"example.com", "*.example.org"};
    });
    add("with a terrible name",
        [](CertificateRequest &request) { request.commonName = "<b>\x1b[2J\r\n\xe2\x80\xae\xff"; });
}

void tst_Verifier::datesPurposesAndNamesAreNotAsked()
{
    QFETCH(const CertificateRequest, request);
    const Result<PeerId> id = verified({makeCertificate(ed25519(), request).der});
    QVERIFY2(id, qPrintable(id.error().message));
    QCOMPARE(*id, idOf(ed25519()));
}

void tst_Verifier::theChainBehindTheLeafIsNotRead()
{
    const QByteArray der = makeCertificate(ed25519()).der;
    QVERIFY(verified({der, QByteArray("no certificate at all")}));
    QVERIFY(verified({der, QByteArray()}));
    // But the leaf is the first one, whoever else stands behind it.
    const Key other = Key::generate(KeyKind::Ed25519);
    QCOMPARE(*verified({der, makeCertificate(other).der}), idOf(ed25519()));
    QVERIFY(!verified({der, makeCertificate(other).der}, idOf(other)));
    QVERIFY(!verified({QByteArray("no certificate at all"), der}));
}

void tst_Verifier::anotherIdThanTheExpectedOneIsRefused()
{
    const QByteArray der = makeCertificate(ed25519()).der;
    const PeerId own = idOf(ed25519());
    QVERIFY(verified({der}, own));
    QByteArray bytes = QCryptographicHash::hash(ed25519().publicKeyDer(),
                                                QCryptographicHash::Sha256);
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        QByteArray near = bytes;
        near[at] = char(near[at] ^ 1);
        const Result<PeerId> id = verified({der}, PeerId::fromBytes(near));
        QVERIFY(!id);
        QCOMPARE(id.error().code, ErrorCode::PeerIdMismatch);
        QVERIFY(id.error().message.contains(own.toString()));
        QVERIFY(id.error().message.contains(PeerId::fromBytes(near).toString()));
    }
    QVERIFY(verified({der}, PeerId()));
}

void tst_Verifier::aRefusedCertificateIsNotSavedByItsId()
{
    const Key weak = Key::generate(KeyKind::Rsa1024);
    const Result<PeerId> id = verified({makeCertificate(weak).der}, idOf(weak));
    QVERIFY(!id);
    QCOMPARE(id.error().code, ErrorCode::CertificateWeakKey);
}

void tst_Verifier::garbageIsRefused_data()
{
    QTest::addColumn<QByteArray>("der");
    QTest::addRow("a zero") << QByteArray(1, '\0');
    QTest::addRow("zeros") << QByteArray(1000, '\0');
    QTest::addRow("text") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::addRow("PEM") << makeCertificate(ed25519()).pem;
    QTest::addRow("a public key") << ed25519().publicKeyDer();
    QTest::addRow("a private key") << ed25519().der;
    QTest::addRow("an empty sequence") << QByteArray::fromHex("3000");
    QTest::addRow("a sequence of 4 GB") << QByteArray::fromHex("3084ffffffff30");
    QTest::addRow("a sequence of 2^64 bytes") << QByteArray::fromHex("3088ffffffffffffffff");
    QTest::addRow("an endless length")
        << QByteArray(QByteArray::fromHex("30ff") + QByteArray(8000, '\xff'));
    QTest::addRow("an indefinite length") << QByteArray(
        QByteArray::fromHex("3080") + makeCertificate(ed25519()).der + QByteArray(2, '\0'));
    QTest::addRow("nested sequences") << QByteArray::fromHex("3080").repeated(4000);
    QTest::addRow("two certificates in one")
        << QByteArray(makeCertificate(ed25519()).der + makeCertificate(ed25519()).der);
}

void tst_Verifier::garbageIsRefused()
{
    QFETCH(const QByteArray, der);
    const Result<PeerId> id = verified({der});
    QVERIFY(!id);
    QCOMPARE(id.error().code, ErrorCode::CertificateMalformed);
}

void tst_Verifier::everyTruncationIsRefused()
{
    for (const KeyKind kind : {KeyKind::Ed25519, KeyKind::P256, KeyKind::Rsa2048}) {
        const QByteArray der = makeCertificate(Key::generate(kind)).der;
        for (qsizetype size = 0; size < der.size(); ++size) {
            QVERIFY2(!verified({der.left(size)}), QByteArray::number(size).constData());
        }
    }
}

void tst_Verifier::noFlippedBitGivesTheSameIdToAnotherKey()
{
    const QByteArray der = makeCertificate(ed25519()).der;
    const QByteArray key = ed25519().publicKeyDer().right(32); // without what says of which kind
    const qsizetype keyAt = der.indexOf(key);
    QVERIFY(keyAt > 0);
    int accepted = 0;
    for (qsizetype bit = 0; bit < 8 * der.size(); ++bit) {
        QByteArray wrong = der;
        wrong[bit / 8] = char(wrong[bit / 8] ^ (1 << bit % 8));
        const Result<PeerId> id = verified({wrong});
        if (!id) {
            const ErrorCode code = id.error().code;
            QVERIFY2(code == ErrorCode::CertificateMalformed
                         || code == ErrorCode::CertificateWeakKey
                         || code == ErrorCode::CertificateWeakSignature,
                     qPrintable(id.error().message));
            continue;
        }
        ++accepted;
        const bool inKey = bit / 8 >= keyAt && bit / 8 < keyAt + key.size();
        QVERIFY2((*id == idOf(ed25519())) != inKey, QByteArray::number(bit).constData());
    }
    // Nobody checks who has signed it: names and dates may say anything.
    QVERIFY(accepted > 1000);
}

QTEST_GUILESS_MAIN(tst_Verifier)
#include "tst_verifier.moc"
