// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The record of one link: its connections, its state, and what is known of the peer.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/peering/linkstate.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QDateTime>
#include <QList>
#include <QPointer>

#include <memory>

namespace Qp2p {

class Peer;

namespace Peering {

//! What a peer says of itself when a connection to it opens.
struct PeerDescription
{
    quint64 instance = 0; //!< of its program's run
    QString agent;
    Acceptance acceptance;
    QList<QByteArray> certificates; //!< DER, leaf first
    QList<PeerAddress> addresses; //!< without its id, the latest first
};

//! How the link began.
struct LinkOrigin
{
    bool isChosen = false; //!< we dialled first
    bool isContact = false; //!< perhaps found by a name that the user has given
    bool wasTouched = false; //!< we had been in touch with its address before it came
    bool isExtra = false; //!< beyond the wanted number: it may be closed for another one
    bool isWanted = false; //!< the program has asked for it: it becomes no extra one
    Time since; //!< its first connection
    PeerAddress provenAddress; //!< where we have dialled it without its help; null where we have not

    void setWanted()
    {
        isWanted = true;
        isExtra = false;
    }
};

//! When something is due. All are checked every second.
struct LinkDeadlines
{
    Time halves = Never; //!< until then both must be open
    Time claimCheck = Never; //!< its claim could not be checked yet
    Time payment = Never; //!< it has not said yet what it makes of our claim
};

//! \brief One peer, from its first connection to the end of its last one.
//!
//! Shared: code that holds one while it emits something checks isAttached afterwards.
class Link
{
public:
    static constexpr qsizetype MaxAddresses = 8;
    using Half = LinkState::Half;

    explicit Link(const PeerId &peerId)
        : id(peerId)
    {
    }

    //! Up to date also where the program has deleted a connection.
    LinkState &state();
    LinkState state() const;

    // --- Connections ---

    Connection *outgoing() const { return m_outgoing.connection; }
    Connection *incoming() const { return m_incoming.connection; }
    Connection *half(Half half) const { return half == Half::Outgoing ? outgoing() : incoming(); }
    //! On which messages leave, null where none do.
    Connection *sending() const;
    //! All open ones, the one on which messages leave first.
    QList<Connection *> connections() const;
    //! All that it ever had and that are not deleted yet.
    QList<QPointer<Connection>> watched() const { return m_watched; }
    //! Whether \a connectionId is that of a half, also where it is deleted.
    bool isHalf(quint64 connectionId) const;

    //! \brief Takes \a connection. Our earlier one becomes a spare, as the peer decides which of them stays; of
    //! several that the peer has dialled the newest counts, and the caller closes the one before.
    void add(Connection *connection);
    //! \brief \a connection has ended. A spare takes its place, where there is one. Null: it was no half.
    std::optional<Half> remove(const Connection *connection);
    void forgetDeleted();

    // --- The peer ---

    //! It is seen, or can be dialled, at \a address.
    void recordAddress(const PeerAddress &address);

    const PeerId id;
    PeerDescription description;
    LinkOrigin origin;
    LinkDeadlines deadlines;
    bool isAttached = false; //!< its network knows it, and has not dropped it
    bool isAnnounced = false; //!< the program knows it
    Time establishedAt;
    QDateTime establishedSince; //!< UTC
    Error farewell; //!< it has said goodbye
    Error lost; //!< why the network has dropped it
    qsizetype paidBefore = 0; //!< bytes of the payment directly before this control message
    Peer *peer = nullptr; //!< what the program sees; null once that is deleted

private:
    struct Slot
    {
        QPointer<Connection> connection;
        quint64 id = 0; //!< known also when the program has deleted it
    };
    static void set(Slot &slot, Connection *connection);
    void refresh(LinkState &state) const;

    LinkState m_state;
    Slot m_outgoing;
    Slot m_incoming;
    QList<QPointer<Connection>> m_spares;
    QList<QPointer<Connection>> m_watched;
};

using LinkPointer = std::shared_ptr<Link>;

} // namespace Peering
} // namespace Qp2p
