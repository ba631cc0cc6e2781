// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The port that a member claims: where peers reach it, if it is not the port that it listens on.
#pragma once

#include <qp2pcore/io/environment.h>

#include <QAbstractSocket>
#include <QHostAddress>
#include <QList>

#include <array>

namespace Qp2p::Peering {

//! \brief The external port of each address family, and which port a peer is sent.
//!
//! A router with a fixed forwarding (22000 outside to 12000 inside) is invisible from inside, so the port is
//! configured. The address is always the one at which the peer sees us, and the claim is checked as any other.
class ClaimedPorts
{
public:
    using Family = QAbstractSocket::NetworkLayerProtocol;

    //! 0 (the default): the port that this side listens on. AnyIPProtocol sets both families.
    void setExternalPort(Family family, quint16 port);
    quint16 externalPort(Family family) const { return m_external[indexOf(family)]; }

    //! Those of this machine's interfaces: a peer in one of them needs no router, so it gets the listening port.
    void setInterfaceNetworks(const QList<Io::InterfaceNetwork> &networks)
    {
        m_networks = networks;
    }

    //! \brief The port that is claimed to \a peer. 0 where \a listeningPort is: nothing is claimed.
    quint16 portFor(const QHostAddress &peer, quint16 listeningPort) const;

private:
    static size_t indexOf(Family family) { return family == QAbstractSocket::IPv6Protocol; }

    std::array<quint16, 2> m_external{};
    QList<Io::InterfaceNetwork> m_networks;
};

} // namespace Qp2p::Peering
