// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/desktopapp.h>

#include <desktop/symbolicicon.h>
#include <mainwindow.h>
#include <panels/messagestrip.h>
#include <panels/plaintext.h>

#include <QApplication>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QTimer>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

DesktopApp::DesktopApp(std::unique_ptr<Profile> profile, QObject *parent)
    : QObject(parent)
    , m_usedLanguage(profile->settings().language())
    , m_workspace(std::move(profile))
    , m_tray(m_workspace)
{
    QApplication::setQuitOnLastWindowClosed(false);
    connect(&m_tray, &Tray::windowWanted, this, &DesktopApp::raiseWindow);
    connect(&m_tray, &Tray::quitWanted, this, &DesktopApp::quit);
    connect(&m_tray, &Tray::toggleWanted, this,
            [this] { m_window->isVisible() ? m_window->hide() : raiseWindow(); });
    m_language.use(m_usedLanguage);
    m_appearance.apply(m_workspace.settings().appearance());
    connect(&m_workspace.settings(), &Settings::windowChanged, this, &DesktopApp::applySettings,
            Qt::QueuedConnection); // the window that changes them may be replaced
}

DesktopApp::~DesktopApp() = default;

QString DesktopApp::applicationId()
{
    return u"org.qp2p.desktop"_s;
}

void DesktopApp::start(Start how)
{
    m_tray.setWanted(m_workspace.settings().usesTray());
    makeWindow();
    const bool mayHide = how == Start::InTray && m_tray.isWanted();
    if (!mayHide)
        m_window->show();
    else if (!m_tray.isShown()) // never hidden for long where nothing brings it back
        QTimer::singleShot(MaxWaitForTray, this, [this] {
            if (!m_tray.isShown())
                m_window->show();
        });
    if (!m_workspace.settings().wasSetUp()) {
        m_window->show();
        m_window->showFirstSteps();
    } else if (m_workspace.settings().joinsAtStart()) {
        m_workspace.rejoin();
    }
}

void DesktopApp::makeWindow()
{
    m_window = std::make_unique<MainWindow>(m_workspace);
    connect(m_window.get(), &MainWindow::quitWanted, this, &DesktopApp::quit);
    connect(m_window.get(), &MainWindow::closeWanted, this, &DesktopApp::windowClosed);
    connect(m_window.get(), &MainWindow::profileWanted, this, &DesktopApp::openProfile);
}

void DesktopApp::raiseWindow()
{
    m_window->setWindowState((m_window->windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
}

void DesktopApp::quit()
{
    m_window->hide();
    m_tray.setWanted(false);
    if (const Result<void> saved = m_workspace.settings().save(); !saved)
        qWarning("%s", qPrintable(saved.error().message));
    QCoreApplication::exit(0);
}

void DesktopApp::windowClosed()
{
    if (!m_tray.isShown()) {
        quit();
        return;
    }
    if (m_workspace.settings().trayWasExplained()) {
        m_window->hide();
        return;
    }
    auto *box = new QMessageBox(m_window.get());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Information);
    box->setWindowTitle(tr("Still running"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("QP2P keeps running in the tray."));
    box->setInformativeText(tr(
        "You stay in the network. Click the tray icon to show the window again; its menu ends the "
        "program. You can change this in the settings."));
    const QPushButton *quitButton = box->addButton(tr("&Quit instead"),
                                                   QMessageBox::DestructiveRole);
    box->addButton(QMessageBox::Ok);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, quitButton](const QAbstractButton *clicked) {
                m_workspace.settings().setTrayWasExplained();
                if (clicked == quitButton)
                    quit();
                else
                    m_window->hide();
            });
    box->open();
}

void DesktopApp::applySettings()
{
    const Settings &settings = m_workspace.settings();
    m_appearance.apply(settings.appearance());
    if (m_tray.isWanted() != settings.usesTray())
        m_tray.setWanted(settings.usesTray());
    if (const QString language = settings.language(); language != m_usedLanguage) {
        m_usedLanguage = language;
        m_language.use(language);
        const bool wasVisible = m_window->isVisible();
        m_window.reset(); // keeps its layout
        m_tray.retranslate();
        makeWindow();
        m_window->setVisible(wasVisible);
    }
}

//! Each profile has a process of its own: several networks at the same time, and none can harm another.
void DesktopApp::openProfile(const QString &directory)
{
    if (!QProcess::startDetached(QCoreApplication::applicationFilePath(),
                                 {u"--profile"_s, directory}))
        m_window->strip().show(
            tr("The program could not be started for the profile \"%1\".").arg(directory),
            MessageStrip::Kind::Problem);
}

} // namespace Qp2p::Gui
