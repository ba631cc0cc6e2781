// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the engine reports, collected during a pump and turned into signals after it.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <QByteArray>

#include <memory>
#include <variant>
#include <vector>

namespace Qp2p::Engine {

using SessionId = quint64;

namespace Events {
//! The handshake is confirmed; only reported for sessions that hold their hello (races).
struct Confirmed
{
};
//! Both sides have greeted each other: messages may flow.
struct Opened
{
};
struct MessageArrived
{
    Message message;
};
struct RequestArrived
{
    qint64 streamId;
    Message message;
};
//! The peer no longer waits for a reply that this side has not made.
struct RequestCancelled
{
    qint64 streamId;
};
struct ReplyArrived
{
    quint64 id; //!< of the request
    Message message;
};
struct Acknowledged
{
    quint64 id;
};
//! An outgoing message that will not arrive, or a request that will not be answered.
struct Failed
{
    quint64 id;
    Error error;
};
struct IncomingRefused
{
    Error error;
};
struct QueueAvailable
{
};
//! A message on the control stream, of a kind that this side handles: its body is still as the peer sent it.
//! Session::close() with CloseCode::ControlViolation ends the connection over a malformed one.
struct Control
{
    quint64 kind;
    QByteArray body; //!< not decoded
};
//! A dial has reached us whose maker only wants to know that; its end follows.
struct DialBackArrived
{
    QByteArray nonce;
};
//! The peer gives us a token for the next dial to it at this address (RFC 9000 section 8.1.3).
struct AddressTokenReceived
{
    QByteArray token; //!< at most Limits::AddressTokenBytes
};
//! The peer gives us a ticket for the next dial to it (RFC 8446 section 4.6.1).
struct SessionTicketReceived
{
    QByteArray ticket; //!< with secrets; see Session::DialOptions
};
//! The peer has proven that it receives at another address.
//! The peer has proven another address, or its packets go over another leg.
struct PathChanged
{
};
//! The last event of a session.
struct Closed
{
    Error error;
    std::shared_ptr<const ConnectionStats> stats; //!< the last ones
    SocketAddress remote;
    enum class Origin : quint8 { Dialled, Accepted } origin = Origin::Dialled;
    bool wasOpen = false;
};
} // namespace Events

struct Event
{
    SessionId session;
    std::variant<Events::Confirmed, Events::Opened, Events::MessageArrived, Events::RequestArrived,
                 Events::RequestCancelled, Events::ReplyArrived, Events::Acknowledged,
                 Events::Failed, Events::IncomingRefused, Events::QueueAvailable,
                 Events::PathChanged, Events::Control, Events::DialBackArrived,
                 Events::AddressTokenReceived, Events::SessionTicketReceived, Events::Closed>
        what;
};

using EventList = std::vector<Event>;

} // namespace Qp2p::Engine
