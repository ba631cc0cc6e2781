// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What members send each other: goodbyes, other nodes, and what they see of each other.
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
using Peering::LinkPointer;
using Peering::LinkState;
using ClaimResult = Peering::LinkState::ClaimResult;
using Peering::OwnAddresses;

namespace {

bool isOf(const Connection &connection, QAbstractSocket::NetworkLayerProtocol family)
{
    return connection.peerAddress().address().protocol() == family;
}

Peering::Witness witnessOf(const PeerId &peerId, const Connection &connection)
{
    const PeerAddress address = connection.peerAddress();
    return {peerId, Peering::addressGroup(address.address()),
            PeerAddress(address.address(), address.port(), peerId)};
}

} // namespace

template<typename Message>
void Network::Private::handleControl(void (Private::*handler)(const Sender &, const Message &))
{
    control.handle<Message>([this, handler](Connection *connection, const Message &message) {
        const LinkPointer link = links.find(connection->peerId());
        if (link)
            (this->*handler)({link, connection, std::exchange(link->paidBefore, 0)}, message);
    });
}

template<typename Message>
void Network::Private::handleDirect(void (Private::*handler)(const Sender &, const Message &))
{
    control.handle<Message>([this, handler](Connection *connection, const Message &message) {
        const LinkPointer link = links.find(connection->peerId());
        if (link && !Access::isAssisted(*connection))
            (this->*handler)({link, connection, std::exchange(link->paidBefore, 0)}, message);
    });
}

void Network::Private::registerControlHandlers()
{
    handleControl(&Private::goodbyeReceived);
    handleControl(&Private::identityInUseReceived);
    handleDirect(&Private::dialBackRequested);
    handleDirect(&Private::dialBackAnswered);
    handleDirect(&Private::arrivalReceived);
    handleDirect(&Private::addressObserved);
    handleDirect(&Private::peersRequested);
    handleDirect(&Private::peersReceived);
    handleDirect(&Private::legRequested);
    handleDirect(&Private::legOffered);
    handleDirect(&Private::legAnswered);
    handleDirect(&Private::legOpened);
    handleDirect(&Private::legClosed);
}

void Network::Private::goodbyeReceived(const Sender &from, const Peering::Goodbye &goodbye)
{
    Error &farewell = from.link->farewell;
    farewell = Error(ErrorCode::ClosedByPeer,
                     QStringLiteral("The peer left the network. Connect to it once it is back."));
    farewell.closeCode = goodbye.code;
    farewell.closeReason = QString::fromUtf8(goodbye.reason);
}

void Network::Private::dialBackRequested(const Sender &from, const Peering::DialBackRequest &request)
{
    if (request.target.isNull()) {
        if (request.id == 0)
            from.link->paidBefore = request.size;
        checker->check(from.connection, request);
    } else if (from.link->state().isUnidirectional()) {
        checker->help(from.connection, request, quint64(from.paidBefore));
    } else { // only nodes may ask for others: they report what they have observed
        Access::send(*from.connection,
                     encode(DialBackAnswer{
                         request.id, DialBackAnswer::Result::Refused, "only for nodes", {}}));
    }
}

void Network::Private::dialBackAnswered(const Sender &from, const DialBackAnswer &answer)
{
    takeAnswer(from.link, from.connection, answer);
}

void Network::Private::arrivalReceived(const Sender &from, const Peering::DialBackArrival &arrival)
{
    checker->arrived(from.connection, arrival.nonce);
}

void Network::Private::peersRequested(const Sender &from, const Peering::PeersRequest &)
{
    sendPeers(from.link, from.connection);
}

void Network::Private::peersReceived(const Sender &from, const Peering::PeersAnswer &answer)
{
    addAdvertised(from.link, from.connection, answer);
}

// ---- addresses that change

//! A peer that we have dialled sees us at another address than before.
void Network::Private::addressObserved(const Sender &from, const Peering::ObservedAddress &observed)
{
    const QHostAddress address = Io::toHostAddress(observed.address);
    const Family family = from.connection->peerAddress().address().protocol();
    if (from.connection != from.link->outgoing() || address.protocol() != family)
        return;
    const PeerAddress own(address, observed.address.port());
    Access::setObservedAddress(*from.connection, own);
    if (Access::peerRole(*from.connection) != Hello::Role::Node)
        return;
    const QHostAddress peer = from.connection->peerAddress().address();
    if (ownAddresses.recordObserved(family, {from.link->id, Peering::addressGroup(peer)}, own))
        ownAddresses.renewCheck(family, from.link->id, currentTime());
    ownAddresses.requestEvaluation(family);
}

