// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The flow-control window of a connection, which grows while the peer uses it up.
#pragma once

#include <qp2pcore/engine/streamconnection.h>

namespace Qp2p::Engine {

//! \brief Grants the peer credit on the connection.
//!
//! The window is tuned here and not by ngtcp2, so that what the windows of all connections allow together stays
//! within the receive budget.
class ConnectionWindow
{
public:
    //! \a most: bytes that it may grow to.
    ConnectionWindow(StreamConnection &connection, qint64 most)
        : m_connection(connection)
        , m_size(qint64(connection.initialWindow()))
        , m_most(most)
    {
    }

    void grant(qint64 bytes, ngtcp2_tstamp now)
    {
        if (bytes == 0)
            return;
        m_connection.extendWindow(quint64(bytes));
        m_grantedSinceTuning += bytes;
        if (m_grantedSinceTuning * 2 >= m_size)
            tune(now);
    }
    //! What is granted next was not used up by the peer just now.
    void restartTuning() { m_tunedAt = 0; }

private:
    void tune(ngtcp2_tstamp now);

    StreamConnection &m_connection;
    qint64 m_size;
    const qint64 m_most;
    qint64 m_grantedSinceTuning = 0;
    ngtcp2_tstamp m_tunedAt = 0;
};

} // namespace Qp2p::Engine
