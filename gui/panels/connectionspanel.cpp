// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/connectionspanel.h>

#include <desktop/symbolicicon.h>
#include <panels/plaintext.h>
#include <panels/rowdelegate.h>
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

namespace {

QList<quint64> openConnections(const PeerModel &peers, const QModelIndex &peer)
{
    QList<quint64> ids;
    for (const ConnectionSnapshot &connection : peers.connectionsAt(peer)) {
        if (connection.state != ConnectionSnapshot::State::Closed)
            ids.append(connection.facts->id);
    }
    return ids;
}

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

ConnectionsPanel::ConnectionsPanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_peers(workspace.connections())
    , m_text(new QLineEdit(this))
    , m_shown(new QComboBox(this))
    , m_count(plainLabel({}, this))
    , m_table(new TableView(u"peers"_s, workspace.settings(), this))
    , m_empty(wrappedLabel({}, m_table->viewport()))
    , m_disconnect(new QAction(symbolicIcon(u"disconnect"_s), tr("&Disconnect …"), this))
    , m_block(new QAction(symbolicIcon(u"block"_s), tr("&Block peer …"), this))
    , m_copyAddress(new QAction(tr("Copy &address"), this))
    , m_copyPeerId(new QAction(tr("Copy peer &id"), this))
{
    m_text->setPlaceholderText(tr("Filter by peer, name, address or reason"));
    m_text->setAccessibleName(tr("Filter peers by text"));
    m_text->setClearButtonEnabled(true);
    m_shown->setAccessibleName(tr("Filter peers by state"));
    m_shown->addItem(tr("All states"));
    m_shown->addItem(tr("Open"));
    m_shown->addItem(tr("Linking"));
    m_shown->addItem(tr("Recently closed"));
    setUpTable();
    setUpActions();
    layOut();
    restoreFilter();
    connect(m_table, &TableView::choiceChanged, this, &ConnectionsPanel::updateActions);
    connect(m_table, &TableView::problem, this, &ConnectionsPanel::problem);
    connect(&workspace, &Workspace::refreshed, this, &ConnectionsPanel::refresh);
    updateActions();
    refresh();
}

void ConnectionsPanel::setUpTable()
{
    m_table->setAccessibleName(tr("Peers and their connections"));
    m_table->setFilteredModel(&m_peers, &m_filter, ConnectionModel::ExportRole);
    m_table->setRootIsDecorated(true);
    m_table->setItemDelegate(new ConnectionDelegate(m_table));
    m_table->restoreLayout({24, 14, 14, 26, 22, 9, 0, 0, 11, 11, 11, 12, 12, 14, 0});
    const auto expand = [this](const QModelIndex &index, bool isExpanded) {
        m_peers.setExpanded(m_filter.mapToSource(index), isExpanded);
    };
    connect(m_table, &QTreeView::expanded, this,
            [expand](const QModelIndex &index) { expand(index, true); });
    connect(m_table, &QTreeView::collapsed, this,
            [expand](const QModelIndex &index) { expand(index, false); });
    const auto block = [this] { m_peers.setBlocked(m_workspace.host().blockedPeers()); };
    connect(&m_workspace.host(), &NetworkHost::blockListChanged, this, block);
    block();
}

void ConnectionsPanel::setUpActions()
{
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
}

void ConnectionsPanel::layOut()
{
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
}

//! As it was when the program ended, and from now on as the user changes it.
void ConnectionsPanel::restoreFilter()
{
    Settings &settings = m_workspace.settings();
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
}

void ConnectionsPanel::focusFilter()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

PeerId ConnectionsPanel::currentPeer() const
{
    return m_peers.peerAt(m_table->currentSourceIndex());
}

void ConnectionsPanel::refresh()
{
    const int all = m_peers.rowCount();
    const int shown = m_filter.rowCount();
    m_count->setText(shown == all ? tr("%n peers", nullptr, all)
                                  //: %1: those that pass the filter, %2: all
                                  : tr("%1 of %2 peers").arg(shown).arg(all));
    m_empty->setVisible(shown == 0);
    if (all > 0)
        m_empty->setText(tr("No peer matches the filter."));
    else if (m_workspace.host().isRunning())
        m_empty->setText(tr("No connections yet."));
    else
        m_empty->setText(tr("Join a network to see its peers: Network, Join."));
    updateActions();
}

QModelIndexList ConnectionsPanel::selectedPeers() const
{
    QModelIndexList peers;
    const QModelIndexList selected = m_table->selectedSourceIndexes();
    for (const QModelIndex &index : selected) {
        const QModelIndex peer = m_peers.peerIndex(index);
        if (!peers.contains(peer))
            peers.append(peer);
    }
    return peers;
}

void ConnectionsPanel::updateActions()
{
    bool anyOpen = false;
    bool anyKnown = false;
    const QModelIndexList peers = selectedPeers();
    for (const QModelIndex &peer : peers) {
        anyOpen = anyOpen || !openConnections(m_peers, peer).isEmpty();
        anyKnown = anyKnown || !m_peers.peerAt(peer).isNull();
    }
    m_disconnect->setEnabled(anyOpen);
    m_block->setEnabled(anyKnown && m_workspace.host().isRunning());
    m_copyAddress->setEnabled(!peers.isEmpty());
    m_copyPeerId->setEnabled(anyKnown);
    const quint64 chosen = m_table->currentSourceIndex().data(ConnectionModel::IdRole).toULongLong();
    if (std::exchange(m_chosen, chosen) != chosen)
        Q_EMIT connectionChosen(chosen);
}

void ConnectionsPanel::disconnectSelected()
{
    QModelIndexList peers = selectedPeers();
    peers.removeIf(
        [this](const QModelIndex &peer) { return openConnections(m_peers, peer).isEmpty(); });
    if (peers.isEmpty())
        return;
    QList<quint64> ids;
    for (const QModelIndex &peer : std::as_const(peers))
        ids += openConnections(m_peers, peer);
    const QString first = nameForQuestion(m_peers.connectionsAt(peers.first()).first());
    const auto others = int(peers.size()) - 1;
    ask(this, tr("Disconnect"),
        others == 0 ? tr("Disconnect from %1?").arg(first)
                    : tr("Disconnect from %1 and %n other peers?", nullptr, others).arg(first),
        others == 0
            ? tr("All connections to this peer are closed. Messages on their way are lost. Either "
                 "side can connect again.")
            : tr(
                "All connections to these peers are closed. Messages on their way are lost. Either "
                "side can connect again."),
        tr("&Disconnect"), [this, ids] {
            for (const quint64 id : ids)
                m_workspace.host().closeConnection(id);
        });
}

void ConnectionsPanel::blockSelected()
{
    QModelIndexList rows = selectedPeers();
    rows.removeIf([this](const QModelIndex &peer) { return m_peers.peerAt(peer).isNull(); });
    if (rows.isEmpty())
        return;
    QList<PeerId> peers;
    for (const QModelIndex &peer : std::as_const(rows))
        peers.append(m_peers.peerAt(peer));
    const QString first = nameForQuestion(m_peers.connectionsAt(rows.first()).first());
    const auto others = int(peers.size()) - 1;
    ask(this, tr("Block peer"),
        others == 0 ? tr("Block %1?").arg(first)
                    : tr("Block %1 and %n other peers?", nullptr, others).arg(first),
        tr("All connections to a blocked peer are closed, and this program neither dials nor "
           "accepts "
           "it. To unblock it, choose Network, Blocked peers."),
        tr("&Block"), [this, peers] {
            for (const PeerId &peer : peers)
                m_workspace.host().block(peer);
        });
}

void ConnectionsPanel::copyAddresses()
{
    QStringList lines;
    for (const QModelIndex &row : m_table->selectedSourceIndexes()) {
        for (const ConnectionSnapshot &connection : m_peers.connectionsAt(row)) {
            if (!connection.address.isNull()) // it is null where a node forwards
                lines.append(connection.address.endpointString());
        }
    }
    lines.removeDuplicates();
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

void ConnectionsPanel::copyPeerIds()
{
    QStringList lines;
    for (const QModelIndex &peer : selectedPeers()) {
        if (!m_peers.peerAt(peer).isNull())
            lines.append(m_peers.peerAt(peer).toString());
    }
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace Qp2p::Gui
