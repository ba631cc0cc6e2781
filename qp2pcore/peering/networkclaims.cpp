// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The claim of a peer that it is a node: when it is checked, and what becomes of the link.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressscope.h>

namespace Qp2p {

using Engine::Hello;
using Peering::Access;
using Peering::DialBackAnswer;
namespace CloseCode = Engine::CloseCode;

namespace {

constexpr quint64 LastTry = 30'000'000'000; // before the link's end: the second half needs time, too
constexpr quint64 TryAgain = 5'000'000'000;
constexpr quint64 TryClientAgain = 60'000'000'000; // whose claim could not be checked: it has a link
constexpr quint64 PayAgain = 10'000'000'000; // longer than a helper may take

} // namespace

void Network::Private::judgeClaim(Peer *peer, Connection *connection)
{
    peer->d->ours = Verdict::Pending;
    checker->checkClaim(connection, connection->peerListeningPort(),
                        [this, alive = QPointer(peer)](const DialBackAnswer &answer) {
                            claimJudged(alive, answer);
                        });
}

//! A claim that waits for others must not end the link, and a node that is taken for a client meanwhile is
//! one only until its turn comes.
void Network::Private::lookAtClaims()
{
    const quint64 time = now();
    const QPointer<Network> alive(q);
    QList<QPointer<Peer>> pending;
    for (Peer *peer : std::as_const(all)) {
        payForClaim(peer);
        if (peer->d->ours == Verdict::Pending && peer->d->incoming)
            pending.append(peer);
    }
    for (const QPointer<Peer> &peer : std::as_const(pending)) {
        if (!alive)
            return;
        if (!peer || !peer->d->incoming)
            continue;
        if (peer->d->judgeAgainAt <= time) {
            peer->d->judgeAgainAt = UINT64_MAX;
            judgeClaim(peer, peer->d->incoming);
        }
        if (peer->d->link == Peer::Link::None && peer->d->deadline <= time + LastTry
            && config.unreachableNodes() == NetworkConfig::UnreachableNodes::AcceptAsClients
            && checker->isWaiting(peer->d->incoming)) {
            answerClaim(*peer->d->incoming,
                        {0, DialBackAnswer::Result::Refused, "not checked yet", {}},
                        Hello::Role::Client);
            peer->d->noteAddress(peer->d->incoming->peerAddress());
            link(peer, Peer::Link::Bidirectional, Peer::Role::Client);
        }
    }
}

void Network::Private::claimJudged(const QPointer<Peer> &peer, const DialBackAnswer &answer)
{
    if (!peer || !peer->d->incoming || peer->d->ours != Verdict::Pending)
        return;
    const Connection &connection = *peer->d->incoming;
    const bool saysNothing = answer.result == DialBackAnswer::Result::Refused
        && connection.peerListeningPort() >= Peering::FirstAdvertisedPort;
    const bool refuses = config.unreachableNodes() == NetworkConfig::UnreachableNodes::Refuse;
    if (answer.result == DialBackAnswer::Result::Reachable
        || answer.result == DialBackAnswer::Result::Provisional) {
        claimPassed(peer, answer);
    } else if (!saysNothing) {
        claimFailed(peer, answer);
    } else if (peer->d->link != Peer::Link::None) {
        peer->d->judgeAgainAt = now() + TryClientAgain;
    } else if (refuses || peer->d->deadline > now() + LastTry) {
        peer->d->judgeAgainAt = now() + TryAgain; // until its link must be complete
    } else {
        peer->d->judgeAgainAt = now() + TryClientAgain;
        answerClaim(*peer->d->incoming, answer, Hello::Role::Client);
        peer->d->noteAddress(connection.peerAddress());
        link(peer, Peer::Link::Bidirectional, Peer::Role::Client);
    }
}

void Network::Private::claimPassed(Peer *peer, const DialBackAnswer &answer)
{
    Connection &connection = *peer->d->incoming;
    const QPointer<Peer> alive(peer);
    peer->d->ours = Verdict::Node;
    const PeerAddress address(connection.peerAddress().address(), connection.peerListeningPort(),
                              peer->d->id);
    peer->d->noteAddress(address);
    answerClaim(connection, answer, Hello::Role::Node);
    if (!peer->d->outgoing) {
        dialSecondHalf(peer, address);
        return;
    }
    cacheNode(peer);
    if (alive)
        updateLink(peer);
}

void Network::Private::claimFailed(const QPointer<Peer> &peer, const DialBackAnswer &answer)
{
    Connection &connection = *peer->d->incoming;
    if (config.unreachableNodes() == NetworkConfig::UnreachableNodes::AcceptAsClients) {
        peer->d->ours = Verdict::Client;
        peer->d->noteAddress(connection.peerAddress());
        answerClaim(connection, answer, Hello::Role::Client);
        link(peer, Peer::Link::Bidirectional, Peer::Role::Client);
        return;
    }
    answerClaim(connection, answer, Hello::Role::None);
    // Once the answer is on its way.
    QMetaObject::invokeMethod(
        peer,
        [this, peer, reason = QString::fromUtf8(answer.reason)] {
            drop(peer,
                 Error(
                     ErrorCode::NotReachable,
                     QStringLiteral("The peer says that it is a node, and could not be dialled: %1")
                         .arg(reason)),
                 CloseCode::NotReachable);
        },
        Qt::QueuedConnection);
}

void Network::Private::answerClaim(Connection &connection, DialBackAnswer answer, Hello::Role as)
{
    answer.id = 0;
    answer.acceptedAs = as;
    Access::send(connection, encode(answer));
}

//! Until the peer has said what it makes of our claim: a helper that does not answer costs a dial.
void Network::Private::payForClaim(Peer *peer)
{
    if (peer->d->payAgainAt > now())
        return;
    const bool isUndecided = peer->d->link == Peer::Link::None && peer->d->theirs == Verdict::None;
    peer->d->payAgainAt = isUndecided ? now() + PayAgain : UINT64_MAX;
    if (isUndecided)
        payForChecks(peer);
}

} // namespace Qp2p
