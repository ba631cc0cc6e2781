// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Networks of real programs on this machine: qp2p node, status and cache, as operators use them.

#include "toolprocess.h"

#include <qp2pcore/identity.h>

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QObject>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

class Node : public Program
{
public:
    explicit Node(const QStringList &options = {}, const QString &address = u"127.0.0.1"_s)
        : Program(
            QStringList{u"node"_s, u"--json"_s, u"--socket"_s, u"none"_s, u"--address"_s, address}
            + identityOf(options) + options)
    {
        if (!options.contains(u"--client"_s))
            waitForEvent("listening");
    }
    QString address() const { return event(u"listening").value(u"address"_s).toString(); }
    QString peerId() const { return event(u"listening").value(u"peerId"_s).toString(); }

private:
    //! Several run at a time, as the same user.
    static QStringList identityOf(const QStringList &options)
    {
        const bool hasOne = options.contains(u"--identity"_s) || options.contains(u"--profile"_s);
        return hasOne ? QStringList() : QStringList{u"--ephemeral"_s};
    }
};

} // namespace

class tst_ToolNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void reportsEachStep();
    void clientsJoinToo();
    void failureNamesEachCandidateAndItGoesOnTrying();
    void otherProgramsAreNoMembers();
    void everyRefusedProgramLearnsWhy_data();
    void everyRefusedProgramLearnsWhy();
    void wrongNetworkAndWrongKeyAreTold();
    void hangupReadsContactsAndAuthoritiesAgain();
    void statusAsksRunningNodes();
    void statusSocketIsForItsUserOnly();
    void cacheIsShownAndChanged();
    void rejoinsFromItsCacheAlone();
    void changedKeyIsRefusedAndTold();
    void badCommandLinesAreTold_data();
    void badCommandLinesAreTold();
    void filesOfAnotherKindStay();
    void nodesKeepTheirIdentity();
    void aKilledNodeOfAContainerStartsAgain();
    void thirtyNodesForAWhile();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

