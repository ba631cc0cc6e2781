// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodestatus.h"

#include "numbers.h"
#include "peerchoice.h"

#include <qp2pcore/safetext.h>
#include <qp2pcore/version.h>

#include <QCoreApplication>
#include <QJsonArray>
#include <QMetaEnum>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct NodeStatusText
{
    Q_DECLARE_TR_FUNCTIONS(NodeStatus)
};

template<typename Enum>
QString nameOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(int(value)));
}

QString familyLine(const QString &name, const QJsonObject &family)
{
    QString line = name + u": "_s + reachabilityWords(family);
    line += loneWitnessWords(family);
    if (family.contains(u"observed"_s))
        line += NodeStatusText::tr(", seen at %1").arg(family.value(u"observed"_s).toString());
    if (family.contains(u"reason"_s))
        line += u" ("_s + safeText(family.value(u"reason"_s).toString()) + u')';
    return line;
}

} // namespace

QString roleName(Peer::Role role)
{
    return nameOf(role).toLower();
}

QString linkName(Peer::Link link)
{
    return link == Peer::Link::Unidirectional ? u"uni-directional"_s
        : link == Peer::Link::Bidirectional   ? u"bi-directional"_s
                                              : u"none"_s;
}

QJsonObject reachabilityFields(const Reachability &reachability)
{
    using State = Reachability::State;
    const QString name = reachability.state == State::Reachable ? u"reachable"_s
        : reachability.state == State::Provisional              ? u"provisional"_s
        : reachability.state == State::NotReachable             ? u"not-reachable"_s
                                                                : u"unknown"_s;
    QJsonObject fields{{u"reachability"_s, name}, {u"answers"_s, reachability.answers}};
    if (!reachability.reason.isEmpty())
        fields.insert(u"reason"_s, reachability.reason);
    QJsonArray witnesses;
    for (const PeerAddress &witness : reachability.witnesses)
        witnesses.append(QJsonObject{{u"peerId"_s, witness.peerId().toString()},
                                     {u"address"_s, witness.endpointString()}});
    if (!witnesses.isEmpty())
        fields.insert(u"witnesses"_s, witnesses);
    return fields;
}

QJsonObject familyFields(const NetworkStatus::Family &family)
{
    QJsonObject fields = reachabilityFields(family.reachability);
    if (!family.observedAddress.isNull())
        fields.insert(u"observed"_s, family.observedAddress.endpointString());
    return fields;
}

QString reachabilityWords(const QJsonObject &reachability)
{
    return safeText(reachability.value(u"reachability"_s).toString()).replace(u'-', u' ');
}

QString loneWitnessWords(const QJsonObject &reachability)
{
    const QJsonArray witnesses = reachability.value(u"witnesses"_s).toArray();
    if (witnesses.size() != 1)
        return {};
    const QJsonObject witness = witnesses.first().toObject();
    //: %1: the beginning of a peer id; %2: address and port
    return NodeStatusText::tr(", according to one node only, %1… at %2")
        .arg(safeText(witness.value(u"peerId"_s).toString()).left(12),
             safeText(witness.value(u"address"_s).toString()));
}

QString placeOf(const QJsonObject &peer)
{
    const QJsonObject path = peer.value(u"path"_s).toObject();
    if (path.value(u"kind"_s).toString() == u"relayed")
        //: %1: the beginning of a peer id
        return NodeStatusText::tr("relayed by %1")
            .arg(shortId(safeText(path.value(u"relay"_s).toString())));
    return safeText(peer.value(u"addresses"_s).toArray().first().toString());
}

QJsonObject pathFields(const ConnectionPath &path)
{
    if (path.kind == ConnectionPath::Kind::Direct)
        return {{u"kind"_s, u"direct"_s}};
    return {{u"kind"_s, u"relayed"_s}, {u"relay"_s, path.relay.toString()}};
}

QJsonObject peerFields(const Peer &peer)
{
    QJsonArray addresses;
    const auto known = peer.addresses();
    for (const PeerAddress &address : known)
        addresses.append(address.endpointString());
    quint64 sent = 0;
    quint64 received = 0;
    QJsonObject fields{
        {u"peerId"_s, peer.id().toString()},
        {u"role"_s, roleName(peer.role())},
        {u"link"_s, linkName(peer.link())},
        {u"addresses"_s, addresses},
        {u"agent"_s, peer.agent()},
        {u"chosen"_s, peer.isChosen()},
        {u"since"_s, peer.linkedSince().toString(Qt::ISODate)},
    };
    if (const QString name = peerName(peer); !name.isEmpty())
        fields.insert(u"name"_s, name);
    const auto connections = peer.connections();
    for (const Connection *connection : connections) {
        const ConnectionStats stats = connection->stats();
        sent += stats.bytesSent;
        received += stats.bytesReceived;
        if (connection == connections.first()) {
            fields.insert(u"rttMilliseconds"_s, double(stats.smoothedRtt.count()) / 1e6);
            fields.insert(u"path"_s, pathFields(connection->path()));
        }
    }
    fields.insert(u"connections"_s, connections.size());
    fields.insert(u"bytesSent"_s, qint64(sent));
    fields.insert(u"bytesReceived"_s, qint64(received));
    return fields;
}

