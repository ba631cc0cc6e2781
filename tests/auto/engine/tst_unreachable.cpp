// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Closed ports: which ICMP messages end which dials, and what forged ones cannot do.
#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

//! A host without any program: it says so of each datagram, or says what a test wants.
class ClosedHost final : public Party
{
public:
    ClosedHost(const SocketAddress &own, RouterParty &dialler)
        : Party(own)
        , m_dialler(dialler)
    {
    }

    void receive(const Datagram &datagram, ngtcp2_tstamp now) override
    {
        received.append(datagram.data);
        if (answer)
            answer(datagram.data, now);
    }
    void expire(ngtcp2_tstamp) override {}
    std::vector<Datagram> write(ngtcp2_tstamp) override { return {}; }
    ngtcp2_tstamp deadline() const override { return UINT64_MAX; }

    void sayUnreachable(const QByteArray &quoted, ngtcp2_tstamp now)
    {
        // On the heap, and as long as it is, so that a sanitizer sees a read beyond it.
        const std::vector<char> bytes(quoted.begin(), quoted.end());
        m_dialler.router->handleUnreachable(Way::throughSocket(m_dialler.address, address),
                                            QByteArrayView(bytes.data(), qsizetype(bytes.size())),
                                            now);
    }

    QByteArrayList received;
    std::function<void(const QByteArray &, ngtcp2_tstamp)> answer;

private:
    RouterParty &m_dialler;
};

struct World
{
    World()
        : dialler(publicAddress(2), makeSettings(2))
        , host(publicAddress(1), dialler)
    {
        wire.connect(dialler);
        wire.connect(host);
    }
    SessionId dial(const Session::DialOptions &options = {})
    {
        return Test::dial(dialler, host.address, wire.now, options);
    }
    bool hasEnded() const { return dialler.count<Events::Closed>() > 0; }

    VirtualWire wire;
    RouterParty dialler;
    ClosedHost host;
};

} // namespace

class tst_Unreachable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closedPortEndsADialWithinASecond_data();
    void closedPortEndsADialWithinASecond();
    void oneMessageIsNotEnough();
    void moreMessagesThanDatagramsProveNothing();
    void messageOfAnotherDatagramIsIgnored_data();
    void messageOfAnotherDatagramIsIgnored();
    void messageOfAnotherPathIsIgnored();
    void onlyTheQuotedDialEnds();
    void dialThatHasHeardAnythingGoesOn();
    void openConnectionDoesNotCare();
    void anyQuotedBytesAreSurvived();
};

void tst_Unreachable::closedPortEndsADialWithinASecond_data()
{
    QTest::addColumn<int>("quoted"); // bytes
    QTest::addColumn<int>("maxUnanswered");
    QTest::newRow("as Linux quotes with IPv4") << 520 << 0;
    QTest::newRow("all of it") << 65535 << 0;
    QTest::newRow("just the header") << 33 << 0;
    QTest::newRow("less than the header") << 32 << 0;
    QTest::newRow("nothing, as RFC 792 permits") << 0 << 0;
    QTest::newRow("a dial to check somebody") << 520 << 3;
}

void tst_Unreachable::closedPortEndsADialWithinASecond()
{
    QFETCH(int, quoted);
    QFETCH(int, maxUnanswered);
    World world;
    world.host.answer = [&](const QByteArray &datagram, ngtcp2_tstamp now) {
        world.host.sayUnreachable(datagram.left(quoted), now);
    };
    Session::DialOptions options;
    options.maxUnanswered = quint32(maxUnanswered);
    world.dial(options);
    const ngtcp2_tstamp start = world.wire.now;
    QVERIFY(world.wire.runUntil([&] { return world.hasEnded(); }));
    const Error error = world.dialler.closeReason();
    QCOMPARE(error.code, ErrorCode::PortUnreachable);
    QVERIFY2(world.wire.now - start < Seconds,
             qPrintable(QString::number((world.wire.now - start) / Milliseconds)));
    QVERIFY(!world.dialler.router->hasSessions());
    // And nothing more leaves to somewhere where nobody is.
    const qsizetype datagrams = world.host.received.size();
    world.wire.runFor(20 * Seconds);
    QCOMPARE(world.host.received.size(), datagrams);
}

void tst_Unreachable::oneMessageIsNotEnough()
{
    World world;
    world.host.answer = [&](const QByteArray &datagram, ngtcp2_tstamp now) {
        if (world.host.received.size() == 1)
            world.host.sayUnreachable(datagram, now);
    };
    world.dial();
    QVERIFY(world.wire.runUntil([&] { return world.hasEnded(); }));
    QCOMPARE(world.dialler.closeReason().code, ErrorCode::HandshakeTimeout);
}

void tst_Unreachable::moreMessagesThanDatagramsProveNothing()
{
    World world;
    world.host.answer = [&](const QByteArray &datagram, ngtcp2_tstamp now) {
        for (int i = 0; i < 5 && world.host.received.size() == 1; ++i)
            world.host.sayUnreachable(datagram, now);
    };
    world.dial();
    world.wire.runFor(100 * Milliseconds);
    QCOMPARE(world.host.received.size(), 1);
    QVERIFY(!world.hasEnded());
}

void tst_Unreachable::messageOfAnotherDatagramIsIgnored_data()
{
    QTest::addColumn<int>("at"); // the byte that is another
    QTest::newRow("form") << 0;
    QTest::newRow("version") << 4;
    QTest::newRow("length of the first ID") << 5;
    QTest::newRow("length of our ID") << 24;
    QTest::newRow("our ID, first byte") << 25;
    QTest::newRow("our ID, last byte") << 32;
}

