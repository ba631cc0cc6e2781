// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <mainwindow.h>

#include <desktop/symbolicicon.h>
#include <dialogs/blockeddialog.h>
#include <dialogs/certificatesdialog.h>
#include <dialogs/firststeps.h>
#include <dialogs/joindialog.h>
#include <dialogs/keychangedquestion.h>
#include <dialogs/settingsdialog.h>
#include <panels/cachepanel.h>
#include <panels/connectionspanel.h>
#include <panels/detailspanel.h>
#include <panels/logpanel.h>
#include <panels/messagespanel.h>
#include <panels/messagestrip.h>
#include <panels/plaintext.h>
#include <panels/statuspanel.h>
#include <panels/tableview.h>
#include <panels/throughputpanel.h>

#include <qp2pcore/version.h>

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QInputDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolBar>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(Workspace &workspace, QWidget *parent)
    : QMainWindow(parent)
    , m_workspace(workspace)
    , m_strip(new MessageStrip(this))
    , m_connections(new ConnectionsPanel(workspace, this))
    , m_details(new DetailsPanel(workspace, this))
    , m_cache(new CachePanel(workspace, this))
    , m_messages(new MessagesPanel(workspace, this))
    , m_log(new LogPanel(workspace, this))
{
    //: the window's title; %1 is the name of a profile
    setWindowTitle(tr("%1 – QP2P").arg(workspace.profile().name()));
    setDockNestingEnabled(true);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea); // plots want height
    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins({});
    layout->addWidget(m_strip);
    layout->addWidget(m_connections, 1);
    setCentralWidget(central);
    setStatusBar(new StatusPanel(workspace, this));

    addDock(u"details"_s, tr("Details"), m_details, Qt::RightDockWidgetArea, tr("Alt+1"));
    addDock(u"cache"_s, tr("Bootstrap cache"), m_cache, Qt::BottomDockWidgetArea, tr("Alt+2"));
    addDock(u"messages"_s, tr("Messages"), m_messages, Qt::BottomDockWidgetArea, tr("Alt+3"));
    addDock(u"log"_s, tr("Log"), m_log, Qt::BottomDockWidgetArea, tr("Alt+4"));
    addDock(u"throughput"_s, tr("Throughput"), new ThroughputPanel(workspace, this),
            Qt::BottomDockWidgetArea, tr("Alt+5"));
    makeActions();
    makeMenus();
    arrange();
    restoreGeometry(workspace.settings().layout(u"geometry"_s));
    restoreState(workspace.settings().layout(u"window"_s), LayoutVersion);

    connect(m_connections, &ConnectionsPanel::connectionChosen, m_details, &DetailsPanel::choose);
    connect(m_connections, &ConnectionsPanel::problem, this, &MainWindow::showProblem);
    connect(m_cache, &CachePanel::problem, this, &MainWindow::showProblem);
    connect(m_messages, &MessagesPanel::problem, this, &MainWindow::showProblem);
    connect(m_log, &LogPanel::problem, this, &MainWindow::showProblem);
    connect(&workspace, &Workspace::problem, this,
            [this](const Error &error) { showProblem(shown(error.message, 2000)); });
    connect(&workspace, &Workspace::done, m_strip,
            [this](const QString &text) { m_strip->show(text, MessageStrip::Kind::Done); });
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &MainWindow::updateActions);
    connect(&workspace.host(), &NetworkHost::stopped, this, &MainWindow::updateActions);
    connect(&workspace.host(), &NetworkHost::started, this, &MainWindow::updateActions);
    connect(&workspace.host(), &NetworkHost::peerKeyChanged, this,
            [this](const BootstrapCache::Entry &known, const Error &error) {
                auto *question = new KeyChangedQuestion(m_workspace, known, error, this);
                question->setAttribute(Qt::WA_DeleteOnClose);
                question->open();
            });
    if (const Error problem = workspace.settings().problem(); problem.isError())
        showProblem(problem.message);
    updateActions();
}

MainWindow::~MainWindow()
{
    saveLayout();
}

// --- Making it ----------------------------------------------------------------------------------

QDockWidget *MainWindow::addDock(const QString &name, const QString &title, QWidget *content,
                                 Qt::DockWidgetArea area, const QKeySequence &shortcut)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    dock->toggleViewAction()->setShortcut(shortcut);
    addDockWidget(area, dock);
    m_docks.append(dock);
    return dock;
}

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
    m_rejoin->setToolTip(
        tr("Joins through the bootstrap cache and the contacts of the latest join"));
    m_cancelJoin = action({}, tr("&Cancel join"), [this] { m_workspace.host().cancelJoin(); });
    m_leave = action(u"leave"_s, tr("&Leave"), [this] { m_workspace.leave(); });
    m_certificates = action(u"certificates"_s, tr("C&ertificates …"), &MainWindow::showCertificates);
    m_blocked = action({}, tr("&Blocked peers …"), &MainWindow::showBlocked);
    m_settings = action(u"settings"_s, tr("&Settings …"), &MainWindow::showSettings);
    m_settings->setShortcuts(QKeySequence::Preferences);
    m_quit = action({}, tr("&Quit"), &MainWindow::quitWanted);
    m_quit->setShortcut(tr("Ctrl+Q"));
    m_write = action(u"write"_s, tr("&Write to the peer"), [this] {
        const int row = m_connections->table().currentSourceRow();
        const ConnectionSnapshot *connection = m_workspace.connections().at(row);
        raiseDock(u"messages"_s);
        if (connection)
            m_messages->choosePeer(connection->facts->peerId);
    });
    m_find = action({}, tr("&Find connections"), [this] { m_connections->focusFilter(); });
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

    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addAction(m_find);
    view->addSeparator();
    for (const QDockWidget *dock : m_docks)
        view->addAction(dock->toggleViewAction());
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
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    m_toolBar->addActions({m_join, m_leave});
    m_toolBar->addSeparator();
    m_toolBar->addActions(
        {m_write, m_connections->disconnectAction(), m_connections->blockAction()});
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_certificates, m_settings});
    view->addAction(m_toolBar->toggleViewAction());
    view->addAction(m_reset);

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(m_about);
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
    connect(menu->addAction(tr("&Open a profile's folder …")), &QAction::triggered, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Folder of a profile"));
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
        tr("A profile is another network, with an identity of its own. Its name:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &name) {
        if (const Result<void> good = Profile::checkName(name); !good)
            showProblem(good.error().message);
        else
            Q_EMIT profileWanted(Profile::directoryFor(name));
    });
    dialog->open();
}

