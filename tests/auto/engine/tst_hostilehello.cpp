// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The hello and the control stream that follows: missing, broken, closed, flooded, of another network.

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/engine/closecodes.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;

RawPeer::Options withHello(const QByteArray &hello)
{
    RawPeer::Options options;
    options.hello = hello;
    return options;
}

QByteArray helloOf(const QByteArray &networkName)
{
    Hello hello;
    hello.networkName = networkName;
    return encode(hello);
}

// A control message with this CBOR.
QByteArray framed(const QByteArray &cbor)
{
    return char(cbor.size() >> 8) + (char(cbor.size() & 0xff) + cbor);
}

Settings namedSettings(int number, const QByteArray &networkName)
{
    Settings settings = makeSettings(number);
    settings.retryMode = EndpointConfig::RetryMode::Never;
    MessageOptions options = makeMessageOptions();
    options.networkName = networkName;
    settings.protocols = protocolsWith(options);
    return settings;
}

void addBrokenControl()
{
    QTest::addRow("length 0") << QByteArray(2, '\0');
    QTest::addRow("length 4097") << QByteArray::fromHex("1001");
    QTest::addRow("length 65535") << QByteArray::fromHex("ffff");
    QTest::addRow("ten megabytes") << QByteArray(10'000'000, '\xff');
    QTest::addRow("no CBOR") << framed("GET / HTTP/1.1");
    QTest::addRow("an array") << framed(QByteArray::fromHex("8100"));
    QTest::addRow("an empty map") << framed(QByteArray::fromHex("a0"));
    QTest::addRow("no kind") << framed(QByteArray::fromHex("a10100"));
    QTest::addRow("an endless map") << framed(QByteArray::fromHex("bf0009ff"));
    QTest::addRow("cut off") << framed(QByteArray::fromHex("a2000901"));
    QTest::addRow("more behind it") << framed(QByteArray::fromHex("a1000900"));
    QTest::addRow("nested too deep")
        << framed(QByteArray::fromHex("a200090a") + QByteArray(100, '\x81') + '\0');
    QTest::addRow("a length beyond the end")
        << framed(QByteArray::fromHex("a200090a5bffffffffffffffff"));
}

} // namespace

class tst_HostileHello : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMissingHelloEndsTheConnection_data();
    void aMissingHelloEndsTheConnection();
    void anAcceptorThatDoesNotGreetBackIsLeft();
    void messagesBeforeTheHelloWaitForIt();
    void messagesWithoutAHelloAreNeverDelivered();
    void aBrokenHelloEndsTheConnection_data();
    void aBrokenHelloEndsTheConnection();
    void aBrokenHelloOfAnAcceptorEndsTheConnection();
    void whatFollowsTheHelloIsChecked_data();
    void whatFollowsTheHelloIsChecked();
    void theControlStreamMustStayOpen_data();
    void theControlStreamMustStayOpen();
    void tenMegabytesOfControlMessagesCostTheirConnectionAndNoMemory();
    void anotherNetworkIsLeft_data();
    void anotherNetworkIsLeft();
    void anAcceptorOfAnotherNetworkIsLeft();
    void aHelloWithAForgedSourceCountsForTheProvenAddress();
};

void tst_HostileHello::aMissingHelloEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("hello");
    QTest::addRow("nothing") << QByteArray();
    QTest::addRow("its first byte") << encode(Hello{}).left(1);
    QTest::addRow("all but its last byte") << encode(Hello{}).chopped(1);
}

void tst_HostileHello::aMissingHelloEndsTheConnection()
{
    QFETCH(const QByteArray, hello);

    Attack attack(withHello(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
    QVERIFY(attack.wire.now >= TimeZero + 10 * Seconds);
    QVERIFY(attack.wire.now <= TimeZero + 11 * Seconds);
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
}

void tst_HostileHello::anAcceptorThatDoesNotGreetBackIsLeft()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.hello = {};
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::HandshakeTimeout);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHello::messagesBeforeTheHelloWaitForIt()
{
    Attack attack(withHello({}));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    const qint64 control = attack.peer.open(true);
    QCOMPARE(control, 0);
    attack.peer.sendOnNewStream(toWire(Message("early")));
    attack.peer.sendOnNewStream(toWire(Message("request")), Fin::Yes, true);
    attack.peer.sendOnNewStream(wireHeader(0, 0, 0), Fin::Yes);
    attack.wire.runFor(8 * Seconds);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 0u);
    attack.peer.send(control, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return attack.isVictimOpen(); }, Seconds));
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 1u);
    QCOMPARE(attack.victim->count<Events::RequestArrived>(), 1u);
    // In that order: a program never hears of a message before its connection.
    const EventList &events = attack.victim->events;
    const auto opened = std::find_if(events.begin(), events.end(), [](const Event &event) {
        return std::holds_alternative<Events::Opened>(event.what);
    });
    const auto arrived = std::find_if(events.begin(), events.end(), [](const Event &event) {
        return std::holds_alternative<Events::MessageArrived>(event.what);
    });
    QVERIFY(opened < arrived);
}

