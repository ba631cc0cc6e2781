// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "eventlimit.h"

#include <algorithm>
#include <chrono>
#include <utility>

using namespace std::chrono_literals;

EventLimit::EventLimit(QObject *parent)
    : QObject(parent)
    , m_timer(this)
{
    m_clock.start();
    m_timer.setSingleShot(true);
    m_timer.setInterval(1s);
    connect(&m_timer, &QTimer::timeout, this, &EventLimit::report);
}

EventLimit::~EventLimit() = default;

bool EventLimit::take(QStringView name, Kind kind)
{
    const double rate = kind == Kind::Failure ? 10 : 100;
    const double burst = 10 * rate;
    const qint64 now = m_clock.nsecsElapsed();
    const QString key = name.toString();
    auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        entry = m_entries.insert(key, {burst, now, 0});
    const double seconds = double(now - std::exchange(entry->filledAt, now)) / 1e9;
    entry->allowance = std::min(burst, entry->allowance + rate * seconds);
    if (entry->allowance >= 1) {
        entry->allowance -= 1;
        return true;
    }
    ++entry->leftOut;
    if (!m_timer.isActive())
        m_timer.start();
    return false;
}

void EventLimit::report()
{
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
        if (const qint64 count = std::exchange(entry->leftOut, 0))
            Q_EMIT leftOut(entry.key(), count);
    }
}
