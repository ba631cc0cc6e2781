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

namespace {

//! Errors other than a full socket are losses.
bool isSent(ssize_t result)
{
    return result >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS);
}

} // namespace

UdpSocket::UdpSocket(const SocketAddress &local, const SocketAddress &target)
{
    SocketAddress anyPort = local;
    anyPort.setPort(0);
    bindTo(anyPort, &target);
}

UdpSocket::UdpSocket(const SocketAddress &local)
{
    bindTo(local, nullptr);
}

void UdpSocket::bindTo(const SocketAddress &local, const SocketAddress *target)
{
    m_descriptor = socket(local.isIpv4() ? AF_INET : AF_INET6,
                          SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_storage bound;
    socklen_t size = sizeof(bound);
    if (m_descriptor < 0 || bind(m_descriptor, local.sockaddr(), local.sockaddrSize()) != 0
        || (target && connect(m_descriptor, target->sockaddr(), target->sockaddrSize()) != 0)
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
    return isSent(::send(m_descriptor, datagram.constData(), size_t(datagram.size()), 0));
}

bool UdpSocket::sendTo(const SocketAddress &target, const QByteArray &datagram)
{
    return isSent(sendto(m_descriptor, datagram.constData(), size_t(datagram.size()), 0,
                         target.sockaddr(), target.sockaddrSize()));
}

std::optional<QByteArray> UdpSocket::receive()
{
    auto received = receiveFrom();
    return received ? std::optional(std::move(received->data)) : std::nullopt;
}

std::optional<UdpSocket::Received> UdpSocket::receiveFrom()
{
    std::array<char, 65536> buffer;
    for (;;) {
        sockaddr_storage from;
        socklen_t fromSize = sizeof(from);
        const ssize_t size = recvfrom(m_descriptor, buffer.data(), buffer.size(), 0,
                                      reinterpret_cast<sockaddr *>(&from), &fromSize);
        if (size >= 0)
            return Received{
                SocketAddress::fromSockaddr(reinterpret_cast<const sockaddr *>(&from), fromSize),
                QByteArray(buffer.data(), qsizetype(size))};
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return std::nullopt;
        // Anything else is an answer of the network to what was sent before.
    }
}

} // namespace Qp2p::Test
