// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/nat/legrun.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Nat {

namespace {

// A single datagram may be larger than a run.
constexpr size_t bufferSize = std::max(LegDatagram::MaxSize, Limits::RunBytes);

} // namespace

LegRun::LegRun(size_t maxDatagrams)
    : m_maxDatagrams(std::clamp<size_t>(maxDatagrams, 1, Limits::RunDatagrams))
{
}

void LegRun::add(const ForwardedDatagram &datagram, const Engine::DatagramSink &sink)
{
    const size_t size = LegDatagram::HeaderSize + datagram.datagram.payload.size();
    if (!fits(datagram, size)) {
        flush(sink);
        m_segment = size;
        m_id = datagram.datagram.id;
        m_way = datagram.way;
        m_ecn = datagram.ecn;
    }
    if (!m_buffer)
        m_buffer = std::make_unique_for_overwrite<quint8[]>(bufferSize);
    const size_t written = datagram.datagram.write({&m_buffer[m_size], bufferSize - m_size});
    if (written == 0) // forward() makes none that cannot be written
        return;
    m_size += written;
    ++m_count;
}

void LegRun::flush(const Engine::DatagramSink &sink)
{
    if (m_count == 0)
        return;
    const size_t size = std::exchange(m_size, 0);
    m_count = 0;
    sink(m_buffer.get(), size, m_segment, m_way, m_ecn);
}

bool LegRun::fits(const ForwardedDatagram &datagram, size_t size) const
{
    // A shorter one ends a run, and then the sizes of all are not multiples of the first.
    return m_count > 0 && m_count < m_maxDatagrams && size <= m_segment
        && m_size == m_count * m_segment && m_size + size <= Limits::RunBytes
        && datagram.datagram.id == m_id && datagram.ecn == m_ecn && datagram.way == m_way;
}

} // namespace Qp2p::Nat
