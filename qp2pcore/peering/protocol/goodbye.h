// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer sends before it leaves the network.
#pragma once

#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Peering {

//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 2    | goodbye          | 1   | code              | 0 to 2^62 - 1                             |
//! |      |                  | 2   | reason            | text of at most 64 bytes; optional        |
struct Goodbye
{
    static constexpr quint64 Kind = 2;

    quint64 code = 0; //!< as in CONNECTION_CLOSE: at most 2^62 - 1 (RFC 9000 section 16)
    QByteArray reason; //!< at most 64 bytes of UTF-8

    //! \brief Errors: ProtocolViolation.
    static Result<Goodbye> decode(const QByteArray &map);

    friend bool operator==(const Goodbye &, const Goodbye &) = default;
};

//! \brief The bytes for the stream, length included. The reason is cut to 64 bytes, at a character.
QByteArray encode(const Goodbye &goodbye);

} // namespace Qp2p::Peering
