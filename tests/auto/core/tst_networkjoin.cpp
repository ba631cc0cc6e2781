// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Joining a network: which candidates are dialled, what a failure says, joining again.

#include <shared/networkworld.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_NetworkJoin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyOneCandidateIsJoined();
    void failureNamesEachCandidate();
    void deadCandidatesDoNotKeepALivingContactWaiting();
    void sixtyDeadContactsCostLessThan15Seconds();
    void joinCanBeGivenUp();
    void rejoinsByItselfMoreAndMoreRarely();
    void plainEndpointIsNoMember();
    void otherNetworkIsNoCandidate();
};

void tst_NetworkJoin::onlyOneCandidateIsJoined()
{
    for (const bool delayed : {false, true}) {
        NetworkWorld world;
        QList<PeerAddress> contacts;
        NetworkConfig config;
        config.setWantedLinks(1);
        config.setRole(Peer::Role::Client);
        const Simulation::Host host = world.simulation.host({world.address(9)});
        for (int i = 1; i <= 4; ++i) {
            Member &node = world.node(i);
            node.join();
            contacts.append(world.contact(i));
            LinkProfile link;
            link.latency = delayed ? std::chrono::milliseconds(400 * (5 - i)) : 5ms;
            world.simulation.setLinks(host, node.host, link);
        }
        Member joining(host, config);
        const auto joined = joining.join(contacts);
        QVERIFY(world.finish(joined));
        QVERIFY(joined.result());
        // Shorter than until other contacts, which are networks of their own here, are dialled again.
        world.simulation.runFor(4s);
        QCOMPARE(joining.network->peers().size(), 1);
        QCOMPARE(joining.network->endpoint()->connections().size(), 1);
        int seen = 0;
        for (const auto &node : world.members)
            seen += int(node->network->peers().size());
        QCOMPARE(seen, 1);
        const auto candidates = joining.network->joinCandidates();
        QCOMPARE(std::count_if(candidates.cbegin(), candidates.cend(),
                               [](const JoinCandidate &candidate) {
                                   return candidate.state == JoinCandidate::State::Joined;
                               }),
                 1);
    }
}

void tst_NetworkJoin::failureNamesEachCandidate()
{
    NetworkWorld world;
    Member &other = world.node(1, [] {
        NetworkConfig config;
        EndpointConfig endpoint;
        endpoint.setNetworkName(u"another"_s);
        config.setEndpoint(endpoint);
        return config;
    }());
    other.join();
    NetworkConfig config;
    config.setAutomaticRejoin(false);
    Member &member = world.node(2, config);
    const PeerId wrongId = PeerId::fromBytes(QByteArray(32, 'x'));
    const auto joined = member.join(
        {world.contact(1), world.contact(7), PeerAddress(world.address(1), 12000, wrongId)});
    QVERIFY(world.finish(joined));
    const Error error = joined.result().error();
    QCOMPARE(error.code, ErrorCode::JoinFailed);
    for (const char *part :
         {"11.1.0.1:12000: The peer belongs to", "11.7.0.1:12000: The peer did not"})
        QVERIFY2(error.message.contains(QLatin1String(part)), qPrintable(error.message));
    const auto candidates = member.network->joinCandidates();
    QCOMPARE(candidates[0].error.code, ErrorCode::WrongNetwork);
    QCOMPARE(candidates[1].error.code, ErrorCode::HandshakeTimeout);
    QCOMPARE(candidates[2].error.code, ErrorCode::PeerIdMismatch);
    QCOMPARE(member.network->state(), Network::State::Waiting);
}

void tst_NetworkJoin::deadCandidatesDoNotKeepALivingContactWaiting()
{
    NetworkWorld world;
    Member &first = world.node(1);
    first.join();
    Member &member = world.node(2);
    for (int i = 0; i < 200; ++i)
        member.network->bootstrapCache()->connected(
            PeerId::fromBytes(QByteArray(QByteArray(31, 'a') + char(i))),
            world.contact(20 + i % 200), {});
    QCOMPARE(member.network->bootstrapCache()->size(), 200);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined, 5s));
    QVERIFY(joined.result());
    QVERIFY(member.network->bootstrapCache()->entry(
        PeerId::fromBytes(QByteArray(QByteArray(31, 'a') + char(199)))));
}

void tst_NetworkJoin::sixtyDeadContactsCostLessThan15Seconds()
{
    NetworkWorld world;
    world.node(1).join();
    QList<PeerAddress> contacts;
    for (int i = 0; i < 60; ++i)
        contacts.append(world.contact(20 + i));
    contacts.append(world.contact(1));
    Member &member = world.node(2);
    const quint64 begun = world.simulation.now();
    const auto joined = member.join(contacts);
    int mostUnderWay = 0;
    QVERIFY(world.until(
        [&] {
            const auto candidates = member.network->joinCandidates();
            mostUnderWay = std::max(mostUnderWay,
                                    int(std::count_if(candidates.cbegin(), candidates.cend(),
                                                      [](const JoinCandidate &candidate) {
                                                          return candidate.state
                                                              == JoinCandidate::State::Dialling;
                                                      })));
            return joined.isFinished();
        },
        15s));
    QVERIFY(joined.result());
    qInfo("joined after %.1f s, %d dials under way at most",
          double(world.simulation.now() - begun) / 1e9, mostUnderWay);
    QVERIFY2(mostUnderWay > 8 && mostUnderWay <= 64, qPrintable(QString::number(mostUnderWay)));
}

