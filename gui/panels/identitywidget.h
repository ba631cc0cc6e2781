// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who this member is: its peer id and certificate, and how to change them.
#pragma once

#include <models/workspace.h>

#include <QWidget>

class QLabel;
class QPushButton;

namespace Qp2p::Gui {

class CertificateTree;

class IdentityWidget : public QWidget
{
    Q_OBJECT

public:
    explicit IdentityWidget(Workspace &workspace, QWidget *parent = nullptr);

    void importFrom(const QString &fileName);
    void exportTo(const QString &fileName);
    void generate(); //!< without a question

Q_SIGNALS:
    void changed();
    void problem(const QString &what);
    void done(const QString &what);

private:
    void refresh();
    void use(const Identity &identity);
    void askToReplace(const QString &question, std::function<void()> yes);
    void chooseFile(const QString &title, bool toSave, std::function<void(const QString &)> use);
    void askForPassphrase(const QString &fileName);

    Workspace &m_workspace;
    QLabel *m_peerId;
    QLabel *m_problem;
    QPushButton *m_copy;
    QPushButton *m_export;
    QPushButton *m_import;
    QPushButton *m_generate;
    CertificateTree *m_chain;
};

} // namespace Qp2p::Gui