void tst_HostileHello::messagesWithoutAHelloAreNeverDelivered()
{
    Attack attack(withHello({}));
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    QCOMPARE(attack.peer.open(true), 0);
    const auto before = heapBytes();
    const QByteArray message = toWire(Message(QByteArray(100 * KiB, 'm')));
    for (int i = 0; i < 100; ++i)
        attack.peer.sendOnNewStream(message);
    attack.wire.runFor(5 * Seconds);
    QVERIFY(attack.session());
    QVERIFY(attack.session()->stats(attack.wire.now).inboxBytes <= MiB);
    if (before)
        QVERIFY2(*heapBytes() - *before < 3 * MiB,
                 QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::HelloTimeout));
}

void tst_HostileHello::aBrokenHelloEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("hello");
    addBrokenControl();
    QTest::addRow("a goodbye") << framed(QByteArray::fromHex("a3000201000260"));
    QTest::addRow("an unknown kind") << framed(QByteArray::fromHex("a10009"));
    QTest::addRow("half a hello") << framed(QByteArray::fromHex("a1 00 01"));
}

void tst_HostileHello::aBrokenHelloEndsTheConnection()
{
    QFETCH(const QByteArray, hello);

    Attack attack(withHello(hello));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QVERIFY(!attack.peer.closedBy()->reason.isEmpty());
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QVERIFY(attack.wire.now < TimeZero + Seconds);
}

void tst_HostileHello::aBrokenHelloOfAnAcceptorEndsTheConnection()
{
    RawPeer::Options options = withHello(framed("GET / HTTP/1.1"));
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHello::whatFollowsTheHelloIsChecked_data()
{
    QTest::addColumn<QByteArray>("bytes");
    addBrokenControl();
    QTest::addRow("a second hello") << encode(Hello{});
    QTest::addRow("a second hello behind something new")
        << QByteArray(framed(QByteArray::fromHex("a10009")) + encode(Hello{}));
}

void tst_HostileHello::whatFollowsTheHelloIsChecked()
{
    QFETCH(const QByteArray, bytes);

    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        Attack attack(options);
        QVERIFY(attack.open());
        QVERIFY(attack.stillDelivers());
        attack.peer.send(0, bytes);
        QVERIFY(attack.runUntilClosed(Seconds));
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
        QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    }
}

void tst_HostileHello::theControlStreamMustStayOpen_data()
{
    QTest::addColumn<int>("how");
    QTest::addRow("ended") << 0;
    QTest::addRow("reset") << 1;
    QTest::addRow("not read") << 2;
}

void tst_HostileHello::theControlStreamMustStayOpen()
{
    QFETCH(const int, how);

    for (const Side side : {Side::Dialler, Side::Acceptor}) {
        RawPeer::Options options;
        options.tls.side = side;
        // The victim answers a dialler's hello, so that it has something to say on the stream.
        options.hello = how == 2 ? QByteArray() : encode(Hello{});
        Attack attack(options);
        if (how == 2) {
            if (side == Side::Acceptor)
                continue; // its hello has arrived already, and nothing follows it
            QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
            QCOMPARE(attack.peer.open(true), 0);
            attack.peer.sendFrames(
                QByteArray(Frame::stopSending(0, 1) + Frame::stream(0, 0, encode(Hello{}))));
        } else {
            QVERIFY(attack.open());
            if (how == 0)
                attack.peer.send(0, {}, Fin::Yes);
            else
                attack.peer.reset(0, 1);
        }
        QVERIFY(attack.runUntilClosed(Seconds));
        QCOMPARE(attack.victim->closeReason().code, ErrorCode::ProtocolViolation);
        QVERIFY(attack.peer.closedBy());
        QCOMPARE(attack.peer.closedBy()->code, CloseCode::ControlViolation);
        QVERIFY(attack.peer.closedBy()->application);
    }
}

