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
    const auto before = int(m_candidates.size());
    const auto now = int(candidates.size());
    if (now < before) {
        beginRemoveRows({}, now, before - 1);
        m_candidates.resize(now);
        endRemoveRows();
    } else if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_candidates = candidates;
        endInsertRows();
    }
    m_candidates = candidates;
    if (const int changed = std::min(before, now); changed > 0)
        Q_EMIT dataChanged(index(0, 0), index(changed - 1, ColumnCount - 1));
}

int CandidateModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_candidates.size());
}

int CandidateModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CandidateModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_candidates.size())
        return {};
    const JoinCandidate &candidate = m_candidates.at(index.row());
    if (role == Qt::ToolTipRole && index.column() == Why && candidate.error.isError())
        return shownAsToolTip(candidate.error.message, 1024);
    if (role != Qt::DisplayRole)
        return {};
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
    case Why:
        return shown(candidate.error.message, 512);
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
    case Why:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace Qp2p::Gui
