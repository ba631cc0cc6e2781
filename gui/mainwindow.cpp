// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <mainwindow.h>

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
            [this](const Error &error) { showProblem(shownError(error)); });
    connect(&workspace, &Workspace::problemSolved, m_strip,
            [this](const Error &error) { m_strip->withdraw(shownError(error)); });
    connect(&workspace, &Workspace::keyQuestionAsked, this, &MainWindow::announceKeyQuestion);
    connect(&workspace, &Workspace::keyQuestionAnswered, m_strip,
            [this](const PeerId &known, const PeerId &newId) {
                m_strip->withdraw(KeyChangedQuestion::summary(known, newId));
            });
    for (const Workspace::KeyQuestion &open : workspace.keyQuestions())
        announceKeyQuestion(open.known.peerId, open.newId);
    connect(&workspace, &Workspace::done, m_strip,
            [this](const QString &text) { m_strip->show(text, MessageStrip::Kind::Done); });
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &MainWindow::updateActions);
    connect(&workspace.host(), &NetworkHost::stopped, this, &MainWindow::updateActions);
    connect(&workspace.host(), &NetworkHost::started, this, &MainWindow::updateActions);
    connect(&workspace, &Workspace::refreshed, this, &MainWindow::updateActions);
    connect(m_connections, &ConnectionsPanel::connectionChosen, this, &MainWindow::updateActions);
    connect(m_connections, &ConnectionsPanel::connectionChosen, m_messages,
            &MessagesPanel::addressConnection);
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
    resize(width * 232, height * 54);
    resizeDocks({m_docks.at(0)}, {width * 98}, Qt::Horizontal);
    resizeDocks({m_docks.at(1)}, {height * 20}, Qt::Vertical);
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

// --- What happens -------------------------------------------------------------------------------

void MainWindow::updateActions()
{
    const bool isRunning = m_workspace.host().isRunning();
    const Network::State state = m_workspace.host().state();
    m_rejoin->setEnabled(!isRunning);
    m_leave->setEnabled(isRunning && state != Network::State::Leaving);
    m_cancelJoin->setEnabled(state == Network::State::Joining || state == Network::State::Waiting);
    const ConnectionSnapshot *chosen = m_workspace.connections().at(
        m_connections->table().currentSourceRow());
    m_write->setEnabled(isRunning && chosen && chosen->state == ConnectionSnapshot::State::Open);
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

//! Nothing opens by itself, for somebody may be typing.
void MainWindow::announceKeyQuestion(const PeerId &known, const PeerId &newId)
{
    m_strip->ask(KeyChangedQuestion::summary(known, newId), tr("Decide …"),
                 [this, known, newId] { askAboutKey(known, newId); });
}

void MainWindow::askAboutKey(const PeerId &known, const PeerId &newId)
{
    for (const Workspace::KeyQuestion &open : m_workspace.keyQuestions()) {
        if (open.known.peerId != known || open.newId != newId)
            continue;
        delete m_keyQuestion;
        m_keyQuestion = new KeyChangedQuestion(m_workspace, open.known, open.error, this);
        m_keyQuestion->setAttribute(Qt::WA_DeleteOnClose);
        m_keyQuestion->open();
        return;
    }
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
