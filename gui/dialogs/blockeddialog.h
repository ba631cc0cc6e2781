// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers and addresses that are neither dialled nor accepted.
#pragma once

#include <models/workspace.h>

#include <QDialog>

class QListWidget;
class QPushButton;

namespace Qp2p::Gui {

class BlockedDialog : public QDialog
{
    Q_OBJECT

public:
    explicit BlockedDialog(Workspace &workspace, QWidget *parent = nullptr);

private:
    void refresh();
    void unblock();

    Workspace &m_workspace;
    QListWidget *m_list;
    QPushButton *m_unblock;
};

} // namespace Qp2p::Gui
