// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The life of a membership: from the first join to the end, second by second.
#include <qp2pcore/network.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/support/finishedfuture.h>
#include <qp2pcore/support/logging.h>
#include <qp2pcore/support/threadcheck.h>

#include <algorithm>
#include <chrono>

namespace Qp2p {

using Peering::Access;
using Peering::OwnAddresses;

namespace {

using namespace std::chrono_literals;

constexpr quint64 Second = 1'000'000'000;
constexpr quint64 AnchorInterval = 60 * Second;
constexpr quint64 TouchLifetime = 300 * Second; // longer than NATs keep a mapping of UDP

Engine::Hello::Role wireRole(Peer::Role role)
{
    return role == Peer::Role::Node ? Engine::Hello::Role::Node : Engine::Hello::Role::Client;
}

Error joinCancelled()
{
    return Error(ErrorCode::Cancelled, QStringLiteral("The join was given up."));
}

} // namespace

// ---- inside

Network::Private::Private(Network *network, const NetworkConfig &itsConfig,
                          std::shared_ptr<Io::Environment> world)
    : q(network)
    , config(itsConfig)
    , environment(std::move(world))
    , membership(std::make_shared<Membership>())
    , blocks(std::make_shared<Peering::BlockList>())
    , endpoint(std::make_unique<Endpoint>(config.endpoint(), environment))
    , cache(std::make_unique<BootstrapCache>(environment))
    , role(config.role())
{
    membership->role = wireRole(role);
    environment->random({reinterpret_cast<quint8 *>(&membership->instance), 8});
    membership->instance |= 1; // zero says nothing
    membership->refuse = [own = endpoint->peerId(), list = blocks](
                             const PeerId &peerId, const Engine::SocketAddress &remote) -> Error {
        if (peerId == own)
            return Error(ErrorCode::OwnAddress,
                         QStringLiteral("This program itself answers there, or one with the same "
                                        "identity."));
        if (list->contains(peerId) || list->contains(Io::toHostAddress(remote)))
            return Error(ErrorCode::Blocked,
                         QStringLiteral("The peer is on the block list of this side."));
        return {};
    };
    for (const Family family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol})
        ownAddresses.claimedPorts()->setExternalPort(family, config.externalPort(family));
    membership->claimedPort = [ports = ownAddresses.claimedPorts()](
                                  const Engine::SocketAddress &remote, quint16 listening) {
        return ports->portFor(Io::toHostAddress(remote), listening);
    };
    // Children, so that they move to another thread together with the network; timers come later.
    endpoint->setParent(q);
    cache->setParent(q);
    registerControlHandlers();
    Access::join(*endpoint, membership, this);
    checker = std::make_unique<Peering::Checker>(*endpoint, endpoint->config(), membership, *this);
    checker->setParent(q);
    QObject::connect(endpoint.get(), &Endpoint::connectionOpened, q,
                     [this](Connection *connection) { connectionOpened(connection); });
    QObject::connect(endpoint.get(), &Endpoint::connectionClosed, q,
                     [this](Connection *connection, const Error &reason) {
                         connectionClosed(connection, reason);
                     });
    QObject::connect(endpoint.get(), &Endpoint::errorOccurred, q, &Network::errorOccurred);
    QObject::connect(endpoint.get(), &Endpoint::stateChanged, q, [this](Endpoint::State next) {
        if (next == Endpoint::State::Closed && state == State::Leaving)
            setState(State::Left);
    });
    QObject::connect(cache.get(), &BootstrapCache::saveFailed, q, &Network::errorOccurred);
}

Network::Private::~Private()
{
    checker.reset();
}

