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
using Peering::LinkPointer;
using Peering::LinkState;
using ClaimResult = Peering::LinkState::ClaimResult;
namespace CloseCode = Engine::CloseCode;

namespace {

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
    const QHostAddress address = connection->peerAddress().address();
    const bool wasTouched = links.wasTouched(address);
    if (!address.isNull())
        links.recordTouch(address, currentTime());
    reaching->connectionOpened(*connection);
    if (isRefused(connection))
        return;
    // Its name says nothing of where it is linked, and it must not be dialled once more.
    if (const PeerAddress contact = joinPlan->racedContact(*connection); !contact.isNull())
        keeper->reconnector().recordContact(contact, connection->peerId());
    LinkPointer link = links.find(connection->peerId());
    if (link && link->state().hasConnection()
        && Access::peerInstance(*connection) != link->description.instance) {
        if (isSecondProgram(link, connection))
            return;
        // It was started again: what we have leads nowhere, and need not be waited out.
        const QPointer<Network> alive(q);
        const QPointer<Connection> still(connection);
        drop(link,
             Error(ErrorCode::ConnectionReset,
                   QStringLiteral("The peer was restarted: it came back with a new connection.")),
             CloseCode::Replaced);
        if (!alive || !still || !isMember())
            return;
        link = links.find(connection->peerId());
    }
    if (!link) {
        link = addLink(connection);
        link->origin.wasTouched = wasTouched;
    }
    halfOpened(link, connection);
}

//! It is no member of the network, or has another key than the node that is remembered there.
bool Network::Private::isRefused(Connection *connection)
{
    if (Access::peerRole(*connection) == Hello::Role::None) {
        const Error error(
            ErrorCode::NotAMember,
            QStringLiteral("The peer is an endpoint that belongs to no network. Check "
                           "the address and port of the contact."));
        if (connection->direction() == Connection::Direction::Outgoing)
            links.recordLost(connection->peerId(), error);
        Access::close(*connection, CloseCode::NotAMember, QStringLiteral("no member"));
        return true;
    }
    const PeerId peerId = connection->peerId(); // blocked while its handshake was under way
    if (blocks->contains(peerId) || blocks->contains(connection->peerAddress().address())) {
        Access::close(*connection, CloseCode::Blocked, {});
        return true;
    }
    if (const auto known = predecessorOf(*connection)) {
        refuseChangedKey(connection, *known);
        return true;
    }
    return false;
}

LinkPointer Network::Private::addLink(Connection *connection)
{
    const bool isOutgoing = connection->direction() == Connection::Direction::Outgoing;
    LinkPointer link = links.add(connection->peerId(), currentTime());
    link->origin.isChosen = isOutgoing;
    link->origin.isContact = !joinPlan->racedContact(*connection).isNull();
    link->peer = new Peer(std::make_unique<Peer::Private>(q, link));
    link->peer->setParent(q);
    return link;
}

void Network::Private::halfOpened(const LinkPointer &link, Connection *connection)
{
    Peering::PeerDescription &description = link->description;
    description.instance = Access::peerInstance(*connection);
    description.agent = connection->peerAgent();
    description.acceptance = connection->acceptance();
    description.certificates = connection->peerCertificates();
    Peer::Private::watch(link->peer, connection);
    QObject::connect(connection, &Connection::peerAddressChanged, q,
                     [this, connection] { peerMoved(connection); });
    const LinkState before = link->state();
    const bool isOutgoing = connection->direction() == Connection::Direction::Outgoing;
    if (Access::isAssisted(*connection)) {
        openedOverLeg(link, connection);
        return;
    }
    if (isOutgoing) {
        link->add(connection);
        keeper->halfArrived(link->id);
        link->recordAddress(connection->peerAddress());
        keeper->recordConnected(link->id, connection->peerAddress());
    } else {
        // Of several the newest counts: the peer dialled it last, so it is the one that it wants.
        if (link->incoming())
            Access::close(*link->incoming(), CloseCode::Replaced, QStringLiteral("replaced"));
        link->add(connection);
    }
    if (!isPairing(*connection))
        openedWithClient(link, connection);
    else if (isOutgoing)
        openedOwnHalf(link, connection, before);
    else if (before.peerClaim() == ClaimResult::Node && before.isOpen(LinkState::Half::Outgoing)) {
        answerClaim(*connection, {0, DialBackAnswer::Result::Reachable, {}, {}}, Hello::Role::Node);
        pairLink(link);
    } else {
        checkClaim(link, connection);
    }
}

