// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a member knows of its own addresses: what nodes find, what changes with the machine, and when it asks.

#include <qp2pcore/peering/ownaddresses.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Answer = OwnAddresses::Answer;
using Change = OwnAddresses::ObservedChange;
using Found = OwnAddresses::MachineChange;
using State = Reachability::State;

namespace {

constexpr auto Ipv4 = QAbstractSocket::IPv4Protocol;
constexpr auto Ipv6 = QAbstractSocket::IPv6Protocol;
constexpr Time Start = Time(1h);

PeerId idOf(int number)
{
    return PeerId::fromBytes(QByteArray(32, char(number)));
}

//! Each in a group of its own.
Witness witness(int number)
{
    return {idOf(number), {}};
}

PeerAddress seenAt(int host, quint16 port = 12000)
{
    return PeerAddress(QHostAddress(0x0b000000u + quint32(host)), port);
}

OwnAddresses::Machine machine(std::chrono::seconds suspended = 0s,
                              const QString &address = u"11.0.0.1"_s)
{
    return {suspended, {QHostAddress(address)}, {}};
}

//! Evaluates and applies, as a member does.
State updated(OwnAddresses &own, OwnAddresses::Family family)
{
    const OwnAddresses::Evaluation found = own.evaluate(family, {});
    own.setObserved(family, found.observed);
    own.setReachability(family, found.reachability);
    return own.reachability(family).state;
}

} // namespace

class tst_OwnAddresses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void familiesAreIndependent();
    void onlyAnotherAddressForgetsAnswers();
    void nodesThatSeeAMoveOneAfterTheOtherSeeAMove();
    void equalReachabilityIsNoChange();
    void memberIsUnreachableOnlyWhereNoFamilyIsReachable_data();
    void memberIsUnreachableOnlyWhereNoFamilyIsReachable();
    void roleFollowsReachabilityUnlessConfigured();
    void peerThatIsGoneNoLongerTellsTheAddress();
    void onlyAnotherSourceAddressIsAMove();
    void onlyTheAddressThatIsLeftIsForgotten();
    void withoutPeersAnyOtherInterfaceIsAMove();
    void suspendIsDetectedBeyondTheClocksSlip();
    void answersAreAboutTheAddressThatTheNodeSees();
    void checksComeAgainSoonAfterAMove();
    void movesOfThisMachineKeepThePauseOfEachNode();
    void movesThatNodesReportPostponeNoRound();
    void movesThatNodesReportAreLimited();
    void interfaceNetworksDecideTheClaimedPort();
    void checkIsAskedForOnceAMinute();
    void answerBelongsToTheLatestRequest();
    void roundsComeEveryTenMinutes();
    void arrivalReportsAreLimited();
};

void tst_OwnAddresses::familiesAreIndependent()
{
    OwnAddresses own;
    for (int i = 1; i <= 3; ++i) {
        own.recordAnswer(Ipv4, witness(i), Answer::Reachable, {});
        own.recordObserved(Ipv4, witness(i), seenAt(7));
    }
    QCOMPARE(updated(own, Ipv4), State::Reachable);
    QCOMPARE(updated(own, Ipv6), State::Unknown);
    QCOMPARE(own.observed(Ipv4), seenAt(7));
    QVERIFY(own.observed(Ipv6).isNull());
}

void tst_OwnAddresses::onlyAnotherAddressForgetsAnswers()
{
    OwnAddresses own;
    for (int i = 1; i <= 3; ++i)
        own.recordAnswer(Ipv4, witness(i), Answer::Reachable, {});
    QCOMPARE(own.setObserved(Ipv4, seenAt(1)), Change::Changed); // it has become known
    QCOMPARE(own.setObserved(Ipv4, seenAt(1)), Change::None);
    QCOMPARE(own.setObserved(Ipv4, seenAt(1, 12001)), Change::Changed);
    QCOMPARE(own.setObserved(Ipv4, {}), Change::Changed);
    QCOMPARE(own.setObserved(Ipv4, seenAt(1)), Change::Changed);
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::Reachable);

    QCOMPARE(own.setObserved(Ipv4, seenAt(2)), Change::Moved);
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::Unknown);
}