//! Somewhere with a short name: the path of a socket has at most 107 bytes.
void tst_ToolNode::initTestCase()
{
    QVERIFY(QDir().mkdir(path(u"run"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(path(u"run"_s)));
}

void tst_ToolNode::reportsEachStep()
{
    Node first;
    QVERIFY(first.waitForEvent("joined"));
    QCOMPARE(first.event(u"joined").value(u"peers"_s).toInt(), 0);
    Node second({u"--contact"_s, first.address(), u"--cache"_s, path(u"second"_s)});
    QVERIFY(second.waitForEvent("joined"));
    QVERIFY(first.waitForEvent("peer-connected"));
    const QJsonObject joining = second.event(u"joining");
    QCOMPARE(joining.value(u"candidate"_s).toString(), first.address());
    QCOMPARE(joining.value(u"source"_s).toString(), u"contact"_s);
    QCOMPARE(joining.value(u"state"_s).toString(), u"dialling"_s);
    const QJsonObject peer = second.event(u"peer-connected");
    QCOMPARE(peer.value(u"peerId"_s).toString(), first.peerId());
    QCOMPARE(peer.value(u"role"_s).toString(), u"node"_s);
    QCOMPARE(peer.value(u"link"_s).toString(), u"uni-directional"_s);
    QVERIFY(second.waitForEvent("reachability"));
    // Events in their order: it listens before it joins, and is joined by a peer.
    QStringList names;
    for (const QJsonObject &event : second.events()) {
        const QString name = event.value(u"event"_s).toString();
        if (!names.contains(name))
            names.append(name);
    }
    QCOMPARE(names.first(), u"listening"_s);
    QVERIFY(names.indexOf(u"joining"_s) < names.indexOf(u"joined"_s));
    QVERIFY(names.indexOf(u"peer-connected"_s) < names.indexOf(u"joined"_s));

    QCOMPARE(second.stop(), Done);
    QVERIFY(first.waitForEvent("peer-disconnected"));
    const QJsonObject gone = first.event(u"peer-disconnected");
    QCOMPARE(gone.value(u"reason"_s).toObject().value(u"closeReason"_s).toString(), u"leaving"_s);
    QCOMPARE(first.stop(), Done);
}

void tst_ToolNode::clientsJoinToo()
{
    Node first;
    Program client({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--client"_s, u"--socket"_s,
                    u"none"_s, u"--contact"_s, first.peerId() + u'@' + first.address()});
    QVERIFY(client.waitForEvent("joined"));
    QVERIFY(first.waitForEvent("peer-connected"));
    QCOMPARE(first.event(u"peer-connected").value(u"role"_s).toString(), u"client"_s);
    QCOMPARE(first.event(u"peer-connected").value(u"link"_s).toString(), u"bi-directional"_s);
    QCOMPARE(client.stop(), Done);
}

void tst_ToolNode::failureNamesEachCandidateAndItGoesOnTrying()
{
    Node node({u"--contact"_s, u"no-such-host.invalid:12000"_s, u"--contact"_s, u"127.0.0.1:1"_s,
               u"--contact"_s, u"[::1]:1"_s});
    QVERIFY(node.waitForEvent("error"));
    const QString message = node.event(u"error").value(u"message"_s).toString();
    QCOMPARE(node.event(u"error").value(u"code"_s).toString(), u"JoinFailed"_s);
    for (const QString &part : {u"no-such-host.invalid"_s, u"127.0.0.1:1"_s, u"[::1]:1"_s})
        QVERIFY2(message.contains(part), qPrintable(message));
    int dials = 0;
    for (const QJsonObject &event : node.events())
        dials += event.value(u"state"_s).toString() == u"dialling"_s;
    QVERIFY(dials >= 3);
    QCOMPARE(node.stop(), Done);
}

void tst_ToolNode::otherProgramsAreNoMembers()
{
    Listener listener;
    Node node({u"--contact"_s, listener.address()});
    QVERIFY(node.waitForEvent("error"));
    QVERIFY(
        node.event(u"error").value(u"message"_s).toString().contains(u"belongs to no network"_s));
    const Run ping = runTool({u"ping"_s, node.address(), u"--timeout"_s, u"5"_s, u"--json"_s});
    QCOMPARE(ping.exitCode, Failed);
    QCOMPARE(ping.event(u"error").value(u"code"_s).toString(), u"NotAMember"_s);
}

void tst_ToolNode::everyRefusedProgramLearnsWhy_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("request") << QStringList{u"request"_s, u"ADDRESS"_s, u"How are you?"_s};
    QTest::newRow("send") << QStringList{u"send"_s, u"ADDRESS"_s, u"Hello"_s};
    QTest::newRow("ping") << QStringList{u"ping"_s, u"ADDRESS"_s};
    QTest::newRow("perf") << QStringList{u"perf"_s, u"--messages"_s, u"1000"_s, u"ADDRESS"_s};
}

void tst_ToolNode::everyRefusedProgramLearnsWhy()
{
    QFETCH(QStringList, command);
    Node node;
    QVERIFY(node.waitForEvent("joined"));
    command.replaceInStrings(u"ADDRESS"_s, node.address());
    for (int i = 0; i < 20; ++i) {
        const Run run = runTool(command + QStringList{u"--json"_s});
        QCOMPARE(run.exitCode, Failed);
        const QJsonObject error = run.event(u"error");
        QVERIFY2(error.value(u"code"_s).toString() == u"NotAMember"_s, run.out.constData());
        QCOMPARE(error.value(u"closeReason"_s).toString(), u"no member"_s);
    }
}

void tst_ToolNode::wrongNetworkAndWrongKeyAreTold()
{
    Node first({u"--network"_s, u"home"_s});
    Node other({u"--contact"_s, first.address()});
    QVERIFY(other.waitForEvent("error"));
    QVERIFY(other.event(u"error").value(u"message"_s).toString().contains(u"another network"_s));
    const QString wrong = Qp2p::Identity::generate()->peerId().toString();
    Node strict({u"--network"_s, u"home"_s, u"--contact"_s, wrong + u'@' + first.address()});
    QVERIFY(strict.waitForEvent("error"));
    QVERIFY(!strict.event(u"joined").contains(u"peers"_s));
    Node right({u"--network"_s, u"home"_s, u"--contact"_s, first.peerId() + u'@' + first.address()});
    QVERIFY(right.waitForEvent("joined"));
}

void tst_ToolNode::hangupReadsContactsAndAuthoritiesAgain()
{
#ifdef Q_OS_UNIX
    QFile file(path(u"contacts"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("# nobody yet\n127.0.0.1:1\n");
    file.close();
    Node first;
    Node node({u"--contacts"_s, file.fileName()});
    QVERIFY(node.waitForEvent("error"));
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    file.write("nonsense\n");
    file.close();
    ::kill(pid_t(node.processId()), SIGHUP);
    QVERIFY(node.waitFor("Line 1 of"));
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    file.write(first.address().toUtf8() + "   # the first\n");
    file.close();
    ::kill(pid_t(node.processId()), SIGHUP);
    QVERIFY(node.waitForEvent("reloaded"));
    QCOMPARE(node.event(u"reloaded").value(u"contacts"_s).toInt(), 1);
    QVERIFY(node.waitForEvent("peer-connected")); // at the next attempt, within seconds
    QCOMPARE(node.stop(), Done);
#else
    QSKIP("needs SIGHUP");
#endif
}

void tst_ToolNode::statusAsksRunningNodes()
{
    const QString socket = path(u"status.sock"_s);
    Run run = runTool({u"status"_s, u"--socket"_s, socket});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY2(run.err.contains("No node answers"), run.err.constData());

    Program first({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s,
                   u"--socket"_s, socket});
    QVERIFY(first.waitForEvent("listening"));
    const QString address = first.event(u"listening").value(u"address"_s).toString();
    Node second({u"--contact"_s, address});
    QVERIFY(second.waitForEvent("joined"));
    QVERIFY(first.waitForEvent("peer-connected"));
    run = runTool({u"status"_s, u"--socket"_s, socket, u"--json"_s});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    const QJsonObject status = run.event(u"status");
    QCOMPARE(status.value(u"role"_s).toString(), u"node"_s);
    QCOMPARE(status.value(u"state"_s).toString(), u"joined"_s);
    const QJsonArray peers = status.value(u"peers"_s).toArray();
    QCOMPARE(peers.size(), 1);
    QCOMPARE(peers.first().toObject().value(u"peerId"_s).toString(), second.peerId());
    QCOMPARE(peers.first().toObject().value(u"connections"_s).toInt(), 2);
    run = runTool({u"status"_s, u"--socket"_s, socket});
    QVERIFY2(run.out.contains("Peers:    1"), run.out.constData());
    QVERIFY2(run.out.contains("uni-directional"), run.out.constData());
    // Only the first could check the second: it is named as the one that says so.
    QJsonArray witnesses;
    for (const QJsonObject &event : second.events()) { // before it has joined
        if (event.value(u"event"_s).toString() == u"reachability"_s)
            witnesses = event.value(u"witnesses"_s).toArray();
    }
    QCOMPARE(witnesses.size(), 1);
    QCOMPARE(witnesses.first().toObject().value(u"address"_s).toString(), address);
    QCOMPARE(witnesses.first().toObject().value(u"peerId"_s).toString(),
             status.value(u"peerId"_s).toString());

    // A node that nobody told of a socket has one that is found.
    Program found({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s});
    QVERIFY(found.waitForEvent("joined"));
    run = runTool({u"status"_s, u"--json"_s});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    bool isThere = false;
    for (const QJsonObject &one : run.json())
        isThere = isThere || one.value(u"pid"_s).toInteger() == found.processId();
    QVERIFY(isThere);
    // One that was killed leaves its socket, and the next one there takes it over.
    first.kill();
    QVERIFY(QFileInfo::exists(socket));
    Program again({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s,
                   u"--socket"_s, socket});
    QVERIFY(again.waitForEvent("joined"));
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, socket}).exitCode, Done);
}

