// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p listen: a node that anyone can dial; it prints what it gets until it is stopped.

#include "command.h"
#include "commandline.h"
#include "commands.h"
#include "listenaddress.h"
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

//! Who was not let in, and why; a measurement of handshakes does not need it.
void ListenCommand::printRefused(const PeerAddress &peer, const Error &reason)
{
    if (m_listen.messages == ListenOptions::Messages::CountOnly)
        return;
    QJsonObject fields = errorFields(reason);
    fields.insert(u"address"_s, peer.endpointString());
    output()->limitedEvent(EventLimit::Kind::Failure, u"handshake-failed", fields,
                           tr("No connection from %1: %2")
                               .arg(safeText(peer.endpointString()), safeText(reason.message)));
}

void ListenCommand::printListening()
{
    output()->event(u"listening", listeningFields(*endpoint()),
                    listeningText(*endpoint(), m_address));
    output()->line(tr("Peer id: %1").arg(endpoint()->peerId().toString()));
}

} // namespace

int runListen(const QStringList &arguments)
{
    CommandLine line(
        {u"listen"_s,
         ListenCommand::tr(
             "Listens for peers, prints its address and peer id, then every connection "
             "and message, until Ctrl-C or SIGTERM. Requests are printed and rejected, "
             "so that their sender learns that they are not answered here; with --echo they "
             "are answered with what they carried."),
         {u"listen --port 12000 --echo"_s, u"listen --address ::1 --identity node.pem --json"_s}},
        CommandLine::ListenOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::OutputOptions);
    addListenOptions(line);
    line.addOption(u"echo"_s, ListenCommand::tr("Answer each request with what it carried."));
    line.addOption(u"perf"_s,
                   ListenCommand::tr("Print no single message, but totals of each "
                                     "connection at its end: for \"qp2p perf\"."));
    constexpr qint64 smallPayloads = 64
        * 1024; // base64 of 10 MB costs a second, which all peers would wait
    line.addPayloadLimit(smallPayloads);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    ListenOptions listen;
    if (line.isSet(u"echo"_s))
        listen.answers = ListenOptions::Answers::Echo;
    if (line.isSet(u"perf"_s))
        listen.messages = ListenOptions::Messages::CountOnly;
    listen.payloadLimit = line.payloadLimit();
    const ListenAddress where = listenAddress(line);
    CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    OutputWriter::setDelivery(OutputWriter::Delivery::Live);
    warnOfSmallSocketBuffers();
    return ListenCommand(options, where.address, where.port, listen).run();
}

#include "listencommand.moc"
