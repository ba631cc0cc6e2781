// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodelink.h"

#include "commandline.h"
#include "nodesockets.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

struct NodeLinkText
{
    Q_DECLARE_TR_FUNCTIONS(NodeLink)
};

constexpr std::chrono::milliseconds AskTime =
    1s; // for each node: one that is stopped must not hold us up

QJsonArray peersOf(const QString &path)
{
    const auto answer = ControlClient::ask(path, u"peers"_s, {}, AskTime);
    return answer ? answer->value(u"peers"_s).toArray() : QJsonArray();
}

bool hasPeer(const QString &path, const QString &word)
{
    QString beginning = word;
    while (beginning.endsWith(u'…') || beginning.endsWith(u'.'))
        beginning.chop(1);
    const QJsonArray peers = peersOf(path);
    return std::any_of(peers.cbegin(), peers.cend(), [&beginning](const QJsonValue &value) {
        return value[u"peerId"_s].toString().startsWith(beginning, Qt::CaseInsensitive)
            || value[u"name"_s].toString().compare(beginning, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

namespace NodeLink {

void addTo(CommandLine &line)
{
    line.addOption(
        u"socket"_s,
        NodeLinkText::tr("The control socket of the running node to ask. Default: that of the "
                         "only one of yours."),
        u"FILE"_s);
}

Result<QString> find(const CommandLine &line, const QString &peer)
{
    if (line.isSet(u"socket"_s))
        return line.value(u"socket"_s);
    const QStringList paths = nodeSockets().paths;
    if (paths.isEmpty())
        return Error(ErrorCode::FileNotFound,
                     NodeLinkText::tr("No node of yours is running. \"qp2p node\" starts one."));
    if (paths.size() == 1)
        return paths.first();
    QStringList having;
    for (const QString &path : paths) {
        if (!peer.isEmpty() && hasPeer(path, peer))
            having.append(path);
    }
    if (having.size() == 1)
        return having.first();
    return Error(
        ErrorCode::InvalidArgument,
        NodeLinkText::tr("Several nodes of yours are running. Choose one with --socket: %1.")
            .arg((having.isEmpty() ? paths : having).join(u", "_s)));
}

std::optional<NodePeer> findByAddress(const CommandLine &line, const QString &address)
{
    const QStringList paths = line.isSet(u"socket"_s) ? QStringList{line.value(u"socket"_s)}
                                                      : nodeSockets().paths;
    for (const QString &path : paths) {
        const QJsonArray peers = peersOf(path);
        for (const QJsonValue &peer : peers) {
            if (peer[u"addresses"_s].toArray().contains(address))
                return NodePeer{path, peer[u"peerId"_s].toString()};
        }
    }
    return {};
}

} // namespace NodeLink