Result<void> Network::Private::start()
{
    if (started)
        return {};
    if (Result<void> valid = config.validate(); !valid)
        return valid;
    // Before anything is emitted: a slot may call join() again, or leave().
    started = true;
    const QPointer<Network> alive(q);
    if (config.role() == Peer::Role::Node) {
        const Result<void> listening = endpoint->listen(config.listenAddress(), config.listenPort());
        if (!alive)
            return joinCancelled();
        if (!listening) {
            started = false;
            return listening;
        }
    }
    // Neither is needed to be a member, so a failure of them is reported and no more.
    if (isMember() && !config.cacheFile().isEmpty()) {
        const Result<void> opened = cache->open(config.cacheFile(), config.foreignFiles());
        if (!alive)
            return joinCancelled();
        if (!opened)
            reportLater(opened.error());
    }
    if (!isMember()) // a slot has called leave()
        return joinCancelled();
    if (!config.blockListFile().isEmpty()) {
        if (const Result<void> opened = blocks->open(config.blockListFile(), config.foreignFiles());
            !opened)
            reportLater(opened.error());
    }
    ownAddresses.start(OwnAddresses::machineOf(*environment), Peering::toTime(now()));
    lastAnchors = now();
    ticker = environment->makeTimer([this] { tick(); });
    ticker->arm(now() + Second);
    return {};
}

void Network::Private::setState(State next)
{
    if (state == next)
        return;
    state = next;
    Q_EMIT q->stateChanged(next);
}

void Network::Private::reportLater(const Error &error)
{
    QMetaObject::invokeMethod(
        q, [this, error] { Q_EMIT q->errorOccurred(error); }, Qt::QueuedConnection);
}

quint32 Network::Private::random(quint32 limit) const
{
    quint64 number = 0;
    environment->random({reinterpret_cast<quint8 *>(&number), sizeof(number)});
    return quint32(number % limit);
}

void Network::Private::tick()
{
    if (!isMember())
        return;
    const quint64 time = now();
    ticker->arm(time + Second);
    const QPointer<Network> alive(q);
    QList<PeerId> late;
    for (const Peer *peer : std::as_const(all)) {
        if (peer->d->deadline <= time)
            late.append(peer->d->id);
    }
    for (const PeerId &peerId : late) {
        Peer *peer = all.value(peerId);
        if (!peer)
            continue;
        drop(peer,
             Error(ErrorCode::LinkTimeout,
                   QStringLiteral("A half of the link to the peer was missing for 60 seconds.")),
             Engine::CloseCode::LinkTimeout);
        if (!alive || !isMember())
            return;
    }
    checker->tick();
    lookAtClaims();
    if (!alive || !isMember())
        return;
    places.forgetRested(time);
    for (Peer *peer : std::as_const(all)) {
        if (peer->d->secondHalfAt <= time)
            startSecondHalf(peer);
    }
    if (joinAgainAt <= time) {
        joinAgainAt = UINT64_MAX;
        beginJoin();
        if (!alive || !isMember())
            return;
    }
    if (state == State::Joined)
        keepLinks();
    if (time - lastAnchors >= AnchorInterval) {
        lastAnchors = time;
        updateAnchors();
        if (!alive || !isMember())
            return;
        lastTouch.removeIf([time](const QHash<QHostAddress, quint64>::iterator touch) {
            return touch.value() + TouchLifetime <= time;
        });
    }
    if (ownAddresses.beginRound(Peering::toTime(time))) {
        for (Peer *peer : std::as_const(order)) {
            const Family family = peer->addresses().value(0).address().protocol();
            if (ownAddresses.reachability(family).state != Reachability::State::Reachable)
                askForCheck(peer);
        }
    }
    if (ownAddresses.detectAddressChange(OwnAddresses::machineOf(*environment)))
        q->networkChanged();
}

