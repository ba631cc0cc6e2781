// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A machine of a simulation: its addresses, its ports, its sockets, and the router that it is behind.
#pragma once

#include <shared/simulatedrouter.h>
#include <shared/simulatedworld.h>

#include <qp2pcore/io/environment.h>

#include <QHash>
#include <QList>

#include <deque>
#include <memory>

namespace Qp2p::Test {

//! The address alone, as a key.
Engine::SocketAddress withoutPort(Engine::SocketAddress address);

//! \brief What a channel is bound to: one address, or all of one or both families.
struct Binding
{
    Engine::SocketAddress address; //!< null: all of the families below
    bool ipv4 = false;
    bool ipv6 = false;
    quint16 port = 0;

    bool covers(const Engine::SocketAddress &local) const;
    bool overlaps(const Binding &other) const;
};

//! \brief The part of a channel that the world knows. It outlives the channel for a moment only.
class SimulatedSocket
{
public:
    Binding binding;
    std::deque<Wire> received;
    bool isMarkedReadable = false;
    std::deque<quint64> departures; //!< when each datagram in the send buffer will have left
    bool isWaitingToWrite = false;
    Io::DatagramChannel *channel = nullptr; //!< null once it is gone

    void notifyReadable();
    void notifyWritable();
};

class SimulatedHost
{
public:
    //! \a addresses without ports. Loopback comes of itself.
    SimulatedHost(quint32 hostIndex, const QList<Engine::SocketAddress> &addresses);

    //! In place of those that it had.
    void setAddresses(const QList<Engine::SocketAddress> &addresses);
    bool owns(const Engine::SocketAddress &address) const;
    //! The source address of a datagram to \a remote from a socket with \a binding that asked for
    //! \a wanted (or for none); null where there is no such source.
    Engine::SocketAddress sourceFor(const Binding &binding, const Engine::SocketAddress &wanted,
                                    const Engine::SocketAddress &remote) const;

    //! Errors: AddressInUse, AddressNotAvailable.
    Result<std::shared_ptr<SimulatedSocket>> bind(const QHostAddress &address, quint16 port);
    void unbind(const SimulatedSocket &socket);
    std::shared_ptr<SimulatedSocket> socketAt(const Engine::SocketAddress &local) const;

    const quint32 index;
    SimulatedRouter *router = nullptr; //!< null: it has public addresses; kept by the world

    // Limits of the machine; 0: none
    size_t localMtu = 0; //!< larger datagrams are refused (EMSGSIZE)
    size_t maxSegments = 64; //!< as UDP_SEGMENT has it
    int sendBuffer = 0; //!< datagrams
    quint64 sendTime = 0; //!< nanoseconds that each takes to leave the send buffer
    int receiveBuffer = 0; //!< datagrams

    // What programs on it can notice
    std::chrono::nanoseconds suspended{}; //!< in all
    QList<QHostAddress> interfaces;
    QList<Io::InterfaceNetwork> networks; //!< at first a /24 or /64 around each of its addresses

private:
    bool hasIpv4() const;
    bool hasIpv6() const;
    bool isFree(const Binding &binding) const;

    QList<Engine::SocketAddress> m_addresses; // loopback last
    QHash<quint16, QList<std::shared_ptr<SimulatedSocket>>> m_sockets; // by port
    quint16 m_nextEphemeral = 49'152; // RFC 6335 section 6
};

//! \brief The world as the programs on \a host see it.
std::shared_ptr<Io::Environment> makeEnvironment(const std::shared_ptr<SimulatedWorld> &world,
                                                 SimulatedHost &host);
//! The host of an environment made above.
SimulatedHost &hostOf(const std::shared_ptr<Io::Environment> &environment);

} // namespace Qp2p::Test
