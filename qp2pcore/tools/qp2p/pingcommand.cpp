// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p ping: how long requests take to a peer and back.

#include "commandline.h"
#include "commands.h"
#include "dialcommand.h"
#include "nodemessages.h"
#include "numbers.h"

#include <qp2pcore/safetext.h>
#include <qp2pcore/tools/shared/stopsignals.h>

#include <QCoreApplication>
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

struct PingText
{
    Q_DECLARE_TR_FUNCTIONS(PingCommand)
};

//! Sorts \a times.
void printSummary(Output *output, qint64 asked, std::vector<std::chrono::nanoseconds> &times)
{
    const auto replies = static_cast<qint64>(times.size());
    QJsonObject fields{{u"requests"_s, asked}, {u"replies"_s, replies}};
    QString line = PingText::tr("Requests: %1, replies: %2").arg(asked).arg(replies);
    if (!times.empty()) {
        std::sort(times.begin(), times.end());
        const auto sum = std::accumulate(times.begin(), times.end(), std::chrono::nanoseconds(0));
        const std::chrono::nanoseconds average = sum / replies;
        // Nearest rank: the smallest time that 99 in 100 do not exceed.
        const auto rank = static_cast<std::size_t>((replies * 99 + 99) / 100);
        const std::chrono::nanoseconds p99 = times.at(rank - 1);
        fields.insert(u"min"_s, toSeconds(times.front()));
        fields.insert(u"avg"_s, toSeconds(average));
        fields.insert(u"max"_s, toSeconds(times.back()));
        fields.insert(u"p99"_s, toSeconds(p99));
        line += PingText::tr(", round trip min/avg/max/p99 = %1/%2/%3/%4")
                    .arg(formatMilliseconds(times.front()), formatMilliseconds(average),
                         formatMilliseconds(times.back()), formatMilliseconds(p99));
    }
    output->event(u"ping-summary", fields, line);
}

class PingCommand : public DialCommand
{
    Q_OBJECT

public:
    PingCommand(const CommonOptions &options, const Reach &reach, const PingOptions &ping);

protected:
    void opened() override;
    void interrupted() override;
    void timedOut() override { interrupted(); }

private:
    void ask();
    void answered(const Result<Message> &reply, const Message &asked);

    const PingOptions m_ping;
    QTimer m_pause;
    QElapsedTimer m_sinceAsked;
    std::vector<std::chrono::nanoseconds> m_times;
    qint64 m_asked = 0;
};

PingCommand::PingCommand(const CommonOptions &options, const Reach &reach, const PingOptions &ping)
    : DialCommand(options, reach)
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
                   tr("The peer's reply is not what it was asked. Is it \"qp2p listen --echo\" or "
                      "\"qp2p node --echo\"?")));
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
        printSummary(output(), m_asked, m_times);
        finish(ExitDone);
        return;
    }
    using std::chrono::milliseconds;
    const milliseconds passed(m_sinceAsked.elapsed());
    m_pause.start(std::max(m_ping.interval - passed, milliseconds(0)));
}

void PingCommand::interrupted()
{
    printSummary(output(), m_asked, m_times);
    finish(m_times.empty() ? ExitFailed : ExitDone);
}

//! The same through a running node, one request after the other.
class NodePing : public QObject
{
    Q_OBJECT

public:
    NodePing(const CommonOptions &options, const Reach &reach, const PingOptions &ping)
        : m_options(options)
        , m_reach(reach)
        , m_ping(ping)
        , m_output(options.format, options.detail)
    {
        m_pause.setSingleShot(true);
        m_pause.setTimerType(Qt::PreciseTimer);
        connect(&m_pause, &QTimer::timeout, this, &NodePing::ask);
        connect(&m_output, &Output::lost, this, [] { QCoreApplication::exit(ExitFailed); });
    }

    int run()
    {
        installLogSink(m_options.detail);
        StopSignals signalsToStop;
        connect(&signalsToStop, &StopSignals::stopRequested, this, &NodePing::finish);
        m_pause.start(0);
        return QCoreApplication::exec();
    }

private:
    void ask();
    void finish()
    {
        printSummary(&m_output, m_asked, m_times);
        QCoreApplication::exit(m_times.empty() ? ExitFailed : ExitDone);
    }

    const CommonOptions m_options;
    const Reach m_reach;
    const PingOptions m_ping;
    Output m_output;
    QTimer m_pause;
    std::vector<std::chrono::nanoseconds> m_times;
    qint64 m_asked = 0;
};

void NodePing::ask()
{
    QElapsedTimer timer;
    timer.start();
    const QByteArray payload = pingPayload(m_asked++, m_ping.size);
    const Result<NodeReply> reply = requestThroughNode(m_options, m_reach, payload);
    if (!reply || reply->message.payload() != payload) {
        m_output.error(!reply ? reply.error()
                              : Error(ErrorCode::MessageInvalid,
                                      tr("The peer's reply is not what it was asked. Is it \"qp2p "
                                         "node --echo\"?")));
        if (const QString hint = reply ? QString() : hintFor(reply.error().code); !hint.isEmpty())
            printProblem(hint);
        QCoreApplication::exit(ExitFailed);
        return;
    }
    m_times.push_back(reply->time);
    QJsonObject fields = reply->peer;
    const QString name = fields.value(u"name"_s).toString();
    fields.insert(u"sequence"_s, m_asked);
    fields.insert(u"bytes"_s, m_ping.size);
    fields.insert(u"seconds"_s, toSeconds(reply->time));
    m_output.event(u"ping", fields,
                   tr("%1 bytes from %2: seq=%3 time=%4")
                       .arg(QString::number(m_ping.size),
                            safeText(name.isEmpty() ? fields.value(u"peerId"_s).toString() : name),
                            QString::number(m_asked), formatMilliseconds(reply->time)));
    if (m_asked == m_ping.count)
        finish();
    else
        m_pause.start(std::max(m_ping.interval - std::chrono::milliseconds(timer.elapsed()),
                               std::chrono::milliseconds(0)));
}

} // namespace

int runPing(const QStringList &arguments)
{
    CommandLine line(
        {u"ping"_s,
         PingCommand::tr(
             "Dials a peer and measures how long requests take to it and back, over the "
             "open connection. The peer must answer requests with what they carried, as "
             "\"qp2p listen --echo\" and \"qp2p node --echo\" do. Ctrl-C ends it with the summary.")
             + u' ' + Reach::help(),
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
    Reach::addTo(line, Reach::Nodes::Used);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    constexpr qint64 maxRequests = 100'000'000; // their times are kept for the summary
    constexpr qint64 longestInterval = Q_INT64_C(24) * 60 * 60 * 1000;
    const Reach reach = Reach::from(line, Reach::Nodes::Used);
    const PingOptions ping{
        line.amount(u"count"_s, 0, maxRequests),
        std::chrono::milliseconds(line.amount(u"interval"_s, 0, longestInterval)),
        line.amount(u"size"_s, 1, EndpointConfig().maxMessageSize()),
    };
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    if (reach.way == Reach::Way::Node)
        return NodePing(options, reach, ping).run();
    return PingCommand(options, reach, ping).run();
}

#include "pingcommand.moc"
