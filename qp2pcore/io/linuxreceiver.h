// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How Linux's channel receives: many datagrams for one system call, with ECN and the address they were sent to.
#pragma once

#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/io/linuxerrorqueue.h>
#include <qp2pcore/io/linuxsocket.h>

#include <sys/socket.h>

#include <functional>
#include <memory>

namespace Qp2p::Io {

//! Where received datagrams land. A slot takes the largest there is, for loopback and jumbo paths
//! may carry it; memory that no datagram reaches is never touched, so 16 slots cost a page each.
class ReceiveSlots
{
public:
    //! An IPv4 header cannot say more, and GRO stops there too.
    static constexpr size_t LargestRead = 65536;

    explicit ReceiveSlots(size_t count)
        : m_count(count)
        , m_data(new quint8[count * SlotSize])
        , m_slots(new Slot[count])
        , m_headers(new mmsghdr[count])
    {
        std::fill_n(m_headers.get(), count, mmsghdr{});
        for (size_t i = 0; i < count; ++i) {
            m_slots[i].payload = {m_data.get() + i * SlotSize, LargestRead};
            msghdr &header = m_headers[i].msg_hdr;
            header.msg_name = &m_slots[i].remote;
            header.msg_iov = &m_slots[i].payload;
            header.msg_iovlen = 1;
            header.msg_control = m_slots[i].control;
        }
    }

    size_t count() const { return m_count; }

    //! Reads up to \a wanted. Returns how many came, or -1 and errno.
    int receive(int socket, size_t wanted)
    {
        for (size_t i = 0; i < wanted; ++i) {
            msghdr &header = m_headers[i].msg_hdr;
            header.msg_namelen = sizeof(m_slots[i].remote);
            header.msg_controllen = sizeof(m_slots[i].control);
        }
        return ::recvmmsg(socket, m_headers.get(), unsigned(wanted), 0, nullptr);
    }

    const msghdr &header(size_t index) const { return m_headers[index].msg_hdr; }
    const quint8 *data(size_t index) const { return m_data.get() + index * SlotSize; }
    size_t size(size_t index) const { return m_headers[index].msg_len; }
    Engine::SocketAddress remote(size_t index) const
    {
        return Engine::SocketAddress::fromSockaddr(&m_slots[index].remote.sa,
                                                   header(index).msg_namelen);
    }

private:
    //! Apart by more than 64 KiB, so that the slots do not compete for the same cache sets.
    static constexpr size_t SlotSize = LargestRead + 2048;

    struct Slot
    {
        ngtcp2_sockaddr_union remote;
        iovec payload;
        // TOS or traffic class, GRO's segment size, and the destination.
        alignas(cmsghdr) char control[2 * CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in_pktinfo))
                                      + CMSG_SPACE(sizeof(in6_pktinfo))];
    };

    const size_t m_count;
    const std::unique_ptr<quint8[]> m_data;
    const std::unique_ptr<Slot[]> m_slots;
    const std::unique_ptr<mmsghdr[]> m_headers;
};

//! \brief Receives from a socket; both it and \a errors must outlive this.
class LinuxReceiver
{
public:
    using Sink = DatagramChannel::Sink;

    LinuxReceiver(const LinuxSocket &socket, LinuxErrorQueue &errors);

    //! As DatagramChannel::receive(). May read the error queue.
    ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const std::function<bool()> &isEnough,
                          const Sink &sink);
    //! There is something to read, perhaps only errors.
    void announce() { m_announced = true; }

private:
    int handOver(size_t slot, const Sink &sink);

    const LinuxSocket &m_socket;
    LinuxErrorQueue &m_errors;
    ReceiveSlots m_slots;
    size_t m_expectedSize = 1200; //!< of a datagram; the largest of the last batch
    bool m_announced = false; //!< since the last receive()
};

} // namespace Qp2p::Io
