// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/linuxerrorqueue.h>

#ifdef Q_OS_LINUX

#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace Qp2p::Io {

namespace {

//! More in one go is somebody who forges them: the rest waits for the next time.
constexpr int MaxErrorsPerDrain = 16;
//! Closed ports that wait to be taken; the driver takes them after each read.
constexpr size_t MaxClosedPorts = 16;
//! Of the datagram that came back: the longest QUIC header up to its last connection ID is 47 bytes.
constexpr size_t QuotedBytes = 64;

bool isIcmp(const sock_extended_err &error)
{
    return error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
}

//! RFC 792: destination unreachable, port; RFC 4443 section 3.1: likewise.
bool isClosedPort(const sock_extended_err &error)
{
    return (error.ee_origin == SO_EE_ORIGIN_ICMP && error.ee_type == ICMP_DEST_UNREACH
            && error.ee_code == ICMP_PORT_UNREACH)
        || (error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == ICMPV6_DEST_UNREACH
            && error.ee_code == ICMPV6_PORT_UNREACH);
}

} // namespace

void LinuxErrorQueue::enable(int socket, bool ipv4, bool ipv6)
{
    const int on = 1;
    if (ipv4)
        ::setsockopt(socket, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
    if (ipv6)
        ::setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

bool LinuxErrorQueue::mayBePending(int error)
{
    // What icmp_err_convert and icmpv6_err_convert() of the kernel make of ICMP messages.
    switch (error) {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENONET:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case EMSGSIZE:
    case EPROTO:
    case EACCES:
        return true;
    default:
        return false;
    }
}

bool LinuxErrorQueue::drain(int socket)
{
    bool foundIcmp = false;
    for (int i = 0; i < MaxErrorsPerDrain; ++i) {
        ngtcp2_sockaddr_union remote = {};
        quint8 quoted[QuotedBytes];
        iovec payload = {quoted, sizeof(quoted)};
        alignas(
            cmsghdr) char control[2 * CMSG_SPACE(sizeof(sock_extended_err) + sizeof(sockaddr_in6))
                                  + 4 * CMSG_SPACE(sizeof(in6_pktinfo))];
        msghdr header = {};
        header.msg_name = &remote;
        header.msg_namelen = sizeof(remote);
        header.msg_iov = &payload;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof(control);
        const ssize_t size = ::recvmsg(socket, &header, MSG_ERRQUEUE | MSG_DONTWAIT);
        if (size < 0)
            return foundIcmp;
        for (cmsghdr *message = CMSG_FIRSTHDR(&header); message != nullptr;
             message = CMSG_NXTHDR(&header, message)) {
            const bool isError = (message->cmsg_level == IPPROTO_IP
                                  && message->cmsg_type == IP_RECVERR)
                || (message->cmsg_level == IPPROTO_IPV6 && message->cmsg_type == IPV6_RECVERR);
            if (!isError || message->cmsg_len < CMSG_LEN(sizeof(sock_extended_err)))
                continue;
            sock_extended_err error;
            std::memcpy(&error, CMSG_DATA(message), sizeof(error));
            foundIcmp = foundIcmp || isIcmp(error);
            if (isClosedPort(error) && m_closedPorts.size() < MaxClosedPorts) {
                // The address that the datagram was sent to, not who says that it came back.
                m_closedPorts.push_back(
                    {Engine::SocketAddress::fromSockaddr(&remote.sa, header.msg_namelen),
                     QByteArray(reinterpret_cast<const char *>(quoted), qsizetype(size))});
            }
        }
    }
    return foundIcmp;
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
