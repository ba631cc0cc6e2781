// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The life of a membership: how it begins and ends, and what is due every second.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/access.h>

namespace Qp2p {

using Peering::Access;
using Peering::LinkPointer;
using Peering::OwnAddresses;

namespace {

constexpr std::chrono::seconds TickInterval{1};

Engine::Hello::Role wireRole(Peer::Role role)
{
    return role == Peer::Role::Node ? Engine::Hello::Role::Node : Engine::Hello::Role::Client;
}

bool isSpecified(const QHostAddress &address)
{
    return !address.isNull() && !Io::toSocketAddress(address, 0).isUnspecified();
}

} // namespace

Network::Private::Private(const NetworkConfig &settings, std::shared_ptr<Io::Environment> world)
    : config(settings)
    , blocks(std::make_shared<Peering::BlockList>())
    , endpoint(Access::newEndpoint(config.endpoint(), std::move(world), nullptr))
{
}

void Network::Private::begin(Network *network, std::unique_ptr<BootstrapCache> ownCache)
{
    q = network;
    // Children, so that they move to another thread together with the network; timers come later.
    endpoint->setParent(q);
    cache = std::move(ownCache);
    cache->setParent(q);
    joinPlan = std::make_unique<Peering::JoinPlan>(q);
    keeper = std::make_unique<Peering::LinkKeeper>(*this, endpoint->peerId(), q);
    ownAddresses.setRole(config.role() == Peer::Role::Node ? OwnAddresses::Role::Node
                                                           : OwnAddresses::Role::Client);
    for (const Family family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol})
        ownAddresses.claimedPorts()->setExternalPort(family, config.externalPort(family));
    const auto membership = makeMembership();
    Access::join(*endpoint, membership, this);
    checker = std::make_unique<Peering::Checker>(*endpoint, endpoint->config(), membership, *this);
    checker->setParent(q);
    reaching = std::make_unique<Peering::Reaching>(*endpoint, config.nat(), links, *blocks,
                                                   ownAddresses, q);
    registerControlHandlers();
    connectSignals();
}

Network::Private::~Private()
{
    checker.reset();
}

//! What the endpoint says of us in its hellos, and whom it refuses.
std::shared_ptr<const Membership> Network::Private::makeMembership() const
{
    auto membership = std::make_shared<Membership>();
    membership->role = wireRole(config.role());
    environment()->random({reinterpret_cast<quint8 *>(&membership->instance), 8});
    membership->instance |= 1; // zero says nothing
    membership->services = Peering::Reaching::services(config.nat());
    membership->refuse = [own = endpoint->peerId(), list = blocks](
                             const PeerId &peerId, const Engine::SocketAddress &remote) -> Error {
        if (peerId == own)
            return Error(ErrorCode::OwnAddress,
                         QStringLiteral("This program itself answers there, or one with the same "
                                        "identity. Name the address of another member."));
        if (list->contains(peerId) || list->contains(Io::toHostAddress(remote)))
            return Error(ErrorCode::Blocked,
                         QStringLiteral(
                             "The peer is on the block list of this side. Unblock it to connect."));
        return {};
    };
    membership->claimedPort = [ports = ownAddresses.claimedPorts()](
                                  const Engine::SocketAddress &remote, quint16 listening) {
        return ports->portFor(Io::toHostAddress(remote), listening);
    };
    return membership;
}

void Network::Private::connectSignals()
{
    QObject::connect(endpoint.get(), &Endpoint::connectionOpened, q,
                     [this](Connection *connection) { connectionOpened(connection); });
    QObject::connect(endpoint.get(), &Endpoint::connectionClosed, q,
                     [this](Connection *connection, const Error &reason) {
                         connectionClosed(connection, reason);
                     });
    QObject::connect(q, &Network::errorOccurred, q, [this](const Error &error) {
        latestError.record(error, environment()->wallClock());
    });
    QObject::connect(endpoint.get(), &Endpoint::errorOccurred, q, &Network::errorOccurred);
    QObject::connect(endpoint.get(), &Endpoint::certificateExpiring, q,
                     &Network::certificateExpiring);
    QObject::connect(endpoint.get(), &Endpoint::stateChanged, q, [this](Endpoint::State next) {
        if (next == Endpoint::State::Closed && state == State::Leaving)
            setState(State::Left);
    });
    QObject::connect(cache.get(), &BootstrapCache::saveFailed, q, &Network::errorOccurred);
    using Peering::JoinPlan;
    QObject::connect(joinPlan.get(), &JoinPlan::progress, q,
                     [this](const JoinCandidate &candidate) { joinProgressed(candidate); });
    QObject::connect(
        joinPlan.get(), &JoinPlan::candidateAnswered, q,
        [this](const QPointer<Connection> &connection) { candidateAnswered(connection); });
    QObject::connect(joinPlan.get(), &JoinPlan::candidatesExhausted, q,
                     [this] { candidatesExhausted(); });
}

