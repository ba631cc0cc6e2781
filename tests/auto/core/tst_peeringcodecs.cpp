// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The messages of peering: their bytes, what is skipped because it is new, and what is refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/peering/protocol/peers.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using Engine::Hello;
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

DialBackRequest helperRequest()
{
    DialBackRequest request;
    request.id = 9;
    request.target = SocketAddress::fromIpv4({192, 0, 2, 7}, 4433);
    request.port = 4433;
    request.peer = PeerId::fromBytes(QByteArray(32, 'p'));
    request.nonce = QByteArray(16, 'n');
    return request;
}

} // namespace

class tst_PeeringCodecs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesOfNodesAreThoseOfTheTable();
    void nodesSurviveTheRoundTrip();
    void nodesAndAddressesBeyondTheLimitsAreLeftOut();
    void hostileListsOfNodesAreRefused();
    void changedNodesNeverHarm();

    void bytesOfAGoodbyeAreThoseOfTheTable();
    void aGoodbyeSurvivesTheRoundTrip();
    void longReasonsOfAGoodbyeAreCutAtACharacter();
    void unknownKeysOfAGoodbyeAreSkipped_data();
    void unknownKeysOfAGoodbyeAreSkipped();
    void malformedGoodbyesAreRefused_data();
    void malformedGoodbyesAreRefused();
    void everyTruncatedGoodbyeIsRefused();
    void changedGoodbyesNeverHarm();

    void dialBackRequestsSurviveTheRoundTrip();
    void dialBackAnswersSurviveTheRoundTrip();
    void dialBackArrivalsSurviveTheRoundTrip();
    void resultsAndRolesOfLaterVersionsSayNothing();
    void requestsArePaddedToTheirSize();
    void paddingIsWellFormed();
    void helpersRequestHasAllOfItsPartsOrNone();
    void arrivalHasAWholeNonce();
    void changedDialBacksNeverHarm();
};

// ---- advertised nodes

void tst_PeeringCodecs::bytesOfNodesAreThoseOfTheTable()
{
    QCOMPARE(encode(PeersRequest{}), prefixedHex("a1 00 05"));
    QCOMPARE(encode(PeersAnswer{}), prefixedHex("a2 00 06 01 40"));
    PeersAnswer answer = twoNodes();
    answer.nodes.removeLast();
    QCOMPARE(encode(answer),
             prefixedHex("a2 00 06 01 58 3b " + QByteArray(32, 'a').toHex()
                         + " 02 04 c0000207 1151 10 20010db8000000000000000000000000 1151"));
}

void tst_PeeringCodecs::nodesSurviveTheRoundTrip()
{
    QVERIFY(readAs<PeersRequest>(encode(PeersRequest{})));
    QCOMPARE(readAs<PeersAnswer>(encode(twoNodes())), std::optional(twoNodes()));
}

//! The largest answer still fits into a message.
void tst_PeeringCodecs::nodesAndAddressesBeyondTheLimitsAreLeftOut()
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

void tst_PeeringCodecs::hostileListsOfNodesAreRefused()
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

void tst_PeeringCodecs::changedNodesNeverHarm()
{
    const Changes changes = withEveryByteChanged<PeersAnswer>(encode(twoNodes()));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

// ---- goodbye

void tst_PeeringCodecs::bytesOfAGoodbyeAreThoseOfTheTable()
{
    QCOMPARE(encode(Goodbye{7, "over"}), prefixedHex("a3 00 02 01 07 02 64 6f766572"));
}

void tst_PeeringCodecs::aGoodbyeSurvivesTheRoundTrip()
{
    for (const quint64 code : {quint64(0), quint64(23), quint64(1) << 60, (quint64(1) << 62) - 1}) {
        const Goodbye goodbye{code, "gr\xc3\xbc\xc3\x9f"};
        QCOMPARE(readAs<Goodbye>(encode(goodbye)), std::optional(goodbye));
    }
    // Without a reason
    QCOMPARE(readAs<Goodbye>(prefixedHex("a2 00 02 01 05")), std::optional(Goodbye{5, {}}));
}

void tst_PeeringCodecs::longReasonsOfAGoodbyeAreCutAtACharacter()
{
    const QByteArray euro = "\xe2\x82\xac";
    const Goodbye sent{1, euro.repeated(30)};
    const Goodbye cut{1, euro.repeated(21)};
    QCOMPARE(readAs<Goodbye>(encode(sent)),
             std::optional(cut)); // 63 bytes; 64 would cut the 22nd in two
}

void tst_PeeringCodecs::unknownKeysOfAGoodbyeAreSkipped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const auto &[name, pair] : unknownPairs()) // {0: 2, 1: 5, …}
        QTest::newRow(name) << prefixedHex("a3 00 02 01 05 " + pair);
}

