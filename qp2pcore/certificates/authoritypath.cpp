// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/authoritypath.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/certificatetext.h>

#include <gnutls/x509-ext.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace Qp2p::Engine {

namespace {

using PurposesHandle = Handle<gnutls_x509_key_purposes_t, gnutls_x509_key_purpose_deinit>;

constexpr char ExtendedKeyUsage[] = "2.5.29.37";

QByteArray derOf(gnutls_x509_crt_t certificate)
{
    OwnedDatum der;
    return gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, der.out()) < 0
        ? QByteArray()
        : der.toByteArray();
}

//! One signature that GnuTLS has looked at.
struct Step
{
    QByteArray certificate;
    QByteArray issuer; //!< empty where none was found
    QString subject;
    unsigned status = 0; //!< GNUTLS_CERT_…
};

//! GnuTLS reports to a function without any context, during the call and in the same thread.
thread_local std::vector<Step> *steps = nullptr;

int recordStep(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer, gnutls_x509_crl_t,
               unsigned status)
{
    if (steps && certificate)
        steps->push_back({derOf(certificate), issuer ? derOf(issuer) : QByteArray(),
                          subjectText(certificate), status});
    return 0;
}

Error refusal(ErrorCode code, const QString &text, const QString &subject)
{
    return Error(code, text.arg(subject.isEmpty() ? QStringLiteral("without a name") : subject));
}

//! In the order of what says most.
Error errorFor(unsigned status, const QString &subject, bool selfSigned)
{
    if (status & GNUTLS_CERT_SIGNATURE_FAILURE)
        return refusal(
            ErrorCode::CertificateBadSignature,
            QStringLiteral(
                "The signature of the peer's certificate \"%1\" is not that of its issuer: the "
                "certificate is forged or damaged. Do not trust it; ask the peer's operator."),
            subject);
    if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
        return refusal(
            ErrorCode::CertificateWeakSignature,
            QStringLiteral("The signature of the peer's certificate \"%1\" is too weak. It "
                           "needs one with SHA-256 or better by a key of at least 112 "
                           "bits of strength."),
            subject);
    if (status & (GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE))
        return refusal(
            ErrorCode::CertificateIssuerNotAllowed,
            QStringLiteral("The peer's certificate \"%1\" was signed by one that may not sign it: "
                           "it is no authority, or one for other names or shorter chains. The peer "
                           "needs a certificate of an authority."),
            subject);
    if (status & GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS)
        return refusal(ErrorCode::CertificateMalformed,
                       QStringLiteral("The peer's certificate \"%1\" has a critical extension that "
                                      "this program does not know. The peer needs one without it."),
                       subject);
    if (status & GNUTLS_CERT_SIGNER_NOT_FOUND) {
        if (selfSigned)
            return refusal(
                ErrorCode::CertificateSelfSigned,
                QStringLiteral("The peer has signed its certificate \"%1\" itself, and an "
                               "authority is asked for. It needs a certificate of one "
                               "that this side trusts."),
                subject);
        return refusal(
            ErrorCode::CertificateUnknownAuthority,
            QStringLiteral("The peer's certificate \"%1\" was signed by an authority that "
                           "this side does not trust. Check which authority the network "
                           "uses."),
            subject);
    }
    return refusal(ErrorCode::CertificateUnknownAuthority,
                   QStringLiteral("No authority that this side trusts issued the peer's "
                                  "certificate \"%1\". Check which authority the network uses."),
                   subject);
}

//! "2026-06-01", or "2026-06-01 12:30:05 UTC" where \a other is a time of the same day.
QString date(qint64 seconds, qint64 other)
{
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const sys_days midnight = floor<days>(time);
    const year_month_day day{midnight};
    const QString text = QStringLiteral("%1-%2-%3")
                             .arg(int(day.year()), 4, 10, QLatin1Char('0'))
                             .arg(unsigned(day.month()), 2, 10, QLatin1Char('0'))
                             .arg(unsigned(day.day()), 2, 10, QLatin1Char('0'));
    if (midnight != floor<days>(sys_seconds(std::chrono::seconds(other))))
        return text;
    const hh_mm_ss clock(time - midnight);
    return QStringLiteral("%1 %2:%3:%4 UTC")
        .arg(text)
        .arg(qint64(clock.hours().count()), 2, 10, QLatin1Char('0'))
        .arg(qint64(clock.minutes().count()), 2, 10, QLatin1Char('0'))
        .arg(qint64(clock.seconds().count()), 2, 10, QLatin1Char('0'));
}

