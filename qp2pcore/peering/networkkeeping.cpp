// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Links of our own choice: kept at their number, remembered, and given up to blocks.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/whenfinished.h>
#include <qp2pcore/support/finishedfuture.h>

#include <algorithm>

namespace Qp2p {

using Peering::LinkPointer;
using Peering::LinkState;

void Network::Private::keepLinks()
{
    if (!links.hasEstablished() || joinPlan->isRacing())
        return;
    QList<QHostAddress> chosen;
    const QList<LinkPointer> all = links.all();
    for (const LinkPointer &link : all) {
        if (link->origin.isChosen && !link->origin.isExtra)
            chosen.append(link->description.addresses.value(0).address());
    }
    using Step = Peering::LinkKeeper::Step;
    const Step step = keeper->keepLinks(config.wantedLinks(), chosen, cache->entries());
    if (step == Step::NeedsNodes
        || (hasNodesToFind() && keeper->reconnector().beginExchange(currentTime())))
        askSomePeer();
}

//! Contacts or nodes of earlier without a link: else nothing is asked for, and idle links cost what they must.
bool Network::Private::hasNodesToFind() const
{
    const QList<PeerAddress> contacts = joinPlan->contacts();
    const QList<CachedNode> remembered = cache->entries();
    return keeper->reconnector().plan().lost() > 0
        || std::any_of(remembered.cbegin(), remembered.cend(),
                       [this](const CachedNode &node) { return !links.contains(node.peerId); })
        || std::any_of(contacts.cbegin(), contacts.cend(),
                       [this](const PeerAddress &contact) { return !isPeerAt(contact); });
}

//! One of those that were not asked recently.
void Network::Private::askSomePeer()
{
    const QList<LinkPointer> established = links.established();
    const qsizetype start = qsizetype(randomBelow(quint32(established.size())));
    for (qsizetype i = 0; i < established.size(); ++i) {
        const LinkPointer &link = established[(start + i) % established.size()];
        if (link->state().role() == LinkState::Role::Node && askForPeers(link))
            return;
    }
}

//! The two that have been linked longest.
void Network::Private::updateAnchors()
{
    QList<PeerId> anchors;
    const QList<PeerId> longest = links.longestChosen();
    for (const PeerId &peerId : longest) {
        if (anchors.size() < BootstrapCache::MaxAnchors && cache->entry(peerId))
            anchors.append(peerId);
    }
    if (!anchors.isEmpty()) // those of the last time are better than none
        cache->setAnchors(anchors);
}

// ---- dials that the program asked for

QFuture<Result<QPointer<Peer>>> Network::Private::connectTo(const PeerAddress &address)
{
    using Outcome = QPointer<Peer>;
    if (!isStarted() || !isMember())
        return finishedFuture<Outcome>(
            Error(ErrorCode::WrongState,
                  QStringLiteral(
                      "Peers can be dialled between join() and leave() only. Call join() first.")));
    if (blocks->contains(address.peerId()) || blocks->contains(address.address()))
        return finishedFuture<Outcome>(
            Error(ErrorCode::Blocked,
                  QStringLiteral("%1 is blocked. Unblock it to dial it.").arg(address.toString())));
    if (Peer *known = q->peer(address.peerId())) {
        links.find(known->id())->origin.setWanted();
        return finishedFuture<Outcome>(Outcome(known));
    }
    const QPointer<Network> alive(q);
    const QFuture<Dial::Outcome> dialled = endpoint->connectTo(address);
    if (!alive) // a slot of Endpoint::stateChanged() has deleted it
        return finishedFuture<Outcome>(dialCancelled());
    return linkTo(dialled);
}

// ---- what the keeper of links wants to know

bool Network::Private::hasConnection(const PeerId &peerId) const
{
    const LinkPointer link = links.find(peerId);
    return link && link->state().hasConnection();
}

Peering::Access::AdvertisedDial Network::Private::dial(const QList<PeerAddress> &addresses)
{
    return Peering::Access::dialAdvertised(*endpoint, addresses);
}

void Network::Private::secondHalfFailed(const PeerId &peerId, const Error &error)
{
    const LinkPointer link = links.find(peerId);
    if (!link || link->outgoing()) // another dial has brought it
        return;
    if (!link->state().isBidirectional()) {
        drop(link, error, Engine::CloseCode::LinkLost);
    } else if (link->incoming()) { // a client: we do not reach it
        link->state().setPeerClaim(LinkState::ClaimResult::Client);
        answerClaim(*link->incoming(), {0, Peering::DialBackAnswer::Result::Refused, {}, {}},
                    Engine::Hello::Role::Client);
        shareLink(link, LinkState::Role::Client);
    }
}

// ---- blocking

Result<void> Network::Private::blockChanged(const Result<void> &saved)
{
    const QPointer<Network> alive(q);
    const Error reason(ErrorCode::Blocked, QStringLiteral("The peer was blocked here."));
    Peering::Access::forgetSessionTickets(
        *endpoint, [this](const PeerId &peer) { return blocks->contains(peer); });
    const QList<LinkPointer> all = links.all();
    for (const LinkPointer &link : all) {
        if (!alive)
            return saved;
        if (!link->isAttached)
            continue;
        const QList<Connection *> connections = link->connections();
        const bool isBlockedNow = blocks->contains(link->id)
            || std::any_of(connections.cbegin(), connections.cend(),
                           [this](const Connection *connection) {
                               return blocks->contains(connection->peerAddress().address());
                           });
        if (isBlockedNow)
            drop(link, reason, Engine::CloseCode::Blocked);
    }
    const auto entries = alive ? cache->entries() : QList<BootstrapCache::Entry>();
    for (const BootstrapCache::Entry &entry : entries) {
        if (alive && blocks->contains(entry.peerId))
            cache->remove(entry.peerId);
    }
    return saved;
}

} // namespace Qp2p
