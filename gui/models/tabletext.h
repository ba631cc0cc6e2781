// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Rows of a table as text for other programs.
#pragma once

#include <QAbstractItemModel>
#include <QByteArray>
#include <QList>

namespace Qp2p::Gui {

//! \brief RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula gets an apostrophe in front:
//! peers choose some of these texts.
//!
//! \a role holds the values, and the columns' names in the header; 0 stands for Qt::DisplayRole.
QByteArray toCsv(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns,
                 int role);
//! \brief An array with an object for each row; numbers are numbers.
QByteArray toJson(const QAbstractItemModel &model, const QList<int> &rows,
                  const QList<int> &columns, int role);
//! \brief As they are shown, with tabs between cells.
QString toText(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns);

} // namespace Qp2p::Gui
