// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/connectionrecords.h>

#include <models/shown.h>

namespace Qp2p::Gui {

namespace {

std::shared_ptr<const ConnectionFacts> factsOf(const Connection &connection)
{
    auto facts = std::make_shared<ConnectionFacts>();
    facts->id = connection.id();
    facts->peerId = connection.peerId();
    facts->direction = connection.direction();
    facts->acceptance = connection.acceptance();
    facts->certificates = connection.peerCertificates();
    facts->agent = connection.peerAgent();
    facts->qlogFile = connection.qlogFile();
    facts->openedAt = QDateTime::currentDateTimeUtc();
    if (!facts->certificates.isEmpty())
        facts->name = nameInCertificate(facts->certificates.first());
    if (const QByteArray authority = facts->acceptance.authority(); !authority.isEmpty())
        facts->authority = nameInCertificate(authority);
    return facts;
}

} // namespace

ConnectionRecords::ConnectionRecords(const Network &network, QObject *parent)
    : QObject(parent)
    , m_network(network)
{
    const Endpoint *endpoint = network.endpoint();
    connect(endpoint, &Endpoint::connectionOpened, this, &ConnectionRecords::opened);
    connect(endpoint, &Endpoint::connectionClosed, this, &ConnectionRecords::closed);
}

void ConnectionRecords::opened(Connection *connection)
{
    Record record;
    record.facts = factsOf(*connection);
    record.path.append({record.facts->openedAt, connection->peerAddress()});
    const quint64 id = record.facts->id;
    m_open.insert_or_assign(id, std::move(record));
    connect(connection, &Connection::peerAddressChanged, this,
            [this, id](const PeerAddress &address) { moved(id, address); });
}

void ConnectionRecords::moved(quint64 id, const PeerAddress &address)
{
    const auto found = m_open.find(id);
    if (found == m_open.end())
        return;
    QList<PathChange> &path = found->second.path;
    if (path.size() == MaxPathChanges)
        path.removeAt(1);
    path.append({QDateTime::currentDateTimeUtc(), address});
}

void ConnectionRecords::closed(Connection *connection, const Error &reason)
{
    const auto found = m_open.find(connection->id());
    if (found == m_open.end())
        return;
    ConnectionSnapshot row = rowOf(*connection, found->second);
    row.state = ConnectionSnapshot::State::Closed;
    row.sendRate = 0;
    row.receiveRate = 0;
    row.closeReason = reason;
    row.closedAt = QDateTime::currentDateTimeUtc();
    m_closed.emplace_front(std::move(row), std::move(found->second));
    m_open.erase(found);
    if (m_closed.size() > size_t(MaxClosed))
        m_closed.pop_back();
}

ConnectionSnapshot ConnectionRecords::rowOf(const Connection &connection, const Record &record) const
{
    ConnectionSnapshot row;
    row.facts = record.facts;
    row.address = connection.peerAddress();
    row.path = connection.path();
    row.stats = connection.stats();
    row.sendRate = record.sendRate;
    row.receiveRate = record.receiveRate;
    if (const Peer *peer = m_network.peer(record.facts->peerId)) {
        row.state = ConnectionSnapshot::State::Open;
        row.role = peer->role();
        row.link = peer->link();
    }
    return row;
}

QList<ConnectionSnapshot> ConnectionRecords::rows() const
{
    const QList<Connection *> connections = m_network.endpoint()->connections();
    QList<ConnectionSnapshot> rows;
    rows.reserve(connections.size() + qsizetype(m_closed.size()));
    for (const Connection *connection : connections) {
        const auto found = m_open.find(connection->id());
        if (found != m_open.end())
            rows.append(rowOf(*connection, found->second));
    }
    for (const auto &[row, record] : m_closed)
        rows.append(row);
    return rows;
}

ConnectionDetails ConnectionRecords::details(quint64 id) const
{
    const Record *record = id == 0 ? &m_whole : nullptr;
    if (const auto found = m_open.find(id); found != m_open.end())
        record = &found->second;
    for (const auto &[row, closed] : m_closed) {
        if (row.facts->id == id)
            record = &closed;
    }
    if (!record)
        return {id, {}, {}};
    return {id, record->history.samples(), record->path};
}

void ConnectionRecords::measure(double now)
{
    const double passed = now - m_measuredAt;
    m_measuredAt = now;
    if (passed <= 0)
        return;
    const auto sampleOf = [&](Record &record, quint64 sent, quint64 received) {
        record.sendRate = double(sent - record.sent) / passed;
        record.receiveRate = double(received - record.received) / passed;
        record.sent = sent;
        record.received = received;
        return Sample{now, 0, 0, float(record.sendRate), float(record.receiveRate)};
    };
    const QList<Connection *> connections = m_network.endpoint()->connections();
    for (const Connection *connection : connections) {
        const auto found = m_open.find(connection->id());
        if (found == m_open.end())
            continue;
        const ConnectionStats stats = connection->stats();
        Sample sample = sampleOf(found->second, stats.bytesSent, stats.bytesReceived);
        sample.rtt = float(double(stats.smoothedRtt.count()) / 1e6);
        sample.congestionWindow = float(stats.congestionWindow);
        found->second.history.add(sample);
    }
    const EndpointStats stats = m_network.endpoint()->stats();
    m_whole.history.add(sampleOf(m_whole, stats.bytesSent, stats.bytesReceived));
}

} // namespace Qp2p::Gui
