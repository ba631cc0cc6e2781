// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/selfsigned.h>

#include <qp2pcore/engine/certificates.h>

#include <gnutls/crypto.h>

#include <QCoreApplication>

#include <array>
#include <ctime>

namespace Qp2p::Engine {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

// The name says nothing about the machine or its user: the certificate goes to every peer.
constexpr char Name[] = "qp2p";

// RFC 5280 section 4.1.2.5: "no well-defined expiration date", 9999-12-31 23:59:59.
constexpr std::time_t NoExpiry = 253402300799;
static_assert(sizeof(std::time_t) >= 8, "a 32-bit clock cannot say 9999");

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

int fillIn(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
    const auto steps = {
        +[](gnutls_x509_crt_t c) { return gnutls_x509_crt_set_version(c, 3); },
        +[](gnutls_x509_crt_t c) { return setSerial(c); },
        +[](gnutls_x509_crt_t c) { return gnutls_x509_crt_set_dn(c, "CN=qp2p", nullptr); },
        // From the beginning, so that a peer whose clock is wrong has nothing to object to.
        +[](gnutls_x509_crt_t c) { return gnutls_x509_crt_set_activation_time(c, 0); },
        +[](gnutls_x509_crt_t c) { return gnutls_x509_crt_set_expiration_time(c, NoExpiry); },
        +[](gnutls_x509_crt_t c) { return gnutls_x509_crt_set_basic_constraints(c, 0, -1); },
        +[](gnutls_x509_crt_t c) {
            return gnutls_x509_crt_set_key_usage(c, GNUTLS_KEY_DIGITAL_SIGNATURE);
        },
        // A peer is server and client at once.
        +[](gnutls_x509_crt_t c) {
            return gnutls_x509_crt_set_key_purpose_oid(c, GNUTLS_KP_TLS_WWW_SERVER, 0);
        },
        +[](gnutls_x509_crt_t c) {
            return gnutls_x509_crt_set_key_purpose_oid(c, GNUTLS_KP_TLS_WWW_CLIENT, 0);
        },
        +[](gnutls_x509_crt_t c) {
            return gnutls_x509_crt_set_subject_alt_name(c, GNUTLS_SAN_DNSNAME, Name,
                                                        sizeof(Name) - 1, GNUTLS_FSAN_SET);
        },
    };
    int rv = gnutls_x509_crt_set_key(certificate, key);
    for (const auto step : steps)
        rv = rv < 0 ? rv : step(certificate);
    return rv < 0 ? rv : setSubjectKeyId(certificate);
}

} // namespace

Result<SelfSigned> makeSelfSigned()
{
    SelfSigned made{makeHandle<X509KeyHandle>(gnutls_x509_privkey_init),
                    makeHandle<CertificateHandle>(gnutls_x509_crt_init)};
    int rv = made.key && made.certificate ? 0 : GNUTLS_E_MEMORY_ERROR;
    if (rv >= 0)
        rv = gnutls_x509_privkey_generate(made.key.get(), GNUTLS_PK_EDDSA_ED25519,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519), 0);
    if (rv >= 0)
        rv = fillIn(made.certificate.get(), made.key.get());
    // RFC 8410: Ed25519 has its hash built in; GnuTLS still wants it named.
    if (rv >= 0)
        rv = gnutls_x509_crt_sign2(made.certificate.get(), made.certificate.get(), made.key.get(),
                                   GNUTLS_DIG_SHA512, 0);
    if (rv < 0)
        return Error(ErrorCode::Unsupported,
                     Text::tr("GnuTLS could not make an identity: %1. Check that it is version "
                              "3.7.9 or newer and not in FIPS mode.")
                         .arg(QString::fromUtf8(gnutls_strerror(rv))));
    return made;
}

} // namespace Qp2p::Engine
