// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether everybody can use the windows: names and labels, shortcuts, languages, layouts, columns, copying.

#include "windowlabels.h"

#include <desktop/desktopapp.h>
#include <dialogs/blockeddialog.h>
#include <dialogs/certificatesdialog.h>
#include <dialogs/contactsdialog.h>
#include <dialogs/firststeps.h>
#include <dialogs/joindialog.h>
#include <dialogs/keychangedquestion.h>
#include <dialogs/settingsdialog.h>
#include <mainwindow.h>
#include <panels/connectionspanel.h>
#include <panels/tableview.h>
#include <shared/gui/rows.h>
#include <shared/gui/windows.h>

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

//! Those that a person could reach with the keyboard.
QList<QWidget *> focusable(const QWidget *window)
{
    QList<QWidget *> found;
    const QList<QWidget *> all = window->findChildren<QWidget *>();
    for (QWidget *widget : all) {
        if ((widget->focusPolicy() & Qt::TabFocus) && widget->window() == window
            && !widget->focusProxy())
            found.append(widget);
    }
    return found;
}

QString described(const QWidget *widget)
{
    return u"%1 \"%2\" in %3"_s.arg(
        QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
        QString::fromLatin1(widget->parent()->metaObject()->className()));
}

//! The name that a screen reader says.
QString nameOf(QWidget *widget)
{
    const QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

//! Names for what can be focused, and a chain of tabs that comes back.
void checkAccessibility(QWidget *window)
{
    for (QWidget *widget : focusable(window)) {
        // Parts of a compound, which has the name, and Qt's own.
        if (qobject_cast<QLineEdit *>(widget)
            && (qobject_cast<QAbstractSpinBox *>(widget->parent())
                || qobject_cast<QComboBox *>(widget->parent())))
            continue;
        QVERIFY2(!nameOf(widget).isEmpty(), qPrintable(described(widget)));
    }
    const QWidget *first = window->nextInFocusChain();
    const QWidget *widget = first;
    int steps = 0;
    do {
        widget = widget->nextInFocusChain();
        QVERIFY(++steps < 5000);
    } while (widget != first);
}

} // namespace

class tst_WindowUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWindowCanBeUsedWithoutEyesAndMouse();
    void everyToolHasItsPlaceInAMenu();
    void shortcutsAndMnemonicsAreUnique();
    void layoutAndFiltersAreRemembered();
    void layoutCanBeReset();
    void columnsAreHiddenButNeverAll();
    void theTableStandsStillUnderTheMouse();
    void rowsAreCopied();
    void languageIsChangedWithoutRestart();
};

void tst_WindowUsage::everyWindowCanBeUsedWithoutEyesAndMouse()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.connections().update(connectionRows(1, 3));
    window.connectionsPanel().table().selectSourceRow(0);
    checkAccessibility(&window);
    checkLabels(&window);
    JoinDialog join(workspace);
    CertificatesDialog certificates(workspace);
    SettingsDialog settings(workspace);
    BlockedDialog blocked(workspace);
    FirstSteps steps(workspace);
    ContactsDialog contacts(u"x"_s, u"y"_s, ContactsDialog::Need::Anything);
    KeyChangedQuestion key(workspace, {}, {});
    for (QWidget *dialog : std::initializer_list<QWidget *>{&join, &certificates, &settings,
                                                            &blocked, &steps, &contacts, &key}) {
        dialog->show();
        QVERIFY(!dialog->windowTitle().isEmpty());
        checkAccessibility(dialog);
        checkLabels(dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY2(!dialog->isVisible(), dialog->metaObject()->className());
    }
}

void tst_WindowUsage::everyToolHasItsPlaceInAMenu()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    const MainWindow window(workspace);
    const QList<QAction *> inMenus = window.menuActions();
    const QList<QAction *> tools = window.toolBarActions();
    QVERIFY(tools.size() > 5);
    for (QAction *action : tools) {
        if (!action->isSeparator()) {
            QVERIFY2(inMenus.contains(action), qPrintable(action->text()));
            QVERIFY2(!action->icon().isNull(), qPrintable(action->text()));
            QVERIFY2(!action->icon().pixmap(24).isNull(), qPrintable(action->text()));
        }
    }
}

void tst_WindowUsage::shortcutsAndMnemonicsAreUnique()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    const MainWindow window(workspace);
    QHash<QString, QString> shortcuts;
    const QList<QAction *> actions = window.menuActions();
    for (const QAction *action : actions) {
        const QList<QKeySequence> keys = action->shortcuts();
        for (const QKeySequence &key : keys) {
            QVERIFY2(!shortcuts.contains(key.toString()),
                     qPrintable(action->text() + u" and "_s + shortcuts.value(key.toString())));
            shortcuts.insert(key.toString(), action->text());
        }
    }
    const QList<QMenu *> menus = window.findChildren<QMenu *>();
    for (const QMenu *menu : menus) {
        QSet<QString> letters;
        const QList<QAction *> entries = menu->actions();
        for (const QAction *action : entries) {
            const QString letter = QKeySequence::mnemonic(action->text()).toString();
            QVERIFY2(letter.isEmpty() || !letters.contains(letter), qPrintable(action->text()));
            letters.insert(letter);
        }
    }
}

