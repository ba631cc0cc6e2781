// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "wire.h"

#include <algorithm>
#include <cstring>

namespace Instructions {

namespace {

// A fast LAN. The round trip stays below the millisecond from which on the library paces.
constexpr quint64 Delay = 100'000; // nanoseconds, each way
constexpr quint64 BytesPerMicrosecond = 1250; // 10 Gbit/s

} // namespace

Qp2p::Engine::SocketAddress Wire::address(End end)
{
    return Qp2p::Engine::SocketAddress::fromIpv4({11, 0, 0, quint8(1 + end)}, quint16(4433 + end));
}

void Wire::send(End from, const quint8 *data, size_t size, size_t segmentSize, quint8 ecn)
{
    Run run;
    if (!m_spare.empty()) {
        run.bytes = std::move(m_spare.back());
        m_spare.pop_back();
    }
    run.bytes.resize(std::max(run.bytes.size(), size));
    std::memcpy(run.bytes.data(), data, size);
    run.size = size;
    run.segmentSize = segmentSize;
    run.ecn = ecn;
    ++m_sent[from].calls;
    m_sent[from].datagrams += (size + segmentSize - 1) / segmentSize;
    m_sent[from].bytes += size;
    quint64 &free = m_lineFree[from];
    free = std::max(free, m_now) + 1 + size * 1000 / BytesPerMicrosecond;
    run.arrival = free + Delay;
    m_underWay[otherEnd(from)].push_back(std::move(run));
}

Wire::Next Wire::advance(quint64 limit)
{
    Next next;
    quint64 time = limit + 1;
    for (const End end : {Client, Server}) {
        if (!m_underWay[end].empty() && m_underWay[end].front().arrival < time) {
            time = m_underWay[end].front().arrival;
            next = {Happens::Arrival, end};
        }
        if (m_alarms[end] < time) {
            time = m_alarms[end];
            next = {Happens::Alarm, end};
        }
    }
    if (next.what == Happens::Nothing)
        return next;
    m_now = std::max(m_now, time);
    if (next.what == Happens::Alarm)
        m_alarms[next.at] = UINT64_MAX;
    return next;
}

const Wire::Run *Wire::arrived(End end) const
{
    const std::deque<Run> &runs = m_underWay[end];
    return runs.empty() || runs.front().arrival > m_now ? nullptr : &runs.front();
}

void Wire::take(End end)
{
    m_spare.push_back(std::move(m_underWay[end].front().bytes));
    m_underWay[end].pop_front();
}

} // namespace Instructions