QJsonObject statusOf(const Network &network)
{
    const NetworkStatus status = network.status();
    QJsonArray peers;
    const auto linked = network.peers();
    for (const Peer *peer : linked)
        peers.append(peerFields(*peer));
    QJsonArray contacts;
    for (const PeerAddress &contact : status.contacts)
        contacts.append(contact.toString());
    const EndpointStats &stats = status.statistics;
    return {
        {u"version"_s, versionString()},
        {u"pid"_s, QCoreApplication::applicationPid()},
        {u"peerId"_s, status.peerId.toString()},
        {u"network"_s, status.networkName},
        {u"state"_s, nameOf(status.state).toLower()},
        {u"role"_s, roleName(status.role)},
        {u"port"_s, status.localPort},
        {u"ipv4"_s, familyFields(status.ipv4)},
        {u"ipv6"_s, familyFields(status.ipv6)},
        {u"contacts"_s, contacts},
        {u"connections"_s, stats.connections},
        {u"connectionsEvicted"_s, qint64(stats.connectionsEvicted)},
        {u"connectionsClosedForMemory"_s, qint64(stats.connectionsClosedForMemory)},
        {u"receiveBudget"_s, stats.receiveBudget},
        {u"receiveBudgetUsed"_s, stats.receiveBudgetUsed},
        {u"sendBudget"_s, stats.sendBudget},
        {u"sendBudgetUsed"_s, stats.sendBudgetUsed},
        {u"cached"_s, status.cachedNodes},
        {u"cacheFile"_s, status.cacheFile},
        {u"peers"_s, peers},
    };
}

QStringList statusLines(const QJsonObject &status)
{
    const auto text = [&status](const char *name) {
        return safeText(status.value(QLatin1StringView(name)).toString());
    };
    const QString network = text("network");
    QStringList lines{
        NodeStatusText::tr("Peer id:  %1").arg(text("peerId")),
        NodeStatusText::tr("Network:  %1")
            .arg(network.isEmpty() ? NodeStatusText::tr("(no name)") : network),
        NodeStatusText::tr("State:    %1, as a %2, port %3")
            .arg(text("state"), text("role"))
            .arg(status.value(u"port"_s).toInt()),
        familyLine(NodeStatusText::tr("IPv4"), status.value(u"ipv4"_s).toObject()),
        familyLine(NodeStatusText::tr("IPv6"), status.value(u"ipv6"_s).toObject()),
        NodeStatusText::tr(
            "Memory:   %1 of %2 received, %3 of %4 to be sent; connections evicted: %5, closed for "
            "memory: %6")
            .arg(formatBytes(status.value(u"receiveBudgetUsed"_s).toInteger()),
                 formatBytes(status.value(u"receiveBudget"_s).toInteger()),
                 formatBytes(status.value(u"sendBudgetUsed"_s).toInteger()),
                 formatBytes(status.value(u"sendBudget"_s).toInteger()),
                 QString::number(status.value(u"connectionsEvicted"_s).toInteger()),
                 QString::number(status.value(u"connectionsClosedForMemory"_s).toInteger())),
        counted(status.value(u"cached"_s).toInteger(), NodeStatusText::tr("Cache:    1 node"),
                NodeStatusText::tr("Cache:    %1 nodes")),
    };
    const QJsonArray peers = status.value(u"peers"_s).toArray();
    lines.append(NodeStatusText::tr("Peers:    %1").arg(peers.size()));
    for (const QJsonValue &value : peers) {
        lines.append(u"  "_s + peerLine(value.toObject()));
    }
    return lines;
}

QString peerLine(const QJsonObject &peer)
{
    const QString rtt = QString::number(peer.value(u"rttMilliseconds"_s).toDouble(), 'f', 1);
    const QString name = safeText(peer.value(u"name"_s).toString());
    return shortId(safeText(peer.value(u"peerId"_s).toString())) + u"  "_s
        + (name.isEmpty() ? QString() : QString(name + u"  "_s))
        + safeText(peer.value(u"role"_s).toString()).leftJustified(7)
        + safeText(peer.value(u"link"_s).toString()).leftJustified(16)
        + placeOf(peer).leftJustified(24)
        + NodeStatusText::tr("%1 ms, %2 out, %3 in")
              .arg(rtt, formatBytes(peer.value(u"bytesSent"_s).toInteger()),
                   formatBytes(peer.value(u"bytesReceived"_s).toInteger()));
}
