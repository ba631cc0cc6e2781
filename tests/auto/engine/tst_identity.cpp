// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Identities: what is made, its peer id, and the file that the first use makes, also when programs race.

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/identity.h>
#include <shared/engine/certificates.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <latch>
#include <thread>
#include <vector>

#include <sys/stat.h>
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
