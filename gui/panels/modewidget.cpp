// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/modewidget.h>

#include <models/shown.h>
#include <panels/plaintext.h>

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPromise>
#include <QPushButton>
#include <QRadioButton>
#include <QThreadPool>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

//! A choice with its explanation below.
QRadioButton *addChoice(QVBoxLayout *layout, const QString &name, const QString &explanation)
{
    QWidget *parent = layout->parentWidget();
    auto *button = new QRadioButton(name, parent);
    QFont bold = button->font();
    bold.setBold(true);
    button->setFont(bold);
    button->setAccessibleDescription(explanation);
    layout->addWidget(button);
    QLabel *text = wrappedLabel(explanation, parent);
    text->setIndent(parent->fontMetrics().height() + parent->fontMetrics().averageCharWidth());
    layout->addWidget(text);
    return button;
}

} // namespace

ModeWidget::ModeWidget(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_authorities(new QWidget(this))
    , m_files(new QListWidget(m_authorities))
    , m_add(new QPushButton(tr("A&dd …"), m_authorities))
    , m_remove(new QPushButton(tr("&Remove"), m_authorities))
    , m_filesLabel(plainLabel({}, m_authorities))
    , m_nameLabel(plainLabel(tr("Required &name in certificates:"), m_authorities))
    , m_name(new QLineEdit(m_authorities))
    , m_consequence(wrappedLabel({}, this))
{
    auto *layout = new QVBoxLayout(this);
    addChoices(layout);
    setUpAuthorities();
    layout->addWidget(m_authorities);
    layout->addWidget(m_consequence);
    layout->addStretch(1);

    for (const QRadioButton *button : {m_encryptOnly, m_private, m_agreed})
        connect(button, &QRadioButton::toggled, this, &ModeWidget::update);
    connect(m_name, &QLineEdit::textChanged, this, &ModeWidget::update);
    connect(m_files, &QListWidget::currentRowChanged, this,
            [this](int row) { m_remove->setEnabled(row >= 0); });
    connect(m_add, &QPushButton::clicked, this, &ModeWidget::chooseFiles);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        delete m_files->currentItem();
        update();
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (std::exchange(m_verifyAgain, false))
            verify();
        else
            showConsequence();
    });
    setPolicy(workspace.settings().certificatePolicy());
    m_remove->setEnabled(false);
}

void ModeWidget::addChoices(QVBoxLayout *layout)
{
    m_encryptOnly = addChoice(
        layout, tr("&Encrypt only"),
        tr("Anyone may connect. Connections are encrypted, and no peer can use the peer id of "
           "another, but nothing proves who owns a peer. Suitable for trying things out and for "
           "open networks."));
    m_private = addChoice(
        layout, tr("&Private authority"),
        tr("Only peers with a certificate signed by your own authority may connect. Suitable for a "
           "closed group: one member runs the authority and gives each member a certificate."));
    m_agreed = addChoice(layout, tr("A&greed authority"), {});
    m_agreedText = qobject_cast<QLabel *>(layout->itemAt(layout->count() - 1)->widget());
}

void ModeWidget::setUpAuthorities()
{
    m_filesLabel->setBuddy(m_files);
    m_nameLabel->setBuddy(m_name);
    m_files->setAccessibleName(tr("Authority files"));
    m_files->setFixedHeight(fontMetrics().height() * 5);
    m_name->setAccessibleName(tr("Required name in certificates"));
    m_name->setPlaceholderText(tr("Any name"));
    m_name->setMaxLength(253);
    auto *fileButtons = new QVBoxLayout;
    fileButtons->addWidget(m_add);
    fileButtons->addWidget(m_remove);
    fileButtons->addStretch(1);
    auto *fileRow = new QHBoxLayout;
    fileRow->addWidget(m_files, 1);
    fileRow->addLayout(fileButtons);
    auto *nameRow = new QHBoxLayout;
    nameRow->addWidget(m_nameLabel);
    nameRow->addWidget(m_name, 1);
    auto *authorities = new QVBoxLayout(m_authorities);
    authorities->setContentsMargins({});
    authorities->addWidget(m_filesLabel);
    authorities->addLayout(fileRow);
    authorities->addLayout(nameRow);
}

//! What m_watcher has found.
void ModeWidget::showConsequence()
{
    if (!problem().isEmpty())
        return; // it is shown
    const Verification verification = m_watcher.result();
    QStringList sentences;
    if (verification.checked > 0 && verification.refused.isEmpty())
        sentences.append(
            tr("All %n connected peers would be accepted.", nullptr, verification.checked));
    else if (!verification.refused.isEmpty())
        sentences.append(
            tr("%n connected peers would be refused:", nullptr, int(verification.refused.size()))
            + u'\n' + verification.refused.mid(0, 3).join(u'\n'));
    if (!verification.ownProblem.isEmpty())
        sentences.append(tr("Peers with the same setting would refuse this machine: %1")
                             .arg(verification.ownProblem));
    m_consequence->setVisible(!sentences.isEmpty());
    m_consequence->setText(sentences.join(u"\n\n"_s));
}

void ModeWidget::setPolicy(const CertificatePolicy &policy)
{
    m_files->clear();
    m_files->addItems(policy.authorityFiles());
    m_name->setText(policy.mode() == CertificateMode::AgreedAuthority
                        ? policy.diallerNames().value(0)
                        : policy.name());
    QRadioButton *button = policy.mode() == CertificateMode::EncryptOnly ? m_encryptOnly
        : policy.mode() == CertificateMode::PrivateAuthority             ? m_private
                                                                         : m_agreed;
    button->setChecked(true);
    update();
}

