// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How much a connection may write in one turn: evenly over the round trip, or in bursts where that is too short.
#pragma once

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>

namespace Qp2p::Engine {

//! \brief Paces what is written (RFC 9002 section 7.7) where the round trip takes at least Limits::PacingMinRtt, and
//! lets it go in bursts of a quarter of the congestion window elsewhere: timers are coarser than such a path.
class WritePacing
{
public:
    //! \brief Bytes for this turn.
    size_t beginTurn(ngtcp2_conn *conn)
    {
        // Not asked for any more once a connection without pacing has had a large window.
        if (m_unpaced && m_burst >= Limits::SessionWriteTurn)
            return m_burst;
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(conn, &info);
        m_paced = !m_unpaced && info.min_rtt >= nanoseconds(Limits::PacingMinRtt);
        if (m_paced)
            return ngtcp2_conn_get_send_quantum(conn);
        m_burst = std::max(Limits::MinWriteTurn, size_t(info.cwnd / 4));
        return m_burst;
    }
    enum class Pay { Now, Later };
    //! Something was written. \a pay: whether what follows waits for it, or for it together with the next one.
    void endTurn(ngtcp2_conn *conn, Pay pay, ngtcp2_tstamp now)
    {
        // A connection that once went unpaced stays so: only this call clears ngtcp2's count of bytes to
        // be paid for, and a change of path would charge it for all that it ever sent.
        if (m_paced && pay == Pay::Now)
            ngtcp2_conn_update_pkt_tx_time(conn, now);
        else if (!m_paced)
            m_unpaced = true;
    }

private:
    size_t m_burst = 0;
    bool m_paced = false; // this turn
    bool m_unpaced = false; // ngtcp2's pacing counter holds bytes that must never be charged
};

} // namespace Qp2p::Engine
