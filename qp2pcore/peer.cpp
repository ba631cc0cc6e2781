// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peer.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/peering/peerprivate.h>
#include <qp2pcore/support/finishedfuture.h>
#include <qp2pcore/support/threadcheck.h>

namespace Qp2p {

using Peering::LinkState;

namespace {

//! Why nothing can be sent.
Error noLink(const Peering::Link &link)
{
    if (link.lost.isError() && link.lost.code != ErrorCode::ClosedLocally)
        return link.lost;
    return Error(ErrorCode::WrongState,
                 QStringLiteral("There is no link to the peer any more. Connect to it again."));
}

} // namespace

void Peer::Private::watch(Peer *peer, Connection *connection)
{
    const auto mayBegin = [peer, connection] {
        const auto half = connection->direction() == Connection::Direction::Incoming
            ? LinkState::Half::Incoming
            : LinkState::Half::Outgoing;
        if (peer->d->link->state().mayPeerBegin(half))
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
                    || peer->d->link->state().isBidirectional())
                    peer->d->link->recordAddress(address);
                Q_EMIT peer->linkChanged();
            });
    // From the event loop: it may have been deleted in any slot.
    connect(
        connection, &QObject::destroyed, peer,
        [peer, id = connection->id()] { peer->d->network->d->connectionDeleted(peer->d->link, id); },
        Qt::QueuedConnection);
}

Peer::Peer(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

Peer::~Peer()
{
    QP2P_CHECK_THREAD();
    if (d->link->isAttached)
        d->network->d->peerDeleted(d->link);
    d->link->peer = nullptr;
    setParent(nullptr); // what continues a future may delete the network
    const QList<QPointer<Connection>> watched = d->link->watched();
    for (const QPointer<Connection> &connection : watched) {
        if (connection)
            Peering::Access::close(*connection, Engine::CloseCode::None, {});
    }
    // Now, while it still exists: see Network::Private::deleteWhenUnused().
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
    return d->link->id;
}

Peer::Role Peer::role() const
{
    QP2P_CHECK_THREAD();
    switch (d->link->state().role()) {
    case LinkState::Role::Node:
        return Role::Node;
    case LinkState::Role::Client:
        return Role::Client;
    case LinkState::Role::Unknown:
        break;
    }
    return Role::Unknown;
}

Peer::Link Peer::link() const
{
    QP2P_CHECK_THREAD();
    const LinkState &state = d->link->state();
    if (state.isUnidirectional())
        return Link::Unidirectional;
    return state.isBidirectional() ? Link::Bidirectional : Link::None;
}

Network *Peer::network() const
{
    QP2P_CHECK_THREAD();
    return d->network;
}

QList<PeerAddress> Peer::addresses() const
{
    QP2P_CHECK_THREAD();
    return d->link->description.addresses;
}

QString Peer::agent() const
{
    QP2P_CHECK_THREAD();
    return d->link->description.agent;
}

Acceptance Peer::acceptance() const
{
    QP2P_CHECK_THREAD();
    return d->link->description.acceptance;
}

QList<QByteArray> Peer::certificates() const
{
    QP2P_CHECK_THREAD();
    return d->link->description.certificates;
}

QList<Connection *> Peer::connections() const
{
    QP2P_CHECK_THREAD();
    return d->link->connections();
}

bool Peer::isChosen() const
{
    QP2P_CHECK_THREAD();
    return d->link->origin.isChosen;
}

QDateTime Peer::linkedSince() const
{
    QP2P_CHECK_THREAD();
    return d->link->establishedSince;
}

quint64 Peer::send(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    const quint64 id = ++d->lastMessageId;
    if (Connection *connection = d->link->sending()) {
        d->messageIds.insert({connection->id(), connection->send(message, priority)}, id);
        return id;
    }
    QMetaObject::invokeMethod(
        this, [this, id, cause = noLink(*d->link)] { Q_EMIT messageFailed(id, cause); },
        Qt::QueuedConnection);
    return id;
}

QFuture<Result<void>> Peer::sendAndConfirm(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    if (Connection *connection = d->link->sending())
        return connection->sendAndConfirm(message, priority);
    return finishedFuture<void>(noLink(*d->link));
}

QFuture<Result<Message>> Peer::request(const Message &message, int priority,
                                       std::chrono::milliseconds timeout)
{
    QP2P_CHECK_THREAD();
    if (Connection *connection = d->link->sending())
        return connection->request(message, priority, timeout);
    return finishedFuture<Message>(noLink(*d->link));
}

void Peer::close(quint64 code, const QString &reason)
{
    QP2P_CHECK_THREAD();
    const QList<Connection *> all = connections();
    for (Connection *connection : all)
        connection->close(code, reason);
}

} // namespace Qp2p