//! Meanwhile too few agree on any address, and who has seen it already may check us at the new one.
void tst_OwnAddresses::nodesThatSeeAMoveOneAfterTheOtherSeeAMove()
{
    OwnAddresses own;
    const auto change = [&] { return own.setObserved(Ipv4, own.evaluate(Ipv4, {}).observed); };
    for (int i = 1; i <= 4; ++i) {
        own.recordObserved(Ipv4, witness(i), seenAt(1));
        own.recordAnswer(Ipv4, witness(i), Answer::Reachable, {});
    }
    QCOMPARE(change(), Change::Changed);
    QCOMPARE(own.evaluate(Ipv4, {}).observers, 4);
    own.recordObserved(Ipv4, witness(1), seenAt(2));
    QCOMPARE(change(), Change::None);
    own.recordObserved(Ipv4, witness(2), seenAt(2));
    QCOMPARE(change(), Change::Changed);
    QVERIFY(own.observed(Ipv4).isNull());
    own.recordAnswer(Ipv4, witness(2), Answer::NotReachable, u"timed out"_s);
    own.recordObserved(Ipv4, witness(3), seenAt(2));
    QCOMPARE(change(), Change::Moved);
    QCOMPARE(own.evaluate(Ipv4, {}).observers, 3);
    const Reachability found = own.evaluate(Ipv4, {}).reachability;
    QCOMPARE(found.state,
             State::NotReachable); // the fourth has not seen it, so what it said is void
    QCOMPARE(found.answers, 1);
    own.recordObserved(Ipv4, witness(4), seenAt(2));
    QCOMPARE(change(), Change::None);
    // Back where it was last known to be: as when who said so was gone for a while.
    for (int i = 1; i <= 4; ++i)
        own.removePeer(idOf(i));
    QCOMPARE(change(), Change::Changed);
    own.recordObserved(Ipv4, witness(1), seenAt(2));
    QCOMPARE(change(), Change::Changed);
}

void tst_OwnAddresses::equalReachabilityIsNoChange()
{
    OwnAddresses own;
    const Reachability found{State::NotReachable, u"no route"_s, 1, {}};
    QVERIFY(own.setReachability(Ipv4, found));
    QVERIFY(!own.setReachability(Ipv4, found));
    QVERIFY(own.setReachability(Ipv6, found));
    Reachability other = found;
    other.reason = u"timed out"_s;
    QVERIFY(own.setReachability(Ipv4, other));
    QCOMPARE(own.reachability(Ipv4), other);
}

void tst_OwnAddresses::memberIsUnreachableOnlyWhereNoFamilyIsReachable_data()
{
    QTest::addColumn<State>("ipv4");
    QTest::addColumn<State>("ipv6");
    QTest::addColumn<bool>("unreachable");

    const QList<std::pair<State, const char *>> states{{State::Unknown, "unknown"},
                                                       {State::Provisional, "provisional"},
                                                       {State::Reachable, "reachable"},
                                                       {State::NotReachable, "not reachable"}};
    for (const auto &[ipv4, name4] : states) {
        for (const auto &[ipv6, name6] : states) {
            const bool isAnyUp = ipv4 == State::Reachable || ipv4 == State::Provisional
                || ipv6 == State::Reachable || ipv6 == State::Provisional;
            const bool isAnyDown = ipv4 == State::NotReachable || ipv6 == State::NotReachable;
            QTest::addRow("%s, %s", name4, name6) << ipv4 << ipv6 << (isAnyDown && !isAnyUp);
        }
    }
}

void tst_OwnAddresses::memberIsUnreachableOnlyWhereNoFamilyIsReachable()
{
    QFETCH(const State, ipv4);
    QFETCH(const State, ipv6);
    OwnAddresses own;
    own.setReachability(Ipv4, {ipv4, {}, 0, {}});
    own.setReachability(Ipv6, {ipv6, {}, 0, {}});
    QTEST(own.isUnreachable(), "unreachable");
}

void tst_OwnAddresses::roleFollowsReachabilityUnlessConfigured()
{
    using Role = OwnAddresses::Role;
    OwnAddresses own;
    own.setRole(Role::Node);
    QVERIFY(!own.updateRole());
    own.setReachability(Ipv4, {State::NotReachable, {}, 0, {}});
    QCOMPARE(own.role(), Role::Node); // until it is updated
    QVERIFY(own.updateRole());
    QCOMPARE(own.role(), Role::Client);
    QVERIFY(!own.updateRole());
    own.setReachability(Ipv6, {State::Provisional, {}, 0, {}});
    QVERIFY(own.updateRole());
    QCOMPARE(own.role(), Role::Node);

    own.setRole(Role::Client);
    QVERIFY(!own.updateRole());
    QCOMPARE(own.role(), Role::Client);
}

