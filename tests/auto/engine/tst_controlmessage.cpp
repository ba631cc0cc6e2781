// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Control messages: the hello is read, what is new is skipped, what is hostile ends the connection.

#include <shared/engine/controlbytes.h>

#include <qp2pcore/engine/messages/hello.h>

#include <QTest>

#include <random>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

struct Outcome
{
    std::optional<ControlMessage> message;
    Error error;
};

// Reads \a bytes as the whole stream of a peer, of which only the hello is known.
Outcome read(const QByteArray &bytes)
{
    ControlReader reader;
    std::span<const quint8> left = span(bytes);
    const auto message = reader.next(left);
    if (!message)
        return {{}, reader.error()};
    const Error error = message->kind == Hello::Kind ? Hello::decode(message->map).error()
                                                     : checkControlMap(message->map).error();
    if (error.isError())
        return {{}, error};
    return {message, {}};
}

Hello someHello()
{
    Hello hello;
    hello.networkName = "home";
    hello.role = Hello::Role::Node;
    hello.agent = "qp2p/0.1";
    hello.listeningPort = 12000;
    hello.observed = SocketAddress::fromIpv4({192, 0, 2, 7}, 4433);
    return hello;
}

// {0: 1, 1: "home", 2: 1, 3: "qp2p/0.1", 4: 12000, 5: h'c0000207', 6: 4433}
constexpr auto helloHex = "a7 00 01 01 64 686f6d65 02 01 03 68 717032702f302e31 04 19 2ee0 "
                          "05 44 c0000207 06 19 1151";

} // namespace

class tst_ControlMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheTable();
    void helloSurvivesTheRoundTrip_data();
    void helloSurvivesTheRoundTrip();
    void messagesMayArriveInAnyPieces();
    void unknownThingsAreSkipped_data();
    void unknownThingsAreSkipped();
    void hostileMessagesAreRefused_data();
    void hostileMessagesAreRefused();
    void everyTruncationWaitsOrIsRefused();
    void changedBytesNeverHarm();
    void randomBytesNeverHarm();
    void lengthIsRefusedBeforeAnythingIsKept();
    void longestMessageIsRead();
    void nothingIsReadAfterAnError();
};

void tst_ControlMessage::bytesAreThoseOfTheTable()
{
    QCOMPARE(encode(someHello()), prefixedHex(helloHex));

    Hello silent;
    QCOMPARE(encode(silent), prefixedHex("a5 00 01 01 60 02 00 03 60 04 00"));
}

