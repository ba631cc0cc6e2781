// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/caller.h>

#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/whenfinished.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

QString textOf(const LegOpened &opened)
{
    QString text;
    switch (opened.outcome) {
    case LegOpened::Outcome::Open:
        break;
    case LegOpened::Outcome::NotLinked:
        return QStringLiteral("it has no link to such a peer that takes calls");
    case LegOpened::Outcome::CalleeRefuses:
        text = QStringLiteral("the peer refuses");
        break;
    case LegOpened::Outcome::RelayRefuses:
        text = QStringLiteral("it does not forward for others");
        break;
    case LegOpened::Outcome::TooMany:
        text = QStringLiteral("it forwards as much as it may");
        break;
    }
    if (!opened.reason.isEmpty())
        text += QStringLiteral(" (%1)").arg(QString::fromUtf8(opened.reason));
    return text;
}

} // namespace

// ---- calling

QFuture<Caller::Outcome> Caller::call(const PeerId &peer)
{
    const auto call = std::make_shared<Call>();
    call->promise.start();
    QFuture<Outcome> future = call->promise.future();
    call->peer = peer;
    call->deadline = m_surroundings.currentTime() + CallTime;
    if (calls() >= MaxCalls) {
        finish(call,
               Error(ErrorCode::ResourceLimit,
                     QStringLiteral("%1 calls to peers are under way. Wait until some of "
                                    "them have ended.")
                         .arg(MaxCalls)));
        return future;
    }
    startCall(call, nullptr);
    return future;
}

//! \a without: the node that is not asked.
void Caller::startCall(const CallPointer &call, const Connection *without)
{
    const QList<Connection *> relays = m_surroundings.relays();
    for (Connection *relay : relays) {
        if (relay->peerId() != call->peer && relay != without)
            call->relays.append(relay);
    }
    m_calls.push_back(call);
    askNext(call);
}

void Caller::askNext(const CallPointer &call)
{
    while (!call->relays.isEmpty() && m_surroundings.currentTime() < call->deadline) {
        call->asked = call->relays.takeFirst();
        if (!call->asked)
            continue;
        call->id = m_nextId++;
        call->nextAt = m_surroundings.currentTime() + RelayTime;
        Access::send(*call->asked, encode(LegRequest{call->id, call->peer}));
        return;
    }
    call->asked = nullptr;
    finish(call,
           Error(ErrorCode::NoRelay,
                 call->refusals.isEmpty()
                     ? QStringLiteral("No linked node forwards to other members. Link to one that "
                                      "does, or dial the peer by its address.")
                     : QStringLiteral("No linked node opens a way to the peer: %1. Check that the "
                                      "peer is there and linked to one of them.")
                           .arg(call->refusals.join(QStringLiteral("; ")))));
}

void Caller::opened(Connection *relay, const LegOpened &opened)
{
    const auto found = std::find_if(m_calls.cbegin(), m_calls.cend(), [&](const CallPointer &call) {
        return !call->isDialling && call->asked == relay && call->id == opened.id;
    });
    if (found == m_calls.cend()) { // too late: another one is asked, or it was given up
        if (opened.outcome == LegOpened::Outcome::Open)
            Access::send(*relay, encode(LegClose{opened.leg, LegClose::Code::NotNeeded, {}}));
        return;
    }
    const CallPointer call = *found;
    const bool isTaken = m_legs.contains(opened.leg);
    if (opened.outcome != LegOpened::Outcome::Open || isTaken) {
        call->refusals.append(QStringLiteral("%1: %2").arg(
            relay->peerId().toString().left(8),
            isTaken ? QStringLiteral("it offers a leg that is in use") : textOf(opened)));
        askNext(call);
        return;
    }
    open(opened.leg, relay, Leg::Origin::Called);
    if (call->movedLeg != 0) {
        moveOver(call, opened.leg);
        return;
    }
    call->isDialling = true;
    const quint64 leg = opened.leg;
    whenFinished(m_surroundings.dialOverLeg(leg, call->peer), m_context,
                 [this, call, leg](const Outcome &outcome) {
                     if (!outcome)
                         closeAt(leg, LegClose::Code::NotNeeded);
                     finish(call, outcome);
                 });
}

