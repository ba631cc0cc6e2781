// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer hears when another program with its identity tries to take its place.
#pragma once

#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Peering {

//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 21   | identity in use  |     |                   | has no further keys                       |
struct IdentityInUse
{
    static constexpr quint64 Kind = 21;

    //! \brief Errors: ProtocolViolation.
    static Result<IdentityInUse> decode(const QByteArray &map);

    friend bool operator==(const IdentityInUse &, const IdentityInUse &) = default;
};

//! \brief The bytes for the stream, length included.
QByteArray encode(const IdentityInUse &notice);

} // namespace Qp2p::Peering
