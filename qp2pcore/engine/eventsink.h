// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Where the parts of a session put their events.
#pragma once

#include <qp2pcore/engine/events.h>

#include <utility>

namespace Qp2p::Engine {

//! \brief The list of events, with the session that they are of.
class EventSink
{
public:
    EventSink(EventList &list, SessionId session)
        : m_list(&list)
        , m_session(session)
    {
    }
    template<typename T>
    void add(T &&what) const
    {
        m_list->push_back(Event{m_session, std::forward<T>(what)});
    }

private:
    EventList *m_list;
    SessionId m_session;
};

} // namespace Qp2p::Engine
