// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/peermodel.h>

#include <models/tabletext.h>

#include <algorithm>

namespace Qp2p::Gui {

using State = ConnectionSnapshot::State;

namespace {

//! Whether no cell of the two differs. Facts are compared as pointers: they are made once.
bool looksSame(const ConnectionSnapshot &a, const ConnectionSnapshot &b)
{
    return a.facts == b.facts && a.state == b.state && a.address == b.address && a.path == b.path
        && a.role == b.role && a.link == b.link && a.stats.age == b.stats.age
        && a.stats.smoothedRtt == b.stats.smoothedRtt && a.stats.bytesSent == b.stats.bytesSent
        && a.stats.bytesReceived == b.stats.bytesReceived && a.sendRate == b.sendRate
        && a.receiveRate == b.receiveRate && a.closeReason.message == b.closeReason.message;
}

//! Open ones first, then those that are being linked, then the latest that closed.
bool isBetter(const ConnectionSnapshot &a, const ConnectionSnapshot &b)
{
    const auto rank = [](State state) {
        return state == State::Open ? 0 : state == State::Linking ? 1 : 2;
    };
    if (rank(a.state) != rank(b.state))
        return rank(a.state) < rank(b.state);
    return a.state == State::Closed && a.closedAt > b.closedAt;
}

bool isText(int role)
{
    return role == Qt::DisplayRole || role == CopyRole || role == ConnectionModel::SearchRole
        || role == ConnectionModel::ExportRole;
}

bool contains(const QList<const ConnectionSnapshot *> &fresh, quint64 id)
{
    return std::any_of(fresh.begin(), fresh.end(),
                       [id](const auto *connection) { return connection->facts->id == id; });
}

} // namespace

PeerModel::PeerModel(ConnectionModel &connections, QObject *parent)
    : QAbstractItemModel(parent)
    , m_connections(connections)
{
    connect(&connections, &ConnectionModel::updated, this, &PeerModel::update);
    connect(&connections, &ConnectionModel::unitsChanged, this, &PeerModel::announceAll);
    update();
}

PeerModel::~PeerModel() = default;

void PeerModel::setBlocked(const QList<PeerId> &peers)
{
    const QSet<PeerId> blocked(peers.begin(), peers.end());
    if (std::exchange(m_blocked, blocked) != blocked)
        announceAll();
}

void PeerModel::setExpanded(const QModelIndex &peer, bool isExpanded)
{
    if (!peer.isValid() || peer.internalId() != 0 || peer.row() >= m_rows.size())
        return;
    m_rows[peer.row()].isExpanded = isExpanded;
    if (isExpanded)
        announceConnections(peer.row()); // what was not announced meanwhile
}

// --- Updates ------------------------------------------------------------------------------------

void PeerModel::update()
{
    QHash<Key, Fresh> fresh;
    QList<Key> order;
    for (const ConnectionSnapshot &connection : m_connections.rows()) {
        const PeerId &peer = connection.facts->peerId;
        const Key key{peer, peer.isNull() ? connection.facts->id : 0};
        Fresh &connections = fresh[key];
        if (connections.isEmpty())
            order.append(key);
        connections.append(&connection);
    }
    removeMissing(fresh);

    int firstChanged = -1; // of the run that is not announced yet
    for (int row = 0; row < int(m_rows.size()); ++row) {
        const bool changed = updateRow(row, fresh.value(m_rows.at(row).key));
        if (changed && firstChanged < 0)
            firstChanged = row;
        if (!changed && firstChanged >= 0)
            announce(std::exchange(firstChanged, -1), row - 1);
    }
    if (firstChanged >= 0)
        announce(firstChanged, int(m_rows.size()) - 1);
    append(order, fresh);
}

void PeerModel::removeMissing(const QHash<Key, Fresh> &fresh)
{
    for (int last = int(m_rows.size()) - 1; last >= 0; --last) {
        if (fresh.contains(m_rows.at(last).key))
            continue;
        int first = last;
        while (first > 0 && !fresh.contains(m_rows.at(first - 1).key))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.remove(first, last - first + 1);
        renumber();
        endRemoveRows();
        last = first;
    }
}

//! Whether the peer's row looks different now.
bool PeerModel::updateRow(int row, const Fresh &fresh)
{
    bool changed = false;
    Fresh added;
    for (const ConnectionSnapshot *connection : fresh) {
        QList<ConnectionSnapshot> &known = m_rows[row].connections;
        const auto old = std::find_if(known.begin(), known.end(), [connection](const auto &other) {
            return other.facts->id == connection->facts->id;
        });
        if (old == known.end()) {
            added.append(connection);
            continue;
        }
        changed = changed || !looksSame(*old, *connection);
        *old = *connection;
    }
    const auto before = m_rows.at(row).connections.size();
    if (changed && m_rows.at(row).isExpanded)
        announceConnections(row);
    if (!added.isEmpty()) { // before others go: a row without children would be collapsed
        beginInsertRows(index(row, 0), int(before), int(before + added.size()) - 1);
        for (const ConnectionSnapshot *connection : added)
            m_rows[row].connections.append(*connection);
        endInsertRows();
    }
    removeMissingConnections(row, fresh);
    changed = changed || !added.isEmpty() || m_rows.at(row).connections.size() != before;
    if (changed)
        sumUp(m_rows[row]);
    return changed;
}

void PeerModel::removeMissingConnections(int row, const Fresh &fresh)
{
    const QList<ConnectionSnapshot> &known = m_rows.at(row).connections;
    for (int i = int(known.size()) - 1; i >= 0; --i) {
        if (contains(fresh, known.at(i).facts->id))
            continue;
        beginRemoveRows(index(row, 0), i, i);
        m_rows[row].connections.removeAt(i);
        endRemoveRows();
    }
}

void PeerModel::append(const QList<Key> &order, const QHash<Key, Fresh> &fresh)
{
    QSet<Key> known;
    for (const Row &row : std::as_const(m_rows))
        known.insert(row.key);
    QList<Row> added;
    for (const Key &key : order) {
        if (known.contains(key))
            continue;
        Row row;
        row.key = key;
        row.number = ++m_lastNumber;
        for (const ConnectionSnapshot *connection : fresh.value(key))
            row.connections.append(*connection);
        sumUp(row);
        added.append(row);
    }
    if (added.isEmpty())
        return;
    const auto first = int(m_rows.size());
    beginInsertRows({}, first, first + int(added.size()) - 1);
    m_rows += added;
    renumber();
    endInsertRows();
}

void PeerModel::announce(int first, int last)
{
    Q_EMIT dataChanged(index(first, 0), index(last, ConnectionModel::ColumnCount - 1),
                       {Qt::DisplayRole, ConnectionModel::SortRole, ConnectionModel::StateRole});
}

void PeerModel::announceConnections(int row)
{
    const QModelIndex peer = index(row, 0);
    Q_EMIT dataChanged(index(0, 0, peer),
                       index(rowCount(peer) - 1, ConnectionModel::ColumnCount - 1, peer),
                       {Qt::DisplayRole, ConnectionModel::SortRole, ConnectionModel::StateRole});
}

void PeerModel::announceAll()
{
    if (m_rows.isEmpty())
        return;
    for (int row = 0; row < int(m_rows.size()); ++row) {
        if (m_rows.at(row).isExpanded)
            announceConnections(row);
    }
    announce(0, int(m_rows.size()) - 1);
}

void PeerModel::renumber()
{
    m_rowOfNumber.clear();
    m_rowOfNumber.reserve(m_rows.size());
    for (int row = 0; row < int(m_rows.size()); ++row)
        m_rowOfNumber.insert(m_rows.at(row).number, row);
}

void PeerModel::sumUp(Row &row)
{
    const auto best = std::min_element(row.connections.begin(), row.connections.end(), isBetter);
    row.sum = *best;
    row.hasBothDirections = false;
    row.sum.stats.bytesSent = 0;
    row.sum.stats.bytesReceived = 0;
    row.sum.sendRate = 0;
    row.sum.receiveRate = 0;
    for (const ConnectionSnapshot &connection : std::as_const(row.connections)) {
        row.sum.stats.bytesSent += connection.stats.bytesSent;
        row.sum.stats.bytesReceived += connection.stats.bytesReceived;
        row.sum.sendRate += connection.sendRate;
        row.sum.receiveRate += connection.receiveRate;
        if (connection.state == best->state) {
            row.sum.stats.age = std::max(row.sum.stats.age, connection.stats.age);
            row.hasBothDirections = row.hasBothDirections
                || connection.facts->direction != best->facts->direction;
        }
    }
}

// --- What is asked of it ------------------------------------------------------------------------

QList<ConnectionSnapshot> PeerModel::connectionsAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const QList<ConnectionSnapshot> &all = m_rows.at(peerIndex(index).row()).connections;
    return index.internalId() == 0 ? all : all.mid(index.row(), 1);
}

