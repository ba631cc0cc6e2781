// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which candidates are raced in which order, and what follows when one, or none, takes us in.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/pinnedkeys.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p {

using Peering::Access;
namespace CloseCode = Engine::CloseCode;

//! Peers that say that another program uses our identity are left out while they pause.
Network::Private::JoinCandidates Network::Private::joinCandidates() const
{
    JoinCandidates candidates;
    candidates.open = joinPlan->candidatesOf(cache->entries(), [this](const PeerId &peerId) {
        return links.contains(peerId) || peerId == endpoint->peerId() || blocks->contains(peerId);
    });
    candidates.open.removeIf([&](const JoinCandidate &candidate) {
        const PeerId peerId = keeper->reconnector().idOf(candidate.addresses.first());
        const Peering::IdentityReports &reports = std::as_const(*joinPlan).identityReports();
        const bool isPausing = reports.isPausing(peerId, currentTime());
        if (isPausing)
            candidates.nextAt = std::min(candidates.nextAt, reports.pausedUntil(peerId));
        return isPausing;
    });
    return candidates;
}

void Network::Private::beginJoin()
{
    if (!isMember())
        return;
    if (joinPlan->isRacing())
        return; // it concludes for all futures
    joinPlan->cancelAttempt();
    const JoinCandidates candidates = joinCandidates();
    if (candidates.open.isEmpty()) {
        if (candidates.nextAt == Peering::Never || links.hasEstablished())
            joinDone();
        else
            waitForPausedPeers(candidates.nextAt);
        return;
    }
    links.forgetLost();
    joinPlan->prepareRace(*endpoint, candidates.open);
    const QPointer<Network> alive(q);
    if (!links.hasEstablished())
        setState(State::Joining);
    if (alive)
        joinPlan->startRace();
}

void Network::Private::joinProgressed(const JoinCandidate &candidate)
{
    const QPointer<Network> alive(q);
    if (candidate.state == JoinCandidate::State::Failed
        && candidate.source != JoinCandidate::Source::Contact)
        rememberedNodeFailed(candidate.addresses.first().peerId(), candidate.error);
    if (alive)
        Q_EMIT q->joinProgress(candidate);
}

void Network::Private::candidateAnswered(const QPointer<Connection> &connection)
{
    if (connection)
        joinPlan->setAnswered(connection->peerId());
    const Peering::LinkPointer link = connection ? links.find(connection->peerId()) : nullptr;
    if (link && link->isAnnounced) {
        joinDone();
    } else if (!link) {
        const Error gone(ErrorCode::ClosedByPeer,
                         QStringLiteral("The connection ended as soon as it was open. Try again, "
                                        "or ask the operator of the peer."));
        joinPlan->continueRace(links.anyLoss(joinPlan->answered(), gone));
    }
}

void Network::Private::candidatesExhausted()
{
    const Error error = joinPlan->failure();
    const QList<JoinCandidate> candidates = joinPlan->candidates();
    const bool allOurselves = std::all_of(candidates.cbegin(), candidates.cend(),
                                          [](const JoinCandidate &candidate) {
                                              return candidate.error.code == ErrorCode::OwnAddress;
                                          });
    const Peering::Time nextAt = joinCandidates().nextAt;
    if (links.hasEstablished() || (allOurselves && nextAt == Peering::Never)) {
        joinDone();
    } else if (allOurselves) {
        joinPlan->endRace();
        waitForPausedPeers(nextAt);
    } else {
        joinFailed(error);
    }
}

//! There is a peer, or no other node that could be asked.
void Network::Private::joinDone()
{
    const QPointer<Network> alive(q);
    if (joinPlan->isRacing()) {
        const bool isConcluded = joinPlan->concludeRace();
        if (!alive || !isMember() || !isConcluded)
            return;
    }
    joinPlan->resetBackOff();
    joinPlan->cancelAttempt();
    setState(State::Joined);
    if (alive)
        joinPlan->finishFutures({});
}

