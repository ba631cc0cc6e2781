// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Where a member sees a peer whose address has changed since the hello.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Peering {

//! \brief Sent by the side that was dialled, once the new address of the dialling side is proven.
//!
//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 20   | observed address | 1   | address           | 4 or 16 bytes                             |
//! |      |                  | 2   | port              | 1 to 65,535                               |
struct ObservedAddress
{
    static constexpr quint64 Kind = 20;

    Engine::SocketAddress address;

    //! \brief Errors: ProtocolViolation.
    static Result<ObservedAddress> decode(const QByteArray &map);

    friend bool operator==(const ObservedAddress &, const ObservedAddress &) = default;
};

//! The bytes for the stream, length included.
QByteArray encode(const ObservedAddress &observed);

} // namespace Qp2p::Peering
