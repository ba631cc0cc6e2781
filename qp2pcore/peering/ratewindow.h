// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// "At most 12 a minute", in every minute.
#pragma once

#include <qp2pcore/peering/monotonictime.h>

#include <QHash>

#include <deque>

namespace Qp2p::Peering {

//! \brief Counts what happens for each key; times never go back. Holds what was counted
//! in the last period and nothing else, so the caller bounds it by what it counts; each call takes constant
//! time on average, whatever keys come.
template<typename Key>
class RateWindow
{
public:
    explicit RateWindow(std::chrono::nanoseconds period)
        : m_period(period)
    {
    }

    //! How often \a key was counted in the last period.
    int countOf(const Key &key, Time now)
    {
        forget(now);
        return m_counts.value(key);
    }
    void count(const Key &key, Time now)
    {
        forget(now);
        m_events.push_back({now, key});
        ++m_counts[key];
    }
    //! All of the last period, for tests.
    size_t size() const { return m_events.size(); }

private:
    struct Event
    {
        Time time;
        Key key;
    };

    void forget(Time now)
    {
        while (!m_events.empty() && m_events.front().time + m_period <= now) {
            const auto found = m_counts.find(m_events.front().key);
            if (--*found == 0)
                m_counts.erase(found);
            m_events.pop_front();
        }
    }

    const std::chrono::nanoseconds m_period;
    std::deque<Event> m_events;
    QHash<Key, int> m_counts;
};

} // namespace Qp2p::Peering
