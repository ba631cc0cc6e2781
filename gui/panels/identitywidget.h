// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who this member is: its display name, peer id and certificate, and how to change them.
#pragma once

#include <models/workspace.h>

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Qp2p::Gui {

class IdentityWidget : public QWidget
{
    Q_OBJECT

public:
    enum class Naming {
        ByButton, //!< the name is changed when its button is clicked
        ByOwner, //!< … when applyName() is called
    };
    explicit IdentityWidget(Workspace &workspace, QWidget *parent = nullptr,
                            Naming naming = Naming::ByButton);

    //! \brief Writes the display name into the certificate. False where that failed: problem() says why.
    bool applyName();

    void importFrom(const QString &fileName);
    void exportTo(const QString &fileName);
    void generate(); //!< without a question

Q_SIGNALS:
    void changed();
    void problem(const QString &what);
    void done(const QString &what);

private:
    void layOut();
    void connectButtons();
    void refresh();
    void refreshContact();
    void showDetails();
    void use(const Identity &identity);
    void askToReplace(const QString &question, std::function<void()> yes);
    void chooseFile(const QString &title, bool toSave, std::function<void(const QString &)> use);
    void askForPassphrase(const QString &fileName);

    Workspace &m_workspace;
    QLineEdit *m_name;
    QLabel *m_nameNote;
    QPushButton *m_setName;
    QLabel *m_peerId;
    QLabel *m_contact;
    QPushButton *m_copyContact;
    QLabel *m_problem;
    QPushButton *m_copy;
    QPushButton *m_export;
    QPushButton *m_import;
    QPushButton *m_generate;
    QPushButton *m_details;
};

} // namespace Qp2p::Gui