void tst_OwnAddresses::peerThatIsGoneNoLongerTellsTheAddress()
{
    OwnAddresses own;
    own.recordObserved(Ipv4, witness(1), seenAt(1));
    own.recordAnswer(Ipv4, witness(1), Answer::NotReachable, u"timed out"_s);
    QCOMPARE(own.evaluate(Ipv4, {}).observed, seenAt(1));
    own.removePeer(idOf(1));
    QVERIFY(own.evaluate(Ipv4, {}).observed.isNull());
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::NotReachable);
    own.forgetAnswers(Start);
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::Unknown);
}

//! From where datagrams leave decides, not which interfaces there are.
void tst_OwnAddresses::onlyAnotherSourceAddressIsAMove()
{
    const QList<QHostAddress> peers{QHostAddress(u"11.9.0.1"_s), QHostAddress(u"192.168.1.9"_s)};
    QHash<QHostAddress, QHostAddress> ways{{peers[0], QHostAddress(u"11.0.0.1"_s)},
                                           {peers[1], QHostAddress(u"192.168.1.1"_s)}};
    int lookups = 0;
    const auto way = [&](const QHostAddress &peer) {
        ++lookups;
        return ways.value(peer);
    };
    OwnAddresses own;
    own.start(machine(), Start);
    const auto detect = [&](const OwnAddresses::Machine &now) {
        return own.detectChange(now, peers, way);
    };
    QCOMPARE(detect(machine()), Found::None);
    QCOMPARE(detect(machine()), Found::None);
    QCOMPARE(lookups, 2); // the system is not asked every second
    // A bridge comes up.
    OwnAddresses::Machine bridged = machine();
    bridged.addresses.append(QHostAddress(u"172.17.0.1"_s));
    QCOMPARE(detect(bridged), Found::None);
    QCOMPARE(lookups, 4);
    // The address is replaced; for a while no way leads anywhere.
    ways[peers[0]] = {};
    QCOMPARE(detect({0s, {}, {}}), Found::None);
    QCOMPARE(detect({0s, {}, {}}), Found::None);
    ways[peers[0]] = QHostAddress(u"11.0.0.2"_s);
    QCOMPARE(detect({0s, {}, {}}), Found::Moved); // the way may come later than the address
    QCOMPARE(detect({0s, {}, {}}), Found::None);
    // The same address comes back.
    ways[peers[0]] = {};
    QCOMPARE(detect(machine(0s, u"11.0.0.2"_s)), Found::None);
    ways[peers[0]] = QHostAddress(u"11.0.0.2"_s);
    QCOMPARE(detect(machine(0s, u"11.0.0.2"_s)), Found::None);
}

//! Some nodes may have seen the new address before the move was detected.
void tst_OwnAddresses::onlyTheAddressThatIsLeftIsForgotten()
{
    OwnAddresses own;
    own.start(machine(), Start);
    QHostAddress source = seenAt(1).address();
    const auto detect = [&](const OwnAddresses::Machine &now) {
        return own.detectChange(now, {QHostAddress(u"11.9.0.1"_s)},
                                [&](const QHostAddress &) { return source; });
    };
    QCOMPARE(detect(machine()), Found::None);
    for (int i = 1; i <= 3; ++i)
        own.recordObserved(Ipv4, witness(i), seenAt(1));
    QCOMPARE(own.evaluate(Ipv4, {}).observed, seenAt(1));
    own.recordObserved(Ipv4, witness(3), seenAt(2));
    source = seenAt(2).address();
    QCOMPARE(detect(machine(0s, source.toString())), Found::Moved);
    QCOMPARE(own.evaluate(Ipv4, {}).observed, seenAt(2));
}

void tst_OwnAddresses::withoutPeersAnyOtherInterfaceIsAMove()
{
    OwnAddresses own;
    own.start(machine(), Start);
    const auto noWay = [](const QHostAddress &) { return QHostAddress(); };
    QCOMPARE(own.detectChange(machine(), {}, noWay), Found::None);
    QCOMPARE(own.detectChange(machine(0s, u"11.0.0.2"_s), {}, noWay), Found::Moved);
    QCOMPARE(own.detectChange(machine(0s, u"11.0.0.2"_s), {}, noWay), Found::None);
}

