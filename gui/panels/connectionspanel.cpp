// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/connectionspanel.h>

#include <desktop/symbolicicon.h>
#include <panels/plaintext.h>
#include <panels/tableview.h>

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

ConnectionsPanel::ConnectionsPanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_text(new QLineEdit(this))
    , m_shown(new QComboBox(this))
    , m_count(plainLabel({}, this))
    , m_table(new TableView(u"connections"_s, workspace.settings(), this))
    , m_empty(wrappedLabel({}, m_table->viewport()))
    , m_disconnect(new QAction(symbolicIcon(u"disconnect"_s), tr("&Disconnect …"), this))
    , m_block(new QAction(symbolicIcon(u"block"_s), tr("&Block peer …"), this))
    , m_copyAddress(new QAction(tr("Copy &address"), this))
    , m_copyPeerId(new QAction(tr("Copy peer &id"), this))
{
    m_text->setPlaceholderText(tr("Filter by peer, name, address or reason"));
    m_text->setAccessibleName(tr("Filter connections by text"));
    m_text->setClearButtonEnabled(true);
    m_shown->setAccessibleName(tr("Filter connections by state"));
    m_shown->addItem(tr("All connections"));
    m_shown->addItem(tr("Open"));
    m_shown->addItem(tr("Linking"));
    m_shown->addItem(tr("Recently closed"));
    m_table->setAccessibleName(tr("Connections"));
    m_table->setFilteredModel(&workspace.connections(), &m_filter, ConnectionModel::ExportRole);
    m_table->restoreLayout({18, 16, 22, 9, 9, 18, 12, 11, 12, 12, 14, 14, 16, 28, 0});

    m_disconnect->setShortcut(QKeySequence::Delete);
    m_disconnect->setShortcutContext(Qt::WidgetShortcut);
    connect(m_disconnect, &QAction::triggered, this, &ConnectionsPanel::disconnectSelected);
    connect(m_block, &QAction::triggered, this, &ConnectionsPanel::blockSelected);
    connect(m_copyAddress, &QAction::triggered, this, &ConnectionsPanel::copyAddresses);
    connect(m_copyPeerId, &QAction::triggered, this, &ConnectionsPanel::copyPeerIds);
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_table->insertActions(m_table->actions().value(0),
                           {m_disconnect, m_block, separator, m_copyAddress, m_copyPeerId});

    auto *top = new QHBoxLayout;
    top->addWidget(m_text, 1);
    top->addWidget(m_shown);
    top->addWidget(m_count);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setEnabled(false);
    auto *cover = new QVBoxLayout(m_table->viewport());
    cover->addWidget(m_empty);

    Settings &settings = workspace.settings();
    m_text->setText(settings.filter(u"text"_s).toString().left(100));
    m_filter.setText(m_text->text());
    const int shown = settings.filter(u"state"_s).toInt();
    m_shown->setCurrentIndex(shown >= 0 && shown < m_shown->count() ? shown : 0);
    m_filter.setShown(ConnectionFilter::Shown(m_shown->currentIndex()));
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setText(text);
        m_workspace.settings().setFilter(u"text"_s, text);
        refresh();
    });
    connect(m_shown, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_filter.setShown(ConnectionFilter::Shown(index));
        m_workspace.settings().setFilter(u"state"_s, index);
        refresh();
    });
    connect(m_table, &TableView::choiceChanged, this, &ConnectionsPanel::updateActions);
    connect(m_table, &TableView::problem, this, &ConnectionsPanel::problem);
    connect(&workspace, &Workspace::refreshed, this, &ConnectionsPanel::refresh);
    updateActions();
    refresh();
}

void ConnectionsPanel::focusFilter()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void ConnectionsPanel::refresh()
{
    const int all = m_workspace.connections().rowCount();
    const int shown = m_filter.rowCount();
    m_count->setText(shown == all ? tr("%n connections", nullptr, all)
                                  //: %1: those that pass the filter, %2: all
                                  : tr("%1 of %2 connections").arg(shown).arg(all));
    m_empty->setVisible(shown == 0);
    if (all > 0)
        m_empty->setText(tr("No connection passes the filter."));
    else if (m_workspace.host().isRunning())
        m_empty->setText(tr("There is no connection yet."));
    else
        m_empty->setText(tr("Join a network to see its connections: Network, Join."));
    updateActions();
}