void tst_ControlMessage::helloSurvivesTheRoundTrip_data()
{
    QTest::addColumn<Hello>("hello");
    QTest::newRow("empty") << Hello();
    QTest::newRow("typical") << someHello();

    Hello hello = someHello();
    hello.role = Hello::Role::Client;
    hello.listeningPort = 65535;
    hello.observed = SocketAddress::fromIpv6(
        {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 65535);
    QTest::newRow("ipv6") << hello;

    hello = someHello();
    hello.dialBackNonce = QByteArray(16, 'n');
    hello.instance = 0x0123456789abcdef;
    QTest::newRow("of a dial that checks") << hello;

    hello = someHello();
    hello.networkName = QByteArray(64, 'n');
    hello.agent = QByteArray("\xe2\x82\xac").repeated(21) + "x";
    hello.observed = {};
    QTest::newRow("longest texts, nothing observed") << hello;
}

void tst_ControlMessage::helloSurvivesTheRoundTrip()
{
    QFETCH(Hello, hello);
    QCOMPARE(read(encode(hello)).error.message, QString());
    QCOMPARE(readAs<Hello>(encode(hello)), std::optional(hello));
}

void tst_ControlMessage::messagesMayArriveInAnyPieces()
{
    const QByteArray goodbye = "a3 00 02 01 07 02 64 6f766572";
    const QByteArray stream = encode(someHello()) + prefixedHex("a1 00 18 63")
        + prefixedHex(goodbye);
    const QList<ControlMessage> expected{{1, QByteArray::fromHex(helloHex)},
                                         {99, QByteArray::fromHex("a1 00 18 63")},
                                         {2, QByteArray::fromHex(goodbye)}};
    for (qsizetype pieceSize = 1; pieceSize <= stream.size(); ++pieceSize) {
        ControlReader reader;
        QList<ControlMessage> messages;
        for (qsizetype at = 0; at < stream.size(); at += pieceSize) {
            const QByteArray piece = stream.mid(at, pieceSize);
            std::span<const quint8> bytes = span(piece);
            while (const auto message = reader.next(bytes))
                messages.append(*message);
            QVERIFY(bytes.empty());
        }
        QVERIFY(!reader.error().isError());
        QVERIFY(!reader.isInsideMessage());
        QCOMPARE(messages, expected);
    }
}

void tst_ControlMessage::unknownThingsAreSkipped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<quint64>("kind");
    const auto kind = [](const char *name, quint64 number, const QByteArray &hex) {
        QTest::newRow(name) << prefixedHex(hex) << number;
    };
    kind("kind 99", 99, "a1 00 18 63");
    kind("largest kind", 0xffffffffffffffff, "a1 00 1b ffffffffffffffff");
    kind("unknown kind with anything in it", 99,
         "a4 00 18 63 01 82 01 a1 61 78 f5 02 fb 3ff199999999999a 03 c0 74 "
         "323031332d30332d32315432303a30343a30305a");
    for (const auto &[name, pair] : unknownPairs()) // {0: 2, 1: 5, …}
        kind(name, 2, "a3 00 02 01 05 " + pair);
}

void tst_ControlMessage::unknownThingsAreSkipped()
{
    QFETCH(QByteArray, bytes);
    QFETCH(quint64, kind);
    const Outcome outcome = read(bytes);
    QCOMPARE(outcome.error.message, QString());
    QCOMPARE(outcome.message, std::optional(ControlMessage{kind, bytes.sliced(2)}));
}