//! One of the two sides is a client: there is nothing to wait for.
void Network::Private::openedWithClient(const LinkPointer &link, Connection *connection)
{
    const bool isOutgoing = connection->direction() == Connection::Direction::Outgoing;
    const bool peerIsNode = Access::peerRole(*connection) == Hello::Role::Node;
    if (!isOutgoing)
        link->recordAddress(connection->peerAddress());
    if (isOutgoing && peerIsNode)
        watchNode(link, connection);
    if (link->isAttached)
        shareLink(link, peerIsNode ? LinkState::Role::Node : LinkState::Role::Client);
}

void Network::Private::openedOwnHalf(const LinkPointer &link, Connection *connection,
                                     const LinkState &before)
{
    const bool incomingFirst = before.isOpen(LinkState::Half::Incoming);
    if (!incomingFirst)
        link->state().setPeerClaim(ClaimResult::Node); // dialled, and it had not called us before
    if (!incomingFirst || link->state().peerClaim() != ClaimResult::Node) { // else it has dialled us
        link->deadlines.payment =
            currentTime(); // with what the handshake has cost, 2.5 kB and more, for two dials
        payForClaim(link);
    }
    watchNode(link, connection);
    if (link->isAttached)
        pairLink(link);
}

//! It is worth remembering, and can tell where it sees us.
void Network::Private::watchNode(const LinkPointer &link, Connection *connection)
{
    const PeerAddress observed = connection->observedAddress();
    const QHostAddress address = connection->peerAddress().address();
    cacheNode(link);
    if (link->isAttached && !observed.isNull()) { // and so is the network
        const Family family = address.protocol();
        ownAddresses.recordObserved(family, {link->id, Peering::addressGroup(address)}, observed);
        evaluate(family);
    }
}

//! Only a peer that was dialled without its help counts: of our own choice, or after a check.
void Network::Private::cacheNode(const LinkPointer &link)
{
    if (!link->state().isProven())
        return;
    const PeerAddress address = link->outgoing()->peerAddress();
    link->origin.provenAddress = address;
    if (link->origin.isContact || joinPlan->isContact(link->id, address))
        return;
    const QByteArray certificate = link->description.certificates.value(0);
    const QPointer<Network> alive(q);
    cache->connected(link->id, address, certificate, nameOf(certificate));
    if (!alive)
        return;
    // It may have come before there was an entry for it.
    const QHostAddress host = address.address();
    cache->keepToken(link->id, host, Access::addressToken(*endpoint, link->id, host));
}

void Network::Private::addressTokenReceived(const PeerId &peerId, const QHostAddress &address,
                                            const AddressToken &token)
{
    cache->keepToken(peerId, address, token);
}

AddressToken Network::Private::takeAddressToken(const PeerId &peerId, const QHostAddress &address)
{
    return cache->takeToken(peerId, address);
}

//! Where both halves are open.
void Network::Private::pairLink(const LinkPointer &link)
{
    if (!link->isAttached)
        return; // a slot has blocked it meanwhile
    const LinkState before = link->state();
    if (link->state().pair())
        linkUpdated(link, before);
}

void Network::Private::shareLink(const LinkPointer &link, LinkState::Role role)
{
    if (!link->isAttached)
        return;
    const LinkState before = link->state();
    link->state().share(role);
    linkUpdated(link, before);
}

void Network::Private::linkUpdated(const LinkPointer &link, const LinkState &before)
{
    const QPointer<Network> alive(q);
    const LinkState now = link->state();
    link->deadlines.halves = Peering::Never;
    const QList<Connection *> connections = link->connections();
    for (Connection *connection : connections)
        connection->resumeReceiving(); // delivers from the event loop
    if (link->isAnnounced) {
        if (now.isUnidirectional() != before.isUnidirectional() || now.role() != before.role())
            Q_EMIT link->peer->linkChanged();
        return;
    }
    keeper->reconnector().plan().forgetLost(link->id);
    links.establish(link, currentTime(),
                    QDateTime::fromSecsSinceEpoch(environment()->wallClock(), Qt::UTC));
    Q_EMIT q->peerConnected(link->peer);
    const auto isLinked = [&] { return alive && isMember() && link->isAttached; };
    if (isLinked())
        reaching->waiters().finish(link->id, QPointer<Peer>(link->peer));
    if (isLinked() && (joinPlan->isRacing() || state != State::Joined))
        joinDone();
    if (isLinked() && now.role() == LinkState::Role::Node)
        askForPeers(link);
}

