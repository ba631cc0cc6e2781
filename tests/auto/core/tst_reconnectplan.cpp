// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When lost nodes and contacts are dialled again, which of them, and that neither attackers nor time make the list grow.

#include "candidates.h"

#include <qp2pcore/peering/reconnectplan.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr Time Start = Time(1h);

CachedNode remembered(int number)
{
    CachedNode node;
    node.peerId = idOf(number);
    node.addresses = {addressOf(number)};
    return node;
}

//! A choice from which nothing is excluded.
class ReconnectChooser
{
public:
    ReconnectChooser()
    {
        choice.isExcluded = [](const PeerId &) { return false; };
        choice.isAddressExcluded = [](const PeerAddress &) { return false; };
        choice.random = random();
        choice.now = Start;
    }
    ReconnectPlan::Random random()
    {
        return [this](quint32 limit) { return quint32(m_random.below(limit)); };
    }
    //! How often each node is chosen in \a count choices.
    std::map<PeerId, int> choices(const ReconnectPlan &plan, int count = 1000)
    {
        std::map<PeerId, int> nodes;
        for (int i = 0; i < count; ++i) {
            if (const auto target = plan.chooseNode(choice))
                ++nodes[target->node];
        }
        return nodes;
    }

    ReconnectPlan::Choice choice;

private:
    SeededRandom m_random{7};
};

bool isLinkedNowhere(const PeerAddress &)
{
    return false;
}

} // namespace

class tst_ReconnectPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lostNodesComeBeforeRememberedOnes();
    void nodeThatIsLinkedOrExcludedIsNotChosen();
    void nodesThatPeersNameAreNotRemembered();
    void groupsAreAsLikelyAsEachOther();
    void largestGroupGivesUpItsOldest();
    void attemptsAreRarerInALargeNetwork();
    void successIsFollowedSoon();
    void refusalsRest();
    void contactsTakeTurns();
    void namedContactIsNotDialledUnlessItWasLost();
    void contactThatIsNamedIsDialledNowAndThen();
    void oneLiarSlowsNothing();
    void restsAreBounded();
    void namesAreBounded();
};

void tst_ReconnectPlan::lostNodesComeBeforeRememberedOnes()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    QVERIFY(!plan.chooseNode(chooser.choice));
    chooser.choice.remembered = {remembered(2)};
    QCOMPARE(plan.chooseNode(chooser.choice)->node, idOf(2));
    QVERIFY(!plan.chooseNode(chooser.choice)->wasLost);
    plan.recordLost(idOf(1), addressOf(1), Start);
    auto nodes = chooser.choices(plan);
    QVERIFY2(nodes[idOf(1)] > 700 && nodes[idOf(1)] < 800,
             qPrintable(QString::number(nodes[idOf(1)])));
    chooser.choice.remembered = {};
    const auto target = plan.chooseNode(chooser.choice);
    QVERIFY(target->wasLost);
    // No other node may answer there.
    QCOMPARE(target->addresses,
             QList{PeerAddress(addressOf(1).address(), addressOf(1).port(), idOf(1))});
}

void tst_ReconnectPlan::nodeThatIsLinkedOrExcludedIsNotChosen()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    plan.recordLost(idOf(1), addressOf(1), Start);
    plan.recordLost(idOf(2), addressOf(2), Start);
    plan.recordLost(idOf(3), addressOf(3), Start);
    chooser.choice.isExcluded = [](const PeerId &peerId) { return peerId == idOf(1); };
    chooser.choice.isAddressExcluded = [](const PeerAddress &address) {
        return address.address() == addressOf(2).address();
    };
    QCOMPARE(chooser.choices(plan, 100).size(), size_t(1));
    plan.forgetLost(idOf(3));
    QVERIFY(!plan.chooseNode(chooser.choice));
}

void tst_ReconnectPlan::nodesThatPeersNameAreNotRemembered()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    chooser.choice.remembered = {remembered(1)};
    plan.recordLost(idOf(2), addressOf(2), Start);
    plan.recordHeard(idOf(1), addressOf(1), Start);
    plan.recordHeard(idOf(2), addressOf(2), Start); // a liar must not keep us from a lost one
    QCOMPARE(chooser.choices(plan)[idOf(2)], 1000);
    chooser.choice.now = Start + ReconnectPlan::HeardLifetime;
    QVERIFY(chooser.choices(plan)[idOf(1)] > 0);
}

