// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Linux's queue of what came back as ICMP messages: it says which datagram each is about.
#pragma once

#include <qp2pcore/io/datagramchannel.h>

#include <vector>

namespace Qp2p::Io {

//! \brief The error queue of one UDP socket (IP_RECVERR, IPV6_RECVERR; see ip(7) and ipv6(7)).
//!
//! An ICMP message that concerns any datagram of the socket also becomes a pending error: the next call on
//! the socket fails with it, whomever that call is about. Such a call is to be repeated.
class LinuxErrorQueue
{
public:
    //! \brief Switches it on for \a socket, which must not be bound yet. A kernel without it (before 2.2)
    //! costs that closed ports time out.
    static void enable(int socket, bool ipv4, bool ipv6);

    //! \brief Whether sendmsg() may have failed with \a error (an errno) because of another datagram.
    static bool mayBePending(int error);

    //! \brief Reads what is in it, at most MaxErrorsPerDrain entries. Returns whether any was an ICMP
    //! message; others are about calls that have failed already.
    bool drain(int socket);

    bool hasClosedPorts() const { return !m_closedPorts.empty(); }
    //! The closed ports among all that was read since the last call, in order.
    std::vector<ClosedPort> take() { return std::exchange(m_closedPorts, {}); }

private:
    std::vector<ClosedPort> m_closedPorts;
};

} // namespace Qp2p::Io
