// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every public function of every object warns by its name where it is called in another thread.
//
// What has to be called is read from the headers, so that a new function cannot be forgotten.

#include <shared/networkworld.h>

#include <qp2pcore/networkstatus.h>

#include <QFile>
#include <QMutex>
#include <QRegularExpression>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <functional>
#include <thread>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QMutex mutex;
QStringList warnings;

void keepWarning(QtMsgType, const QMessageLogContext &, const QString &message)
{
    const QMutexLocker locker(&mutex);
    warnings.append(message);
}

//! \brief What \a function in another thread warns of, while this one waits.
QStringList warningsOf(const std::function<void()> &function)
{
    warnings.clear();
    const QtMessageHandler before = qInstallMessageHandler(keepWarning);
    std::thread(function).join();
    qInstallMessageHandler(before);
    return std::exchange(warnings, {});
}

struct Call
{
    QString name;
    std::function<void()> function;
};

//! \brief The public functions of \a className, one entry for each overload; neither signals nor constructors.
QStringList publicFunctions(const QString &className, const QString &header)
{
    QFile file(QStringLiteral(QP2P_SOURCE_DIR "/qp2pcore/") + header);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString text = QString::fromUtf8(file.readAll());
    text.remove(QRegularExpression(u"//[^\n]*"_s));
    text.remove(QRegularExpression(u"Q_[A-Z]+\\([^)]*\\)"_s)); // they end without a semicolon
    const qsizetype begin = text.indexOf(u"class QP2PCORE_EXPORT %1 "_s.arg(className));
    const qsizetype end = text.indexOf(u"\n};"_s, begin);
    if (begin < 0 || end < 0)
        return {};
    text = text.mid(begin, end - begin);
    QStringList names;
    bool isPublic = false;
    static const QRegularExpression section(
        u"(public|protected|private|Q_SIGNALS|public Q_SLOTS):$"_s);
    static const QRegularExpression function(u"(~?[A-Za-z]\\w*)\\("_s);
    // Declarations may take several lines, and end with a semicolon.
    for (const QString &part : text.replace(u":\n"_s, u":;\n"_s).split(u';')) {
        const QString declaration = part.simplified();
        if (const auto label = section.match(declaration); label.hasMatch()) {
            isPublic = label.captured(1).startsWith(u"public"_s);
        } else if (isPublic && !declaration.startsWith(u"static "_s)
                   && !declaration.contains(u"friend "_s)) {
            const auto found = function.match(declaration);
            if (found.hasMatch() && found.captured(1) != className)
                names.append(found.captured(1));
        }
    }
    names.sort();
    return names;
}

QStringList namesOf(const QList<Call> &calls)
{
    QStringList names;
    for (const Call &call : calls)
        names.append(call.name);
    names.sort();
    return names;
}

void everyCallWarns(const QString &className, const QString &noun, const QList<Call> &calls)
{
    const QStringList expected = publicFunctions(className, className.toLower() + u".h"_s);
    QVERIFY(expected.size() > 10);
    QCOMPARE(namesOf(calls), expected);
    for (const Call &call : calls) {
        const QString warning = u"Qp2p::%1::%2: called in another thread than the %3's; use "
                                "QMetaObject::invokeMethod()"_s.arg(className, call.name, noun);
        const QStringList list = warningsOf(call.function);
        QVERIFY2(list.value(0) == warning, qPrintable(call.name + u": "_s + list.join(u'\n')));
    }
}

#define CALL(name, ...) \
    Call \
    { \
        QStringLiteral(name), [&] { __VA_ARGS__; } \
    }

} // namespace

class tst_WrongThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void endpoint();
    void connection();
    void network();
    void peer();
    void bootstrapCache();
    void ownThreadDoesNotWarn();
    void objectOfAThreadThatHasEndedDoesNotWarn();
};

void tst_WrongThreads::initTestCase()
{
#if defined(QT_NO_DEBUG) && !defined(QT_FORCE_ASSERTS)
    QSKIP("The library warns in debug builds only.");
#endif
}

