// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages on the wire: the bytes of qp2p 0.36.

#include <shared/engine/attack.h>
#include <shared/engine/messagereading.h>

#include <QTest>

#include <algorithm>
#include <random>

using namespace Qp2p;
using namespace Qp2p::Engine;
using Qp2p::Test::append;
using Qp2p::Test::keepsTheMemoryRule;
using Qp2p::Test::toWire;
using Qp2p::Test::wireHeader;
using Status = MessageReader::Status;

namespace {

constexpr qint64 MiB = 1024 * 1024;
constexpr qint64 defaultMax = 16 * MiB;

QByteArray randomBytes(std::mt19937 &random, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    std::generate(bytes.begin(), bytes.end(), [&] { return char(random()); });
    return bytes;
}

// Feeds \a bytes in pieces of \a pieceSize, checks the memory rule after each, and ends with FIN.
Status feed(MessageReader &reader, const QByteArray &bytes, qsizetype pieceSize)
{
    for (qsizetype at = 0;; at += pieceSize) {
        const bool last = at + pieceSize >= bytes.size();
        const Status status = append(reader, bytes.mid(at, pieceSize), last ? Fin::Yes : Fin::No);
        if (!keepsTheMemoryRule(reader)) {
            qWarning("after %lld bytes %lld are allocated", reader.bytesReceived(),
                     reader.allocatedBytes());
            return Status::Refused;
        }
        if (last || status != Status::NeedMore)
            return status;
    }
}

} // namespace

class tst_WireMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfQp2p036();
    void messageSurvivesAnyChunking_data();
    void messageSurvivesAnyChunking();
    void everyTripleOfLengthsIsJudgedByItsSum();
    void everyBoundaryOfTheBlocksIsJoined();
    void largestLengthsDoNotWrapAround();
    void reservedBytesAreIgnored();
    void wrongVersionIsRefused();
    void emptyPayloadIsRefused();
    void missingBytesAreRefused();
    void extraByteIsRefused();
    void messageWithoutFinIsNotComplete();
    void finMayComeAlone();
    void refusedReaderKeepsNothingAndStaysRefused();
    void randomStreamsAreJudgedLikeTheModel();
};

void tst_WireMessage::bytesAreThoseOfQp2p036()
{
    QCOMPARE(toWire(Message("hello")),
             QByteArray::fromHex("0002"
                                 "00000000"
                                 "00000000"
                                 "00000005"
                                 "0000"
                                 "68656c6c6f"));
    QCOMPARE(toWire(Message("ab", "c", "defg")),
             QByteArray::fromHex("0002"
                                 "00000002"
                                 "00000001"
                                 "00000004"
                                 "0000"
                                 "6162"
                                 "63"
                                 "64656667"));

    MessageReader reader(defaultMax);
    QCOMPARE(
        append(reader, QByteArray::fromHex("0002000000000000000000000005000068656c6c6f"), Fin::Yes),
        Status::Complete);
    QCOMPARE(reader.bytesReceived(), 21);
    QCOMPARE(reader.totalSize(), 5);
    QCOMPARE(reader.take(), Message("hello"));
    QCOMPARE(reader.allocatedBytes(), 0);
}

