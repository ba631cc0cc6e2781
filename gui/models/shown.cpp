// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/shown.h>

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <array>
#include <cmath>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

struct ShownText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::Shown)
};

//! Three digits that matter: 9.87, 98.7, 987.
QString threeDigits(double value)
{
    const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return QLocale().toString(value, 'f', decimals);
}

QString scaled(double value, double step, const std::array<QString, 5> &names)
{
    size_t unit = 0;
    while (unit + 1 < names.size() && value >= step * 0.9995) {
        value /= step;
        ++unit;
    }
    const QString number = unit == 0 ? QLocale().toString(std::floor(value), 'f', 0)
                                     : threeDigits(value);
    return names.at(unit).arg(number);
}

} // namespace

QString shown(QStringView text, int length)
{
    return safeText(text, length);
}

QString shownError(const Error &error)
{
    if (error.code != ErrorCode::JoinFailed)
        return shown(error.message, 2000);
    constexpr qsizetype maxLines = 12;
    QStringList lines = error.message.split(u'\n');
    const qsizetype left = lines.size() - maxLines;
    lines = lines.first(std::min(lines.size(), maxLines));
    for (QString &line : lines)
        line = shown(line, 400);
    if (left > 0)
        lines.append(ShownText::tr("… and %n more lines.", nullptr, int(left)));
    return lines.join(u'\n');
}

QString shownAsToolTip(QStringView text, int length)
{
    return u"<span>"_s + safeText(text, length).toHtmlEscaped() + u"</span>"_s;
}

QString shortId(const PeerId &peerId)
{
    return peerId.isNull() ? QString() : QString(peerId.toString().first(12) + u'…');
}

QString shownBytes(double bytes, Units units)
{
    if (units.prefixes == Units::Prefixes::Decimal)
        return scaled(bytes, 1000,
                      {ShownText::tr("%1 B"), ShownText::tr("%1 kB"), ShownText::tr("%1 MB"),
                       ShownText::tr("%1 GB"), ShownText::tr("%1 TB")});
    return scaled(bytes, 1024,
                  {ShownText::tr("%1 B"), ShownText::tr("%1 KiB"), ShownText::tr("%1 MiB"),
                   ShownText::tr("%1 GiB"), ShownText::tr("%1 TiB")});
}

QString shownRate(double bytesPerSecond, Units units)
{
    if (units.rates == Units::Rates::Bits)
        return scaled(
            bytesPerSecond * 8, 1000,
            {ShownText::tr("%1 bit/s"), ShownText::tr("%1 kbit/s"), ShownText::tr("%1 Mbit/s"),
             ShownText::tr("%1 Gbit/s"), ShownText::tr("%1 Tbit/s")});
    if (units.prefixes == Units::Prefixes::Decimal)
        return scaled(bytesPerSecond, 1000,
                      {ShownText::tr("%1 B/s"), ShownText::tr("%1 kB/s"), ShownText::tr("%1 MB/s"),
                       ShownText::tr("%1 GB/s"), ShownText::tr("%1 TB/s")});
    return scaled(bytesPerSecond, 1024,
                  {ShownText::tr("%1 B/s"), ShownText::tr("%1 KiB/s"), ShownText::tr("%1 MiB/s"),
                   ShownText::tr("%1 GiB/s"), ShownText::tr("%1 TiB/s")});
}

QString shownMilliseconds(double milliseconds)
{
    //: milliseconds
    return ShownText::tr("%1 ms").arg(threeDigits(milliseconds));
}

QString shownDuration(std::chrono::seconds duration)
{
    const qint64 all = std::max<qint64>(duration.count(), 0);
    const qint64 days = all / 86400;
    const qint64 hours = all / 3600 % 24;
    const qint64 minutes = all / 60 % 60;
    const auto two = [](qint64 value) { return QString::number(value).rightJustified(2, u'0'); };
    if (days > 0)
        //: a duration: days and hours
        return ShownText::tr("%1 d %2 h").arg(days).arg(two(hours));
    if (hours > 0)
        //: a duration: hours and minutes
        return ShownText::tr("%1 h %2 min").arg(hours).arg(two(minutes));
    if (minutes > 0)
        //: a duration: minutes and seconds
        return ShownText::tr("%1 min %2 s").arg(minutes).arg(two(all % 60));
    //: a duration: seconds
    return ShownText::tr("%1 s").arg(all);
}