//! When it expires.
Result<std::chrono::sys_seconds> checkDates(gnutls_x509_crt_t certificate, qint64 now)
{
    const std::time_t from = gnutls_x509_crt_get_activation_time(certificate);
    const std::time_t until = gnutls_x509_crt_get_expiration_time(certificate);
    if (from == std::time_t(-1) || until == std::time_t(-1))
        return refusal(
            ErrorCode::CertificateMalformed,
            QStringLiteral(
                "The dates of the certificate \"%1\" cannot be read. It must be issued again."),
            subjectText(certificate));
    if (now < from)
        return refusal(
            ErrorCode::CertificateNotYetValid,
            QStringLiteral("The certificate \"%1\" is valid only from %2, and it is %3 here. "
                           "Check the clocks of both sides.")
                .arg(QStringLiteral("%1"), date(from, now), date(now, from)),
            subjectText(certificate));
    if (now > until)
        return refusal(ErrorCode::CertificateExpired,
                       QStringLiteral("The certificate \"%1\" expired on %2, and it is %3 here. It "
                                      "must be renewed; or check the clocks of both sides.")
                           .arg(QStringLiteral("%1"), date(until, now), date(now, until)),
                       subjectText(certificate));
    return std::chrono::sys_seconds(std::chrono::seconds(until));
}

//! A peer is both server and client, and public authorities no longer issue certificates for clients:
//! either will do. A certificate without the extension is for everything (RFC 5280 section 4.2.1.12).
Result<void> checkPurpose(gnutls_x509_crt_t certificate)
{
    const Error wrong = refusal(
        ErrorCode::CertificateWrongPurpose,
        QStringLiteral(
            "The certificate \"%1\" is for another purpose than to prove the identity of a "
            "server or client of TLS. The peer needs one with serverAuth or clientAuth."),
        subjectText(certificate));
    OwnedDatum extension;
    unsigned critical = 0;
    const int rv = gnutls_x509_crt_get_extension_by_oid2(certificate, ExtendedKeyUsage, 0,
                                                         extension.out(), &critical);
    if (rv == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return {};
    const auto purposes = makeHandle<PurposesHandle>(gnutls_x509_key_purpose_init);
    if (rv < 0 || !purposes
        || gnutls_x509_ext_import_key_purposes(extension.get(), purposes.get(), 0) < 0)
        return wrong;
    constexpr unsigned MaxPurposes = 64;
    for (unsigned i = 0; i < MaxPurposes; ++i) {
        gnutls_datum_t oid{nullptr, 0};
        if (gnutls_x509_key_purpose_get(purposes.get(), i, &oid) < 0)
            break;
        const QByteArrayView name(oid.data, qsizetype(oid.size));
        for (const char *accepted :
             {GNUTLS_KP_TLS_WWW_SERVER, GNUTLS_KP_TLS_WWW_CLIENT, GNUTLS_KP_ANY}) {
            if (name == QByteArrayView(accepted))
                return {};
        }
    }
    return wrong;
}

//! What its extensions say that the leaf is for.
Result<void> checkLeafUse(gnutls_x509_crt_t leaf)
{
    const int authority = gnutls_x509_crt_get_ca_status(leaf, nullptr);
    unsigned usage = 0;
    const int usageFound = gnutls_x509_crt_get_key_usage(leaf, &usage, nullptr);
    // What cannot be read is no reason to take the leaf for what it should be.
    for (const int rv : {authority, usageFound}) {
        if (rv < 0 && rv != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return refusal(ErrorCode::CertificateMalformed,
                           QStringLiteral("The extensions of the peer's certificate \"%1\" cannot "
                                          "be read. It must be issued again."),
                           subjectText(leaf));
    }
    if (authority > 0)
        return refusal(
            ErrorCode::CertificateWrongPurpose,
            QStringLiteral("The peer's certificate \"%1\" is that of an authority, and a key "
                           "that signs others must not be in use on a network. The peer "
                           "needs a certificate of its own."),
            subjectText(leaf));
    if (usageFound >= 0 && (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) == 0)
        return refusal(
            ErrorCode::CertificateWrongPurpose,
            QStringLiteral(
                "The key of the peer's certificate \"%1\" is not for signatures, which TLS 1.3 "
                "needs. It must be issued again with the keyUsage digitalSignature."),
            subjectText(leaf));
    return checkPurpose(leaf);
}

//! The certificates of a peer, as bytes and parsed.
struct ParsedChain
{
    QList<QByteArray> ders;
    std::vector<gnutls_x509_crt_t> certificates;

    //! Null where \a der is not among them.
    gnutls_x509_crt_t find(const QByteArray &der) const
    {
        const qsizetype at = ders.indexOf(der);
        return at < 0 ? nullptr : certificates[size_t(at)];
    }
};

Error withoutAuthorities()
{
    return Error(ErrorCode::CertificateUnknownAuthority,
                 QStringLiteral("This side has no authorities that could have issued the peer's "
                                "certificate. Name the file of the network's authority."));
}

//! Those of \a chain above its leaf.
Result<std::vector<CertificateHandle>> importAbove(const QList<QByteArray> &chain)
{
    std::vector<CertificateHandle> certificates;
    for (qsizetype i = 0; i < chain.size(); ++i) {
        if (chain.lastIndexOf(chain[i]) != i)
            return Error(ErrorCode::CertificateMalformed,
                         QStringLiteral("The peer's certificate chain has a certificate twice. The "
                                        "peer must present each once."));
        if (i == 0)
            continue;
        auto certificate = importCertificate(chain[i]);
        if (!certificate)
            return certificate.error();
        // Verifying with a key of 16,384 bits is a lever as well.
        if (const Result<PeerId> key = acceptedPeerId(certificate->get()); !key)
            return key.error();
        certificates.push_back(std::move(certificate).value());
    }
    return certificates;
}

QList<QByteArray> pathOf(const QByteArray &leaf, const std::vector<Step> &taken)
{
    QList<QByteArray> path{leaf};
    for (;;) {
        const auto next = std::find_if(taken.begin(), taken.end(), [&](const Step &step) {
            return step.certificate == path.last() && step.status == 0 && !step.issuer.isEmpty()
                && !path.contains(step.issuer);
        });
        if (next == taken.end())
            return path;
        path.append(next->issuer);
    }
}

//! The signatures from \a chain to one of \a authorities, all of them good.
Result<std::vector<Step>> verifySignatures(std::vector<gnutls_x509_crt_t> chain,
                                           const TrustStore &authorities)
{
    gnutls_x509_crt_t leaf = chain.front();
    std::vector<Step> taken;
    steps = &taken;
    unsigned status = 0;
    // Dates are compared by checkPath(), with the time that this engine is given. MEDIUM: 112 bits.
    const int rv = gnutls_x509_trust_list_verify_crt2(
        authorities.list(), chain.data(), unsigned(chain.size()), nullptr, 0,
        GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM),
        &status, recordStep);
    steps = nullptr;
    if (rv < 0)
        return refusal(ErrorCode::CertificateMalformed,
                       QStringLiteral("The chain of the peer's certificate \"%1\" cannot be "
                                      "verified. The peer needs other certificates."),
                       subjectText(leaf));
    if (status != 0) {
        const auto failed = std::find_if(taken.begin(), taken.end(),
                                         [](const Step &step) { return step.status != 0; });
        const unsigned reasons = failed == taken.end() ? status : status | failed->status;
        return errorFor(reasons, failed == taken.end() ? subjectText(leaf) : failed->subject,
                        chain.size() == 1 && gnutls_x509_crt_check_issuer(leaf, leaf) != 0);
    }
    return taken;
}

//! What each certificate of \a path says itself: dates, and the purpose of those between leaf and authority. Returns
//! the last second in which all of them are valid.
//! \a chain holds those of the path that are parsed, by their bytes.
Result<std::chrono::sys_seconds> checkPath(const QList<QByteArray> &path, const ParsedChain &chain,
                                           qint64 now)
{
    auto validUntil = std::chrono::sys_seconds::max();
    for (qsizetype i = 0; i < path.size(); ++i) {
        // Also of the authority, which is rarely among them: an expired one is not trusted.
        Result<CertificateHandle> imported = CertificateHandle();
        gnutls_x509_crt_t certificate = chain.find(path[i]);
        if (!certificate) {
            imported = importCertificate(path[i]);
            if (!imported)
                return imported.error();
            certificate = imported->get();
        }
        const auto until = checkDates(certificate, now);
        if (!until)
            return until.error();
        validUntil = std::min(validUntil, *until);
        // An authority that may sign for mail alone must not make peers.
        if (const bool isBetween = i > 0 && i + 1 < path.size(); isBetween) {
            if (const Result<void> purpose = checkPurpose(certificate); !purpose)
                return purpose.error();
        }
    }
    return validUntil;
}

} // namespace