//! Somebody has visited us with 50 identities of one prefix, and left without a goodbye.
void tst_ReconnectPlan::groupsAreAsLikelyAsEachOther()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    plan.recordLost(idOf(1), addressOf(1), Start);
    plan.recordLost(idOf(2), addressOf(2), Start);
    for (int i = 0; i < 50; ++i)
        plan.recordLost(idOf(100 + i), addressOf(9, i + 1), Start);
    auto nodes = chooser.choices(plan);
    // One of three, except where the newest are chosen from.
    QVERIFY2(nodes[idOf(1)] > 120, qPrintable(QString::number(nodes[idOf(1)])));
    QVERIFY2(nodes[idOf(2)] > 120, qPrintable(QString::number(nodes[idOf(2)])));
}

void tst_ReconnectPlan::largestGroupGivesUpItsOldest()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    plan.recordLost(idOf(1), addressOf(1), Start);
    for (int i = 0; i < 1000; ++i)
        plan.recordLost(idOf(100 + i), addressOf(9, i + 1), Start);
    QCOMPARE(plan.lost(), ReconnectPlan::MaxLost);
    QVERIFY(chooser.choices(plan)[idOf(1)] > 0);
    QCOMPARE(chooser.choices(plan)[idOf(100)], 0);
    QVERIFY(chooser.choices(plan, 5000)[idOf(1099)] > 0);
    // The same node once.
    ReconnectPlan other;
    for (int i = 0; i < 3; ++i)
        other.recordLost(idOf(1), addressOf(1 + i), Start);
    QCOMPARE(other.lost(), 1);
    QCOMPARE(other.chooseNode(chooser.choice)->addresses.first().address(), addressOf(3).address());
}

void tst_ReconnectPlan::attemptsAreRarerInALargeNetwork()
{
    const QList<std::pair<int, int>> cases{{0, 1}, {11, 1}, {36, 3}, {900, 6}};
    for (const auto &[members, slowdown] : cases) {
        ReconnectPlan plan;
        for (int i = 0; i < members; ++i)
            plan.recordHeard(idOf(i), addressOf(i % 200), Start);
        for (const bool isLongest : {false, true}) {
            plan.scheduleNext(Start, [&](quint32 limit) { return isLongest ? limit - 1 : 0u; });
            const auto pause = (isLongest ? 20s : 10s) * slowdown;
            QVERIFY(!plan.isDue(Start + pause - 1ns));
            QVERIFY(plan.isDue(Start + pause));
        }
    }
}

void tst_ReconnectPlan::successIsFollowedSoon()
{
    ReconnectPlan plan;
    const auto longest = [](quint32 limit) { return limit - 1; };
    plan.scheduleNext(Start, longest);
    plan.scheduleSoon(Start, longest);
    QVERIFY(!plan.isDue(Start + 5s));
    QVERIFY(plan.isDue(Start + 6s));
    plan.scheduleNext(Start, [](quint32) { return 0u; });
    plan.scheduleSoon(Start + 9s, longest); // it is sooner already
    QVERIFY(plan.isDue(Start + 10s));
    QVERIFY(plan.beginExchange(Start, longest));
    QVERIFY(!plan.beginExchange(Start + 79s, longest));
    QVERIFY(plan.beginExchange(Start + 80s, longest));
}

void tst_ReconnectPlan::refusalsRest()
{
    ReconnectPlan plan;
    ReconnectChooser chooser;
    plan.recordLost(idOf(1), addressOf(1), Start);
    plan.rest(ReconnectPlan::keyOf(idOf(1)), Start + ReconnectPlan::RefusalPause);
    plan.rest(ReconnectPlan::keyOf(addressOf(2)), Start + ReconnectPlan::RefusalPause);
    QVERIFY(!plan.chooseNode(chooser.choice));
    QVERIFY(plan.nextContact({addressOf(2)}, isLinkedNowhere, Start).isNull());
    chooser.choice.now = Start + ReconnectPlan::RefusalPause;
    QVERIFY(plan.chooseNode(chooser.choice));
    QVERIFY(!plan.nextContact({addressOf(2)}, isLinkedNowhere, chooser.choice.now).isNull());
    plan.rest(ReconnectPlan::keyOf(idOf(1)), Start + 24h);
    plan.forgetRefusals();
    QVERIFY(plan.chooseNode(chooser.choice));
}

