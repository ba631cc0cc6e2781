// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/connectionmodel.h>

#include <models/tabletext.h>

#include <QSet>
#include <QtEndian>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using SnapshotState = ConnectionSnapshot::State;

QByteArray addressSortKey(const PeerAddress &address)
{
    QByteArray key;
    const QHostAddress ip = address.address();
    if (ip.protocol() == QAbstractSocket::IPv4Protocol) {
        key.append('4');
        const quint32 bytes = qToBigEndian(ip.toIPv4Address());
        key.append(reinterpret_cast<const char *>(&bytes), sizeof bytes);
    } else if (ip.protocol() == QAbstractSocket::IPv6Protocol) {
        key.append('6');
        const Q_IPV6ADDR bytes = ip.toIPv6Address();
        key.append(reinterpret_cast<const char *>(bytes.c), sizeof bytes.c);
    } else {
        key.append('9');
        key.append(address.host().toUtf8());
    }
    const quint16 port = qToBigEndian(address.port());
    key.append(reinterpret_cast<const char *>(&port), sizeof port);
    return key;
}

namespace {

std::chrono::seconds ageOf(const ConnectionSnapshot &row)
{
    return std::chrono::duration_cast<std::chrono::seconds>(row.stats.age);
}

double millisecondsOf(std::chrono::nanoseconds duration)
{
    return double(duration.count()) / 1e6;
}

} // namespace

ConnectionModel::ConnectionModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void ConnectionModel::setUnits(Units units)
{
    if (m_units == units)
        return;
    m_units = units;
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1),
                           {Qt::DisplayRole});
    Q_EMIT unitsChanged();
}

void ConnectionModel::update(const QList<ConnectionSnapshot> &connections)
{
    QHash<quint64, qsizetype> fresh;
    fresh.reserve(connections.size());
    for (qsizetype i = 0; i < connections.size(); ++i)
        fresh.insert(connections.at(i).facts->id, i);

    // Gone ones, from the end, each run of them together.
    for (auto last = int(m_rows.size()) - 1; last >= 0; --last) {
        if (fresh.contains(m_rows.at(last).facts->id))
            continue;
        int first = last;
        while (first > 0 && !fresh.contains(m_rows.at(first - 1).facts->id))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.remove(first, last - first + 1);
        endRemoveRows();
        last = first;
    }

    m_rowOf.clear();
    m_rowOf.reserve(connections.size());
    for (int row = 0; row < int(m_rows.size()); ++row) {
        const quint64 id = m_rows.at(row).facts->id;
        m_rowOf.insert(id, row);
        m_rows[row] = connections.at(fresh.take(id));
    }
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1),
                           {Qt::DisplayRole, SortRole, StateRole});

    if (!fresh.isEmpty()) {
        const auto firstNew = int(m_rows.size());
        beginInsertRows({}, firstNew, firstNew + int(fresh.size()) - 1);
        for (const ConnectionSnapshot &connection : connections) {
            if (fresh.contains(connection.facts->id)) {
                m_rowOf.insert(connection.facts->id, int(m_rows.size()));
                m_rows.append(connection);
            }
        }
        endInsertRows();
    }
    Q_EMIT updated();
}

const ConnectionSnapshot *ConnectionModel::at(int row) const
{
    return row >= 0 && row < m_rows.size() ? &m_rows.at(row) : nullptr;
}

int ConnectionModel::rowOf(quint64 id) const
{
    return m_rowOf.value(id, -1);
}

const ConnectionSnapshot *ConnectionModel::byId(quint64 id) const
{
    return at(rowOf(id));
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ConnectionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    const ConnectionSnapshot *row = index.isValid() ? at(index.row()) : nullptr;
    return row ? cell(*row, index.column(), role) : QVariant();
}

QVariant ConnectionModel::cell(const ConnectionSnapshot &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case SortRole:
        return sortValue(row, column);
    case ExportRole:
        return exportValue(row, column);
    case CopyRole:
        return column == Peer && !row.facts->peerId.isNull() ? row.facts->peerId.toString()
                                                             : text(row, column);
    case SearchRole:
        if (column >= Rtt && column <= Age)
            return {};
        return column == Peer ? row.facts->peerId.toString() : text(row, column);
    case IdRole:
        return row.facts->id;
    case StateRole:
        return int(row.state);
    case WarningRole:
        return row.facts->peerId.isNull()
            || row.facts->acceptance.mode == CertificateMode::EncryptOnly;
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        if (column >= Rtt && column <= Age)
            return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
        return {};
    default:
        return {};
    }
}

QString ConnectionModel::text(const ConnectionSnapshot &row, int column) const
{
    switch (column) {
    case Peer:
        return row.facts->peerId.isNull() ? tr("Not proven") : shortId(row.facts->peerId);
    case Name:
        return shown(row.facts->name);
    case Address:
        return placeText(row);
    case Role:
        return roleText(row.role);
    case Link:
        return linkText(row.link);
    case Direction:
        return directionText(row.facts->direction);
    case State:
        return stateText(row.state);
    case Rtt:
        return row.stats.smoothedRtt.count() == 0
            ? QString()
            : shownMilliseconds(millisecondsOf(row.stats.smoothedRtt));
    case Sent:
        return shownBytes(double(row.stats.bytesSent), m_units);
    case Received:
        return shownBytes(double(row.stats.bytesReceived), m_units);
    case SendRate:
        return shownRate(row.sendRate, m_units);
    case ReceiveRate:
        return shownRate(row.receiveRate, m_units);
    case Age:
        return shownDuration(ageOf(row));
    case Security:
        if (row.facts->authority.isEmpty())
            return modeText(row.facts->acceptance.mode);
        //: a certificate mode, and the name of the authority that issued the certificate
        return tr("%1: %2").arg(modeText(row.facts->acceptance.mode), shown(row.facts->authority));
    case Reason:
        return shown(row.closeReason.message);
    default:
        return {};
    }
}