Result<AuthorityPath> pathToAuthority(const QList<QByteArray> &chain, const TrustStore *authorities,
                                      qint64 now)
{
    if (!authorities)
        return withoutAuthorities();
    const Result<CertificateHandle> leaf = importCertificate(chain.first());
    if (!leaf)
        return leaf.error();
    if (const Result<PeerId> key = acceptedPeerId(leaf->get()); !key)
        return key.error();
    return pathToAuthority(chain, leaf.value(), authorities, now);
}

Result<AuthorityPath> pathToAuthority(const QList<QByteArray> &chain, const CertificateHandle &leaf,
                                      const TrustStore *authorities, qint64 now)
{
    if (!authorities)
        return withoutAuthorities();
    const auto above = importAbove(chain);
    if (!above)
        return above.error();
    if (const Result<void> use = checkLeafUse(leaf.get()); !use)
        return use.error();
    ParsedChain parsed{chain, {leaf.get()}};
    for (const CertificateHandle &certificate : above.value())
        parsed.certificates.push_back(certificate.get());
    const auto taken = verifySignatures(parsed.certificates, *authorities);
    if (!taken)
        return taken.error();
    const QList<QByteArray> path = pathOf(chain.first(), taken.value());
    if (path.size() < 2)
        return errorFor(GNUTLS_CERT_SIGNER_NOT_FOUND, subjectText(leaf.get()), false);
    const auto validUntil = checkPath(path, parsed, now);
    if (!validUntil)
        return validUntil.error();
    return AuthorityPath{path, *validUntil};
}

} // namespace Qp2p::Engine
