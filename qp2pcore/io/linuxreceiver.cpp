// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/linuxreceiver.h>

#ifdef Q_OS_LINUX

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace Qp2p::Io {

using Engine::SocketAddress;

namespace {

//! A second slot shows by staying empty that the socket is drained, which saves a call.
constexpr size_t SlotsWithGro = 2;

//! Without GRO that many datagrams are read by one call.
constexpr size_t SlotsWithoutGro = 16;

//! The queue of socket errors is short; more in one go is a socket that only fails.
constexpr int MaxErrorsPerReceive = 16;

template<typename Value>
Value controlValue(const cmsghdr *control)
{
    Value value = {};
    std::memcpy(&value, CMSG_DATA(control),
                std::min(sizeof(value), size_t(control->cmsg_len) - CMSG_LEN(0)));
    return value;
}

//! Fills in ECN and destination from the control messages; returns GRO's segment size or 0.
size_t readControl(const msghdr &header, IncomingDatagram &datagram)
{
    constexpr quint8 ecnBits = 3;
    size_t segmentSize = 0;
    auto *const message = const_cast<msghdr *>(&header); // CMSG_NXTHDR does not know const
    for (cmsghdr *control = CMSG_FIRSTHDR(message); control != nullptr;
         control = CMSG_NXTHDR(message, control)) {
        const auto is = [control](int level, int type) {
            return control->cmsg_level == level && control->cmsg_type == type;
        };
        if (is(IPPROTO_IP, IP_TOS)) {
            datagram.ecn = controlValue<quint8>(control) & ecnBits;
        } else if (is(IPPROTO_IPV6, IPV6_TCLASS)) {
            datagram.ecn = quint8(controlValue<int>(control) & ecnBits);
        } else if (is(IPPROTO_UDP, UDP_GRO)) {
            segmentSize = size_t(std::max(0, controlValue<int>(control)));
        } else if (is(IPPROTO_IP, IP_PKTINFO)) {
            const auto info = controlValue<in_pktinfo>(control);
            std::array<quint8, 4> bytes;
            std::memcpy(bytes.data(), &info.ipi_addr, bytes.size());
            datagram.local = SocketAddress::fromIpv4(bytes, datagram.local.port());
        } else if (is(IPPROTO_IPV6, IPV6_PKTINFO)) {
            const auto info = controlValue<in6_pktinfo>(control);
            std::array<quint8, 16> bytes;
            std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
            datagram.local = SocketAddress::fromIpv6(bytes, datagram.local.port(),
                                                     info.ipi6_ifindex);
        }
    }
    return segmentSize;
}

} // namespace

LinuxReceiver::LinuxReceiver(const LinuxSocket &socket, LinuxErrorQueue &errors)
    : m_socket(socket)
    , m_errors(errors)
    , m_slots(socket.coalescing ? SlotsWithGro : SlotsWithoutGro)
{
}

ReceiveStatus LinuxReceiver::receive(int maxDatagrams, size_t maxBytes,
                                     const std::function<bool()> &isEnough, const Sink &sink)
{
    const bool wasAnnounced = std::exchange(m_announced, false);
    int datagrams = 0;
    size_t bytes = 0;
    int errors = 0;
    while (datagrams < maxDatagrams && bytes < maxBytes) {
        if (datagrams > 0 && isEnough && isEnough())
            break;
        const size_t wanted = std::min({m_slots.count(), size_t(maxDatagrams - datagrams),
                                        1 + (maxBytes - bytes) / m_expectedSize});
        const int received = m_slots.receive(m_socket.fd.get(), wanted);
        if (received < 0) {
            const bool isEmpty = errno == EAGAIN || errno == EWOULDBLOCK;
            // Anything else is the pending error of an ICMP message or the like. Where there is nothing to
            // read at all, it was an error without one that has woken us.
            if (errors == 0 && (!isEmpty || (wasAnnounced && datagrams == 0)))
                m_errors.drain(m_socket.fd.get());
            if (isEmpty || ++errors > MaxErrorsPerReceive)
                return ReceiveStatus::Drained;
            continue;
        }
        m_expectedSize = 1;
        for (size_t slot = 0; slot < size_t(received); ++slot) {
            bytes += m_slots.size(slot);
            m_expectedSize = std::max(m_expectedSize, m_slots.size(slot));
            datagrams += handOver(slot, sink);
        }
        if (size_t(received) < wanted)
            return ReceiveStatus::Drained; // and the notifier fires for what has come since
    }
    return ReceiveStatus::BudgetSpent;
}

//! Returns how many datagrams of the budget that was.
int LinuxReceiver::handOver(size_t slot, const Sink &sink)
{
    const msghdr &header = m_slots.header(slot);
    IncomingDatagram datagram;
    datagram.remote = m_slots.remote(slot);
    if ((header.msg_flags & MSG_TRUNC) != 0 || datagram.remote.isNull())
        return 1;
    datagram.local = m_socket.local;

    size_t rest = m_slots.size(slot);
    size_t segmentSize = readControl(header, datagram);
    if (segmentSize == 0)
        segmentSize = rest;
    datagram.data = m_slots.data(slot);
    int count = 0;
    do { // once for an empty datagram as well
        datagram.size = std::min(segmentSize, rest);
        sink(datagram);
        datagram.data += datagram.size;
        rest -= datagram.size;
        ++count;
    } while (rest > 0);
    return count;
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
