// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The order of things on a link: what is too large never leaves; then the queue and the bottleneck;
// what is lost is lost behind it, like on a radio link; then the delay.

#include <shared/simulatedlink.h>

#include <algorithm>

namespace Qp2p::Test {

SimulatedLink::Arrival SimulatedLink::send(QByteArray &data, quint64 now, const LinkProfile &profile)
{
    const auto size = quint64(data.size());
    ++m_counters.sent;
    m_counters.sentBytes += size;
    if (!mayLeave(size, profile))
        return {};
    const std::optional<quint64> leaves = departure(size, now, profile);
    if (!leaves)
        return {};
    if (isLost(profile)) {
        ++m_counters.lost;
        return {};
    }
    if (!data.isEmpty() && m_random.happens(profile.corruption))
        corrupt(data);
    const quint64 arrives = arrival(*leaves, profile);
    const int copies = m_random.happens(profile.duplication) ? 2 : 1;
    m_counters.duplicated += quint64(copies - 1);
    m_counters.delivered += quint64(copies);
    m_counters.deliveredBytes += size * quint64(copies);
    return {arrives, copies};
}

bool SimulatedLink::mayLeave(quint64 size, const LinkProfile &profile)
{
    const quint64 index = m_index++;
    if (m_blackhole)
        ++m_counters.blackholed;
    else if (m_dropList.contains(index))
        ++m_counters.onDropList;
    else if (profile.mtu > 0 && size > profile.mtu)
        ++m_counters.tooLarge;
    else
        return true;
    return false;
}

//! When it is past the bottleneck; never where the queue before that is full.
std::optional<quint64> SimulatedLink::departure(quint64 size, quint64 now,
                                                const LinkProfile &profile)
{
    while (!m_departures.empty() && m_departures.front() <= now)
        m_departures.pop_front();
    if (profile.bytesPerSecond == 0)
        return now;
    if (profile.queueLimit > 0 && m_departures.size() >= size_t(profile.queueLimit)) {
        ++m_counters.queueFull;
        return {};
    }
    const quint64 start = m_departures.empty() ? now : m_departures.back();
    m_counters.queued += std::chrono::nanoseconds(start - now);
    m_departures.push_back(start + size * 1'000'000'000 / profile.bytesPerSecond);
    return m_departures.back();
}

bool SimulatedLink::isLost(const LinkProfile &profile)
{
    bool lost = false;
    if (profile.meanLossBurst > 1 && profile.loss < 1) {
        // Gilbert: a burst goes on with such a chance that its mean length is right, and starts with
        // such a chance that the fraction is.
        const double goesOn = 1 - 1 / profile.meanLossBurst;
        const double starts = profile.loss / (profile.meanLossBurst * (1 - profile.loss));
        lost = m_random.happens(m_lostInARow > 0 ? goesOn : starts);
    } else {
        lost = m_random.happens(profile.loss);
    }
    if (profile.maxLossBurst > 0 && m_lostInARow >= profile.maxLossBurst)
        lost = false;
    m_lostInARow = lost ? m_lostInARow + 1 : 0;
    return lost;
}

void SimulatedLink::corrupt(QByteArray &data)
{
    ++m_counters.corrupted;
    for (quint64 changes = 1 + m_random.below(4); changes > 0; --changes) {
        const auto at = qsizetype(m_random.below(quint64(data.size())));
        data[at] = char(quint8(data.at(at)) ^ (1 + m_random.below(255)));
    }
}

quint64 SimulatedLink::arrival(quint64 departure, const LinkProfile &profile)
{
    qint64 delay = profile.latency.count();
    if (const qint64 jitter = profile.jitter.count(); jitter > 0)
        delay += qint64(m_random.below(2 * quint64(jitter) + 1)) - jitter;
    const quint64 inOrder = departure + quint64(std::max<qint64>(delay, 0));
    if (m_random.happens(profile.reorder)) {
        ++m_counters.reordered;
        return inOrder + quint64(profile.reorderDelay.count());
    }
    m_lastArrival = std::max(inOrder, m_lastArrival);
    return m_lastArrival;
}

} // namespace Qp2p::Test
