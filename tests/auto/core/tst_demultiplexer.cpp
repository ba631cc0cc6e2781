// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Other protocols on the socket of QUIC: each datagram goes to the receiver of its class, QUIC goes on, and what the
// driver sends for others waits its turn, within a bound.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>
#include <shared/simulation.h>

#include <qp2pcore/io/driver.h>

#include <QObject>
#include <QTest>

#include <functional>

using namespace Qp2p;
using namespace Qp2p::Io;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Engine::Way;

namespace {

//! A driver on a host of a simulation, with everything that it emits.
class Member final : public Driver::Listener
{
public:
    Member(Simulation &simulation, int number)
        : host(simulation.host({QHostAddress(QStringLiteral("192.0.2.%1").arg(number))}))
        , address(SocketAddress::fromIpv4({192, 0, 2, quint8(number)}, 4433))
    {
        auto opened = Driver::open(host, {makeSettings(number), {}, 0us},
                                   QHostAddress(QStringLiteral("192.0.2.%1").arg(number)), 4433,
                                   this);
        if (!opened)
            qFatal("no driver: %s", qPrintable(opened.error().message));
        driver = std::move(opened).value();
        driver->startAccepting();
    }

    void handleEvent(Engine::Event &event) override
    {
        if (std::holds_alternative<Engine::Events::Opened>(event.what))
            session = event.session;
        else if (auto *arrived = std::get_if<Engine::Events::MessageArrived>(&event.what))
            messages.append(arrived->message.payload());
    }
    void pumped() override {}

    Way wayTo(const Member &other) const { return Way::throughSocket(address, other.address); }
    void send(const QByteArray &payload)
    {
        Engine::Session *open = driver->find(session);
        messagesOf(*open).send(Message(payload), 0);
        driver->touch(*open);
    }

    const Simulation::Host host;
    const SocketAddress address;
    std::unique_ptr<Driver> driver;
    Engine::SessionId session = 0;
    QByteArrayList messages;
};

struct Received
{
    QByteArray data;
    Way way;
    std::chrono::nanoseconds when;
};

class Recorder final : public DatagramReceiver
{
public:
    void handleDatagram(std::span<const quint8> data, const Way &way,
                        std::chrono::nanoseconds now) override
    {
        received.push_back(
            {QByteArray(reinterpret_cast<const char *>(data.data()), qsizetype(data.size())), way,
             now});
        if (then)
            then(received.back());
    }

    std::vector<Received> received;
    std::function<void(const Received &)> then;
};

//! Takes one datagram, unregisters itself, and is gone before its call has ended.
class OneShot final : public DatagramReceiver
{
public:
    OneShot(Driver &driver, std::unique_ptr<DatagramReceiver> &owner, int &calls)
        : m_driver(driver)
        , m_owner(owner)
        , m_calls(calls)
    {
    }
    void handleDatagram(std::span<const quint8>, const Way &, std::chrono::nanoseconds) override
    {
        ++m_calls;
        m_driver.setReceiver(DatagramClass::Probe, nullptr);
        m_owner.reset();
    }

private:
    Driver &m_driver;
    std::unique_ptr<DatagramReceiver> &m_owner;
    int &m_calls;
};

QByteArray datagramOf(int firstByte, qsizetype size = 51)
{
    QByteArray data(size, 'd');
    data[0] = char(firstByte);
    return data;
}

} // namespace

class tst_Demultiplexer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstByteSaysWhatADatagramIs();
    void eachReceiverGetsItsClassAndQuicGoesOn();
    void whatNoReceiverTakesIsDroppedAndCounted();
    void aReceiverMayUnregisterAndDestroyItselfInItsCall();
    void aReceiverMayAnswerInItsCall();
    void datagramsWithoutAUsableSourceReachNoReceiver();
    void whatWaitsForAFullSocketIsBoundedAndLeavesInOrder();
    void aFullSocketDoesNotLoseTheDatagramsOfConnections();
};

void tst_Demultiplexer::theFirstByteSaysWhatADatagramIs()
{
    QCOMPARE(datagramClass({}), DatagramClass::Other);
    for (int first = 0; first < 256; ++first) {
        const auto byte = quint8(first);
        const DatagramClass expected = first < 4                            ? DatagramClass::Stun
            : first == 4                                                    ? DatagramClass::Leg
            : first < 8                                                     ? DatagramClass::Probe
            : (first >= 64 && first < 128) || (first >= 192 && first < 256) ? DatagramClass::Quic
                                                                            : DatagramClass::Other;
        QCOMPARE(datagramClass({&byte, 1}), expected);
    }
}

