// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p perf: how much a connection to a peer carries, and how fast connections open.

#include "bulksender.h"
#include "commandline.h"
#include "commands.h"
#include "dialcommand.h"
#include "numbers.h"
#include "progressbar.h"

#include <QElapsedTimer>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 BulkMessageSize = Q_INT64_C(1024) * 1024;

struct PerfOptions
{
    qint64 bytes = 0; //!< 0 here and below: leave this measurement out
    qint64 messages = 0;
    qint64 messageSize = 0; //!< bytes
    qint64 handshakes = 0;
};

QString perSecond(double rate)
{
    return QString::number(rate, 'f', rate < 100 ? 1 : 0);
}

//! Runs its measurements one after the other on one connection, handshakes last on new ones.
class PerfCommand : public DialCommand
{
    Q_OBJECT

public:
    PerfCommand(const CommonOptions &options, const Reach &reach, const PerfOptions &perf)
        : DialCommand(options, reach)
        , m_perf(perf)
    {
    }

protected:
    void opened() override { measureBytes(); }

private:
    void measureBytes();
    void measureMessages();
    void measureHandshakes();
    BulkSender *newSender(qint64 count, const BulkSender::Source &source);
    void reportBulk(QStringView kind, const BulkSender &sender, const QString &text);
    void nextHandshake();
    void handshakeDone(const Result<QPointer<Connection>> &result);

    const PerfOptions m_perf;
    qint64 m_handshakesDone = 0;
    QElapsedTimer m_handshakeTime;
    ProgressBar m_progress{output()->isJson() ? ProgressBar::Visibility::Hidden
                                              : ProgressBar::Visibility::Automatic};
};

void PerfCommand::measureBytes()
{
    if (m_perf.bytes == 0) {
        measureMessages();
        return;
    }
    const qint64 count = (m_perf.bytes + BulkMessageSize - 1) / BulkMessageSize;
    const qint64 lastSize = m_perf.bytes - (count - 1) * BulkMessageSize;
    const Message whole(QByteArray(BulkMessageSize, '\0'));
    const Message last(QByteArray(lastSize, '\0'));
    BulkSender *sender = newSender(count,
                                   [=](qint64 index) { return index + 1 < count ? whole : last; });
    connect(sender, &BulkSender::finished, this, [this, sender] {
        const double rate = static_cast<double>(m_perf.bytes) / toSeconds(sender->elapsed()) / 1e6;
        reportBulk(u"bytes", *sender,
                   tr("Throughput: %1 MB/s (%2 in %3)")
                       .arg(perSecond(rate), formatBytes(m_perf.bytes),
                            formatMilliseconds(sender->elapsed())));
        sender->deleteLater();
        measureMessages();
    });
    sender->start();
}

void PerfCommand::measureMessages()
{
    if (m_perf.messages == 0) {
        measureHandshakes();
        return;
    }
    Message message(QByteArray(m_perf.messageSize, '\0'));
    BulkSender *sender = newSender(m_perf.messages, [message](qint64) { return message; });
    connect(sender, &BulkSender::finished, this, [this, sender] {
        const double rate = static_cast<double>(m_perf.messages) / toSeconds(sender->elapsed());
        reportBulk(
            u"messages", *sender,
            tr("Messages: %1 a second of %2 (%3 in %4)")
                .arg(perSecond(rate), formatBytes(m_perf.messageSize),
                     QString::number(m_perf.messages), formatMilliseconds(sender->elapsed())));
        sender->deleteLater();
        measureHandshakes();
    });
    sender->start();
}

BulkSender *PerfCommand::newSender(qint64 count, const BulkSender::Source &source)
{
    auto *sender = new BulkSender(connection(), count, source, this);
    connect(sender, &BulkSender::progressed, this, [this, sender] {
        if (!m_progress.isDue())
            return;
        const double rate = static_cast<double>(sender->acknowledgedBytes())
            / toSeconds(sender->elapsed()) / 1e6;
        m_progress.update(sender->acknowledged(), sender->count(),
                          tr("%1 MB/s").arg(perSecond(rate)));
    });
    connect(sender, &BulkSender::failed, this, [this](const Error &error) {
        m_progress.clear();
        fail(error);
    });
    return sender;
}

void PerfCommand::reportBulk(QStringView kind, const BulkSender &sender, const QString &text)
{
    m_progress.clear();
    const double seconds = toSeconds(sender.elapsed());
    output()->event(
        u"perf",
        {{u"kind"_s, kind.toString()},
         {u"bytes"_s, sender.acknowledgedBytes()},
         {u"messages"_s, sender.acknowledged()},
         {u"seconds"_s, seconds},
         {u"bytesPerSecond"_s, static_cast<double>(sender.acknowledgedBytes()) / seconds},
         {u"messagesPerSecond"_s, static_cast<double>(sender.acknowledged()) / seconds}},
        text);
}

