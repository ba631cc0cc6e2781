// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/admission.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <utility>

namespace Qp2p::Engine {

Admission::Admission(const Settings &settings, OpenConnections openConnections)
    : m_maxConnections(settings.maxConnections)
    , m_openConnections(std::move(openConnections))
    // The IPv6 /56 is the smallest block that a household gets.
    , m_halfOpen({{4, 32, Limits::HalfOpenPerSubnet},
                  {6, 56, Limits::HalfOpenPerSubnet},
                  {6, 48, Limits::HalfOpenPerSite}})
    , m_open({{4, 32, settings.maxConnectionsPerAddress},
              {6, 64, settings.maxConnectionsPerAddress},
              {6, 48, settings.maxConnectionsPerSite}})
{
}

bool Admission::mayBegin(const Way &way, ngtcp2_tstamp now)
{
    if (!m_open.hasRoom(way.remote))
        return false;
    // Half-open ones don't count: they have a limit of their own, and must not keep others out.
    if (m_open.count() < maxFromPeers())
        return true;
    if (!m_crowding || now - m_crowdingAt >= nanoseconds(Limits::CrowdingInterval)) {
        m_crowding.emplace(m_openConnections());
        m_crowdingAt = now;
    }
    return m_crowding->victimFor(way.remote).has_value();
}

std::optional<Admission::Ticket> Admission::begin(const Way &way)
{
    if (m_halfOpen.count() >= Limits::HalfOpenTotal)
        return std::nullopt;
    Ticket ticket;
    if (way.kind == Way::Kind::Leg) {
        const auto onLeg = m_halfOpenOnLeg.find(way.leg);
        if (onLeg != m_halfOpenOnLeg.end() && onLeg->second >= Limits::HalfOpenPerLeg)
            return std::nullopt;
        ticket.m_leg = way.leg;
    }
    ticket.m_halfOpen = m_halfOpen.begin(way.remote);
    if (!ticket.isHalfOpen())
        return std::nullopt;
    if (ticket.m_leg != 0)
        ++m_halfOpenOnLeg[ticket.m_leg];
    return ticket;
}

void Admission::endHalfOpen(Ticket &ticket)
{
    if (const auto onLeg = m_halfOpenOnLeg.find(std::exchange(ticket.m_leg, 0));
        onLeg != m_halfOpenOnLeg.end() && --onLeg->second == 0)
        m_halfOpenOnLeg.erase(onLeg);
    end(m_halfOpen, ticket.m_halfOpen);
}

std::optional<SessionId> Admission::sessionToEvict(SessionId newcomer, const Way &way) const
{
    if (m_open.count() < maxFromPeers())
        return m_open.hasRoom(way.remote) ? std::nullopt : std::optional(newcomer);
    const auto victim = Crowding(m_openConnections()).victimFor(way.remote);
    return victim && m_open.hasRoom(way.remote) ? *victim : newcomer;
}

void Admission::end(AddressLimiter &limiter, std::optional<AddressLimiter::Ticket> &ticket)
{
    if (ticket)
        limiter.end(*ticket);
    ticket.reset();
}

//! A tenth is kept for own dials, so that peers cannot cut us off by coming first.
int Admission::maxFromPeers() const
{
    return m_maxConnections - m_maxConnections / 10;
}

} // namespace Qp2p::Engine
