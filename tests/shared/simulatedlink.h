// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One direction between two hosts of a simulation: decides which datagrams arrive, when, and how.
#pragma once

#include <shared/linkprofile.h>
#include <shared/seededrandom.h>

#include <QByteArray>
#include <QSet>

#include <deque>
#include <optional>

namespace Qp2p::Test {

class SimulatedLink
{
public:
    struct Arrival
    {
        quint64 time = 0; //!< nanoseconds
        int copies = 0; //!< 0: it does not arrive
    };

    explicit SimulatedLink(quint64 seed)
        : m_random(seed)
    {
    }

    //! \brief Sends \a data, which may come out changed, at \a now (which never goes back).
    Arrival send(QByteArray &data, quint64 now, const LinkProfile &profile);

    //! Until heal() nothing arrives any more; what is on its way does.
    void blackhole() { m_blackhole = true; }
    void heal() { m_blackhole = false; }
    //! Counted from this call; the next datagram is 0.
    void setDropList(const QSet<quint64> &indexes)
    {
        m_dropList = indexes;
        m_index = 0;
    }
    const LinkCounters &counters() const { return m_counters; }

private:
    bool mayLeave(quint64 size, const LinkProfile &profile);
    std::optional<quint64> departure(quint64 size, quint64 now, const LinkProfile &profile);
    bool isLost(const LinkProfile &profile);
    void corrupt(QByteArray &data);
    quint64 arrival(quint64 departure, const LinkProfile &profile);

    SeededRandom m_random;
    LinkCounters m_counters;
    QSet<quint64> m_dropList;
    quint64 m_index = 0; // of the next datagram, for the drop list
    std::deque<quint64> m_departures; // when each datagram before the bottleneck will be past it
    quint64 m_lastArrival = 0;
    int m_lostInARow = 0;
    bool m_blackhole = false;
};

} // namespace Qp2p::Test
