// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers that are reached over another node, and what this member does for others in turn.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/whenfinished.h>
#include <qp2pcore/support/finishedfuture.h>

namespace Qp2p {

using Peering::Access;
using Peering::LinkPointer;
using Peering::LinkState;

QFuture<Result<QPointer<Peer>>> Network::Private::connectTo(const PeerId &peerId)
{
    const auto fail = [](ErrorCode code, const QString &message) {
        return finishedFuture<QPointer<Peer>>(Error(code, message));
    };
    if (!isStarted() || !isMember())
        return fail(ErrorCode::WrongState,
                    QStringLiteral(
                        "Peers can be called between join() and leave() only. Call join() first."));
    if (peerId.isNull() || peerId == endpoint->peerId())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("The peer id of another member is needed."));
    if (blocks->contains(peerId))
        return fail(ErrorCode::Blocked,
                    QStringLiteral("%1 is blocked. Unblock it to call it.").arg(peerId.toString()));
    if (Peer *known = q->peer(peerId)) {
        links.find(peerId)->origin.setWanted();
        return finishedFuture<QPointer<Peer>>(QPointer<Peer>(known));
    }
    if (config.nat().relayedConnections() == NatConfig::RelayedConnections::Off)
        return fail(ErrorCode::WrongState,
                    QStringLiteral("Connections over other nodes are switched off. Switch them on "
                                   "with NatConfig::setRelayedConnections()."));
    return linkTo(reaching->call(peerId));
}

//! \brief Finishes once the peer that \a dialled finds is linked.
QFuture<Result<QPointer<Peer>>> Network::Private::linkTo(const QFuture<Dial::Outcome> &dialled)
{
    const auto promise = reaching->waiters().add();
    Peering::whenFinished(dialled, q, [this, promise](const Result<QPointer<Connection>> &result) {
        if (!result) {
            reaching->waiters().finish(promise, result.error());
            return;
        }
        const PeerId peerId = *result ? (*result)->peerId() : PeerId();
        if (const LinkPointer link = links.find(peerId))
            link->origin.setWanted();
        if (Peer *linked = q->peer(peerId))
            reaching->waiters().finish(promise, QPointer<Peer>(linked));
        else if (links.contains(peerId))
            reaching->waiters().waitFor(peerId, promise);
        else
            reaching->waiters().finish(
                promise,
                links.lossOf(
                    peerId,
                    Error(ErrorCode::ClosedByPeer,
                          QStringLiteral("The connection ended before a link was established. Try "
                                         "again, or ask the operator of the peer."))));
    });
    return promise->future();
}

//! \brief The peer is what it is to everybody by connections without help; this one proves nothing about it.
void Network::Private::openedOverLeg(const LinkPointer &link, Connection *connection)
{
    using Half = LinkState::Half;
    const auto isDirect = [&](Half half) {
        const Connection *open = link->half(half);
        return open && !Access::isAssisted(*open);
    };
    if (isDirect(Half::Outgoing) || isDirect(Half::Incoming)) {
        Access::close(*connection, Engine::CloseCode::Replaced,
                      QStringLiteral("a direct connection is there"));
        return;
    }
    if (connection->direction() == Connection::Direction::Incoming && link->incoming())
        Access::close(*link->incoming(), Engine::CloseCode::Replaced, QStringLiteral("replaced"));
    link->add(connection);
    if (link->isAttached)
        shareLink(link, LinkState::Role::Client);
}

void Network::Private::legRequested(const Sender &from, const Peering::LegRequest &request)
{
    if (from.link->state().isEstablished())
        reaching->desk().requested(from.connection, request);
}

void Network::Private::legOffered(const Sender &from, const Peering::LegOffer &offer)
{
    using Role = LinkState::Role;
    const bool mayOffer = from.link->state().isEstablished()
        && from.link->state().role() == Role::Node
        && config.nat().relayedConnections() == NatConfig::RelayedConnections::Allowed;
    if (mayOffer)
        reaching->caller().offered(from.connection, offer);
    else // no node that keeps to the protocol offers then
        Access::send(*from.connection,
                     encode(Peering::LegAnswer{offer.number, Peering::LegAnswer::Consent::Refused,
                                               "not wanted"}));
}

void Network::Private::legAnswered(const Sender &from, const Peering::LegAnswer &answer)
{
    reaching->desk().answered(from.connection, answer);
}

void Network::Private::legOpened(const Sender &from, const Peering::LegOpened &opened)
{
    reaching->caller().opened(from.connection, opened);
}

void Network::Private::legClosed(const Sender &from, const Peering::LegClose &close)
{
    reaching->desk().closed(from.connection, close);
    reaching->caller().closed(from.connection, close);
}

} // namespace Qp2p
