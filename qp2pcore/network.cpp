// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The public face of a membership: what a program asks of it.
#include <qp2pcore/network.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/network/bootstrapcacheprivate.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/support/finishedfuture.h>
#include <qp2pcore/support/threadcheck.h>

namespace Qp2p {

using Peering::Access;
using Peering::LinkPointer;
using Peering::OwnAddresses;

Network::Network(const NetworkConfig &config, QObject *parent)
    : Network(*new Private(config, Io::systemEnvironment()), parent)
{
}

Network::Network(Private &inside, QObject *parent)
    : QObject(parent)
    , d(&inside)
{
    auto *const cache = new BootstrapCache(*new BootstrapCache::Private(d->environment()), nullptr);
    d->begin(this, std::unique_ptr<BootstrapCache>(cache));
}

Network::~Network()
{
    QP2P_CHECK_THREAD();
    d->end();
}

Network::State Network::state() const
{
    QP2P_CHECK_THREAD();
    return d->state;
}

NetworkConfig Network::config() const
{
    QP2P_CHECK_THREAD();
    return d->config;
}

PeerId Network::peerId() const
{
    QP2P_CHECK_THREAD();
    return d->endpoint->peerId();
}

Endpoint *Network::endpoint() const
{
    QP2P_CHECK_THREAD();
    return d->endpoint.get();
}

QFuture<Result<void>> Network::join(const QList<PeerAddress> &contacts)
{
    QP2P_CHECK_THREAD();
    const auto fail = [](const Error &error) { return finishedFuture<void>(error); };
    if (!d->isMember())
        return fail(Error(ErrorCode::WrongState,
                          QStringLiteral("The network was left. Make a new one to join again.")));
    for (const PeerAddress &contact : contacts) {
        if (contact.isNull())
            return fail(Error(ErrorCode::InvalidArgument,
                              QStringLiteral("A contact needs a host and a port, such as "
                                             "192.0.2.1:12000.")));
    }
    const QPointer<Network> alive(this);
    if (const Result<void> started = d->start(); !started) {
        if (alive && started.error().code != ErrorCode::Cancelled)
            d->latestError.record(started.error(), d->environment()->wallClock());
        return fail(started.error());
    }
    if (!alive || !d->isMember())
        return fail(Peering::JoinPlan::cancelled());
    if (!contacts.isEmpty() || d->state == State::Idle)
        d->joinPlan->setContacts(contacts);
    const QFuture<Result<void>> future = d->joinPlan->addFuture();
    d->joinPlan->resetBackOff();
    // Later, so that nothing is emitted before this returns.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->joinPlan->hasFutures()) // it was not given up meanwhile
                d->beginJoin();
        },
        Qt::QueuedConnection);
    return future;
}

QList<PeerAddress> Network::contacts() const
{
    QP2P_CHECK_THREAD();
    return d->joinPlan->contacts();
}

qsizetype Network::setContacts(const QList<PeerAddress> &contacts)
{
    QP2P_CHECK_THREAD();
    d->joinPlan->setContacts(contacts);
    return d->contactsChanged();
}

void Network::cancelJoin()
{
    QP2P_CHECK_THREAD();
    if (!d->isMember())
        return;
    d->joinPlan->cancelAttempt();
    d->joinPlan->resetBackOff();
    d->joinPlan->endRace();
    const QPointer<Network> alive(this);
    d->setState(d->links.hasEstablished() ? State::Joined : State::Idle);
    if (alive)
        d->joinPlan->finishFutures(Peering::JoinPlan::cancelled());
}

QList<JoinCandidate> Network::joinCandidates() const
{
    QP2P_CHECK_THREAD();
    return d->joinPlan->candidates();
}

