// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The window's end of the network: commands go in, values come out, nothing waits.
#pragma once

#include <models/networkworker.h>

#include <QObject>
#include <QThread>

#include <memory>

namespace Qp2p::Gui {

//! \brief Runs one network at a time in a thread of its own. Lives in the window's thread.
class NetworkHost : public QObject
{
    Q_OBJECT

public:
    explicit NetworkHost(QObject *parent = nullptr);
    //! Leaves, and waits for that: at most three probe timeouts of the slowest peer, and never more than
    //! MaxLeavingTime.
    ~NetworkHost() override;

    static constexpr std::chrono::milliseconds MaxLeavingTime{2500};

    //! \brief Leaves what was joined before, then joins.
    void start(const NetworkConfig &config, const QList<PeerAddress> &contacts);
    //! stopped() follows.
    void stop();
    bool isRunning() const { return m_thread != nullptr; }
    Network::State state() const { return m_state; }
    const NetworkSnapshot &lastSnapshot() const { return m_last; }
    const QList<BootstrapCache::Entry> &cacheEntries() const { return m_cache; }
    const QList<JoinCandidate> &candidates() const { return m_candidates; }
    const QList<PeerId> &blockedPeers() const { return m_blockedPeers; }
    const QList<QHostAddress> &blockedAddresses() const { return m_blockedAddresses; }

    // Each does nothing while no network runs.
    void refresh(); //!< snapshotReady() follows; a second call while one is under way counts for nothing
    void requestDetails(quint64 id); //!< detailsReady() follows
    void join(const QList<PeerAddress> &contacts);
    void cancelJoin();
    void dial(const PeerAddress &address);
    void closeConnection(quint64 id);
    void block(const PeerId &peerId);
    void unblock(const PeerId &peerId);
    void unblockAddress(const QHostAddress &address);
    void send(const MessageRecord &record);
    void reply(quint64 requestId, const MessageRecord &record);
    void setEcho(bool echo);
    void addToCache(const QList<PeerAddress> &addresses);
    void removeFromCache(const QList<PeerId> &peerIds);
    void clearCache();
    void exportCache(const QString &fileName);
    void trustNewKey(const PeerId &known, const PeerAddress &address);
    void reloadAuthorities();
    void setQlogDirectory(const QString &directory);

Q_SIGNALS:
    void started();
    void startFailed(const Qp2p::Error &error);
    void stopped();
    void stateChanged(Qp2p::Network::State state);
    void candidatesChanged(const QList<Qp2p::JoinCandidate> &candidates);
    void joinFinished(const Qp2p::Error &error);
    void dialFinished(const Qp2p::PeerAddress &address, const Qp2p::Error &error);
    void cacheChanged(const QList<Qp2p::BootstrapCache::Entry> &entries);
    void blockListChanged();
    void peerKeyChanged(const Qp2p::BootstrapCache::Entry &known, const Qp2p::Error &error);
    void snapshotReady(const Qp2p::Gui::NetworkSnapshot &snapshot);
    void detailsReady(const Qp2p::Gui::ConnectionDetails &details);
    void messagesArrived(const QList<Qp2p::Gui::MessageRecord> &messages, quint64 dropped);
    void messageChanged(quint64 id, Qp2p::Gui::MessageRecord::Status status,
                        const Qp2p::Error &error);
    void problem(const Qp2p::Error &error);
    void done(const QString &what);

private:
    template<typename Function>
    void post(Function function)
    {
        if (m_worker)
            QMetaObject::invokeMethod(
                m_worker, [worker = m_worker, function] { function(*worker); },
                Qt::QueuedConnection);
    }
    void connectWorker();
    void setState(Network::State state);
    void threadFinished();
    void forget();

    std::unique_ptr<QThread> m_thread;
    NetworkWorker *m_worker = nullptr; //!< deleted when its thread ends
    struct Next
    {
        NetworkConfig config;
        QList<PeerAddress> contacts;
    };
    std::unique_ptr<Next> m_next; //!< to be joined once what runs has been left
    Network::State m_state = Network::State::Idle;
    NetworkSnapshot m_last;
    QList<BootstrapCache::Entry> m_cache;
    QList<JoinCandidate> m_candidates;
    QList<PeerId> m_blockedPeers;
    QList<QHostAddress> m_blockedAddresses;
    bool m_refreshing = false;
    bool m_echo = false;
};

} // namespace Qp2p::Gui
