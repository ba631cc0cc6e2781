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

using namespace Qt::StringLiterals;

namespace {

QGroupBox *certificateBox(const QString &title, const QByteArray &der, const PeerId &peerId,
                          QWidget *parent)
{
    auto *box = new QGroupBox(title, parent);
    auto *layout = new QVBoxLayout(box);
    auto *fields = new FieldList(box);
    layout->addWidget(fields);
    fields->addLong(KeyChangedQuestion::tr("Peer id"))->setText(peerId.toString());
    const Result<CertificateInfo> info = CertificateInfo::fromDer(der);
    fields->addLong(KeyChangedQuestion::tr("SHA-256 fingerprint"))
        ->setText(info ? info->fingerprintText() : KeyChangedQuestion::tr("Unknown"));
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

QString KeyChangedQuestion::summary(const PeerId &known, const PeerId &newId)
{
    return tr("The node %1 is back with another key (%2) and was refused. Decide whether to trust "
              "the new key.")
        .arg(shortId(known), newId.isNull() ? tr("unreadable") : shortId(newId));
}

KeyChangedQuestion::KeyChangedQuestion(Workspace &workspace, const BootstrapCache::Entry &known,
                                       const Error &error, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("A node has another key"));
    const PeerId newId = newPeerId(error);
    QStringList addresses;
    for (const PeerAddress &address : known.addresses)
        addresses.append(address.endpointString());
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(
        tr("A peer at the address of a known node (%1) has another key than that node. It was "
           "refused before it could exchange messages.")
            .arg(addresses.join(u", "_s)),
        this));
    layout->addWidget(wrappedLabel(tr("The owner may have created a new identity, or another "
                                      "machine may have this address now. It may also be an "
                                      "attempt to impersonate the node. Ask the owner for the new "
                                      "peer id before you trust it."),
                                   this));
    layout->addWidget(certificateBox(tr("Known key"), known.certificate, known.peerId, this));
    layout->addWidget(certificateBox(tr("New key"), error.peerCertificates.value(0), newId, this));
    layout->addWidget(
        wrappedLabel(tr("Trust: the new key replaces the known one, and the peer is connected.\n"
                        "No: the new key stays refused at this address, and you are not asked "
                        "again. To accept it later, remove the node from the bootstrap cache.\n"
                        "Block: the new key is refused at every address. It can be unblocked under "
                        "Network, Blocked peers."),
                     this));
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *yes = buttons->addButton(tr("&Trust the new key"), QDialogButtonBox::YesRole);
    QPushButton *no = buttons->addButton(tr("&No"), QDialogButtonBox::NoRole);
    QPushButton *block = buttons->addButton(tr("&Block the new key"), QDialogButtonBox::ActionRole);
    QPushButton *later = buttons->addButton(tr("&Later"), QDialogButtonBox::RejectRole);
    for (QPushButton *button : {yes, block, later})
        button->setAutoDefault(false);
    yes->setEnabled(!newId.isNull() && workspace.host().isRunning());
    block->setEnabled(!newId.isNull() && workspace.host().isRunning());
    no->setDefault(true);
    no->setFocus();
    layout->addWidget(buttons);
    connect(later, &QPushButton::clicked, this, &QDialog::reject);
    using Answer = Workspace::KeyAnswer;
    for (const auto &[button, answer] :
         {std::pair(yes, Answer::Trust), std::pair(no, Answer::Refuse),
          std::pair(block, Answer::Block)})
        connect(button, &QPushButton::clicked, this,
                [this, &workspace, id = known.peerId, newId, given = answer] {
                    workspace.answerKeyQuestion(id, newId, given);
                    accept();
                });
}

} // namespace Qp2p::Gui
