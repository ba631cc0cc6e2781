// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Makes the certificates of this library: of new identities, of authorities, and of their peers.
#pragma once

#include <qp2pcore/certificates/gnutlshandles.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

namespace Qp2p::Engine {

//! RFC 5280 section 4.1.2.5: "no well-defined expiration date", 9999-12-31 23:59:59.
inline constexpr qint64 NoExpiry = 253402300799;

//! \brief What a certificate says. The rest is the same for all of a kind: X.509 v3, a random
//! positive serial number, a subject key id (RFC 7093), and
//!
//! | kind      | basicConstraints   | keyUsage             | extendedKeyUsage       |
//! |-----------|--------------------|----------------------|------------------------|
//! | Peer      | CA:FALSE           | digitalSignature     | serverAuth, clientAuth |
//! | Authority | CA:TRUE, pathlen 0 | keyCertSign, cRLSign |                        |
struct CertificateContents
{
    enum class Kind { Peer, Authority } kind = Kind::Peer;
    QByteArray commonName;
    QList<QByteArray> dnsNames;
    QList<QByteArray> ipAddresses; //!< 4 or 16 bytes each
    qint64 validFrom = 0; //!< seconds since 1970
    qint64 validUntil = NoExpiry;
};

//! \brief A new Ed25519 key. Errors: Unsupported, where GnuTLS cannot (FIPS mode, no random numbers).
Result<X509KeyHandle> makeKey();

//! \brief The certificate (DER) of the own key \a key, signed by itself. Errors: as above.
Result<QByteArray> makeSelfSigned(gnutls_x509_privkey_t key, const CertificateContents &contents);

//! \brief The certificate (DER) of another's \a key, signed by \a issuer with \a issuerKey.
Result<QByteArray> makeSigned(gnutls_pubkey_t key, const CertificateContents &contents,
                              gnutls_x509_crt_t issuer, gnutls_x509_privkey_t issuerKey);

} // namespace Qp2p::Engine