void tst_ToolNode::statusSocketIsForItsUserOnly()
{
    const QString socket = path(u"own.sock"_s);
    Program node({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s,
                  u"--socket"_s, socket});
    QVERIFY(node.waitForEvent("joined"));
    QVERIFY(runTool({u"status"_s, u"--socket"_s, socket}).exitCode == Done);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFileInfo(socket).permissions() & others, QFile::Permissions());
    // A second node cannot take it while the first lives, says so, and runs on.
    Program second({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s,
                    u"--socket"_s, socket});
    QVERIFY(second.waitForEvent("error"));
    QCOMPARE(second.event(u"error").value(u"code"_s).toString(), u"AddressInUse"_s);
    QVERIFY(second.waitForEvent("joined"));
    QCOMPARE(second.stop(), Done);
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, socket}).exitCode, Done);
}

void tst_ToolNode::cacheIsShownAndChanged()
{
    const QString cache = path(u"hand.jsonl"_s);
    const QString id = Qp2p::Identity::generate()->peerId().toString();
    Run run = runTool({u"cache"_s, u"--cache"_s, cache});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY(run.err.contains("There is no bootstrap cache"));
    run = runTool({u"cache"_s, u"add"_s, id + u"@127.0.0.1:9"_s, u"--cache"_s, cache});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    run = runTool({u"cache"_s, u"list"_s, u"--cache"_s, cache, u"--json"_s});
    QCOMPARE(run.event(u"entry").value(u"peerId"_s).toString(), id);
    run = runTool({u"cache"_s, u"check"_s, u"--cache"_s, cache, u"--json"_s});
    QCOMPARE(run.exitCode, Failed); // no node answers
    QVERIFY(!run.event(u"checked").value(u"answers"_s).toBool());
    run = runTool({u"cache"_s, u"--cache"_s, cache, u"--json"_s});
    QCOMPARE(run.event(u"entry").value(u"failures"_s).toInt(), 1);
    run = runTool({u"cache"_s, u"remove"_s, id, u"--cache"_s, cache});
    QCOMPARE(run.exitCode, Done);
    run = runTool({u"cache"_s, u"remove"_s, id, u"--cache"_s, cache});
    QCOMPARE(run.exitCode, Failed);
    run = runTool({u"cache"_s, u"clear"_s, u"--cache"_s, cache});
    QCOMPARE(run.exitCode, Done);
    run = runTool({u"cache"_s, u"--cache"_s, cache});
    QVERIFY(run.out.contains("The cache is empty."));
}

