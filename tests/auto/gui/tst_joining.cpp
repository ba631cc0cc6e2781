// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The dialog that joins: when it closes, what it explains, and that a retry does not prevent it.
#include <dialogs/contactsdialog.h>
#include <dialogs/joindialog.h>
#include <mainwindow.h>
#include <shared/gui/windows.h>

#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>
#include <QUdpSocket>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

//! A socket that answers nothing.
PeerAddress silentAddress(QUdpSocket &socket)
{
    return socket.bind(QHostAddress::LocalHost, 0)
        ? PeerAddress(QHostAddress(QHostAddress::LocalHost), socket.localPort())
        : PeerAddress();
}

} // namespace

class tst_Joining : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDialogClosesOnceJoined();
    void theDialogOfAnOpenNetworkStays();
    void aRetryIsNotInTheWay();
    void aFailureIsExplainedBelowItsCandidate();
    void wrongLinesAreExplainedInFull();
};

void tst_Joining::theDialogClosesOnceJoined()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    JoinDialog dialog(workspace);
    dialog.show();
    button(&dialog, u"Join"_s)->click();
    QVERIFY(dialog.isVisible());
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    QTRY_VERIFY(!dialog.isVisible());
    QCOMPARE(dialog.result(), int(QDialog::Accepted));
}

void tst_Joining::theDialogOfAnOpenNetworkStays()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    workspace.join({});
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    JoinDialog dialog(workspace); // to join through others besides
    dialog.show();
    Q_EMIT workspace.host().stateChanged(Network::State::Joined);
    QVERIFY(dialog.isVisible());
}

void tst_Joining::aRetryIsNotInTheWay()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    QUdpSocket silent;
    const PeerAddress address = silentAddress(silent);
    QVERIFY(!address.isNull());
    MainWindow window(workspace);
    window.show();
    QSignalSpy finished(&workspace.host(), &NetworkHost::joinFinished);
    window.showJoin();
    auto *dialog = window.findChild<JoinDialog *>();
    QVERIFY(dialog);
    dialog->editor().setContacts({address});
    QPushButton *join = button(dialog, u"Join"_s);
    join->click();
    QVERIFY(!join->isEnabled()); // it is being done
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QVERIFY(dialog->isVisible());
    QVERIFY(join->isEnabled());
    // The state in which the automatic retry dials again.
    Q_EMIT workspace.host().stateChanged(Network::State::Joining);
    QVERIFY(join->isEnabled());
    QCOMPARE_NE(workspace.host().state(), Network::State::Joined);
    // Another node is there now: joining through it must not wait for the retry.
    QTemporaryDir otherFolder;
    Workspace other(openProfile(otherFolder));
    other.join({});
    QTRY_VERIFY(other.host().lastSnapshot().status.localPort != 0
                || (other.setWatched(true), false)); // its port comes with a snapshot
    dialog->editor().setContacts({PeerAddress(QHostAddress(QHostAddress::LocalHost),
                                              other.host().lastSnapshot().status.localPort)});
    QPointer<JoinDialog> alive = dialog;
    join->click();
    QTRY_COMPARE_WITH_TIMEOUT(workspace.host().state(), Network::State::Joined, 60'000);
    QTRY_VERIFY(!alive || !alive->isVisible());
}

void tst_Joining::aFailureIsExplainedBelowItsCandidate()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    JoinDialog dialog(workspace);
    dialog.show();
    QList<JoinCandidate> candidates(2);
    candidates[0].addresses = {*PeerAddress::fromString(u"192.0.2.1:12000")};
    candidates[0].state = JoinCandidate::State::Failed;
    candidates[0].error = Error(
        ErrorCode::HandshakeTimeout,
        u"The peer at 192.0.2.1:12000 did not answer within 10 seconds. Check its address and "
        "port, whether it is running, and whether a firewall or a router on the way lets UDP "
        "packets through to it."_s);
    candidates[1].addresses = {*PeerAddress::fromString(u"192.0.2.2:12000")};
    workspace.candidates().setCandidates(candidates);
    QCoreApplication::processEvents();
    auto *table = dialog.findChild<QTableView *>();
    QCOMPARE(table->model()->rowCount(), 3);
    QCOMPARE(table->columnSpan(1, 0), int(CandidateModel::ColumnCount));
    QCOMPARE(table->columnSpan(2, 0), 1);
    QVERIFY(table->rowHeight(1) > table->rowHeight(0)); // over several lines, whole
}

void tst_Joining::wrongLinesAreExplainedInFull()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    JoinDialog dialog(workspace);
    dialog.show();
    dialog.editor().setText(u"192.0.2.1:99999\nexample.org\n:12000"_s);
    QCoreApplication::processEvents();
    const QList<QLabel *> labels = dialog.editor().findChildren<QLabel *>();
    QCOMPARE(labels.size(), 1);
    const QLabel &problems = *labels.first();
    QVERIFY(problems.isVisible());
    QTRY_VERIFY(problems.height() >= problems.heightForWidth(problems.width()));
    const auto *text = dialog.editor().findChild<QPlainTextEdit *>();
    QTRY_VERIFY(text->geometry().bottom() < problems.geometry().top());
}

QTEST_MAIN(tst_Joining)
#include "tst_joining.moc"
