// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When each session is due, next to a list that is searched from end to end.

#include <shared/seededrandom.h>

#include <qp2pcore/engine/sessionschedule.h>

#include <QTest>

#include <map>

using namespace Qp2p::Engine;
using Qp2p::Test::SeededRandom;

namespace {

constexpr ngtcp2_tstamp Never = UINT64_MAX;

//! Deadlines without any possible early time.
void set(SessionSchedule &schedule, SessionId id, SessionSchedule::Entry &entry, ngtcp2_tstamp time)
{
    schedule.setDeadline(id, entry, time, time);
}

} // namespace

class tst_SessionSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsDueWhereNothingIsSet();
    void sessionsAreDueInTheOrderOfTheirDeadlines();
    void aLaterDeadlineReplacesAnEarlierOne();
    void anEarlierDeadlineReplacesALaterOne();
    void whoIsTakenIsNotDueAgain();
    void whoIsReleasedIsNotDue();
    void onlyThoseThatMayAreTakenEarly();
    void noMoreAreTakenEarlyThanAsked();
    void itIsAsAListWouldBe();
};

void tst_SessionSchedule::nothingIsDueWhereNothingIsSet()
{
    SessionSchedule schedule;
    QCOMPARE(schedule.deadline(), Never);
    QVERIFY(!schedule.takeDue(Never - 1));
    SessionSchedule::Entry entry;
    set(schedule, 1, entry, Never);
    QCOMPARE(schedule.deadline(), Never);
    QVERIFY(!schedule.takeDue(Never - 1));
    schedule.release(entry);
    SessionSchedule::Entry neverSet;
    schedule.release(neverSet);
}

void tst_SessionSchedule::sessionsAreDueInTheOrderOfTheirDeadlines()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entries[3];
    set(schedule, 1, entries[0], 30);
    set(schedule, 2, entries[1], 10);
    set(schedule, 3, entries[2], 20);
    QCOMPARE(schedule.deadline(), 10u);
    QVERIFY(!schedule.takeDue(9));
    QCOMPARE(schedule.takeDue(20), 2u);
    QCOMPARE(schedule.takeDue(20), 3u);
    QVERIFY(!schedule.takeDue(20));
    QCOMPARE(schedule.deadline(), 30u);
}

void tst_SessionSchedule::aLaterDeadlineReplacesAnEarlierOne()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entry;
    set(schedule, 1, entry, 10);
    set(schedule, 1, entry, 20);
    QCOMPARE(schedule.deadline(), 20u);
    QVERIFY(!schedule.takeDue(19));
    set(schedule, 1, entry, Never);
    QCOMPARE(schedule.deadline(), Never);
}

void tst_SessionSchedule::anEarlierDeadlineReplacesALaterOne()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entry;
    set(schedule, 1, entry, 20);
    set(schedule, 1, entry, 10);
    QCOMPARE(schedule.takeDue(10), 1u);
    QCOMPARE(schedule.deadline(), Never); // the later one is void
}

void tst_SessionSchedule::whoIsTakenIsNotDueAgain()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entry;
    set(schedule, 1, entry, 10);
    QVERIFY(schedule.takeDue(10));
    QVERIFY(!schedule.takeDue(Never - 1));
    set(schedule, 1, entry, 10);
    QCOMPARE(schedule.takeDue(10), 1u);
}

void tst_SessionSchedule::whoIsReleasedIsNotDue()
{
    SessionSchedule schedule;
    SessionSchedule::Entry gone;
    set(schedule, 1, gone, 10);
    schedule.release(gone);
    QCOMPARE(schedule.deadline(), Never);
    SessionSchedule::Entry next; // in the place of the other
    set(schedule, 2, next, 20);
    QCOMPARE(schedule.deadline(), 20u);
    QCOMPARE(schedule.takeDue(20), 2u);
}

void tst_SessionSchedule::onlyThoseThatMayAreTakenEarly()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entries[4];
    schedule.setDeadline(1, entries[0], 10, 5);
    schedule.setDeadline(2, entries[1], 11, 11);
    schedule.setDeadline(3, entries[2], 12, 6);
    schedule.setDeadline(4, entries[3], 30, 5); // not due in time
    std::vector<SessionId> taken;
    schedule.takeEarly(6, 20, 100, [&](SessionId id) { taken.push_back(id); });
    QCOMPARE(taken, (std::vector<SessionId>{1, 3}));
    QCOMPARE(schedule.takeDue(100), 2u);
    QCOMPARE(schedule.takeDue(100), 4u);
    QVERIFY(!schedule.takeDue(100));
}

void tst_SessionSchedule::noMoreAreTakenEarlyThanAsked()
{
    SessionSchedule schedule;
    SessionSchedule::Entry entries[10];
    for (size_t i = 0; i < 10; ++i)
        schedule.setDeadline(i + 1, entries[i], 10 + i, 0);
    size_t taken = 0;
    schedule.takeEarly(0, 100, 4, [&](SessionId id) { QCOMPARE(id, ++taken); });
    QCOMPARE(taken, size_t(4));
    QCOMPARE(schedule.deadline(), 14u);
}

void tst_SessionSchedule::itIsAsAListWouldBe()
{
    SeededRandom random(1);
    SessionSchedule schedule;
    std::map<SessionId, SessionSchedule::Entry> entries;
    std::map<SessionId, ngtcp2_tstamp> deadlines;
    SessionId nextId = 1;
    ngtcp2_tstamp now = 0;
    const auto earliest = [&] {
        ngtcp2_tstamp result = Never;
        for (const auto &[id, deadline] : deadlines)
            result = std::min(result, deadline);
        return result;
    };
    for (int step = 0; step < 50'000; ++step) {
        const quint64 what = random.next() % 100;
        if (entries.empty() || what < 5) {
            const SessionId id = nextId++;
            deadlines[id] = now + random.next() % 1000;
            set(schedule, id, entries[id], deadlines[id]);
        } else if (what < 9) {
            const auto one = std::next(entries.begin(), qptrdiff(random.next() % entries.size()));
            schedule.release(one->second);
            deadlines.erase(one->first);
            entries.erase(one);
        } else if (what < 80) {
            const auto one = std::next(entries.begin(), qptrdiff(random.next() % entries.size()));
            const ngtcp2_tstamp deadline = what < 12 ? Never : now + random.next() % 1000;
            deadlines[one->first] = deadline;
            set(schedule, one->first, one->second, deadline);
        } else {
            now += random.next() % 20;
            while (const auto due = schedule.takeDue(now)) {
                QCOMPARE(deadlines.at(*due), earliest());
                QVERIFY(deadlines.at(*due) <= now);
                deadlines.at(*due) = Never;
            }
        }
        QCOMPARE(schedule.deadline(), earliest());
    }
    QVERIFY(entries.size() > 10);
}

QTEST_GUILESS_MAIN(tst_SessionSchedule)
#include "tst_sessionschedule.moc"
