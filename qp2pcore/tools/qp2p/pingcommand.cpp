// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p ping: how long requests take to a peer and back.

#include "command.h"
#include "commandline.h"
#include "commands.h"
#include "numbers.h"

#include <qp2pcore/safetext.h>

#include <QElapsedTimer>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct PingOptions
{
    qint64 count = 0; //!< 0: until interrupted
    std::chrono::milliseconds interval{0};
    qsizetype size = 0; //!< bytes
};

//! \a size bytes, different for each \a sequence number.
QByteArray pingPayload(qint64 sequence, qsizetype size)
{
    return QByteArray::number(sequence).leftJustified(size, '.', true);
}

class PingCommand : public DialCommand
{
    Q_OBJECT

public:
    PingCommand(const CommonOptions &options, const PeerAddress &peer, const PingOptions &ping);

protected:
    void opened() override;
    void interrupted() override;
    void timedOut() override { interrupted(); }

private:
    void ask();
    void answered(const Result<Message> &reply, const Message &asked);
    void summarize();

    const PingOptions m_ping;
    QTimer m_pause;
    QElapsedTimer m_sinceAsked;
    std::vector<std::chrono::nanoseconds> m_times;
    qint64 m_asked = 0;
};

PingCommand::PingCommand(const CommonOptions &options, const PeerAddress &peer,
                         const PingOptions &ping)
    : DialCommand(options, peer)
    , m_ping(ping)
{
    m_pause.setSingleShot(true);
    m_pause.setTimerType(Qt::PreciseTimer);
    connect(&m_pause, &QTimer::timeout, this, &PingCommand::ask);
}

void PingCommand::opened()
{
    ask();
}

void PingCommand::ask()
{
    if (isFinishing() || !connection())
        return;
    const Message question(pingPayload(m_asked, m_ping.size));
    ++m_asked;
    m_sinceAsked.start();
    connection()->request(question).then(
        this, [this, question](const Result<Message> &reply) { answered(reply, question); });
}

void PingCommand::answered(const Result<Message> &reply, const Message &asked)
{
    const std::chrono::nanoseconds time(m_sinceAsked.nsecsElapsed());
    if (isFinishing())
        return;
    if (!reply) {
        fail(reply.error());
        return;
    }
    if (reply.value() != asked) {
        fail(Error(ErrorCode::MessageInvalid,
                   tr("The peer's reply is not what it was asked. Is it \"qp2p listen --echo\"?")));
        return;
    }
    m_times.push_back(time);
    QJsonObject fields = connectionFields(*connection());
    fields.insert(u"sequence"_s, m_asked);
    fields.insert(u"bytes"_s, m_ping.size);
    fields.insert(u"seconds"_s, toSeconds(time));
    output()->event(u"ping", fields,
                    tr("%1 bytes from %2: seq=%3 time=%4")
                        .arg(QString::number(m_ping.size),
                             safeText(connection()->peerAddress().endpointString()),
                             QString::number(m_asked), formatMilliseconds(time)));
    if (m_asked == m_ping.count) {
        summarize();
        finish(ExitDone);
        return;
    }
    using std::chrono::milliseconds;
    const milliseconds passed(m_sinceAsked.elapsed());
    m_pause.start(std::max(m_ping.interval - passed, milliseconds(0)));
}

void PingCommand::interrupted()
{
    summarize();
    finish(m_times.empty() ? ExitFailed : ExitDone);
}

void PingCommand::summarize()
{
    const auto replies = static_cast<qint64>(m_times.size());
    QJsonObject fields{{u"requests"_s, m_asked}, {u"replies"_s, replies}};
    QString line = tr("Requests: %1, replies: %2").arg(m_asked).arg(replies);
    if (!m_times.empty()) {
        std::sort(m_times.begin(), m_times.end());
        const auto sum = std::accumulate(m_times.begin(), m_times.end(),
                                         std::chrono::nanoseconds(0));
        const std::chrono::nanoseconds average = sum / replies;
        // Nearest rank: the smallest time that 99 in 100 do not exceed.
        const auto rank = static_cast<std::size_t>((replies * 99 + 99) / 100);
        const std::chrono::nanoseconds p99 = m_times.at(rank - 1);
        fields.insert(u"min"_s, toSeconds(m_times.front()));
        fields.insert(u"avg"_s, toSeconds(average));
        fields.insert(u"max"_s, toSeconds(m_times.back()));
        fields.insert(u"p99"_s, toSeconds(p99));
        line += tr(", round trip min/avg/max/p99 = %1/%2/%3/%4")
                    .arg(formatMilliseconds(m_times.front()), formatMilliseconds(average),
                         formatMilliseconds(m_times.back()), formatMilliseconds(p99));
    }
    output()->event(u"pingSummary", fields, line);
}

} // namespace

int runPing(const QStringList &arguments)
{
    CommandLine line(
        {u"ping"_s,
         PingCommand::tr(
             "Dials a peer and measures how long requests take to it and back, over the "
             "open connection. The peer must answer requests with what they carried, as "
             "\"qp2p listen --echo\" does. Ctrl-C ends it with the summary."),
         {u"ping 127.0.0.1:12000"_s, u"ping --count 1000 --interval 0 [::1]:12000"_s}},
        CommandLine::DialOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    line.addOption(u"count"_s, PingCommand::tr("Requests; 0 is without end. Default: 5."), u"N"_s,
                   u"5"_s);
    line.addOption(u"interval"_s,
                   PingCommand::tr("Milliseconds from one request to the next. Default: 1000."),
                   u"MS"_s, u"1000"_s);
    line.addOption(u"size"_s, PingCommand::tr("Bytes of each request. Default: 32."), u"N"_s,
                   u"32"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    constexpr qint64 mostRequests = 100'000'000; // their times are kept for the summary
    constexpr qint64 longestInterval = Q_INT64_C(24) * 60 * 60 * 1000;
    const PeerAddress peer = line.peerAddress();
    const PingOptions ping{
        line.amount(u"count"_s, 0, mostRequests),
        std::chrono::milliseconds(line.amount(u"interval"_s, 0, longestInterval)),
        line.amount(u"size"_s, 1, EndpointConfig().maxMessageSize()),
    };
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    return PingCommand(options, peer, ping).run();
}

#include "pingcommand.moc"