//! Once. What continues the future may delete this.
void Caller::finish(const CallPointer &call, const Outcome &outcome)
{
    std::erase(m_calls, call);
    if (call->movedLeg != 0 && !outcome)
        qCDebug(lcNetwork).noquote() << "not moved:" << outcome.error().message;
    if (call->promise.future().isFinished())
        return;
    call->promise.addResult(outcome);
    call->promise.finish();
}

void Caller::cancelAll()
{
    const std::vector<CallPointer> all = std::exchange(m_calls, {});
    for (const CallPointer &call : all) {
        call->promise.addResult(dialCancelled());
        call->promise.finish();
    }
}

// ---- moving

void Caller::checkSilence(Inner &inner)
{
    const auto silence = Access::silenceOf(*inner.connection);
    if (!silence)
        return;
    const Time now = m_surroundings.currentTime();
    if (!silence->isWaiting || silence->lastHeard != inner.lastHeard)
        inner.silentSince = Never;
    inner.lastHeard = silence->lastHeard;
    if (silence->isWaiting && inner.silentSince == Never)
        inner.silentSince = now;
    const bool isLost = !m_legs.contains(inner.leg)
        || (inner.silentSince != Never && now - inner.silentSince >= silence->limit);
    if (isLost && inner.nextMove <= now)
        move(inner);
}

void Caller::move(Inner &inner)
{
    inner.nextMove = m_surroundings.currentTime() + inner.pause;
    inner.pause = std::min(2 * inner.pause, LongestMovePause);
    const bool isMoving = std::any_of(
        m_calls.cbegin(), m_calls.cend(),
        [&](const CallPointer &call) { return call->movedLeg == inner.leg; });
    if (isMoving)
        return;
    const auto call = std::make_shared<Call>();
    call->promise.start();
    call->peer = inner.connection->peerId();
    call->deadline = m_surroundings.currentTime() + CallTime;
    call->movedLeg = inner.leg;
    startCall(call, m_legs.value(inner.leg).link);
}

void Caller::moveOver(const CallPointer &call, quint64 leg)
{
    const auto inner = std::find_if(m_inner.begin(), m_inner.end(), [&](const Inner &one) {
        return one.leg == call->movedLeg && one.connection;
    });
    const bool hasMoved = inner != m_inner.end() && Access::moveTo(*inner->connection, leg);
    qCDebug(lcNetwork).noquote() << (hasMoved ? "moved:" : "not moved:") << call->peer.toString();
    if (hasMoved) {
        closeAt(std::exchange(inner->leg, leg), LegClose::Code::NotNeeded);
        inner->silentSince = Never;
        inner->pause = MovePause;
    } else {
        closeAt(leg, LegClose::Code::NotNeeded);
    }
    finish(call, Outcome(QPointer<Connection>()));
}

// ---- being called

void Caller::offered(Connection *relay, const LegOffer &offer)
{
    const QByteArray refusal = refusalOf(offer);
    LegAnswer answer{offer.number, LegAnswer::Consent::Accepted, {}};
    if (refusal.isNull()) {
        open(offer.leg, relay, Leg::Origin::Accepted);
    } else {
        answer.consent = LegAnswer::Consent::Refused;
        answer.reason = refusal;
    }
    Access::send(*relay, encode(answer));
}

