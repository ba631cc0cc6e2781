// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/candidatemodel.h>

#include <models/shown.h>

namespace Qp2p::Gui {

CandidateModel::CandidateModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void CandidateModel::setCandidates(const QList<JoinCandidate> &candidates)
{
    QList<Row> rows;
    for (qsizetype i = 0; i < candidates.size(); ++i) {
        rows.append({i, false});
        if (candidates.at(i).error.isError())
            rows.append({i, true});
    }
    if (rows == m_rows) {
        m_candidates = candidates;
        if (!rows.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(int(rows.size()) - 1, ColumnCount - 1));
        return;
    }
    beginResetModel(); // some dozens of rows
    m_candidates = candidates;
    m_rows = rows;
    endResetModel();
}

int CandidateModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CandidateModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CandidateModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows.at(index.row());
    const JoinCandidate &candidate = m_candidates.at(row.candidate);
    if (role == ReasonRole)
        return row.isReason;
    if (role == Qt::ToolTipRole && row.isReason)
        return shownAsToolTip(candidate.error.message, 1024);
    if (role != Qt::DisplayRole)
        return {};
    if (row.isReason)
        return index.column() == 0 ? shown(candidate.error.message, 512) : QString();
    switch (index.column()) {
    case Address: {
        const PeerAddress address = candidate.addresses.value(0);
        if (address.peerId().isNull())
            return address.endpointString();
        //: a peer id, and the address where it is dialled
        return tr("%1 at %2").arg(shortId(address.peerId()), address.endpointString());
    }
    case Source:
        return candidateSourceText(candidate.source);
    case State:
        return candidateStateText(candidate.state);
    default:
        return {};
    }
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Address:
        return tr("Candidate");
    case Source:
        return tr("Source");
    case State:
        return tr("State");
    default:
        return {};
    }
}

} // namespace Qp2p::Gui
