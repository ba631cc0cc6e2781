// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Joining: contacts to paste, and how far each candidate has come.
#pragma once

#include <models/workspace.h>

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace Qp2p::Gui {

class ContactsEditor;

//! \brief Stays open while candidates are dialled, and closes once the network is joined. Closing it does not
//! end the join, "Cancel join" does.
class JoinDialog : public QDialog
{
    Q_OBJECT

public:
    explicit JoinDialog(Workspace &workspace, QWidget *parent = nullptr);

    ContactsEditor &editor() const { return *m_editor; }

private:
    void setUpTable();
    void layOut();
    void join();
    void update();
    void finished(const Error &error);
    void showReasons();

    Workspace &m_workspace;
    ContactsEditor *m_editor;
    QTableView *m_table;
    QLabel *m_state;
    QProgressBar *m_progress;
    QPushButton *m_join;
    QPushButton *m_cancel;
    bool m_joining = false; //!< a join that was asked for is under way
    bool m_closesWhenJoined = false;
};

} // namespace Qp2p::Gui
