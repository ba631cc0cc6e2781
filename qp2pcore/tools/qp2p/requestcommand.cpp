// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p request: one question; its answer, and nothing else, goes to standard output.

#include "command.h"
#include "commandline.h"
#include "commands.h"
#include "numbers.h"
#include "payloadsource.h"

#include <qp2pcore/safetext.h>

#include <QElapsedTimer>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

// Enough for any answer that people read; whoever wants more has a file in mind.
constexpr int LongestOnTerminal = 16 * 1024;

struct ReplyFormat
{
    enum class Shape { Raw, EscapedOnTerminal };
    Shape shape = Shape::EscapedOnTerminal;
    qint64 payloadLimit = 0; //!< bytes, for JSON
};

class RequestCommand : public DialCommand
{
    Q_OBJECT

public:
    RequestCommand(const CommonOptions &options, const PeerAddress &peer,
                   const PayloadSource &source, const ReplyFormat &format)
        : DialCommand(options, peer)
        , m_source(source)
        , m_format(format)
    {
    }

protected:
    Result<void> prepare() override;
    void opened() override;

private:
    void answered(const Result<Message> &reply);
    void print(const Message &reply);

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
    if (output()->isJson()) {
        QJsonObject fields = messageFields(reply.value(), m_format.payloadLimit);
        fields.insert(u"seconds"_s, toSeconds(elapsed));
        output()->event(u"reply", fields, {});
    } else {
        print(reply.value());
    }
    output()->detail(tr("The reply came after %1.").arg(formatMilliseconds(elapsed)));
    finish(ExitDone);
}

void RequestCommand::print(const Message &reply)
{
    const QByteArray &payload = reply.payload();
    if (m_format.shape == ReplyFormat::Shape::EscapedOnTerminal && Output::isTerminal(stdout))
        output()->line(safeText(payload, LongestOnTerminal));
    else
        output()->payload(payload);
}

} // namespace

int runRequest(const QStringList &arguments)
{
    CommandLine line({u"request"_s,
                      RequestCommand::tr(
                          "Dials a peer, asks it one request and prints the payload of its reply, "
                          "and nothing else, on standard output: byte by byte into a file or a "
                          "pipe, escaped on a terminal. \"qp2p listen --echo\" is a peer that "
                          "answers."),
                      {u"request 127.0.0.1:12000 \"How are you?\""_s,
                       u"request --file photo.jpg [::1]:12000 > same-photo.jpg"_s}},
                     CommandLine::DialOptions | CommandLine::IdentityOptions
                         | CommandLine::EndpointOptions | CommandLine::OutputOptions);
    PayloadSource::addTo(line);
    line.addOption(u"raw"_s,
                   RequestCommand::tr("Print the reply as it is on a terminal too: only where you "
                                      "trust the peer."));
    line.addPayloadLimit(CommandLine::LargestPayload); // the reply is the result
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const PeerAddress peer = line.peerAddress();
    const PayloadSource source = PayloadSource::from(line);
    const CommonOptions options = line.commonOptions();
    ReplyFormat format;
    if (line.isSet(u"raw"_s))
        format.shape = ReplyFormat::Shape::Raw;
    format.payloadLimit = line.payloadLimit();
    if (const std::optional<int> over = line.problem())
        return *over;
    return RequestCommand(options, peer, source, format).run();
}

#include "requestcommand.moc"
