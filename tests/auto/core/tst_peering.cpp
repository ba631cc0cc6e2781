// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The rules by which a member believes others: quorums, limits, block lists.

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/ratewindow.h>
#include <qp2pcore/peering/tally.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Answer = ReachabilityTally::Result;
using State = Reachability::State;

namespace {

PeerId idOf(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    return PeerId::fromBytes(bytes);
}

//! Each in a group of its own, unless one is given.
Witness witness(int number, const QByteArray &group = {})
{
    return {idOf(number), group};
}

PeerAddress addressOf(int group, int host)
{
    return PeerAddress(QHostAddress(0x0b000000u + (quint32(group) << 16) + quint32(host)), 12000);
}

} // namespace

class tst_Peering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reachabilityNeedsAQuorum_data();
    void reachabilityNeedsAQuorum();
    void latestAnswerOfAWitnessCounts();
    void oneGroupIsOneVoice();
    void resultNamesItsWitnesses();
    void observedAddressNeedsAQuorum();
    void groupsAreThoseOfPublicAddresses();
    void ratesHoldInEveryMinute();
    void blockListSurvivesAndIsShared();
    void damagedBlockListIsSetAside_data();
    void damagedBlockListIsSetAside();
};

void tst_Peering::reachabilityNeedsAQuorum_data()
{
    QTest::addColumn<QList<int>>("answers"); // of witnesses 0, 1, …; -1: has said nothing
    QTest::addColumn<State>("state");
    const int yes = int(Answer::Reachable);
    const int no = int(Answer::NotReachable);
    const int maybe = int(Answer::Provisional);
    const int refused = int(Answer::Refused);
    const int silent = -1;
    const auto row = [](const char *name, const QList<int> &answers, State state) {
        QTest::newRow(name) << answers << state;
    };
    row("nobody", {}, State::Unknown);
    row("silence", {silent, silent}, State::Unknown);
    row("the only one says yes", {yes}, State::Provisional); // it may be lying
    row("the only one says no", {no}, State::NotReachable);
    row("the only one cannot tell", {maybe}, State::Provisional);
    row("the only one refuses", {refused}, State::Unknown);
    row("one of two", {yes, silent}, State::Provisional);
    row("one of two says no", {no, silent}, State::Unknown); // it does not decide
    row("two of two say no", {no, no}, State::NotReachable);
    row("two of two", {yes, yes}, State::Reachable);
    row("one and one", {yes, no}, State::Unknown);
    row("two of ten", {yes, yes, -1, -1, -1, -1, -1, -1, -1, -1}, State::Provisional);
    row("two of ten say no", {no, no, -1, -1, -1, -1, -1, -1, -1, -1}, State::Unknown);
    row("two against a liar", {yes, yes, no}, State::Provisional);
    row("a liar against two", {no, no, yes}, State::Unknown);
    row("three of ten", {yes, yes, yes, -1, -1, -1, -1, -1, -1, -1}, State::Reachable);
    row("a liar among four", {yes, yes, yes, no}, State::Reachable);
    row("three against three", {yes, yes, yes, no, no, no}, State::Unknown);
    row("who cannot tell does not count", {yes, yes, maybe, maybe, maybe}, State::Reachable);
    row("one yes among those who cannot tell", {yes, maybe, maybe, maybe}, State::Provisional);
    row("no outweighs cannot tell", {no, no, maybe, maybe}, State::NotReachable);
    row("but not one alone", {no, maybe}, State::Unknown);
    row("nobody can tell", {maybe, maybe, maybe, refused}, State::Provisional);
    row("refusals are no evidence", {refused, refused, yes}, State::Provisional);
}

void tst_Peering::reachabilityNeedsAQuorum()
{
    QFETCH(const QList<int>, answers);
    QFETCH(const State, state);
    ReachabilityTally tally;
    QList<Witness> able;
    for (int i = 0; i < answers.size(); ++i) {
        able.append(witness(i));
        if (answers[i] >= 0)
            tally.add(witness(i), Answer(answers[i]), u"reason"_s);
    }
    const Reachability result = tally.evaluate(able);
    QCOMPARE(result.state, state);
    QCOMPARE(result.reason.isEmpty(), state != State::NotReachable);
    if (!answers.contains(int(Answer::NotReachable)) && answers.contains(int(Answer::Reachable)))
        QCOMPARE(result.answers >= tally.quorum(able), state == State::Reachable);
    tally.forget();
    QCOMPARE(tally.evaluate(able).state, State::Unknown);
}