void tst_ToolNode::rejoinsFromItsCacheAlone()
{
    const QString cache = path(u"rejoin.jsonl"_s);
    auto first = std::make_unique<Node>();
    Node second({u"--contact"_s, first->address()});
    QVERIFY(second.waitForEvent("joined"));
    {
        Node third({u"--contact"_s, first->address(), u"--cache"_s, cache});
        QVERIFY(third.waitFor("\"peerId\":\"" + second.peerId().toUtf8()));
        QCOMPARE(third.stop(), Done);
    }
    first->kill();
    Node third({u"--cache"_s, cache});
    QVERIFY(third.waitForEvent("joined"));
    // Of two nodes that hear of each other either may be first to dial, and only the one that did has chosen
    // the other and may keep it as an anchor.
    const QString source = third.event(u"joining").value(u"source"_s).toString();
    QVERIFY2(source == u"anchor"_s || source == u"cache"_s, qPrintable(source));
    QCOMPARE(third.event(u"peer-connected").value(u"peerId"_s).toString(), second.peerId());
}

void tst_ToolNode::changedKeyIsRefusedAndTold()
{
    Node impostor;
    const QString cache = path(u"pinned.jsonl"_s);
    const QString id = Qp2p::Identity::generate()->peerId().toString();
    QCOMPARE(runTool({u"cache"_s, u"add"_s, id + u'@' + impostor.address(), u"--cache"_s, cache})
                 .exitCode,
             Done);
    Node node({u"--cache"_s, cache});
    QVERIFY(node.waitForEvent("peer-key-changed"));
    QCOMPARE(node.event(u"peer-key-changed").value(u"peerId"_s).toString(), id);
    QCOMPARE(node.event(u"peer-key-changed").value(u"code"_s).toString(), u"PeerIdMismatch"_s);
    QVERIFY(node.event(u"peer-connected").isEmpty());
}

