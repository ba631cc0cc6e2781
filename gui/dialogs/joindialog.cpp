// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/joindialog.h>

#include <dialogs/contactsdialog.h>
#include <models/shown.h>
#include <panels/plaintext.h>

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace Qp2p::Gui {

JoinDialog::JoinDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_editor(new ContactsEditor(ContactsEditor::Need::Anything, this))
    , m_table(new QTableView(this))
    , m_state(wrappedLabel({}, this))
    , m_progress(new QProgressBar(this))
{
    setWindowTitle(tr("Join a network"));
    m_table->setModel(&workspace.candidates());
    m_table->setAccessibleName(tr("Candidates of the join"));
    m_table->setSelectionBehavior(QTableView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    const int width = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(CandidateModel::Address, width * 34);
    m_table->setColumnWidth(CandidateModel::Source, width * 16);
    m_table->setColumnWidth(CandidateModel::State, width * 22);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("A join is under way"));

    auto *buttons = new QDialogButtonBox(this);
    m_join = buttons->addButton(tr("&Join"), QDialogButtonBox::ActionRole);
    m_join->setDefault(true);
    m_cancel = buttons->addButton(tr("&Cancel join"), QDialogButtonBox::ActionRole);
    QPushButton *close = buttons->addButton(tr("Cl&ose"), QDialogButtonBox::RejectRole);
    close->setAutoDefault(false);
    m_cancel->setAutoDefault(false);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(tr("Members to join through, one a line: an address and a port, "
                                      "each perhaps with the peer id "
                                      "to expect, as PEERID@192.0.2.1:12000. Remembered nodes are "
                                      "tried as well. Where there is "
                                      "neither, a new network begins."),
                                   this));
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_state);
    layout->addWidget(m_progress);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);

    m_editor->setContacts(workspace.keptContacts());
    connect(m_editor, &ContactsEditor::changed, this, &JoinDialog::update);
    connect(m_join, &QPushButton::clicked, this, &JoinDialog::join);
    connect(m_cancel, &QPushButton::clicked, &workspace.host(), &NetworkHost::cancelJoin);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &JoinDialog::update);
    connect(&workspace.host(), &NetworkHost::stopped, this, &JoinDialog::update);
    connect(&workspace.host(), &NetworkHost::joinFinished, this, &JoinDialog::finished);
    connect(&workspace.host(), &NetworkHost::startFailed, this, &JoinDialog::finished);
    update();
    resize(width * 110, fontMetrics().height() * 26);
}

void JoinDialog::join()
{
    m_joining = true;
    m_workspace.join(m_editor->contacts());
    update();
}

void JoinDialog::finished(const Error &error)
{
    m_joining = false;
    update();
    if (error.code == ErrorCode::Cancelled)
        m_state->setText(tr("The join was cancelled."));
    else if (error.code == ErrorCode::JoinFailed)
        m_state->setText(
            tr("No candidate could be joined; the table says why. It is tried again, ever "
               "more rarely."));
    else if (error.isError())
        m_state->setText(shown(error.message, 512));
}

void JoinDialog::update()
{
    const Network::State state = m_workspace.host().state();
    const bool isJoining = state == Network::State::Joining || m_joining;
    m_state->setText(networkStateText(state));
    m_progress->setVisible(isJoining);
    m_join->setEnabled(m_editor->isGood() && !isJoining);
    m_cancel->setEnabled(isJoining || state == Network::State::Waiting);
}

} // namespace Qp2p::Gui
