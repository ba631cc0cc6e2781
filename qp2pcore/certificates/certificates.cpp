// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/certificates.h>

#include <qp2pcore/certificates/certificatetext.h>

#include <QCoreApplication>

#include <array>

namespace Qp2p::Engine {

namespace {

struct CertificatesText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Certificates)
};

Error malformed(const QString &message)
{
    return Error(ErrorCode::CertificateMalformed, message);
}

Error unreadableKey()
{
    return malformed(CertificatesText::tr(
        "The key in the certificate cannot be read. It must be issued again."));
}

Error unsupported(const QString &found)
{
    return Error(ErrorCode::UnsupportedKey,
                 CertificatesText::tr("The key is of an unsupported type or strength (%1). Use %2.")
                     .arg(found, acceptedKeys()));
}

Result<QString> describeEcdsa(gnutls_pubkey_t key)
{
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
    gnutls_pubkey_export_ecc_raw2(key, &curve, nullptr, nullptr, 0);
    switch (curve) {
    case GNUTLS_ECC_CURVE_SECP256R1:
        return QStringLiteral("ECDSA P-256");
    case GNUTLS_ECC_CURVE_SECP384R1:
        return QStringLiteral("ECDSA P-384");
    default:
        break;
    }
    const char *name = gnutls_ecc_curve_get_name(curve);
    return unsupported(QStringLiteral("ECDSA %1").arg(QString::fromLatin1(name ? name : "?")));
}

} // namespace

QString acceptedKeys()
{
    return CertificatesText::tr("Ed25519, ECDSA P-256 or P-384, or RSA with %1 to %2 bits")
        .arg(QString::number(MinRsaBits), QString::number(MaxRsaBits));
}

Result<CertificateHandle> importCertificate(QByteArrayView der)
{
    if (der.size() > MaxCertificateBytes)
        return Error(ErrorCode::CertificateChainTooLarge,
                     CertificatesText::tr("The certificate has %1 bytes; at most %2 are accepted.")
                         .arg(QString::number(der.size()), QString::number(MaxCertificateBytes)));
    auto certificate = makeHandle<CertificateHandle>(gnutls_x509_crt_init);
    const gnutls_datum_t datum = borrowedDatum(der);
    const int rv = certificate
        ? gnutls_x509_crt_import(certificate.get(), &datum, GNUTLS_X509_FMT_DER)
        : GNUTLS_E_MEMORY_ERROR;
    if (rv < 0)
        return malformed(
            CertificatesText::tr("The certificate cannot be read (%1); it is damaged. Replace it.")
                .arg(QString::fromUtf8(gnutls_strerror(rv))));
    return certificate;
}

Result<PeerId> peerIdOfCertificate(QByteArrayView der)
{
    const Result<CertificateHandle> certificate = importCertificate(der);
    if (!certificate)
        return certificate.error();
    return peerIdOfCertificate(certificate->get());
}

Result<PeerId> peerIdOfCertificate(gnutls_x509_crt_t certificate)
{
    const auto key = makeHandle<PublicKeyHandle>(gnutls_pubkey_init);
    PeerId id;
    if (key && gnutls_pubkey_import_x509(key.get(), certificate, 0) >= 0)
        id = peerIdOfKey(key.get());
    if (id.isNull())
        return unreadableKey();
    return id;
}

PeerId peerIdOfKey(gnutls_pubkey_t key)
{
    std::array<unsigned char, PeerId::Size> hash{};
    size_t size = hash.size();
    // The same as certtool --key-id --hash sha256.
    if (gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, hash.data(), &size) < 0
        || size != hash.size())
        return {};
    return PeerId::fromBytes(QByteArrayView(hash.data(), PeerId::Size));
}

Result<QString> describeKey(gnutls_pubkey_t key)
{
    unsigned bits = 0;
    const int algorithm = gnutls_pubkey_get_pk_algorithm(key, &bits);
    switch (algorithm) {
    case GNUTLS_PK_EDDSA_ED25519:
        return QStringLiteral("Ed25519");
    case GNUTLS_PK_ECDSA:
        return describeEcdsa(key);
    case GNUTLS_PK_RSA:
        if (bits >= MinRsaBits && bits <= MaxRsaBits)
            return QStringLiteral("RSA %1").arg(bits);
        return unsupported(QStringLiteral("RSA %1").arg(bits));
    default:
        break;
    }
    const char *name = gnutls_pk_algorithm_get_name(static_cast<gnutls_pk_algorithm_t>(algorithm));
    return unsupported(QString::fromLatin1(name ? name : "?"));
}

Result<PeerId> acceptedPeerId(gnutls_x509_crt_t certificate)
{
    const auto key = makeHandle<PublicKeyHandle>(gnutls_pubkey_init);
    if (!key || gnutls_pubkey_import_x509(key.get(), certificate, 0) < 0)
        return unreadableKey();
    if (const Result<QString> kind = describeKey(key.get()); !kind)
        return Error(
            ErrorCode::CertificateWeakKey,
            CertificatesText::tr("The key of the peer's certificate \"%1\" is not accepted. %2")
                .arg(subjectText(certificate), kind.error().message));
    const PeerId id = peerIdOfKey(key.get());
    return id.isNull() ? Result<PeerId>(unreadableKey()) : id;
}

Result<void> checkSignatureStrength(gnutls_x509_crt_t certificate)
{
    const int algorithm = gnutls_x509_crt_get_signature_algorithm(certificate);
    const auto signature = static_cast<gnutls_sign_algorithm_t>(algorithm);
    if (algorithm >= 0 && gnutls_sign_is_secure2(signature, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS))
        return {};
    const char *name = algorithm < 0 ? nullptr : gnutls_sign_get_name(signature);
    return Error(
        ErrorCode::CertificateWeakSignature,
        CertificatesText::tr("The peer's certificate \"%1\" has a weak signature (%2). It must be "
                             "issued again with SHA-256 or better.")
            .arg(subjectText(certificate),
                 name ? QString::fromLatin1(name) : QStringLiteral("unknown")));
}

} // namespace Qp2p::Engine
