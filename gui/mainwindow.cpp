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
#include <panels/scrollarea.h>
#include <panels/statuspanel.h>
#include <panels/tableview.h>
#include <panels/throughputpanel.h>
#include <panels/windowrules.h>

#include <qp2pcore/version.h>

#include <QAction>
#include <QChildEvent>
#include <QCloseEvent>
#include <QDockWidget>
#include <QMessageBox>
#include <QScreen>
#include <QTabBar>
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
    useWindowRules();
    //: the window's title; %1 is the name of a profile
    setWindowTitle(tr("%1 – QP2P").arg(workspace.profile().name()));
    setDockNestingEnabled(true);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea); // plots need height
    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins({});
    layout->addWidget(m_strip);
    layout->addWidget(inScrollArea(m_connections, tr("Peers")), 1);
    setCentralWidget(central);
    setStatusBar(new StatusPanel(workspace, this));
    statusBar()->setMinimumWidth(1); // its texts must not make the window wider than the screen

    addDock(u"details"_s, tr("Details"), m_details, Qt::RightDockWidgetArea);
    addDock(u"cache"_s, tr("Bootstrap cache"), m_cache, Qt::BottomDockWidgetArea);
    addDock(u"messages"_s, tr("Messages"), m_messages, Qt::BottomDockWidgetArea);
    addDock(u"log"_s, tr("Log"), m_log, Qt::BottomDockWidgetArea);
    addDock(u"throughput"_s, tr("Throughput"), new ThroughputPanel(workspace, this),
            Qt::BottomDockWidgetArea);
    makeActions();
    makeMenus();
    arrange();
    restoreGeometry(workspace.settings().layout(u"geometry"_s));
    m_dividesWhenShown = !restoreState(workspace.settings().layout(u"window"_s), LayoutVersion);
    if (!isMaximized() && !isFullScreen()) { // the screen may be another one now
        resize(fittedSize(*this, this->size()));
        keepOnScreen(*this);
    }

    connectParts();
    if (const Error problem = workspace.settings().problem(); problem.isError())
        showProblem(problem.message);
    updateActions();
}

//! The panels with each other, and the workspace with the strip of messages.
void MainWindow::connectParts()
{
    connect(m_connections, &ConnectionsPanel::connectionChosen, m_details, &DetailsPanel::choose);
    connect(m_connections, &ConnectionsPanel::problem, this, &MainWindow::showProblem);
    connect(m_cache, &CachePanel::problem, this, &MainWindow::showProblem);
    connect(m_messages, &MessagesPanel::problem, this, &MainWindow::showProblem);
    connect(m_log, &LogPanel::problem, this, &MainWindow::showProblem);
    connect(&m_workspace, &Workspace::problem, this,
            [this](const Error &error) { showProblem(shownError(error)); });
    connect(&m_workspace, &Workspace::problemSolved, m_strip,
            [this](const Error &error) { m_strip->withdraw(shownError(error)); });
    connect(&m_workspace, &Workspace::keyQuestionAsked, this, &MainWindow::announceKeyQuestion);
    connect(&m_workspace, &Workspace::keyQuestionAnswered, m_strip,
            [this](const PeerId &known, const PeerId &newId) {
                m_strip->withdraw(KeyChangedQuestion::summary(known, newId));
            });
    for (const Workspace::KeyQuestion &open : m_workspace.keyQuestions())
        announceKeyQuestion(open.known.peerId, open.newId);
    connect(&m_workspace, &Workspace::done, m_strip,
            [this](const QString &text) { m_strip->show(text, MessageStrip::Kind::Done); });
    connect(&m_workspace.host(), &NetworkHost::stateChanged, this, &MainWindow::updateActions);
    connect(&m_workspace.host(), &NetworkHost::stopped, this, &MainWindow::updateActions);
    connect(&m_workspace.host(), &NetworkHost::started, this, &MainWindow::updateActions);
    connect(&m_workspace, &Workspace::refreshed, this, &MainWindow::updateActions);
    connect(m_connections, &ConnectionsPanel::connectionChosen, this, &MainWindow::updateActions);
    connect(m_connections, &ConnectionsPanel::connectionChosen, m_messages,
            &MessagesPanel::addressConnection);
}

MainWindow::~MainWindow()
{
    saveLayout();
}

