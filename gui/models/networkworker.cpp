// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/networkworker.h>

#include <models/logging.h>

#include <qp2pcore/safetext.h>

#include <QDateTime>
#include <QFile>
#include <QLocale>
#include <QSaveFile>

namespace Qp2p::Gui {

using namespace std::chrono_literals;

NetworkWorker::NetworkWorker(const NetworkConfig &config, const QList<PeerAddress> &contacts)
    : m_config(config)
    , m_contacts(contacts)
    , m_ticker(this)
    , m_cacheTimer(this)
    , m_candidatesTimer(this)
{
    m_ticker.setInterval(1s);
    // Also while the window is hidden: plots have no gaps, and rates are right immediately.
    connect(&m_ticker, &QTimer::timeout, this,
            [this] { m_connections->measure(double(m_clock.nsecsElapsed()) / 1e9); });
    m_cacheTimer.setSingleShot(true);
    m_cacheTimer.setInterval(250ms);
    connect(&m_cacheTimer, &QTimer::timeout, this,
            [this] { Q_EMIT cacheChanged(m_network->bootstrapCache()->entries()); });
    m_candidatesTimer.setSingleShot(true);
    m_candidatesTimer.setInterval(100ms);
    connect(&m_candidatesTimer, &QTimer::timeout, this,
            [this] { Q_EMIT candidatesChanged(m_network->joinCandidates()); });
}

NetworkWorker::~NetworkWorker()
{
    // They use the network, and the end of its connections is nothing to show any more.
    m_messages.reset();
    m_connections.reset();
    m_network.reset();
}

// --- Life ---------------------------------------------------------------------------------------

void NetworkWorker::start()
{
    m_clock.start();
    m_network = std::make_unique<Network>(m_config);
    m_connections = std::make_unique<ConnectionRecords>(*m_network);
    m_messages = std::make_unique<MessageExchange>(*m_network);
    m_messages->setEcho(m_echo);
    connectNetwork();
    const QFuture<Result<void>> joining = m_network->join(m_contacts);
    if (joining.isFinished() && !joining.result()) { // it could not even begin
        Q_EMIT startFailed(joining.result().error());
        return;
    }
    watchJoin(joining);
    Q_EMIT started(m_network->status());
    if (const QString damage = m_network->bootstrapCache()->damage(); !damage.isEmpty())
        Q_EMIT problem(Error(ErrorCode::FileUnreadable, damage));
    Q_EMIT cacheChanged(m_network->bootstrapCache()->entries());
    reportBlockList();
    m_ticker.start();
}

void NetworkWorker::connectNetwork()
{
    Network *network = m_network.get();
    connect(network, &Network::stateChanged, this, [this](Network::State state) {
        if (m_replacesJoin)
            return;
        Q_EMIT stateChanged(state);
        m_candidatesTimer.start();
        if (state == Network::State::Left) {
            m_ticker.stop();
            Q_EMIT left();
        }
    });
    connect(network, &Network::joinProgress, this, [this] {
        if (!m_candidatesTimer.isActive())
            m_candidatesTimer.start();
    });
    connect(network, &Network::peerConnected, this, [](const Peer *peer) {
        qCInfo(lcApp).noquote() << tr("The peer %1 is connected.").arg(peer->id().toString());
    });
    connect(network, &Network::peerDisconnected, this, [](Peer *peer, const Error &reason) {
        qCInfo(lcApp).noquote() << tr("The peer %1 was disconnected: %2")
                                       .arg(peer->id().toString(), safeText(reason.message));
    });
    connect(network, &Network::peerKeyChanged, this, &NetworkWorker::peerKeyChanged);
    connect(network, &Network::errorOccurred, this, &NetworkWorker::problem);
    connect(network, &Network::identityConflict, this, &NetworkWorker::reportConflict);
    connect(network, &Network::certificateExpiring, this, &NetworkWorker::reportExpiry);
    connect(m_messages.get(), &MessageExchange::arrived, this, &NetworkWorker::messagesArrived);
    connect(m_messages.get(), &MessageExchange::changed, this, &NetworkWorker::messageChanged);
    const auto cacheTouched = [this] {
        if (!m_cacheTimer.isActive())
            m_cacheTimer.start();
    };
    const BootstrapCache *cache = network->bootstrapCache();
    connect(cache, &BootstrapCache::entryAdded, this, cacheTouched);
    connect(cache, &BootstrapCache::entryChanged, this, cacheTouched);
    connect(cache, &BootstrapCache::entryRemoved, this, cacheTouched);
}

void NetworkWorker::reportConflict(const PeerId &peerId, const QList<PeerAddress> &addresses)
{
    QStringList where;
    for (const PeerAddress &address : addresses)
        where.append(address.endpointString());
    Q_EMIT problem(Error(
        ErrorCode::IdentityInUse,
        //: %2 is a list of addresses
        tr("Two programs use the identity of the peer %1 at the same time: %2. Only the one at "
           "the first address stays connected. Ask the operator of the peer whether a machine was "
           "copied.")
            .arg(peerId.toString(), where.join(u", "))));
}

void NetworkWorker::reportExpiry(const PeerId &peerId, const QDateTime &when)
{
    const QString date = QLocale().toString(when.toLocalTime(), QLocale::ShortFormat);
    if (peerId != m_network->peerId()) {
        qCWarning(lcApp).noquote() << tr("The certificate of the peer %1 expires on %2. Its "
                                         "connections are closed then.")
                                          .arg(peerId.toString(), date);
        return;
    }
    Q_EMIT problem(Error(ErrorCode::CertificateExpired,
                         tr("The certificate of this machine expires on %1. Peers do not accept it "
                            "any more then. Get a new certificate from the authority.")
                             .arg(date)));
}

void NetworkWorker::leave()
{
    if (m_network && m_network->state() != Network::State::Left)
        m_network->leave();
    else
        Q_EMIT left();
}

void NetworkWorker::join(const QList<PeerAddress> &contacts)
{
    // Network::join() would let the attempt that is under way conclude first, with its own candidates.
    m_replacesJoin = true;
    m_network->cancelJoin();
    m_replacesJoin = false;
    watchJoin(m_network->join(contacts));
}

void NetworkWorker::watchJoin(const QFuture<Result<void>> &joining)
{
    auto *watcher = new QFutureWatcher<Result<void>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, number = ++m_joins] {
        watcher->deleteLater();
        if (number != m_joins)
            return; // a later one has taken its place
        Q_EMIT candidatesChanged(m_network->joinCandidates());
        Q_EMIT joinFinished(watcher->result().error());
    });
    watcher->setFuture(joining);
}

