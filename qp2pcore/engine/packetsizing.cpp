// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/packetsizing.h>

#include <qp2pcore/engine/way.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

// Path MTU discovery starts at 1,200 bytes and tries these in turn, each once the congestion window is four times
// as large. A probe that is too large is repeated twice, and then what is larger is not tried.
// Same-host peers gain 90 % from the largest (measured), hosts of one network from jumbo frames; further away
// 1,452 is Ethernet with IPv6.
constexpr uint16_t LoopbackProbes[] = {1452, 8952, Limits::MaxDatagram};
constexpr uint16_t LocalProbes[] = {1452, 8952, 1404, 1342, 1232};
constexpr uint16_t WideProbes[] = {1452, 1404, 1342, 1232};

BlackHoleDetector::Losses lossesOf(const ngtcp2_conn_info &info)
{
    return {info.pkt_lost, info.bytes_lost};
}

} // namespace

std::span<const uint16_t> mtuProbesFor(const Way &way)
{
    // The relay may be near, and the peer is not.
    if (way.kind == Way::Kind::Leg)
        return WideProbes;
    if (way.remote.isLoopback())
        return LoopbackProbes;
    if (way.remote.isLocalScope())
        return LocalProbes;
    return WideProbes;
}

//! From when the largest of the path's probes fits there is nothing more to ask.
void PacketSizing::allowProbes(ngtcp2_conn *conn)
{
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(conn, &info);
    const quint64 most = info.cwnd / Limits::ProbeWindowShare;
    m_largestProbe = most >= ngtcp2_conn_get_max_tx_udp_payload_size(conn) ? Limits::MaxDatagram
                                                                           : size_t(most);
}

size_t PacketSizing::withoutLargeProbe(ngtcp2_conn *conn, qint64 queued, ngtcp2_tstamp now) const
{
    const size_t ofPath = ngtcp2_conn_get_path_max_tx_udp_payload_size(conn);
    if (!m_blackHole.isCapped())
        return std::max(ofPath, m_largestProbe);
    // A test needs something to fill a packet with, and packets behind it that show its loss.
    constexpr qint64 Others = 10 * qint64(BlackHoleDetector::CappedSize);
    const bool isTest = m_blackHole.isTestDue(now) && queued >= qint64(ofPath) + Others;
    return isTest ? ofPath : BlackHoleDetector::CappedSize;
}

void PacketSizing::largePacketSent(ngtcp2_conn *conn, size_t size, ngtcp2_tstamp now)
{
    if (size > ngtcp2_conn_get_path_max_tx_udp_payload_size(conn))
        return; // a probe of a larger MTU, which may well be lost
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(conn, &info);
    m_blackHole.sent(
        now, std::max(nanoseconds(Limits::BlackHolePatience), 3 * ngtcp2_conn_get_pto(conn)),
        lossesOf(info));
}

void PacketSizing::acknowledgedWhileCapped(ngtcp2_conn *conn, ngtcp2_tstamp now)
{
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(conn, &info);
    m_blackHole.acknowledged(now, info.smoothed_rtt, lossesOf(info));
}

} // namespace Qp2p::Engine