void tst_ControlMessage::hostileMessagesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence"); // part of it
    const auto row = [](const char *name, const QByteArray &bytes, const char *sentence) {
        QTest::newRow(name) << bytes << QString::fromLatin1(sentence);
    };
    const auto cbor = [&](const char *name, const QByteArray &hex, const char *sentence) {
        row(name, prefixedHex(hex), sentence);
    };

    row("length 0", QByteArray::fromHex("0000"), "length of 0");
    row("length 4097", QByteArray::fromHex("1001"), "length of 4097");
    row("length 65535", QByteArray::fromHex("ffff"), "length of 65535");

    cbor("a number", "01", "not a map");
    cbor("an array", "81 00", "not a map");
    cbor("a tagged map", "c1 a1 00 18 63", "not a map");
    cbor("a break", "ff", "well-formed");
    cbor("reserved initial byte", "1c", "well-formed");
    cbor("cut map", "a2 00 18 63", "well-formed");
    cbor("map of 2^64 - 1 pairs", "bb ffffffffffffffff 00 18 63", "well-formed");
    cbor("map of 2^31 pairs", "ba 80000000 00 18 63", "well-formed");
    cbor("indefinite map", "bf 00 18 63 ff", "indefinite");
    cbor("trailing byte", "a1 00 18 63 00", "behind its map");
    cbor("trailing map", "a1 00 18 63 a1 00 18 63", "behind its map");
    cbor("empty map", "a0", "kind");
    cbor("kind is not first", "a2 01 05 00 02", "first key");
    cbor("kind is text", "a1 00 61 78", "kind is not an integer");
    cbor("kind is negative", "a1 00 20", "kind is out of range");
    cbor("key is text", "a2 00 18 63 61 78 01", "key is not an integer");
    cbor("key is an array", "a2 00 18 63 80 01", "key is not an integer");
    cbor("key is tagged", "a2 00 18 63 c1 01 01", "key is not an integer");
    cbor("kind twice", "a2 00 02 00 02", "twice");

    const auto unknown = [&](const char *name, const QByteArray &hex, const char *sentence) {
        cbor(name, "a2 00 18 63 18 64 " + hex, sentence);
    };
    unknown("unknown value cut", "", "well-formed");
    unknown("unknown text cut", "63 6162", "well-formed");
    unknown("unknown text of 2^64 - 1 bytes", "7b ffffffffffffffff", "");
    unknown("unknown bytes of 2^63 - 1 bytes", "5b 7fffffffffffffff", "longer than itself");
    unknown("unknown array of 2^32 items", "9b 0000000100000000 01", "");
    unknown("unknown array of 2^24 items", "9a 01000000 01", "longer than itself");
    unknown("unknown array cut", "83 01 02", "");
    unknown("unknown map cut", "a2 01 02 03", "");
    unknown("unknown text is not UTF-8", "62 c328", "well-formed");
    unknown("unknown array of indefinite length", "9f 01 ff", "indefinite");
    unknown("unknown text in pieces", "7f 61 78 ff", "indefinite");
    unknown("reserved simple value", "f8 18", "well-formed");
    unknown("tag without value", "c1", "well-formed");
    unknown("depth 9", "81 81 81 81 81 81 81 81 01", "deeper than 8");
    unknown("tag at depth 9", "81 81 81 81 81 81 81 c1 01", "deeper than 8");
    unknown("4,000 arrays in each other", QByteArray("81").repeated(4000) + "01", "deeper than 8");
    unknown("4,000 tags in a row", QByteArray("c1").repeated(4000) + "01", "deeper than 8");

    const QByteArray good = QByteArray::fromHex(helloHex);
    const auto hello = [&](const char *name, const char *from, const char *to,
                           const char *sentence) {
        QByteArray changed = good;
        const qsizetype at = changed.indexOf(QByteArray::fromHex(from));
        Q_ASSERT(at >= 0);
        changed.replace(at, QByteArray::fromHex(from).size(), QByteArray::fromHex(to));
        row(name, prefixed(changed), sentence);
    };
    hello("network name is missing", "01 64 686f6d65", "18 64 64 686f6d65",
          "network name is missing");
    hello("role is missing", "02 01 03", "18 64 01 03", "role is missing");
    hello("agent is missing", "03 68", "18 64 68", "agent is missing");
    hello("port is missing", "04 19 2ee0", "18 64 19 2ee0", "listening port is missing");
    hello("agent twice", "02 01 03", "03 61 78 03", "twice");
    hello("role is text", "02 01 03", "02 61 78 03", "role is not an integer");
    hello("role is negative", "02 01 03", "02 20 03", "role is out of range");
    hello("port 65536", "04 19 2ee0", "04 1a 00010000", "listening port is out of range");
    hello("negative port", "04 19 2ee0", "04 39 2ee0", "listening port is out of range");
    hello("observed port 0", "06 19 1151", "06 00", "observed port is out of range");
    hello("observed port 65536", "06 19 1151", "06 1a 00010000", "observed port is out of range");
    hello("observed address alone", "06 19 1151", "0f 19 1151", "observed port is missing");
    hello("observed port alone", "05 44", "0f 44", "observed address is missing");
    hello("address of 0 bytes", "05 44 c0000207", "05 40", "neither 4 nor 16");
    hello("address of 3 bytes", "05 44 c0000207", "05 43 c00002", "neither 4 nor 16");
    hello("address of 5 bytes", "05 44 c0000207", "05 45 c000020700", "neither 4 nor 16");
    hello("address of 17 bytes", "05 44 c0000207", "05 51 0102030405060708090a0b0c0d0e0f1011",
          "longer than 16");
    hello("address is text", "05 44 c0000207", "05 64 31323334", "wrong type");
}

void tst_ControlMessage::hostileMessagesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const Outcome outcome = read(bytes);
    QVERIFY(!outcome.message);
    QCOMPARE(outcome.error.code, ErrorCode::ProtocolViolation);
    QVERIFY2(outcome.error.message.contains(sentence), qPrintable(outcome.error.message));
    QVERIFY(outcome.error.message.endsWith(QLatin1Char('.')));
}

