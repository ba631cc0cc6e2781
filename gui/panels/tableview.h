// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A table as users expect it: columns to choose, rows to copy, and it stands still under the mouse.
#pragma once

#include <QTimer>
#include <QTreeView>

class QMenu;
class QSortFilterProxyModel;

namespace Qp2p::Gui {

class Settings;

//! \brief Rows are selected whole. Tab leaves it. The header's menu shows, hides and fits columns. Rows may
//! have others below them: a selected one stands for those in files.
class TableView : public QTreeView
{
    Q_OBJECT

public:
    //! \a name is its key in the settings.
    TableView(const QString &name, Settings &settings, QWidget *parent = nullptr);
    ~TableView() override;

    enum class Sorting { ByUser, None };
    //! \brief Shows \a model through \a filter; 0 as \a exportRole stands for the texts that are shown.
    void setFilteredModel(QAbstractItemModel *model, QSortFilterProxyModel *filter,
                          int exportRole = 0, Sorting sorting = Sorting::ByUser);
    //! \brief How wide columns are at first, in characters, and which are hidden (0); then what was chosen
    //! before. To be called once the model is set.
    void restoreLayout(const QList<int> &widths);
    void resetLayout();

    //! \brief Of the source model, column 0, in the order in which they are shown.
    QModelIndexList selectedSourceIndexes() const;
    QModelIndex currentSourceIndex() const;
    QList<int> selectedRows() const; //!< of a model without rows below rows
    int currentSourceRow() const; //!< -1 where there is none
    void selectSourceRow(int row);

    QMenu *columnMenu(); //!< also the header's context menu
    const QList<QAction *> &copyActions() const { return m_copyActions; }

    //! \brief Asks for a file and writes the selected rows, or all where none is selected.
    void exportRows();

    QSize sizeHint() const override { return {640, 240}; }

Q_SIGNALS:
    void problem(const QString &what);
    //! The selection, or the current row.
    void choiceChanged();

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    enum class Format { Text, Csv, Json };
    QList<int> visibleColumns() const;
    QModelIndexList selectedInOrder() const;
    QModelIndexList rowsToCopy() const; //!< the selected ones, or all
    QByteArray rowsAs(Format format) const;
    void copyAs(Format format);
    void fitColumns();
    void saveLayout();
    void holdStill();
    void useFirstWidths();

    const QString m_name;
    Settings &m_settings;
    QSortFilterProxyModel *m_filter = nullptr;
    int m_exportRole = 0;
    QList<QAction *> m_copyActions;
    QList<int> m_widths;
    QTimer m_stillTimer;
};

} // namespace Qp2p::Gui
