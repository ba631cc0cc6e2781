// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whatever a peer writes, what is shown of it must not steer a terminal or deceive a reader.

#include <qp2pcore/safetext.h>

#include <QObject>
#include <QStringDecoder>
#include <QTest>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

constexpr char32_t LastCodePoint = 0x10ffff;

bool isSurrogate(char32_t codePoint)
{
    return codePoint >= 0xd800 && codePoint <= 0xdfff;
}

//! What E3 and E4 of our list of attacks forbid, said apart from how safeText() decides.
bool isForbidden(char32_t codePoint)
{
    const bool control = codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f);
    const bool bidi = codePoint == 0x61c || codePoint == 0x200e || codePoint == 0x200f
        || (codePoint >= 0x202a && codePoint <= 0x202e)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
    const bool separator = codePoint == 0x2028 || codePoint == 0x2029;
    const bool invisible = codePoint == 0xad || (codePoint >= 0x200b && codePoint <= 0x200d)
        || codePoint == 0x2060 || codePoint == 0xfeff
        || (codePoint >= 0xe0000 && codePoint <= 0xe007f);
    return control || bidi || separator || invisible || isSurrogate(codePoint);
}

bool holdsForbidden(const QString &text)
{
    for (const char32_t codePoint : text.toUcs4()) {
        if (isForbidden(codePoint))
            return true;
    }
    return text != QString::fromUtf8(text.toUtf8()); // a lone surrogate does not survive this
}

QString utf16(char32_t codePoint)
{
    if (codePoint > 0xffff)
        return QString(QChar(QChar::highSurrogate(codePoint)))
            + QChar(QChar::lowSurrogate(codePoint));
    return QString(QChar(static_cast<char16_t>(codePoint)));
}

} // namespace

class tst_SafeText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordinaryTextStaysAsItIs_data();
    void ordinaryTextStaysAsItIs();
    void noCodePointGetsThroughThatDoesMoreThanShow();
    void noByteGetsThroughThatIsNotUtf8();
    void escapesSayWhatWasThere_data();
    void escapesSayWhatWasThere();
    void invalidUtf8IsShownByteByByte_data();
    void invalidUtf8IsShownByteByByte();
    void aLongTextIsCutAndItsSizeTold();
    void aTextOfExactlyTheLimitIsNotCut();
    void theCutNeverSplitsAnEscapeOrAPair_data();
    void theCutNeverSplitsAnEscapeOrAPair();
    void aLimitOfNothingShowsTheSizeAlone();
    void hundredMarksOnALetterDoNotDrawOverOtherLines();
    void aMarkWithoutALetterIsEscaped();
    void nobodyCanWriteAnEscapeOfOurs();
};

void tst_SafeText::ordinaryTextStaysAsItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("ASCII") << u"Hello, world! <b>\"100%\"</b>"_s;
    QTest::newRow("German") << u"Grüße aus Köln"_s;
    QTest::newRow("Vietnamese, decomposed") << u"Việt"_s.normalized(QString::NormalizationForm_D);
    QTest::newRow("Hebrew") << u"שלום"_s;
    QTest::newRow("Chinese") << u"你好，世界"_s;
    QTest::newRow("emoji") << u"🙂👍"_s;
}

void tst_SafeText::ordinaryTextStaysAsItIs()
{
    QFETCH(const QString, text);
    QCOMPARE(safeText(text), text);
    QCOMPARE(safeText(text.toUtf8()), text);
}

void tst_SafeText::noCodePointGetsThroughThatDoesMoreThanShow()
{
    for (char32_t codePoint = 0; codePoint <= LastCodePoint; ++codePoint) {
        const QString text = u'a' + utf16(codePoint) + u'b';
        const QString shown = safeText(text);
        const bool bad = holdsForbidden(shown);
        const bool lost = shown.size() < 3 || !shown.startsWith(u'a') || !shown.endsWith(u'b');
        const bool differs = !isSurrogate(codePoint) && safeText(text.toUtf8()) != shown;
        const bool disagrees = isForbidden(codePoint) && isSafeToShow(codePoint);
        if (bad || lost || differs || disagrees)
            QFAIL(qPrintable(u"U+%1 became %2"_s.arg(uint(codePoint), 4, 16, QChar(u'0'))
                                 .arg(QString::fromLatin1(shown.toUtf8().toHex()))));
    }
    QVERIFY(!isSafeToShow(LastCodePoint + 1));
    QVERIFY(!isSafeToShow(0xffffffff));
}

void tst_SafeText::noByteGetsThroughThatIsNotUtf8()
{
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            QByteArray bytes("a__b");
            bytes[1] = static_cast<char>(first);
            bytes[2] = static_cast<char>(second);
            const QString shown = safeText(bytes);
            QVERIFY2(!holdsForbidden(shown) && !shown.contains(QChar::ReplacementCharacter),
                     bytes.toHex().constData());
            QVERIFY2(shown.startsWith(u'a') && shown.endsWith(u'b'), bytes.toHex().constData());
        }
    }
}

