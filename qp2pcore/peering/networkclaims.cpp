// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The claim of a peer that it is a node: when it is checked, and what becomes of the link.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressscope.h>

#include <chrono>

namespace Qp2p {

using Engine::Hello;
using Peering::Access;
using Peering::DialBackAnswer;
using Peering::LinkPointer;
using Peering::LinkState;
using ClaimResult = Peering::LinkState::ClaimResult;
namespace CloseCode = Engine::CloseCode;

namespace {

using namespace std::chrono_literals;

constexpr auto LastTry = 30s; // before the link's end: the second half needs time, too
constexpr auto TryAgain = 5s;
constexpr auto TryClientAgain = 60s; // whose claim could not be checked: it has a link
constexpr auto PayAgain = 10s; // longer than a helper may take

} // namespace

void Network::Private::checkClaim(const LinkPointer &link, Connection *connection)
{
    link->state().setPeerClaim(ClaimResult::Pending);
    checker->checkClaim(connection, connection->peerListeningPort(),
                        [this, link](const DialBackAnswer &answer) { claimChecked(link, answer); });
}

//! A claim that waits for others must not end the link, nor keep it from being used: what the peer is, is open until
//! its turn comes. Who does not pay for its check is a client.
void Network::Private::continueClaims()
{
    const Peering::Time time = currentTime();
    const QPointer<Network> alive(q);
    const auto isPending = [](const LinkPointer &link) {
        return link->isAttached && link->incoming()
            && link->state().peerClaim() == ClaimResult::Pending;
    };
    const QList<LinkPointer> all = links.all();
    QList<LinkPointer> pending;
    for (const LinkPointer &link : all) {
        payForClaim(link);
        if (isPending(link))
            pending.append(link);
    }
    for (const LinkPointer &link : std::as_const(pending)) {
        if (!alive)
            return;
        if (!link->isAttached || !link->incoming())
            continue;
        if (link->deadlines.claimCheck <= time) {
            link->deadlines.claimCheck = Peering::Never;
            checkClaim(link, link->incoming());
        }
        useUncheckedLink(link);
    }
}

void Network::Private::useUncheckedLink(const LinkPointer &link)
{
    if (link->state().isEstablished()
        || config.unreachableNodes() == NetworkConfig::UnreachableNodes::Refuse)
        return;
    const auto waiting = checker->waitingOf(link->incoming());
    if (waiting == Peering::Checker::Waiting::None
        || link->deadlines.halves > currentTime() + LastTry)
        return;
    acceptWithoutCheck(link, {0, DialBackAnswer::Result::Refused, "not checked yet", {}},
                       waiting == Peering::Checker::Waiting::ForRoom ? LinkState::Role::Unknown
                                                                     : LinkState::Role::Client);
}

void Network::Private::claimChecked(LinkPointer link, const DialBackAnswer &answer)
{
    if (!link->isAttached || !link->incoming() || link->state().peerClaim() != ClaimResult::Pending)
        return;
    const bool saysNothing = answer.result == DialBackAnswer::Result::Refused
        && link->incoming()->peerListeningPort() >= Peering::FirstAdvertisedPort;
    const bool refuses = config.unreachableNodes() == NetworkConfig::UnreachableNodes::Refuse;
    const Peering::Time time = currentTime();
    if (answer.result == DialBackAnswer::Result::Reachable
        || answer.result == DialBackAnswer::Result::Provisional) {
        claimPassed(link, answer);
    } else if (!saysNothing) {
        claimFailed(link, answer);
    } else if (link->state().isEstablished()) {
        link->deadlines.claimCheck = time + TryClientAgain;
    } else if (refuses || link->deadlines.halves > time + LastTry) {
        link->deadlines.claimCheck = time + TryAgain; // until its link must be complete
    } else {
        link->deadlines.claimCheck = time + TryClientAgain;
        acceptWithoutCheck(link, answer, LinkState::Role::Unknown);
    }
}

//! Its link works as that of a client until its claim passes. \a role: as what it is known here.
void Network::Private::acceptWithoutCheck(const LinkPointer &link, const DialBackAnswer &answer,
                                          LinkState::Role role)
{
    Connection &connection = *link->incoming();
    answerClaim(connection, answer, Hello::Role::Client);
    link->recordAddress(connection.peerAddress());
    shareLink(link, role);
}

void Network::Private::claimPassed(const LinkPointer &link, const DialBackAnswer &answer)
{
    Connection &connection = *link->incoming();
    link->state().setPeerClaim(ClaimResult::Node);
    const PeerAddress address(connection.peerAddress().address(), connection.peerListeningPort(),
                              link->id);
    link->recordAddress(address);
    answerClaim(connection, answer, Hello::Role::Node);
    if (!link->outgoing()) {
        keeper->dialSecondHalf(link->id, address);
        return;
    }
    cacheNode(link);
    if (link->isAttached)
        pairLink(link);
}

void Network::Private::claimFailed(const LinkPointer &link, const DialBackAnswer &answer)
{
    if (config.unreachableNodes() == NetworkConfig::UnreachableNodes::AcceptAsClients) {
        link->state().setPeerClaim(ClaimResult::Client);
        acceptWithoutCheck(link, answer, LinkState::Role::Client);
        return;
    }
    answerClaim(*link->incoming(), answer, Hello::Role::None);
    // Once the answer is on its way.
    QMetaObject::invokeMethod(
        q,
        [this, link, reason = QString::fromUtf8(answer.reason)] {
            drop(link,
                 Error(ErrorCode::NotReachable,
                       QStringLiteral("The peer says that it is a node, and could not be dialled "
                                      "(%1). Check its UDP port, or start it as a client.")
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
void Network::Private::payForClaim(const LinkPointer &link)
{
    const Peering::Time time = currentTime();
    if (link->deadlines.payment > time)
        return;
    const bool isUndecided = !link->state().isEstablished()
        && link->state().ownClaim() == ClaimResult::None;
    link->deadlines.payment = isUndecided ? time + PayAgain : Peering::Never;
    if (isUndecided)
        payForChecks(link);
}

} // namespace Qp2p
