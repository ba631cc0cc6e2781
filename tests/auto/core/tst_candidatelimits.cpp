// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is remembered of advertised nodes and failed dials is bounded, and no group of addresses takes it all.

#include "candidates.h"

#include <qp2pcore/peering/dialledplaces.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using Source = CandidateBook::Source;

class tst_CandidateLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failuresOfOneGroupDoNotPushOutThoseOfOthers();
    void largestGroupGivesUpItsOldest();
    void sourcesOfOneGroupShareIt();
    void limitsHoldWhateverIsAdvertised();
    void budgetOfAnAnswer();
    void placesRestAfterAFailure();
};
void tst_CandidateLimits::failuresOfOneGroupDoNotPushOutThoseOfOthers()
{
    DialFailures failures;
    failures.add("honest", "victim", Time());
    failures.add("attacker", "victim", Time());
    for (int i = 0; i < 5000; ++i)
        failures.add("attacker", QByteArray::number(i), Time(i * 1ns));
    QCOMPARE(failures.size(), DialFailures::MaxRecords);
    QVERIFY(failures.isPausing("honest", "victim", Time(1ns)));
    QVERIFY(!failures.isPausing("attacker", "victim", Time(1ns))); // its oldest
    QVERIFY(failures.isPausing("attacker", "4999", Time(5000ns)));
    // What is long over leaves before anything else does.
    failures.add("other", "late", Time(3 * DialFailures::LongestPause));
    QCOMPARE(failures.size(), 1);
}

void tst_CandidateLimits::largestGroupGivesUpItsOldest()
{
    CandidateBook book;
    // Full: 1 of a small group, and four large ones.
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    for (int group = 2; group <= 5; ++group) {
        for (int i = 0; i < 100; ++i)
            book.add(sourceIn(group, group * 10 + i % 5), idOf(group * 1000 + i),
                     {addressOf(10 + i)}, budget());
    }
    QCOMPARE(book.size(), CandidateBook::MaxAdvertised);
    for (int i = 0; i < 50; ++i)
        book.add(sourceIn(6, 60), idOf(6000 + i), {addressOf(10 + i)}, budget());
    QCOMPARE(book.size(), CandidateBook::MaxAdvertised);
    std::map<QByteArray, QSet<PeerId>> nodes;
    const auto all = book.advertised();
    for (const CandidateBook::Advertised &one : all)
        nodes[one.source.group].insert(one.node);
    QCOMPARE(nodes[sourceIn(1, 1).group].size(), 1);
    QCOMPARE(nodes[sourceIn(6, 60).group].size(), 50);
    for (int group = 2; group <= 5; ++group) {
        const qsizetype left = nodes[sourceIn(group, 0).group].size();
        QVERIFY2(left >= 85 && left <= 90, qPrintable(QString::number(left)));
        QVERIFY(nodes[sourceIn(group, 0).group].contains(idOf(group * 1000 + 99)));
    }
}

//! Somebody with many identities next to an honest source, in one group.
void tst_CandidateLimits::sourcesOfOneGroupShareIt()
{
    CandidateBook book;
    for (int i = 0; i < 5; ++i)
        book.add(sourceIn(1, 1), idOf(i), {addressOf(10 + i)}, budget());
    for (int i = 0; i < 2000; ++i)
        book.add(sourceIn(1, 100 + i % 10), idOf(1000 + i), {addressOf(100 + i % 100)}, budget());
    QCOMPARE(book.size(), CandidateBook::MaxOfOneGroup);
    qsizetype honest = 0;
    const auto all = book.advertised();
    for (const CandidateBook::Advertised &one : all)
        honest += one.source == sourceIn(1, 1);
    QCOMPARE(honest, 5);
}

void tst_CandidateLimits::limitsHoldWhateverIsAdvertised()
{
    for (quint64 seed = 1; seed <= 6; ++seed) {
        SeededRandom random(seed);
        CandidateBook book;
        Chooser chooser;
        for (int step = 0; step < 2000; ++step) {
            const Source source = sourceIn(1 + int(random.below(seed % 2 ? 5 : 600)),
                                           int(random.below(40)));
            const PeerId node = idOf(int(random.below(seed % 3 ? 50 : 5000)));
            QList<PeerAddress> addresses;
            for (quint64 i = random.below(10); i > 0; --i)
                addresses.append(addressOf(int(random.below(200)), 1 + int(random.below(20)),
                                           quint16(1024 + random.below(9))));
            book.add(source, node, addresses, budget());
            chooser.choice.now += std::chrono::nanoseconds(random.below(3'000'000'000));
            if (step % 4 != 0)
                continue;
            if (const auto candidate = chooser.from(book)) {
                QCOMPARE(candidate->addresses.size(), 1);
                if (random.happens(0.7))
                    book.failed(*candidate, chooser.choice.now);
                else if (random.happens(0.2))
                    book.succeeded(candidate->peerId, candidate->addresses.first());
            }
            QVERIFY(book.size() <= CandidateBook::MaxAdvertised);
            QVERIFY(book.failures() <= DialFailures::MaxRecords);
            if (step % 50 != 0)
                continue;
            std::map<QByteArray, int> ofGroup;
            std::map<QByteArray, int> ofNode;
            const auto all = book.advertised();
            for (const CandidateBook::Advertised &one : all) {
                QVERIFY(one.addresses >= 1 && one.addresses <= CandidateBook::MaxAddresses);
                QVERIFY(++ofGroup[one.source.group] <= CandidateBook::MaxOfOneGroup);
                QVERIFY(++ofNode[one.node.toBytes()] <= CandidateBook::MaxSourcesOfOneNode);
            }
        }
    }
}

void tst_CandidateLimits::budgetOfAnAnswer()
{
    DialBudget answer;
    int dials = 0;
    for (; answer.hasRoom(); ++dials)
        answer.reserve();
    QCOMPARE(dials, 5);
    answer.unanswered(1200); // it cost less than it might have
    QVERIFY(answer.hasRoom());
    answer.reserve();
    QVERIFY(!answer.hasRoom());
    for (int i = 0; i < 3; ++i) {
        answer.unanswered(DialBudget::BytesPerAddress);
        QVERIFY(!answer.hasRoom());
    }
    answer.answered(); // one dial is still under way
    QVERIFY(answer.hasRoom());
    answer.answered();
    for (dials = 0; answer.hasRoom(); ++dials) {
        answer.reserve();
        answer.unanswered(DialBudget::BytesPerAddress);
    }
    QCOMPARE(dials, 5);
    // Nothing of it is chosen any more.
    CandidateBook book;
    const auto spent = std::make_shared<DialBudget>(answer);
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, spent);
    Chooser chooser;
    QVERIFY(!chooser.from(book));
    spent->reserve();
    spent->answered();
    QVERIFY(chooser.from(book));
}

void tst_CandidateLimits::placesRestAfterAFailure()
{
    DialledPlaces places;
    QVERIFY(!places.isTaken("a", Time()));
    places.begin("a");
    QVERIFY(places.isTaken("a", Never - 1ns));
    QVERIFY(places.isBeingDialled("a"));
    QVERIFY(!places.isTaken("b", Time()));
    places.end("a");
    QVERIFY(!places.isTaken("a", Time()));
    places.begin("a");
    places.endAndRest("a", Time(1s));
    QVERIFY(!places.isBeingDialled("a"));
    QVERIFY(places.isTaken("a", Time(DialledPlaces::Rest)));
    QVERIFY(!places.isTaken("a", Time(DialledPlaces::Rest + 1s)));
}

QTEST_GUILESS_MAIN(tst_CandidateLimits)
#include "tst_candidatelimits.moc"
