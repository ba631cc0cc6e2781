// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a datagram really leaves or came, as opposed to the labels that ngtcp2 sees (Path).
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <functional>

namespace Qp2p::Engine {

//! \brief A way to a peer, or from one. A value; it never converts to a Path by itself.
struct Way
{
    enum class Kind : quint8 {
        Socket, //!< a UDP socket of this endpoint
    };

    Kind kind = Kind::Socket;
    quint8 socket = 0; //!< which of the endpoint's sockets; 0: the one that it is bound to
    //! The source address to use, or where the datagram was sent to; unspecified or null: the system chooses.
    SocketAddress local;
    SocketAddress remote; //!< the peer's address

    //! Through the socket that the endpoint is bound to.
    static Way throughSocket(const SocketAddress &local, const SocketAddress &remote)
    {
        return {Kind::Socket, 0, local, remote};
    }
    //! Whether datagrams can be sent back by it.
    bool canBeAnswered() const { return remote.port() != 0 && !remote.isUnspecified(); }
    friend bool operator==(const Way &, const Way &) = default;
};

//! \brief Takes a run of datagrams of equal size (the last may be shorter) that leave by one way.
//! Returns false where the way out is blocked: the caller then keeps nothing, the sink does.
using DatagramSink = std::function<bool(const quint8 *data, size_t size, size_t segmentSize,
                                        const Way &way, quint8 ecn)>;

} // namespace Qp2p::Engine
