// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A private authority, for a group that runs a closed network.
#pragma once

#include <qp2pcore/identity.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QDateTime>
#include <QExplicitlySharedDataPointer>
#include <QString>
#include <QStringList>

#include <chrono>

namespace Qp2p {

class IdentityData;

//! \brief A key that signs the certificates of a network's peers. Implicitly shared; immutable.
//!
//! Its file is a secret: who has it can issue certificates that every peer accepts. Peers need only
//! certificatePem(), for CertificatePolicy::privateAuthority().
class QP2PCORE_EXPORT Authority
{
public:
    Authority();
    Authority(const Authority &);
    Authority(Authority &&) noexcept;
    Authority &operator=(const Authority &);
    Authority &operator=(Authority &&) noexcept;
    ~Authority();

    //! \brief A new Ed25519 key and its certificate, valid from a day ago (clocks differ) for 20 years.
    //!
    //! \a name is that of the network: 1 to 64 letters from a to z, digits, hyphens, dots and
    //! underscores. Errors: InvalidArgument, Unsupported.
    static Result<Authority> create(const QString &name,
                                    const QDateTime &now = QDateTime::currentDateTimeUtc());

    //! \brief As Identity::load(), with its errors; the certificate must be an authority's.
    static Result<Authority> load(const QString &fileName, const QByteArray &passphrase = {},
                                  KeyFileAccess access = KeyFileAccess::Private);
    //! \brief As Identity::save(), with its errors: mode 0600, never replaces a file.
    Result<void> save(const QString &fileName, const QByteArray &passphrase = {}) const;

    bool isNull() const;
    QString name() const; //!< the common name of its certificate
    QDateTime validUntil() const;
    QByteArray certificatePem() const; //!< what every peer of the network may have

    //! How long a certificate is valid, if nothing else is asked for.
    static constexpr std::chrono::days DefaultValidity{825};

    //! \brief What the certificate of a peer says.
    struct Terms
    {
        QString peerName; //!< as the name of an authority
        QStringList furtherNames = {}; //!< DNS names and IP addresses at which it is dialled
        std::chrono::days validity = DefaultValidity; //!< at most until the authority's own end
        QDateTime now = QDateTime::currentDateTimeUtc();
    };

    //! \brief A new identity for a peer: its key is made here, so hand it over safely. The names in its
    //! certificate are the authority's name, the peer's, and the further ones.
    //! Errors: InvalidArgument, Unsupported, WrongState (the authority's time is over).
    Result<Identity> issue(const Terms &terms) const;

    //! \brief The same for a key that stays where it is: \a certificatePem is the peer's self-signed
    //! one. Returns PEM, for Identity::withCertificates(). Errors: InvalidPem, UnsupportedKey as well.
    Result<QByteArray> issueFor(const QByteArray &certificatePem, const Terms &terms) const;

private:
    explicit Authority(IdentityData *data);
    QExplicitlySharedDataPointer<const IdentityData> d;
};

} // namespace Qp2p
