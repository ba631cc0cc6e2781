// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The windows at work: questions, messages, hostile texts, dialogs whose network vanishes, thousands of rows.

#include "windowlabels.h"

#include <desktop/desktopapp.h>
#include <mainwindow.h>
#include <panels/connectionspanel.h>
#include <panels/messagespanel.h>
#include <panels/messagestrip.h>
#include <panels/tableview.h>
#include <shared/gui/hostiletexts.h>
#include <shared/gui/rows.h>
#include <shared/gui/windows.h>

#include <QComboBox>
#include <QDockWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_Windows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theQuestionNamesThePeer();
    void theQuestionCountsPeersNotConnections();
    void hostileTextsInEveryWidget();
    void messagesAreWrittenAsTextAndHex();
    void closingEndsTheProgramWithoutATray();
    void stripKeepsEarlierMessages();
    void aNetworkVanishesWhileItsDialogsAreOpen();
    void twoThousandConnectionsStaySmooth();
    void aDayOfUseLeavesNothingBehind();
};

void tst_Windows::theQuestionNamesThePeer()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.join({});
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    workspace.setWatched(false);
    workspace.connections().update({connectionRow(1, u"<b>anna</b>"_s)});
    ConnectionsPanel &panel = window.connectionsPanel();
    panel.table().selectSourceRow(0);
    panel.blockAction()->trigger();
    auto *question = visibleChild<QMessageBox>(&window);
    QVERIFY(question);
    QVERIFY(question->text().contains(peerIdOf(1).toString()));
    QVERIFY(question->text().contains(u"<b>anna</b>"_s));
    QCOMPARE(question->textFormat(), Qt::PlainText);
    QTest::keyClick(question, Qt::Key_Return); // the default is No
    QVERIFY(commandsAreDone(workspace));
    QVERIFY(workspace.host().blockedPeers().isEmpty());

    workspace.connections().update({connectionRow(1, u"<b>anna</b>"_s)}); // the answer had none
    panel.table().selectSourceRow(0);
    panel.blockAction()->trigger();
    question = nullptr;
    QTRY_VERIFY((question = visibleChild<QMessageBox>(&window)) != nullptr);
    button(question, u"Block"_s)->click();
    QTRY_COMPARE(workspace.host().blockedPeers(), QList<PeerId>{peerIdOf(1)});
}

void tst_Windows::theQuestionCountsPeersNotConnections()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    QList<ConnectionSnapshot> rows = connectionRows(1, 4);
    for (int i = 0; i < 4; ++i) { // two peers with two connections each
        auto facts = std::make_shared<ConnectionFacts>(*rows.at(i).facts);
        facts->peerId = peerIdOf(quint64(i / 2));
        rows[i].facts = facts;
    }
    workspace.connections().update(rows);
    TableView &table = window.connectionsPanel().table();
    QCOMPARE(table.model()->rowCount(), 2);
    table.expandAll();
    table.selectAll();
    window.connectionsPanel().disconnectAction()->trigger();
    auto *question = visibleChild<QMessageBox>(&window);
    QVERIFY(question);
    QVERIFY2(question->text().contains(u"1 other peer"), qPrintable(question->text()));
    QVERIFY(question->informativeText().startsWith(u"All connections to these peers"));
    question->close();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    table.setCurrentIndex(table.model()->index(1, 0, table.model()->index(0, 0)));
    window.connectionsPanel().disconnectAction()->trigger(); // one connection: still the peer
    question = visibleChild<QMessageBox>(&window);
    QVERIFY(question);
    QVERIFY(question->informativeText().startsWith(u"All connections to this peer"));
}

