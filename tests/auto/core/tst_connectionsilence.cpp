// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections over which nothing comes: idle time, keep-alive, dead paths, a restarted peer, a busy program.

#include "busyenvironment.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;

QString inSeconds(std::chrono::nanoseconds time)
{
    return QString::number(double(time.count()) / 1e9);
}

EndpointConfig quietConfig(std::chrono::milliseconds idleTimeout)
{
    EndpointConfig config;
    config.setIdleTimeout(idleTimeout);
    config.setKeepAliveInterval(0ms);
    return config;
}

} // namespace

class tst_ConnectionSilence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void idleConnectionEndsAtBothSides_data();
    void idleConnectionEndsAtBothSides();
    void keepAliveOfOneSideIsEnoughForAnHour_data();
    void keepAliveOfOneSideIsEnoughForAnHour();
    void deadPathEndsBothSides_data();
    void deadPathEndsBothSides();
    void outageShorterThanTheIdleTimeLosesNoMessage();
    void restartedPeerResetsTheConnection();
    void busyProgramDoesNotLoseItsConnection();
};

void tst_ConnectionSilence::idleConnectionEndsAtBothSides_data()
{
    QTest::addColumn<int>("acceptorIdle");
    QTest::addColumn<int>("diallerIdle");
    QTest::newRow("equal") << 5 << 5;
    QTest::newRow("acceptor's is smaller") << 5 << 60;
    QTest::newRow("dialler's is smaller") << 60 << 5;
}

void tst_ConnectionSilence::idleConnectionEndsAtBothSides()
{
    QFETCH(int, acceptorIdle);
    QFETCH(int, diallerIdle);
    EndpointPair pair({.acceptor = quietConfig(std::chrono::seconds(acceptorIdle)),
                       .dialler = quietConfig(std::chrono::seconds(diallerIdle))});
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    quint64 lastDatagram = 0;
    quint64 diallerEnd = 0;
    quint64 acceptorEnd = 0;
    pair.simulation.onDatagram = [&](Wire &) {
        lastDatagram = pair.simulation.now();
        return WireAction::Deliver;
    };
    QObject::connect(pair.dialler.get(), &Endpoint::connectionClosed, pair.dialler.get(),
                     [&] { diallerEnd = pair.simulation.now(); });
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, pair.acceptor.get(),
                     [&] { acceptorEnd = pair.simulation.now(); });
    pair.out->send(Message("the last word"));
    QVERIFY(pair.until([&] { return diallerEnd > 0 && acceptorEnd > 0; }, 10min));
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    // Silent: neither tells the other. The timer starts with the last packet that came, or with the
    // first that was sent after it (RFC 9000 section 10.1).
    for (const quint64 end : {diallerEnd, acceptorEnd}) {
        const double seconds = (double(end) - double(lastDatagram)) / 1e9;
        QVERIFY2(seconds > 4.9 && seconds < 5.1, qPrintable(QString::number(seconds)));
    }
}

void tst_ConnectionSilence::keepAliveOfOneSideIsEnoughForAnHour_data()
{
    QTest::addColumn<bool>("acceptor");
    QTest::addColumn<bool>("dialler");
    QTest::newRow("both") << true << true;
    QTest::newRow("acceptor") << true << false;
    QTest::newRow("dialler") << false << true;
}

void tst_ConnectionSilence::keepAliveOfOneSideIsEnoughForAnHour()
{
    QFETCH(bool, acceptor);
    QFETCH(bool, dialler);
    EndpointConfig asking;
    asking.setKeepAliveInterval(5s);
    EndpointPair pair({.acceptor = acceptor ? asking : quietConfig(30s),
                       .dialler = dialler ? asking : quietConfig(30s)});
    QVERIFY(pair.connect());
    pair.simulation.runFor(1min);
    const quint64 before = pair.out->stats().datagramsSent + pair.in->stats().datagramsSent;
    pair.simulation.runFor(1h);
    QVERIFY(pair.in && pair.out);
    const quint64 datagrams = pair.out->stats().datagramsSent + pair.in->stats().datagramsSent
        - before;
    // Every five seconds from each side that does, and its acknowledgement, which now and then wants one itself.
    QVERIFY2(datagrams >= 1400 && datagrams <= 3000, qPrintable(QString::number(datagrams)));
    const auto confirmation = pair.in->sendAndConfirm(Message("still there?"));
    QVERIFY(pair.finish(confirmation, 1s));
    QVERIFY(confirmation.result().isOk());
}

