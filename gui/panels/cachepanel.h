// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The bootstrap cache: which nodes this member would join through after a restart.
#pragma once

#include <models/workspace.h>

#include <QSortFilterProxyModel>
#include <QWidget>

class QLabel;
class QPushButton;

namespace Qp2p::Gui {

class TableView;

class CachePanel : public QWidget
{
    Q_OBJECT

public:
    explicit CachePanel(Workspace &workspace, QWidget *parent = nullptr);

    TableView &table() const { return *m_table; }

Q_SIGNALS:
    void problem(const QString &what);

private:
    QList<BootstrapCache::Entry> selected() const;
    void update();
    void dialSelected();
    void removeSelected();
    void clearAll();
    void add();
    void importFrom(const QString &fileName);
    void exportAll();

    Workspace &m_workspace;
    QSortFilterProxyModel m_filter;
    TableView *m_table;
    QLabel *m_count;
    QPushButton *m_dial;
    QPushButton *m_remove;
    QPushButton *m_clear;
    QPushButton *m_add;
    QPushButton *m_import;
    QPushButton *m_export;
};

} // namespace Qp2p::Gui
