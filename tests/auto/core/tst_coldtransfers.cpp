// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The first transfer of a connection takes as many round trips as slow start needs, and not one more.

#include <shared/simulation.h>

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QTest>

#include <limits>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr qint64 KB = 1000;
constexpr qint64 MB = 1000 * 1000;

struct Scene
{
    QString acceptor; //!< IP addresses; the same one: both endpoints are on one host
    QString dialler;
    LinkProfile link;
};

LinkProfile link(std::chrono::nanoseconds roundTrip, quint64 bytesPerSecond, size_t mtu)
{
    LinkProfile link;
    link.latency = roundTrip / 2;
    link.bytesPerSecond = bytesPerSecond;
    link.mtu = mtu;
    return link;
}

//! \brief What slow start needs for \a bytes on the wire.
//!
//! A window of W bytes is acknowledged one round trip after it was sent, and is twice as large then (RFC 9002
//! section 7.3.1). So after n round trips W (2^n - 1) bytes have left, until the window covers the path: from then
//! on the link is never idle. A round trip after its last byte has left all is confirmed.
Milliseconds slowStart(double window, double bytes, const LinkProfile &link)
{
    const Milliseconds roundTrip = 2 * link.latency;
    const double rate = link.bytesPerSecond > 0
        ? double(link.bytesPerSecond) / 1000 // a millisecond
        : std::numeric_limits<double>::infinity();
    Milliseconds time{0};
    while (bytes > window && window < rate * roundTrip.count()) {
        bytes -= window;
        window *= 2;
        time += roundTrip;
    }
    return time + Milliseconds(bytes / rate) + roundTrip;
}

} // namespace

class tst_ColdTransfers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takeNoRoundTripMoreThanSlowStart_data();
    void takeNoRoundTripMoreThanSlowStart();
};

void tst_ColdTransfers::takeNoRoundTripMoreThanSlowStart_data()
{
    const QString loopback = QStringLiteral("127.0.0.1");
    const LinkProfile gigabit = link(20ms, 125'000'000, 1472);
    const std::pair<const char *, Scene> scenes[] = {
        {"1 Gbit/s, 20 ms", {QStringLiteral("192.0.2.1"), QStringLiteral("192.0.2.2"), gigabit}},
        {"no limit, 20 ms",
         {QStringLiteral("192.0.2.1"), QStringLiteral("192.0.2.2"), link(20ms, 0, 1472)}},
        // Jumbo frames, which may be found, and a loopback interface with a delay.
        {"private, 20 ms",
         {QStringLiteral("10.0.0.1"), QStringLiteral("10.0.0.2"), link(20ms, 125'000'000, 0)}},
        {"loopback, 20 ms", {loopback, loopback, link(20ms, 125'000'000, 0)}},
        // Where larger probes are lost.
        {"loopback, 20 ms, 1,500 bytes", {loopback, loopback, gigabit}},
        {"loopback", {loopback, loopback, link(50us, 0, 0)}},
    };
    QTest::addColumn<Scene>("scene");
    QTest::addColumn<qint64>("bytes");
    for (const auto &[name, scene] : scenes) {
        for (const qint64 bytes : {100 * KB, 1 * MB, 10 * MB})
            QTest::addRow("%s: %lld kB", name, qlonglong(bytes / KB)) << scene << bytes;
    }
}

void tst_ColdTransfers::takeNoRoundTripMoreThanSlowStart()
{
    QFETCH(Scene, scene);
    QFETCH(qint64, bytes);
    constexpr quint16 Port = 4000;
    // Of the MTU: each of the three at most three times, the largest only where the one before it arrives.
    constexpr int Probes = 3 * 8952 + 65'507;
    const QHostAddress address(scene.acceptor);
    Simulation simulation;
    const auto acceptorHost = simulation.host({address});
    const auto diallerHost = scene.acceptor == scene.dialler
        ? acceptorHost
        : simulation.host({QHostAddress(scene.dialler)});
    simulation.setLinks(acceptorHost, diallerHost, scene.link);
    EndpointConfig config;
    config.setRetryMode(EndpointConfig::RetryMode::Never);
    config.setIdentity(sharedIdentity(0));
    SimulatedEndpoint acceptor(config, acceptorHost);
    config.setIdentity(sharedIdentity(1));
    SimulatedEndpoint dialler(config, diallerHost);
    QVERIFY(acceptor.listen(QHostAddress(QHostAddress::Any), Port).isOk());

    const std::chrono::nanoseconds roundTrip = 2 * scene.link.latency;
    const quint64 start = simulation.now();
    const auto dial = dialler.connectTo(PeerAddress(address, Port));
    QVERIFY(simulation.runUntil([&] { return dial.isFinished(); }, 1s));
    QVERIFY(dial.result().isOk());
    Connection *out = dial.result().value();
    const Milliseconds opening = std::chrono::nanoseconds(simulation.now() - start);
    // The handshake, then its confirmation and the hello.
    QVERIFY2(opening < 2.2 * roundTrip || opening < 200us,
             qPrintable(QString::number(opening.count())));

    const quint64 window = out->stats().congestionWindow;
    QVERIFY(window >= 10 * 1200);
    bool isConfirmed = false;
    QObject::connect(out, &Connection::messageAcknowledged, out, [&] { isConfirmed = true; });
    const quint64 opened = simulation.now();
    const quint64 before = simulation.counters(diallerHost, acceptorHost).sentBytes;
    out->send(Message(noise(bytes, 1)));
    QVERIFY(simulation.runUntil([&] { return isConfirmed; }, 10s));
    const Milliseconds took = std::chrono::nanoseconds(simulation.now() - opened);
    const double sent = double(simulation.counters(diallerHost, acceptorHost).sentBytes - before);
    QVERIFY(sent < 1.05 * double(bytes) + double(Probes)); // nothing twice
    const Milliseconds needed = slowStart(double(window), sent, scene.link);
    const QString figures = QStringLiteral(
                                "opened in %1 ms, confirmed in %2 ms, slow start needs %3 ms")
                                .arg(opening.count())
                                .arg(took.count())
                                .arg(needed.count());
    QVERIFY2(took < needed + roundTrip, qPrintable(figures));
    QVERIFY2(took > needed - roundTrip, qPrintable(figures));
}

QTEST_GUILESS_MAIN(tst_ColdTransfers)
#include "tst_coldtransfers.moc"
