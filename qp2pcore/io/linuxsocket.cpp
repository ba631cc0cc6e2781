// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/linuxsocket.h>

#ifdef Q_OS_LINUX

#include <qp2pcore/io/linuxerrorqueue.h>
#include <qp2pcore/io/socketbuffers.h>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>

namespace Qp2p::Io {

using Engine::SocketAddress;

namespace {

bool setOption(const FileDescriptor &socket, int level, int option, int value)
{
    return ::setsockopt(socket.get(), level, option, &value, sizeof(value)) == 0;
}

//! All before the bind, so that the first datagram is already read with its control messages.
//! What an old kernel lacks costs speed or ECN, never the socket.
void setOptions(const FileDescriptor &fd, const SocketAddress &address,
                LinuxSocket::DualStack dualStack)
{
    const int family = address.sockaddr()->sa_family;
    setSocketBuffers(fd.get());
    const bool carriesIpv4 = family == AF_INET || dualStack == LinuxSocket::DualStack::Yes;
    if (carriesIpv4) {
        // Never fragment, and leave the path's MTU to QUIC (RFC 9000, section 14).
        setOption(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
        setOption(fd, IPPROTO_IP, IP_RECVTOS, 1);
    }
    if (family == AF_INET6) {
        setOption(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
        setOption(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    }
    LinuxErrorQueue::enable(fd.get(), carriesIpv4, family == AF_INET6);
    if (address.isUnspecified()) {
        // On a dual-stack socket the option of IPv6 reports IPv4 destinations too, as mapped ones.
        if (family == AF_INET6)
            setOption(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        else
            setOption(fd, IPPROTO_IP, IP_PKTINFO, 1);
    }
}

} // namespace

int LinuxSocket::bind(const SocketAddress &address, DualStack dualStack)
{
    family = address.sockaddr()->sa_family;
    FileDescriptor opened(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP));
    if (!opened.isValid())
        return errno;
    if (family == AF_INET6
        && !setOption(opened, IPPROTO_IPV6, IPV6_V6ONLY, dualStack == DualStack::No))
        return errno;

    setOptions(opened, address, dualStack);
    segmentation = !qEnvironmentVariableIsSet("QP2P_NO_GSO")
        && setOption(opened, IPPROTO_UDP, UDP_SEGMENT, 0);
    coalescing = !qEnvironmentVariableIsSet("QP2P_NO_GRO")
        && setOption(opened, IPPROTO_UDP, UDP_GRO, 1);

    if (::bind(opened.get(), address.sockaddr(), address.sockaddrSize()) != 0)
        return errno;

    ngtcp2_sockaddr_union bound = {};
    socklen_t size = sizeof(bound);
    if (::getsockname(opened.get(), &bound.sa, &size) != 0)
        return errno;
    local = SocketAddress::fromSockaddr(&bound.sa, size);
    fd = std::move(opened);
    return 0;
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
