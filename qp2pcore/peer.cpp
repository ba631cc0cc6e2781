// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peer.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/peering/peerprivate.h>
#include <qp2pcore/support/finishedfuture.h>
#include <qp2pcore/support/threadcheck.h>

#include <algorithm>

namespace Qp2p {

namespace {

constexpr qsizetype MostAddresses = 8;

} // namespace

Error Peer::Private::noLink() const
{
    if (gone.isError() && gone.code != ErrorCode::ClosedLocally)
        return gone;
    return Error(ErrorCode::WrongState, QStringLiteral("There is no link to the peer any more."));
}

Connection *Peer::Private::sending() const
{
    if (link == Link::Unidirectional)
        return outgoing;
    return outgoing ? outgoing : incoming;
}

quint64 Peer::Private::idOf(const Connection &connection, quint64 messageId)
{
    quint64 &peerMessageId = messageIds[{connection.id(), messageId}];
    peerMessageId = ++lastMessageId;
    return peerMessageId;
}

void Peer::Private::noteAddress(const PeerAddress &address)
{
    const PeerAddress plain(address.address(), address.port());
    addresses.removeAll(plain);
    addresses.prepend(plain);
    addresses = addresses.mid(0, MostAddresses);
}

void Peer::Private::deleteWhenUnused(Peer *peer)
{
    if (peer->d->watched.isEmpty())
        peer->deleteLater();
}

void Peer::Private::setOutgoing(Connection *connection)
{
    outgoing = connection;
    outgoingId = connection ? connection->id() : 0;
}

void Peer::Private::setIncoming(Connection *connection)
{
    incoming = connection;
    incomingId = connection ? connection->id() : 0;
}

void Peer::Private::watch(Peer *peer, Connection *connection)
{
    // On a link of two halves the dialled side begins nothing: it has a half of its own for that.
    const auto mayBegin = [peer, connection] {
        if (peer->d->link != Link::Unidirectional || peer->d->wasBidirectional
            || connection->direction() == Connection::Direction::Incoming)
            return true;
        Peering::Access::close(*connection, Engine::CloseCode::WrongDirection,
                               QStringLiteral("a message on our half of the link"));
        return false;
    };
    connect(connection, &Connection::messageReceived, peer,
            [peer, mayBegin](const Message &message) {
                if (mayBegin())
                    Q_EMIT peer->messageReceived(message);
            });
    connect(connection, &Connection::requestReceived, peer,
            [peer, mayBegin](const Request &request) {
                if (mayBegin())
                    Q_EMIT peer->requestReceived(request);
            });
    connect(connection, &Connection::requestCancelled, peer, &Peer::requestCancelled);
    connect(connection, &Connection::messageAcknowledged, peer, [peer, connection](quint64 id) {
        if (const quint64 own = peer->d->messageIds.take({connection->id(), id}))
            Q_EMIT peer->messageAcknowledged(own);
    });
    connect(connection, &Connection::messageFailed, peer,
            [peer, connection](quint64 id, const Error &error) {
                if (const quint64 own = peer->d->messageIds.take({connection->id(), id}))
                    Q_EMIT peer->messageFailed(own, error);
            });
    connect(connection, &Connection::peerAddressChanged, peer,
            [peer, connection](const PeerAddress &address) {
                // What a dialler is seen at is where it sends from, not where it can be dialled.
                if (connection->direction() == Connection::Direction::Outgoing
                    || peer->d->link == Link::Bidirectional)
                    peer->d->noteAddress(address);
                Q_EMIT peer->linkChanged();
            });
    peer->d->watched.append(connection);
    // From the event loop: it may have been deleted in any slot.
    connect(
        connection, &QObject::destroyed, peer,
        [peer, id = connection->id()] { peer->d->network->d->connectionDeleted(peer, id); },
        Qt::QueuedConnection);
}

Peer::Peer(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

Peer::~Peer()
{
    QP2P_CHECK_THREAD();
    if (d->isAttached)
        d->network->d->peerDeleted(this);
    setParent(nullptr); // what continues a future may delete the network
    const QList<QPointer<Connection>> watched = d->watched;
    for (const QPointer<Connection> &connection : watched) {
        if (connection)
            Peering::Access::close(*connection, Engine::CloseCode::None, {});
    }
    // Now, while it still exists: see deleteWhenUnused().
    for (const QPointer<Connection> &connection : watched) {
        if (connection)
            Peering::Access::finishFutures(
                *connection,
                Error(ErrorCode::ClosedLocally, QStringLiteral("This side deleted the peer.")));
    }
}

PeerId Peer::id() const
{
    QP2P_CHECK_THREAD();
    return d->id;
}

Peer::Role Peer::role() const
{
    QP2P_CHECK_THREAD();
    return d->role;
}

Peer::Link Peer::link() const
{
    QP2P_CHECK_THREAD();
    return d->link;
}

Network *Peer::network() const
{
    QP2P_CHECK_THREAD();
    return d->network;
}

QList<PeerAddress> Peer::addresses() const
{
    QP2P_CHECK_THREAD();
    return d->addresses;
}

QString Peer::agent() const
{
    QP2P_CHECK_THREAD();
    return d->agent;
}

Acceptance Peer::acceptance() const
{
    QP2P_CHECK_THREAD();
    return d->acceptance;
}

QList<QByteArray> Peer::certificates() const
{
    QP2P_CHECK_THREAD();
    return d->certificates;
}

QList<Connection *> Peer::connections() const
{
    QP2P_CHECK_THREAD();
    QList<Connection *> list;
    for (const QPointer<Connection> &connection : {d->outgoing, d->incoming}) {
        if (connection)
            list.append(connection);
    }
    for (const QPointer<Connection> &connection : d->spares) {
        if (connection)
            list.append(connection);
    }
    return list;
}

bool Peer::isChosen() const
{
    QP2P_CHECK_THREAD();
    return d->chosen;
}

QDateTime Peer::linkedSince() const
{
    QP2P_CHECK_THREAD();
    return d->linkedSince;
}

quint64 Peer::send(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    if (Connection *connection = d->link == Link::None ? nullptr : d->sending())
        return d->idOf(*connection, connection->send(message, priority));
    const quint64 id = ++d->lastMessageId;
    QMetaObject::invokeMethod(
        this, [this, id, cause = d->noLink()] { Q_EMIT messageFailed(id, cause); },
        Qt::QueuedConnection);
    return id;
}

QFuture<Result<void>> Peer::sendAndConfirm(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    if (Connection *connection = d->link == Link::None ? nullptr : d->sending())
        return connection->sendAndConfirm(message, priority);
    return finishedFuture<void>(d->noLink());
}

QFuture<Result<Message>> Peer::request(const Message &message, int priority,
                                       std::chrono::milliseconds timeout)
{
    QP2P_CHECK_THREAD();
    if (Connection *connection = d->link == Link::None ? nullptr : d->sending())
        return connection->request(message, priority, timeout);
    return finishedFuture<Message>(d->noLink());
}

void Peer::close(quint64 code, const QString &reason)
{
    QP2P_CHECK_THREAD();
    const QList<Connection *> all = connections();
    for (Connection *connection : all)
        connection->close(code, reason);
}

} // namespace Qp2p