//! Null where there is none.
QByteArray Caller::refusalOf(const LegOffer &offer)
{
    const Time now = m_surroundings.currentTime();
    const qsizetype incoming = std::count_if(m_legs.cbegin(), m_legs.cend(), [](const Leg &leg) {
        return leg.origin == Leg::Origin::Accepted;
    });
    if (m_surroundings.isBlocked(offer.caller))
        return "blocked";
    if (incoming >= MaxIncomingLegs || m_offers.countOf(0, now) >= MaxOffersPerMinute)
        return "too many";
    if (m_legs.contains(offer.leg))
        return "the leg is in use";
    m_offers.count(0, now);
    return {};
}

// ---- legs

void Caller::open(quint64 leg, Connection *link, Leg::Origin origin)
{
    m_legs.insert(leg, {link, origin, m_surroundings.currentTime() + UnusedTime});
    m_surroundings.openLeg(leg, *link);
}

//! Where it is known.
void Caller::closeAt(quint64 leg, LegClose::Code code)
{
    const auto found = m_legs.constFind(leg);
    if (found == m_legs.cend())
        return;
    if (found->link)
        Access::send(*found->link, encode(LegClose{leg, code, {}}));
    m_legs.erase(found);
    m_surroundings.closeLeg(leg);
}

void Caller::closed(const Connection *relay, const LegClose &close)
{
    const auto leg = m_legs.constFind(close.leg);
    if (leg == m_legs.cend() || leg->link != relay)
        return;
    m_legs.erase(leg);
    m_surroundings.closeLeg(close.leg);
}

void Caller::connectionOpened(Connection *connection)
{
    if (const quint64 leg = Access::legOf(*connection);
        leg != 0 && connection->direction() == Connection::Direction::Outgoing)
        m_inner.push_back({connection, leg, {}, Never, {}, MovePause});
}

void Caller::connectionClosed(const Connection *connection, quint64 leg)
{
    closeAt(leg, LegClose::Code::NotNeeded);
    const auto inner = std::find_if(m_inner.begin(), m_inner.end(), [connection](const Inner &one) {
        return one.connection == connection;
    });
    if (inner != m_inner.end()) {
        closeAt(inner->leg, LegClose::Code::NotNeeded);
        m_inner.erase(inner);
    }
    const QList<quint64> legs = m_legs.keys();
    for (const quint64 id : legs) {
        if (m_legs.value(id).link != connection)
            continue;
        m_legs.remove(id);
        m_surroundings.closeLeg(id);
    }
    const std::vector<CallPointer> calls = m_calls;
    for (const CallPointer &call : calls) {
        if (!call->isDialling && call->asked == connection)
            call->nextAt = Time(); // expire() goes on
    }
}

void Caller::expire()
{
    const Time now = m_surroundings.currentTime();
    const QList<quint64> legs = m_legs.keys();
    for (const quint64 leg : legs) {
        Leg &known = m_legs[leg];
        if (known.link && known.unusedUntil <= now && m_surroundings.isLegInUse(leg))
            known.unusedUntil = now + UnusedTime;
        if (known.unusedUntil <= now || !known.link)
            closeAt(leg, LegClose::Code::NotNeeded);
    }
    std::erase_if(m_inner, [](const Inner &inner) { return !inner.connection; });
    for (Inner &inner : m_inner)
        checkSilence(inner);
    const QPointer<QObject> alive(m_context);
    const std::vector<CallPointer> calls = m_calls;
    for (const CallPointer &call : calls) {
        if (!alive)
            return;
        if (call->isDialling || call->promise.future().isFinished() || call->nextAt > now)
            continue;
        if (call->asked)
            call->refusals.append(QStringLiteral("%1: it does not answer")
                                      .arg(call->asked->peerId().toString().left(8)));
        askNext(call);
    }
}

Time Caller::deadline() const
{
    Time next = m_inner.empty() ? Never : m_surroundings.currentTime() + CheckInterval;
    for (const Leg &leg : m_legs)
        next = std::min(next, leg.unusedUntil);
    for (const CallPointer &call : m_calls) {
        if (!call->isDialling)
            next = std::min(next, call->nextAt);
    }
    return next;
}

} // namespace Qp2p::Peering
