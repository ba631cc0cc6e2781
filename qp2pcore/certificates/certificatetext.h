// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a certificate calls itself and others.
#pragma once

#include <gnutls/x509.h>

#include <QByteArray>
#include <QList>
#include <QString>

namespace Qp2p::Engine {

//! The subject's distinguished name, as its maker wrote it, shortened to 200 characters.
QString subjectText(gnutls_x509_crt_t certificate);
QString issuerText(gnutls_x509_crt_t certificate);

//! \brief Names of a certificate's subjectAltName.
struct AlternativeNames
{
    //! More than any honest certificate has; GnuTLS takes time that grows with their square.
    static constexpr unsigned MaxCount = 256;

    QList<QByteArray> dnsNames;
    QList<QByteArray> ipAddresses; //!< 4 or 16 bytes
    bool readable = true; //!< false: there are too many, or they are malformed
};

AlternativeNames alternativeNames(gnutls_x509_crt_t certificate);

//! \brief The name among \a names that stands for the host \a name (ASCII), or an empty one.
//!
//! RFC 9525 section 6.3: letters in either case, and "*" for one whole label at the left of at least
//! two others, where \a wildcards says so.
enum class Wildcards { Refused, Accepted };
QByteArray findName(const QList<QByteArray> &names, const QByteArray &name, Wildcards wildcards);

} // namespace Qp2p::Engine
