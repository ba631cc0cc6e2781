// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What members tell each other: goodbyes, other nodes, and what they see of each other.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/addressscope.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p {

using Engine::Hello;
using Peering::Access;
using Peering::DialBackAnswer;
using Peering::OwnAddresses;

namespace {

constexpr quint64 Second = 1'000'000'000;
constexpr quint64 PeersInterval = 30 * Second; // one answer in that time, for each peer

bool isOf(const Connection &connection, QAbstractSocket::NetworkLayerProtocol family)
{
    return connection.peerAddress().address().protocol() == family;
}

Peering::Witness witnessOf(const Peer &peer, const Connection &connection)
{
    const PeerAddress address = connection.peerAddress();
    return {peer.id(), Peering::addressGroup(address.address()),
            PeerAddress(address.address(), address.port(), peer.id())};
}

} // namespace

template<typename Message>
void Network::Private::handleControl(void (Private::*handler)(const Sender &, const Message &))
{
    control.handle<Message>([this, handler](Connection *connection, const Message &message) {
        Peer *peer = all.value(connection->peerId());
        if (peer)
            (this->*handler)({peer, connection, std::exchange(peer->d->paidBefore, 0)}, message);
    });
}

void Network::Private::registerControlHandlers()
{
    handleControl(&Private::goodbyeReceived);
    handleControl(&Private::dialBackRequested);
    handleControl(&Private::dialBackAnswered);
    handleControl(&Private::arrivalReceived);
    handleControl(&Private::peersRequested);
    handleControl(&Private::peersReceived);
}

void Network::Private::goodbyeReceived(const Sender &from, const Peering::Goodbye &goodbye)
{
    Error &farewell = from.peer->d->farewell;
    farewell = Error(ErrorCode::ClosedByPeer, QStringLiteral("The peer left the network."));
    farewell.closeCode = goodbye.code;
    farewell.closeReason = QString::fromUtf8(goodbye.reason);
}

void Network::Private::dialBackRequested(const Sender &from, const Peering::DialBackRequest &request)
{
    if (request.target.isNull()) {
        if (request.id == 0)
            from.peer->d->paidBefore = request.size;
        checker->check(from.connection, request);
    } else if (from.peer->d->link == Peer::Link::Unidirectional) {
        checker->help(from.connection, request, quint64(from.paidBefore));
    } else { // only nodes may ask for others: they report what they have observed
        Access::send(*from.connection,
                     encode(DialBackAnswer{
                         request.id, DialBackAnswer::Result::Refused, "only for nodes", {}}));
    }
}

void Network::Private::dialBackAnswered(const Sender &from, const DialBackAnswer &answer)
{
    takeAnswer(from.peer, from.connection, answer);
}

void Network::Private::arrivalReceived(const Sender &from, const Peering::DialBackArrival &arrival)
{
    checker->arrived(from.connection, arrival.nonce);
}

void Network::Private::peersRequested(const Sender &from, const Peering::PeersRequest &)
{
    tellPeers(from.peer, from.connection);
}

void Network::Private::peersReceived(const Sender &from, const Peering::PeersAnswer &answer)
{
    takePeers(from.peer, from.connection, answer);
}

//! Told to those who may have asked for it, and not as often as strangers like to dial: whoever gets too
//! many control messages of us ends the connection.
void Network::Private::dialBackArrived(const QByteArray &nonce)
{
    const Peering::Time time = Peering::toTime(now());
    if (!ownAddresses.takeArrivalReport(time))
        return;
    const QByteArray frame = encode(Peering::DialBackArrival{nonce});
    for (const Peer *peer : std::as_const(all)) {
        const bool isJudging = peer->d->link == Peer::Link::None;
        if (peer->d->outgoing && (isJudging || ownAddresses.isCheckRecent(peer->d->id, time)))
            Access::send(*peer->d->outgoing, frame);
    }
}

// ---- the answer to our claim, or to a request

void Network::Private::takeAnswer(Peer *peer, Connection *connection, const DialBackAnswer &answer)
{
    // Only who was dialled by us judges a claim of ours; a helper answers on the link that we asked it on,
    // which we have dialled, too.
    if (connection != peer->d->outgoing)
        return;
    const bool isClaim = answer.id == 0;
    if (!isClaim && !ownAddresses.isOwnCheck(peer->d->id, answer.id)) {
        checker->answered(connection, answer);
        return;
    }
    const QPointer<Network> alive(q);
    const QPointer<Peer> alivePeer(peer);
    const Family family = connection->peerAddress().address().protocol();
    DialBackAnswer::Result result = answer.result;
    // It came to us by itself. From an address that we had talked to before, a NAT may have let it in.
    if (isClaim && !peer->d->chosen && peer->d->wasTouched
        && result == DialBackAnswer::Result::Reachable)
        result = DialBackAnswer::Result::Provisional;
    ownAddresses.recordAnswer(family, witnessOf(*peer, *connection), result,
                              QString::fromUtf8(answer.reason));
    if (isClaim && Access::ownRole(*connection) == Hello::Role::Node
        && Access::peerRole(*connection) == Hello::Role::Node) {
        switch (answer.acceptedAs) {
        case Hello::Role::Node:
            peer->d->theirs = Verdict::Node;
            updateLink(peer);
            break;
        case Hello::Role::Client:
            peer->d->theirs = Verdict::Client;
            link(peer, Peer::Link::Bidirectional, Peer::Role::Node);
            break;
        case Hello::Role::None:
            break; // it closes
        }
    }
    if (alive)
        evaluate(family);
}

