// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A running node's control socket: what it replaces, who is found, and what the node does for its user.

#include "toolprocess.h"

#include <qp2pcore/network.h>

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QLocalSocket>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

class Node : public Program
{
public:
    explicit Node(const QString &socketFile, const QStringList &options = {})
        : Program(QStringList{u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s,
                              u"127.0.0.1"_s, u"--socket"_s, socketFile}
                  + options)
    {
        waitForEvent("listening");
    }
    QString address() const { return event(u"listening").value(u"address"_s).toString(); }
    QString peerId() const { return event(u"listening").value(u"peerId"_s).toString(); }
};

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

#ifdef Q_OS_UNIX
//! A socket file at \a path; its descriptor, with nothing that listens.
int boundSocket(const QString &path, int type)
{
    const int fd = ::socket(AF_UNIX, type, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, QFile::encodeName(path).constData(), sizeof(address.sun_path));
    return ::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0 ? fd : -1;
}
#endif

} // namespace

class tst_ToolControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void whatIsNoDeadSocketStays_data();
    void whatIsNoDeadSocketStays();
    void aDeadSocketIsReplaced();
    void aSocketMadeMeanwhileIsNotRemoved();
    void relativeNamesAreOfTheCurrentFolder();
    void longNamesAreRefusedInWords();
    void statusNamesStoppedNodesAndRemovesDeadOnes();
    void nodesAreFoundWithoutASession();
    void peersAreListedLinkedAndBlocked();
    void wrongRequestsAreAnswered_data();
    void wrongRequestsAreAnswered();
    void silentClientsHoldNobodyUp();
    void messagesGoThroughTheNode();
    void largeAndBinaryPayloadsPass();
    void anInterruptedRequestIsCancelled();
    void aRequestThatIsTakenBackReachesItsPeer();
    void commandsJoinTheNetwork_data();
    void commandsJoinTheNetwork();
    void programsOutsideANetworkAreDialled();
    void whatCannotBeReachedSaysWhatToDo();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_ToolControl::initTestCase()
{
#ifndef Q_OS_UNIX
    QSKIP("nodes have a control socket on Unix systems only");
#endif
}

//! A folder with a short name for each test: the path of a socket has at most 107 bytes.
void tst_ToolControl::init()
{
    m_folder = std::make_unique<QTemporaryDir>(u"/tmp/qp2pXXXXXX"_s);
    QVERIFY(QDir().mkdir(path(u"run"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(path(u"run"_s)));
}

void tst_ToolControl::whatIsNoDeadSocketStays_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"file", "folder", "link", "pipe", "datagram", "somebody else's"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_ToolControl::whatIsNoDeadSocketStays()
{
    QFETCH(const QString, kind);
    const QString name = path(u"thing"_s);
    const QString document = path(u"document"_s);
    QFile file(kind == u"file" ? name : document);
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write("precious"), qint64(8));
    file.close();
    int descriptor = -1;
    if (kind == u"folder")
        QVERIFY(QDir().mkdir(name));
    else if (kind == u"link")
        QVERIFY(QFile::link(document, name));
    else if (kind == u"pipe")
        QCOMPARE(::mkfifo(QFile::encodeName(name).constData(), 0600), 0);
    else if (kind == u"datagram")
        QVERIFY((descriptor = boundSocket(name, SOCK_DGRAM)) >= 0);
    else if (kind == u"somebody else's") {
        ::close(boundSocket(name, SOCK_STREAM));
        constexpr uid_t nobody = 65534;
        if (::chown(QFile::encodeName(name).constData(), nobody, gid_t(-1)) != 0)
            QSKIP("only root can make a socket of somebody else");
    }
    struct stat before
    {
    };
    QCOMPARE(::lstat(QFile::encodeName(name).constData(), &before), 0);

    Node node(name);
    QVERIFY(node.waitForEvent("error"));
    QCOMPARE(node.event(u"error").value(u"code"_s).toString(), u"SocketFailed"_s);
    QVERIFY(node.event(u"error").value(u"message"_s).toString().contains(name));
    QCOMPARE(node.stop(), Done);

    struct stat after
    {
    };
    QCOMPARE(::lstat(QFile::encodeName(name).constData(), &after), 0);
    QCOMPARE(after.st_ino, before.st_ino);
    QCOMPARE(after.st_mode, before.st_mode);
    QCOMPARE(contentOf(file.fileName()), QByteArray("precious"));
    if (descriptor >= 0)
        ::close(descriptor);
}

void tst_ToolControl::aDeadSocketIsReplaced()
{
    const QString name = path(u"dead.sock"_s);
    ::close(boundSocket(name, SOCK_STREAM));
    QVERIFY(QFileInfo::exists(name));
    Node node(name);
    QVERIFY(node.waitForEvent("joined"));
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, name}).exitCode, Done);
    // A live one is not: neither by a second node nor in its end.
    Node second(name);
    QVERIFY(second.waitForEvent("error"));
    QCOMPARE(second.event(u"error").value(u"code"_s).toString(), u"AddressInUse"_s);
    QCOMPARE(second.stop(), Done);
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, name}).exitCode, Done);
    QCOMPARE(node.stop(), Done);
    QVERIFY(!QFileInfo::exists(name));
}

