// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Rows of a table as text for other programs.
#pragma once

#include <QAbstractItemModel>
#include <QByteArray>
#include <QList>

namespace Qp2p::Gui {

//! \brief What toText() takes where a model has it: texts that are shown shortened, such as ids, in full.
constexpr int CopyRole = Qt::UserRole + 100;

//! \brief RFC 4180, UTF-8. Peers choose some of these texts, so a cell that a spreadsheet of any locale would
//! run as a formula gets an apostrophe in front, and one that it would split is quoted.
//!
//! \a rows are indexes of column 0. \a role holds the values, and the columns' names in the header; 0 stands
//! for Qt::DisplayRole.
QByteArray toCsv(const QAbstractItemModel &model, const QModelIndexList &rows,
                 const QList<int> &columns, int role);
//! \brief An array with an object for each row; numbers are numbers.
QByteArray toJson(const QAbstractItemModel &model, const QModelIndexList &rows,
                  const QList<int> &columns, int role);
//! \brief As they are shown, one line a row, with tabs between cells, and as safe for spreadsheets as
//! toCsv().
QString toText(const QModelIndexList &rows, const QList<int> &columns);

} // namespace Qp2p::Gui
