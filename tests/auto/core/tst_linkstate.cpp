// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The state machine of a link: the ways that links take, and rules that hold in every state that can be reached.

#include <qp2pcore/peering/linkstate.h>

#include <QList>
#include <QTest>

#include <functional>

using namespace Qp2p::Peering;
using Claim = LinkState::ClaimResult;
using Half = LinkState::Half;
using Loss = LinkState::Loss;
using Reason = LinkState::LossReason;
using Redial = LinkState::Redial;
using Role = LinkState::Role;
using State = LinkState::State;

namespace {

struct Input
{
    const char *name;
    std::function<void(LinkState &)> apply;
    bool isDecision = false; //!< pair() or share(): only these change what the program sees
};

const QList<Input> &allInputs()
{
    static const QList<Input> inputs{
        {"our half opens", [](LinkState &s) { s.open(Half::Outgoing); }},
        {"its half opens", [](LinkState &s) { s.open(Half::Incoming); }},
        {"our half is lost", [](LinkState &s) { s.lose(Half::Outgoing); }},
        {"its half is lost", [](LinkState &s) { s.lose(Half::Incoming); }},
        {"its claim is checked", [](LinkState &s) { s.setPeerClaim(Claim::Pending); }},
        {"its claim is accepted", [](LinkState &s) { s.setPeerClaim(Claim::Node); }},
        {"its claim is refused", [](LinkState &s) { s.setPeerClaim(Claim::Client); }},
        {"our claim is accepted", [](LinkState &s) { s.setOwnClaim(Claim::Node); }},
        {"our claim is refused", [](LinkState &s) { s.setOwnClaim(Claim::Client); }},
        {"pair", [](LinkState &s) { s.pair(); }, true},
        {"share with a node", [](LinkState &s) { s.share(Role::Node); }, true},
        {"share with a client", [](LinkState &s) { s.share(Role::Client); }, true},
    };
    return inputs;
}

//! Every state that any sequence of inputs leads to.
QList<LinkState> allStates()
{
    QList<LinkState> states{LinkState()};
    for (qsizetype i = 0; i < states.size(); ++i) {
        for (const Input &input : allInputs()) {
            LinkState next = states[i];
            input.apply(next);
            if (!states.contains(next))
                states.append(next);
        }
    }
    return states;
}

//! A link of two halves, as the side that has dialled first.
LinkState pairedLink()
{
    LinkState link;
    link.open(Half::Outgoing);
    link.setPeerClaim(Claim::Node);
    link.setOwnClaim(Claim::Node);
    link.open(Half::Incoming);
    link.pair();
    return link;
}

} // namespace

class tst_LinkState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodesPairOnceBothHalvesAndClaimsAreThere();
    void clientSharesOneConnection();
    void lostHalfIsRepaired();
    void nodeThatIsRefusedBecomesAClientOfTheLink();
    void clientThatPassesLaterPairs();
    void onlyAPeerDialledWithoutItsHelpIsProven();
    void lossesHaveTheirConsequences_data();
    void lossesHaveTheirConsequences();
    void everyStateKeepsTheRules();
    void onlyDecisionsChangeWhatTheProgramSees();
};

void tst_LinkState::nodesPairOnceBothHalvesAndClaimsAreThere()
{
    LinkState link;
    QCOMPARE(link.state(), State::Opening);
    link.open(Half::Outgoing);
    link.setPeerClaim(Claim::Node);
    QVERIFY(!link.pair());
    link.setOwnClaim(Claim::Node);
    QVERIFY(!link.pair());
    QVERIFY(!link.sendingHalf());
    link.open(Half::Incoming);
    QCOMPARE(link.state(), State::Opening);
    QVERIFY(link.pair());
    QCOMPARE(link.state(), State::Unidirectional);
    QCOMPARE(link.role(), Role::Node);
    QCOMPARE(link.sendingHalf(), Half::Outgoing);
    QVERIFY(link.mayPeerBegin(Half::Incoming));
    QVERIFY(!link.mayPeerBegin(Half::Outgoing));
}

