// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/gui/hostiletexts.h>

#include <qp2pcore/safetext.h>

namespace Qp2p::Test {

using namespace Qt::StringLiterals;

QStringList hostileTexts()
{
    return {
        u"<img src=file:///etc/passwd>"_s,
        u"<b>verified</b>"_s,
        u"<a href='http://example.org'>click</a>"_s,
        u"<html><body><h1>Error</h1>"_s,
        u"&lt;b&gt; &amp; &nbsp;"_s,
        u"\u202egnp.exe"_s, // right-to-left override
        u"\u2066isolate\u2069"_s,
        u"zero\u200bwidth\u200djoiner"_s,
        u"two\nlines\r\nof\ttext"_s,
        u"line\u2028separator\u2029paragraph"_s,
        u"\u001b[31mred\u001b[0m"_s,
        u"bell\a and \b backspace"_s,
        QString(u"nul\0inside"_s),
        QString::fromUtf16(u"nul\0inside", 10),
        u"✔ verified by QP2P ✔"_s,
        QString(1'000'000, u'A'),
        QString(u"e"_s + QString(500, QChar(0x0301))),
        QString(QChar(0xd800)),
        u"=HYPERLINK(\"http://example.org\")"_s,
        u"+1+cmd|' /C calc'!A0"_s,
        u"\"quoted\", and, commas"_s,
        u"\\u202e not an escape of ours"_s,
        u"%1 %2 %n"_s,
        u"&File &Quit"_s,
        u"\U000e0041\U000e0042 tags"_s,
    };
}

bool isHarmless(const QString &text, qsizetype longest)
{
    const QList<uint> codePoints = text.toUcs4();
    return text.size() <= longest && std::all_of(codePoints.begin(), codePoints.end(), [](uint c) {
               return isSafeToShow(c);
           });
}

} // namespace Qp2p::Test