QList<Peering::Witness> Network::Private::witnesses(Family family) const
{
    QList<Peering::Witness> list;
    for (const Peer *peer : std::as_const(all)) {
        const Connection *connection = peer->d->outgoing;
        if (connection && isOf(*connection, family) && peer->d->announced
            && peer->d->role == Peer::Role::Node)
            list.append(witnessOf(*peer, *connection));
    }
    return list;
}

void Network::Private::evaluate(Family family)
{
    const QPointer<Network> alive(q);
    const OwnAddresses::Evaluation found = ownAddresses.evaluate(family, witnesses(family));
    using Observed = OwnAddresses::ObservedChange;
    const Observed change = ownAddresses.setObserved(family, found.observed);
    if (change == Observed::Moved) {
        for (Peer *peer : std::as_const(order))
            askForCheck(peer);
    }
    if (change != Observed::None)
        Q_EMIT q->observedAddressChanged(family, found.observed);
    if (alive && ownAddresses.setReachability(family, found.reachability))
        Q_EMIT q->reachabilityChanged(family, found.reachability);
    if (alive)
        updateRole();
}

//! A node that is unreachable wherever it was checked is a client, until a node finds otherwise.
void Network::Private::updateRole()
{
    if (config.role() != Peer::Role::Node)
        return;
    const Peer::Role next = ownAddresses.isUnreachable() ? Peer::Role::Client : Peer::Role::Node;
    if (next == role)
        return;
    role = next;
    Access::setRole(*endpoint, role == Peer::Role::Node ? Hello::Role::Node : Hello::Role::Client);
    Q_EMIT q->roleChanged(role);
}

void Network::Private::askForCheck(Peer *peer)
{
    Connection *connection = peer->d->outgoing;
    if (!connection || config.role() != Peer::Role::Node || peer->d->role != Peer::Role::Node)
        return;
    const quint64 id = ownAddresses.beginCheck(peer->d->id, Peering::toTime(now()));
    if (id == 0)
        return;
    Peering::DialBackRequest request;
    request.id = id;
    request.port = portClaimedTo(*connection);
    Access::send(*connection, encode(request));
    payForChecks(peer); // two dials of up to Peering::MaxDialBackPayment bytes
}

//! The peer charges us for dials to our address.
void Network::Private::payForChecks(Peer *peer)
{
    if (!peer->d->outgoing)
        return;
    Peering::DialBackRequest payment;
    payment.port = portClaimedTo(*peer->d->outgoing);
    for (int i = 0; i < 2 && peer->d->outgoing; ++i)
        Access::send(*peer->d->outgoing, encode(payment));
}

quint16 Network::Private::portClaimedTo(const Connection &connection) const
{
    return ownAddresses.claimedPorts()->portFor(connection.peerAddress().address(),
                                                endpoint->localPort());
}

// ---- other nodes

bool Network::Private::askForPeers(Peer *peer)
{
    Connection *connection = peer->d->sending();
    const quint64 time = now();
    if (!connection
        || (peer->d->askedForPeersAt != 0 && peer->d->askedForPeersAt + PeersInterval > time))
        return false;
    peer->d->askedForPeersAt = time;
    peer->d->awaitsPeers = true;
    Access::send(*connection, encode(Peering::PeersRequest{}));
    return true;
}

void Network::Private::tellPeers(Peer *peer, Connection *connection)
{
    const quint64 time = now();
    // A little earlier than the other side asks, for its clock and ours are not the same.
    if (peer->d->toldPeersAt != 0 && peer->d->toldPeersAt + PeersInterval - Second > time)
        return;
    peer->d->toldPeersAt = time;
    const QHostAddress asker = connection->peerAddress().address();
    QList<Peering::AdvertisedNode> nodes;
    for (const Peer *other : std::as_const(order)) {
        if (other == peer || other->d->role != Peer::Role::Node || !other->d->outgoing)
            continue;
        const PeerAddress address = other->d->outgoing->peerAddress();
        if (Peering::mayPass(address.address(), address.port(), asker, ownAddresses.networks()))
            nodes.append({other->d->id, {Io::toSocketAddress(address.address(), address.port())}});
    }
    Peering::PeersAnswer answer;
    while (!nodes.isEmpty() && answer.nodes.size() < Peering::MaxAdvertisedNodes)
        answer.nodes.append(nodes.takeAt(qsizetype(random(quint32(nodes.size())))));
    Access::send(*connection, encode(answer));
}

void Network::Private::takePeers(Peer *peer, Connection *connection,
                                 const Peering::PeersAnswer &answer)
{
    if (!std::exchange(peer->d->awaitsPeers, false))
        return; // nobody asked for it
    const QHostAddress teller = connection->peerAddress().address();
    const Peering::CandidateBook::Source source{peer->d->id, Peering::addressGroup(teller)};
    const auto budget = std::make_shared<Peering::DialBudget>();
    for (const Peering::AdvertisedNode &node : answer.nodes) {
        QList<PeerAddress> addresses;
        for (const Engine::SocketAddress &address : node.addresses) {
            const QHostAddress host = Peering::asSeenFrom(teller, Io::toHostAddress(address));
            if (Peering::mayPass(host, address.port(), teller, ownAddresses.networks()))
                addresses.append(PeerAddress(host, address.port()));
        }
        if (node.id != endpoint->peerId())
            book.add(source, node.id, addresses, budget);
    }
}

// ---- what the checker wants to know

QList<Connection *> Network::Private::nodeConnections() const
{
    QList<Connection *> list;
    for (const Peer *peer : order) {
        if (peer->d->link == Peer::Link::Unidirectional && peer->d->outgoing)
            list.append(peer->d->outgoing);
    }
    return list;
}

bool Network::Private::isKnown(const QHostAddress &address, const PeerId &peerId) const
{
    return all.contains(peerId) || lastTouch.contains(address);
}

} // namespace Qp2p
