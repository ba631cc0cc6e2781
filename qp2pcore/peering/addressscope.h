// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which addresses members may advertise to each other, and which of these may be dialled.
#pragma once

#include <qp2pcore/io/environment.h>

#include <QHostAddress>
#include <QList>

#include <optional>

namespace Qp2p::Peering {

//! \brief How far an address is valid (RFC 4007, RFC 6890).
enum class AddressScope {
    Unusable, //!< no host's: unspecified, multicast, broadcast, reserved
    Loopback, //!< this machine
    LinkLocal, //!< the link of one interface
    Private, //!< RFC 1918, shared (RFC 6598), unique local (RFC 4193), site-local (RFC 3879)
    Public
};

//! An IPv6 address into which an IPv4 address is translated (RFC 6052, RFC 3056) is Public only where
//! that one is, else Unusable.
AddressScope scopeOf(const QHostAddress &address);

//! Behind a provider's NAT (RFC 6598): Private, and strangers share the network.
bool isShared(const QHostAddress &address);

//! \brief In which of \a networks \a address is: the smallest one, as it can be compared. None for networks
//! that hold everything, or whose prefix length is unknown.
std::optional<Io::InterfaceNetwork> networkOf(const QHostAddress &address,
                                              const QList<Io::InterfaceNetwork> &networks);

//! Ports below belong to services of the system: no node listens there, and nothing is dialled there.
constexpr quint16 FirstAdvertisedPort = 1024;

//! \brief Whether \a address and \a port may pass between us and the peer at \a peer: advertised by it and
//! then dialled by us, or advertised by us. \a networks are those of our interfaces.
//!
//! An attacker must not make a member send to hosts that the attacker cannot reach itself:
//!
//! | scope of the address | passes where                                                       |
//! |----------------------|--------------------------------------------------------------------|
//! | Loopback             | the peer is on loopback                                            |
//! | LinkLocal            | the peer's address is link-local, too, and on the same link        |
//! | Private              | it and the peer's address are in one network of our interfaces     |
//! | Public               | always; the broadcast address of a network of ours is Unusable     |
//!
//! So a network that is private and routed, such as several subnets of a company, takes contacts between
//! its subnets, and advertises within each.
bool mayPass(const QHostAddress &address, quint16 port, const QHostAddress &peer,
             const QList<Io::InterfaceNetwork> &networks);

//! \brief \a address as it can be dialled: a link-local one is advertised without its scope id, which is
//! that of the peer.
QHostAddress asSeenFrom(const QHostAddress &peer, const QHostAddress &address);

} // namespace Qp2p::Peering
