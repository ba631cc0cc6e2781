// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Escapes text of peers: terminals obey control characters, and readers believe bidirectional ones.

#include "safetext.h"

#include <QChar>
#include <QCoreApplication>

#include <algorithm>

namespace Qp2p {

namespace {

constexpr int CombiningMarksInARow = 4; // Vietnamese needs two, Hebrew with accents up to four

QString hex(char32_t value, int digits)
{
    return QString::number(static_cast<uint>(value), 16).rightJustified(digits, u'0');
}

QString escaped(char32_t codePoint)
{
    switch (codePoint) {
    case U'\n':
        return QStringLiteral("\\n");
    case U'\r':
        return QStringLiteral("\\r");
    case U'\t':
        return QStringLiteral("\\t");
    case U'\\':
        return QStringLiteral("\\\\");
    default:
        return codePoint > 0xffff ? QString(u"\\U" + hex(codePoint, 8))
                                  : QString(u"\\u" + hex(codePoint, 4));
    }
}

//! Collects the shown text until it is full.
class Line
{
public:
    explicit Line(int maxLength)
        : m_maxLength(std::max(maxLength, 0))
    {
    }

    //! False once there is no room for it; nothing may be added after that.
    bool add(char32_t codePoint)
    {
        const bool mark = QChar::isMark(codePoint);
        m_marks = mark ? m_marks + 1 : 0;
        const bool badMark = mark && (!m_hasBase || m_marks > CombiningMarksInARow);
        if (badMark || codePoint == U'\\' || !isSafeToShow(codePoint))
            return addEscape(escaped(codePoint));
        m_hasBase = true;
        return append(QChar::fromUcs4(codePoint));
    }

    bool addByte(uchar byte) { return addEscape(u"\\x" + hex(byte, 2)); }

    QString text() const { return m_text; }

private:
    bool addEscape(const QString &escape)
    {
        m_hasBase = false;
        return append(escape);
    }

    bool append(QStringView piece)
    {
        if (m_text.size() + piece.size() > m_maxLength)
            return false;
        m_text += piece;
        return true;
    }

    QString m_text;
    const int m_maxLength;
    int m_marks = 0;
    bool m_hasBase = false;
};

QString cut(const QString &shown, qsizetype bytes)
{
    return shown
        + QCoreApplication::translate("Qp2p::safeText", "… (%1 bytes)",
                                      "End of a text that was cut; %1 is the size of all of it")
              .arg(bytes);
}

struct CodePoint
{
    char32_t value = 0;
    int bytes = 0; //!< 0 where the first byte starts no valid sequence
};

//! RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
CodePoint decodeFirst(QByteArrayView utf8)
{
    const auto first = static_cast<uchar>(utf8.front());
    if (first < 0x80)
        return {first, 1};
    const int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || utf8.size() < length)
        return {};
    char32_t value = first & (0x7fU >> length);
    for (const char byte : utf8.sliced(1, length - 1)) {
        const auto next = static_cast<uchar>(byte);
        if ((next & 0xc0U) != 0x80U)
            return {};
        value = (value << 6U) | (next & 0x3fU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (overlong || surrogate || value > 0x10ffff)
        return {};
    return {value, length};
}

} // namespace

bool isSafeToShow(char32_t codePoint)
{
    constexpr char32_t lineSeparator = 0x2028;
    constexpr char32_t paragraphSeparator = 0x2029;
    return codePoint <= 0x10ffff && QChar::isPrint(codePoint) && codePoint != lineSeparator
        && codePoint != paragraphSeparator;
}

QString safeText(QStringView text, int maxLength)
{
    Line line(maxLength);
    for (qsizetype i = 0; i < text.size(); ++i) {
        char32_t codePoint = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            codePoint = QChar::surrogateToUcs4(text[i], text[i + 1]);
            ++i;
        }
        if (!line.add(codePoint))
            return cut(line.text(), text.toUtf8().size());
    }
    return line.text();
}

QString safeText(QByteArrayView utf8, int maxLength)
{
    Line line(maxLength);
    for (QByteArrayView rest = utf8; !rest.isEmpty();) {
        const CodePoint next = decodeFirst(rest);
        const bool added = next.bytes > 0 ? line.add(next.value)
                                          : line.addByte(static_cast<uchar>(rest.front()));
        if (!added)
            return cut(line.text(), utf8.size());
        rest = rest.sliced(std::max(next.bytes, 1));
    }
    return line.text();
}

} // namespace Qp2p