void tst_ToolControl::aSocketMadeMeanwhileIsNotRemoved()
{
    const QString name = path(u"own.sock"_s);
    Node node(name);
    QVERIFY(node.waitForEvent("joined"));
    QVERIFY(QFile::remove(name));
    QFile file(name);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("precious");
    file.close();
    QCOMPARE(node.stop(), Done);
    QCOMPARE(contentOf(name), QByteArray("precious"));
}

void tst_ToolControl::relativeNamesAreOfTheCurrentFolder()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder->path()));
    Node node(u"here.sock"_s);
    QVERIFY(node.waitForEvent("joined"));
    QVERIFY(QFileInfo::exists(path(u"here.sock"_s)));
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, u"here.sock"_s}).exitCode, Done);
    QVERIFY(QDir::setCurrent(before));
}

void tst_ToolControl::longNamesAreRefusedInWords()
{
    const QString name = path(QString(110, u'n'));
    Node node(name);
    QVERIFY(node.waitForEvent("error"));
    const QString message = node.event(u"error").value(u"message"_s).toString();
    QVERIFY2(message.contains(u"too long for a socket"_s), qPrintable(message));
    const Run run = runTool({u"status"_s, u"--socket"_s, name});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY2(run.err.contains("too long for a socket"), run.err.constData());
}

void tst_ToolControl::statusNamesStoppedNodesAndRemovesDeadOnes()
{
    Program node({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s});
    QVERIFY(node.waitForEvent("joined"));
    const QString socket = path(u"run/qp2p/node-%1.sock"_s.arg(node.processId()));
    const QString dead = path(u"run/qp2p/node-1.sock"_s);
    ::close(boundSocket(dead, SOCK_STREAM));
    ::kill(pid_t(node.processId()), SIGSTOP);
    Run run = runTool({u"status"_s, u"--json"_s});
    ::kill(pid_t(node.processId()), SIGCONT);
    QCOMPARE(run.exitCode, Failed);
    QVERIFY2(run.event(u"error").value(u"message"_s).toString().contains(socket),
             run.out.constData());
    QCOMPARE(run.event(u"socket-removed").value(u"socket"_s).toString(), dead);
    QVERIFY(!QFileInfo::exists(dead));
    run = runTool({u"status"_s, u"--json"_s});
    QCOMPARE(run.exitCode, Done);
    QCOMPARE(run.event(u"status").value(u"socket"_s).toString(), socket);
}

