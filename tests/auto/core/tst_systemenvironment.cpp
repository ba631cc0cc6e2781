// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The real clock, timer, random bytes and choice of channel.

#include <qp2pcore/io/environment.h>

#include <QElapsedTimer>
#include <QObject>
#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>

using namespace Qp2p;
using namespace Qp2p::Io;
using namespace std::chrono_literals;

class tst_SystemEnvironment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theClockCountsNanosecondsAndNeverGoesBack();
    void randomBytesFillTheWholeSpan();
    void theTimerFiresOnceAndNotBeforeItsDeadline();
    void aPastDeadlineFiresFromTheEventLoopAndNotFromArm();
    void aLaterDeadlineReplacesAnEarlierOne();
    void anEarlierDeadlineReplacesALaterOne();
    void nearAndFarDeadlinesReplaceEachOther();
    void aNearDeadlineAfterManyFiresOnce();
    void aDeadlineOfNeverIsNoDeadline();
    void aDisarmedTimerStaysSilentAndCanBeArmedAgain();
    void theTimerMayBeRearmedByItsHandler();
    void theTimerMayBeDestroyedByItsHandler();
    void theVariableChoosesTheChannel();
    void theNetworksAreThoseOfTheInterfaces();
};

void tst_SystemEnvironment::theClockCountsNanosecondsAndNeverGoesBack()
{
    const auto environment = systemEnvironment();
    QElapsedTimer reference;
    const Time start = environment->now();
    reference.start();
    Time last = start;
    while (reference.nsecsElapsed() < std::chrono::nanoseconds(5ms).count()) {
        const Time now = environment->now();
        QVERIFY(now >= last);
        last = now;
    }
    QVERIFY(environment->now() - start >= 5ms);
    QVERIFY(environment->now() - start < 60s); // a unit off would be a thousandfold
}

void tst_SystemEnvironment::randomBytesFillTheWholeSpan()
{
    const auto environment = systemEnvironment();
    std::array<quint8, 64> seen = {}; // the bits that were ever set at each place
    for (int i = 0; i < 64; ++i) {
        std::array<quint8, 64> bytes = {};
        environment->random(bytes);
        std::transform(bytes.begin(), bytes.end(), seen.begin(), seen.begin(),
                       [](quint8 a, quint8 b) { return quint8(a | b); });
    }
    // A bit that chance never set in 64 rounds comes once in 2^55 runs.
    QVERIFY(std::all_of(seen.begin(), seen.end(), [](quint8 byte) { return byte == 0xff; }));
    environment->random({});
}

