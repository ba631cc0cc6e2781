// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "udpsocket.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

namespace Qp2p::Test {

using Engine::SocketAddress;

UdpSocket::UdpSocket(const SocketAddress &local, const SocketAddress &target)
{
    SocketAddress anyPort = local;
    anyPort.setPort(0);
    m_descriptor = socket(local.isIpv4() ? AF_INET : AF_INET6,
                          SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_storage bound;
    socklen_t size = sizeof(bound);
    if (m_descriptor < 0 || bind(m_descriptor, anyPort.sockaddr(), anyPort.sockaddrSize()) != 0
        || connect(m_descriptor, target.sockaddr(), target.sockaddrSize()) != 0
        || getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&bound), &size) != 0)
        qFatal("no socket: %s", std::strerror(errno));
    m_local = SocketAddress::fromSockaddr(reinterpret_cast<const sockaddr *>(&bound), size);
}

UdpSocket::~UdpSocket()
{
    close(m_descriptor);
}

bool UdpSocket::send(const QByteArray &datagram)
{
    const ssize_t sent = ::send(m_descriptor, datagram.constData(), size_t(datagram.size()), 0);
    return sent >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS);
}

std::optional<QByteArray> UdpSocket::receive()
{
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t size = recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (size >= 0)
            return QByteArray(buffer.data(), qsizetype(size));
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return std::nullopt;
        // Anything else is an answer of the network to what was sent before.
    }
}

} // namespace Qp2p::Test
