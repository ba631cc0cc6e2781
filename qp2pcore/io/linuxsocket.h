// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A bound UDP socket of Linux, with the options that a channel needs.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QtGlobal>

#include <unistd.h>

#include <utility>

namespace Qp2p::Io {

//! Owns a file descriptor.
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd = -1)
        : m_fd(fd)
    {
    }
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    Q_DISABLE_COPY(FileDescriptor)

    bool isValid() const { return m_fd >= 0; }
    int get() const { return m_fd; }

private:
    int m_fd;
};

//! \brief A bound, non-blocking UDP socket.
struct LinuxSocket
{
    enum class DualStack { No, Yes };

    //! Binds \a address. Returns 0 or the errno.
    int bind(const Engine::SocketAddress &address, DualStack dualStack);

    FileDescriptor fd;
    Engine::SocketAddress local; //!< the bound address (may be unspecified) and the real port
    int family = 0; //!< AF_INET or AF_INET6
    bool segmentation = false; //!< UDP_SEGMENT works, as far as is known
    bool coalescing = false; //!< UDP_GRO works
};

} // namespace Qp2p::Io