void tst_ToolNode::badCommandLinesAreTold_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const QStringList &words, int code, const char *said) {
        QTest::newRow(name) << words << code << QByteArray(said);
    };
    row("contact", {u"node"_s, u"--contact"_s, u"nonsense"_s}, Usage, "The port is missing");
    row("port", {u"node"_s, u"--port"_s, u"22"_s}, Usage, "below 1024");
    row("external port", {u"node"_s, u"--external-port"_s, u"ipv4:22"_s}, Usage, "external port");
    row("external port's family", {u"node"_s, u"--external-port"_s, u"ipx:22000"_s}, Usage,
        "--external-port:");
    row("external port of a client", {u"node"_s, u"--client"_s, u"--external-port"_s, u"22000"_s},
        Usage, "--client never listens");
    row("address", {u"node"_s, u"--address"_s, u"here"_s}, Usage, "is not an IP address");
    row("foreign address", {u"node"_s, u"--address"_s, u"192.0.2.1"_s}, Failed, "192.0.2.1");
    row("links", {u"node"_s, u"--links"_s, u"1000"_s}, Usage, "--links");
    row("legacy", {u"node"_s, u"--legacy"_s}, Usage, "cannot be members");
    row("contacts file", {u"node"_s, u"--contacts"_s, u"/no/such/file"_s}, Failed, "no file");
    row("contacts folder", {u"node"_s, u"--contacts"_s, u"/"_s}, Failed, "it is a folder");
    row("external port 0", {u"node"_s, u"--external-port"_s, u"0"_s}, Usage, "--external-port");
    row("profile elsewhere", {u"node"_s, u"--profile"_s, u"../x"_s}, Usage, "--profile");
    row("profile without a name", {u"node"_s, u"--profile"_s, QString()}, Usage, "--profile");
    row("long profile", {u"node"_s, u"--profile"_s, QString(41, u'a')}, Usage, "--profile");
    row("profile and ephemeral", {u"node"_s, u"--profile"_s, u"a"_s, u"--ephemeral"_s}, Usage,
        "exclude each other");
    row("cache action", {u"cache"_s, u"eat"_s, u"--cache"_s, u"x"_s}, Usage, "is not one of");
    row("cache file", {u"cache"_s, u"list"_s}, Usage, "--cache FILE is missing");
    row("cache add", {u"cache"_s, u"add"_s, u"--cache"_s, u"x"_s}, Usage, "add needs");
    row("cache add host", {u"cache"_s, u"add"_s, u"h:1"_s, u"--cache"_s, u"x"_s}, Failed,
        "needs its peer id");
    row("cache remove", {u"cache"_s, u"remove"_s, u"x"_s, u"--cache"_s, u"x"_s}, Usage, "peer id");
    // A file of this test: a fault must not damage anything else.
    QFile diary(path(u"diary"_s));
    QVERIFY(diary.open(QFile::WriteOnly));
    diary.write("Dear diary\n");
    row("cache foreign", {u"cache"_s, u"list"_s, u"--cache"_s, diary.fileName()}, Failed,
        "something else");
}

