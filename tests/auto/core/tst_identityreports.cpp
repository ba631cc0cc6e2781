// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network remembers of programs with one identity: the instances of others, and what is reported of our own.
#include <shared/endpointpair.h>

#include <qp2pcore/peering/identityreports.h>
#include <qp2pcore/peering/instancehistory.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Peering::IdentityReports;
using Peering::InstanceHistory;
using Change = InstanceHistory::Change;

namespace {

constexpr auto timeAt = [](std::chrono::nanoseconds time) { return Peering::Time(time); };

} // namespace

class tst_IdentityReports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void historyComparesInstances();
    void historyForgetsWithinItsBounds();
    void burstIsOneReport();
    void reportsPauseLongerAndLonger();
    void reportsForgetWithinTheirBounds();
};

// ---- the history of instances

void tst_IdentityReports::historyComparesInstances()
{
    InstanceHistory history;
    const PeerId peer = sharedIdentity(1).peerId();
    QCOMPARE(history.compare(peer, 1, 2, timeAt(0s)), Change::Restarted);
    QCOMPARE(history.compare(peer, 2, 3, timeAt(1s)), Change::Restarted);
    QCOMPARE(history.compare(sharedIdentity(2).peerId(), 2, 1, timeAt(1s)), Change::Restarted);
    QVERIFY(history.takeNotice(peer, timeAt(2s)));
    QVERIFY(!history.takeNotice(peer, timeAt(3s)));
    QVERIFY(history.takeNotice(peer, timeAt(62s)));
    QCOMPARE(history.compare(peer, 3, 1, timeAt(62s)), Change::SecondProgram);
    QCOMPARE(history.compare(peer, 3, 2, timeAt(63s)), Change::SecondProgram);
    QVERIFY(history.takeReport(peer));
    QVERIFY(!history.takeReport(peer));
    // One that does not say its instance is taken for nothing.
    QCOMPARE(history.compare(peer, 0, 1, timeAt(63s)), Change::Restarted);
    QCOMPARE(history.compare(peer, 1, 0, timeAt(63s)), Change::Restarted);
    history.forgetOld(timeAt(63s + 59min));
    QCOMPARE(history.compare(peer, 3, 2, timeAt(64s + 59min)), Change::SecondProgram);
    history.forgetOld(timeAt(64s + 2h));
    QCOMPARE(history.size(), 0);
    QCOMPARE(history.compare(peer, 3, 2, timeAt(3h)), Change::Restarted);
    QVERIFY(history.takeReport(peer));
}

void tst_IdentityReports::historyForgetsWithinItsBounds()
{
    InstanceHistory history;
    const auto peer = [](int i) {
        return PeerId::fromBytes(QByteArray::number(i).rightJustified(PeerId::Size, '.'));
    };
    for (int i = 0; i < InstanceHistory::MaxPeers + 10; ++i)
        history.compare(peer(i), 1, 2, timeAt(std::chrono::seconds(i)));
    QCOMPARE(history.size(), InstanceHistory::MaxPeers);
    // The oldest have gone.
    QVERIFY(!history.takeReport(peer(9)));
    QVERIFY(history.takeReport(peer(10)));
    for (quint64 i = 0; i < 100; ++i)
        history.compare(peer(500), i + 10, i + 11, timeAt(2000s));
    QCOMPARE(history.compare(peer(500), 110, 20, timeAt(2000s)), Change::Restarted);
    QCOMPARE(history.compare(peer(500), 110, 108, timeAt(2000s)), Change::SecondProgram);
}

// ---- reports about our own identity

void tst_IdentityReports::reportsPauseLongerAndLonger()
{
    IdentityReports reports;
    const PeerId peer = sharedIdentity(1).peerId();
    const PeerId other = sharedIdentity(2).peerId();
    const auto most = [](quint32 limit) { return limit - 1; };
    const auto least = [](quint32) { return 0U; };
    QCOMPARE(reports.pausedUntil(peer), Peering::Time::min());
    QVERIFY(!reports.record(peer, timeAt(0s), most)); // it might be a mistake
    QVERIFY(reports.isPausing(peer, timeAt(14s)));
    QVERIFY(!reports.isPausing(peer, timeAt(15s)));
    QVERIFY(!reports.isPausing(other, timeAt(1s)));
    QVERIFY(reports.record(peer, timeAt(20s), least));
    QCOMPARE(reports.pausedUntil(peer), timeAt(35s));
    QVERIFY(!reports.record(peer, timeAt(40s), least));
    QCOMPARE(reports.pausedUntil(peer), timeAt(70s));
    Peering::Time latest = timeAt(70s);
    for (int i = 0; i < 10; ++i) {
        latest = reports.pausedUntil(peer);
        QVERIFY(!reports.record(peer, latest, most));
    }
    QVERIFY(reports.pausedUntil(peer) <= latest + IdentityReports::MaxPause);
    QVERIFY(reports.pausedUntil(peer) > latest + IdentityReports::MaxPause - 1s);
    // Quiet for long: the next one is the first.
    const auto later = latest + IdentityReports::Lifetime;
    QVERIFY(!reports.record(other, later, most));
    QCOMPARE(reports.size(), 1);
    QVERIFY(reports.record(peer, later, most)); // two peers say so
}

//! Whoever sends many notices at once makes no pause longer.
void tst_IdentityReports::burstIsOneReport()
{
    IdentityReports reports;
    const PeerId peer = sharedIdentity(1).peerId();
    const auto most = [](quint32 limit) { return limit - 1; };
    for (int i = 0; i < 100; ++i)
        QVERIFY(!reports.record(peer, timeAt(std::chrono::milliseconds(i)), most));
    QVERIFY(!reports.isPausing(peer, timeAt(15s)));
    QVERIFY(reports.record(peer, timeAt(15s), most));
    QVERIFY(reports.isPausing(peer, timeAt(44s)));
    QVERIFY(!reports.isPausing(peer, timeAt(45s)));
}

void tst_IdentityReports::reportsForgetWithinTheirBounds()
{
    IdentityReports reports;
    for (int i = 0; i < 2 * IdentityReports::MaxPeers; ++i)
        reports.record(PeerId::fromBytes(QByteArray::number(i).rightJustified(PeerId::Size, '.')),
                       timeAt(0s), [](quint32) { return 0U; });
    QCOMPARE(reports.size(), IdentityReports::MaxPeers);
}

QTEST_GUILESS_MAIN(tst_IdentityReports)
#include "tst_identityreports.moc"
