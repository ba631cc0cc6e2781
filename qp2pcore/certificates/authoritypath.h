// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// From a peer's certificate to an authority that is trusted: RFC 5280 section 6.
#pragma once

#include <qp2pcore/certificates/gnutlshandles.h>
#include <qp2pcore/certificates/truststore.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

#include <chrono>

namespace Qp2p::Engine {

struct AuthorityPath
{
    QList<QByteArray> certificates; //!< DER, from the leaf to the authority, both included
    std::chrono::sys_seconds validUntil; //!< the last second in which all of them are valid
};

//! \brief The path from the leaf of \a chain to one of \a authorities. \a chain has
//! passed the checks of sizes, and its leaf those of every mode; \a now in seconds since 1970.
//!
//! Errors: CertificateMalformed, CertificateWeakKey, CertificateWeakSignature, CertificateSelfSigned,
//! CertificateUnknownAuthority, CertificateIssuerNotAllowed, CertificateBadSignature,
//! CertificateExpired, CertificateNotYetValid, CertificateWrongPurpose. Each message names the
//! certificate at fault by its subject.
Result<AuthorityPath> pathToAuthority(const QList<QByteArray> &chain, const TrustStore *authorities,
                                      qint64 now);
//! \brief The same, where the leaf is parsed already and its key is one that acceptedPeerId() takes.
Result<AuthorityPath> pathToAuthority(const QList<QByteArray> &chain, const CertificateHandle &leaf,
                                      const TrustStore *authorities, qint64 now);

} // namespace Qp2p::Engine
