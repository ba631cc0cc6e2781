// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a certificate says, for people.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Qp2p {

//! \brief The contents of one certificate. All texts are as its maker wrote them: show them through
//! safeText().
struct QP2PCORE_EXPORT CertificateInfo
{
    QString subject; //!< distinguished name, RFC 4514
    QString issuer; //!< likewise
    QStringList names; //!< of the subjectAltName: DNS names and IP addresses
    QDateTime validFrom; //!< UTC
    QDateTime validUntil; //!< UTC
    QString key; //!< "Ed25519", "ECDSA P-256", "RSA 3072", or the name of a kind that is not accepted
    QString signature; //!< "EdDSA-Ed25519", "ECDSA-SHA256", …
    QByteArray serialNumber;
    QByteArray fingerprint; //!< SHA-256 of the certificate, 32 bytes
    PeerId peerId; //!< of the key
    bool isAuthority = false; //!< may sign others
    bool isSelfSigned = false;

    //! 9999-12-31 says so (RFC 5280 section 4.1.2.5).
    bool hasNoExpiry() const { return validUntil.date().year() == 9999; }
    //! "3F:A0:…", as other programs show it.
    QString fingerprintText() const;

    //! \brief Errors: CertificateMalformed, CertificateChainTooLarge (above 8 KiB).
    static Result<CertificateInfo> fromDer(QByteArrayView der);
};

} // namespace Qp2p