QList<ConnectionSnapshot> ConnectionsPanel::selected() const
{
    QList<ConnectionSnapshot> rows;
    const QList<int> selectedRows = m_table->selectedRows();
    for (const int row : selectedRows) {
        if (const ConnectionSnapshot *connection = m_workspace.connections().at(row))
            rows.append(*connection);
    }
    return rows;
}

void ConnectionsPanel::updateActions()
{
    const QList<ConnectionSnapshot> rows = selected();
    const bool anyOpen = std::any_of(rows.begin(), rows.end(), [](const ConnectionSnapshot &row) {
        return row.state != ConnectionSnapshot::State::Closed;
    });
    const bool anyKnown = std::any_of(rows.begin(), rows.end(), [](const ConnectionSnapshot &row) {
        return !row.facts->peerId.isNull();
    });
    m_disconnect->setEnabled(anyOpen);
    m_block->setEnabled(anyKnown && m_workspace.host().isRunning());
    m_copyAddress->setEnabled(!rows.isEmpty());
    m_copyPeerId->setEnabled(anyKnown);
    const ConnectionSnapshot *current = m_workspace.connections().at(m_table->currentSourceRow());
    const quint64 chosen = current ? current->facts->id : 0;
    if (std::exchange(m_chosen, chosen) != chosen)
        Q_EMIT connectionChosen(chosen);
}

namespace {

QString nameForQuestion(const ConnectionSnapshot &row)
{
    const QString peer = row.facts->peerId.isNull() ? row.address.endpointString()
                                                    : row.facts->peerId.toString();
    return row.facts->name.isEmpty()
        ? peer
        //: a peer id, and the name in its certificate
        : ConnectionsPanel::tr("%1 (%2)").arg(peer, shown(row.facts->name, 64));
}

} // namespace

void ConnectionsPanel::disconnectSelected()
{
    QList<ConnectionSnapshot> rows = selected();
    rows.removeIf([](const ConnectionSnapshot &row) {
        return row.state == ConnectionSnapshot::State::Closed;
    });
    if (rows.isEmpty())
        return;
    QList<quint64> ids;
    for (const ConnectionSnapshot &row : rows)
        ids.append(row.facts->id);
    ask(this, tr("Disconnect"),
        rows.size() == 1
            ? tr("Disconnect from %1?").arg(nameForQuestion(rows.first()))
            : tr("Disconnect from %1 and %n other peers?", nullptr, int(rows.size()) - 1)
                  .arg(nameForQuestion(rows.first())),
        tr("Messages on their way are lost. Either side may connect again."), tr("&Disconnect"),
        [this, ids] {
            for (const quint64 id : ids)
                m_workspace.host().closeConnection(id);
        });
}

void ConnectionsPanel::blockSelected()
{
    const QList<ConnectionSnapshot> rows = selected();
    QList<PeerId> peers;
    const ConnectionSnapshot *first = nullptr;
    for (const ConnectionSnapshot &row : rows) {
        if (row.facts->peerId.isNull() || peers.contains(row.facts->peerId))
            continue;
        if (!first)
            first = &row;
        peers.append(row.facts->peerId);
    }
    if (!first)
        return;
    ask(this, tr("Block peer"),
        peers.size() == 1 ? tr("Block %1?").arg(nameForQuestion(*first))
                          : tr("Block %1 and %n other peers?", nullptr, int(peers.size()) - 1)
                                .arg(nameForQuestion(*first)),
        tr("The link ends, and this program neither dials the peer nor lets it in, until you take "
           "it "
           "off the list: Network, Blocked peers."),
        tr("&Block"), [this, peers] {
            for (const PeerId &peer : peers)
                m_workspace.host().block(peer);
        });
}

void ConnectionsPanel::copyAddresses()
{
    QStringList lines;
    for (const ConnectionSnapshot &row : selected())
        lines.append(row.address.endpointString());
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

void ConnectionsPanel::copyPeerIds()
{
    QStringList lines;
    for (const ConnectionSnapshot &row : selected())
        lines.append(row.facts->peerId.toString());
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace Qp2p::Gui
