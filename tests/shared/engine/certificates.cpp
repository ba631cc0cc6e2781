// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/certificates.h>

#include <qp2pcore/certificates/gnutlshandles.h>

#include <QtGlobal>

#include <gnutls/x509-ext.h>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

namespace {

void checkX509(int rv, const char *what)
{
    if (rv < 0)
        qFatal("tests/shared/engine/certificates: %s: %s", what, gnutls_strerror(rv));
}

X509KeyHandle newKey()
{
    return makeHandle<X509KeyHandle>(gnutls_x509_privkey_init);
}

X509KeyHandle import(const Key &key)
{
    X509KeyHandle handle = newKey();
    const gnutls_datum_t datum = borrowedDatum(key.der);
    checkX509(gnutls_x509_privkey_import2(handle.get(), &datum, GNUTLS_X509_FMT_DER, nullptr,
                                          GNUTLS_PKCS_PLAIN),
              "key import");
    return handle;
}

CertificateHandle import(const Certificate &certificate)
{
    auto handle = makeHandle<CertificateHandle>(gnutls_x509_crt_init);
    const gnutls_datum_t datum = borrowedDatum(certificate.der);
    checkX509(gnutls_x509_crt_import(handle.get(), &datum, GNUTLS_X509_FMT_DER),
              "certificate import");
    return handle;
}

QByteArray exportKey(gnutls_x509_privkey_t key, gnutls_x509_crt_fmt_t format,
                     const QByteArray &passphrase = {})
{
    OwnedDatum out;
    checkX509(gnutls_x509_privkey_export2_pkcs8(
                  key, format, passphrase.isEmpty() ? nullptr : passphrase.constData(),
                  passphrase.isEmpty() ? GNUTLS_PKCS_PLAIN : GNUTLS_PKCS_PBES2_AES_256, out.out()),
              "key export");
    return out.toByteArray();
}

using NameConstraintsHandle =
    Handle<gnutls_x509_name_constraints_t, gnutls_x509_name_constraints_deinit>;

gnutls_digest_algorithm_t digestFor(KeyKind kind)
{
    switch (kind) {
    case KeyKind::Ed25519:
    case KeyKind::P521:
        return GNUTLS_DIG_SHA512;
    case KeyKind::Ed448:
        return GNUTLS_DIG_SHAKE_256;
    case KeyKind::P384:
        return GNUTLS_DIG_SHA384;
    case KeyKind::P256:
    case KeyKind::Rsa1024:
    case KeyKind::Rsa2048:
    case KeyKind::Rsa4096:
        break;
    }
    return GNUTLS_DIG_SHA256;
}

void setExtensions(gnutls_x509_crt_t certificate, const CertificateRequest &request)
{
    checkX509(gnutls_x509_crt_set_basic_constraints(certificate, request.isAuthority ? 1 : 0,
                                                    request.pathLength),
              "basic constraints");
    if (request.keyUsage != 0)
        checkX509(gnutls_x509_crt_set_key_usage(certificate, request.keyUsage), "key usage");
    for (const QByteArray &purpose : request.purposes)
        checkX509(gnutls_x509_crt_set_key_purpose_oid(certificate, purpose.constData(), 0),
                  "purpose");
    for (const QByteArray &name : request.dnsNames)
        checkX509(gnutls_x509_crt_set_subject_alt_name(
                      certificate, GNUTLS_SAN_DNSNAME, name.constData(),
                      static_cast<unsigned>(name.size()), GNUTLS_FSAN_APPEND),
                  "subject alternative name");
    for (const QByteArray &address : request.ipAddresses)
        checkX509(gnutls_x509_crt_set_subject_alt_name(
                      certificate, GNUTLS_SAN_IPADDRESS, address.constData(),
                      static_cast<unsigned>(address.size()), GNUTLS_FSAN_APPEND),
                  "IP address");
    if (!request.permittedNames.isEmpty()) {
        const auto constraints = makeHandle<NameConstraintsHandle>(
            gnutls_x509_name_constraints_init);
        for (const QByteArray &name : request.permittedNames) {
            const gnutls_datum_t datum = borrowedDatum(name);
            checkX509(gnutls_x509_name_constraints_add_permitted(constraints.get(),
                                                                 GNUTLS_SAN_DNSNAME, &datum),
                      "permitted name");
        }
        checkX509(gnutls_x509_crt_set_name_constraints(certificate, constraints.get(), 1),
                  "name constraints");
    }
    for (const auto &[oid, der] : request.extensions)
        checkX509(gnutls_x509_crt_set_extension_by_oid(certificate, oid.constData(), der.constData(),
                                                       static_cast<size_t>(der.size()), 0),
                  "extension");
    if (!request.padding.isEmpty()) {
        // An OCTET STRING: GnuTLS reads beyond anything that is not DER.
        const auto size = static_cast<quint16>(request.padding.size());
        const QByteArray der = QByteArray("\x04\x82", 2) + char(size >> 8) + char(size & 0xff)
            + request.padding;
        checkX509(gnutls_x509_crt_set_extension_by_oid(certificate, "1.3.6.1.4.1.55555.1",
                                                       der.constData(),
                                                       static_cast<size_t>(der.size()), 0),
                  "padding");
    }
}

CertificateHandle unsignedCertificate(const CertificateRequest &request)
{
    auto certificate = makeHandle<CertificateHandle>(gnutls_x509_crt_init);
    checkX509(gnutls_x509_crt_set_version(certificate.get(), request.version), "version");
    checkX509(gnutls_x509_crt_set_serial(certificate.get(), request.serial.constData(),
                                         static_cast<size_t>(request.serial.size())),
              "serial number");
    checkX509(gnutls_x509_crt_set_dn_by_oid(certificate.get(), GNUTLS_OID_X520_COMMON_NAME, 0,
                                            request.commonName.constData(),
                                            static_cast<unsigned>(request.commonName.size())),
              "subject");
    checkX509(gnutls_x509_crt_set_activation_time(certificate.get(), request.notBefore),
              "not before");
    checkX509(gnutls_x509_crt_set_expiration_time(certificate.get(), request.notAfter), "not after");
    if (request.version >= 3)
        setExtensions(certificate.get(), request);
    return certificate;
}

Certificate signedBy(const Key &issuerKey, const Certificate *issuer, gnutls_x509_crt_t certificate,
                     const CertificateRequest &request)
{
    const X509KeyHandle signer = import(issuerKey);
    const CertificateHandle issuerHandle = issuer ? import(*issuer) : nullptr;
    checkX509(gnutls_x509_crt_sign2(
                  certificate, issuerHandle ? issuerHandle.get() : certificate, signer.get(),
                  request.digest != 0 ? static_cast<gnutls_digest_algorithm_t>(request.digest)
                                      : digestFor(issuerKey.kind),
                  0),
              "signature");

    OwnedDatum der;
    OwnedDatum pem;
    checkX509(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, der.out()), "DER");
    checkX509(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, pem.out()), "PEM");
    return {der.toByteArray(), pem.toByteArray()};
}

