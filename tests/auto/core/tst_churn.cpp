// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections come and go by the thousand, in every way that they can: an endpoint that lives long keeps
// neither memory nor file descriptors of them.
#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QDir>
#include <QTest>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <optional>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

//! Bytes that are allocated now; nothing where nobody counts them, or a sanitizer keeps them.
std::optional<qint64> allocatedBytes()
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    if (!isSanitized) {
        const struct mallinfo2 info = mallinfo2();
        return qint64(info.uordblks + info.hblkhd);
    }
#endif
    return std::nullopt;
}

//! Nothing where the system does not show them.
std::optional<qsizetype> openFiles()
{
    const QDir files(QStringLiteral("/proc/self/fd"));
    if (!files.exists())
        return std::nullopt;
    return files.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot).size();
}

} // namespace

class tst_Churn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void connectionsLeaveNothingBehind();
    void endpointsLeaveNothingBehind();
};

void tst_Churn::connectionsLeaveNothingBehind()
{
    const int cycles = isSanitized ? 600 : 10'000;
    const int warmUp = cycles / 5;
    qInfo("%d cycles in virtual time%s", cycles,
          isSanitized ? ": fewer under sanitizers, which also count the memory" : "");

    EndpointPair::Setup setup;
    setup.acceptor.setIdleTimeout(1s);
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    EndpointConfig foreignConfig;
    foreignConfig.setIdentity(sharedIdentity(2));
    foreignConfig.setNetworkName(QStringLiteral("another network"));
    const auto foreignHost = pair.simulation.host({QHostAddress(QStringLiteral("192.0.2.9"))});
    SimulatedEndpoint foreigner(foreignConfig, foreignHost);
    const PeerAddress nobody(QHostAddress(QStringLiteral("192.0.2.77")), 1);
    const PeerAddress somebodyElse(pair.acceptorAddress().address(), pair.acceptor->localPort(),
                                   sharedIdentity(3).peerId());

    std::optional<qint64> bytesAfterWarmUp;
    int opened = 0;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        const EndpointLog accepted(pair.acceptor.get());
        const int kind = cycle % 8;
        if (kind == 6) { // dials that fail, or are given up
            auto cancelled = pair.dialler->connectToAny({pair.acceptorAddress(), nobody});
            const auto mismatch = pair.dialler->connectTo(somebodyElse);
            const auto wrongNetwork = foreigner.connectTo(pair.acceptorAddress());
            pair.simulation.runFor(25ms);
            cancelled.cancel();
            QVERIFY(pair.finish(mismatch) && pair.finish(wrongNetwork));
            QCOMPARE(mismatch.result().error().code, ErrorCode::PeerIdMismatch);
            QCOMPARE(wrongNetwork.result().error().code, ErrorCode::WrongNetwork);
            continue;
        }
        const auto dial = pair.dialler->connectTo(pair.acceptorAddress());
        QVERIFY(pair.until([&] { return dial.isFinished() && !accepted.opened.isEmpty(); }));
        QVERIFY(dial.result().isOk());
        const QPointer<Connection> out = dial.result().value();
        const QPointer<Connection> in = accepted.opened.at(0);
        ++opened;
        QObject::connect(in, &Connection::requestReceived, in,
                         [](const Request &request) { request.reply(request.message()); });
        const auto reply = out->request(Message("header", "destination", noise(2000, 1)));
        const auto confirmation = in->sendAndConfirm(Message(noise(5000, 2)));
        if (kind != 5) { // there they are under way
            QVERIFY(pair.finish(reply) && pair.finish(confirmation));
            QVERIFY(reply.result().isOk() && confirmation.result().isOk());
        }
        switch (kind) {
        case 0:
        case 5:
            out->close(1, QStringLiteral("enough"));
            break;
        case 1:
            in->close(2);
            break;
        case 2:
            delete out;
            break;
        case 3:
            delete in;
            break;
        case 4: // neither hears of the other any more
            pair.cut();
            pair.simulation.runFor(5s);
            pair.heal();
            break;
        case 7: // messages that never arrive whole
            out->send(Message(noise(500'000, 3)));
            in->pauseReceiving();
            pair.simulation.runFor(30ms);
            out->close();
            break;
        default:
            break;
        }
        QVERIFY(pair.until([&] { return !in && !out; }));
        if (cycle % 100 == 0)
            pair.simulation.runFor(1min); // the closing periods are over
        if (cycle == warmUp) {
            pair.simulation.runFor(1min);
            bytesAfterWarmUp = allocatedBytes();
        }
    }
    pair.simulation.runFor(1min);
    QVERIFY(opened > cycles * 3 / 4);
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.acceptor->stats().halfOpen, 0);
    QCOMPARE(pair.dialler->stats().connections, 0);
    if (const auto bytes = allocatedBytes(); bytes && bytesAfterWarmUp) {
        const qint64 growth = *bytes - *bytesAfterWarmUp;
        qInfo("%lld bytes more after %d cycles than after %d", growth, cycles, warmUp);
        // Less than 10 bytes a cycle: hash tables may still find their size.
        QVERIFY2(growth < 64'000, qPrintable(QString::number(growth)));
    }
}

void tst_Churn::endpointsLeaveNothingBehind()
{
    const int cycles = isSanitized ? 100 : 1000;
    const int warmUp = cycles / 5;
    qInfo("%d endpoints on real sockets%s", cycles,
          isSanitized ? ": fewer under sanitizers, which also count the memory" : "");
    const QHostAddress loopback(QHostAddress::LocalHost);
    EndpointConfig config;
    config.setIdentity(sharedIdentity(0));
    Endpoint acceptor(config);
    QVERIFY(acceptor.listen(loopback).isOk());
    QObject::connect(&acceptor, &Endpoint::connectionOpened, &acceptor, [](Connection *connection) {
        QObject::connect(connection, &Connection::requestReceived, connection,
                         [](const Request &request) { request.reply(request.message()); });
    });
    config.setIdentity(sharedIdentity(1));
    std::optional<qsizetype> filesAtFirst;
    std::optional<qint64> bytesAfterWarmUp;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        if (cycle == warmUp) {
            QVERIFY(waitUntil([&] { return acceptor.stats().connections == 0; }));
            filesAtFirst = openFiles();
            bytesAfterWarmUp = allocatedBytes();
        }
        auto dialler = std::make_unique<Endpoint>(config);
        const auto dial = dialler->connectTo(PeerAddress(loopback, acceptor.localPort()));
        if (cycle % 10 == 9) {
            dialler.reset();
            QVERIFY(dial.isFinished());
            continue;
        }
        QVERIFY(waitUntil([&] { return dial.isFinished(); }));
        QVERIFY2(dial.result().isOk(), qPrintable(dial.result().error().message));
        const auto reply = dial.result().value()->request(Message(noise(1000, 1)));
        QVERIFY(waitUntil([&] { return reply.isFinished(); }));
        QVERIFY(reply.result().isOk());
        if (cycle % 2 == 0) {
            dialler->close();
            QVERIFY(waitUntil([&] { return dialler->state() == Endpoint::State::Closed; }));
        }
    }
    // The last dials that were given up time out at the acceptor.
    QVERIFY(waitUntil([&] { return acceptor.stats().connections == 0; }));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(openFiles(), filesAtFirst);
    if (const auto bytes = allocatedBytes(); bytes && bytesAfterWarmUp) {
        const qint64 growth = *bytes - *bytesAfterWarmUp;
        qInfo("%lld bytes more after %d endpoints than after %d", growth, cycles, warmUp);
        QVERIFY2(growth < 64'000, qPrintable(QString::number(growth)));
    }
}

QTEST_GUILESS_MAIN(tst_Churn)
#include "tst_churn.moc"
