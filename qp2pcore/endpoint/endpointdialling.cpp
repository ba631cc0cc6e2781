// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How an endpoint dials: names are looked up, all addresses raced, and the losers dropped.
#include <qp2pcore/endpoint/endpointprivate.h>

#include <qp2pcore/certificates/dialledname.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/messages/messagefactory.h>

#include <QFutureWatcher>
#include <QHostInfo>

#include <algorithm>

namespace Qp2p {

namespace {

Result<void> checkDial(const EndpointConfig &config, const QList<PeerAddress> &peers,
                       Protocol protocol)
{
    if (protocol == Protocol::Legacy && config.legacyPeers() == EndpointConfig::LegacyPeers::Refused)
        return Error(ErrorCode::InvalidArgument,
                     QStringLiteral("Legacy peers are switched off. Switch them on with "
                                    "EndpointConfig::setLegacyPeers() to dial one."));
    for (const PeerAddress &peer : peers) {
        if (peer.isNull())
            return Error(ErrorCode::InvalidArgument,
                         QStringLiteral("\"%1\" cannot be dialled: a host and a port are "
                                        "needed, such as 192.0.2.1:12000.")
                             .arg(peer.toString()));
    }
    return {};
}

} // namespace

QFuture<Dial::Outcome> Endpoint::Private::dial(const QList<PeerAddress> &peers, Protocol protocol)
{
    auto dial = std::make_shared<Dial>(protocol);
    const QFuture<Dial::Outcome> future = dial->future();
    begin(dial, peers);
    return future;
}

void Endpoint::Private::begin(const std::shared_ptr<Dial> &dial, const QList<PeerAddress> &peers)
{
    if (const Result<void> valid = checkDial(config, peers, dial->protocol()); !valid) {
        finish(dial, valid.error());
        return;
    }
    const QPointer<Endpoint> alive(q);
    if (const Result<void> socket = ensureSocket(); !socket) {
        finish(dial, socket.error());
        return;
    }
    if (!alive || dial->isFinished()) // a slot of stateChanged() deleted it, or the connection
        return;
    if (!driver || state == State::Closing || state == State::Closed) { // or closed it
        finish(dial, dialCancelled());
        return;
    }
    if (const Opening *opening = dial->opening())
        opening->queue->chargeTo(driver->sendBudget(),
                                 Io::toSocketAddress(peers.first().address(), peers.first().port()));
    QList<PeerAddress> distinct;
    for (const PeerAddress &peer : peers) {
        if (!distinct.contains(peer))
            distinct.append(peer);
    }
    const bool anyName = std::any_of(distinct.begin(), distinct.end(),
                                     [](const PeerAddress &peer) { return peer.isHostName(); });
    if (distinct.size() > 1 || anyName)
        dial->setRace();
    for (const PeerAddress &peer : distinct) {
        if (peer.isHostName())
            lookUp(dial, peer);
        else
            start(dial, peer, peer);
    }
    if (!dial->opening()) // else there is no future
        watchForCancel(dial);
    concludeIfFailed(dial);
}

//! A connection that fails is announced later, so the dial comes last: what continues its future may delete anything.
void Endpoint::Private::finish(const std::shared_ptr<Dial> &dial, const Dial::Outcome &outcome)
{
    if (Opening *opening = dial->opening(); opening && !outcome)
        failOpening(*opening, outcome.error());
    dial->finish(outcome);
}

Result<std::shared_ptr<Dial>> Endpoint::Private::beginRace()
{
    if (const Result<void> socket = ensureSocket(); !socket)
        return socket.error();
    auto dial = std::make_shared<Dial>(Protocol::Qp2p1);
    dial->setRace();
    dial->setComplete(false);
    return dial;
}

void Endpoint::Private::addToRace(const std::shared_ptr<Dial> &dial, const PeerAddress &peer)
{
    if (dial->isFinished() || !driver)
        return;
    if (peer.isHostName())
        lookUp(dial, peer);
    else
        start(dial, peer, peer);
}

void Endpoint::Private::completeRace(const std::shared_ptr<Dial> &dial)
{
    dial->setComplete(true);
    concludeIfFailed(dial);
}

void Endpoint::Private::lookUp(const std::shared_ptr<Dial> &dial, const PeerAddress &peer)
{
    dial->lookupStarted(peer);
    lookups.append(dial);
    // Not q: Qt 6.4 leaks the function of a lookup whose context is gone when it ends.
    const auto context = std::make_shared<QObject>();
    QHostInfo::lookupHost(peer.host(), context.get(),
                          [context, endpoint = QPointer(q), dial, peer](const QHostInfo &info) {
                              if (!endpoint)
                                  return;
                              endpoint->d->lookups.removeOne(dial);
                              endpoint->d->lookedUp(dial, peer, info);
                          });
}

void Endpoint::Private::lookedUp(const std::shared_ptr<Dial> &dial, const PeerAddress &peer,
                                 const QHostInfo &info)
{
    if (dial->isFinished() || dial->isAbandoned() || !driver)
        return;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        dial->lookupFailed(
            peer,
            Error(ErrorCode::HostNotFound,
                  QStringLiteral("The host \"%1\" was not found (%2). Check the name "
                                 "and the name server.")
                      .arg(peer.host(), info.errorString())));
    } else {
        dial->lookupFinished(peer);
        constexpr qsizetype MaxAddressesOfAName = 16; // a name server is a stranger, too
        const QList<QHostAddress> addresses = info.addresses().mid(0, MaxAddressesOfAName);
        for (const QHostAddress &address : addresses)
            start(dial, PeerAddress(address, peer.port(), peer.peerId()), peer);
    }
    concludeIfFailed(dial);
}

