// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What peers advertise: nobody pushes out what others say, and the memory is bounded.

#include <shared/seededrandom.h>

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/candidatebook.h>
#include <qp2pcore/peering/dialledplaces.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using Source = CandidateBook::Source;
using DialTarget = CandidateBook::DialTarget;

namespace {

constexpr quint64 Second = 1'000'000'000;
constexpr quint64 Minute = 60 * Second;

PeerId idOf(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    bytes[2] = char(number >> 16);
    return PeerId::fromBytes(bytes);
}

PeerAddress addressOf(int group, int host = 1, quint16 port = 12000)
{
    return PeerAddress(QHostAddress(0x0b000000u + (quint32(group) << 16) + quint32(host)), port);
}

Source sourceIn(int group, int number)
{
    return {idOf(900'000 + number), addressGroup(addressOf(group).address())};
}

//! A choice among all, of which nothing is excluded.
class Chooser
{
public:
    Chooser()
    {
        choice.isExcluded = [](const PeerId &) { return false; };
        choice.isAddressExcluded = [](const PeerAddress &) { return false; };
        choice.random = [this](quint32 limit) { return quint32(m_random.below(limit)); };
    }
    std::optional<DialTarget> from(const CandidateBook &book) { return book.choose(choice); }

    CandidateBook::Choice choice;

private:
    SeededRandom m_random{3};
};

std::shared_ptr<DialBudget> budget()
{
    return std::make_shared<DialBudget>();
}

} // namespace

class tst_CandidateBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodesAreChosenOverGroups();
    void liarsOfOnePrefixAreChosenLessThanHalfOfTheTime_data();
    void liarsOfOnePrefixAreChosenLessThanHalfOfTheTime();
    void localSourcesAreOneGroup();
    void oneSourceReplacesNothingOfAnother();
    void newestOfOneSourceCounts();
    void failedNodesWaitMoreAndMore();
    void failuresAreOfTheSourcesGroup();
    void allPortsOfAnAddressFailTogether();
    void otherAddressOfANodeIsTriedNext();
    void successIsForgetting();
    void failuresOfOneGroupDoNotPushOutThoseOfOthers();
    void largestGroupGivesUpItsOldest();
    void sourcesOfOneGroupShareIt();
    void limitsHoldWhateverIsAdvertised();
    void budgetOfAnAnswer();
    void placesRestAfterAFailure();
};

void tst_CandidateBook::nodesAreChosenOverGroups()
{
    CandidateBook book;
    for (int i = 0; i < 90; ++i)
        book.add(sourceIn(1, 1), idOf(100 + i), {addressOf(7, i + 1)}, budget());
    book.add(sourceIn(1, 1), idOf(300), {addressOf(8)}, budget());
    Chooser chooser;
    int lone = 0;
    for (int i = 0; i < 1000; ++i)
        lone += chooser.from(book)->peerId == idOf(300);
    QVERIFY2(lone > 400 && lone < 600, qPrintable(QString::number(lone)));
    // A group that a link leads to already comes last.
    chooser.choice.linkedGroups = {addressGroup(addressOf(7).address())};
    for (int i = 0; i < 100; ++i)
        QCOMPARE(chooser.from(book)->peerId, idOf(300));
    chooser.choice.isExcluded = [](const PeerId &peerId) { return peerId == idOf(300); };
    QVERIFY(chooser.from(book));
    chooser.choice.isExcluded = [](const PeerId &) { return true; };
    QVERIFY(!chooser.from(book));
    // What is remembered is chosen from, too, with all of its addresses.
    BootstrapCache::Entry entry;
    entry.peerId = idOf(400);
    entry.addresses = {addressOf(9), addressOf(10), addressOf(9, 1, 13000)};
    chooser.choice.remembered = {entry};
    chooser.choice.isExcluded = [](const PeerId &peerId) { return peerId != idOf(400); };
    const auto remembered = chooser.from(book);
    QCOMPARE(remembered->peerId, idOf(400));
    QCOMPARE(remembered->addresses.size(), 2); // at different places
    QCOMPARE(remembered->source, CandidateBook::ourselves());
    chooser.choice.isAddressExcluded = [](const PeerAddress &address) {
        return address.address() == addressOf(9).address();
    };
    QCOMPARE(chooser.from(book)->addresses.size(), 1);
}

void tst_CandidateBook::liarsOfOnePrefixAreChosenLessThanHalfOfTheTime_data()
{
    QTest::addColumn<bool>("liarsFirst");
    QTest::addColumn<bool>("linked");
    QTest::newRow("liars come last") << false << false;
    QTest::newRow("liars come first") << true << false;
    QTest::newRow("and links lead to all honest groups") << true << true;
}

//! 20 free identities in one prefix, each with 20 nodes of its own in 20 prefixes; three honest sources.
void tst_CandidateBook::liarsOfOnePrefixAreChosenLessThanHalfOfTheTime()
{
    QFETCH(const bool, liarsFirst);
    QFETCH(const bool, linked);
    CandidateBook book;
    const auto addHonest = [&] {
        for (int source = 0; source < 3; ++source) {
            for (int i = 0; i < 20; ++i)
                book.add(sourceIn(1 + source, source), idOf(source * 20 + i),
                         {addressOf(10 + source * 20 + i)}, budget());
        }
    };
    if (!liarsFirst)
        addHonest();
    for (int source = 0; source < 20; ++source) {
        for (int i = 0; i < 20; ++i)
            book.add(sourceIn(99, 100 + source), idOf(10'000 + source * 20 + i),
                     {addressOf(100 + (source * 20 + i) % 150, 1 + source)}, budget());
    }
    if (liarsFirst)
        addHonest();
    Chooser chooser;
    if (linked) {
        for (int i = 0; i < 60; ++i)
            chooser.choice.linkedGroups.insert(addressGroup(addressOf(10 + i).address()));
    }
    int honest = 0;
    QSet<PeerId> distinct;
    for (int i = 0; i < 2000; ++i) {
        const auto candidate = chooser.from(book);
        const bool isHonest = candidate->source.group != sourceIn(99, 0).group;
        honest += isHonest;
        if (isHonest)
            distinct.insert(candidate->peerId);
    }
    qInfo("%d of 2000 choices are honest, of %lld nodes", honest, qlonglong(distinct.size()));
    QVERIFY2(honest >= 1000, qPrintable(QString::number(honest)));
    QCOMPARE(distinct.size(), 60);
}

//! In a LAN addresses are as free as identities: they must not outnumber the public ones.
void tst_CandidateBook::localSourcesAreOneGroup()
{
    CandidateBook book;
    for (int i = 0; i < 50; ++i) {
        const QHostAddress address(0x0a000001u + quint32(i));
        book.add({idOf(1000 + i), addressGroup(address)}, idOf(2000 + i), {addressOf(100 + i)},
                 budget());
    }
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    Chooser chooser;
    int outside = 0;
    for (int i = 0; i < 1000; ++i)
        outside += chooser.from(book)->peerId == idOf(1);
    QVERIFY2(outside > 400 && outside < 600, qPrintable(QString::number(outside)));
}

void tst_CandidateBook::oneSourceReplacesNothingOfAnother()
{
    CandidateBook book;
    const PeerAddress honest = addressOf(7);
    book.add(sourceIn(1, 1), idOf(1), {honest}, budget());
    for (int i = 0; i < 200; ++i) {
        const int prefix = 50 + i % 4;
        book.add(sourceIn(prefix, 100 + i), idOf(1), {addressOf(60 + i)}, budget());
    }
    QVERIFY(book.size() <= CandidateBook::MaxSourcesOfOneNode);
    // As long as the liars are silent where they say that the peer is, its own turn comes.
    Chooser chooser;
    int attempts = 0;
    for (;; ++attempts) {
        const auto candidate = chooser.from(book);
        QVERIFY(candidate);
        QCOMPARE(candidate->peerId, idOf(1));
        if (candidate->addresses.first().address() == honest.address())
            break;
        book.failed(*candidate, chooser.choice.now);
        QVERIFY(attempts < CandidateBook::MaxSourcesOfOneNode);
    }
}

void tst_CandidateBook::newestOfOneSourceCounts()
{
    CandidateBook book;
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    book.add(sourceIn(1, 1), idOf(1), {addressOf(8)}, budget());
    QCOMPARE(book.size(), 1);
    Chooser chooser;
    const auto candidate = chooser.from(book);
    QCOMPARE(candidate->addresses.size(), 1);
    QCOMPARE(candidate->addresses.first().address(), addressOf(8).address());
    QCOMPARE(candidate->addresses.first().peerId(), idOf(1)); // nobody else may answer there
    book.add(sourceIn(1, 1), PeerId(), {addressOf(7)}, budget());
    book.add(sourceIn(1, 1), idOf(3), {}, budget());
    QCOMPARE(book.size(), 1);
}

void tst_CandidateBook::failedNodesWaitMoreAndMore()
{
    CandidateBook book;
    Chooser chooser;
    quint64 &now = chooser.choice.now;
    now = 5 * Minute;
    QList<quint64> pauses;
    for (int i = 0; i < 10; ++i) {
        // It is advertised again every second: that changes nothing.
        const quint64 since = now;
        for (;; now += Second) {
            book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
            if (const auto candidate = chooser.from(book)) {
                book.failed(*candidate, now);
                break;
            }
        }
        pauses.append((now - since) / Minute);
    }
    QCOMPARE(pauses, (QList<quint64>{0, 1, 2, 4, 8, 16, 32, 60, 60, 60}));
    QCOMPARE(book.size(), 0); // what fails three times leaves, until it comes again
    // A remembered node has answered before: it waits a minute each time.
    BootstrapCache::Entry entry;
    entry.peerId = idOf(2);
    entry.addresses = {addressOf(8)};
    chooser.choice.remembered = {entry};
    for (int i = 0; i < 5; ++i) {
        book.failed(*chooser.from(book), now);
        now += Minute - Second;
        QVERIFY(!chooser.from(book));
        now += Second;
    }
}

void tst_CandidateBook::failuresAreOfTheSourcesGroup()
{
    CandidateBook book;
    const auto addAll = [&] {
        book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget()); // honest
        book.add(sourceIn(2, 2), idOf(1), {addressOf(66)}, budget()); // lies of the peer
        book.add(sourceIn(2, 2), idOf(2), {addressOf(7, 1, 9999)}, budget()); // and of the address
    };
    Chooser chooser;
    int failures = 0;
    for (; failures < 2; ++failures) {
        addAll();
        std::optional<DialTarget> lie;
        while (!lie || lie->source == sourceIn(1, 1))
            lie = chooser.from(book);
        book.failed(*lie, chooser.choice.now);
    }
    addAll();
    for (int i = 0; i < 20; ++i)
        QCOMPARE(chooser.from(book)->source, sourceIn(1, 1));
    // Another identity of the liars' prefix changes nothing.
    book.add(sourceIn(2, 3), idOf(1), {addressOf(66)}, budget());
    book.add(sourceIn(2, 3), idOf(5), {addressOf(66, 1, 5555)}, budget());
    for (int i = 0; i < 20; ++i)
        QCOMPARE(chooser.from(book)->source, sourceIn(1, 1));
}

void tst_CandidateBook::allPortsOfAnAddressFailTogether()
{
    CandidateBook book;
    for (int i = 0; i < 20; ++i)
        book.add(sourceIn(1, 1), idOf(i), {addressOf(7, 1, quint16(2000 + i))}, budget());
    Chooser chooser;
    book.failed(*chooser.from(book), 0);
    QVERIFY(!chooser.from(book));
    chooser.choice.now = Minute;
    QVERIFY(chooser.from(book));
    // Not on loopback, where a port is a place.
    CandidateBook local;
    for (int i = 0; i < 2; ++i)
        local.add({idOf(9), {}}, idOf(i),
                  {PeerAddress(QHostAddress(QHostAddress::LocalHost), quint16(2000 + i))},
                  budget());
    local.failed(*chooser.from(local), Minute);
    QVERIFY(chooser.from(local));
}

void tst_CandidateBook::otherAddressOfANodeIsTriedNext()
{
    CandidateBook book;
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7), addressOf(8)}, budget());
    Chooser chooser;
    const auto first = chooser.from(book);
    book.failed(*first, 0);
    const auto second = chooser.from(book);
    QVERIFY(second);
    QVERIFY(first->addresses != second->addresses);
    book.failed(*second, 0);
    QVERIFY(!chooser.from(book));
}