void tst_LinkState::clientSharesOneConnection()
{
    LinkState link;
    link.open(Half::Incoming);
    QVERIFY(!link.sendingHalf());
    link.share(Role::Client);
    QCOMPARE(link.state(), State::Bidirectional);
    QCOMPARE(link.role(), Role::Client);
    QCOMPARE(link.sendingHalf(), Half::Incoming);
    QVERIFY(link.mayPeerBegin(Half::Incoming));
    QVERIFY(link.mayPeerBegin(Half::Outgoing));
}

void tst_LinkState::lostHalfIsRepaired()
{
    LinkState link = pairedLink();
    link.lose(Half::Incoming);
    QCOMPARE(link.state(), State::Repairing);
    QVERIFY(link.isUnidirectional());
    QCOMPARE(link.sendingHalf(), Half::Outgoing);
    link.open(Half::Incoming);
    QCOMPARE(link.state(), State::Unidirectional);
    link.lose(Half::Outgoing);
    QCOMPARE(link.state(), State::Repairing);
    QVERIFY(!link.sendingHalf());
    link.open(Half::Outgoing);
    QCOMPARE(link.state(), State::Unidirectional);
}

void tst_LinkState::nodeThatIsRefusedBecomesAClientOfTheLink()
{
    LinkState link = pairedLink();
    link.setPeerClaim(Claim::Client);
    link.share(Role::Client);
    QCOMPARE(link.state(), State::Bidirectional);
    QVERIFY(!link.pair());
}

void tst_LinkState::clientThatPassesLaterPairs()
{
    LinkState link;
    link.open(Half::Incoming);
    link.setPeerClaim(Claim::Pending);
    link.share(Role::Client);
    link.setPeerClaim(Claim::Node);
    link.open(Half::Outgoing);
    link.setOwnClaim(Claim::Node);
    QVERIFY(link.pair());
    QCOMPARE(link.role(), Role::Node);
    // What it had sent before may still be on its way.
    QVERIFY(link.mayPeerBegin(Half::Outgoing));
}

void tst_LinkState::onlyAPeerDialledWithoutItsHelpIsProven()
{
    LinkState link;
    QVERIFY(!link.isProven());
    link.open(Half::Outgoing);
    QVERIFY(link.isProven());
    link.open(Half::Incoming);
    QVERIFY(!link.isProven());
    link.setPeerClaim(Claim::Client);
    QVERIFY(!link.isProven());
    link.setPeerClaim(Claim::Node);
    QVERIFY(link.isProven());
    link.lose(Half::Outgoing);
    QVERIFY(!link.isProven());
}

void tst_LinkState::lossesHaveTheirConsequences_data()
{
    QTest::addColumn<bool>("isBidirectional");
    QTest::addColumn<Claim>("peerClaim");
    QTest::addColumn<bool>("hasOther");
    QTest::addColumn<Reason>("reason");
    QTest::addColumn<Redial>("redial");
    QTest::addColumn<Loss>("loss");

    const auto none = Redial::None;
    const auto underWay = Redial::UnderWay;
    QTest::newRow("the last one") << false << Claim::Node << false << Reason::Silence << none
                                  << Loss::End;
    QTest::newRow("the last one of a client")
        << true << Claim::Client << false << Reason::Silence << none << Loss::End;
    QTest::newRow("closed on purpose")
        << false << Claim::Node << true << Reason::Closed << none << Loss::End;
    QTest::newRow("closed on purpose, while ours is dialled")
        << false << Claim::Node << true << Reason::Closed << underWay << Loss::End;
    QTest::newRow("a half times out")
        << false << Claim::Node << true << Reason::Silence << none << Loss::Repair;
    QTest::newRow("the last one, while ours is dialled")
        << false << Claim::Node << false << Reason::Silence << underWay << Loss::Repair;
    QTest::newRow("before the claim is decided")
        << false << Claim::Pending << true << Reason::Silence << none << Loss::None;
    QTest::newRow("one of two with a client")
        << true << Claim::Client << true << Reason::Silence << none << Loss::None;
    QTest::newRow("one of two that are shared")
        << true << Claim::Node << true << Reason::Silence << none << Loss::None;
}

