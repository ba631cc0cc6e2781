// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/identitywidget.h>

#include <models/shown.h>
#include <panels/certificatetree.h>
#include <panels/plaintext.h>

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

IdentityWidget::IdentityWidget(Workspace &workspace, QWidget *parent, Naming naming)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_name(new QLineEdit(this))
    , m_nameNote(wrappedLabel({}, this))
    , m_setName(new QPushButton(tr("Change &name"), this))
    , m_peerId(wrappedLabel({}, this))
    , m_contact(wrappedLabel({}, this))
    , m_copyContact(new QPushButton(tr("Copy con&tact"), this))
    , m_problem(wrappedLabel({}, this))
    , m_copy(new QPushButton(tr("&Copy peer id"), this))
    , m_export(new QPushButton(tr("&Export certificate …"), this))
    , m_import(new QPushButton(tr("&Import identity …"), this))
    , m_generate(new QPushButton(tr("New i&dentity …"), this))
    , m_details(new QPushButton(tr("Certificate detai&ls …"), this))
{
    m_name->setMaxLength(Identity::MaxDisplayName);
    m_name->setPlaceholderText(tr("No name"));
    m_setName->setVisible(naming == Naming::ByButton);
    QFont bold = font();
    bold.setBold(true);
    m_peerId->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_peerId->setAccessibleName(tr("Own peer id"));
    m_peerId->setToolTip(tr("The SHA-256 hash of the public key of this machine"));
    m_peerId->setFont(bold);
    m_contact->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_contact->setAccessibleName(tr("Own contact"));
    m_contact->setToolTip(tr("Others paste this line into \"Join\" to join through this machine."));
    m_export->setToolTip(tr("Writes the certificate without the key, for example for an authority "
                            "to sign."));
    m_import->setToolTip(tr("Reads a key and certificates from a PEM file, for example one that an "
                            "authority has issued."));
    m_details->setToolTip(tr("Shows all fields of the certificate (X.509)."));

    layOut();
    connectButtons();
    connect(&workspace, &Workspace::refreshed, this, &IdentityWidget::refreshContact);
    refresh();
}

void IdentityWidget::layOut()
{
    auto *nameRow = new QHBoxLayout;
    QLabel *nameLabel = plainLabel(tr("Displa&y name:"), this);
    nameLabel->setBuddy(m_name);
    nameRow->addWidget(nameLabel);
    nameRow->addWidget(m_name, 1);
    nameRow->addWidget(m_setName);
    auto *copyRow = new QHBoxLayout;
    for (QPushButton *button : {m_copy, m_copyContact})
        copyRow->addWidget(button);
    copyRow->addStretch(1);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_export, m_import, m_generate})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *detailsRow = new QHBoxLayout;
    detailsRow->addWidget(m_details);
    detailsRow->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(nameRow);
    layout->addWidget(m_nameNote);
    layout->addSpacing(fontMetrics().height());
    layout->addWidget(wrappedLabel(tr("Your peer id identifies this machine. It is derived from a "
                                      "key, which stays in the folder of the profile and is never "
                                      "sent."),
                                   this));
    layout->addWidget(m_peerId);
    layout->addWidget(m_problem);
    layout->addWidget(m_contact);
    layout->addLayout(copyRow);
    layout->addSpacing(fontMetrics().height());
    layout->addLayout(buttons);
    layout->addLayout(detailsRow);
    layout->addStretch(1);
}

void IdentityWidget::connectButtons()
{
    connect(m_setName, &QPushButton::clicked, this, [this] { applyName(); });
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_setName->setEnabled(text.trimmed() != m_workspace.profile().displayName());
    });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_workspace.profile().identity().peerId().toString());
        Q_EMIT done(tr("The peer id was copied to the clipboard."));
    });
    connect(m_copyContact, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_workspace.contactLine());
        Q_EMIT done(tr("The contact was copied to the clipboard."));
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        chooseFile(tr("Export the certificate"), true,
                   [this](const QString &name) { exportTo(name); });
    });
    connect(m_import, &QPushButton::clicked, this, [this] {
        askToReplace(tr("Use another identity from a file?"), [this] {
            chooseFile(tr("Import an identity"), false,
                       [this](const QString &name) { importFrom(name); });
        });
    });
    connect(m_generate, &QPushButton::clicked, this,
            [this] { askToReplace(tr("Generate a new identity?"), [this] { generate(); }); });
    connect(m_details, &QPushButton::clicked, this, &IdentityWidget::showDetails);
}

