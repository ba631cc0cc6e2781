// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When each session of a router is due, and which of them have something to do now.
#pragma once

#include <qp2pcore/engine/events.h>

#include <ngtcp2/ngtcp2.h>

#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace Qp2p::Engine {

//! \brief The deadlines of all sessions, and their turns to write, first come first served.
class SessionSchedule
{
public:
    //! What one session has here; lives with it.
    struct Entry
    {
        ngtcp2_tstamp deadline = UINT64_MAX; //!< set by setDeadline()
        bool hasTurn = false; //!< set by addTurn()
    };

    //! UINT64_MAX where no session is ever due.
    ngtcp2_tstamp deadline() const
    {
        return m_deadlines.empty() ? UINT64_MAX : m_deadlines.begin()->first;
    }
    //! A session that is due by \a now; its deadline is no longer set. Null where none is.
    std::optional<SessionId> takeDue(ngtcp2_tstamp now)
    {
        if (deadline() > now)
            return std::nullopt;
        const SessionId id = m_deadlines.begin()->second;
        m_deadlines.erase(m_deadlines.begin());
        return id;
    }
    //! UINT64_MAX: never.
    void setDeadline(SessionId id, Entry &entry, ngtcp2_tstamp deadline)
    {
        if (deadline == entry.deadline)
            return;
        m_deadlines.erase({entry.deadline, id});
        if (deadline != UINT64_MAX)
            m_deadlines.insert({deadline, id});
        entry.deadline = deadline;
    }

    bool hasTurns() const { return !m_turns.empty(); }
    size_t turns() const { return m_turns.size(); }
    void addTurn(SessionId id, Entry &entry)
    {
        if (!std::exchange(entry.hasTurn, true))
            m_turns.push_back(id);
    }
    //! Only while hasTurns(). The session may have gone meanwhile.
    SessionId takeTurn()
    {
        const SessionId id = m_turns.front();
        m_turns.pop_front();
        return id;
    }

private:
    std::set<std::pair<ngtcp2_tstamp, SessionId>> m_deadlines;
    std::deque<SessionId> m_turns;
};

} // namespace Qp2p::Engine
