// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a peer asks to be dialled back, what it hears of it, and which dial has arrived.
#pragma once

#include <qp2pcore/engine/messages/hello.h>
#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Peering {

//! What a dial-back request has at least, its length included, in bytes.
inline constexpr qsizetype DialBackPayment = 3600;
//! What a dial uses of what was sent: a fourth large datagram. Of dials over a path that loses 10 %, 97 in
//! 100 arrive with it, and 90 with three; over one that loses 2 % all do (measured).
inline constexpr qsizetype MaxDialBackPayment = 4800;

//! \brief "Can you dial me?", or of a helper: "can you dial that peer?"
//!
//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 3    | dial-back request | 1  | id                | unsigned                                  |
//! |      |                  | 2   | port              | 1 to 65,535                               |
//! |      |                  | 3   | address           | 4 or 16 bytes; for a helper, with 4 and 5 |
//! |      |                  | 4   | peer id           | 32 bytes                                  |
//! |      |                  | 5   | nonce             | 16 bytes                                  |
//! |      |                  | 6   | padding           | bytes, zeros; so many that the message    |
//! |      |                  |     |                   | with its length has at least 3,600 bytes  |
//! | 4    | dial-back answer | 1   | id                | of the request; 0: of the hello's claim   |
//! |      |                  | 2   | result            | unsigned: 0 refused, 1 reachable, 2       |
//! |      |                  |     |                   | provisional, 3 not reachable              |
//! |      |                  | 3   | reason            | text of at most 64 bytes; optional        |
//! |      |                  | 4   | accepted as       | as the role of a hello; optional          |
//! | 7    | dial-back arrival | 1  | nonce             | 16 bytes, as it came in a hello           |
//!
//! A dial-back request pays for the dial: three datagrams of 1,200 bytes leave unanswered at most, so one
//! of fewer bytes than that would draw more towards somebody else than it cost (AutoNAT v2 charges in the
//! same way). Such a request is refused. With id 0 it asks for nothing: it pays for the check of the
//! sender's hello, or for the second dial of a check.
struct DialBackRequest
{
    static constexpr quint64 Kind = 3;

    quint64 id = 0; //!< 0: only pays
    quint16 port = 0; //!< at the address where the receiver sees the sender
    Engine::SocketAddress target; //!< null, or of a third peer, at which the sender sees it
    PeerId peer; //!< the third one's
    QByteArray nonce; //!< to be carried to it
    //! Bytes of the whole message with its length. encode() pads up to it; what was read says what came.
    qsizetype size = DialBackPayment;

    //! \brief Errors: ProtocolViolation.
    static Result<DialBackRequest> decode(const QByteArray &map);

    friend bool operator==(const DialBackRequest &, const DialBackRequest &) = default;
};

struct DialBackAnswer
{
    static constexpr quint64 Kind = 4;
    enum class Result : quint8 {
        Refused, //!< says nothing about the peer
        Reachable, //!< dialled from an address that it has not talked to
        Provisional, //!< dialled from another socket only
        NotReachable,
    };

    quint64 id = 0; //!< 0: of what the hello claims
    Result result = Result::Refused; //!< one that a reader does not know it takes for Refused
    QByteArray reason; //!< at most 64 bytes of UTF-8
    Engine::Hello::Role acceptedAs = Engine::Hello::Role::None; //!< with id 0

    //! \brief Errors: ProtocolViolation.
    static Qp2p::Result<DialBackAnswer> decode(const QByteArray &map);

    friend bool operator==(const DialBackAnswer &, const DialBackAnswer &) = default;
};

//! The nonce of a dial that has arrived, for the peer that may have asked for it.
struct DialBackArrival
{
    static constexpr quint64 Kind = 7;

    QByteArray nonce;

    //! \brief Errors: ProtocolViolation.
    static Result<DialBackArrival> decode(const QByteArray &map);

    friend bool operator==(const DialBackArrival &, const DialBackArrival &) = default;
};

//! \brief The bytes for the stream, length included. At least as large as DialBackRequest::size says, up to the
//! largest that is allowed.
QByteArray encode(const DialBackRequest &request);
//! The reason is cut to 64 bytes, at a character.
QByteArray encode(const DialBackAnswer &answer);
QByteArray encode(const DialBackArrival &arrival);

} // namespace Qp2p::Peering
