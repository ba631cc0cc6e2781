// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is left of a connection that has ended (RFC 9000 section 10.2).
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/sendallowance.h>
#include <qp2pcore/result.h>

#include <QByteArray>

#include <ngtcp2/ngtcp2.h>

#include <memory>

namespace Qp2p::Engine {

//! \brief Why and when a connection ended, its last statistics, and the closing packet with the times to repeat it.
class ClosingState
{
public:
    void begin(const Error &cause, const ConnectionStats &stats, ngtcp2_duration pto,
               ngtcp2_tstamp now);
    //! \brief Sends \a packet, at first without being asked.
    void setPacket(const QByteArray &packet, ngtcp2_tstamp now);

    //! No error while the connection is live.
    const Error &cause() const { return m_ended ? m_ended->cause : noCause(); }

    // From begin() on

    const ConnectionStats &stats() const { return m_ended->stats; }

    //! When handleExpiry() is due.
    ngtcp2_tstamp deadline() const;
    bool isOver(ngtcp2_tstamp now) const { return now >= m_ended->goneAt; }
    void handleExpiry(const SendAllowance &allowance, ngtcp2_tstamp now);
    //! \brief RFC 9000 section 10.2.1: answers, ever more rarely.
    void handleLatePacket(const SendAllowance &allowance);
    //! \brief Goes on for one that still sends.
    //!
    //! It does not know yet. The time between its probes doubles (RFC 9002 section 6.2.1), and it must find
    //! this state when the next one comes: else it would learn of a stateless reset only, or nothing at all
    //! during a handshake.
    void prolong(ngtcp2_tstamp now);

    bool isPacketDue() const { return m_ended && m_ended->packetDue; }
    const QByteArray &packet() const { return m_ended->packet; }
    void packetSent() { m_ended->packetDue = false; }

private:
    struct Ended
    {
        Error cause;
        ConnectionStats stats;
        QByteArray packet = {};
        bool packetDue = false;
        quint32 packetsReceived = 0;
        int repeats = 0; // still to come
        ngtcp2_tstamp repeatAt = UINT64_MAX;
        ngtcp2_duration pto = 0;
        ngtcp2_tstamp endedAt = 0;
        ngtcp2_tstamp goneAt = UINT64_MAX;
    };
    static const Error &noCause();

    std::unique_ptr<Ended>
        m_ended; // most connections are live, and it would be an eighth of what they take here
};

} // namespace Qp2p::Engine
