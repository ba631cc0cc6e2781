// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/addressgroup.h>

#include <qp2pcore/io/datagramchannel.h>

#include <QSet>

namespace Qp2p::Peering {

bool isLocalScope(const QHostAddress &address)
{
    return Io::toSocketAddress(address, 0).isLocalScope();
}

QByteArray addressGroup(const QHostAddress &address)
{
    const Engine::SocketAddress socketAddress = Io::toSocketAddress(address, 0);
    if (socketAddress.isNull() || socketAddress.isLocalScope())
        return {};
    const qsizetype size = socketAddress.isIpv4() ? 2 : 4;
    return QByteArray(reinterpret_cast<const char *>(socketAddress.addressBytes()), size);
}

QByteArray dialPlace(const QHostAddress &address, quint16 port)
{
    const Engine::SocketAddress socketAddress = Io::toSocketAddress(address, port);
    const bool isNetwork = socketAddress.isIpv6() && !socketAddress.isLocalScope();
    QByteArray place(reinterpret_cast<const char *>(socketAddress.addressBytes()),
                     isNetwork ? 8 : qsizetype(socketAddress.addressSize()));
    if (socketAddress.isLoopback()) {
        place.append(char(port >> 8));
        place.append(char(port & 0xff));
    } else if (socketAddress.scopeId() != 0) {
        place.append(QByteArray::number(socketAddress.scopeId()).prepend('%'));
    }
    return place;
}

QByteArray dialPlace(const PeerAddress &address)
{
    return address.isHostName() ? QByteArray() : dialPlace(address.address(), address.port());
}

QList<PeerAddress> oneOfEachPlace(const QList<PeerAddress> &addresses, const PeerId &peerId,
                                  const std::function<bool(const PeerAddress &)> &isExcluded)
{
    QSet<QByteArray> places;
    QList<PeerAddress> result;
    for (const PeerAddress &address : addresses) {
        const QByteArray place = dialPlace(address);
        if (places.contains(place) || isExcluded(address))
            continue;
        places.insert(place);
        result.append(PeerAddress(address.address(), address.port(), peerId));
    }
    return result;
}

} // namespace Qp2p::Peering
