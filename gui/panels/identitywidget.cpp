// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/identitywidget.h>

#include <models/shown.h>
#include <panels/certificatetree.h>
#include <panels/plaintext.h>

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

IdentityWidget::IdentityWidget(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_peerId(wrappedLabel({}, this))
    , m_problem(wrappedLabel({}, this))
    , m_copy(new QPushButton(tr("&Copy peer id"), this))
    , m_export(new QPushButton(tr("&Export certificate …"), this))
    , m_import(new QPushButton(tr("&Import identity …"), this))
    , m_generate(new QPushButton(tr("Generate a&new …"), this))
    , m_chain(new CertificateTree(this))
{
    m_peerId->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_peerId->setAccessibleName(tr("Own peer id"));
    m_peerId->setToolTip(tr("SHA-256 of the public key of this member"));
    QFont bold = font();
    bold.setBold(true);
    m_peerId->setFont(bold);
    m_export->setToolTip(
        tr("Writes the certificate, without the key: what may be given to others, such "
           "as to an authority that shall sign it."));
    m_import->setToolTip(
        tr("Takes key and certificates from a PEM file, such as one that an authority "
           "has issued."));
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_copy, m_export, m_import, m_generate})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(
        wrappedLabel(tr("This member is known by its peer id, which follows from its key. "
                        "The key stays in the profile's folder and is sent to nobody."),
                     this));
    layout->addWidget(m_peerId);
    layout->addWidget(m_problem);
    layout->addWidget(m_chain, 1);
    layout->addLayout(buttons);

    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_workspace.profile().identity().peerId().toString());
        Q_EMIT done(tr("The peer id is in the clipboard."));
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        chooseFile(tr("Export the certificate"), true,
                   [this](const QString &name) { exportTo(name); });
    });
    connect(m_import, &QPushButton::clicked, this, [this] {
        askToReplace(tr("Take another identity from a file?"), [this] {
            chooseFile(tr("Import an identity"), false,
                       [this](const QString &name) { importFrom(name); });
        });
    });
    connect(m_generate, &QPushButton::clicked, this,
            [this] { askToReplace(tr("Generate a new identity?"), [this] { generate(); }); });
    refresh();
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
    m_copy->setEnabled(!identity.isNull());
    m_export->setEnabled(!identity.isNull());
    m_chain->setChain(identity.certificates());
}

void IdentityWidget::askToReplace(const QString &question, std::function<void()> yes)
{
    if (m_workspace.profile().identity().isNull()) {
        yes();
        return;
    }
    ask(this, tr("Change the identity"), question,
        tr("This member gets another peer id: others will take it for somebody else, and who has "
           "pinned "
           "the old key is warned of the change. The network is left and joined again. The old key "
           "is "
           "kept in the profile's folder under another name."),
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
    Q_EMIT done(tr("This member is %1 now.").arg(shortId(identity.peerId())));
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
        Q_EMIT done(tr("The certificate is in \"%1\" now.").arg(fileName));
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