//! A closed one, so that nothing is made in the other thread.
void tst_WrongThreads::endpoint()
{
    Endpoint closed;
    closed.close();
    auto *doomed = new Endpoint;
    everyCallWarns(
        u"Endpoint"_s, u"endpoint"_s,
        {CALL("state", closed.state()), CALL("config", closed.config()),
         CALL("peerId", closed.peerId()), CALL("listen", closed.listen()),
         CALL("isListening", closed.isListening()), CALL("localAddress", closed.localAddress()),
         CALL("localPort", closed.localPort()), CALL("connectTo", closed.connectTo(PeerAddress())),
         CALL("openConnection", delete closed.openConnection(PeerAddress())),
         CALL("connectToAny", closed.connectToAny({PeerAddress()})),
         CALL("connections", closed.connections()), CALL("close", closed.close()),
         CALL("checkConnections", closed.checkConnections()),
         CALL("reloadAuthorities", closed.reloadAuthorities()),
         CALL("setIdentity", closed.setIdentity({})),
         CALL("setQlogDirectory", closed.setQlogDirectory({})), CALL("stats", closed.stats()),
         CALL("~Endpoint", delete doomed)});
}

void tst_WrongThreads::connection()
{
    NetworkWorld world;
    Member &node = world.node(1);
    Member &client = world.client(2);
    node.join();
    QVERIFY(world.finish(client.join({world.contact(1)})));
    Connection *const open = client.peer(node)->connections().constFirst();
    everyCallWarns(
        u"Connection"_s, u"connection"_s,
        {CALL("id", open->id()), CALL("state", open->state()), CALL("direction", open->direction()),
         CALL("endpoint", open->endpoint()), CALL("protocol", open->protocol()),
         CALL("peerId", open->peerId()), CALL("acceptance", open->acceptance()),
         CALL("peerCertificates", open->peerCertificates()),
         CALL("peerAddress", open->peerAddress()), CALL("observedAddress", open->observedAddress()),
         CALL("peerAgent", open->peerAgent()), CALL("qlogFile", open->qlogFile()),
         CALL("peerListeningPort", open->peerListeningPort()),
         CALL("sendQueueBytes", open->sendQueueBytes()), CALL("canSend", open->canSend(1)),
         CALL("pauseReceiving", open->pauseReceiving()),
         CALL("resumeReceiving", open->resumeReceiving()),
         CALL("isReceivingPaused", open->isReceivingPaused()),
         CALL("closeReason", open->closeReason()), CALL("path", open->path()),
         CALL("stats", open->stats()), CALL("close", open->close()),
         // It takes nothing any more.
         CALL("send", open->send(Message("x"))),
         CALL("sendAndConfirm", open->sendAndConfirm(Message("x"))),
         CALL("request", open->request(Message("x"))), CALL("~Connection", delete open)});
}

//! One that was left.
void tst_WrongThreads::network()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    world.simulation.runFor(1s);
    Network *const left = node.network.get();
    left->leave();
    QVERIFY(world.until([&] { return left->state() == Network::State::Left; }));
    const PeerId id = left->peerId();
    const QHostAddress address = NetworkWorld::address(7);
    constexpr auto IPv4 = QAbstractSocket::IPv4Protocol;
    auto *doomed = new Network;
    everyCallWarns(u"Network"_s, u"network"_s,
                   {CALL("state", left->state()),
                    CALL("status", left->status()),
                    CALL("config", left->config()),
                    CALL("peerId", left->peerId()),
                    CALL("endpoint", left->endpoint()),
                    CALL("join", left->join()),
                    CALL("contacts", left->contacts()),
                    CALL("setContacts", left->setContacts({})),
                    CALL("cancelJoin", left->cancelJoin()),
                    CALL("joinCandidates", left->joinCandidates()),
                    CALL("leave", left->leave()),
                    CALL("role", left->role()),
                    CALL("reachability", left->reachability(IPv4)),
                    CALL("observedAddress", left->observedAddress(IPv4)),
                    CALL("peers", left->peers()),
                    CALL("peer", left->peer(id)),
                    CALL("bootstrapCache", left->bootstrapCache()),
                    CALL("connectTo", left->connectTo(PeerAddress())),
                    CALL("connectTo", left->connectTo(PeerId())),
                    CALL("block", left->block(id)),
                    CALL("block", left->block(address)),
                    CALL("unblock", left->unblock(id)),
                    CALL("unblock", left->unblock(address)),
                    CALL("setIdentity", left->setIdentity({})),
                    CALL("reloadBlockList", left->reloadBlockList()),
                    CALL("blockedPeers", left->blockedPeers()),
                    CALL("blockedAddresses", left->blockedAddresses()),
                    CALL("networkChanged", left->networkChanged()),
                    CALL("~Network", delete doomed)});
}

