// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who we are: a private key and the certificate chain that goes with it.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>
#include <QSharedDataPointer>
#include <QString>

namespace Qp2p {

class IdentityData;

//! \brief A private key and its certificate chain, leaf first. Implicitly shared; immutable.
//!
//! Key material stays in memory that is wiped when the last copy goes; no function prints it.
//! Thread-safe to copy and read.
class QP2PCORE_EXPORT Identity
{
public:
    Identity();
    Identity(const Identity &);
    Identity(Identity &&) noexcept;
    Identity &operator=(const Identity &);
    Identity &operator=(Identity &&) noexcept;
    ~Identity();

    //! \brief A new Ed25519 key with a self-signed X.509 v3 certificate.
    //!
    //! The certificate is valid from 1970-01-01 to 9999-12-31 (RFC 5280 4.1.2.5: no expiry), has
    //! basicConstraints CA:FALSE, keyUsage digitalSignature, extendedKeyUsage serverAuth and
    //! clientAuth, and a random positive serial number.
    static Result<Identity> generate();

    //! \brief Reads key and chain from PEM text: one PRIVATE KEY (PKCS#8, encrypted or not, or the
    //! traditional forms) and one to four CERTIFICATEs, leaf first, in any order of the key.
    //!
    //! \a origin names the source in errors. Errors: InvalidPem, WrongPassphrase (also where one is
    //! needed and none is given), KeyMismatch, UnsupportedKey.
    static Result<Identity> fromPem(const QByteArray &pem, const QByteArray &passphrase = {},
                                    const QString &origin = {});

    //! \brief Loads a PEM file: a regular file of at most 64 KiB, through symbolic links, that has no more
    //! readers than \a access allows.
    //!
    //! Errors: FileNotFound, FileUnreadable (also a link that leads nowhere), FilePermissions (with the
    //! command that changes them) and those of fromPem().
    static Result<Identity> load(const QString &fileName, const QByteArray &passphrase = {},
                                 KeyFileAccess access = KeyFileAccess::Private);

    //! \brief Writes key and chain as PEM: created with mode 0600 from its first byte (O_EXCL), in a
    //! folder that exists, synced, and only then visible under \a fileName. The key is encrypted
    //! (PKCS#8, AES-256) where \a passphrase is not empty.
    //!
    //! An existing file is never replaced, nor is a symbolic link, which is not followed either:
    //! FileExists. Errors: FileWriteFailed.
    Result<void> save(const QString &fileName, const QByteArray &passphrase = {}) const;

    //! \brief load(), or where no file is there, generate() and save(). Missing folders are made
    //! with mode 0700. A symbolic link that leads nowhere is an error, FileUnreadable: what it should lead
    //! to may only be mounted later, and a new key would be another peer.
    static Result<Identity> loadOrGenerate(const QString &fileName,
                                           const QByteArray &passphrase = {},
                                           KeyFileAccess access = KeyFileAccess::Private);

    //! \brief The same key with other certificates (PEM, leaf first), e.g. those that an authority has
    //! issued for it. Errors: WrongState (null), InvalidPem, KeyMismatch.
    Result<Identity> withCertificates(const QByteArray &pem) const;

    //! \brief The same key, and so the same peer id, with a new self-signed certificate whose common name is
    //! \a displayName: 1 to MaxDisplayName characters, which every peer sees. No authority has
    //! checked it. Errors: WrongState (null), InvalidArgument, Unsupported.
    Result<Identity> withDisplayName(const QString &displayName) const;
    //! ub-common-name of RFC 5280.
    static constexpr int MaxDisplayName = 64;

    bool isNull() const;
    PeerId peerId() const;

    //! The chain as DER, leaf first.
    QList<QByteArray> certificates() const;
    //! The chain as PEM, without the key: what may be given to others.
    QByteArray certificatePem() const;
    //! The key as PKCS#8 DER. Handle with care: this is the secret.
    QByteArray privateKeyDer() const;
    //! "Ed25519", "ECDSA P-256", "RSA 3072", …
    QString keyDescription() const;

private:
    explicit Identity(IdentityData *data);
    QExplicitlySharedDataPointer<const IdentityData> d;
};

} // namespace Qp2p
