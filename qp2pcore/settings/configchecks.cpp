// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/settings/configchecks.h>

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace Qp2p::ConfigChecks {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

struct EndpointConfigText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::EndpointConfig)
};

// What is sent more often than this is a flood.
constexpr milliseconds MinKeepAlive = 100ms;
// The wire format could carry 12 GiB; what is larger than this belongs in several messages.
constexpr qint64 MaxSize = GiB;
constexpr qint64 MaxBudget = 64 * GiB;
// The hello that carries both names must fit a control message with room to spare.
constexpr qsizetype MaxNameBytes = 64;

Error invalid(const QString &message)
{
    return Error(ErrorCode::InvalidArgument, message);
}

QString durationText(milliseconds duration)
{
    if (duration.count() != 0 && duration % 1h == 0ms)
        return QStringLiteral("%1 h").arg(duration / 1h);
    if (duration.count() != 0 && duration % 1min == 0ms)
        return QStringLiteral("%1 min").arg(duration / 1min);
    if (duration.count() != 0 && duration % 1s == 0ms)
        return QStringLiteral("%1 s").arg(duration / 1s);
    return QStringLiteral("%1 ms").arg(duration.count());
}

} // namespace

Result<void> checkDuration(const char *setting, milliseconds value, milliseconds min,
                           milliseconds max)
{
    if (value >= min && value <= max)
        return {};
    return invalid(EndpointConfigText::tr("%1 is %2. Set a duration from %3 to %4.")
                       .arg(QLatin1String(setting), durationText(value), durationText(min),
                            durationText(max)));
}

Result<void> checkKeepAlive(milliseconds interval, milliseconds idleTimeout)
{
    const bool isDefaultOrOff = interval <= 0ms;
    if (isDefaultOrOff || (interval >= MinKeepAlive && interval < idleTimeout))
        return {};
    return invalid(EndpointConfigText::tr(
                       "%1 is %2. Set at least %3 and less than the idle timeout of %4, zero to "
                       "switch keep-alive off, or a negative value for the default.")
                       .arg(QLatin1String("keepAliveInterval"), durationText(interval),
                            durationText(MinKeepAlive), durationText(idleTimeout)));
}

Result<void> checkBusyPoll(std::chrono::microseconds limit)
{
    constexpr std::chrono::microseconds Max = 1ms; // timers and other events wait meanwhile
    if (limit >= 0us && limit <= Max)
        return {};
    return invalid(
        EndpointConfigText::tr("%1 is %2 us. Set at most %3 us, or zero to switch polling off.")
            .arg(QLatin1String("busyPollLimit"), QString::number(limit.count()),
                 QString::number(Max.count())));
}

Result<void> checkSize(const char *setting, qint64 bytes)
{
    if (bytes >= 1 && bytes <= MaxSize)
        return {};
    return invalid(
        EndpointConfigText::tr("%1 is %2 bytes. Set a size from 1 byte to %3 bytes (1 GiB).")
            .arg(QLatin1String(setting), QString::number(bytes), QString::number(MaxSize)));
}

Result<void> checkLegacyPeers(EndpointConfig::LegacyPeers peers, const CertificatePolicy &policy)
{
    if (peers == EndpointConfig::LegacyPeers::Refused
        || policy.mode() == CertificatePolicy::Mode::EncryptOnly)
        return {};
    return invalid(EndpointConfigText::tr(
        "Legacy peers have no certificate that an authority could have issued. "
        "Accept them in the mode EncryptOnly only."));
}

Result<void> checkBudget(const char *setting, qint64 bytes, qint64 maxMessageSize)
{
    const qint64 min = maxMessageSize + BudgetBesideMessage;
    if (bytes == 0 || (bytes >= min && bytes <= MaxBudget))
        return {};
    return invalid(
        EndpointConfigText::tr(
            "%1 is %2 bytes. Set a size from %3 bytes (the largest message and 64 MiB) to "
            "%4 bytes (64 GiB), or zero for the default.")
            .arg(QLatin1String(setting), QString::number(bytes), QString::number(min),
                 QString::number(MaxBudget)));
}

Result<void> checkCount(const char *setting, int count, int max)
{
    if (count >= 1 && count <= max)
        return {};
    return invalid(EndpointConfigText::tr("%1 is %2. Set a number from 1 to %3.")
                       .arg(QLatin1String(setting), QString::number(count), QString::number(max)));
}

Result<void> checkName(const char *setting, const QString &name)
{
    const QLatin1String shownSetting(setting);
    if (!name.isValidUtf16())
        return invalid(
            EndpointConfigText::tr("%1 is not valid Unicode. Set another text.").arg(shownSetting));
    const qsizetype bytes = name.toUtf8().size();
    if (bytes > MaxNameBytes)
        return invalid(
            EndpointConfigText::tr("%1 has %2 bytes in UTF-8. Set a text of at most %3 bytes.")
                .arg(shownSetting, QString::number(bytes), QString::number(MaxNameBytes)));
    const bool steers = std::any_of(name.begin(), name.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line
            || c.category() == QChar::Separator_Paragraph;
    });
    if (steers)
        return invalid(EndpointConfigText::tr(
                           "%1 has a control character or a line break. Set a text without.")
                           .arg(shownSetting));
    return {};
}

Result<void> checkQlogDirectory(const QString &directory)
{
    if (directory.isEmpty())
        return {};
    const QFileInfo info(directory);
    if (!info.exists())
        return invalid(EndpointConfigText::tr(
                           "The folder \"%1\" for qlog files does not exist. Create it, or name "
                           "another.")
                           .arg(directory));
    if (!info.isDir())
        return invalid(EndpointConfigText::tr(
                           "\"%1\", which was given for qlog files, is not a folder. Name one.")
                           .arg(directory));
    if (!info.isWritable() || !info.isExecutable())
        return invalid(EndpointConfigText::tr(
                           "This program may not write to the folder \"%1\" for qlog files. "
                           "Change its permissions, or name another.")
                           .arg(directory));
    return {};
}

} // namespace Qp2p::ConfigChecks
