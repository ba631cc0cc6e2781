// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Networks of real programs on this machine: how qp2p node joins, what it reports, what it refuses.

#include "runningnode.h"

#include "toolprocess.h"

#include <qp2pcore/identity.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

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
    void rejoinsFromItsCacheAlone();
    void changedKeyIsRefusedAndTold();
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
    QCOMPARE(node.event(u"reloaded").value(u"dialled"_s).toInt(), 1);
    QVERIFY(node.waitForEvent("peer-connected")); // of the attempt that begins now
    QCOMPARE(node.stop(), Done);
#else
    QSKIP("needs SIGHUP");
#endif
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
