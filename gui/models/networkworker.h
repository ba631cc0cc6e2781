// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The network in its own thread, so that neither it nor the window ever waits for the other.
#pragma once

#include <models/connectionrecords.h>
#include <models/messageexchange.h>
#include <models/snapshot.h>

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include <memory>

namespace Qp2p::Gui {

//! \brief Owns a Network, and reports it in values only. Everything but the constructor runs in the
//! thread that it was moved to.
//!
//! Nothing that peers can make happen often is reported as it happens: tables are read with snapshot(), and
//! messages are handed over in batches, the next one once messagesTaken() says so.
class NetworkWorker : public QObject
{
    Q_OBJECT

public:
    NetworkWorker(const NetworkConfig &config, const QList<PeerAddress> &contacts);
    ~NetworkWorker() override;

    void start();
    void leave();
    //! Replaces the attempt that is under way, also the automatic one: only the latest one is reported.
    void join(const QList<PeerAddress> &contacts);
    void cancelJoin();
    void dial(const PeerAddress &address);
    void closeConnection(quint64 id);
    void block(const PeerId &peerId);
    void unblock(const PeerId &peerId);
    void unblockAddress(const QHostAddress &address);
    void snapshot();
    void details(quint64 id);
    void send(const MessageRecord &record);
    void reply(quint64 requestId, const MessageRecord &record);
    void setEcho(bool echo);
    void messagesTaken();
    void addToCache(const QList<PeerAddress> &addresses);
    void removeFromCache(const QList<PeerId> &peerIds);
    void clearCache();
    void exportCache(const QString &fileName);
    void trustNewKey(const PeerId &known, const PeerAddress &address);
    void reloadAuthorities();
    void setQlogDirectory(const QString &directory);

Q_SIGNALS:
    void started(const Qp2p::NetworkStatus &status);
    //! Nothing is tried any more.
    void startFailed(const Qp2p::Error &error);
    void left();
    void stateChanged(Qp2p::Network::State state);
    void candidatesChanged(const QList<Qp2p::JoinCandidate> &candidates);
    void joinFinished(const Qp2p::Error &error);
    void dialFinished(const Qp2p::PeerAddress &address, const Qp2p::Error &error);
    void cacheChanged(const QList<Qp2p::BootstrapCache::Entry> &entries);
    void blockListChanged(const QList<Qp2p::PeerId> &peers, const QList<QHostAddress> &addresses);
    void peerKeyChanged(const Qp2p::BootstrapCache::Entry &known, const Qp2p::Error &error);
    void snapshotReady(const Qp2p::Gui::NetworkSnapshot &snapshot);
    void detailsReady(const Qp2p::Gui::ConnectionDetails &details);
    //! \a dropped came faster than they can be shown.
    void messagesArrived(const QList<Qp2p::Gui::MessageRecord> &messages, quint64 dropped);
    void messageChanged(quint64 id, Qp2p::Gui::MessageRecord::Status status,
                        const Qp2p::Error &error);
    void problem(const Qp2p::Error &error);
    //! Something worked that takes time, in a sentence.
    void done(const QString &what);

private:
    void connectNetwork();
    void reportConflict(const PeerId &peerId, const QList<PeerAddress> &addresses);
    void reportExpiry(const PeerId &peerId, const QDateTime &when);
    void watchJoin(const QFuture<Result<void>> &joining);
    void reportBlockList();

    const NetworkConfig m_config;
    const QList<PeerAddress> m_contacts;
    std::unique_ptr<Network> m_network;
    std::unique_ptr<ConnectionRecords> m_connections;
    std::unique_ptr<MessageExchange> m_messages;
    QElapsedTimer m_clock;
    QTimer m_ticker;
    QTimer m_cacheTimer;
    QTimer m_candidatesTimer;
    bool m_echo = false;
    bool m_replacesJoin = false; //!< its states are of no interest
    quint64 m_joins = 0; //!< begun; the latest counts
};

} // namespace Qp2p::Gui