//! As from cron or after su: without XDG_RUNTIME_DIR, or with that of somebody else.
void tst_ToolControl::nodesAreFoundWithoutASession()
{
    qunsetenv("XDG_RUNTIME_DIR");
    Program fromCron({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s});
    QVERIFY(fromCron.waitForEvent("joined"));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(path(u"run"_s)));
    const auto isFound = [](const Program &program) {
        for (const QJsonObject &one : runTool({u"status"_s, u"--json"_s}).json()) {
            if (one.value(u"pid"_s).toInteger() == program.processId())
                return true;
        }
        return false;
    };
    QVERIFY(isFound(fromCron));
    // A folder that others can write to is no place for sockets.
    QVERIFY(QFile::setPermissions(path(u"run"_s), QFile::Permissions(0x7777)));
    Program careful({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s});
    QVERIFY(careful.waitForEvent("joined"));
    QVERIFY(!QFileInfo::exists(path(u"run/qp2p"_s)));
    QVERIFY(isFound(careful));
}

void tst_ToolControl::peersAreListedLinkedAndBlocked()
{
    const QStringList asked{u"--json"_s, u"--socket"_s, path(u"a.sock"_s)};
    const auto ask = [&asked](const QStringList &words) { return runTool(words + asked); };
    Node first(path(u"a.sock"_s));
    Node second(u"none"_s);
    QVERIFY(second.waitForEvent("joined"));
    QVERIFY(ask({u"peers"_s}).json().isEmpty());
    Run run = ask({u"connect"_s, second.address()});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QCOMPARE(run.event(u"peer").value(u"peerId"_s).toString(), second.peerId());
    run = ask({u"peers"_s});
    QCOMPARE(run.event(u"peer").value(u"peerId"_s).toString(), second.peerId());
    run = runTool({u"peers"_s, u"--socket"_s, path(u"a.sock"_s)});
    QVERIFY2(run.out.startsWith(QString(second.peerId().left(12) + u'…').toUtf8()),
             run.out.constData());

    // As it is shown, it can be given back.
    run = ask({u"disconnect"_s, QString(second.peerId().left(12) + u'…')});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QVERIFY(second.waitForEvent("peer-disconnected"));
    run = ask({u"disconnect"_s, second.peerId().left(12)});
    QCOMPARE(run.exitCode, Failed);
    QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"InvalidArgument"_s);

    QCOMPARE(ask({u"block"_s, second.peerId()}).exitCode, Done);
    QCOMPARE(ask({u"block"_s, u"127.0.0.9"_s}).exitCode, Done);
    run = ask({u"blocked"_s});
    QCOMPARE(run.json().size(), 2);
    QCOMPARE(run.json().first().value(u"peerId"_s).toString(), second.peerId());
    QCOMPARE(run.json().last().value(u"address"_s).toString(), u"127.0.0.9"_s);
    run = ask({u"connect"_s, QString(second.peerId() + u'@' + second.address())});
    QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"Blocked"_s);
    QCOMPARE(ask({u"unblock"_s, second.peerId().left(8)}).exitCode, Done);
    QCOMPARE(ask({u"unblock"_s, u"127.0.0.9"_s}).exitCode, Done);
    QVERIFY(ask({u"blocked"_s}).json().isEmpty());
    QCOMPARE(ask({u"unblock"_s, second.peerId().left(8)}).exitCode, Failed);
    QCOMPARE(ask({u"connect"_s, second.address()}).exitCode, Done);

    // One beginning of two peers names both.
    Node third(u"none"_s, {u"--contact"_s, first.address()});
    QVERIFY(third.waitFor(first.peerId().toUtf8()));
    run = ask({u"disconnect"_s, u"…"_s});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY(run.err.contains(second.peerId().toUtf8()));
}

void tst_ToolControl::wrongRequestsAreAnswered_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &line, const char *code) {
        QTest::newRow(name) << line << QString::fromLatin1(code);
    };
    row("no JSON", "hello", "Unsupported");
    row("no version", R"({"request":"status"})", "Unsupported");
    row("another version", R"({"qp2p-control":2,"request":"status"})", "Unsupported");
    row("unknown", R"({"qp2p-control":1,"request":"fly"})", "Unsupported");
    row("nobody", R"({"qp2p-control":1,"request":"send","arguments":{"peer":"x"}})",
        "InvalidArgument");
    row("no base64",
        R"({"qp2p-control":1,"request":"send","arguments":{"all":true,"payload":"%"}})",
        "InvalidArgument");
    row("no payload", R"({"qp2p-control":1,"request":"send","arguments":{"all":true}})",
        "MessageInvalid");
    row("no address", R"({"qp2p-control":1,"request":"connect"})", "InvalidArgument");
    row("a list", R"([1,2,3])", "Unsupported");
    row("endless", QByteArray(25 * 1024 * 1024, 'x'), "MessageTooLarge");
}

