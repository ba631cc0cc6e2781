// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/relaydesk.h>

#include <algorithm>

namespace Qp2p::Peering {

using Outcome = LegOpened::Outcome;

void RelayDesk::requested(Connection *caller, const LegRequest &request)
{
    if (const auto refusal = refusalOf(*caller, request)) {
        refuse(caller, request.id, *refusal);
        return;
    }
    Connection *callee = m_surroundings.linkForLegs(request.peer);
    const auto forwarding = m_surroundings.beginForwarding(*caller, *callee);
    if (!forwarding) {
        refuse(caller, request.id, Outcome::TooMany, "this node forwards as much as it may");
        return;
    }
    const quint64 number = m_nextNumber++;
    m_offers.insert(
        number,
        {{caller, callee, *forwarding}, request.id, m_surroundings.currentTime() + AnswerTime});
    Access::send(
        *callee,
        encode(LegOffer{number, caller->peerId(), forwarding->calleesLeg, forwarding->rate}));
}

std::optional<Outcome> RelayDesk::refusalOf(const Connection &caller,
                                            const LegRequest &request) const
{
    if (m_offers.size() >= MaxOffers)
        return Outcome::TooMany;
    if (!m_surroundings.forwardsForOthers() || request.peer == caller.peerId())
        return Outcome::RelayRefuses;
    if (!m_surroundings.linkForLegs(request.peer))
        return Outcome::NotLinked;
    return std::nullopt;
}

void RelayDesk::refuse(Connection *caller, quint64 requestId, Outcome outcome,
                       const QByteArray &reason)
{
    if (caller)
        Access::send(*caller, encode(LegOpened{requestId, outcome, 0, 0, reason}));
}

void RelayDesk::answered(const Connection *callee, const LegAnswer &answer)
{
    const auto offer = m_offers.constFind(answer.number);
    if (offer == m_offers.cend() || offer->leg.callee != callee)
        return; // too late, or none of its own
    if (answer.consent == LegAnswer::Consent::Refused) {
        withdraw(answer.number, Outcome::CalleeRefuses, answer.reason);
        return;
    }
    const Offer taken = m_offers.take(answer.number);
    const Access::Forwarding &forwarding = taken.leg.forwarding;
    m_legs.insert(forwarding.callersLeg, taken.leg);
    Access::send(*taken.leg.caller,
                 encode(LegOpened{
                     taken.requestId, Outcome::Open, forwarding.callersLeg, forwarding.rate, {}}));
}

void RelayDesk::withdraw(quint64 number, Outcome outcome, const QByteArray &reason)
{
    const Offer offer = m_offers.take(number);
    m_surroundings.endForwarding(offer.leg.forwarding);
    refuse(offer.leg.caller, offer.requestId, outcome, reason);
}

void RelayDesk::closed(const Connection *from, const LegClose &close)
{
    const auto leg = std::find_if(m_legs.cbegin(), m_legs.cend(), [&](const Leg &candidate) {
        return (candidate.caller == from && candidate.forwarding.callersLeg == close.leg)
            || (candidate.callee == from && candidate.forwarding.calleesLeg == close.leg);
    });
    if (leg != m_legs.cend())
        end(m_legs.take(leg.key()), from, LegClose::Code::OtherEndGone);
}

void RelayDesk::connectionClosed(const Connection *connection)
{
    const QList<quint64> numbers = m_offers.keys();
    for (const quint64 number : numbers) {
        const Leg leg = m_offers.value(number).leg;
        if (leg.callee == connection)
            withdraw(number, Outcome::NotLinked, {});
        else if (leg.caller == connection)
            end(m_offers.take(number).leg, connection, LegClose::Code::OtherEndGone);
    }
    const QList<quint64> ids = m_legs.keys();
    for (const quint64 id : ids) {
        const Leg leg = m_legs.value(id);
        if (leg.caller == connection || leg.callee == connection)
            end(m_legs.take(id), connection, LegClose::Code::OtherEndGone);
    }
}

void RelayDesk::idle(quint64 leg)
{
    const auto found = std::find_if(m_legs.cbegin(), m_legs.cend(), [leg](const Leg &candidate) {
        return candidate.forwarding.callersLeg == leg || candidate.forwarding.calleesLeg == leg;
    });
    if (found != m_legs.cend())
        end(m_legs.take(found.key()), nullptr, LegClose::Code::Idle);
}

void RelayDesk::expire()
{
    const Time now = m_surroundings.currentTime();
    const QList<quint64> numbers = m_offers.keys();
    for (const quint64 number : numbers) {
        if (m_offers.value(number).deadline <= now)
            withdraw(number, Outcome::CalleeRefuses, "it has not answered in time");
    }
    // Connections that the program has deleted.
    const QList<quint64> ids = m_legs.keys();
    for (const quint64 id : ids) {
        if (!m_legs.value(id).caller || !m_legs.value(id).callee)
            end(m_legs.take(id), nullptr, LegClose::Code::OtherEndGone);
    }
}

//! \a knows: who needs not be notified.
void RelayDesk::end(const Leg &leg, const Connection *knows, LegClose::Code code)
{
    m_surroundings.endForwarding(leg.forwarding);
    if (leg.caller && leg.caller != knows)
        Access::send(*leg.caller, encode(LegClose{leg.forwarding.callersLeg, code, {}}));
    if (leg.callee && leg.callee != knows)
        Access::send(*leg.callee, encode(LegClose{leg.forwarding.calleesLeg, code, {}}));
}

} // namespace Qp2p::Peering
