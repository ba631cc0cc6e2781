// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What two peers say of themselves at the start of the control stream, and how it is written.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Engine {

//! \brief The first message of each side. See controlmessage.h for what all of them have in common.
//!
//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 1    | hello            | 1   | network name      | text of at most 64 bytes                  |
//! |      |                  | 2   | role              | unsigned: 0 none, 1 node, 2 client        |
//! |      |                  | 3   | agent             | text of at most 64 bytes                  |
//! |      |                  | 4   | listening port    | 0 to 65,535; 0: does not listen           |
//! |      |                  | 5   | observed address  | 4 or 16 bytes; optional, together with 6  |
//! |      |                  | 6   | observed port     | 1 to 65,535                               |
//! |      |                  | 7   | largest message   | bytes of the three parts; optional        |
//! |      |                  | 8   | dial-back nonce   | 16 bytes; only in a dial that checks      |
//! |      |                  | 9   | instance          | of the program's run; optional            |
//! |      |                  | 10  | services          | bits, see Hello::Service; optional        |
//!
//! A role that a reader does not know it takes for none.
struct Hello
{
    static constexpr quint64 Kind = 1;
    enum class Role : quint8 { None, Node, Client };

    QByteArray networkName; //!< at most 64 bytes of UTF-8
    Role role = Role::None;
    QByteArray agent; //!< at most 64 bytes of UTF-8
    quint16 listeningPort = 0; //!< 0: does not listen
    SocketAddress observed; //!< where the sender sees the receiver; may be null
    quint64 maxMessageSize = 0; //!< of the messages that the sender reads; 0: it does not say
    //! The dial checks whether we can be reached, and ends when this has arrived. Else empty.
    QByteArray dialBackNonce;
    quint64 instance = 0; //!< another one after each start of the program; 0: it does not say
    //! What it does for others, and takes from them.
    enum Service : quint64 {
        ForwardsLegs = 1, //!< while it is a node: between two of its peers
        AcceptsLegs = 32, //!< it may be called over a node
    };
    quint64 services = 0; //!< unknown bits are kept, and mean nothing

    //! \brief Errors: ProtocolViolation.
    static Result<Hello> decode(const QByteArray &map);

    friend bool operator==(const Hello &, const Hello &) = default;
};

inline constexpr qsizetype dialBackNonceSize = 16;

//! \brief The bytes for the stream, length included. The agent is cut to 64 bytes, at a character; the network
//! name must fit, for a cut one would be another name.
QByteArray encode(const Hello &hello);

} // namespace Qp2p::Engine
