// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the network behind the window reports as problems: changed keys, joins that fail, ports, authorities.

#include "desk.h"

#include <models/joinfailures.h>
#include <models/workspace.h>

#include <QSignalSpy>
#include <QTest>
#include <QUdpSocket>

#include <optional>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace Qp2p::Test;

class tst_WorkspaceProblems : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aChangedKeyIsRefusedThenTrusted();
    void aChangedKeyIsAskedAboutOnceWhateverTheWay_data();
    void aChangedKeyIsAskedAboutOnceWhateverTheWay();
    void aJoinByHandReplacesTheOneUnderWay();
    void problemsLeaveWhenTheyAreOver();
    void theStatusNamesTheRuleThatRefused();
    void aPortInUseIsAProblem();
    void aMissingAuthorityIsAProblem();
    void aFailedJoinNamesItsCandidates();
};

//! The whole way: a node comes back with another key, is refused, and let in once the user says so.
void tst_WorkspaceProblems::aChangedKeyIsRefusedThenTrusted()
{
    Desk node;
    QVERIFY(node.joinFirst());
    const PeerAddress contact = node.contact();
    const PeerId oldId = node.now().peerId;
    Desk desk; // joins through its cache alone: contacts are not remembered
    QVERIFY(desk.joinFirst());
    desk.host().addToCache({PeerAddress(contact.address(), contact.port(), oldId)});
    QTRY_COMPARE(desk.workspace->cache().rowCount(), 1);
    desk.workspace->applyNetworkSettings();
    QVERIFY(desk.until([&] {
        const BootstrapCache::Entry *known = desk.workspace->cache().at(0);
        return desk.now().peers() == 1 && known && !known->certificate.isEmpty();
    }));
    desk.workspace->leave();
    QTRY_VERIFY(!desk.host().isRunning());

    node.workspace->settings().setListenPort(contact.port());
    QVERIFY(node.workspace->profile().replaceIdentity(*Identity::generate()).isOk());
    QSignalSpy started(&node.host(), &NetworkHost::started);
    node.workspace->applyNetworkSettings();
    QTRY_COMPARE(started.size(), 1);
    const PeerId newId = node.now().peerId;
    QVERIFY(newId != oldId);

    std::optional<std::pair<BootstrapCache::Entry, Error>> change;
    QObject::connect(&desk.host(), &NetworkHost::peerKeyChanged, &desk.host(),
                     [&](const BootstrapCache::Entry &known, const Error &error) {
                         change = {known, error};
                     });
    desk.workspace->rejoin();
    QVERIFY(desk.until([&] { return change.has_value(); }));
    QCOMPARE(change->first.peerId, oldId);
    QCOMPARE(change->second.code, ErrorCode::PeerIdMismatch);
    const auto presented = CertificateInfo::fromDer(change->second.peerCertificates.value(0));
    QVERIFY(presented.isOk());
    QCOMPARE(presented->peerId, newId);
    QCOMPARE(desk.now().peers(), 0);

    desk.host().trustNewKey(oldId, PeerAddress(contact.address(), contact.port(), newId));
    QVERIFY(desk.until([&] {
        return desk.now().peers() == 1 && desk.workspace->cache().rowCount() == 1
            && desk.workspace->cache().at(0)->peerId == newId;
    }));
    QVERIFY(!desk.workspace->cache().at(0)->certificate.isEmpty()); // pinned
}

void tst_WorkspaceProblems::aChangedKeyIsAskedAboutOnceWhateverTheWay_data()
{
    QTest::addColumn<QString>("way");
    QTest::addColumn<Workspace::KeyAnswer>("answer");
    using Answer = Workspace::KeyAnswer;
    QTest::newRow("dialled, no") << u"dial"_s << Answer::Refuse;
    QTest::newRow("incoming, no") << u"incoming"_s << Answer::Refuse;
    QTest::newRow("contact, block") << u"contact"_s << Answer::Block;
    QTest::newRow("incoming, trust") << u"incoming"_s << Answer::Trust;
}

