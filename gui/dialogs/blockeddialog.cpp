// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/blockeddialog.h>

#include <panels/plaintext.h>

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace Qp2p::Gui {

BlockedDialog::BlockedDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_list(new QListWidget(this))
{
    setWindowTitle(tr("Blocked peers"));
    m_list->setAccessibleName(windowTitle());
    m_list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_list->setMinimumHeight(fontMetrics().height() * 5);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setSelectionMode(QListWidget::ExtendedSelection);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_unblock = buttons->addButton(tr("&Unblock"), QDialogButtonBox::ActionRole);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(
        wrappedLabel(tr("This program neither dials nor accepts these peers and addresses. Join a "
                        "network to change the list."),
                     this));
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_unblock, &QPushButton::clicked, this, &BlockedDialog::unblock);
    connect(&workspace.host(), &NetworkHost::blockListChanged, this, &BlockedDialog::refresh);
    const auto update = [this] {
        m_unblock->setEnabled(m_workspace.host().isRunning() && !m_list->selectedItems().isEmpty());
    };
    connect(m_list, &QListWidget::itemSelectionChanged, this, update);
    connect(&workspace.host(), &NetworkHost::stateChanged, this, update);
    refresh();
    update();
    resize(fontMetrics().averageCharWidth() * 72, fontMetrics().height() * 18);
}

void BlockedDialog::refresh()
{
    m_list->clear();
    for (const PeerId &peer : m_workspace.host().blockedPeers()) {
        auto *item = new QListWidgetItem(peer.toString(), m_list);
        item->setData(Qt::UserRole, peer.toString());
    }
    for (const QHostAddress &address : m_workspace.host().blockedAddresses())
        new QListWidgetItem(address.toString(), m_list);
}

void BlockedDialog::unblock()
{
    const QList<QListWidgetItem *> items = m_list->selectedItems();
    QStringList peers;
    QStringList addresses;
    for (const QListWidgetItem *item : items)
        (item->data(Qt::UserRole).isValid() ? peers : addresses).append(item->text());
    for (const QString &text : peers) {
        if (const Result<PeerId> peer = PeerId::fromString(text))
            m_workspace.host().unblock(*peer);
    }
    for (const QString &text : addresses)
        m_workspace.host().unblockAddress(QHostAddress(text));
}

} // namespace Qp2p::Gui
