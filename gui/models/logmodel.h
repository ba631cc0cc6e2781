// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The log as a table, and what of it is shown.
#pragma once

#include <models/logsink.h>

#include <QAbstractTableModel>
#include <QSet>
#include <QSortFilterProxyModel>

#include <deque>

namespace Qp2p::Gui {

//! \brief The newest 20,000 lines.
class LogModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int MaxLines = 20'000;

    enum Column { Time, Level, Category, Text, ColumnCount };
    enum DataRole { LevelRole = Qt::UserRole }; //!< 0 debug, 1 info, 2 warning, 3 error

    explicit LogModel(QObject *parent = nullptr);

    void add(const QList<LogLine> &lines);
    void clear();
    QStringList categories() const; //!< seen so far, sorted

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static QString levelText(int level);

Q_SIGNALS:
    void categoryAdded();

private:
    std::deque<LogLine> m_lines;
    QSet<QString> m_categories;
};

class LogFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setLeastLevel(int level);
    void setCategory(const QString &category); //!< empty: all
    void setText(const QString &text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    int m_leastLevel = 0;
    QString m_category;
    QString m_text;
};

} // namespace Qp2p::Gui
