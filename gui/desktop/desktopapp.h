// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The program: its workspace, its window, its tray, and when they come and go.
#pragma once

#include <desktop/appearance.h>
#include <desktop/language.h>
#include <desktop/tray.h>
#include <models/workspace.h>

#include <QObject>

#include <chrono>
#include <memory>

namespace Qp2p::Gui {

class MainWindow;

class DesktopApp : public QObject
{
    Q_OBJECT

public:
    explicit DesktopApp(std::unique_ptr<Profile> profile, QObject *parent = nullptr);
    ~DesktopApp() override;

    enum class Start { Shown, InTray };
    //! For a tray that a desktop starts after the programs of its session.
    static constexpr std::chrono::seconds MaxWaitForTray{10};
    //! \brief Creates the window, and joins where that is wanted; a new profile gets the first steps. InTray
    //! shows the window all the same where no tray comes within MaxWaitForTray.
    void start(Start how);
    void raiseWindow();
    //! \brief Hides the window and leaves the event loop. The network is left by the destructor, within
    //! NetworkHost::MaxLeavingTime.
    void quit();

    Workspace &workspace() { return m_workspace; }
    MainWindow *window() const { return m_window.get(); }

    //! "org.qp2p.desktop", of desktop entry, icon and AppStream metainfo.
    static QString applicationId();

private:
    void makeWindow();
    void windowClosed();
    void applySettings();
    void openProfile(const QString &directory);

    Appearance m_appearance;
    Language m_language;
    QString m_usedLanguage;
    Workspace m_workspace;
    Tray m_tray;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace Qp2p::Gui