void Network::Private::joinFailed(const Error &error)
{
    joinPlan->endRace();
    latestError.record(error, environment()->wallClock());
    const QPointer<Network> alive(q);
    waitForNextJoin();
    if (alive)
        joinPlan->finishFutures(error);
}

void Network::Private::waitForNextJoin()
{
    if (config.automaticRejoin())
        joinPlan->scheduleAttempt(currentTime(),
                                  [this](quint32 limit) { return randomBelow(limit); });
    setState(State::Waiting);
}

//! \brief There are others, which must not be dialled before \a until: two programs with one identity would take each
//! other's place at every attempt. No network of our own is begun because of them.
void Network::Private::waitForPausedPeers(Peering::Time until)
{
    const Error error(
        ErrorCode::IdentityInUse,
        QStringLiteral("All nodes that could be asked say that another program uses the identity "
                       "of this one. They are dialled again within %1 minutes. Stop the other "
                       "program, or give one of the two an identity of its own.")
            .arg(std::chrono::ceil<std::chrono::minutes>(Peering::IdentityReports::MaxPause)
                     .count()));
    latestError.record(error, environment()->wallClock());
    if (config.automaticRejoin())
        joinPlan->scheduleAttempt(until);
    const QPointer<Network> alive(q);
    setState(State::Waiting);
    if (alive)
        joinPlan->finishFutures(error);
}

// ---- nodes that are remembered

//! A node could not be dialled where we know it from the cache. What others say of it proves nothing.
void Network::Private::rememberedNodeFailed(const PeerId &peerId, const Error &error)
{
    const auto known = cache->entry(peerId);
    if (!known || error.code == ErrorCode::Cancelled)
        return;
    if (error.code == ErrorCode::PeerIdMismatch)
        renewPin(*known, error);
    else
        cache->failed(peerId);
}

//! \brief The cached node at whose address \a connection has come with a key that is not known, where such a
//! key is refused. Its first address is that of the connection.
std::optional<BootstrapCache::Entry> Network::Private::predecessorOf(
    const Connection &connection) const
{
    const PeerId peerId = connection.peerId();
    if (config.changedKeys() == NetworkConfig::ChangedKeys::Accept || links.contains(peerId)
        || cache->entry(peerId))
        return {};
    const PeerAddress address(connection.peerAddress().address(), connection.peerAddress().port());
    return Peering::predecessorAt(cache->entries(), address, connection.peerCertificates().value(0),
                                  endpoint->config().certificatePolicy().mode());
}

void Network::Private::refuseChangedKey(Connection *connection, const BootstrapCache::Entry &known)
{
    Error error(ErrorCode::PeerIdMismatch,
                QStringLiteral("The peer at %1 has another key than the node that is remembered "
                               "there: expected %2, came %3. It was refused. Ask its operator "
                               "before you trust the new key.")
                    .arg(known.addresses.first().endpointString(), known.peerId.toString(),
                         connection->peerId().toString()));
    error.peerCertificates = connection->peerCertificates();
    if (connection->direction() == Connection::Direction::Outgoing)
        links.recordLost(connection->peerId(), error);
    Access::close(*connection, CloseCode::Blocked, QStringLiteral("another key than before"));
    Q_EMIT q->peerKeyChanged(known, error);
}

//! The key is another one.
void Network::Private::renewPin(const BootstrapCache::Entry &known, const Error &error)
{
    const QDateTime time = QDateTime::fromSecsSinceEpoch(environment()->wallClock(), Qt::UTC);
    const PeerId renewed = Peering::renewedKey(known, error.peerCertificates,
                                               endpoint->config().certificatePolicy(), time);
    if (!renewed.isNull()) {
        qCInfo(lcNetwork).noquote()
            << "a cached node has a new key, with the same name:" << renewed.toString();
        keeper->dialRenewed(renewed, known.addresses);
        cache->remove(known.peerId);
        return;
    }
    const QPointer<Network> alive(q);
    cache->failed(known.peerId);
    if (alive)
        Q_EMIT q->peerKeyChanged(known, error);
}

} // namespace Qp2p
