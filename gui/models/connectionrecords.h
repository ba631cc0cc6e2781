// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is kept of each connection for the window: its facts, its last minutes, and how it ended.
#pragma once

#include <models/history.h>
#include <models/snapshot.h>

#include <QObject>

#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

namespace Qp2p::Gui {

//! \brief Follows the connections of one network, in its thread. Must not outlive the network.
class ConnectionRecords : public QObject
{
    Q_OBJECT

public:
    explicit ConnectionRecords(const Network &network, QObject *parent = nullptr);

    static constexpr qsizetype MaxClosed = 200; //!< that are remembered; the oldest leaves
    static constexpr qsizetype MaxPathChanges =
        100; //!< of a connection: a peer may move as often as it likes

    //! \brief Takes a sample of each connection. \a now: seconds on a clock of the caller's.
    void measure(double now);

    //! Open ones, then closed ones, the latest first.
    QList<ConnectionSnapshot> rows() const;
    //! \a id 0: the whole endpoint. Empty where there is no such connection.
    ConnectionDetails details(quint64 id) const;
    double sendRate() const { return m_whole.sendRate; } //!< of the endpoint, bytes per second
    double receiveRate() const { return m_whole.receiveRate; }

private:
    struct Record
    {
        std::shared_ptr<const ConnectionFacts> facts;
        History history;
        QList<PathChange> path;
        quint64 sent = 0; //!< bytes, at the last sample
        quint64 received = 0;
        double sendRate = 0;
        double receiveRate = 0;
    };

    void opened(Connection *connection);
    void moved(quint64 id, const PeerAddress &address);
    void closed(Connection *connection, const Error &reason);
    ConnectionSnapshot rowOf(const Connection &connection, const Record &record) const;

    const Network &m_network;
    std::unordered_map<quint64, Record> m_open;
    std::deque<std::pair<ConnectionSnapshot, Record>> m_closed; //!< newest first
    Record m_whole; //!< the endpoint's
    double m_measuredAt = 0;
};

} // namespace Qp2p::Gui