void tst_HostileHello::tenMegabytesOfControlMessagesCostTheirConnectionAndNoMemory()
{
    Attack attack;
    QVERIFY(attack.open());
    // Valid ones of a kind that does not exist yet, each as large as may be.
    const QByteArray filler = QByteArray::fromHex("a20009") + QByteArray::fromHex("0a590ff8")
        + QByteArray(0x0ff8, 'f');
    const QByteArray one = framed(filler);
    QByteArray many;
    while (many.size() < 10'000'000)
        many += one;
    attack.peer.remembersFrames = false;
    const auto before = heapBytes();
    attack.peer.send(0, many);
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::Misbehaviour);
    if (before) // what the adversary's own ngtcp2 keeps for packets under way is in it
        QVERIFY2(*heapBytes() - *before < 2048 * KiB,
                 QByteArray::number(*heapBytes() - *before).constData());
    QVERIFY(servesOthers(attack.wire, *attack.victim));
}

void tst_HostileHello::anotherNetworkIsLeft_data()
{
    QTest::addColumn<QByteArray>("ours");
    QTest::addColumn<QByteArray>("theirs");
    QTest::addRow("other names") << QByteArray("alpha") << QByteArray("beta");
    QTest::addRow("only they have one") << QByteArray() << QByteArray("beta");
    QTest::addRow("only we have one") << QByteArray("alpha") << QByteArray();
    QTest::addRow("a longer one") << QByteArray("alpha") << QByteArray("alphabet");
    QTest::addRow("other letters") << QByteArray("alpha") << QByteArray("Alpha");
}

void tst_HostileHello::anotherNetworkIsLeft()
{
    QFETCH(const QByteArray, ours);
    QFETCH(const QByteArray, theirs);

    Attack attack(withHello(helloOf(theirs)), namedSettings(1, ours));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::WrongNetwork);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::WrongNetwork));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);

    // Honest peers of two networks both know why.
    RouterPair pair(namedSettings(1, ours), namedSettings(2, theirs));
    pair.dial();
    QVERIFY(pair.wire.runUntil([&] {
        return pair.dialler->count<Events::Closed>() == 1
            && pair.acceptor->count<Events::Closed>() == 1;
    }));
    QCOMPARE(pair.dialler->closeReason().code, ErrorCode::WrongNetwork);
    QCOMPARE(pair.acceptor->closeReason().code, ErrorCode::WrongNetwork);
    QCOMPARE(pair.dialler->count<Events::Opened>() + pair.acceptor->count<Events::Opened>(), 0u);
}

void tst_HostileHello::anAcceptorOfAnotherNetworkIsLeft()
{
    RawPeer::Options options = withHello(helloOf("beta"));
    options.tls.side = Side::Acceptor;
    Attack attack(options, namedSettings(1, "alpha"));
    QVERIFY(attack.runUntilClosed());
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::WrongNetwork);
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::WrongNetwork));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
}

void tst_HostileHello::aHelloWithAForgedSourceCountsForTheProvenAddress()
{
    const SocketAddress bystander = publicAddress(99);
    Settings settings = victimSettings();
    settings.maxConnectionsPerAddress = 1;
    Attack attack(withHello({}), settings);
    QVERIFY(attack.wire.runUntil([&] { return attack.peer.isConfirmed(); }));
    attack.settle();
    attack.wire.filter = [&](Datagram &datagram) {
        if (datagram.from == attack.peer.address)
            datagram.from = bystander;
        return true;
    };
    QCOMPARE(attack.peer.open(true), 0);
    attack.peer.send(0, encode(Hello{}));
    QVERIFY(attack.wire.runUntil([&] { return attack.victim->count<Events::Opened>() == 1; }));
    QCOMPARE(attack.session()->way().remote, bystander); // so it was forged
    QCOMPARE(attack.session()->provenAddress(), attack.peer.address);

    // It uses up the one connection of its own address, not that of the address that it named.
    RouterParty honest(bystander, makeSettings(7));
    attack.wire.connect(honest);
    dial(honest, attack.victim->address, attack.wire.now);
    QVERIFY(attack.wire.runUntil([&] { return attack.victim->count<Events::Opened>() == 2; }));
    RouterParty another(publicAddress(2, 5000), makeSettings(8));
    attack.wire.connect(another);
    dial(another, attack.victim->address, attack.wire.now);
    QVERIFY(attack.wire.runUntil([&] { return another.count<Events::Closed>() == 1; }));
    QCOMPARE(attack.victim->count<Events::Opened>(), 2u);
}

QTEST_GUILESS_MAIN(tst_HostileHello)
#include "tst_hostilehello.moc"