void tst_ConnectionSilence::deadPathEndsBothSides_data()
{
    QTest::addColumn<bool>("toAcceptor");
    QTest::addColumn<bool>("toDialler");
    QTest::newRow("both ways") << true << true;
    QTest::newRow("to the acceptor only") << true << false;
    QTest::newRow("to the dialler only") << false << true;
}

void tst_ConnectionSilence::deadPathEndsBothSides()
{
    QFETCH(bool, toAcceptor);
    QFETCH(bool, toDialler);
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.simulation.runFor(1min);
    if (toAcceptor)
        pair.simulation.blackhole(pair.diallerHost, pair.acceptorHost);
    if (toDialler)
        pair.simulation.blackhole(pair.acceptorHost, pair.diallerHost);
    const quint64 id = pair.out->send(Message("into the dark"));
    const auto reply = pair.out->request(Message("anybody?"));
    // The side that hears nothing ends after at most the keep-alive and idle time, and then the
    // other one hears nothing either.
    const auto time = pair.timeUntil(
        [&] { return !dialler.closed.isEmpty() && !acceptor.closed.isEmpty(); });
    QVERIFY2(time > 13s && time < 41s, qPrintable(inSeconds(time)));
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::IdleTimeout);
    QCOMPARE(reply.result().error().code, ErrorCode::IdleTimeout);
    if (toAcceptor) {
        QVERIFY(!out.failures.isEmpty());
        QCOMPARE(out.failures.at(0).id, id);
        QCOMPARE(out.failures.at(0).error.code, ErrorCode::IdleTimeout);
    }
}

void tst_ConnectionSilence::outageShorterThanTheIdleTimeLosesNoMessage()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    QList<QFuture<Result<void>>> confirmations;
    for (int i = 0; i < 20; ++i)
        confirmations.append(pair.out->sendAndConfirm(Message(noise(100 * KB, quint32(i)))));
    pair.simulation.after(500ms, [&] { pair.cut(); });
    pair.simulation.after(10s, [&] { pair.heal(); });
    for (const auto &confirmation : confirmations) {
        QVERIFY(pair.finish(confirmation, 2min));
        QVERIFY2(confirmation.result().isOk(), qPrintable(confirmation.result().error().message));
    }
    QCOMPARE(in.messages.size(), 20);
}

void tst_ConnectionSilence::restartedPeerResetsTheConnection()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    ConnectionLog out(pair.out);
    pair.restartAcceptor();
    pair.out->send(Message("do you remember me?"));
    const auto time = pair.timeUntil([&] { return !dialler.closed.isEmpty(); });
    QCOMPARE(dialler.closed.at(0).reason.code, ErrorCode::ConnectionReset);
    QVERIFY2(time < 100ms, qPrintable(inSeconds(time)));
    QCOMPARE(out.failures.size(), 1);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::ConnectionReset);
    QVERIFY(pair.connect());
}

void tst_ConnectionSilence::busyProgramDoesNotLoseItsConnection()
{
    EndpointPair::Setup setup;
    setup.acceptor.setIdleTimeout(10s);
    setup.acceptor.setKeepAliveInterval(3s);
    setup.dialler = quietConfig(10s);
    EndpointPair pair(setup);
    const auto busy = std::make_shared<BusyEnvironment>(pair.diallerHost);
    pair.dialler = std::make_unique<SimulatedEndpoint>(pair.dialler->config(), busy);
    QVERIFY(pair.connect());
    pair.simulation.runFor(5s);
    EndpointLog dialler(pair.dialler.get());
    // Longer than the idle time-out; but the peer's sign of life has come, and waits in the socket.
    busy->setBusy();
    pair.simulation.runFor(11s);
    busy->returnToEventLoop();
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 0);
    QVERIFY(pair.in && pair.out);
    const auto confirmation = pair.out->sendAndConfirm(Message("sorry"));
    QVERIFY(pair.finish(confirmation, 1s));
    QVERIFY(confirmation.result().isOk());
}

QTEST_GUILESS_MAIN(tst_ConnectionSilence)
#include "tst_connectionsilence.moc"