void Endpoint::Private::start(const std::shared_ptr<Dial> &dial, const PeerAddress &peer,
                              const PeerAddress &named, Engine::Session::DialOptions options,
                              Engine::GreetingOptions greeting)
{
    // Without its interface a link-local address would be looked for on whichever link comes first.
    if (const Result<void> scope = Io::checkScope(peer.address()); !scope) {
        dial->addCandidate(0, peer, named, scope.error());
        return;
    }
    const Engine::SocketAddress local = driver->localAddress();
    const Engine::SocketAddress remote = Io::toSocketAddress(peer.address(), peer.port());
    // A dual-stack socket is bound to ::, so IPv4 from IPv6 is fine there.
    const bool reachable = local.isIpv6() ? remote.isIpv6() || local.isUnspecified()
                                          : remote.isIpv4();
    if (!reachable) {
        dial->addCandidate(
            0, peer, named,
            Error(ErrorCode::AddressNotAvailable,
                  QStringLiteral("%1 cannot be dialled from a socket that is bound "
                                 "to %2: their address families differ. Bind to all "
                                 "addresses (::) for both.")
                      .arg(peer.endpointString(), Io::toHostAddress(local).toString())));
        return;
    }
    options.expectedPeer = peer.peerId();
    options.name = dialledName(named);
    options.addressToken = takeAddressToken(peer, dial->protocol());
    if (options.maxUnanswered == 0 && options.maxUnpaidBytes == 0)
        options.sessionTicket = takeSessionTicket(peer, dial->protocol());
    greeting.hold = dial->isRace();
    if (const Opening *opening = dial->opening()) {
        greeting.queue = opening->queue;
        if (opening->sendsEarly() && !dial->isRace() && dial->protocol() == Protocol::Qp2p1)
            greeting.firstMessages = Engine::FirstMessages::WithFinished;
    }
    options.protocol = Engine::messageProtocol(dial->protocol(), messageOptions, greeting);
    addSession(dial, driver->dial(remote, options), peer, named);
}

void Endpoint::Private::addSession(const std::shared_ptr<Dial> &dial, Engine::SessionId session,
                                   const PeerAddress &peer, const PeerAddress &named)
{
    if (session == 0) {
        dial->addCandidate(
            0, peer, named,
            Error(
                ErrorCode::SocketFailed,
                QStringLiteral("There is no memory for another connection. Close others first.")));
        return;
    }
    dial->addCandidate(session, peer, named);
    dials.insert(session, dial);
}

QFuture<Dial::Outcome> Endpoint::Private::dialOverLeg(quint64 leg, const PeerId &peer)
{
    Q_ASSERT(!peer.isNull()); // the relaying node could answer itself
    auto dial = std::make_shared<Dial>(Protocol::Qp2p1);
    const QFuture<Dial::Outcome> future = dial->future();
    if (!driver || state == State::Closing || state == State::Closed) {
        finish(dial, dialCancelled());
        return future;
    }
    const PeerAddress hidden(QHostAddress(), 0, peer);
    Engine::Session::DialOptions options;
    options.expectedPeer = peer;
    options.name = dialledName(hidden);
    options.protocol = Engine::messageProtocol(Protocol::Qp2p1, messageOptions, {});
    addSession(dial, driver->dialOverLeg(leg, options), hidden, hidden);
    watchForCancel(dial);
    concludeIfFailed(dial);
    return future;
}

PeerId Endpoint::Private::relayOf(quint64 leg) const
{
    const auto link = driver ? connections.find(driver->legs().linkOf(leg)) : connections.end();
    return link == connections.end() ? PeerId() : link->second->peerId();
}

void Endpoint::Private::watchForCancel(const std::shared_ptr<Dial> &dial)
{
    auto *watcher = new QFutureWatcher<Dial::Outcome>(q);
    QObject::connect(watcher, &QFutureWatcherBase::canceled, q, [this, dial] {
        if (!dial->isFinished())
            giveUp(dial);
    });
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, &QObject::deleteLater);
    watcher->setFuture(dial->future());
}

void Endpoint::Private::giveUp(const std::shared_ptr<Dial> &dial)
{
    if (dial->isWon())
        return;
    for (const Engine::SessionId session : dial->sessions())
        dropSession(session);
    lookups.removeAll(dial);
    finish(dial, dialCancelled());
}

//! Those who wait for one may delete the endpoint.
void Endpoint::Private::cancelDials()
{
    closeOpenings(dialCancelled());
    const QList<std::shared_ptr<Dial>> pending = takeDials();
    for (const auto &dial : pending) {
        if (!dial->isFinished())
            dial->finish(dialCancelled());
    }
}

QList<std::shared_ptr<Dial>> Endpoint::Private::takeDials()
{
    QList<std::shared_ptr<Dial>> taken = std::exchange(lookups, {});
    for (auto dial = dials.begin(); dial != dials.end();) {
        if ((*dial)->opening()) {
            ++dial; // its messages fail with the events of its session
            continue;
        }
        taken.append(*dial);
        dial = dials.erase(dial);
    }
    return taken;
}

void Endpoint::Private::dropSession(Engine::SessionId id)
{
    dials.remove(id);
    sessionHandle(id).command([](Engine::Session &lost, ngtcp2_tstamp now) {
        lost.close(Engine::CloseCode::LostRace, {}, dialCancelled(), now);
    });
}

void Endpoint::Private::concludeIfFailed(const std::shared_ptr<Dial> &dial)
{
    if (!dial->isFinished() && dial->hasFailed())
        finish(dial, dial->failure());
}

} // namespace Qp2p