void tst_ToolControl::wrongRequestsAreAnswered()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, code);
    Node node(path(u"n.sock"_s));
    QVERIFY(node.waitForEvent("joined"));
    QLocalSocket socket;
    socket.connectToServer(path(u"n.sock"_s));
    QVERIFY(socket.waitForConnected(Patience));
    socket.write(line + (line.size() > 1024 * 1024 ? "" : "\n"));
    QByteArray answer;
    while (!answer.endsWith('\n')
           && (socket.bytesAvailable() > 0 || socket.waitForReadyRead(Patience)))
        answer += socket.readAll();
    const QJsonObject object = QJsonDocument::fromJson(answer).object();
    QCOMPARE(object.value(u"qp2p-control"_s).toInt(), 1);
    QCOMPARE(object.value(u"error"_s).toObject().value(u"code"_s).toString(), code);
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, path(u"n.sock"_s)}).exitCode, Done);
}

//! As many as are served at a time, which say nothing: after 5 s they are let go.
void tst_ToolControl::silentClientsHoldNobodyUp()
{
    Node node(path(u"n.sock"_s));
    QVERIFY(node.waitForEvent("joined"));
    std::vector<std::unique_ptr<QLocalSocket>> silent;
    for (int i = 0; i < 8; ++i) {
        silent.push_back(std::make_unique<QLocalSocket>());
        silent.back()->connectToServer(path(u"n.sock"_s));
        QVERIFY(silent.back()->waitForConnected(Patience));
        silent.back()->write("{");
    }
    QVERIFY(silent.front()->state() == QLocalSocket::UnconnectedState
            || silent.front()->waitForDisconnected(Patience));
    QCOMPARE(runTool({u"status"_s, u"--socket"_s, path(u"n.sock"_s)}).exitCode, Done);
}

void tst_ToolControl::messagesGoThroughTheNode()
{
    Node node(path(u"n.sock"_s));
    Node other(u"none"_s, {u"--contact"_s, node.address(), u"--echo"_s});
    QVERIFY(node.waitForEvent("peer-connected"));
    const QStringList through{u"--json"_s, u"--socket"_s, path(u"n.sock"_s)};
    const QString id = other.peerId();
    const QStringList names{id, id.left(6), QString(id.left(12) + u'…'), other.address()};
    for (const QString &who : names) {
        Run run = runTool(QStringList{u"request"_s, who, u"Hello"_s} + through);
        QVERIFY2(run.exitCode == Done, run.err.constData());
        QCOMPARE(run.event(u"reply").value(u"text"_s).toString(), u"Hello"_s);
        QCOMPARE(run.event(u"reply").value(u"peerId"_s).toString(), id);
    }
    Run run = runTool(QStringList{u"send"_s, id.left(6), u"Hello"_s, u"--count"_s, u"3"_s}
                      + through);
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QCOMPARE(run.event(u"sent").value(u"messages"_s).toInt(), 3);
    run = runTool(QStringList{u"send"_s, u"--all"_s} + through, "from standard input");
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QCOMPARE(run.event(u"sent").value(u"peers"_s).toArray().size(), 1);
    QCOMPARE(run.event(u"sent").value(u"bytes"_s).toInt(), 19);
    run = runTool(QStringList{u"ping"_s, id.left(6), u"--count"_s, u"3"_s, u"--interval"_s, u"0"_s}
                  + through);
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QCOMPARE(run.event(u"ping-summary").value(u"replies"_s).toInt(), 3);
}

