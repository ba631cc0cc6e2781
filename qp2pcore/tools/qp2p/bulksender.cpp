// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Flow control by the send queue: canSend() before each message, and again after each acknowledgement.

#include "bulksender.h"

using namespace Qp2p;

namespace {

// A queue of 16 MiB would take a quarter of a million tiny messages before the first one leaves.
constexpr qsizetype MaxUnderWay = 10'000;

} // namespace

BulkSender::BulkSender(Connection *connection, qint64 count, Source source, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_count(count)
    , m_source(std::move(source))
{
    connect(connection, &Connection::messageAcknowledged, this, &BulkSender::oneAcknowledged);
    connect(connection, &Connection::messageFailed, this, [this](quint64 id, const Error &error) {
        if (m_sizes.contains(id)) {
            m_sent = m_count;
            Q_EMIT failed(error);
        }
    });
}

void BulkSender::start()
{
    m_elapsed.start();
    m_next = m_source(0);
    sendMore();
}

std::chrono::nanoseconds BulkSender::elapsed() const
{
    return std::chrono::nanoseconds(m_elapsed.nsecsElapsed());
}

void BulkSender::sendMore()
{
    while (m_connection && m_sent < m_count && m_sizes.size() < MaxUnderWay
           && m_connection->canSend(m_next.size())) {
        m_sizes.insert(m_connection->send(m_next), m_next.size());
        ++m_sent;
        if (m_sent < m_count)
            m_next = m_source(m_sent);
    }
}

void BulkSender::oneAcknowledged(quint64 id)
{
    const auto size = m_sizes.constFind(id);
    if (size == m_sizes.cend())
        return;
    m_acknowledgedBytes += *size;
    m_sizes.erase(size);
    ++m_acknowledged;
    Q_EMIT progressed();
    if (m_acknowledged == m_count)
        Q_EMIT finished();
    else
        sendMore();
}