void IdentityWidget::refresh()
{
    Profile &profile = m_workspace.profile();
    QString problem;
    if (profile.identity().isNull()) {
        if (const Result<void> loaded = profile.loadIdentity(); !loaded)
            problem = loaded.error().message;
    }
    const Identity &identity = profile.identity();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_peerId->setText(identity.isNull() ? tr("There is no identity yet.")
                                        : identity.peerId().toString());
    m_name->setText(shown(profile.displayName(), Identity::MaxDisplayName));
    m_name->setReadOnly(!profile.canBeNamed());
    m_setName->setEnabled(false);
    m_nameNote->setText(profile.canBeNamed()
                            ? tr("Every peer sees this name. It is part of your certificate, and "
                                 "it is not checked: peers are distinguished by their peer ids.")
                            : tr("An authority has signed this name in your certificate."));
    for (QPushButton *button : {m_copy, m_export, m_details})
        button->setEnabled(!identity.isNull());
    refreshContact();
}

void IdentityWidget::refreshContact()
{
    const QString contact = m_workspace.contactLine();
    m_contact->setVisible(!contact.isEmpty());
    m_copyContact->setVisible(!contact.isEmpty());
    m_contact->setText(tr("Contact for others: %1").arg(contact));
}

void IdentityWidget::showDetails()
{
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Certificate details"));
    auto *chain = new CertificateTree(dialog);
    chain->setChain(m_workspace.profile().identity().certificates());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(chain, 1);
    layout->addWidget(buttons);
    dialog->resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 28);
    dialog->open();
}

bool IdentityWidget::applyName()
{
    Profile &profile = m_workspace.profile();
    const QString name = m_name->text().trimmed();
    if (!profile.canBeNamed() || name == profile.displayName())
        return true;
    if (const Result<void> named = profile.setDisplayName(name); !named) {
        Q_EMIT problem(named.error().message);
        return false;
    }
    refresh();
    Q_EMIT changed();
    m_workspace.applyNetworkSettings();
    Q_EMIT done(name.isEmpty() ? tr("The name was removed from the certificate.")
                               : tr("Peers see the name \"%1\" from now on.").arg(shown(name, 64)));
    return true;
}

void IdentityWidget::askToReplace(const QString &question, std::function<void()> yes)
{
    if (m_workspace.profile().identity().isNull()) {
        yes();
        return;
    }
    ask(this, tr("Change the identity"), question,
        tr("This machine gets another peer id. Others will see a new peer, and those that know the "
           "old key are warned. The network is left and joined again. The old key is kept in the "
           "folder of the profile under another name."),
        tr("&Change identity"), std::move(yes));
}

void IdentityWidget::chooseFile(const QString &title, bool toSave,
                                std::function<void(const QString &)> use)
{
    auto *dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters({tr("PEM files (*.pem *.crt *.key)"), tr("All files (*)")});
    if (toSave) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(u"pem"_s);
        dialog->selectFile(u"certificate.pem"_s);
    } else {
        dialog->setFileMode(QFileDialog::ExistingFile);
    }
    connect(dialog, &QFileDialog::fileSelected, this, std::move(use));
    dialog->open();
}

void IdentityWidget::use(const Identity &identity)
{
    if (const Result<void> replaced = m_workspace.profile().replaceIdentity(identity); !replaced) {
        Q_EMIT problem(replaced.error().message);
        return;
    }
    refresh();
    Q_EMIT changed();
    m_workspace.applyNetworkSettings();
    Q_EMIT done(tr("The peer id of this machine is now %1.").arg(shortId(identity.peerId())));
}

void IdentityWidget::importFrom(const QString &fileName)
{
    const Result<Identity> loaded = Identity::load(fileName);
    if (loaded)
        use(*loaded);
    else if (loaded.error().code == ErrorCode::WrongPassphrase)
        askForPassphrase(fileName);
    else
        Q_EMIT problem(loaded.error().message);
}

void IdentityWidget::askForPassphrase(const QString &fileName)
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Passphrase"));
    dialog->setLabelText(tr("The key in this file is encrypted. Its passphrase:"));
    dialog->setTextEchoMode(QLineEdit::Password);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, fileName](const QString &typed) {
        const Result<Identity> loaded = Identity::load(fileName, typed.toUtf8());
        if (loaded)
            use(*loaded);
        else
            Q_EMIT problem(loaded.error().message);
    });
    dialog->open();
}

void IdentityWidget::exportTo(const QString &fileName)
{
    const QByteArray pem = m_workspace.profile().identity().certificatePem();
    QSaveFile file(fileName);
    if (!file.open(QFile::WriteOnly) || file.write(pem) != pem.size() || !file.commit())
        Q_EMIT problem(
            tr("The certificate could not be written to \"%1\": %2. Choose another folder.")
                .arg(fileName, file.errorString()));
    else
        Q_EMIT done(tr("The certificate was written to \"%1\".").arg(fileName));
}

void IdentityWidget::generate()
{
    const Result<Identity> made = Identity::generate();
    if (made)
        use(*made);
    else
        Q_EMIT problem(made.error().message);
}

} // namespace Qp2p::Gui
