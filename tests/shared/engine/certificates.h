// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Makes keys, certificates and chains of every kind that a test wants to be accepted or refused.
#pragma once

#include <QByteArray>
#include <QStringList>

#include <ctime>
#include <utility>

namespace Qp2p::Test {

enum class KeyKind { Ed25519, Ed448, P256, P384, P521, Rsa1024, Rsa2048, Rsa4096 };

//! \brief A private key as PKCS#8.
struct Key
{
    KeyKind kind = KeyKind::Ed25519;
    QByteArray der;
    QByteArray pem;

    static Key generate(KeyKind kind);
    //! PKCS#8 with AES-256.
    QByteArray encryptedPem(const QByteArray &passphrase) const;
    //! EC PRIVATE KEY or RSA PRIVATE KEY.
    QByteArray traditionalPem() const;
    //! The SubjectPublicKeyInfo, exported by GnuTLS.
    QByteArray publicKeyDer() const;
};

struct Certificate
{
    QByteArray der;
    QByteArray pem;
};

//! \brief What a certificate shall say; as it stands, what Identity::generate() would.
struct CertificateRequest
{
    unsigned version = 3;
    QByteArray commonName = "qp2p test";
    QByteArray serial = QByteArray::fromHex("4102030405060708");
    std::time_t notBefore = 0;
    std::time_t notAfter = 253402300799; // 9999-12-31 23:59:59
    bool isAuthority = false;
    unsigned keyUsage = 0x80; //!< GNUTLS_KEY_…; 0 leaves the extension out
    QList<QByteArray> purposes = {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"};
    QList<QByteArray> dnsNames;
    QList<QByteArray> ipAddresses; //!< 4 or 16 bytes each
    QList<QByteArray> permittedNames; //!< DNS names that an authority may sign for; empty: all
    int pathLength = -1; //!< authorities below an authority; -1: no limit
    int digest = 0; //!< GNUTLS_DIG_… for the signature; 0 takes what suits the signer's key
    //! By OID, as DER or not: whatever a hostile peer might put there.
    QList<std::pair<QByteArray, QByteArray>> extensions;
    QByteArray padding; //!< makes it larger, in an extension of its own
};

//! \brief A certificate for \a key, signed by itself or by \a issuer with \a issuerKey.
//! Ends the test program where GnuTLS refuses: a test that has no certificate proves nothing.
Certificate makeCertificate(const Key &key, const CertificateRequest &request = {});
Certificate makeCertificate(const Key &key, const CertificateRequest &request,
                            const Certificate &issuer, const Key &issuerKey);

//! \brief A certificate for an RSA key of \a bits that nobody holds: its modulus is noise. For sizes
//! whose primes would take minutes to find.
Certificate makeCertificateForRsa(unsigned bits, const CertificateRequest &request = {});

} // namespace Qp2p::Test