void NetworkWorker::cancelJoin()
{
    m_network->cancelJoin();
}

void NetworkWorker::dial(const PeerAddress &address)
{
    auto *watcher = new QFutureWatcher<Result<QPointer<Peer>>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, address] {
        watcher->deleteLater();
        Q_EMIT dialFinished(address, watcher->result().error());
    });
    watcher->setFuture(m_network->connectTo(address));
}

void NetworkWorker::reloadAuthorities()
{
    if (const Result<void> read = m_network->endpoint()->reloadAuthorities(); !read)
        Q_EMIT problem(read.error());
    else
        Q_EMIT done(tr("The authorities have been read again. Connections to peers that they no "
                       "longer accept are closed."));
}

void NetworkWorker::setQlogDirectory(const QString &directory)
{
    if (const Result<void> set = m_network->endpoint()->setQlogDirectory(directory); !set)
        Q_EMIT problem(set.error());
}

// --- Connections --------------------------------------------------------------------------------

void NetworkWorker::closeConnection(quint64 id)
{
    const QList<Connection *> connections = m_network->endpoint()->connections();
    for (Connection *connection : connections) {
        if (connection->id() != id)
            continue;
        if (Peer *peer = m_network->peer(connection->peerId()))
            peer->close();
        else
            connection->close();
        return;
    }
}

void NetworkWorker::snapshot()
{
    NetworkSnapshot now;
    if (m_network) {
        now.status = m_network->status();
        now.sendRate = m_connections->sendRate();
        now.receiveRate = m_connections->receiveRate();
        now.connections = m_connections->rows();
    }
    Q_EMIT snapshotReady(now);
}

void NetworkWorker::details(quint64 id)
{
    Q_EMIT detailsReady(m_connections ? m_connections->details(id) : ConnectionDetails{id, {}, {}});
}

// --- Messages -----------------------------------------------------------------------------------

void NetworkWorker::send(const MessageRecord &record)
{
    m_messages->send(record);
}

void NetworkWorker::reply(quint64 requestId, const MessageRecord &record)
{
    m_messages->reply(requestId, record);
}

void NetworkWorker::setEcho(bool echo)
{
    m_echo = echo;
    if (m_messages)
        m_messages->setEcho(echo);
}

void NetworkWorker::messagesTaken()
{
    m_messages->taken();
}

// --- Block list and bootstrap cache -------------------------------------------------------------

void NetworkWorker::reportBlockList()
{
    Q_EMIT blockListChanged(m_network->blockedPeers(), m_network->blockedAddresses());
}

void NetworkWorker::block(const PeerId &peerId)
{
    if (const Result<void> saved = m_network->block(peerId); !saved)
        Q_EMIT problem(saved.error());
    reportBlockList();
}

void NetworkWorker::unblock(const PeerId &peerId)
{
    if (const Result<void> saved = m_network->unblock(peerId); !saved)
        Q_EMIT problem(saved.error());
    reportBlockList();
}

void NetworkWorker::unblockAddress(const QHostAddress &address)
{
    if (const Result<void> saved = m_network->unblock(address); !saved)
        Q_EMIT problem(saved.error());
    reportBlockList();
}

void NetworkWorker::addToCache(const QList<PeerAddress> &addresses)
{
    for (const PeerAddress &address : addresses) {
        if (const Result<void> added = m_network->bootstrapCache()->add(address); !added) {
            Q_EMIT problem(added.error());
            return;
        }
    }
}

void NetworkWorker::removeFromCache(const QList<PeerId> &peerIds)
{
    for (const PeerId &peerId : peerIds)
        m_network->bootstrapCache()->remove(peerId);
}

void NetworkWorker::clearCache()
{
    m_network->bootstrapCache()->clear();
}

void NetworkWorker::exportCache(const QString &fileName)
{
    QSaveFile file(fileName);
    const auto fail = [&] {
        Q_EMIT problem(
            Error(ErrorCode::FileWriteFailed,
                  tr("The nodes could not be written to \"%1\": %2. Choose another folder.")
                      .arg(fileName, file.errorString())));
    };
    if (!file.open(QFile::WriteOnly)) {
        fail();
        return;
    }
    const QList<BootstrapCache::Entry> entries = m_network->bootstrapCache()->entries();
    for (const BootstrapCache::Entry &entry : entries) {
        const PeerAddress first = entry.addresses.value(0);
        file.write(PeerAddress(first.address(), first.port(), entry.peerId).toString().toUtf8()
                   + '\n');
    }
    if (!file.commit())
        fail();
    else
        Q_EMIT done(
            tr("%n nodes were written to \"%1\".", nullptr, int(entries.size())).arg(fileName));
}

void NetworkWorker::trustNewKey(const PeerId &known, const PeerAddress &address)
{
    m_network->bootstrapCache()->remove(known);
    dial(address);
}

} // namespace Qp2p::Gui
