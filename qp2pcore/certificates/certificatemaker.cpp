// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/certificatemaker.h>

#include <gnutls/crypto.h>

#include <QCoreApplication>

#include <array>
#include <ctime>

namespace Qp2p::Engine {

namespace {

struct CertificateMakerText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

static_assert(sizeof(std::time_t) >= 8, "a 32-bit clock cannot say 9999");

Error cannotMake(int rv)
{
    return Error(ErrorCode::Unsupported,
                 CertificateMakerText::tr(
                     "GnuTLS could not make a key or certificate: %1. Check that it is version "
                     "3.7.9 or newer and not in FIPS mode.")
                     .arg(QString::fromUtf8(gnutls_strerror(rv))));
}

int setSerial(gnutls_x509_crt_t certificate)
{
    std::array<unsigned char, 16> serial{};
    const int rv = gnutls_rnd(GNUTLS_RND_NONCE, serial.data(), serial.size());
    // A set top bit would make the number negative, which RFC 5280 section 4.1.2.2 forbids; a set
    // second one keeps it from being zero and its encoding from varying in length.
    serial[0] = static_cast<unsigned char>((serial[0] & 0x3fU) | 0x40U);
    return rv < 0 ? rv : gnutls_x509_crt_set_serial(certificate, serial.data(), serial.size());
}

int setSubjectKeyId(gnutls_x509_crt_t certificate)
{
    // RFC 7093 section 2: 160 bits of a SHA-256 are as good as the customary SHA-1.
    constexpr size_t KeyIdSize = 20;
    std::array<unsigned char, 32> hash{};
    size_t size = hash.size();
    const int rv = gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, hash.data(),
                                              &size);
    return rv < 0 ? rv : gnutls_x509_crt_set_subject_key_id(certificate, hash.data(), KeyIdSize);
}

int setAuthorityKeyId(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer)
{
    std::array<unsigned char, 64> id{};
    size_t size = id.size();
    if (gnutls_x509_crt_get_subject_key_id(issuer, id.data(), &size, nullptr) < 0)
        return 0; // an authority without one is found by its name
    return gnutls_x509_crt_set_authority_key_id(certificate, id.data(), size);
}

int setUse(gnutls_x509_crt_t certificate, CertificateContents::Kind kind)
{
    const bool isAuthority = kind == CertificateContents::Kind::Authority;
    int rv = gnutls_x509_crt_set_basic_constraints(certificate, isAuthority ? 1 : 0,
                                                   isAuthority ? 0 : -1);
    if (rv >= 0)
        rv = gnutls_x509_crt_set_key_usage(certificate,
                                           isAuthority
                                               ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                                               : GNUTLS_KEY_DIGITAL_SIGNATURE);
    // A peer is both server and client.
    for (const char *purpose : {GNUTLS_KP_TLS_WWW_SERVER, GNUTLS_KP_TLS_WWW_CLIENT})
        rv = rv < 0 || isAuthority ? rv
                                   : gnutls_x509_crt_set_key_purpose_oid(certificate, purpose, 0);
    return rv;
}

int setNames(gnutls_x509_crt_t certificate, const CertificateContents &contents)
{
    int rv = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           contents.commonName.constData(),
                                           unsigned(contents.commonName.size()));
    const auto add = [&](gnutls_x509_subject_alt_name_t type, const QByteArray &name) {
        rv = rv < 0
            ? rv
            : gnutls_x509_crt_set_subject_alt_name(certificate, type, name.constData(),
                                                   unsigned(name.size()), GNUTLS_FSAN_APPEND);
    };
    for (const QByteArray &name : contents.dnsNames)
        add(GNUTLS_SAN_DNSNAME, name);
    for (const QByteArray &address : contents.ipAddresses)
        add(GNUTLS_SAN_IPADDRESS, address);
    return rv;
}

//! All but the key and the signature.
int fillIn(gnutls_x509_crt_t certificate, const CertificateContents &contents)
{
    int rv = gnutls_x509_crt_set_version(certificate, 3);
    if (rv >= 0)
        rv = setSerial(certificate);
    if (rv >= 0)
        rv = setNames(certificate, contents);
    if (rv >= 0)
        rv = gnutls_x509_crt_set_activation_time(certificate, std::time_t(contents.validFrom));
    if (rv >= 0)
        rv = gnutls_x509_crt_set_expiration_time(certificate, std::time_t(contents.validUntil));
    if (rv >= 0)
        rv = setUse(certificate, contents.kind);
    return rv < 0 ? rv : setSubjectKeyId(certificate);
}

//! RFC 8410: Ed25519 has its hash built in; GnuTLS still wants it named.
gnutls_digest_algorithm_t digestFor(gnutls_x509_privkey_t key)
{
    return gnutls_x509_privkey_get_pk_algorithm(key) == GNUTLS_PK_EDDSA_ED25519 ? GNUTLS_DIG_SHA512
                                                                                : GNUTLS_DIG_SHA256;
}

Result<QByteArray> signAndExport(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer,
                                 gnutls_x509_privkey_t issuerKey)
{
    OwnedDatum der;
    int rv = gnutls_x509_crt_sign2(certificate, issuer, issuerKey, digestFor(issuerKey), 0);
    if (rv >= 0)
        rv = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, der.out());
    if (rv < 0)
        return cannotMake(rv);
    return der.toByteArray();
}

} // namespace

Result<X509KeyHandle> makeKey()
{
    auto key = makeHandle<X509KeyHandle>(gnutls_x509_privkey_init);
    const int rv = key
        ? gnutls_x509_privkey_generate(key.get(), GNUTLS_PK_EDDSA_ED25519,
                                       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519), 0)
        : GNUTLS_E_MEMORY_ERROR;
    if (rv < 0)
        return cannotMake(rv);
    return key;
}

Result<QByteArray> makeSelfSigned(gnutls_x509_privkey_t key, const CertificateContents &contents)
{
    const auto certificate = makeHandle<CertificateHandle>(gnutls_x509_crt_init);
    int rv = certificate ? gnutls_x509_crt_set_key(certificate.get(), key) : GNUTLS_E_MEMORY_ERROR;
    if (rv >= 0)
        rv = fillIn(certificate.get(), contents);
    if (rv < 0)
        return cannotMake(rv);
    return signAndExport(certificate.get(), certificate.get(), key);
}

Result<QByteArray> makeSigned(gnutls_pubkey_t key, const CertificateContents &contents,
                              gnutls_x509_crt_t issuer, gnutls_x509_privkey_t issuerKey)
{
    const auto certificate = makeHandle<CertificateHandle>(gnutls_x509_crt_init);
    int rv = certificate ? gnutls_x509_crt_set_pubkey(certificate.get(), key)
                         : GNUTLS_E_MEMORY_ERROR;
    if (rv >= 0)
        rv = fillIn(certificate.get(), contents);
    if (rv >= 0)
        rv = setAuthorityKeyId(certificate.get(), issuer);
    if (rv < 0)
        return cannotMake(rv);
    return signAndExport(certificate.get(), issuer, issuerKey);
}

} // namespace Qp2p::Engine
