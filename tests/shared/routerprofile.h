// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a simulated router translates and filters UDP, in the terms of RFC 4787.
#pragma once

#include <QtGlobal>

#include <chrono>
#include <cstddef>

namespace Qp2p::Test {

//! On what the public address and port of a socket behind the router depend (RFC 4787 section 4.1).
enum class NatMapping {
    None, //!< nothing is translated: a firewall that only filters, as before IPv6 hosts
    EndpointIndependent, //!< on the socket alone, unless ports clash
    AddressDependent, //!< and on the address that it sends to
    AddressAndPortDependent, //!< and on the port there ("symmetric")
};

//! Whom a mapping lets in (RFC 4787 section 5).
enum class NatFiltering {
    EndpointIndependent, //!< anyone who knows the mapped address
    AddressDependent, //!< addresses that the host has sent to
    AddressAndPortDependent, //!< addresses and ports that the host has sent to
};

//! Which public port a new mapping gets (RFC 4787 section 4.2).
enum class PortAllocation {
    Preserving, //!< that of the socket where it is free and in the block, else a random one
    Sequential, //!< the next one of the block
    Random,
};

//! Whether hosts behind the router reach each other at their public addresses (RFC 4787 section 6). The datagram
//! then has the public address of its sender as its source, and no filter applies to it.
enum class NatHairpin { Off, On };

//! \brief What happens to datagrams from outside that nobody waits for.
enum class NatUnsolicited {
    Drop,
    //! As by a Linux router whose INPUT chain accepts or rejects: the entry in its table occupies the port towards
    //! that sender, and what a host sends there later gets another port.
    Answer,
};

enum class UdpPolicy { Pass, Block };

//! Datagrams of which direction keep a mapping alive (RFC 4787 section 4.3).
enum class NatRefresh { BothDirections, OutboundOnly };

//! \brief How long the table keeps what no datagram refreshes. The defaults are Linux's.
struct RouterTimeouts
{
    std::chrono::seconds unreplied{30}; //!< nf_conntrack_udp_timeout: one way only, or just begun
    std::chrono::seconds stream{120}; //!< nf_conntrack_udp_timeout_stream: both ways, …
    std::chrono::seconds streamAfter{2}; //!< … and still in use after this
    //! What a filter other than AddressAndPortDependent lets in, after the last datagram of a flow that was begun
    //! from inside.
    std::chrono::seconds learned{120};

    //! A router that forgets nothing until it is rebooted.
    static RouterTimeouts never()
    {
        constexpr std::chrono::hours centuries{24 * 365 * 200};
        return {centuries, centuries, std::chrono::seconds{2}, centuries};
    }
};

//! The ports that a router gives, both ends included.
struct PortBlock
{
    quint16 first = 1024;
    quint16 last = 65'535;

    //! Whether a socket may keep \a port: Linux without a block lets it keep those that it gives to none.
    bool keeps(quint16 port) const
    {
        return (port >= first || first == PortBlock().first) && port <= last;
    }
    quint32 size() const { return quint32(last) - first + 1; }
};

struct RouterProfile
{
    NatMapping mapping = NatMapping::EndpointIndependent;
    NatFiltering filtering = NatFiltering::AddressAndPortDependent;
    PortAllocation ports = PortAllocation::Preserving;
    PortBlock block = {};
    NatUnsolicited unsolicited = NatUnsolicited::Drop;
    UdpPolicy udp = UdpPolicy::Pass;
    NatHairpin hairpin = NatHairpin::Off;
    NatRefresh refresh = NatRefresh::BothDirections;
    RouterTimeouts timeouts = {};
    //! Entries of the table. Where it is full, one that was never answered gives way; else nothing new passes.
    size_t capacity = 65'536;
    //! Several sockets may have one public port as long as they send to different places, as on Linux.
    bool overloadsPorts = true;
};

} // namespace Qp2p::Test