QString shownTime(const QDateTime &when)
{
    if (!when.isValid())
        return {};
    return QLocale().toString(when.toLocalTime(),
                              ShownText::tr("yyyy-MM-dd hh:mm:ss", "date and time"));
}

QString roleText(Peer::Role role)
{
    switch (role) {
    case Peer::Role::Unknown:
        return ShownText::tr("Unknown", "role of a peer");
    case Peer::Role::Node:
        return ShownText::tr("Node", "role of a peer");
    case Peer::Role::Client:
        return ShownText::tr("Client", "role of a peer");
    }
    return {};
}

QString linkText(Peer::Link link)
{
    switch (link) {
    case Peer::Link::None:
        return ShownText::tr("None", "link to a peer");
    case Peer::Link::Unidirectional:
        return ShownText::tr("Uni-directional", "link to a peer");
    case Peer::Link::Bidirectional:
        return ShownText::tr("Bi-directional", "link to a peer");
    }
    return {};
}

QString placeText(const ConnectionSnapshot &row)
{
    if (row.path.kind == ConnectionPath::Kind::Relayed)
        //: %1: the beginning of a peer id
        return ShownText::tr("Relayed by %1").arg(shortId(row.path.relay));
    return row.address.endpointString();
}

QString directionText(Connection::Direction direction)
{
    return direction == Connection::Direction::Outgoing
        ? ShownText::tr("Outgoing", "direction of a connection")
        : ShownText::tr("Incoming", "direction of a connection");
}

QString stateText(ConnectionSnapshot::State state)
{
    switch (state) {
    case ConnectionSnapshot::State::Linking:
        return ShownText::tr("Linking", "state of a connection");
    case ConnectionSnapshot::State::Open:
        return ShownText::tr("Open", "state of a connection");
    case ConnectionSnapshot::State::Closed:
        return ShownText::tr("Closed", "state of a connection");
    }
    return {};
}

QString networkStateText(Network::State state)
{
    switch (state) {
    case Network::State::Idle:
        return ShownText::tr("Not joined");
    case Network::State::Joining:
        return ShownText::tr("Joining …");
    case Network::State::Joined:
        return ShownText::tr("Joined");
    case Network::State::Waiting:
        return ShownText::tr("Retrying soon");
    case Network::State::Leaving:
        return ShownText::tr("Leaving …");
    case Network::State::Left:
        return ShownText::tr("Not joined");
    }
    return {};
}

QString modeText(CertificateMode mode)
{
    switch (mode) {
    case CertificateMode::AgreedAuthority:
        return ShownText::tr("Agreed authority");
    case CertificateMode::PrivateAuthority:
        return ShownText::tr("Private authority");
    case CertificateMode::EncryptOnly:
        return ShownText::tr("Encrypt only");
    }
    return {};
}

QString candidateStateText(JoinCandidate::State state)
{
    switch (state) {
    case JoinCandidate::State::Waiting:
        return ShownText::tr("Waiting", "candidate of a join");
    case JoinCandidate::State::Dialling:
        return ShownText::tr("Dialling …", "candidate of a join");
    case JoinCandidate::State::Linking:
        return ShownText::tr("Linking …", "candidate of a join");
    case JoinCandidate::State::Joined:
        return ShownText::tr("Joined", "candidate of a join");
    case JoinCandidate::State::Failed:
        return ShownText::tr("Failed", "candidate of a join");
    case JoinCandidate::State::Dropped:
        return ShownText::tr("Another candidate was faster", "candidate of a join");
    }
    return {};
}

QString candidateSourceText(JoinCandidate::Source source)
{
    switch (source) {
    case JoinCandidate::Source::Contact:
        return ShownText::tr("Contact", "where a candidate comes from");
    case JoinCandidate::Source::Cache:
        return ShownText::tr("Bootstrap cache", "where a candidate comes from");
    case JoinCandidate::Source::Anchor:
        return ShownText::tr("Bootstrap cache, anchor", "where a candidate comes from");
    }
    return {};
}

QString nameOf(const CertificateInfo &info)
{
    static const QRegularExpression commonName(u"(?:^|,)CN=((?:[^,\\\\]|\\\\.)*)"_s);
    const QString name = commonName.match(info.subject).captured(1);
    return info.names.isEmpty() || info.names.contains(name) ? name : info.names.first();
}

QString nameInCertificate(const QByteArray &der)
{
    const Result<CertificateInfo> info = CertificateInfo::fromDer(der);
    return info ? nameOf(*info) : QString();
}

} // namespace Qp2p::Gui
