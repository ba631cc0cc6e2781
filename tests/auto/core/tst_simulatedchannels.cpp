// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Simulated datagram channels and their addresses behave as sockets do.

#include "simulatedprogram.h"

#include <shared/simulation.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Io::ReceiveStatus;
using Io::SendStatus;

class tst_SimulatedChannels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Channels
    void segmentsAreDatagramsOfTheirOwn();
    void emptyDatagramArrives();
    void ecnIsCarried();
    void datagramsOfOneInstantCauseOneCall();
    void receiveKeepsItsBudget();
    void fullReceiveBufferLosesDatagrams();
    void fullSendBufferBlocksAndCallsOnce();
    void localMtuRefuses();
    void unreachableIsALostPacket();
    void channelMayBeDestroyedInItsHandler();
    void closedPortSwallows();

    // Addresses
    void bindingTellsWhyItFails();
    void differentAddressesMayShareAPort();
    void freePortsAreEphemeral();
    void anyIsDualStackWhereThereIsIpv6();
    void sourceAddressIsTheWantedOne();
    void loopbackStaysOnTheHost();
};

void tst_SimulatedChannels::segmentsAreDatagramsOfTheirOwn()
{
    Pair pair(perfect());
    QCOMPARE(pair.alice.channel->maxSegments(), 64u);
    const QByteArray data = QByteArray(1000, 'a') + QByteArray(1000, 'b') + QByteArray(10, 'c');
    QCOMPARE(pair.alice.send(pair.toBob, data, 1000).status, SendStatus::Sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receivedData(),
             (QByteArrayList{QByteArray(1000, 'a'), QByteArray(1000, 'b'), QByteArray(10, 'c')}));
}

void tst_SimulatedChannels::emptyDatagramArrives()
{
    Pair pair(perfect());
    QCOMPARE(pair.alice.send(pair.toBob, {}).status, SendStatus::Sent);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receivedData(), QByteArrayList{QByteArray()});
}

void tst_SimulatedChannels::ecnIsCarried()
{
    Pair pair(perfect());
    for (quint8 ecn = 0; ecn < 4; ++ecn)
        pair.alice.send(pair.toBob, "x", 0, {}, ecn);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 4);
    for (quint8 ecn = 0; ecn < 4; ++ecn)
        QCOMPARE(pair.bob.received.at(ecn).ecn, ecn);
}

void tst_SimulatedChannels::datagramsOfOneInstantCauseOneCall()
{
    Pair pair(perfect());
    pair.sendMany(50);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 50);
    QCOMPARE(pair.bob.calls, 1);
}

void tst_SimulatedChannels::receiveKeepsItsBudget()
{
    Pair pair(perfect());
    pair.bob.channel->onReadable = {};
    pair.sendMany(5, 0ns, 100);
    pair.alice.send(pair.toBob, {});
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::BudgetSpent);
    QCOMPARE(pair.bob.received.size(), 2);
    QCOMPARE(pair.bob.receive(100, 101), ReceiveStatus::BudgetSpent);
    QCOMPARE(pair.bob.received.size(), 4);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::Drained);
    QCOMPARE(pair.bob.received.size(), 6);
    QCOMPARE(pair.bob.receive(2), ReceiveStatus::Drained);
}

void tst_SimulatedChannels::fullReceiveBufferLosesDatagrams()
{
    Pair pair(perfect());
    pair.simulation.setReceiveBuffer(pair.bobHost, 3);
    pair.sendMany(5);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 3);
    QCOMPARE(pair.simulation.counters().receiveBufferFull, 2u);
}

void tst_SimulatedChannels::fullSendBufferBlocksAndCallsOnce()
{
    Pair pair(perfect());
    pair.simulation.setSendBuffer(pair.aliceHost, 4, 1ms);
    int writable = 0;
    quint64 when = 0;
    pair.alice.channel->onWritable = [&] {
        ++writable;
        when = pair.simulation.now();
    };
    QCOMPARE(pair.alice.send(pair.toBob, "first").status, SendStatus::Sent);
    const Io::SendResult partly = pair.alice.send(pair.toBob, QByteArray(500, 'x'), 100);
    QCOMPARE(partly.status, SendStatus::PartlySent);
    QCOMPARE(partly.sentBytes, 300u);
    QCOMPARE(pair.alice.send(pair.toBob, "blocked").status, SendStatus::WouldBlock);
    QCOMPARE(writable, 0);
    pair.simulation.runFor(1s);
    QCOMPARE(writable, 1);
    QCOMPARE(when, 1'001'000'000u);
    QCOMPARE(pair.bob.received.size(), 4);
    QCOMPARE(pair.bob.received.constLast().time, 1'014'000'000u); // the fourth to leave
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(500, 'x'), 100).status, SendStatus::PartlySent);
    pair.simulation.runFor(1s);
    QCOMPARE(writable, 2);
}