void tst_SystemEnvironment::theTimerFiresOnceAndNotBeforeItsDeadline()
{
    const auto environment = systemEnvironment();
    for (const std::chrono::nanoseconds delay : {1ns, 500'000ns, 1'000'000ns, 7'000'001ns}) {
        Time firedAt;
        int fired = 0;
        const auto timer = environment->makeTimer([&] {
            firedAt = environment->now();
            ++fired;
        });
        const Time deadline = environment->now() + delay;
        timer->arm(deadline);
        QTRY_COMPARE(fired, 1);
        QVERIFY(firedAt >= deadline);

        // A second timer that is due later proves that the first has had its chance to fire again.
        bool later = false;
        const auto other = environment->makeTimer([&] { later = true; });
        other->arm(environment->now() + 2 * delay);
        QTRY_VERIFY(later);
        QCOMPARE(fired, 1);
    }
}

void tst_SystemEnvironment::aPastDeadlineFiresFromTheEventLoopAndNotFromArm()
{
    const auto environment = systemEnvironment();
    for (const Time deadline : {Time(), environment->now()}) {
        int fired = 0;
        const auto timer = environment->makeTimer([&] { ++fired; });
        timer->arm(deadline);
        QCOMPARE(fired, 0);
        QTRY_COMPARE(fired, 1);
    }
}

void tst_SystemEnvironment::aLaterDeadlineReplacesAnEarlierOne()
{
    const auto environment = systemEnvironment();
    Time firedAt;
    const auto timer = environment->makeTimer([&] { firedAt = environment->now(); });
    const Time start = environment->now();
    for (int i = 1; i <= 20; ++i)
        timer->arm(start + i * 1ms);
    QTRY_VERIFY(firedAt != Time());
    QVERIFY(firedAt >= start + 20ms);
}

void tst_SystemEnvironment::anEarlierDeadlineReplacesALaterOne()
{
    const auto environment = systemEnvironment();
    Time firedAt;
    const auto timer = environment->makeTimer([&] { firedAt = environment->now(); });
    const Time start = environment->now();
    timer->arm(start + 1h);
    timer->arm(start + 3ms);
    QTRY_VERIFY(firedAt != Time());
    QVERIFY(firedAt >= start + 3ms);
}

//! Those within a millisecond have an alarm of the system of their own: what comes for a deadline that was replaced is
//! none.
void tst_SystemEnvironment::nearAndFarDeadlinesReplaceEachOther()
{
    const auto environment = systemEnvironment();
    QList<Time> fired;
    const auto timer = environment->makeTimer([&] { fired.append(environment->now()); });
    const Time start = environment->now();
    timer->arm(start + 500us);
    timer->arm(start + 7ms);
    QTRY_COMPARE(fired.size(), 1);
    QVERIFY(fired.at(0) >= start + 7ms);
    timer->arm(environment->now() + 20ms);
    const Time near = environment->now() + 500us;
    timer->arm(near);
    QTRY_COMPARE(fired.size(), 2);
    QVERIFY(fired.at(1) >= near);
    timer->arm(environment->now() + 500us);
    timer->arm(Time());
    QTRY_COMPARE(fired.size(), 3);
    timer->arm(environment->now() + 500us);
    timer->disarm();

    bool later = false;
    const auto other = environment->makeTimer([&] { later = true; });
    other->arm(environment->now() + 30ms);
    QTRY_VERIFY(later);
    QCOMPARE(fired.size(), 3);
}

//! There are fewer precise alarms.
void tst_SystemEnvironment::aNearDeadlineAfterManyFiresOnce()
{
    const auto environment = systemEnvironment();
    Time firedAt;
    int fired = 0;
    const auto timer = environment->makeTimer([&] {
        firedAt = environment->now();
        ++fired;
    });
    for (int i = 0; i < 1000; ++i) {
        timer->arm(environment->now() + 900us);
        timer->disarm();
    }
    const Time deadline = environment->now() + 900us;
    timer->arm(deadline);
    QTRY_COMPARE(fired, 1);
    QVERIFY(firedAt >= deadline);
}

void tst_SystemEnvironment::aDeadlineOfNeverIsNoDeadline()
{
    const auto environment = systemEnvironment();
    int fired = 0;
    const auto timer = environment->makeTimer([&] { ++fired; });
    timer->arm(Never);
    timer->arm(environment->now() + 1ms);
    timer->arm(Never);

    bool later = false;
    const auto other = environment->makeTimer([&] { later = true; });
    other->arm(environment->now() + 5ms);
    QTRY_VERIFY(later);
    QCOMPARE(fired, 0);
}

void tst_SystemEnvironment::aDisarmedTimerStaysSilentAndCanBeArmedAgain()
{
    const auto environment = systemEnvironment();
    int fired = 0;
    const auto timer = environment->makeTimer([&] { ++fired; });
    timer->disarm();
    timer->arm(environment->now() + 1ms);
    timer->disarm();

    bool later = false;
    const auto other = environment->makeTimer([&] { later = true; });
    other->arm(environment->now() + 3ms);
    QTRY_VERIFY(later);
    QCOMPARE(fired, 0);

    timer->arm(environment->now() + 1ms);
    QTRY_COMPARE(fired, 1);
}

void tst_SystemEnvironment::theTimerMayBeRearmedByItsHandler()
{
    const auto environment = systemEnvironment();
    int fired = 0;
    std::unique_ptr<Timer> timer;
    timer = environment->makeTimer([&] {
        if (++fired < 5)
            timer->arm(fired % 2 == 0 ? Time() : environment->now() + 1ms);
    });
    timer->arm(Time());
    QTRY_COMPARE(fired, 5);
}

void tst_SystemEnvironment::theTimerMayBeDestroyedByItsHandler()
{
    const auto environment = systemEnvironment();
    for (const auto delay : {0us, 500us}) {
        bool called = false;
        std::unique_ptr<Timer> timer;
        // More captures than fit into a std::function, so that a use after free is one on the heap.
        const std::array<int, 32> ballast = {};
        timer = environment->makeTimer([&timer, &called, ballast] {
            timer.reset();
            called = ballast[0] == 0;
        });
        timer->arm(environment->now() + delay);
        QTRY_VERIFY(called);
    }
}

void tst_SystemEnvironment::theVariableChoosesTheChannel()
{
#ifndef Q_OS_LINUX
    QSKIP("There is only one channel here.");
#endif
    const auto environment = systemEnvironment();
    const QHostAddress address(QHostAddress::LocalHost);
    qputenv("QP2P_CHANNEL", "udpsocket");
    const auto portable = environment->openChannel(address, 0);
    qunsetenv("QP2P_CHANNEL");
    const auto native = environment->openChannel(address, 0);
    QVERIFY(portable.isOk());
    QVERIFY(native.isOk());
    QCOMPARE(portable.value()->maxSegments(), size_t(1));
    QCOMPARE(native.value()->maxSegments(), size_t(64));
}

void tst_SystemEnvironment::theNetworksAreThoseOfTheInterfaces()
{
    const auto environment = systemEnvironment();
    const QList<QHostAddress> addresses = environment->interfaceAddresses();
    const QList<InterfaceNetwork> networks = environment->interfaceNetworks();
    for (const InterfaceNetwork &network : networks) {
        QVERIFY(addresses.contains(network.address));
        const bool isIpv4 = network.address.protocol() == QAbstractSocket::IPv4Protocol;
        QVERIFY(network.prefixLength >= 1 && network.prefixLength <= (isIpv4 ? 32 : 128));
    }
    if (addresses.contains(QHostAddress(QHostAddress::LocalHost)))
        QVERIFY(networks.contains({QHostAddress(QHostAddress::LocalHost), 8}));
}

QTEST_GUILESS_MAIN(tst_SystemEnvironment)

#include "tst_systemenvironment.moc"
