// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How much may leave towards an address of which nothing, or little, has come.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>

namespace Qp2p::Engine {

//! \brief Counts what a connection has sent and received, and says what may still leave.
//!
//! A host that does not answer may be the victim of whoever gave us its address.
class SendAllowance
{
public:
    explicit SendAllowance(Side side)
        : m_side(side)
    {
    }

    //! As long as nothing has come back, no more datagrams than this leave; 0: no limit.
    void setMaxUnanswered(quint32 datagrams) { m_maxUnanswered = datagrams; }
    //! So many bytes may leave beyond those that have come back; 0: no limit.
    void setMaxUnpaid(quint64 bytes) { m_maxUnpaidBytes = bytes; }

    // What happens
    void sent(size_t bytes)
    {
        ++m_datagramsSent;
        m_bytesSent += bytes;
    }
    void closingPacketSent(size_t bytes) { m_bytesSent += bytes; }
    //! The last that may leave without an answer has left. RFC 9002 section 6.2.1: the time to wait doubles
    //! with each probe.
    void waitForAnswer(ngtcp2_tstamp now, ngtcp2_duration pto)
    {
        m_answerBy = now + (pto << std::min(m_maxUnanswered - 1, 6u));
    }
    //! A datagram came, also when the connection has ended.
    void arrived(size_t bytes) { m_bytesArrived += bytes; }
    //! It came for the connection while that was live.
    void received()
    {
        ++m_datagramsReceived;
        m_answerBy = UINT64_MAX;
    }
    void setAddressProven() { m_addressProven = true; }
    //! \brief Returns whether that was said often enough. Each time needs a datagram that it can be about. The
    //! second one needs a probe, which leaves 300 ms after the first datagram: until then a peer that is just
    //! starting may come, and a forger has to guess twice.
    bool isGivenUpAsUnreachable()
    {
        return m_timesUnreachable < m_datagramsSent
            && ++m_timesUnreachable >= Limits::UnreachableBeforeGivingUp;
    }

    // What may leave
    bool isSpent() const
    {
        return m_maxUnanswered > 0 && m_datagramsReceived == 0
            && m_datagramsSent >= m_maxUnanswered;
    }
    //! Bytes that may still leave on a dial that somebody has paid for.
    size_t room() const
    {
        if (m_maxUnpaidBytes == 0)
            return SIZE_MAX;
        const quint64 most = m_maxUnpaidBytes + m_bytesArrived;
        return most > m_bytesSent ? size_t(most - m_bytesSent) : 0;
    }
    //! Not to a host that has never answered, and, before an address is proven, at most three times what came
    //! from there (RFC 9000 section 8.1).
    bool mayRepeatClosing(size_t bytes) const
    {
        if (m_side == Side::Dialler)
            return m_datagramsReceived > 0;
        return m_addressProven || m_bytesSent + bytes <= 3 * m_bytesArrived;
    }

    // Getters
    quint64 datagramsSent() const { return m_datagramsSent; }
    quint64 datagramsReceived() const { return m_datagramsReceived; }
    //! When the answer must be here; UINT64_MAX: none is waited for.
    ngtcp2_tstamp deadline() const { return m_answerBy; }

private:
    const Side m_side;
    bool m_addressProven = false;
    quint32 m_maxUnanswered = 0;
    quint64 m_maxUnpaidBytes = 0;
    ngtcp2_tstamp m_answerBy = UINT64_MAX;
    quint64 m_datagramsSent = 0;
    quint64 m_datagramsReceived = 0;
    quint64 m_bytesSent = 0; // of datagrams, the closing ones included
    quint64 m_bytesArrived = 0;
    quint64 m_timesUnreachable = 0;
};

} // namespace Qp2p::Engine