void tst_Windows::hostileTextsInEveryWidget()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.resize(1200, 800);
    window.show();
    const QStringList texts = hostileTexts();
    for (const QString &text : texts) {
        auto facts = std::make_shared<ConnectionFacts>(*connectionRow(1, text).facts);
        facts->authority = text;
        facts->agent = text;
        facts->acceptance.mode = CertificateMode::PrivateAuthority;
        facts->acceptance.peerId = facts->peerId;
        facts->acceptance.matchedName = text;
        facts->acceptance.path = {text.toUtf8().left(10'000)};
        ConnectionSnapshot row = connectionRow(1);
        row.facts = facts;
        row.state = ConnectionSnapshot::State::Closed;
        row.closeReason = Error(ErrorCode::ClosedByPeer, text);
        workspace.connections().update({});
        workspace.connections().update({row});
        window.connectionsPanel().table().selectSourceRow(0);
        Q_EMIT workspace.problem(row.closeReason);
        MessageRecord record;
        record.id = 1;
        record.peer = facts->peerId;
        record.peerName = text;
        record.message = Message(text.toUtf8());
        workspace.messages().clear();
        workspace.messages().add({record});
        window.raiseDock(u"messages"_s);
        window.messagesPanel().table().selectSourceRow(0);
        Q_EMIT workspace.refreshed();
        QCoreApplication::processEvents();
        checkLabels(&window);
        const QList<QLabel *> labels = window.findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            const QStringList lines = label->text().split(u'\n');
            for (const QString &line : lines)
                QVERIFY2(isHarmless(line, 2200), qPrintable(label->text().left(100)));
        }
        QVERIFY(window.width() <= 1400 && window.height() <= 1000); // nobody blows it up
        QVERIFY(window.messagesPanel().findChild<QPlainTextEdit *>()->toPlainText().size()
                < 2 * MessagesPanel::MaxShown);
    }
}

void tst_Windows::messagesAreWrittenAsTextAndHex()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.connections().update({connectionRow(1, u"anna"_s)});
    window.raiseDock(u"messages"_s);
    MessagesPanel &panel = window.messagesPanel();
    panel.choosePeer(peerIdOf(1));
    QPlainTextEdit *editor = nullptr;
    for (QPlainTextEdit *edit : panel.findChildren<QPlainTextEdit *>()) {
        if (!edit->isReadOnly())
            editor = edit;
    }
    QComboBox *format = nullptr;
    for (QComboBox *box : panel.findChildren<QComboBox *>()) {
        if (box->accessibleName() == u"What is written")
            format = box;
    }
    QVERIFY(editor && format);
    QPushButton *send = button(&panel, u"Send"_s);
    QVERIFY(!send->isEnabled()); // a message has at least one byte
    editor->setPlainText(u"grüße"_s);
    QVERIFY(send->isEnabled());
    send->click();
    QCOMPARE(workspace.messages().at(0)->message.payload(),
             QByteArray("gr\xc3\xbc\xc3\x9f"
                        "e"));
    format->setCurrentIndex(1);
    QVERIFY(!send->isEnabled()); // "grüße" is no hexadecimal number
    editor->setPlainText(u"00 ff"_s);
    send->click();
    QCOMPARE(workspace.messages().at(1)->message.payload(), QByteArray("\0\xff", 2));
}

void tst_Windows::closingEndsTheProgramWithoutATray()
{
    QTemporaryDir folder;
    DesktopApp app(openProfile(folder));
    app.start(DesktopApp::Start::InTray); // there is none here, so it is shown
    QVERIFY(app.window()->isVisible());
    QSignalSpy closed(app.window(), &MainWindow::closeWanted);
    app.window()->close();
    QCOMPARE(closed.size(), 1);
    QVERIFY(!app.window()->isVisible());
}

void tst_Windows::stripKeepsEarlierMessages()
{
    MessageStrip strip;
    strip.show(u"first"_s, MessageStrip::Kind::Problem);
    strip.show(u"second"_s, MessageStrip::Kind::Problem);
    strip.show(u"first"_s, MessageStrip::Kind::Problem); // again: once
    QCOMPARE(strip.text(), u"first"_s);
    auto *dismiss = strip.findChild<QToolButton *>();
    dismiss->click();
    QCOMPARE(strip.text(), u"second"_s);
    dismiss->click();
    QVERIFY(strip.isHidden());
    for (int i = 0; i < 1000; ++i)
        strip.show(QString::number(i), MessageStrip::Kind::Problem);
    for (int i = 0; i < MessageStrip::Most; ++i)
        dismiss->click();
    QVERIFY(strip.isHidden());
}

