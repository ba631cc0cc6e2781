// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An identity as PEM text, and the checks that its key and chain must pass.
#pragma once

#include <qp2pcore/certificates/identitydata.h>
#include <qp2pcore/result.h>

#include <QByteArrayView>
#include <QString>

#include <memory>

namespace Qp2p::Engine {

//! A key of RSA 4096 and a chain of the largest size have 25 KiB as PEM; more is something else.
inline constexpr qsizetype MaxPemBytes = qsizetype(64) * 1024;

//! Whose key it is: a peer's certificate must not sign others, and an authority's must.
enum class IdentityUse { Peer, Authority };

//! \brief What Identity::fromPem() promises. \a source begins the sentences of errors: a quoted file
//! name or "The PEM text".
Result<std::unique_ptr<IdentityData>> readIdentity(QByteArrayView pem, const QByteArray &passphrase,
                                                   const QString &source,
                                                   IdentityUse use = IdentityUse::Peer);

//! \brief The same from a key and a chain (DER, leaf first), whose sizes are checked here.
Result<std::unique_ptr<IdentityData>> checkIdentity(gnutls_x509_privkey_t key,
                                                    const QList<QByteArray> &chain,
                                                    const QString &source,
                                                    IdentityUse use = IdentityUse::Peer);

//! \brief The certificates (DER) of PEM text without a key: one to four, and nothing else.
//! Errors: InvalidPem.
Result<QList<QByteArray>> readCertificates(QByteArrayView pem, const QString &source);

//! \brief The key as PKCS#8, encrypted with AES-256 where \a passphrase is not empty.
//! Errors: InvalidArgument for a passphrase that is not printable UTF-8.
Result<OwnedDatum> keyToPem(QByteArrayView der, const QByteArray &passphrase);

QByteArray chainToPem(const QList<QByteArray> &chain);

} // namespace Qp2p::Engine