void tst_SafeText::escapesSayWhatWasThere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("line feed") << u"a\nb"_s << u"a\\nb"_s;
    QTest::newRow("carriage return") << u"a\rb"_s << u"a\\rb"_s;
    QTest::newRow("tab") << u"a\tb"_s << u"a\\tb"_s;
    QTest::newRow("NUL") << QString(u"a" + QString(QChar(u'\0')) + u"b") << u"a\\u0000b"_s;
    QTest::newRow("backslash") << u"a\\nb"_s << u"a\\\\nb"_s;
    QTest::newRow("clear screen") << u"\x1b[2J"_s << u"\\u001b[2J"_s;
    QTest::newRow("C1 CSI") << utf16(0x9b) + u"2J"_s << u"\\u009b2J"_s;
    QTest::newRow("right-to-left override") << utf16(0x202e) + u"gpj"_s << u"\\u202egpj"_s;
    QTest::newRow("tag") << utf16(0xe0041) << u"\\U000e0041"_s;
    QTest::newRow("lone surrogate") << utf16(0xd83d) + u"x"_s << u"\\ud83dx"_s;
    QTest::newRow("lone surrogate at the end") << u"x"_s + utf16(0xd83d) << u"x\\ud83d"_s;
}

void tst_SafeText::escapesSayWhatWasThere()
{
    QFETCH(const QString, text);
    QFETCH(const QString, shown);
    QCOMPARE(safeText(text), shown);
}

void tst_SafeText::invalidUtf8IsShownByteByByte_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown");
    QTest::newRow("lone continuation") << QByteArray("a\x80z") << u"a\\x80z"_s;
    QTest::newRow("cut sequence") << QByteArray("\xe2\x82") << u"\\xe2\\x82"_s;
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << u"\\xc0\\xaf"_s;
    QTest::newRow("overlong escape") << QByteArray("\xe0\x80\x9b") << u"\\xe0\\x80\\x9b"_s;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << u"\\xed\\xa0\\x80"_s;
    QTest::newRow("above U+10FFFF") << QByteArray("\xf4\x90\x80\x80") << u"\\xf4\\x90\\x80\\x80"_s;
    QTest::newRow("never valid") << QByteArray("\xff\xfe") << u"\\xff\\xfe"_s;
    QTest::newRow("goes on after it") << QByteArray("\xe2\x82\xe2\x82\xac") << u"\\xe2\\x82€"_s;
}

void tst_SafeText::invalidUtf8IsShownByteByByte()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, shown);
    QCOMPARE(safeText(bytes), shown);
}

void tst_SafeText::aLongTextIsCutAndItsSizeTold()
{
    QCOMPARE(safeText(QByteArray(5000, 'x')), QString(QString(512, u'x') + u"… (5000 bytes)"));
    QCOMPARE(safeText(QString(600, u'ü')), QString(QString(512, u'ü') + u"… (1200 bytes)"));
    QCOMPARE(safeText(QByteArray("abcdef"), 3), u"abc… (6 bytes)"_s);
}

void tst_SafeText::aTextOfExactlyTheLimitIsNotCut()
{
    QCOMPARE(safeText(QByteArray("abc"), 3), u"abc"_s);
    QCOMPARE(safeText(QByteArray(SafeTextLength, 'x')), QString(SafeTextLength, u'x'));
}

void tst_SafeText::theCutNeverSplitsAnEscapeOrAPair_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("maxLength");
    QTest::addColumn<QString>("shown");
    QTest::newRow("escape") << u"ab\x1b"_s << 7 << u"ab… (3 bytes)"_s;
    QTest::newRow("escape that fits") << u"ab\x1b"_s << 8 << u"ab\\u001b"_s;
    QTest::newRow("pair") << u"ab🙂"_s << 3 << u"ab… (6 bytes)"_s;
    QTest::newRow("pair that fits") << u"ab🙂"_s << 4 << u"ab🙂"_s;
}

void tst_SafeText::theCutNeverSplitsAnEscapeOrAPair()
{
    QFETCH(const QString, text);
    QFETCH(const int, maxLength);
    QFETCH(const QString, shown);
    QCOMPARE(safeText(text, maxLength), shown);
    QCOMPARE(safeText(text.toUtf8(), maxLength), shown);
}

void tst_SafeText::aLimitOfNothingShowsTheSizeAlone()
{
    QCOMPARE(safeText(QByteArray("abc"), 0), u"… (3 bytes)"_s);
    QCOMPARE(safeText(QByteArray("abc"), -1), u"… (3 bytes)"_s);
    QCOMPARE(safeText(QByteArray(), 0), QString());
}

void tst_SafeText::hundredMarksOnALetterDoNotDrawOverOtherLines()
{
    const QString mark = utf16(0x301);
    const QString shown = safeText(QString(u'a' + mark.repeated(100)), 10'000);
    QCOMPARE(shown.count(mark), 4);
    QCOMPARE(shown.count(u"\\u0301"_s), 96);
}

void tst_SafeText::aMarkWithoutALetterIsEscaped()
{
    const QString mark = utf16(0x301);
    QCOMPARE(safeText(mark), u"\\u0301"_s);
    QCOMPARE(safeText(QString(u'\n' + mark)), u"\\n\\u0301"_s);
}

void tst_SafeText::nobodyCanWriteAnEscapeOfOurs()
{
    QVERIFY(safeText(u"\n"_s) != safeText(u"\\n"_s));
    QVERIFY(safeText(u"\x1b"_s) != safeText(u"\\u001b"_s));
    QVERIFY(safeText(QByteArray("\xff")) != safeText(QByteArray("\\xff")));
    QVERIFY(safeText(QByteArray("\xc2\x85")) != safeText(QByteArray("\x85")));
}

QTEST_GUILESS_MAIN(tst_SafeText)
#include "tst_safetext.moc"
