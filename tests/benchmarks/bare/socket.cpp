// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "socket.h"

#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace Bare {

namespace {

int checked(int result, const char *what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

template<typename T>
void append(msghdr &message, cmsghdr *&next, int level, int type, T value)
{
    next->cmsg_level = level;
    next->cmsg_type = type;
    next->cmsg_len = CMSG_LEN(sizeof(T));
    std::memcpy(CMSG_DATA(next), &value, sizeof(T));
    message.msg_controllen += CMSG_SPACE(sizeof(T));
    next = reinterpret_cast<cmsghdr *>(reinterpret_cast<char *>(next) + CMSG_SPACE(sizeof(T)));
}

template<typename T>
T valueOf(const cmsghdr *control)
{
    T value{};
    std::memcpy(&value, CMSG_DATA(control), sizeof(T));
    return value;
}

} // namespace

Socket::Socket(in_addr host)
    : m_fd(checked(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"))
    , m_buffer(65536)
{
    m_address.sin_family = AF_INET;
    m_address.sin_addr = host;
    checked(bind(m_fd, reinterpret_cast<const sockaddr *>(&m_address), sizeof(m_address)), "bind");
    socklen_t size = sizeof(m_address);
    checked(getsockname(m_fd, reinterpret_cast<sockaddr *>(&m_address), &size), "getsockname");
    const int on = 1;
    const int buffer = 8 << 20;
    const int probe = IP_PMTUDISC_PROBE; // never in fragments
    checked(setsockopt(m_fd, SOL_UDP, UDP_GRO, &on, sizeof(on)), "UDP_GRO");
    checked(setsockopt(m_fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)), "IP_RECVTOS");
    checked(setsockopt(m_fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof(probe)), "IP_MTU_DISCOVER");
    setsockopt(m_fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer)); // what the system allows
    setsockopt(m_fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
}

Socket::~Socket()
{
    close(m_fd);
}

bool Socket::read(Run &run)
{
    alignas(cmsghdr) std::array<char, 128> control{};
    iovec data{m_buffer.data(), m_buffer.size()};
    msghdr message{};
    message.msg_name = &run.from;
    message.msg_namelen = sizeof(run.from);
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = recvmsg(m_fd, &message, 0);
    if (size <= 0)
        return false;
    run.bytes = m_buffer.data();
    run.size = size_t(size);
    run.segmentSize = run.size;
    run.ecn = 0;
    for (const cmsghdr *next = CMSG_FIRSTHDR(&message); next;
         next = CMSG_NXTHDR(&message, const_cast<cmsghdr *>(next))) {
        if (next->cmsg_level == SOL_UDP && next->cmsg_type == UDP_GRO)
            run.segmentSize = size_t(valueOf<int>(next));
        else if (next->cmsg_level == IPPROTO_IP && next->cmsg_type == IP_TOS)
            run.ecn = valueOf<uint8_t>(next) & 3;
    }
    return true;
}

void Socket::send(const sockaddr_in &to, const uint8_t *bytes, size_t size, size_t segmentSize,
                  uint8_t ecn)
{
    alignas(cmsghdr) std::array<char, 128> control{};
    iovec data{const_cast<uint8_t *>(bytes), size};
    msghdr message{};
    message.msg_name = const_cast<sockaddr_in *>(&to);
    message.msg_namelen = sizeof(to);
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    auto *next = reinterpret_cast<cmsghdr *>(control.data());
    append(message, next, IPPROTO_IP, IP_TOS, int(ecn));
    if (size > segmentSize)
        append(message, next, SOL_UDP, UDP_SEGMENT, uint16_t(segmentSize));
    while (sendmsg(m_fd, &message, 0) < 0 && (errno == EAGAIN || errno == EINTR)) {
        pollfd room{m_fd, POLLOUT, 0};
        poll(&room, 1, -1);
    }
}

} // namespace Bare
