// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers of which little or nothing is heard: how much may leave towards one, and by when it must be heard.

#include <qp2pcore/engine/liveness.h>
#include <qp2pcore/engine/sendallowance.h>

#include <QTest>

using namespace Qp2p::Engine;

namespace {

constexpr ngtcp2_tstamp Now = 1000 * NGTCP2_SECONDS;
constexpr ngtcp2_duration Milliseconds = NGTCP2_MILLISECONDS;

} // namespace

class tst_SilentPeer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // SendAllowance
    void nothingIsSpentWithoutALimit();
    void unansweredDatagramsAreLimitedUntilOneCame();
    void theAnswerHasTimeForAllProbes_data();
    void theAnswerHasTimeForAllProbes();
    void roomGrowsWithWhatArrives();
    void closingPacketsTakeRoomAndAreNoDatagrams();
    void aDialIsGivenUpAtTheSecondMessageOfADatagramOfItsOwn();
    void aDiallerRepeatsItsCloseToWhoeverHasAnswered();
    void anAcceptorRepeatsItsCloseWithinThreeTimesWhatArrived();

    // Liveness
    void keepAlive_data();
    void keepAlive();
    void aProofIsDueInTimeAndTakenOnce();
    void hearingAPeerIsRecorded();
    void aPingIsDueAfterTheIntervalOfSilence();
    void aRequestedPingIsDueUntilItIsSent();
};

void tst_SilentPeer::nothingIsSpentWithoutALimit()
{
    SendAllowance allowance(Side::Dialler);
    for (int i = 0; i < 100; ++i)
        allowance.sent(1200);
    QVERIFY(!allowance.isSpent());
    QCOMPARE(allowance.room(), size_t(SIZE_MAX));
    QCOMPARE(allowance.datagramsSent(), 100u);
    QCOMPARE(allowance.deadline(), ngtcp2_tstamp(UINT64_MAX));
}

void tst_SilentPeer::unansweredDatagramsAreLimitedUntilOneCame()
{
    SendAllowance allowance(Side::Dialler);
    allowance.setMaxUnanswered(3);
    allowance.sent(1200);
    allowance.sent(1200);
    QVERIFY(!allowance.isSpent());
    allowance.sent(1200);
    QVERIFY(allowance.isSpent());
    allowance.waitForAnswer(Now, 100 * Milliseconds);
    allowance.arrived(40); // perhaps for another connection
    QVERIFY(allowance.isSpent());
    allowance.received();
    QVERIFY(!allowance.isSpent());
    QCOMPARE(allowance.datagramsReceived(), 1u);
    QCOMPARE(allowance.deadline(), ngtcp2_tstamp(UINT64_MAX)); // it is here
}

void tst_SilentPeer::theAnswerHasTimeForAllProbes_data()
{
    QTest::addColumn<quint32>("datagrams");
    QTest::addColumn<int>("probeTimeouts");
    QTest::newRow("1") << 1u << 1;
    QTest::newRow("2") << 2u << 2;
    QTest::newRow("3") << 3u << 4;
    QTest::newRow("7") << 7u << 64;
    QTest::newRow("8, no longer than 7") << 8u << 64;
    QTest::newRow("1000, no longer than 7") << 1000u << 64;
}

void tst_SilentPeer::theAnswerHasTimeForAllProbes()
{
    QFETCH(quint32, datagrams);
    QFETCH(int, probeTimeouts);
    SendAllowance allowance(Side::Dialler);
    allowance.setMaxUnanswered(datagrams);
    allowance.waitForAnswer(Now, 100 * Milliseconds);
    QCOMPARE(allowance.deadline(), Now + ngtcp2_duration(probeTimeouts) * 100 * Milliseconds);
}

void tst_SilentPeer::roomGrowsWithWhatArrives()
{
    SendAllowance allowance(Side::Dialler);
    allowance.setMaxUnpaid(2400);
    QCOMPARE(allowance.room(), size_t(2400));
    allowance.sent(1200);
    QCOMPARE(allowance.room(), size_t(1200));
    allowance.sent(1300);
    QCOMPARE(allowance.room(), size_t(0));
    allowance.arrived(150);
    QCOMPARE(allowance.room(), size_t(50));
}

void tst_SilentPeer::closingPacketsTakeRoomAndAreNoDatagrams()
{
    SendAllowance allowance(Side::Dialler);
    allowance.setMaxUnpaid(2400);
    allowance.closingPacketSent(400);
    QCOMPARE(allowance.room(), size_t(2000));
    QCOMPARE(allowance.datagramsSent(), 0u);
}

void tst_SilentPeer::aDialIsGivenUpAtTheSecondMessageOfADatagramOfItsOwn()
{
    SendAllowance allowance(Side::Dialler);
    QVERIFY(!allowance.isGivenUpAsUnreachable()); // about nothing: it does not count
    allowance.sent(1200);
    QVERIFY(!allowance.isGivenUpAsUnreachable());
    QVERIFY(!allowance.isGivenUpAsUnreachable()); // about the same datagram
    allowance.sent(1200);
    QVERIFY(allowance.isGivenUpAsUnreachable());
}

void tst_SilentPeer::aDiallerRepeatsItsCloseToWhoeverHasAnswered()
{
    SendAllowance allowance(Side::Dialler);
    allowance.sent(1200);
    allowance.arrived(5000);
    QVERIFY(!allowance.mayRepeatClosing(40));
    allowance.received();
    QVERIFY(allowance.mayRepeatClosing(40));
}

