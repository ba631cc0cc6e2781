// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Ways and the labels that ngtcp2 sees of them, there and back.

#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/pathmap.h>
#include <qp2pcore/engine/provenaddresses.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

//! Datagrams go to \a address now.
bool changesAt(ProvenAddresses &addresses, const SocketAddress &address)
{
    addresses.setMoved();
    return addresses.takeChange(address);
}

} // namespace

class tst_PathMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waysAreComparedByAllTheirMembers();
    void thePathOfASocketsWayHasItsAddresses();
    void theOwnEndOfADiallerKeepsItsLabel();
    void theWayFollowsThePath();
    void anAddressCountsOnceItIsProven();
    void aRevokedAddressHasToBeProvenAgain();
    void addressesAreRememberedAsLongAsNgtcp2DoesSo();
};

void tst_PathMap::waysAreComparedByAllTheirMembers()
{
    const Way way = Way::throughSocket(publicAddress(1), publicAddress(2));
    QVERIFY(way == Way::throughSocket(publicAddress(1), publicAddress(2)));
    QVERIFY(way != Way::throughSocket(publicAddress(3), publicAddress(2)));
    QVERIFY(way != Way::throughSocket(publicAddress(1), publicAddress(3)));
    Way other = way;
    other.socket = 1;
    QVERIFY(way != other);
}

void tst_PathMap::thePathOfASocketsWayHasItsAddresses()
{
    const Way first = Way::throughSocket(publicAddress(1), publicAddress(2));
    const PathMap acceptor(Side::Acceptor, first);
    QCOMPARE(acceptor.path().local, publicAddress(1));
    QCOMPARE(acceptor.path().remote, publicAddress(2));
    for (const Way &way : {first, Way::throughSocket(publicAddress(3), publicAddress(4))}) {
        QCOMPARE(acceptor.pathOf(way).local, way.local);
        QCOMPARE(acceptor.pathOf(way).remote, way.remote);
        QVERIFY(acceptor.wayOf(acceptor.pathOf(way)) == way);
    }
}

// The system chooses the source address of a dial that is bound to none, and perhaps another one later: that is
// no other path.
void tst_PathMap::theOwnEndOfADiallerKeepsItsLabel()
{
    const SocketAddress unspecified = SocketAddress::fromIpv4({}, 4433);
    const PathMap dialler(Side::Dialler, Way::throughSocket(unspecified, publicAddress(2)));
    const Way answer = Way::throughSocket(publicAddress(1), publicAddress(2));
    QVERIFY(dialler.pathOf(answer) == dialler.path());
    QVERIFY(dialler.wayOf(dialler.pathOf(answer)) == dialler.way());
    QCOMPARE(dialler.way().local, unspecified);
}

void tst_PathMap::theWayFollowsThePath()
{
    Way first = Way::throughSocket(publicAddress(1), publicAddress(2));
    first.socket = 3;
    PathMap acceptor(Side::Acceptor, first);
    QVERIFY(acceptor.way() == first);
    acceptor.setPath({publicAddress(1), publicAddress(9)});
    QCOMPARE(acceptor.way().remote, publicAddress(9));
    QCOMPARE(acceptor.way().socket, quint8(3));
    QCOMPARE(acceptor.path().remote, publicAddress(9));
}

// ---- where a peer has proven to be

void tst_PathMap::anAddressCountsOnceItIsProven()
{
    ProvenAddresses addresses(publicAddress(1));
    QCOMPARE(addresses.reported(), publicAddress(1));
    QVERIFY(!changesAt(addresses, publicAddress(2)));
    QCOMPARE(addresses.reported(), publicAddress(1));
    addresses.prove(publicAddress(2));
    QVERIFY(changesAt(addresses, publicAddress(2)));
    QCOMPARE(addresses.reported(), publicAddress(2));
    QVERIFY(!changesAt(addresses, publicAddress(2))); // it is reported
    QVERIFY(changesAt(addresses, publicAddress(1))); // and back
}

void tst_PathMap::aRevokedAddressHasToBeProvenAgain()
{
    ProvenAddresses addresses(publicAddress(1));
    addresses.prove(publicAddress(2));
    addresses.revoke(publicAddress(2));
    QVERIFY(!changesAt(addresses, publicAddress(2)));
    addresses.prove(publicAddress(2));
    QVERIFY(changesAt(addresses, publicAddress(2)));
}

void tst_PathMap::addressesAreRememberedAsLongAsNgtcp2DoesSo()
{
    ProvenAddresses addresses(publicAddress(1));
    for (quint16 number : std::initializer_list<quint16>{2, 3, 4, 4, 4, 5, 6}) {
        addresses.prove(publicAddress(number));
        changesAt(addresses, publicAddress(number));
    }
    QVERIFY(changesAt(addresses, publicAddress(1))); // five others do not push it out
    addresses.prove(publicAddress(7));
    QVERIFY(changesAt(addresses, publicAddress(2)));
    QVERIFY(!changesAt(addresses, publicAddress(1)));
}

QTEST_GUILESS_MAIN(tst_PathMap)
#include "tst_pathmap.moc"
