// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The messages with which legs are set up: their bytes, what is skipped because it is new, and what is refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/legs.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;

namespace {

const PeerId somebody = PeerId::fromBytes(QByteArray(32, 'p'));
const QByteArray somebodyHex = "02 58 20 " + QByteArray(32, 'p').toHex();
constexpr quint64 aLeg = 0x0102030405060708;

} // namespace

class tst_LegCodecs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheTables_data();
    void bytesAreThoseOfTheTables();
    void theySurviveTheRoundTrip();
    void wrongOnesAreRefused_data();
    void wrongOnesAreRefused();
    void everyTruncatedOneIsRefused();
    void whatIsUnknownIsSkipped();
    void outcomesOfLaterVersionsAreRefusals();
    void aLegThatIsNotOpenHasNoId();
    void longReasonsAreCut();
    void changedOnesNeverHarm();
};

void tst_LegCodecs::bytesAreThoseOfTheTables_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("request") << encode(LegRequest{7, somebody})
                             << QByteArray("a3 00 0c 01 07 " + somebodyHex);
    QTest::newRow("offer") << encode(LegOffer{9, somebody, aLeg, 131'072})
                           << QByteArray("a5 00 0d 01 09 " + somebodyHex
                                         + " 03 48 0102030405060708 04 1a 00020000");
    QTest::newRow("consent") << encode(LegAnswer{9, LegAnswer::Consent::Accepted, {}})
                             << QByteArray("a3 00 0e 01 09 02 01");
    QTest::newRow("refusal") << encode(LegAnswer{9, LegAnswer::Consent::Refused, "no"})
                             << QByteArray("a4 00 0e 01 09 02 00 03 62 6e6f");
    QTest::newRow("opened") << encode(LegOpened{7, LegOpened::Outcome::Open, aLeg, 1024, {}})
                            << QByteArray("a5 00 0f 01 07 02 00 03 48 0102030405060708 04 19 0400");
    QTest::newRow("not opened") << encode(LegOpened{7, LegOpened::Outcome::TooMany, 0, 0, "no"})
                                << QByteArray("a4 00 0f 01 07 02 04 05 62 6e6f");
    QTest::newRow("close") << encode(LegClose{aLeg, LegClose::Code::OtherEndGone, {}})
                           << QByteArray("a3 00 10 01 48 0102030405060708 02 02");
}

void tst_LegCodecs::bytesAreThoseOfTheTables()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, hex);
    QCOMPARE(bytes, prefixedHex(hex));
}

void tst_LegCodecs::theySurviveTheRoundTrip()
{
    const LegRequest request{~quint64(0), somebody};
    QCOMPARE(readAs<LegRequest>(encode(request)), std::optional(request));
    const LegOffer offer{0, somebody, ~quint64(0), 1};
    QCOMPARE(readAs<LegOffer>(encode(offer)), std::optional(offer));
    const LegAnswer answer{1, LegAnswer::Consent::Refused, "no"};
    QCOMPARE(readAs<LegAnswer>(encode(answer)), std::optional(answer));
    const LegOpened opened{1, LegOpened::Outcome::Open, 1, ~quint64(0), "why"};
    QCOMPARE(readAs<LegOpened>(encode(opened)), std::optional(opened));
    const LegClose close{1, LegClose::Code::Refused, "why"};
    QCOMPARE(readAs<LegClose>(encode(close)), std::optional(close));
}

void tst_LegCodecs::wrongOnesAreRefused_data()
{
    QTest::addColumn<QByteArray>("hex");
    const QByteArray leg = "48 0102030405060708";
    const auto row = [](const char *name, const QByteArray &hex) { QTest::newRow(name) << hex; };
    row("request without an id", "a2 00 0c " + somebodyHex);
    row("request of nobody", "a2 00 0c 01 07");
    row("request of half a peer", "a3 00 0c 01 07 02 50 " + QByteArray(16, 'p').toHex());
    row("request with a text for an id", "a3 00 0c 01 61 37 " + somebodyHex);
    row("request with the id twice", "a4 00 0c 01 07 01 07 " + somebodyHex);
    row("offer without a leg", "a4 00 0d 01 09 " + somebodyHex + " 04 01");
    row("offer of a leg of zeros",
        "a5 00 0d 01 09 " + somebodyHex + " 03 48 0000000000000000 04 01");
    row("offer of a leg of 7 bytes",
        "a5 00 0d 01 09 " + somebodyHex + " 03 47 01020304050607 04 01");
    row("offer of a leg of 9 bytes",
        "a5 00 0d 01 09 " + somebodyHex + " 03 49 010203040506070809 04 01");
    row("offer of a leg that is a number", "a5 00 0d 01 09 " + somebodyHex + " 03 01 04 01");
    row("offer without a rate", "a4 00 0d 01 09 " + somebodyHex + " 03 " + leg);
    row("offer with a negative rate", "a5 00 0d 01 09 " + somebodyHex + " 03 " + leg + " 04 20");
    row("answer without a decision", "a2 00 0e 01 09");
    row("answer with half a decision", "a3 00 0e 01 09 02 02");
    row("answer without a number", "a2 00 0e 02 01");
    row("answer with a reason of 65 bytes",
        "a4 00 0e 01 09 02 00 03 78 41 " + QByteArray(65, 'x').toHex());
    row("opened without a leg", "a4 00 0f 01 07 02 00 04 01");
    row("opened without a rate", "a4 00 0f 01 07 02 00 03 " + leg);
    row("opened without an outcome", "a2 00 0f 01 07");
    row("close without a leg", "a2 00 10 02 00");
    row("close without a code", "a2 00 10 01 " + leg);
    row("close of a leg of zeros", "a3 00 10 01 48 0000000000000000 02 00");
}

