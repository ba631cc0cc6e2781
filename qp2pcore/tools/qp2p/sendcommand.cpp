// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p send: one message, or the same one several times, until the peer has acknowledged all.

#include "bulksender.h"
#include "command.h"
#include "commandline.h"
#include "commands.h"
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
    SendCommand(const CommonOptions &options, const PeerAddress &peer, const PayloadSource &source,
                qint64 count)
        : DialCommand(options, peer)
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
        m_progress.update(m_sender->acknowledged(), m_count,
                          formatBytes(m_sender->acknowledgedBytes()));
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

} // namespace

int runSend(const QStringList &arguments)
{
    CommandLine line(
        {u"send"_s,
         SendCommand::tr("Dials a peer and sends it one message: TEXT, a file, or what "
                         "comes from standard input. Ends with exit code 0 once the "
                         "peer's side has acknowledged every byte."),
         {u"send 127.0.0.1:12000 \"Hello\""_s,
          u"send --peer-id ID --file photo.jpg host.example:12000"_s}},
        CommandLine::DialOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    PayloadSource::addTo(line);
    line.addOption(u"count"_s, SendCommand::tr("Send it this many times. Default: 1."), u"N"_s,
                   u"1"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    constexpr qint64 mostMessages = 1'000'000'000;
    const PeerAddress peer = line.peerAddress();
    const PayloadSource source = PayloadSource::from(line);
    const qint64 count = line.amount(u"count"_s, 1, mostMessages);
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    return SendCommand(options, peer, source, count).run();
}

#include "sendcommand.moc"
