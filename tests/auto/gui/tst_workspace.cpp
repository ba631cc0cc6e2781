// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The network behind the window, on real sockets: messages, requests, blocking, the cache, leaving.

#include "desk.h"

#include <models/workspace.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace Qp2p::Test;

class tst_Workspace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoMembersSeeEachOther();
    void messagesArriveAndAreAcknowledged();
    void aRequestIsAnsweredByHand();
    void echoAnswersByItself();
    void aMessageToNobodyFails();
    void disconnectingShowsTheReason();
    void aBlockedPeerStaysOut();
    void theCacheIsShownAndChanged();
    void settingsAreAppliedByJoiningAgain();
    void qlogIsSwitchedWhileItRuns();
    void nothingIsReadWhileNobodyLooks();
    void leavingAndJoiningManyTimes();
    void historyIsKeptByTheWorker();
    void quittingWithManyConnectionsIsQuick();
};

void tst_Workspace::twoMembersSeeEachOther()
{
    Desk first;
    Desk second;
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    QVERIFY(second.until([&] { return second.firstOpen() != nullptr; }));
    const ConnectionSnapshot row = *second.firstOpen();
    QCOMPARE(row.facts->peerId, first.now().peerId);
    QVERIFY(row.stats.bytesReceived > 0);
    QCOMPARE(row.facts->certificates.size(), 1);
    QCOMPARE(row.facts->acceptance.mode, CertificateMode::EncryptOnly);
    QVERIFY(!second.workspace->keptContacts().isEmpty());
}

void tst_Workspace::messagesArriveAndAreAcknowledged()
{
    Desk first;
    Desk second;
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    second.workspace->send(first.now().peerId, u"first"_s, Message("Hello <b>there</b>"),
                           MessageRecord::Kind::Message);
    const MessageModel &in = first.workspace->messages();
    QTRY_COMPARE(in.rowCount(), 1);
    QCOMPARE(in.at(0)->message.payload(), QByteArray("Hello <b>there</b>"));
    QCOMPARE(in.at(0)->peer, second.now().peerId);
    QTRY_COMPARE(second.workspace->messages().at(0)->status, MessageRecord::Status::Done);
}

void tst_Workspace::aRequestIsAnsweredByHand()
{
    Desk first;
    Desk second;
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    second.workspace->send(first.now().peerId, {}, Message("Question"),
                           MessageRecord::Kind::Request);
    const MessageModel &in = first.workspace->messages();
    QTRY_COMPARE(in.rowCount(), 1);
    QCOMPARE(in.at(0)->kind, MessageRecord::Kind::Request);
    QCOMPARE(in.at(0)->status, MessageRecord::Status::Pending);
    const MessageRecord request = *in.at(0);
    first.workspace->reply(request, Message("Answer"));
    const MessageModel &out = second.workspace->messages();
    QTRY_COMPARE(out.rowCount(), 2);
    QCOMPARE(out.at(1)->kind, MessageRecord::Kind::Reply);
    QCOMPARE(out.at(1)->message.payload(), QByteArray("Answer"));
    QVERIFY(out.at(1)->roundTrip.count() > 0);
    QCOMPARE(out.at(0)->status, MessageRecord::Status::Done);
    QTRY_COMPARE(in.at(0)->status, MessageRecord::Status::Done);

    first.workspace->reply(request, Message("Again")); // it has had its answer
    QTRY_COMPARE(in.at(in.rowCount() - 1)->status, MessageRecord::Status::Failed);
}

void tst_Workspace::echoAnswersByItself()
{
    Desk first;
    Desk second;
    first.host().setEcho(true); // also where it is set before
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    second.workspace->send(first.now().peerId, {}, Message("Echo"), MessageRecord::Kind::Request);
    QTRY_COMPARE(second.workspace->messages().rowCount(), 2);
    QCOMPARE(second.workspace->messages().at(1)->message.payload(), QByteArray("Echo"));
}

