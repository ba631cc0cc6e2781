// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A network address translator before one host, in the terms of RFC 4787.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QHash>
#include <QList>
#include <QSet>

#include <utility>

namespace Qp2p::Test {

//! Whom a mapping lets in (RFC 4787 section 5).
enum class NatFiltering {
    EndpointIndependent, //!< anyone who knows the mapped address
    AddressDependent, //!< addresses that the host has sent to
    AddressAndPortDependent, //!< addresses and ports that the host has sent to
};

enum class NatRebinding { PortOnly, AddressAndPort };

//! \brief Maps each socket behind it to one public address and port, the same for all destinations.
class SimulatedNat
{
public:
    //! \a publicAddresses: used one after the other; their ports don't matter.
    SimulatedNat(const QList<Engine::SocketAddress> &publicAddresses, NatFiltering filtering);

    //! The public source of a datagram from \a local to \a remote; null where there is no public
    //! address of that family. Makes the mapping where there is none.
    Engine::SocketAddress mapOut(const Engine::SocketAddress &local,
                                 const Engine::SocketAddress &remote);
    //! The socket behind \a external; null where \a remote is not let in.
    Engine::SocketAddress mapIn(const Engine::SocketAddress &external,
                                const Engine::SocketAddress &remote);
    //! \brief Whatever comes to \a external goes to \a local, from anyone, and its answers come from there
    //! (a port forwarding, DNAT). What \a local sends to others is mapped as without it.
    void forward(const Engine::SocketAddress &external, const Engine::SocketAddress &local)
    {
        m_forwards.insert(external, local);
    }
    //! The mapping of \a local; null where there is none.
    Engine::SocketAddress mapping(const Engine::SocketAddress &local) const;

    //! New mappings keep the port of the socket where it is free (RFC 4787 section 4.2.1).
    void preservePorts() { m_preservesPorts = true; }

    //! \brief Forgets all mappings; new ones get other ports, or other addresses and ports. Forwardings of an address that
    //! is left go with it.
    void rebind(NatRebinding what);

private:
    struct Mapping
    {
        Engine::SocketAddress external;
        QSet<Engine::SocketAddress> remotes; // only as much of them as the filter looks at
    };
    Engine::SocketAddress filtered(Engine::SocketAddress remote) const;

    QList<Engine::SocketAddress> m_ipv4;
    QList<Engine::SocketAddress> m_ipv6;
    qsizetype m_turn = 0; // which of the public addresses
    quint16 m_nextPort = 20'000;
    bool m_preservesPorts = false;
    NatFiltering m_filtering;
    QHash<Engine::SocketAddress, Mapping> m_mappings; // by the socket's own address
    QHash<Engine::SocketAddress, Engine::SocketAddress> m_locals; // by the public one
    using Pair = std::pair<Engine::SocketAddress, Engine::SocketAddress>;
    QHash<Engine::SocketAddress, Engine::SocketAddress> m_forwards; // by the public one
    QHash<Pair, Engine::SocketAddress> m_forwarded; // local and remote: the public one
};

} // namespace Qp2p::Test
