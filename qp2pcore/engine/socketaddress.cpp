// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Builds and classifies socket addresses by their bytes alone, so that the engine needs no socket.

#include <qp2pcore/engine/socketaddress.h>

#include <QtEndian>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

constexpr std::array<quint8, 12> v4MappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool isV4Mapped(const std::array<quint8, 16> &address)
{
    return std::equal(v4MappedPrefix.begin(), v4MappedPrefix.end(), address.begin());
}

//! Only there the same address means another host on another interface (RFC 4007, section 6).
//! Everywhere else a scope would make equal addresses differ.
bool needsScope(const std::array<quint8, 16> &a)
{
    const bool linkLocal = a[0] == 0xfe && (a[1] & 0xc0) == 0x80;
    const bool interfaceOrLinkLocalMulticast = a[0] == 0xff
        && ((a[1] & 0x0f) == 1 || (a[1] & 0x0f) == 2);
    return linkLocal || interfaceOrLinkLocalMulticast;
}

} // namespace

SocketAddress SocketAddress::fromIpv4(const std::array<quint8, 4> &address, quint16 port)
{
    SocketAddress result;
    ngtcp2_sockaddr_in &in = result.m_storage.in;
    in.sin_family = NGTCP2_AF_INET;
    in.sin_port = qToBigEndian(port);
    std::memcpy(&in.sin_addr, address.data(), address.size());
    return result;
}

SocketAddress SocketAddress::fromIpv6(const std::array<quint8, 16> &address, quint16 port,
                                      quint32 scopeId)
{
    if (isV4Mapped(address))
        return fromIpv4({address[12], address[13], address[14], address[15]}, port);

    SocketAddress result;
    ngtcp2_sockaddr_in6 &in6 = result.m_storage.in6;
    in6.sin6_family = NGTCP2_AF_INET6;
    in6.sin6_port = qToBigEndian(port);
    std::memcpy(&in6.sin6_addr, address.data(), address.size());
    in6.sin6_scope_id = needsScope(address) ? scopeId : 0;
    return result;
}

SocketAddress SocketAddress::fromSockaddr(const ngtcp2_sockaddr *address, size_t length)
{
    // Copied out, for a caller's bytes (a receive buffer, say) need not be aligned.
    ngtcp2_sockaddr family;
    if (address == nullptr || length < sizeof(family))
        return {};
    std::memcpy(&family, address, sizeof(family));

    if (family.sa_family == NGTCP2_AF_INET && length >= sizeof(ngtcp2_sockaddr_in)) {
        ngtcp2_sockaddr_in in;
        std::memcpy(&in, address, sizeof(in));
        std::array<quint8, 4> bytes;
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return fromIpv4(bytes, qFromBigEndian(in.sin_port));
    }
    if (family.sa_family == NGTCP2_AF_INET6 && length >= sizeof(ngtcp2_sockaddr_in6)) {
        ngtcp2_sockaddr_in6 in6;
        std::memcpy(&in6, address, sizeof(in6));
        std::array<quint8, 16> bytes;
        std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
        return fromIpv6(bytes, qFromBigEndian(in6.sin6_port), in6.sin6_scope_id);
    }
    return {};
}

quint16 SocketAddress::port() const
{
    if (isIpv4())
        return qFromBigEndian(m_storage.in.sin_port);
    return isIpv6() ? qFromBigEndian(m_storage.in6.sin6_port) : quint16(0);
}

void SocketAddress::setPort(quint16 port)
{
    if (isIpv4())
        m_storage.in.sin_port = qToBigEndian(port);
    else if (isIpv6())
        m_storage.in6.sin6_port = qToBigEndian(port);
}

const quint8 *SocketAddress::addressBytes() const
{
    if (isIpv4())
        return reinterpret_cast<const quint8 *>(&m_storage.in.sin_addr);
    return reinterpret_cast<const quint8 *>(&m_storage.in6.sin6_addr);
}

bool SocketAddress::isUnspecified() const
{
    const quint8 *a = addressBytes();
    return !isNull() && std::all_of(a, a + addressSize(), [](quint8 byte) { return byte == 0; });
}

bool SocketAddress::isDiscardOnly() const
{
    static constexpr std::array<quint8, 8> prefix{1};
    return isIpv6() && std::memcmp(addressBytes(), prefix.data(), prefix.size()) == 0;
}

bool SocketAddress::isLoopback() const
{
    const quint8 *a = addressBytes();
    if (isIpv4())
        return a[0] == 127;
    return isIpv6() && a[15] == 1 && std::all_of(a, a + 15, [](quint8 byte) { return byte == 0; });
}

bool SocketAddress::isLocalScope() const
{
    if (isLoopback())
        return true;
    const quint8 *a = addressBytes();
    if (isIpv4()) {
        return a[0] == 10 // RFC 1918
            || (a[0] == 172 && (a[1] & 0xf0) == 16) // RFC 1918
            || (a[0] == 192 && a[1] == 168) // RFC 1918
            || (a[0] == 100 && (a[1] & 0xc0) == 64) // RFC 6598
            || (a[0] == 169 && a[1] == 254); // RFC 3927
    }
    return isIpv6()
        && ((a[0] == 0xfe && (a[1] & 0xc0) == 0x80) // RFC 4291
            || (a[0] & 0xfe) == 0xfc); // RFC 4193
}

} // namespace Qp2p::Engine
