// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which addresses may pass between members, by scope and by the networks of our interfaces.

#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/addressscope.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using Scope = AddressScope;

class tst_AddressScope : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scopesAreThoseOfTheRegistries_data();
    void scopesAreThoseOfTheRegistries();
    void addressesStayInTheirScope_data();
    void addressesStayInTheirScope();
    void portsOfTheSystemNeverPass();
    void broadcastOfAnOwnNetworkNeverPasses();
    void linkLocalAddressesStayOnTheirLink();
    void networksOfUnknownLengthHaveNoNeighbours();
    void networkOfAnAddressIsTheSmallest();
    void sharedAddressesAreOfRfc6598();
    void linkLocalAddressesGetTheScopeOfThePeer();
    void placesOfDials();
};

void tst_AddressScope::scopesAreThoseOfTheRegistries_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<Scope>("scope");
    const auto rows = [](Scope scope, const QStringList &addresses) {
        for (const QString &address : addresses)
            QTest::newRow(qPrintable(address)) << address << scope;
    };
    rows(Scope::Unusable,
         {u"0.0.0.0"_s,
          u"0.1.2.3"_s,
          u"224.0.0.1"_s,
          u"239.255.255.250"_s,
          u"240.0.0.1"_s,
          u"255.255.255.255"_s,
          u"::"_s,
          u"::2"_s,
          u"::7f00:1"_s,
          u"ff02::1"_s,
          u"ff0e::1"_s,
          u"::ffff:0.0.0.0"_s,
          u"::ffff:224.0.0.1"_s,
          u"100::1"_s,
          u"64:ff9b::127.0.0.1"_s,
          u"64:ff9b::10.0.0.1"_s,
          u"64:ff9b::192.168.1.1"_s,
          u"64:ff9b:1::11.1.1.1"_s,
          u"2002:7f00:1::1"_s,
          u"2002:a00:1::1"_s,
          u"2002:c0a8:101::"_s});
    rows(Scope::Loopback, {u"127.0.0.1"_s, u"127.255.0.1"_s, u"::1"_s, u"::ffff:127.0.0.1"_s});
    rows(Scope::LinkLocal, {u"169.254.1.1"_s, u"fe80::1"_s, u"febf::1"_s});
    rows(Scope::Private,
         {u"10.0.0.1"_s, u"10.255.255.254"_s, u"172.16.0.1"_s, u"172.31.255.1"_s, u"192.168.0.1"_s,
          u"100.64.0.1"_s, u"100.127.1.1"_s, u"fc00::1"_s, u"fd12::1"_s, u"fec0::1"_s,
          u"::ffff:10.0.0.1"_s});
    rows(Scope::Public,
         {u"11.0.0.1"_s, u"9.255.255.255"_s, u"172.15.0.1"_s, u"172.32.0.1"_s, u"100.63.1.1"_s,
          u"100.128.0.1"_s, u"169.253.1.1"_s, u"223.255.255.1"_s, u"128.0.0.1"_s, u"2a00::1"_s,
          u"2001:db8::1"_s, u"fb00::1"_s, u"64:ff9b::11.1.1.1"_s, u"2002:b01:101::1"_s,
          u"::ffff:11.0.0.1"_s});
}

void tst_AddressScope::scopesAreThoseOfTheRegistries()
{
    QFETCH(const QString, address);
    QFETCH(const Scope, scope);
    QCOMPARE(scopeOf(QHostAddress(address)), scope);
}

void tst_AddressScope::addressesStayInTheirScope_data()
{
    // Our interfaces: 11.1.0.2/24, 10.0.0.2/24, 192.168.7.2/24, 100.64.1.2/16, fd00::2/64, 2a00::2/64
    QTest::addColumn<QString>("peer");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("passes");
    const auto row = [](const QString &peer, const QString &address, bool passes) {
        QTest::newRow(qPrintable(address + u" with "_s + peer)) << peer << address << passes;
    };
    const QString outside = u"11.9.0.1"_s;
    const QString neighbour = u"10.0.0.1"_s;
    row(outside, u"11.8.0.1"_s, true);
    row(outside, u"2a00:1::1"_s, true);
    row(neighbour, u"11.8.0.1"_s, true);
    row(u"127.0.0.1"_s, u"11.8.0.1"_s, true);
    for (const QString &local :
         {u"127.0.0.1"_s, u"10.0.0.9"_s, u"192.168.7.9"_s, u"169.254.1.1"_s, u"100.64.1.9"_s,
          u"::1"_s, u"fd00::9"_s, u"fe80::9"_s, u"::ffff:127.0.0.1"_s, u"::ffff:10.0.0.9"_s}) {
        row(outside, local, false);
        row(u"2a00:1::1"_s, local, false);
        row(u"10.9.0.1"_s, local, false); // of a private network that is routed to ours
    }
    row(neighbour, u"10.0.0.9"_s, true);
    row(u"::ffff:10.0.0.1"_s, u"10.0.0.9"_s, true);
    row(neighbour, u"::ffff:10.0.0.9"_s, true);
    row(neighbour, u"10.0.1.9"_s, false);
    row(neighbour, u"127.0.0.1"_s, false);
    row(neighbour, u"192.168.7.9"_s, false); // of our other network: it may not reach that
    row(neighbour, u"100.64.1.9"_s, false);
    row(neighbour, u"169.254.1.1"_s, false);
    row(neighbour, u"fd00::9"_s, false);
    row(u"192.168.7.1"_s, u"192.168.7.9"_s, true);
    row(u"100.64.7.7"_s, u"100.64.9.9"_s, true);
    row(u"100.65.7.7"_s, u"100.64.9.9"_s, false);
    row(u"fd00::1"_s, u"fd00::9"_s, true);
    row(u"fd00::1"_s, u"fd00:1::9"_s, false);
    row(u"fd00:1::1"_s, u"fd00:1::9"_s, false);
    row(u"127.0.0.1"_s, u"127.0.0.1"_s, true);
    row(u"::1"_s, u"127.0.0.1"_s, true);
    row(u"::ffff:127.0.0.1"_s, u"::1"_s, true);
    row(u"127.0.0.1"_s, u"10.0.0.9"_s, false);
    row(u"127.0.0.1"_s, u"224.0.0.1"_s, false);
    row(outside, u"255.255.255.255"_s, false);
    row(outside, u"0.0.0.0"_s, false);
}

