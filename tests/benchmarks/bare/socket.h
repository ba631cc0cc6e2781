// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One UDP socket that sends with UDP_SEGMENT and receives with UDP_GRO. IPv4 only.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace Bare {

//! \brief Throws std::system_error where the system refuses it.
class Socket
{
public:
    //! What came in one read: datagrams of segmentSize bytes, of which the last may be shorter.
    struct Run
    {
        const uint8_t *bytes;
        size_t size;
        size_t segmentSize;
        uint8_t ecn;
        sockaddr_in from;
    };

    explicit Socket(in_addr host);
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    int fd() const { return m_fd; }
    const sockaddr_in &address() const { return m_address; }
    //! Returns whether there was something. \a run is valid until the next read.
    bool read(Run &run);
    //! Waits where the socket has no room. What the system refuses otherwise is lost.
    void send(const sockaddr_in &to, const uint8_t *bytes, size_t size, size_t segmentSize,
              uint8_t ecn);

private:
    const int m_fd;
    sockaddr_in m_address{};
    std::vector<uint8_t> m_buffer;
};

} // namespace Bare
