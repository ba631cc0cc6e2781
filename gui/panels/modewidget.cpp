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
    , m_nameLabel(plainLabel(tr("&Name that certificates must have:"), m_authorities))
    , m_name(new QLineEdit(m_authorities))
    , m_consequence(wrappedLabel({}, this))
{
    auto *layout = new QVBoxLayout(this);
    m_encryptOnly = addChoice(
        layout, tr("&Encrypt only"),
        tr("Everybody may connect. Nobody can listen in or pretend to be another peer, but nobody "
           "vouches "
           "for who stands behind a peer, either. Good to try things out, and for open networks."));
    m_private = addChoice(
        layout, tr("&Private authority"),
        tr("Only peers whose certificate was signed by an authority of your own. For a group that "
           "wants a "
           "network to itself: someone runs the authority and gives each member a certificate."));
    m_agreed = addChoice(layout, tr("A&greed authority"),
                         tr("Only peers whose certificate was signed by a public authority, as for "
                            "web sites. For servers "
                            "with names of their own."));

    m_filesLabel->setBuddy(m_files);
    m_nameLabel->setBuddy(m_name);
    m_files->setAccessibleName(tr("Files of the authorities"));
    m_files->setFixedHeight(fontMetrics().height() * 5);
    m_name->setAccessibleName(tr("Name that certificates must have"));
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
        if (std::exchange(m_judgeAgain, false)) {
            judge();
            return;
        }
        const Verdicts verdicts = m_watcher.result();
        QStringList sentences;
        if (verdicts.judged > 0 && verdicts.refused.isEmpty())
            sentences.append(tr("All %n peers that are connected now would be accepted.", nullptr,
                                verdicts.judged));
        else if (!verdicts.refused.isEmpty())
            sentences.append(tr("%n peers that are connected now would be refused:", nullptr,
                                int(verdicts.refused.size()))
                             + u'\n' + verdicts.refused.mid(0, 3).join(u'\n'));
        if (!verdicts.ownProblem.isEmpty())
            sentences.append(tr("Peers with the same rule would refuse this machine: %1")
                                 .arg(verdicts.ownProblem));
        if (sentences.isEmpty())
            sentences.append(tr("Nobody is connected now, so nobody would be cut off."));
        m_consequence->setText(sentences.join(u"\n\n"_s));
    });
    setPolicy(workspace.settings().certificatePolicy());
    m_remove->setEnabled(false);
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
            "Add the file of the authority's certificate. \"qp2p authority new NAME\" makes an "
            "authority.");
    const CertificatePolicy chosen = policy();
    if (const Result<void> valid = chosen.validate(); !valid)
        return valid.error().message;
    for (const QString &file : chosen.authorityFiles()) {
        if (!QFileInfo(file).isReadable())
            return tr("The file \"%1\" cannot be read. Remove it from the list, or mend it.")
                .arg(file);
    }
    return {};
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
    auto *dialog = new QFileDialog(this, tr("Certificates of authorities"));
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
                              ? tr("Certificates of the &authorities (PEM):")
                              : tr("Bundles of &authorities (PEM); none: those of the system:"));
    m_nameLabel->setText(isPrivate ? tr("&Name that certificates must have:")
                                   : tr("&Name that peers which dial us must have:"));
    const QString missing = problem();
    if (missing.isEmpty())
        judge();
    else
        m_consequence->setText(missing);
    Q_EMIT changed();
}

//! In another thread: a bundle may have hundreds of authorities.
void ModeWidget::judge()
{
    if (m_watcher.isRunning()) {
        m_judgeAgain = true;
        return;
    }
    QList<ConnectionSnapshot> peers;
    QList<PeerId> seen;
    const ConnectionModel &connections = m_workspace.connections();
    for (int row = 0; row < connections.rowCount() && peers.size() < MostJudged; ++row) {
        const ConnectionSnapshot &connection = *connections.at(row);
        if (connection.state == ConnectionSnapshot::State::Closed
            || seen.contains(connection.facts->peerId))
            continue;
        seen.append(connection.facts->peerId);
        peers.append(connection);
    }
    auto promise = std::make_shared<QPromise<Verdicts>>();
    m_watcher.setFuture(promise->future());
    const CertificatePolicy chosen = policy();
    QThreadPool::globalInstance()->start([promise, chosen, peers,
                                          own = m_workspace.profile().identity().certificates(),
                                          ownId = m_workspace.profile().identity().peerId()] {
        promise->start();
        Verdicts verdicts;
        verdicts.judged = int(peers.size());
        // An expected peer id takes the place of the name check, which here is that of the network
        // in one mode, and in the other that of an address that was dialled: nobody dials now.
        const auto dialled = [&chosen](const PeerId &peerId) {
            return chosen.mode() == CertificateMode::PrivateAuthority
                ? PeerAddress()
                : PeerAddress(QHostAddress(QHostAddress::LocalHost), 1, peerId);
        };
        for (const ConnectionSnapshot &peer : peers) {
            const auto judged = chosen.judge(peer.facts->certificates, dialled(peer.facts->peerId));
            if (!judged)
                //: a peer's short id and name, and why it would be refused
                verdicts.refused.append(tr("%1 %2: %3")
                                            .arg(shortId(peer.facts->peerId),
                                                 shown(peer.facts->name, 32),
                                                 shown(judged.error().message, 160)));
        }
        if (!own.isEmpty()) {
            const auto judged = chosen.judge(own, dialled(ownId));
            if (!judged)
                verdicts.ownProblem = shown(judged.error().message, 300);
        }
        promise->addResult(verdicts);
        promise->finish();
    });
}

} // namespace Qp2p::Gui
