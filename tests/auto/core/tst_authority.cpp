// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A private authority: what it signs, for how long, and who accepts it.
#include <shared/engine/certificates.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/peeraddress.h>

#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using std::chrono::days;

namespace {

const QDateTime now = QDateTime::fromSecsSinceEpoch(1'780'272'000, Qt::UTC); // 2026-06-01

CertificateInfo infoOf(const QByteArray &pem)
{
    return CertificateInfo::fromDer(QSslCertificate(pem).toDer()).value();
}

Authority friends()
{
    static const Authority authority = Authority::create(u"friends"_s, now).value();
    return authority;
}

Authority::Terms termsFor(const QString &peer)
{
    Authority::Terms terms;
    terms.peerName = peer;
    terms.now = now;
    return terms;
}

} // namespace

class tst_Authority : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNewAuthorityMaySignAndNothingElse();
    void anIssuedIdentityCarriesItsNames();
    void aNumberIsANameAndNoAddress();
    void moreNamesThanPeersAcceptAreRefused();
    void itsPeersAreAcceptedAndNobodyElse();
    void datesOfTheSameDayHaveTheirTimes();
    void aKeyMayStayWithThePeer();
    void onlyItsOwnCertificatesFitAKey();
    void certificatesEndWithTheAuthority();
    void anExpiredAuthorityIssuesNothing();
    void namesThatCannotStandInACertificateAreRefused_data();
    void namesThatCannotStandInACertificateAreRefused();
    void itsFileIsPrivateAndReadsBack();
    void aPassphraseProtectsIt();
    void anAuthorityIsNoPeerAndAPeerNoAuthority();
    void whatIsNoCertificateGetsNone_data();
    void whatIsNoCertificateGetsNone();
    void aWeakKeyGetsNoCertificate();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void tst_Authority::aNewAuthorityMaySignAndNothingElse()
{
    const CertificateInfo info = infoOf(friends().certificatePem());
    QCOMPARE(info.subject, u"CN=friends"_s);
    QVERIFY(info.isAuthority);
    QVERIFY(info.isSelfSigned);
    QVERIFY(info.names.isEmpty());
    QCOMPARE(info.key, u"Ed25519"_s);
    QCOMPARE(info.validFrom, now.addDays(-1));
    QCOMPARE(info.validUntil, now.addDays(20 * 365));
    QCOMPARE(friends().name(), u"friends"_s);
    QCOMPARE(friends().validUntil(), info.validUntil);
    QVERIFY(!friends().certificatePem().contains("PRIVATE"));
    QVERIFY(infoOf(Authority::create(u"friends"_s, now)->certificatePem()).serialNumber
            != info.serialNumber);
}

void tst_Authority::anIssuedIdentityCarriesItsNames()
{
    Authority::Terms terms = termsFor(u"anna"_s);
    terms.furtherNames = {u"anna.example"_s, u"192.0.2.7"_s, u"2001:db8::7"_s, u"friends"_s};
    const Result<Identity> anna = friends().issue(terms);
    QVERIFY2(anna, qPrintable(anna.error().message));
    const CertificateInfo info = infoOf(anna->certificatePem());
    QCOMPARE(info.names,
             (QStringList{u"friends"_s, u"anna"_s, u"anna.example"_s, u"192.0.2.7"_s,
                          u"2001:db8::7"_s}));
    QCOMPARE(info.issuer, u"CN=friends"_s);
    QVERIFY(!info.isAuthority && !info.isSelfSigned);
    QCOMPARE(info.peerId, anna->peerId());
    QCOMPARE(info.validFrom, now.addDays(-1));
    QCOMPARE(info.validUntil, now.addDays(825));
    QCOMPARE(anna->certificates().size(), 1);
}

void tst_Authority::aNumberIsANameAndNoAddress()
{
    Authority::Terms terms = termsFor(u"7"_s);
    terms.furtherNames = {u"10.1"_s};
    const auto issued = Authority::create(u"2024"_s, now)->issue(terms);
    QVERIFY2(issued, qPrintable(issued.error().message));
    QCOMPARE(infoOf(issued->certificatePem()).names, (QStringList{u"2024"_s, u"7"_s, u"10.1"_s}));
}

void tst_Authority::moreNamesThanPeersAcceptAreRefused()
{
    Authority::Terms terms = termsFor(u"anna"_s);
    for (int i = 0; i < 150; ++i)
        terms.furtherNames.append(
            u"a-rather-long-name-for-a-host-among-many-others-%1.example"_s.arg(i));
    QCOMPARE(friends().issue(terms).error().code, ErrorCode::InvalidArgument);
}

void tst_Authority::itsPeersAreAcceptedAndNobodyElse()
{
    const Authority others = Authority::create(u"friends"_s, now).value(); // the same name
    const auto write = [&](const QString &name, const QByteArray &content) {
        QFile file(path(name));
        return file.open(QFile::WriteOnly) && file.write(content) == content.size();
    };
    QVERIFY(write(u"crt"_s, friends().certificatePem()));
    const auto policy = CertificatePolicy::privateAuthority({path(u"crt"_s)}, u"friends"_s);
    const PeerAddress anywhere(QHostAddress(QHostAddress::LocalHost), 1);
    const auto verified = [&](const Identity &identity, const QDateTime &when) {
        return policy.verify(identity.certificates(), anywhere, when).error().code;
    };
    const Identity anna = friends().issue(termsFor(u"anna"_s)).value();
    QCOMPARE(verified(anna, now), ErrorCode::None);
    QCOMPARE(verified(anna, now.addSecs(-3600)), ErrorCode::None); // a clock that is late
    QCOMPARE(verified(anna, now.addDays(-2)), ErrorCode::CertificateNotYetValid);
    QCOMPARE(verified(anna, now.addDays(826)), ErrorCode::CertificateExpired);
    QVERIFY(verified(others.issue(termsFor(u"anna"_s)).value(), now) != ErrorCode::None);
    QCOMPARE(verified(Identity::generate().value(), now), ErrorCode::CertificateSelfSigned);
}

void tst_Authority::datesOfTheSameDayHaveTheirTimes()
{
    QFile file(path(u"dates"_s));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(friends().certificatePem()) > 0);
    file.close();
    const auto policy = CertificatePolicy::privateAuthority({file.fileName()}, u"friends"_s);
    const Identity anna = friends().issue(termsFor(u"anna"_s)).value();
    const QDateTime end = CertificateInfo::fromDer(anna.certificates().first())->validUntil.toUTC();
    const auto message = [&](const QDateTime &when) {
        return policy
            .verify(anna.certificates(), PeerAddress(QHostAddress(QHostAddress::LocalHost), 1), when)
            .error()
            .message;
    };
    const auto shown = [](const QDateTime &time) -> QString {
        return time.toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC";
    };
    // One second later is the same day, unless the certificate ends with the day.
    const QDateTime second = end.addSecs(1);
    const QString soon = message(second);
    if (second.date() == end.date())
        QVERIFY2(soon.contains(shown(end)) && soon.contains(shown(second)), qPrintable(soon));
    const QString later = message(end.addDays(1));
    QVERIFY2(later.contains(u"expired on "_s + end.toString(u"yyyy-MM-dd"_s) + u", and"),
             qPrintable(later));
    QVERIFY2(!later.contains(u"UTC"_s), qPrintable(later));
}

