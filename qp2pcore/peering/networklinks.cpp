// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// From connections to links: which half is missing, and when a peer is one.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/whenfinished.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p {

using Engine::Hello;
using Peering::Access;
using Peering::DialBackAnswer;
namespace CloseCode = Engine::CloseCode;

namespace {

constexpr quint64 LinkLimit = 60'000'000'000; // nanoseconds: so long a half may be missing

//! Both say that they are nodes: the link has two halves.
bool isPairing(const Connection &connection)
{
    return Access::ownRole(connection) == Hello::Role::Node
        && Access::peerRole(connection) == Hello::Role::Node;
}

QString nameOf(const QByteArray &certificate)
{
    const auto info = CertificateInfo::fromDer(certificate);
    return info ? info->names.value(0) : QString();
}

} // namespace

void Network::Private::connectionOpened(Connection *connection)
{
    if (!isMember()) {
        Access::close(*connection, CloseCode::Leaving, QStringLiteral("leaving"));
        return;
    }
    const bool isOutgoing = connection->direction() == Connection::Direction::Outgoing;
    const PeerId peerId = connection->peerId();
    const bool wasTouched = lastTouch.contains(connection->peerAddress().address());
    noteTouch(connection->peerAddress().address());
    if (Access::peerRole(*connection) == Hello::Role::None) {
        const Error error(
            ErrorCode::NotAMember,
            QStringLiteral("The peer is an endpoint that belongs to no network. Check "
                           "the address and port of the contact."));
        if (isOutgoing)
            noteLost(peerId, error);
        Access::close(*connection, CloseCode::NotAMember, QStringLiteral("no member"));
        return;
    }

    if (const auto known = predecessorOf(*connection)) {
        refuseChangedKey(connection, *known);
        return;
    }

    Peer *peer = all.value(peerId);
    const quint64 instance = Access::peerInstance(*connection);
    if (peer && peer->d->hasConnection() && instance != peer->d->instance) {
        // It was started anew: what we have leads nowhere, and need not be waited out.
        const QPointer<Network> alive(q);
        const QPointer<Connection> still(connection);
        drop(peer,
             Error(ErrorCode::ConnectionReset,
                   QStringLiteral("The peer was restarted: it came back with a new connection.")),
             CloseCode::Replaced);
        if (!alive || !still || !isMember())
            return;
        peer = all.value(peerId);
    }
    if (!peer) {
        peer = new Peer(std::make_unique<Peer::Private>(q, peerId));
        peer->setParent(q);
        peer->d->isAttached = true;
        all.insert(peerId, peer);
        peer->d->deadline = now() + LinkLimit;
        peer->d->chosen = isOutgoing;
        peer->d->wasTouched = wasTouched;
        peer->d->isContact = isOutgoing && joiner && joiner->isContact(*connection);
    }
    Peer::Private &itsOwn = *peer->d;
    itsOwn.instance = instance;
    itsOwn.agent = connection->peerAgent();
    itsOwn.acceptance = connection->acceptance();
    itsOwn.certificates = connection->peerCertificates();
    Peer::Private::watch(peer, connection);
    const bool wasProven = itsOwn.ours == Verdict::Node && itsOwn.outgoing;
    const bool heCameFirst = itsOwn.incoming != nullptr;
    if (isOutgoing) {
        if (itsOwn.outgoing)
            itsOwn.spares.append(itsOwn.outgoing);
        itsOwn.setOutgoing(connection);
        itsOwn.dialling = false;
        itsOwn.noteAddress(connection->peerAddress());
        book.succeeded(peerId, connection->peerAddress());
    } else {
        // Of several the newest counts: the peer dialled it last, so it is the one that it wants.
        if (itsOwn.incoming)
            Access::close(*itsOwn.incoming, CloseCode::Replaced, QStringLiteral("replaced"));
        itsOwn.setIncoming(connection);
    }

    if (!isPairing(*connection)) {
        if (!isOutgoing)
            itsOwn.noteAddress(connection->peerAddress());
        const bool heIsNode = Access::peerRole(*connection) == Hello::Role::Node;
        const QPointer<Peer> alive(peer);
        if (isOutgoing && heIsNode)
            watchNode(peer, connection);
        if (alive)
            link(peer, Peer::Link::Bidirectional, heIsNode ? Peer::Role::Node : Peer::Role::Client);
        return;
    }
    if (isOutgoing) {
        if (!heCameFirst)
            itsOwn.ours = Verdict::Node; // we have dialled it, and it had not called us before
        const QPointer<Peer> alive(peer);
        if (!heCameFirst || itsOwn.ours != Verdict::Node) { // else it has just dialled us
            itsOwn.payAgainAt =
                now(); // with what the handshake has cost, 2.5 kB and more, for two dials
            payForClaim(peer);
        }
        watchNode(peer, connection);
        if (alive)
            updateLink(peer);
    } else if (wasProven) {
        answerClaim(*connection, {0, DialBackAnswer::Result::Reachable, {}, {}}, Hello::Role::Node);
        updateLink(peer);
    } else {
        judgeClaim(peer, connection);
    }
}

