// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How large the packets of a connection may be.
#pragma once

#include <qp2pcore/engine/blackhole.h>

#include <ngtcp2/ngtcp2.h>

#include <span>

namespace Qp2p::Engine {

struct Way;

//! \brief The sizes that path MTU discovery tries on \a way (RFC 8899), bytes of UDP payload.
std::span<const uint16_t> mtuProbesFor(const Way &way);

//! \brief What a packet may fill: all of the path, less while a black hole is suspected, more while a larger MTU
//! is probed.
//!
//! ngtcp2 probes the path for a larger MTU as soon as a probe fits into what it may fill. On loopback a probe
//! has 64 KiB, which both ends encrypt, decrypt and, for ngtcp2 keeps a buffer as large as the largest
//! datagram, hold on to for the life of the connection. Only bulk pays that back. And a probe is part of what is
//! in flight: in a young congestion window that it fills it holds back all data for a round trip, and for several
//! probe timeouts where it is lost. So a probe waits until it takes no more than a quarter of the window.
class PacketSizing
{
public:
    //! \brief Before packets are written, once for all of a turn: decides about probes. \a queued: what waits to be
    //! sent or acknowledged.
    void beginTurn(ngtcp2_conn *conn, qint64 queued)
    {
        if (m_largestProbe < Limits::MaxDatagram && queued >= Limits::ProbePathFrom)
            allowProbes(conn);
    }
    //! \brief Bytes for the next packet. \a queued: as above.
    size_t next(ngtcp2_conn *conn, qint64 queued, ngtcp2_tstamp now) const
    {
        return m_largestProbe >= Limits::MaxDatagram && !m_blackHole.isCapped()
            ? Limits::MaxDatagram
            : withoutLargeProbe(conn, queued, now);
    }
    //! ngtcp2 probes the new path from the beginning.
    void pathChanged() { m_largestProbe = 0; }
    //! A packet of \a size with data has left an open connection.
    void sent(ngtcp2_conn *conn, size_t size, ngtcp2_tstamp now)
    {
        if (m_blackHole.isOfInterest(size))
            largePacketSent(conn, size, now);
    }
    //! Data was acknowledged.
    void acknowledged(ngtcp2_conn *conn, ngtcp2_tstamp now)
    {
        if (m_blackHole.isCapped())
            acknowledgedWhileCapped(conn, now);
        else
            m_blackHole.acknowledged();
    }
    ngtcp2_tstamp deadline() const { return m_blackHole.deadline(); }
    void handleExpiry(ngtcp2_tstamp now) { m_blackHole.expire(now); }

private:
    void allowProbes(ngtcp2_conn *conn);
    size_t withoutLargeProbe(ngtcp2_conn *conn, qint64 queued, ngtcp2_tstamp now) const;
    void largePacketSent(ngtcp2_conn *conn, size_t size, ngtcp2_tstamp now);
    void acknowledgedWhileCapped(ngtcp2_conn *conn, ngtcp2_tstamp now);

    size_t m_largestProbe = 0; // that may leave; MaxDatagram: any
    BlackHoleDetector m_blackHole;
};

} // namespace Qp2p::Engine
