// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The one place where a session turns ways into paths and back.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/engine/path.h>
#include <qp2pcore/engine/way.h>

#include <array>
#include <cstring>
#include <type_traits>

namespace Qp2p::Engine {

//! \brief The current way and path of one session, and the mapping between them.
//!
//! The label of a plain socket's way is its addresses themselves. Only the dialling side's own end has a
//! constant label: the system chooses the source address, and a change of it does not concern ngtcp2 (it is
//! the acceptor's path that changes then). A leg's label is an address of the discard-only prefix that holds its id: no
//! table is needed, and a leg has labels that no path had before.
class PathMap
{
public:
    PathMap(Side side, const Way &first)
        : m_side(side)
        , m_way(first)
        , m_path(first.kind == Way::Kind::Leg ? pathOfLeg(first.leg)
                                              : Path{first.local, first.remote})
    {
    }

    const Way &way() const { return m_way; }
    const Path &path() const { return m_path; }

    //! The path of a datagram that came by \a way.
    Path pathOf(const Way &way) const
    {
        if (way.kind == Way::Kind::Leg)
            return pathOfLeg(way.leg);
        return {m_side == Side::Dialler ? m_path.local : way.local, way.remote};
    }
    //! The way of a datagram that ngtcp2 sends on \a path.
    Way wayOf(const Path &path) const
    {
        if (path.remote.isDiscardOnly())
            return Way::overLeg(legOf(path.remote));
        return {Way::Kind::Socket, m_way.socket, path.local, path.remote, 0};
    }
    //! ngtcp2 has moved to \a path.
    void setPath(const Path &path)
    {
        m_path = path;
        m_way = wayOf(path);
    }

private:
    // The port says what the label is of: 1 our end, 2 the peer's. A dialler's own end has one for each leg, for ngtcp2
    // takes a move for one only where that changes.
    Path pathOfLeg(quint64 leg) const
    {
        return {legLabel(m_side == Side::Dialler ? leg : 0, 1), legLabel(leg, 2)};
    }
    static SocketAddress legLabel(quint64 leg, quint16 port)
    {
        std::array<quint8, 16> address{1};
        std::memcpy(address.data() + 8, &leg, sizeof(leg));
        return SocketAddress::fromIpv6(address, port);
    }
    static quint64 legOf(const SocketAddress &label)
    {
        quint64 leg = 0;
        std::memcpy(&leg, label.addressBytes() + 8, sizeof(leg));
        return leg;
    }

    const Side m_side;
    Way m_way;
    Path m_path;
};

static_assert(!std::is_convertible_v<Way, Path> && !std::is_convertible_v<Path, Way>,
              "a label must not pass for an address");

} // namespace Qp2p::Engine
