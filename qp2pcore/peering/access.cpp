// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/access.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/messages/messageprotocol.h>

#include <algorithm>

namespace Qp2p::Peering {

Endpoint *Access::newEndpoint(const EndpointConfig &config,
                              std::shared_ptr<Io::Environment> environment, QObject *parent)
{
    return new Endpoint(*new Endpoint::Private(config, std::move(environment)), parent);
}

void Access::join(Endpoint &endpoint, std::shared_ptr<const Membership> membership,
                  ControlListener *listener)
{
    Q_ASSERT(!endpoint.d->driver);
    endpoint.d->membership = std::move(membership);
    endpoint.d->controlListener = listener;
}

void Access::setListener(Endpoint &endpoint, ControlListener *listener)
{
    endpoint.d->controlListener = listener;
}

void Access::setRole(Endpoint &endpoint, Engine::Hello::Role role)
{
    if (endpoint.d->messageOptions)
        endpoint.d->messageOptions->role = role;
}

Result<void> Access::bind(Endpoint &endpoint, const QHostAddress &address)
{
    if (const Result<void> opened = endpoint.d->openSocket(address, 0); !opened)
        return opened;
    endpoint.d->setState(Endpoint::State::Dialling);
    return {};
}

std::shared_ptr<Io::Environment> Access::environment(const Endpoint &endpoint)
{
    return endpoint.d->environment;
}

Result<std::shared_ptr<Dial>> Access::beginRace(Endpoint &endpoint)
{
    return endpoint.d->beginRace();
}

void Access::addToRace(Endpoint &endpoint, const std::shared_ptr<Dial> &dial,
                       const PeerAddress &peer)
{
    endpoint.d->addToRace(dial, peer);
}

bool Access::isUnanswered(const Endpoint &endpoint, const Dial &dial, const PeerAddress &peer)
{
    const auto sessions = dial.sessionsOf(peer);
    return std::all_of(sessions.cbegin(), sessions.cend(), [&](Engine::SessionId id) {
        const Engine::Session *session = endpoint.d->sessionHandle(id).find();
        return session && session->isUnansweredDial();
    });
}

AddressToken Access::addressToken(const Endpoint &endpoint, const PeerId &peer,
                                  const QHostAddress &address)
{
    return endpoint.d->addressTokens.find(peer, Io::toSocketAddress(address, 0));
}

void Access::forgetSessionTickets(Endpoint &endpoint,
                                  const std::function<bool(const PeerId &)> &isUnwanted)
{
    endpoint.d->sessionTickets.removeIf(isUnwanted);
}

void Access::completeRace(Endpoint &endpoint, const std::shared_ptr<Dial> &dial)
{
    endpoint.d->completeRace(dial);
}

void Access::cancelDials(Endpoint &endpoint)
{
    endpoint.d->cancelDials();
}

void Access::giveUp(Endpoint &endpoint, const std::shared_ptr<Dial> &dial)
{
    if (!dial->isFinished())
        endpoint.d->giveUp(dial);
}

QFuture<Result<void>> Access::dialBack(Endpoint &endpoint, const PeerAddress &peer,
                                       const QByteArray &nonce, std::chrono::milliseconds limit,
                                       quint64 paid)
{
    const auto dial = std::make_shared<Dial>(Protocol::Qp2p1);
    auto finished = dial->future().then([](const Dial::Outcome &outcome) -> Result<void> {
        if (outcome || outcome.error().closeCode == Engine::CloseCode::Arrived)
            return {};
        return outcome.error();
    });
    if (const Result<void> socket = endpoint.d->ensureSocket(); !socket) {
        dial->finish(socket.error());
        return finished;
    }
    Engine::Session::DialOptions options;
    options.maxUnanswered = MaxUnanswered;
    options.maxUnpaidBytes = paid;
    options.timeout = ngtcp2_duration(limit.count()) * NGTCP2_MILLISECONDS;
    Engine::GreetingOptions greeting;
    greeting.dialBackNonce = nonce;
    endpoint.d->start(dial, peer, peer, options, greeting);
    endpoint.d->concludeIfFailed(dial);
    return finished;
}

Access::AdvertisedDial Access::dialAdvertised(Endpoint &endpoint,
                                              const QList<PeerAddress> &addresses)
{
    const auto dial = std::make_shared<Dial>(Protocol::Qp2p1);
    const AdvertisedDial result{dial->future(), dial->traffic()};
    const QPointer<Endpoint> alive(&endpoint);
    if (const Result<void> socket = endpoint.d->ensureSocket(); !socket) {
        dial->finish(socket.error());
        return result;
    }
    if (!alive || !endpoint.d->driver) { // a slot of stateChanged() deleted or closed it
        dial->finish(dialCancelled());
        return result;
    }
    if (addresses.size() > 1)
        dial->setRace();
    Engine::Session::DialOptions options;
    options.maxUnanswered = MaxUnanswered;
    for (const PeerAddress &address : addresses)
        endpoint.d->start(dial, address, address, options);
    endpoint.d->concludeIfFailed(dial);
    return result;
}

void Access::send(Connection &connection, const QByteArray &controlFrame)
{
    connection.d->session.command([&](Engine::Session &session) {
        if (Engine::MessageProtocol *protocol = Engine::MessageProtocol::of(session))
            protocol->sendControl(controlFrame);
    });
}

void Access::openLeg(Endpoint &endpoint, quint64 leg, const Connection &link)
{
    if (!link.d->session.isNull())
        endpoint.d->driver->legs().open(leg, link.d->session.id());
}

void Access::closeLeg(Endpoint &endpoint, quint64 leg)
{
    if (endpoint.d->driver)
        endpoint.d->driver->legs().close(leg);
}

QFuture<Dial::Outcome> Access::dialOverLeg(Endpoint &endpoint, quint64 leg, const PeerId &peer)
{
    return endpoint.d->dialOverLeg(leg, peer);
}

quint64 Access::peerServices(const Connection &connection)
{
    return connection.d->peerServices;
}

std::optional<Access::Forwarding> Access::beginForwarding(Endpoint &endpoint,
                                                          const Connection &caller,
                                                          const Connection &callee, qint64 rate,
                                                          qint64 legRate)
{
    if (!endpoint.d->driver || caller.d->session.isNull() || callee.d->session.isNull())
        return std::nullopt;
    Io::Driver &driver = *endpoint.d->driver;
    const Engine::SessionId link = caller.d->session.id();
    const Nat::OpenedLeg leg = driver.legs().beginForwarding(
        {link, caller.peerId()}, {callee.d->session.id(), callee.peerId()}, {legRate, rate},
        driver.now());
    if (leg.refusal != Nat::LegRefusal::None)
        return std::nullopt;
    return Forwarding{leg.caller, leg.callee, link, quint64(legRate)};
}

void Access::endForwarding(Endpoint &endpoint, const Forwarding &forwarding)
{
    if (endpoint.d->driver)
        endpoint.d->driver->legs().endForwarding(forwarding.callersLeg, forwarding.callersLink);
}

int Access::forwardedLegs(const Endpoint &endpoint)
{
    const Nat::LegForwarder *forwarder = endpoint.d->driver ? endpoint.d->driver->legs().forwarder()
                                                            : nullptr;
    return forwarder ? forwarder->legCount() : 0;
}

int Access::ownLegs(const Endpoint &endpoint)
{
    return endpoint.d->driver ? int(endpoint.d->driver->legs().count()) : 0;
}

std::vector<quint64> Access::endIdleForwarding(Endpoint &endpoint)
{
    std::vector<quint64> legs;
    if (!endpoint.d->driver)
        return legs;
    for (const Nat::EndedLeg &ended : endpoint.d->driver->legs().endIdle(endpoint.d->driver->now()))
        legs.push_back(ended.caller.id);
    return legs;
}

std::optional<Access::Silence> Access::silenceOf(const Connection &connection)
{
    const Engine::Session *session = connection.d->session.find();
    const auto flight = session ? session->flight() : std::nullopt;
    if (!flight)
        return std::nullopt;
    return Silence{flight->bytes > 0, std::chrono::nanoseconds(session->lastHeardAt()),
                   std::chrono::nanoseconds(session->silenceOfLostPath())};
}

bool Access::moveTo(Connection &connection, quint64 leg)
{
    bool hasMoved = false;
    connection.d->session.commandIfLive([&](Engine::Session &session, ngtcp2_tstamp now) {
        hasMoved = session.moveTo(Engine::Way::overLeg(leg), now);
    });
    return hasMoved;
}

quint64 Access::legOf(const Connection &connection)
{
    const Engine::Session *session = connection.d->session.find();
    return session ? session->way().leg : connection.d->leg;
}

bool Access::isAssisted(const Connection &connection)
{
    return connection.d->leg != 0;
}

quint64 Access::unchargedBytes(const Connection &connection)
{
    const quint64 received = connection.stats().bytesReceived;
    return received - std::min(received, connection.d->bytesCharged);
}

void Access::charge(Connection &connection, quint64 bytes)
{
    connection.d->bytesCharged += bytes;
}

void Access::setObservedAddress(Connection &connection, const PeerAddress &address)
{
    connection.d->observedAddress = Io::toSocketAddress(address.address(), address.port());
}

Engine::Hello::Role Access::peerRole(const Connection &connection)
{
    return connection.d->peerRole;
}

Engine::Hello::Role Access::ownRole(const Connection &connection)
{
    return connection.d->ownRole;
}

quint64 Access::peerInstance(const Connection &connection)
{
    return connection.d->peerInstance;
}

void Access::finishFutures(Connection &connection, const Error &reason)
{
    connection.d->pending.finishAll(reason);
}

void Access::closeForViolation(Connection &connection, const Error &violation)
{
    connection.d->closeForViolation(violation);
}

void Access::prove(Connection &connection)
{
    connection.d->session.commandIfLive(
        [](Engine::Session &session, ngtcp2_tstamp now) { session.prove(now); });
}

void Access::close(Connection &connection, quint64 code, const QString &reason)
{
    connection.d->closeWith(code, reason);
}

} // namespace Qp2p::Peering
