// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// "At most 12 a minute", in every minute.
#pragma once

#include <QHash>

#include <deque>

namespace Qp2p::Peering {

//! \brief Counts what happens for each key; times are nanoseconds. Keys that are quiet cost nothing.
template<typename Key>
class RateWindow
{
public:
    RateWindow(size_t limit, quint64 period)
        : m_limit(limit)
        , m_period(period)
    {
    }

    bool hasRoom(const Key &key, quint64 now)
    {
        forget(now);
        const auto found = m_times.constFind(key);
        return found == m_times.cend() || found->size() < m_limit;
    }
    void count(const Key &key, quint64 now) { m_times[key].push_back(now); }

private:
    void forget(quint64 now)
    {
        for (auto times = m_times.begin(); times != m_times.end();) {
            while (!times->empty() && times->front() + m_period <= now)
                times->pop_front();
            times = times->empty() ? m_times.erase(times) : std::next(times);
        }
    }

    const size_t m_limit;
    const quint64 m_period;
    QHash<Key, std::deque<quint64>> m_times;
};

} // namespace Qp2p::Peering