QVariant ConnectionModel::sortValue(const ConnectionSnapshot &row, int column)
{
    switch (column) {
    case Peer:
        return row.facts->peerId.toString();
    case Name:
        return row.facts->name;
    case Address:
        return addressSortKey(row.address);
    case Role:
        return int(row.role);
    case Link:
        return int(row.link);
    case Direction:
        return int(row.facts->direction);
    case State:
        return int(row.state);
    case Rtt:
        return qlonglong(row.stats.smoothedRtt.count());
    case Sent:
        return row.stats.bytesSent;
    case Received:
        return row.stats.bytesReceived;
    case SendRate:
        return row.sendRate;
    case ReceiveRate:
        return row.receiveRate;
    case Age:
        return qlonglong(row.stats.age.count());
    case Security:
        return QString(QString::number(int(row.facts->acceptance.mode)) + row.facts->authority);
    case Reason:
        return row.closeReason.message;
    default:
        return {};
    }
}

QVariant ConnectionModel::exportValue(const ConnectionSnapshot &row, int column)
{
    switch (column) {
    case Peer:
        return row.facts->peerId.toString();
    case Address:
        return row.address.endpointString();
    case Role:
        return roleText(row.role);
    case Link:
        return linkText(row.link);
    case Direction:
        return directionText(row.facts->direction);
    case State:
        return stateText(row.state);
    case Rtt:
        return millisecondsOf(row.stats.smoothedRtt);
    case Age:
        return qlonglong(ageOf(row).count());
    case Security:
        return modeText(row.facts->acceptance.mode);
    default:
        return sortValue(row, column);
    }
}

QString ConnectionModel::toolTip(const ConnectionSnapshot &row, int column) const
{
    switch (column) {
    case Peer:
        return row.facts->peerId.isNull() ? tr("A peer of the old qp2p. It does not prove its key.")
                                          : row.facts->peerId.toString();
    case Name:
        return shownAsToolTip(row.facts->name);
    case State:
        if (row.state == SnapshotState::Linking)
            return tr("The connection is open; the link to the peer is not established yet.");
        return row.state == SnapshotState::Closed ? shownAsToolTip(row.closeReason.message, 1024)
                                                  : QString();
    case Link:
        if (row.link == Peer::Link::Unidirectional)
            return tr(
                "Each of the two nodes dialled the other. Each connection carries messages in "
                "one direction.");
        if (row.link == Peer::Link::Bidirectional)
            return tr("One connection between a client and its node, used in both directions.");
        return {};
    case Security:
        if (row.facts->peerId.isNull())
            return tr("Not secure: this peer of the old qp2p has not proven who it is.");
        if (row.facts->acceptance.mode == CertificateMode::EncryptOnly)
            return tr("Encrypted, but no authority confirms who this is: the peer chose its name. "
                      "Compare the peer id with its owner.");
        return shownAsToolTip(row.facts->authority);
    case Reason:
        return shownAsToolTip(row.closeReason.message, 1024);
    default:
        return {};
    }
}

QVariant ConnectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section >= Rtt && section <= Age)
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Rtt)
        return tr("Smoothed round-trip time (RFC 9002)");
    if (role == Qt::ToolTipRole && section == Peer)
        return tr("SHA-256 of the peer's public key, proven by the handshake");
    if (role == Qt::WhatsThisRole && section == Link)
        return tr("Uni-directional: each side dials a connection and sends messages over its own. "
                  "Bi-directional: one connection carries messages in both directions.");
    if (role == ExportRole)
        return exportName(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Peer:
        return tr("Peer id");
    case Name:
        return tr("Name");
    case Address:
        return tr("Address");
    case Role:
        return tr("Role");
    case Link:
        return tr("Link");
    case Direction:
        return tr("Direction");
    case State:
        return tr("State");
    case Rtt:
        //: round-trip time
        return tr("RTT");
    case Sent:
        return tr("Sent");
    case Received:
        return tr("Received");
    case SendRate:
        return tr("Send rate");
    case ReceiveRate:
        return tr("Receive rate");
    case Age:
        return tr("Connected for");
    case Security:
        return tr("Security");
    case Reason:
        return tr("Closed because");
    default:
        return {};
    }
}

QString ConnectionModel::exportName(int column)
{
    static const QStringList names{
        u"peerId"_s,          u"name"_s,         u"state"_s,         u"security"_s,
        u"address"_s,         u"role"_s,         u"link"_s,          u"direction"_s,
        u"rttMilliseconds"_s, u"bytesSent"_s,    u"bytesReceived"_s, u"sendRate"_s,
        u"receiveRate"_s,     u"connectedFor"_s, u"closedBecause"_s,
    };
    return names.value(column);
}

} // namespace Qp2p::Gui
