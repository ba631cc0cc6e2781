// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/keychangedquestion.h>

#include <models/shown.h>
#include <panels/fieldlist.h>
#include <panels/plaintext.h>

#include <QDialogButtonBox>
#include <QGroupBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace Qp2p::Gui {

namespace {

QGroupBox *certificateBox(const QString &title, const QByteArray &der, const PeerId &peerId,
                          QWidget *parent)
{
    auto *box = new QGroupBox(title, parent);
    auto *layout = new QVBoxLayout(box);
    auto *fields = new FieldList(box);
    layout->addWidget(fields);
    fields->add(KeyChangedQuestion::tr("Peer id"))->setText(peerId.toString());
    const Result<CertificateInfo> info = CertificateInfo::fromDer(der);
    fields->add(KeyChangedQuestion::tr("SHA-256 fingerprint"))
        ->setText(info ? info->fingerprintText() : KeyChangedQuestion::tr("Not known"));
    if (info) {
        fields->add(KeyChangedQuestion::tr("Name"))
            ->setText(nameOf(*info).isEmpty() ? KeyChangedQuestion::tr("None")
                                              : shown(nameOf(*info), 64));
        fields->add(KeyChangedQuestion::tr("Valid from"))->setText(shownTime(info->validFrom));
    }
    return box;
}

} // namespace

PeerId KeyChangedQuestion::newPeerId(const Error &error)
{
    const auto info = CertificateInfo::fromDer(error.peerCertificates.value(0));
    return info ? info->peerId : PeerId();
}

KeyChangedQuestion::KeyChangedQuestion(Workspace &workspace, const BootstrapCache::Entry &known,
                                       const Error &error, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("A node has another key"));
    const PeerAddress address = known.addresses.value(0);
    const PeerId newId = newPeerId(error);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(tr("The node at %1 answered with another key than the one that "
                                      "this program remembers. It was "
                                      "refused.")
                                       .arg(address.endpointString()),
                                   this));
    layout->addWidget(wrappedLabel(tr("Perhaps its owner has made a new identity, or another "
                                      "machine has this address now. Perhaps "
                                      "somebody wants to take its place. Ask its owner for the new "
                                      "peer id before you accept it."),
                                   this));
    layout->addWidget(certificateBox(tr("Expected"), known.certificate, known.peerId, this));
    layout->addWidget(certificateBox(tr("Actual"), error.peerCertificates.value(0), newId, this));
    layout->addWidget(wrappedLabel(tr("Trust the new key from now on, and dial again?"), this));
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *yes = buttons->addButton(tr("&Yes, trust the new key"), QDialogButtonBox::YesRole);
    QPushButton *no = buttons->addButton(tr("&No"), QDialogButtonBox::NoRole);
    yes->setAutoDefault(false);
    yes->setEnabled(!newId.isNull());
    no->setDefault(true);
    no->setFocus();
    layout->addWidget(buttons);
    connect(no, &QPushButton::clicked, this, &QDialog::reject);
    connect(yes, &QPushButton::clicked, this, [this, &workspace, known, address, newId] {
        workspace.host().trustNewKey(known.peerId,
                                     PeerAddress(address.address(), address.port(), newId));
        accept();
    });
}

} // namespace Qp2p::Gui
