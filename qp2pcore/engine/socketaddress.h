// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An IP address and port as ngtcp2 sees it: a label of one end of a path, without any socket.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <QHashFunctions>

#include <array>
#include <cstring>

namespace Qp2p::Engine {

//! \brief An IPv4 or IPv6 address and port, in the form that ngtcp2 wants (a sockaddr).
//!
//! Normalised, so that equal addresses compare equal byte by byte: unused fields are zero and an
//! IPv4-mapped IPv6 address is always stored as IPv4. A default-constructed one is null.
class SocketAddress
{
public:
    SocketAddress() { std::memset(&m_storage, 0, sizeof(m_storage)); }

    //! \a address in network byte order, \a port in host byte order.
    static SocketAddress fromIpv4(const std::array<quint8, 4> &address, quint16 port);
    static SocketAddress fromIpv6(const std::array<quint8, 16> &address, quint16 port,
                                  quint32 scopeId = 0);
    //! From a sockaddr_in or sockaddr_in6; null for any other family or a short length.
    static SocketAddress fromSockaddr(const ngtcp2_sockaddr *address, size_t length);

    bool isNull() const { return m_storage.sa.sa_family == 0; }
    bool isIpv4() const { return m_storage.sa.sa_family == NGTCP2_AF_INET; }
    bool isIpv6() const { return m_storage.sa.sa_family == NGTCP2_AF_INET6; }
    quint16 port() const; //!< host byte order
    void setPort(quint16 port);
    bool isUnspecified() const; //!< 0.0.0.0 or ::
    bool isLoopback() const;
    //! In 100::/64, which no host has and no router forwards (RFC 6666): the engine labels with it what is no address.
    bool isDiscardOnly() const;
    //! Loopback, link-local, private (RFC 1918), shared (RFC 6598) or unique local (RFC 4193).
    bool isLocalScope() const;

    //! The 4 or 16 address bytes, network order.
    const quint8 *addressBytes() const;
    size_t addressSize() const { return isIpv4() ? 4 : isIpv6() ? 16 : 0; }
    quint32 scopeId() const { return isIpv6() ? m_storage.in6.sin6_scope_id : 0; }

    const ngtcp2_sockaddr *sockaddr() const { return &m_storage.sa; }
    ngtcp2_socklen sockaddrSize() const
    {
        return isIpv4() ? sizeof(ngtcp2_sockaddr_in) : isIpv6() ? sizeof(ngtcp2_sockaddr_in6) : 0;
    }
    //! The form ngtcp2 takes; points into this object.
    ngtcp2_addr ngtcp2Address() const
    {
        return {const_cast<ngtcp2_sockaddr *>(&m_storage.sa), sockaddrSize()};
    }

    friend bool operator==(const SocketAddress &a, const SocketAddress &b)
    {
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): all bytes are set, see above
        return std::memcmp(&a.m_storage, &b.m_storage, sizeof(a.m_storage)) == 0;
    }
    friend size_t qHash(const SocketAddress &a, size_t seed = 0) noexcept
    {
        return qHashBits(&a.m_storage, sizeof(a.m_storage), seed);
    }

private:
    ngtcp2_sockaddr_union m_storage;
};

} // namespace Qp2p::Engine
