// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every window on small screens and at 200 %. The screen of a program is fixed when it starts, so the test
// starts itself once for each.
#include <desktop/language.h>
#include <shared/gui/everywindow.h>

#include <QApplication>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFile>
#include <QProcess>
#include <QScreen>
#include <QScrollArea>
#include <QTabWidget>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

const char *const Inner = "QP2P_TEST_SCREEN"; // set in the programs that look at a screen

QString named(const QWidget *widget)
{
    return QString::fromLatin1(widget->metaObject()->className()) + u" \""_s
        + widget->accessibleName() + u"\" of "_s
        + QString::fromLatin1(widget->parentWidget()->metaObject()->className()) + u" in "_s
        + widget->window()->windowTitle();
}

//! Inside the screen, with its frame.
void checkFits(const QWidget *window)
{
    const QRect available = window->screen()->availableGeometry();
    const QRect frame = window->frameGeometry();
    QVERIFY2(available.contains(frame),
             qPrintable(u"%1: %2 x %3 at %4, %5 on %6 x %7"_s.arg(window->windowTitle())
                            .arg(frame.width())
                            .arg(frame.height())
                            .arg(frame.x())
                            .arg(frame.y())
                            .arg(available.width())
                            .arg(available.height())));
}

void checkButtons(const QWidget *window)
{
    const QList<QDialogButtonBox *> boxes = window->findChildren<QDialogButtonBox *>();
    for (const QDialogButtonBox *box : boxes) {
        if (box->parentWidget() != window)
            continue;
        const QList<QAbstractButton *> buttons = box->buttons();
        for (const QAbstractButton *button : buttons) {
            const QRect area(button->mapTo(window, QPoint()), button->size());
            QVERIFY2(!button->isVisible() || window->rect().contains(area),
                     qPrintable(button->text()));
        }
    }
}

//! Behind another tab; it is looked at once it is shown.
bool isInBackground(const QWidget *widget)
{
    for (const QWidget *at = widget; at; at = at->parentWidget()) {
        if (const auto *dock = qobject_cast<const QDockWidget *>(at))
            return !dock->widget()->isEnabled();
    }
    return false;
}

//! What takes the focus can be scrolled into view.
void checkReachable(QWidget *window)
{
    const QList<QWidget *> all = window->findChildren<QWidget *>();
    for (QWidget *widget : all) {
        if (widget->window() != window || !widget->isVisible() || widget->focusProxy()
            || !(widget->focusPolicy() & Qt::TabFocus) || isInBackground(widget))
            continue;
        for (QWidget *at = widget->parentWidget(); at && at != window; at = at->parentWidget()) {
            if (auto *area = qobject_cast<QScrollArea *>(at))
                area->ensureWidgetVisible(widget, 0, 0);
        }
        QVERIFY2(isSeen(widget), qPrintable(named(widget)));
    }
}

void checkWindow(QWidget *window)
{
    checkFits(window);
    if (QTest::currentTestFailed())
        return;
    checkButtons(window);
    auto *tabs = window->findChild<QTabWidget *>();
    for (int i = 0; tabs && i < tabs->count(); ++i) {
        tabs->setCurrentIndex(i);
        QCoreApplication::processEvents();
        checkReachable(window);
    }
    checkReachable(window);
    checkFits(window);
}

} // namespace

class tst_Screens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWindowFits_data();
    void everyWindowFits();
    void detailsLeaveRoomForThePeers();
    void aLayoutOfALargerScreenFits();
};

void tst_Screens::everyWindowFits_data()
{
    QTest::addColumn<QSize>("screen");
    QTest::addColumn<QByteArray>("scale");
    QTest::addColumn<QString>("language");
    for (const QString &language : {u"en"_s, u"de"_s}) {
        for (const QSize screen : {QSize(800, 600), QSize(1366, 768)}) {
            for (const QByteArray scale : {"1", "2"})
                QTest::addRow("%dx%d, %s00 %%, %s", screen.width(), screen.height(),
                              scale.constData(), qPrintable(language))
                    << screen << scale << language;
        }
    }
}

void tst_Screens::everyWindowFits()
{
    QFETCH(const QSize, screen);
    QFETCH(const QByteArray, scale);
    QFETCH(const QString, language);
    if (qEnvironmentVariableIsSet(Inner)) {
        QCOMPARE(QGuiApplication::primaryScreen()->size(), screen / scale.toInt());
        Language used;
        used.use(language);
        QTemporaryDir folder;
        Workspace workspace(openProfile(folder));
        MainWindow window(workspace);
        forEveryWindow(workspace, window, checkWindow);
        if (QTest::currentTestFailed())
            return;
        for (int i = 0; i < 5; ++i) { // each dock can be shown
            window.activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(&window));
            QTest::keyClick(&window, Qt::Key(Qt::Key_1 + i), Qt::AltModifier);
            QTRY_VERIFY2(!window.docks().at(i)->visibleRegion().isEmpty(),
                         qPrintable(window.docks().at(i)->objectName()));
            checkWindow(&window);
        }
        return;
    }
    QTemporaryDir folder;
    QFile config(folder.filePath(u"screen.json"_s));
    QVERIFY(config.open(QFile::WriteOnly));
    config.write(QStringLiteral(R"({"screens":[{"name":"test","x":0,"y":0,"width":%1,"height":%2,)"
                                R"("logicalDpi":96,"logicalBaseDpi":96,"dpr":1}]})")
                     .arg(screen.width())
                     .arg(screen.height())
                     .toUtf8());
    config.close();
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen:configfile="_s + config.fileName());
    environment.insert(u"QT_SCALE_FACTOR"_s, QString::fromLatin1(scale));
    environment.insert(QString::fromLatin1(Inner), u"1"_s);
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(QCoreApplication::applicationFilePath(),
                  {u"everyWindowFits:"_s + QString::fromLatin1(QTest::currentDataTag())});
    QVERIFY(program.waitForFinished(100'000));
    const QByteArray output = program.readAll();
    QVERIFY2(output.contains("PASS   : tst_Screens::everyWindowFits("), output.constData());
    QVERIFY2(program.exitCode() == 0, output.constData());
}

void tst_Screens::detailsLeaveRoomForThePeers()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.connections().update(connectionRows(1, 3));
    window.connectionsPanel().table().selectSourceRow(0);
    Q_EMIT workspace.refreshed();
    QCoreApplication::processEvents();
    if (window.docks().first()->isVisible())
        QCOMPARE_LT(window.docks().first()->width(), window.width() * 35 / 100);
    QTRY_COMPARE_GT(window.docks().at(1)->height(), window.height() / 4); // rows, not only a header
    QCOMPARE_LT(window.docks().at(1)->height(), window.height() / 2);
}

void tst_Screens::aLayoutOfALargerScreenFits()
{
    QTemporaryDir folder;
    {
        Workspace workspace(openProfile(folder));
        MainWindow window(workspace);
        window.show();
        window.resize(4000, 3000);
        window.move(5000, 5000);
    }
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    QCoreApplication::processEvents();
    checkFits(&window);
}

QTEST_MAIN(tst_Screens)
#include "tst_screens.moc"