PeerId PeerModel::peerAt(const QModelIndex &index) const
{
    return index.isValid() ? m_rows.at(peerIndex(index).row()).key.peer : PeerId();
}

QModelIndex PeerModel::peerIndex(const QModelIndex &index) const
{
    return index.internalId() == 0 ? index : parent(index);
}

QModelIndex PeerModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ConnectionModel::ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? m_rows.at(parent.row()).number : 0);
}

QModelIndex PeerModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    const int row = m_rowOfNumber.value(index.internalId(), -1);
    return row < 0 ? QModelIndex() : createIndex(row, 0, quintptr(0));
}

int PeerModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_rows.size());
    return parent.internalId() == 0 && parent.column() == 0
        ? int(m_rows.at(parent.row()).connections.size())
        : 0;
}

int PeerModel::columnCount(const QModelIndex &) const
{
    return ConnectionModel::ColumnCount;
}

QVariant PeerModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == 0)
        return peerData(m_rows.at(index.row()), index.column(), role);
    const Row &row = m_rows.at(parent(index).row());
    return connectionData(row, row.connections.at(index.row()), index.column(), role);
}

//! What a block changes in \a row and in those below it; invalid where it changes nothing.
QVariant PeerModel::blockedData(const Row &row, int column, int role) const
{
    if (role == ConnectionModel::BlockedRole)
        return m_blocked.contains(row.key.peer);
    if (column == ConnectionModel::State && isText(role) && m_blocked.contains(row.key.peer))
        return tr("Blocked", "state of a peer");
    return {};
}

QVariant PeerModel::peerData(const Row &row, int column, int role) const
{
    if (const QVariant blocked = blockedData(row, column, role); blocked.isValid())
        return blocked;
    if (isText(role) && column == ConnectionModel::Direction && row.hasBothDirections)
        return tr("Both", "directions of a peer's connections");
    return m_connections.cell(row.sum, column, role);
}

QVariant PeerModel::connectionData(const Row &row, const ConnectionSnapshot &connection, int column,
                                   int role) const
{
    if (const QVariant blocked = blockedData(row, column, role); blocked.isValid())
        return blocked;
    if (role == Qt::DisplayRole && column == ConnectionModel::Peer)
        return directionText(connection.facts->direction);
    if (role == Qt::DisplayRole && column == ConnectionModel::Name)
        return {}; // that of the peer, one row above
    return m_connections.cell(connection, column, role);
}

QVariant PeerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_connections.headerData(section, orientation, role);
}

} // namespace Qp2p::Gui
