// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections that exist from the call that dials them, and what becomes of them where the dial fails.
#include <qp2pcore/endpoint/endpointprivate.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/support/threadcheck.h>

namespace Qp2p {

// ---- the public face

Connection *Endpoint::openConnection(const PeerAddress &peer, Protocol protocol, SendEarly early)
{
    QP2P_CHECK_THREAD();
    return d->openConnection(peer, protocol, early);
}

// ---- inside

//! It begins from the event loop, so that nothing is emitted before the caller has it.
Connection *Endpoint::Private::openConnection(const PeerAddress &peer, Protocol protocol,
                                              SendEarly early)
{
    if (isBeingDestroyed)
        return nullptr;
    Connection *connection = Connection::Private::createOpening(q, peer, protocol, early);
    connection->setParent(q);
    openings.append(connection);
    QMetaObject::invokeMethod(
        connection, [this, connection] { beginOpening(connection); }, Qt::QueuedConnection);
    return connection;
}

void Endpoint::Private::beginOpening(Connection *connection)
{
    Opening *opening = connection->d->opening.get();
    if (!opening || opening->failure)
        return; // closed meanwhile
    const auto dial = std::make_shared<Dial>(connection->d->protocol);
    dial->setOpening(opening);
    opening->dial = dial;
    begin(dial, {opening->peer});
}

void Endpoint::Private::failOpening(Opening &opening, const Error &reason)
{
    if (opening.failure)
        return;
    Connection *connection = opening.connection;
    opening.failure = reason;
    opening.timer.reset();
    connection->d->session = {}; // the driver may be gone before the announcement
    const std::vector<quint64> unsent = opening.queue->clear();
    opening.unusable.insert(opening.unusable.end(), unsent.begin(), unsent.end());
    if (opening.dial)
        opening.dial->setOpening(nullptr);
    QMetaObject::invokeMethod(
        connection, [connection] { Connection::Private::openingFailed(connection); },
        Qt::QueuedConnection);
}

void Endpoint::Private::closeOpening(Opening &opening, quint64 code, const QString &reason,
                                     const Error &cause)
{
    if (opening.failure)
        return;
    const std::shared_ptr<Dial> dial = opening.dial;
    if (!dial) { // not begun
        failOpening(opening, cause);
        return;
    }
    if (dial->isAbandoned())
        return;
    dial->abandon(cause);
    lookups.removeAll(dial);
    const std::vector<Engine::SessionId> sessions = dial->sessions();
    for (const Engine::SessionId id : sessions) {
        const bool isChosen = id == dial->chosen();
        sessionHandle(id).command([&](Engine::Session &session, ngtcp2_tstamp now) {
            session.close(isChosen ? code : Engine::CloseCode::LostRace,
                          isChosen ? reason.toUtf8() : QByteArray(), cause, now);
        });
    }
    concludeIfFailed(dial); // where sessions are left, their events do
}

void Endpoint::Private::closeOpenings(const Error &cause)
{
    const QList<Connection *> all = openings;
    for (Connection *connection : all)
        closeOpening(*connection->d->opening, cause.closeCode, cause.closeReason, cause);
}

void Endpoint::Private::openingDestroyed(Opening &opening)
{
    openings.removeOne(opening.connection);
    opening.queue->clear();
    const std::shared_ptr<Dial> dial = opening.dial;
    if (!dial || dial->isFinished())
        return;
    dial->setOpening(nullptr);
    lookups.removeAll(dial);
    const Error cause(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection."));
    const std::vector<Engine::SessionId> sessions = dial->sessions();
    for (const Engine::SessionId id : sessions) {
        dials.remove(id);
        const quint64 code = id == dial->chosen() ? Engine::CloseCode::None
                                                  : Engine::CloseCode::LostRace;
        sessionHandle(id).command([&](Engine::Session &session, ngtcp2_tstamp now) {
            session.close(code, {}, cause, now);
        });
    }
    dial->finish(dialCancelled());
}

ConnectionStats Endpoint::Private::statsOf(const Opening &opening) const
{
    ConnectionStats stats = opening.lastStats;
    const Engine::SessionId id = opening.dial && !opening.failure ? opening.dial->chosen() : 0;
    if (const Engine::Session *session = id ? driver->find(id) : nullptr)
        stats = session->stats(driver->now());
    stats.sendQueueBytes += opening.queue->queuedBytes();
    return stats;
}

} // namespace Qp2p
