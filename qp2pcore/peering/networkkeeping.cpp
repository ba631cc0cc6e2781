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

namespace {

constexpr qsizetype MostDials = 2; // under way for further links

} // namespace

void Network::Private::keepLinks()
{
    if (order.isEmpty() || joiner)
        return;
    qsizetype chosen = dialling.size();
    QSet<QByteArray> groups;
    for (const Peer *peer : std::as_const(all)) {
        if (peer->d->chosen) {
            ++chosen;
            groups.insert(Peering::addressGroup(peer->d->addresses.value(0).address()));
        }
    }
    if (chosen >= config.wantedLinks() || dialling.size() >= MostDials)
        return;
    Peering::CandidateBook::Choice choice;
    choice.remembered = cache->entries();
    choice.linkedGroups = groups;
    choice.now = now();
    choice.random = [this](quint32 limit) { return random(limit); };
    choice.isExcluded = [this](const PeerId &peerId) {
        return all.contains(peerId) || dialling.contains(peerId) || blocks->contains(peerId)
            || peerId == endpoint->peerId();
    };
    choice.isAddressExcluded = [this](const PeerAddress &address) {
        return isAddressExcluded(address);
    };
    if (const auto candidate = book.choose(choice)) {
        dialCandidate(*candidate);
        return;
    }
    // Nobody is known: one of those who have not been asked lately is.
    const qsizetype start = qsizetype(random(quint32(order.size())));
    for (qsizetype i = 0; i < order.size(); ++i) {
        Peer *peer = order[(start + i) % order.size()];
        if (peer->d->role == Peer::Role::Node && askForPeers(peer))
            return;
    }
}

//! Two of our own choice that have been linked longest: whoever surrounds us later cannot replace them.
void Network::Private::updateAnchors()
{
    QList<const Peer *> longest;
    for (const Peer *peer : std::as_const(order)) {
        if (peer->d->chosen && peer->d->role == Peer::Role::Node)
            longest.append(peer);
    }
    std::stable_sort(longest.begin(), longest.end(),
                     [](const Peer *a, const Peer *b) { return a->d->linkedAt < b->d->linkedAt; });
    QList<PeerId> anchors;
    for (const Peer *peer : std::as_const(longest)) {
        if (anchors.size() < BootstrapCache::MaxAnchors && cache->entry(peer->d->id))
            anchors.append(peer->d->id);
    }
    if (!anchors.isEmpty()) // those of the last time are better than none
        cache->setAnchors(anchors);
}

// ---- dials that somebody asked for

QFuture<Result<QPointer<Peer>>> Network::Private::connectTo(const PeerAddress &address)
{
    using Outcome = QPointer<Peer>;
    if (!started || !isMember())
        return finishedFuture<Outcome>(
            Error(ErrorCode::WrongState,
                  QStringLiteral("Peers can be dialled between join() and leave().")));
    if (blocks->contains(address.peerId()) || blocks->contains(address.address()))
        return finishedFuture<Outcome>(
            Error(ErrorCode::Blocked,
                  QStringLiteral("%1 is blocked. Unblock it to dial it.").arg(address.toString())));
    if (Peer *known = q->peer(address.peerId()))
        return finishedFuture<Outcome>(Outcome(known));
    auto promise = std::make_shared<QPromise<Result<Outcome>>>();
    promise->start();
    const QPointer<Network> alive(q);
    const QFuture<Dial::Outcome> dial = endpoint->connectTo(address);
    if (!alive) { // a slot of Endpoint::stateChanged() has deleted it
        promise->addResult(Result<Outcome>(dialCancelled()));
        promise->finish();
        return promise->future();
    }
    openDials.append(promise);
    const auto finish = [this, promise](const Result<Outcome> &result) {
        openDials.removeOne(promise);
        promise->addResult(result);
        promise->finish();
    };
    Peering::whenFinished(
        dial, q, [this, promise, finish](const Result<QPointer<Connection>> &result) {
            if (!result) {
                finish(result.error());
                return;
            }
            const PeerId peerId = *result ? (*result)->peerId() : PeerId();
            if (Peer *linked = q->peer(peerId))
                finish(QPointer<Peer>(linked));
            else if (all.contains(peerId))
                dials[peerId].push_back(promise);
            else
                finish(lostLately.value(
                    peerId,
                    Error(ErrorCode::ClosedByPeer,
                          QStringLiteral("The connection ended before a link stood."))));
        });
    return promise->future();
}

void Network::Private::finishDials(const PeerId &peerId, const Result<QPointer<Peer>> &result)
{
    const auto promises = dials.take(peerId);
    for (const auto &promise : promises)
        openDials.removeOne(promise);
    for (const auto &promise : promises) { // what continues one of them may delete the network
        promise->addResult(result);
        promise->finish();
    }
}

// ---- blocking

Result<void> Network::Private::blockChanged(const Result<void> &saved)
{
    const QPointer<Network> alive(q);
    const Error reason(ErrorCode::Blocked, QStringLiteral("The peer was blocked here."));
    QList<QPointer<Peer>> peers;
    for (Peer *peer : std::as_const(all))
        peers.append(peer);
    for (const QPointer<Peer> &peer : peers) {
        if (!alive)
            return saved;
        if (!peer)
            continue;
        const QList<Connection *> connections = peer->connections();
        const bool isBlocked = blocks->contains(peer->d->id)
            || std::any_of(connections.cbegin(), connections.cend(),
                           [this](const Connection *connection) {
                               return blocks->contains(connection->peerAddress().address());
                           });
        if (isBlocked)
            drop(peer, reason, Engine::CloseCode::Blocked);
    }
    const auto entries = alive ? cache->entries() : QList<BootstrapCache::Entry>();
    for (const BootstrapCache::Entry &entry : entries) {
        if (alive && blocks->contains(entry.peerId))
            cache->remove(entry.peerId);
    }
    return saved;
}

} // namespace Qp2p
