// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/cachepanel.h>

#include <dialogs/contactsdialog.h>
#include <models/contactlines.h>
#include <panels/plaintext.h>
#include <panels/tableview.h>

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

CachePanel::CachePanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_table(new TableView(u"cache"_s, workspace.settings(), this))
    , m_count(wrappedLabel({}, this))
    , m_dial(new QPushButton(tr("Connect now"), this))
    , m_remove(new QPushButton(tr("Remove"), this))
    , m_clear(new QPushButton(tr("Clear …"), this))
    , m_add(new QPushButton(tr("Add …"), this))
    , m_import(new QPushButton(tr("Import …"), this))
    , m_export(new QPushButton(tr("Export …"), this))
{
    m_table->setAccessibleName(tr("Bootstrap cache"));
    m_table->setWhatsThis(tr("The bootstrap cache is the list of nodes that this machine has "
                             "connected to before; the next join uses them."));
    m_filter.setSortRole(CacheModel::SortRole);
    m_table->setFilteredModel(&workspace.cache(), &m_filter, CacheModel::ExportRole);
    m_table->restoreLayout({18, 16, 26, 18, 24, 11, 11, 40});

    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_dial, m_remove, m_clear, m_add, m_import, m_export})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_count);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);

    connect(m_dial, &QPushButton::clicked, this, &CachePanel::dialSelected);
    connect(m_remove, &QPushButton::clicked, this, &CachePanel::removeSelected);
    connect(m_clear, &QPushButton::clicked, this, &CachePanel::clearAll);
    connect(m_add, &QPushButton::clicked, this, &CachePanel::add);
    connect(m_import, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Import nodes"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, &CachePanel::importFrom);
        dialog->open();
    });
    connect(m_export, &QPushButton::clicked, this, &CachePanel::exportAll);
    connect(m_table, &TableView::choiceChanged, this, &CachePanel::update);
    connect(m_table, &TableView::problem, this, &CachePanel::problem);
    connect(&workspace.host(), &NetworkHost::cacheChanged, this, &CachePanel::update);
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &CachePanel::update);
    update();
}

QList<BootstrapCache::Entry> CachePanel::selected() const
{
    QList<BootstrapCache::Entry> entries;
    const QList<int> rows = m_table->selectedRows();
    for (const int row : rows) {
        if (const BootstrapCache::Entry *entry = m_workspace.cache().at(row))
            entries.append(*entry);
    }
    return entries;
}

void CachePanel::update()
{
    const int count = m_workspace.cache().rowCount();
    m_count->setText(
        count == 0 ? tr("No nodes yet. Nodes to which this machine has connected are listed here.")
                   : tr("%n nodes, the latest first. The next join uses them.", nullptr, count));
    const bool isRunning = m_workspace.host().isRunning();
    const bool anySelected = !m_table->selectedRows().isEmpty();
    m_dial->setEnabled(isRunning && anySelected);
    m_remove->setEnabled(isRunning && anySelected);
    m_clear->setEnabled(isRunning && count > 0);
    m_add->setEnabled(isRunning);
    m_import->setEnabled(isRunning);
    m_export->setEnabled(isRunning && count > 0);
}

void CachePanel::dialSelected()
{
    for (const BootstrapCache::Entry &entry : selected()) {
        const PeerAddress first = entry.addresses.value(0);
        m_workspace.host().dial(PeerAddress(first.address(), first.port(), entry.peerId));
    }
}

void CachePanel::removeSelected()
{
    QList<PeerId> peers;
    for (const BootstrapCache::Entry &entry : selected())
        peers.append(entry.peerId);
    m_workspace.host().removeFromCache(peers);
}

void CachePanel::clearAll()
{
    ask(this, tr("Clear the bootstrap cache"),
        tr("Remove all %n nodes?", nullptr, m_workspace.cache().rowCount()),
        tr("The next join can then use contacts only."), tr("&Remove all"),
        [this] { m_workspace.host().clearCache(); });
}

void CachePanel::add()
{
    auto *dialog = new ContactsDialog(
        tr("Add nodes"),
        tr("One node per line, with its peer id: PEERID@192.0.2.1:12000. The certificate is "
           "stored after the first connection."),
        ContactsDialog::Need::PeerIdAndIpAddress, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { m_workspace.host().addToCache(dialog->contacts()); });
    dialog->open();
}

void CachePanel::importFrom(const QString &fileName)
{
    constexpr qint64 largest = qint64(4) * 1024 * 1024;
    QFile file(fileName);
    // A pipe would keep the window waiting.
    if (!QFileInfo(fileName).isFile() || !file.open(QFile::ReadOnly) || file.size() > largest) {
        Q_EMIT problem(
            tr("The file \"%1\" cannot be read, or is larger than 4 MiB. Choose one that was "
               "exported from a bootstrap cache.")
                .arg(fileName));
        return;
    }
    const ContactLines lines = ContactLines::parse(QString::fromUtf8(file.read(largest)));
    QList<PeerAddress> nodes;
    for (const PeerAddress &contact : lines.contacts) {
        if (!contact.peerId().isNull() && !contact.isHostName())
            nodes.append(contact);
    }
    if (nodes.isEmpty() || lines.wrongLines > 0) {
        Q_EMIT problem(
            lines.problems.isEmpty()
                ? tr("\"%1\" has no node with a peer id and an IP address. Nothing was imported.")
                      .arg(fileName)
                : tr("Line %1 of \"%2\": %3 Nothing was imported.")
                      .arg(lines.problems.first().line)
                      .arg(fileName, lines.problems.first().message));
        return;
    }
    m_workspace.host().addToCache(nodes);
}

void CachePanel::exportAll()
{
    auto *dialog = new QFileDialog(this, tr("Export nodes"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"txt"_s);
    dialog->selectFile(u"nodes.txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &name) { m_workspace.host().exportCache(name); });
    dialog->open();
}

} // namespace Qp2p::Gui
