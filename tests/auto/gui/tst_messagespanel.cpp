// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whom a message goes to: the chosen one, visibly, and no other.
#include <mainwindow.h>
#include <panels/connectionspanel.h>
#include <panels/messagespanel.h>
#include <panels/tableview.h>
#include <shared/gui/rows.h>
#include <shared/gui/windows.h>

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QSplitter>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

//! A window with three peers that could be written to.
class Desk
{
public:
    Desk()
        : workspace(openProfile(folder))
        , window(workspace)
        , panel(window.messagesPanel())
    {
        window.show();
        window.raiseDock(u"messages"_s);
        show({1, 2, 3});
        const QList<QPlainTextEdit *> edits = panel.findChildren<QPlainTextEdit *>();
        for (QPlainTextEdit *edit : edits) {
            if (!edit->isReadOnly())
                editor = edit;
        }
        const QList<QComboBox *> boxes = panel.findChildren<QComboBox *>();
        for (QComboBox *box : boxes) {
            if (box->accessibleName() == u"Peer to write to")
                to = box;
        }
        send = button(&panel, u"Send"_s);
    }

    void show(const QList<quint64> &ids)
    {
        QList<ConnectionSnapshot> rows;
        for (const quint64 id : ids)
            rows.append(connectionRow(id, u"peer %1"_s.arg(id)));
        workspace.connections().update(rows);
        Q_EMIT workspace.refreshed();
    }
    void addMessage(quint64 id, quint64 from, const QByteArray &text)
    {
        MessageRecord record;
        record.id = id;
        record.when = QDateTime::currentDateTimeUtc();
        record.peer = peerIdOf(from);
        record.message = Message(text);
        workspace.messages().add({record});
    }
    void click(TableView &table, int row)
    {
        const QModelIndex index = table.model()->index(row, 0);
        table.scrollTo(index);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(index).center());
    }
    QString addressee() const { return to->currentText(); }

    QTemporaryDir folder;
    Workspace workspace;
    MainWindow window;
    MessagesPanel &panel;
    QPlainTextEdit *editor = nullptr;
    QComboBox *to = nullptr;
    QPushButton *send = nullptr;
};

} // namespace

class tst_MessagesPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyIsAddressedByChance();
    void selectingAMessageAddressesItsPeer();
    void selectingAPeerAddressesIt();
    void writingToThePeerNeedsOne();
    void theAddresseeStaysWhenItLeaves();
    void aRowThatLeavesDoesNotChangeTheAddressee();
    void sendingClearsTheText();
    void theTextIsSeenInTheTable();
    void theListIsAboveTheTextsWhereItIsNarrow();
};

void tst_MessagesPanel::nobodyIsAddressedByChance()
{
    Desk desk;
    QCOMPARE(desk.to->currentIndex(), -1);
    desk.editor->setPlainText(u"Hello"_s);
    QVERIFY(!desk.send->isEnabled());
    desk.to->setCurrentIndex(1);
    QVERIFY(desk.send->isEnabled());
}

void tst_MessagesPanel::selectingAMessageAddressesItsPeer()
{
    Desk desk;
    desk.addMessage(1, 2, "from two");
    desk.addMessage(2, 3, "from three");
    desk.click(desk.panel.table(), 0);
    QVERIFY2(desk.addressee().contains(u"peer 2"_s), qPrintable(desk.addressee()));
    desk.click(desk.panel.table(), 1);
    QVERIFY2(desk.addressee().contains(u"peer 3"_s), qPrintable(desk.addressee()));
    desk.editor->setPlainText(u"Hello"_s);
    desk.send->click();
    QCOMPARE(desk.workspace.messages().at(2)->peer, peerIdOf(3));
}

void tst_MessagesPanel::selectingAPeerAddressesIt()
{
    Desk desk;
    TableView &table = desk.window.connectionsPanel().table();
    for (int row = 0; row < 3; ++row) {
        desk.click(table, row);
        const ConnectionSnapshot *chosen = desk.workspace.connections().at(table.currentSourceRow());
        QVERIFY(chosen);
        QVERIFY2(desk.addressee().contains(chosen->facts->name), qPrintable(desk.addressee()));
    }
}

