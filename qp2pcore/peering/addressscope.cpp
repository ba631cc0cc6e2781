// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/addressscope.h>

#include <qp2pcore/io/datagramchannel.h>

#include <QtEndian>

#include <algorithm>
#include <array>

namespace Qp2p::Peering {

namespace {

using Engine::SocketAddress;

//! Normalised: an IPv4-mapped IPv6 address is the IPv4 address.
QHostAddress normalised(const QHostAddress &address)
{
    return Io::toHostAddress(Io::toSocketAddress(address, 0));
}

bool startsWith(const quint8 *address, std::initializer_list<quint8> prefix)
{
    return std::equal(prefix.begin(), prefix.end(), address);
}

bool isSharedIpv4(const quint8 *a)
{
    return a[0] == 100 && (a[1] & 0xc0) == 64;
}

AddressScope scopeOfIpv4(const quint8 *a)
{
    if (a[0] == 0 || a[0] >= 224) // RFC 1122 "this network"; multicast, reserved, broadcast
        return AddressScope::Unusable;
    if (a[0] == 127)
        return AddressScope::Loopback;
    if (a[0] == 169 && a[1] == 254)
        return AddressScope::LinkLocal;
    if (a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168)
        || isSharedIpv4(a))
        return AddressScope::Private;
    return AddressScope::Public;
}

//! Of an address that a gateway translates to the IPv4 address at \a embedded.
AddressScope scopeOfTranslated(const quint8 *embedded)
{
    return scopeOfIpv4(embedded) == AddressScope::Public ? AddressScope::Public
                                                         : AddressScope::Unusable;
}

AddressScope scopeOfIpv6(const quint8 *a)
{
    if (std::all_of(a, a + 15, [](quint8 byte) { return byte == 0; }) && a[15] == 1)
        return AddressScope::Loopback;
    if (startsWith(a, {0, 0x64, 0xff, 0x9b})) {
        // RFC 6052; the prefix of RFC 8215 is a network's own.
        const bool isWellKnown = std::all_of(a + 4, a + 12, [](quint8 byte) { return byte == 0; });
        return isWellKnown ? scopeOfTranslated(a + 12) : AddressScope::Unusable;
    }
    if (startsWith(a, {0x20, 0x02})) // 6to4, RFC 3056
        return scopeOfTranslated(a + 2);
    // Unspecified, IPv4-compatible (RFC 4291), discarded (RFC 6666); multicast.
    if (a[0] <= 0x01 || a[0] == 0xff)
        return AddressScope::Unusable;
    if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80)
        return AddressScope::LinkLocal;
    if ((a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0xc0))
        return AddressScope::Private;
    return AddressScope::Public;
}

bool isIn(const QHostAddress &address, const Io::InterfaceNetwork &network)
{
    // A network that holds everything, or of unknown length, says nothing about neighbours.
    return network.prefixLength > 0
        && address.isInSubnet(normalised(network.address), network.prefixLength);
}

//! All addresses of our interfaces in one network have the same.
QHostAddress firstAddressOf(const Io::InterfaceNetwork &network)
{
    const SocketAddress bytes = Io::toSocketAddress(network.address, 0);
    std::array<quint8, 16> address{};
    for (int bit = 0; bit < network.prefixLength; ++bit)
        address[size_t(bit / 8)] |= quint8(bytes.addressBytes()[bit / 8] & (0x80 >> (bit % 8)));
    return bytes.isIpv4() ? QHostAddress(qFromBigEndian<quint32>(address.data()))
                          : QHostAddress(address.data());
}

//! The first and the last address of an IPv4 network reach all of its hosts (RFC 919, RFC 1122 3.3.6).
bool isBroadcastOf(const QHostAddress &address, const Io::InterfaceNetwork &network)
{
    if (address.protocol() != QAbstractSocket::IPv4Protocol || network.prefixLength > 30
        || !isIn(address, network))
        return false;
    const quint32 hosts = 0xffffffffu >> network.prefixLength;
    const quint32 host = address.toIPv4Address() & hosts;
    return host == 0 || host == hosts;
}

} // namespace

AddressScope scopeOf(const QHostAddress &address)
{
    const SocketAddress bytes = Io::toSocketAddress(address, 0);
    if (bytes.isNull())
        return AddressScope::Unusable;
    return bytes.isIpv4() ? scopeOfIpv4(bytes.addressBytes()) : scopeOfIpv6(bytes.addressBytes());
}

bool isShared(const QHostAddress &address)
{
    const SocketAddress bytes = Io::toSocketAddress(address, 0);
    return bytes.isIpv4() && isSharedIpv4(bytes.addressBytes());
}

std::optional<Io::InterfaceNetwork> networkOf(const QHostAddress &rawAddress,
                                              const QList<Io::InterfaceNetwork> &networks)
{
    const QHostAddress address = normalised(rawAddress);
    std::optional<Io::InterfaceNetwork> smallest;
    for (const Io::InterfaceNetwork &network : networks) {
        if (isIn(address, network) && (!smallest || network.prefixLength > smallest->prefixLength))
            smallest = network;
    }
    if (smallest)
        smallest->address = firstAddressOf(*smallest);
    return smallest;
}

bool mayPass(const QHostAddress &rawAddress, quint16 port, const QHostAddress &rawPeer,
             const QList<Io::InterfaceNetwork> &networks)
{
    const QHostAddress address = normalised(rawAddress);
    const QHostAddress peer = normalised(rawPeer);
    if (port < FirstAdvertisedPort
        || std::any_of(networks.cbegin(), networks.cend(),
                       [&](const auto &network) { return isBroadcastOf(address, network); }))
        return false;
    const auto areNeighbours = [&](const Io::InterfaceNetwork &network) {
        return isIn(address, network) && isIn(peer, network);
    };
    switch (scopeOf(address)) {
    case AddressScope::Unusable:
        return false;
    case AddressScope::Loopback:
        return scopeOf(peer) == AddressScope::Loopback;
    case AddressScope::LinkLocal:
        if (scopeOf(peer) != AddressScope::LinkLocal || peer.protocol() != address.protocol())
            return false;
        // IPv4 has no scope ids: only one interface may have such a network.
        if (address.protocol() == QAbstractSocket::IPv4Protocol)
            return std::count_if(networks.cbegin(), networks.cend(), areNeighbours) == 1;
        return !peer.scopeId().isEmpty()
            && (address.scopeId().isEmpty() || address.scopeId() == peer.scopeId());
    case AddressScope::Private:
        return std::any_of(networks.cbegin(), networks.cend(), areNeighbours);
    case AddressScope::Public:
        return true;
    }
    return false;
}

QHostAddress asSeenFrom(const QHostAddress &peer, const QHostAddress &address)
{
    QHostAddress result = normalised(address);
    if (result.protocol() == QAbstractSocket::IPv6Protocol
        && scopeOf(result) == AddressScope::LinkLocal)
        result.setScopeId(peer.scopeId());
    return result;
}

} // namespace Qp2p::Peering
