// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/addressgroup.h>

#include <qp2pcore/io/datagramchannel.h>

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

} // namespace Qp2p::Peering
