// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/packetsizing.h>

#include <qp2pcore/engine/socketaddress.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

// Path MTU discovery starts at 1,200 bytes and tries these. A probe that is too large costs one packet.
// Same-host peers gain 90 % from the largest (measured), hosts of one network from jumbo frames; further away
// 1,452 is Ethernet with IPv6.
constexpr uint16_t LoopbackProbes[] = {Limits::MaxDatagram, 8952, 1452};
constexpr uint16_t LocalProbes[] = {1452, 8952, 1404, 1342, 1232};
constexpr uint16_t WideProbes[] = {1452, 1404, 1342, 1232};

BlackHoleDetector::Losses lossesOf(const ngtcp2_conn_info &info)
{
    return {info.pkt_lost, info.bytes_lost};
}

} // namespace

std::span<const uint16_t> mtuProbesFor(const SocketAddress &remote)
{
    if (remote.isLoopback())
        return LoopbackProbes;
    if (remote.isLocalScope())
        return LocalProbes;
    return WideProbes;
}

size_t PacketSizing::withoutProbe(ngtcp2_conn *conn, qint64 queued, ngtcp2_tstamp now) const
{
    const size_t ofPath = ngtcp2_conn_get_path_max_tx_udp_payload_size(conn);
    // A test needs something to fill a packet with, and packets behind it that show its loss.
    constexpr qint64 Others = 10 * qint64(BlackHoleDetector::CappedSize);
    const bool isLarge = !m_blackHole.isCapped()
        || (m_blackHole.isTestDue(now) && queued >= qint64(ofPath) + Others);
    return isLarge ? ofPath : BlackHoleDetector::CappedSize;
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