//! A peer that has dialled us has proven that it is at another address now.
void Network::Private::peerMoved(Connection *connection)
{
    const LinkPointer link = links.find(connection->peerId());
    if (!link || connection != link->incoming())
        return;
    const PeerAddress address = connection->peerAddress();
    links.recordTouch(address.address(), currentTime());
    Access::send(
        *connection,
        encode(Peering::ObservedAddress{Io::toSocketAddress(address.address(), address.port())}));
    checker->peerMoved(connection);
}

//! \brief Where a node has moved, our half of its link leads to where it was.
void Network::Private::requestPassed(Connection *connection, quint16 port)
{
    const LinkPointer link = links.find(connection->peerId());
    if (!link || connection != link->incoming() || !link->state().isUnidirectional())
        return;
    const PeerAddress address(connection->peerAddress().address(), port, link->id);
    const QHostAddress dialled = link->outgoing() ? link->outgoing()->peerAddress().address()
                                                  : link->description.addresses.value(0).address();
    if (dialled == address.address())
        return;
    link->recordAddress(address);
    keeper->halfArrived(link->id); // dials to where it was are of no use
    keeper->dialSecondHalf(link->id, address);
}

//! Reported to peers that may have asked for it, and not as often as strangers like to dial: a peer that gets too
//! many control messages ends the connection.
void Network::Private::dialBackArrived(const QByteArray &nonce)
{
    const Peering::Time time = currentTime();
    if (!ownAddresses.takeArrivalReport(time))
        return;
    const QByteArray frame = encode(Peering::DialBackArrival{nonce});
    const QList<LinkPointer> all = links.all();
    for (const LinkPointer &link : all) {
        // It may have taken us without a check, and make it later.
        const bool isChecking = !link->state().isEstablished()
            || link->state().ownClaim() == ClaimResult::Client;
        if (link->outgoing() && (isChecking || ownAddresses.isCheckRecent(link->id, time)))
            Access::send(*link->outgoing(), frame);
    }
}

// ---- the answer to our claim, or to a request

void Network::Private::takeAnswer(const LinkPointer &link, Connection *connection,
                                  const DialBackAnswer &answer)
{
    // Only a peer that we have dialled checks a claim of ours; a helper answers on the link that we asked it on,
    // which we have dialled, too.
    if (connection != link->outgoing())
        return;
    const bool isClaim = answer.id == 0;
    if (!isClaim && !ownAddresses.isOwnCheck(link->id, answer.id)) {
        checker->answered(connection, answer);
        return;
    }
    const QPointer<Network> alive(q);
    const Family family = connection->peerAddress().address().protocol();
    DialBackAnswer::Result result = answer.result;
    // It came to us by itself. From an address that we had talked to before, a NAT may have let it in.
    if (isClaim && !link->origin.isChosen && link->origin.wasTouched
        && result == DialBackAnswer::Result::Reachable)
        result = DialBackAnswer::Result::Provisional;
    ownAddresses.recordAnswer(family, witnessOf(link->id, *connection), result,
                              QString::fromUtf8(answer.reason));
    if (isClaim && Access::ownRole(*connection) == Hello::Role::Node
        && Access::peerRole(*connection) == Hello::Role::Node)
        ownClaimAnswered(link, answer.acceptedAs);
    if (alive)
        evaluate(family);
}

void Network::Private::ownClaimAnswered(const LinkPointer &link, Hello::Role acceptedAs)
{
    switch (acceptedAs) {
    case Hello::Role::Node:
        link->state().setOwnClaim(ClaimResult::Node);
        pairLink(link);
        break;
    case Hello::Role::Client:
        link->state().setOwnClaim(ClaimResult::Client);
        shareLink(link, LinkState::Role::Node);
        break;
    case Hello::Role::None:
        break; // it closes
    }
}

QList<Peering::Witness> Network::Private::witnesses(Family family) const
{
    QList<Peering::Witness> list;
    const QList<LinkPointer> all = links.all();
    for (const LinkPointer &link : all) {
        const Connection *connection = link->outgoing();
        if (connection && isOf(*connection, family) && link->isAnnounced
            && link->state().role() == LinkState::Role::Node)
            list.append(witnessOf(link->id, *connection));
    }
    return list;
}

void Network::Private::evaluate(Family family)
{
    const QPointer<Network> alive(q);
    const QList<Peering::Witness> able = witnesses(family);
    OwnAddresses::Evaluation found = ownAddresses.evaluate(family, able);
    using Observed = OwnAddresses::ObservedChange;
    const Observed change = ownAddresses.setObserved(family, found.observed);
    if (change == Observed::Moved) {
        observedMoved(family, able, found.observers);
        found = ownAddresses.evaluate(family, able);
    }
    // Both before anything is emitted: what a slot sees of one must not be about what the other was.
    const bool isOther = ownAddresses.setReachability(family, found.reachability);
    if (change != Observed::None)
        Q_EMIT q->observedAddressChanged(family, found.observed);
    if (alive && isOther)
        Q_EMIT q->reachabilityChanged(family, ownAddresses.reachability(family));
    if (alive)
        updateRole();
}

