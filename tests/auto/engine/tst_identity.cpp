// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Identities: what is made and read, and a key file that never opens to others, not even in a race.

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/storage/keyfilepermissions.h>
#include <shared/engine/certificates.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <latch>
#include <thread>
#include <vector>

#include <csignal>
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qp2p;
using namespace Qp2p::Engine;
using Test::Key;
using Test::KeyKind;

Q_DECLARE_METATYPE(Qp2p::Test::KeyKind)

namespace {

// Makes this program one of the processes that race instead of the test.
constexpr char RacerArgument[] = "--load-or-generate";

QByteArray withCertificate(const Key &key)
{
    return key.pem + makeCertificate(key).pem;
}

mode_t modeOf(const QString &fileName)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(fileName).constData(), &status) == 0 ? status.st_mode & 07777
                                                                         : 0;
}

// With exactly the mode \a mode, whatever the umask is.
void writeFile(const QString &fileName, const QByteArray &content, mode_t mode = 0600)
{
    QFile file(fileName);
    QVERIFY(file.open(QFile::WriteOnly | QFile::NewOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(fileName).constData(), mode), 0);
}

QByteArray readFile(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

// The bytes of the SubjectPublicKeyInfo as they stand in the certificate, found without GnuTLS by
// walking the DER: Certificate, TBSCertificate, then version, serial, signature, issuer, validity
// and subject are skipped.
QByteArray publicKeyInside(const QByteArray &certificate)
{
    qsizetype pos = 0;
    const auto header = [&](qsizetype at) { // size of the header and of the content
        const auto first = static_cast<quint8>(certificate[at + 1]);
        if (first < 0x80)
            return std::pair<qsizetype, qsizetype>(2, first);
        qsizetype size = 0;
        for (int i = 0; i < (first & 0x7f); ++i)
            size = size << 8 | static_cast<quint8>(certificate[at + 2 + i]);
        return std::pair<qsizetype, qsizetype>(2 + (first & 0x7f), size);
    };
    pos += header(pos).first; // into Certificate
    pos += header(pos).first; // into TBSCertificate
    for (int i = 0; i < 6; ++i)
        pos += header(pos).first + header(pos).second;
    return certificate.mid(pos, header(pos).first + header(pos).second);
}

} // namespace

