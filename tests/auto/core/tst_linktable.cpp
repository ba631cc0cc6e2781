// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The records of links: their order, the deadlines of their halves, lost peers and addresses that were touched.

#include <qp2pcore/peering/linktable.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Time Start = Time(1h);

PeerId idOf(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    return PeerId::fromBytes(bytes);
}

PeerAddress addressOf(int host)
{
    return PeerAddress(QHostAddress(0x0b000000u + quint32(host)), 12000);
}

Error lostBecause(const QString &reason)
{
    return Error(ErrorCode::IdleTimeout, reason);
}

} // namespace

class tst_LinkTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void establishedLinksAreInTheirOrder();
    void halvesHaveAMinute();
    void missingHalfDoesNotExtendTheDeadline();
    void removedLinkIsNoLongerAttached();
    void listsAreCopies();
    void longestChosenNodesComeFirst();
    void latestAddressComesFirst();
    void lostPeersAreRememberedAndBounded();
    void touchesAreForgottenAndBounded();
};

void tst_LinkTable::establishedLinksAreInTheirOrder()
{
    LinkTable table;
    const LinkPointer first = table.add(idOf(1), Start);
    const LinkPointer second = table.add(idOf(2), Start);
    QVERIFY(!table.hasEstablished());
    QVERIFY(!first->isAnnounced);
    table.establish(second, Start + 1s, QDateTime());
    table.establish(first, Start + 2s, QDateTime());
    QCOMPARE(table.established(), (QList<LinkPointer>{second, first}));
    QCOMPARE(table.all().size(), 2);
    QCOMPARE(table.find(idOf(1)), first);
    QVERIFY(!table.find(idOf(3)));
    QVERIFY(first->isAnnounced);
    QCOMPARE(first->establishedAt, Start + 2s);
}

void tst_LinkTable::halvesHaveAMinute()
{
    LinkTable table;
    table.add(idOf(1), Start);
    const LinkPointer complete = table.add(idOf(2), Start);
    complete->deadlines.halves = Never;
    QVERIFY(table.overdue(Start + 60s - 1ns).isEmpty());
    QCOMPARE(table.overdue(Start + 60s), QList<PeerId>{idOf(1)});
}

void tst_LinkTable::missingHalfDoesNotExtendTheDeadline()
{
    LinkTable table;
    const LinkPointer link = table.add(idOf(1), Start);
    table.expectHalf(*link, Start + 30s);
    QCOMPARE(link->deadlines.halves, Start + 60s);
    link->deadlines.halves = Never;
    table.expectHalf(*link, Start + 100s);
    QCOMPARE(link->deadlines.halves, Start + 160s);
}

void tst_LinkTable::removedLinkIsNoLongerAttached()
{
    LinkTable table;
    const LinkPointer link = table.add(idOf(1), Start);
    table.establish(link, Start, QDateTime());
    QVERIFY(link->isAttached);
    table.remove(link);
    QVERIFY(!link->isAttached);
    QVERIFY(!table.contains(idOf(1)));
    QVERIFY(!table.hasEstablished());
    QVERIFY(table.overdue(Never).isEmpty());
}

void tst_LinkTable::listsAreCopies()
{
    LinkTable table;
    for (int i = 1; i <= 3; ++i)
        table.establish(table.add(idOf(i), Start), Start, QDateTime());
    int walked = 0;
    const QList<LinkPointer> all = table.all();
    for (const LinkPointer &link : all) {
        for (int i = 1; i <= 3; ++i) {
            if (const LinkPointer other = table.find(idOf(i)))
                table.remove(other);
        }
        QVERIFY(!link->isAttached);
        ++walked;
    }
    QCOMPARE(walked, 3);
}

void tst_LinkTable::longestChosenNodesComeFirst()
{
    LinkTable table;
    const auto establish = [&](int number, Time when, bool isChosen, LinkState::Role role) {
        const LinkPointer link = table.add(idOf(number), when);
        link->origin.isChosen = isChosen;
        link->state().share(role);
        table.establish(link, when, QDateTime());
    };
    establish(1, Start + 3s, true, LinkState::Role::Node);
    establish(2, Start + 1s, true, LinkState::Role::Node);
    establish(3, Start, false, LinkState::Role::Node);
    establish(4, Start, true, LinkState::Role::Client);
    establish(5, Start + 2s, true, LinkState::Role::Node);
    QCOMPARE(table.longestChosen(), (QList<PeerId>{idOf(2), idOf(5), idOf(1)}));
}

void tst_LinkTable::latestAddressComesFirst()
{
    Link link(idOf(1));
    for (int i = 1; i <= 10; ++i)
        link.recordAddress(addressOf(i));
    link.recordAddress(PeerAddress(addressOf(5).address(), 12000, idOf(1)));
    const QList<PeerAddress> &addresses = link.description.addresses;
    QCOMPARE(addresses.size(), Link::MaxAddresses);
    QCOMPARE(addresses.first(), addressOf(5));
    QCOMPARE(addresses.count(addressOf(5)), 1);
    QCOMPARE(addresses.last(), addressOf(3));
}

void tst_LinkTable::lostPeersAreRememberedAndBounded()
{
    LinkTable table;
    const Error otherwise(ErrorCode::ClosedByPeer, u"otherwise"_s);
    QCOMPARE(table.anyLoss(idOf(1), otherwise).message, u"otherwise"_s);
    table.recordLost(idOf(2), lostBecause(u"two"_s));
    QCOMPARE(table.lossOf(idOf(2), otherwise).message, u"two"_s);
    QCOMPARE(table.lossOf(idOf(1), otherwise).message, u"otherwise"_s);
    QCOMPARE(table.anyLoss(idOf(1), otherwise).message, u"two"_s);
    table.forgetLost();
    QCOMPARE(table.lossOf(idOf(2), otherwise).message, u"otherwise"_s);

    for (int i = 0; i < LinkTable::MaxLost; ++i)
        table.recordLost(idOf(i), lostBecause(u"lost"_s));
    QCOMPARE(table.lossOf(idOf(0), otherwise).message, u"lost"_s);
    table.recordLost(idOf(500), lostBecause(u"one more"_s));
    QCOMPARE(table.lossOf(idOf(0), otherwise).message, u"otherwise"_s);
    QCOMPARE(table.lossOf(idOf(500), otherwise).message, u"one more"_s);
}

void tst_LinkTable::touchesAreForgottenAndBounded()
{
    LinkTable table;
    const auto address = [](int host) { return addressOf(host).address(); };
    table.recordTouch(address(1), Start);
    table.recordTouch(address(2), Start);
    table.recordTouch(address(1), Start + 10s);
    table.forgetOldTouches(Start + 300s);
    QVERIFY(table.wasTouched(address(1)));
    QVERIFY(!table.wasTouched(address(2)));
    for (int i = 0; i < LinkTable::MaxTouches; ++i)
        table.recordTouch(address(100 + i), Start + 20s);
    QVERIFY(!table.wasTouched(address(100 + int(LinkTable::MaxTouches) - 1))); // there was no room
    QVERIFY(table.wasTouched(address(100 + int(LinkTable::MaxTouches) - 2)));
    table.recordTouch(address(1), Start + 100s); // it has its place
    table.forgetOldTouches(Start + 320s);
    QVERIFY(table.wasTouched(address(1)));
    QVERIFY(!table.wasTouched(address(100)));
}

QTEST_GUILESS_MAIN(tst_LinkTable)

#include "tst_linktable.moc"
