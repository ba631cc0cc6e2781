// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How large the next packet may be: all of the path, more for a probe, less in a black hole.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/packetsizing.h>

#include <QMap>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr size_t Wide = 1452; // what WideProbes find first
constexpr size_t Capped = BlackHoleDetector::CappedSize;

//! A connection whose path is known to carry packets of Wide bytes.
struct WidePath : RouterPair
{
    bool find()
    {
        if (!open())
            return false;
        dialler->send(dialler->session()->id(), Message(QByteArray(500'000, 'x')));
        return wire.runUntil(
            [this] { return ngtcp2_conn_get_path_max_tx_udp_payload_size(conn()) == Wide; });
    }
    ngtcp2_conn *conn() const { return dialler->session()->connection(); }
};

//! A connection within one machine.
struct LoopbackPath
{
    LoopbackPath()
        : acceptor(makeAcceptor(SocketAddress::fromIpv4({127, 0, 0, 1}, 1), makeSettings(1)))
        , dialler(SocketAddress::fromIpv4({127, 0, 0, 1}, 2), makeSettings(2))
    {
        wire.connect(*acceptor);
        wire.connect(dialler);
    }
    bool open()
    {
        dial(dialler, acceptor->address, wire.now);
        return wire.runUntil([this] {
            return acceptor->count<Events::Opened>() > 0 && dialler.count<Events::Opened>() > 0;
        });
    }
    ngtcp2_conn *conn() const { return dialler.session()->connection(); }
    quint64 congestionWindow() const
    {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(conn(), &info);
        return info.cwnd;
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> acceptor;
    RouterParty dialler;
};

} // namespace

class tst_PacketSizing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void probesSuitThePeersAddress_data();
    void probesSuitThePeersAddress();
    void bulkIsProbedFor();
    void aProbeTakesNoMoreThanAQuarterOfTheWindow();
    void aNewPathIsProbedWhenItsWindowHasGrown();
    void smallPacketsAndProbesShowNoBlackHole();
    void acknowledgedPacketsAreNoBlackHole();
    void aBlackHoleGetsSmallPacketsAndThenATest();
};

void tst_PacketSizing::probesSuitThePeersAddress_data()
{
    QTest::addColumn<SocketAddress>("remote");
    QTest::addColumn<QList<int>>("probes");
    const QList<int> loopback{1452, 8952, int(Limits::MaxDatagram)};
    const QList<int> local{1452, 8952, 1404, 1342, 1232};
    const QList<int> wide{1452, 1404, 1342, 1232};
    QTest::newRow("127.0.0.1") << SocketAddress::fromIpv4({127, 0, 0, 1}, 1) << loopback;
    QTest::newRow("::1") << SocketAddress::fromIpv6(
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 1)
                         << loopback;
    QTest::newRow("10.0.0.1") << privateAddress(1) << local;
    QTest::newRow("public IPv4") << publicAddress(1) << wide;
    QTest::newRow("public IPv6") << publicIpv6(1, 1, 1) << wide;
}

void tst_PacketSizing::probesSuitThePeersAddress()
{
    QFETCH(SocketAddress, remote);
    QFETCH(QList<int>, probes);
    const auto found = mtuProbesFor(Way::throughSocket({}, remote));
    QCOMPARE(QList<int>(found.begin(), found.end()), probes);
}

void tst_PacketSizing::bulkIsProbedFor()
{
    WidePath path;
    QVERIFY(path.find());
    PacketSizing sizing;
    for (const qint64 queued : {qint64(0), Limits::ProbePathFrom - 1}) {
        sizing.beginTurn(path.conn(), queued);
        QCOMPARE(sizing.next(path.conn(), queued, TimeZero), Wide);
    }
    for (const qint64 queued : {Limits::ProbePathFrom, qint64(0)}) { // from now on
        sizing.beginTurn(path.conn(), queued);
        QCOMPARE(sizing.next(path.conn(), queued, TimeZero), Limits::MaxDatagram);
    }
}

void tst_PacketSizing::aProbeTakesNoMoreThanAQuarterOfTheWindow()
{
    LoopbackPath path;
    QVERIFY(path.open());
    QMap<qsizetype, quint64> windows; // by the size of a probe, when the first of it left
    path.wire.filter = [&](const Datagram &datagram) {
        const qsizetype size = datagram.data.size();
        if (datagram.from == path.dialler.address && size > 1200 && !windows.contains(size))
            windows.insert(size, path.congestionWindow());
        return true;
    };
    path.dialler.send(path.dialler.session()->id(), Message(QByteArray(4'000'000, 'x')));
    QVERIFY(path.wire.runUntil([&] { return windows.contains(Limits::MaxDatagram); }));
    for (const uint16_t probe : mtuProbesFor(Way::throughSocket({}, path.acceptor->address))) {
        QVERIFY(windows.contains(probe));
        QVERIFY2(windows.value(probe) >= 4u * probe,
                 qPrintable(QStringLiteral("%1: %2").arg(probe).arg(windows.value(probe))));
    }
}

void tst_PacketSizing::aNewPathIsProbedWhenItsWindowHasGrown()
{
    LoopbackPath path;
    QVERIFY(path.open());
    PacketSizing sizing;
    const auto mayLeave = [&] {
        sizing.beginTurn(path.conn(), Limits::ProbePathFrom);
        return sizing.next(path.conn(), Limits::ProbePathFrom, TimeZero);
    };
    QCOMPARE(mayLeave(), size_t(path.congestionWindow() / 4));
    QVERIFY(mayLeave() < 8952);
    path.dialler.send(path.dialler.session()->id(), Message(QByteArray(4'000'000, 'x')));
    QVERIFY(path.wire.runUntil([&] { return path.congestionWindow() >= 4 * Limits::MaxDatagram; }));
    QCOMPARE(mayLeave(), Limits::MaxDatagram);
    sizing.pathChanged();
    QCOMPARE(sizing.next(path.conn(), 0, TimeZero),
             ngtcp2_conn_get_path_max_tx_udp_payload_size(path.conn()));
}

void tst_PacketSizing::smallPacketsAndProbesShowNoBlackHole()
{
    WidePath path;
    QVERIFY(path.find());
    PacketSizing sizing;
    for (const size_t size : {size_t(100), Capped, Wide + 1, size_t(8952)}) {
        sizing.sent(path.conn(), size, TimeZero);
        QCOMPARE(sizing.deadline(), ngtcp2_tstamp(UINT64_MAX));
    }
}

void tst_PacketSizing::acknowledgedPacketsAreNoBlackHole()
{
    WidePath path;
    QVERIFY(path.find());
    PacketSizing sizing;
    sizing.sent(path.conn(), Wide, TimeZero);
    QVERIFY(sizing.deadline() >= TimeZero + nanoseconds(Limits::BlackHolePatience));
    QVERIFY(sizing.deadline() <= TimeZero + 2 * Seconds);
    sizing.acknowledged(path.conn(), TimeZero + 1);
    QCOMPARE(sizing.deadline(), ngtcp2_tstamp(UINT64_MAX));
    QCOMPARE(sizing.next(path.conn(), 0, TimeZero + 10 * Seconds), Wide);
}

void tst_PacketSizing::aBlackHoleGetsSmallPacketsAndThenATest()
{
    WidePath path;
    QVERIFY(path.find());
    PacketSizing sizing;
    sizing.sent(path.conn(), Wide, TimeZero);
    const ngtcp2_tstamp due = sizing.deadline();
    sizing.handleExpiry(due);
    constexpr qint64 Enough = qint64(Wide
                                     + 10 * Capped); // for a test, and packets that show its loss
    for (const qint64 queued : {qint64(0), Enough, qint64(1'000'000)})
        QCOMPARE(sizing.next(path.conn(), queued, due), Capped);
    sizing.acknowledged(path.conn(), due + 1); // small ones pass
    QCOMPARE(sizing.next(path.conn(), Enough, due + 1), Capped); // earlier losses are not yet known
    const ngtcp2_tstamp later = due + Seconds;
    QCOMPARE(sizing.next(path.conn(), Enough - 1, later), Capped);
    QCOMPARE(sizing.next(path.conn(), Enough, later), Wide);
    sizing.sent(path.conn(), Wide, later);
    QCOMPARE(sizing.next(path.conn(), Enough, later), Capped); // one is under way
}

QTEST_GUILESS_MAIN(tst_PacketSizing)
#include "tst_packetsizing.moc"