CertificatePolicy ModeWidget::policy() const
{
    QStringList files;
    for (int row = 0; row < m_files->count(); ++row)
        files.append(m_files->item(row)->text());
    if (m_private->isChecked())
        return CertificatePolicy::privateAuthority(files, m_name->text().trimmed());
    if (m_agreed->isChecked()) {
        CertificatePolicy policy = CertificatePolicy::agreedAuthority(files);
        if (const QString name = m_name->text().trimmed(); !name.isEmpty())
            policy.setDiallerNames({name});
        return policy;
    }
    return CertificatePolicy::encryptOnly();
}

QString ModeWidget::problem() const
{
    if (m_private->isChecked() && m_files->count() == 0)
        return tr(
            "Add the certificate file of the authority. The command \"qp2p authority new NAME\" "
            "creates an authority.");
    const CertificatePolicy chosen = policy();
    if (const Result<void> valid = chosen.validate(); !valid)
        return valid.error().message;
    for (const QString &file : chosen.authorityFiles()) {
        if (!QFileInfo(file).isReadable())
            return tr("The file \"%1\" cannot be read. Remove it from the list, or restore the "
                      "file.")
                .arg(file);
    }
    return {};
}

void ModeWidget::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // The identity may have been replaced. Not from in here: a wizard shows its page in answer to changed().
    QMetaObject::invokeMethod(this, &ModeWidget::update, Qt::QueuedConnection);
}

QString ModeWidget::consequence() const
{
    return m_consequence->text();
}

void ModeWidget::addAuthorityFiles(const QStringList &files)
{
    for (const QString &file : files) {
        if (m_files->findItems(file, Qt::MatchExactly).isEmpty())
            m_files->addItem(file);
    }
    update();
}

void ModeWidget::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Authority certificates"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &ModeWidget::addAuthorityFiles);
    dialog->open();
}

void ModeWidget::update()
{
    const bool isPrivate = m_private->isChecked();
    m_authorities->setVisible(!m_encryptOnly->isChecked());
    m_filesLabel->setText(isPrivate
                              ? tr("&Authority certificates (PEM):")
                              : tr("&Authority files (PEM); without any, the system's are used:"));
    m_nameLabel->setText(isPrivate ? tr("Required &name in certificates:")
                                   : tr("Required &name of incoming peers:"));
    const QString missing = problem();
    // Peers with the same setting refuse a self-signed certificate.
    const bool isSelfSigned = m_workspace.profile().canBeNamed();
    m_agreed->setEnabled(!isSelfSigned || m_agreed->isChecked());
    m_agreedText->setText(isSelfSigned
                              ? tr("Only peers with a certificate signed by a public authority, as "
                                   "for web sites, may connect. This needs such a certificate: "
                                   "your own is self-signed. Import one as your identity first.")
                              : tr("Only peers with a certificate signed by a public authority, as "
                                   "for web sites, may connect. Suitable for servers with their "
                                   "own domain names."));
    m_agreed->setAccessibleDescription(m_agreedText->text());
    m_consequence->setVisible(!missing.isEmpty());
    if (missing.isEmpty())
        verify();
    else
        m_consequence->setText(missing);
    Q_EMIT changed();
}

//! In another thread: a bundle may have hundreds of authorities.
void ModeWidget::verify()
{
    if (m_watcher.isRunning()) {
        m_verifyAgain = true;
        return;
    }
    QList<ConnectionSnapshot> peers;
    QList<PeerId> seen;
    const ConnectionModel &connections = m_workspace.connections();
    for (int row = 0; row < connections.rowCount() && peers.size() < MaxVerified; ++row) {
        const ConnectionSnapshot &connection = *connections.at(row);
        if (connection.state == ConnectionSnapshot::State::Closed
            || seen.contains(connection.facts->peerId))
            continue;
        seen.append(connection.facts->peerId);
        peers.append(connection);
    }
    auto promise = std::make_shared<QPromise<Verification>>();
    m_watcher.setFuture(promise->future());
    const CertificatePolicy chosen = policy();
    QThreadPool::globalInstance()->start([promise, chosen, peers,
                                          own = m_workspace.profile().identity().certificates(),
                                          ownId = m_workspace.profile().identity().peerId()] {
        promise->start();
        Verification verification;
        verification.checked = int(peers.size());
        // An expected peer id takes the place of the name check, which here is that of the network
        // in one mode, and in the other that of an address that was dialled: none is dialled now.
        const auto dialled = [&chosen](const PeerId &peerId) {
            return chosen.mode() == CertificateMode::PrivateAuthority
                ? PeerAddress()
                : PeerAddress(QHostAddress(QHostAddress::LocalHost), 1, peerId);
        };
        for (const ConnectionSnapshot &peer : peers) {
            const auto accepted = chosen.verify(peer.facts->certificates,
                                                dialled(peer.facts->peerId));
            if (!accepted)
                //: a peer's short id and name, and why it would be refused
                verification.refused.append(tr("%1 %2: %3")
                                                .arg(shortId(peer.facts->peerId),
                                                     shown(peer.facts->name, 32),
                                                     shown(accepted.error().message, 160)));
        }
        if (!own.isEmpty()) {
            const auto accepted = chosen.verify(own, dialled(ownId));
            if (!accepted)
                verification.ownProblem = shown(accepted.error().message, 300);
        }
        promise->addResult(verification);
        promise->finish();
    });
}

} // namespace Qp2p::Gui
