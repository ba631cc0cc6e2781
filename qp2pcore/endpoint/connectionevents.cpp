// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the engine reports of a connection: signals and results, in order, and held back while they must wait.
#include <qp2pcore/endpoint/connectionprivate.h>

#include <QPointer>

namespace Qp2p {

namespace Events = Engine::Events;

void Connection::Private::deliver(Connection *connection, Events::MessageArrived &event)
{
    Q_EMIT connection->messageReceived(event.message);
}

void Connection::Private::deliver(Connection *connection, Events::RequestArrived &event)
{
    requestArrived(connection, event);
}

//! What did not wait goes behind what does.
template<typename Delivery>
void Connection::Private::deliverOrHold(Connection *connection, Delivery &event)
{
    Private *const d = connection->d.get();
    if (d->closing || d->isViolated)
        return;
    if (d->holdsDeliveries() || !d->held.empty())
        d->held.push_back(std::move(event));
    else
        deliver(connection, event);
}

void Connection::Private::handle(Connection *connection, Events::MessageArrived &event)
{
    deliverOrHold(connection, event);
}

void Connection::Private::handle(Connection *connection, Events::RequestArrived &event)
{
    deliverOrHold(connection, event);
}

void Connection::Private::handle(Connection *connection, Events::RequestCancelled &event)
{
    requestCancelled(connection, event.streamId);
}

void Connection::Private::handle(Connection *connection, Events::ReplyArrived &event)
{
    connection->d->pending.finishRequest(event.id, std::move(event.message));
}

void Connection::Private::handle(Connection *connection, Events::Acknowledged &event)
{
    if (connection->d->pending.hasConfirmations()) {
        const QPointer<Connection> alive(connection);
        connection->d->pending.finishConfirmation(event.id, {});
        if (!alive)
            return;
    }
    Q_EMIT connection->messageAcknowledged(event.id);
}

void Connection::Private::handle(Connection *connection, Events::Failed &event)
{
    const QPointer<Connection> alive(connection);
    connection->d->pending.finishConfirmation(event.id, event.error);
    if (alive)
        connection->d->pending.finishRequest(event.id, event.error);
    if (alive)
        Q_EMIT connection->messageFailed(event.id, event.error);
}

void Connection::Private::handle(Connection *connection, Events::IncomingRefused &event)
{
    Q_EMIT connection->incomingMessageRefused(event.error);
}

void Connection::Private::handle(Connection *connection, Events::QueueAvailable &)
{
    Q_EMIT connection->sendQueueAvailable();
}

void Connection::Private::handle(Connection *connection, Events::PathChanged &)
{
    Private *const d = connection->d.get();
    const Engine::Session *session = d->session.find();
    if (!session)
        return;
    const Engine::SocketAddress &remote = session->provenAddress();
    const PeerAddress address(Io::toHostAddress(remote), remote.port(), d->peerId);
    const QPointer<Connection> alive(connection);
    if (address != std::exchange(d->peerAddress, address))
        Q_EMIT connection->peerAddressChanged(address);
    if (alive)
        Q_EMIT connection->pathChanged(connection->path());
}

// ---- held deliveries

void Connection::Private::deliverHeld(Connection *connection)
{
    const QPointer<Connection> alive(connection);
    Private *const d = connection->d.get();
    d->deliveryScheduled = false;
    while (alive && !d->holdsDeliveries() && !d->held.empty()) {
        auto delivery = std::move(d->held.front());
        d->held.pop_front();
        if (!d->closing)
            std::visit([connection](auto &event) { deliver(connection, event); }, delivery);
    }
    if (!alive || d->holdsDeliveries())
        return;
    d->session.commandMessages(
        [](Engine::MessageStreams &messages, ngtcp2_tstamp now) { messages.resumeReceiving(now); });
}

void Connection::Private::releaseDeliveriesLater(Connection *connection)
{
    QMetaObject::invokeMethod(
        connection, [connection] { releaseDeliveries(connection); }, Qt::QueuedConnection);
}

void Connection::Private::releaseDeliveries(Connection *connection)
{
    if (!std::exchange(connection->d->isAnnounced, true))
        deliverHeld(connection);
}

} // namespace Qp2p
