// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A list of contacts to paste, with what is wrong in it.
#pragma once

#include <qp2pcore/peeraddress.h>

#include <QDialog>
#include <QWidget>

class QDialogButtonBox;
class QLabel;
class QPlainTextEdit;

namespace Qp2p::Gui {

//! \brief An editor for contacts that says for each line what is wrong with it, while it is written.
class ContactsEditor : public QWidget
{
    Q_OBJECT

public:
    enum class Need { Anything, PeerIdAndIpAddress };
    explicit ContactsEditor(Need need, QWidget *parent = nullptr);

    void setContacts(const QList<PeerAddress> &contacts);
    QList<PeerAddress> contacts() const { return m_contacts; } //!< those of the good lines
    bool isGood() const { return m_isGood; } //!< no line is wrong
    void setText(const QString &text);

Q_SIGNALS:
    void changed();

private:
    void resizeEvent(QResizeEvent *event) override;
    void fitProblems();
    void parse();

    const Need m_need;
    QPlainTextEdit *m_editor;
    QLabel *m_problems;
    QList<PeerAddress> m_contacts;
    bool m_isGood = true;
};

class ContactsDialog : public QDialog
{
    Q_OBJECT

public:
    using Need = ContactsEditor::Need;
    ContactsDialog(const QString &title, const QString &explanation, Need need,
                   QWidget *parent = nullptr);

    QList<PeerAddress> contacts() const { return m_editor->contacts(); }
    ContactsEditor &editor() const { return *m_editor; }

private:
    ContactsEditor *m_editor;
    QDialogButtonBox *m_buttons;
};

} // namespace Qp2p::Gui
