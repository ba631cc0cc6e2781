// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/claimedports.h>

#include <qp2pcore/peering/addressscope.h>

namespace Qp2p::Peering {

void ClaimedPorts::setExternalPort(Family family, quint16 port)
{
    if (family == QAbstractSocket::AnyIPProtocol)
        m_external.fill(port);
    else
        m_external[indexOf(family)] = port;
}

quint16 ClaimedPorts::portFor(const QHostAddress &peer, quint16 listeningPort) const
{
    // Dual-stack sockets may show IPv4 addresses as mapped ones.
    const Engine::SocketAddress address = Io::toSocketAddress(peer, 0);
    const quint16 external = externalPort(address.isIpv4() ? QAbstractSocket::IPv4Protocol
                                                           : QAbstractSocket::IPv6Protocol);
    if (listeningPort == 0 || external == 0)
        return listeningPort;
    const AddressScope scope = scopeOf(peer);
    const bool isNeighbour = scope == AddressScope::Loopback || scope == AddressScope::LinkLocal
        || networkOf(peer, m_networks).has_value();
    return isNeighbour ? listeningPort : external;
}

} // namespace Qp2p::Peering