void tst_ReconnectPlan::contactsTakeTurns()
{
    ReconnectPlan plan;
    const QList<PeerAddress> contacts{addressOf(1), addressOf(2), addressOf(3)};
    const auto isLinked = [](const PeerAddress &contact) { return contact == addressOf(2); };
    QCOMPARE(plan.nextContact(contacts, isLinked, Start), addressOf(1));
    QCOMPARE(plan.nextContact(contacts, isLinked, Start), addressOf(3));
    QCOMPARE(plan.nextContact(contacts, isLinked, Start), addressOf(1));
    QVERIFY(plan.nextContact({}, isLinked, Start).isNull());
    QVERIFY(plan.nextContact({addressOf(2)}, isLinked, Start).isNull());
}

void tst_ReconnectPlan::namedContactIsNotDialledUnlessItWasLost()
{
    ReconnectPlan plan;
    const QList<PeerAddress> contacts{addressOf(1)};
    plan.recordHeard(idOf(1), addressOf(1), Start);
    QVERIFY(plan.nextContact(contacts, isLinkedNowhere, Start + 1min).isNull());
    // Its link has timed out: what peers say of it until theirs have is old.
    plan.recordLost(idOf(1), addressOf(1), Start + 1min);
    plan.recordHeard(idOf(1), addressOf(1), Start + 1min + 29s);
    QVERIFY(!plan.nextContact(contacts, isLinkedNowhere, Start + 1min + 29s).isNull());
    plan.recordHeard(idOf(1), addressOf(1), Start + 2min);
    QVERIFY(plan.nextContact(contacts, isLinkedNowhere, Start + 2min).isNull());
    QVERIFY(!plan.nextContact(contacts, isLinkedNowhere, Start + 5min).isNull());
}

//! A peer that names the address of a contact in each answer keeps no member from it.
void tst_ReconnectPlan::contactThatIsNamedIsDialledNowAndThen()
{
    ReconnectPlan plan;
    const QList<PeerAddress> contacts{addressOf(1), addressOf(2), addressOf(3)};
    plan.recordHeard(idOf(66), addressOf(1), Start, idOf(99));
    int dials = 0;
    for (int turn = 0; turn < 40; ++turn)
        dials += plan.nextContact(contacts, isLinkedNowhere, Start) == addressOf(1);
    QCOMPARE(dials, 10);
    const auto isLinked = [](const PeerAddress &contact) { return contact == addressOf(1); };
    for (int turn = 0; turn < 40; ++turn)
        QVERIFY(plan.nextContact(contacts, isLinked, Start) != addressOf(1));
}

void tst_ReconnectPlan::oneLiarSlowsNothing()
{
    const auto shortest = [](quint32) { return 0u; };
    ReconnectPlan plan;
    for (int i = 0; i < 120; ++i)
        plan.recordHeard(idOf(100 + i), addressOf(i), Start, idOf(99));
    for (int i = 0; i < 12; ++i)
        plan.recordHeard(idOf(i), addressOf(i), Start, idOf(50 + i % 2));
    plan.scheduleNext(Start, shortest);
    QVERIFY(plan.isDue(Start + 10s));
    // What the liar names, too, is as true as before; and two that name the same are believed.
    for (int i = 0; i < 36; ++i) {
        plan.recordHeard(idOf(i), addressOf(i), Start, idOf(50));
        plan.recordHeard(idOf(i), addressOf(i), Start, idOf(99));
        plan.recordHeard(idOf(i), addressOf(i), Start); // as recorded
    }
    plan.scheduleNext(Start, shortest);
    QVERIFY(!plan.isDue(Start + 30s - 1ns));
    QVERIFY(plan.isDue(Start + 30s));
}

void tst_ReconnectPlan::restsAreBounded()
{
    ReconnectPlan plan;
    plan.rest(ReconnectPlan::keyOf(addressOf(1)), Start + 1h);
    for (int i = 0; i < 5000; ++i)
        plan.rest(ReconnectPlan::keyOf(idOf(i)), Start + 10min);
    QCOMPARE(plan.resting(), ReconnectPlan::MaxResting);
    QVERIFY(plan.nextContact({addressOf(1)}, isLinkedNowhere, Start).isNull());
}

void tst_ReconnectPlan::namesAreBounded()
{
    ReconnectPlan plan;
    for (int i = 0; i < 5000; ++i)
        plan.recordHeard(idOf(i), addressOf(i % 200), Start);
    QCOMPARE(plan.heard(), ReconnectPlan::MaxHeard);
    plan.forgetOld(Start + ReconnectPlan::HeardLifetime);
    QCOMPARE(plan.heard(), 0);
}

QTEST_GUILESS_MAIN(tst_ReconnectPlan)
#include "tst_reconnectplan.moc"