void tst_Workspace::aMessageToNobodyFails()
{
    Desk desk;
    QVERIFY(desk.joinFirst());
    desk.workspace->send(desk.now().peerId, {}, Message("Hello"), MessageRecord::Kind::Message);
    QTRY_COMPARE(desk.workspace->messages().at(0)->status, MessageRecord::Status::Failed);
    QVERIFY(desk.workspace->messages().at(0)->error.message.contains(u"no link"_s));
}

void tst_Workspace::disconnectingShowsTheReason()
{
    Desk first;
    Desk second([](Settings &settings) { settings.setRole(Peer::Role::Client); });
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    QVERIFY(first.until([&] { return first.firstOpen() != nullptr; }));
    const quint64 id = first.firstOpen()->facts->id;
    first.host().closeConnection(id);
    QVERIFY(first.until([&] {
        const ConnectionSnapshot *row = first.workspace->connections().byId(id);
        return row && row->state == ConnectionSnapshot::State::Closed;
    }));
    QVERIFY(!first.workspace->connections().byId(id)->closeReason.message.isEmpty());
    QVERIFY(first.workspace->connections().byId(id)->closedAt.isValid());
}

void tst_Workspace::aBlockedPeerStaysOut()
{
    Desk first;
    Desk second([](Settings &settings) { settings.setRole(Peer::Role::Client); });
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    const PeerId peer = second.now().peerId;
    first.host().block(peer);
    QVERIFY(first.until([&] { return first.now().peers() == 0; }));
    QCOMPARE(first.host().blockedPeers(), QList<PeerId>{peer});
    second.host().dial(first.contact());
    QVERIFY(second.until([&] { return !second.problems.isEmpty(); }));
    first.host().unblock(peer);
    QTRY_VERIFY(first.host().blockedPeers().isEmpty());
    second.host().dial(first.contact());
    QVERIFY(first.until([&] { return first.now().peers() == 1; }));
}

void tst_Workspace::theCacheIsShownAndChanged()
{
    Desk desk;
    QVERIFY(desk.joinFirst());
    const auto identity = Identity::generate();
    const PeerAddress node(QHostAddress(u"192.0.2.9"_s), 12000, identity->peerId());
    desk.host().addToCache({node});
    QTRY_COMPARE(desk.workspace->cache().rowCount(), 1);
    QCOMPARE(desk.workspace->cache().at(0)->peerId, identity->peerId());
    QSignalSpy done(desk.workspace.get(), &Workspace::done);
    desk.host().exportCache(desk.folder.filePath(u"nodes.txt"_s));
    QTRY_COMPARE(done.size(), 1);
    QFile file(desk.folder.filePath(u"nodes.txt"_s));
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll().trimmed(), node.toString().toUtf8());
    desk.host().exportCache(desk.folder.filePath(u"no/such/folder.txt"_s));
    QTRY_COMPARE(desk.problems.size(), 1);
    desk.host().removeFromCache({identity->peerId()});
    QTRY_COMPARE(desk.workspace->cache().rowCount(), 0);
}

void tst_Workspace::settingsAreAppliedByJoiningAgain()
{
    Desk first;
    Desk second;
    QVERIFY(first.joinFirst());
    QVERIFY(second.join(first));
    second.workspace->settings().setRole(Peer::Role::Client);
    QSignalSpy started(&second.host(), &NetworkHost::started);
    second.workspace->applyNetworkSettings();
    QTRY_COMPARE(started.size(), 1);
    QVERIFY(second.until([&] {
        return second.now().peers() == 1 && second.now().configuredRole == Peer::Role::Client;
    }));
    QVERIFY(!second.now().isListening);
}