void tst_PeeringCodecs::unknownKeysOfAGoodbyeAreSkipped()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(readMessage<Goodbye>(bytes).error().message, QString());
    QCOMPARE(readAs<Goodbye>(bytes), std::optional(Goodbye{5, {}}));
}

void tst_PeeringCodecs::malformedGoodbyesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence"); // part of it
    const auto cbor = [](const char *name, const QByteArray &hex, const char *sentence) {
        QTest::newRow(name) << prefixedHex(hex) << QString::fromLatin1(sentence);
    };
    cbor("kind twice", "a2 00 02 00 02", "twice");
    cbor("another kind", "a2 00 03 01 05", "kind is not 2");
    const auto goodbye = [&](const char *name, const QByteArray &hex, const char *sentence) {
        cbor(name, "a3 00 02 " + hex, sentence);
    };
    cbor("code is missing", "a2 00 02 02 60", "code is missing");
    goodbye("code twice", "01 05 01 06", "twice");
    goodbye("code above 2^62 - 1", "01 1b 4000000000000000 02 60", "out of range");
    goodbye("code is negative", "01 20 02 60", "out of range");
    goodbye("code is a float", "01 f9 3c00 02 60", "not an integer");
    goodbye("reason is bytes", "01 05 02 61", "well-formed");
    goodbye("reason is a byte string", "01 05 02 41 78", "wrong type");
    goodbye("reason is a number", "01 05 02 05", "wrong type");
    goodbye("reason is null", "01 05 02 f6", "wrong type");
    goodbye("reason is not UTF-8", "01 05 02 62 c328", "not UTF-8");
    goodbye("reason is a surrogate", "01 05 02 63 eda080", "not UTF-8");
    goodbye("reason is an overlong zero", "01 05 02 62 c080", "not UTF-8");
    goodbye("reason of 65 bytes", "01 05 02 78 41" + QByteArray(65, 'x').toHex(), "longer than 64");
    goodbye("reason announces 2^64 - 1 bytes", "01 05 02 7b ffffffffffffffff", "longer than 64");
    goodbye("reason announces 2^63 bytes", "01 05 02 7b 8000000000000000", "longer than 64");
    goodbye("reason in pieces", "01 05 02 7f 61 78 ff", "longer than 64");
}

void tst_PeeringCodecs::malformedGoodbyesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const auto outcome = readMessage<Goodbye>(bytes);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ProtocolViolation);
    QVERIFY2(outcome.error().message.contains(sentence), qPrintable(outcome.error().message));
    QVERIFY(outcome.error().message.endsWith(QLatin1Char('.')));
}

void tst_PeeringCodecs::everyTruncatedGoodbyeIsRefused()
{
    const QByteArray whole = encode(Goodbye{7, "over"}).sliced(2);
    for (qsizetype size = 1; size < whole.size(); ++size)
        QCOMPARE(readMessage<Goodbye>(prefixed(whole.first(size))).error().code,
                 ErrorCode::ProtocolViolation);
}

