// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/networkworker.h>

#include <models/logging.h>
#include <models/shown.h>

#include <qp2pcore/safetext.h>

#include <QFile>
#include <QSaveFile>

#include <atomic>

namespace Qp2p::Gui {

using namespace std::chrono_literals;

NetworkWorker::NetworkWorker(const NetworkConfig &config, const QList<PeerAddress> &contacts)
    : m_config(config)
    , m_contacts(contacts)
    , m_ticker(this)
    , m_cacheTimer(this)
    , m_candidatesTimer(this)
    , m_messagesTimer(this)
{
    m_ticker.setInterval(1s);
    connect(&m_ticker, &QTimer::timeout, this, &NetworkWorker::tick);
    m_cacheTimer.setSingleShot(true);
    m_cacheTimer.setInterval(250ms);
    connect(&m_cacheTimer, &QTimer::timeout, this,
            [this] { Q_EMIT cacheChanged(m_network->bootstrapCache()->entries()); });
    m_candidatesTimer.setSingleShot(true);
    m_candidatesTimer.setInterval(100ms);
    connect(&m_candidatesTimer, &QTimer::timeout, this,
            [this] { Q_EMIT candidatesChanged(m_network->joinCandidates()); });
    m_messagesTimer.setSingleShot(true);
    m_messagesTimer.setInterval(150ms);
    connect(&m_messagesTimer, &QTimer::timeout, this, &NetworkWorker::handOverMessages);
}

NetworkWorker::~NetworkWorker()
{
    // Before all else, for it may still tell of connections that end with it.
    m_network.reset();
}

quint64 NetworkWorker::nextMessageId()
{
    static std::atomic<quint64> last{0};
    return ++last;
}

// --- Life ---------------------------------------------------------------------------------------

void NetworkWorker::start()
{
    m_clock.start();
    m_network = std::make_unique<Network>(m_config);
    connectNetwork();
    const QFuture<Result<void>> joining = m_network->join(m_contacts);
    if (joining.isFinished() && !joining.result()) { // it could not even begin
        Q_EMIT startFailed(joining.result().error());
        return;
    }
    watchJoin(joining);
    Q_EMIT started(m_network->peerId());
    if (const QString damage = m_network->bootstrapCache()->damage(); !damage.isEmpty())
        Q_EMIT problem(Error(ErrorCode::FileUnreadable, damage));
    Q_EMIT cacheChanged(m_network->bootstrapCache()->entries());
    tellBlockList();
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
    connect(network, &Network::peerConnected, this, &NetworkWorker::peerConnected);
    connect(network, &Network::peerDisconnected, this, [](Peer *peer, const Error &reason) {
        qCInfo(lcApp).noquote() << tr("The peer %1 was disconnected: %2")
                                       .arg(peer->id().toString(), safeText(reason.message));
    });
    connect(network, &Network::peerKeyChanged, this, &NetworkWorker::peerKeyChanged);
    connect(network, &Network::errorOccurred, this, &NetworkWorker::problem);
    connect(network->endpoint(), &Endpoint::connectionOpened, this,
            &NetworkWorker::connectionOpened);
    connect(network->endpoint(), &Endpoint::connectionClosed, this,
            &NetworkWorker::connectionClosed);
    const auto cacheTouched = [this] {
        if (!m_cacheTimer.isActive())
            m_cacheTimer.start();
    };
    const BootstrapCache *cache = network->bootstrapCache();
    connect(cache, &BootstrapCache::entryAdded, this, cacheTouched);
    connect(cache, &BootstrapCache::entryChanged, this, cacheTouched);
    connect(cache, &BootstrapCache::entryRemoved, this, cacheTouched);
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
        Q_EMIT done(tr("The authorities have been read again. They apply to new connections."));
}

void NetworkWorker::setQlogDirectory(const QString &directory)
{
    if (const Result<void> set = m_network->endpoint()->setQlogDirectory(directory); !set)
        Q_EMIT problem(set.error());
}

// --- Connections --------------------------------------------------------------------------------

void NetworkWorker::connectionOpened(Connection *connection)
{
    auto facts = std::make_shared<ConnectionFacts>();
    facts->id = connection->id();
    facts->peerId = connection->peerId();
    facts->direction = connection->direction();
    facts->acceptance = connection->acceptance();
    facts->certificates = connection->peerCertificates();
    facts->agent = connection->peerAgent();
    facts->qlogFile = connection->qlogFile();
    facts->openedAt = QDateTime::currentDateTimeUtc();
    if (!facts->certificates.isEmpty())
        facts->name = nameInCertificate(facts->certificates.first());
    if (const QByteArray authority = facts->acceptance.authority(); !authority.isEmpty())
        facts->authority = nameInCertificate(authority);

    Record record;
    record.facts = facts;
    record.path.append({facts->openedAt, connection->peerAddress()});
    m_records.insert_or_assign(facts->id, std::move(record));
    connect(connection, &Connection::peerAddressChanged, this,
            [this, id = facts->id](const PeerAddress &address) {
                constexpr qsizetype mostChanges = 100; // a peer may move as often as it likes
                const auto found = m_records.find(id);
                if (found == m_records.end())
                    return;
                QList<PathChange> &path = found->second.path;
                if (path.size() == mostChanges)
                    path.removeAt(1);
                path.append({QDateTime::currentDateTimeUtc(), address});
            });
}

void NetworkWorker::connectionClosed(Connection *connection, const Error &reason)
{
    const auto found = m_records.find(connection->id());
    if (found == m_records.end() || !m_network)
        return;
    ConnectionSnapshot row = rowOf(*connection, found->second);
    row.state = ConnectionSnapshot::State::Closed;
    row.sendRate = 0;
    row.receiveRate = 0;
    row.closeReason = reason;
    row.closedAt = QDateTime::currentDateTimeUtc();
    m_closed.emplace_front(std::move(row), std::move(found->second));
    m_records.erase(found);
    if (m_closed.size() > MostClosed)
        m_closed.pop_back();
}

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

ConnectionSnapshot NetworkWorker::rowOf(const Connection &connection, const Record &record) const
{
    ConnectionSnapshot row;
    row.facts = record.facts;
    row.address = connection.peerAddress();
    row.stats = connection.stats();
    row.sendRate = record.sendRate;
    row.receiveRate = record.receiveRate;
    if (const Peer *peer = m_network->peer(record.facts->peerId)) {
        row.state = ConnectionSnapshot::State::Open;
        row.role = peer->role();
        row.link = peer->link();
    }
    return row;
}

FamilyStatus NetworkWorker::familyStatus(QAbstractSocket::NetworkLayerProtocol family) const
{
    return {m_network->reachability(family), m_network->observedAddress(family),
            m_config.externalPort(family)};
}

namespace {

//! Whether somebody answered, and a rule of either side was against it.
bool isRefusal(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HandshakeFailed:
    case ErrorCode::NoCommonProtocol:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::WrongNetwork:
    case ErrorCode::OwnAddress:
    case ErrorCode::Blocked:
    case ErrorCode::NotAMember:
    case ErrorCode::NotReachable:
        return true;
    default:
        return code >= ErrorCode::CertificateRejected && code <= ErrorCode::PeerIdMismatch;
    }
}

JoinFailures failuresOf(const QList<JoinCandidate> &candidates)
{
    JoinFailures failures;
    for (const JoinCandidate &candidate : candidates) {
        if (candidate.state != JoinCandidate::State::Failed)
            continue;
        const ErrorCode code = candidate.error.code;
        const auto counted = std::find_if(failures.refused.begin(), failures.refused.end(),
                                          [code](const auto &rule) { return rule.first == code; });
        if (!isRefusal(code))
            ++failures.unanswered;
        else if (counted != failures.refused.end())
            ++counted->second;
        else
            failures.refused.append({code, 1});
    }
    return failures;
}

} // namespace

