// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Polling instead of sleeping: given up where it finds nothing, and taken up again where it pays.
#include <qp2pcore/io/pollbackoff.h>

#include <QTest>

using Qp2p::Io::PollBackoff;

class tst_PollBackoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOccasionIsTakenWhilePollingPays();
    void emptyPollsGetRare();
    void oneSuccessBringsThemBack();
};

namespace {

//! How many of \a occasions are taken, all without finding anything.
int emptyPolls(PollBackoff &backoff, int occasions)
{
    int polls = 0;
    for (int i = 0; i < occasions; ++i) {
        if (backoff.isDue()) {
            ++polls;
            backoff.foundNothing();
        }
    }
    return polls;
}

} // namespace

void tst_PollBackoff::everyOccasionIsTakenWhilePollingPays()
{
    PollBackoff backoff;
    for (int i = 0; i < 100; ++i) {
        QVERIFY(backoff.isDue());
        backoff.found();
    }
}

void tst_PollBackoff::emptyPollsGetRare()
{
    PollBackoff backoff;
    QCOMPARE(emptyPolls(backoff, 3), 3);
    QVERIFY(emptyPolls(backoff, 10'000) < 25);
    QVERIFY(emptyPolls(backoff, 1'024'000) <= 1001); // one in 1,024, indefinitely
}

void tst_PollBackoff::oneSuccessBringsThemBack()
{
    PollBackoff backoff;
    emptyPolls(backoff, 100'000);
    int waited = 0;
    while (!backoff.isDue())
        QVERIFY(++waited < 1024);
    backoff.found();
    QCOMPARE(emptyPolls(backoff, 3), 3);
}

QTEST_GUILESS_MAIN(tst_PollBackoff)
#include "tst_pollbackoff.moc"