void tst_Unreachable::messageOfAnotherDatagramIsIgnored()
{
    QFETCH(int, at);
    World world;
    world.host.answer = [&](QByteArray datagram, ngtcp2_tstamp now) {
        datagram[at] = char(datagram[at] ^ 0x81);
        world.host.sayUnreachable(datagram.left(64), now);
    };
    world.dial();
    QVERIFY(world.wire.runUntil([&] { return world.hasEnded(); }));
    QCOMPARE(world.dialler.closeReason().code, ErrorCode::HandshakeTimeout);
}

void tst_Unreachable::messageOfAnotherPathIsIgnored()
{
    World world;
    SocketAddress otherPort = world.host.address;
    otherPort.setPort(4434);
    for (const SocketAddress &other : {otherPort, publicAddress(77)}) {
        for (const qsizetype quoted : {0, 64}) {
            world.dialler.events.clear();
            world.host.answer = [&](const QByteArray &datagram, ngtcp2_tstamp now) {
                world.dialler.router->handleUnreachable(
                    Way::throughSocket(world.dialler.address, other), datagram.left(quoted), now);
            };
            world.dial();
            QVERIFY(world.wire.runUntil([&] { return world.hasEnded(); }));
            QCOMPARE(world.dialler.closeReason().code, ErrorCode::HandshakeTimeout);
        }
    }
}

void tst_Unreachable::onlyTheQuotedDialEnds()
{
    World world;
    const SessionId first = world.dial();
    const SessionId second = world.dial();
    QByteArray own; // connection ID
    world.host.answer = [&](const QByteArray &datagram, ngtcp2_tstamp now) {
        const QByteArray id = datagram.mid(25, 8);
        if (own.isEmpty())
            own = id;
        if (id == own)
            world.host.sayUnreachable(datagram.left(64), now);
    };
    QVERIFY(world.wire.runUntil([&] { return world.hasEnded(); }, Seconds));
    world.wire.runFor(Seconds);
    QCOMPARE(world.dialler.count<Events::Closed>(), size_t(1));
    QVERIFY(bool(world.dialler.router->find(first)) != bool(world.dialler.router->find(second)));
}

void tst_Unreachable::dialThatHasHeardAnythingGoesOn()
{
    RouterPair pair(EndpointConfig::RetryMode::Always);
    QByteArrayList sent;
    bool heard = false;
    pair.wire.filter = [&](Datagram &datagram) {
        if (datagram.to == pair.acceptor->address) {
            sent.append(datagram.data);
            return sent.size() == 1; // which is answered with a Retry; the rest is lost
        }
        heard = true;
        return true;
    };
    pair.dial();
    QVERIFY(pair.wire.runUntil([&] { return sent.size() >= 3; }));
    QVERIFY(heard);
    for (const QByteArray &datagram : std::as_const(sent)) {
        for (const qsizetype quoted : {0, 64, 1200}) {
            pair.dialler->router->handleUnreachable(
                Way::throughSocket(pair.dialler->address, pair.acceptor->address),
                datagram.left(quoted), pair.wire.now);
        }
    }
    pair.wire.filter = nullptr;
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Opened>() > 0; }));
}

void tst_Unreachable::openConnectionDoesNotCare()
{
    RouterPair pair;
    QByteArrayList sent;
    pair.wire.filter = [&](Datagram &datagram) {
        if (datagram.to == pair.acceptor->address)
            sent.append(datagram.data);
        return true;
    };
    QVERIFY(pair.open());
    for (RouterParty *party : {pair.dialler.get(), pair.acceptor.get()}) {
        const SocketAddress other = party == pair.dialler.get() ? pair.acceptor->address
                                                                : pair.dialler->address;
        for (const QByteArray &datagram : std::as_const(sent)) {
            for (const qsizetype quoted : {0, 64, 1200})
                party->router->handleUnreachable(Way::throughSocket(party->address, other),
                                                 datagram.left(quoted), pair.wire.now);
        }
    }
    pair.wire.runFor(Seconds);
    QCOMPARE(pair.dialler->count<Events::Closed>(), size_t(0));
    QCOMPARE(pair.acceptor->count<Events::Closed>(), size_t(0));
    pair.dialler->send(pair.dialler->session()->id(), Message("still here"));
    QVERIFY(pair.wire.runUntil([&] { return pair.acceptor->count<Events::MessageArrived>() == 1; }));
}

void tst_Unreachable::anyQuotedBytesAreSurvived()
{
    World world;
    world.dial();
    world.wire.runFor(50 * Milliseconds);
    QCOMPARE(world.host.received.size(), 1);
    const QByteArray genuine = world.host.received.at(0);
    SeededRandom random(5);
    for (int size = 33; size < 200; ++size) { // shorter ones count
        for (int i = 0; i < 50; ++i) {
            QByteArray quoted = randomBytes(random, size);
            if (i % 2) // plausible as far as the lengths
                quoted.replace(0, 6, genuine.left(6));
            world.host.sayUnreachable(quoted, world.wire.now);
        }
    }
    world.wire.runFor(Seconds);
    QVERIFY(!world.hasEnded());
}

QTEST_GUILESS_MAIN(tst_Unreachable)
#include "tst_unreachable.moc"
