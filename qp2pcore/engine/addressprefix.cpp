// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/addressprefix.h>

namespace Qp2p::Engine {

QByteArray addressPrefix(const SocketAddress &address, PrefixLength length)
{
    const int bits = address.isIpv4() ? length.ipv4 : length.ipv6;
    QByteArray prefix(1, char(address.isIpv4() ? 4 : 6));
    prefix.append(reinterpret_cast<const char *>(address.addressBytes()), bits / 8);
    return prefix;
}

QByteArray addressGroup(const SocketAddress &address)
{
    return addressPrefix(address,
                         address.isLocalScope() ? PrefixLength{32, 128} : PrefixLength{16, 32});
}

} // namespace Qp2p::Engine