void tst_CandidateBook::successIsForgetting()
{
    CandidateBook book;
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    Chooser chooser;
    book.failed(*chooser.from(book), 0);
    QVERIFY(book.failures() > 0);
    book.succeeded(idOf(1), addressOf(7));
    QCOMPARE(book.failures(), 0);
    QCOMPARE(book.size(), 0); // a link leads there now
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    QVERIFY(chooser.from(book));
}

void tst_CandidateBook::failuresOfOneGroupDoNotPushOutThoseOfOthers()
{
    DialFailures failures;
    failures.add("honest", "victim", 0);
    failures.add("attacker", "victim", 0);
    for (int i = 0; i < 5000; ++i)
        failures.add("attacker", QByteArray::number(i), quint64(i));
    QCOMPARE(failures.size(), DialFailures::MaxRecords);
    QVERIFY(failures.isPausing("honest", "victim", 1));
    QVERIFY(!failures.isPausing("attacker", "victim", 1)); // its oldest
    QVERIFY(failures.isPausing("attacker", "4999", 5000));
    // What is long over leaves before anything else does.
    failures.add("other", "late", 3 * DialFailures::LongestPause);
    QCOMPARE(failures.size(), 1);
}

void tst_CandidateBook::largestGroupGivesUpItsOldest()
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
void tst_CandidateBook::sourcesOfOneGroupShareIt()
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

void tst_CandidateBook::limitsHoldWhateverIsAdvertised()
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
            chooser.choice.now += random.below(3 * Second);
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

void tst_CandidateBook::budgetOfAnAnswer()
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

void tst_CandidateBook::placesRestAfterAFailure()
{
    DialledPlaces places;
    QVERIFY(!places.isTaken("a", 0));
    places.begin("a");
    QVERIFY(places.isTaken("a", UINT64_MAX - 1));
    QVERIFY(places.isBeingDialled("a"));
    QVERIFY(!places.isTaken("b", 0));
    places.end("a");
    QVERIFY(!places.isTaken("a", 0));
    places.begin("a");
    places.endAndRest("a", Second);
    QVERIFY(!places.isBeingDialled("a"));
    QVERIFY(places.isTaken("a", DialledPlaces::Rest));
    QVERIFY(!places.isTaken("a", DialledPlaces::Rest + Second));
}

QTEST_GUILESS_MAIN(tst_CandidateBook)
#include "tst_candidatebook.moc"