class tst_Identity : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    // --- What is made ---------------------------------------------------------------------------

    void aDefaultIdentityIsNullAndEmpty()
    {
        const Identity identity;
        QVERIFY(identity.isNull());
        QVERIFY(identity.peerId().isNull());
        QVERIFY(identity.certificates().isEmpty());
        QVERIFY(identity.certificatePem().isEmpty());
        QVERIFY(identity.privateKeyDer().isEmpty());
        QVERIFY(identity.keyDescription().isEmpty());
        QCOMPARE(identity.save(path(QStringLiteral("null.pem"))).error().code,
                 ErrorCode::InvalidArgument);
    }

    void aGeneratedCertificateSaysWhatIsPromised()
    {
        const Result<Identity> identity = Identity::generate();
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->keyDescription(), QStringLiteral("Ed25519"));
        QCOMPARE(identity->certificates().size(), 1);
        const Result<CertificateHandle> certificate = importCertificate(
            identity->certificates().constFirst());
        QVERIFY(certificate.isOk());
        gnutls_x509_crt_t crt = certificate->get();

        QCOMPARE(gnutls_x509_crt_get_version(crt), 3);
        QCOMPARE(gnutls_x509_crt_get_activation_time(crt), std::time_t(0));
        QCOMPARE(gnutls_x509_crt_get_expiration_time(crt), std::time_t(253402300799));
        QVERIFY(identity->certificates().constFirst().contains("99991231235959Z"));

        QByteArray serial(64, '\0');
        size_t serialSize = 64;
        QCOMPARE(gnutls_x509_crt_get_serial(crt, serial.data(), &serialSize), 0);
        serial.truncate(qsizetype(serialSize));
        QCOMPARE_LE(serial.size(), 20); // RFC 5280 section 4.1.2.2
        QVERIFY((serial[0] & 0x80) == 0); // positive
        QVERIFY(serial != QByteArray(serial.size(), '\0'));

        unsigned critical = 0;
        unsigned isAuthority = 1;
        int pathLength = 0;
        QVERIFY(gnutls_x509_crt_get_basic_constraints(crt, &critical, &isAuthority, &pathLength)
                >= 0);
        QCOMPARE(isAuthority, 0U);
        unsigned usage = 0;
        QVERIFY(gnutls_x509_crt_get_key_usage(crt, &usage, &critical) >= 0);
        QCOMPARE(usage, unsigned(GNUTLS_KEY_DIGITAL_SIGNATURE));
        QStringList purposes;
        for (unsigned i = 0;; ++i) {
            QByteArray oid(64, '\0');
            size_t size = 64;
            if (gnutls_x509_crt_get_key_purpose_oid(crt, i, oid.data(), &size, &critical) < 0)
                break;
            purposes.append(QString::fromLatin1(oid.constData()));
        }
        QCOMPARE(purposes,
                 QStringList({QStringLiteral(GNUTLS_KP_TLS_WWW_SERVER),
                              QStringLiteral(GNUTLS_KP_TLS_WWW_CLIENT)}));
        QByteArray keyId(64, '\0');
        size_t keyIdSize = 64;
        QCOMPARE(gnutls_x509_crt_get_subject_key_id(crt, keyId.data(), &keyIdSize, &critical), 0);
        QCOMPARE(keyIdSize, size_t(20));

        QVERIFY(gnutls_x509_crt_check_issuer(crt, crt) == 1);
        unsigned problems = 0;
        QVERIFY(gnutls_x509_crt_verify(crt, &crt, 1, 0, &problems) >= 0);
        QCOMPARE(problems, 0U);
        QCOMPARE_LT(identity->certificates().constFirst().size(), 600);
    }

    void everyGeneratedIdentityIsAnother()
    {
        const Result<Identity> a = Identity::generate();
        const Result<Identity> b = Identity::generate();
        QVERIFY(!(a->peerId() == b->peerId()));
        QVERIFY(a->privateKeyDer() != b->privateKeyDer());
        QVERIFY(a->certificates() != b->certificates());
    }

    void aCopyOutlivesItsOriginal()
    {
        Identity copy;
        QByteArray key;
        {
            const Result<Identity> original = Identity::generate();
            key = original->privateKeyDer();
            copy = *original;
        }
        QVERIFY(!copy.isNull());
        QVERIFY(!key.isEmpty());
        QCOMPARE(copy.privateKeyDer(), key);
    }

    // --- Peer id --------------------------------------------------------------------------------

    void thePeerIdIsTheHashOfThePublicKey_data() { keysAreRead_data(); }

    void thePeerIdIsTheHashOfThePublicKey()
    {
        QFETCH(const KeyKind, kind);
        const Key key = Key::generate(kind);
        const QByteArray certificate = makeCertificate(key).der;
        const QByteArray exported = key.publicKeyDer();
        QCOMPARE(publicKeyInside(certificate), exported);
        const QByteArray expected = QCryptographicHash::hash(exported, QCryptographicHash::Sha256);

        const Result<PeerId> id = peerIdOfCertificate(certificate);
        QVERIFY2(id.isOk(), qPrintable(id.error().message));
        QCOMPARE(id->toBytes(), expected);
        QCOMPARE(Identity::fromPem(withCertificate(key))->peerId().toBytes(), expected);
    }

    void thePeerIdOfDamagedOrHugeCertificatesIsRefused()
    {
        const QByteArray good = makeCertificate(Key::generate(KeyKind::Ed25519)).der;
        QCOMPARE(peerIdOfCertificate(QByteArrayView()).error().code,
                 ErrorCode::CertificateMalformed);
        QCOMPARE(peerIdOfCertificate(good.chopped(1)).error().code, ErrorCode::CertificateMalformed);
        QCOMPARE(peerIdOfCertificate(QByteArray(good + 'x')).error().code,
                 ErrorCode::CertificateMalformed);
        QCOMPARE(peerIdOfCertificate(QByteArray("x" + good)).error().code,
                 ErrorCode::CertificateMalformed);
        const Error huge = peerIdOfCertificate(QByteArray(8193, '0')).error();
        QCOMPARE(huge.code, ErrorCode::CertificateChainTooLarge);
        QVERIFY2(huge.message.contains(QStringLiteral("at most 8192")), qPrintable(huge.message));
    }

    // --- PEM ------------------------------------------------------------------------------------

    void keysAreRead_data()
    {
        QTest::addColumn<KeyKind>("kind");
        QTest::addColumn<QString>("description");
        QTest::newRow("Ed25519") << KeyKind::Ed25519 << QStringLiteral("Ed25519");
        QTest::newRow("P-256") << KeyKind::P256 << QStringLiteral("ECDSA P-256");
        QTest::newRow("P-384") << KeyKind::P384 << QStringLiteral("ECDSA P-384");
        QTest::newRow("RSA 2048") << KeyKind::Rsa2048 << QStringLiteral("RSA 2048");
    }

    void keysAreRead()
    {
        QFETCH(const KeyKind, kind);
        QFETCH(const QString, description);
        const Key key = Key::generate(kind);
        const Test::Certificate certificate = makeCertificate(key);
        const Result<Identity> identity = Identity::fromPem(key.pem + certificate.pem);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->keyDescription(), description);
        QCOMPARE(identity->certificates(), QList<QByteArray>{certificate.der});
        QCOMPARE(identity->certificatePem(), certificate.pem);
        QCOMPARE(identity->privateKeyDer(), key.der);
    }

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

    // --- Files ----------------------------------------------------------------------------------

    void whatIsSavedIsLoadedAgain()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("roundtrip \u00fc'.pem"));
        const Result<void> saved = identity->save(file);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        const Result<Identity> loaded = Identity::load(file);
        QVERIFY2(loaded.isOk(), qPrintable(loaded.error().message));
        QVERIFY(loaded->peerId() == identity->peerId());
        QCOMPARE(loaded->privateKeyDer(), identity->privateKeyDer());
        QCOMPARE(loaded->certificates(), identity->certificates());
    }

    void whatIsSavedWithAPassphraseIsLoadedOnlyWithIt()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("encrypted.pem"));
        const QByteArray passphrase = "correct h\u00f6rse battery staple";
        QVERIFY(identity->save(file, passphrase).isOk());
        QVERIFY(readFile(file).contains("BEGIN ENCRYPTED PRIVATE KEY"));
        QVERIFY(!readFile(file).contains("BEGIN PRIVATE KEY"));

        const Result<Identity> loaded = Identity::load(file, passphrase);
        QVERIFY2(loaded.isOk(), qPrintable(loaded.error().message));
        QCOMPARE(loaded->privateKeyDer(), identity->privateKeyDer());

        const QList<QByteArray> wrongOnes{
            {}, "wrong", passphrase + 'x', passphrase.chopped(1), passphrase + '\0' + 'x'};
        for (const QByteArray &wrong : wrongOnes) {
            const Error error = Identity::load(file, wrong).error();
            QCOMPARE(error.code, ErrorCode::WrongPassphrase);
            QVERIFY2(error.message.contains(file), qPrintable(error.message));
            QVERIFY2(error.message.contains(QStringLiteral("passphrase")),
                     qPrintable(error.message));
        }
    }

    void aPassphraseThatGnutlsWouldChangeIsRefused()
    {
        const Result<Identity> identity = Identity::generate();
        for (const QByteArray &bad :
             {QByteArray("a\0b", 3), QByteArray("\xff\xfe"), QByteArray("tab\tbed")}) {
            const QString file = path(QStringLiteral("bad-passphrase.pem"));
            QCOMPARE(identity->save(file, bad).error().code, ErrorCode::InvalidArgument);
            QVERIFY(!QFile::exists(file));
        }
    }

    void theFileIsPrivateWhateverTheUmaskIs_data()
    {
        QTest::addColumn<uint>("mask");
        for (const uint mask : {0000U, 0022U, 0077U, 0277U, 0777U})
            QTest::addRow("%03o", mask) << mask;
    }

    void theFileIsPrivateWhateverTheUmaskIs()
    {
        QFETCH(const uint, mask);
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("umask%1.pem").arg(mask));
        const mode_t before = ::umask(mode_t(mask));
        const Result<void> saved = identity->save(file);
        ::umask(before);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        QCOMPARE(modeOf(file), mode_t(0600));
        QVERIFY(Identity::load(file).isOk());
    }

    void aFileThatOthersMayTouchIsRefusedWithTheCommandThatMendsIt_data()
    {
        QTest::addColumn<uint>("mode");
        for (const uint mode : {0644U, 0604U, 0620U, 0602U, 0660U, 0601U, 0666U, 0777U})
            QTest::addRow("%03o", mode) << mode;
    }

    void aFileThatOthersMayTouchIsRefusedWithTheCommandThatMendsIt()
    {
        QFETCH(const uint, mode);
        const QString file = path(QStringLiteral("it's %1.pem").arg(mode, 0, 8));
        const Result<Identity> identity = Identity::generate();
        QVERIFY(identity->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), mode_t(mode)), 0);

        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, ErrorCode::FilePermissions);
        const qsizetype command = error.message.indexOf(QStringLiteral("chmod 600 '"));
        QVERIFY2(command > 0, qPrintable(error.message));
        // Whoever starts the program may know better.
        QVERIFY(Identity::load(file, {}, KeyFileAccess::Shared).isOk());
        // Not only shown: run by a shell, it does what it says.
        QCOMPARE(QProcess::execute(QStringLiteral("/bin/sh"),
                                   {QStringLiteral("-c"), error.message.mid(command)}),
                 0);
        QVERIFY(Identity::load(file).isOk());
    }

    void stricterModesAreAccepted()
    {
        const QString file = path(QStringLiteral("strict.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0400), 0);
        QVERIFY(Identity::load(file).isOk());
    }

    void whoMayReadAKeyIsJudgedByOwnerAndGroup_data()
    {
        QTest::addColumn<uint>("owner");
        QTest::addColumn<uint>("group");
        QTest::addColumn<uint>("mode");
        QTest::addColumn<int>("fault");
        const auto row = [](const char *name, uint owner, uint group, uint mode,
                            KeyFileFault fault) {
            QTest::newRow(name) << owner << group << mode << int(fault);
        };
        // For a process of user 1000 in the groups 1000 and 44.
        row("ours", 1000, 1000, 0600, KeyFileFault::None);
        row("ours, read by a group of ours", 1000, 44, 0640, KeyFileFault::None);
        row("ours, read by another group", 1000, 45, 0640, KeyFileFault::Mode);
        row("ours, with a group that has nothing", 1000, 45, 0600, KeyFileFault::None);
        row("ours, written by a group of ours", 1000, 44, 0660, KeyFileFault::Mode);
        row("root's, read by a group of ours", 0, 44, 0440, KeyFileFault::None);
        row("root's, read by another group", 0, 45, 0440, KeyFileFault::Mode);
        row("root's, read by all", 0, 0, 0444, KeyFileFault::Mode);
        row("root's, written by a group of ours", 0, 44, 0460, KeyFileFault::Mode);
        row("another user's", 1001, 44, 0440, KeyFileFault::Owner);
        row("another user's, for all", 1001, 1001, 0777, KeyFileFault::Owner);
        row("ours, executed by others", 1000, 1000, 0601, KeyFileFault::Mode);
    }

    void whoMayReadAKeyIsJudgedByOwnerAndGroup()
    {
        QFETCH(const uint, owner);
        QFETCH(const uint, group);
        QFETCH(const uint, mode);
        QFETCH(const int, fault);
        struct stat status = {};
        status.st_uid = owner;
        status.st_gid = group;
        status.st_mode = S_IFREG | mode;
        QCOMPARE(int(keyFileFault(status, 1000, {44, 1000})), fault);
    }

    //! As a container has them: root's file for the group of the process.
    void aMountedSecretIsRead()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give files to a group and become another user");
        const QString mount = path(QStringLiteral("secret"));
        QVERIFY(QDir().mkpath(mount + QStringLiteral("/..2026")));
        const QString file = mount + QStringLiteral("/..2026/id.pem");
        QVERIFY(Identity::generate()->save(file).isOk());
        QVERIFY(QFile::link(QStringLiteral("..2026"), mount + QStringLiteral("/..data")));
        const QString name = mount + QStringLiteral("/id.pem");
        QVERIFY(QFile::link(QStringLiteral("..data/id.pem"), name));
        QCOMPARE(::chmod(QFile::encodeName(m_folder.path()).constData(), 0755), 0);
        const auto restore = qScopeGuard(
            [&] { ::chmod(QFile::encodeName(m_folder.path()).constData(), 0700); });
        constexpr gid_t group = 4444;
        constexpr uid_t user = 4445;
        const auto codeAsUser = [&](mode_t mode, KeyFileAccess access) {
            const QByteArray target = QFile::encodeName(file);
            if (::chown(target.constData(), 0, group) != 0 || ::chmod(target.constData(), mode) != 0)
                return -2;
            const pid_t child = ::fork();
            if (child == 0) {
                const bool became = ::setgroups(1, &group) == 0
                    && ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
                const auto loaded = Identity::load(name, {}, access);
                ::_exit(!became ? 99 : loaded ? 0 : 10 + int(loaded.error().code));
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        };
        QCOMPARE(codeAsUser(0440, KeyFileAccess::Private), 0);
        QCOMPARE(codeAsUser(0640, KeyFileAccess::Private), 0);
        QCOMPARE(codeAsUser(0444, KeyFileAccess::Private), 10 + int(ErrorCode::FilePermissions));
        QCOMPARE(codeAsUser(0444, KeyFileAccess::Shared), 0);
        QCOMPARE(codeAsUser(0400, KeyFileAccess::Private), 10 + int(ErrorCode::FileUnreadable));
    }

    void symbolicLinksAreFollowedAndNeverReplaced()
    {
        const QString folder = path(QStringLiteral("archive"));
        QVERIFY(QDir().mkpath(folder));
        const QString file = folder + QStringLiteral("/id1.pem");
        const Result<Identity> identity = Identity::generate();
        QVERIFY(identity->save(file).isOk());
        const QString link = path(QStringLiteral("live.pem"));
        QVERIFY(QFile::link(QStringLiteral("archive/id1.pem"), link));
        QCOMPARE(Identity::load(link)->peerId(), identity->peerId());
        QCOMPARE(Identity::loadOrGenerate(link)->peerId(), identity->peerId());
        QCOMPARE(identity->save(link).error().code, ErrorCode::FileExists);
        QVERIFY(QFileInfo(link).isSymLink());
        // What it leads to is what is checked.
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0644), 0);
        QCOMPARE(Identity::load(link).error().code, ErrorCode::FilePermissions);
        // What is not there yet is no reason for another key.
        QVERIFY(QFile::remove(file));
        const Error error = Identity::loadOrGenerate(link).error();
        QCOMPARE(error.code, ErrorCode::FileUnreadable);
        QVERIFY2(error.message.contains(file), qPrintable(error.message));
        QVERIFY(QFileInfo(link).isSymLink());
        QVERIFY(!QFile::exists(file));
    }

    void namesOfAnyBytesAreFilesNames()
    {
        const QByteArray bytes = QFile::encodeName(m_folder.path())
            + "/\xff\xe4 \xc3\xa4\xed\xb2\x80.pem";
        const QString name = fileNameFromBytes(bytes);
        QCOMPARE(fileNameToBytes(name), bytes);
        QCOMPARE(fileNameFromBytes("/\xc3\xa4\xf0\x9f\x98\x80"),
                 QStringLiteral(u"/\u00e4\U0001f600"));
        QCOMPARE(fileNameToBytes(QStringLiteral(u"/\u00e4\U0001f600")), "/\xc3\xa4\xf0\x9f\x98\x80");
        const Result<Identity> identity = Identity::generate();
        const Result<void> saved = identity->save(name);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        QCOMPARE(::access(bytes.constData(), R_OK), 0);
        QCOMPARE(Identity::load(name)->peerId(), identity->peerId());
        QCOMPARE(::unlink(bytes.constData()), 0);
    }

    void textOfOtherSystemsIsRead_data()
    {
        QTest::addColumn<QString>("encoding");
        for (const char *name : {"CRLF", "UTF-8 with mark", "UTF-16LE", "UTF-16BE"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void textOfOtherSystemsIsRead()
    {
        QFETCH(const QString, encoding);
        const QString file = path(QStringLiteral("other system.pem"));
        const QByteArray pem = withCertificate(Key::generate(KeyKind::Ed25519));
        QByteArray text = pem;
        if (encoding == QStringLiteral("CRLF")) {
            text.replace("\n", "\r\n");
        } else if (encoding == QStringLiteral("UTF-8 with mark")) {
            text.prepend("\xef\xbb\xbf");
        } else {
            text = encoding == QStringLiteral("UTF-16LE") ? "\xff\xfe" : "\xfe\xff";
            for (const char letter : pem) {
                text += encoding == QStringLiteral("UTF-16LE") ? letter : '\0';
                text += encoding == QStringLiteral("UTF-16LE") ? '\0' : letter;
            }
        }
        writeFile(file, text);
        const Result<Identity> identity = Identity::load(file);
        QVERIFY(QFile::remove(file));
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->peerId(), Identity::fromPem(pem)->peerId());
    }

    void aFileOfAnotherUserIsRefused()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give a file away");
        const QString file = path(QStringLiteral("foreign.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chown(QFile::encodeName(file).constData(), 65534, 65534), 0);
        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, ErrorCode::FilePermissions);
        QVERIFY2(error.message.contains(QStringLiteral("another user")), qPrintable(error.message));
    }

    void aFileThatCannotBeReadIsRefused()
    {
        if (::geteuid() == 0)
            QSKIP("root may read everything, so permissions refuse nothing");
        const QString file = path(QStringLiteral("unreadable.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0000), 0);
        QCOMPARE(Identity::load(file).error().code, ErrorCode::FileUnreadable);
    }

    void whatIsNoPlainFileIsRefusedWithoutWaiting_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("inMessage");
        const QString target = path(QStringLiteral("target.pem"));
        QVERIFY(Identity::generate()->save(target).isOk());

        const QString toPipe = path(QStringLiteral("link to a pipe.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("fifo.pem")), toPipe));
        QTest::newRow("link to a FIFO")
            << toPipe << ErrorCode::FileUnreadable << QStringLiteral("a pipe");
        const QString loop = path(QStringLiteral("loop.pem"));
        QVERIFY(QFile::link(loop, loop));
        QTest::newRow("link to itself") << loop << ErrorCode::FileUnreadable << QString();
        const QString dangling = path(QStringLiteral("dangling.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("nowhere")), dangling));
        QTest::newRow("dangling link")
            << dangling << ErrorCode::FileUnreadable << QStringLiteral("symbolic link");
        const QString fifo = path(QStringLiteral("fifo.pem"));
        QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
        QTest::newRow("FIFO") << fifo << ErrorCode::FileUnreadable << QStringLiteral("a pipe");
        QTest::newRow("folder") << m_folder.path() << ErrorCode::FileUnreadable
                                << QStringLiteral("a folder");
        QTest::newRow("/dev/zero") << QStringLiteral("/dev/zero") << ErrorCode::FileUnreadable
                                   << QStringLiteral("a device");
        QTest::newRow("/dev/null") << QStringLiteral("/dev/null") << ErrorCode::FileUnreadable
                                   << QStringLiteral("a device");
        QTest::newRow("missing") << path(QStringLiteral("missing.pem")) << ErrorCode::FileNotFound
                                 << QStringLiteral("There is no identity file");
        QTest::newRow("missing folder")
            << path(QStringLiteral("no/such/id.pem")) << ErrorCode::FileNotFound << QString();
        QTest::newRow("file as folder")
            << QString(target + QStringLiteral("/id.pem")) << ErrorCode::FileNotFound << QString();
        QTest::newRow("no name") << QString() << ErrorCode::InvalidArgument << QString();
        QTest::newRow("zero inside")
            << QString(target + QChar(0) + u'x') << ErrorCode::InvalidArgument << QString();
        QTest::newRow("name too long")
            << path(QString(300, u'a')) << ErrorCode::FileUnreadable << QString();
        const QString large = path(QStringLiteral("large.pem"));
        writeFile(large, readFile(target) + QByteArray(65536, '\n'));
        QTest::newRow("more than 64 KiB")
            << large << ErrorCode::FileUnreadable << QStringLiteral("65536");
        const QString empty = path(QStringLiteral("empty.pem"));
        writeFile(empty, {});
        QTest::newRow("empty") << empty << ErrorCode::InvalidPem << QStringLiteral("is empty");
        const QString zeros = path(QStringLiteral("zeros.pem"));
        writeFile(zeros, QByteArray(4096, 0));
        QTest::newRow("zeros, as after a power cut")
            << zeros << ErrorCode::InvalidPem << QStringLiteral("holds no PEM");
        const QString garbage = path(QStringLiteral("garbage.pem"));
        writeFile(garbage, "garbage");
        QTest::newRow("garbage") << garbage << ErrorCode::InvalidPem
                                 << QStringLiteral("holds no PEM");
    }

    void whatIsNoPlainFileIsRefusedWithoutWaiting()
    {
        QFETCH(const QString, file);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, inMessage);
        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, code);
        QVERIFY2(error.message.contains(inMessage), qPrintable(error.message));
        QVERIFY2(error.message.contains(file), qPrintable(error.message));
        // Whatever is there must not be taken for a missing file and written over.
        if (code != ErrorCode::FileNotFound)
            QCOMPARE(Identity::loadOrGenerate(file).error().code, code);
    }

    void aFileOfExactly64KiBIsRead()
    {
        QByteArray pem = withCertificate(Key::generate(KeyKind::Ed25519));
        pem.append(QByteArray(65536 - pem.size(), '\n'));
        const QString file = path(QStringLiteral("64k.pem"));
        writeFile(file, pem);
        const Result<Identity> identity = Identity::load(file);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
    }

    void anExistingFileIsNeverReplaced()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("existing.pem"));
        writeFile(file, "precious");
        const QString dangling = path(QStringLiteral("existing-link.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("elsewhere.pem")), dangling));
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("existing-folder")));

        for (const QString &taken : {file, dangling, path(QStringLiteral("existing-folder"))}) {
            const Error error = identity->save(taken).error();
            QCOMPARE(error.code, ErrorCode::FileExists);
            QVERIFY2(error.message.contains(taken), qPrintable(error.message));
        }
        QCOMPARE(readFile(file), QByteArray("precious"));
        QVERIFY(!QFile::exists(path(QStringLiteral("elsewhere.pem"))));
    }

    void savingLeavesNothingBehindWhenItFails()
    {
        const QString folder = path(QStringLiteral("tidy"));
        QVERIFY(QDir().mkpath(folder));
        const QString file = folder + QStringLiteral("/id.pem");
        writeFile(file, "precious");
        QCOMPARE(Identity::generate()->save(file).error().code, ErrorCode::FileExists);
        QCOMPARE(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("id.pem")});
    }

    void savingIntoAFolderThatIsMissingSaysSo()
    {
        const Error error =
            Identity::generate()->save(path(QStringLiteral("nowhere/id.pem"))).error();
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY2(error.message.contains(QStringLiteral("folder does not exist")),
                 qPrintable(error.message));
    }

    void savingIntoAFolderThatCannotBeWrittenSaysSo()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere, so permissions refuse nothing");
        const QString folder = path(QStringLiteral("readonly"));
        QVERIFY(QDir().mkpath(folder));
        QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0500), 0);
        QCOMPARE(Identity::generate()->save(folder + QStringLiteral("/id.pem")).error().code,
                 ErrorCode::FileWriteFailed);
    }

    void savingToADiskWithoutRoomSaysSoAndLeavesNothingBehind()
    {
        const QString folder = path(QStringLiteral("full"));
        QVERIFY(QDir().mkpath(folder));
        const Result<Identity> identity = Identity::generate();
        // A file size limit fails a write in its middle, as a full disk does.
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit tight = {100, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        const Error error = identity->save(folder + QStringLiteral("/id.pem")).error();
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, oldHandler);
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY(QDir(folder).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void savingWhereNoFileCanBeMadeSaysSo()
    {
        const Error error = Identity::generate()->save(QStringLiteral("/proc/id.pem")).error();
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY(error.message.contains(QStringLiteral("/proc/id.pem")));
    }

    void aRelativeNameIsSavedInTheCurrentFolder()
    {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder.path()));
        const auto back = qScopeGuard([&] { QDir::setCurrent(before); });
        QVERIFY(Identity::generate()->save(QStringLiteral("-relative.pem")).isOk());
        QVERIFY(Identity::load(QStringLiteral("-relative.pem")).isOk());
        QCOMPARE(::chmod("-relative.pem", 0644), 0);
        QVERIFY(Identity::load(QStringLiteral("-relative.pem"))
                    .error()
                    .message.contains(QStringLiteral("chmod 600 './-relative.pem'")));
    }

    // --- First use ------------------------------------------------------------------------------

    void firstUseMakesTheFileAndItsFoldersAndLaterUsesReadIt()
    {
        const QString file = path(QStringLiteral("first/use/id.pem"));
        const mode_t before = ::umask(0);
        const Result<Identity> first = Identity::loadOrGenerate(file, "secret");
        ::umask(before);
        QVERIFY2(first.isOk(), qPrintable(first.error().message));
        QCOMPARE(modeOf(file), mode_t(0600));
        QCOMPARE(modeOf(path(QStringLiteral("first/use"))), mode_t(0700));
        QCOMPARE(modeOf(path(QStringLiteral("first"))), mode_t(0700));

        const Result<Identity> second = Identity::loadOrGenerate(file, "secret");
        QVERIFY2(second.isOk(), qPrintable(second.error().message));
        QVERIFY(second->peerId() == first->peerId());
        QCOMPARE(Identity::loadOrGenerate(file, "wrong").error().code, ErrorCode::WrongPassphrase);
    }

    void aFolderThatCannotBeMadeIsNamed()
    {
        const QString file = path(QStringLiteral("blocker"));
        writeFile(file, {});
        const Error error = Identity::loadOrGenerate(file + QStringLiteral("/sub/id.pem")).error();
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY2(error.message.contains(file + QStringLiteral("/sub")), qPrintable(error.message));
    }

    void threadsThatRaceGetOneIdentity()
    {
        constexpr int Racers = 8;
        for (int round = 0; round < 10; ++round) {
            const QString file = path(QStringLiteral("threads/%1/id.pem").arg(round));
            std::latch start(Racers);
            std::vector<PeerId> ids(Racers);
            std::vector<std::thread> threads;
            threads.reserve(Racers);
            for (int i = 0; i < Racers; ++i) {
                threads.emplace_back([&, i] {
                    start.arrive_and_wait();
                    const Result<Identity> identity = Identity::loadOrGenerate(file);
                    if (identity)
                        ids[size_t(i)] = identity->peerId();
                });
            }
            for (std::thread &thread : threads)
                thread.join();
            for (const PeerId &id : ids) {
                QVERIFY(!id.isNull());
                QVERIFY(id == ids.front());
            }
            QCOMPARE(QDir(QFileInfo(file).path())
                         .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
                         .size(),
                     1);
        }
    }

    void processesThatRaceGetOneIdentity()
    {
        constexpr int Racers = 4;
        for (int round = 0; round < 5; ++round) {
            const QString file = path(QStringLiteral("processes%1/id.pem").arg(round));
            std::vector<std::unique_ptr<QProcess>> racers;
            for (int i = 0; i < Racers; ++i) {
                auto &racer = racers.emplace_back(std::make_unique<QProcess>());
                racer->start(QCoreApplication::applicationFilePath(),
                             {QLatin1String(RacerArgument), file});
                QVERIFY(racer->waitForStarted());
            }
            for (auto &racer : racers)
                QVERIFY(racer->waitForReadyRead()); // it is at the start
            for (auto &racer : racers)
                racer->closeWriteChannel(); // go
            QStringList ids;
            for (auto &racer : racers) {
                QVERIFY(racer->waitForFinished());
                QCOMPARE(racer->exitCode(), 0);
                ids.append(QString::fromLatin1(racer->readAllStandardOutput()));
            }
            QVERIFY2(ids.constFirst().size() > PeerId::TextSize, qPrintable(ids.constFirst()));
            ids.removeDuplicates();
            QCOMPARE(ids.size(), 1);
        }
    }
};

//! One of the processes that race: says that it is ready, waits until its input is closed, and then
//! says who it is.
static int race(const QString &fileName)
{
    QFile out;
    QFile in;
    if (!out.open(STDOUT_FILENO, QFile::WriteOnly | QFile::Unbuffered)
        || !in.open(STDIN_FILENO, QFile::ReadOnly))
        return 2;
    out.write("ready\n");
    in.readAll();
    const Result<Identity> identity = Identity::loadOrGenerate(fileName);
    out.write((identity ? identity->peerId().toString() : identity.error().message).toUtf8());
    return identity ? 0 : 1;
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QLatin1String(argv[1]) == QLatin1String(RacerArgument))
        return race(QCoreApplication::arguments().at(2));
    tst_Identity test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_identity.moc"
