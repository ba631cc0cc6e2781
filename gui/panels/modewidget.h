// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The three certificate modes in plain words, and what a choice would mean.
#pragma once

#include <models/workspace.h>

#include <qp2pcore/certificatepolicy.h>

#include <QFutureWatcher>
#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace Qp2p::Gui {

//! \brief Lets the user choose, and says before anything is applied which peers the choice would keep out.
class ModeWidget : public QWidget
{
    Q_OBJECT

public:
    explicit ModeWidget(Workspace &workspace, QWidget *parent = nullptr);

    CertificatePolicy policy() const;
    //! \brief What is missing; empty where the choice can be applied.
    QString problem() const;
    void setPolicy(const CertificatePolicy &policy);
    void addAuthorityFiles(const QStringList &files);
    QString consequence() const;

    static constexpr int MaxVerified = 50; //!< peers: reading a chain takes time

Q_SIGNALS:
    void changed();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addChoices(QVBoxLayout *layout);
    void setUpAuthorities();
    void showConsequence();
    void update();
    void verify();
    void chooseFiles();

    struct Verification
    {
        int checked = 0;
        QStringList refused; //!< peers, with the reason
        QString ownProblem; //!< why peers with the same rule would refuse this machine
    };

    Workspace &m_workspace;
    QRadioButton *m_encryptOnly;
    QRadioButton *m_private;
    QRadioButton *m_agreed;
    QLabel *m_agreedText;
    QWidget *m_authorities;
    QListWidget *m_files;
    QPushButton *m_add;
    QPushButton *m_remove;
    QLabel *m_filesLabel;
    QLabel *m_nameLabel;
    QLineEdit *m_name;
    QLabel *m_consequence;
    QFutureWatcher<Verification> m_watcher;
    bool m_verifyAgain = false;
};

} // namespace Qp2p::Gui