Certificate make(const Key &key, const CertificateRequest &request, const Certificate *issuer,
                 const Key &issuerKey)
{
    const CertificateHandle certificate = unsignedCertificate(request);
    const X509KeyHandle handle = import(key);
    checkX509(gnutls_x509_crt_set_key(certificate.get(), handle.get()), "key");
    return signedBy(issuerKey, issuer, certificate.get(), request);
}

} // namespace

Key Key::generate(KeyKind kind)
{
    struct Parameters
    {
        gnutls_pk_algorithm_t algorithm;
        unsigned bits;
    };
    const auto parameters = [kind]() -> Parameters {
        switch (kind) {
        case KeyKind::Ed25519:
            return {GNUTLS_PK_EDDSA_ED25519, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519)};
        case KeyKind::Ed448:
            return {GNUTLS_PK_EDDSA_ED448, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED448)};
        case KeyKind::P256:
            return {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1)};
        case KeyKind::P384:
            return {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1)};
        case KeyKind::P521:
            return {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP521R1)};
        case KeyKind::Rsa1024:
            return {GNUTLS_PK_RSA, 1024};
        case KeyKind::Rsa2048:
            return {GNUTLS_PK_RSA, 2048};
        case KeyKind::Rsa4096:
            return {GNUTLS_PK_RSA, 4096};
        }
        Q_UNREACHABLE();
    }();
    const X509KeyHandle handle = newKey();
    checkX509(gnutls_x509_privkey_generate(handle.get(), parameters.algorithm, parameters.bits, 0),
              "key generation");
    return {kind, exportKey(handle.get(), GNUTLS_X509_FMT_DER),
            exportKey(handle.get(), GNUTLS_X509_FMT_PEM)};
}

QByteArray Key::encryptedPem(const QByteArray &passphrase) const
{
    return exportKey(import(*this).get(), GNUTLS_X509_FMT_PEM, passphrase);
}

QByteArray Key::traditionalPem() const
{
    OwnedDatum out;
    checkX509(gnutls_x509_privkey_export2(import(*this).get(), GNUTLS_X509_FMT_PEM, out.out()),
              "traditional key export");
    return out.toByteArray();
}

QByteArray Key::publicKeyDer() const
{
    const X509KeyHandle handle = import(*this);
    const auto privateKey = makeHandle<PrivateKeyHandle>(gnutls_privkey_init);
    const auto publicKey = makeHandle<PublicKeyHandle>(gnutls_pubkey_init);
    checkX509(gnutls_privkey_import_x509(privateKey.get(), handle.get(), 0), "private key");
    checkX509(gnutls_pubkey_import_privkey(publicKey.get(), privateKey.get(), 0, 0), "public key");
    OwnedDatum out;
    checkX509(gnutls_pubkey_export2(publicKey.get(), GNUTLS_X509_FMT_DER, out.out()), "SPKI export");
    return out.toByteArray();
}

Certificate makeCertificate(const Key &key, const CertificateRequest &request)
{
    return make(key, request, nullptr, key);
}

Certificate makeCertificate(const Key &key, const CertificateRequest &request,
                            const Certificate &issuer, const Key &issuerKey)
{
    return make(key, request, &issuer, issuerKey);
}

Certificate makeCertificateForRsa(unsigned bits, const CertificateRequest &request)
{
    QByteArray modulus(qsizetype(bits / 8), '\x5b');
    modulus[0] = '\xc3'; // the highest bit is set
    const QByteArray exponent = QByteArray::fromHex("010001");
    const gnutls_datum_t n = borrowedDatum(modulus);
    const gnutls_datum_t e = borrowedDatum(exponent);
    const auto key = makeHandle<PublicKeyHandle>(gnutls_pubkey_init);
    checkX509(gnutls_pubkey_import_rsa_raw(key.get(), &n, &e), "RSA key");
    const CertificateHandle certificate = unsignedCertificate(request);
    checkX509(gnutls_x509_crt_set_pubkey(certificate.get(), key.get()), "key");
    const Key issuerKey = Key::generate(KeyKind::Ed25519);
    const Certificate issuer = makeCertificate(issuerKey);
    return signedBy(issuerKey, &issuer, certificate.get(), request);
}

} // namespace Qp2p::Test
