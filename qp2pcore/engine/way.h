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
        Leg, //!< over a node that forwards between its links
    };

    Kind kind = Kind::Socket;
    quint8 socket = 0; //!< which of the endpoint's sockets; 0: the one that it is bound to
    //! The source address to use, or where the datagram was sent to; unspecified or null: the system chooses.
    SocketAddress local;
    SocketAddress remote; //!< the peer's address; null where a leg hides it
    quint64 leg = 0; //!< its id on this endpoint's side

    //! Through the socket that the endpoint is bound to.
    static Way throughSocket(const SocketAddress &local, const SocketAddress &remote)
    {
        return {Kind::Socket, 0, local, remote, 0};
    }
    //! Over the leg of \a id.
    static Way overLeg(quint64 id) { return {Kind::Leg, 0, {}, {}, id}; }
    //! Whether datagrams can be sent back by it.
    bool canBeAnswered() const
    {
        return kind == Kind::Leg
            || (remote.port() != 0 && !remote.isUnspecified() && !remote.isDiscardOnly());
    }
    friend bool operator==(const Way &, const Way &) = default;
};

//! \brief Takes a run of datagrams of equal size (the last may be shorter) that leave by one way.
//! Returns false where the way out is blocked: the caller then keeps nothing, the sink does.
using DatagramSink = std::function<bool(const quint8 *data, size_t size, size_t segmentSize,
                                        const Way &way, quint8 ecn)>;

} // namespace Qp2p::Engine
