// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Names in certificates: read within limits, and compared as bytes.
#include <shared/engine/certificates.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/certificatetext.h>

#include <QTest>

using namespace Qp2p::Engine;
using namespace Qp2p::Test;

class tst_CertificateText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aZeroDoesNotEndAName();
    void anEmptyNameIsNoName();
    void namesAndAddressesAreRead();
    void moreNamesThanTheLimitAreNotRead_data();
    void moreNamesThanTheLimitAreNotRead();
    void longSubjectsAreShortened();
};

void tst_CertificateText::aZeroDoesNotEndAName()
{
    const QByteArray trick("a.example\0.b", 12); // CVE-2009-2408
    QVERIFY(findName({trick}, "a.example", Wildcards::Accepted).isEmpty());
    QVERIFY(findName({"a.example"}, trick, Wildcards::Accepted).isEmpty());
    QCOMPARE(findName({trick, "A.example"}, "a.example", Wildcards::Accepted), "A.example");
}

void tst_CertificateText::anEmptyNameIsNoName()
{
    QVERIFY(findName({""}, "", Wildcards::Accepted).isEmpty());
    QVERIFY(findName({"*.a.b"}, ".a.b", Wildcards::Accepted).isEmpty());
    QVERIFY(findName({"*.a.b"}, "x.a.b", Wildcards::Refused).isEmpty());
}

void tst_CertificateText::namesAndAddressesAreRead()
{
    CertificateRequest request;
    request.dnsNames = {"one.example", "two.example"};
    request.ipAddresses = {QByteArray(4, '\x7f'), QByteArray(16, '\x01')};
    const auto certificate = importCertificate(
        makeCertificate(Key::generate(KeyKind::Ed25519), request).der);
    const AlternativeNames names = alternativeNames(certificate->get());
    QVERIFY(names.readable);
    QCOMPARE(names.dnsNames, request.dnsNames);
    QCOMPARE(names.ipAddresses, request.ipAddresses);
}

void tst_CertificateText::moreNamesThanTheLimitAreNotRead_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("readable");
    QTest::addRow("one") << 1 << true;
    QTest::addRow("as many as may be") << int(AlternativeNames::MaxCount) << true;
    QTest::addRow("one more") << int(AlternativeNames::MaxCount) + 1 << false;
    QTest::addRow("as many as fit") << 1900 << false;
}

void tst_CertificateText::moreNamesThanTheLimitAreNotRead()
{
    QFETCH(const int, count);
    QFETCH(const bool, readable);
    CertificateRequest request;
    const QByteArray names = QByteArray("\x82\x02"
                                        "ab")
                                 .repeated(count);
    const auto size = quint16(names.size());
    request.extensions = {
        {"2.5.29.17", QByteArray("\x30\x82", 2) + char(size >> 8) + char(size & 0xff) + names}};
    const auto certificate = importCertificate(
        makeCertificate(Key::generate(KeyKind::Ed25519), request).der);
    QVERIFY2(certificate, qPrintable(certificate.error().message));
    const AlternativeNames found = alternativeNames(certificate->get());
    QCOMPARE(found.readable, readable);
    QCOMPARE(found.dnsNames.size(), readable ? count : 0);
}

void tst_CertificateText::longSubjectsAreShortened()
{
    CertificateRequest request;
    request.commonName = "short";
    const auto named = [&] {
        return subjectText(
            importCertificate(makeCertificate(Key::generate(KeyKind::Ed25519), request).der)->get());
    };
    QCOMPARE(named(), QStringLiteral("CN=short"));
    request.commonName = QByteArray(1000, 'x');
    QVERIFY(named().size() <= 201);
}

QTEST_GUILESS_MAIN(tst_CertificateText)
#include "tst_certificatetext.moc"