void tst_ToolControl::largeAndBinaryPayloadsPass()
{
    Node node(path(u"n.sock"_s));
    Node other(u"none"_s, {u"--contact"_s, node.address(), u"--echo"_s});
    QVERIFY(node.waitForEvent("peer-connected"));
    QByteArray payload(16 * 1024 * 1024, '\0');
    for (qsizetype i = 0; i < payload.size(); ++i)
        payload[i] = char(i * 31 + i / 256);
    const Run run = runTool({u"request"_s, other.peerId(), u"--socket"_s, path(u"n.sock"_s)},
                            payload);
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QVERIFY(run.out == payload);
}

//! The peer is stopped, so that no answer comes: the client's end must be the request's.
void tst_ToolControl::anInterruptedRequestIsCancelled()
{
    Node node(path(u"n.sock"_s));
    Node other(u"none"_s, {u"--contact"_s, node.address(), u"--echo"_s});
    QVERIFY(node.waitForEvent("peer-connected"));
    ::kill(pid_t(other.processId()), SIGSTOP);
    std::vector<std::unique_ptr<QLocalSocket>> clients;
    const QByteArray line = R"({"qp2p-control":1,"request":"request","arguments":{"peer":")"
        + other.peerId().toUtf8() + R"(","payload":"aGVsbG8=","timeoutMilliseconds":3600000}})"
        + "\n";
    // As many as are served at a time; were they not let go, the next client would wait for an hour.
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<QLocalSocket>());
        clients.back()->connectToServer(path(u"n.sock"_s));
        QVERIFY(clients.back()->waitForConnected(Patience));
        clients.back()->write(line);
        QVERIFY(clients.back()->waitForBytesWritten(Patience));
    }
    clients.clear();
    const Run run = runTool({u"status"_s, u"--socket"_s, path(u"n.sock"_s)});
    ::kill(pid_t(other.processId()), SIGCONT);
    QVERIFY2(run.exitCode == Done, run.err.constData());
}

//! The peer is in this program, and sees that the stream of the request is reset, and the connection is not.
void tst_ToolControl::aRequestThatIsTakenBackReachesItsPeer()
{
    Node node(path(u"n.sock"_s));
    QVERIFY(node.waitForEvent("joined"));
    std::optional<Qp2p::Request> waiting;
    int cancelled = 0;
    Qp2p::NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::LocalHost), 0);
    Qp2p::Network network(config);
    connect(&network, &Qp2p::Network::peerConnected, this, [&](Qp2p::Peer *peer) {
        connect(peer, &Qp2p::Peer::requestReceived, this,
                [&](const Qp2p::Request &request) { waiting = request; });
        connect(peer, &Qp2p::Peer::requestCancelled, this,
                [&](const Qp2p::Request &) { ++cancelled; });
    });
    const auto contact = Qp2p::PeerAddress::fromString(node.address());
    QVERIFY(contact);
    network.join({*contact});
    QVERIFY(QTest::qWaitFor([&] { return !network.peers().isEmpty(); }, Patience));
    QVERIFY(QTest::qWaitFor([&] { return node.waitFor("peer-connected", 0); }, Patience));
    QLocalSocket client;
    client.connectToServer(path(u"n.sock"_s));
    QVERIFY(client.waitForConnected(Patience));
    client.write(R"({"qp2p-control":1,"request":"request","arguments":{"peer":")"
                 + network.peerId().toString().toUtf8()
                 + R"(","payload":"aGVsbG8=","timeoutMilliseconds":3600000}})" + "\n");
    QVERIFY(QTest::qWaitFor([&] { return waiting.has_value(); }, Patience));
    QVERIFY(!waiting->isCancelled());
    client.disconnectFromServer();
    QVERIFY(QTest::qWaitFor([&] { return cancelled > 0; }, Patience));
    QCOMPARE(cancelled, 1);
    QVERIFY(waiting->isCancelled());
    QCOMPARE(network.peers().size(), 1);
}