void tst_Demultiplexer::eachReceiverGetsItsClassAndQuicGoesOn()
{
    Simulation simulation;
    Member one(simulation, 1), two(simulation, 2);
    Recorder stun, leg, probe;
    two.driver->setReceiver(DatagramClass::Stun, &stun);
    two.driver->setReceiver(DatagramClass::Leg, &leg);
    two.driver->setReceiver(DatagramClass::Probe, &probe);
    QVERIFY(one.driver->dial(two.address, {}) != 0);
    QVERIFY(simulation.runUntil([&] { return one.session != 0 && two.session != 0; }, 5s));

    for (int round = 0; round < 50; ++round) {
        for (int first = 0; first < 8; ++first)
            QVERIFY(one.driver->sendDatagram(one.wayTo(two), datagramOf(first, 20 + round)));
        one.send(QByteArray::number(round));
        simulation.runFor(5ms);
    }
    QVERIFY(simulation.runUntil([&] { return two.messages.size() == 50; }, 5s));
    QCOMPARE(stun.received.size(), 4u * 50);
    QCOMPARE(leg.received.size(), 50u);
    QCOMPARE(probe.received.size(), 3u * 50);
    for (int round = 0; round < 50; ++round) {
        QCOMPARE(two.messages.at(round), QByteArray::number(round));
        QCOMPARE(leg.received[size_t(round)].data, datagramOf(4, 20 + round));
        for (size_t i = 0; i < 4; ++i)
            QCOMPARE(stun.received[size_t(round) * 4 + i].data, datagramOf(int(i), 20 + round));
        for (size_t i = 0; i < 3; ++i)
            QCOMPARE(probe.received[size_t(round) * 3 + i].data, datagramOf(int(i) + 5, 20 + round));
    }
    for (const Received &received : stun.received)
        QVERIFY(received.way == two.wayTo(one));
    QVERIFY(std::is_sorted(probe.received.begin(), probe.received.end(),
                           [](const auto &a, const auto &b) { return a.when < b.when; }));
    QVERIFY(probe.received.front().when > 0ns);
    QCOMPARE(two.driver->stats().droppedNotQuic, 0u);
    QVERIFY(two.driver->stats().datagramsReceived > 8 * 50);
    QVERIFY(one.driver->stats().datagramsSent > 8 * 50);
}

void tst_Demultiplexer::whatNoReceiverTakesIsDroppedAndCounted()
{
    Simulation simulation;
    Member member(simulation, 1);
    const SocketAddress stranger = SocketAddress::fromIpv4({198, 51, 100, 7}, 5000);
    quint64 sent = 0, bytes = 0;
    for (int first = 0; first < 256; ++first) {
        if ((first & 0x40) != 0)
            continue;
        for (const qsizetype size : {1, 20, 1500}) {
            simulation.inject(stranger, member.address, datagramOf(first, size));
            ++sent;
            bytes += quint64(size);
        }
    }
    simulation.inject(stranger, member.address, {});
    ++sent;
    simulation.runFor(1s);
    const EndpointStats stats = member.driver->stats();
    QCOMPARE(stats.datagramsReceived, sent);
    QCOMPARE(stats.bytesReceived, bytes);
    QCOMPARE(stats.droppedNotQuic, sent);
    QCOMPARE(stats.droppedMalformed, 0u);
    QCOMPARE(stats.datagramsSent, 0u);

    // One that is registered for a class takes nothing of the others.
    Recorder leg;
    member.driver->setReceiver(DatagramClass::Leg, &leg);
    for (const int first : {0, 3, 4, 5, 7, 8, 20, 150})
        simulation.inject(stranger, member.address, datagramOf(first));
    simulation.runFor(1s);
    QCOMPARE(leg.received.size(), 1u);
    QCOMPARE(member.driver->stats().droppedNotQuic, sent + 7);
}

void tst_Demultiplexer::aReceiverMayUnregisterAndDestroyItselfInItsCall()
{
    Simulation simulation;
    Member one(simulation, 1), two(simulation, 2);
    int calls = 0;
    std::unique_ptr<DatagramReceiver> probe;
    probe = std::make_unique<OneShot>(*two.driver, probe, calls);
    two.driver->setReceiver(DatagramClass::Probe, probe.get());
    for (int i = 0; i < 3; ++i) // the same read has all of them
        QVERIFY(one.driver->sendDatagram(one.wayTo(two), datagramOf(5)));
    simulation.runFor(1s);
    QCOMPARE(calls, 1);
    QVERIFY(!probe);
    QCOMPARE(two.driver->stats().droppedNotQuic, 2u);

    Recorder next;
    two.driver->setReceiver(DatagramClass::Probe, &next);
    QVERIFY(one.driver->sendDatagram(one.wayTo(two), datagramOf(7)));
    simulation.runFor(1s);
    QCOMPARE(next.received.size(), 1u);
}