void tst_Windows::aNetworkVanishesWhileItsDialogsAreOpen()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    workspace.join({});
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    window.showJoin();
    window.showCertificates();
    window.showSettings();
    window.showBlocked();
    workspace.connections().update(connectionRows(1, 2));
    window.connectionsPanel().table().selectSourceRow(0);
    window.connectionsPanel().disconnectAction()->trigger();
    auto *question = visibleChild<QMessageBox>(&window);
    workspace.leave();
    QTRY_VERIFY(!workspace.host().isRunning());
    QTRY_COMPARE(workspace.connections().rowCount(), 0);
    if (question)
        button(question, u"Disconnect"_s)->click(); // of a connection that is gone
    QCoreApplication::processEvents();
    workspace.host().block(peerIdOf(1));
    workspace.host().requestDetails(1);
    QVERIFY(!window.connectionsPanel().blockAction()->isEnabled());
}

void tst_Windows::twoThousandConnectionsStaySmooth()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    window.connectionsPanel().table().sortByColumn(ConnectionModel::Rtt, Qt::AscendingOrder);
    QList<ConnectionSnapshot> rows = connectionRows(1, 2000);
    workspace.connections().update(rows);
    QElapsedTimer timer;
    QList<qint64> times;
    for (int round = 0; round < 11; ++round) {
        for (ConnectionSnapshot &row : rows) {
            row.stats.bytesSent += 1000;
            row.stats.smoothedRtt = std::chrono::milliseconds((row.stats.smoothedRtt.count() + 7)
                                                              % 200);
        }
        timer.start();
        workspace.connections().update(rows);
        Q_EMIT workspace.refreshed();
        QCoreApplication::processEvents(); // paints
        times.append(timer.nsecsElapsed());
    }
    std::sort(times.begin(), times.end());
    qInfo("a refresh of 2,000 sorted rows takes %.1f ms", double(times.at(5)) / 1e6);
    QVERIFY(window.connectionsPanel().table().model()->rowCount() == 2000);
}

void tst_Windows::aDayOfUseLeavesNothingBehind()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MainWindow window(workspace);
    window.show();
    const auto open = [&](int kind) {
        switch (kind) {
        case 0:
            window.showJoin();
            break;
        case 1:
            window.showCertificates();
            break;
        case 2:
            window.showSettings();
            break;
        case 3:
            window.showBlocked();
            break;
        case 4:
            window.showAbout();
            break;
        default:
            window.showFirstSteps();
        }
        auto *dialog = visibleChild<QDialog>(&window);
        QVERIFY(dialog);
        dialog->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    };
    constexpr int kinds = 6;
    const auto use = [&](int rounds) {
        for (int round = 0; round < rounds; ++round) {
            open(round % kinds);
            QDockWidget *dock = window.docks().at(round % window.docks().size());
            dock->setVisible(!dock->isVisible());
            if (round % 50 == 0)
                QCoreApplication::processEvents();
        }
    };
    use(60); // what is made once and kept, such as the bars of tabs
    const auto before = window.findChildren<QObject *>().size();
    use(1000);
    QCOMPARE_LE(window.findChildren<QObject *>().size(), before + 2);

    const auto meet = [&](quint64 first) {
        workspace.connections().update(connectionRows(first, 50));
        window.connectionsPanel().table().selectSourceRow(0);
        Q_EMIT workspace.refreshed();
    };
    meet(1);
    const auto withDetails = window.findChildren<QObject *>().size();
    for (quint64 peer = 51; peer <= 10'000; peer += 50)
        meet(peer);
    workspace.connections().update({});
    QCOMPARE(workspace.connections().rowCount(), 0);
    QCOMPARE_LE(window.findChildren<QObject *>().size(), withDetails + 2);
}

QTEST_MAIN(tst_Windows)
#include "tst_windows.moc"
