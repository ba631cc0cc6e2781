// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/contactsdialog.h>

#include <models/contactlines.h>
#include <panels/plaintext.h>

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

ContactsEditor::ContactsEditor(Need need, QWidget *parent)
    : QWidget(parent)
    , m_need(need)
    , m_editor(new QPlainTextEdit(this))
    , m_problems(wrappedLabel({}, this))
{
    m_editor->setAccessibleName(tr("Contacts, one per line"));
    m_editor->setTabChangesFocus(true);
    m_editor->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_editor->setMinimumHeight(fontMetrics().height() * 5);
    m_editor->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_editor->setPlaceholderText(need == Need::Anything
                                     ? u"192.0.2.1:12000\n[2001:db8::1]:12000\nexample.org:12000"_s
                                     : QString());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_problems);
    m_problems->hide();
    connect(m_editor, &QPlainTextEdit::textChanged, this, &ContactsEditor::parse);
}

void ContactsEditor::setContacts(const QList<PeerAddress> &contacts)
{
    QStringList lines;
    for (const PeerAddress &contact : contacts)
        lines.append(contact.toString());
    setText(lines.join(u'\n'));
}

void ContactsEditor::setText(const QString &text)
{
    m_editor->setPlainText(text);
}

void ContactsEditor::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitProblems();
}

//! A layout around this widget does not count what both need at least: the editor's own height is ignored.
void ContactsEditor::fitProblems()
{
    const int problems = m_isGood ? 0 : m_problems->heightForWidth(width());
    m_problems->setMinimumHeight(std::max(0, problems));
    setMinimumHeight(m_editor->minimumHeight() + layout()->spacing() + std::max(0, problems));
}

void ContactsEditor::parse()
{
    const ContactLines lines = ContactLines::parse(m_editor->toPlainText());
    m_contacts.clear();
    QStringList wrong;
    qsizetype count = lines.wrongLines;
    for (const ContactLines::Problem &problem : lines.problems) {
        if (wrong.size() < 5)
            wrong.append(tr("Line %1: %2").arg(problem.line).arg(problem.message));
    }
    for (const PeerAddress &contact : lines.contacts) {
        if (m_need == Need::PeerIdAndIpAddress
            && (contact.peerId().isNull() || contact.isHostName())) {
            ++count;
            if (wrong.size() < 5)
                wrong.append(tr("%1 needs a peer id and an IP address, not a host name. Example: "
                                "PEERID@192.0.2.1:12000.")
                                 .arg(contact.toString()));
            continue;
        }
        m_contacts.append(contact);
    }
    if (count > wrong.size())
        wrong.append(tr("%n more lines contain errors.", nullptr, int(count - wrong.size())));
    m_isGood = wrong.isEmpty();
    m_problems->setText(wrong.join(u'\n'));
    m_problems->setVisible(!m_isGood);
    fitProblems();
    Q_EMIT changed();
}

ContactsDialog::ContactsDialog(const QString &title, const QString &explanation, Need need,
                               QWidget *parent)
    : QDialog(parent)
    , m_editor(new ContactsEditor(need, this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setWindowTitle(title);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(explanation, this));
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto update = [this] {
        m_buttons->button(QDialogButtonBox::Ok)
            ->setEnabled(m_editor->isGood() && !m_editor->contacts().isEmpty());
    };
    connect(m_editor, &ContactsEditor::changed, this, update);
    update();
    resize(fontMetrics().averageCharWidth() * 80, fontMetrics().height() * 16);
}

} // namespace Qp2p::Gui
