// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One direction of a link: which datagrams arrive, and when. It knows no socket and no clock.
#pragma once

#include <shared/seededrandom.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace UdpLink {

using std::chrono::nanoseconds;

//! \brief What a direction does to datagrams. Probabilities are 0 to 1.
struct LinkSettings
{
    uint64_t bytesPerSecond = 0; //!< of IP packets; at least 1
    nanoseconds delay{0}; //!< behind the bottleneck
    uint64_t queueBytes =
        0; //!< of IP packets that wait before the bottleneck, the one on its way included
    uint64_t mtu = 1472; //!< of the payload of UDP; larger ones are dropped

    // Gilbert and Elliott's model: a good state and a bad one, in which the losses come in bursts.
    double loss = 0; //!< in the good state
    double burstLoss = 1; //!< in the bad state
    double burstStarts = 0; //!< with each datagram of the good state
    double burstEnds = 1; //!< with each datagram of the bad state: 1 / its mean length
};

struct LinkCounters
{
    uint64_t sent = 0;
    uint64_t delivered = 0;
    uint64_t lost = 0;
    uint64_t queueFull = 0;
    uint64_t tooLarge = 0;
    nanoseconds queued{0}; //!< how long all that the queue had room for has waited there, added up
};

//! \brief A bottleneck with a queue, then a delay. Never changes the order of datagrams.
//!
//! Whether the n-th datagram is lost is a matter of the seed and of n alone, not of time: two programs
//! that are compared on the same link lose the same of their datagrams.
class LinkModel
{
public:
    //! Of IPv4 and UDP: a datagram uses up the rate and the queue with its headers.
    static constexpr uint64_t HeaderBytes = 28;

    LinkModel(const LinkSettings &settings, uint64_t seed)
        : m_settings(settings)
        , m_random(seed)
    {
    }

    //! \brief Takes a datagram with \a size bytes of payload at \a now, which never goes back. Returns
    //! when it arrives; nothing if it does not.
    std::optional<nanoseconds> send(uint64_t size, nanoseconds now)
    {
        ++m_counters.sent;
        const bool lost = isNextLost();
        if (size > m_settings.mtu) {
            ++m_counters.tooLarge;
            return {};
        }
        const std::optional<nanoseconds> departure = departureOf(size + HeaderBytes, now);
        if (!departure) {
            ++m_counters.queueFull;
            return {};
        }
        if (lost) { // behind the bottleneck, as on a radio link: it has taken its time there
            ++m_counters.lost;
            return {};
        }
        ++m_counters.delivered;
        return *departure + m_settings.delay;
    }

    const LinkCounters &counters() const { return m_counters; }

private:
    struct Queued
    {
        nanoseconds departure; //!< when the bottleneck is done with it
        uint64_t bytes;
    };

    bool isNextLost()
    {
        m_bad = m_bad ? !m_random.happens(m_settings.burstEnds)
                      : m_random.happens(m_settings.burstStarts);
        return m_random.happens(m_bad ? m_settings.burstLoss : m_settings.loss);
    }

    std::optional<nanoseconds> departureOf(uint64_t bytes, nanoseconds now)
    {
        while (!m_queue.empty() && m_queue.front().departure <= now) {
            m_queuedBytes -= m_queue.front().bytes;
            m_queue.pop_front();
        }
        if (m_queuedBytes + bytes > m_settings.queueBytes)
            return {};
        const nanoseconds start = m_queue.empty() ? now : m_queue.back().departure;
        m_counters.queued += start - now;
        const nanoseconds onWire(int64_t(bytes * 1'000'000'000 / m_settings.bytesPerSecond));
        m_queue.push_back({start + onWire, bytes});
        m_queuedBytes += bytes;
        return start + onWire;
    }

    const LinkSettings m_settings;
    Qp2p::Test::SeededRandom m_random;
    LinkCounters m_counters;
    std::deque<Queued> m_queue;
    uint64_t m_queuedBytes = 0;
    bool m_bad = false;
};

} // namespace UdpLink