void tst_WorkspaceProblems::aChangedKeyIsAskedAboutOnceWhateverTheWay()
{
    QFETCH(const QString, way);
    QFETCH(const Workspace::KeyAnswer, answer);
    Desk node;
    QVERIFY(node.joinFirst());
    const PeerAddress contact = node.contact();
    const PeerId newId = node.now().peerId;
    const PeerId oldId = Identity::generate()->peerId();
    Desk desk;
    QVERIFY(desk.joinFirst());
    desk.host().addToCache({PeerAddress(contact.address(), contact.port(), oldId)});
    QTRY_COMPARE(desk.workspace->cache().rowCount(), 1);
    QSignalSpy asked(desk.workspace.get(), &Workspace::keyQuestionAsked);
    const auto come = [&] {
        if (way == u"dial")
            desk.host().dial(contact);
        else if (way == u"contact")
            desk.workspace->join({contact});
        else
            node.host().dial(desk.contact());
    };
    QSignalSpy changed(&desk.host(), &NetworkHost::peerKeyChanged);
    for (int i = 1; i <= 3; ++i) {
        const auto before = changed.size();
        come();
        QVERIFY(desk.until([&] { return changed.size() > before; }));
    }
    QCOMPARE(asked.size(), 1);
    QCOMPARE(desk.workspace->keyQuestions().size(), 1);
    QCOMPARE(desk.workspace->keyQuestions().first().known.peerId, oldId);
    QCOMPARE(desk.workspace->keyQuestions().first().newId, newId);
    QCOMPARE(desk.now().peers(), 0); // nothing was linked before the answer

    QSignalSpy answered(desk.workspace.get(), &Workspace::keyQuestionAnswered);
    desk.workspace->answerKeyQuestion(oldId, newId, answer);
    QCOMPARE(answered.size(), 1);
    QVERIFY(desk.workspace->keyQuestions().isEmpty());
    if (answer == Workspace::KeyAnswer::Trust) {
        QVERIFY(desk.until([&] { return desk.now().peers() == 1; }));
        return;
    }
    // Also after a restart of the program.
    const QString folder = desk.workspace->profile().directory();
    const PeerAddress own = desk.contact();
    const bool isBlocked = answer == Workspace::KeyAnswer::Block;
    if (isBlocked)
        QTRY_COMPARE(desk.host().blockedPeers(), QList<PeerId>{newId});
    desk.workspace->leave();
    QTRY_VERIFY(!desk.host().isRunning());
    desk.workspace.reset();
    auto profile = Profile::open(folder);
    QVERIFY(profile.isOk());
    Workspace again(std::move(profile).value());
    QSignalSpy askedAgain(&again, &Workspace::keyQuestionAsked);
    QSignalSpy changedAgain(&again.host(), &NetworkHost::peerKeyChanged);
    QSignalSpy failed(&node.host(), &NetworkHost::dialFinished);
    QSignalSpy started(&again.host(), &NetworkHost::started);
    again.join({});
    QTRY_COMPARE(started.size(), 1);
    node.host().dial(own); // at the port that is kept
    QTRY_VERIFY(!failed.isEmpty());
    QVERIFY(failed.last()[1].value<Error>().isError());
    if (!isBlocked)
        QTRY_VERIFY(!changedAgain.isEmpty());
    again.host().refresh();
    QTRY_VERIFY(again.host().lastSnapshot().status.localPort == own.port());
    QCOMPARE(again.host().lastSnapshot().status.peers(), 0);
    QCOMPARE(askedAgain.size(), 0);
}

//! The attempt that is under way has candidates of its own, and may take a minute to give them up.
void tst_WorkspaceProblems::aJoinByHandReplacesTheOneUnderWay()
{
    Desk first;
    QVERIFY(first.joinFirst());
    QUdpSocket silent;
    QVERIFY(silent.bind(Loopback));
    Desk second;
    QSignalSpy finished(&second.host(), &NetworkHost::joinFinished);
    second.workspace->join({PeerAddress(Loopback, silent.localPort())});
    QVERIFY(second.until([&] {
        return second.workspace->candidates().index(0, CandidateModel::State).data().toString()
            == u"Dialling …"_s;
    }));
    second.workspace->join({first.contact()});
    QVERIFY(second.until([&] { return second.now().peers() == 1; }, 5s));
    QTRY_COMPARE(finished.size(), 1); // the replaced one is no cancelled join for the user
    QVERIFY(!finished.first()[0].value<Error>().isError());
    QVERIFY(second.problems.isEmpty());
}

