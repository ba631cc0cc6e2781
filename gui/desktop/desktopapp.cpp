// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/desktopapp.h>

#include <desktop/symbolicicon.h>
#include <mainwindow.h>
#include <panels/messagestrip.h>
#include <panels/plaintext.h>

#include <QApplication>
#include <QMenu>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

DesktopApp::DesktopApp(std::unique_ptr<Profile> profile, QObject *parent)
    : QObject(parent)
    , m_usedLanguage(profile->settings().language())
    , m_workspace(std::move(profile))
{
    QApplication::setQuitOnLastWindowClosed(false);
    m_language.use(m_usedLanguage);
    m_appearance.apply(m_workspace.settings().appearance());
    connect(&m_workspace.settings(), &Settings::windowChanged, this, &DesktopApp::applySettings,
            Qt::QueuedConnection); // whoever changes them may be in the window that is made anew
}

DesktopApp::~DesktopApp() = default;

QString DesktopApp::applicationId()
{
    return u"org.qp2p.desktop"_s;
}

void DesktopApp::start(Start how)
{
    makeTray();
    makeWindow();
    const bool toTray = how == Start::InTray && m_tray; // never hidden where nothing brings it back
    if (!toTray)
        m_window->show();
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
    if (m_tray)
        m_tray->hide();
    if (const Result<void> saved = m_workspace.settings().save(); !saved)
        qWarning("%s", qPrintable(saved.error().message));
    QCoreApplication::exit(0);
}

void DesktopApp::windowClosed()
{
    if (!m_tray) {
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
    box->setText(tr("The window closes, and the program keeps running in the tray."));
    box->setInformativeText(
        tr("The network stays joined. A click on the icon in the tray brings the "
           "window back; its menu ends the program. The settings have a switch for "
           "this."));
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
    if ((m_tray != nullptr) != wantsTray())
        makeTray();
    if (const QString language = settings.language(); language != m_usedLanguage) {
        m_usedLanguage = language;
        m_language.use(language);
        const bool wasVisible = m_window->isVisible();
        m_window.reset(); // keeps its layout
        makeTray();
        makeWindow();
        m_window->setVisible(wasVisible);
    }
}

bool DesktopApp::wantsTray()
{
    return m_workspace.settings().usesTray() && QSystemTrayIcon::isSystemTrayAvailable();
}

void DesktopApp::makeTray()
{
    m_tray.reset();
    if (!wantsTray())
        return;
    m_trayMenu = std::make_unique<QMenu>();
    connect(m_trayMenu->addAction(tr("&Show the window")), &QAction::triggered, this,
            &DesktopApp::raiseWindow);
    connect(m_trayMenu->addAction(tr("&Quit")), &QAction::triggered, this, &DesktopApp::quit);
    m_tray = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
    m_tray->setToolTip(tr("QP2P"));
    m_tray->setContextMenu(m_trayMenu.get());
    connect(m_tray.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    m_window->isVisible() ? m_window->hide() : raiseWindow();
            });
    m_tray->show();
}

//! Each profile has a program of its own: several networks at once, and none can harm another.
void DesktopApp::openProfile(const QString &directory)
{
    if (!QProcess::startDetached(QCoreApplication::applicationFilePath(),
                                 {u"--profile"_s, directory}))
        m_window->strip().show(
            tr("The program could not be started for the profile \"%1\".").arg(directory),
            MessageStrip::Kind::Problem);
}

} // namespace Qp2p::Gui