void tst_OwnAddresses::suspendIsDetectedBeyondTheClocksSlip()
{
    OwnAddresses own;
    own.start(machine(100s), Start);
    const auto detect = [&](std::chrono::seconds suspended) {
        return own.detectChange(machine(suspended), {}, {});
    };
    QCOMPARE(detect(105s), Found::None);
    QCOMPARE(detect(110s), Found::None);
    QCOMPARE(detect(116s), Found::Suspended);
    QCOMPARE(detect(116s), Found::None);
}

//! A node that sees us elsewhere has said something about where we were.
void tst_OwnAddresses::answersAreAboutTheAddressThatTheNodeSees()
{
    OwnAddresses own;
    QVERIFY(!own.recordObserved(Ipv4, witness(1), seenAt(1)));
    own.recordAnswer(Ipv4, witness(1), Answer::NotReachable, u"timed out"_s);
    QVERIFY(!own.recordObserved(Ipv4, witness(1), seenAt(1, 12001)));
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::NotReachable);
    QVERIFY(own.recordObserved(Ipv4, witness(1), seenAt(2)));
    QCOMPARE(own.evaluate(Ipv4, {}).reachability.state, State::Unknown);
}

void tst_OwnAddresses::checksComeAgainSoonAfterAMove()
{
    OwnAddresses own;
    own.start(machine(), Start);
    const quint64 first = own.beginCheck(Ipv4, idOf(1), Start - 4s);
    own.forgetAnswers(Start + 1s);
    QVERIFY(!own.isOwnCheck(idOf(1), first)); // its answer is about another address
    QVERIFY(!own.beginRound(Ipv4, Start + 6s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 6s));
    QVERIFY(!own.beginRound(Ipv4, Start + 7s));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start + 6s) != 0);
    // A node that sees us elsewhere is asked again, but not at every word of it.
    own.renewCheck(Ipv4, idOf(1), Start + 16s - 1ns);
    QCOMPARE(own.beginCheck(Ipv4, idOf(1), Start + 30s), 0u);
    own.renewCheck(Ipv4, idOf(1), Start + 30s);
    QVERIFY(!own.beginRound(Ipv4, Start + 35s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 35s));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start + 35s) != 0);
    // So is one that was never asked, as nodes see a move one after the other.
    own.renewCheck(Ipv4, idOf(2), Start + 50s);
    QVERIFY(!own.beginRound(Ipv4, Start + 55s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 55s));
}

//! However often it moves, a node is asked once in ten seconds.
void tst_OwnAddresses::movesOfThisMachineKeepThePauseOfEachNode()
{
    OwnAddresses own;
    own.start(machine(), Start);
    const quint64 first = own.beginCheck(Ipv4, idOf(1), Start);
    own.forgetAnswers(Start + 1s);
    QVERIFY(!own.isOwnCheck(idOf(1), first));
    QVERIFY(own.isCheckRecent(idOf(1), Start + 1s)); // it may be dialling
    QVERIFY(own.beginRound(Ipv4, Start + 6s));
    QCOMPARE(own.beginCheck(Ipv4, idOf(1), Start + 6s), 0u);
    QVERIFY(own.beginCheck(Ipv4, idOf(2), Start + 6s) != 0);
    // It is not forgotten.
    QVERIFY(!own.beginRound(Ipv4, Start + 10s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 10s));
    const quint64 second = own.beginCheck(Ipv4, idOf(1), Start + 10s);
    QVERIFY(second != 0);
    QVERIFY(own.isOwnCheck(idOf(1), second));
    QCOMPARE(own.beginCheck(Ipv4, idOf(2), Start + 10s), 0u);
    QVERIFY(!own.beginRound(Ipv4, Start + 600s));
}