void tst_LinkState::lossesHaveTheirConsequences()
{
    QFETCH(const bool, isBidirectional);
    QFETCH(const Claim, peerClaim);
    QFETCH(const bool, hasOther);
    QFETCH(const Reason, reason);
    QFETCH(const Redial, redial);
    for (const Half lost : {Half::Outgoing, Half::Incoming}) {
        LinkState link;
        link.setPeerClaim(peerClaim);
        link.open(Half::Outgoing);
        link.open(Half::Incoming);
        if (isBidirectional)
            link.share(Role::Client);
        link.lose(lost);
        if (!hasOther)
            link.lose(lost == Half::Outgoing ? Half::Incoming : Half::Outgoing);
        QTEST(link.lossAfter(reason, redial), "loss");
    }
}

void tst_LinkState::everyStateKeepsTheRules()
{
    const QList<LinkState> states = allStates();
    for (const LinkState &link : states) {
        const bool isOutgoingOpen = link.isOpen(Half::Outgoing);
        const bool isIncomingOpen = link.isOpen(Half::Incoming);
        const bool areBothOpen = isOutgoingOpen && isIncomingOpen;
        std::optional<Half> sending;
        switch (link.state()) {
        case State::Opening:
            QVERIFY(!link.isEstablished());
            QCOMPARE(link.role(), Role::Unknown);
            break;
        case State::Unidirectional:
            QVERIFY(areBothOpen);
            QCOMPARE(link.role(), Role::Node);
            sending = Half::Outgoing;
            break;
        case State::Repairing:
            QVERIFY(!areBothOpen);
            QCOMPARE(link.role(), Role::Node);
            if (isOutgoingOpen)
                sending = Half::Outgoing;
            break;
        case State::Bidirectional:
            QVERIFY(link.role() != Role::Unknown);
            if (isOutgoingOpen)
                sending = Half::Outgoing;
            else if (isIncomingOpen)
                sending = Half::Incoming;
            break;
        }
        QCOMPARE(link.sendingHalf(), sending);
        QCOMPARE(link.isEstablished(), link.isUnidirectional() || link.isBidirectional());
        QVERIFY(!(link.isUnidirectional() && link.isBidirectional()));
        QVERIFY(link.mayPeerBegin(Half::Incoming));
        QVERIFY(link.mayPeerBegin(Half::Outgoing) || link.isUnidirectional());
        QCOMPARE(link.isComplete(),
                 areBothOpen && link.peerClaim() == Claim::Node && link.ownClaim() == Claim::Node);
        QVERIFY(!link.isProven() || isOutgoingOpen);
        for (const Reason reason : {Reason::Silence, Reason::Closed}) {
            const Loss loss = link.lossAfter(reason, Redial::None);
            QCOMPARE(loss == Loss::End, reason == Reason::Closed || !link.hasConnection());
            QVERIFY(loss != Loss::Repair || !link.isBidirectional());
        }
    }
    // Open halves, its claim and ours: with no decision, or shared with a node or a client, at first or again; and of
    // two halves, from the start or after having been shared, where both claims had been made.
    QCOMPARE(states.size(), 4 * 4 * 3 * (1 + 2 * 2) + 4 * 3 * 2 * 2);
}

void tst_LinkState::onlyDecisionsChangeWhatTheProgramSees()
{
    const QList<LinkState> states = allStates();
    for (const LinkState &before : states) {
        for (const Input &input : allInputs()) {
            LinkState after = before;
            input.apply(after);
            const bool isSame = after.isUnidirectional() == before.isUnidirectional()
                && after.isBidirectional() == before.isBidirectional()
                && after.role() == before.role();
            QVERIFY2(isSame || input.isDecision, input.name);
            QVERIFY2(after.isEstablished() || !before.isEstablished(), input.name); // for good
        }
        LinkState paired = before;
        QCOMPARE(paired.pair(), before.isComplete());
        if (before.isComplete())
            QCOMPARE(paired.state(), State::Unidirectional);
        else
            QCOMPARE(paired, before);
        LinkState again = paired;
        again.pair();
        QCOMPARE(again, paired);
    }
}

QTEST_GUILESS_MAIN(tst_LinkState)

#include "tst_linkstate.moc"
