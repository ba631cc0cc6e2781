// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Advertised nodes: their bytes, how many there may be, and which lists are refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/peers.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using Engine::SocketAddress;

namespace {

PeersAnswer twoNodes()
{
    PeersAnswer answer;
    answer.nodes.append({PeerId::fromBytes(QByteArray(32, 'a')),
                         {SocketAddress::fromIpv4({192, 0, 2, 7}, 4433),
                          SocketAddress::fromIpv6({0x20, 1, 0xd, 0xb8}, 4433)}});
    answer.nodes.append({PeerId::fromBytes(QByteArray(32, 'b')), {}});
    return answer;
}

} // namespace

class tst_PeersCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheTable();
    void theySurviveTheRoundTrip();
    void nodesAndAddressesBeyondTheLimitsAreLeftOut();
    void hostileListsOfNodesAreRefused();
    void changedBytesNeverHarm();
};

void tst_PeersCodec::bytesAreThoseOfTheTable()
{
    QCOMPARE(encode(PeersRequest{}), prefixedHex("a1 00 05"));
    QCOMPARE(encode(PeersAnswer{}), prefixedHex("a2 00 06 01 40"));
    PeersAnswer answer = twoNodes();
    answer.nodes.removeLast();
    QCOMPARE(encode(answer),
             prefixedHex("a2 00 06 01 58 3b " + QByteArray(32, 'a').toHex()
                         + " 02 04 c0000207 1151 10 20010db8000000000000000000000000 1151"));
}

void tst_PeersCodec::theySurviveTheRoundTrip()
{
    QVERIFY(readAs<PeersRequest>(encode(PeersRequest{})));
    QCOMPARE(readAs<PeersAnswer>(encode(twoNodes())), std::optional(twoNodes()));
}

//! The largest answer still fits into a message.
void tst_PeersCodec::nodesAndAddressesBeyondTheLimitsAreLeftOut()
{
    PeersAnswer full;
    const SocketAddress address = SocketAddress::fromIpv6({0x20, 1, 0xd, 0xb8}, 4433);
    for (int i = 0; i < 50; ++i)
        full.nodes.append(
            {PeerId::fromBytes(QByteArray(32, char('A' + i))), QList<SocketAddress>(10, address)});
    const auto read = readAs<PeersAnswer>(encode(full));
    QVERIFY(read);
    QCOMPARE(read->nodes.size(), MaxAdvertisedNodes);
    QCOMPARE(read->nodes.last().addresses.size(), MaxAdvertisedAddresses);
}

void tst_PeersCodec::hostileListsOfNodesAreRefused()
{
    const auto list = [](const QByteArray &packed) {
        QByteArray cbor = QByteArray::fromHex("a2 00 06 01 59");
        QByteArray size(2, 0);
        qToBigEndian(quint16(packed.size()), size.data());
        return readMessage<PeersAnswer>(prefixed(cbor + size + packed));
    };
    const QByteArray id(32, 'a');
    const QByteArray node = id + QByteArray::fromHex("01 04 c0000207 1151");
    QVERIFY(list(node));
    QVERIFY(list({}));
    QVERIFY(list(node.repeated(20)));
    for (const QByteArray &bad : QList<QByteArray>{
             node.repeated(21), id, node.chopped(1), node + 'x', id + QByteArray::fromHex("ff"),
             id + QByteArray::fromHex("01 05 c000020700 1151"), id + QByteArray::fromHex("01 00"),
             id + QByteArray::fromHex("05") + QByteArray::fromHex("04 c0000207 1151").repeated(5)})
        QCOMPARE(list(bad).error().code, ErrorCode::ProtocolViolation);
    QVERIFY(!readMessage<PeersAnswer>(prefixedHex("a1 00 06"))); // no list
}

void tst_PeersCodec::changedBytesNeverHarm()
{
    const Changes changes = withEveryByteChanged<PeersAnswer>(encode(twoNodes()));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

QTEST_GUILESS_MAIN(tst_PeersCodec)
#include "tst_peerscodec.moc"
