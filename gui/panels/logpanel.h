// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The log, filtered.
#pragma once

#include <models/workspace.h>

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace Qp2p::Gui {

class TableView;

class LogPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LogPanel(Workspace &workspace, QWidget *parent = nullptr);

    TableView &table() const { return *m_table; }

Q_SIGNALS:
    void problem(const QString &what);

private:
    void layOut();
    void connectInputs();
    void followEnd();
    void updateCategories();
    void save();
    void write(const QString &fileName);

    Workspace &m_workspace;
    LogFilter m_filter;
    QComboBox *m_level;
    QComboBox *m_category;
    QLineEdit *m_text;
    QCheckBox *m_verbose;
    QCheckBox *m_qlog;
    TableView *m_table;
};

} // namespace Qp2p::Gui
