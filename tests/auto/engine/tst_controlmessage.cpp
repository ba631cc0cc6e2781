// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Control messages: what is known is read, what is new is skipped, what is hostile ends the connection.

#include <qp2pcore/engine/messages/controlmessage.h>

#include <QTest>
#include <QtEndian>

#include <random>

using namespace Qp2p;
using namespace Qp2p::Engine;

namespace {

QByteArray prefixed(const QByteArray &cbor)
{
    QByteArray bytes(2, '\0');
    qToBigEndian(quint16(cbor.size()), bytes.data());
    return bytes + cbor;
}

QByteArray prefixedHex(const QByteArray &hex)
{
    return prefixed(QByteArray::fromHex(hex));
}

std::span<const quint8> span(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size())};
}

struct Outcome
{
    std::optional<ControlMessage> message;
    Error error;
};

// Reads \a bytes as the whole stream of a peer.
Outcome read(const QByteArray &bytes)
{
    ControlReader reader;
    std::span<const quint8> left = span(bytes);
    Outcome outcome;
    outcome.message = reader.next(left);
    outcome.error = reader.error();
    return outcome;
}

// The message in \a bytes where it is a \a T.
template<typename T>
std::optional<T> readAs(const QByteArray &bytes)
{
    const Outcome outcome = read(bytes);
    if (!outcome.message || !std::holds_alternative<T>(*outcome.message))
        return {};
    return std::get<T>(*outcome.message);
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

PeersAnswer twoNodes()
{
    PeersAnswer answer;
    answer.nodes.append({PeerId::fromBytes(QByteArray(32, 'a')),
                         {SocketAddress::fromIpv4({192, 0, 2, 7}, 4433),
                          SocketAddress::fromIpv6({0x20, 1, 0xd, 0xb8}, 4433)}});
    answer.nodes.append({PeerId::fromBytes(QByteArray(32, 'b')), {}});
    return answer;
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
    void goodbyeSurvivesTheRoundTrip();
    void networksMessagesSurviveTheRoundTrip();
    void requestsArePaddedToTheirSize();
    void hostileListsOfNodesAreRefused();
    void longTextsAreCutAtACharacter();
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
    QCOMPARE(encode(Goodbye{7, "over"}), prefixedHex("a3 00 02 01 07 02 64 6f766572"));

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

void tst_ControlMessage::goodbyeSurvivesTheRoundTrip()
{
    for (const quint64 code : {quint64(0), quint64(23), quint64(1) << 60, (quint64(1) << 62) - 1}) {
        const Goodbye goodbye{code, "gr\xc3\xbc\xc3\x9f"};
        QCOMPARE(readAs<Goodbye>(encode(goodbye)), std::optional(goodbye));
    }
    // Without a reason
    QCOMPARE(readAs<Goodbye>(prefixedHex("a2 00 02 01 05")), std::optional(Goodbye{5, {}}));
}

void tst_ControlMessage::networksMessagesSurviveTheRoundTrip()
{
    Hello check = someHello();
    check.dialBackNonce = QByteArray(16, 'n');
    check.instance = 0x0123456789abcdef;
    QCOMPARE(readAs<Hello>(encode(check)), std::optional(check));

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
    const DialBackAnswer answer{3, DialBackAnswer::Result::Provisional, "why", Hello::Role::Node};
    QCOMPARE(encode(answer), prefixedHex("a5 00 04 01 03 02 02 03 63 776879 04 01"));
    QCOMPARE(readAs<DialBackAnswer>(encode(answer)), std::optional(answer));
    const DialBackArrival arrival{QByteArray(16, 'n')};
    QCOMPARE(readAs<DialBackArrival>(encode(arrival)), std::optional(arrival));
    QVERIFY(readAs<PeersRequest>(encode(PeersRequest{})));
    QCOMPARE(readAs<PeersAnswer>(encode(twoNodes())), std::optional(twoNodes()));

    // What is more than a message may have is left out, and the largest one still fits.
    PeersAnswer full;
    const SocketAddress address = SocketAddress::fromIpv6({0x20, 1, 0xd, 0xb8}, 4433);
    for (int i = 0; i < 50; ++i)
        full.nodes.append(
            {PeerId::fromBytes(QByteArray(32, char('A' + i))), QList<SocketAddress>(10, address)});
    const auto read = readAs<PeersAnswer>(encode(full));
    QVERIFY(read);
    QCOMPARE(read->nodes.size(), maxToldNodes);
    QCOMPARE(read->nodes.last().addresses.size(), maxToldAddresses);

    // A result that a later version may have says nothing; so does a role.
    QCOMPARE(readAs<DialBackAnswer>(prefixedHex("a4 00 04 01 03 02 18 63 04 18 63")),
             std::optional(DialBackAnswer{3, {}, {}, {}}));
}

void tst_ControlMessage::requestsArePaddedToTheirSize()
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
    // Its content is skipped, its form is not.
    const QByteArray start = QByteArray::fromHex("a4 00 03 01 03 02 19 2ee0 06");
    QVERIFY(readAs<DialBackRequest>(prefixed(start + QByteArray::fromHex("43 010203"))).has_value());
    for (const char *bad :
         {"05", "63 616263", "59 ffff 00", "5b ffffffffffffffff", "5f 41 00 ff", "f6"})
        QVERIFY(!read(prefixed(start + QByteArray::fromHex(bad))).message);
    QVERIFY(!read(prefixedHex("a5 00 03 01 03 02 19 2ee0 06 41 00 06 41 00")).message); // twice
}

void tst_ControlMessage::hostileListsOfNodesAreRefused()
{
    const auto list = [](const QByteArray &packed) {
        QByteArray cbor = QByteArray::fromHex("a2 00 06 01 59");
        QByteArray size(2, 0);
        qToBigEndian(quint16(packed.size()), size.data());
        return read(prefixed(cbor + size + packed));
    };
    const QByteArray id(32, 'a');
    const QByteArray node = id + QByteArray::fromHex("01 04 c0000207 1151");
    QVERIFY(list(node).message);
    QVERIFY(list({}).message);
    QVERIFY(list(node.repeated(20)).message);
    for (const QByteArray &bad : QList<QByteArray>{
             node.repeated(21), id, node.chopped(1), node + 'x', id + QByteArray::fromHex("ff"),
             id + QByteArray::fromHex("01 05 c000020700 1151"), id + QByteArray::fromHex("01 00"),
             id + QByteArray::fromHex("05") + QByteArray::fromHex("04 c0000207 1151").repeated(5)}) {
        const Outcome outcome = list(bad);
        QVERIFY(!outcome.message);
        QCOMPARE(outcome.error.code, ErrorCode::ProtocolViolation);
    }
    // A helper's request has all of its parts, or none.
    QVERIFY(!read(prefixedHex("a4 00 03 01 03 02 19 2ee0 03 44 c0000207")).message);
    QVERIFY(!read(prefixedHex("a2 00 07 01 4f 6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e")).message);
}

void tst_ControlMessage::longTextsAreCutAtACharacter()
{
    const QByteArray euro = "\xe2\x82\xac";
    const Goodbye sent{1, euro.repeated(30)};
    const Goodbye cut{1, euro.repeated(21)};
    QCOMPARE(readAs<Goodbye>(encode(sent)),
             std::optional(cut)); // 63 bytes; 64 would cut the 22nd in two
}

void tst_ControlMessage::messagesMayArriveInAnyPieces()
{
    const QByteArray stream = encode(someHello()) + prefixedHex("a1 00 18 63")
        + encode(Goodbye{7, "over"});
    for (qsizetype pieceSize = 1; pieceSize <= stream.size(); ++pieceSize) {
        ControlReader reader;
        QByteArrayList kinds;
        for (qsizetype at = 0; at < stream.size(); at += pieceSize) {
            const QByteArray piece = stream.mid(at, pieceSize);
            std::span<const quint8> bytes = span(piece);
            while (const auto message = reader.next(bytes))
                kinds.append(std::holds_alternative<Hello>(*message)         ? "hello"
                                 : std::holds_alternative<Goodbye>(*message) ? "goodbye"
                                                                             : "unknown");
            QVERIFY(bytes.empty());
        }
        QVERIFY(!reader.error().isError());
        QVERIFY(!reader.isInsideMessage());
        QCOMPARE(kinds, (QByteArrayList{"hello", "unknown", "goodbye"}));
    }
}

void tst_ControlMessage::unknownThingsAreSkipped_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("kindKnown");
    const auto kind = [](const char *name, const QByteArray &hex) {
        QTest::newRow(name) << prefixedHex(hex) << false;
    };
    kind("kind 99", "a1 00 18 63");
    kind("largest kind", "a1 00 1b ffffffffffffffff");
    kind("unknown kind with anything in it",
         "a4 00 18 63 01 82 01 a1 61 78 f5 02 fb 3ff199999999999a 03 c0 74 "
         "323031332d30332d32315432303a30343a30305a");

    // {0: 2, 1: 5, …}: a goodbye with something more
    const auto key = [](const char *name, const QByteArray &hex) {
        QTest::newRow(name) << prefixed(QByteArray::fromHex("a3 00 02 01 05")
                                        + QByteArray::fromHex(hex))
                            << true;
    };
    key("unknown key, number", "18 64 01");
    key("unknown key, negative number", "18 64 20");
    key("unknown key, text", "18 64 63 616263");
    key("unknown key, bytes that are not UTF-8", "18 64 42 fffe");
    key("unknown key, empty text", "18 64 60");
    key("unknown key, bytes", "18 64 43 000102");
    key("unknown key, true", "18 64 f5");
    key("unknown key, null", "18 64 f6");
    key("unknown key, half", "18 64 f9 3c00");
    key("unknown key, double", "18 64 fb 3ff199999999999a");
    key("unknown key, empty map", "18 64 a0");
    key("unknown key, nested array", "18 64 82 01 82 02 80");
    key("unknown key, nested map", "18 64 a1 61 78 a1 01 02");
    key("unknown key, tagged", "18 64 c1 1a 514b67b0");
    key("unknown key, twice tagged", "18 64 c1 c1 1a 514b67b0");
    key("negative key", "20 01");
    key("largest key", "1b ffffffffffffffff 01");
    key("depth 8", "18 64 81 81 81 81 81 81 81 01"); // the outer map is the first level
    key("tag at depth 8", "18 64 81 81 81 81 81 81 c1 01");
}