void tst_WindowUsage::layoutAndFiltersAreRemembered()
{
    QTemporaryDir folder;
    {
        Workspace workspace(openProfile(folder));
        MainWindow window(workspace);
        window.show();
        window.docks().at(3)->hide();
        TableView &table = window.connectionsPanel().table();
        table.setColumnWidth(ConnectionModel::Address, 321);
        table.sortByColumn(ConnectionModel::Rtt, Qt::DescendingOrder);
        window.connectionsPanel().findChild<QLineEdit *>()->setText(u"anna"_s);
        window.connectionsPanel().findChild<QComboBox *>()->setCurrentIndex(1);
    }
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    QVERIFY(!window.docks().at(3)->isVisible());
    TableView &table = window.connectionsPanel().table();
    QCOMPARE(table.columnWidth(ConnectionModel::Address), 321);
    QCOMPARE(table.header()->sortIndicatorSection(), int(ConnectionModel::Rtt));
    QCOMPARE(window.connectionsPanel().findChild<QLineEdit *>()->text(), u"anna"_s);
    QCOMPARE(window.connectionsPanel().findChild<QComboBox *>()->currentIndex(), 1);
}

void tst_WindowUsage::layoutCanBeReset()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    TableView &table = window.connectionsPanel().table();
    const int width = table.columnWidth(ConnectionModel::Name);
    table.setColumnWidth(ConnectionModel::Name, width * 3);
    table.setColumnHidden(ConnectionModel::State, true);
    for (QDockWidget *dock : window.docks())
        dock->hide();
    for (QAction *action : window.menuActions()) {
        if (action->text() == u"&Reset layout")
            action->trigger();
    }
    for (const QDockWidget *dock : window.docks())
        QVERIFY(!dock->isHidden());
    QCOMPARE(table.columnWidth(ConnectionModel::Name), width);
    QVERIFY(!table.isColumnHidden(ConnectionModel::State));
}

void tst_WindowUsage::columnsAreHiddenButNeverAll()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    TableView &table = window.connectionsPanel().table();
    for (int round = 0; round < ConnectionModel::ColumnCount; ++round) {
        QMenu *menu = table.columnMenu();
        for (QAction *action : menu->actions()) {
            if (action->isCheckable() && action->isChecked() && action->isEnabled()) {
                action->trigger();
                break;
            }
        }
        delete menu;
    }
    int visible = 0;
    for (int column = 0; column < ConnectionModel::ColumnCount; ++column)
        visible += table.isColumnHidden(column) ? 0 : 1;
    QCOMPARE(visible, 1);
}

void tst_WindowUsage::theTableStandsStillUnderTheMouse()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QList<ConnectionSnapshot> rows = connectionRows(1, 3);
    workspace.connections().update(rows);
    TableView &table = window.connectionsPanel().table();
    table.sortByColumn(ConnectionModel::Sent, Qt::AscendingOrder);
    const QPoint second = table.visualRect(table.model()->index(1, 0)).center();
    QTest::mousePress(table.viewport(), Qt::LeftButton, {}, second);
    rows[1].stats.bytesSent = 1'000'000; // would be the last now
    workspace.connections().update(rows);
    QCOMPARE(table.model()->index(1, 0).data(ConnectionModel::IdRole).toInt(), 2);
    QTest::mouseRelease(table.viewport(), Qt::LeftButton, {}, second);
    QTRY_COMPARE(table.model()->index(2, 0).data(ConnectionModel::IdRole).toInt(), 2); // later
    QCOMPARE(table.selectionModel()->selectedRows().value(0).data(ConnectionModel::IdRole).toInt(),
             2);
}

void tst_WindowUsage::rowsAreCopied()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.connections().update(connectionRows(1, 3));
    TableView &table = window.connectionsPanel().table();
    table.selectSourceRow(1);
    window.connectionsPanel().copyAddressAction()->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"10.0.0.2:10002"_s);
    window.connectionsPanel().copyPeerIdAction()->trigger();
    QCOMPARE(QApplication::clipboard()->text(), peerIdOf(2).toString());
    table.copyActions().at(1)->trigger();
    QVERIFY2(QApplication::clipboard()->text().contains(peerIdOf(2).toString() + u",peer 2,Open,"_s),
             qPrintable(QApplication::clipboard()->text()));
    table.copyActions().at(0)->trigger(); // Ctrl+C
    QVERIFY2(QApplication::clipboard()->text().startsWith(peerIdOf(2).toString() + u'\t'),
             qPrintable(QApplication::clipboard()->text())); // the whole id, not its beginning
    table.clearSelection();
    table.copyActions().at(2)->trigger(); // all
    QVERIFY(QApplication::clipboard()->text().contains(peerIdOf(3).toString()));
}

void tst_WindowUsage::languageIsChangedWithoutRestart()
{
    QTemporaryDir folder;
    {
        DesktopApp app(openProfile(folder));
        app.workspace().settings().setLanguage(u"en"_s);
        app.start(DesktopApp::Start::Shown);
        QTRY_COMPARE(app.workspace().host().state(), Network::State::Joined);
        const QPointer<MainWindow> before = app.window();
        app.workspace().settings().setLanguage(u"de"_s);
        QTRY_VERIFY(!before);
        QVERIFY(app.window()->isVisible());
        QCOMPARE(app.workspace()
                     .connections()
                     .headerData(ConnectionModel::Address, Qt::Horizontal, Qt::DisplayRole)
                     .toString(),
                 u"Adresse"_s);
        QCOMPARE(app.workspace().host().state(), Network::State::Joined); // it never left
    }
    Language english;
    english.use(u"en"_s);
}

QTEST_MAIN(tst_WindowUsage)
#include "tst_windowusage.moc"
