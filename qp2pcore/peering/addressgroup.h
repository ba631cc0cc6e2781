// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which addresses probably belong to one owner.
#pragma once

#include <QByteArray>
#include <QHostAddress>

namespace Qp2p::Peering {

//! Loopback, link-local, private, shared or unique local: an address that others may have as well.
bool isLocalScope(const QHostAddress &address);

//! \brief The IPv4 /16 or IPv6 /32 of a public address. Somebody with many addresses mostly has them in
//! few of these. Empty for addresses of local scope, among which nothing can be said.
QByteArray addressGroup(const QHostAddress &address);

} // namespace Qp2p::Peering
