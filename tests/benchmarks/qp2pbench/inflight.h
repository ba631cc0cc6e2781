// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Keeps a number of operations under way until all are done.
#pragma once

#include <QDeadlineTimer>

#include <functional>

//! \brief Begins an operation \a count times, at most \a limit at once, and none after the deadline.
class InFlight
{
public:
    InFlight(quint64 count, quint64 limit, QDeadlineTimer deadline, std::function<void()> begin)
        : m_count(count)
        , m_limit(limit)
        , m_deadline(deadline)
        , m_begin(std::move(begin))
    {
    }

    void fill()
    {
        while (m_begun < m_count && m_begun - m_done < m_limit && !m_deadline.hasExpired()) {
            ++m_begun;
            m_begin();
        }
    }
    //! Returns whether it was the last.
    bool oneDone()
    {
        ++m_done;
        fill();
        return m_done == m_begun;
    }

    quint64 done() const { return m_done; }

private:
    const quint64 m_count;
    const quint64 m_limit;
    const QDeadlineTimer m_deadline;
    const std::function<void()> m_begin;
    quint64 m_begun = 0;
    quint64 m_done = 0;
};
