// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The one place where a session turns ways into paths and back.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/engine/path.h>
#include <qp2pcore/engine/way.h>

#include <type_traits>

namespace Qp2p::Engine {

//! \brief The current way and path of one session, and the mapping between them.
//!
//! The label of a plain socket's way is its addresses themselves. Only the dialling side's own end has a
//! constant label: the system chooses the source address, and a change of it does not concern ngtcp2 (it is
//! the acceptor's path that changes then).
class PathMap
{
public:
    PathMap(Side side, const Way &first)
        : m_side(side)
        , m_way(first)
        , m_path{first.local, first.remote}
    {
    }

    const Way &way() const { return m_way; }
    const Path &path() const { return m_path; }

    //! The path of a datagram that came by \a way.
    Path pathOf(const Way &way) const
    {
        return {m_side == Side::Dialler ? m_path.local : way.local, way.remote};
    }
    //! The way of a datagram that ngtcp2 sends on \a path.
    Way wayOf(const Path &path) const
    {
        return {Way::Kind::Socket, m_way.socket, path.local, path.remote};
    }
    //! ngtcp2 has moved to \a path.
    void setPath(const Path &path)
    {
        m_path = path;
        m_way = wayOf(path);
    }

private:
    const Side m_side;
    Way m_way;
    Path m_path;
};

static_assert(!std::is_convertible_v<Way, Path> && !std::is_convertible_v<Path, Way>,
              "a label must not pass for an address");

} // namespace Qp2p::Engine
