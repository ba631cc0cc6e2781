// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p send: one message, or the same one several times, until the peer has acknowledged all.

#include "bulksender.h"
#include "commandline.h"
#include "commands.h"
#include "dialcommand.h"
#include "nodemessages.h"
#include "numbers.h"
#include "payloadsource.h"
#include "progressbar.h"

#include <qp2pcore/safetext.h>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

class SendCommand : public DialCommand
{
    Q_OBJECT

public:
    SendCommand(const CommonOptions &options, const Reach &reach, const PayloadSource &source,
                qint64 count)
        : DialCommand(options, reach)
        , m_source(source)
        , m_count(count)
    {
    }

protected:
    Result<void> prepare() override;
    void opened() override;

private:
    void done();

    const PayloadSource m_source;
    const qint64 m_count;
    Message m_message;
    BulkSender *m_sender = nullptr;
    ProgressBar m_progress{output()->isJson() ? ProgressBar::Visibility::Hidden
                                              : ProgressBar::Visibility::Automatic};
};

Result<void> SendCommand::prepare()
{
    const Result<QByteArray> payload = m_source.read(EndpointConfig().maxMessageSize());
    if (!payload)
        return payload.error();
    m_message = Message(payload.value());
    return {};
}

void SendCommand::opened()
{
    m_sender = new BulkSender(
        connection(), m_count, [this](qint64) { return m_message; }, this);
    connect(m_sender, &BulkSender::progressed, this, [this] {
        if (m_progress.isDue()) {
            m_progress.update(m_sender->acknowledged(), m_count,
                              formatBytes(m_sender->acknowledgedBytes()));
        }
    });
    connect(m_sender, &BulkSender::finished, this, &SendCommand::done);
    connect(m_sender, &BulkSender::failed, this, [this](const Error &error) {
        m_progress.clear();
        fail(error);
    });
    m_sender->start();
}

void SendCommand::done()
{
    m_progress.clear();
    const std::chrono::nanoseconds elapsed = m_sender->elapsed();
    QJsonObject fields = connectionFields(*connection());
    fields.insert(u"messages"_s, m_sender->acknowledged());
    fields.insert(u"bytes"_s, m_sender->acknowledgedBytes());
    fields.insert(u"seconds"_s, toSeconds(elapsed));
    output()->event(u"sent", fields,
                    tr("Messages sent to %3 and acknowledged: %1, %2 in %4")
                        .arg(QString::number(m_sender->acknowledged()),
                             formatBytes(m_sender->acknowledgedBytes()),
                             safeText(connection()->peerAddress().endpointString()),
                             formatMilliseconds(elapsed)));
    finish(ExitDone);
}

int sendFromSource(const CommonOptions &options, const Reach &reach, const PayloadSource &source,
                   qint64 count)
{
    installLogSink(options.detail);
    const Result<QByteArray> payload = source.read(EndpointConfig().maxMessageSize());
    if (payload)
        return sendThroughNode(options, reach, *payload, count);
    Output(options.format, options.detail).error(payload.error());
    return ExitFailed;
}

constexpr qint64 MaxMessages = 1'000'000'000;

void addCount(CommandLine &line)
{
    line.addOption(u"count"_s, SendCommand::tr("Send it this many times. Default: 1."), u"N"_s,
                   u"1"_s);
}

//! "send --all", which has no ADDRESS.
int sendToAll(const QStringList &arguments)
{
    CommandLine line({u"send"_s,
                      SendCommand::tr("Sends all peers of your running node one message."),
                      {u"send --all \"Hello\""_s, u"send --all --file photo.jpg"_s}},
                     CommandLine::OutputOptions);
    line.addOption(u"all"_s, SendCommand::tr("To every peer of the node."));
    PayloadSource::addTo(line);
    addCount(line);
    NodeLink::addTo(line);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const PayloadSource source = PayloadSource::from(line, 0);
    const qint64 count = line.amount(u"count"_s, 1, MaxMessages);
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    Reach reach;
    reach.way = Reach::Way::Node;
    reach.socket = NodeLink::find(line, {});
    return sendFromSource(options, reach, source, count);
}

} // namespace

int runSend(const QStringList &arguments)
{
    if (arguments.contains(u"--all"_s) && !arguments.contains(u"--help"_s))
        return sendToAll(arguments);
    CommandLine line(
        {u"send"_s,
         SendCommand::tr("Dials a peer and sends it one message: TEXT, a file, or what "
                         "comes from standard input. Ends with exit code 0 once the "
                         "peer's side has acknowledged every byte.")
             + u' ' + Reach::help(),
         {u"send 127.0.0.1:12000 \"Hello\""_s, u"send --all \"Hello\""_s,
          u"send --peer-id ID --file photo.jpg host.example:12000"_s}},
        CommandLine::DialOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    PayloadSource::addTo(line);
    addCount(line);
    line.addOption(u"all"_s,
                   SendCommand::tr("In the place of ADDRESS: to every peer of your running node."));
    Reach::addTo(line, Reach::Nodes::Used);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const Reach reach = Reach::from(line, Reach::Nodes::Used);
    const PayloadSource source = PayloadSource::from(line);
    const qint64 count = line.amount(u"count"_s, 1, MaxMessages);
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    if (reach.way == Reach::Way::Node)
        return sendFromSource(options, reach, source, count);
    return SendCommand(options, reach, source, count).run();
}

#include "sendcommand.moc"
