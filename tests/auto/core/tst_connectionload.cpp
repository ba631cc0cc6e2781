// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Thousands of messages and requests, and many connections, in virtual time.

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QTest>

#include <algorithm>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;

template<typename T>
QList<T> sorted(QList<T> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

//! Many hosts that dial one; whatever they send to it comes back.
struct Echo
{
    explicit Echo(int count)
    {
        simulation.setDefaultLink({.latency = 5ms});
        EndpointConfig config;
        config.setIdentity(sharedIdentity(0));
        host = simulation.host({QHostAddress(QStringLiteral("10.0.0.1"))});
        acceptor = std::make_unique<SimulatedEndpoint>(config, host);
        QObject::connect(
            acceptor.get(), &Endpoint::connectionOpened, acceptor.get(), [](Connection *connection) {
                QObject::connect(
                    connection, &Connection::messageReceived, connection,
                    [connection](const Message &message) { connection->send(message); });
                QObject::connect(connection, &Connection::requestReceived, connection,
                                 [](const Request &request) { request.reply(request.message()); });
            });
        if (!acceptor->listen())
            return;
        QList<QFuture<Result<QPointer<Connection>>>> dials;
        for (int i = 0; i < count; ++i) {
            config.setIdentity(sharedIdentity(i + 1));
            const auto own = simulation.host({QHostAddress(0x0a000100u + quint32(i))});
            diallers.push_back(std::make_unique<SimulatedEndpoint>(config, own));
            dials.append(diallers.back()->connectTo(
                PeerAddress(QHostAddress(QStringLiteral("10.0.0.1")), acceptor->localPort())));
        }
        simulation.runUntil(
            [&] {
                return std::all_of(dials.begin(), dials.end(),
                                   [](const auto &dial) { return dial.isFinished(); });
            },
            30s);
        for (const auto &dial : dials) {
            if (dial.isFinished() && dial.result())
                connections.append(dial.result().value());
        }
    }

    Simulation simulation;
    Simulation::Host host;
    std::unique_ptr<Endpoint> acceptor;
    std::vector<std::unique_ptr<Endpoint>> diallers;
    QList<QPointer<Connection>> connections;
};

} // namespace

class tst_ConnectionLoad : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void thousandsOfRequestsAreMultiplexed();
    void tenThousandTinyMessagesArrive();
    void hundredConnectionsEcho();
    void largeMessagesOfManyConnectionsEcho();
    void manyMessagesOverASlowLinkAllArrive();
    void messageThatOthersOvertakeForLongArrives();
};

void tst_ConnectionLoad::thousandsOfRequestsAreMultiplexed()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    QObject::connect(pair.in, &Connection::requestReceived, pair.in,
                     [](const Request &request) { request.reply(request.message()); });
    QList<QFuture<Result<Message>>> replies;
    for (int i = 0; i < 1999; ++i)
        replies.append(pair.out->request(Message(noise(32, quint32(i)))));
    for (int i = 0; i < 1999; ++i) {
        QVERIFY(pair.finish(replies.at(i)));
        QCOMPARE(replies.at(i).result().value().payload(), noise(32, quint32(i)));
    }
}

