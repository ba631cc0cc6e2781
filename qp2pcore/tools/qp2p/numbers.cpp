// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One parser and one format for all commands, so that 10M means the same everywhere.

#include "numbers.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <limits>

using namespace Qp2p;

namespace {

struct NumbersText
{
    Q_DECLARE_TR_FUNCTIONS(Numbers)
};

struct Suffix
{
    QStringView text;
    qint64 factor;
};

constexpr qint64 Thousand = 1000;
constexpr qint64 Kibi = 1024;

// The empty one last: every text ends with it.
constexpr std::array<Suffix, 8> Suffixes{{
    {u"Ki", Kibi},
    {u"Mi", Kibi *Kibi},
    {u"Gi", Kibi *Kibi *Kibi},
    {u"k", Thousand},
    {u"K", Thousand},
    {u"M", Thousand *Thousand},
    {u"G", Thousand *Thousand *Thousand},
    {u"", 1},
}};

bool isDigits(QStringView text)
{
    for (const QChar digit : text) {
        if (digit < u'0' || digit > u'9')
            return false;
    }
    return !text.isEmpty();
}

} // namespace

Result<qint64> parseAmount(QStringView text, qint64 min, qint64 max)
{
    for (const Suffix &suffix : Suffixes) {
        if (!text.endsWith(suffix.text))
            continue;
        const QStringView digits = text.chopped(suffix.text.size());
        bool ok = false;
        const qint64 number = digits.toLongLong(&ok);
        if (!ok || !isDigits(digits))
            break;
        const bool overflows = number > std::numeric_limits<qint64>::max() / suffix.factor;
        if (overflows || number * suffix.factor < min || number * suffix.factor > max) {
            return Error(ErrorCode::InvalidArgument,
                         NumbersText::tr("\"%1\" is out of range: it must be from %2 to %3.")
                             .arg(text.toString(), QString::number(min), QString::number(max)));
        }
        return number * suffix.factor;
    }
    return Error(
        ErrorCode::InvalidArgument,
        NumbersText::tr("\"%1\" is not a whole number. Write for example 500, 10k, 4M or 64Ki.")
            .arg(text));
}

Result<std::chrono::milliseconds> parseSeconds(QStringView text)
{
    constexpr double day = 24 * 60 * 60;
    bool ok = false;
    const double seconds = QLocale::c().toDouble(text, &ok);
    if (!ok || !(seconds >= 0.001 && seconds <= day)) {
        return Error(
            ErrorCode::InvalidArgument,
            NumbersText::tr("\"%1\" is not a number of seconds. Write for example 5 or 0.5, and at "
                            "most a day (86400).")
                .arg(text));
    }
    return std::chrono::milliseconds(static_cast<qint64>(seconds * 1000));
}

QString formatBytes(qint64 bytes)
{
    constexpr std::array<QStringView, 4> units{u"B", u"kB", u"MB", u"GB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1000 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return QString::number(value, 'f', unit == 0 ? 0 : 1) + u' ' + units.at(unit);
}

QString formatMilliseconds(std::chrono::nanoseconds time)
{
    return QString::number(toSeconds(time) * 1000, 'f', 3) + u" ms";
}

double toSeconds(std::chrono::nanoseconds time)
{
    return std::chrono::duration<double>(time).count();
}

QString counted(qint64 count, const QString &one, const QString &many)
{
    const QString &text = count == 1 ? one : many;
    return text.contains(u"%1") ? text.arg(count) : text;
}