void tst_LegCodecs::wrongOnesAreRefused()
{
    QFETCH(QByteArray, hex);
    const QByteArray bytes = prefixedHex(hex);
    const int kind = QByteArray::fromHex(hex).at(2);
    const Error error = kind == 12 ? readMessage<LegRequest>(bytes).error()
        : kind == 13               ? readMessage<LegOffer>(bytes).error()
        : kind == 14               ? readMessage<LegAnswer>(bytes).error()
        : kind == 15               ? readMessage<LegOpened>(bytes).error()
                                   : readMessage<LegClose>(bytes).error();
    QCOMPARE(error.code, ErrorCode::ProtocolViolation);
    QVERIFY(!error.message.isEmpty());
}

void tst_LegCodecs::everyTruncatedOneIsRefused()
{
    const auto check = [](const auto &message) {
        using Message = std::decay_t<decltype(message)>;
        const QByteArray cbor = encode(message).sliced(2);
        for (qsizetype size = 0; size < cbor.size(); ++size) {
            if (readAs<Message>(prefixed(cbor.first(size))))
                return false;
        }
        return true;
    };
    QVERIFY(check(LegRequest{7, somebody}));
    QVERIFY(check(LegOffer{9, somebody, aLeg, 131'072}));
    QVERIFY(check(LegAnswer{9, LegAnswer::Consent::Refused, "no"}));
    QVERIFY(check(LegOpened{7, LegOpened::Outcome::Open, aLeg, 1024, "yes"}));
    QVERIFY(check(LegClose{aLeg, LegClose::Code::Idle, "idle"}));
}

void tst_LegCodecs::whatIsUnknownIsSkipped()
{
    for (const auto &[name, pair] : unknownPairs()) {
        QVERIFY2(readAs<LegRequest>(prefixedHex("a4 00 0c 01 07 " + pair + " " + somebodyHex)),
                 name);
        QVERIFY2(readAs<LegAnswer>(prefixedHex("a4 00 0e " + pair + " 01 09 02 01")), name);
    }
}

void tst_LegCodecs::outcomesOfLaterVersionsAreRefusals()
{
    const auto opened = readAs<LegOpened>(prefixedHex("a3 00 0f 01 07 02 18 63"));
    QVERIFY(opened);
    QCOMPARE(opened->outcome, LegOpened::Outcome::RelayRefuses);
    const auto close = readAs<LegClose>(prefixedHex("a3 00 10 01 48 0102030405060708 02 18 63"));
    QVERIFY(close);
    QCOMPARE(close->code, LegClose::Code::NotNeeded);
}

void tst_LegCodecs::aLegThatIsNotOpenHasNoId()
{
    const auto opened = readAs<LegOpened>(
        prefixedHex("a5 00 0f 01 07 02 01 03 48 0102030405060708 04 01"));
    QVERIFY(opened);
    QCOMPARE(opened->leg, 0u);
    QCOMPARE(opened->rate, 0u);
}

void tst_LegCodecs::longReasonsAreCut()
{
    const auto close = readAs<LegClose>(
        encode(LegClose{aLeg, LegClose::Code::Idle, QByteArray(1000, 'x')}));
    QVERIFY(close);
    QCOMPARE(close->reason, QByteArray(64, 'x'));
}

void tst_LegCodecs::changedOnesNeverHarm()
{
    const auto check = [](const auto &message) {
        const Changes changes = withEveryByteChanged<std::decay_t<decltype(message)>>(
            encode(message));
        return changes.refused > 0 && changes.unreadable == 0 && changes.different == 0;
    };
    QVERIFY(check(LegRequest{7, somebody}));
    QVERIFY(check(LegOffer{9, somebody, aLeg, 131'072}));
    QVERIFY(check(LegAnswer{9, LegAnswer::Consent::Refused, "no"}));
    QVERIFY(check(LegOpened{7, LegOpened::Outcome::Open, aLeg, 1024, "yes"}));
    QVERIFY(check(LegClose{aLeg, LegClose::Code::Idle, "idle"}));
}

QTEST_GUILESS_MAIN(tst_LegCodecs)
#include "tst_legcodecs.moc"
