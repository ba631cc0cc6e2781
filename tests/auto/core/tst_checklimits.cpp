// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many checks each asker, address, group and network gets in a minute, and who comes first.

#include <qp2pcore/peering/checklimits.h>

#include <QTest>
#include <QtEndian>

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Peering::CheckLimits;
using Peering::Time;

namespace {

constexpr Time Start(1s);

} // namespace

class tst_CheckLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachLimitHolds();
    void whoWaitsComesFirst();
    void someAreKeptForOtherNetworks();
    void memoryIsBoundedWhateverAddressesCome();
};

void tst_CheckLimits::eachLimitHolds()
{
    const QList<Io::InterfaceNetwork> own{{QHostAddress(u"192.168.7.1"_s), 20},
                                          {QHostAddress(u"192.168.9.1"_s), 20},
                                          {QHostAddress(u"10.1.1.1"_s), 24},
                                          {QHostAddress(u"fd00:1:2::1"_s), 64}};
    const auto ask = [&](CheckLimits &limits, const QString &address, int port, int asker,
                         Time now = Start) {
        const QHostAddress host(address);
        QByteArray id(32, 'a');
        id[0] = char(asker);
        id[1] = char(asker >> 8);
        const auto keys = CheckLimits::keysOf({PeerId::fromBytes(id), host, host, quint16(port)},
                                              own);
        if (!limits.hasRoom(keys, now, {}))
            return 0;
        limits.count(keys, now);
        return 1;
    };
    int number = 0;
    const auto passed = [&](const std::function<int(CheckLimits &)> &one, int times = 400) {
        CheckLimits limits;
        int count = 0;
        for (int i = 0; i < times; ++i)
            count += one(limits);
        return count;
    };
    const auto next = [&] { return ++number; };
    using L = CheckLimits;
    // One port; one peer; one address; one /56; one /24; one /48.
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000, next()); }), 12);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000 + next() % 9000, 5); }), 12);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.1"_s, 2000 + next() % 9000, number); }), 32);
    QCOMPARE(passed([&](L &l) {
                 return ask(l, u"2a00:1:2:34%1::1"_s.arg(next() % 99 % 10), 2000, number);
             }),
             32);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.1.%1"_s.arg(next() % 250), 2000, number); }),
             40);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"2a00:1:2:%100::1"_s.arg(next() % 90), 2000, number); }),
        40);
    // Two groups share fifty; the groups of one network forty-five; sixty different networks get one each.
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"11.%1.1.1"_s.arg(next() % 2), 2000 + number, number); }),
        50);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.1.%1.1"_s.arg(next() % 250), 2000, number); }),
             45);
    QCOMPARE(
        passed([&](L &l) { return ask(l, u"2a00:1:%1::1"_s.arg(next() % 250), 2000, number); }), 45);
    QCOMPARE(passed([&](L &l) { return ask(l, u"11.%1.1.1"_s.arg(next() % 250), 2000, number); }),
             60);
    // In networks of our own there are 240, which do not count against the others; not in those of others.
    for (const QString &home : {u"127.0.0.%1"_s, u"192.168.9.%1"_s, u"192.168.%1.9"_s,
                                u"10.1.1.%1"_s, u"fd00:1:2::%1"_s, u"fe80::%1"_s})
        QCOMPARE(
            passed([&](L &l) { return ask(l, home.arg(next() % 15), 2000 + number % 30, number); }),
            240);
    for (const QString &foreign : {u"192.168.16.1"_s, u"10.1.2.1"_s, u"10.0.0.1"_s, u"100.64.0.1"_s,
                                   u"fd00:1:2:1::1"_s, u"fd00:1:3::1"_s})
        QCOMPARE(passed([&](L &l) { return ask(l, foreign, 2000 + next() % 9000, number); }), 32);
    CheckLimits both;
    for (int i = 0; i < 300; ++i)
        ask(both, u"127.0.0.1"_s, 2000, next());
    QCOMPARE(ask(both, u"11.1.1.1"_s, 2000, next()), 1);
    // A helper's asker is counted, too, whatever it names.
    CheckLimits helper;
    int helped = 0;
    for (int i = 0; i < 100; ++i) {
        const auto keys = CheckLimits::keysOf(
            {PeerId::fromBytes(QByteArray(32, char(i))), QHostAddress(u"2a00:1:2:3::%1"_s.arg(i)),
             QHostAddress(u"2a00:%1::1"_s.arg(i + 100)), 2000},
            own);
        if (helper.hasRoom(keys, Start, {})) {
            helper.count(keys, Start);
            ++helped;
        }
    }
    QCOMPARE(helped, 32);
    // And all of it in every minute.
    CheckLimits minutes;
    int inTenMinutes = 0;
    for (Time now; now < Time(600s); now += 1s)
        inTenMinutes += ask(minutes, u"11.1.1.1"_s, 2000, next(), now);
    QCOMPARE(inTenMinutes, 12 * 10);
}