void tst_Peering::latestAnswerOfAWitnessCounts()
{
    ReachabilityTally tally;
    tally.add(witness(1), Answer::NotReachable, u"no"_s);
    tally.add(witness(1), Answer::Reachable, {});
    QCOMPARE(tally.evaluate({}).state, State::Provisional);
    tally.add(witness(1), Answer::Refused, {});
    QCOMPARE(tally.evaluate({}).state, State::Provisional);
    // Who is gone is forgotten in the end: the memory is bounded.
    for (int i = 0; i < 1000; ++i)
        tally.add(witness(i), Answer::NotReachable, {});
    QVERIFY(!tally.hasAnswerOf(idOf(1)));
    QCOMPARE(tally.evaluate({}).answers, 64);
}

void tst_Peering::oneGroupIsOneVoice()
{
    ReachabilityTally tally;
    QList<Witness> able;
    for (int i = 0; i < 10; ++i) { // all of one owner
        able.append(witness(i, "11.7"));
        tally.add(able.last(), Answer::NotReachable, u"lie"_s);
    }
    for (int i = 10; i < 13; ++i) {
        able.append(witness(i, QByteArray::number(i)));
        tally.add(able.last(), Answer::Reachable, {});
    }
    QCOMPARE(tally.evaluate(able).state, State::Reachable);
    QCOMPARE(tally.evaluate(able).answers, 3);
}

void tst_Peering::resultNamesItsWitnesses()
{
    ReachabilityTally tally;
    const auto at = [](int number, const QByteArray &group) {
        return Witness{idOf(number), group,
                       PeerAddress(addressOf(number, 1).address(), 12000, idOf(number))};
    };
    tally.add(at(1, "a"), Answer::Reachable, {});
    QCOMPARE(tally.evaluate({}).witnesses, QList{at(1, "a").address});
    tally.add(at(2, "a"), Answer::Reachable, {}); // of the same group: still one voice
    QCOMPARE(tally.evaluate({}).witnesses, QList{at(1, "a").address});
    QCOMPARE(tally.evaluate({}).state, State::Provisional);
    tally.add(at(3, "b"), Answer::Reachable, {});
    QCOMPARE(tally.evaluate({}).witnesses, (QList{at(1, "a").address, at(3, "b").address}));
    QCOMPARE(tally.evaluate({}).state, State::Reachable);
    tally.forget();
    tally.add(at(4, "c"), Answer::NotReachable, u"silence"_s);
    QCOMPARE(tally.evaluate({}).state, State::NotReachable);
    QCOMPARE(tally.evaluate({}).witnesses, QList{at(4, "c").address});
    QVERIFY(
        tally.evaluate({at(5, "d")}).witnesses.isEmpty()); // there is another: it does not decide
}

void tst_Peering::observedAddressNeedsAQuorum()
{
    ObservedAddressTally tally;
    const PeerAddress ours = addressOf(1, 1);
    QVERIFY(tally.agreedAddress({}).isNull());
    tally.add(witness(1), ours);
    QCOMPARE(tally.agreedAddress({witness(1)}), ours);
    QVERIFY(tally.agreedAddress({witness(1), witness(2)}).isNull());
    tally.add(witness(2), addressOf(9, 9)); // says something else
    QVERIFY(tally.agreedAddress({witness(1), witness(2)}).isNull());
    tally.add(witness(3), ours);
    tally.add(witness(4), ours);
    QCOMPARE(tally.agreedAddress({}), ours);
    for (int i = 10; i < 30; ++i)
        tally.add(witness(i, "liars"), addressOf(9, 9));
    QCOMPARE(tally.agreedAddress({}), ours);
    tally.remove(idOf(3));
    tally.remove(idOf(4));
    QVERIFY(tally.agreedAddress({}).isNull());
}

