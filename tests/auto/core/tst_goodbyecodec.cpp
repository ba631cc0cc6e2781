// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The goodbye: what is known is read, what is new is skipped, what is malformed is refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/goodbye.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;

class tst_GoodbyeCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheTable();
    void itSurvivesTheRoundTrip();
    void longReasonsAreCutAtACharacter();
    void unknownKeysAreSkipped_data();
    void unknownKeysAreSkipped();
    void malformedOnesAreRefused_data();
    void malformedOnesAreRefused();
    void everyTruncationIsRefused();
    void changedBytesNeverHarm();
};

void tst_GoodbyeCodec::bytesAreThoseOfTheTable()
{
    QCOMPARE(encode(Goodbye{7, "over"}), prefixedHex("a3 00 02 01 07 02 64 6f766572"));
}

void tst_GoodbyeCodec::itSurvivesTheRoundTrip()
{
    for (const quint64 code : {quint64(0), quint64(23), quint64(1) << 60, (quint64(1) << 62) - 1}) {
        const Goodbye goodbye{code, "gr\xc3\xbc\xc3\x9f"};
        QCOMPARE(readAs<Goodbye>(encode(goodbye)), std::optional(goodbye));
    }
    // Without a reason
    QCOMPARE(readAs<Goodbye>(prefixedHex("a2 00 02 01 05")), std::optional(Goodbye{5, {}}));
}

void tst_GoodbyeCodec::longReasonsAreCutAtACharacter()
{
    const QByteArray euro = "\xe2\x82\xac";
    const Goodbye sent{1, euro.repeated(30)};
    const Goodbye cut{1, euro.repeated(21)};
    QCOMPARE(readAs<Goodbye>(encode(sent)),
             std::optional(cut)); // 63 bytes; 64 would cut the 22nd in two
}

void tst_GoodbyeCodec::unknownKeysAreSkipped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const auto &[name, pair] : unknownPairs()) // {0: 2, 1: 5, …}
        QTest::newRow(name) << prefixedHex("a3 00 02 01 05 " + pair);
}

void tst_GoodbyeCodec::unknownKeysAreSkipped()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(readMessage<Goodbye>(bytes).error().message, QString());
    QCOMPARE(readAs<Goodbye>(bytes), std::optional(Goodbye{5, {}}));
}

void tst_GoodbyeCodec::malformedOnesAreRefused_data()
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

void tst_GoodbyeCodec::malformedOnesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const auto outcome = readMessage<Goodbye>(bytes);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ProtocolViolation);
    QVERIFY2(outcome.error().message.contains(sentence), qPrintable(outcome.error().message));
    QVERIFY(outcome.error().message.endsWith(QLatin1Char('.')));
}

void tst_GoodbyeCodec::everyTruncationIsRefused()
{
    const QByteArray whole = encode(Goodbye{7, "over"}).sliced(2);
    for (qsizetype size = 1; size < whole.size(); ++size)
        QCOMPARE(readMessage<Goodbye>(prefixed(whole.first(size))).error().code,
                 ErrorCode::ProtocolViolation);
}

void tst_GoodbyeCodec::changedBytesNeverHarm()
{
    const Changes changes = withEveryByteChanged<Goodbye>(encode(Goodbye{7, "over"}));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

QTEST_GUILESS_MAIN(tst_GoodbyeCodec)
#include "tst_goodbyecodec.moc"