void tst_SimulatedChannels::localMtuRefuses()
{
    Pair pair(perfect());
    pair.simulation.setLocalMtu(pair.aliceHost, 1300);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(1301, 'x')).status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(2602, 'x'), 1301).status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(2600, 'x'), 1300).status, SendStatus::Sent);
    pair.simulation.setLocalMtu(pair.aliceHost, 0);
    QCOMPARE(pair.alice.send(pair.toBob, QByteArray(65'508, 'x')).status, SendStatus::Lost);
    pair.simulation.runFor(1s);
    QCOMPARE(pair.bob.received.size(), 2);
}

void tst_SimulatedChannels::unreachableIsALostPacket()
{
    Pair pair(perfect());
    // Another family, and a source that is not ours
    QCOMPARE(pair.alice.send(at("2001:db8::2", 1000), "x").status, SendStatus::Lost);
    QCOMPARE(pair.alice.send(pair.toBob, "x", 0, at("192.0.2.9", 0)).status, SendStatus::Lost);
    // Nobody has it: it leaves and that was it
    QCOMPARE(pair.alice.send(at("192.0.2.77", 1000), "x").status, SendStatus::Sent);
    QCOMPARE(pair.simulation.counters().unroutable, 1u);
}

void tst_SimulatedChannels::channelMayBeDestroyedInItsHandler()
{
    Pair pair(perfect());
    pair.bob.channel->onReadable = [&] { pair.bob.channel.reset(); };
    pair.alice.send(pair.toBob, "one");
    pair.simulation.runFor(5ms);
    pair.alice.send(pair.toBob, "two");
    pair.simulation.runFor(1s);
    QVERIFY(!pair.bob.channel);
    QCOMPARE(pair.simulation.counters().closedPort, 1u);

    pair.simulation.setSendBuffer(pair.aliceHost, 1, 1ms);
    pair.alice.channel->onWritable = [&] { pair.alice.channel.reset(); };
    pair.alice.send(pair.toBob, "three");
    QCOMPARE(pair.alice.send(pair.toBob, "four").status, SendStatus::WouldBlock);
    pair.simulation.runFor(1s);
    QVERIFY(!pair.alice.channel);
}

void tst_SimulatedChannels::closedPortSwallows()
{
    Pair pair(perfect());
    pair.alice.send(at("192.0.2.2", 1001), "x");
    pair.simulation.runFor(1s);
    QCOMPARE(pair.simulation.counters().closedPort, 1u);
    QCOMPARE(pair.alice.received.size(), 0);
}

void tst_SimulatedChannels::bindingTellsWhyItFails()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const auto errorOf = [&](const QHostAddress &address, quint16 port) {
        return host->openChannel(address, port).error().code;
    };
    QCOMPARE(errorOf(ip("192.0.2.2"), 1), ErrorCode::AddressNotAvailable);
    QCOMPARE(errorOf(QHostAddress::AnyIPv6, 1), ErrorCode::AddressNotAvailable);
    QCOMPARE(errorOf(QHostAddress(), 1), ErrorCode::AddressNotAvailable);

    const auto any = host->openChannel(QHostAddress::Any, 5000);
    QVERIFY(any.isOk());
    QCOMPARE(errorOf(QHostAddress::Any, 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(QHostAddress::AnyIPv4, 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(ip("192.0.2.1"), 5000), ErrorCode::AddressInUse);
    QCOMPARE(errorOf(QHostAddress::LocalHost, 5000), ErrorCode::AddressInUse);
    QVERIFY(host->openChannel(QHostAddress::Any, 5000).error().message.contains(u"5000"));
    QVERIFY(host->openChannel(QHostAddress::Any, 5001).isOk());
    QVERIFY(host->openChannel(QHostAddress::Any, 5001).isOk()); // the one before is closed again
}

void tst_SimulatedChannels::differentAddressesMayShareAPort()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1"), ip("192.0.2.2"), ip("2001:db8::1")});
    const auto one = host->openChannel(ip("192.0.2.1"), 5000);
    const auto two = host->openChannel(ip("192.0.2.2"), 5000);
    const auto three = host->openChannel(QHostAddress::AnyIPv6, 5000);
    QVERIFY(one.isOk() && two.isOk() && three.isOk());
    QCOMPARE(host->openChannel(QHostAddress::Any, 5000).error().code, ErrorCode::AddressInUse);
}

void tst_SimulatedChannels::freePortsAreEphemeral()
{
    Simulation simulation;
    const auto host = simulation.host({ip("192.0.2.1")});
    const auto fixed = host->openChannel(QHostAddress::Any, 49'153);
    const auto one = host->openChannel(QHostAddress::Any, 0);
    const auto two = host->openChannel(QHostAddress::Any, 0);
    QCOMPARE((*one)->localAddress().port(), 49'152);
    QCOMPARE((*two)->localAddress().port(), 49'154);
    QVERIFY((*one)->localAddress().isUnspecified());

    std::vector<std::unique_ptr<Io::DatagramChannel>> all;
    for (int i = 0; i < 65'536 - 49'152 - 3; ++i) {
        auto channel = host->openChannel(QHostAddress::Any, 0);
        QVERIFY(channel.isOk());
        all.push_back(std::move(channel).value());
    }
    QCOMPARE(host->openChannel(QHostAddress::Any, 0).error().code, ErrorCode::AddressInUse);
}

void tst_SimulatedChannels::anyIsDualStackWhereThereIsIpv6()
{
    Simulation simulation;
    Program dual(simulation.host({ip("192.0.2.1"), ip("2001:db8::1")}));
    Program ipv4(simulation.host({ip("192.0.2.2")}));
    Program ipv6(simulation.host({ip("2001:db8::2")}));
    QVERIFY(dual.channel->localAddress().isIpv6());
    QVERIFY(ipv4.channel->localAddress().isIpv4());
    ipv4.send(at("192.0.2.1", 1000), "4");
    ipv6.send(at("2001:db8::1", 1000), "6");
    simulation.runFor(1s);
    QCOMPARE(dual.received.size(), 2);
    QCOMPARE(dual.received.at(0).to, at("192.0.2.1", 1000));
    QCOMPARE(dual.received.at(1).to, at("2001:db8::1", 1000));
    for (const Program::Received &one : dual.received)
        dual.send(one.from, "answer");
    simulation.runFor(1s);
    QCOMPARE(ipv4.received.constFirst().from, at("192.0.2.1", 1000));
    QCOMPARE(ipv6.received.constFirst().from, at("2001:db8::1", 1000));
}

void tst_SimulatedChannels::sourceAddressIsTheWantedOne()
{
    Simulation simulation;
    Program sender(simulation.host({ip("192.0.2.1"), ip("192.0.2.3")}));
    Program receiver(simulation.host({ip("192.0.2.2")}));
    const SocketAddress to = at("192.0.2.2", 1000);
    sender.send(to, "the system's choice");
    sender.send(to, "unspecified", 0, at("0.0.0.0", 0));
    sender.send(to, "the second", 0, at("192.0.2.3", 0));
    simulation.runFor(1s);
    QCOMPARE(receiver.received.size(), 3);
    QCOMPARE(receiver.received.at(0).from, at("192.0.2.1", 1000));
    QCOMPARE(receiver.received.at(1).from, at("192.0.2.1", 1000));
    QCOMPARE(receiver.received.at(2).from, at("192.0.2.3", 1000));
}

void tst_SimulatedChannels::loopbackStaysOnTheHost()
{
    Simulation simulation;
    const auto one = simulation.host({ip("192.0.2.1")});
    const auto other = simulation.host({ip("192.0.2.2")});
    Program inside(one, QHostAddress::LocalHost, 1000);
    Program outside(other, QHostAddress::LocalHost, 1000);
    Program second(one, QHostAddress::Any, 1001);
    second.send(at("127.0.0.1", 1000), QByteArray(40'000, 'x'));
    second.send(at("192.0.2.1", 1001), "to myself");
    QCOMPARE(inside.send(at("192.0.2.2", 1000), "out").status, SendStatus::Lost);
    simulation.runFor(1s);
    QCOMPARE(inside.received.size(), 1);
    QCOMPARE(inside.received.constFirst().from, at("127.0.0.1", 1001));
    QCOMPARE(inside.received.constFirst().time, 1'000'010'000u);
    QCOMPARE(second.received.constFirst().from, at("192.0.2.1", 1001));
    QCOMPARE(outside.received.size(), 0);
}

QTEST_GUILESS_MAIN(tst_SimulatedChannels)
#include "tst_simulatedchannels.moc"
