// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether the peer is still there: when it was heard, by when it must be, and when it is asked.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

class Liveness
{
public:
    explicit Liveness(ngtcp2_tstamp now)
        : m_lastHeard(now)
    {
    }

    //! \a milliseconds: 0 off; negative three sevenths of the \a idle time where this side has dialled, off where
    //! it has not.
    void setKeepAlive(qint64 milliseconds, ngtcp2_duration idle, Side side)
    {
        if (milliseconds > 0)
            m_keepAlive = quint64(milliseconds) * NGTCP2_MILLISECONDS;
        else if (milliseconds < 0 && side == Side::Dialler)
            m_keepAlive = std::max<ngtcp2_duration>(idle * 3 / 7, nanoseconds(Limits::MinKeepAlive));
    }
    ngtcp2_duration keepAlive() const { return m_keepAlive; } //!< UINT64_MAX: off
    //! When the next PING is due; UINT64_MAX: never.
    ngtcp2_tstamp pingAt() const
    {
        if (m_pingAt != UINT64_MAX || m_keepAlive == UINT64_MAX)
            return m_pingAt;
        return std::max(m_lastHeard, m_lastPing) + m_keepAlive;
    }
    //! From when on it may be sent, if others are.
    ngtcp2_tstamp earliestPing() const
    {
        const ngtcp2_tstamp due = pingAt();
        return due == UINT64_MAX ? UINT64_MAX
                                 : due
                - std::min<ngtcp2_duration>(nanoseconds(Limits::KeepAliveEarliness),
                                            m_keepAlive / Limits::KeepAliveEarlinessShare);
    }
    //! A PING is to be sent, from \a time on.
    void requestPing(ngtcp2_tstamp time) { m_pingAt = time; }
    bool isPingRequested(ngtcp2_tstamp now) const { return m_pingAt <= now; }
    void pingSent(ngtcp2_tstamp now)
    {
        m_pingAt = UINT64_MAX;
        m_lastPing = now;
    }

    void heard(ngtcp2_tstamp now) { m_lastHeard = now; }
    ngtcp2_tstamp lastHeardAt() const { return m_lastHeard; }

    //! The peer must be heard within Limits::ProofTime and three round trips.
    void requireProof(ngtcp2_tstamp now, ngtcp2_duration smoothedRtt)
    {
        m_proofBy = now + nanoseconds(Limits::ProofTime) + 3 * smoothedRtt;
    }
    bool isProofRequired() const { return m_proofBy != UINT64_MAX; }
    //! \brief It was heard; returns whether that was required.
    bool takeProof() { return std::exchange(m_proofBy, UINT64_MAX) != UINT64_MAX; }
    //! Until then what is in flight does not count as lost; 0: it does.
    void setPatientUntil(ngtcp2_tstamp time) { m_patientUntil = time; }
    ngtcp2_tstamp patientUntil() const { return m_patientUntil; }
    //! UINT64_MAX: no proof is required.
    ngtcp2_tstamp deadline() const { return m_proofBy; }

private:
    ngtcp2_tstamp m_lastHeard;
    ngtcp2_tstamp m_lastPing = 0;
    ngtcp2_tstamp m_pingAt = UINT64_MAX; // requested
    ngtcp2_duration m_keepAlive = UINT64_MAX;
    ngtcp2_tstamp m_proofBy = UINT64_MAX;
    ngtcp2_tstamp m_patientUntil = 0;
};

} // namespace Qp2p::Engine