void tst_ControlMessage::unknownThingsAreSkipped()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, kindKnown);
    const Outcome outcome = read(bytes);
    QCOMPARE(outcome.error.message, QString());
    if (kindKnown)
        QCOMPARE(readAs<Goodbye>(bytes), std::optional(Goodbye{5, {}}));
    else
        QVERIFY(readAs<UnknownControl>(bytes).has_value());
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
    for (const QByteArray &whole : {encode(someHello()), encode(Goodbye{7, "over"})}) {
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
    int accepted = 0;
    int refused = 0;
    DialBackRequest unpaid = helperRequest();
    unpaid.size = 120;
    for (const QByteArray &whole :
         {encode(someHello()), encode(Goodbye{7, "over"}), encode(unpaid),
          encode(DialBackAnswer{7, DialBackAnswer::Result::NotReachable, "no", Hello::Role::Client}),
          encode(DialBackArrival{QByteArray(16, 'n')}), encode(twoNodes())}) {
        for (qsizetype at = 2; at < whole.size(); ++at) {
            for (int change = 1; change < 256; ++change) {
                QByteArray changed = whole;
                changed[at] = char(quint8(changed.at(at)) ^ change);
                const Outcome outcome = read(changed);
                QVERIFY(outcome.message.has_value() != outcome.error.isError());
                ++(outcome.message ? accepted : refused);
                // What is accepted is in range, so it can be written again.
                if (!outcome.message)
                    continue;
                if (const auto *hello = std::get_if<Hello>(&*outcome.message))
                    QCOMPARE(readAs<Hello>(encode(*hello)), std::optional(*hello));
                if (const auto *goodbye = std::get_if<Goodbye>(&*outcome.message))
                    QCOMPARE(readAs<Goodbye>(encode(*goodbye)), std::optional(*goodbye));
                if (const auto *request = std::get_if<DialBackRequest>(&*outcome.message))
                    QVERIFY(readAs<DialBackRequest>(encode(*request)).has_value());
                if (const auto *answer = std::get_if<PeersAnswer>(&*outcome.message))
                    QCOMPARE(readAs<PeersAnswer>(encode(*answer)), std::optional(*answer));
            }
        }
    }
    QVERIFY(accepted > 100);
    QVERIFY(refused > 100);
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
