// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a peer's certificate was accepted.
#pragma once

#include <qp2pcore/peerid.h>

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>

namespace Qp2p {

//! Who must have signed the certificate of a peer. See CertificatePolicy.
enum class CertificateMode {
    AgreedAuthority, //!< a public authority: the system's trust store or a given bundle
    PrivateAuthority, //!< one of the given authorities and nothing else
    EncryptOnly, //!< no authority: possession of the key is proven, and the peer id says whose it is
};

//! \brief The rule that accepted a peer, and what it looked at.
struct Acceptance
{
    CertificateMode mode = CertificateMode::EncryptOnly;
    PeerId peerId;
    //! DER, from the peer's own certificate to the authority that was trusted; only the first in
    //! EncryptOnly. CertificateInfo::fromDer() reads them.
    QList<QByteArray> path;
    QString matchedName; //!< the name in the certificate that was asked for and found, if any
    //! \brief The last second (UTC) in which every certificate of the path is valid; none in EncryptOnly, which
    //! never looks at dates. A connection that is open then ends, unless another path is valid for longer.
    std::optional<std::chrono::sys_seconds> validUntil;

    bool isNull() const { return peerId.isNull(); }
    //! DER of the authority at the end of the path; empty in EncryptOnly.
    QByteArray authority() const
    {
        return mode == CertificateMode::EncryptOnly || path.isEmpty() ? QByteArray() : path.last();
    }
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Acceptance)
