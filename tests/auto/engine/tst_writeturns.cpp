// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who writes how much in one pump: short bursts while a connection is young, and a turn for everyone.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr ngtcp2_duration Near = 25 * NGTCP2_MICROSECONDS; // the round trip is too short for pacing

//! One call of write(), and so one pump.
struct Pump
{
    quint64 window = 0; //!< the largest congestion window before
    std::map<quint16, size_t> written; //!< bytes, by the port of the peer

    size_t bytes() const
    {
        size_t sum = 0;
        for (const auto &[port, size] : written)
            sum += size;
        return sum;
    }
};

//! \brief Dials peers, one on each port, and remembers what each of its pumps has written.
class PumpedParty final : public Party
{
public:
    PumpedParty()
        : Party(publicAddress(2))
        , party(address, makeSettings(2))
        , m_buffer(Limits::SessionWriteTurn + Limits::MaxDatagram)
    {
    }

    void receive(const Datagram &datagram, ngtcp2_tstamp now) override
    {
        party.receive(datagram, now);
    }
    void expire(ngtcp2_tstamp now) override
    {
        if (party.deadline() <= now)
            party.expire(now);
    }
    std::vector<Datagram> write(ngtcp2_tstamp now) override
    {
        std::vector<Datagram> datagrams;
        Pump pump;
        for (const SessionId id : sessions)
            pump.window = std::max(pump.window, congestionWindow(id));
        m_more = !party.router->write(
            m_buffer,
            [&](const quint8 *data, size_t size, size_t segmentSize, const Way &way, quint8) {
                pump.written[way.remote.port()] += size;
                for (size_t at = 0; at < size; at += segmentSize) {
                    const auto bytes = qsizetype(std::min(segmentSize, size - at));
                    datagrams.push_back(
                        {way.local, way.remote,
                         QByteArray(reinterpret_cast<const char *>(data + at), bytes)});
                }
                return true;
            },
            now);
        m_now = now;
        for (const Event &event : party.router->takeEvents())
            opened += std::holds_alternative<Events::Opened>(event.what) ? 1 : 0;
        if (!pump.written.empty())
            pumps.push_back(std::move(pump));
        return datagrams;
    }
    ngtcp2_tstamp deadline() const override { return m_more ? m_now : party.deadline(); }

    quint64 congestionWindow(SessionId id) const
    {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(party.router->find(id)->connection(), &info);
        return info.cwnd;
    }

    RouterParty party;
    std::vector<SessionId> sessions;
    std::vector<Pump> pumps;
    int opened = 0;

private:
    std::vector<quint8> m_buffer;
    bool m_more = false;
    ngtcp2_tstamp m_now = 0;
};

struct Scene
{
    explicit Scene(int peers)
    {
        wire.latency = Near;
        wire.connect(dialler);
        for (int peer = 0; peer < peers; ++peer) {
            SocketAddress address = publicAddress(1);
            address.setPort(quint16(1000 + peer));
            acceptors.push_back(makeAcceptor(address, makeSettings(1)));
            wire.connect(*acceptors.back());
            dialler.sessions.push_back(dial(dialler.party, address, wire.now));
        }
    }
    bool open()
    {
        return wire.runUntil([this] { return dialler.opened == int(acceptors.size()); });
    }
    void sendToAll(qsizetype bytes)
    {
        const Message message(QByteArray(bytes, 'x'));
        for (const SessionId id : dialler.sessions)
            dialler.party.send(id, message);
    }

    VirtualWire wire;
    PumpedParty dialler;
    std::vector<std::unique_ptr<RouterParty>> acceptors;
};

} // namespace

class tst_WriteTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void burstsOfAYoungConnectionAreShort();
    void everyConnectionHasOneTurnInAPump();
    void thePumpAfterGoesOnWithThoseThatHadNone();
};

void tst_WriteTurns::burstsOfAYoungConnectionAreShort()
{
    Scene scene(1);
    QVERIFY(scene.open());
    scene.sendToAll(8'000'000);
    QVERIFY(scene.wire.runUntil(
        [&] { return scene.dialler.congestionWindow(scene.dialler.sessions.at(0)) > 4'000'000; }));
    size_t longest = 0;
    for (const Pump &pump : scene.dialler.pumps) {
        longest = std::max(longest, pump.bytes());
        const size_t most = std::max(Limits::MinWriteTurn, size_t(pump.window / 4));
        QVERIFY2(pump.bytes() < most + 1500,
                 qPrintable(QStringLiteral("%1 at %2").arg(pump.bytes()).arg(pump.window)));
    }
    QVERIFY(longest >= Limits::SessionWriteTurn); // bulk has long ones
}

void tst_WriteTurns::everyConnectionHasOneTurnInAPump()
{
    Scene scene(4);
    QVERIFY(scene.open());
    scene.sendToAll(8'000'000);
    QVERIFY(scene.wire.runUntil([&] {
        return std::all_of(
            scene.dialler.sessions.begin(), scene.dialler.sessions.end(),
            [&](SessionId id) { return scene.dialler.congestionWindow(id) > 2'000'000; });
    }));
    bool isFull = false;
    for (const Pump &pump : scene.dialler.pumps) {
        QVERIFY(pump.bytes() < Limits::PumpWriteBudget + 4 * 1500);
        for (const auto &[port, bytes] : pump.written) {
            if (pump.written.size() == 4)
                QVERIFY(bytes < Limits::PumpWriteBudget / 4 + 1500);
        }
        isFull = isFull || (pump.written.size() == 4 && pump.bytes() >= Limits::PumpWriteBudget);
    }
    QVERIFY(isFull);
}

void tst_WriteTurns::thePumpAfterGoesOnWithThoseThatHadNone()
{
    constexpr int Peers = 20;
    Scene scene(Peers);
    QVERIFY(scene.open());
    scene.sendToAll(600'000); // the windows grow
    QVERIFY(scene.wire.runUntil([&] {
        return std::all_of(scene.acceptors.begin(), scene.acceptors.end(), [](const auto &party) {
            return party->template count<Events::MessageArrived>() == 1;
        });
    }));
    scene.wire.runFor(Seconds);
    scene.dialler.pumps.clear();
    scene.sendToAll(600'000);
    QVERIFY(scene.wire.runUntil([&] { return scene.dialler.pumps.size() >= 3; }));
    std::map<quint16, int> turns;
    for (const Pump &pump : scene.dialler.pumps) {
        QVERIFY(pump.bytes() < Limits::PumpWriteBudget + Limits::MinWriteTurn + 1500);
        for (const auto &[port, bytes] : pump.written) {
            QVERIFY(bytes < Limits::MinWriteTurn + 1500);
            ++turns[port];
        }
    }
    // Each of them once, before any of them twice.
    QCOMPARE(int(turns.size()), Peers);
}

QTEST_GUILESS_MAIN(tst_WriteTurns)
#include "tst_writeturns.moc"
