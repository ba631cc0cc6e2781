// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How the cells of tables look: rows with air between them, and marks for states and warnings.
#pragma once

#include <QStyledItemDelegate>

namespace Qp2p::Gui {

//! Rows one and a half lines high.
class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

//! \brief For ConnectionModel and PeerModel: a mark and a colour beside the word of the state, and a warning
//! sign where no authority confirms who a peer is. The shapes differ as well as the colours.
class ConnectionDelegate : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace Qp2p::Gui
