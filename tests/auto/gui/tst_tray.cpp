// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The icon in the tray: when it comes, and what it says. Here is no tray, so the test says when there is one.
#include <desktop/tray.h>
#include <shared/gui/windows.h>

#include <QApplication>
#include <QStyle>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_Tray : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itAppearsWhenTheTrayComesLater();
    void itIsNotSoughtWhereItIsNotWanted();
    void itSaysProfileAndState();
};

void tst_Tray::itAppearsWhenTheTrayComesLater()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    bool isThere = false;
    int asked = 0;
    const auto probe = [&] {
        ++asked;
        return isThere;
    };
    Tray tray(workspace, probe, std::chrono::milliseconds(1));
    QSignalSpy appeared(&tray, &Tray::appeared);
    tray.setWanted(true);
    QVERIFY(!tray.isShown());
    QTRY_VERIFY(asked > 2); // it goes on looking
    QCOMPARE(appeared.size(), 0);
    isThere = true;
    QTRY_VERIFY(tray.isShown());
    QCOMPARE(appeared.size(), 1);
    const int before = asked;
    tray.retranslate();
    QVERIFY(tray.isShown());
    tray.setWanted(false);
    QVERIFY(!tray.isShown());
    QCOMPARE(asked, before);
}

void tst_Tray::itIsNotSoughtWhereItIsNotWanted()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    int asked = 0;
    Tray tray(
        workspace,
        [&] {
            ++asked;
            return false;
        },
        std::chrono::milliseconds(1));
    QCOMPARE(asked, 0);
    tray.setWanted(true);
    QCOMPARE(asked, 1);
    tray.setWanted(false);
    QVERIFY(!tray.findChild<QTimer *>()->isActive());
}

void tst_Tray::itSaysProfileAndState()
{
    QCOMPARE(trayToolTip(u"office"_s, Network::State::Joined), u"QP2P, profile office: Joined"_s);
    QVERIFY(trayToolTip(u"office"_s, Network::State::Waiting)
            != trayToolTip(u"office"_s, Network::State::Joined));
    QApplication::setWindowIcon(QApplication::style()->standardIcon(QStyle::SP_ComputerIcon));
    const auto picture = [](Network::State state) { return trayIcon(state).pixmap(32).toImage(); };
    QVERIFY(picture(Network::State::Joined) != picture(Network::State::Idle));
    QVERIFY(picture(Network::State::Joined) != picture(Network::State::Joining));
    QCOMPARE(picture(Network::State::Idle), picture(Network::State::Left));
}

QTEST_MAIN(tst_Tray)
#include "tst_tray.moc"
