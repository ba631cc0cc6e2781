// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peer ids: one text for each id, and nothing else is taken for one.

#include <qp2pcore/peerid.h>

#include <QDebug>
#include <QHash>
#include <QTest>

using namespace Qp2p;

namespace {

QByteArray countingBytes()
{
    QByteArray bytes;
    for (int i = 0; i < PeerId::Size; ++i)
        bytes.append(static_cast<char>(i * 7 + 1));
    return bytes;
}

// base64.b32encode(bytes((i * 7 + 1) % 256 for i in range(32))) of Python, in lower case, without "====".
const char CountingText[] = "aeea6fq5eqvteokai5hfkxddnjyxq74grwkjxivjwc335rom2pna";

} // namespace

class tst_PeerId : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDefaultIdIsNullAndHasNoText()
    {
        QVERIFY(PeerId().isNull());
        QCOMPARE(PeerId().toString(), QString());
    }

    void textIsLowerCaseBase32AsInRfc4648()
    {
        QCOMPARE(PeerId::fromBytes(countingBytes()).toString(), QString::fromLatin1(CountingText));
        QCOMPARE(PeerId::fromBytes(QByteArray(32, '\xff')).toString(), QString(51, u'7') + u'q');
    }

    void bytesSurviveTheWayThroughText_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (int bit = 0; bit < PeerId::Size * 8; ++bit) {
            QByteArray bytes(PeerId::Size, '\0');
            bytes[bit / 8] = static_cast<char>(0x80 >> bit % 8);
            QTest::addRow("bit %d", bit) << bytes;
        }
        QTest::newRow("counting") << countingBytes();
    }

    void bytesSurviveTheWayThroughText()
    {
        QFETCH(const QByteArray, bytes);
        const PeerId id = PeerId::fromBytes(bytes);
        QCOMPARE(id.toBytes(), bytes);
        QCOMPARE(id.toString().size(), PeerId::TextSize);
        const Result<PeerId> read = PeerId::fromString(id.toString());
        QVERIFY2(read.isOk(), qPrintable(read.error().message));
        QVERIFY(*read == id);
    }

    void upperCaseTextIsTheSameId()
    {
        const Result<PeerId> read = PeerId::fromString(QString::fromLatin1(CountingText).toUpper());
        QVERIFY(read.isOk());
        QCOMPARE(read->toBytes(), countingBytes());
    }

    void bytesOfAnotherSizeGiveANullId_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 31, 33, 64})
            QTest::addRow("%d", size) << size;
    }

    void bytesOfAnotherSizeGiveANullId()
    {
        QFETCH(const int, size);
        QVERIFY(PeerId::fromBytes(QByteArray(size, 'x')).isNull());
    }

    void textThatIsNoIdIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        const QString good = QString::fromLatin1(CountingText);
        QTest::newRow("empty") << QString();
        QTest::newRow("too short") << good.chopped(1);
        QTest::newRow("too long") << QString(good + u'a');
        QTest::newRow("padded") << QString(good + QStringLiteral("===="));
        QTest::newRow("space in front") << QString(u' ' + good.chopped(1));
        QTest::newRow("newline at the end") << QString(good.chopped(1) + u'\n');
        for (const char16_t c : {u'0', u'1', u'8', u'9', u'-', u'=', u'@', u'[', u'`', u'{', u'\0',
                                 u'\u0131', u'\u212a', u'\uff41'}) {
            QString text = good;
            text[20] = c;
            QTest::addRow("U+%04x inside", static_cast<unsigned>(c)) << text;
        }
    }

    void textThatIsNoIdIsRefused()
    {
        QFETCH(const QString, text);
        const Result<PeerId> read = PeerId::fromString(text);
        QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
        QVERIFY(read.error().message.contains(QStringLiteral("52 characters")));
    }

    void theFourBitsThatNoByteNeedsMustBeZero()
    {
        QString text = PeerId::fromBytes(QByteArray(PeerId::Size, '\x55')).toString();
        const QString alphabet = QStringLiteral("abcdefghijklmnopqrstuvwxyz234567");
        int accepted = 0;
        for (const QChar last : alphabet) {
            text[PeerId::TextSize - 1] = last;
            accepted += PeerId::fromString(text).isOk() ? 1 : 0;
        }
        QCOMPARE(accepted, 2); // one for each value of the one bit that belongs to the id
    }

    void textOfTheNullIdIsRefusedBecauseItWouldMeanAnyone()
    {
        QCOMPARE(PeerId::fromString(QString(PeerId::TextSize, u'a')).error().code,
                 ErrorCode::InvalidArgument);
    }

    void equalIdsAreEqualInHashesAndOrderedByTheirBytes()
    {
        QByteArray larger = countingBytes();
        larger[0] = '\xf0';
        const PeerId a = PeerId::fromBytes(countingBytes());
        const PeerId b = PeerId::fromBytes(larger);
        QVERIFY(a < b);
        const QHash<PeerId, int> hash{{a, 1}, {b, 2}};
        QCOMPARE(hash.value(PeerId::fromBytes(countingBytes())), 1);
        QCOMPARE(hash.value(b), 2);
    }

    void debugOutputShowsTheText()
    {
        QString text;
        QDebug(&text) << PeerId::fromBytes(countingBytes()) << PeerId();
        QVERIFY(text.contains(QLatin1String(CountingText)));
        QVERIFY(text.contains(QLatin1String("PeerId(null)")));
    }
};

QTEST_GUILESS_MAIN(tst_PeerId)
#include "tst_peerid.moc"
