// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/statuspanel.h>

#include <desktop/symbolicicon.h>
#include <panels/plaintext.h>

#include <QApplication>
#include <QClipboard>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

StatusPanel::StatusPanel(Workspace &workspace, QWidget *parent)
    : QStatusBar(parent)
    , m_workspace(workspace)
    , m_network(plainLabel({}, this))
    , m_listening(plainLabel({}, this))
    , m_observed(plainLabel({}, this))
    , m_reachability(new QToolButton(this))
{
    m_reachability->setAutoRaise(true);
    m_reachability->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_reachability->setFocusPolicy(Qt::TabFocus);
    m_reachability->setToolTip(tr("Shows details about this machine in the network."));
    addWidget(m_network);
    addWidget(m_listening);
    addWidget(m_observed);
    addPermanentWidget(m_reachability);
    connect(m_reachability, &QToolButton::clicked, this, &StatusPanel::explain);
    connect(&workspace, &Workspace::refreshed, this, &StatusPanel::refresh);
    refresh();
}

void StatusPanel::refresh()
{
    m_words = StatusWords::of(m_workspace.host().lastSnapshot().status);
    m_network->setText(m_words.network);
    m_network->setToolTip(m_words.joining.toHtmlEscaped().replace(u'\n', u"<br>"_s));
    for (const auto &[label, text] :
         {std::pair(m_listening, m_words.listening), std::pair(m_observed, m_words.observed)}) {
        label->setText(text);
        label->setVisible(!text.isEmpty());
    }
    m_reachability->setVisible(!m_words.reachability.isEmpty());
    m_reachability->setText(m_words.reachability);
    m_reachability->setIcon(symbolicIcon(m_words.isWell ? u"reachable"_s : u"unreachable"_s));
    m_reachability->setAccessibleName(m_words.reachability.isEmpty()
                                          ? tr("Whether this machine is reachable")
                                          : m_words.reachability);
    m_reachability->setAccessibleDescription(m_words.explanation);
}

void StatusPanel::explain()
{
    auto *box = new QMessageBox(window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Information);
    box->setWindowTitle(tr("This machine in the network"));
    box->setTextFormat(Qt::PlainText);
    box->setText(m_words.reachability);
    QStringList parts{m_words.joining, m_words.explanation, m_words.listening, m_words.observed};
    const QString contact = m_workspace.contactLine();
    if (!contact.isEmpty())
        parts.append(tr("Contact for others to join through:\n%1").arg(contact));
    parts.removeAll(QString());
    box->setInformativeText(parts.join(u"\n\n"_s));
    QPushButton *ok = box->addButton(QMessageBox::Ok);
    box->setDefaultButton(ok);
    box->setEscapeButton(ok);
    if (!contact.isEmpty()) {
        const QPushButton *copy = box->addButton(tr("&Copy contact"), QMessageBox::ActionRole);
        connect(copy, &QPushButton::clicked, this,
                [contact] { QApplication::clipboard()->setText(contact); });
    }
    box->open();
}

} // namespace Qp2p::Gui