void Network::leave()
{
    QP2P_CHECK_THREAD();
    if (!d->isMember())
        return;
    const QPointer<Network> alive(this);
    if (d->ticker)
        d->ticker->disarm();
    d->updateAnchors();
    if (!alive || !d->isMember())
        return;
    d->joinPlan->endRace();
    const Result<void> saved = d->cache->save();
    if (!alive || !d->isMember())
        return;
    if (!saved)
        d->reportLater(saved.error());
    const QByteArray farewell = encode(
        Peering::Goodbye{Engine::CloseCode::Leaving, QByteArrayLiteral("leaving")});
    const QList<Connection *> open = d->endpoint->connections();
    for (Connection *connection : open)
        Access::send(*connection, farewell);
    d->setState(State::Leaving);
    if (!alive)
        return;
    // Once the goodbyes are on their way.
    QMetaObject::invokeMethod(
        this,
        [this] {
            const QPointer<Network> stillHere(this);
            d->endpoint->close();
            if (stillHere && d->endpoint->state() == Endpoint::State::Closed)
                d->setState(State::Left);
        },
        Qt::QueuedConnection);
    d->joinPlan->finishFutures(Peering::JoinPlan::cancelled());
}

Peer::Role Network::role() const
{
    QP2P_CHECK_THREAD();
    return d->ownAddresses.role() == OwnAddresses::Role::Node ? Peer::Role::Node
                                                              : Peer::Role::Client;
}

Reachability Network::reachability(QAbstractSocket::NetworkLayerProtocol family) const
{
    QP2P_CHECK_THREAD();
    return d->ownAddresses.reachability(family);
}

PeerAddress Network::observedAddress(QAbstractSocket::NetworkLayerProtocol family) const
{
    QP2P_CHECK_THREAD();
    return d->ownAddresses.observed(family);
}

QList<Peer *> Network::peers() const
{
    QP2P_CHECK_THREAD();
    QList<Peer *> peers;
    const QList<LinkPointer> established = d->links.established();
    for (const LinkPointer &link : established)
        peers.append(link->peer);
    return peers;
}

Peer *Network::peer(const PeerId &peerId) const
{
    QP2P_CHECK_THREAD();
    const LinkPointer link = d->links.find(peerId);
    return link && link->isAnnounced ? link->peer : nullptr;
}

BootstrapCache *Network::bootstrapCache() const
{
    QP2P_CHECK_THREAD();
    return d->cache.get();
}

QFuture<Result<QPointer<Peer>>> Network::connectTo(const PeerAddress &address)
{
    QP2P_CHECK_THREAD();
    return d->connectTo(address);
}

QFuture<Result<QPointer<Peer>>> Network::connectTo(const PeerId &peerId)
{
    QP2P_CHECK_THREAD();
    return d->connectTo(peerId);
}

Result<void> Network::block(const PeerId &peerId)
{
    QP2P_CHECK_THREAD();
    return d->blockChanged(d->blocks->add(peerId));
}

Result<void> Network::block(const QHostAddress &address)
{
    QP2P_CHECK_THREAD();
    return d->blockChanged(d->blocks->add(address));
}

Result<void> Network::unblock(const PeerId &peerId)
{
    QP2P_CHECK_THREAD();
    return d->blocks->remove(peerId);
}

Result<void> Network::unblock(const QHostAddress &address)
{
    QP2P_CHECK_THREAD();
    return d->blocks->remove(address);
}

QList<PeerId> Network::blockedPeers() const
{
    QP2P_CHECK_THREAD();
    return d->blocks->peers();
}

QList<QHostAddress> Network::blockedAddresses() const
{
    QP2P_CHECK_THREAD();
    return d->blocks->addresses();
}

void Network::networkChanged()
{
    QP2P_CHECK_THREAD();
    if (!d->isStarted() || !d->isMember())
        return;
    d->addressMoved();
    const QPointer<Network> alive(this);
    d->evaluate(QAbstractSocket::IPv4Protocol);
    if (alive)
        d->evaluate(QAbstractSocket::IPv6Protocol);
}

} // namespace Qp2p