void tst_NetworkJoin::joinCanBeGivenUp()
{
    NetworkWorld world;
    Member &member = world.node(1);
    const auto joined = member.join({world.contact(7)});
    world.simulation.runFor(1s);
    member.network->leave();
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::Cancelled);
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Left; }));
    QCOMPARE(member.join().result().error().code, ErrorCode::WrongState);

    // Without leaving: nothing is tried any more, until somebody asks for it again.
    Member &other = world.node(2);
    for (const bool atOnce : {true, false}) {
        const auto given = other.join({world.contact(7)});
        if (!atOnce)
            world.simulation.runFor(1s);
        other.network->cancelJoin();
        QVERIFY(given.isFinished());
        QCOMPARE(given.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(other.network->state(), Network::State::Idle);
        other.progress.clear();
        world.simulation.runFor(600s);
        QVERIFY(other.progress.isEmpty());
        QCOMPARE(other.network->state(), Network::State::Idle);
    }
    Member &third = world.node(3);
    third.join();
    const auto again = other.join({world.contact(3)});
    QVERIFY(world.finish(again));
    QVERIFY2(again.result(), qPrintable(again.result().error().message));
    other.network->cancelJoin();
    QCOMPARE(other.network->state(), Network::State::Joined);
}

void tst_NetworkJoin::rejoinsByItselfMoreAndMoreRarely()
{
    NetworkWorld world;
    Member &member = world.node(1);
    QList<quint64> starts;
    connect(member.network.get(), &Network::stateChanged, this, [&](Network::State state) {
        if (state == Network::State::Joining)
            starts.append(world.simulation.now());
    });
    member.join({world.contact(7)});
    world.simulation.runFor(2h);
    QVERIFY2(starts.size() > 20 && starts.size() < 120, qPrintable(QString::number(starts.size())));
    for (qsizetype i = 1; i < starts.size(); ++i)
        QVERIFY(starts[i] - starts[i - 1] < quint64(320) * 1'000'000'000);
    // The contact comes back.
    Member &late = world.node(7);
    late.join();
    QVERIFY(world.until([&] { return member.peer(late); }, 330s));
    QCOMPARE(member.network->state(), Network::State::Joined);
    // All peers are lost: it tries at once, and finds the contact again.
    late.network->leave();
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Waiting; }));
    world.simulation.runFor(100s);
    late.network.reset();
    late.network = std::make_unique<SimulatedNetwork>(
        [] {
            NetworkConfig config;
            config.setListen(QHostAddress(QHostAddress::Any), 12000);
            return config;
        }(),
        late.host);
    late.network->join();
    member.network->networkChanged(); // ends the waiting
    QVERIFY(world.until([&] { return member.network->state() == Network::State::Joined; }, 15s));
}

void tst_NetworkJoin::plainEndpointIsNoMember()
{
    NetworkWorld world;
    const Simulation::Host host = world.simulation.host({world.address(1)});
    SimulatedEndpoint endpoint({}, host);
    QVERIFY(endpoint.listen(QHostAddress(QHostAddress::Any), 12000));
    Member &member = world.node(2);
    const auto joined = member.join({world.contact(1)});
    QVERIFY(world.finish(joined));
    QCOMPARE(member.network->joinCandidates().first().error.code, ErrorCode::NotAMember);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QCOMPARE(dialled.result().error().code, ErrorCode::NotAMember);
    // The other way round it is told, too.
    const auto dial = endpoint.connectTo(world.contact(2));
    QVERIFY(world.until([&] { return dial.isFinished() && endpoint.connections().isEmpty(); }));
    QVERIFY(member.network->peers().isEmpty());
}

void tst_NetworkJoin::otherNetworkIsNoCandidate()
{
    NetworkWorld world;
    NetworkConfig config;
    EndpointConfig endpoint;
    endpoint.setNetworkName(u"one"_s);
    config.setEndpoint(endpoint);
    Member &one = world.node(1, config);
    Member &same = world.node(2, config);
    one.join();
    QVERIFY(world.finish(same.join({world.contact(1)})));
    QVERIFY(same.peer(one));
    Member &other = world.node(3);
    const auto joined = other.join({world.contact(1), world.contact(2)});
    QVERIFY(world.finish(joined));
    for (const JoinCandidate &candidate : other.network->joinCandidates())
        QCOMPARE(candidate.error.code, ErrorCode::WrongNetwork);
}

QTEST_GUILESS_MAIN(tst_NetworkJoin)
#include "tst_networkjoin.moc"