void tst_CheckLimits::whoWaitsComesFirst()
{
    const auto keysOf = [](const QString &address, int asker) {
        QByteArray id(32, 'a');
        id[0] = char(asker);
        return CheckLimits::keysOf({PeerId::fromBytes(id), QHostAddress(address),
                                    QHostAddress(address), quint16(2000 + asker)},
                                   {});
    };
    CheckLimits limits;
    CheckLimits::Ahead ahead;
    for (int i = 0; i < 59; ++i)
        limits.count(keysOf(u"11.%1.1.1"_s.arg(i), i), Start);
    // One place is left, and kept: not for a network that had one, nor for one that comes after another.
    QVERIFY(!limits.hasRoom(keysOf(u"11.5.1.1"_s, 100), Start, ahead));
    QVERIFY(!limits.hasRoom(keysOf(u"11.5.2.1"_s, 100), Start, ahead));
    QVERIFY(limits.hasRoom(keysOf(u"11.100.1.1"_s, 100), Start, ahead));
    limits.queue(keysOf(u"11.200.1.1"_s, 101), Start, ahead);
    QVERIFY(!limits.hasRoom(keysOf(u"11.100.1.1"_s, 100), Start, ahead));
    // However many groups of one network wait, they are one to another network.
    for (int i = 0; i < 100; ++i)
        limits.queue(keysOf(u"11.200.%1.1"_s.arg(i), 101), Start, ahead);
    QCOMPARE(ahead.newNetworks.size(), 1);
    // Who has used up its own share keeps nothing for itself.
    CheckLimits other;
    CheckLimits::Ahead greedy;
    for (int i = 0; i < 40; ++i)
        other.count(keysOf(u"11.7.1.%1"_s.arg(i), i), Start);
    for (int i = 0; i < 100; ++i)
        other.queue(keysOf(u"11.7.1.%1"_s.arg(i), i), Start, greedy);
    QVERIFY(other.hasRoom(keysOf(u"11.8.1.1"_s, 101), Start, greedy));
}

//! Two networks with many groups each: the last five places are for others.
void tst_CheckLimits::someAreKeptForOtherNetworks()
{
    int number = 0;
    for (const QString &pattern : {u"11.%1.%2.1"_s, u"2a00:%1:%2::1"_s}) {
        CheckLimits limits;
        const auto ask = [&](int network, int group) {
            QByteArray id(32, 'a');
            id[0] = char(++number);
            id[1] = char(number >> 8);
            const QHostAddress host(pattern.arg(network).arg(group));
            const auto keys = CheckLimits::keysOf({PeerId::fromBytes(id), host, host, 2000}, {});
            if (!limits.hasRoom(keys, Start, {}))
                return 0;
            limits.count(keys, Start);
            return 1;
        };
        int attackers = 0;
        for (int i = 0; i < 200; ++i)
            attackers += ask(1 + i % 2, i % 100);
        QCOMPARE(attackers, 55);
        int others = 0;
        for (int i = 0; i < 10; ++i)
            others += ask(100 + i, 1);
        QCOMPARE(others, 5);
    }
}

void tst_CheckLimits::memoryIsBoundedWhateverAddressesCome()
{
    CheckLimits limits;
    QByteArray id(32, 'a');
    size_t most = 0;
    for (quint32 i = 0; i < 200'000; ++i) {
        qToBigEndian(i, id.data());
        QIPv6Address address{};
        address[0] = 0x2a;
        qToBigEndian(i * 2654435761u, address.c + 1);
        const QHostAddress host(address);
        const auto keys = CheckLimits::keysOf(
            {PeerId::fromBytes(id), host, host, quint16(2000 + i)}, {});
        if (limits.hasRoom(keys, Time(std::chrono::nanoseconds(i)), {}))
            limits.count(keys, Time(std::chrono::nanoseconds(i)));
        most = std::max(most, limits.size());
    }
    QVERIFY(most <= 60 * 6); // each counted under its peer, port, address, group, network, and all
    QVERIFY(most >= 60);
}

QTEST_GUILESS_MAIN(tst_CheckLimits)
#include "tst_checklimits.moc"
