// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/networkhost.h>

namespace Qp2p::Gui {

NetworkHost::NetworkHost(QObject *parent)
    : QObject(parent)
{
}

NetworkHost::~NetworkHost()
{
    if (!m_thread)
        return;
    m_thread->disconnect(this);
    if (m_worker) {
        m_worker->disconnect(this);
        connect(m_worker, &NetworkWorker::left, m_thread.get(), &QThread::quit,
                Qt::DirectConnection); // this thread does nothing but wait now
        post([](NetworkWorker &worker) { worker.leave(); });
    }
    if (!m_thread->wait(QDeadlineTimer(MaxLeavingTime))) {
        m_thread->quit();
        m_thread->wait();
    }
}

void NetworkHost::start(const NetworkConfig &config, const QList<PeerAddress> &contacts)
{
    if (m_thread) {
        stop();
        m_next = std::make_unique<Next>(Next{config, contacts});
        return;
    }
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(QStringLiteral("network"));
    m_worker = new NetworkWorker(config, contacts);
    m_worker->moveToThread(m_thread.get());
    connectWorker();
    m_thread->start();
    const bool echo = m_echo;
    post([echo](NetworkWorker &worker) {
        worker.setEcho(echo);
        worker.start();
    });
}

void NetworkHost::connectWorker()
{
    NetworkWorker *worker = m_worker;
    connect(m_thread.get(), &QThread::finished, worker, &QObject::deleteLater);
    connect(m_thread.get(), &QThread::finished, this, &NetworkHost::threadFinished);
    connect(worker, &NetworkWorker::left, this, [this] {
        m_worker = nullptr; // it goes with its thread
        m_thread->quit();
    });

    connect(worker, &NetworkWorker::started, this, [this](const NetworkStatus &status) {
        m_last.status = status;
        Q_EMIT started();
    });
    connect(worker, &NetworkWorker::startFailed, this, [this](const Error &error) {
        stop();
        Q_EMIT startFailed(error);
    });
    connect(worker, &NetworkWorker::stateChanged, this, &NetworkHost::setState);
    connect(worker, &NetworkWorker::candidatesChanged, this,
            [this](const QList<JoinCandidate> &candidates) {
                m_candidates = candidates;
                Q_EMIT candidatesChanged(candidates);
            });
    connect(worker, &NetworkWorker::joinFinished, this, &NetworkHost::joinFinished);
    connect(worker, &NetworkWorker::dialFinished, this, &NetworkHost::dialFinished);
    connect(worker, &NetworkWorker::cacheChanged, this,
            [this](const QList<BootstrapCache::Entry> &entries) {
                m_cache = entries;
                Q_EMIT cacheChanged(entries);
            });
    connect(worker, &NetworkWorker::blockListChanged, this,
            [this](const QList<PeerId> &peers, const QList<QHostAddress> &addresses) {
                m_blockedPeers = peers;
                m_blockedAddresses = addresses;
                Q_EMIT blockListChanged();
            });
    connect(worker, &NetworkWorker::peerKeyChanged, this, &NetworkHost::peerKeyChanged);
    connect(worker, &NetworkWorker::snapshotReady, this, [this](const NetworkSnapshot &snapshot) {
        m_refreshing = false;
        m_last = snapshot;
        Q_EMIT snapshotReady(snapshot);
    });
    connect(worker, &NetworkWorker::detailsReady, this, &NetworkHost::detailsReady);
    connect(worker, &NetworkWorker::messagesArrived, this,
            [this](const QList<MessageRecord> &messages, quint64 dropped) {
                Q_EMIT messagesArrived(messages, dropped);
                post([](NetworkWorker &there) { there.messagesTaken(); });
            });
    connect(worker, &NetworkWorker::messageChanged, this, &NetworkHost::messageChanged);
    connect(worker, &NetworkWorker::problem, this, &NetworkHost::problem);
    connect(worker, &NetworkWorker::done, this, &NetworkHost::done);
}

void NetworkHost::stop()
{
    m_next.reset();
    post([](NetworkWorker &worker) { worker.leave(); });
}

void NetworkHost::setState(Network::State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void NetworkHost::threadFinished()
{
    m_thread->wait(); // it is over but for its last instructions
    m_thread.reset();
    forget();
    if (const std::unique_ptr<Next> next = std::exchange(m_next, nullptr)) {
        start(next->config, next->contacts);
        return;
    }
    setState(Network::State::Idle);
    Q_EMIT stopped();
}

void NetworkHost::forget()
{
    m_refreshing = false;
    m_last = {};
    m_candidates.clear();
    Q_EMIT candidatesChanged({});
    Q_EMIT snapshotReady(m_last);
}

void NetworkHost::refresh()
{
    if (!m_worker || m_refreshing)
        return;
    m_refreshing = true;
    post([](NetworkWorker &worker) { worker.snapshot(); });
}

void NetworkHost::requestDetails(quint64 id)
{
    post([id](NetworkWorker &worker) { worker.details(id); });
}

void NetworkHost::join(const QList<PeerAddress> &contacts)
{
    post([contacts](NetworkWorker &worker) { worker.join(contacts); });
}

void NetworkHost::cancelJoin()
{
    post([](NetworkWorker &worker) { worker.cancelJoin(); });
}

void NetworkHost::dial(const PeerAddress &address)
{
    post([address](NetworkWorker &worker) { worker.dial(address); });
}

void NetworkHost::closeConnection(quint64 id)
{
    post([id](NetworkWorker &worker) { worker.closeConnection(id); });
}

void NetworkHost::block(const PeerId &peerId)
{
    post([peerId](NetworkWorker &worker) { worker.block(peerId); });
}

void NetworkHost::unblock(const PeerId &peerId)
{
    post([peerId](NetworkWorker &worker) { worker.unblock(peerId); });
}

void NetworkHost::unblockAddress(const QHostAddress &address)
{
    post([address](NetworkWorker &worker) { worker.unblockAddress(address); });
}

void NetworkHost::send(const MessageRecord &record)
{
    post([record](NetworkWorker &worker) { worker.send(record); });
}

void NetworkHost::reply(quint64 requestId, const MessageRecord &record)
{
    post([requestId, record](NetworkWorker &worker) { worker.reply(requestId, record); });
}

void NetworkHost::setEcho(bool echo)
{
    m_echo = echo;
    post([echo](NetworkWorker &worker) { worker.setEcho(echo); });
}

void NetworkHost::addToCache(const QList<PeerAddress> &addresses)
{
    post([addresses](NetworkWorker &worker) { worker.addToCache(addresses); });
}

void NetworkHost::removeFromCache(const QList<PeerId> &peerIds)
{
    post([peerIds](NetworkWorker &worker) { worker.removeFromCache(peerIds); });
}

void NetworkHost::clearCache()
{
    post([](NetworkWorker &worker) { worker.clearCache(); });
}

void NetworkHost::exportCache(const QString &fileName)
{
    post([fileName](NetworkWorker &worker) { worker.exportCache(fileName); });
}

void NetworkHost::trustNewKey(const PeerId &known, const PeerAddress &address)
{
    post([known, address](NetworkWorker &worker) { worker.trustNewKey(known, address); });
}

void NetworkHost::reloadAuthorities()
{
    post([](NetworkWorker &worker) { worker.reloadAuthorities(); });
}

void NetworkHost::setQlogDirectory(const QString &directory)
{
    post([directory](NetworkWorker &worker) { worker.setQlogDirectory(directory); });
}

} // namespace Qp2p::Gui