//! A helper must not have been in touch with whom it dials. Forgotten by tick().
void Network::Private::noteTouch(const QHostAddress &address)
{
    constexpr qsizetype most = 20'000; // more than come in five minutes, unless somebody floods us
    if (lastTouch.size() < most || lastTouch.contains(address))
        lastTouch.insert(address, now());
}

//! It is worth remembering, and can tell where it sees us.
void Network::Private::watchNode(Peer *peer, Connection *connection)
{
    const PeerAddress observed = connection->observedAddress();
    const QHostAddress address = connection->peerAddress().address();
    const QPointer<Network> alive(q);
    const QPointer<Peer> alivePeer(peer);
    cacheNode(peer);
    if (alive && isAttached(alivePeer) && !observed.isNull()) {
        const Family family = address.protocol();
        ownAddresses.recordObserved(family, {peer->d->id, Peering::addressGroup(address)}, observed);
        evaluate(family);
    }
}

//! Only who was dialled without its help counts: of our own choice, or after a check.
void Network::Private::cacheNode(Peer *peer)
{
    const Peer::Private &itsOwn = *peer->d;
    const bool isProven = itsOwn.ours == Verdict::Node || !itsOwn.incoming;
    if (!itsOwn.outgoing || !isProven)
        return;
    const PeerAddress address = itsOwn.outgoing->peerAddress();
    const bool isContact = itsOwn.isContact
        || std::any_of(contacts.cbegin(), contacts.cend(), [&](const PeerAddress &contact) {
                               return contact.endpointString() == address.endpointString()
                                   || contact.peerId() == itsOwn.id;
                           });
    if (isContact)
        return;
    const QByteArray certificate = itsOwn.certificates.value(0);
    cache->connected(itsOwn.id, address, certificate, nameOf(certificate));
}

//! Whether both halves stand.
void Network::Private::updateLink(Peer *peer)
{
    const Peer::Private &itsOwn = *peer->d;
    if (itsOwn.ours == Verdict::Node && itsOwn.theirs == Verdict::Node && itsOwn.outgoing
        && itsOwn.incoming)
        link(peer, Peer::Link::Unidirectional, Peer::Role::Node);
}

void Network::Private::link(Peer *peer, Peer::Link kind, Peer::Role itsRole)
{
    Peer::Private &itsOwn = *peer->d;
    if (!itsOwn.isAttached)
        return; // a slot has blocked it meanwhile
    const QPointer<Network> alive(q);
    const QPointer<Peer> alivePeer(peer);
    itsOwn.deadline = UINT64_MAX;
    const bool changed = itsOwn.link != kind || itsOwn.role != itsRole;
    itsOwn.wasBidirectional = itsOwn.wasBidirectional || itsOwn.link == Peer::Link::Bidirectional;
    itsOwn.link = kind;
    itsOwn.role = itsRole;
    const QList<Connection *> connections = peer->connections();
    for (Connection *connection : connections)
        connection->resumeReceiving(); // delivers from the event loop
    if (itsOwn.announced) {
        if (changed)
            Q_EMIT peer->linkChanged();
        return;
    }
    itsOwn.announced = true;
    itsOwn.linkedAt = now();
    itsOwn.linkedSince = QDateTime::fromSecsSinceEpoch(environment->wallClock(), Qt::UTC);
    order.append(peer);
    Q_EMIT q->peerConnected(peer);
    const auto isLinked = [&] { return alive && isMember() && isAttached(alivePeer); };
    if (isLinked())
        finishDials(alivePeer->d->id, alivePeer);
    if (isLinked() && (joiner || state != State::Joined))
        joinDone();
    if (isLinked() && itsRole == Peer::Role::Node)
        askForPeers(alivePeer);
}

