// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The main window: where the panels lie, and the menus. No data is dealt with here.
#pragma once

#include <models/workspace.h>

#include <QMainWindow>
#include <QPointer>

class QDockWidget;

namespace Qp2p::Gui {

class CachePanel;
class ConnectionsPanel;
class DetailsPanel;
class LogPanel;
class MessagesPanel;
class MessageStrip;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(Workspace &workspace, QWidget *parent = nullptr);
    ~MainWindow() override;

    static constexpr int LayoutVersion = 2;

    ConnectionsPanel &connectionsPanel() const { return *m_connections; }
    MessagesPanel &messagesPanel() const { return *m_messages; }
    CachePanel &cachePanel() const { return *m_cache; }
    LogPanel &logPanel() const { return *m_log; }
    MessageStrip &strip() const { return *m_strip; }
    QList<QDockWidget *> docks() const { return m_docks; }
    QList<QAction *> menuActions() const; //!< of all menus
    QList<QAction *> toolBarActions() const;

    void showFirstSteps();
    void showJoin();
    void showCertificates();
    void showSettings();
    void showBlocked();
    void showAbout();
    //! Opens the question that waits for an answer.
    void askAboutKey(const PeerId &known, const PeerId &newId);
    //! Shows it above the others of its place, and never hides it.
    void raiseDock(const QString &name);

Q_SIGNALS:
    void quitWanted();
    //! The window was closed; it is not hidden yet.
    void closeWanted();
    void profileWanted(const QString &directory);

protected:
    void childEvent(QChildEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QDockWidget *addDock(const QString &name, const QString &title, QWidget *content,
                         Qt::DockWidgetArea area);
    void showDock(QDockWidget *dock);
    bool isShort() const; //!< the screen is too low for tables below the connections
    void connectParts();
    void makeActions();
    void makeMenus();
    void addDockActions(QMenu *view);
    void makeProfileMenu(QMenu *menu);
    void newProfile();
    void arrange();
    void divide();
    void resetLayout();
    void saveLayout();
    void updateActions();
    void watch();
    void showProblem(const QString &text);
    void announceKeyQuestion(const PeerId &known, const PeerId &newId);

    Workspace &m_workspace;
    MessageStrip *m_strip;
    ConnectionsPanel *m_connections;
    DetailsPanel *m_details;
    CachePanel *m_cache;
    MessagesPanel *m_messages;
    LogPanel *m_log;
    QList<QDockWidget *> m_docks;
    QToolBar *m_toolBar;
    QAction *m_join;
    QAction *m_rejoin;
    QAction *m_cancelJoin;
    QAction *m_leave;
    QAction *m_certificates;
    QAction *m_blocked;
    QAction *m_settings;
    QAction *m_quit;
    QAction *m_write;
    QAction *m_find;
    QAction *m_reset;
    QAction *m_about;
    bool m_dividesWhenShown = true;
    QPointer<QDialog> m_keyQuestion;
    QPointer<QDialog> m_joinDialog;
    QPointer<QDialog> m_certificatesDialog;
    QPointer<QDialog> m_settingsDialog;
    QPointer<QDialog> m_blockedDialog;
};

} // namespace Qp2p::Gui
