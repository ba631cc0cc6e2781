// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodeevents.h"

#include "nodestatus.h"
#include "peerchoice.h"

#include <qp2pcore/closecode.h>
#include <qp2pcore/networkstatus.h>
#include <qp2pcore/safetext.h>

#include <QDateTime>
#include <QJsonArray>
#include <QMetaEnum>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

QJsonObject eventFields(const Peer &peer)
{
    QJsonObject fields{
        {u"peerId"_s, peer.id().toString()},
        {u"role"_s, roleName(peer.role())},
        {u"link"_s, linkName(peer.link())},
        {u"address"_s, peer.addresses().value(0).endpointString()},
        {u"agent"_s, peer.agent()},
    };
    if (const QString name = peerName(peer); !name.isEmpty())
        fields.insert(u"name"_s, name);
    if (const auto connections = peer.connections(); !connections.isEmpty())
        fields.insert(u"path"_s, pathFields(connections.first()->path()));
    return fields;
}

} // namespace

NodeEvents::NodeEvents(const Network &network, Output &output, QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_output(output)
{
    connect(&network, &Network::joinProgress, this, &NodeEvents::printCandidate);
    connect(&network, &Network::peerConnected, this, &NodeEvents::printConnected);
    connect(&network, &Network::peerDisconnected, this,
            [this](const Peer *peer, const Error &reason) { printDisconnected(*peer, reason); });
    connect(&network, &Network::reachabilityChanged, this, &NodeEvents::printReachability);
    connect(&network, &Network::observedAddressChanged, this, &NodeEvents::printReachability);
    connect(&network, &Network::roleChanged, this, &NodeEvents::printRole);
    connect(network.endpoint(), &Endpoint::handshakeFailed, this, &NodeEvents::printRefused);
    connect(network.endpoint(), &Endpoint::connectionClosed, this,
            [this](const Connection *connection, const Error &reason) {
                if (connection->direction() == Connection::Direction::Incoming
                    && reason.code == ErrorCode::ClosedLocally)
                    printRefusedConnection(*connection, reason);
            });
    connect(&network, &Network::errorOccurred, this,
            [this](const Error &error) { m_output.error(error); });
    connect(&network, &Network::peerKeyChanged, this, &NodeEvents::printChangedKey);
    connect(&network, &Network::identityConflict, this, &NodeEvents::printConflict);
    connect(&network, &Network::certificateExpiring, this, &NodeEvents::printExpiring);
}

void NodeEvents::printCandidate(const JoinCandidate &candidate)
{
    const auto name = [](auto value) {
        return QString::fromLatin1(QMetaEnum::fromType<decltype(value)>().valueToKey(int(value)))
            .toLower();
    };
    const QString address = candidate.addresses.value(0).toString();
    QJsonObject fields{
        {u"candidate"_s, address},
        {u"source"_s, name(candidate.source)},
        {u"state"_s, name(candidate.state)},
    };
    if (candidate.error.isError())
        fields.insert(u"error"_s, errorFields(candidate.error));
    using State = JoinCandidate::State;
    QString line;
    if (candidate.state == State::Dialling)
        line = tr("Joining through %1 …").arg(safeText(address));
    else if (candidate.state == State::Failed)
        line = tr("Not through %1: %2")
                   .arg(safeText(candidate.addresses.value(0).endpointString()),
                        safeText(candidate.error.message));
    m_output.event(u"joining", fields, line);
}

void NodeEvents::printRole(Peer::Role role)
{
    m_output.event(u"role", {{u"role"_s, roleName(role)}},
                   role == Peer::Role::Client
                       ? tr("Others cannot reach this node: it takes part as a client.")
                       : tr("Others can reach this node again: it takes part as a node."));
}

void NodeEvents::printConnected(const Peer *peer)
{
    m_output.limitedEvent(EventLimit::Kind::Peer, u"peer-connected", eventFields(*peer),
                          tr("Peer %1 at %2, a %3; the link is %4.")
                              .arg(peer->id().toString(), placeOf(peerFields(*peer)),
                                   roleName(peer->role()), linkName(peer->link())));
    const auto connections = peer->connections();
    for (const Connection *connection : connections)
        connect(connection, &Connection::pathChanged, this,
                [this, peer](const ConnectionPath &path) { printPath(*peer, path); });
    connect(peer, &Peer::messageReceived, this, [this, peer](const Message &message) {
        m_output.detail(
            tr("A message of %1 bytes from %2.").arg(message.size()).arg(peer->id().toString()));
    });
}

//! Of connections over other nodes: another address of a peer is not worth a line.
void NodeEvents::printPath(const Peer &peer, const ConnectionPath &path)
{
    if (path.kind != ConnectionPath::Kind::Relayed)
        return;
    QJsonObject fields = pathFields(path);
    fields.insert(u"peerId"_s, peer.id().toString());
    m_output.event(
        u"path", fields,
        tr("Peer %1 is now relayed by %2.").arg(peer.id().toString(), path.relay.toString()));
}

void NodeEvents::printDisconnected(const Peer &peer, const Error &reason)
{
    QJsonObject fields = eventFields(peer);
    fields.insert(u"reason"_s, errorFields(reason));
    m_output.limitedEvent(
        EventLimit::Kind::Peer, u"peer-disconnected", fields,
        tr("Peer %1 is gone: %2").arg(peer.id().toString(), safeText(reason.message)));
}

void NodeEvents::printChangedKey(const BootstrapCache::Entry &known, const Error &error)
{
    QJsonObject fields = errorFields(error);
    fields.insert(u"peerId"_s, known.peerId.toString());
    m_output.event(u"peer-key-changed", fields, {});
    printProblem(tr("The node %1 is not what it was: %2 If you know why, run \"qp2p cache remove "
                    "%1\".")
                     .arg(known.peerId.toString(), safeText(error.message)));
}

void NodeEvents::printConflict(const PeerId &peerId, const QList<PeerAddress> &addresses)
{
    QStringList where;
    for (const PeerAddress &address : addresses)
        where.append(address.endpointString());
    m_output.limitedEvent(
        EventLimit::Kind::Peer, u"identity-conflict",
        {{u"peerId"_s, peerId.toString()}, {u"addresses"_s, QJsonArray::fromStringList(where)}},
        tr("Two programs use the identity of the peer %1 at the same time, at %2. The one at the "
           "first address stays linked. Ask its operator whether a machine was copied, or the key "
           "was stolen.")
            .arg(peerId.toString(), safeText(where.join(tr(" and ")))));
}

void NodeEvents::printExpiring(const PeerId &peerId, const QDateTime &when)
{
    const bool isOwn = peerId == m_network.peerId();
    const QString until = when.toString(Qt::ISODate);
    m_output.limitedEvent(
        EventLimit::Kind::Peer, u"certificate-expiring",
        {{u"peerId"_s, peerId.toString()}, {u"isOwn"_s, isOwn}, {u"validUntil"_s, until}},
        isOwn ? tr("The certificate of this node expires on %1. Get a new one for its key, replace "
                   "the identity file, and send SIGHUP.")
                    .arg(until)
              : tr("The certificate of the peer %1 expires on %2: its connections end then.")
                    .arg(peerId.toString(), until));
}

void NodeEvents::printReachability(QAbstractSocket::NetworkLayerProtocol family)
{
    const NetworkStatus::Family known = m_network.status().family(family);
    QJsonObject fields = familyFields(known);
    const bool isIpv6 = family == QAbstractSocket::IPv6Protocol;
    const PeerAddress &observed = known.observedAddress;
    fields.insert(u"family"_s, isIpv6 ? u"IPv6"_s : u"IPv4"_s);
    const QString seen = loneWitnessWords(fields)
        + (observed.isNull() ? QString() : tr(", seen at %1").arg(observed.endpointString()));
    const QString reason = fields.value(u"reason"_s).toString();
    m_output.event(u"reachability", fields,
                   tr("%1: %2%3%4")
                       .arg(isIpv6 ? u"IPv6"_s : u"IPv4"_s, reachabilityWords(fields), seen,
                            reason.isEmpty() ? QString() : QString(u". "_s + safeText(reason))));
}

//! The rule is the error's code: Blocked, WrongNetwork, NotAMember, NotReachable or one of the Certificate… codes.
void NodeEvents::printRefused(const PeerAddress &peer, const Error &reason)
{
    QJsonObject fields = errorFields(reason);
    fields.insert(u"address"_s, peer.endpointString());
    m_output.limitedEvent(
        EventLimit::Kind::Failure, u"refused", fields,
        tr("Refused %1: %2").arg(safeText(peer.endpointString()), safeText(reason.message)));
}

//! The network accepts a connection before it knows whether it wants the peer.
void NodeEvents::printRefusedConnection(const Connection &connection, const Error &reason)
{
    Error rule;
    if (reason.closeCode == CloseCode::NotAMember)
        rule = Error(ErrorCode::NotAMember, tr("The program belongs to no network."));
    else if (reason.closeCode == CloseCode::NotReachable)
        rule = Error(ErrorCode::NotReachable, tr("The node cannot be dialled back."));
    if (rule.isError())
        printRefused(connection.peerAddress(), rule);
}
