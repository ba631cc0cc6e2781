// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What two peers tell each other about themselves on the control stream, and how it is written.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

#include <optional>
#include <span>
#include <variant>

namespace Qp2p::Engine {

//! The wire format. A control message is its length as u16, big-endian, 1 to 4,096, and then that
//! many bytes of CBOR (RFC 8949): exactly one map, its keys integers, its first key 0. Nothing
//! has an indefinite length (RFC 8949 section 4.2.1), nothing nests deeper than 8.
//!
//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | any  |                  | 0   | kind              | unsigned                                  |
//! | 1    | hello            | 1   | network name      | text of at most 64 bytes                  |
//! |      |                  | 2   | role              | unsigned: 0 none, 1 node, 2 client        |
//! |      |                  | 3   | agent             | text of at most 64 bytes                  |
//! |      |                  | 4   | listening port    | 0 to 65,535; 0: does not listen           |
//! |      |                  | 5   | observed address  | 4 or 16 bytes; optional, together with 6  |
//! |      |                  | 6   | observed port     | 1 to 65,535                               |
//! |      |                  | 7   | largest message   | bytes of the three parts; optional        |
//! |      |                  | 8   | dial-back nonce   | 16 bytes; only in a dial that checks      |
//! |      |                  | 9   | instance          | of the program's run; optional            |
//! | 2    | goodbye          | 1   | code              | 0 to 2^62 - 1                             |
//! |      |                  | 2   | reason            | text of at most 64 bytes; optional        |
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
//! | 5    | peers request    |     |                   |                                           |
//! | 6    | peers answer     | 1   | nodes             | bytes: at most 20 times 32 bytes of peer  |
//! |      |                  |     |                   | id, count, and that many addresses of     |
//! |      |                  |     |                   | size (4 or 16), address, port (2 bytes)   |
//! | 7    | dial-back arrival | 1  | nonce             | 16 bytes, as it came in a hello           |
//!
//! So that the protocol can grow, a reader skips kinds and keys that it does not know, and takes a
//! role that it does not know for none. A known key stands there at most once, a mandatory one
//! exactly once.
//!
//! A dial-back request pays for the dial: three datagrams of 1,200 bytes leave unanswered at most, so one
//! of fewer bytes than that would draw more towards somebody else than it cost (AutoNAT v2 charges in the
//! same way). Such a request is refused. With id 0 it asks for nothing: it pays for the check of the
//! sender's hello, or for the second dial of a check.
struct Hello
{
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

    friend bool operator==(const Hello &, const Hello &) = default;
};

struct Goodbye
{
    quint64 code = 0; //!< as in CONNECTION_CLOSE: at most 2^62 - 1 (RFC 9000 section 16)
    QByteArray reason; //!< at most 64 bytes of UTF-8

    friend bool operator==(const Goodbye &, const Goodbye &) = default;
};

//! What a dial-back request has at least, its length included, in bytes.
inline constexpr qsizetype dialBackPayment = 3600;
//! What a dial uses of what was sent: a fourth large datagram. Of dials over a path that loses 10 %, 97 in
//! 100 arrive with it, and 90 with three; over one that loses 2 % all do (measured).
inline constexpr qsizetype maxDialBackPayment = 4800;

//! "Can you dial me?", or of a helper: "can you dial that peer?"
struct DialBackRequest
{
    quint64 id = 0; //!< 0: only pays
    quint16 port = 0; //!< at the address where the asked one sees the asking one
    SocketAddress target; //!< null, or of a third peer, at which the asking one sees it
    PeerId peer; //!< the third one's
    QByteArray nonce; //!< to be carried to it
    //! Bytes of the whole message with its length. encode() pads up to it; what was read says what came.
    qsizetype size = dialBackPayment;

    friend bool operator==(const DialBackRequest &, const DialBackRequest &) = default;
};

struct DialBackAnswer
{
    enum class Result : quint8 {
        Refused, //!< says nothing about the peer
        Reachable, //!< dialled from an address that it has not talked to
        Provisional, //!< dialled from another socket only
        NotReachable,
    };

    quint64 id = 0; //!< 0: of what the hello claims
    Result result = Result::Refused;
    QByteArray reason; //!< at most 64 bytes of UTF-8
    Hello::Role acceptedAs = Hello::Role::None; //!< with id 0

    friend bool operator==(const DialBackAnswer &, const DialBackAnswer &) = default;
};

//! The nonce of a dial that has arrived, told to who might have asked for it.
struct DialBackArrival
{
    QByteArray nonce;

    friend bool operator==(const DialBackArrival &, const DialBackArrival &) = default;
};

struct PeersRequest
{
    friend bool operator==(const PeersRequest &, const PeersRequest &) = default;
};

//! A node that the teller has a link to.
struct ToldNode
{
    PeerId id;
    QList<SocketAddress> addresses;

    friend bool operator==(const ToldNode &, const ToldNode &) = default;
};

struct PeersAnswer
{
    QList<ToldNode> nodes;

    friend bool operator==(const PeersAnswer &, const PeersAnswer &) = default;
};

//! A well-formed message of a kind that this version does not know.
struct UnknownControl
{
    quint64 kind = 0;

    friend bool operator==(const UnknownControl &, const UnknownControl &) = default;
};

using ControlMessage = std::variant<Hello, Goodbye, DialBackRequest, DialBackAnswer,
                                    DialBackArrival, PeersRequest, PeersAnswer, UnknownControl>;

//! The most that follows the length: enough for 20 nodes with addresses, and little to hold per peer.
inline constexpr size_t maxControlMessageSize = 4096;
//! The most bytes of UTF-8 in a text of a control message.
inline constexpr qsizetype maxControlTextSize = 64;

inline constexpr qsizetype dialBackNonceSize = 16;
inline constexpr qsizetype maxToldNodes = 20;
inline constexpr qsizetype maxToldAddresses = 4; //!< of one node

//! \brief The bytes for the stream, length included. Texts are UTF-8; agent and reason are cut to
//! 64 bytes, at a character; the network name must fit, for a cut one would be another name.
QByteArray encode(const Hello &hello);
QByteArray encode(const Goodbye &goodbye);
//! At least as large as DialBackRequest::size says, up to the largest that is allowed.
QByteArray encode(const DialBackRequest &request);
QByteArray encode(const DialBackAnswer &answer);
QByteArray encode(const DialBackArrival &arrival);
QByteArray encode(const PeersRequest &request);
QByteArray encode(const PeersAnswer &answer); //!< as many nodes and addresses as are allowed

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
