// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which peers are accepted by their certificate.
#pragma once

#include <qp2pcore/acceptance.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QSharedDataPointer>
#include <QStringList>

namespace Qp2p {

class CertificatePolicyData;
class PeerAddress;

//! \brief The rule by which a peer's certificate is verified, the same for dialling and being dialled.
//! A value, implicitly shared.
//!
//! | mode             | accepted is                                        | name check                  |
//! |------------------|----------------------------------------------------|-----------------------------|
//! | AgreedAuthority  | a chain to an authority of the system or a bundle  | dialling: host name or IP   |
//! |                  |                                                    | address; dialled: diallerNames() |
//! | PrivateAuthority | a chain to one of the given authorities, no other  | name(), where one is set    |
//! | EncryptOnly      | any peer that proves possession of its key         | none                        |
//!
//! In every mode both sides present a certificate and prove its key, the peer id is known, keys and
//! signatures must be strong (Ed25519, ECDSA P-256 or P-384, RSA 2048 to 4096, SHA-256 or better) and
//! sizes are limited (4 certificates, 8 KiB each, 16 KiB in all). Where an expected peer id is given
//! it takes the place of the name check; the chain is still required. Names stand in the
//! subjectAltName; a common name counts for nothing (RFC 9525). Certificates for a server or for a
//! client will do, whichever side presents them, for a peer is both.
class QP2PCORE_EXPORT CertificatePolicy
{
public:
    using Mode = CertificateMode;

    //! \brief As encryptOnly().
    CertificatePolicy();
    CertificatePolicy(const CertificatePolicy &);
    CertificatePolicy(CertificatePolicy &&) noexcept;
    CertificatePolicy &operator=(const CertificatePolicy &);
    CertificatePolicy &operator=(CertificatePolicy &&) noexcept;
    ~CertificatePolicy();

    static CertificatePolicy encryptOnly();
    //! \brief The authorities of the system's trust store, or those of \a bundleFiles (PEM) instead.
    static CertificatePolicy agreedAuthority(const QStringList &bundleFiles = {});
    //! \brief The authorities of \a authorityFiles (PEM, at least one) and nothing else. Where \a name
    //! is not empty, a peer's certificate must have it among its DNS names.
    static CertificatePolicy privateAuthority(const QStringList &authorityFiles,
                                              const QString &name = {});

    Mode mode() const;
    //! Empty in EncryptOnly, and where the system's store is meant.
    QStringList authorityFiles() const;
    //! Of PrivateAuthority; the network's, as a rule.
    QString name() const;

    //! \brief AgreedAuthority: the names of which a peer that dials us must have one; empty (the default)
    //! asks for none. Otherwise a dialling peer is known by its peer id alone.
    QStringList diallerNames() const;
    void setDiallerNames(const QStringList &names);

    //! \brief InvalidArgument with what cannot work. Reads no file.
    Result<void> validate() const;

    //! \brief Verifies \a chain (DER, leaf first) at \a when as if the peer had been dialled at \a dialled; for
    //! tools that explain. Reads the authorities' files each time.
    //!
    //! Errors: those of a connection (CertificateExpired, …, PeerIdMismatch), and of the files.
    Result<Acceptance> verify(const QList<QByteArray> &chain, const PeerAddress &dialled,
                              const QDateTime &when = QDateTime::currentDateTimeUtc()) const;

    QP2PCORE_EXPORT friend bool operator==(const CertificatePolicy &a, const CertificatePolicy &b);

private:
    QSharedDataPointer<CertificatePolicyData> d;
};

} // namespace Qp2p
