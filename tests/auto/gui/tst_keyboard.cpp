// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The windows without a mouse: letters, Enter, shortcuts, focus, and names for screen readers.
#include <desktop/language.h>
#include <panels/messagespanel.h>
#include <shared/gui/everywindow.h>

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QGroupBox>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QWizard>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

struct Letter
{
    QString key;
    QString text;
    QHash<const QWidget *, const QWidget *> pages; //!< of tabs and wizards: which page of which
};

QHash<const QWidget *, const QWidget *> pagesOf(const QWidget *widget)
{
    QHash<const QWidget *, const QWidget *> pages;
    for (const QWidget *at = widget; at && at->parentWidget(); at = at->parentWidget()) {
        const auto *stack = qobject_cast<const QStackedWidget *>(at->parentWidget());
        if (stack || qobject_cast<const QWizardPage *>(at))
            pages.insert(at->parentWidget(), at);
    }
    return pages;
}

void add(QList<Letter> &letters, const QWidget *widget, const QString &text)
{
    const QString key = QKeySequence::mnemonic(text).toString();
    if (!key.isEmpty())
        letters.append({key, text, pagesOf(widget)});
}

//! All that Alt and a letter could mean in \a window.
QList<Letter> lettersOf(const QWidget *window)
{
    QList<Letter> letters;
    const QList<QWidget *> all = window->findChildren<QWidget *>();
    for (const QWidget *widget : all) {
        if (widget->window() != window)
            continue;
        if (const auto *bar = qobject_cast<const QMenuBar *>(widget)) {
            const QList<QAction *> menus = bar->actions();
            for (const QAction *menu : menus)
                add(letters, bar, menu->text());
        } else if (const auto *button = qobject_cast<const QAbstractButton *>(widget)) {
            if (!qobject_cast<const QToolButton *>(button))
                add(letters, button, button->text());
        } else if (const auto *label = qobject_cast<const QLabel *>(widget)) {
            if (label->buddy())
                add(letters, label, label->text());
        } else if (const auto *box = qobject_cast<const QGroupBox *>(widget)) {
            add(letters, box, box->title());
        } else if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                add(letters, tabs, tabs->tabText(i));
        }
    }
    return letters;
}

//! On different pages of the same tabs they are never visible at the same time.
bool canMeet(const Letter &a, const Letter &b)
{
    for (auto page = a.pages.begin(); page != a.pages.end(); ++page) {
        const QWidget *other = b.pages.value(page.key());
        if (other && other != page.value())
            return false;
    }
    return true;
}

void checkLetters(const QWidget *window)
{
    const QList<Letter> letters = lettersOf(window);
    for (qsizetype i = 0; i < letters.size(); ++i) {
        for (qsizetype j = i + 1; j < letters.size(); ++j) {
            const Letter &a = letters.at(i);
            const Letter &b = letters.at(j);
            QVERIFY2(
                a.key != b.key || !canMeet(a, b),
                qPrintable(u"%1: \"%2\" and \"%3\""_s.arg(window->windowTitle(), a.text, b.text)));
        }
    }
}

//! Enter is the default button wherever the focus is.
void checkDefaultButton(QWidget *window)
{
    if (!qobject_cast<QDialog *>(window) || qobject_cast<QMessageBox *>(window))
        return;
    int defaults = 0;
    const QList<QPushButton *> buttons = window->findChildren<QPushButton *>();
    for (const QPushButton *button : buttons) {
        defaults += button->isDefault() && button->isVisible() ? 1 : 0;
        QVERIFY2(button->isDefault() || !button->autoDefault(), qPrintable(button->text()));
    }
    QVERIFY2(defaults == 1, qPrintable(window->windowTitle() + QString::number(defaults)));
}