void tst_ToolNode::badCommandLinesAreTold()
{
    QFETCH(const QStringList, words);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, said);
    const Run run = runTool(words);
    QCOMPARE(run.exitCode, exitCode);
    QVERIFY2(run.err.contains(said), run.err.constData());
    QVERIFY(run.out.isEmpty());
}

//! Run by root with the wrong name, it could be any file of the system.
void tst_ToolNode::filesOfAnotherKindStay()
{
    for (const QString &option : {u"--cache"_s, u"--block-list"_s}) {
        QFile diary(path(u"diary"_s + option));
        QVERIFY(diary.open(QFile::WriteOnly));
        diary.write("Dear diary\n");
        diary.close();
        {
            Node node({option, diary.fileName()});
            QVERIFY(node.waitForEvent("error"));
            QVERIFY2(node.out().contains(diary.fileName().toUtf8()), node.out().constData());
            QVERIFY(node.waitForEvent("joined"));
            QCOMPARE(node.stop(), int(Done));
        }
        QVERIFY(diary.open(QFile::ReadOnly));
        QCOMPARE(diary.readAll(), QByteArray("Dear diary\n"));
    }
}

void tst_ToolNode::nodesKeepTheirIdentity()
{
    const QByteArray before = qgetenv("XDG_DATA_HOME");
    qputenv("XDG_DATA_HOME", QFile::encodeName(path(u"data"_s)));
    const auto restore = qScopeGuard(
        [&] { before.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", before); });
    const QStringList words{u"node"_s, u"--json"_s,    u"--socket"_s,
                            u"none"_s, u"--address"_s, u"127.0.0.1"_s};
    const auto idOf = [](Program &node) {
        node.waitForEvent("listening");
        return node.event(u"listening").value(u"peerId"_s).toString();
    };
    QString first;
    {
        Program node(words);
        first = idOf(node);
        QVERIFY2(!first.isEmpty(), node.errors().constData());
        const QString file = path(u"data/qp2p/profiles/default/identity.pem"_s);
        QCOMPARE(QFileInfo(file).permissions() & ~(QFile::ReadUser | QFile::WriteUser),
                 QFile::ReadOwner | QFile::WriteOwner);
        // A second one of the same profile would be the same peer.
        const Run second = runTool(words);
        QCOMPARE(second.exitCode, int(Failed));
        const QString message = second.event(u"error").value(u"message"_s).toString();
        QVERIFY2(message.contains(u"--profile"_s) && message.contains(u"--ephemeral"_s),
                 qPrintable(message));
        Program other(words + QStringList{u"--profile"_s, u"other"_s});
        Program ephemeral(words + QStringList{u"--ephemeral"_s});
        QVERIFY(!idOf(other).isEmpty() && idOf(other) != first);
        QVERIFY(!idOf(ephemeral).isEmpty() && idOf(ephemeral) != first);
        node.kill(); // nothing is tidied up
    }
    Program again(words);
    QCOMPARE(idOf(again), first);
    QCOMPARE(QDir(path(u"data/qp2p/profiles"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             (QStringList{u"default"_s, u"other"_s}));
    QCOMPARE(again.stop(), int(Done));
    // Without a folder it says what else there is.
    QFile blocked(path(u"blocked"_s));
    QVERIFY(blocked.open(QFile::WriteOnly));
    qputenv("XDG_DATA_HOME", QFile::encodeName(blocked.fileName()));
    const Run homeless = runTool(words);
    QCOMPARE(homeless.exitCode, int(Failed));
    QVERIFY(homeless.event(u"error").value(u"message"_s).toString().contains(u"--ephemeral"_s));
}

//! As after "docker kill": the same host name, the same process number.
void tst_ToolNode::aKilledNodeOfAContainerStartsAgain()
{
    const QStringList inside{u"--user"_s, u"--map-root-user"_s,   u"--pid"_s,
                             u"--fork"_s, u"--kill-child=KILL"_s, u"--mount-proc"_s};
    QProcess possible;
    possible.start(u"unshare"_s, inside + QStringList{u"true"_s});
    if (!possible.waitForFinished(Patience) || possible.exitCode() != 0)
        QSKIP("no namespaces for processes can be made here (needs unshare, and user namespaces)");
    const QString data = path(u"container"_s);
    const QStringList node{u"env"_s,      u"XDG_DATA_HOME="_s + data,
                           toolPath(),    u"node"_s,
                           u"--json"_s,   u"--socket"_s,
                           u"none"_s,     u"--address"_s,
                           u"127.0.0.1"_s};
    QByteArray ids[2];
    for (QByteArray &id : ids) {
        QProcess container;
        container.start(u"unshare"_s, inside + node);
        QTRY_VERIFY_WITH_TIMEOUT(
            (id += container.readAllStandardOutput()).contains("\"event\":\"joined\"")
                || container.state() == QProcess::NotRunning,
            Patience);
        QVERIFY2(container.state() == QProcess::Running,
                 QByteArray(container.readAllStandardError() + id).constData());
        id = firstEvent(parsed(id), u"listening").value(u"peerId"_s).toString().toLatin1();
        QVERIFY(QFileInfo::exists(data + u"/qp2p/profiles/default/lock"_s));
        container.kill();
        QVERIFY(container.waitForFinished(Patience));
        QVERIFY(QFileInfo::exists(data + u"/qp2p/profiles/default/lock"_s)); // nothing is tidied up
    }
    QVERIFY(!ids[0].isEmpty());
    QCOMPARE(ids[0], ids[1]);
}

//! Real processes and sockets: all of them find each other through one contact.
void tst_ToolNode::thirtyNodesForAWhile()
{
#if defined(__SANITIZE_ADDRESS__)
    constexpr int count = 10;
    constexpr int wanted = 4;
#else
    constexpr int count = 30;
    constexpr int wanted = 8;
#endif
    bool ok = false;
    const int asked = qEnvironmentVariableIntValue("QP2P_NODES_SECONDS", &ok);
    const qint64 least = 1000 * qint64(ok ? asked : 60);
    std::vector<std::unique_ptr<Node>> nodes;
    nodes.push_back(std::make_unique<Node>());
    for (int i = 1; i < count; ++i)
        nodes.push_back(std::make_unique<Node>(QStringList{u"--contact"_s, nodes[0]->address()}));
    const auto peersOf = [](const Node &node) {
        int peers = 0;
        for (const QJsonObject &event : node.events()) {
            peers += event.value(u"event"_s).toString() == u"peer-connected"_s;
            peers -= event.value(u"event"_s).toString() == u"peer-disconnected"_s;
        }
        return peers;
    };
    QElapsedTimer timer;
    timer.start();
    for (const auto &node : nodes) {
        QVERIFY2(node->waitForEvent("joined"), node->out().constData());
        while (peersOf(*node) < wanted && timer.elapsed() < 90'000)
            node->waitFor("what nobody says", 200);
        QVERIFY2(peersOf(*node) >= wanted, node->out().constData());
    }
    qInfo("%d nodes have %d peers or more each after %lld ms", count, wanted, timer.elapsed());
    while (timer.elapsed() < least)
        nodes[0]->waitFor("what nobody says", int(least - timer.elapsed()));
    for (const auto &node : nodes) {
        node->waitFor("joined");
        for (const QJsonObject &event : node->events())
            QVERIFY2(event.value(u"event"_s).toString() != u"error"_s, node->out().constData());
        QVERIFY(peersOf(*node) >= wanted);
    }
    for (const auto &node : nodes)
        QCOMPARE(node->stop(), Done);
}

QTEST_GUILESS_MAIN(tst_ToolNode)
#include "tst_toolnode.moc"
