// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/connectionfilter.h>

namespace Qp2p::Gui {

ConnectionFilter::ConnectionFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(ConnectionModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

void ConnectionFilter::setText(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void ConnectionFilter::setShown(Shown shown)
{
    m_shown = shown;
    invalidateFilter();
}

bool ConnectionFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QAbstractItemModel *source = sourceModel();
    const auto state = ConnectionSnapshot::State(
        source->index(row, 0, parent).data(ConnectionModel::StateRole).toInt());
    const bool isWanted = m_shown == Shown::All
        || (m_shown == Shown::Open && state == ConnectionSnapshot::State::Open)
        || (m_shown == Shown::Linking && state == ConnectionSnapshot::State::Linking)
        || (m_shown == Shown::Closed && state == ConnectionSnapshot::State::Closed);
    if (!isWanted)
        return false;
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        for (int column = 0; column < source->columnCount(parent); ++column) {
            // Figures change all the time: a row must not come and go with them.
            if (column >= ConnectionModel::Rtt && column <= ConnectionModel::Age)
                continue;
            const QModelIndex index = source->index(row, column, parent);
            const QString text = column == ConnectionModel::Peer
                ? index.data(ConnectionModel::SortRole).toString()
                : index.data(Qt::DisplayRole).toString();
            if (text.contains(word, Qt::CaseInsensitive))
                return true;
        }
        return false;
    });
}

bool ConnectionFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(ConnectionModel::SortRole);
    const QVariant b = right.data(ConnectionModel::SortRole);
    if (a.typeId() == QMetaType::QByteArray)
        return a.toByteArray() < b.toByteArray();
    if (a == b) // equal ones keep their order, so that the table stands still
        return left.row() < right.row();
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace Qp2p::Gui
