// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/linuxsender.h>

#ifdef Q_OS_LINUX

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace Qp2p::Io {

using Engine::SocketAddress;

namespace {

//! Pending errors that other datagrams have left, before one that is sent. Each empties the queue, so that
//! more come only from somebody who forges ICMP messages faster than we read them.
constexpr int MaxErrorsPerSend = 4;

bool isTemporary(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

} // namespace

//! What one sendmsg() takes: the destination, and control messages only where they are needed.
class OutgoingMessage
{
public:
    OutgoingMessage()
    {
        m_header.msg_iov = &m_payload;
        m_header.msg_iovlen = 1;
    }
    Q_DISABLE_COPY_MOVE(OutgoingMessage)

    //! \a remote must outlive this. False where a socket of \a family cannot reach it.
    bool setRemote(int family, const SocketAddress &remote)
    {
        if (remote.isIpv4() && family == AF_INET6) {
            m_mapped.sin6_family = AF_INET6;
            m_mapped.sin6_port = reinterpret_cast<const sockaddr_in *>(remote.sockaddr())->sin_port;
            m_mapped.sin6_addr = mapped(remote);
            m_header.msg_name = &m_mapped;
            m_header.msg_namelen = sizeof(m_mapped);
            return true;
        }
        if (remote.isNull() || remote.sockaddr()->sa_family != family)
            return false;
        m_header.msg_name = const_cast<sockaddr *>(remote.sockaddr());
        m_header.msg_namelen = remote.sockaddrSize();
        return true;
    }

    //! The kernel looks at IPv4's control messages for mapped addresses too.
    void setEcn(const SocketAddress &remote, quint8 ecn)
    {
        const int value = ecn;
        if (remote.isIpv4())
            addControl(IPPROTO_IP, IP_TOS, value);
        else
            addControl(IPPROTO_IPV6, IPV6_TCLASS, value);
    }

    void setSource(const SocketAddress &source)
    {
        if (source.isIpv4()) {
            in_pktinfo info = {};
            std::memcpy(&info.ipi_spec_dst, source.addressBytes(), source.addressSize());
            addControl(IPPROTO_IP, IP_PKTINFO, info);
        } else {
            in6_pktinfo info = {};
            std::memcpy(&info.ipi6_addr, source.addressBytes(), source.addressSize());
            info.ipi6_ifindex = source.scopeId();
            addControl(IPPROTO_IPV6, IPV6_PKTINFO, info);
        }
    }

    //! Sends \a size bytes as one datagram, or as several of \a segmentSize. Returns 0 or the errno.
    int send(int socket, const quint8 *data, size_t size, size_t segmentSize)
    {
        m_payload = {const_cast<quint8 *>(data), size};
        const size_t lastingControlSize = m_controlSize;
        if (size > segmentSize)
            addControl(IPPROTO_UDP, UDP_SEGMENT, quint16(segmentSize));
        m_header.msg_control = m_controlSize == 0 ? nullptr : m_control;
        m_header.msg_controllen = m_controlSize;
        m_controlSize = lastingControlSize;

        while (::sendmsg(socket, &m_header, MSG_NOSIGNAL) < 0) {
            if (errno != EINTR)
                return errno;
        }
        return 0;
    }

private:
    static in6_addr mapped(const SocketAddress &ipv4)
    {
        in6_addr address = {};
        address.s6_addr[10] = address.s6_addr[11] = 0xff;
        std::memcpy(&address.s6_addr[12], ipv4.addressBytes(), ipv4.addressSize());
        return address;
    }

    template<typename Value>
    void addControl(int level, int type, const Value &value)
    {
        Q_ASSERT(m_controlSize + CMSG_SPACE(sizeof(value)) <= sizeof(m_control));
        auto *const header = reinterpret_cast<cmsghdr *>(m_control + m_controlSize);
        header->cmsg_level = level;
        header->cmsg_type = type;
        header->cmsg_len = CMSG_LEN(sizeof(value));
        std::memcpy(CMSG_DATA(header), &value, sizeof(value));
        m_controlSize += CMSG_SPACE(sizeof(value));
    }

    msghdr m_header = {};
    iovec m_payload = {};
    sockaddr_in6 m_mapped = {};
    size_t m_controlSize = 0;
    alignas(cmsghdr) char m_control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in6_pktinfo))
                                    + CMSG_SPACE(sizeof(quint16))];
};

