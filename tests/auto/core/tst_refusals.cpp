// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a peer refuses a dial reaches the dialling side: every time, also where packets are lost or overtake each other.
#include <shared/endpointpair.h>
#include <shared/networkworld.h>

#include <qp2pcore/private/simulated.h>

#include <QFutureWatcher>
#include <QTest>

#include <functional>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr int Dials = 100;

//! What a program learns that dials and asks, as "qp2p request" does.
class Asker
{
public:
    Asker(Simulation &simulation, Simulation::Host host, const EndpointConfig &config)
        : m_simulation(simulation)
        , endpoint(config, std::move(host))
    {
        QObject::connect(&endpoint, &Endpoint::connectionClosed, &endpoint,
                         [this](Connection *, const Error &reason) { closed.append(reason); });
    }

    //! By which future a program waits: the two ways differ in when they run.
    enum class Waits { Continuation, Watcher };

    //! \brief Dials \a peer, asks it something where it opens, and returns how that ended: an error, or
    //! none where the peer answered.
    Error ask(const PeerAddress &peer, Waits waits)
    {
        closed.clear();
        std::optional<Error> outcome;
        const auto dialled = [&](const Result<QPointer<Connection>> &result) {
            if (!result || !result.value()) {
                outcome = result ? closed.value(0) : result.error();
                return;
            }
            result.value()
                ->request(Message("How are you?"))
                .then(&endpoint, [&](const Result<Message> &reply) {
                    outcome = reply ? Error() : reply.error();
                });
        };
        QFutureWatcher<Result<QPointer<Connection>>> watcher;
        auto dial = endpoint.connectTo(peer);
        if (waits == Waits::Continuation) {
            dial.then(&endpoint, dialled);
        } else {
            QObject::connect(&watcher, &QFutureWatcherBase::finished, &watcher,
                             [&] { dialled(watcher.result()); });
            watcher.setFuture(dial);
        }
        if (!m_simulation.runUntil([&] { return outcome && endpoint.connections().isEmpty(); },
                                   5min))
            return Error(ErrorCode::None, QStringLiteral("It did not end."));
        return *outcome;
    }

private:
    Simulation &m_simulation;

public:
    SimulatedEndpoint endpoint;
    QList<Error> closed;
};

EndpointConfig patient(int identity)
{
    EndpointConfig config;
    config.setIdentity(sharedIdentity(identity));
    config.setHandshakeTimeout(60s); // a handshake that loses ten packets is of no interest here
    return config;
}

LinkProfile lossy()
{
    return {.latency = 10ms, .loss = 0.1};
}

LinkProfile reordering()
{
    return {.latency = 10ms, .reorder = 0.4, .reorderDelay = 15ms};
}

struct Row
{
    const char *name;
    LinkProfile link;
    quint64 seed;
};

QList<Row> rows()
{
    return {
        {"clean", {.latency = 10ms}, 1},
        {"near", {.latency = 50us}, 1}, // hello and refusal come together
        {"loss, seed 1", lossy(), 1},
        {"loss, seed 2", lossy(), 2},
        {"loss, seed 3", lossy(), 3},
        {"loss, seed 4", lossy(), 4},
        {"loss, seed 5", lossy(), 5},
        {"reordering, seed 1", reordering(), 1},
        {"reordering, seed 2", reordering(), 2},
    };
}

} // namespace

Q_DECLARE_METATYPE(LinkProfile)

class tst_Refusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodeSaysThatItWantsMembersOnly_data();
    void nodeSaysThatItWantsMembersOnly();
    void otherNetworkIsNamed_data() { addRows(); }
    void otherNetworkIsNamed();
    void programsReasonArrives_data() { addRows(); }
    void programsReasonArrives();
    void silentDiallerLearnsItToo_data() { addRows(); }
    void silentDiallerLearnsItToo();
    void refusalRightAfterTheHelloIsNoConnection();
    void raceGoesOnAfterARefusal();
    void eachCallNamesTheReason();
    void peerThatIsGoneNamesTheReason();
    void blockedPeerIsToldSo_data() { addRows(); }
    void blockedPeerIsToldSo();

private:
    static void addRows();
};

void tst_Refusals::addRows()
{
    QTest::addColumn<LinkProfile>("link");
    QTest::addColumn<quint64>("seed");
    for (const Row &row : rows())
        QTest::newRow(row.name) << row.link << row.seed;
}

void tst_Refusals::nodeSaysThatItWantsMembersOnly_data()
{
    QTest::addColumn<LinkProfile>("link");
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<bool>("watcher");
    for (const Row &row : rows()) {
        QTest::addRow("%s, continuation", row.name) << row.link << row.seed << false;
        QTest::addRow("%s, watcher", row.name) << row.link << row.seed << true;
    }
}