void tst_ControlMessage::everyTruncationWaitsOrIsRefused()
{
    for (const QByteArray &whole :
         {encode(someHello()), prefixedHex("a3 00 02 01 07 02 64 6f766572")}) {
        for (qsizetype size = 0; size < whole.size(); ++size) {
            // The stream goes on later
            ControlReader reader;
            const QByteArray cut = whole.first(size);
            std::span<const quint8> bytes = span(cut);
            QVERIFY(!reader.next(bytes));
            QVERIFY(!reader.error().isError());
            QCOMPARE(reader.isInsideMessage(), size > 0);
            const QByteArray rest = whole.sliced(size);
            bytes = span(rest);
            QVERIFY(reader.next(bytes));

            // The message itself is cut
            if (size > 2)
                QCOMPARE(read(prefixed(cut.sliced(2))).error.code, ErrorCode::ProtocolViolation);
        }
    }
}

void tst_ControlMessage::changedBytesNeverHarm()
{
    const Changes changes = withEveryByteChanged<Hello>(encode(someHello()));
    QVERIFY(changes.accepted > 100);
    QVERIFY(changes.refused > 100);
    QCOMPARE(changes.different, 0); // what is accepted is in range, so it can be written again
    QCOMPARE(changes.unreadable, 0);
}

void tst_ControlMessage::randomBytesNeverHarm()
{
    for (quint32 seed = 1; seed <= 20'000; ++seed) {
        std::mt19937 generator(seed);
        const auto below = [&](qsizetype limit) { return qsizetype(generator() % quint64(limit)); };
        QByteArray cbor = QByteArray::fromHex(helloHex);
        switch (seed % 4) {
        case 0: // noise behind a good start
            cbor = QByteArray::fromHex("a4 00 18 63 01");
            for (qsizetype i = below(200); i > 0; --i)
                cbor.append(char(below(256)));
            break;
        case 1: // several changed bytes
            for (qsizetype i = 2 + below(8); i > 0; --i)
                cbor[below(cbor.size())] = char(below(256));
            break;
        case 2: // a piece removed
            cbor.remove(below(cbor.size()), 1 + below(6));
            break;
        default: // a piece inserted
            for (qsizetype i = 1 + below(6); i > 0; --i)
                cbor.insert(below(cbor.size()), char(below(256)));
            break;
        }
        if (cbor.isEmpty())
            continue;
        const Outcome outcome = read(prefixed(cbor));
        QVERIFY(outcome.message.has_value() != outcome.error.isError());
    }
}

void tst_ControlMessage::lengthIsRefusedBeforeAnythingIsKept()
{
    ControlReader reader;
    const QByteArray stream = QByteArray::fromHex("1001") + QByteArray(4097, 'x');
    std::span<const quint8> bytes = span(stream);
    QVERIFY(!reader.next(bytes));
    QCOMPARE(reader.error().code, ErrorCode::ProtocolViolation);
    QCOMPARE(bytes.size(), size_t(4097));
    QVERIFY(!reader.isInsideMessage());
}

void tst_ControlMessage::longestMessageIsRead()
{
    // {0: 99, 1: h'…'}
    QByteArray cbor = QByteArray::fromHex("a2 00 18 63 01 59 0ff8") + QByteArray(4096 - 8, '\xff');
    QCOMPARE(cbor.size(), 4096);
    QVERIFY(read(prefixed(cbor)).message.has_value());
}

void tst_ControlMessage::nothingIsReadAfterAnError()
{
    ControlReader reader;
    const QByteArray stream = prefixedHex("a0") + encode(someHello());
    std::span<const quint8> bytes = span(stream);
    QVERIFY(!reader.next(bytes));
    QVERIFY(reader.error().isError());
    const size_t left = bytes.size();
    QVERIFY(!reader.next(bytes));
    QCOMPARE(bytes.size(), left);
}

QTEST_GUILESS_MAIN(tst_ControlMessage)
#include "tst_controlmessage.moc"