void PerfCommand::measureHandshakes()
{
    if (m_perf.handshakes == 0) {
        finish(ExitDone);
        return;
    }
    m_handshakeTime.start();
    nextHandshake();
}

void PerfCommand::nextHandshake()
{
    endpoint()
        ->connectTo(peer(), options().protocol)
        .then(this, [this](const Result<QPointer<Connection>> &result) { handshakeDone(result); });
}

void PerfCommand::handshakeDone(const Result<QPointer<Connection>> &result)
{
    if (isFinishing())
        return;
    if (!result) {
        m_progress.clear();
        fail(result.error());
        return;
    }
    if (Connection *opened = result.value())
        opened->close();
    ++m_handshakesDone;
    const double seconds = toSeconds(std::chrono::nanoseconds(m_handshakeTime.nsecsElapsed()));
    const double rate = static_cast<double>(m_handshakesDone) / seconds;
    m_progress.update(m_handshakesDone, m_perf.handshakes,
                      tr("%1 handshakes a second").arg(perSecond(rate)));
    if (m_handshakesDone < m_perf.handshakes) {
        nextHandshake();
        return;
    }
    m_progress.clear();
    output()->event(
        u"perf",
        {{u"kind"_s, u"handshakes"_s},
         {u"handshakes"_s, m_handshakesDone},
         {u"seconds"_s, seconds},
         {u"handshakesPerSecond"_s, rate}},
        tr("Handshakes: %1 a second, one after the other (%2 in %3)")
            .arg(perSecond(rate), QString::number(m_handshakesDone),
                 formatMilliseconds(std::chrono::nanoseconds(m_handshakeTime.nsecsElapsed()))));
    finish(ExitDone);
}

void addPerfOptions(CommandLine &line)
{
    line.addOption(u"bytes"_s,
                   PerfCommand::tr("Throughput: send this many bytes in messages of 1 MiB. Default "
                                   "where nothing else is asked for: 256Mi."),
                   u"N"_s, u"256Mi"_s);
    line.addOption(u"messages"_s, PerfCommand::tr("Message rate: send this many of --size."),
                   u"N"_s, u"0"_s);
    line.addOption(u"size"_s, PerfCommand::tr("Bytes of each of --messages. Default: 64."), u"N"_s,
                   u"64"_s);
    line.addOption(u"handshakes"_s,
                   PerfCommand::tr("Open and close this many connections, one after the other."),
                   u"N"_s, u"0"_s);
}

PerfOptions perfOptions(CommandLine &line)
{
    constexpr qint64 most = 1'000'000'000'000'000;
    const bool other = line.isSet(u"messages"_s) || line.isSet(u"handshakes"_s);
    PerfOptions perf;
    if (line.isSet(u"bytes"_s) || !other)
        perf.bytes = line.amount(u"bytes"_s, 1, most);
    perf.messages = line.amount(u"messages"_s, line.isSet(u"messages"_s) ? 1 : 0, most);
    perf.messageSize = line.amount(u"size"_s, 1, EndpointConfig().maxMessageSize());
    perf.handshakes = line.amount(u"handshakes"_s, line.isSet(u"handshakes"_s) ? 1 : 0, most);
    if (line.isSet(u"size"_s) && !line.isSet(u"messages"_s))
        line.addProblem(PerfCommand::tr("--size is of use only together with --messages."));
    return perf;
}

} // namespace

int runPerf(const QStringList &arguments)
{
    CommandLine line(
        {u"perf"_s,
         PerfCommand::tr(
             "Dials a peer and measures: throughput, small messages a second, handshakes "
             "a second, each where it is asked for. Any \"qp2p listen\" will do, for "
             "messages are acknowledged anyway; with --perf it does not print each of "
             "them. Numbers take the suffixes k, M, G (powers of 1000) and Ki, Mi, Gi (of "
             "1024); a MB is 1,000,000 bytes. The peer works as hard as this side."),
         {u"perf 127.0.0.1:12000 --bytes 1G"_s,
          u"perf [::1]:12000 --messages 200k --size 64 --handshakes 500"_s}},
        CommandLine::DialOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    addPerfOptions(line);
    Reach::addTo(line, Reach::Nodes::Unused);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const Reach reach = Reach::from(line, Reach::Nodes::Unused);
    const PerfOptions perf = perfOptions(line);
    if (perf.handshakes > 0 && reach.way == Reach::Way::Join)
        line.addProblem(
            PerfCommand::tr("--handshakes: a member of a network has one connection to each "
                            "other. Leave --network and --contact out."));
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    return PerfCommand(options, reach, perf).run();
}

#include "perfcommand.moc"