void tst_Workspace::qlogIsSwitchedWhileItRuns()
{
    Desk first;
    QVERIFY(first.joinFirst());
    first.workspace->settings().setWritesQlog(true);
    Desk second([](Settings &settings) { settings.setRole(Peer::Role::Client); });
    QVERIFY(second.join(first));
    QVERIFY(first.until([&] { return first.firstOpen() != nullptr; }));
    const QString file = first.firstOpen()->facts->qlogFile;
    QVERIFY2(QFile::exists(file), qPrintable(file));
    QVERIFY(second.until([&] { return second.firstOpen() != nullptr; }));
    QVERIFY(second.firstOpen()->facts->qlogFile.isEmpty());
}

void tst_Workspace::nothingIsReadWhileNobodyLooks()
{
    Desk desk;
    QVERIFY(desk.joinFirst());
    const auto isReading = [&] {
        const auto timers = desk.workspace->findChildren<QTimer *>(QString(),
                                                                   Qt::FindDirectChildrenOnly);
        return std::any_of(timers.begin(), timers.end(),
                           [](const QTimer *timer) { return timer->isActive(); });
    };
    QVERIFY(isReading());
    desk.workspace->setWatched(false);
    QVERIFY(!isReading());
    QSignalSpy snapshots(&desk.host(), &NetworkHost::snapshotReady);
    desk.workspace->setWatched(true);
    QVERIFY(isReading());
    QTRY_VERIFY(!snapshots.isEmpty()); // at once
}

void tst_Workspace::leavingAndJoiningManyTimes()
{
    Desk desk;
    for (int i = 0; i < 20; ++i) {
        desk.workspace->join({});
        if (i % 3 == 0)
            QVERIFY(desk.until([&] { return desk.now().state == Network::State::Joined; }));
        desk.host().refresh();
        desk.host().requestDetails(0);
        desk.workspace->leave();
        if (i % 2 == 0) {
            desk.workspace->leave();
            desk.workspace->rejoin(); // before it has left
            desk.workspace->leave();
        }
        QTRY_VERIFY(!desk.host().isRunning());
    }
    QCOMPARE(desk.problems.size(), 0);
}

void tst_Workspace::historyIsKeptByTheWorker()
{
    Desk desk;
    QVERIFY(desk.joinFirst());
    ConnectionDetails details;
    QObject::connect(&desk.host(), &NetworkHost::detailsReady, &desk.host(),
                     [&](const ConnectionDetails &got) { details = got; });
    QVERIFY(desk.until([&] {
        desk.host().requestDetails(0);
        return details.history.size() >= 2;
    }));
    details.history = {Sample()};
    desk.host().requestDetails(4711); // none
    QTRY_VERIFY(details.history.isEmpty());
}

//! A program that ends has at most three seconds for its farewells.
void tst_Workspace::quittingWithManyConnectionsIsQuick()
{
    constexpr size_t members = 1000;
#ifdef Q_OS_UNIX
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < members * 2 + 100)
        QSKIP("this machine allows too few open files");
#endif
    auto desk = std::make_unique<Desk>();
    QVERIFY(desk->joinFirst());
    std::vector<std::unique_ptr<Network>> crowd;
    for (size_t i = 0; i < members; ++i) {
        EndpointConfig endpoint;
        endpoint.setBusyPollLimit(0us);
        NetworkConfig config;
        config.setEndpoint(endpoint);
        config.setRole(Peer::Role::Client);
        config.setAutomaticRejoin(false);
        crowd.push_back(std::make_unique<Network>(config));
        (void)crowd.back()->join({desk->contact()});
        if (i % 20 == 19)
            QVERIFY(desk->until([&] { return desk->now().peers() >= qsizetype(i); }));
    }
    QVERIFY(desk->until([&] { return desk->now().peers() == qsizetype(members); }));
    QCOMPARE_GE(desk->workspace->connections().rowCount(), int(members));
    QElapsedTimer timer;
    timer.start();
    desk->workspace.reset();
    qInfo("left %zu peers in %lld ms", members, timer.elapsed());
    QCOMPARE_LE(timer.elapsed(), 3000);
}

QTEST_GUILESS_MAIN(tst_Workspace)
#include "tst_workspace.moc"