void tst_Authority::aKeyMayStayWithThePeer()
{
    const Identity own = Identity::generate().value();
    const Result<QByteArray> pem = friends().issueFor(own.certificatePem(), termsFor(u"ben"_s));
    QVERIFY2(pem, qPrintable(pem.error().message));
    QVERIFY(!pem->contains("PRIVATE"));
    const Result<Identity> ben = own.withCertificates(*pem);
    QVERIFY2(ben, qPrintable(ben.error().message));
    QCOMPARE(ben->peerId(), own.peerId());
    QCOMPARE(ben->privateKeyDer(), own.privateKeyDer());
    QCOMPARE(ben->certificatePem(), *pem);
}

void tst_Authority::onlyItsOwnCertificatesFitAKey()
{
    const Identity own = Identity::generate().value();
    const QByteArray other = friends().issue(termsFor(u"eve"_s))->certificatePem();
    QCOMPARE(own.withCertificates(other).error().code, ErrorCode::KeyMismatch);
    QCOMPARE(own.withCertificates("garbage").error().code, ErrorCode::InvalidPem);
    QCOMPARE(own.withCertificates({}).error().code, ErrorCode::InvalidPem);
    QCOMPARE(Identity().withCertificates(other).error().code, ErrorCode::WrongState);
}

void tst_Authority::certificatesEndWithTheAuthority()
{
    const auto end = [&](int validity, const QDateTime &when) {
        Authority::Terms terms = termsFor(u"anna"_s);
        terms.validity = days(validity);
        terms.now = when;
        return infoOf(friends().issue(terms)->certificatePem()).validUntil;
    };
    QCOMPARE(end(1, now), now.addDays(1));
    QCOMPARE(end(36'500, now), friends().validUntil());
    QCOMPARE(end(825, now.addDays(20 * 365 - 10)), friends().validUntil());
    Authority::Terms none = termsFor(u"anna"_s);
    none.validity = days(0);
    QCOMPARE(friends().issue(none).error().code, ErrorCode::InvalidArgument);
}

void tst_Authority::anExpiredAuthorityIssuesNothing()
{
    Authority::Terms terms = termsFor(u"anna"_s);
    terms.now = friends().validUntil();
    const Error error = friends().issue(terms).error();
    QCOMPARE(error.code, ErrorCode::WrongState);
    QVERIFY(error.message.contains(u"expired"_s));
    QCOMPARE(Authority().issue(termsFor(u"anna"_s)).error().code, ErrorCode::WrongState);
}

void tst_Authority::namesThatCannotStandInACertificateAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("plain") << u"friends"_s << true;
    QTest::newRow("all kinds") << u"My-Net_2.example"_s << true;
    QTest::newRow("64 letters") << QString(QString(32, u'a') + u'.' + QString(31, u'a')) << true;
    QTest::newRow("65 letters") << QString(QString(32, u'a') + u'.' + QString(32, u'a')) << false;
    QTest::newRow("a label of 64") << QString(64, u'a') << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("a space") << u"my friends"_s << false;
    QTest::newRow("a slash") << u"../friends"_s << false;
    QTest::newRow("an umlaut") << u"fründe"_s << false;
    QTest::newRow("a wildcard") << u"*.friends"_s << false;
    QTest::newRow("a zero") << QString(u"a"_s + QChar::Null) << false;
    QTest::newRow("two dots") << u"a..b"_s << false;
    QTest::newRow("a dot at the end") << u"a."_s << false;
}

void tst_Authority::namesThatCannotStandInACertificateAreRefused()
{
    QFETCH(const QString, name);
    QFETCH(const bool, accepted);
    const auto expected = accepted ? ErrorCode::None : ErrorCode::InvalidArgument;
    QCOMPARE(Authority::create(name, now).error().code, expected);
    QCOMPARE(friends().issue(termsFor(name)).error().code, expected);
    Authority::Terms terms = termsFor(u"anna"_s);
    terms.furtherNames = {name};
    QCOMPARE(friends().issue(terms).error().code, expected);
}

void tst_Authority::itsFileIsPrivateAndReadsBack()
{
    const QString file = path(u"plain"_s);
    QVERIFY(friends().save(file).isOk());
    QCOMPARE(QFileInfo(file).permissions() & ~(QFile::ReadUser | QFile::WriteUser),
             QFile::ReadOwner | QFile::WriteOwner);
    QCOMPARE(friends().save(file).error().code, ErrorCode::FileExists);
    const Result<Authority> loaded = Authority::load(file);
    QVERIFY2(loaded, qPrintable(loaded.error().message));
    QCOMPARE(loaded->certificatePem(), friends().certificatePem());
    QVERIFY(loaded->issue(termsFor(u"anna"_s)).isOk());
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::ReadOther));
    QCOMPARE(Authority::load(file).error().code, ErrorCode::FilePermissions);
    QCOMPARE(Authority::load(path(u"missing"_s)).error().code, ErrorCode::FileNotFound);
    QCOMPARE(Authority().save(path(u"null"_s)).error().code, ErrorCode::InvalidArgument);
}

