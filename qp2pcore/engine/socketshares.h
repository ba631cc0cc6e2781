// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whose turn it is among the many connections that all end in one socket of a peer.
#pragma once

#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/socketaddress.h>

#include <ngtcp2/ngtcp2.h>

#include <list>
#include <optional>
#include <unordered_map>

namespace Qp2p::Engine {

class Session;

//! \brief Keeps what many sessions with one remote socket have in flight within what its buffer takes.
//!
//! Each session has a congestion window of its own, of which ngtcp2 keeps two packets however many are lost. Where
//! hundreds of them meet in one buffer it is always full: those that just got an acknowledgement fill it again, and
//! the others lose all they send, and double their probe timeouts. So while more than Limits::SharedSocketFrom
//! send, on a path too short for pacing, what is in flight is bounded for all of them together, and they send in
//! turn, first come first served.
class SocketShares
{
    //! The sessions with one remote socket.
    struct Group
    {
        int sessions = 0;
        int senders = 0; //!< with something in flight
        quint64 inFlight = 0; //!< bytes of all of them
        ngtcp2_duration minRtt = UINT64_MAX;
        std::list<SessionId> waiting; //!< for their turn, in order

        bool isShared() const;
        quint64 limit() const;
    };

public:
    //! What one session has here; lives with it.
    class Entry
    {
    public:
        //! When its turn comes in any case; UINT64_MAX: it does not wait.
        ngtcp2_tstamp deadline() const { return m_waitsUntil; }

    private:
        friend class SocketShares;
        Group *m_group = nullptr;
        quint64 m_inFlight = 0;
        ngtcp2_tstamp m_waitsUntil = UINT64_MAX;
    };

    void add(Entry &entry, const SocketAddress &remote);
    void remove(SessionId id, Entry &entry, const SocketAddress &remote);

    //! \brief Bytes that \a session may send now, at most \a most. 0: only what is no data of a program; its turn comes
    //! later (see takeReleased()).
    size_t turnOf(const Session &session, Entry &entry, size_t most, ngtcp2_tstamp now)
    {
        return entry.m_group->sessions == 1 ? most : sharedTurnOf(session, entry, most, now);
    }
    //! The session of \a entry has sent \a bytes. \a isMore: it would go on.
    enum class Rest { None, Waits };
    //! \brief It has sent \a bytes. Returns whether it has to wait for its next turn.
    bool sent(SessionId id, Entry &entry, size_t bytes, Rest rest, ngtcp2_tstamp now);
    //! \brief A session that shares its socket with that of \a entry, has waited, and may send now. Null: none may.
    std::optional<SessionId> takeReleased(Entry &entry);
    //! That one's entry.
    void release(Entry &entry) { entry.m_waitsUntil = UINT64_MAX; }

private:
    size_t sharedTurnOf(const Session &session, Entry &entry, size_t most, ngtcp2_tstamp now);
    static void update(Entry &entry, quint64 inFlight);

    struct Hash
    {
        size_t operator()(const SocketAddress &address) const { return qHash(address); }
    };
    std::unordered_map<SocketAddress, Group, Hash> m_groups;
};

} // namespace Qp2p::Engine
