// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections over a node that forwards: their packets come and go on the links to it, and nowhere is an address of
// the peer's.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>
#include <shared/simulation.h>

#include <qp2pcore/engine/messages/messageprotocol.h>
#include <qp2pcore/io/driver.h>
#include <qp2pcore/nat/legdatagram.h>

#include <QTest>
#include <QtEndian>

#include <cstring>

using namespace Qp2p;
using namespace Qp2p::Io;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Engine::SocketAddress;
using Engine::Way;

namespace {

constexpr quint64 CallersLeg = 0x1122334455667788;
constexpr quint64 CalleesLeg = 0x99aabbccddeeff01;

QByteArray legDatagram(quint64 leg, const QByteArray &inner)
{
    QByteArray datagram(9, '\x04');
    qToBigEndian(leg, datagram.data() + 1);
    return datagram + inner;
}

//! A driver on a host of a simulation, with everything that it emits.
class Member final : public Driver::Listener
{
public:
    Member(Simulation &simulation, int number,
           EndpointConfig::RetryMode retry = EndpointConfig::RetryMode::Never)
        : host(simulation.host({QHostAddress(QStringLiteral("192.0.2.%1").arg(number))}))
        , address(SocketAddress::fromIpv4({192, 0, 2, quint8(number)}, 4433))
    {
        Engine::Settings settings = makeSettings(number);
        settings.retryMode = retry;
        auto created = Driver::open(host, {settings, {}, 0us},
                                    QHostAddress(QStringLiteral("192.0.2.%1").arg(number)), 4433,
                                    this);
        if (!created)
            qFatal("no driver: %s", qPrintable(created.error().message));
        driver = std::move(created).value();
        driver->startAccepting();
    }

    void handleEvent(Engine::Event &event) override
    {
        if (std::holds_alternative<Engine::Events::Opened>(event.what)) {
            opened.push_back(event.session);
        } else if (auto *arrived = std::get_if<Engine::Events::MessageArrived>(&event.what)) {
            messages.append(arrived->message.payload());
        } else if (std::holds_alternative<Engine::Events::Acknowledged>(event.what)) {
            ++acknowledged;
        } else if (auto *closed = std::get_if<Engine::Events::Closed>(&event.what)) {
            closedRemotes.push_back(closed->remote);
        }
    }
    void pumped() override {}

    Engine::Session *session(size_t number) const { return driver->find(opened.at(number)); }
    void send(Engine::SessionId to, const QByteArray &payload)
    {
        Engine::Session *open = driver->find(to);
        messagesOf(*open).send(Message(payload), 0);
        driver->touch(*open);
    }

    const Simulation::Host host;
    const SocketAddress address;
    std::unique_ptr<Driver> driver;
    std::vector<Engine::SessionId> opened;
    std::vector<SocketAddress> closedRemotes;
    QByteArrayList messages;
    int acknowledged = 0;
};

//! What a node does that forwards: another id before the rest, and on to the other end.
class Forwarder final : public DatagramReceiver
{
public:
    Forwarder(Member &node, const Member &caller, const Member &callee)
        : m_node(node)
        , m_ways{Way::throughSocket(node.address, caller.address),
                 Way::throughSocket(node.address, callee.address)}
    {
        node.driver->setReceiver(DatagramClass::Leg, this);
    }
    ~Forwarder() override { m_node.driver->setReceiver(DatagramClass::Leg, nullptr); }
    Q_DISABLE_COPY_MOVE(Forwarder)

    void handleDatagram(std::span<const quint8> data, const Way &, std::chrono::nanoseconds) override
    {
        const auto leg = Nat::LegDatagram::parse(data);
        const bool fromCaller = leg && leg->id == CallersLeg;
        if (!fromCaller && (!leg || leg->id != CalleesLeg))
            return;
        const QByteArray datagram = legDatagram(fromCaller ? CalleesLeg : CallersLeg,
                                                QByteArrayView(leg->payload).toByteArray());
        largest = std::max(largest, datagram.size());
        ofCaller += fromCaller ? 1 : 0;
        forwarded += m_node.driver->sendDatagram(m_ways[fromCaller ? 1 : 0], datagram) ? 1 : 0;
    }