void tst_AddressScope::addressesStayInTheirScope()
{
    QFETCH(const QString, peer);
    QFETCH(const QString, address);
    QFETCH(const bool, passes);
    const auto network = [](const QString &text, int prefixLength) {
        return Io::InterfaceNetwork{QHostAddress(text), prefixLength};
    };
    const QList networks{network(u"127.0.0.1"_s, 8),   network(u"11.1.0.2"_s, 24),
                         network(u"10.0.0.2"_s, 24),   network(u"192.168.7.2"_s, 24),
                         network(u"100.64.1.2"_s, 16), network(u"fd00::2"_s, 64),
                         network(u"2a00::2"_s, 64),    network(u"::1"_s, 128)};
    QCOMPARE(mayPass(QHostAddress(address), 12000, QHostAddress(peer), networks), passes);
    // Without interfaces nobody is a neighbour.
    if (scopeOf(QHostAddress(address)) == Scope::Private)
        QVERIFY(!mayPass(QHostAddress(address), 12000, QHostAddress(peer), {}));
}

void tst_AddressScope::portsOfTheSystemNeverPass()
{
    const QHostAddress address(u"11.8.0.1"_s);
    for (const int port : {0, 1, 53, 443, 1023})
        QVERIFY(!mayPass(address, quint16(port), address, {}));
    for (const int port : {1024, 12000, 65535})
        QVERIFY(mayPass(address, quint16(port), address, {}));
}

void tst_AddressScope::broadcastOfAnOwnNetworkNeverPasses()
{
    const QList<Io::InterfaceNetwork> networks{{QHostAddress(u"10.0.4.2"_s), 22},
                                               {QHostAddress(u"11.1.0.2"_s), 24},
                                               {QHostAddress(u"11.2.0.2"_s), 31}};
    const QHostAddress neighbour(u"10.0.4.1"_s);
    const auto passes = [&](const QString &address) {
        return mayPass(QHostAddress(address), 12000, neighbour, networks);
    };
    QVERIFY(!passes(u"10.0.4.0"_s));
    QVERIFY(!passes(u"10.0.7.255"_s));
    QVERIFY(!passes(u"11.1.0.0"_s));
    QVERIFY(!passes(u"11.1.0.255"_s));
    QVERIFY(passes(u"10.0.4.255"_s)); // in the middle of a /22
    QVERIFY(passes(u"10.0.5.0"_s));
    QVERIFY(passes(u"11.2.0.3"_s)); // RFC 3021: a /31 has no broadcast
    QVERIFY(passes(u"11.3.0.255"_s)); // another's network, of which nothing is known
}

void tst_AddressScope::linkLocalAddressesStayOnTheirLink()
{
    const auto scoped = [](const QString &text, const QString &scope) {
        QHostAddress address(text);
        address.setScopeId(scope);
        return address;
    };
    const QHostAddress peer = scoped(u"fe80::1"_s, u"2"_s);
    QVERIFY(mayPass(scoped(u"fe80::9"_s, u"2"_s), 12000, peer, {}));
    QVERIFY(mayPass(QHostAddress(u"fe80::9"_s), 12000, peer, {})); // from the wire
    QVERIFY(!mayPass(scoped(u"fe80::9"_s, u"3"_s), 12000, peer, {}));
    QVERIFY(!mayPass(scoped(u"fe80::9"_s, u"2"_s), 12000, QHostAddress(u"fe80::1"_s), {}));
    QVERIFY(!mayPass(QHostAddress(u"169.254.1.9"_s), 12000, peer, {}));
    // IPv4: by the networks of the interfaces, as long as only one of them is such.
    const QHostAddress neighbour(u"169.254.1.1"_s);
    const QHostAddress address(u"169.254.1.9"_s);
    const Io::InterfaceNetwork one{QHostAddress(u"169.254.2.2"_s), 16};
    const Io::InterfaceNetwork other{QHostAddress(u"169.254.3.3"_s), 16};
    QVERIFY(!mayPass(address, 12000, neighbour, {}));
    QVERIFY(mayPass(address, 12000, neighbour, {one}));
    QVERIFY(!mayPass(address, 12000, neighbour, {one, other}));
    QVERIFY(!mayPass(address, 12000, peer, {one}));
}

