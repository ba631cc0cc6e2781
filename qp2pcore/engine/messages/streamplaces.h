// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many streams the peer may open: granting them again as they end.
#pragma once

#include <qp2pcore/engine/streamconnection.h>

#include <utility>

namespace Qp2p::Engine {

//! \brief Streams of one kind that the peer may open.
//!
//! They are not granted one by one: each MAX_STREAMS that travels alone costs a packet here and an acknowledgement
//! there. It rides with the next message, or leaves once a quarter of what the peer may have is due, or where
//! the peer has none left and may be waiting.
class StreamPlaces
{
public:
    //! \a most: at the same time.
    StreamPlaces(StreamConnection &connection, StreamKind kind, quint64 most)
        : m_connection(connection)
        , m_kind(kind)
        , m_most(most)
        , m_left(most)
    {
    }

    void opened()
    {
        // A legacy peer has one more than we think, which is the control stream elsewhere.
        m_left -= m_left > 0 ? 1 : 0;
    }
    void freed() { ++m_owed; }
    bool isGrantDue() const { return m_owed > 0 && (m_left == 0 || m_owed * 4 >= m_most); }
    void grant()
    {
        if (m_owed == 0)
            return;
        m_left += m_owed;
        m_connection.extendStreams(m_kind, std::exchange(m_owed, 0));
    }

private:
    StreamConnection &m_connection;
    const StreamKind m_kind;
    const quint64 m_most;
    quint64 m_left; // that it was granted and has not used
    quint64 m_owed = 0; // that have become free and are not granted yet
};

} // namespace Qp2p::Engine
