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
    const quint64 index = m_index++;

    if (m_blackhole) {
        ++m_counters.blackholed;
        return {};
    }
    if (m_dropList.contains(index)) {
        ++m_counters.onDropList;
        return {};
    }
    if (profile.mtu > 0 && size > profile.mtu) {
        ++m_counters.tooLarge;
        return {};
    }

    quint64 departure = now;
    while (!m_departures.empty() && m_departures.front() <= now)
        m_departures.pop_front();
    if (profile.bytesPerSecond > 0) {
        if (profile.queueLimit > 0 && m_departures.size() >= size_t(profile.queueLimit)) {
            ++m_counters.queueFull;
            return {};
        }
        const quint64 start = m_departures.empty() ? now : m_departures.back();
        departure = start + size * 1'000'000'000 / profile.bytesPerSecond;
        m_departures.push_back(departure);
    }

    if (isLost(profile)) {
        ++m_counters.lost;
        return {};
    }
    if (!data.isEmpty() && m_random.happens(profile.corruption)) {
        ++m_counters.corrupted;
        for (quint64 changes = 1 + m_random.below(4); changes > 0; --changes) {
            const auto at = qsizetype(m_random.below(size));
            data[at] = char(quint8(data.at(at)) ^ (1 + m_random.below(255)));
        }
    }

    qint64 delay = profile.latency.count();
    if (const qint64 jitter = profile.jitter.count(); jitter > 0)
        delay += qint64(m_random.below(2 * quint64(jitter) + 1)) - jitter;
    quint64 arrival = departure + quint64(std::max<qint64>(delay, 0));
    if (m_random.happens(profile.reorder)) {
        ++m_counters.reordered;
        arrival += quint64(profile.reorderDelay.count());
    } else {
        arrival = std::max(arrival, m_lastArrival);
        m_lastArrival = arrival;
    }

    const int copies = m_random.happens(profile.duplication) ? 2 : 1;
    m_counters.duplicated += quint64(copies - 1);
    m_counters.delivered += quint64(copies);
    m_counters.deliveredBytes += size * quint64(copies);
    return {arrival, copies};
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

} // namespace Qp2p::Test
