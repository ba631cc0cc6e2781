// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer gives as its reason becomes a sentence that does not contradict itself.

#include <qp2pcore/engine/sessionerrors.h>
#include <qp2pcore/result.h>

#include <QObject>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;

class tst_SessionErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCertificateThatIsNotYetValidHasNotExpired();
    void anExpiredCertificateHasExpired();
};

namespace {

Error causeOf(const QByteArray &reason)
{
    constexpr quint64 certificateExpired = 45; // RFC 8446 section 6: for both ends of its time
    ngtcp2_ccerr close;
    ngtcp2_ccerr_default(&close);
    ngtcp2_ccerr_set_transport_error(&close, NGTCP2_CRYPTO_ERROR + certificateExpired,
                                     reinterpret_cast<const uint8_t *>(reason.constData()),
                                     size_t(reason.size()));
    return causeOfPeerClose(close);
}

} // namespace

void tst_SessionErrors::aCertificateThatIsNotYetValidHasNotExpired()
{
    const Error error = causeOf("CertificateNotYetValid");
    QCOMPARE(error.code, ErrorCode::CertificateRejected);
    QVERIFY2(error.message.contains(QStringLiteral("not valid yet")), qPrintable(error.message));
    QVERIFY2(!error.message.contains(QStringLiteral("expired")), qPrintable(error.message));
    QVERIFY2(!error.message.contains(QStringLiteral("NotYetValid")), qPrintable(error.message));
    QCOMPARE(error.closeReason, QStringLiteral("CertificateNotYetValid")); // for programs
}

void tst_SessionErrors::anExpiredCertificateHasExpired()
{
    const Error error = causeOf("CertificateExpired");
    QVERIFY2(error.message.contains(QStringLiteral("expired")), qPrintable(error.message));
}

QTEST_GUILESS_MAIN(tst_SessionErrors)
#include "tst_sessionerrors.moc"
