// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the window knows of the network: values that cross from its thread to the window's.
#pragma once

#include <qp2pcore/network.h>
#include <qp2pcore/networkstatus.h>

#include <QDateTime>
#include <QList>

#include <memory>

namespace Qp2p::Gui {

//! What stays true of a connection for its whole life. Texts are as the peer sent them.
struct ConnectionFacts
{
    quint64 id = 0;
    PeerId peerId;
    Connection::Direction direction = Connection::Direction::Outgoing;
    Acceptance acceptance;
    QList<QByteArray> certificates; //!< DER, leaf first
    QString name; //!< in the peer's certificate: of its owner's choosing
    QString authority; //!< the name of the authority that issued its certificate, or empty
    QString agent;
    QString qlogFile; //!< empty where none is written
    QDateTime openedAt;
};

//! One second of a connection, or of the whole endpoint.
struct Sample
{
    double at = 0; //!< seconds on the worker's clock
    float rtt = 0; //!< smoothed, milliseconds
    float congestionWindow = 0; //!< bytes
    float sendRate = 0; //!< bytes per second
    float receiveRate = 0;
};

//! Where a peer has been.
struct PathChange
{
    QDateTime when;
    PeerAddress address;
};

struct ConnectionSnapshot
{
    enum class State {
        Linking, //!< open, but the link to the peer does not stand
        Open,
        Closed,
    };

    std::shared_ptr<const ConnectionFacts> facts;
    State state = State::Linking;
    PeerAddress address; //!< null where a node forwards
    ConnectionPath path;
    Peer::Role role = Peer::Role::Unknown;
    Peer::Link link = Peer::Link::None;
    ConnectionStats stats;
    double sendRate = 0; //!< bytes per second
    double receiveRate = 0;
    Error closeReason;
    QDateTime closedAt;
};

//! What is shown of the network: read when the window asks for it.
struct NetworkSnapshot
{
    NetworkStatus status;
    double sendRate = 0; //!< bytes per second
    double receiveRate = 0;
    QList<ConnectionSnapshot> connections; //!< open ones, then recently closed ones
};

//! What is shown of one connection, besides its row.
struct ConnectionDetails
{
    quint64 id = 0; //!< 0: the whole endpoint
    QList<Sample> history; //!< oldest first
    QList<PathChange> path; //!< oldest first
};

//! A message that went out or came in.
struct MessageRecord
{
    enum class Kind { Message, Request, Reply };
    enum class Direction { Outgoing, Incoming };
    enum class Status {
        Pending, //!< not acknowledged, or not answered, yet
        Done, //!< arrived, or answered
        Failed,
    };

    quint64 id = 0;
    QDateTime when;
    PeerId peer;
    QString peerName;
    Kind kind = Kind::Message;
    Direction direction = Direction::Incoming;
    Status status = Status::Done;
    Message message;
    std::chrono::microseconds roundTrip{0}; //!< of a reply: since its request
    Error error;
};

} // namespace Qp2p::Gui
