// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a connection does between Endpoint::openConnection() and being open: it keeps what is to be sent.
#include <qp2pcore/endpoint/connectionprivate.h>

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/messages/sendrefusals.h>

#include <QPointer>

#include <algorithm>

namespace Qp2p {

namespace Events = Engine::Events;
using Kind = Engine::OutgoingMessage::Kind;

Connection *Connection::Private::createOpening(Endpoint *owner, const PeerAddress &peer,
                                               Protocol protocol, Endpoint::SendEarly early)
{
    auto data = std::make_unique<Private>(owner, Direction::Outgoing, protocol);
    data->state = State::Opening;
    data->peerAddress = peer;
    auto *connection = new Connection(std::move(data));
    connection->d->opening = std::make_unique<Opening>(connection, peer, early, owner->d->config);
    return connection;
}

bool Connection::Private::sendWhileOpening(quint64 &messageId, Kind kind, const Message &message,
                                           int priority, std::chrono::milliseconds timeout)
{
    if (!opening || opening->failure || closing)
        return false;
    const ngtcp2_tstamp deadline = timeout.count() > 0
        ? Io::toNanoseconds(endpoint->d->environment->now() + timeout)
        : UINT64_MAX;
    if (opening->queue->isTaken()) {
        findSession();
        return session.commandMessagesIfLive([&](Engine::MessageStreams &messages) {
            messageId = kind == Kind::Request ? messages.request(message, priority, deadline)
                                              : messages.send(message, priority);
        });
    }
    const Engine::OpeningQueue::Addition addition = opening->queue->add(kind, message, priority,
                                                                        deadline);
    messageId = addition.id;
    if (addition.refusal.isError())
        QMetaObject::invokeMethod(
            opening->connection,
            [connection = opening->connection, event = Events::Failed{messageId, addition.refusal}] {
                Events::Failed failed = event;
                handle(connection, failed);
            },
            Qt::QueuedConnection);
    armRequestTimer();
    return true;
}

//! Of the one that has taken the queue. Its events may not have been delivered yet.
void Connection::Private::findSession()
{
    if (session.isNull() && opening->queue->isTaken() && opening->dial && !opening->failure)
        session = endpoint->d->sessionHandle(opening->dial->chosen());
}

void Connection::Private::cancelRequest(quint64 requestId)
{
    if (opening && opening->queue->cancel(requestId)) {
        announceQueueAvailable();
        return;
    }
    if (opening)
        findSession();
    session.commandMessages([requestId](Engine::MessageStreams &messages, ngtcp2_tstamp now) {
        messages.cancelRequest(requestId, now);
    });
}

void Connection::Private::announceQueueAvailable()
{
    if (!opening->queue->takeNotice())
        return;
    Connection *connection = opening->connection;
    QMetaObject::invokeMethod(
        connection, [connection] { Q_EMIT connection->sendQueueAvailable(); }, Qt::QueuedConnection);
}

// ---- requests with a deadline

void Connection::Private::armRequestTimer()
{
    const ngtcp2_tstamp deadline = opening->queue->nextDeadline();
    if (deadline == UINT64_MAX)
        return;
    if (!opening->timer)
        opening->timer = endpoint->d->environment->makeTimer(
            [connection = opening->connection] { requestsDue(connection); });
    opening->timer->arm(Io::toTime(deadline));
}

void Connection::Private::requestsDue(Connection *connection)
{
    const QPointer<Connection> alive(connection);
    const ngtcp2_tstamp now = Io::toNanoseconds(connection->d->endpoint->d->environment->now());
    while (alive && connection->d->opening) {
        const auto id = connection->d->opening->queue->takeExpired(now);
        if (!id) {
            connection->d->armRequestTimer();
            connection->d->announceQueueAvailable();
            return;
        }
        Events::Failed failed{*id, Engine::requestTimedOut()};
        handle(connection, failed);
    }
}

// ---- the end of it

void Connection::Private::setOpen(const SessionHandle &handle, const Engine::Session &opened)
{
    if (opening)
        endpoint->d->openings.removeOne(opening->connection);
    opening.reset();
    state = State::Open;
    session = handle;
    readSession(opened);
    if (!paused)
        paused = session.messages()->isReceivingPaused();
    else
        session.commandMessages([](Engine::MessageStreams &messages) { messages.pauseReceiving(); });
}

void Connection::Private::reportOpen(Connection *connection, const PeerAddress &dialled)
{
    const QPointer<Connection> alive(connection);
    Q_EMIT connection->stateChanged(State::Open);
    if (alive && connection->d->peerAddress != dialled)
        Q_EMIT connection->peerAddressChanged(connection->d->peerAddress);
}

void Connection::Private::openingFailed(Connection *connection)
{
    const QPointer<Connection> alive(connection);
    Private *const d = connection->d.get();
    std::vector<quint64> ids = std::move(d->opening->unusable);
    std::sort(ids.begin(), ids.end());
    const Error reason = *d->opening->failure;
    for (const quint64 id : ids) {
        Events::Failed failed{id, reason};
        handle(connection, failed);
        if (!alive)
            return;
    }
    d->endpoint->d->openings.removeOne(connection);
    const ConnectionStats last = d->opening->lastStats;
    d->opening.reset();
    d->end(reason, last);
    if (alive)
        Q_EMIT connection->stateChanged(State::Closed);
    if (alive)
        connection->deleteLater();
}

} // namespace Qp2p
