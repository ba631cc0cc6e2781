// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which addresses probably belong to one owner.
#pragma once

#include <qp2pcore/peeraddress.h>

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <functional>

namespace Qp2p::Peering {

//! Loopback, link-local, private, shared or unique local: an address that others may have as well.
bool isLocalScope(const QHostAddress &address);

//! \brief The IPv4 /16 or IPv6 /32 of a public address. Somebody with many addresses mostly has them in
//! few of these. Empty for addresses of local scope, among which nothing can be said.
QByteArray addressGroup(const QHostAddress &address);

//! \brief What one dial at a time is made to, and what a failed one is remembered of.
//!
//! A public IPv4 address or IPv6 /64, with all of its ports: whoever advertises many ports, or many of the
//! addresses that an IPv6 host has, names one victim. A local address by itself, as an IPv6 /64 is a whole LAN
//! there. On loopback each port is a place: nothing leaves the machine, and all nodes of a network that is
//! tried there live on one address, so that one dead node would keep a member from all others.
QByteArray dialPlace(const QHostAddress &address, quint16 port);
//! Empty for a host name.
QByteArray dialPlace(const PeerAddress &address);

//! The first of \a addresses at each place that is not \a isExcluded, with the id \a peerId.
QList<PeerAddress> oneOfEachPlace(const QList<PeerAddress> &addresses, const PeerId &peerId,
                                  const std::function<bool(const PeerAddress &)> &isExcluded);

} // namespace Qp2p::Peering
