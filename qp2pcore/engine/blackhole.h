// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Paths whose MTU has shrunk: large packets vanish, small ones arrive (RFC 8899 section 4.3).
#pragma once

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <optional>

namespace Qp2p::Engine {

//! \brief Says when packets must be no larger than any path carries, and when the earlier size may be tried.
//!
//! Where larger packets were sent and nothing was acknowledged for as long as was asked, the path may have become
//! narrow, or it is down: in both cases small packets are the ones to go on with (isCapped()). Once those
//! are acknowledged a single large one is sent as a test, and if it is lost another one every minute.
class BlackHoleDetector
{
public:
    static constexpr size_t CappedSize = Limits::MinInitialDatagram;

    //! What the transport has counted so far.
    struct Losses
    {
        quint64 packets = 0;
        quint64 bytes = 0;
    };

    bool isCapped() const { return m_capped; }
    bool isTestDue(ngtcp2_tstamp now) const { return m_capped && !m_test && now >= m_testAt; }
    //! Whether sent() needs to be called for a packet of \a size.
    bool isOfInterest(size_t size) const
    {
        return size > CappedSize && (m_capped || m_waitsSince == 0);
    }
    //! \brief A packet with data has left. \a patience: how long nothing may be acknowledged.
    void sent(ngtcp2_tstamp now, ngtcp2_duration patience, const Losses &losses);
    //! Data was acknowledged.
    void acknowledged() { m_waitsSince = 0; }
    //! The same while isCapped().
    void acknowledged(ngtcp2_tstamp now, ngtcp2_duration smoothedRtt, const Losses &losses);

    ngtcp2_tstamp deadline() const
    {
        return m_waitsSince == 0 || m_capped ? UINT64_MAX : m_waitsSince + m_patience;
    }
    void expire(ngtcp2_tstamp now);

private:
    struct Test
    {
        ngtcp2_tstamp sentAt;
        Losses before;
    };

    bool m_capped = false;
    ngtcp2_tstamp m_waitsSince = 0; // the first large packet after the latest acknowledgement; 0: none
    ngtcp2_duration m_patience = 0;
    ngtcp2_tstamp m_testAt = UINT64_MAX;
    std::optional<Test> m_test;
};

} // namespace Qp2p::Engine
