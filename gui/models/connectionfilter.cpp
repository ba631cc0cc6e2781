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
    if (parent.isValid())
        return true; // a peer is shown whole: rows below rows that come and go are too much for Qt 6.4
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const int connections = sourceModel()->rowCount(index);
    if (connections == 0)
        return acceptsConnection(index);
    for (int i = 0; i < connections; ++i) {
        if (acceptsConnection(sourceModel()->index(i, 0, index)))
            return true;
    }
    return false;
}

bool ConnectionFilter::acceptsConnection(const QModelIndex &connection) const
{
    const auto state = ConnectionSnapshot::State(
        m_shown == Shown::All ? 0 : connection.data(ConnectionModel::StateRole).toInt());
    const bool isWanted = m_shown == Shown::All
        || (m_shown == Shown::Open && state == ConnectionSnapshot::State::Open)
        || (m_shown == Shown::Linking && state == ConnectionSnapshot::State::Linking)
        || (m_shown == Shown::Closed && state == ConnectionSnapshot::State::Closed);
    if (!isWanted)
        return false;
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        for (int column = 0; column < ConnectionModel::ColumnCount; ++column) {
            const QVariant text = connection.siblingAtColumn(column).data(
                ConnectionModel::SearchRole);
            if (text.toString().contains(word, Qt::CaseInsensitive))
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
