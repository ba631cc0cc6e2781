// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The header of relayed datagrams: bytes as in the specification, of any size, and what is none.

#include <qp2pcore/nat/legdatagram.h>

#include <QByteArray>
#include <QTest>

using namespace Qp2p::Nat;

class tst_LegDatagram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreAsSpecified();
    void whatIsWrittenIsParsed_data();
    void whatIsWrittenIsParsed();
    void otherBytesAreNone_data();
    void otherBytesAreNone();
    void everyTruncationIsNoneOrShorter();
    void whatDoesNotFitIsNotWritten_data();
    void whatDoesNotFitIsNotWritten();
};

namespace {

std::span<const quint8> bytesOf(const QByteArray &data)
{
    return {reinterpret_cast<const quint8 *>(data.constData()), size_t(data.size())};
}

QByteArray written(const LegDatagram &datagram, size_t room)
{
    QByteArray out(qsizetype(room), '\x55');
    const size_t size = datagram.write({reinterpret_cast<quint8 *>(out.data()), room});
    if (size == 0 && out != QByteArray(qsizetype(room), '\x55'))
        qFatal("bytes were written all the same");
    return out.first(qsizetype(size));
}

} // namespace

void tst_LegDatagram::bytesAreAsSpecified()
{
    const QByteArray payload("quic");
    const QByteArray expected = QByteArray::fromHex("040102030405060708") + payload;
    QCOMPARE(written({0x0102030405060708, bytesOf(payload)}, 100), expected);
    const auto parsed = LegDatagram::parse(bytesOf(expected));
    QVERIFY(parsed);
    QCOMPARE(parsed->id, LegId(0x0102030405060708));
    // A view of the datagram itself, nothing was copied.
    QVERIFY(parsed->payload.data() == bytesOf(expected).data() + 9);
    QCOMPARE(parsed->payload.size(), size_t(4));
}

void tst_LegDatagram::whatIsWrittenIsParsed_data()
{
    QTest::addColumn<quint64>("id");
    QTest::addColumn<int>("size");
    for (const quint64 id : {quint64(1), quint64(0x8000000000000000), ~quint64(0)}) {
        for (const int size : {1, 51, 1200, 1452, 65'498})
            QTest::addRow("%llx, %d bytes", static_cast<unsigned long long>(id), size)
                << id << size;
    }
}

void tst_LegDatagram::whatIsWrittenIsParsed()
{
    QFETCH(const quint64, id);
    QFETCH(const int, size);
    QByteArray payload(size, '\0');
    for (int i = 0; i < size; ++i)
        payload[i] = char(i * 7);
    const QByteArray data = written({id, bytesOf(payload)}, LegDatagram::MaxSize);
    QCOMPARE(data.size(), size + 9);
    const auto parsed = LegDatagram::parse(bytesOf(data));
    QVERIFY(parsed);
    QCOMPARE(parsed->id, id);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(parsed->payload.data()),
                        qsizetype(parsed->payload.size())),
             payload);
}

void tst_LegDatagram::otherBytesAreNone_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("first byte alone") << QByteArray::fromHex("04");
    QTest::newRow("id cut") << QByteArray::fromHex("0401020304050607");
    QTest::newRow("nothing behind the id") << QByteArray::fromHex("040102030405060708");
    QTest::newRow("null id") << QByteArray::fromHex("04000000000000000040");
    QTest::newRow("too large") << QByteArray(65'508, '\x04');
    for (int first = 0; first < 256; ++first) {
        if (first != 4)
            QTest::addRow("first byte %d", first)
                << QByteArray(1, char(first)) + QByteArray(30, 'x');
    }
}

void tst_LegDatagram::otherBytesAreNone()
{
    QFETCH(const QByteArray, data);
    QVERIFY(!LegDatagram::parse(bytesOf(data)));
}

void tst_LegDatagram::everyTruncationIsNoneOrShorter()
{
    const QByteArray whole = QByteArray(1, '\x04') + QByteArray(40, 'i');
    for (qsizetype size = 0; size <= whole.size(); ++size) {
        const auto parsed = LegDatagram::parse(bytesOf(whole.first(size)));
        QCOMPARE(parsed.has_value(), size >= 10);
        if (parsed)
            QCOMPARE(qsizetype(parsed->payload.size()), size - 9);
    }
}

void tst_LegDatagram::whatDoesNotFitIsNotWritten_data()
{
    QTest::addColumn<quint64>("id");
    QTest::addColumn<int>("payload");
    QTest::addColumn<int>("room");
    QTest::addColumn<bool>("fits");
    QTest::newRow("exactly") << quint64(1) << 20 << 29 << true;
    QTest::newRow("a byte short") << quint64(1) << 20 << 28 << false;
    QTest::newRow("no room") << quint64(1) << 20 << 0 << false;
    QTest::newRow("null id") << quint64(0) << 20 << 100 << false;
    QTest::newRow("empty payload") << quint64(1) << 0 << 100 << false;
    QTest::newRow("largest") << quint64(1) << 65'498 << 70'000 << true;
    QTest::newRow("a byte too large") << quint64(1) << 65'499 << 70'000 << false;
    QTest::newRow("as large as any datagram") << quint64(1) << 65'507 << 70'000 << false;
}

void tst_LegDatagram::whatDoesNotFitIsNotWritten()
{
    QFETCH(const quint64, id);
    QFETCH(const int, payload);
    QFETCH(const int, room);
    QFETCH(const bool, fits);
    const QByteArray data(payload, 'p');
    QCOMPARE(written({id, bytesOf(data)}, size_t(room)).size(), fits ? payload + 9 : 0);
}

QTEST_APPLESS_MAIN(tst_LegDatagram)
#include "tst_legdatagram.moc"
