// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "capture.h"

#include "report.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

constexpr quint8 Udp = 17;

quint16 u16(std::span<const quint8> bytes, size_t at)
{
    return quint16(bytes[at] << 8 | bytes[at + 1]);
}

template<size_t Size>
std::array<quint8, Size> arrayAt(std::span<const quint8> bytes, size_t at)
{
    std::array<quint8, Size> result;
    std::memcpy(result.data(), bytes.data() + at, Size);
    return result;
}

//! Whole IP packets; other protocols than UDP, and fragments, are skipped.
void reportPacket(std::span<const quint8> packet, const QString &direction)
{
    SocketAddress from;
    SocketAddress to;
    size_t header = 0;
    if (packet.size() >= 28 && packet[0] >> 4 == 4 && packet[9] == Udp) {
        header = size_t(packet[0] & 0x0f) * 4;
        if (packet.size() < header + 8)
            return;
        from = SocketAddress::fromIpv4(arrayAt<4>(packet, 12), u16(packet, header));
        to = SocketAddress::fromIpv4(arrayAt<4>(packet, 16), u16(packet, header + 2));
    } else if (packet.size() >= 48 && packet[0] >> 4 == 6 && packet[6] == Udp) {
        header = 40;
        from = SocketAddress::fromIpv6(arrayAt<16>(packet, 8), u16(packet, header));
        to = SocketAddress::fromIpv6(arrayAt<16>(packet, 24), u16(packet, header + 2));
    } else {
        return;
    }
    QJsonObject fields{{QStringLiteral("from"), textOf(from)},
                       {QStringLiteral("to"), textOf(to)},
                       {QStringLiteral("direction"), direction},
                       {QStringLiteral("bytes"), qint64(packet.size())}};
    const std::span<const quint8> quic = packet.subspan(header + 8);
    if (quic.size() >= 1200 && (quic[0] & 0xf0) == 0xc0 && quic.size() >= 6u + quic[5])
        fields.insert(
            QStringLiteral("dial"),
            QString::fromLatin1(
                QByteArray(reinterpret_cast<const char *>(quic.data()) + 6, quic[5]).toHex()));
    report(QStringLiteral("datagram"), fields);
}

} // namespace

void capture(const volatile int &stop)
{
    const int descriptor = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
    constexpr int Buffer = 16 * 1024 * 1024;
    if (descriptor < 0)
        qFatal("no packet socket: %s", std::strerror(errno));
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &Buffer, sizeof(Buffer)) != 0)
        qWarning("the receive buffer keeps its size: %s", std::strerror(errno));
    report(QStringLiteral("captures"), {});
    std::array<quint8, 65536> buffer;
    while (stop == 0) {
        pollfd poller{descriptor, POLLIN, 0};
        constexpr int Interval = 500; // milliseconds, for stop
        if (poll(&poller, 1, Interval) <= 0)
            continue;
        sockaddr_ll link{};
        socklen_t linkSize = sizeof(link);
        const ssize_t size = recvfrom(descriptor, buffer.data(), buffer.size(), 0,
                                      reinterpret_cast<sockaddr *>(&link), &linkSize);
        if (size > 0)
            reportPacket(
                {buffer.data(), size_t(size)},
                link.sll_pkttype == PACKET_OUTGOING ? QStringLiteral("out") : QStringLiteral("in"));
    }
    close(descriptor);
}

} // namespace Qp2p::Test