void tst_WireMessage::messageSurvivesAnyChunking_data()
{
    QTest::addColumn<qsizetype>("headerSize");
    QTest::addColumn<qsizetype>("destinationSize");
    QTest::addColumn<qsizetype>("payloadSize");
    const auto row = [](qsizetype header, qsizetype destination, qsizetype payload) {
        QTest::addRow("%lld+%lld+%lld", qint64(header), qint64(destination), qint64(payload))
            << header << destination << payload;
    };
    row(0, 0, 1);
    row(1, 1, 1);
    row(0, 0, 1200);
    row(100, 32, 5000);
    row(4032, 4033, 8064);
    row(70'000, 0, 1);
    row(0, 70'000, 70'000);
    row(200'000, 200'000, 200'000);
}

void tst_WireMessage::messageSurvivesAnyChunking()
{
    QFETCH(qsizetype, headerSize);
    QFETCH(qsizetype, destinationSize);
    QFETCH(qsizetype, payloadSize);
    std::mt19937 random(7);
    const Message message(randomBytes(random, headerSize), randomBytes(random, destinationSize),
                          randomBytes(random, payloadSize));
    const QByteArray wire = toWire(message);
    for (const qsizetype piece : {1, 2, 3, 7, 15, 16, 17, 1400, 4096, 65'000, 1'000'000}) {
        MessageReader reader(message.size());
        QCOMPARE(feed(reader, wire, piece), Status::Complete);
        QCOMPARE(reader.bufferedBytes(), message.size());
        QCOMPARE(reader.take(), message);

        for (const qsizetype before : {qsizetype(0), wire.size() / 2}) {
            MessageReader admitted(message.size());
            QCOMPARE(append(admitted, wire.first(before), Fin::No), Status::NeedMore);
            admitted.setAdmitted();
            for (qsizetype at = before; at < wire.size(); at += piece)
                append(admitted, wire.mid(at, piece), Fin::No);
            QCOMPARE(append(admitted, {}, Fin::Yes), Status::Complete);
            QCOMPARE(admitted.take(), message);
        }
    }
}

// T-LEN: all triples of the values at which an addition, a comparison or a sign could go wrong.
void tst_WireMessage::everyTripleOfLengthsIsJudgedByItsSum()
{
    constexpr qint64 max = defaultMax;
    constexpr qint64 two31 = qint64(1) << 31;
    constexpr std::array<qint64, 9> lengths = {0,         1,     max - 1,   max,          max + 1,
                                               two31 - 1, two31, two31 + 1, 2 * two31 - 1};
    int completed = 0;
    for (const qint64 header : lengths) {
        for (const qint64 destination : lengths) {
            for (const qint64 payload : lengths) {
                const QByteArray head = wireHeader(quint32(header), quint32(destination),
                                                   quint32(payload));
                const qint64 total = header + destination + payload;
                MessageReader reader(max);
                const Status status = append(reader, head, Fin::No);
                QVERIFY(reader.headerKnown());
                QCOMPARE(reader.totalSize(), total);
                QCOMPARE(reader.allocatedBytes(), 0);
                if (total > max) {
                    QCOMPARE(status, Status::Refused);
                    QCOMPARE(reader.error().code, ErrorCode::MessageTooLarge);
                } else if (payload == 0) {
                    QCOMPARE(status, Status::Refused);
                    QCOMPARE(reader.error().code, ErrorCode::MessageInvalid);
                } else {
                    QCOMPARE(status, Status::NeedMore);
                    const QByteArray body(qsizetype(total), 'b');
                    QCOMPARE(feed(reader, body, 1400), Status::Complete);
                    const Message message = reader.take();
                    QCOMPARE(message.header().size(), header);
                    QCOMPARE(message.destination().size(), destination);
                    QCOMPARE(message.payload().size(), payload);
                    ++completed;
                }
            }
        }
    }
    // 4 tiny ones, and those that consist of max or max - 1 in one place and a rest that fits.
    QCOMPARE(completed, 10);
}

void tst_WireMessage::everyBoundaryOfTheBlocksIsJoined()
{
    std::mt19937 random(11);
    constexpr qsizetype block = 64 * 1024 - 64;
    for (const qsizetype size :
         {block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1, 10 * block}) {
        const Message message({}, randomBytes(random, size), randomBytes(random, size));
        for (const qsizetype piece :
             {qsizetype(1400), qsizetype(16), block, block + 16, 3 * block}) {
            MessageReader reader(defaultMax);
            QCOMPARE(feed(reader, toWire(message), piece), Status::Complete);
            QCOMPARE(reader.take(), message);
        }
    }
}

void tst_WireMessage::largestLengthsDoNotWrapAround()
{
    MessageReader reader(1024 * MiB);
    QCOMPARE(append(reader, wireHeader(0xffffffff, 0xffffffff, 0xffffffff), Fin::No),
             Status::Refused);
    QCOMPARE(reader.totalSize(), Q_INT64_C(12'884'901'885));
    QVERIFY(reader.error().message.contains(QStringLiteral("12884901885")));
}

void tst_WireMessage::reservedBytesAreIgnored()
{
    QByteArray wire = toWire(Message("x"));
    wire[14] = '\xff';
    wire[15] = '\x01';
    MessageReader reader(defaultMax);
    QCOMPARE(append(reader, wire, Fin::Yes), Status::Complete);
}

void tst_WireMessage::wrongVersionIsRefused()
{
    for (const int version : {0, 1, 3, 0x0200, 0xffff}) {
        MessageReader reader(defaultMax);
        QCOMPARE(append(reader, wireHeader(0, 0, 1, quint16(version)) + "x", Fin::Yes),
                 Status::Refused);
        QCOMPARE(reader.error().code, ErrorCode::MessageInvalid);
        QVERIFY(reader.error().message.contains(QString::number(version)));
    }
}

void tst_WireMessage::emptyPayloadIsRefused()
{
    MessageReader reader(defaultMax);
    QCOMPARE(append(reader, wireHeader(3, 0, 0) + "abc", Fin::Yes), Status::Refused);
    QCOMPARE(reader.error().code, ErrorCode::MessageInvalid);
    QVERIFY(reader.error().message.contains(QStringLiteral("empty payload")));
}

void tst_WireMessage::missingBytesAreRefused()
{
    const QByteArray wire = toWire(Message("head", "to", "payload"));
    for (qsizetype size = 0; size < wire.size(); ++size) {
        MessageReader reader(defaultMax);
        QCOMPARE(append(reader, wire.first(size), Fin::Yes), Status::Refused);
        QCOMPARE(reader.error().code, ErrorCode::MessageInvalid);
        QVERIFY(reader.error().message.contains(QStringLiteral("ended after")));
    }
}

void tst_WireMessage::extraByteIsRefused()
{
    const QByteArray wire = toWire(Message("head", "to", "payload"));
    for (const Fin fin : {Fin::No, Fin::Yes}) {
        MessageReader atOnce(defaultMax);
        QCOMPARE(append(atOnce, wire + "!", fin), Status::Refused);
        QCOMPARE(atOnce.error().code, ErrorCode::MessageInvalid);
        QVERIFY(atOnce.error().message.contains(QStringLiteral("continued after")));

        MessageReader later(defaultMax);
        QCOMPARE(append(later, wire, Fin::No), Status::NeedMore);
        QCOMPARE(append(later, "!", fin), Status::Refused);
    }
}

void tst_WireMessage::messageWithoutFinIsNotComplete()
{
    MessageReader reader(defaultMax);
    QCOMPARE(append(reader, toWire(Message("hello")), Fin::No), Status::NeedMore);
    QCOMPARE(append(reader, {}, Fin::No), Status::NeedMore);
}

void tst_WireMessage::finMayComeAlone()
{
    MessageReader reader(defaultMax);
    QCOMPARE(append(reader, toWire(Message("hello")), Fin::No), Status::NeedMore);
    QCOMPARE(reader.append(nullptr, 0, Fin::Yes), Status::Complete);
    QCOMPARE(reader.take(), Message("hello"));
}

void tst_WireMessage::refusedReaderKeepsNothingAndStaysRefused()
{
    MessageReader reader(defaultMax);
    QCOMPARE(append(reader, wireHeader(0, 0, 200'000) + QByteArray(150'000, 'x'), Fin::No),
             Status::NeedMore);
    QCOMPARE(reader.bufferedBytes(), 150'000);
    QCOMPARE(reader.append(nullptr, 0, Fin::Yes), Status::Refused);
    QCOMPARE(reader.allocatedBytes(), 0);
    const QString sentence = reader.error().message;
    QVERIFY(sentence.contains(QStringLiteral("150000")));
    QCOMPARE(append(reader, QByteArray(50'000, 'x'), Fin::Yes), Status::Refused);
    QCOMPARE(reader.allocatedBytes(), 0);
    QCOMPARE(reader.error().message, sentence);
}

void tst_WireMessage::randomStreamsAreJudgedLikeTheModel()
{
    constexpr qint64 max = 100'000;
    int completed = 0;
    for (quint32 seed = 1; seed <= 3000; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](quint32 limit) { return quint32(random() % limit); };
        const auto length = [&]() -> quint32 {
            switch (below(8)) {
            case 0:
                return 0;
            case 1:
                return quint32(random());
            case 2:
                return below(quint32(max) + 10);
            default:
                return below(40'000);
            }
        };
        const quint32 header = length();
        const quint32 destination = length();
        const quint32 payload = length();
        const quint16 version = below(20) == 0 ? quint16(random()) : wireVersion;
        const qint64 total = qint64(header) + destination + payload;
        const qint64 exact = std::min<qint64>(total, 2 * max);
        const qint64 sent = below(3) ? exact : std::max<qint64>(0, exact + qint64(below(5)) - 2);
        const QByteArray body = randomBytes(random, sent);
        QByteArray stream = wireHeader(header, destination, payload, version) + body;
        if (below(20) == 0)
            stream.truncate(below(17));

        const bool headerKnown = stream.size() >= qsizetype(wireHeaderSize);
        const bool tooLarge = headerKnown && version == wireVersion && total > max;
        const bool good = headerKnown && version == wireVersion && total <= max && payload > 0
            && stream.size() == qsizetype(wireHeaderSize) + total;

        MessageReader reader(max);
        Status status = Status::NeedMore;
        for (qsizetype at = 0; at < stream.size() && status == Status::NeedMore;) {
            const qsizetype piece = std::min<qsizetype>(stream.size() - at,
                                                        1 + below(below(2) ? 20 : 30'000));
            status = append(reader, stream.mid(at, piece), Fin::No);
            QVERIFY(status != Status::Complete);
            QVERIFY2(keepsTheMemoryRule(reader), qPrintable(QString::number(seed)));
            at += piece;
        }
        if (status == Status::NeedMore)
            status = reader.append(nullptr, 0, Fin::Yes);
        QCOMPARE(status == Status::Complete, good);
        if (good) {
            ++completed;
            const Message message = reader.take();
            QCOMPARE(message.header() + message.destination() + message.payload(), body);
            QCOMPARE(message.header().size(), header);
            QCOMPARE(message.destination().size(), destination);
        } else {
            QCOMPARE(reader.error().code == ErrorCode::MessageTooLarge, tooLarge);
            QVERIFY(reader.error().isError());
            QVERIFY(reader.error().message.endsWith(QLatin1Char('.')));
            QCOMPARE(reader.allocatedBytes(), 0);
        }
    }
    QVERIFY(completed > 500); // the mix is no use where nearly all are refused
}

QTEST_GUILESS_MAIN(tst_WireMessage)
#include "tst_wiremessage.moc"
