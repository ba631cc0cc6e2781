// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// MainWindow: its actions, menus and tools.
#include <desktop/symbolicicon.h>
#include <mainwindow.h>
#include <panels/connectionspanel.h>
#include <panels/messagespanel.h>
#include <panels/tableview.h>

#include <QAction>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenuBar>
#include <QToolBar>
#include <QWhatsThis>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

void MainWindow::makeActions()
{
    const auto action = [this](const QString &icon, const QString &text, auto slot) {
        auto *made = new QAction(icon.isEmpty() ? QIcon() : symbolicIcon(icon), text, this);
        connect(made, &QAction::triggered, this, slot);
        return made;
    };
    m_join = action(u"join"_s, tr("&Join …"), &MainWindow::showJoin);
    m_join->setShortcut(tr("Ctrl+J"));
    m_rejoin = action({}, tr("Join &again"), [this] { m_workspace.rejoin(); });
    m_rejoin->setToolTip(tr("Joins through the bootstrap cache and the contacts of the last join"));
    m_cancelJoin = action({}, tr("&Cancel join"), [this] { m_workspace.host().cancelJoin(); });
    m_leave = action(u"leave"_s, tr("&Leave"), [this] { m_workspace.leave(); });
    m_certificates = action(u"certificates"_s, tr("C&ertificates …"), &MainWindow::showCertificates);
    m_blocked = action({}, tr("&Blocked peers …"), &MainWindow::showBlocked);
    m_settings = action(u"settings"_s, tr("&Settings …"), &MainWindow::showSettings);
    m_settings->setShortcuts(QKeySequence::Preferences);
    m_quit = action({}, tr("&Quit"), &MainWindow::quitWanted);
    m_quit->setShortcut(tr("Ctrl+Q"));
    m_write = action(u"write"_s, tr("&Write to the peer"), [this] {
        const PeerId peer = m_connections->currentPeer();
        raiseDock(u"messages"_s);
        if (!peer.isNull())
            m_messages->choosePeer(peer);
    });
    m_find = action({}, tr("&Find peers"), [this] { m_connections->focusFilter(); });
    m_find->setShortcuts(QKeySequence::Find);
    m_reset = action({}, tr("&Reset layout"), &MainWindow::resetLayout);
    m_about = action({}, tr("&About QP2P"), &MainWindow::showAbout);
    m_about->setShortcuts(QKeySequence::HelpContents);
}

void MainWindow::makeMenus()
{
    QMenu *network = menuBar()->addMenu(tr("&Network"));
    network->addActions({m_join, m_rejoin, m_cancelJoin, m_leave});
    network->addSeparator();
    network->addActions({m_certificates, m_blocked});
    QMenu *profiles = network->addMenu(tr("&Profiles"));
    connect(profiles, &QMenu::aboutToShow, this, [this, profiles] { makeProfileMenu(profiles); });
    makeProfileMenu(profiles);
    network->addSeparator();
    network->addActions({m_settings, m_quit});

    QMenu *connection = menuBar()->addMenu(tr("&Connection"));
    connection->addActions(
        {m_write, m_connections->disconnectAction(), m_connections->blockAction()});
    connection->addSeparator();
    connection->addActions({m_connections->copyAddressAction(), m_connections->copyPeerIdAction()});
    connection->addActions(m_connections->table().copyActions());

    // The panels' buttons have letters, too: no letter is used twice in the window.
    QMenu *view = menuBar()->addMenu(tr("Vi&ew"));
    view->addAction(m_find);
    view->addSeparator();
    addDockActions(view);
    view->addSeparator();
    QMenu *columns = view->addMenu(tr("&Columns"));
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        QMenu *made = m_connections->table().columnMenu();
        const QList<QAction *> actions = made->actions();
        for (QAction *action : actions)
            action->setParent(columns);
        columns->addActions(actions);
        made->deleteLater();
    });
    m_toolBar = addToolBar(tr("Tools"));
    m_toolBar->setObjectName(u"tools"_s);
    m_toolBar->setToolButtonStyle(isShort() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextUnderIcon);
    m_toolBar->addActions({m_join, m_leave});
    m_toolBar->addSeparator();
    m_toolBar->addActions(
        {m_write, m_connections->disconnectAction(), m_connections->blockAction()});
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_certificates, m_settings});
    m_toolBar->toggleViewAction()->setText(tr("T&oolbar"));
    view->addAction(m_toolBar->toggleViewAction());
    view->addAction(m_reset);

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(QWhatsThis::createAction(this));
    help->addAction(m_about);
}

//! \brief Each dock twice: an entry with a shortcut that brings it to the front with the focus, and a switch
//! that also hides it.
void MainWindow::addDockActions(QMenu *view)
{
    const QStringList texts{tr("&Details"), tr("&Bootstrap cache"), tr("&Messages"), tr("&Log"),
                            tr("&Throughput")};
    for (int i = 0; i < int(m_docks.size()); ++i) {
        QDockWidget *dock = m_docks.at(i);
        QAction *action = view->addAction(texts.value(i));
        action->setShortcut(QKeySequence(int(Qt::ALT) | (Qt::Key_1 + i)));
        connect(action, &QAction::triggered, this, [this, dock] { showDock(dock); });
    }
    QMenu *panels = view->addMenu(tr("Visible &panels"));
    for (const QDockWidget *dock : m_docks)
        panels->addAction(dock->toggleViewAction());
}

void MainWindow::makeProfileMenu(QMenu *menu)
{
    menu->clear();
    const QString own = m_workspace.profile().directory();
    for (const QString &name : Profile::names()) {
        QString text = name;
        QAction *action = menu->addAction(text.replace(u'&', u"&&"_s));
        action->setCheckable(true);
        const QString directory = Profile::directoryFor(name);
        action->setChecked(QFileInfo(directory) == QFileInfo(own));
        action->setEnabled(!action->isChecked());
        connect(action, &QAction::triggered, this,
                [this, directory] { Q_EMIT profileWanted(directory); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("&New profile …")), &QAction::triggered, this,
            &MainWindow::newProfile);
    connect(menu->addAction(tr("&Open profile folder …")), &QAction::triggered, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Profile folder"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::profileWanted);
        dialog->open();
    });
}

void MainWindow::newProfile()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New profile"));
    dialog->setLabelText(
        tr("Each profile has its own network, identity and settings. Name of the new profile:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &name) {
        if (const Result<void> good = Profile::checkName(name); !good)
            showProblem(good.error().message);
        else
            Q_EMIT profileWanted(Profile::directoryFor(name));
    });
    dialog->open();
}

QList<QAction *> MainWindow::menuActions() const
{
    QList<QAction *> all;
    QList<QAction *> open = menuBar()->actions();
    while (!open.isEmpty()) {
        const QAction *action = open.takeFirst();
        if (const QMenu *menu = action->menu()) {
            all += menu->actions();
            open += menu->actions();
        }
    }
    return all;
}

QList<QAction *> MainWindow::toolBarActions() const
{
    return m_toolBar->actions();
}

} // namespace Qp2p::Gui
