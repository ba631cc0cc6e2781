// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which port a member claims to whom, where a router forwards another one to it.

#include <shared/networkworld.h>

#include <qp2pcore/peering/claimedports.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_ClaimedPorts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFamilyHasItsOwnPort();
    void neighboursGetTheListeningPort_data();
    void neighboursGetTheListeningPort();
    void whoDoesNotListenClaimsNothing();
    void hellosCarryTheExternalPort();
    void portsThatNobodyDialsAreRefused();
};

void tst_ClaimedPorts::aFamilyHasItsOwnPort()
{
    const QHostAddress ipv4(u"11.0.0.1"_s);
    const QHostAddress mapped(u"::ffff:11.0.0.1"_s);
    const QHostAddress ipv6(u"2a00::1"_s);
    ClaimedPorts ports;
    QCOMPARE(ports.portFor(ipv4, 12000), 12000);
    QCOMPARE(ports.portFor(ipv6, 12000), 12000);

    ports.setExternalPort(QAbstractSocket::IPv4Protocol, 22000);
    QCOMPARE(ports.portFor(ipv4, 12000), 22000);
    QCOMPARE(ports.portFor(mapped, 12000), 22000);
    QCOMPARE(ports.portFor(ipv6, 12000), 12000);

    ports.setExternalPort(QAbstractSocket::IPv6Protocol, 23000);
    QCOMPARE(ports.portFor(ipv4, 12000), 22000);
    QCOMPARE(ports.portFor(ipv6, 12000), 23000);

    ports.setExternalPort(QAbstractSocket::AnyIPProtocol, 24000);
    QCOMPARE(ports.portFor(ipv4, 12000), 24000);
    QCOMPARE(ports.portFor(ipv6, 12000), 24000);
    ports.setExternalPort(QAbstractSocket::AnyIPProtocol, 0);
    QCOMPARE(ports.portFor(ipv4, 12000), 12000);
}

void tst_ClaimedPorts::neighboursGetTheListeningPort_data()
{
    QTest::addColumn<QString>("peer");
    QTest::addColumn<quint16>("claimed");
    QTest::newRow("public") << u"11.0.0.1"_s << quint16(22000);
    QTest::newRow("public IPv6") << u"2a00::1"_s << quint16(22000);
    QTest::newRow("private and routed") << u"10.1.2.3"_s << quint16(22000);
    QTest::newRow("same network") << u"192.168.1.77"_s << quint16(12000);
    QTest::newRow("same network, mapped") << u"::ffff:192.168.1.77"_s << quint16(12000);
    QTest::newRow("same IPv6 network") << u"fd00:1::77"_s << quint16(12000);
    QTest::newRow("loopback") << u"127.0.0.1"_s << quint16(12000);
    QTest::newRow("loopback IPv6") << u"::1"_s << quint16(12000);
    QTest::newRow("link-local") << u"fe80::1%2"_s << quint16(12000);
}

void tst_ClaimedPorts::neighboursGetTheListeningPort()
{
    QFETCH(QString, peer);
    QFETCH(quint16, claimed);
    ClaimedPorts ports;
    ports.setExternalPort(QAbstractSocket::AnyIPProtocol, 22000);
    ports.setInterfaceNetworks(
        {{QHostAddress(u"192.168.1.2"_s), 24}, {QHostAddress(u"fd00:1::2"_s), 64}});
    QCOMPARE(ports.portFor(QHostAddress(peer), 12000), claimed);
}

void tst_ClaimedPorts::whoDoesNotListenClaimsNothing()
{
    ClaimedPorts ports;
    ports.setExternalPort(QAbstractSocket::AnyIPProtocol, 22000);
    QCOMPARE(ports.portFor(QHostAddress(u"11.0.0.1"_s), 0), 0);
}

void tst_ClaimedPorts::hellosCarryTheExternalPort()
{
    NetworkWorld world;
    Member &first = world.node(1);
    NetworkConfig config;
    config.setExternalPort(QAbstractSocket::IPv4Protocol, 22000);
    Member &second = world.node(2, config);
    QVERIFY(world.finish(first.join()));
    quint16 claimed = 0;
    QObject::connect(first.network->endpoint(), &Endpoint::connectionOpened, first.network.get(),
                     [&](Connection *connection) { claimed = connection->peerListeningPort(); });
    const auto joined = second.join({world.contact(1)});
    QVERIFY(world.until([&] { return claimed != 0; }));
    QCOMPARE(claimed, 22000);
}

void tst_ClaimedPorts::portsThatNobodyDialsAreRefused()
{
    NetworkConfig config;
    config.setExternalPort(QAbstractSocket::IPv6Protocol, 1023);
    QCOMPARE(config.validate().error().code, ErrorCode::InvalidArgument);
    QVERIFY(config.validate().error().message.contains(u"1023"));
    config.setRole(Peer::Role::Client); // which claims none
    QVERIFY(config.validate());
    config.setRole(Peer::Role::Node);
    config.setExternalPort(QAbstractSocket::IPv6Protocol, 1024);
    QVERIFY(config.validate());
    QCOMPARE(config.externalPort(QAbstractSocket::IPv6Protocol), 1024);
    QCOMPARE(config.externalPort(QAbstractSocket::IPv4Protocol), 0);
}

QTEST_GUILESS_MAIN(tst_ClaimedPorts)

#include "tst_claimedports.moc"