void tst_WorkspaceProblems::problemsLeaveWhenTheyAreOver()
{
    Desk first;
    QVERIFY(first.joinFirst());
    quint16 closed = 0;
    {
        QUdpSocket socket;
        QVERIFY(socket.bind(Loopback));
        closed = socket.localPort();
    }
    Desk second([&](Settings &settings) { settings.setListenPort(first.now().localPort); });
    QSignalSpy solved(second.workspace.get(), &Workspace::problemSolved);
    second.workspace->join({});
    QTRY_COMPARE(second.problems.size(), 1); // the port is taken
    QTRY_VERIFY(!second.host().isRunning());
    second.workspace->settings().setListenPort(0);
    second.workspace->join({PeerAddress(Loopback, closed)});
    QTRY_COMPARE(solved.size(), 1);
    QCOMPARE(solved.last()[0].value<Error>().message, second.problems.at(0).message);
    QTRY_COMPARE(second.problems.size(), 2);
    const Error failed = second.problems.at(1);
    QCOMPARE(failed.code, ErrorCode::JoinFailed);
    const QStringList lines = failed.message.split(u'\n'); // a list
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines.at(1).contains(u"127.0.0.1:%1"_s.arg(closed)), qPrintable(lines.at(1)));
    QVERIFY(!shownError(failed).contains(u"\\n"_s));
    second.workspace->join({first.contact()});
    QTRY_COMPARE(solved.size(), 2);
    QCOMPARE(solved.last()[0].value<Error>().message, failed.message);
}

void tst_WorkspaceProblems::theStatusNamesTheRuleThatRefused()
{
    Desk other([](Settings &settings) { settings.setNetworkName(u"another"_s); });
    QVERIFY(other.joinFirst());
    Desk desk;
    desk.workspace->join({other.contact()});
    QVERIFY(desk.until([&] { return desk.now().state == Network::State::Waiting; }));
    const JoinFailures failures = JoinFailures::of(desk.now().joinCandidates);
    QCOMPARE(failures.unanswered, 0);
    QCOMPARE(failures.refused.size(), 1);
    QCOMPARE(failures.refused.first(), std::pair(ErrorCode::WrongNetwork, 1));
}

void tst_WorkspaceProblems::aPortInUseIsAProblem()
{
    Desk first;
    QVERIFY(first.joinFirst());
    Desk second([&](Settings &settings) { settings.setListenPort(first.now().localPort); });
    QSignalSpy failed(&second.host(), &NetworkHost::startFailed);
    QSignalSpy stopped(&second.host(), &NetworkHost::stopped);
    second.workspace->join({});
    QTRY_COMPARE(failed.size(), 1);
    QTRY_COMPARE(stopped.size(), 1);
    QCOMPARE(second.problems.size(), 1);
    QCOMPARE(second.problems.at(0).code, ErrorCode::AddressInUse);
    QVERIFY(!second.host().isRunning());
    second.workspace->settings().setListenPort(0);
    QVERIFY(second.joinFirst());
}

void tst_WorkspaceProblems::aMissingAuthorityIsAProblem()
{
    Desk desk([](Settings &settings) {
        settings.setCertificatePolicy(CertificatePolicy::privateAuthority({u"/no/such/file.pem"_s}));
    });
    desk.workspace->join({});
    QTRY_COMPARE(desk.problems.size(), 1);
    QVERIFY2(desk.problems.at(0).message.contains(u"/no/such/file.pem"_s),
             qPrintable(desk.problems.at(0).message));
    QTRY_VERIFY(!desk.host().isRunning());
}

void tst_WorkspaceProblems::aFailedJoinNamesItsCandidates()
{
    Desk other([](Settings &settings) { settings.setNetworkName(u"another"_s); });
    QVERIFY(other.joinFirst());
    Desk desk;
    desk.workspace->join({other.contact()});
    QTRY_COMPARE_WITH_TIMEOUT(desk.problems.size(), 1, 30'000);
    QCOMPARE(desk.problems.at(0).code, ErrorCode::JoinFailed);
    // The candidate, and below it the reason.
    QTRY_COMPARE(desk.workspace->candidates().rowCount(), 2);
    const QModelIndex reason = desk.workspace->candidates().index(1, 0);
    QVERIFY(reason.data(CandidateModel::ReasonRole).toBool());
    QVERIFY(reason.data().toString().contains(u"another"_s));
    desk.host().cancelJoin();
    QTRY_COMPARE(desk.host().state(), Network::State::Idle);
}

QTEST_GUILESS_MAIN(tst_WorkspaceProblems)
#include "tst_workspaceproblems.moc"
