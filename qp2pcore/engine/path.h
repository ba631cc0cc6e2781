// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What ngtcp2 sees of a connection's two ends: labels, which need not be where datagrams really go.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

namespace Qp2p::Engine {

//! \brief A path's two ends, as labels. Where datagrams go says a Way; PathMap converts between the two.
struct Path
{
    SocketAddress local;
    SocketAddress remote;

    //! A copy of \a path.
    static Path fromNgtcp2(const ngtcp2_path &path)
    {
        return {SocketAddress::fromSockaddr(path.local.addr, path.local.addrlen),
                SocketAddress::fromSockaddr(path.remote.addr, path.remote.addrlen)};
    }
    //! Points into this object.
    ngtcp2_path ngtcp2Path() const
    {
        return {local.ngtcp2Address(), remote.ngtcp2Address(), nullptr};
    }
    friend bool operator==(const Path &, const Path &) = default;
};

} // namespace Qp2p::Engine
