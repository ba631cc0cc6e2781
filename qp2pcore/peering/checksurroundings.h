// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What checks want to know of the network that they are made for, and what they say to who is refused.
#pragma once

#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/protocol/dialback.h>

#include <QAbstractSocket>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace Qp2p {

class Connection;

namespace Peering {

//! What a checker asks of its network.
class CheckSurroundings
{
public:
    virtual ~CheckSurroundings() = default;
    //! Our halves of links to nodes.
    virtual QList<Connection *> nodeConnections() const = 0;
    //! Whether we are, or recently were, in touch with that address or peer.
    virtual bool isKnown(const QHostAddress &address, const PeerId &peerId) const = 0;
    //! A node that asked can be dialled where it is now, at \a port. Called from the event loop.
    virtual void requestPassed(Connection *connection, quint16 port) = 0;
    //! Where nodes see us, as they agree; null where they do not.
    virtual QHostAddress ownAddress(QAbstractSocket::NetworkLayerProtocol family) const = 0;
    //! Of this machine.
    virtual QList<Io::InterfaceNetwork> interfaceNetworks() const = 0;
};

//! At most 64 bytes each, as DialBackAnswer::reason.
namespace CheckRefusal {

inline QString payment()
{
    return QStringLiteral("a dial costs %1 bytes").arg(DialBackPayment);
}

inline QString port()
{
    return QStringLiteral("ports below 1024 are not dialled");
}

inline QString room()
{
    return QStringLiteral("too many checks in this minute");
}

} // namespace CheckRefusal
} // namespace Peering
} // namespace Qp2p