void tst_WrongThreads::peer()
{
    NetworkWorld world;
    Member &node = world.node(1);
    Member &client = world.client(2);
    node.join();
    QVERIFY(world.finish(client.join({world.contact(1)})));
    Peer *const linked = client.peer(node);
    everyCallWarns(
        u"Peer"_s, u"peer"_s,
        {CALL("id", linked->id()), CALL("role", linked->role()), CALL("link", linked->link()),
         CALL("network", linked->network()), CALL("addresses", linked->addresses()),
         CALL("agent", linked->agent()), CALL("acceptance", linked->acceptance()),
         CALL("certificates", linked->certificates()), CALL("connections", linked->connections()),
         CALL("isChosen", linked->isChosen()), CALL("linkedSince", linked->linkedSince()),
         CALL("close", linked->close()),
         // Its connection takes nothing any more.
         CALL("send", linked->send(Message("x"))),
         CALL("sendAndConfirm", linked->sendAndConfirm(Message("x"))),
         CALL("request", linked->request(Message("x"))), CALL("~Peer", delete linked)});
}

void tst_WrongThreads::bootstrapCache()
{
    BootstrapCache cache;
    const PeerId id;
    auto *doomed = new BootstrapCache;
    everyCallWarns(u"BootstrapCache"_s, u"bootstrap cache"_s,
                   {CALL("open", cache.open({})), CALL("fileName", cache.fileName()),
                    CALL("damage", cache.damage()), CALL("entries", cache.entries()),
                    CALL("entry", cache.entry(id)), CALL("size", cache.size()),
                    CALL("connected", cache.connected(id, {}, {})), CALL("failed", cache.failed(id)),
                    CALL("add", cache.add({})), CALL("remove", cache.remove(id)),
                    CALL("clear", cache.clear()), CALL("setAnchors", cache.setAnchors({})),
                    CALL("save", cache.save()), CALL("~BootstrapCache", delete doomed)});
}

void tst_WrongThreads::ownThreadDoesNotWarn()
{
    const QStringList list = warningsOf([] {
        Endpoint endpoint;
        endpoint.state();
        Network network;
        network.leave();
        BootstrapCache cache;
        cache.clear();
    });
    QCOMPARE(list, QStringList());
}

void tst_WrongThreads::objectOfAThreadThatHasEndedDoesNotWarn()
{
    QThread thread;
    auto endpoint = std::make_unique<Endpoint>();
    auto orphan = std::make_unique<Endpoint>();
    endpoint->moveToThread(&thread);
    orphan->moveToThread(nullptr);
    thread.start();
    thread.quit();
    QVERIFY(thread.wait(30'000));
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QCOMPARE(endpoint->state(), Endpoint::State::Idle);
    QCOMPARE(orphan->state(), Endpoint::State::Idle);
    endpoint.reset();
    orphan.reset();
}

QTEST_GUILESS_MAIN(tst_WrongThreads)
#include "tst_wrongthreads.moc"