void tst_AddressScope::networksOfUnknownLengthHaveNoNeighbours()
{
    for (const int prefixLength : {-1, 0})
        QVERIFY(!mayPass(QHostAddress(u"10.0.0.9"_s), 12000, QHostAddress(u"10.0.0.1"_s),
                         {{QHostAddress(u"10.0.0.2"_s), prefixLength}}));
}

void tst_AddressScope::networkOfAnAddressIsTheSmallest()
{
    const auto network = [](const QString &address, int length) {
        return Io::InterfaceNetwork{QHostAddress(address), length};
    };
    const QList<Io::InterfaceNetwork> networks{
        network(u"10.1.2.3"_s, 8), network(u"10.1.2.3"_s, 23), network(u"172.16.0.1"_s, 0),
        network(u"fd00:1:2:3ff::9"_s, 57)};
    QCOMPARE(networkOf(QHostAddress(u"10.1.3.9"_s), networks), network(u"10.1.2.0"_s, 23));
    QCOMPARE(networkOf(QHostAddress(u"::ffff:10.1.3.9"_s), networks), network(u"10.1.2.0"_s, 23));
    QCOMPARE(networkOf(QHostAddress(u"10.1.4.9"_s), networks), network(u"10.0.0.0"_s, 8));
    QCOMPARE(networkOf(QHostAddress(u"fd00:1:2:380::1"_s), networks),
             network(u"fd00:1:2:380::"_s, 57));
    for (const QString &other : {u"fd00:1:2:37f::1"_s, u"11.1.2.3"_s, u"172.16.0.1"_s, u"::1"_s})
        QVERIFY2(!networkOf(QHostAddress(other), networks), qPrintable(other));
}

void tst_AddressScope::sharedAddressesAreOfRfc6598()
{
    for (const QString &shared : {u"100.64.0.0"_s, u"100.127.255.255"_s, u"::ffff:100.100.1.1"_s})
        QVERIFY2(isShared(QHostAddress(shared)), qPrintable(shared));
    for (const QString &other :
         {u"100.63.255.255"_s, u"100.128.0.0"_s, u"10.64.0.1"_s, u"6440::1"_s})
        QVERIFY2(!isShared(QHostAddress(other)), qPrintable(other));
}

void tst_AddressScope::linkLocalAddressesGetTheScopeOfThePeer()
{
    QHostAddress peer(u"fe80::1"_s);
    peer.setScopeId(u"2"_s);
    QCOMPARE(asSeenFrom(peer, QHostAddress(u"fe80::9"_s)).scopeId(), u"2"_s);
    for (const QString &other : {u"2a00::1"_s, u"fd00::1"_s, u"11.1.1.1"_s})
        QCOMPARE(asSeenFrom(peer, QHostAddress(other)), QHostAddress(other));
    QCOMPARE(asSeenFrom(peer, QHostAddress(u"::ffff:11.1.1.1"_s)), QHostAddress(u"11.1.1.1"_s));
}

void tst_AddressScope::placesOfDials()
{
    const auto place = [](const QString &address, int port) {
        return dialPlace(QHostAddress(address), quint16(port));
    };
    QCOMPARE(place(u"11.1.1.1"_s, 2000), place(u"11.1.1.1"_s, 3000));
    QCOMPARE(place(u"11.1.1.1"_s, 2000), place(u"::ffff:11.1.1.1"_s, 3000));
    QVERIFY(place(u"11.1.1.1"_s, 2000) != place(u"11.1.1.2"_s, 2000));
    QCOMPARE(place(u"2a00:1:2:3::1"_s, 2000), place(u"2a00:1:2:3:ffff::2"_s, 3000));
    QVERIFY(place(u"2a00:1:2:3::1"_s, 2000) != place(u"2a00:1:2:4::1"_s, 2000));
    QCOMPARE(place(u"10.0.0.1"_s, 2000), place(u"10.0.0.1"_s, 3000));
    QVERIFY(place(u"fd00::1"_s, 2000) != place(u"fd00::2"_s, 2000));
    QCOMPARE(place(u"fd00::1"_s, 2000), place(u"fd00::1"_s, 3000));
    QVERIFY(place(u"fe80::1%2"_s, 2000) != place(u"fe80::1%3"_s, 2000));
    // On loopback a port is a place.
    QVERIFY(place(u"127.0.0.1"_s, 2000) != place(u"127.0.0.1"_s, 3000));
    QVERIFY(place(u"::1"_s, 2000) != place(u"::1"_s, 3000));
    QCOMPARE(place(u"127.0.0.1"_s, 2000), place(u"::ffff:127.0.0.1"_s, 2000));
}

QTEST_GUILESS_MAIN(tst_AddressScope)
#include "tst_addressscope.moc"