void tst_MessagesPanel::writingToThePeerNeedsOne()
{
    Desk desk;
    desk.workspace.join({});
    QTRY_COMPARE(desk.workspace.host().state(), Network::State::Joined);
    const auto write = [&] {
        const QList<QAction *> actions = desk.window.toolBarActions();
        for (QAction *action : actions) {
            if (action->text().remove(u'&') == u"Write to the peer")
                return action;
        }
        return static_cast<QAction *>(nullptr);
    };
    desk.workspace.setWatched(false); // rows are made up
    QVERIFY(commandsAreDone(desk.workspace));
    desk.show({1});
    QVERIFY(!write()->isEnabled());
    desk.click(desk.window.connectionsPanel().table(), 0);
    QVERIFY(write()->isEnabled());
    ConnectionSnapshot closed = connectionRow(1);
    closed.state = ConnectionSnapshot::State::Closed;
    desk.workspace.connections().update({closed});
    Q_EMIT desk.workspace.refreshed();
    QVERIFY(!write()->isEnabled());
}

void tst_MessagesPanel::theAddresseeStaysWhenItLeaves()
{
    Desk desk;
    desk.panel.choosePeer(peerIdOf(2));
    desk.editor->setPlainText(u"for two alone"_s);
    QVERIFY(desk.send->isEnabled());
    desk.show({1, 3});
    QVERIFY2(desk.addressee().contains(shortId(peerIdOf(2))), qPrintable(desk.addressee()));
    QVERIFY2(desk.addressee().contains(u"Not connected"_s), qPrintable(desk.addressee()));
    QVERIFY(!desk.send->isEnabled());
    desk.show({1, 2, 3});
    QVERIFY2(!desk.addressee().contains(u"Not connected"_s), qPrintable(desk.addressee()));
    QVERIFY(desk.send->isEnabled());
}

void tst_MessagesPanel::aRowThatLeavesDoesNotChangeTheAddressee()
{
    Desk desk;
    desk.click(desk.window.connectionsPanel().table(), 0);
    const QString before = desk.addressee();
    QVERIFY(!before.isEmpty());
    desk.editor->setFocus();
    desk.editor->setPlainText(u"being written"_s);
    const int row = desk.window.connectionsPanel().table().currentSourceRow();
    const quint64 chosen = desk.workspace.connections().at(row)->facts->id;
    QList<quint64> others{1, 2, 3};
    others.removeAll(chosen);
    desk.show(others);
    QVERIFY2(desk.addressee().contains(shortId(peerIdOf(chosen))), qPrintable(desk.addressee()));
}

void tst_MessagesPanel::sendingClearsTheText()
{
    Desk desk;
    desk.panel.choosePeer(peerIdOf(1));
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        const int before = desk.workspace.messages().rowCount();
        desk.editor->setPlainText(u"Hello"_s);
        QTest::keyClick(desk.editor, key, Qt::ControlModifier);
        QCOMPARE(desk.workspace.messages().rowCount(), before + 1);
        QCOMPARE(desk.workspace.messages().at(before)->message.payload(), QByteArray("Hello"));
        QVERIFY(desk.editor->toPlainText().isEmpty());
        QTest::keyClick(desk.editor, key, Qt::ControlModifier); // there is nothing to send
        QCOMPARE(desk.workspace.messages().rowCount(), before + 1);
    }
}

void tst_MessagesPanel::theTextIsSeenInTheTable()
{
    Desk desk;
    desk.addMessage(1, 1, "the text itself");
    const TableView &table = desk.panel.table();
    const int column = MessageModel::Content;
    QCOMPARE(table.model()->index(0, column).data().toString(), u"the text itself"_s);
    QVERIFY(!table.isColumnHidden(column));
    // Before what few people need.
    for (const int later : {int(MessageModel::Kind), int(MessageModel::Size)})
        QVERIFY(table.header()->visualIndex(column) < table.header()->visualIndex(later));
}

void tst_MessagesPanel::theListIsAboveTheTextsWhereItIsNarrow()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    MessagesPanel panel(workspace);
    const int letter = panel.fontMetrics().averageCharWidth();
    const TableView &table = panel.table();
    const auto *parts = qobject_cast<const QSplitter *>(table.parentWidget());
    QVERIFY(parts);
    panel.show();
    for (const int letters : {160, 100, 160}) {
        panel.resize(letters * letter, 80 * letter);
        QTRY_COMPARE(parts->orientation(), letters == 100 ? Qt::Vertical : Qt::Horizontal);
        QTRY_VERIFY(table.width() >= 60 * letter);
    }
}

QTEST_MAIN(tst_MessagesPanel)
#include "tst_messagespanel.moc"
