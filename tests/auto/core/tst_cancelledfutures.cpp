// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A cancelled future is dropped without a trace, however and whenever what it stood for ends.
#include <shared/endpointpair.h>
#include <shared/networkworld.h>

#include <qp2pcore/private/simulated.h>

#include <QFutureWatcher>
#include <QRegularExpression>
#include <QTest>

#include <functional>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

//! How what was cancelled ends.
enum class End {
    Success, //!< in the usual way
    Close, //!< this side closes
    PeerCloses,
    Silence, //!< the peer is never heard of again
    Destruction, //!< the object that has given the future goes
};

void addEnds()
{
    QTest::addColumn<End>("end");
    QTest::newRow("success") << End::Success;
    QTest::newRow("closed here") << End::Close;
    QTest::newRow("closed by the peer") << End::PeerCloses;
    QTest::newRow("silence") << End::Silence;
    QTest::newRow("destruction") << End::Destruction;
}

//! A future that is cancelled, and everything that would be called for it.
template<typename T>
class Cancelled
{
public:
    //! \a context: of its continuation.
    Cancelled(QFuture<T> future, QObject *context)
        : m_future(std::move(future))
    {
        m_future.then(context, [this](const T &) { ++m_calls; });
        m_watcher.setFuture(m_future);
        QObject::connect(&m_watcher, &QFutureWatcherBase::resultReadyAt, &m_watcher,
                         [this] { ++m_calls; });
        m_future.cancel();
    }
    //! What is wrong with it, once all has ended; empty where nothing is.
    QByteArray trace() const
    {
        if (m_calls != 0)
            return "something was called";
        if (!m_future.isCanceled() || m_future.resultCount() != 0)
            return "it has a result";
        if (!m_future.isFinished())
            return "it waits for ever, and its watchers with it";
        return {};
    }

private:
    QFuture<T> m_future;
    QFutureWatcher<T> m_watcher;
    int m_calls = 0;
};

void noWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

} // namespace

Q_DECLARE_METATYPE(End)

class tst_CancelledFutures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { noWarnings(); }
    void ofAConnection_data() { addEnds(); }
    void ofAConnection();
    void ofAPeer_data() { addEnds(); }
    void ofAPeer();
    void ofADial_data() { addEnds(); }
    void ofADial();
    void ofANetwork_data() { addEnds(); }
    void ofANetwork();
    void confirmedMessageArrivesAllTheSame();
    void joinGoesOn();
    void cancelInTheCallbackOfAnother();
};

void tst_CancelledFutures::ofAConnection()
{
    QFETCH(End, end);
    EndpointPair pair;
    QVERIFY(pair.connect());
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    QObject context;
    Cancelled<Result<void>> sent(pair.out->sendAndConfirm(Message("hello")), &context);
    Cancelled<Result<Message>> asked(pair.out->request(Message("how are you?")), &context);
    switch (end) {
    case End::Success:
        break;
    case End::Close:
        pair.out->close();
        break;
    case End::PeerCloses:
        pair.in->close(7, QStringLiteral("enough"));
        break;
    case End::Silence:
        pair.cut();
        break;
    case End::Destruction:
        delete pair.out;
        break;
    }
    pair.simulation.runFor(2min);
    QCOMPARE(sent.trace(), QByteArray());
    QCOMPARE(asked.trace(), QByteArray());
}

void tst_CancelledFutures::ofAPeer()
{
    QFETCH(End, end);
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    Member &client = world.client(2);
    QVERIFY(world.finish(client.join({world.contact(1)})));
    Peer *peer = client.peer(node);
    QVERIFY(peer);
    QObject context;
    Cancelled<Result<void>> sent(peer->sendAndConfirm(Message("hello")), &context);
    Cancelled<Result<Message>> asked(peer->request(Message("how are you?")), &context);
    switch (end) {
    case End::Success:
        break;
    case End::Close:
        peer->close();
        break;
    case End::PeerCloses:
        node.network->leave();
        break;
    case End::Silence:
        world.simulation.blackhole(node.host, client.host);
        world.simulation.blackhole(client.host, node.host);
        break;
    case End::Destruction:
        client.network.reset();
        break;
    }
    world.simulation.runFor(2min);
    QCOMPARE(sent.trace(), QByteArray());
    QCOMPARE(asked.trace(), QByteArray());
}

