// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/closingstate.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <algorithm>
#include <bit>

namespace Qp2p::Engine {

void ClosingState::begin(const Error &cause, const ConnectionStats &stats, ngtcp2_duration pto,
                         ngtcp2_tstamp now)
{
    m_cause = cause;
    m_stats = stats;
    m_pto = pto;
    m_endedAt = now;
    m_goneAt = now + 3 * pto;
}

void ClosingState::setPacket(const QByteArray &packet, ngtcp2_tstamp now)
{
    m_packet = packet;
    m_packetDue = true;
    m_repeats = Limits::ClosingRepeats;
    m_repeatAt = now + m_pto;
}

ngtcp2_tstamp ClosingState::deadline() const
{
    return std::min(m_goneAt, m_repeatAt);
}

void ClosingState::handleExpiry(const SendAllowance &allowance, ngtcp2_tstamp now)
{
    if (now < m_repeatAt)
        return;
    m_packetDue = allowance.mayRepeatClosing(size_t(m_packet.size()));
    m_repeatAt = --m_repeats > 0 ? now + m_pto : UINT64_MAX;
}

void ClosingState::handleLatePacket(const SendAllowance &allowance)
{
    if (std::has_single_bit(++m_packetsReceived))
        m_packetDue = allowance.mayRepeatClosing(size_t(m_packet.size()));
}

void ClosingState::prolong(ngtcp2_tstamp now)
{
    const ngtcp2_duration wait = std::max(3 * m_pto, 2 * (now - m_endedAt));
    const ngtcp2_tstamp longest = m_endedAt + nanoseconds(Limits::LongestClosing);
    m_goneAt = std::max(m_goneAt, std::min(now + wait, longest));
}

} // namespace Qp2p::Engine
