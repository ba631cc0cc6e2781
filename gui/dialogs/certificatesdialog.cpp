// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/certificatesdialog.h>

#include <panels/identitywidget.h>
#include <panels/messagestrip.h>
#include <panels/modewidget.h>
#include <panels/scrollarea.h>

#include <QDialogButtonBox>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Qp2p::Gui {

CertificatesDialog::CertificatesDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_strip(new MessageStrip(this))
    , m_mode(new ModeWidget(workspace, this))
    , m_identity(new IdentityWidget(workspace, this))
{
    setWindowTitle(tr("Certificates"));
    auto *tabs = new QTabWidget(this);
    tabs->setAccessibleName(windowTitle());
    auto *modePage = new QWidget(tabs);
    auto *modeLayout = new QVBoxLayout(modePage);
    modeLayout->addWidget(inScrollArea(m_mode, tr("Who may connect")), 1);
    auto *modeButtons = new QDialogButtonBox(modePage);
    m_apply = modeButtons->addButton(QDialogButtonBox::Apply);
    auto *reload = modeButtons->addButton(tr("Reload au&thorities"), QDialogButtonBox::ActionRole);
    reload->setToolTip(
        tr("Reads the files of the authorities again, without leaving the network."));
    modeLayout->addWidget(modeButtons);
    tabs->addTab(modePage, tr("&Who may connect"));
    tabs->addTab(inScrollArea(m_identity, tr("My identity")), tr("&My identity"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_strip);
    layout->addWidget(tabs, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &CertificatesDialog::apply);
    connect(reload, &QPushButton::clicked, &workspace.host(), &NetworkHost::reloadAuthorities);
    connect(m_mode, &ModeWidget::changed, this, &CertificatesDialog::update);
    const auto problem = [this](const QString &text) {
        m_strip->show(text, MessageStrip::Kind::Problem);
    };
    const auto done = [this](const QString &text) { m_strip->show(text, MessageStrip::Kind::Done); };
    connect(m_identity, &IdentityWidget::problem, this, problem);
    connect(m_identity, &IdentityWidget::done, this, done);
    connect(&workspace.host(), &NetworkHost::done, this, done);
    update();
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 40);
}

void CertificatesDialog::update()
{
    const bool isNew = !(m_mode->policy() == m_workspace.settings().certificatePolicy());
    m_apply->setEnabled(isNew && m_mode->problem().isEmpty());
}

void CertificatesDialog::apply()
{
    m_workspace.settings().setCertificatePolicy(m_mode->policy());
    const bool isRunning = m_workspace.host().isRunning();
    m_workspace.applyNetworkSettings();
    m_strip->show(isRunning ? tr("QP2P leaves the network and joins again with this setting.")
                            : tr("This setting takes effect with the next join."),
                  MessageStrip::Kind::Done);
    update();
}

} // namespace Qp2p::Gui