void tst_PeeringCodecs::changedGoodbyesNeverHarm()
{
    const Changes changes = withEveryByteChanged<Goodbye>(encode(Goodbye{7, "over"}));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

// ---- dial-back

void tst_PeeringCodecs::dialBackRequestsSurviveTheRoundTrip()
{
    DialBackRequest own{3, 12000, {}, {}, {}};
    QCOMPARE(encode(own),
             prefixed(QByteArray::fromHex("a4 00 03 01 03 02 19 2ee0 06 59 0e01")
                      + QByteArray(3585, 0)));
    QCOMPARE(encode(own).size(), 3600);
    QCOMPARE(encode(helperRequest()).size(), 3600);
    QCOMPARE(readAs<DialBackRequest>(encode(own)), std::optional(own));
    // Without padding it is read, too, and says what it has cost.
    own.size = 0;
    QCOMPARE(encode(own), prefixedHex("a3 00 03 01 03 02 19 2ee0"));
    own.size = 11;
    QCOMPARE(readAs<DialBackRequest>(prefixedHex("a3 00 03 01 03 02 19 2ee0")), std::optional(own));
    QCOMPARE(readAs<DialBackRequest>(encode(helperRequest())), std::optional(helperRequest()));
}

void tst_PeeringCodecs::dialBackAnswersSurviveTheRoundTrip()
{
    const DialBackAnswer answer{3, DialBackAnswer::Result::Provisional, "why", Hello::Role::Node};
    QCOMPARE(encode(answer), prefixedHex("a5 00 04 01 03 02 02 03 63 776879 04 01"));
    QCOMPARE(readAs<DialBackAnswer>(encode(answer)), std::optional(answer));
}

void tst_PeeringCodecs::dialBackArrivalsSurviveTheRoundTrip()
{
    const DialBackArrival arrival{QByteArray(16, 'n')};
    QCOMPARE(encode(arrival), prefixedHex("a2 00 07 01 50 6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e"));
    QCOMPARE(readAs<DialBackArrival>(encode(arrival)), std::optional(arrival));
}

void tst_PeeringCodecs::resultsAndRolesOfLaterVersionsSayNothing()
{
    QCOMPARE(readAs<DialBackAnswer>(prefixedHex("a4 00 04 01 03 02 18 63 04 18 63")),
             std::optional(DialBackAnswer{3, {}, {}, {}}));
}

void tst_PeeringCodecs::requestsArePaddedToTheirSize()
{
    DialBackRequest ask{3, 12000, {}, {}, {}};
    for (qsizetype size = 13; size <= 4098; ++size) {
        // A byte string of 23 bytes has a head of one byte, one of 24 two; of 255 two, of 256 three.
        if (size == 37 || size == 270)
            continue;
        ask.size = size;
        QCOMPARE(encode(ask).size(), size);
        QCOMPARE(readAs<DialBackRequest>(encode(ask)), std::optional(ask));
    }
    for (const qsizetype size : {12, 37, 270}) {
        ask.size = size;
        QCOMPARE(encode(ask).size(), size + 1);
    }
    ask.size = 100'000; // more than a message may have
    QCOMPARE(encode(ask).size(), 4098);
    DialBackRequest small = helperRequest();
    small.size = 1;
    QVERIFY(encode(small).size() < 100);
}

//! Its content is skipped, its form is not.
void tst_PeeringCodecs::paddingIsWellFormed()
{
    const QByteArray start = QByteArray::fromHex("a4 00 03 01 03 02 19 2ee0 06");
    QVERIFY(readAs<DialBackRequest>(prefixed(start + QByteArray::fromHex("43 010203"))).has_value());
    for (const char *bad :
         {"05", "63 616263", "59 ffff 00", "5b ffffffffffffffff", "5f 41 00 ff", "f6"})
        QVERIFY(!readMessage<DialBackRequest>(prefixed(start + QByteArray::fromHex(bad))));
    QVERIFY(!readMessage<DialBackRequest>(
        prefixedHex("a5 00 03 01 03 02 19 2ee0 06 41 00 06 41 00"))); // twice
}

void tst_PeeringCodecs::helpersRequestHasAllOfItsPartsOrNone()
{
    const auto outcome = readMessage<DialBackRequest>(
        prefixedHex("a4 00 03 01 03 02 19 2ee0 03 44 c0000207"));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ProtocolViolation);
    QVERIFY(outcome.error().message.contains(u"peer id is missing"));
}

void tst_PeeringCodecs::arrivalHasAWholeNonce()
{
    QVERIFY(!readMessage<DialBackArrival>(
        prefixedHex("a2 00 07 01 4f 6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e")));
    QVERIFY(!readMessage<DialBackArrival>(prefixedHex("a1 00 07")));
}

void tst_PeeringCodecs::changedDialBacksNeverHarm()
{
    DialBackRequest unpaid = helperRequest();
    unpaid.size = 120;
    const Changes requests = withEveryByteChanged<DialBackRequest>(encode(unpaid));
    QVERIFY(requests.accepted > 100);
    QVERIFY(requests.refused > 100);
    QCOMPARE(requests.unreadable, 0);

    const Changes answers = withEveryByteChanged<DialBackAnswer>(
        encode(DialBackAnswer{7, DialBackAnswer::Result::NotReachable, "no", Hello::Role::Client}));
    QVERIFY(answers.accepted > 100);
    QVERIFY(answers.refused > 100);
    QCOMPARE(answers.different, 0);
    QCOMPARE(answers.unreadable, 0);

    const Changes arrivals = withEveryByteChanged<DialBackArrival>(
        encode(DialBackArrival{QByteArray(16, 'n')}));
    QVERIFY(arrivals.accepted > 100);
    QVERIFY(arrivals.refused > 100);
    QCOMPARE(arrivals.different, 0);
    QCOMPARE(arrivals.unreadable, 0);
}

QTEST_GUILESS_MAIN(tst_PeeringCodecs)
#include "tst_peeringcodecs.moc"
