// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The authorities that are trusted to issue certificates for peers.
#pragma once

#include <qp2pcore/result.h>

#include <gnutls/x509.h>

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>

namespace Qp2p::Engine {

//! \brief PEM text and where it came from, for messages.
struct PemSource
{
    QString origin;
    QByteArray pem;
};

//! \brief A set of authorities. Read-only once made, so connections of several threads may share one.
class TrustStore
{
public:
    //! \brief Every certificate of \a sources.
    //!
    //! Errors: InvalidPem, NoAuthorities (not one certificate), NotAnAuthority (a certificate that may
    //! not sign others: as an authority it would accept no peer, or just itself).
    static Result<std::shared_ptr<const TrustStore>> fromPem(const QList<PemSource> &sources);

    //! \brief The system's own, read by GnuTLS. Errors: NoAuthorities.
    static Result<std::shared_ptr<const TrustStore>> system();

    ~TrustStore();
    Q_DISABLE_COPY_MOVE(TrustStore)

    gnutls_x509_trust_list_t list() const { return m_list; }
    int size() const { return m_size; }

private:
    TrustStore() = default;
    gnutls_x509_trust_list_t m_list = nullptr;
    int m_size = 0;
};

} // namespace Qp2p::Engine