void Network::Private::connectionClosed(Connection *connection, const Error &reason)
{
    noteTouch(connection->peerAddress().address());
    Peer *peer = all.value(connection->peerId());
    if (!peer)
        return;
    Peer::Private &itsOwn = *peer->d;
    itsOwn.spares.removeAll(connection);
    if (itsOwn.outgoing == connection) {
        itsOwn.setOutgoing(itsOwn.spares.isEmpty() ? nullptr : itsOwn.spares.takeLast());
    } else if (itsOwn.incoming == connection) {
        itsOwn.setIncoming(nullptr);
    } else {
        return; // a spare, or one that was replaced
    }
    const bool replaced = reason.closeCode == CloseCode::Replaced;
    const bool wanted = reason.code != ErrorCode::IdleTimeout
        && reason.code != ErrorCode::ConnectionReset && !replaced;
    const bool isPair = itsOwn.link != Peer::Link::Bidirectional && itsOwn.ours == Verdict::Node;
    if (!itsOwn.hasConnection() && !itsOwn.dialling) {
        drop(peer, itsOwn.farewell.isError() ? itsOwn.farewell : reason, CloseCode::LinkLost);
    } else if (wanted) {
        // Who ends one half on purpose ends the link.
        drop(peer, itsOwn.farewell.isError() ? itsOwn.farewell : reason, CloseCode::LinkLost);
    } else if (isPair) {
        itsOwn.deadline = std::min(itsOwn.deadline, now() + LinkLimit);
        if (!itsOwn.outgoing)
            dialSecondHalf(peer, itsOwn.addresses.value(0));
        Q_EMIT peer->linkChanged();
    }
}

//! For those who wait for a link and find none.
void Network::Private::noteLost(const PeerId &peerId, const Error &reason)
{
    constexpr qsizetype most = 100;
    if (lostLately.size() >= most)
        lostLately.clear();
    lostLately.insert(peerId, reason);
}

void Network::Private::forget(Peer *peer)
{
    peer->d->isAttached = false;
    all.remove(peer->d->id);
    order.removeAll(peer);
    ownAddresses.removePeer(peer->d->id);
}

//! \brief Where the program has deleted a connection of a link, nothing else reports it: that ends the link, as
//! closing it would.
void Network::Private::connectionDeleted(Peer *peer, quint64 connectionId)
{
    Peer::Private &itsOwn = *peer->d;
    itsOwn.spares.removeAll(nullptr);
    itsOwn.watched.removeAll(nullptr);
    if (!itsOwn.isAttached)
        itsOwn.deleteWhenUnused(peer);
    else if (connectionId == itsOwn.outgoingId || connectionId == itsOwn.incomingId)
        drop(peer,
             Error(ErrorCode::ClosedLocally,
                   QStringLiteral("This side deleted a connection of the link.")),
             CloseCode::LinkLost);
}

//! What waits for the link learns it later, when the peer is gone.
void Network::Private::peerDeleted(Peer *peer)
{
    const bool wasAnnounced = peer->d->announced;
    const PeerId peerId = peer->d->id;
    forget(peer);
    QMetaObject::invokeMethod(
        q,
        [this, peerId, wasAnnounced] {
            if (!all.contains(peerId)) // it has not come back
                recoverFromLoss(
                    peerId,
                    Error(ErrorCode::ClosedLocally, QStringLiteral("This side deleted the peer.")),
                    wasAnnounced);
        },
        Qt::QueuedConnection);
}

//! \a reason is a copy: it may be of the peer, which a slot may delete.
void Network::Private::drop(Peer *peer, Error reason, quint64 closeCode)
{
    if (!peer->d->isAttached)
        return;
    const QPointer<Network> alive(q);
    const PeerId peerId = peer->d->id;
    peer->d->gone = reason;
    forget(peer);
    const QList<Connection *> connections = peer->connections();
    for (Connection *connection : connections)
        Access::close(*connection, closeCode, {});
    const bool wasAnnounced = peer->d->announced;
    qCDebug(lcNetwork).noquote() << "gone:" << peerId.toString() << reason.message;
    const QPointer<Peer> alivePeer(peer);
    if (wasAnnounced)
        Q_EMIT q->peerDisconnected(peer, reason);
    if (alivePeer) // now, so that what a slot has asked it for comes before its end
        Peer::Private::deleteWhenUnused(alivePeer);
    if (alive)
        recoverFromLoss(peerId, reason, wasAnnounced);
}

//! Those who wait for a link get \a reason, and a network without peers is joined again.
void Network::Private::recoverFromLoss(const PeerId &peerId, const Error &reason, bool wasAnnounced)
{
    const QPointer<Network> alive(q);
    finishDials(peerId, reason);
    if (!alive || !isMember())
        return;
    noteLost(peerId, reason);
    if (joiner) {
        if (joining == peerId) {
            joining = {};
            joiner->goOn(reason);
        }
    } else if (wasAnnounced && order.isEmpty() && state == State::Joined) {
        // Those that are still being linked may make it; who waits for them loses nothing.
        waitForNextJoin();
    }
}

} // namespace Qp2p