//! What AT-SPI reports: the name is what it is for, the value what is chosen.
void checkComboBoxes(const QWidget *window)
{
    const QList<QComboBox *> boxes = window->findChildren<QComboBox *>();
    for (QComboBox *box : boxes) {
        const QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(box);
        QVERIFY(interface);
        const QString name = interface->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty(), qPrintable(box->currentText()));
        QVERIFY2(name != box->currentText() || name == box->accessibleName(), qPrintable(name));
        QCOMPARE(interface->text(QAccessible::Value), box->currentText());
        QVERIFY(interface->state().expandable && !interface->state().expanded);
        QCOMPARE(interface->indexOfChild(interface->child(0)), 0);
    }
}

//! Tab through all of it.
void checkFocusIsVisible(QWidget *window)
{
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    const QWidget *first = nullptr;
    for (int steps = 0; steps < 300; ++steps) {
        QTest::keyClick(window->focusWidget() ? window->focusWidget() : window, Qt::Key_Tab);
        const QWidget *now = window->focusWidget();
        if (!now)
            return;
        QVERIFY2(isSeen(now),
                 qPrintable(QString::fromLatin1(now->metaObject()->className()) + u' '
                            + now->accessibleName()));
        if (now == first)
            return;
        if (!first)
            first = now;
    }
}

} // namespace

class tst_Keyboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lettersAreUniqueInEveryWindow_data();
    void lettersAreUniqueInEveryWindow();
    void enterIsTheDefaultButton();
    void enterDoesNotCopyThePeerId();
    void comboBoxesHaveNames();
    void focusIsAlwaysVisible();
    void altAndANumberShowADockAndNeverHideIt();
};

void tst_Keyboard::lettersAreUniqueInEveryWindow_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << u"en"_s;
    QTest::newRow("German") << u"de"_s;
}

void tst_Keyboard::lettersAreUniqueInEveryWindow()
{
    QFETCH(const QString, language);
    Language used;
    used.use(language);
    {
        QTemporaryDir folder;
        Workspace workspace(openProfile(folder));
        MainWindow window(workspace);
        forEveryWindow(workspace, window, checkLetters);
    }
    used.use(u"en"_s);
}

void tst_Keyboard::enterIsTheDefaultButton()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    forEveryWindow(workspace, window, checkDefaultButton);
}

void tst_Keyboard::enterDoesNotCopyThePeerId()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    QApplication::clipboard()->setText(u"before"_s);
    window.showFirstSteps();
    auto *steps = visibleChild<QWizard>(&window);
    QVERIFY(steps);
    const int page = steps->currentId();
    QTest::keyClick(steps, Qt::Key_Return);
    QVERIFY(steps->currentId() != page);
    QCOMPARE(QApplication::clipboard()->text(), u"before"_s);
    steps->close();
    window.showCertificates();
    QPointer<QDialog> certificates = visibleChild<QDialog>(&window);
    QVERIFY(certificates);
    certificates->findChild<QTabWidget *>()->setCurrentIndex(1);
    QTest::keyClick(certificates, Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), u"before"_s);
    QVERIFY(!certificates || !certificates->isVisible()); // Close is the default
}

void tst_Keyboard::comboBoxesHaveNames()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    forEveryWindow(workspace, window, checkComboBoxes);
}

void tst_Keyboard::focusIsAlwaysVisible()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    forEveryWindow(workspace, window, checkFocusIsVisible);
}

void tst_Keyboard::altAndANumberShowADockAndNeverHideIt()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.connections().update(connectionRows(1, 3));
    window.connectionsPanel().table().selectSourceRow(0);
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QList<QDockWidget *> docks = window.docks();
    QCOMPARE(docks.size(), 5);
    for (QDockWidget *dock : docks)
        dock->hide();
    for (int round = 0; round < 2; ++round) { // the second time they are shown already
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(&window, Qt::Key(Qt::Key_1 + i), Qt::AltModifier);
            QDockWidget *dock = docks.at(i);
            QTRY_VERIFY(!dock->visibleRegion().isEmpty()); // in front of the others, too
            QVERIFY2(dock->isAncestorOf(QApplication::focusWidget()),
                     qPrintable(dock->objectName()));
        }
    }
}

QTEST_MAIN(tst_Keyboard)
#include "tst_keyboard.moc"