void NetworkWorker::snapshot()
{
    NetworkSnapshot now;
    if (m_network) {
        const Endpoint *endpoint = m_network->endpoint();
        now.state = m_network->state();
        now.role = m_network->role();
        now.wantedRole = m_config.role();
        now.isListening = endpoint->isListening();
        now.localAddress = endpoint->localAddress();
        now.localPort = endpoint->localPort();
        now.wantedAddress = m_config.listenAddress();
        now.keepsPort = m_config.listenPort() != 0;
        if (now.state == Network::State::Waiting)
            now.failures = failuresOf(m_network->joinCandidates());
        now.ipv4 = familyStatus(QAbstractSocket::IPv4Protocol);
        now.ipv6 = familyStatus(QAbstractSocket::IPv6Protocol);
        now.peers = m_network->peers().size();
        now.stats = endpoint->stats();
        now.sendRate = m_whole.sendRate;
        now.receiveRate = m_whole.receiveRate;
        const QList<Connection *> connections = endpoint->connections();
        now.connections.reserve(connections.size() + qsizetype(m_closed.size()));
        for (const Connection *connection : connections) {
            const auto found = m_records.find(connection->id());
            if (found != m_records.end())
                now.connections.append(rowOf(*connection, found->second));
        }
        for (const auto &[row, record] : m_closed)
            now.connections.append(row);
    }
    Q_EMIT snapshotReady(now);
}

