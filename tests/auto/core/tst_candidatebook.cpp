// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which of the nodes that peers advertise is chosen: no peer pushes out what others say.

#include "candidates.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace std::chrono_literals;
using DialTarget = CandidateBook::DialTarget;

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
    CachedNode entry;
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
    QCOMPARE(candidate->addresses.first().peerId(), idOf(1)); // no other node may answer there
    book.add(sourceIn(1, 1), PeerId(), {addressOf(7)}, budget());
    book.add(sourceIn(1, 1), idOf(3), {}, budget());
    QCOMPARE(book.size(), 1);
}

void tst_CandidateBook::failedNodesWaitMoreAndMore()
{
    CandidateBook book;
    Chooser chooser;
    Time &now = chooser.choice.now;
    now = Time(5min);
    QList<qint64> pauses;
    for (int i = 0; i < 10; ++i) {
        // It is advertised again every second: that changes nothing.
        const Time since = now;
        for (;; now += 1s) {
            book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
            if (const auto candidate = chooser.from(book)) {
                book.failed(*candidate, now);
                break;
            }
        }
        pauses.append((now - since) / 1min);
    }
    QCOMPARE(pauses, (QList<qint64>{0, 1, 2, 4, 8, 16, 32, 60, 60, 60}));
    QCOMPARE(book.size(), 0); // what fails three times leaves, until it comes again
    // A remembered node has answered before: it waits a minute each time.
    CachedNode entry;
    entry.peerId = idOf(2);
    entry.addresses = {addressOf(8)};
    chooser.choice.remembered = {entry};
    for (int i = 0; i < 5; ++i) {
        book.failed(*chooser.from(book), now);
        now += 59s;
        QVERIFY(!chooser.from(book));
        now += 1s;
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
    book.failed(*chooser.from(book), Time());
    QVERIFY(!chooser.from(book));
    chooser.choice.now = Time(1min);
    QVERIFY(chooser.from(book));
    // Not on loopback, where a port is a place.
    CandidateBook local;
    for (int i = 0; i < 2; ++i)
        local.add({idOf(9), {}}, idOf(i),
                  {PeerAddress(QHostAddress(QHostAddress::LocalHost), quint16(2000 + i))},
                  budget());
    local.failed(*chooser.from(local), Time(1min));
    QVERIFY(chooser.from(local));
}

void tst_CandidateBook::otherAddressOfANodeIsTriedNext()
{
    CandidateBook book;
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7), addressOf(8)}, budget());
    Chooser chooser;
    const auto first = chooser.from(book);
    book.failed(*first, Time());
    const auto second = chooser.from(book);
    QVERIFY(second);
    QVERIFY(first->addresses != second->addresses);
    book.failed(*second, Time());
    QVERIFY(!chooser.from(book));
}

void tst_CandidateBook::successIsForgetting()
{
    CandidateBook book;
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    Chooser chooser;
    book.failed(*chooser.from(book), Time());
    QVERIFY(book.failures() > 0);
    book.succeeded(idOf(1), addressOf(7));
    QCOMPARE(book.failures(), 0);
    QCOMPARE(book.size(), 0); // a link leads there now
    book.add(sourceIn(1, 1), idOf(1), {addressOf(7)}, budget());
    QVERIFY(chooser.from(book));
}

QTEST_GUILESS_MAIN(tst_CandidateBook)
#include "tst_candidatebook.moc"
