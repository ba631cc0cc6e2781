// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The way from a request, in any thread, to its connection, which may be gone.
#pragma once

#include <qp2pcore/connection.h>

#include <QObject>
#include <QThread>

#include <mutex>
#include <utility>

namespace Qp2p {

//! \brief Leads from any thread to a connection that may be gone.
class ConnectionGate
{
public:
    explicit ConnectionGate(Connection *connection)
        : m_connection(connection)
    {
    }
    //! The connection is about to go: nothing reaches it from here on.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_connection = nullptr;
    }
    //! \brief Calls \a function with the connection, in its thread: immediately where that is the current one.
    //! Returns false where it is gone.
    template<typename Function>
    bool run(Function &&function)
    {
        std::unique_lock lock(m_mutex);
        Connection *const connection = m_connection;
        if (!connection)
            return false;
        if (connection->thread() != QThread::currentThread()) {
            QMetaObject::invokeMethod(
                connection,
                [connection, function = std::forward<Function>(function)]() mutable {
                    function(connection);
                },
                Qt::QueuedConnection);
            return true;
        }
        lock.unlock();
        function(connection);
        return true;
    }

private:
    std::mutex m_mutex;
    Connection *m_connection;
};

} // namespace Qp2p
