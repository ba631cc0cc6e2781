// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How messages follow each other on the control stream, whatever they say.
#pragma once

#include <qp2pcore/result.h>

#include <QByteArray>

#include <optional>
#include <span>

namespace Qp2p::Engine {

//! \brief One message of a control stream, without its length.
//!
//! The wire format. A control message is its length as u16, big-endian, 1 to 4,096, and then that
//! many bytes of CBOR (RFC 8949): exactly one map, its keys integers, its first key 0 with the kind, an
//! unsigned number. Nothing has an indefinite length (RFC 8949 section 4.2.1), nothing nests deeper than 8.
//!
//! | kind    | message            | defined in                              |
//! |---------|--------------------|-----------------------------------------|
//! | 1       | hello              | engine/messages/hello.h                 |
//! | 2       | goodbye            | peering/protocol/goodbye.h              |
//! | 3, 4, 7 | dial-back          | peering/protocol/dialback.h             |
//! | 5, 6    | peers              | peering/protocol/peers.h                |
//! | 8 to 19 | reserved: NAT traversal, streams |                           |
//! | 20      | identity in use    | peering/protocol/identityinuse.h        |
//!
//! So that the protocol can grow, a reader skips kinds and keys that it does not know, but checks their form.
//! A known key stands there at most once, a mandatory one exactly once.
struct ControlMessage
{
    quint64 kind = 0;
    QByteArray map; //!< CBOR; that it is a map and begins with its kind was checked, and nothing else

    friend bool operator==(const ControlMessage &, const ControlMessage &) = default;
};

//! Bytes of the length before a message.
inline constexpr qsizetype controlPrefixSize = 2;
//! The most that follows the length: enough for 20 nodes with addresses, and little to hold per peer.
inline constexpr qsizetype maxControlMessageSize = 4096;
//! The most bytes of UTF-8 in a text of a control message.
inline constexpr qsizetype maxControlTextSize = 64;

//! \brief The form of a message that has no handler. Errors: ProtocolViolation.
Result<void> checkControlMap(const QByteArray &map);

//! \brief Reads the control messages of one peer from the bytes of its stream, in pieces of any size.
//!
//! \code
//! while (const auto message = reader.next(bytes))
//!     handle(*message);
//! if (reader.error().isError()) … // close the connection
//! \endcode
//!
//! Keeps at most one unfinished message, 4 KiB + 2 bytes.
class ControlReader
{
public:
    //! \brief Takes bytes from the front of \a bytes until one message is complete, and returns it.
    //! Without a value all bytes were taken and more are needed, or error() says what is wrong.
    std::optional<ControlMessage> next(std::span<const quint8> &bytes);

    //! ProtocolViolation with a sentence, for good, or no error.
    const Error &error() const { return m_error; }

    //! True inside a message: the stream must not end here.
    bool isInsideMessage() const { return !m_buffer.isEmpty(); }

private:
    QByteArray m_buffer; // the unfinished message, its length included
    Error m_error;
};

} // namespace Qp2p::Engine
