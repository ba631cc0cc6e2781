// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/cachemodel.h>

#include <models/connectionmodel.h>
#include <models/shown.h>
#include <models/tabletext.h>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

CacheModel::CacheModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

CacheModel::Row CacheModel::rowOf(const BootstrapCache::Entry &entry)
{
    const Result<CertificateInfo> info = CertificateInfo::fromDer(entry.certificate);
    return info ? Row{entry, nameOf(*info), info->fingerprintText()} : Row{entry, entry.name, {}};
}

//! At most 200, so that it may look for each of them; what stays keeps its selection.
void CacheModel::setEntries(const QList<BootstrapCache::Entry> &entries)
{
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        const bool stays = std::any_of(entries.begin(), entries.end(), [&](const auto &entry) {
            return entry.peerId == m_rows.at(row).entry.peerId;
        });
        if (stays)
            continue;
        beginRemoveRows({}, row, row);
        m_rows.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < int(entries.size()); ++row) {
        const BootstrapCache::Entry &entry = entries.at(row);
        int old = row;
        while (old < int(m_rows.size()) && m_rows.at(old).entry.peerId != entry.peerId)
            ++old;
        if (old == int(m_rows.size())) {
            beginInsertRows({}, row, row);
            m_rows.insert(row, rowOf(entry));
            endInsertRows();
            continue;
        }
        if (old != row) {
            beginMoveRows({}, old, old, {}, row);
            m_rows.move(old, row);
            endMoveRows();
        }
        if (m_rows.at(row).entry == entry)
            continue;
        m_rows[row] = rowOf(entry);
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
}

void CacheModel::setCandidates(const QList<JoinCandidate> &candidates)
{
    m_tried.clear();
    for (const JoinCandidate &candidate : candidates) {
        const PeerId peerId = candidate.addresses.value(0).peerId();
        if (!peerId.isNull() && candidate.source != JoinCandidate::Source::Contact)
            m_tried.insert(peerId, candidate.state);
    }
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, Trying), index(int(m_rows.size()) - 1, Trying));
}

const BootstrapCache::Entry *CacheModel::at(int row) const
{
    return row >= 0 && row < m_rows.size() ? &m_rows.at(row).entry : nullptr;
}

int CacheModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CacheModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CacheModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case SortRole:
    case ExportRole:
        return sortValue(row, index.column());
    case CopyRole:
        return index.column() == Peer ? row.entry.peerId.toString() : text(row, index.column());
    case IdRole:
        return QVariant::fromValue(row.entry.peerId);
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        if (index.column() == Successes || index.column() == Failures)
            return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
        return {};
    default:
        return {};
    }
}

QString CacheModel::text(const Row &row, int column) const
{
    const BootstrapCache::Entry &entry = row.entry;
    switch (column) {
    case Peer:
        return shortId(entry.peerId);
    case Name:
        return shown(row.name);
    case Addresses: {
        QStringList all;
        for (const PeerAddress &address : entry.addresses)
            all.append(address.endpointString());
        return all.join(u", "_s);
    }
    case Trying:
        if (const auto tried = m_tried.constFind(entry.peerId); tried != m_tried.constEnd())
            return candidateStateText(*tried);
        return {};
    case LastConnected:
        return entry.successes == 0 ? tr("Never", "last connected")
                                    : shownTime(entry.lastConnected);
    case Successes:
        return QLocale().toString(entry.successes);
    case Failures:
        return QLocale().toString(entry.failures);
    case Certificate:
        return entry.certificate.isEmpty() ? tr("Unknown") : row.fingerprint;
    default:
        return {};
    }
}

QVariant CacheModel::sortValue(const Row &row, int column) const
{
    const BootstrapCache::Entry &entry = row.entry;
    switch (column) {
    case Peer:
        return entry.peerId.toString();
    case Name:
        return row.name;
    case LastConnected:
        return entry.lastConnected;
    case Successes:
        return entry.successes;
    case Failures:
        return entry.failures;
    default:
        return text(row, column);
    }
}

QString CacheModel::toolTip(const Row &row, int column) const
{
    const BootstrapCache::Entry &entry = row.entry;
    switch (column) {
    case Peer:
        return entry.peerId.toString();
    case Name:
        return shownAsToolTip(row.name);
    case Addresses:
        return entry.isAnchor ? tr("An anchor: one of the two nodes that have been linked longest. "
                                   "It is dialled first.")
                              : text(row, column);
    case Failures:
        return tr("Failed attempts since the last success");
    case Certificate:
        return entry.certificate.isEmpty()
            ? tr("Added manually. The certificate is stored after the first connection.")
            : tr("SHA-256 fingerprint of the certificate that the node must present");
    default:
        return {};
    }
}

QVariant CacheModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Successes || section == Failures))
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    if (role == ExportRole) {
        static const QStringList names{u"peerId"_s,   u"name"_s,          u"addresses"_s,
                                       u"trying"_s,   u"lastConnected"_s, u"successes"_s,
                                       u"failures"_s, u"certificate"_s};
        return names.value(section);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Peer:
        return tr("Peer id");
    case Name:
        return tr("Name");
    case Addresses:
        return tr("Addresses");
    case Trying:
        return tr("Last join");
    case LastConnected:
        return tr("Last connected");
    case Successes:
        return tr("Successes");
    case Failures:
        return tr("Failures");
    case Certificate:
        return tr("Certificate");
    default:
        return {};
    }
}

} // namespace Qp2p::Gui