void tst_CancelledFutures::ofADial()
{
    QFETCH(End, end);
    for (const auto when : {0ms, 7ms, 13ms, 27ms}) { // before the first packet, and at each step
        Simulation simulation;
        const auto here = simulation.host({QHostAddress(QStringLiteral("192.0.2.1"))});
        const auto there = simulation.host({QHostAddress(QStringLiteral("192.0.2.2"))});
        EndpointConfig config;
        config.setIdentity(sharedIdentity(1));
        SimulatedEndpoint acceptor(config, there);
        QVERIFY(acceptor.listen(QHostAddress(QHostAddress::Any), 12000));
        config.setIdentity(sharedIdentity(2));
        auto dialler = std::make_unique<SimulatedEndpoint>(config, here);
        const PeerAddress peer(QStringLiteral("192.0.2.2"), 12000);
        const PeerAddress nobody(QStringLiteral("192.0.2.9"), 12000);
        auto one = dialler->connectTo(peer);
        auto any = dialler->connectToAny({peer, nobody});
        simulation.runFor(when);
        QVERIFY(!one.isFinished() && !any.isFinished());
        QObject context;
        Cancelled<Result<QPointer<Connection>>> cancelledOne(one, &context);
        Cancelled<Result<QPointer<Connection>>> cancelledAny(any, &context);
        switch (end) {
        case End::Success:
            break;
        case End::Close:
            dialler->close();
            break;
        case End::PeerCloses:
            acceptor.close(7, QStringLiteral("enough"));
            break;
        case End::Silence:
            simulation.blackhole(there, here);
            break;
        case End::Destruction:
            dialler.reset();
            break;
        }
        simulation.runFor(2min);
        QCOMPARE(cancelledOne.trace(), QByteArray());
        QCOMPARE(cancelledAny.trace(), QByteArray());
        if (dialler)
            QVERIFY(dialler->connections().isEmpty());
    }
}

void tst_CancelledFutures::ofANetwork()
{
    QFETCH(End, end);
    NetworkWorld world;
    Member &node = world.node(1);
    Member &other = world.node(3);
    QVERIFY(world.finish(node.join()));
    QVERIFY(world.finish(other.join()));
    Member &client = world.client(2);
    QObject context;
    Cancelled<Result<void>> joined(client.join({world.contact(1)}), &context);
    Cancelled<Result<QPointer<Peer>>> dialled(client.network->connectTo(world.contact(3)), &context);
    switch (end) {
    case End::Success:
        break;
    case End::Close:
        client.network->leave();
        break;
    case End::PeerCloses:
        node.network->leave();
        other.network->leave();
        break;
    case End::Silence:
        for (const auto &host : {node.host, other.host}) {
            world.simulation.blackhole(host, client.host);
            world.simulation.blackhole(client.host, host);
        }
        break;
    case End::Destruction:
        client.network.reset();
        break;
    }
    world.simulation.runFor(2min);
    QCOMPARE(joined.trace(), QByteArray());
    QCOMPARE(dialled.trace(), QByteArray());
}

void tst_CancelledFutures::confirmedMessageArrivesAllTheSame()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    ConnectionLog in(pair.in);
    QObject context;
    Cancelled<Result<void>> sent(pair.out->sendAndConfirm(Message("hello")), &context);
    pair.simulation.runFor(1s);
    QCOMPARE(in.payloads(), QList<QByteArray>{"hello"});
    QCOMPARE(out.acknowledged.size(), 1);
    QCOMPARE(sent.trace(), QByteArray());
}

void tst_CancelledFutures::joinGoesOn()
{
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    Member &client = world.client(2);
    QObject context;
    Cancelled<Result<void>> joined(client.join({world.contact(1)}), &context);
    QVERIFY(world.until([&] { return client.network->state() == Network::State::Joined; }));
    QVERIFY(client.peer(node));
    QCOMPARE(joined.trace(), QByteArray());
}

//! While one future is being finished, its receiver cancels those that are to be finished next.
void tst_CancelledFutures::cancelInTheCallbackOfAnother()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    constexpr int Futures = 20;
    QList<QFuture<Result<void>>> confirmations;
    QList<QFuture<Result<Message>>> replies;
    int finished = 0;
    const auto cancelAll = [&] {
        for (auto &future : confirmations)
            future.cancel();
        for (auto &future : replies)
            future.cancel();
    };
    for (int i = 0; i < Futures; ++i) {
        confirmations.append(pair.out->sendAndConfirm(Message("a")));
        replies.append(pair.out->request(Message("b")));
    }
    for (auto &future : confirmations)
        future.then([&](const Result<void> &) {
            ++finished;
            cancelAll();
        });
    for (auto &future : replies)
        future.then([&](const Result<Message> &) {
            ++finished;
            cancelAll();
        });
    delete pair.out;
    pair.simulation.runFor(1min);
    QCOMPARE(finished, 1);
    for (const auto &future : confirmations)
        QVERIFY(future.isFinished());
    for (const auto &future : replies)
        QVERIFY(future.isFinished());
}

QTEST_GUILESS_MAIN(tst_CancelledFutures)
#include "tst_cancelledfutures.moc"
