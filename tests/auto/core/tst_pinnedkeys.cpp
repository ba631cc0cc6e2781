// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A remembered node with another key is the same one only where an authority has signed the same name for both.

#include <qp2pcore/authority.h>
#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/peering/pinnedkeys.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;

namespace {

PeerAddress addressOf(int host, quint16 port = 12000)
{
    return PeerAddress(QHostAddress(0x0b000000u + quint32(host)), port);
}

Identity issued(const Authority &authority, const QString &name)
{
    Authority::Terms terms;
    terms.peerName = name;
    return authority.issue(terms).value();
}

BootstrapCache::Entry remembered(const Identity &identity, const QList<PeerAddress> &addresses)
{
    BootstrapCache::Entry entry;
    entry.peerId = identity.peerId();
    entry.addresses = addresses;
    entry.certificate = identity.certificates().value(0);
    return entry;
}

} // namespace

class tst_PinnedKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameNameOfTheAuthorityRenewsTheKey();
    void anythingElseRenewsNothing_data();
    void anythingElseRenewsNothing();
    void predecessorIsTheNodeAtThatAddress();
    void renewedNodeHasNoPredecessor();

private:
    QTemporaryDir m_folder;
    Authority m_authority;
    CertificatePolicy m_policy;
};

void tst_PinnedKeys::initTestCase()
{
    m_authority = Authority::create(u"friends"_s).value();
    QFile file(m_folder.filePath(u"authority.pem"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(m_authority.certificatePem());
    file.close();
    m_policy = CertificatePolicy::privateAuthority({file.fileName()});
}

void tst_PinnedKeys::sameNameOfTheAuthorityRenewsTheKey()
{
    const Identity before = issued(m_authority, u"anna"_s);
    const Identity after = issued(m_authority, u"anna"_s);
    QVERIFY(before.peerId() != after.peerId());
    QCOMPARE(renewedKey(remembered(before, {addressOf(1)}), after.certificates(), m_policy,
                        QDateTime::currentDateTimeUtc()),
             after.peerId());
}

void tst_PinnedKeys::anythingElseRenewsNothing_data()
{
    QTest::addColumn<Identity>("after");
    QTest::addColumn<bool>("hasCertificate");
    QTest::addColumn<CertificatePolicy>("policy");

    const Identity anna = issued(m_authority, u"anna"_s);
    const Authority other = Authority::create(u"friends"_s).value();
    QTest::newRow("another name") << issued(m_authority, u"berta"_s) << true << m_policy;
    QTest::newRow("another authority") << issued(other, u"anna"_s) << true << m_policy;
    QTest::newRow("nothing remembered") << anna << false << m_policy;
    QTest::newRow("no authority counts") << anna << true << CertificatePolicy::encryptOnly();
    QTest::newRow("no certificate") << Identity() << true << m_policy;
}

void tst_PinnedKeys::anythingElseRenewsNothing()
{
    QFETCH(const Identity, after);
    QFETCH(const bool, hasCertificate);
    QFETCH(const CertificatePolicy, policy);
    BootstrapCache::Entry known = remembered(issued(m_authority, u"anna"_s), {addressOf(1)});
    if (!hasCertificate)
        known.certificate.clear();
    const QList<QByteArray> chain = after.isNull() ? QList<QByteArray>() : after.certificates();
    QVERIFY(renewedKey(known, chain, policy, QDateTime::currentDateTimeUtc()).isNull());
}

void tst_PinnedKeys::predecessorIsTheNodeAtThatAddress()
{
    const Identity first = Identity::generate().value();
    const Identity second = Identity::generate().value();
    const QByteArray certificate = Identity::generate().value().certificates().value(0);
    const QList<BootstrapCache::Entry> entries{
        remembered(first, {addressOf(1)}),
        remembered(second, {addressOf(2), addressOf(3), addressOf(4)})};
    const auto at = [&](const PeerAddress &address) {
        return predecessorAt(entries, address, certificate, CertificateMode::EncryptOnly);
    };
    QVERIFY(!at(addressOf(5)));
    QVERIFY(!at(addressOf(1, 12001)));
    QCOMPARE(at(addressOf(1))->peerId, first.peerId());
    const auto found = at(addressOf(3));
    QCOMPARE(found->peerId, second.peerId());
    QCOMPARE(found->addresses.first(), addressOf(3));
    QCOMPARE(found->addresses.size(), 3);
}

void tst_PinnedKeys::renewedNodeHasNoPredecessor()
{
    const QList<BootstrapCache::Entry> entries{
        remembered(issued(m_authority, u"anna"_s), {addressOf(1)})};
    const auto foundFor = [&](const QString &name, CertificateMode mode) {
        return predecessorAt(entries, addressOf(1),
                             issued(m_authority, name).certificates().value(0), mode)
            .has_value();
    };
    QVERIFY(!foundFor(u"anna"_s, CertificateMode::PrivateAuthority));
    QVERIFY(foundFor(u"berta"_s, CertificateMode::PrivateAuthority));
    QVERIFY(foundFor(u"anna"_s, CertificateMode::EncryptOnly));
}

QTEST_GUILESS_MAIN(tst_PinnedKeys)

#include "tst_pinnedkeys.moc"