void tst_Authority::aPassphraseProtectsIt()
{
    const QString file = path(u"encrypted"_s);
    QVERIFY(friends().save(file, "secret").isOk());
    QVERIFY(Authority::load(file, "secret").isOk());
    QCOMPARE(Authority::load(file, "Secret").error().code, ErrorCode::WrongPassphrase);
    QCOMPARE(Authority::load(file).error().code, ErrorCode::WrongPassphrase);
}

void tst_Authority::anAuthorityIsNoPeerAndAPeerNoAuthority()
{
    QVERIFY(friends().save(path(u"authority"_s)).isOk());
    const Error asPeer = Identity::load(path(u"authority"_s)).error();
    QCOMPARE(asPeer.code, ErrorCode::InvalidPem);
    QVERIFY2(asPeer.message.contains(u"authority"_s), qPrintable(asPeer.message));
    QVERIFY(friends().issue(termsFor(u"anna"_s))->save(path(u"peer"_s)).isOk());
    const Error asAuthority = Authority::load(path(u"peer"_s)).error();
    QCOMPARE(asAuthority.code, ErrorCode::InvalidPem);
    QVERIFY2(asAuthority.message.contains(u"peer"_s), qPrintable(asAuthority.message));
}

void tst_Authority::whatIsNoCertificateGetsNone_data()
{
    QTest::addColumn<QByteArray>("pem");
    const QByteArray good = Identity::generate()->certificatePem();
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("please");
    QTest::newRow("half") << good.left(good.size() / 2);
    QTest::newRow("garbage in PEM")
        << QByteArray("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    QTest::newRow("a key") << Key::generate(KeyKind::Ed25519).pem;
    QTest::newRow("a key too") << QByteArray(good + Key::generate(KeyKind::Ed25519).pem);
    QTest::newRow("too many") << good.repeated(5);
    QTest::newRow("too much") << QByteArray(good + QByteArray(100'000, '\n'));
}

void tst_Authority::whatIsNoCertificateGetsNone()
{
    QFETCH(const QByteArray, pem);
    const Error error = friends().issueFor(pem, termsFor(u"anna"_s)).error();
    QVERIFY2(error.code == ErrorCode::InvalidPem || error.code == ErrorCode::CertificateMalformed,
             qPrintable(error.message));
}

void tst_Authority::aWeakKeyGetsNoCertificate()
{
    const QByteArray pem = makeCertificate(Key::generate(KeyKind::Rsa1024)).pem;
    QCOMPARE(friends().issueFor(pem, termsFor(u"anna"_s)).error().code, ErrorCode::UnsupportedKey);
}

QTEST_GUILESS_MAIN(tst_Authority)
#include "tst_authority.moc"