    int forwarded = 0;
    int ofCaller = 0;
    qsizetype largest = 0;

private:
    Member &m_node;
    const std::array<Way, 2> m_ways;
};

//! A caller and a callee, each linked to a node.
struct Triangle
{
    explicit Triangle(EndpointConfig::RetryMode retry = EndpointConfig::RetryMode::Never)
        : node(simulation, 1)
        , caller(simulation, 2)
        , callee(simulation, 3, retry)
        , forwarder(node, caller, callee)
    {
        callersLink = caller.driver->dial(node.address, {});
        calleesLink = callee.driver->dial(node.address, {});
        linked = simulation.runUntil([this] { return node.opened.size() == 2; }, 5s)
            && simulation.runUntil(
                [this] { return caller.opened.size() == 1 && callee.opened.size() == 1; }, 5s);
    }
    Engine::SessionId call()
    {
        caller.driver->legs().open(CallersLeg, callersLink);
        callee.driver->legs().open(CalleesLeg, calleesLink);
        return caller.driver->dialOverLeg(CallersLeg, {});
    }
    bool isOpen()
    {
        return simulation.runUntil(
            [this] { return caller.opened.size() == 2 && callee.opened.size() == 2; }, 5s);
    }

    Simulation simulation;
    Member node;
    Member caller;
    Member callee;
    Forwarder forwarder;
    Engine::SessionId callersLink = 0;
    Engine::SessionId calleesLink = 0;
    bool linked = false;
};

} // namespace

class tst_Legs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesTravelOverALeg();
    void noSideLearnsAnAddressOverALeg();
    void aLegNeedsNoRetry();
    void bulkFillsTheSecondHopAndNoMore();
    void aLegEndsWithItsLink();
    void whatIsNotOfALegIsDropped_data();
    void whatIsNotOfALegIsDropped();
    void aLegTakesTwoHandshakesAtATime();
    void noHostMayHaveALabelAsItsAddress();
};

void tst_Legs::messagesTravelOverALeg()
{
    Triangle triangle;
    QVERIFY(triangle.linked);
    triangle.call();
    QVERIFY(triangle.isOpen());
    triangle.caller.send(triangle.caller.opened[1], "hello");
    triangle.callee.send(triangle.callee.opened[1], "and back");
    QVERIFY(triangle.simulation.runUntil(
        [&] { return triangle.caller.acknowledged == 1 && triangle.callee.acknowledged == 1; }, 5s));
    QCOMPARE(triangle.callee.messages, QByteArrayList{"hello"});
    QCOMPARE(triangle.caller.messages, QByteArrayList{"and back"});
    QVERIFY(triangle.forwarder.forwarded > 4);
    QVERIFY(triangle.node.messages.isEmpty());
    QCOMPARE(triangle.node.opened.size(), 2u);
}

void tst_Legs::noSideLearnsAnAddressOverALeg()
{
    Triangle triangle;
    QVERIFY(triangle.linked);
    const Engine::SessionId inner = triangle.call();
    QVERIFY(triangle.isOpen());
    for (const Engine::Session *session : {triangle.caller.session(1), triangle.callee.session(1)}) {
        QVERIFY(session->way().kind == Way::Kind::Leg);
        QVERIFY(session->way().remote.isNull());
        QVERIFY(session->provenAddress().isNull());
        QVERIFY(Engine::MessagingProtocol::of(*session)->peerHello().observed.isNull());
    }
    triangle.caller.driver->find(inner)->close(0, {}, {}, triangle.caller.driver->now());
    triangle.caller.driver->touch(*triangle.caller.driver->find(inner));
    QVERIFY(
        triangle.simulation.runUntil([&] { return !triangle.callee.closedRemotes.empty(); }, 5s));
    QVERIFY(triangle.callee.closedRemotes.front().isNull());
}

void tst_Legs::aLegNeedsNoRetry()
{
    Triangle triangle(EndpointConfig::RetryMode::Always);
    QVERIFY(triangle.linked);
    triangle.call();
    QVERIFY(triangle.isOpen());
    QCOMPARE(triangle.callee.driver->stats().retriesSent, 0u);
}

void tst_Legs::bulkFillsTheSecondHopAndNoMore()
{
    Triangle triangle;
    QVERIFY(triangle.linked);
    triangle.call();
    QVERIFY(triangle.isOpen());
    const QByteArray large(1'000'000, 'x');
    triangle.caller.send(triangle.caller.opened[1], large);
    QVERIFY(triangle.simulation.runUntil([&] { return triangle.caller.acknowledged == 1; }, 60s));
    QCOMPARE(triangle.callee.messages, QByteArrayList{large});
    QCOMPARE(triangle.forwarder.largest, 1452 + qsizetype(Nat::LegDatagram::HeaderSize));
}

