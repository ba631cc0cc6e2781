// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Identities as PEM: chains, traditional and encrypted keys, and what is refused.

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/identity.h>
#include <shared/engine/certificates.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using Test::Key;
using Test::KeyKind;

Q_DECLARE_METATYPE(Qp2p::Test::KeyKind)

namespace {

QByteArray withCertificate(const Key &key)
{
    return key.pem + makeCertificate(key).pem;
}

} // namespace

class tst_IdentityPem : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void theKeyMayStandBehindTheChainAndTextInBetween()
    {
        const Key key = Key::generate(KeyKind::Ed25519);
        const QByteArray pem = "\xef\xbb\xbf" + makeCertificate(key).pem
            + "subject=qp2p\r\n Bag Attributes: none -----\n\n" + key.pem.trimmed();
        const Result<Identity> identity = Identity::fromPem(pem);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QByteArray windows = withCertificate(key);
        QVERIFY(Identity::fromPem(windows.replace("\n", "\r\n")).isOk());
    }

    void traditionalKeysAreRead_data()
    {
        QTest::addColumn<KeyKind>("kind");
        QTest::addColumn<QByteArray>("label");
        QTest::newRow("P-256") << KeyKind::P256 << QByteArray("EC PRIVATE KEY");
        QTest::newRow("RSA 2048") << KeyKind::Rsa2048 << QByteArray("RSA PRIVATE KEY");
    }

    void traditionalKeysAreRead()
    {
        QFETCH(const KeyKind, kind);
        QFETCH(const QByteArray, label);
        const Key key = Key::generate(kind);
        QVERIFY(key.traditionalPem().contains(QByteArray("-----BEGIN " + label)));
        const QByteArray parameters =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        const Result<Identity> identity = Identity::fromPem(parameters + key.traditionalPem()
                                                            + makeCertificate(key).pem);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->privateKeyDer(), key.der);
    }

    void aTraditionalKeyEncryptedByOpensslNeedsItsPassphrase()
    {
        // openssl ecparam -genkey -name prime256v1 | openssl ec -aes256 -passout pass:secret
        const QByteArray pem = "-----BEGIN EC PRIVATE KEY-----\n"
                               "Proc-Type: 4,ENCRYPTED\n"
                               "DEK-Info: AES-256-CBC,66BD9E79066E8755F49F1FA8DEB2489E\n"
                               "\n"
                               "qmMzXLUQcm+8sCIUH0laSf9Y4APP7y4GFJhDQCVyOEn42QeUrUxS6Z5/14fqQnYy\n"
                               "Dv0cKMSStYqYNTTnLbN7LaLrf0BJ9l9iCvSDg/dWkf7s4PGirtVkSovtYe4xxI9F\n"
                               "zsSX7mnk+X2jIeBeas9ROfHnlKtYI1W4og/mEzUKVzg=\n"
                               "-----END EC PRIVATE KEY-----\n"
                               "-----BEGIN CERTIFICATE-----\n"
                               "MIIBbzCCARWgAwIBAgIURds5DnYDUBkLyC2DRY2ZZGP1GkgwCgYIKoZIzj0EAwIw\n"
                               "DDEKMAgGA1UEAwwBdDAgFw0yNjExMjMwNTE1MDFaGA8yMTI2MTAzMDA1MTUwMVow\n"
                               "DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPn2gRgG0qGA\n"
                               "5Ac8wEddKi7xFG605l7wuzwvhLH3Qn1dlKfNl0Vqk24Lvlha1CiySPpMTpINGi6l\n"
                               "evJ3TqCVS4mjUzBRMB0GA1UdDgQWBBRKjdvg3NkG7MTH0kNMLr05caVbbzAfBgNV\n"
                               "HSMEGDAWgBRKjdvg3NkG7MTH0kNMLr05caVbbzAPBgNVHRMBAf8EBTADAQH/MAoG\n"
                               "CCqGSM49BAMCA0gAMEUCIGKnAJTudwLO1z90ryKAIYObPHGTv4ft8hraSxThLixe\n"
                               "AiEAp91RZ1gijI5r7sSOlBnJOrLGnZDsdrYjX+CDm6pZF8Y=\n"
                               "-----END CERTIFICATE-----\n";
        QCOMPARE(Identity::fromPem(pem, "secret").error().message, QString());
        QCOMPARE(Identity::fromPem(pem, "Secret").error().code, ErrorCode::WrongPassphrase);
        QCOMPARE(Identity::fromPem(pem).error().code, ErrorCode::WrongPassphrase);
    }

    void aKeyEncryptedByOpensslNeedsItsPassphrase()
    {
        // openssl genpkey -algorithm ed25519 -aes256 -pass pass:secret
        const QByteArray pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                               "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhF9kNcCkWDOgICCAAw\n"
                               "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBn2s1TNur5rlN8911WfWpEEQEit\n"
                               "uy+jEXd1Jo00YSMpdf4coa3Bkd8h5pRXiOZB7VeXL2MjNyCQqY2Pp3+W7CpOPmMC\n"
                               "/fc6XSratnyI14y2MZE=\n"
                               "-----END ENCRYPTED PRIVATE KEY-----\n"
                               "-----BEGIN CERTIFICATE-----\n"
                               "MIIBLjCB4aADAgECAhQohuBY/ZyrtIhoCtI/pGav8URTEjAFBgMrZXAwDDEKMAgG\n"
                               "A1UEAwwBdDAgFw0yNjExMjMwNTE1MDFaGA8yMTI2MTAzMDA1MTUwMVowDDEKMAgG\n"
                               "A1UEAwwBdDAqMAUGAytlcAMhAMQLA9BYS0fd3/bvtEOhv333+MrqKAQZuGnl+1kQ\n"
                               "SSJto1MwUTAdBgNVHQ4EFgQUrzDbMbZyN4KH8sTLFD63SkdK7scwHwYDVR0jBBgw\n"
                               "FoAUrzDbMbZyN4KH8sTLFD63SkdK7scwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD\n"
                               "QQCoCR0uO3ctOP6qEx5vLC3zw86ztj/B9a3SZCSHtN447wQ9Pf0ViXSqNa/9hDdw\n"
                               "bY7MTqVNsvVS3cMqDdxrUbkO\n"
                               "-----END CERTIFICATE-----\n";
        QCOMPARE(Identity::fromPem(pem, "secret").error().message, QString());
        QCOMPARE(Identity::fromPem(pem, "Secret").error().code, ErrorCode::WrongPassphrase);
        QCOMPARE(Identity::fromPem(pem).error().code, ErrorCode::WrongPassphrase);
    }

    void everyWrongPassphraseIsCalledOne()
    {
        // Once in 256 times the padding looks right and the key does not. Made with
        // openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 1 -passout pass:secret
        const QByteArray pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                               "MIGaMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAhwF0bkJv3W0QIBATAM\n"
                               "BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQQ49TB+itl5tprhcvQr24AQRAHNvW\n"
                               "5Rk+SrBxdC2M8lKuI7iAluBikj666r3OnEPeHIXidTLW62txum+79TfUiyEPyCZZ\n"
                               "byB6xrlTPxT0dZNnSg==\n"
                               "-----END ENCRYPTED PRIVATE KEY-----\n"
                               "-----BEGIN CERTIFICATE-----\n"
                               "MIIBLjCB4aADAgECAhQohuBY/ZyrtIhoCtI/pGav8URTEjAFBgMrZXAwDDEKMAgG\n"
                               "A1UEAwwBdDAgFw0yNjExMjMwNTE1MDFaGA8yMTI2MTAzMDA1MTUwMVowDDEKMAgG\n"
                               "A1UEAwwBdDAqMAUGAytlcAMhAMQLA9BYS0fd3/bvtEOhv333+MrqKAQZuGnl+1kQ\n"
                               "SSJto1MwUTAdBgNVHQ4EFgQUrzDbMbZyN4KH8sTLFD63SkdK7scwHwYDVR0jBBgw\n"
                               "FoAUrzDbMbZyN4KH8sTLFD63SkdK7scwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD\n"
                               "QQCoCR0uO3ctOP6qEx5vLC3zw86ztj/B9a3SZCSHtN447wQ9Pf0ViXSqNa/9hDdw\n"
                               "bY7MTqVNsvVS3cMqDdxrUbkO\n"
                               "-----END CERTIFICATE-----\n";
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(Identity::fromPem(pem, QByteArray::number(i)).error().code,
                     ErrorCode::WrongPassphrase);
    }

    void aKeyThatIsNotEncryptedNeedsNoPassphraseAndMindsNone()
    {
        const Key key = Key::generate(KeyKind::Ed25519);
        QVERIFY(Identity::fromPem(withCertificate(key), "not needed").isOk());
    }

    void aChainIsReadLeafFirst()
    {
        const Key rootKey = Key::generate(KeyKind::P256);
        const Key issuerKey = Key::generate(KeyKind::P256);
        const Key key = Key::generate(KeyKind::Ed25519);
        Test::CertificateRequest authority;
        authority.isAuthority = true;
        authority.keyUsage = GNUTLS_KEY_KEY_CERT_SIGN;
        authority.commonName = "root";
        const auto root = makeCertificate(rootKey, authority);
        authority.commonName = "issuer";
        const auto issuer = makeCertificate(issuerKey, authority, root, rootKey);
        const auto leaf = makeCertificate(key, {}, issuer, issuerKey);

        const Result<Identity> identity = Identity::fromPem(key.pem + leaf.pem + issuer.pem
                                                            + root.pem);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->certificates(), QList<QByteArray>({leaf.der, issuer.der, root.der}));
        QCOMPARE(identity->certificatePem(), QByteArray(leaf.pem + issuer.pem + root.pem));

        const Error swapped = Identity::fromPem(key.pem + issuer.pem + leaf.pem).error();
        QCOMPARE(swapped.code, ErrorCode::KeyMismatch);
        QVERIFY2(swapped.message.contains(QStringLiteral("certificate 2 does. Put that one first")),
                 qPrintable(swapped.message));
    }

    void textThatIsNoIdentityIsRefusedWithWhatIsNeeded_data()
    {
        QTest::addColumn<QByteArray>("pem");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("inMessage");
        const auto add = [](const char *name, const QByteArray &pem, ErrorCode code,
                            const char *inMessage) {
            QTest::newRow(name) << pem << code << QString::fromUtf8(inMessage);
        };
        const Key key = Key::generate(KeyKind::Ed25519);
        const Key other = Key::generate(KeyKind::Ed25519);
        const QByteArray certificate = makeCertificate(key).pem;
        const auto invalid = ErrorCode::InvalidPem;

        add("empty", {}, invalid, "is empty. It needs one PRIVATE KEY");
        add("blank", " \r\n\n", invalid, "is empty");
        add("garbage", "garbage\n", invalid, "holds no PEM. It needs one PRIVATE KEY");
        add("binary", QByteArray(4096, '\0'), invalid, "holds no PEM");
        add("certificate only", certificate, invalid, "private keys: 0, certificates: 1");
        add("key only", key.pem, invalid, "private keys: 1, certificates: 0");
        add("two keys", key.pem + other.pem + certificate, invalid, "private keys: 2");
        add("five certificates", key.pem + certificate.repeated(5), invalid, "certificates: 5");
        add("a public key",
            key.pem + certificate
                + "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC "
                  "KEY-----\n",
            invalid, "holds a block \"PUBLIC KEY\"");
        add("an OpenSSH key",
            certificate
                + "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END "
                  "OPENSSH PRIVATE KEY-----\n",
            invalid, "The private key in");
        add("no end", key.pem + certificate.chopped(10), invalid, "a block has no end");
        add("another end", key.pem + "-----BEGIN CERTIFICATE-----\n-----END PRIVATE KEY-----\n",
            invalid, "a block has no end");
        add("a block in a block", key.pem + "-----BEGIN CERTIFICATE-----\n" + certificate, invalid,
            "a block has no end");
        add("too large", QByteArray(65537, ' '), invalid, "at most 65536");

        QByteArray damagedKey = key.pem;
        damagedKey.replace(damagedKey.indexOf('\n') + 1, 4, "////");
        add("damaged key", damagedKey + certificate, invalid, "private key in");
        QByteArray damaged = certificate;
        damaged.replace(damaged.indexOf('\n') + 1, 4, "////");
        add("damaged certificate", key.pem + damaged, invalid, "ertificate 1 in");
        damaged = certificate;
        damaged.replace(damaged.indexOf('\n') + 1, 4, "!!!!");
        add("certificate that is not base64", key.pem + damaged, invalid, "ertificate 1 in");
        add("second certificate damaged", key.pem + certificate + damaged, invalid,
            "ertificate 2 in");

        Test::CertificateRequest request;
        request.version = 1;
        add("X.509 version 1", key.pem + makeCertificate(key, request).pem, invalid,
            "X.509 version 1");
        request = {};
        request.keyUsage = GNUTLS_KEY_KEY_ENCIPHERMENT;
        add("wrong key usage", key.pem + makeCertificate(key, request).pem, invalid,
            "does not allow its key to sign");
        const Key rsa = Key::generate(KeyKind::Rsa2048);
        request = {};
        request.digest = GNUTLS_DIG_SHA1;
        add("weak signature", rsa.pem + makeCertificate(rsa, request).pem, invalid, "RSA-SHA1");
        request = {};
        request.padding = QByteArray(8192, 'x');
        add("large certificate", key.pem + makeCertificate(key, request).pem, invalid,
            "at most 8192");
        request.padding = QByteArray(6000, 'x');
        add("large chain", key.pem + makeCertificate(key, request).pem.repeated(3), invalid,
            "at most 16384");

        add("another certificate", key.pem + makeCertificate(other).pem, ErrorCode::KeyMismatch,
            "None of the certificates");
        add("encrypted key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
                + certificate,
            invalid, "is damaged");
    }

    void textThatIsNoIdentityIsRefusedWithWhatIsNeeded()
    {
        QFETCH(const QByteArray, pem);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, inMessage);
        const Error error = Identity::fromPem(pem, "x", QStringLiteral("node.pem")).error();
        QVERIFY2(error.message.contains(inMessage), qPrintable(error.message));
        QVERIFY2(error.message.contains(QStringLiteral("\"node.pem\"")), qPrintable(error.message));
        QCOMPARE(error.code, code);
    }

    void keysThatNobodyAcceptsAreRefusedWithThoseThatAre_data()
    {
        QTest::addColumn<KeyKind>("kind");
        QTest::addColumn<QString>("inMessage");
        QTest::newRow("RSA 1024") << KeyKind::Rsa1024 << QStringLiteral("RSA 1024");
        QTest::newRow("P-521") << KeyKind::P521 << QStringLiteral("ECDSA SECP521R1");
        QTest::newRow("Ed448") << KeyKind::Ed448 << QStringLiteral("EdDSA (Ed448)");
    }

    void keysThatNobodyAcceptsAreRefusedWithThoseThatAre()
    {
        QFETCH(const KeyKind, kind);
        QFETCH(const QString, inMessage);
        const Error error = Identity::fromPem(withCertificate(Key::generate(kind))).error();
        QCOMPARE(error.code, ErrorCode::UnsupportedKey);
        QVERIFY2(error.message.contains(inMessage), qPrintable(error.message));
        QVERIFY2(error.message.contains(QStringLiteral(
                     "Ed25519, ECDSA P-256 or P-384, or RSA with 2048 to 4096 bits")),
                 qPrintable(error.message));
    }

    void keysThatGnutlsCannotReadAreRefusedAsUnsupported()
    {
        // openssl ecparam -name secp256k1 -genkey -noout
        const QByteArray pem = "-----BEGIN EC PRIVATE KEY-----\n"
                               "MHQCAQEEIEEUkA1ZfIXgnQ0Z9YWSCeO8DZpHA5Bdj15xdXdZ/ZSroAcGBSuBBAAK\n"
                               "oUQDQgAEh1Q5Yx3BYqDs+BTUTMd9VVt2xH05lB4RR4Zuz1Oe5Mox4vhcDYQAShQG\n"
                               "PSv525Dxt0UgwlBuECRwXLNvyhAH1A==\n"
                               "-----END EC PRIVATE KEY-----\n";
        const QByteArray certificate = makeCertificate(Key::generate(KeyKind::Ed25519)).pem;
        const Error error = Identity::fromPem(pem + certificate).error();
        QCOMPARE(error.code, ErrorCode::UnsupportedKey);
        QVERIFY2(error.message.contains(QStringLiteral("Ed25519, ECDSA")),
                 qPrintable(error.message));
    }

    void anEncryptionThatWouldTakeForEverIsRefusedAtOnce()
    {
        // openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 20000000 -passout pass:secret
        const QByteArray pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                               "MIGdMFkGCSqGSIb3DQEFDTBMMCsGCSqGSIb3DQEFDDAeBAjQ+qJKmHYkCwIEATEt\n"
                               "ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQzQGLo6R8YsgMzbaxRPnvMARA\n"
                               "IASydGJsGtQIteAQv2AZeyhIDh4oIbmmMRZzZ3ylpnMj99I9dv5JVHmON3wMjjAx\n"
                               "gojEQ8oH2f/gR9eKNuL+Pw==\n"
                               "-----END ENCRYPTED PRIVATE KEY-----\n"
                               "-----BEGIN CERTIFICATE-----\n"
                               "MIIBLjCB4aADAgECAhQohuBY/ZyrtIhoCtI/pGav8URTEjAFBgMrZXAwDDEKMAgG\n"
                               "A1UEAwwBdDAgFw0yNjExMjMwNTE1MDFaGA8yMTI2MTAzMDA1MTUwMVowDDEKMAgG\n"
                               "A1UEAwwBdDAqMAUGAytlcAMhAMQLA9BYS0fd3/bvtEOhv333+MrqKAQZuGnl+1kQ\n"
                               "SSJto1MwUTAdBgNVHQ4EFgQUrzDbMbZyN4KH8sTLFD63SkdK7scwHwYDVR0jBBgw\n"
                               "FoAUrzDbMbZyN4KH8sTLFD63SkdK7scwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD\n"
                               "QQCoCR0uO3ctOP6qEx5vLC3zw86ztj/B9a3SZCSHtN447wQ9Pf0ViXSqNa/9hDdw\n"
                               "bY7MTqVNsvVS3cMqDdxrUbkO\n"
                               "-----END CERTIFICATE-----\n";
        QCOMPARE(Identity::fromPem(pem, "secret").error().code, ErrorCode::UnsupportedKey);
    }

    void everyTruncationAndEveryFlippedByteIsAnErrorOrTheSameKey()
    {
        const Key key = Key::generate(KeyKind::Ed25519);
        const QByteArray pem = withCertificate(key);
        const Result<Identity> whole = Identity::fromPem(pem);
        QVERIFY(whole.isOk());
        for (qsizetype size = 0; size < pem.size() - 1; ++size)
            QVERIFY2(!Identity::fromPem(pem.first(size)), qPrintable(QString::number(size)));
        for (qsizetype i = 0; i < pem.size(); ++i) {
            QByteArray damaged = pem;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x04);
            const Result<Identity> identity = Identity::fromPem(damaged);
            if (identity)
                QVERIFY2(identity->peerId() == whole->peerId(), qPrintable(QString::number(i)));
        }
    }
};

QTEST_GUILESS_MAIN(tst_IdentityPem)
#include "tst_identitypem.moc"
