// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Polling instead of sleeping: given up where it is in vain, and taken up again where it pays.
#include <qp2pcore/io/pollbackoff.h>

#include <QTest>

using Qp2p::Io::PollBackoff;

class tst_PollBackoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOccasionIsTakenWhilePollingPays();
    void vainPollsGetRare();
    void oneSuccessBringsThemBack();
};

namespace {

//! How many of \a occasions are taken, all in vain.
int vainPolls(PollBackoff &backoff, int occasions)
{
    int polls = 0;
    for (int i = 0; i < occasions; ++i) {
        if (backoff.isDue()) {
            ++polls;
            backoff.inVain();
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

void tst_PollBackoff::vainPollsGetRare()
{
    PollBackoff backoff;
    QCOMPARE(vainPolls(backoff, 3), 3);
    QVERIFY(vainPolls(backoff, 10'000) < 25);
    QVERIFY(vainPolls(backoff, 1'024'000) <= 1001); // one in 1,024, for ever
}

void tst_PollBackoff::oneSuccessBringsThemBack()
{
    PollBackoff backoff;
    vainPolls(backoff, 100'000);
    int waited = 0;
    while (!backoff.isDue())
        QVERIFY(++waited < 1024);
    backoff.found();
    QCOMPARE(vainPolls(backoff, 3), 3);
}

QTEST_GUILESS_MAIN(tst_PollBackoff)
#include "tst_pollbackoff.moc"
