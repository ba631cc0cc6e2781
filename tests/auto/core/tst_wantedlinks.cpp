// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Links that the user or the program asks for, by a contact's name or an address, are made once and stay.

#include <shared/networkworld.h>

#include <QHostInfo>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_WantedLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namedContactIsNotDialledWhileItIsLinked();
    void linkThatTheProgramAskedForStays();
};

//! No address of a link says what name it was dialled by.
void tst_WantedLinks::namedContactIsNotDialledWhileItIsLinked()
{
    // From here on it is known, and a lookup takes no time.
    QVERIFY(QHostInfo::fromName(u"localhost"_s).addresses().contains(QHostAddress::LocalHost));
    const PeerAddress contact(u"localhost"_s, 12000);
    NetworkWorld world;
    Member &hub = world.node(1);
    hub.join();
    NetworkConfig config;
    config.setRole(Peer::Role::Client);
    Member client(hub.host, config);
    const auto joined = client.join({contact});
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(world.until([&] { return client.peer(hub) && hub.peer(client); }));
    const auto dials = [&] { return client.network->endpoint()->stats().handshakesStarted; };
    const quint64 before = dials();
    world.simulation.runFor(10min);
    QCOMPARE(dials(), before);
    QCOMPARE(client.network->setContacts({contact}), 0); // as at each SIGHUP
    world.simulation.runFor(1min);
    QCOMPARE(dials(), before);
    QVERIFY(client.disconnected.isEmpty() && hub.disconnected.isEmpty());
    QCOMPARE(client.network->setContacts({contact, world.contact(9)}), 1);
}

//! Also where it is an extra one at first, and the program names no id.
void tst_WantedLinks::linkThatTheProgramAskedForStays()
{
    constexpr int nodes = 8;
    NetworkWorld world;
    NetworkConfig config;
    config.setWantedLinks(1);
    Member &member = world.node(nodes + 1, config);
    for (int number = 1; number <= nodes; ++number) {
        NetworkConfig alone;
        alone.setAutomaticRejoin(false); // none comes back by itself
        Member &node = world.node(number, alone);
        node.join();
        member.network->bootstrapCache()->connected(node.id(), world.contact(number), {});
    }
    QVERIFY(world.finish(member.join()));
    QVERIFY(world.until([&] { return member.connected.size() == 2; }, 10min));
    const PeerId wanted = member.connected.last();
    const auto address = member.network->bootstrapCache()->entry(wanted)->addresses.first();
    const auto dialled = member.network->connectTo(PeerAddress(address.address(), address.port()));
    QVERIFY(world.finish(dialled));
    QVERIFY(dialled.result() && *dialled.result());
    QCOMPARE((*dialled.result())->id(), wanted);
    world.simulation.runFor(1h);
    QVERIFY(!member.disconnected.isEmpty()); // others had to go
    for (const Member::Disconnected &one : std::as_const(member.disconnected))
        QVERIFY(one.peer != wanted);
    QVERIFY(member.network->peer(wanted));
}

QTEST_GUILESS_MAIN(tst_WantedLinks)
#include "tst_wantedlinks.moc"