void NetworkWorker::details(quint64 id)
{
    const Record *record = id == 0 ? &m_whole : nullptr;
    if (const auto found = m_records.find(id); found != m_records.end())
        record = &found->second;
    for (const auto &[row, closed] : m_closed) {
        if (row.facts->id == id)
            record = &closed;
    }
    if (record)
        Q_EMIT detailsReady({id, record->history.samples(), record->path});
    else
        Q_EMIT detailsReady({id, {}, {}});
}

//! Once a second, also while nobody looks: plots have no gaps, and rates are right at once.
void NetworkWorker::tick()
{
    const double now = seconds();
    const double passed = now - m_lastTick;
    m_lastTick = now;
    if (passed <= 0)
        return;
    const auto measure = [&](Record &record, quint64 sent, quint64 received) {
        record.sendRate = double(sent - record.sent) / passed;
        record.receiveRate = double(received - record.received) / passed;
        record.sent = sent;
        record.received = received;
        return Sample{now, 0, 0, float(record.sendRate), float(record.receiveRate)};
    };
    const QList<Connection *> connections = m_network->endpoint()->connections();
    for (const Connection *connection : connections) {
        const auto found = m_records.find(connection->id());
        if (found == m_records.end())
            continue;
        const ConnectionStats stats = connection->stats();
        Sample sample = measure(found->second, stats.bytesSent, stats.bytesReceived);
        sample.rtt = float(double(stats.smoothedRtt.count()) / 1e6);
        sample.congestionWindow = float(stats.congestionWindow);
        found->second.history.add(sample);
    }
    const EndpointStats stats = m_network->endpoint()->stats();
    m_whole.history.add(measure(m_whole, stats.bytesSent, stats.bytesReceived));
}

// --- Block list and bootstrap cache -------------------------------------------------------------

void NetworkWorker::tellBlockList()
{
    Q_EMIT blockListChanged(m_network->blockedPeers(), m_network->blockedAddresses());
}

void NetworkWorker::block(const PeerId &peerId)
{
    if (const Result<void> saved = m_network->block(peerId); !saved)
        Q_EMIT problem(saved.error());
    tellBlockList();
}

void NetworkWorker::unblock(const PeerId &peerId)
{
    if (const Result<void> saved = m_network->unblock(peerId); !saved)
        Q_EMIT problem(saved.error());
    tellBlockList();
}

void NetworkWorker::unblockAddress(const QHostAddress &address)
{
    if (const Result<void> saved = m_network->unblock(address); !saved)
        Q_EMIT problem(saved.error());
    tellBlockList();
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
