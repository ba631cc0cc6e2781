// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/firststeps.h>

#include <dialogs/contactsdialog.h>
#include <panels/identitywidget.h>
#include <panels/messagestrip.h>
#include <panels/modewidget.h>
#include <panels/plaintext.h>
#include <panels/scrollarea.h>

#include <QVBoxLayout>

namespace Qp2p::Gui {

namespace {

//! A page that lets go once \a isComplete says so.
class Page : public QWizardPage
{
public:
    explicit Page(std::function<bool()> complete)
        : m_complete(std::move(complete))
    {
    }
    bool isComplete() const override { return m_complete(); }

private:
    std::function<bool()> m_complete;
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
    auto *page = new Page([this] { return !m_workspace.profile().identity().isNull(); });
    page->setTitle(tr("Step 1 of 3: who you are"));
    page->setSubTitle(
        tr("An identity was made for this machine. Keep it, or import one that you have."));
    auto *layout = new QVBoxLayout(page);
    auto *strip = new MessageStrip(page);
    m_identity = new IdentityWidget(m_workspace, page);
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
    page->setTitle(tr("Step 2 of 3: who is accepted"));
    page->setSubTitle(tr("All members of a network choose the same. It can be changed later."));
    auto *layout = new QVBoxLayout(page);
    m_mode = new ModeWidget(m_workspace, page);
    layout->addWidget(inScrollArea(m_mode, page->title()));
    connect(m_mode, &ModeWidget::changed, page, &QWizardPage::completeChanged);
    addPage(page);
}

void FirstSteps::makeContactsPage()
{
    auto *page = new Page([this] { return m_contacts->isGood(); });
    page->setTitle(tr("Step 3 of 3: whom to join"));
    page->setSubTitle(
        tr("One member is enough; you learn of the others through it. Without any you begin "
           "a network, and others can join through you."));
    auto *layout = new QVBoxLayout(page);
    layout->addWidget(wrappedLabel(tr("Addresses and ports, one a line:"), page));
    m_contacts = new ContactsEditor(ContactsEditor::Need::Anything, page);
    layout->addWidget(m_contacts, 1);
    m_contacts->setContacts(m_workspace.keptContacts());
    connect(m_contacts, &ContactsEditor::changed, page, &QWizardPage::completeChanged);
    addPage(page);
}

void FirstSteps::accept()
{
    m_workspace.settings().setCertificatePolicy(m_mode->policy());
    m_workspace.settings().setWasSetUp();
    m_workspace.join(m_contacts->contacts());
    QWizard::accept();
}

} // namespace Qp2p::Gui