void Network::Private::connectionClosed(Connection *connection, const Error &reason)
{
    reaching->connectionClosed(*connection);
    if (!Access::isAssisted(*connection))
        links.recordTouch(connection->peerAddress().address(), currentTime());
    // Of one that has dialled us, and was open, anybody may say so.
    if (connection->direction() == Connection::Direction::Outgoing)
        dialFailed({}, connection->peerId(), reason);
    const LinkPointer link = links.find(connection->peerId());
    if (!link || !link->remove(connection))
        return;
    const bool isRepairable = reason.code == ErrorCode::IdleTimeout
        || reason.code == ErrorCode::ConnectionReset || reason.closeCode == CloseCode::Replaced;
    const auto redial = keeper->isDiallingHalf(link->id) ? LinkState::Redial::UnderWay
                                                         : LinkState::Redial::None;
    using LossReason = LinkState::LossReason;
    switch (
        link->state().lossAfter(isRepairable ? LossReason::Silence : LossReason::Closed, redial)) {
    case LinkState::Loss::End:
        drop(link, link->farewell.isError() ? link->farewell : reason, CloseCode::LinkLost);
        break;
    case LinkState::Loss::Repair:
        links.expectHalf(*link, currentTime());
        if (!link->outgoing())
            keeper->dialSecondHalf(link->id, link->description.addresses.value(0));
        Q_EMIT link->peer->linkChanged();
        break;
    case LinkState::Loss::None:
        break;
    }
}

void Network::Private::forget(const LinkPointer &link)
{
    links.remove(link);
    ownAddresses.removePeer(link->id);
    keeper->removePeer(link->id);
}

//! \brief Where the program has deleted a connection of a link, nothing else reports it: that ends the link, as
//! closing it would.
void Network::Private::connectionDeleted(const LinkPointer &link, quint64 connectionId)
{
    link->forgetDeleted();
    if (!link->isAttached)
        deleteWhenUnused(*link);
    else if (link->isHalf(connectionId))
        drop(link,
             Error(ErrorCode::ClosedLocally,
                   QStringLiteral("This side deleted a connection of the link.")),
             CloseCode::LinkLost);
}

//! \brief Soon after its last connection: futures of that may be continued in the context of the peer, and
//! QFuture::then() of Qt 6.4 aborts where the context is gone.
void Network::Private::deleteWhenUnused(const Peering::Link &link)
{
    if (link.peer && link.watched().isEmpty())
        link.peer->deleteLater();
}

//! What waits for the link learns it later, when the peer is gone.
void Network::Private::peerDeleted(const LinkPointer &link)
{
    const bool wasAnnounced = link->isAnnounced;
    forget(link);
    QMetaObject::invokeMethod(
        q,
        [this, peerId = link->id, wasAnnounced] {
            if (!links.contains(peerId)) // it has not come back
                recoverFromLoss(
                    peerId,
                    Error(ErrorCode::ClosedLocally, QStringLiteral("This side deleted the peer.")),
                    wasAnnounced);
        },
        Qt::QueuedConnection);
}

//! \a reason is a copy: it may be of the link.
void Network::Private::drop(LinkPointer link, Error reason, quint64 closeCode)
{
    if (!link->isAttached)
        return;
    const QPointer<Network> alive(q);
    link->lost = reason;
    forget(link);
    recordLostNode(link, reason);
    const QList<Connection *> connections = link->connections();
    for (Connection *connection : connections)
        Access::close(*connection, closeCode, {});
    qCDebug(lcNetwork).noquote() << "gone:" << link->id.toString() << reason.message;
    if (link->isAnnounced)
        Q_EMIT q->peerDisconnected(link->peer, reason);
    deleteWhenUnused(*link); // now, so that what a slot has asked it for comes before its end
    if (alive)
        recoverFromLoss(link->id, reason, link->isAnnounced);
}

//! Futures that wait for a link get \a reason, and a network without peers is joined again.
void Network::Private::recoverFromLoss(const PeerId &peerId, const Error &reason, bool wasAnnounced)
{
    const QPointer<Network> alive(q);
    reaching->waiters().finish(peerId, reason);
    if (!alive || !isMember())
        return;
    links.recordLost(peerId, reason);
    if (joinPlan->isRacing()) {
        joinPlan->peerLost(peerId, reason);
    } else if (wasAnnounced && !links.hasEstablished() && state == State::Joined) {
        // Those that are still being linked may make it; what waits for them loses nothing.
        waitForNextJoin();
    }
}

} // namespace Qp2p