void tst_ToolControl::commandsJoinTheNetwork_data()
{
    QTest::addColumn<QStringList>("words");
    const QStringList ping{u"--count"_s, u"2"_s, u"--interval"_s, u"0"_s};
    const QStringList named{u"--network"_s, u"home"_s};
    const QStringList through{u"--network"_s, u"home"_s, u"--contact"_s, u"FIRST"_s};
    const QStringList perf{u"--bytes"_s, u"100k"_s, u"--messages"_s, u"10"_s};
    QTest::newRow("ping, its address") << QStringList{u"ping"_s, u"FIRST"_s} + ping + named;
    QTest::newRow("ping, an id") << QStringList{u"ping"_s, u"SECONDID"_s} + ping + through;
    QTest::newRow("request, its address")
        << QStringList{u"request"_s, u"FIRST"_s, u"Hello"_s} + named;
    QTest::newRow("request, another address")
        << QStringList{u"request"_s, u"SECOND"_s, u"Hello"_s} + through;
    QTest::newRow("request, an id")
        << QStringList{u"request"_s, u"SECONDID"_s, u"Hello"_s} + through;
    QTest::newRow("send, its address") << QStringList{u"send"_s, u"FIRST"_s, u"Hello"_s} + named;
    QTest::newRow("send, an id") << QStringList{u"send"_s, u"SECONDID"_s, u"Hello"_s} + through;
    QTest::newRow("perf, its address") << QStringList{u"perf"_s, u"FIRST"_s} + perf + named;
    QTest::newRow("perf, an id") << QStringList{u"perf"_s, u"SECONDID"_s} + perf + through;
}

void tst_ToolControl::commandsJoinTheNetwork()
{
    QFETCH(QStringList, words);
    const QStringList home{u"--network"_s, u"home"_s, u"--echo"_s};
    Node first(u"none"_s, home);
    Node second(u"none"_s, home + QStringList{u"--contact"_s, first.address()});
    QVERIFY(first.waitForEvent("peer-connected"));
    words.replaceInStrings(u"SECONDID"_s, second.peerId());
    words.replaceInStrings(u"FIRST"_s, first.address());
    words.replaceInStrings(u"SECOND"_s, second.address());
    const Run run = runTool(words + QStringList{u"--json"_s});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    const bool isSecond = !words.at(1).startsWith(first.address());
    QCOMPARE(run.event(u"connected").value(u"peerId"_s).toString(),
             isSecond ? second.peerId() : first.peerId());
}

void tst_ToolControl::programsOutsideANetworkAreDialled()
{
    Listener listener({u"--json"_s, u"--echo"_s, u"--network"_s, u"home"_s});
    const Run run = runTool(
        {u"request"_s, u"--json"_s, u"--network"_s, u"home"_s, listener.address(), u"Hello"_s});
    QVERIFY2(run.exitCode == Done, run.err.constData());
    QCOMPARE(run.event(u"reply").value(u"text"_s).toString(), u"Hello"_s);
}

void tst_ToolControl::whatCannotBeReachedSaysWhatToDo()
{
    Run run = runTool({u"send"_s, u"k3w5"_s, u"Hello"_s});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY2(run.err.contains("--contact"), run.err.constData());
    run = runTool({u"perf"_s, u"k3w5"_s});
    QCOMPARE(run.exitCode, Usage);
    QVERIFY2(run.err.contains("--contact"), run.err.constData());
    Node node(u"none"_s);
    QVERIFY(node.waitForEvent("joined"));
    run = runTool({u"send"_s, u"k3w5"_s, u"Hello"_s, u"--peer-id"_s, QString(52, u'a')});
    QCOMPARE(run.exitCode, Usage);
    // A node that was named and does not have the peer is not passed by.
    Node own(path(u"n.sock"_s));
    run = runTool({u"send"_s, node.address(), u"Hello"_s, u"--socket"_s, path(u"n.sock"_s)});
    QCOMPARE(run.exitCode, Failed);
    QVERIFY2(run.err.contains(QByteArray("has no peer at " + node.address().toUtf8())),
             run.err.constData());
    for (const QString &command : {u"send"_s, u"request"_s}) {
        run = runTool({command, node.address(), u"Hello"_s});
        QCOMPARE(run.exitCode, Failed);
        QVERIFY2(run.err.contains("Add --network"), run.err.constData());
    }
}

QTEST_GUILESS_MAIN(tst_ToolControl)
#include "tst_toolcontrol.moc"