SendResult LinuxSender::send(const OutgoingDatagrams &datagrams)
{
    Q_ASSERT(datagrams.size == 0 || datagrams.segmentSize > 0);
    const bool single = datagrams.size <= datagrams.segmentSize;
    Q_ASSERT(single || datagrams.size <= datagrams.segmentSize * MaxSegmentsPerSend);

    OutgoingMessage message;
    if (!message.setRemote(m_socket.family, datagrams.remote))
        return {SendStatus::Lost};
    if (datagrams.ecn != 0)
        message.setEcn(datagrams.remote, datagrams.ecn);
    if (m_socket.local.isUnspecified() && !datagrams.local.isNull()
        && !datagrams.local.isUnspecified()) {
        if (datagrams.local.isIpv4() != datagrams.remote.isIpv4())
            return {SendStatus::Lost};
        message.setSource(datagrams.local);
    }

    if (!single && !m_socket.segmentation)
        return sendSingly(message, datagrams, 0);

    const int error = sendDespiteErrors(message, datagrams.data, datagrams.size,
                                        datagrams.segmentSize);
    if (error == 0)
        return {SendStatus::Sent};
    if (isTemporary(error)) {
        m_blockedBy = error;
        return {SendStatus::WouldBlock};
    }
    // EIO: this route cannot segment. EINVAL: that, or segments above the MTU on older kernels.
    if (!single && (error == EIO || error == EINVAL || error == EMSGSIZE))
        return sendSingly(message, datagrams, error);
    return {SendStatus::Lost};
}

//! \brief Sends \a message, also where ICMP messages about others make the call fail. Returns 0 or the
//! errno of this very message.
int LinuxSender::sendDespiteErrors(OutgoingMessage &message, const quint8 *data, size_t size,
                                   size_t segmentSize)
{
    const int socket = m_socket.fd.get();
    int error = message.send(socket, data, size, segmentSize);
    for (int i = 0; i < MaxErrorsPerSend && LinuxErrorQueue::mayBePending(error); ++i) {
        const bool foundIcmp = m_errors.drain(socket);
        const int again = message.send(socket, data, size, segmentSize);
        if (again == error && !foundIcmp) {
            m_errors.drain(socket); // its own errors are queued too
            break;
        }
        error = again;
    }
    return error;
}

//! Loses only the datagrams that the system refuses; the result is Lost where none could leave.
SendResult LinuxSender::sendSingly(OutgoingMessage &message, const OutgoingDatagrams &datagrams,
                                   int batchError)
{
    bool anyLeft = false;
    for (size_t offset = 0; offset < datagrams.size;) {
        const size_t size = std::min(datagrams.segmentSize, datagrams.size - offset);
        const int error = sendDespiteErrors(message, datagrams.data + offset, size, size);
        if (isTemporary(error)) {
            m_blockedBy = error;
            if (offset == 0)
                return {SendStatus::WouldBlock};
            return {SendStatus::PartlySent, offset};
        }
        anyLeft = anyLeft || error == 0;
        offset += size;
        // Segmentation is at fault only where a datagram of the same size leaves without it: a
        // source address that has gone, or a path that has shrunk, must not slow all peers for good.
        if (error == 0 && size == datagrams.segmentSize
            && (batchError == EIO || batchError == EINVAL))
            m_socket.segmentation = false;
    }
    return {anyLeft ? SendStatus::Sent : SendStatus::Lost};
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