void tst_Refusals::nodeSaysThatItWantsMembersOnly()
{
    QFETCH(LinkProfile, link);
    QFETCH(quint64, seed);
    QFETCH(bool, watcher);
    NetworkWorld world(seed);
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    world.simulation.setLinks(node.host, host, link);
    Asker asker(world.simulation, host, patient(2));
    const auto waits = watcher ? Asker::Waits::Watcher : Asker::Waits::Continuation;
    for (int i = 0; i < Dials; ++i) {
        const Error error = asker.ask(world.contact(1), waits);
        const QByteArray what = QByteArray::number(i) + ": " + error.message.toUtf8();
        QVERIFY2(error.code == ErrorCode::NotAMember, what.constData());
        QCOMPARE(error.closeReason, QStringLiteral("no member"));
    }
}

void tst_Refusals::otherNetworkIsNamed()
{
    QFETCH(LinkProfile, link);
    QFETCH(quint64, seed);
    Simulation simulation(seed);
    const auto here = simulation.host({QHostAddress(QStringLiteral("192.0.2.1"))});
    const auto there = simulation.host({QHostAddress(QStringLiteral("192.0.2.2"))});
    simulation.setLinks(here, there, link);
    EndpointConfig config = patient(1);
    config.setNetworkName(QStringLiteral("theirs"));
    SimulatedEndpoint acceptor(config, there);
    QVERIFY(acceptor.listen(QHostAddress(QHostAddress::Any), 12000));
    config = patient(2);
    config.setNetworkName(QStringLiteral("ours"));
    Asker asker(simulation, here, config);
    for (int i = 0; i < Dials; ++i) {
        const Error error = asker.ask(PeerAddress(QStringLiteral("192.0.2.2"), 12000),
                                      Asker::Waits::Continuation);
        const QByteArray what = QByteArray::number(i) + ": " + error.message.toUtf8();
        QVERIFY2(error.code == ErrorCode::WrongNetwork, what.constData());
    }
}

//! A program that closes what it does not want in its slot, with a code and a reason of its own.
void tst_Refusals::programsReasonArrives()
{
    QFETCH(LinkProfile, link);
    QFETCH(quint64, seed);
    Simulation simulation(seed);
    const auto here = simulation.host({QHostAddress(QStringLiteral("192.0.2.1"))});
    const auto there = simulation.host({QHostAddress(QStringLiteral("192.0.2.2"))});
    simulation.setLinks(here, there, link);
    SimulatedEndpoint acceptor(patient(1), there);
    QVERIFY(acceptor.listen(QHostAddress(QHostAddress::Any), 12000));
    QObject::connect(&acceptor, &Endpoint::connectionOpened, &acceptor, [](Connection *connection) {
        connection->close(7, QStringLiteral("not today"));
    });
    Asker asker(simulation, here, patient(2));
    for (int i = 0; i < Dials; ++i) {
        const Error error = asker.ask(PeerAddress(QStringLiteral("192.0.2.2"), 12000),
                                      Asker::Waits::Continuation);
        const QByteArray what = QByteArray::number(i) + ": " + error.message.toUtf8();
        QVERIFY2(error.code == ErrorCode::ClosedByPeer, what.constData());
        QVERIFY2(error.closeCode == 7, what.constData());
        QCOMPARE(error.closeReason, QStringLiteral("not today"));
    }
}

//! Who has nothing under way sends no probes that the peer could answer, and learns it all the same.
void tst_Refusals::silentDiallerLearnsItToo()
{
    QFETCH(LinkProfile, link);
    QFETCH(quint64, seed);
    NetworkWorld world(seed);
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    world.simulation.setLinks(node.host, host, link);
    Asker asker(world.simulation, host, patient(2));
    for (int i = 0; i < Dials; ++i) {
        asker.closed.clear();
        const auto dial = asker.endpoint.connectTo(world.contact(1));
        QVERIFY(world.finish(dial, 5min));
        if (dial.result())
            QVERIFY(world.until([&] { return !asker.closed.isEmpty(); }));
        const Error error = dial.result() ? asker.closed.at(0) : dial.result().error();
        const QByteArray what = QByteArray::number(i) + ": " + error.message.toUtf8();
        QVERIFY2(error.code == ErrorCode::NotAMember, what.constData());
    }
}

void tst_Refusals::refusalRightAfterTheHelloIsNoConnection()
{
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    world.simulation.setLinks(node.host, host, {.latency = 50us});
    SimulatedEndpoint endpoint(patient(2), host);
    EndpointLog log(&endpoint);
    const auto dial = endpoint.connectTo(world.contact(1));
    QVERIFY(world.finish(dial));
    QVERIFY(!dial.result());
    QCOMPARE(dial.result().error().code, ErrorCode::NotAMember);
    QVERIFY(dial.result().error().message.contains(world.contact(1).endpointString()));
    QCOMPARE(dial.result().error().peerCertificates.size(),
             1); // as with any dial that came to nothing
    QVERIFY(log.opened.isEmpty());
}

