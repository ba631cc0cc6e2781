// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a running node keeps and answers from: status socket, cache, identity, and its command line.

#include "runningnode.h"

#include "toolprocess.h"

#include <qp2pcore/identity.h>

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

class tst_ToolNodeFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void statusAsksRunningNodes();
    void statusSocketIsForItsUserOnly();
    void cacheIsShownAndChanged();
    void badCommandLinesAreTold_data();
    void badCommandLinesAreTold();
    void filesOfAnotherKindStay();
    void nodesKeepTheirIdentity();
    void aKilledNodeOfAContainerStartsAgain();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

//! Somewhere with a short name: the path of a socket has at most 107 bytes.
void tst_ToolNodeFiles::initTestCase()
{
    QVERIFY(QDir().mkdir(path(u"run"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(path(u"run"_s)));
}

void tst_ToolNodeFiles::statusAsksRunningNodes()
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

void tst_ToolNodeFiles::statusSocketIsForItsUserOnly()
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

void tst_ToolNodeFiles::cacheIsShownAndChanged()
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

void tst_ToolNodeFiles::badCommandLinesAreTold_data()
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
    row("relay for whom", {u"node"_s, u"--relay"_s, u"everybody"_s}, Usage, "--relay");
    row("relay nothing a second", {u"node"_s, u"--relay-rate"_s, u"0"_s}, Usage, "relay-rate");
    row("relay a word a second", {u"node"_s, u"--relay-rate"_s, u"fast"_s}, Usage, "relay-rate");
    row("connect to an address", {u"node"_s, u"--connect"_s, u"127.0.0.1:12000"_s}, Usage,
        "--connect");
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

void tst_ToolNodeFiles::badCommandLinesAreTold()
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
void tst_ToolNodeFiles::filesOfAnotherKindStay()
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

void tst_ToolNodeFiles::nodesKeepTheirIdentity()
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
void tst_ToolNodeFiles::aKilledNodeOfAContainerStartsAgain()
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

QTEST_GUILESS_MAIN(tst_ToolNodeFiles)
#include "tst_toolnodefiles.moc"
