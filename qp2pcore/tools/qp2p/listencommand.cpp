// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p listen: a node that anyone can dial; it prints what it gets until it is stopped.

#include "command.h"
#include "commandline.h"
#include "commands.h"
#include "listenvisit.h"

#include <qp2pcore/safetext.h>

#include <QHash>
#include <QHostAddress>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

class ListenCommand : public Command
{
    Q_OBJECT

public:
    ListenCommand(const CommonOptions &options, const QHostAddress &address, quint16 port,
                  const ListenOptions &listen)
        : Command(options)
        , m_address(address)
        , m_port(port)
        , m_listen(listen)
    {
    }

protected:
    void start() override;
    void interrupted() override { finish(ExitDone); }
    void timedOut() override { finish(ExitDone); }

private:
    void printListening();
    void printRefused(const PeerAddress &peer, const Error &reason);

    const QHostAddress m_address;
    const quint16 m_port;
    const ListenOptions m_listen;
    QHash<Connection *, ListenVisit *> m_visits;
};

void ListenCommand::start()
{
    connect(endpoint(), &Endpoint::connectionOpened, this, [this](Connection *connection) {
        auto *visit = new ListenVisit(connection, m_listen, output());
        m_visits.insert(connection, visit);
        visit->printOpened();
    });
    connect(endpoint(), &Endpoint::connectionClosed, this,
            [this](Connection *connection, const Error &reason) {
                if (const ListenVisit *visit = m_visits.take(connection))
                    visit->printClosed(reason);
            });
    connect(endpoint(), &Endpoint::handshakeFailed, this, &ListenCommand::printRefused);
    if (const Result<void> listening = endpoint()->listen(m_address, m_port); !listening) {
        fail(listening.error());
        return;
    }
    printListening();
    limitTime();
}

//! Who was not let in, and why; in a measurement of handshakes nobody reads it.
void ListenCommand::printRefused(const PeerAddress &peer, const Error &reason)
{
    if (m_listen.messages == ListenOptions::Messages::CountOnly)
        return;
    QJsonObject fields = errorFields(reason);
    fields.insert(u"address"_s, peer.endpointString());
    output()->event(u"handshakeFailed", fields,
                    tr("No connection from %1: %2")
                        .arg(safeText(peer.endpointString()), safeText(reason.message)));
}

void ListenCommand::printListening()
{
    const quint16 port = endpoint()->localPort();
    const QHostAddress local = endpoint()->localAddress();
    const bool ipv6 = local.protocol() == QAbstractSocket::IPv6Protocol;
    const bool dualStack = ipv6 && m_address.protocol() == QAbstractSocket::AnyIPProtocol;
    // Not through PeerAddress: "every address" is none that can be dialled.
    const QString host = ipv6 ? QString(u'[' + local.toString() + u']') : local.toString();
    const QString address = host + u':' + QString::number(port);
    const QString peerId = endpoint()->peerId().toString();
    const QJsonObject fields{
        {u"address"_s, address},
        {u"port"_s, port},
        {u"peerId"_s, peerId},
    };
    const QString where = dualStack ? tr("port %1 of every address, IPv4 and IPv6").arg(port)
                                    : address;
    output()->event(u"listening", fields, tr("Listening on %1").arg(where));
    output()->line(tr("Peer id: %1").arg(peerId));
}

//! Without brackets or with them, as IPv6 addresses are written elsewhere.
QHostAddress listenAddress(CommandLine &line)
{
    QString text = line.value(u"address"_s);
    if (text == u"any")
        return QHostAddress(QHostAddress::Any);
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.sliced(1, text.size() - 2);
    QHostAddress address;
    if (!address.setAddress(text)) {
        line.addProblem(ListenCommand::tr("--address: '%1' is not an IP address. Write for example "
                                          "127.0.0.1, ::1, 0.0.0.0, or any for all of them.")
                            .arg(text));
    }
    return address;
}

} // namespace

int runListen(const QStringList &arguments)
{
    CommandLine line(
        {u"listen"_s,
         ListenCommand::tr(
             "Listens for peers, prints its address and peer id, then every connection "
             "and message, until Ctrl-C or SIGTERM. Requests are printed and rejected, "
             "so that their sender learns that nobody answers here; with --echo they "
             "are answered with what they carried."),
         {u"listen --port 12000 --echo"_s, u"listen --address ::1 --identity node.pem --json"_s}},
        CommandLine::ListenOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    line.addOption(
        u"address"_s,
        ListenCommand::tr("The address of this machine to listen on. Default: any, which "
                          "is all of them, IPv4 and IPv6."),
        u"A"_s, u"any"_s);
    line.addOption(u"port"_s, ListenCommand::tr("UDP port. Default: 0, which takes a free one."),
                   u"P"_s, u"0"_s);
    line.addOption(u"echo"_s, ListenCommand::tr("Answer each request with what it carried."));
    line.addOption(u"perf"_s,
                   ListenCommand::tr("Print no single message, but totals of each "
                                     "connection at its end: for \"qp2p perf\"."));
    line.addPayloadLimit();
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    ListenOptions listen;
    if (line.isSet(u"echo"_s))
        listen.answers = ListenOptions::Answers::Echo;
    if (line.isSet(u"perf"_s))
        listen.messages = ListenOptions::Messages::CountOnly;
    listen.payloadLimit = line.payloadLimit();
    const QHostAddress address = listenAddress(line);
    const auto port = static_cast<quint16>(line.amount(u"port"_s, 0, 65535));
    CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    return ListenCommand(options, address, port, listen).run();
}

#include "listencommand.moc"