//! As it is at first.
void MainWindow::arrange()
{
    for (QDockWidget *dock : m_docks) {
        dock->setFloating(false);
        addDockWidget(
            dock->objectName() == u"details"_s ? Qt::RightDockWidgetArea : Qt::BottomDockWidgetArea,
            dock);
        dock->show();
    }
    for (qsizetype i = 2; i < m_docks.size(); ++i)
        tabifyDockWidget(m_docks.at(1), m_docks.at(i));
    m_docks.at(1)->raise();
    const int width = fontMetrics().averageCharWidth();
    const int height = fontMetrics().height();
    resize(width * 210, height * 54);
    resizeDocks({m_docks.at(0)}, {width * 74}, Qt::Horizontal);
    resizeDocks({m_docks.at(1)}, {height * 18}, Qt::Vertical);
}

void MainWindow::resetLayout()
{
    m_workspace.settings().resetLayout();
    arrange();
    for (TableView *table : findChildren<TableView *>())
        table->resetLayout();
    m_toolBar->show();
}

void MainWindow::saveLayout()
{
    m_workspace.settings().setLayout(u"geometry"_s, saveGeometry());
    m_workspace.settings().setLayout(u"window"_s, saveState(LayoutVersion));
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

// --- What happens -------------------------------------------------------------------------------

void MainWindow::updateActions()
{
    const bool isRunning = m_workspace.host().isRunning();
    const Network::State state = m_workspace.host().state();
    m_rejoin->setEnabled(!isRunning);
    m_leave->setEnabled(isRunning && state != Network::State::Leaving);
    m_cancelJoin->setEnabled(state == Network::State::Joining || state == Network::State::Waiting);
    m_write->setEnabled(isRunning);
}

void MainWindow::showProblem(const QString &text)
{
    m_strip->show(text, MessageStrip::Kind::Problem);
}

void MainWindow::raiseDock(const QString &name)
{
    for (QDockWidget *dock : m_docks) {
        if (dock->objectName() == name) {
            dock->show();
            dock->raise();
        }
    }
}

void MainWindow::watch()
{
    m_workspace.setWatched(isVisible() && !isMinimized());
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    watch();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    watch();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        watch();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    event->ignore(); // who listens hides the window or ends the program
    Q_EMIT closeWanted();
}

// --- Dialogs ------------------------------------------------------------------------------------

namespace {

//! One of each kind; a second wish for it raises it.
template<typename Dialog>
Dialog *showOnce(QPointer<QDialog> &place, Workspace &workspace, QWidget *parent)
{
    if (!place) {
        place = new Dialog(workspace, parent);
        place->setAttribute(Qt::WA_DeleteOnClose);
    }
    place->show();
    place->raise();
    place->activateWindow();
    return static_cast<Dialog *>(place.data());
}

} // namespace

void MainWindow::showFirstSteps()
{
    auto *wizard = new FirstSteps(m_workspace, this);
    wizard->setAttribute(Qt::WA_DeleteOnClose);
    connect(wizard, &QDialog::accepted, this, [this] {
        if (!m_workspace.keptContacts().isEmpty())
            showJoin(); // to see how it goes
    });
    wizard->open();
}

void MainWindow::showJoin()
{
    showOnce<JoinDialog>(m_joinDialog, m_workspace, this);
}

void MainWindow::showCertificates()
{
    showOnce<CertificatesDialog>(m_certificatesDialog, m_workspace, this);
}

void MainWindow::showSettings()
{
    auto *dialog = showOnce<SettingsDialog>(m_settingsDialog, m_workspace, this);
    connect(dialog, &SettingsDialog::certificatesWanted, this, &MainWindow::showCertificates,
            Qt::UniqueConnection);
}

void MainWindow::showBlocked()
{
    showOnce<BlockedDialog>(m_blockedDialog, m_workspace, this);
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About QP2P"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(windowIcon().pixmap(64));
    box->setText(tr("QP2P %1").arg(versionString()));
    box->setInformativeText(
        tr("Joins peer-to-peer networks over QUIC, and shows what happens in them.\n\n"
           "The profile is in %1.\n\nMIT or BSD-3-Clause, at your choice.")
            .arg(m_workspace.profile().directory()));
    box->addButton(QMessageBox::Ok);
    box->open();
}

} // namespace Qp2p::Gui