void tst_Demultiplexer::aReceiverMayAnswerInItsCall()
{
    Simulation simulation;
    Member one(simulation, 1), two(simulation, 2);
    Recorder asked, answered;
    asked.then = [&](const Received &received) {
        QVERIFY(two.driver->sendDatagram(received.way, datagramOf(6)));
    };
    two.driver->setReceiver(DatagramClass::Probe, &asked);
    one.driver->setReceiver(DatagramClass::Probe, &answered);
    QVERIFY(one.driver->sendDatagram(one.wayTo(two), datagramOf(5)));
    QVERIFY(simulation.runUntil([&] { return !answered.received.empty(); }, 1s));
    QCOMPARE(answered.received.front().data, datagramOf(6));
    QVERIFY(answered.received.front().way == one.wayTo(two));
}

void tst_Demultiplexer::datagramsWithoutAUsableSourceReachNoReceiver()
{
    Simulation simulation;
    Member member(simulation, 1);
    Recorder stun;
    member.driver->setReceiver(DatagramClass::Stun, &stun);
    simulation.inject(SocketAddress::fromIpv4({198, 51, 100, 7}, 0), member.address, datagramOf(1));
    simulation.inject(SocketAddress::fromIpv4({0, 0, 0, 0}, 5000), member.address, datagramOf(1));
    simulation.runFor(1s);
    QVERIFY(stun.received.empty());
    QCOMPARE(member.driver->stats().droppedNotQuic, 2u);
}

void tst_Demultiplexer::whatWaitsForAFullSocketIsBoundedAndLeavesInOrder()
{
    Simulation simulation;
    Member one(simulation, 1), two(simulation, 2);
    simulation.setSendBuffer(one.host, 4, 1ms);
    Recorder leg;
    two.driver->setReceiver(DatagramClass::Leg, &leg);
    const auto numbered = [](size_t i) -> QByteArray {
        return datagramOf(4) + QByteArray::number(quint64(i));
    };
    constexpr size_t Max = DatagramSender::MaxQueuedDatagrams;
    for (size_t i = 0; i < Max; ++i)
        QVERIFY(one.driver->sendDatagram(one.wayTo(two), numbered(i)));
    for (int i = 0; i < 10; ++i)
        QVERIFY(!one.driver->sendDatagram(one.wayTo(two), numbered(9999)));

    // As soon as some have left there is room again.
    simulation.runFor(20ms);
    QVERIFY(leg.received.size() >= 10);
    QVERIFY(leg.received.size() < 30);
    QVERIFY(one.driver->sendDatagram(one.wayTo(two), numbered(Max)));
    QVERIFY(simulation.runUntil([&] { return leg.received.size() == Max + 1; }, 5s));
    for (size_t i = 0; i <= Max; ++i)
        QCOMPARE(leg.received[i].data, numbered(i));
    QCOMPARE(one.driver->stats().datagramsSent, Max + 1);

    // Large ones by their bytes.
    LinkProfile wide;
    wide.mtu = 0;
    simulation.setLinks(one.host, two.host, wide);
    const QByteArray large = datagramOf(4, 60'000);
    size_t taken = 0;
    while (one.driver->sendDatagram(one.wayTo(two), large))
        ++taken;
    QCOMPARE(taken, size_t(DatagramSender::MaxQueuedBytes / large.size()));
    QVERIFY(simulation.runUntil([&] { return leg.received.size() == Max + 1 + taken; }, 5s));
}

void tst_Demultiplexer::aFullSocketDoesNotLoseTheDatagramsOfConnections()
{
    Simulation simulation;
    Member one(simulation, 1), two(simulation, 2);
    simulation.setSendBuffer(one.host, 4, 1ms);
    Recorder leg;
    two.driver->setReceiver(DatagramClass::Leg, &leg);
    QVERIFY(one.driver->dial(two.address, {}) != 0);
    QVERIFY(simulation.runUntil([&] { return one.session != 0 && two.session != 0; }, 5s));
    for (int i = 0; i < 20; ++i) {
        one.send(QByteArray(4000, char('a' + i)));
        for (int n = 0; n < 5; ++n)
            QVERIFY(one.driver->sendDatagram(one.wayTo(two), datagramOf(4)));
    }
    QVERIFY(simulation.runUntil(
        [&] { return two.messages.size() == 20 && leg.received.size() == 100; }, 10s));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(two.messages.at(i), QByteArray(4000, char('a' + i)));
    QCOMPARE(one.driver->stats().sendsLost, 0u);
}

QTEST_GUILESS_MAIN(tst_Demultiplexer)
#include "tst_demultiplexer.moc"
