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
    m_ended = std::make_unique<Ended>();
    m_ended->cause = cause;
    m_ended->stats = stats;
    m_ended->pto = pto;
    m_ended->endedAt = now;
    m_ended->goneAt = now + 3 * pto;
}

void ClosingState::setPacket(const QByteArray &packet, ngtcp2_tstamp now)
{
    m_ended->packet = packet;
    m_ended->packetDue = true;
    m_ended->repeats = Limits::ClosingRepeats;
    m_ended->repeatAt = now + m_ended->pto;
}

ngtcp2_tstamp ClosingState::deadline() const
{
    return std::min(m_ended->goneAt, m_ended->repeatAt);
}

void ClosingState::handleExpiry(const SendAllowance &allowance, ngtcp2_tstamp now)
{
    if (now < m_ended->repeatAt)
        return;
    m_ended->packetDue = allowance.mayRepeatClosing(size_t(m_ended->packet.size()));
    m_ended->repeatAt = --m_ended->repeats > 0 ? now + m_ended->pto : UINT64_MAX;
}

void ClosingState::handleLatePacket(const SendAllowance &allowance)
{
    if (std::has_single_bit(++m_ended->packetsReceived))
        m_ended->packetDue = allowance.mayRepeatClosing(size_t(m_ended->packet.size()));
}

void ClosingState::prolong(ngtcp2_tstamp now)
{
    const ngtcp2_duration wait = std::max(3 * m_ended->pto, 2 * (now - m_ended->endedAt));
    const ngtcp2_tstamp longest = m_ended->endedAt + nanoseconds(Limits::LongestClosing);
    m_ended->goneAt = std::max(m_ended->goneAt, std::min(now + wait, longest));
}

const Error &ClosingState::noCause()
{
    static const Error none;
    return none;
}

} // namespace Qp2p::Engine
