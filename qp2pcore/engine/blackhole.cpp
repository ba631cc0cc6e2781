// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/blackhole.h>

namespace Qp2p::Engine {

void BlackHoleDetector::sent(ngtcp2_tstamp now, ngtcp2_duration patience, const Losses &losses)
{
    if (m_capped) {
        m_test = Test{now, losses};
        return;
    }
    m_waitsSince = now;
    m_patience = patience;
}

void BlackHoleDetector::acknowledged(ngtcp2_tstamp now, ngtcp2_duration smoothedRtt,
                                     const Losses &losses)
{
    acknowledged();
    if (!m_test) {
        if (m_testAt == UINT64_MAX)
            m_testAt = now + 2 * smoothedRtt; // what was lost before is known by then
        return;
    }
    if (now - m_test->sentAt < 2 * smoothedRtt + nanoseconds(Limits::MtuTestMargin))
        return;
    // All others were small: only where this one is among the lost ones are those larger than small ones.
    const quint64 packets = losses.packets - m_test->before.packets;
    const quint64 bytes = losses.bytes - m_test->before.bytes;
    m_test.reset();
    m_capped = bytes > packets * CappedSize;
    m_testAt = m_capped ? now + nanoseconds(Limits::MtuTestInterval) : UINT64_MAX;
}

void BlackHoleDetector::expire(ngtcp2_tstamp now)
{
    if (now < deadline())
        return;
    m_capped = true;
    m_waitsSince = 0;
    m_testAt = UINT64_MAX;
}

} // namespace Qp2p::Engine