//! \brief The end of its destructor's network: every future finishes, and only then the peers go.
//!
//! What continues a future runs inside of this, in the context of a peer perhaps, and finds a network that
//! was left.
void Network::Private::end()
{
    state = State::Left;
    Access::setListener(*endpoint, nullptr);
    endpoint->disconnect(q);
    joiner.reset();
    QList<QPointer<Connection>> open;
    for (Connection *connection : endpoint->connections())
        open.append(connection);
    for (const QPointer<Connection> &connection : std::as_const(open))
        delete connection.data();
    Access::cancelDials(*endpoint);
    finishJoins(joinCancelled());
    const auto ownDials = std::exchange(openDials, {});
    for (const auto &promise : ownDials) {
        promise->addResult(Result<QPointer<Peer>>(dialCancelled()));
        promise->finish();
    }
    while (!all.isEmpty())
        forget(*all.cbegin());
    QList<QPointer<Peer>> peers;
    for (Peer *peer : q->findChildren<Peer *>(Qt::FindDirectChildrenOnly))
        peers.append(peer);
    for (const QPointer<Peer> &peer : std::as_const(peers))
        delete peer.data();
}

// ---- the public face

Network::Network(const NetworkConfig &config, QObject *parent)
    : Network(config, Io::systemEnvironment(), parent)
{
}

Network::Network(const NetworkConfig &config, std::shared_ptr<Io::Environment> environment,
                 QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, config, std::move(environment)))
{
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
    if (const Result<void> started = d->start(); !started)
        return fail(started.error());
    if (!alive || !d->isMember())
        return fail(joinCancelled());
    if (!contacts.isEmpty() || d->state == State::Idle)
        d->contacts = contacts;
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    d->joins.push_back(promise);
    d->attempts = 0;
    // Later, so that nobody is told anything before this returns.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!d->joins.empty()) // it was not given up meanwhile
                d->beginJoin();
        },
        Qt::QueuedConnection);
    return promise->future();
}

QList<PeerAddress> Network::contacts() const
{
    QP2P_CHECK_THREAD();
    return d->contacts;
}

void Network::setContacts(const QList<PeerAddress> &contacts)
{
    QP2P_CHECK_THREAD();
    d->contacts = contacts;
}

void Network::cancelJoin()
{
    QP2P_CHECK_THREAD();
    if (!d->isMember())
        return;
    d->joinAgainAt = UINT64_MAX;
    d->attempts = 0;
    if (d->joiner)
        d->endJoiner();
    const QPointer<Network> alive(this);
    d->setState(d->order.isEmpty() ? State::Idle : State::Joined);
    if (alive)
        d->finishJoins(joinCancelled());
}

QList<JoinCandidate> Network::joinCandidates() const
{
    QP2P_CHECK_THREAD();
    return d->joiner ? d->joiner->candidates() : d->candidates;
}

void Network::leave()
{
    QP2P_CHECK_THREAD();
    if (!d->isMember())
        return;
    const QPointer<Network> alive(this);
    d->ticker.reset();
    d->updateAnchors();
    if (!alive || !d->isMember())
        return;
    if (d->joiner)
        d->endJoiner();
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
    d->finishJoins(joinCancelled());
}

Peer::Role Network::role() const
{
    QP2P_CHECK_THREAD();
    return d->role;
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
    return d->order;
}

Peer *Network::peer(const PeerId &peerId) const
{
    QP2P_CHECK_THREAD();
    Peer *peer = d->all.value(peerId);
    return peer && peer->d->announced ? peer : nullptr;
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
    if (!d->started || !d->isMember())
        return;
    d->ownAddresses.forgetAnswers();
    d->book.forgetFailures();
    d->attempts = 0;
    d->ownAddresses.postponeRound(Peering::toTime(d->now()));
    for (Peer *peer : std::as_const(d->order))
        d->askForCheck(peer);
    if (d->state == State::Waiting)
        d->joinAgainAt = d->now();
    d->endpoint->checkConnections();
    const QPointer<Network> alive(this);
    d->evaluate(QAbstractSocket::IPv4Protocol);
    if (alive)
        d->evaluate(QAbstractSocket::IPv6Protocol);
}

} // namespace Qp2p
