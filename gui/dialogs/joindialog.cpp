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
    setUpTable();
    layOut();
    m_editor->setContacts(workspace.keptContacts());
    connect(m_editor, &ContactsEditor::changed, this, &JoinDialog::update);
    connect(m_join, &QPushButton::clicked, this, &JoinDialog::join);
    connect(m_cancel, &QPushButton::clicked, &workspace.host(), &NetworkHost::cancelJoin);
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &JoinDialog::update);
    connect(&workspace.host(), &NetworkHost::stopped, this, &JoinDialog::update);
    connect(&workspace.host(), &NetworkHost::joinFinished, this, &JoinDialog::finished);
    connect(&workspace.host(), &NetworkHost::startFailed, this, &JoinDialog::finished);
    connect(&workspace.candidates(), &QAbstractItemModel::modelReset, this,
            &JoinDialog::showReasons);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionResized, m_table,
            &QTableView::resizeRowsToContents);
    // Also of a join that began before, such as that of the first steps.
    m_closesWhenJoined = workspace.host().isRunning()
        && workspace.host().state() != Network::State::Joined;
    update();
    showReasons();
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 30);
}

void JoinDialog::setUpTable()
{
    m_table->setModel(&m_workspace.candidates());
    m_table->setAccessibleName(tr("Candidates of the join"));
    m_table->setSelectionBehavior(QTableView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(true); // reasons are long
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setAlternatingRowColors(false);
    m_table->setShowGrid(false);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_table->setMinimumHeight(fontMetrics().height() * 7);
    const int width = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(CandidateModel::Address, width * 52);
    m_table->setColumnWidth(CandidateModel::Source, width * 26);
}

void JoinDialog::layOut()
{
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Joining"));

    auto *buttons = new QDialogButtonBox(this);
    m_join = buttons->addButton(tr("&Join"), QDialogButtonBox::ActionRole);
    m_join->setDefault(true);
    m_cancel = buttons->addButton(tr("&Cancel join"), QDialogButtonBox::ActionRole);
    QPushButton *close = buttons->addButton(tr("Cl&ose"), QDialogButtonBox::RejectRole);
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    m_cancel->setAutoDefault(false);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(
        tr("Contacts, one per line: address and port, optionally with the peer id, for "
           "example PEERID@192.0.2.1:12000. Known nodes from the bootstrap cache are "
           "tried as well. Without any contact or known node, a new network is "
           "created."),
        this));
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_state);
    layout->addWidget(m_progress);
    layout->addWidget(m_table, 2);
    layout->addWidget(buttons);
}

void JoinDialog::join()
{
    m_joining = true;
    m_closesWhenJoined = true;
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
            tr("Joining failed. The reasons are shown below each candidate. QP2P retries "
               "automatically; you can change the contacts and join at any time."));
    else if (error.isError())
        m_state->setText(shown(error.message, 512));
}

void JoinDialog::update()
{
    const Network::State state = m_workspace.host().state();
    const bool isBusy = state == Network::State::Joining || m_joining;
    m_state->setText(networkStateText(state));
    m_progress->setVisible(isBusy);
    // The automatic retry is no reason to wait: another join takes its place.
    m_join->setEnabled(m_editor->isGood() && !m_joining);
    m_cancel->setEnabled(isBusy || state == Network::State::Waiting);
    if (state == Network::State::Joined && !m_joining && m_closesWhenJoined)
        accept();
}

//! Each across all columns.
void JoinDialog::showReasons()
{
    m_table->clearSpans();
    const CandidateModel &model = m_workspace.candidates();
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data(CandidateModel::ReasonRole).toBool())
            m_table->setSpan(row, 0, 1, CandidateModel::ColumnCount);
    }
    m_table->resizeRowsToContents();
}

} // namespace Qp2p::Gui