void tst_Legs::aLegEndsWithItsLink()
{
    Triangle triangle;
    QVERIFY(triangle.linked);
    triangle.call();
    QVERIFY(triangle.isOpen());
    QCOMPARE(triangle.caller.driver->legs().count(), 1u);
    triangle.caller.driver->legs().closeAllOf(triangle.callersLink + 1000);
    QCOMPARE(triangle.caller.driver->legs().count(), 1u);
    triangle.caller.driver->legs().closeAllOf(triangle.callersLink);
    QCOMPARE(triangle.caller.driver->legs().count(), 0u);
    const int before = triangle.forwarder.ofCaller;
    triangle.caller.send(triangle.caller.opened[1], "lost");
    triangle.simulation.runFor(5s);
    QVERIFY(triangle.callee.messages.isEmpty());
    QCOMPARE(triangle.forwarder.ofCaller, before);
}

void tst_Legs::whatIsNotOfALegIsDropped_data()
{
    QTest::addColumn<QByteArray>("datagram");
    QTest::addColumn<bool>("fromNode");
    QTest::newRow("another leg") << legDatagram(CalleesLeg + 1, QByteArray(1200, '\xc0')) << true;
    QTest::newRow("no leg") << legDatagram(0, QByteArray(1200, '\xc0')) << true;
    QTest::newRow("nothing in it") << legDatagram(CalleesLeg, {}) << true;
    QTest::newRow("half an id") << legDatagram(CalleesLeg, {}).first(5) << true;
    QTest::newRow("from elsewhere") << legDatagram(CalleesLeg, QByteArray(1200, '\xc0')) << false;
}

void tst_Legs::whatIsNotOfALegIsDropped()
{
    QFETCH(QByteArray, datagram);
    QFETCH(bool, fromNode);
    Triangle triangle;
    QVERIFY(triangle.linked);
    triangle.call();
    QVERIFY(triangle.isOpen());
    const EndpointStats before = triangle.callee.driver->stats();
    triangle.simulation.inject(fromNode ? triangle.node.address : triangle.caller.address,
                               triangle.callee.address, datagram);
    triangle.simulation.runFor(1s);
    QCOMPARE(triangle.callee.driver->stats().droppedNotQuic, before.droppedNotQuic + 1);
    QCOMPARE(triangle.callee.opened.size(), 2u);
}

void tst_Legs::aLegTakesTwoHandshakesAtATime()
{
    Triangle triangle;
    QVERIFY(triangle.linked);
    triangle.caller.driver->legs().open(CallersLeg, triangle.callersLink);
    triangle.callee.driver->legs().open(CalleesLeg, triangle.calleesLink);
    const quint64 refusedBefore = triangle.callee.driver->stats().droppedOverload;
    for (int i = 0; i < 5; ++i)
        triangle.caller.driver->dialOverLeg(CallersLeg, {});
    QVERIFY(triangle.simulation.runUntil([&] { return triangle.callee.opened.size() >= 3; }, 5s));
    QVERIFY(triangle.callee.driver->stats().droppedOverload > refusedBefore);
    // Others have their turn once those are done.
    QVERIFY(triangle.simulation.runUntil([&] { return triangle.callee.opened.size() == 6; }, 30s));
}

void tst_Legs::noHostMayHaveALabelAsItsAddress()
{
    Simulation simulation;
    Member member(simulation, 1);
    std::array<quint8, 16> label{1};
    std::memcpy(label.data() + 8, &CalleesLeg, sizeof(CalleesLeg));
    const SocketAddress forged = SocketAddress::fromIpv6(label, 2);
    QVERIFY(forged.isDiscardOnly());
    QVERIFY(!Way::throughSocket(member.address, forged).canBeAnswered());
    simulation.inject(forged, member.address, QByteArray(1200, '\xc0'));
    simulation.runFor(1s);
    QCOMPARE(member.driver->stats().droppedNotQuic, 1u);
    QCOMPARE(member.driver->stats().handshakesStarted, 0u);
}

QTEST_GUILESS_MAIN(tst_Legs)
#include "tst_legs.moc"
