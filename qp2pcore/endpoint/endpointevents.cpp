// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the engine reports, dispatched: to dials, connections, the network, and as signals of the endpoint.
#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/support/logging.h>

#include <type_traits>
#include <variant>

namespace Qp2p {

namespace Events = Engine::Events;

namespace {

template<typename... Functions>
struct Overloaded : Functions...
{
    using Functions::operator()...;
};

} // namespace

void Endpoint::Private::handleEvent(Engine::Event &event)
{
    const Engine::SessionId id = event.session;
    std::visit(Overloaded{
                   [&](Events::Confirmed &) { confirmed(id); },
                   [&](Events::Opened &) { opened(id); },
                   [&](Events::Closed &closing) { closed(id, closing); },
                   [&](Events::Control &control) { controlReceived(id, control); },
                   [&](Events::AddressTokenReceived &received) {
                       addressTokenReceived(id, received.token);
                   },
                   [&](Events::SessionTicketReceived &received) {
                       sessionTicketReceived(id, received.ticket);
                   },
                   [&](Events::DialBackArrived &arrived) {
                       if (controlListener)
                           controlListener->dialBackArrived(arrived.nonce);
                   },
                   [&](auto &ofConnection) { // a new event needs a Connection::Private::handle()
                       if (const auto found = connections.find(id); found != connections.end())
                           Connection::Private::handle(found->second, ofConnection);
                       else
                           handleOpening(id, ofConnection);
                   },
               },
               event.what);
}

//! \brief What a connection that is not open yet has to do with: messages that have failed. Acknowledgements
//! and replies come before the end where either side closes right after the peer's hello.
template<typename Event>
void Endpoint::Private::handleOpening(Engine::SessionId id, Event &event)
{
    const auto dial = dials.value(id);
    Opening *opening = dial ? dial->opening() : nullptr;
    if (!opening)
        return;
    if constexpr (std::is_same_v<
                      Event, Events::Acknowledged> || std::is_same_v<Event, Events::ReplyArrived>)
        opening->unusable.push_back(event.id);
    else if constexpr (std::is_same_v<
                           Event, Events::Failed> || std::is_same_v<Event, Events::QueueAvailable>)
        Connection::Private::handle(opening->connection, event);
}

//! A handshake in a race: the dial says who is greeted next.
void Endpoint::Private::confirmed(Engine::SessionId id)
{
    if (const auto dial = dials.value(id))
        greet(dial->confirmed(id));
}

void Endpoint::Private::greet(Engine::SessionId id)
{
    sessionHandle(id).command([](Engine::Session &next, ngtcp2_tstamp now) {
        if (Engine::MessagingProtocol *protocol = Engine::MessagingProtocol::of(next))
            protocol->greet(now);
    });
}

void Endpoint::Private::controlReceived(Engine::SessionId id, Events::Control &control)
{
    const auto found = connections.find(id);
    if (controlListener && found != connections.end() && !found->second->d->isViolated)
        controlListener->controlReceived(found->second, {control.kind, std::move(control.body)});
}

void Endpoint::Private::opened(Engine::SessionId id)
{
    const Engine::Session *session = driver->find(id);
    if (!session)
        return; // its Closed event follows, and concludes a dial
    // A peer that refuses us says so right after its hello, and both may be read in one go. Then there is
    // nothing to use, and the dial's failure says why, as where the refusal has overtaken the hello.
    const auto opening = dials.value(id);
    const bool isRefused = session->side() == Engine::Side::Dialler && !session->isLive()
        && ((opening && opening->isAbandoned())
            || session->stats(driver->now()).messagesReceived == 0);
    if (isRefused) {
        if (opening)
            opening->refused(id, session->peerCertificates());
        return;
    }
    const auto dial = dials.take(id);
    if (session->side() == Engine::Side::Dialler && !dial)
        return; // given up meanwhile
    const auto dialled = dial && dial->opening() ? std::optional(dial->opening()->peer)
                                                 : std::nullopt;
    Connection *connection = openedConnection(dial, id, *session);
    connections[id] = connection;
    watchCertificate(connection->d->acceptance);
    qCDebug(lcEndpoint).noquote() << "open:" << connection->peerAddress().toString();
    if (dial)
        won(dial, id);
    const QPointer<Connection> alive(connection);
    if (dialled)
        Connection::Private::reportOpen(connection, *dialled);
    if (alive)
        Q_EMIT q->connectionOpened(connection);
    if (dial && !dial->isFinished())
        dial->finish(alive ? Dial::Outcome(alive)
                           : Dial::Outcome(
                               Error(ErrorCode::ClosedLocally,
                                     QStringLiteral("This side deleted the connection as soon as "
                                                    "it was open. Dial again if it is needed."))));
    if (alive)
        Connection::Private::releaseDeliveriesLater(alive);
}

Connection *Endpoint::Private::openedConnection(const std::shared_ptr<Dial> &dial,
                                                Engine::SessionId id,
                                                const Engine::Session &session)
{
    if (Opening *opening = dial ? dial->opening() : nullptr) {
        Connection *connection = opening->connection;
        dial->setOpening(nullptr);
        connection->d->setOpen(sessionHandle(id), session);
        return connection;
    }
    Connection *connection = Connection::Private::create(q, sessionHandle(id), session);
    connection->setParent(q);
    return connection;
}

//! The others have not greeted, so to their acceptors nothing was ever open.
void Endpoint::Private::won(const std::shared_ptr<Dial> &dial, Engine::SessionId id)
{
    for (const Engine::SessionId other : dial->sessions()) {
        if (other != id)
            dropSession(other);
    }
    lookups.removeAll(dial);
    dial->setWon();
}

void Endpoint::Private::closed(Engine::SessionId id, const Events::Closed &event)
{
    driver->legs().closeAllOf(id);
    if (const auto dial = dials.take(id)) {
        dial->addTraffic(*event.stats);
        const Engine::Session *session = driver->find(id);
        if (controlListener)
            controlListener->dialFailed(dial->dialledBy(id), session ? session->peerId() : PeerId(),
                                        event.error);
        if (Opening *opening = dial->opening())
            opening->lastStats = *event.stats;
        greet(dial->failed(id, event.error));
        concludeIfFailed(dial);
        return;
    }
    const auto found = connections.find(id);
    if (found == connections.end()) {
        if (event.origin == Events::Closed::Origin::Accepted && !event.wasOpen
            && event.error.closeCode != Engine::CloseCode::Arrived)
            Q_EMIT q->handshakeFailed(
                PeerAddress(Io::toHostAddress(event.remote), event.remote.port()), event.error);
        return;
    }
    const QPointer<Endpoint> alive(q);
    const QPointer<Connection> connection = found->second;
    Connection::Private::releaseDeliveries(connection);
    if (!alive || !connection)
        return;
    connections.erase(id);
    qCDebug(lcEndpoint).noquote() << "closed:" << connection->peerAddress().toString()
                                  << event.error.message;
    const Error reason = event.error;
    connection->d->end(reason, *event.stats);
    if (connection)
        Q_EMIT connection->stateChanged(Connection::State::Closed);
    if (alive && connection)
        Q_EMIT q->connectionClosed(connection, reason);
    if (connection)
        connection->deleteLater();
}

void Endpoint::Private::pumped()
{
    if (state == State::Closing && !driver->hasSessions()) {
        lastStats = driver->stats();
        driver.reset();
        setState(State::Closed);
    }
}

} // namespace Qp2p
