// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Keeps a connection's send queue as full as it may be until a number of messages is acknowledged.
#pragma once

#include <qp2pcore/connection.h>

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>

#include <functional>

//! \brief Sends messages one after the other, as the queue has room, and counts what is acknowledged.
class BulkSender : public QObject
{
    Q_OBJECT

public:
    //! The message at an index, counted from 0. Asked for in order, once each.
    using Source = std::function<Qp2p::Message(qint64 index)>;

    BulkSender(Qp2p::Connection *connection, qint64 count, Source source, QObject *parent = nullptr);

    void start();

    qint64 count() const { return m_count; }
    qint64 acknowledged() const { return m_acknowledged; }
    qint64 acknowledgedBytes() const { return m_acknowledgedBytes; }
    //! Since start().
    std::chrono::nanoseconds elapsed() const;

Q_SIGNALS:
    void progressed();
    //! All of them are acknowledged.
    void finished();
    //! One of them was not; the rest is not sent.
    void failed(const Qp2p::Error &error);

private:
    void sendMore();
    void oneAcknowledged(quint64 id);

    const QPointer<Qp2p::Connection> m_connection;
    const qint64 m_count;
    const Source m_source;
    qint64 m_sent = 0;
    qint64 m_acknowledged = 0;
    qint64 m_acknowledgedBytes = 0;
    Qp2p::Message m_next; //!< waits for room in the queue
    QHash<quint64, qint64> m_sizes; //!< by message id, of those under way
    QElapsedTimer m_elapsed;
};
