// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Faults between the library and the system: a program that includes this has its own sendmsg() and the like, which
// the library and Qt find before the C library's. Linux only; one file of a program includes it.
#pragma once

#include <QtGlobal>

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <functional>
#include <utility>

namespace Qp2p::Test {

//! What the calls below answer instead of the system; 0 means that the system answers.
struct Faults
{
    std::function<int(const msghdr &)> send;
    std::function<int()> receive;
    std::function<int(const sockaddr *)> bind;
    std::function<int(int family)> socket;
    std::function<int(int option)> socketOption; //!< of the level SOL_SOCKET
    bool noOffload = false;
    bool truncateNextRead = false;

    int lastBound = -1;
    int sendCalls = 0;
    int segmentedSendCalls = 0;
};

inline Faults faults;

inline bool isSegmented(const msghdr &message)
{
    auto *const header = const_cast<msghdr *>(&message);
    for (cmsghdr *c = CMSG_FIRSTHDR(header); c != nullptr; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)
            return true;
    }
    return false;
}

inline bool failsWith(int error)
{
    if (error != 0)
        errno = error;
    return error != 0;
}

template<typename Function>
Function *original(const char *name)
{
    return reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
}

} // namespace Qp2p::Test

using Qp2p::Test::failsWith;
using Qp2p::Test::faults;
using Qp2p::Test::isSegmented;
using Qp2p::Test::original;

extern "C" {

ssize_t sendmsg(int fd, const msghdr *message, int flags)
{
    static auto *const system = original<decltype(sendmsg)>("sendmsg");
    ++faults.sendCalls;
    if (isSegmented(*message))
        ++faults.segmentedSendCalls;
    if (faults.send && failsWith(faults.send(*message)))
        return -1;
    return system(fd, message, flags);
}

ssize_t recvmsg(int fd, msghdr *message, int flags)
{
    static auto *const system = original<decltype(recvmsg)>("recvmsg");
    if (faults.receive && failsWith(faults.receive()))
        return -1;
    return system(fd, message, flags);
}

int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags, timespec *timeout)
{
    static auto *const system = original<decltype(recvmmsg)>("recvmmsg");
    if (faults.receive && failsWith(faults.receive()))
        return -1;
    const int received = system(fd, messages, count, flags, timeout);
    if (received > 0 && std::exchange(faults.truncateNextRead, false))
        messages[0].msg_hdr.msg_flags |= MSG_TRUNC;
    return received;
}

int bind(int fd, const sockaddr *address, socklen_t size) noexcept
{
    static auto *const system = original<int(int, const sockaddr *, socklen_t)>("bind");
    faults.lastBound = fd;
    if (faults.bind && failsWith(faults.bind(address)))
        return -1;
    return system(fd, address, size);
}

int socket(int family, int type, int protocol) noexcept
{
    static auto *const system = original<int(int, int, int)>("socket");
    if (faults.socket && failsWith(faults.socket(family)))
        return -1;
    return system(family, type, protocol);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t size) noexcept
{
    static auto *const system = original<int(int, int, int, const void *, socklen_t)>("setsockopt");
    if (faults.noOffload && level == IPPROTO_UDP)
        return failsWith(ENOPROTOOPT) ? -1 : 0;
    if (faults.socketOption && level == SOL_SOCKET && failsWith(faults.socketOption(option)))
        return -1;
    return system(fd, level, option, value, size);
}

} // extern "C"
