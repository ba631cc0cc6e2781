// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Control messages of a network find their handlers; a malformed one ends the connection, a new one does not.

#include <shared/engine/controlbytes.h>
#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/controldispatcher.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_ControlDispatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesGoToTheHandlerOfTheirKind();
    void handlersMayDeleteTheDispatcher();
    void malformedMessagesEndTheConnection_data();
    void malformedMessagesEndTheConnection();
    void nothingBehindAMalformedMessageIsHandled();
    void newKindsAreSkipped();
    void endpointsWithoutANetworkSkipItsMessages();
};

void tst_ControlDispatcher::messagesGoToTheHandlerOfTheirKind()
{
    ControlDispatcher dispatcher;
    QList<Goodbye> goodbyes;
    int requests = 0;
    dispatcher.handle<Goodbye>([&](Connection *, const Goodbye &goodbye) { goodbyes << goodbye; });
    dispatcher.handle<PeersRequest>([&](Connection *, const PeersRequest &) { ++requests; });
    QCOMPARE(dispatcher.kinds(), (std::vector<quint64>{Goodbye::Kind, PeersRequest::Kind}));

    dispatcher.dispatch(nullptr, {Goodbye::Kind, encode(Goodbye{7, "over"}).sliced(2)});
    dispatcher.dispatch(nullptr, {PeersRequest::Kind, encode(PeersRequest{}).sliced(2)});
    dispatcher.dispatch(nullptr, {PeersAnswer::Kind, encode(PeersAnswer{}).sliced(2)}); // has none
    QCOMPARE(goodbyes, (QList<Goodbye>{{7, "over"}}));
    QCOMPARE(requests, 1);
}

void tst_ControlDispatcher::handlersMayDeleteTheDispatcher()
{
    auto dispatcher = std::make_unique<ControlDispatcher>();
    const auto marker = std::make_shared<int>(0);
    const std::weak_ptr<int> left = marker;
    dispatcher->handle<PeersRequest>([&dispatcher, marker](Connection *, const PeersRequest &) {
        dispatcher.reset();
        ++*marker; // what the handler holds lives until it returns
    });
    dispatcher->dispatch(nullptr, {PeersRequest::Kind, encode(PeersRequest{}).sliced(2)});
    QVERIFY(!dispatcher);
    QCOMPARE(*marker, 1);
    QCOMPARE(left.use_count(), 1);
}

void tst_ControlDispatcher::malformedMessagesEndTheConnection_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence"); // part of it
    const auto row = [](const char *name, const char *hex, const char *sentence) {
        QTest::newRow(name) << prefixedHex(hex) << QString::fromLatin1(sentence);
    };
    row("goodbye without code", "a1 00 02", "code is missing");
    row("dial-back request to port 0", "a3 00 03 01 03 02 00", "port is out of range");
    row("dial-back answer without result", "a2 00 04 01 03", "result is missing");
    row("peers request with more behind it", "a1 00 05 00", "behind its map");
    row("peers answer that is cut off", "a2 00 06 01 41 00", "too long, or cut off");
    row("dial-back arrival without nonce", "a1 00 07", "nonce is missing");
    row("new kind that is not well-formed", "a2 00 18 63 01 c1", "well-formed");
}

void tst_ControlDispatcher::malformedMessagesEndTheConnection()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);

    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    QVERIFY(world.until([&] { return node.connected.size() == 1; }));
    QList<Error> ours;
    QList<Error> theirs;
    connect(node.network->endpoint(), &Endpoint::connectionClosed, this,
            [&](Connection *, const Error &reason) { ours << reason; });
    connect(client.endpoint.get(), &Endpoint::connectionClosed, this,
            [&](Connection *, const Error &reason) { theirs << reason; });
    Access::send(*client.connection, bytes);
    QVERIFY(world.until([&] { return !theirs.isEmpty(); }, 1s));
    QCOMPARE(ours.size(), 1);
    QCOMPARE(ours.first().code, ErrorCode::ProtocolViolation);
    QVERIFY2(ours.first().message.contains(sentence), qPrintable(ours.first().message));
    QCOMPARE(theirs.first().code, ErrorCode::ProtocolViolation);
    QCOMPARE(theirs.first().closeCode, Engine::CloseCode::ControlViolation);
    QCOMPARE(theirs.first().closeReason, ours.first().message);
}

//! They come in one datagram, before the connection can have been closed.
void tst_ControlDispatcher::nothingBehindAMalformedMessageIsHandled()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    QVERIFY(world.until([&] { return node.connected.size() == 1; }));
    Access::send(*client.connection, prefixedHex("a1 00 02")); // a goodbye without code
    Access::send(*client.connection, encode(Goodbye{7, "over"}));
    client.connection->send(Message("behind it"));
    QVERIFY(world.until([&] { return !node.disconnected.isEmpty(); }, 1s));
    // Neither the goodbye's code, nor its reason.
    QCOMPARE(node.disconnected.first().reason.code, ErrorCode::ProtocolViolation);
    QVERIFY(node.messages.isEmpty());
}

void tst_ControlDispatcher::newKindsAreSkipped()
{
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    QVERIFY(world.until([&] { return node.connected.size() == 1; }));
    Access::send(*client.connection, prefixedHex("a2 00 18 63 01 82 01 02"));
    client.send(PeersRequest{});
    QVERIFY(world.until([&] { return client.advertised.size() == 1; }));
    QVERIFY(client.connection);
}

void tst_ControlDispatcher::endpointsWithoutANetworkSkipItsMessages()
{
    NetworkWorld world;
    SimulatedEndpoint plain({}, world.simulation.host({NetworkWorld::address(1)}));
    QVERIFY(plain.listen(QHostAddress(QHostAddress::Any), 12000));
    Rogue client(world, 2, Engine::Hello::Role::Client);
    QVERIFY(client.dial(world, world.contact(1)));
    client.send(Goodbye{7, "over"});
    client.send(PeersRequest{});
    Access::send(*client.connection, prefixedHex("a1 00 02")); // a goodbye without code
    world.simulation.runFor(1s);
    QCOMPARE(plain.connections().size(), 1);
    // Their form is checked all the same.
    Access::send(*client.connection, prefixedHex("a1 00 02 00"));
    QVERIFY(world.until([&] { return plain.connections().isEmpty(); }, 1s));
}

QTEST_GUILESS_MAIN(tst_ControlDispatcher)
#include "tst_controldispatcher.moc"