void tst_OwnAddresses::movesThatNodesReportPostponeNoRound()
{
    OwnAddresses own;
    own.start(machine(), Start);
    const quint64 first = own.beginCheck(Ipv4, idOf(1), Start);
    const quint64 other = own.beginCheck(Ipv6, idOf(2), Start);
    for (int second = 0; second < 5; ++second) {
        own.renewRound(Ipv4, {witness(1)}, Start + std::chrono::seconds(second));
        QVERIFY(!own.beginRound(Ipv4, Start + std::chrono::seconds(second)));
    }
    QVERIFY(own.beginRound(Ipv4, Start + 5s));
    QVERIFY(!own.beginRound(Ipv6, Start + 5s)); // no peer has said anything of that family
    // A request that was sent just now still counts, one of before does not.
    QVERIFY(own.isOwnCheck(idOf(1), first));
    QCOMPARE(own.beginCheck(Ipv4, idOf(1), Start + 5s), 0u);
    own.renewRound(Ipv4, {witness(1)}, Start + 10s);
    QVERIFY(!own.isOwnCheck(idOf(1), first));
    QVERIFY(own.isOwnCheck(idOf(2), other));
    QVERIFY(own.beginRound(Ipv4, Start + 15s));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start + 15s) != 0);
}

void tst_OwnAddresses::movesThatNodesReportAreLimited()
{
    OwnAddresses own;
    QVERIFY(own.takeMove(Start));
    QVERIFY(!own.takeMove(Start + 60s - 1ns));
    QVERIFY(own.takeMove(Start + 60s));
    QVERIFY(!own.takeMove(Start + 61s));
}

void tst_OwnAddresses::interfaceNetworksDecideTheClaimedPort()
{
    OwnAddresses own;
    own.claimedPorts()->setExternalPort(Ipv4, 22000);
    const QHostAddress peer(u"11.0.0.9"_s);
    QCOMPARE(own.claimedPorts()->portFor(peer, 12000), 22000);
    OwnAddresses::Machine inside = machine();
    inside.networks = {{QHostAddress(u"11.0.0.1"_s), 24}};
    own.start(inside, Start);
    QCOMPARE(own.claimedPorts()->portFor(peer, 12000), 12000);
    QCOMPARE(own.networks(), inside.networks);
    own.detectChange(machine(), {}, {});
    QCOMPARE(own.claimedPorts()->portFor(peer, 12000), 22000);
}

void tst_OwnAddresses::checkIsAskedForOnceAMinute()
{
    OwnAddresses own;
    QVERIFY(!own.isCheckRecent(idOf(1), Start));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start) != 0);
    QCOMPARE(own.beginCheck(Ipv4, idOf(1), Start + 60s - 1ns), 0u);
    QVERIFY(own.isCheckRecent(idOf(1), Start + 60s - 1ns));
    QVERIFY(!own.isCheckRecent(idOf(2), Start));
    QVERIFY(own.beginCheck(Ipv4, idOf(2), Start + 1s) != 0);
    QVERIFY(!own.isCheckRecent(idOf(1), Start + 60s));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start + 60s) != 0);
    own.removePeer(idOf(1));
    QVERIFY(own.beginCheck(Ipv4, idOf(1), Start + 60s) != 0);
}

void tst_OwnAddresses::answerBelongsToTheLatestRequest()
{
    OwnAddresses own;
    const quint64 first = own.beginCheck(Ipv4, idOf(1), Start);
    QVERIFY(own.isOwnCheck(idOf(1), first));
    QVERIFY(!own.isOwnCheck(idOf(2), first));
    QVERIFY(!own.isOwnCheck(idOf(1), first + 1));
    const quint64 second = own.beginCheck(Ipv4, idOf(1), Start + 60s);
    QVERIFY(second != first);
    QVERIFY(!own.isOwnCheck(idOf(1), first));
    QVERIFY(own.isOwnCheck(idOf(1), second));
}

void tst_OwnAddresses::roundsComeEveryTenMinutes()
{
    OwnAddresses own;
    own.start(machine(), Start);
    QVERIFY(!own.beginRound(Ipv4, Start + 600s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 600s));
    QVERIFY(!own.beginRound(Ipv4, Start + 1200s - 1ns));
    QVERIFY(own.beginRound(Ipv4, Start + 1200s));
}

void tst_OwnAddresses::arrivalReportsAreLimited()
{
    OwnAddresses own;
    int reports = 0;
    for (int i = 0; i < 1000; ++i)
        reports += own.takeArrivalReport(Start);
    QCOMPARE(reports, 50);
    for (int i = 0; i < 100; ++i)
        reports += own.takeArrivalReport(Start + 2s);
    QCOMPARE(reports, 60);
}

QTEST_GUILESS_MAIN(tst_OwnAddresses)

#include "tst_ownaddresses.moc"
