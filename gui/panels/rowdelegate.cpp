// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/rowdelegate.h>

#include <desktop/statemark.h>
#include <models/connectionmodel.h>

#include <QApplication>

namespace Qp2p::Gui {

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), std::max(size.height(), option.fontMetrics.height() * 3 / 2)};
}

namespace {

Mark markOf(const QModelIndex &index)
{
    if (index.column() == ConnectionModel::Security)
        return index.data(ConnectionModel::WarningRole).toBool() ? Mark::Warning : Mark::None;
    if (index.column() != ConnectionModel::State)
        return Mark::None;
    if (index.data(ConnectionModel::BlockedRole).toBool())
        return Mark::Blocked;
    switch (ConnectionSnapshot::State(index.data(ConnectionModel::StateRole).toInt())) {
    case ConnectionSnapshot::State::Linking:
        return Mark::Busy;
    case ConnectionSnapshot::State::Open:
        return Mark::Good;
    case ConnectionSnapshot::State::Closed:
        return Mark::Off;
    }
    return Mark::None;
}

} // namespace

void ConnectionDelegate::initStyleOption(QStyleOptionViewItem *option,
                                         const QModelIndex &index) const
{
    RowDelegate::initStyleOption(option, index);
    const Mark mark = markOf(index);
    if (mark == Mark::None)
        return;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = markIcon(mark);
    const int side = option->fontMetrics.height();
    option->decorationSize = QSize(side, side);
    const QColor colour = markColour(mark, option->palette);
    option->palette.setColor(QPalette::Text, colour);
    if (mark == Mark::Warning || mark == Mark::Blocked)
        option->font.setBold(true);
}

} // namespace Qp2p::Gui
