// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The icon in the tray: which profile, in which state; it comes as soon as there is a tray.
#pragma once

#include <models/workspace.h>

#include <QIcon>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <functional>
#include <memory>

class QMenu;

namespace Qp2p::Gui {

//! \brief Whether the desktop has a tray now. Qt remembers the first answer of the desktop's service for the
//! life of the program, so it is asked only once that service is there.
bool isTrayAvailable();

//! \brief The program's icon with a mark for \a state in a corner.
QIcon trayIcon(Network::State state);
//! The name of the profile and the state.
QString trayToolTip(const QString &profile, Network::State state);

class Tray : public QObject
{
    Q_OBJECT

public:
    using Probe = std::function<bool()>;
    //! Looks for a tray every \a interval while it is wanted and there is none.
    explicit Tray(Workspace &workspace, Probe isAvailable = isTrayAvailable,
                  std::chrono::milliseconds interval = std::chrono::seconds(3),
                  QObject *parent = nullptr);
    ~Tray() override;

    //! Shows the icon, or does so once there is a tray; removes it where it is not \a wanted.
    void setWanted(bool wanted); // NOLINT: a setter of one property
    bool isWanted() const { return m_isWanted; }
    bool isShown() const { return m_icon != nullptr; }
    void retranslate();

Q_SIGNALS:
    void appeared();
    void toggleWanted(); //!< the icon was clicked
    void windowWanted();
    void quitWanted();

private:
    void look();
    void show();
    void update();

    Workspace &m_workspace;
    const Probe m_isAvailable;
    QTimer m_timer;
    bool m_isWanted = false;
    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon; //!< goes before its menu
};

} // namespace Qp2p::Gui
