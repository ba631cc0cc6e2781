// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages, requests and replies between the window and the peers of a network.
#pragma once

#include <models/snapshot.h>

#include <QHash>
#include <QList>
#include <QObject>
#include <QTimer>

#include <deque>
#include <utility>

namespace Qp2p::Gui {

//! \brief Lives in the network's thread. What arrives is handed over in batches, the next one once taken()
//! says so: peers may send faster than a window can show.
class MessageExchange : public QObject
{
    Q_OBJECT

public:
    //! Follows the peers of \a network, which outlives it.
    explicit MessageExchange(const Network &network, QObject *parent = nullptr);

    static constexpr qsizetype MaxWaitingMessages = 500; //!< in a batch
    static constexpr qint64 MaxWaitingBytes = qint64(32) * 1024 * 1024;
    static constexpr qsizetype MaxOpenRequests = 100; //!< that wait for the user's answer

    void send(const MessageRecord &record);
    void reply(quint64 requestId, const MessageRecord &record);
    //! Whether requests are answered with what they carried.
    void setEcho(bool echo) { m_echo = echo; }
    //! The latest batch was shown.
    void taken();

    static quint64 nextId(); //!< any thread

Q_SIGNALS:
    //! \a dropped came faster than they can be shown.
    void arrived(const QList<Qp2p::Gui::MessageRecord> &messages, quint64 dropped);
    void changed(quint64 id, Qp2p::Gui::MessageRecord::Status status, const Qp2p::Error &error);

private:
    void peerConnected(Peer *peer);
    void request(Peer *peer, const MessageRecord &record);
    void take(const MessageRecord &record);
    void takeRequest(const PeerId &peer, const QString &name, const Request &request);
    void handOver();

    const Network &m_network;
    QTimer m_batchTimer;
    QHash<std::pair<PeerId, quint64>, quint64> m_unacknowledged; //!< to the message's id here
    QList<MessageRecord> m_waiting;
    qint64 m_waitingBytes = 0;
    quint64 m_dropped = 0;
    bool m_batchIsOut = false;
    bool m_echo = false;
    std::deque<std::pair<quint64, Request>> m_openRequests; //!< oldest first
};

} // namespace Qp2p::Gui
