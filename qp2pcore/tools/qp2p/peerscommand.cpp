// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p peers, connect, disconnect, block, unblock, blocked: what a running node is asked to do with its peers.

#include "commandline.h"
#include "commands.h"
#include "exitcode.h"
#include "nodelink.h"
#include "nodestatus.h"
#include "peerchoice.h"

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

struct PeersCommandText
{
    Q_DECLARE_TR_FUNCTIONS(PeersCommand)
};

constexpr std::chrono::milliseconds ConnectTime = 130s; // the node itself gives up before

//! The command \a help names, asked of the chosen node; its answer goes to \a print.
template<typename Print>
int askNode(const QStringList &words, const CommandLine::Help &help, const QString &argument,
            const QString &argumentHelp, const QString &key, std::chrono::milliseconds patience,
            const Print &print)
{
    CommandLine line(help, CommandLine::OutputOptions);
    if (!argument.isEmpty())
        line.addArgument(argument, argumentHelp);
    NodeLink::addTo(line);
    if (const std::optional<int> over = line.parse(words))
        return *over;
    const CommonOptions options = line.commonOptions();
    if (const std::optional<int> over = line.problem())
        return *over;
    installLogSink(options.detail);
    Output output(options.format, options.detail);
    const QString subject = line.argument(0);
    const Result<QString> socket = NodeLink::find(line, key == u"peer" ? subject : QString());
    Result<QJsonObject> answer = socket.error();
    if (socket)
        answer = ControlClient::ask(*socket, help.name,
                                    key.isEmpty() ? QJsonObject() : QJsonObject{{key, subject}},
                                    patience);
    if (!answer) {
        output.error(answer.error());
        return ExitFailed;
    }
    print(output, *answer);
    return ExitDone;
}

QString text(const QJsonObject &fields, const char *name)
{
    return safeText(fields.value(QLatin1StringView(name)).toString());
}

//! "ID" or "ID (name)"; of an address the address.
QString whoIs(const QJsonObject &fields)
{
    if (fields.contains(u"address"_s))
        return text(fields, "address");
    const QString name = text(fields, "name");
    return name.isEmpty() ? text(fields, "peerId") : text(fields, "peerId") + u" ("_s + name + u')';
}

} // namespace

int runPeers(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"peers"_s,
        PeersCommandText::tr(
            "Lists the peers of your running node. Ids are shortened: any beginning that only "
            "one peer has can be given to the other commands."),
        {u"peers"_s, u"peers --json"_s}};
    return askNode(arguments, help, {}, {}, {}, 5s, [](Output &output, const QJsonObject &answer) {
        const QJsonArray peers = answer.value(u"peers"_s).toArray();
        if (peers.isEmpty())
            output.line(PeersCommandText::tr("The node has no peer now."));
        for (const QJsonValue &peer : peers)
            output.event(u"peer", peer.toObject(), peerLine(peer.toObject()));
    });
}

int runConnect(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"connect"_s,
        PeersCommandText::tr(
            "Makes your running node link to the member at ADDRESS. Ends once the link is "
            "established. A member that cannot be dialled is reached by its peer id alone, over a "
            "node that both are linked to."),
        {u"connect 192.0.2.1:12000"_s, u"connect PEERID@host.example:12000"_s, u"connect PEERID"_s}};
    return askNode(arguments, help, u"ADDRESS"_s,
                   PeersCommandText::tr("host:port, PEERID@host:port, or PEERID."), u"address"_s,
                   ConnectTime, [](Output &output, const QJsonObject &answer) {
                       output.event(u"peer", answer,
                                    PeersCommandText::tr("Linked to %1").arg(peerLine(answer)));
                   });
}

int runDisconnect(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"disconnect"_s,
        PeersCommandText::tr(
            "Makes your running node end its link to PEER. Either side may link again; \"qp2p "
            "block\" keeps a peer away."),
        {u"disconnect k3w5"_s, u"disconnect k3w5 --socket /run/qp2p/node.sock"_s}};
    return askNode(
        arguments, help, u"PEER"_s,
        PeersCommandText::tr("A peer of the node: its id, the beginning of it, or its name."),
        u"peer"_s, 5s, [](Output &output, const QJsonObject &answer) {
            output.event(u"disconnected", answer,
                         PeersCommandText::tr("Ended the link to %1.").arg(whoIs(answer)));
        });
}

int runBlock(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"block"_s,
        PeersCommandText::tr(
            "Makes your running node end links to a peer or an IP address, and neither dial it "
            "nor let it in. Kept over restarts where the node has a --block-list."),
        {u"block k3w5"_s, u"block 192.0.2.1"_s}};
    return askNode(
        arguments, help, u"WHAT"_s,
        PeersCommandText::tr("A peer id, the beginning or name of a peer, or an IP address."),
        u"what"_s, 5s, [](Output &output, const QJsonObject &answer) {
            output.event(u"blocked", answer, PeersCommandText::tr("Blocked %1.").arg(whoIs(answer)));
        });
}

int runUnblock(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"unblock"_s,
        PeersCommandText::tr(
            "Makes your running node take a peer or an IP address off its block list."),
        {u"unblock k3w5"_s, u"unblock 192.0.2.1"_s}};
    return askNode(
        arguments, help, u"WHAT"_s,
        PeersCommandText::tr("A blocked peer's id, the beginning of it, or an IP address."),
        u"what"_s, 5s, [](Output &output, const QJsonObject &answer) {
            output.event(u"unblocked", answer,
                         PeersCommandText::tr("Unblocked %1.").arg(whoIs(answer)));
        });
}

int runBlocked(const QStringList &arguments)
{
    const CommandLine::Help help{
        u"blocked"_s,
        PeersCommandText::tr("Lists the peers and IP addresses that your running node blocks."),
        {u"blocked"_s, u"blocked --json"_s}};
    return askNode(arguments, help, {}, {}, {}, 5s, [](Output &output, const QJsonObject &answer) {
        const QJsonArray peers = answer.value(u"peers"_s).toArray();
        const QJsonArray addresses = answer.value(u"addresses"_s).toArray();
        if (peers.isEmpty() && addresses.isEmpty())
            output.line(PeersCommandText::tr("Nothing is blocked."));
        for (const QJsonValue &peer : peers)
            output.event(u"blocked", {{u"peerId"_s, peer}}, safeText(peer.toString()));
        for (const QJsonValue &address : addresses)
            output.event(u"blocked", {{u"address"_s, address}}, safeText(address.toString()));
    });
}