//! \brief Nodes see us elsewhere. That they are asked again costs little; the rest takes more than one voice, and is
//! not done as often as they like to say so.
void Network::Private::observedMoved(Family family, const QList<Peering::Witness> &able, int voices)
{
    ownAddresses.renewRound(family, able, currentTime());
    if (voices >= Peering::MinReachable && ownAddresses.takeMove(currentTime()))
        retryDials();
}

void Network::Private::updateRole()
{
    if (!ownAddresses.updateRole())
        return;
    const Peer::Role role = q->role();
    Access::setRole(*endpoint, role == Peer::Role::Node ? Hello::Role::Node : Hello::Role::Client);
    Q_EMIT q->roleChanged(role);
}

void Network::Private::askForCheck(const LinkPointer &link)
{
    Connection *connection = link->outgoing();
    if (!connection || config.role() != Peer::Role::Node
        || link->state().role() != LinkState::Role::Node)
        return;
    const quint64 id = ownAddresses.beginCheck(connection->peerAddress().address().protocol(),
                                               link->id, currentTime());
    if (id == 0)
        return;
    Peering::DialBackRequest request;
    request.id = id;
    request.port = portClaimedTo(*connection);
    Access::send(*connection, encode(request));
    payForChecks(link); // two dials of up to Peering::MaxDialBackPayment bytes
}

//! The peer charges us for dials to our address.
void Network::Private::payForChecks(const LinkPointer &link)
{
    if (!link->outgoing())
        return;
    Peering::DialBackRequest payment;
    payment.port = portClaimedTo(*link->outgoing());
    for (int i = 0; i < 2 && link->outgoing(); ++i)
        Access::send(*link->outgoing(), encode(payment));
}

quint16 Network::Private::portClaimedTo(const Connection &connection) const
{
    return ownAddresses.claimedPorts()->portFor(connection.peerAddress().address(),
                                                endpoint->localPort());
}

// ---- other nodes

bool Network::Private::askForPeers(const LinkPointer &link)
{
    Connection *connection = link->sending();
    if (!connection || !keeper->beginPeersRequest(link->id, currentTime()))
        return false;
    Access::send(*connection, encode(Peering::PeersRequest{}));
    return true;
}

void Network::Private::sendPeers(const LinkPointer &link, Connection *connection)
{
    if (!keeper->beginPeersAnswer(link->id, currentTime()))
        return;
    const QHostAddress asker = connection->peerAddress().address();
    QList<Peering::AdvertisedNode> nodes;
    const QList<LinkPointer> established = links.established();
    for (const LinkPointer &other : established) {
        if (other == link || other->state().role() != LinkState::Role::Node || !other->outgoing())
            continue;
        const PeerAddress address = other->outgoing()->peerAddress();
        if (Peering::mayPass(address.address(), address.port(), asker, ownAddresses.networks()))
            nodes.append({other->id, {Io::toSocketAddress(address.address(), address.port())}});
    }
    Peering::PeersAnswer answer;
    while (!nodes.isEmpty() && answer.nodes.size() < Peering::MaxAdvertisedNodes)
        answer.nodes.append(nodes.takeAt(qsizetype(randomBelow(quint32(nodes.size())))));
    Access::send(*connection, encode(answer));
}

void Network::Private::addAdvertised(const LinkPointer &link, Connection *connection,
                                     const Peering::PeersAnswer &answer)
{
    if (!keeper->takePeersAnswer(link->id))
        return; // it was not asked
    const QHostAddress peer = connection->peerAddress().address();
    const Peering::CandidateBook::Source source{link->id, Peering::addressGroup(peer)};
    const auto budget = std::make_shared<Peering::DialBudget>();
    for (const Peering::AdvertisedNode &node : answer.nodes) {
        QList<PeerAddress> addresses;
        for (const Engine::SocketAddress &address : node.addresses) {
            const QHostAddress host = Peering::asSeenFrom(peer, Io::toHostAddress(address));
            if (Peering::mayPass(host, address.port(), peer, ownAddresses.networks()))
                addresses.append(PeerAddress(host, address.port()));
        }
        keeper->addAdvertised(source, node.id, addresses, budget);
        if (!addresses.isEmpty())
            keeper->reconnector().plan().recordHeard(node.id, addresses.first(), currentTime());
    }
}

// ---- what the checker wants to know

QList<Connection *> Network::Private::nodeConnections() const
{
    QList<Connection *> list;
    const QList<LinkPointer> established = links.established();
    for (const LinkPointer &link : established) {
        if (link->state().isUnidirectional() && link->outgoing())
            list.append(link->outgoing());
    }
    return list;
}

bool Network::Private::isKnown(const QHostAddress &address, const PeerId &peerId) const
{
    return links.contains(peerId) || links.wasTouched(address);
}

} // namespace Qp2p
