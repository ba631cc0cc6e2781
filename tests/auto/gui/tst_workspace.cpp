// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The network behind the window, on real sockets: joining, messages, requests, closing, leaving.
#include <models/connectionfilter.h>
#include <models/joinfailures.h>
#include <models/workspace.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <optional>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QHostAddress Loopback(QHostAddress::LocalHost);

//! A workspace with a profile of its own, at 127.0.0.1.
class Desk
{
public:
    explicit Desk(const std::function<void(Settings &)> &choose = {})
    {
        auto profile = Profile::open(folder.filePath(u"profile"_s));
        Q_ASSERT(profile.isOk());
        profile.value()->settings().setListenAddress(Loopback.toString());
        if (choose)
            choose(profile.value()->settings());
        workspace = std::make_unique<Workspace>(std::move(profile).value());
        QObject::connect(workspace.get(), &Workspace::problem, workspace.get(),
                         [this](const Error &error) { problems.append(error); });
        workspace->setWatched(true);
    }

    NetworkHost &host() { return workspace->host(); }
    const NetworkStatus &now() { return host().lastSnapshot().status; }
    //! Asks for figures until \a condition holds.
    bool until(const std::function<bool()> &condition, std::chrono::milliseconds limit = 30s)
    {
        return QTest::qWaitFor(
            [&] {
                host().refresh();
                return condition();
            },
            int(limit.count()));
    }
    bool joinFirst()
    {
        workspace->join({});
        return until([&] { return now().state == Network::State::Joined && now().localPort != 0; });
    }
    PeerAddress contact() { return PeerAddress(Loopback, now().localPort); }
    bool join(Desk &other)
    {
        workspace->join({other.contact()});
        return until([&] {
            other.host().refresh();
            return now().peers() == 1 && other.now().peers() == 1;
        });
    }
    const ConnectionSnapshot *firstOpen()
    {
        for (int row = 0; row < workspace->connections().rowCount(); ++row) {
            const ConnectionSnapshot *connection = workspace->connections().at(row);
            if (connection->state == ConnectionSnapshot::State::Open)
                return connection;
        }
        return nullptr;
    }

    QTemporaryDir folder;
    QList<Error> problems;
    std::unique_ptr<Workspace> workspace;
};

} // namespace

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
    void aChangedKeyIsRefusedThenTrusted();
    void aChangedKeyIsAskedAboutOnceWhateverTheWay_data();
    void aChangedKeyIsAskedAboutOnceWhateverTheWay();
    void aJoinByHandReplacesTheOneUnderWay();
    void problemsLeaveWhenTheyAreOver();
    void theStatusNamesTheRuleThatRefused();
    void aPortInUseIsAProblem();
    void aMissingAuthorityIsAProblem();
    void aFailedJoinNamesItsCandidates();
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

//! The whole way: a node comes back with another key, is refused, and let in once the user says so.
void tst_Workspace::aChangedKeyIsRefusedThenTrusted()
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

void tst_Workspace::aChangedKeyIsAskedAboutOnceWhateverTheWay_data()
{
    QTest::addColumn<QString>("way");
    QTest::addColumn<Workspace::KeyAnswer>("answer");
    using Answer = Workspace::KeyAnswer;
    QTest::newRow("dialled, no") << u"dial"_s << Answer::Refuse;
    QTest::newRow("incoming, no") << u"incoming"_s << Answer::Refuse;
    QTest::newRow("contact, block") << u"contact"_s << Answer::Block;
    QTest::newRow("incoming, trust") << u"incoming"_s << Answer::Trust;
}

void tst_Workspace::aChangedKeyIsAskedAboutOnceWhateverTheWay()
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
void tst_Workspace::aJoinByHandReplacesTheOneUnderWay()
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

void tst_Workspace::problemsLeaveWhenTheyAreOver()
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

void tst_Workspace::theStatusNamesTheRuleThatRefused()
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

void tst_Workspace::aPortInUseIsAProblem()
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

void tst_Workspace::aMissingAuthorityIsAProblem()
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

void tst_Workspace::aFailedJoinNamesItsCandidates()
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
