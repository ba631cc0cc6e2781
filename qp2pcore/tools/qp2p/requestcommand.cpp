// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p request: one question; its answer, and nothing else, goes to standard output.

#include "commandline.h"
#include "commands.h"
#include "dialcommand.h"
#include "nodemessages.h"
#include "numbers.h"
#include "payloadsource.h"

#include <qp2pcore/safetext.h>

#include <QElapsedTimer>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

// Enough for any answer that people read; more belongs in a file.
constexpr int MaxOnTerminal = 16 * 1024;

struct ReplyFormat
{
    enum class Shape { Raw, EscapedOnTerminal };
    Shape shape = Shape::EscapedOnTerminal;
    qint64 payloadLimit = 0; //!< bytes, for JSON
};

void printReply(Output *output, const Message &reply, const QJsonObject &peer,
                std::chrono::nanoseconds elapsed, const ReplyFormat &format)
{
    const QByteArray &payload = reply.payload();
    if (output->isJson()) {
        QJsonObject fields = messageFields(reply, format.payloadLimit);
        for (auto field = peer.begin(); field != peer.end(); ++field)
            fields.insert(field.key(), field.value());
        fields.insert(u"seconds"_s, toSeconds(elapsed));
        output->event(u"reply", fields, {});
    } else if (format.shape == ReplyFormat::Shape::EscapedOnTerminal && Output::isTerminal(stdout)) {
        output->line(safeText(payload, MaxOnTerminal));
    } else {
        output->payload(payload);
    }
}

class RequestCommand : public DialCommand
{
    Q_OBJECT

public:
    RequestCommand(const CommonOptions &options, const Reach &reach, const PayloadSource &source,
                   const ReplyFormat &format)
        : DialCommand(options, reach)
        , m_source(source)
        , m_format(format)
    {
    }

protected:
    Result<void> prepare() override;
    void opened() override;

private:
    void answered(const Result<Message> &reply);

    const PayloadSource m_source;
    const ReplyFormat m_format;
    Message m_message;
    QElapsedTimer m_elapsed;
};

Result<void> RequestCommand::prepare()
{
    const Result<QByteArray> payload = m_source.read(EndpointConfig().maxMessageSize());
    if (!payload)
        return payload.error();
    m_message = Message(payload.value());
    return {};
}

void RequestCommand::opened()
{
    m_elapsed.start();
    connection()->request(m_message).then(
        this, [this](const Result<Message> &reply) { answered(reply); });
}

void RequestCommand::answered(const Result<Message> &reply)
{
    if (isFinishing())
        return;
    if (!reply) {
        fail(reply.error());
        return;
    }
    const std::chrono::nanoseconds elapsed(m_elapsed.nsecsElapsed());
    printReply(output(), reply.value(), {}, elapsed, m_format);
    output()->detail(tr("The reply came after %1.").arg(formatMilliseconds(elapsed)));
    finish(ExitDone);
}

int askThroughNode(const CommonOptions &options, const Reach &reach, const PayloadSource &source,
                   const ReplyFormat &format)
{
    installLogSink(options.detail);
    Output output(options.format, options.detail);
    const Result<QByteArray> payload = source.read(EndpointConfig().maxMessageSize());
    const Result<NodeReply> reply = payload ? requestThroughNode(options, reach, *payload)
                                            : Result<NodeReply>(payload.error());
    if (!reply) {
        output.error(reply.error());
        if (const QString hint = hintFor(reply.error().code); !hint.isEmpty())
            printProblem(hint);
        return ExitFailed;
    }
    printReply(&output, reply->message, reply->peer, reply->time, format);
    return ExitDone;
}

} // namespace

int runRequest(const QStringList &arguments)
{
    CommandLine line({u"request"_s,
                      RequestCommand::tr(
                          "Dials a peer, asks it one request and prints the payload of its reply, "
                          "and nothing else, on standard output: byte by byte into a file or a "
                          "pipe, escaped on a terminal. \"qp2p listen --echo\" is a peer that "
                          "answers.")
                          + u' ' + Reach::help(),
                      {u"request 127.0.0.1:12000 \"How are you?\""_s,
                       u"request --file photo.jpg [::1]:12000 > same-photo.jpg"_s}},
                     CommandLine::DialOptions | CommandLine::IdentityOptions
                         | CommandLine::EndpointOptions | CommandLine::OutputOptions);
    PayloadSource::addTo(line);
    line.addOption(u"raw"_s,
                   RequestCommand::tr("Print the reply as it is on a terminal too: only where you "
                                      "trust the peer."));
    line.addPayloadLimit(CommandLine::MaxPayload); // the reply is the result
    Reach::addTo(line, Reach::Nodes::Used);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const Reach reach = Reach::from(line, Reach::Nodes::Used);
    const PayloadSource source = PayloadSource::from(line);
    const CommonOptions options = line.commonOptions();
    ReplyFormat format;
    if (line.isSet(u"raw"_s))
        format.shape = ReplyFormat::Shape::Raw;
    format.payloadLimit = line.payloadLimit();
    if (const std::optional<int> over = line.problem())
        return *over;
    if (reach.way == Reach::Way::Node)
        return askThroughNode(options, reach, source, format);
    return RequestCommand(options, reach, source, format).run();
}

#include "requestcommand.moc"
