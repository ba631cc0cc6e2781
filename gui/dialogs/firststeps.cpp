// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/firststeps.h>

#include <dialogs/contactsdialog.h>
#include <panels/identitywidget.h>
#include <panels/messagestrip.h>
#include <panels/modewidget.h>
#include <panels/plaintext.h>
#include <panels/scrollarea.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace Qp2p::Gui {

namespace {

//! A page that lets go once \a isComplete says so, and \a leave, which may fail, has done its work.
class Page : public QWizardPage
{
public:
    explicit Page(
        std::function<bool()> complete, std::function<bool()> leave = [] { return true; })
        : m_complete(std::move(complete))
        , m_leave(std::move(leave))
    {
    }
    bool isComplete() const override { return m_complete(); }
    bool validatePage() override { return m_leave(); }

private:
    std::function<bool()> m_complete;
    std::function<bool()> m_leave;
};

} // namespace

FirstSteps::FirstSteps(Workspace &workspace, QWidget *parent)
    : QWizard(parent)
    , m_workspace(workspace)
{
    setWindowTitle(tr("Welcome to QP2P"));
    setWizardStyle(ModernStyle);
    setTitleFormat(Qt::PlainText);
    setSubTitleFormat(Qt::PlainText);
    setOption(NoBackButtonOnStartPage);
    setButtonText(FinishButton, tr("&Join"));
    makeIdentityPage();
    makeModePage();
    makeContactsPage();
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 36);
}

void FirstSteps::makeIdentityPage()
{
    auto *page = new Page([this] { return !m_workspace.profile().identity().isNull(); },
                          [this] { return m_identity->applyName(); });
    page->setTitle(tr("Step 1 of 3: Your name"));
    page->setSubTitle(tr("Choose the name that other peers see. A new identity was created for "
                         "this machine; you can also import one."));
    auto *layout = new QVBoxLayout(page);
    auto *strip = new MessageStrip(page);
    m_identity = new IdentityWidget(m_workspace, page, IdentityWidget::Naming::ByOwner);
    layout->addWidget(strip);
    layout->addWidget(m_identity, 1);
    connect(m_identity, &IdentityWidget::changed, page, &QWizardPage::completeChanged);
    connect(m_identity, &IdentityWidget::problem, strip,
            [strip](const QString &text) { strip->show(text, MessageStrip::Kind::Problem); });
    connect(m_identity, &IdentityWidget::done, strip,
            [strip](const QString &text) { strip->show(text, MessageStrip::Kind::Done); });
    addPage(page);
}

void FirstSteps::makeModePage()
{
    auto *page = new Page([this] { return m_mode->problem().isEmpty(); });
    page->setTitle(tr("Step 2 of 3: Who may connect"));
    page->setSubTitle(
        tr("All members of a network use the same setting. You can change it later."));
    auto *layout = new QVBoxLayout(page);
    m_mode = new ModeWidget(m_workspace, page);
    layout->addWidget(inScrollArea(m_mode, page->title()));
    connect(m_mode, &ModeWidget::changed, page, &QWizardPage::completeChanged);
    addPage(page);
}

void FirstSteps::makeContactsPage()
{
    auto *page = new Page([this] { return m_contacts->isGood() && networkNameProblem().isEmpty(); });
    page->setTitle(tr("Step 3 of 3: Which network"));
    page->setSubTitle(
        tr("Enter the contact of one member; the others are found through it. Without "
           "a contact, a new network begins, which others can join."));
    auto *layout = new QVBoxLayout(page);
    auto *nameRow = new QHBoxLayout;
    QLabel *nameLabel = plainLabel(tr("Network &name:"), page);
    m_networkName = new QLineEdit(m_workspace.settings().networkName(), page);
    m_networkName->setPlaceholderText(tr("No name"));
    m_networkName->setMaxLength(64);
    nameLabel->setBuddy(m_networkName);
    nameRow->addWidget(nameLabel);
    nameRow->addWidget(m_networkName, 1);
    layout->addLayout(nameRow);
    m_nameNote = wrappedLabel({}, page);
    layout->addWidget(m_nameNote);
    layout->addWidget(wrappedLabel(tr("Contacts, one per line, such as 192.0.2.1:12000 or "
                                      "PEERID@192.0.2.1:12000:"),
                                   page));
    m_contacts = new ContactsEditor(ContactsEditor::Need::Anything, page);
    layout->addWidget(m_contacts, 1);
    m_contacts->setContacts(m_workspace.keptContacts());
    connect(m_contacts, &ContactsEditor::changed, page, &QWizardPage::completeChanged);
    connect(m_networkName, &QLineEdit::textChanged, page, &QWizardPage::completeChanged);
    connect(m_networkName, &QLineEdit::textChanged, this, &FirstSteps::updateNameNote);
    updateNameNote();
    addPage(page);
}

QString FirstSteps::networkNameProblem() const
{
    EndpointConfig config;
    config.setNetworkName(m_networkName->text());
    return config.validate().error().message;
}

void FirstSteps::updateNameNote()
{
    const QString problem = networkNameProblem();
    m_nameNote->setText(problem.isEmpty()
                            ? tr("Only members with the same network name connect to each other. "
                                 "It is not a password.")
                            : problem);
}

void FirstSteps::accept()
{
    m_workspace.settings().setNetworkName(m_networkName->text());
    m_workspace.settings().setCertificatePolicy(m_mode->policy());
    m_workspace.settings().setWasSetUp();
    m_workspace.join(m_contacts->contacts());
    QWizard::accept();
}

} // namespace Qp2p::Gui
