// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint.h>

#include <qp2pcore/certificates/authorityfiles.h>
#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/endpoint/enginesettings.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/messages/messagefactory.h>
#include <qp2pcore/support/threadcheck.h>
#include <qp2pcore/version.h>

#include <algorithm>

namespace Qp2p {

// ---- inside: the socket

Endpoint::Private::Private(const EndpointConfig &configuration,
                           std::shared_ptr<Io::Environment> surroundings)
    : config(configuration)
    , environment(std::move(surroundings))
{
    if (config.identity().isNull()) {
        if (const Result<Identity> identity = Identity::generate())
            config.setIdentity(*identity);
        else
            identityError = identity.error();
    }
}

Result<void> Endpoint::Private::openSocket(const QHostAddress &address, quint16 port)
{
    if (const Result<void> runtime = checkRuntime(); !runtime)
        return runtime;
    if (identityError.isError())
        return identityError;
    if (const Result<void> valid = config.validate(); !valid)
        return valid;
    const auto authorities = loadAuthorities(config.certificatePolicy());
    if (!authorities)
        return authorities.error();
    Io::Driver::Options options{engineSettings(config), config.qlogDirectory(),
                                config.busyPollLimit()};
    options.settings.authorities = *authorities;
    messageOptions = Qp2p::messageOptions(config);
    if (membership) {
        messageOptions->role = membership->role;
        messageOptions->instance = membership->instance;
        messageOptions->services = membership->services;
        messageOptions->startPaused = true;
        messageOptions->refuse = membership->refuse;
        messageOptions->claimedPort = membership->claimedPort;
    }
    if (controlListener)
        messageOptions->controlKinds = controlListener->controlKinds();
    options.settings.protocols = Engine::messageProtocols(acceptedProtocols(config), messageOptions);
    auto opened = Io::Driver::open(environment, options, address, port, this);
    if (!opened)
        return opened.error();
    driver = std::move(opened).value();
    watchCertificates();
    return {};
}

Result<void> Endpoint::Private::ensureSocket()
{
    if (state == State::Closing || state == State::Closed)
        return Error(ErrorCode::WrongState,
                     QStringLiteral("The endpoint is closed. Make a new one to dial."));
    if (driver)
        return {};
    if (const Result<void> opened = openSocket(QHostAddress(QHostAddress::Any), 0); !opened)
        return opened;
    setState(State::Dialling);
    return {};
}

void Endpoint::Private::setState(State next)
{
    if (state == next)
        return;
    state = next;
    Q_EMIT q->stateChanged(next);
}

void Endpoint::Private::connectionDestroyed(Endpoint *endpoint, Engine::SessionId session)
{
    endpoint->d->connections.erase(session);
}

// ---- the public face

Endpoint::Endpoint(const EndpointConfig &config, QObject *parent)
    : Endpoint(*new Private(config, Io::systemEnvironment()), parent)
{
}

Endpoint::Endpoint(Private &inside, QObject *parent)
    : QObject(parent)
    , d(&inside)
{
    d->q = this;
}

Endpoint::~Endpoint()
{
    QP2P_CHECK_THREAD();
    d->state = State::Closed; // a program that is called below can dial no more
    d->isBeingDestroyed = true;
    // Notified in the order: promises of dials, then connections and theirs; then the peers.
    d->cancelDials();
    while (!d->openings.empty())
        delete d->openings.constFirst();
    while (!d->connections.empty())
        delete d->connections.begin()->second;
    if (d->driver) {
        d->driver->closeAll(Engine::CloseCode::None, {}, dialCancelled());
        d->driver->flush();
    }
}

Endpoint::State Endpoint::state() const
{
    QP2P_CHECK_THREAD();
    return d->state;
}

EndpointConfig Endpoint::config() const
{
    QP2P_CHECK_THREAD();
    return d->config;
}

PeerId Endpoint::peerId() const
{
    QP2P_CHECK_THREAD();
    return d->config.identity().peerId();
}

Result<void> Endpoint::listen(const QHostAddress &address, quint16 port)
{
    QP2P_CHECK_THREAD();
    if (d->state == State::Closing || d->state == State::Closed)
        return Error(ErrorCode::WrongState,
                     QStringLiteral("The endpoint is closed. Make a new one to listen."));
    if (d->state == State::Listening)
        return Error(
            ErrorCode::WrongState,
            QStringLiteral(
                "The endpoint already listens on port %1. Use another endpoint for a further port.")
                .arg(localPort()));
    if (!d->driver) {
        if (const Result<void> opened = d->openSocket(address, port); !opened)
            return opened;
    } else if ((port != 0 && port != localPort())
               || (address != QHostAddress(QHostAddress::Any) && address != localAddress())) {
        return Error(ErrorCode::WrongState,
                     QStringLiteral("The endpoint has dialled from port %1 already and can listen "
                                    "only there. Call listen() first, or use another endpoint.")
                         .arg(localPort()));
    }
    d->driver->startAccepting();
    d->setState(State::Listening);
    return {};
}

bool Endpoint::isListening() const
{
    QP2P_CHECK_THREAD();
    return d->state == State::Listening;
}

QHostAddress Endpoint::localAddress() const
{
    QP2P_CHECK_THREAD();
    return d->driver ? Io::toHostAddress(d->driver->localAddress()) : QHostAddress();
}

quint16 Endpoint::localPort() const
{
    QP2P_CHECK_THREAD();
    return d->driver ? d->driver->localAddress().port() : 0;
}

QFuture<Result<QPointer<Connection>>> Endpoint::connectTo(const PeerAddress &peer, Protocol protocol)
{
    QP2P_CHECK_THREAD();
    return d->dial({peer}, protocol);
}

QFuture<Result<QPointer<Connection>>> Endpoint::connectToAny(const QList<PeerAddress> &peers)
{
    QP2P_CHECK_THREAD();
    return d->dial(peers, Protocol::Qp2p1);
}

QList<Connection *> Endpoint::connections() const
{
    QP2P_CHECK_THREAD();
    QList<Connection *> list;
    for (const auto &[id, connection] : d->connections)
        list.append(connection);
    std::sort(list.begin(), list.end(),
              [](const Connection *a, const Connection *b) { return a->id() < b->id(); });
    return list;
}

void Endpoint::close(quint64 code, const QString &reason)
{
    QP2P_CHECK_THREAD();
    if (d->state == State::Closing || d->state == State::Closed)
        return;
    code = checkedCloseCode(code, "Qp2p::Endpoint::close");
    const QPointer<Endpoint> alive(this);
    Error cause(ErrorCode::ClosedLocally, QStringLiteral("This side closed the endpoint."));
    cause.closeCode = code;
    cause.closeReason = reason;
    d->closeOpenings(cause);
    const auto dials = d->takeDials();
    if (d->driver)
        d->driver->closeAll(code, reason.toUtf8(), cause);
    d->setState(d->driver ? State::Closing : State::Closed);
    if (!alive)
        return;
    for (const auto &dial : dials) {
        if (!dial->isFinished())
            dial->finish(dialCancelled());
    }
}

void Endpoint::checkConnections()
{
    QP2P_CHECK_THREAD();
    if (d->driver)
        d->driver->proveAll();
    d->lookAtCertificatesSoon(); // no timer has run while the machine slept
}

Result<void> Endpoint::setQlogDirectory(const QString &directory)
{
    QP2P_CHECK_THREAD();
    EndpointConfig changed = d->config;
    changed.setQlogDirectory(directory);
    if (const Result<void> valid = changed.validate(); !valid)
        return valid;
    d->config = changed;
    if (d->driver)
        d->driver->setQlogDirectory(directory);
    return {};
}

EndpointStats Endpoint::stats() const
{
    QP2P_CHECK_THREAD();
    return d->driver ? d->driver->stats() : d->lastStats;
}

} // namespace Qp2p
