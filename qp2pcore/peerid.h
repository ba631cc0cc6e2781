// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who a peer is: the hash of its public key.
#pragma once

#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QHashFunctions>
#include <QMetaType>
#include <QString>

#include <array>

namespace Qp2p {

//! \brief SHA-256 of a certificate's SubjectPublicKeyInfo (DER), proven by the TLS handshake.
//!
//! Shown as 52 characters of lower-case base32 (RFC 4648, no padding). A default-constructed id
//! is null and stands for "unknown".
class QP2PCORE_EXPORT PeerId
{
public:
    static constexpr qsizetype Size = 32; //!< bytes
    static constexpr qsizetype TextSize = 52; //!< characters

    PeerId() = default;

    //! \brief From exactly 32 bytes; anything else gives a null id.
    static PeerId fromBytes(QByteArrayView bytes);

    //! \brief From its text form, upper or lower case. Errors: InvalidArgument.
    static Result<PeerId> fromString(QStringView text);

    bool isNull() const;
    QByteArray toBytes() const;
    QString toString() const;

    friend bool operator==(const PeerId &, const PeerId &) = default;
    friend auto operator<=>(const PeerId &, const PeerId &) = default;
    friend size_t qHash(const PeerId &id, size_t seed = 0) noexcept
    {
        return qHashBits(id.m_bytes.data(), id.m_bytes.size(), seed);
    }

private:
    std::array<quint8, Size> m_bytes{};
};

QP2PCORE_EXPORT QDebug operator<<(QDebug debug, const PeerId &id);

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::PeerId)
