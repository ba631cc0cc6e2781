// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whose turn it is among the many connections that all end in one socket of a peer.
#pragma once

#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/socketaddress.h>

#include <ngtcp2/ngtcp2.h>

#include <list>
#include <optional>
#include <unordered_map>

namespace Qp2p::Engine {

class Session;

//! \brief Keeps what many sessions with one remote socket have in flight within what its buffer takes.
//!
//! Each session has a congestion window of its own, of which two packets are left however many are lost. Where
//! hundreds of them meet in one buffer it is always full: those that just had an acknowledgement fill it again, and
//! the others lose all they send and double their probe timeouts. So while more than Limits::SharedSocketFrom send
//! on a path too short for pacing, what is in flight is bounded for all of them together (Limits::SharedInFlight),
//! and they send in turn, first come first served.
//!
//! Call order: turnOf(), the session writes, sent(), then takeReleased() until it is null.
class SocketShares
{
    struct Group;

public:
    //! What one session has here; lives with it.
    class Entry
    {
    public:
        //! When it has a turn in any case; UINT64_MAX: it does not wait for one.
        ngtcp2_tstamp deadline() const
        {
            return m_state == State::Waiting ? m_waitsUntil : UINT64_MAX;
        }

    private:
        friend class SocketShares;
        enum class State : quint8 { Free, Waiting, Released };
        Group *m_group = nullptr;
        quint64 m_inFlight = 0;
        ngtcp2_tstamp m_waitsUntil = UINT64_MAX;
        State m_state = State::Free;
    };
    enum class Rest { None, More };

    void add(Entry &entry, const SocketAddress &remote);
    void remove(SessionId id, Entry &entry);

    //! \brief Bytes that \a session may send now, at most \a most. 0: none of the program's data; it waits.
    size_t turnOf(const Session &session, Entry &entry, size_t most, ngtcp2_tstamp now)
    {
        return entry.m_group->sessions == 1 ? most : sharedTurnOf(session, entry, most, now);
    }
    //! \brief The turn is over. Returns whether \a session waits for its next one.
    bool sent(const Session &session, Entry &entry, Rest rest, ngtcp2_tstamp now)
    {
        return entry.m_group->sessions > 1 && sharedSent(session, entry, rest, now);
    }
    //! \brief A session that has waited beside that of \a entry and may send now; release() its entry. Null: none may.
    std::optional<SessionId> takeReleased(const Entry &entry);
    static void release(Entry &entry);

private:
    struct Group
    {
        SocketAddress remote;
        int sessions = 0;
        int senders = 0; //!< with something in flight
        int released = 0; //!< whose turn has not begun
        quint64 inFlight = 0; //!< bytes of all of them
        ngtcp2_duration minRtt = UINT64_MAX;
        ngtcp2_tstamp servedAt = 0; //!< when a turn of one of them began
        std::list<SessionId> waiting; //!< in order

        bool isBounded() const;
        bool hasRoom() const;
    };
    struct Hash
    {
        size_t operator()(const SocketAddress &address) const;
    };

    size_t sharedTurnOf(const Session &session, Entry &entry, size_t most, ngtcp2_tstamp now);
    bool sharedSent(const Session &session, Entry &entry, Rest rest, ngtcp2_tstamp now);
    static void wait(SessionId id, Entry &entry, ngtcp2_tstamp now);
    static void setFree(SessionId id, Entry &entry);
    static void setInFlight(Entry &entry, quint64 bytes);

    std::unordered_map<SocketAddress, Group, Hash> m_groups;
};

} // namespace Qp2p::Engine
