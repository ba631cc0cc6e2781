// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// From nothing to a joined network in three steps.
#pragma once

#include <models/workspace.h>

#include <QWizard>

class QLabel;
class QLineEdit;

namespace Qp2p::Gui {

class ContactsEditor;
class IdentityWidget;
class ModeWidget;

class FirstSteps : public QWizard
{
    Q_OBJECT

public:
    explicit FirstSteps(Workspace &workspace, QWidget *parent = nullptr);

    ModeWidget &mode() const { return *m_mode; }
    QLineEdit &networkName() const { return *m_networkName; }
    ContactsEditor &contacts() const { return *m_contacts; }

    //! Keeps what was chosen, and joins.
    void accept() override;

private:
    void makeIdentityPage();
    void makeModePage();
    void makeContactsPage();
    QString networkNameProblem() const;
    void updateNameNote();

    Workspace &m_workspace;
    IdentityWidget *m_identity;
    ModeWidget *m_mode;
    QLineEdit *m_networkName;
    QLabel *m_nameNote;
    ContactsEditor *m_contacts;
};

} // namespace Qp2p::Gui