Result<void> Network::Private::start()
{
    if (isStarted())
        return {};
    if (Result<void> valid = config.validate(); !valid)
        return valid;
    // Before anything is emitted: a slot may call join() again, or leave().
    ticker = environment()->makeTimer([this] { tick(); });
    const QPointer<Network> alive(q);
    if (config.role() == Peer::Role::Node) {
        const Result<void> listening = endpoint->listen(config.listenAddress(), config.listenPort());
        if (!alive)
            return Peering::JoinPlan::cancelled();
        if (!listening) {
            ticker.reset();
            return listening;
        }
    }
    // Neither is needed to be a member, so a failure of them is reported and no more.
    if (isMember() && !config.cacheFile().isEmpty()) {
        const Result<void> opened = cache->open(config.cacheFile(), config.foreignFiles());
        if (!alive)
            return Peering::JoinPlan::cancelled();
        if (!opened)
            reportLater(opened.error());
    }
    if (!isMember()) // a slot has called leave()
        return Peering::JoinPlan::cancelled();
    if (!config.blockListFile().isEmpty()) {
        if (const Result<void> opened = blocks->open(config.blockListFile(), config.foreignFiles());
            !opened)
            reportLater(opened.error());
    }
    ownAddresses.start(OwnAddresses::machineOf(*environment()), currentTime());
    keeper->start(currentTime());
    armTicker();
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

void Network::Private::armTicker()
{
    ticker->arm(currentTime() + TickInterval);
}

quint32 Network::Private::randomBelow(quint32 limit) const
{
    quint64 number = 0;
    environment()->random({reinterpret_cast<quint8 *>(&number), sizeof(number)});
    return quint32(number % limit);
}

void Network::Private::tick()
{
    if (!isMember())
        return;
    const Peering::Time time = currentTime();
    armTicker();
    const QPointer<Network> alive(q);
    const auto isEnded = [&] { return !alive || !isMember(); };
    dropOverdue();
    if (isEnded())
        return;
    checker->tick();
    continueClaims();
    if (isEnded())
        return;
    keeper->tick();
    reaching->tick();
    if (isEnded())
        return;
    if (joinPlan->nextAttempt() <= time) {
        joinPlan->cancelAttempt();
        beginJoin();
        if (isEnded())
            return;
    }
    if (state == State::Joined)
        keepLinks();
    reconnect();
    if (isEnded())
        return;
    if (keeper->beginAnchorUpdate(time)) {
        updateAnchors();
        if (isEnded())
            return;
        links.forgetOldTouches(time);
        links.instances().forgetOld(time);
    }
    for (const Family family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol}) {
        if (ownAddresses.beginRound(family, time))
            askForChecks(family);
    }
    detectChanges();
}

void Network::Private::detectChanges()
{
    const QPointer<Network> alive(q);
    for (const Family family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol}) {
        if (ownAddresses.takeEvaluationRequest(family))
            evaluate(family);
        if (!alive || !isMember())
            return;
    }
    const auto change = ownAddresses.detectChange(
        OwnAddresses::machineOf(*environment()), watchedPeers(),
        [this, bound = endpoint->localAddress()](const QHostAddress &peer) {
            return isSpecified(bound) ? bound : environment()->sourceAddress(peer);
        });
    if (change != OwnAddresses::MachineChange::None)
        q->networkChanged();
}

//! Of nodes that we have dialled: where datagrams to them leave is what matters of this machine's addresses.
QList<QHostAddress> Network::Private::watchedPeers() const
{
    QList<QHostAddress> list;
    const QList<LinkPointer> established = links.established();
    for (const LinkPointer &link : established) {
        if (const Connection *connection = link->outgoing(); connection
            && !Access::isAssisted(*connection) && list.size() < OwnAddresses::MaxWatchedPeers)
            list.append(connection->peerAddress().address());
    }
    return list;
}

//! We are elsewhere now, or may be.
void Network::Private::addressMoved()
{
    ownAddresses.forgetAnswers(currentTime());
    retryDials();
}

//! From another address what has failed may succeed.
void Network::Private::retryDials()
{
    keeper->forgetFailures();
    keeper->reconnector().plan().forgetRefusals();
    keeper->reconnector().plan().scheduleNow(currentTime());
    joinPlan->resetBackOff();
    if (state == State::Waiting)
        joinPlan->scheduleAttempt(currentTime());
    endpoint->checkConnections(); // what leaves now shows nodes the new address
}

void Network::Private::dropOverdue()
{
    const QPointer<Network> alive(q);
    const QList<PeerId> overdue = links.overdue(currentTime());
    for (const PeerId &peerId : overdue) {
        if (const LinkPointer link = links.find(peerId))
            drop(link,
                 Error(ErrorCode::LinkTimeout,
                       QStringLiteral(
                           "A half of the link to the peer was missing for 60 seconds. Check that "
                           "both nodes can be dialled at their UDP ports, or join as a client.")),
                 Engine::CloseCode::LinkTimeout);
        if (!alive || !isMember())
            return;
    }
}

//! Where no node has reached us in \a family.
void Network::Private::askForChecks(Family family)
{
    if (ownAddresses.reachability(family).state == Reachability::State::Reachable)
        return;
    const QList<LinkPointer> established = links.established();
    for (const LinkPointer &link : established) {
        if (link->outgoing() && link->outgoing()->peerAddress().address().protocol() == family)
            askForCheck(link);
    }
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
    joinPlan->abandonRace();
    QList<QPointer<Connection>> open;
    for (Connection *connection : endpoint->connections())
        open.append(connection);
    for (const QPointer<Connection> &connection : std::as_const(open))
        delete connection.data();
    Access::cancelDials(*endpoint);
    joinPlan->finishFutures(Peering::JoinPlan::cancelled());
    reaching->caller().cancelAll();
    reaching->waiters().finishAll(dialCancelled());
    const QList<LinkPointer> all = links.all();
    for (const LinkPointer &link : all)
        forget(link);
    QList<QPointer<Peer>> peers;
    for (Peer *peer : q->findChildren<Peer *>(Qt::FindDirectChildrenOnly))
        peers.append(peer);
    for (const QPointer<Peer> &peer : std::as_const(peers))
        delete peer.data();
}

} // namespace Qp2p
