// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Sends messages of one size as fast as the send queue takes them.
#pragma once

#include <shared/endpointpair.h>

#include <algorithm>

namespace Qp2p::Test {

//! Sends messages of one size as long as the queue takes them, until there were \a count.
class Source : public QObject
{
public:
    Source(Connection *connection, qsizetype size, int count)
        : m_connection(connection)
        , m_size(size)
        , m_left(count)
        , m_payload(noise(size, 1))
    {
        connect(connection, &Connection::sendQueueAvailable, this, &Source::fill);
        connect(connection, &Connection::messageAcknowledged, this, [this] { ++acknowledged; });
        connect(connection, &Connection::messageFailed, this,
                [this](quint64, const Error &error) { failures.append(error); });
        fill();
    }
    qint64 acknowledgedBytes() const { return acknowledged * m_size; }

    int acknowledged = 0;
    QList<Error> failures;
    qint64 fullestQueue = 0;

private:
    void fill()
    {
        while (m_left > 0 && m_connection->canSend(m_size)) {
            m_connection->send(Message(m_payload));
            --m_left;
            fullestQueue = std::max(fullestQueue, m_connection->sendQueueBytes());
        }
    }

    const QPointer<Connection> m_connection;
    const qsizetype m_size;
    int m_left;
    const QByteArray m_payload;
};

} // namespace Qp2p::Test
