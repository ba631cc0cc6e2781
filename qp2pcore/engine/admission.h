// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many connections peers may begin and keep open, by address group, and which one closes for another.
#pragma once

#include <qp2pcore/engine/addresslimiter.h>
#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/eviction.h>
#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/way.h>

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace Qp2p::Engine {

//! \brief Counts the connections that peers have dialled, and limits them.
class Admission
{
public:
    //! What one connection counts as; end it before it goes.
    class Ticket
    {
    public:
        bool isHalfOpen() const { return m_halfOpen.has_value(); }
        bool isOpen() const { return m_open.has_value(); }

    private:
        friend class Admission;
        std::optional<AddressLimiter::Ticket> m_halfOpen;
        quint64 m_leg = 0; // over which it is half-open
        std::optional<AddressLimiter::Ticket> m_open;
    };
    //! Lists all connections whose ticket is open.
    using OpenConnections = std::function<std::vector<EvictionCandidate>()>;

    Admission(const Settings &settings, OpenConnections openConnections);

    int halfOpenCount() const { return m_halfOpen.count(); }

    //! \brief Whether a handshake by \a way can lead to an open connection. Cheap, for any sender can cause it.
    bool mayBegin(const Way &way, ngtcp2_tstamp now);
    //! \brief Counts a handshake; null where too many are half-open.
    std::optional<Ticket> begin(const Way &way);
    //! \brief The peer of \a newcomer has proven itself. Returns the session that must close now because of the
    //! limits, perhaps the newcomer; null where none must.
    std::optional<SessionId> sessionToEvict(SessionId newcomer, const Way &way) const;
    //! Counts it as open from now on.
    void open(Ticket &ticket, const Way &way) { ticket.m_open = m_open.begin(way.remote); }
    void endHalfOpen(Ticket &ticket);
    void endOpen(Ticket &ticket) { end(m_open, ticket.m_open); }

private:
    static void end(AddressLimiter &limiter, std::optional<AddressLimiter::Ticket> &ticket);
    int maxFromPeers() const;

    const int m_maxConnections;
    const OpenConnections m_openConnections;
    AddressLimiter m_halfOpen;
    std::unordered_map<quint64, int> m_halfOpenOnLeg; // by leg, none of them 0
    AddressLimiter m_open;
    std::optional<Crowding> m_crowding; // for peers that want to begin while the limit is reached
    ngtcp2_tstamp m_crowdingAt = 0;
};

} // namespace Qp2p::Engine