void tst_Refusals::raceGoesOnAfterARefusal()
{
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    world.simulation.setLinks(node.host, host, {.latency = 50us});
    const auto farHost = world.simulation.host({NetworkWorld::address(3)});
    world.simulation.setLinks(farHost, host, {.latency = 30ms});
    SimulatedEndpoint far(patient(3), farHost);
    QVERIFY(far.listen(QHostAddress(QHostAddress::Any), 12000));
    SimulatedEndpoint endpoint(patient(2), host);
    EndpointLog log(&endpoint);
    const auto dial = endpoint.connectToAny({world.contact(1), world.contact(3)});
    QVERIFY(world.finish(dial));
    QVERIFY2(dial.result().isOk(),
             qPrintable(dial.result() ? QString() : dial.result().error().message));
    QVERIFY(dial.result().value());
    QCOMPARE(dial.result().value()->peerId(), far.peerId());
    QCOMPARE(log.opened.size(), 1);
}

//! Between the end of a connection and the signal that announces it, a slot may still ask for things.
void tst_Refusals::eachCallNamesTheReason()
{
    EndpointPair pair({.link = {.latency = 50us}});
    QVERIFY(pair.connect());
    QList<Error> errors;
    QObject::connect(pair.out, &Connection::messageReceived, pair.out, [&] {
        // What the peer sent together with its end: the end is known, and not announced yet.
        QCOMPARE(pair.out->state(), Connection::State::Open);
        errors.append(pair.out->request(Message("a")).result().error());
        errors.append(pair.out->sendAndConfirm(Message("b")).result().error());
        pair.out->send(Message("c"));
    });
    QObject::connect(pair.out, &Connection::messageFailed, pair.out,
                     [&](quint64, const Error &error) { errors.append(error); });
    Connection *kept = pair.out;
    QObject::connect(pair.out, &Connection::stateChanged, pair.out, [&, kept] {
        errors.append(kept->request(Message("d")).result().error());
        errors.append(kept->closeReason());
    });
    pair.in->send(Message("goodbye"));
    // Behind the message, but in the same burst.
    QMetaObject::invokeMethod(
        pair.in, [&] { pair.in->close(7, QStringLiteral("not today")); }, Qt::QueuedConnection);
    QVERIFY(pair.until([&] { return errors.size() >= 5; }, 5s));
    for (const Error &error : errors) {
        QCOMPARE(error.code, ErrorCode::ClosedByPeer);
        QCOMPARE(error.closeCode, quint64(7));
        QCOMPARE(error.closeReason, QStringLiteral("not today"));
    }
}

void tst_Refusals::peerThatIsGoneNamesTheReason()
{
    NetworkWorld world;
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    Member &client = world.client(2);
    QVERIFY(world.finish(client.join({world.contact(1)})));
    QList<Error> errors;
    QObject::connect(client.network.get(), &Network::peerDisconnected, client.network.get(),
                     [&](Peer *peer, const Error &reason) {
                         QObject::connect(
                             peer, &Peer::messageFailed, peer,
                             [&](quint64, const Error &error) { errors.append(error); });
                         errors.append(reason);
                         errors.append(peer->request(Message("a")).result().error());
                         errors.append(peer->sendAndConfirm(Message("b")).result().error());
                         peer->send(Message("c"));
                     });
    node.network->peers().at(0)->close(7, QStringLiteral("not today"));
    QVERIFY(world.until([&] { return errors.size() == 4; }));
    for (const Error &error : errors) {
        QCOMPARE(error.code, ErrorCode::ClosedByPeer);
        QCOMPARE(error.closeReason, QStringLiteral("not today"));
    }
}

void tst_Refusals::blockedPeerIsToldSo()
{
    QFETCH(LinkProfile, link);
    QFETCH(quint64, seed);
    NetworkWorld world(seed);
    Member &node = world.node(1);
    QVERIFY(world.finish(node.join()));
    node.network->block(sharedIdentity(2).peerId());
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    world.simulation.setLinks(node.host, host, link);
    Asker asker(world.simulation, host, patient(2));
    for (int i = 0; i < Dials; ++i) {
        const Error error = asker.ask(world.contact(1), Asker::Waits::Continuation);
        const QByteArray what = QByteArray::number(i) + ": " + error.message.toUtf8();
        QVERIFY2(error.code == ErrorCode::ConnectionRefused, what.constData());
    }
}

QTEST_GUILESS_MAIN(tst_Refusals)
#include "tst_refusals.moc"