void tst_SilentPeer::anAcceptorRepeatsItsCloseWithinThreeTimesWhatArrived()
{
    SendAllowance allowance(Side::Acceptor);
    allowance.arrived(1200);
    allowance.received();
    allowance.sent(3500);
    QVERIFY(allowance.mayRepeatClosing(100));
    QVERIFY(!allowance.mayRepeatClosing(101));
    allowance.closingPacketSent(100);
    QVERIFY(!allowance.mayRepeatClosing(1));
    allowance.setAddressProven();
    QVERIFY(allowance.mayRepeatClosing(5000));
}

void tst_SilentPeer::keepAlive_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<quint64>("idle"); // milliseconds
    QTest::addColumn<bool>("dials");
    QTest::addColumn<quint64>("expected"); // milliseconds; 0: off
    QTest::newRow("as configured, dialler")
        << qint64(5000) << quint64(14000) << true << quint64(5000);
    QTest::newRow("as configured, acceptor")
        << qint64(5000) << quint64(14000) << false << quint64(5000);
    QTest::newRow("off, dialler") << qint64(0) << quint64(14000) << true << quint64(0);
    QTest::newRow("off, acceptor") << qint64(0) << quint64(14000) << false << quint64(0);
    QTest::newRow("by itself, dialler") << qint64(-1) << quint64(14000) << true << quint64(6000);
    QTest::newRow("by itself, acceptor") << qint64(-1) << quint64(14000) << false << quint64(0);
    QTest::newRow("by itself, just above the minimum")
        << qint64(-1) << quint64(707) << true << quint64(303);
    QTest::newRow("by itself, not below the minimum")
        << qint64(-1) << quint64(70) << true << quint64(300);
}

void tst_SilentPeer::keepAlive()
{
    QFETCH(qint64, milliseconds);
    QFETCH(quint64, idle);
    QFETCH(bool, dials);
    QFETCH(quint64, expected);
    Liveness liveness(Now);
    QCOMPARE(liveness.keepAlive(), ngtcp2_duration(UINT64_MAX));
    liveness.setKeepAlive(milliseconds, idle * Milliseconds, dials ? Side::Dialler : Side::Acceptor);
    QCOMPARE(liveness.keepAlive(), expected == 0 ? UINT64_MAX : expected * Milliseconds);
}

void tst_SilentPeer::aProofIsDueInTimeAndTakenOnce()
{
    Liveness liveness(Now);
    QVERIFY(!liveness.isProofRequired());
    QVERIFY(!liveness.takeProof());
    QCOMPARE(liveness.deadline(), ngtcp2_tstamp(UINT64_MAX));
    liveness.requireProof(Now, 40 * Milliseconds);
    QVERIFY(liveness.isProofRequired());
    QCOMPARE(liveness.deadline(), Now + nanoseconds(Limits::ProofTime) + 120 * Milliseconds);
    QVERIFY(liveness.takeProof());
    QVERIFY(!liveness.takeProof());
    QVERIFY(!liveness.isProofRequired());
    QCOMPARE(liveness.deadline(), ngtcp2_tstamp(UINT64_MAX));
}

void tst_SilentPeer::hearingAPeerIsRecorded()
{
    Liveness liveness(Now);
    QCOMPARE(liveness.lastHeardAt(), Now);
    liveness.heard(Now + 7);
    QCOMPARE(liveness.lastHeardAt(), Now + 7);
}

void tst_SilentPeer::aPingIsDueAfterTheIntervalOfSilence()
{
    Liveness liveness(Now);
    QCOMPARE(liveness.pingAt(), ngtcp2_tstamp(UINT64_MAX));
    QCOMPARE(liveness.earliestPing(), ngtcp2_tstamp(UINT64_MAX));
    liveness.setKeepAlive(5000, 15'000 * Milliseconds, Side::Dialler);
    QCOMPARE(liveness.pingAt(), Now + 5000 * Milliseconds);
    QCOMPARE(liveness.earliestPing(), Now + 4750 * Milliseconds);
    liveness.heard(Now + 1000 * Milliseconds);
    QCOMPARE(liveness.pingAt(), Now + 6000 * Milliseconds);
    // Unanswered: the next one follows at the same distance.
    liveness.pingSent(Now + 5800 * Milliseconds);
    QCOMPARE(liveness.pingAt(), Now + 10'800 * Milliseconds);
    // A short interval is shortened less.
    liveness.setKeepAlive(320, 15'000 * Milliseconds, Side::Dialler);
    QCOMPARE(liveness.pingAt() - liveness.earliestPing(), 20 * Milliseconds);
}

void tst_SilentPeer::aRequestedPingIsDueUntilItIsSent()
{
    Liveness liveness(Now);
    liveness.requestPing(Now + 3);
    QCOMPARE(liveness.pingAt(), Now + 3);
    QVERIFY(!liveness.isPingRequested(Now + 2));
    QVERIFY(liveness.isPingRequested(Now + 3));
    liveness.heard(Now + 3);
    QVERIFY(liveness.isPingRequested(Now + 4));
    liveness.pingSent(Now + 4);
    QVERIFY(!liveness.isPingRequested(Now + 5));
    QCOMPARE(liveness.pingAt(), ngtcp2_tstamp(UINT64_MAX));
}

QTEST_GUILESS_MAIN(tst_SilentPeer)
#include "tst_silentpeer.moc"
