// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The leading bits of an address: what limits count under.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>

namespace Qp2p::Engine {

//! How many leading bits count, by family; in whole bytes.
struct PrefixLength
{
    int ipv4 = 0;
    int ipv6 = 0;
};

//! \brief The first bits of \a address as bytes, IPv4 and IPv6 never equal.
QByteArray addressPrefix(const SocketAddress &address, PrefixLength length);

//! \brief Under what the addresses of one owner are counted when somebody has to go: the IPv4 /16 or IPv6
//! /32 of a public address, which are hard to have many of; of local scope the address itself, among
//! which nothing else can be said.
QByteArray addressGroup(const SocketAddress &address);

} // namespace Qp2p::Engine
