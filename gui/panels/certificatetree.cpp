// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/certificatetree.h>

#include <models/shown.h>

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

CertificateTree::CertificateTree(QWidget *parent)
    : QTreeWidget(parent)
{
    setColumnCount(2);
    setHeaderLabels({tr("Field"), tr("Value")});
    setAccessibleName(tr("Certificate chain"));
    setUniformRowHeights(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    auto *copy = new QAction(tr("&Copy value"), this);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, [this] {
        if (const QTreeWidgetItem *item = currentItem())
            QApplication::clipboard()->setText(item->text(1));
    });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void CertificateTree::setChain(const QList<QByteArray> &chain)
{
    if (m_chain == chain)
        return;
    m_chain = chain;
    clear();
    for (qsizetype i = 0; i < chain.size(); ++i)
        addCertificate(chain.at(i), i + 1);
    expandAll();
}

void CertificateTree::addCertificate(const QByteArray &der, qsizetype number)
{
    auto *top = new QTreeWidgetItem(this);
    top->setText(0, tr("Certificate %1").arg(number));
    const Result<CertificateInfo> info = CertificateInfo::fromDer(der);
    if (!info) {
        top->setText(1, shown(info.error().message));
        return;
    }
    top->setText(1, shown(nameOf(*info), 64));
    const auto add = [top](const QString &name, const QString &value) {
        auto *item = new QTreeWidgetItem(top, {name, value});
        item->setToolTip(1, shownAsToolTip(value));
    };
    add(tr("Subject"), shown(info->subject));
    add(tr("Issuer"), info->isSelfSigned ? tr("Self-signed") : shown(info->issuer));
    QStringList names;
    for (const QString &name : info->names.mid(0, 20))
        names.append(shown(name, 64));
    add(tr("Names"), names.isEmpty() ? tr("None") : names.join(u", "_s));
    add(tr("Valid from"), shownTime(info->validFrom));
    add(tr("Valid until"),
        info->hasNoExpiry() ? tr("Does not expire") : shownTime(info->validUntil));
    add(tr("Authority"),
        info->isAuthority ? tr("May sign other certificates")
                          : tr("May not sign other certificates"));
    add(tr("Key"), shown(info->key));
    add(tr("Signature"), shown(info->signature));
    add(tr("Serial number"), QString::fromLatin1(info->serialNumber.left(32).toHex(':')));
    add(tr("SHA-256 fingerprint"), info->fingerprintText());
    add(tr("Peer id of the key"), info->peerId.toString());
}

} // namespace Qp2p::Gui
