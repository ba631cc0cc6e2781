// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a connection ends: what a peer's reason becomes for people, and what this side sends as its own.

#include <qp2pcore/engine/pendingclose.h>
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

    // PendingClose
    void nothingIsPendingAtFirst();
    void whatThePeerIsSent_data();
    void whatThePeerIsSent();
    void theLatestReasonCounts();
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

enum class Kind { Application, Transport, Alert };

void set(PendingClose &pending, Kind kind, const QByteArray &reason)
{
    const Error cause(ErrorCode::Misbehaviour, QString::fromLatin1(reason));
    if (kind == Kind::Application)
        pending.setApplicationError(4711, reason, cause);
    else if (kind == Kind::Transport)
        pending.setTransportError(NGTCP2_PROTOCOL_VIOLATION, cause);
    else
        pending.setTlsAlert(42, reason, cause);
}

QByteArray sentReason(const PendingClose &pending)
{
    return QByteArray(reinterpret_cast<const char *>(pending.ccerr()->reason),
                      qsizetype(pending.ccerr()->reasonlen));
}

} // namespace

Q_DECLARE_METATYPE(Kind)

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

void tst_SessionErrors::nothingIsPendingAtFirst()
{
    const PendingClose pending;
    QVERIFY(!pending.isSet());
    QVERIFY(!pending.ccerr());
    QVERIFY(!pending.cause().isError());
}

void tst_SessionErrors::whatThePeerIsSent_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<int>("type");
    QTest::addColumn<quint64>("code");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("application error")
        << Kind::Application << QByteArray("enough") << int(NGTCP2_CCERR_TYPE_APPLICATION)
        << quint64(4711) << QByteArray("enough");
    QTest::newRow("application error without a reason")
        << Kind::Application << QByteArray() << int(NGTCP2_CCERR_TYPE_APPLICATION) << quint64(4711)
        << QByteArray();
    // Its reason is for this side alone.
    QTest::newRow("transport error")
        << Kind::Transport << QByteArray("broken") << int(NGTCP2_CCERR_TYPE_TRANSPORT)
        << quint64(NGTCP2_PROTOCOL_VIOLATION) << QByteArray();
    QTest::newRow("alert") << Kind::Alert << QByteArray("CertificateExpired")
                           << int(NGTCP2_CCERR_TYPE_TRANSPORT) << quint64(NGTCP2_CRYPTO_ERROR + 42)
                           << QByteArray("CertificateExpired");
}

void tst_SessionErrors::whatThePeerIsSent()
{
    QFETCH(Kind, kind);
    QFETCH(QByteArray, reason);
    QFETCH(int, type);
    QFETCH(quint64, code);
    QFETCH(QByteArray, sent);
    PendingClose pending;
    {
        const QByteArray passing(reason.constData(), reason.size()); // it must be copied or kept
        set(pending, kind, passing);
    }
    QVERIFY(pending.isSet());
    QCOMPARE(int(pending.ccerr()->type), type);
    QCOMPARE(pending.ccerr()->error_code, code);
    QCOMPARE(sentReason(pending), sent);
    QCOMPARE(pending.cause().message, QString::fromLatin1(reason));
}

void tst_SessionErrors::theLatestReasonCounts()
{
    PendingClose pending;
    set(pending, Kind::Application, "a long reason of the first");
    set(pending, Kind::Alert, "second");
    QCOMPARE(pending.ccerr()->error_code, quint64(NGTCP2_CRYPTO_ERROR + 42));
    QCOMPARE(sentReason(pending), QByteArray("second"));
    QCOMPARE(pending.cause().message, QStringLiteral("second"));
}

QTEST_GUILESS_MAIN(tst_SessionErrors)
#include "tst_sessionerrors.moc"
