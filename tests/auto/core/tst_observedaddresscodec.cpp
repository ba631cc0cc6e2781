// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The observed address: what is known is read, what is new is skipped, what is malformed is refused.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/peering/protocol/observedaddress.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qp2p::Test;
using Engine::SocketAddress;

namespace {

const SocketAddress ipv4 = SocketAddress::fromIpv4({192, 0, 2, 7}, 4433);
const SocketAddress ipv6 = SocketAddress::fromIpv6(
    {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}, 65535);

} // namespace

class tst_ObservedAddressCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheTable();
    void itSurvivesTheRoundTrip();
    void unknownKeysAreSkipped_data();
    void unknownKeysAreSkipped();
    void malformedOnesAreRefused_data();
    void malformedOnesAreRefused();
    void everyTruncationIsRefused();
    void changedBytesNeverHarm();
};

void tst_ObservedAddressCodec::bytesAreThoseOfTheTable()
{
    QCOMPARE(encode(ObservedAddress{ipv4}), prefixedHex("a3 00 14 01 44 c0000207 02 19 1151"));
}

void tst_ObservedAddressCodec::itSurvivesTheRoundTrip()
{
    for (const SocketAddress &address : {ipv4, ipv6}) {
        const ObservedAddress observed{address};
        QCOMPARE(readAs<ObservedAddress>(encode(observed)), std::optional(observed));
    }
}

void tst_ObservedAddressCodec::unknownKeysAreSkipped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const auto &[name, pair] : unknownPairs())
        QTest::newRow(name) << prefixedHex("a4 00 14 01 44 c0000207 02 19 1151 " + pair);
}

void tst_ObservedAddressCodec::unknownKeysAreSkipped()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(readMessage<ObservedAddress>(bytes).error().message, QString());
    QCOMPARE(readAs<ObservedAddress>(bytes), std::optional(ObservedAddress{ipv4}));
}

void tst_ObservedAddressCodec::malformedOnesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence"); // part of it
    const auto cbor = [](const char *name, const QByteArray &hex, const char *sentence) {
        QTest::newRow(name) << prefixedHex(hex) << QString::fromLatin1(sentence);
    };
    cbor("another kind", "a3 00 07 01 44 c0000207 02 19 1151", "kind is not 20");
    cbor("address is missing", "a2 00 14 02 19 1151", "address is missing");
    cbor("port is missing", "a2 00 14 01 44 c0000207", "port is missing");
    cbor("address twice", "a4 00 14 01 44 c0000207 01 44 c0000207 02 19 1151", "twice");
    cbor("address of 5 bytes", "a3 00 14 01 45 c000020700 02 19 1151", "address");
    cbor("address is text", "a3 00 14 01 64 61626364 02 19 1151", "wrong type");
    cbor("port 0", "a3 00 14 01 44 c0000207 02 00", "out of range");
    cbor("port 65536", "a3 00 14 01 44 c0000207 02 1a 00010000", "out of range");
}

void tst_ObservedAddressCodec::malformedOnesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const auto outcome = readMessage<ObservedAddress>(bytes);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ProtocolViolation);
    QVERIFY2(outcome.error().message.contains(sentence), qPrintable(outcome.error().message));
}

void tst_ObservedAddressCodec::everyTruncationIsRefused()
{
    const QByteArray whole = encode(ObservedAddress{ipv6}).sliced(2);
    for (qsizetype size = 1; size < whole.size(); ++size)
        QCOMPARE(readMessage<ObservedAddress>(prefixed(whole.first(size))).error().code,
                 ErrorCode::ProtocolViolation);
}

void tst_ObservedAddressCodec::changedBytesNeverHarm()
{
    const Changes changes = withEveryByteChanged<ObservedAddress>(encode(ObservedAddress{ipv4}));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

QTEST_GUILESS_MAIN(tst_ObservedAddressCodec)
#include "tst_observedaddresscodec.moc"