void tst_ConnectionLoad::tenThousandTinyMessagesArrive()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    QList<QByteArray> sent;
    for (int i = 0; i < 10'000; ++i) {
        sent.append(noise(8, quint32(i)));
        pair.out->send(Message(sent.last()));
    }
    QVERIFY(pair.until([&] { return out.acknowledged.size() == 10'000; }));
    QCOMPARE(sorted(in.payloads()), sorted(sent));
    QCOMPARE(pair.in->stats().messagesReceived, 10'000u);
    QCOMPARE(pair.out->stats().messagesSent, 10'000u);
}

void tst_ConnectionLoad::hundredConnectionsEcho()
{
    Echo echo(100);
    QCOMPARE(echo.connections.size(), 100);
    std::vector<std::unique_ptr<ConnectionLog>> logs;
    QList<QList<QByteArray>> sent(100);
    for (int c = 0; c < 100; ++c) {
        logs.push_back(std::make_unique<ConnectionLog>(echo.connections.at(c)));
        for (int i = 0; i < 100; ++i) {
            sent[c].append(noise(200, quint32(c * 1000 + i)));
            echo.connections.at(c)->send(Message(sent[c].last()));
        }
    }
    QVERIFY(echo.simulation.runUntil(
        [&] {
            return std::all_of(logs.begin(), logs.end(),
                               [](const auto &log) { return log->messages.size() == 100; });
        },
        60s));
    for (int c = 0; c < 100; ++c)
        QCOMPARE(sorted(logs[size_t(c)]->payloads()), sorted(sent[c]));
}

void tst_ConnectionLoad::largeMessagesOfManyConnectionsEcho()
{
    Echo echo(10);
    QCOMPARE(echo.connections.size(), 10);
    std::vector<std::unique_ptr<ConnectionLog>> logs;
    QList<QFuture<Result<Message>>> replies;
    for (int c = 0; c < 10; ++c) {
        logs.push_back(std::make_unique<ConnectionLog>(echo.connections.at(c)));
        for (int i = 0; i < 5; ++i) {
            echo.connections.at(c)->send(Message(noise(1 * MB, quint32(c * 10 + i))));
            replies.append(
                echo.connections.at(c)->request(Message(noise(1 * MB, quint32(c * 10 + i)))));
        }
    }
    QVERIFY(echo.simulation.runUntil(
        [&] {
            return std::all_of(logs.begin(), logs.end(),
                               [](const auto &log) { return log->messages.size() == 5; })
                && std::all_of(replies.begin(), replies.end(),
                               [](const auto &reply) { return reply.isFinished(); });
        },
        60s));
    for (int c = 0; c < 10; ++c) {
        QList<QByteArray> sent;
        for (int i = 0; i < 5; ++i) {
            sent.append(noise(1 * MB, quint32(c * 10 + i)));
            QVERIFY(replies.at(c * 5 + i).result().value().payload() == sent.last());
        }
        QVERIFY(sorted(logs[size_t(c)]->payloads()) == sorted(sent));
    }
}

void tst_ConnectionLoad::manyMessagesOverASlowLinkAllArrive()
{
    // A hundred pictures over 1 Mbit/s: two minutes in all. Each on its own is slow, but the peer
    // does all that it can, and no deadline may count that against it.
    EndpointPair pair({.link = {.latency = 30ms, .bytesPerSecond = 125'000, .queueLimit = 25}});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    for (int i = 0; i < 100; ++i)
        pair.out->send(Message(noise(150 * KB, quint32(i))));
    QVERIFY(pair.until([&] { return out.acknowledged.size() + out.failures.size() == 100; }, 10min));
    QCOMPARE(out.failures.size(), 0);
    QCOMPARE(in.refused.size(), 0);
    QCOMPARE(in.messages.size(), 100);
}

void tst_ConnectionLoad::messageThatOthersOvertakeForLongArrives()
{
    EndpointPair pair({.link = {.latency = 30ms, .bytesPerSecond = 125'000, .queueLimit = 25}});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    pair.out->send(Message(noise(1 * MB, 1)));
    pair.simulation.runFor(1s);
    pair.out->send(Message(noise(5 * MB, 2)), 1); // 40 s in which nothing comes of the first
    QVERIFY(pair.until([&] { return out.acknowledged.size() + out.failures.size() == 2; }, 5min));
    QCOMPARE(out.failures.size(), 0);
    QCOMPARE(in.messages.size(), 2);
    QVERIFY(in.messages.at(0).payload() == noise(5 * MB, 2));
}

QTEST_GUILESS_MAIN(tst_ConnectionLoad)
#include "tst_connectionload.moc"
