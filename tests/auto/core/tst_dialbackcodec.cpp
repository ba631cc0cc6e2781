// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dial-back messages: their bytes, the payment in a request, and what is refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/dialback.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using Engine::Hello;
using Engine::SocketAddress;

namespace {

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

class tst_DialBackCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsSurviveTheRoundTrip();
    void answersSurviveTheRoundTrip();
    void arrivalsSurviveTheRoundTrip();
    void resultsAndRolesOfLaterVersionsSayNothing();
    void requestsArePaddedToTheirSize();
    void paddingIsWellFormed();
    void helpersRequestHasAllOfItsPartsOrNone();
    void arrivalHasAWholeNonce();
    void changedBytesNeverHarm();
};

void tst_DialBackCodec::requestsSurviveTheRoundTrip()
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

void tst_DialBackCodec::answersSurviveTheRoundTrip()
{
    const DialBackAnswer answer{3, DialBackAnswer::Result::Provisional, "why", Hello::Role::Node};
    QCOMPARE(encode(answer), prefixedHex("a5 00 04 01 03 02 02 03 63 776879 04 01"));
    QCOMPARE(readAs<DialBackAnswer>(encode(answer)), std::optional(answer));
}

void tst_DialBackCodec::arrivalsSurviveTheRoundTrip()
{
    const DialBackArrival arrival{QByteArray(16, 'n')};
    QCOMPARE(encode(arrival), prefixedHex("a2 00 07 01 50 6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e"));
    QCOMPARE(readAs<DialBackArrival>(encode(arrival)), std::optional(arrival));
}

void tst_DialBackCodec::resultsAndRolesOfLaterVersionsSayNothing()
{
    QCOMPARE(readAs<DialBackAnswer>(prefixedHex("a4 00 04 01 03 02 18 63 04 18 63")),
             std::optional(DialBackAnswer{3, {}, {}, {}}));
}

void tst_DialBackCodec::requestsArePaddedToTheirSize()
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
void tst_DialBackCodec::paddingIsWellFormed()
{
    const QByteArray start = QByteArray::fromHex("a4 00 03 01 03 02 19 2ee0 06");
    QVERIFY(readAs<DialBackRequest>(prefixed(start + QByteArray::fromHex("43 010203"))).has_value());
    for (const char *bad :
         {"05", "63 616263", "59 ffff 00", "5b ffffffffffffffff", "5f 41 00 ff", "f6"})
        QVERIFY(!readMessage<DialBackRequest>(prefixed(start + QByteArray::fromHex(bad))));
    QVERIFY(!readMessage<DialBackRequest>(
        prefixedHex("a5 00 03 01 03 02 19 2ee0 06 41 00 06 41 00"))); // twice
}

void tst_DialBackCodec::helpersRequestHasAllOfItsPartsOrNone()
{
    const auto outcome = readMessage<DialBackRequest>(
        prefixedHex("a4 00 03 01 03 02 19 2ee0 03 44 c0000207"));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ProtocolViolation);
    QVERIFY(outcome.error().message.contains(u"peer id is missing"));
}

void tst_DialBackCodec::arrivalHasAWholeNonce()
{
    QVERIFY(!readMessage<DialBackArrival>(
        prefixedHex("a2 00 07 01 4f 6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e")));
    QVERIFY(!readMessage<DialBackArrival>(prefixedHex("a1 00 07")));
}

void tst_DialBackCodec::changedBytesNeverHarm()
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

QTEST_GUILESS_MAIN(tst_DialBackCodec)
#include "tst_dialbackcodec.moc"