// --- Making it ----------------------------------------------------------------------------------

QDockWidget *MainWindow::addDock(const QString &name, const QString &title, QWidget *content,
                                 Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    QScrollArea *scroll = inScrollArea(content, title);
    scroll->setMinimumHeight(fontMetrics().height() * 5);
    dock->setWidget(scroll);
    addDockWidget(area, dock);
    m_docks.append(dock);
    // Behind another tab Qt only moves it out of the window, where Tab would still reach it. (Hidden content
    // would make all docks of its place as low as can be.)
    connect(dock, &QDockWidget::visibilityChanged, dock->widget(), &QWidget::setEnabled);
    return dock;
}

bool MainWindow::isShort() const
{
    return screen()->availableGeometry().height() < fontMetrics().height() * 28;
}

//! As it is at first. A short or narrow screen has room for the connections only; Alt+1 to Alt+5 show the rest.
void MainWindow::arrange()
{
    const int width = fontMetrics().averageCharWidth();
    const int height = fontMetrics().height();
    const QSize size = fittedSize(*this, QSize(width * 200, height * 50));
    const bool isNarrow = size.width() < width * 90;
    for (QDockWidget *dock : m_docks) {
        const bool isAtRight = dock == m_docks.first() && !isNarrow;
        dock->setFloating(false);
        addDockWidget(isAtRight ? Qt::RightDockWidgetArea : Qt::BottomDockWidgetArea, dock);
        dock->setVisible(isAtRight || !isShort());
    }
    for (qsizetype i = isNarrow ? 1 : 2; i < m_docks.size(); ++i)
        tabifyDockWidget(m_docks.at(i - 1), m_docks.at(i));
    m_docks.at(1)->raise();
    resize(size);
    divide();
}

//! A third or less for the docks: the peers are what the window is for.
void MainWindow::divide()
{
    resizeDocks({m_docks.at(0)}, {width() * 28 / 100}, Qt::Horizontal);
    resizeDocks({m_docks.at(1)}, {height() * 36 / 100}, Qt::Vertical);
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
    m_rejoin->setEnabled(!isRunning || state == Network::State::Waiting); // need not be waited for
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

//! With the focus in it: where it was, or in the first that takes it.
void MainWindow::showDock(QDockWidget *dock)
{
    raiseDock(dock->objectName());
    if (dock->isFloating())
        dock->activateWindow();
    const auto takesFocus = [dock](const QWidget *widget) {
        return widget && widget->isVisibleTo(dock) && widget->isEnabled()
            && (widget->focusPolicy() & Qt::TabFocus);
    };
    dock->widget()->setEnabled(true);
    QWidget *wanted = dock->widget()->focusWidget();
    if (!takesFocus(wanted)) {
        const QList<QWidget *> all = dock->widget()->findChildren<QWidget *>();
        const auto first = std::find_if(all.begin(), all.end(), takesFocus);
        wanted = first == all.end() ? nullptr : *first;
    }
    if (wanted)
        wanted->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::watch()
{
    m_workspace.setWatched(isVisible() && !isMinimized());
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (std::exchange(m_dividesWhenShown, false)) // the sizes of docks hold once they have a layout
        QMetaObject::invokeMethod(this, &MainWindow::divide, Qt::QueuedConnection);
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

//! The tabs of docks that are hidden stay, with no size, and Tab would reach them; Alt+1 to Alt+5 switch docks.
void MainWindow::childEvent(QChildEvent *event)
{
    QMainWindow::childEvent(event);
    if (auto *tabs = qobject_cast<QTabBar *>(event->child()); tabs && event->polished())
        tabs->setFocusPolicy(Qt::NoFocus);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    event->ignore(); // DesktopApp hides the window or ends the program
    Q_EMIT closeWanted();
}

// --- Dialogs ------------------------------------------------------------------------------------

namespace {

//! One of each kind; asking for it again raises it.
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

//! Nothing opens by itself, for the user may be typing.
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
        tr("Joins peer-to-peer networks over QUIC and shows their peers, connections and messages."
           "\n\nFolder of this profile: %1\n\nLicence: MIT or BSD-3-Clause, at your choice.")
            .arg(m_workspace.profile().directory()));
    box->addButton(QMessageBox::Ok);
    box->open();
}

} // namespace Qp2p::Gui
