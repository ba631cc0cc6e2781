// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/dialledname.h>

#include <QUrl>
#include <QtEndian>

namespace Qp2p {

Engine::DialledName dialledName(const PeerAddress &peer)
{
    Engine::DialledName name;
    name.text = peer.host();
    if (peer.isHostName()) {
        QString host = peer.host();
        if (host.endsWith(u'.')) // the root of the tree, which no certificate has
            host.chop(1);
        name.hostName = QUrl::toAce(host).toLower();
        if (name.hostName.isEmpty()) // names that are none of the DNS, e.g. with an underscore
            name.hostName = host.toUtf8().toLower();
        return name;
    }
    bool isIpv4 = false;
    const quint32 ipv4 = qToBigEndian(peer.address().toIPv4Address(&isIpv4));
    if (isIpv4) {
        name.ipAddress = QByteArray(reinterpret_cast<const char *>(&ipv4), sizeof(ipv4));
    } else {
        const Q_IPV6ADDR ipv6 = peer.address().toIPv6Address();
        name.ipAddress = QByteArray(reinterpret_cast<const char *>(ipv6.c), sizeof(ipv6.c));
    }
    return name;
}

} // namespace Qp2p
