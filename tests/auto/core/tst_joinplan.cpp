// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// In which order candidates are dialled, when the next attempt comes, and what waits for it.

#include <qp2pcore/peering/joinplan.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Source = JoinCandidate::Source;

namespace {

constexpr Time Start = Time(1h);

PeerId idOf(int number)
{
    return PeerId::fromBytes(QByteArray(32, char(number)));
}

PeerAddress addressOf(int host)
{
    return PeerAddress(QHostAddress(0x0b000000u + quint32(host)), 12000);
}

CachedNode entry(int number, bool isAnchor = false)
{
    CachedNode entry;
    entry.peerId = idOf(number);
    entry.addresses = {addressOf(number)};
    entry.isAnchor = isAnchor;
    return entry;
}

bool nothingExcluded(const PeerId &)
{
    return false;
}

//! The hosts that are dialled, in their order.
QList<int> hostsOf(const QList<JoinCandidate> &candidates)
{
    QList<int> hosts;
    for (const JoinCandidate &candidate : candidates)
        hosts.append(int(candidate.addresses.first().address().toIPv4Address() - 0x0b000000u));
    return hosts;
}

quint32 longest(quint32 limit)
{
    return limit - 1;
}

} // namespace

class tst_JoinPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anchorsComeFirstAndContactsAreNotKeptWaiting();
    void contactThatIsCachedIsDialledOnce();
    void excludedNodesAreNoCandidates();
    void cachedCandidatesCarryTheirPeerId();
    void contactIsKnownByItsAddressOrItsId();
    void pausesDoubleUpToFiveMinutes();
    void attemptIsTakenBack();
    void allFuturesFinishOnce();
    void futuresMayDeleteThePlan();
};

void tst_JoinPlan::anchorsComeFirstAndContactsAreNotKeptWaiting()
{
    JoinPlan plan;
    plan.setContacts({addressOf(101), addressOf(102)});
    QList<CachedNode> remembered;
    for (int i = 1; i <= 8; ++i)
        remembered.append(entry(i, i == 6 || i == 8));
    const QList<JoinCandidate> candidates = plan.candidatesOf(remembered, nothingExcluded);
    QCOMPARE(hostsOf(candidates), (QList<int>{6, 8, 1, 2, 101, 3, 102, 4, 5, 7}));
    QCOMPARE(candidates[0].source, Source::Anchor);
    QCOMPARE(candidates[2].source, Source::Cache);
    QCOMPARE(candidates[4].source, Source::Contact);
    QVERIFY(plan.candidates().isEmpty()); // no race yet
}

void tst_JoinPlan::contactThatIsCachedIsDialledOnce()
{
    JoinPlan plan;
    plan.setContacts({addressOf(2)});
    const auto candidates = plan.candidatesOf({entry(1), entry(2, true)}, nothingExcluded);
    QCOMPARE(hostsOf(candidates), (QList<int>{1, 2}));
    QCOMPARE(candidates[1].source, Source::Contact);
}

void tst_JoinPlan::excludedNodesAreNoCandidates()
{
    JoinPlan plan;
    const auto candidates = plan.candidatesOf({entry(1), entry(2, true), entry(3)},
                                              [](const PeerId &id) { return id != idOf(3); });
    QCOMPARE(hostsOf(candidates), (QList<int>{3}));
    QVERIFY(plan.candidatesOf({}, nothingExcluded).isEmpty());
}

void tst_JoinPlan::cachedCandidatesCarryTheirPeerId()
{
    JoinPlan plan;
    plan.setContacts({addressOf(9)});
    const auto candidates = plan.candidatesOf({entry(1)}, nothingExcluded);
    QCOMPARE(candidates[0].addresses.first().peerId(), idOf(1));
    QVERIFY(candidates[1].addresses.first().peerId().isNull());
}

void tst_JoinPlan::contactIsKnownByItsAddressOrItsId()
{
    JoinPlan plan;
    plan.setContacts({PeerAddress(addressOf(1).address(), 12000, idOf(1)), addressOf(2)});
    QVERIFY(plan.isContact(idOf(1), addressOf(7)));
    QVERIFY(plan.isContact(idOf(7), addressOf(1)));
    QVERIFY(plan.isContact(idOf(7), addressOf(2)));
    QVERIFY(!plan.isContact(idOf(7), addressOf(7)));
}

void tst_JoinPlan::pausesDoubleUpToFiveMinutes()
{
    JoinPlan plan;
    QCOMPARE(plan.nextAttempt(), Never);
    const QList<std::chrono::milliseconds> pauses{500ms, 1s,  2s,   4s,   8s,   16s,
                                                  32s,   64s, 128s, 256s, 300s, 300s};
    for (const std::chrono::milliseconds pause : pauses) {
        plan.scheduleAttempt(Start, longest);
        QCOMPARE(plan.nextAttempt() - Start, pause - 1ms);
    }
    for (int i = 0; i < 100; ++i) // no pause overflows
        plan.scheduleAttempt(Start, longest);
    QCOMPARE(plan.nextAttempt() - Start, JoinPlan::MaxBackOff - 1ms);
    plan.scheduleAttempt(Start, [](quint32) { return 0u; });
    QCOMPARE(plan.nextAttempt(), Start);
    plan.resetBackOff();
    plan.scheduleAttempt(Start, longest);
    QCOMPARE(plan.nextAttempt() - Start, 499ms);
}

void tst_JoinPlan::attemptIsTakenBack()
{
    JoinPlan plan;
    plan.scheduleAttempt(Start);
    QCOMPARE(plan.nextAttempt(), Start);
    plan.cancelAttempt();
    QCOMPARE(plan.nextAttempt(), Never);
}

void tst_JoinPlan::allFuturesFinishOnce()
{
    JoinPlan plan;
    const QFuture<Result<void>> first = plan.addFuture();
    const QFuture<Result<void>> second = plan.addFuture();
    QVERIFY(plan.hasFutures());
    QVERIFY(!first.isFinished());
    plan.finishFutures(Error(ErrorCode::JoinFailed, u"nobody answered"_s));
    QVERIFY(!plan.hasFutures());
    QCOMPARE(first.result().error().code, ErrorCode::JoinFailed);
    QCOMPARE(second.result().error().code, ErrorCode::JoinFailed);
    plan.finishFutures({});
    QCOMPARE(first.resultCount(), 1);
}

void tst_JoinPlan::futuresMayDeleteThePlan()
{
    auto plan = std::make_unique<JoinPlan>();
    QFuture<Result<void>> first = plan->addFuture();
    const QFuture<Result<void>> second = plan->addFuture();
    bool isContinued = false;
    first.then([&](const Result<void> &) {
        plan.reset();
        isContinued = true;
    });
    plan->finishFutures({});
    QVERIFY(isContinued);
    QVERIFY(second.isFinished());
    QVERIFY(second.result());
}

QTEST_GUILESS_MAIN(tst_JoinPlan)

#include "tst_joinplan.moc"
