// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What this library knows about single certificates and keys: which it accepts, and whose they are.
#pragma once

#include <qp2pcore/certificates/gnutlshandles.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArrayView>
#include <QString>

namespace Qp2p::Engine {

//! Checked before anything is parsed or verified: the time that parsers and verifiers of
//! certificates take has grown faster than their input more than once (CVE-2024-12243,
//! CVE-2025-14831). An ordinary certificate has 0.4 to 2 KiB.
inline constexpr qsizetype MaxCertificateBytes = qsizetype(8) * 1024;
inline constexpr qsizetype MaxChainBytes = qsizetype(16) * 1024;
//! GnuTLS stumbled over more than 16 (CVE-2024-28835); public authorities send 2 or 3.
inline constexpr qsizetype MaxChainLength = 4;

//! NIST SP 800-57: 112 bits of strength. Above 4096 a verification is a lever for an attacker.
inline constexpr unsigned MinRsaBits = 2048;
inline constexpr unsigned MaxRsaBits = 4096;

//! \brief Parses one certificate, its size checked first.
//! Errors: CertificateChainTooLarge, CertificateMalformed.
Result<CertificateHandle> importCertificate(QByteArrayView der);

//! \brief The id of the peer that holds the key of the certificate \a der.
//!
//! Any key that GnuTLS can read has one, also one that describeKey() refuses.
//! Errors: those of importCertificate().
Result<PeerId> peerIdOfCertificate(QByteArrayView der);
Result<PeerId> peerIdOfCertificate(gnutls_x509_crt_t certificate);

//! \brief SHA-256 of the SubjectPublicKeyInfo of \a key; null where GnuTLS cannot encode it.
PeerId peerIdOfKey(gnutls_pubkey_t key);

//! \brief "Ed25519", "ECDSA P-256", "ECDSA P-384" or "RSA 3072".
//!
//! Errors: UnsupportedKey for every other type, curve and size, with what is accepted.
Result<QString> describeKey(gnutls_pubkey_t key);

//! \brief The id of the key of a peer's \a certificate, where describeKey() accepts that key.
//! Errors: CertificateMalformed, CertificateWeakKey.
Result<PeerId> acceptedPeerId(gnutls_x509_crt_t certificate);

//! \brief Whether the algorithm that has signed \a certificate may sign certificates.
//! Errors: CertificateWeakSignature.
Result<void> checkSignatureStrength(gnutls_x509_crt_t certificate);

//! \brief The keys that describeKey() accepts, for messages.
QString acceptedKeys();

} // namespace Qp2p::Engine
