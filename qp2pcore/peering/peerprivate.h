// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Peer: the connections of a link, and how far it has come.
#pragma once

#include <qp2pcore/engine/messages/hello.h>
#include <qp2pcore/peer.h>

#include <QHash>
#include <QPointer>

namespace Qp2p {

class Peer::Private
{
public:
    //! What one side makes of the other's claim to be a node.
    enum class Verdict { None, Pending, Node, Client };

    Private(Network *itsNetwork, const PeerId &itsId)
        : network(itsNetwork)
        , id(itsId)
    {
    }

    bool hasConnection() const { return outgoing || incoming; }
    //! On which messages leave.
    Connection *sending() const;
    //! Forwards what \a connection tells to \a peer.
    static void watch(Peer *peer, Connection *connection);
    //! Why nothing can be sent to it.
    Error noLink() const;
    quint64 idOf(const Connection &connection, quint64 messageId);
    void noteAddress(const PeerAddress &address);
    //! \brief Soon after its last connection: futures of that may be continued in the context of the peer, and
    //! QFuture::then() of Qt 6.4 aborts where the context is gone.
    static void deleteWhenUnused(Peer *peer);
    void setOutgoing(Connection *connection);
    void setIncoming(Connection *connection);

    Network *network;
    PeerId id;
    Role role = Role::Unknown;
    Link link = Link::None;
    QPointer<Connection> outgoing;
    QPointer<Connection> incoming;
    quint64 outgoingId = 0; //!< known also when somebody has deleted it
    quint64 incomingId = 0;
    QList<QPointer<Connection>> spares; //!< ours, too many: the peer decides which stays
    QList<QPointer<Connection>> watched; //!< all that it ever had, until they are deleted
    QList<PeerAddress> addresses;
    QString agent;
    Acceptance acceptance;
    QList<QByteArray> certificates;

    quint64 instance = 0; //!< of its program's run
    bool chosen = false; //!< we dialled first
    bool isContact = false; //!< found by a name that the user gave, perhaps
    bool wasTouched = false; //!< we had been in touch with its address before it came
    bool dialling = false; //!< the second half, or waits to
    PeerAddress secondHalf; //!< where it is dialled
    quint64 secondHalfAt = UINT64_MAX; //!< when again, nanoseconds
    int secondHalfFailures = 0;
    bool isAttached = false; //!< its network knows it, and has not dropped it
    bool announced = false; //!< peerConnected() was emitted
    Verdict ours = Verdict::None; //!< of its claim
    Verdict theirs = Verdict::None; //!< of ours
    Error farewell; //!< it has said goodbye
    Error gone; //!< why the network has dropped it
    quint64 deadline = UINT64_MAX; //!< nanoseconds: until then both halves must stand
    quint64 linkedAt = 0;
    QDateTime linkedSince;
    quint64 askedForPeersAt = 0;
    bool awaitsPeers = false; //!< one answer to each request
    quint64 judgeAgainAt = UINT64_MAX; //!< its claim could not be checked yet
    qsizetype paidBefore = 0; //!< bytes of the payment that came directly before this control message
    quint64 payAgainAt = UINT64_MAX; //!< it has not said yet what it makes of our claim
    bool wasBidirectional = false; //!< what it sent on our half then may still be on its way
    quint64 toldPeersAt = 0;

    quint64 lastMessageId = 0;
    QHash<std::pair<quint64, quint64>, quint64> messageIds; //!< by connection and its message id
};

} // namespace Qp2p