void tst_Peering::groupsAreThoseOfPublicAddresses()
{
    const auto group = [](const QString &text) { return addressGroup(QHostAddress(text)); };
    QCOMPARE(group(u"11.7.1.1"_s), group(u"11.7.200.3"_s));
    QVERIFY(group(u"11.7.1.1"_s) != group(u"11.8.1.1"_s));
    QCOMPARE(group(u"2a00:1:2::1"_s), group(u"2a00:1:ffff::2"_s));
    QVERIFY(group(u"2a00:1::1"_s) != group(u"2a00:2::1"_s));
    QCOMPARE(group(u"::ffff:11.7.1.1"_s), group(u"11.7.1.1"_s));
    for (const QString &local :
         {u"127.0.0.1"_s, u"10.1.2.3"_s, u"192.168.1.1"_s, u"172.20.1.1"_s, u"169.254.1.1"_s,
          u"100.64.1.1"_s, u"::1"_s, u"fe80::1"_s, u"fd00::1"_s}) {
        QVERIFY2(group(local).isEmpty(), qPrintable(local));
        QVERIFY(isLocalScope(QHostAddress(local)));
    }
}

void tst_Peering::ratesHoldInEveryMinute()
{
    RateWindow<int> window(60s);
    int passed = 0;
    QList<Time> times;
    for (Time now; now < Time(600s); now += 1s) {
        for (int i = 0; i < 3; ++i) {
            if (window.countOf(1, now) >= 12)
                continue;
            window.count(1, now);
            times.append(now);
            ++passed;
        }
    }
    QCOMPARE(passed, 120);
    for (qsizetype i = 12; i < times.size(); ++i)
        QVERIFY(times[i] - times[i - 12] >= 60s);
    QCOMPARE(window.countOf(2, Time(600s)), 0); // another key has its own
    QVERIFY(window.size() <= 12); // what is past costs nothing
    window.countOf(3, Time(10'000s));
    QCOMPARE(window.size(), 0);
}

void tst_Peering::blockListSurvivesAndIsShared()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"new/blocked"_s);
    BlockList one;
    BlockList other;
    QVERIFY(one.open(path));
    QVERIFY(other.open(path));
    QVERIFY(one.add(idOf(1)));
    QVERIFY(other.add(QHostAddress(u"11.7.1.1"_s)));
    QVERIFY(other.contains(idOf(1))); // it has read what the other wrote
    QVERIFY(one.remove(idOf(1)));
    QVERIFY(one.contains(QHostAddress(u"11.7.1.1"_s)));
    BlockList again;
    QVERIFY(again.open(path));
    QVERIFY(again.peers().isEmpty());
    QCOMPARE(again.addresses(), QList{QHostAddress(u"11.7.1.1"_s)});
}

void tst_Peering::damagedBlockListIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray peer = "{\"peer\":\"" + idOf(9).toString().toLatin1() + "\",\"addresses\":[]}";
    const QByteArray record = "{\"record\":" + peer + ",\"checksum\":\""
        + QCryptographicHash::hash(peer, QCryptographicHash::Sha256).toHex().first(16) + "\"}\n";
    QTest::newRow("a text") << QByteArray("Dear diary\n");
    QTest::newRow("zeros, as after a power cut") << QByteArray(4096, 0);
    QTest::newRow("a bootstrap cache")
        << "{\"format\":\"qp2p-bootstrap-cache\",\"version\":1}\n" + record;
    QTest::newRow("a bootstrap cache without its first line") << record;
}

void tst_Peering::damagedBlockListIsSetAside()
{
    QFETCH(const QByteArray, bytes);
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"blocked"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
    file.close();
    QFile aside(file.fileName() + u".damaged"_s);
    if (bytes.startsWith("Dear")) { // a person may have given the wrong name
        BlockList list;
        const Result<void> refused = list.open(file.fileName(), ForeignFile::Refuse);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().message.contains(file.fileName()),
                 qPrintable(refused.error().message));
        QVERIFY(!aside.exists());
        QCOMPARE(file.size(), bytes.size());
    }
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was damaged"_s));
        BlockList list;
        const Result<void> opened = list.open(file.fileName());
        QVERIFY2(opened, qPrintable(opened.error().message));
        QVERIFY2(list.damage().contains(aside.fileName()), qPrintable(list.damage()));
        QVERIFY(list.peers().isEmpty());
        QVERIFY(list.add(idOf(5)));
    }
    QVERIFY(aside.open(QFile::ReadOnly));
    QCOMPARE(aside.readAll(), bytes);
    BlockList again;
    QVERIFY(again.open(file.fileName()));
    QVERIFY(again.damage().isEmpty());
    QCOMPARE(again.peers(), QList{idOf(5)});
}

QTEST_GUILESS_MAIN(tst_Peering)
#include "tst_peering.moc"
