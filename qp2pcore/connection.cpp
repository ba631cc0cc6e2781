// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/connection.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/support/finishedfuture.h>
#include <qp2pcore/support/threadcheck.h>

#include <atomic>

namespace Qp2p {

namespace {

using namespace std::chrono_literals;

std::atomic<quint64> lastConnectionId = 0;
// Of a request. Above it there is none.
constexpr std::chrono::milliseconds LongestTimeout = 24h * 365;

template<typename T>
void finish(QPromise<Result<T>> &promise, Result<T> result)
{
    promise.addResult(std::move(result));
    promise.finish();
}

//! Does nothing where there is none.
void finish(const std::shared_ptr<QPromise<Result<void>>> &promise, Result<void> result)
{
    if (promise)
        finish(*promise, std::move(result));
}

template<typename OwnRequest>
void finish(const std::shared_ptr<OwnRequest> &request, Result<Message> result)
{
    if (request)
        finish(request->promise, std::move(result));
}

} // namespace

// ---- inside

Connection::Private::Private(Endpoint *owner, Io::Driver *itsDriver, const Engine::Session &session)
    : endpoint(owner)
    , driver(itsDriver)
    , id(++lastConnectionId)
    , sessionId(session.id())
    , direction(session.side() == Engine::Side::Dialler ? Direction::Outgoing : Direction::Incoming)
    , protocol(session.protocol())
    , peerId(session.peerId())
    , acceptance(session.acceptance())
    , peerCertificates(session.peerCertificates())
    , peerAddress(Io::toHostAddress(session.way().remote), session.way().remote.port(), peerId)
    , peerRole(session.peerHello().role)
    , peerInstance(session.peerHello().instance)
    , ownRole(session.ownRole())
    , peerAgent(QString::fromUtf8(session.peerHello().agent))
    , qlogFile(session.qlogName())
    , peerListeningPort(session.peerHello().listeningPort)
    , paused(session.isInboxPaused())
{
    const Engine::SocketAddress &observed = session.peerHello().observed;
    if (!observed.isNull())
        observedAddress = PeerAddress(Io::toHostAddress(observed), observed.port());
}

Connection *Connection::Private::create(Endpoint *endpoint, Io::Driver *driver,
                                        const Engine::Session &session)
{
    return new Connection(std::make_unique<Private>(endpoint, driver, session));
}

Engine::Session *Connection::Private::session() const
{
    return driver ? driver->find(sessionId) : nullptr;
}

Error Connection::Private::endCause() const
{
    const Error cause = driver ? driver->endCause(sessionId) : closeReason;
    if (cause.isError() && cause.code != ErrorCode::ClosedLocally)
        return cause;
    return Error(ErrorCode::WrongState, QStringLiteral("This side has closed the connection."));
}

void Connection::Private::finishAll(const Error &reason)
{
    const auto confirmationsLeft = std::exchange(confirmations, {});
    const auto requestsLeft = std::exchange(requests, {});
    for (const auto &promise : confirmationsLeft)
        finish(promise, Result<void>(reason));
    for (const auto &request : requestsLeft)
        finish(request, Result<Message>(reason));
}

void Connection::Private::end(const Error &reason, const ConnectionStats &last)
{
    state = State::Closed;
    closeReason = reason;
    lastStats = last;
    driver = nullptr;
    held.clear();
    cancelOpenRequests();
    finishAll(reason);
}

//! Those who hold one learn that no answer can be sent any more.
void Connection::Private::cancelOpenRequests()
{
    for (const auto &open : std::exchange(openRequests, {})) {
        if (const auto request = open.lock())
            request->cancelled = true;
    }
}

void Connection::Private::requestArrived(Connection *connection,
                                         Engine::Events::RequestArrived &event)
{
    Private *const d = connection->d.get();
    if (!d->gate)
        d->gate = std::make_shared<ConnectionGate>(connection);
    auto data = std::make_shared<Request::Private>();
    data->gate = d->gate;
    data->streamId = event.streamId;
    data->message = std::move(event.message);
    d->openRequests.insert(event.streamId, data);
    Q_EMIT connection->requestReceived(Request(std::move(data)));
}

void Connection::Private::requestCancelled(Connection *connection, qint64 streamId)
{
    Private *const d = connection->d.get();
    std::erase_if(d->held, [streamId](const Engine::Event &event) {
        const auto *arrived = std::get_if<Engine::Events::RequestArrived>(&event.what);
        return arrived && arrived->streamId == streamId;
    });
    auto request = d->openRequests.take(streamId).lock();
    if (!request)
        return;
    request->cancelled = true;
    if (!request->answered)
        Q_EMIT connection->requestCancelled(Request(std::move(request)));
}

void Connection::Private::reply(qint64 streamId, const Message &message, int priority,
                                const std::shared_ptr<QPromise<Result<void>>> &promise)
{
    openRequests.remove(streamId);
    Engine::Session *live = session();
    const quint64 replyId = live ? live->reply(streamId, message, priority) : 0;
    if (replyId == 0) {
        finish(promise,
               live ? Error(ErrorCode::Cancelled,
                            QStringLiteral("The peer no longer waits for the reply."))
                    : Error(ErrorCode::WrongState, QStringLiteral("The connection is closed.")));
        return;
    }
    confirmations.insert(replyId, promise);
    touch(*live);
}

void Connection::Private::reject(qint64 streamId, quint64 code)
{
    openRequests.remove(streamId);
    if (Engine::Session *live = session()) {
        live->reject(streamId, code);
        touch(*live);
    }
}

void Connection::Private::handle(Connection *connection, Engine::Event &event, Waited waited)
{
    namespace Events = Engine::Events;
    Private *const d = connection->d.get();
    const bool isDelivery = std::holds_alternative<Events::MessageArrived>(event.what)
        || std::holds_alternative<Events::RequestArrived>(event.what);
    if (isDelivery && d->closing)
        return;
    if (isDelivery && waited == Waited::No && d->isViolated)
        return;
    if (isDelivery && waited == Waited::No && (d->paused || d->settling || !d->held.empty())) {
        d->held.push_back(std::move(event));
        return;
    }
    if (const auto *arrived = std::get_if<Events::MessageArrived>(&event.what)) {
        Q_EMIT connection->messageReceived(arrived->message);
    } else if (auto *request = std::get_if<Events::RequestArrived>(&event.what)) {
        requestArrived(connection, *request);
    } else if (const auto *cancelled = std::get_if<Events::RequestCancelled>(&event.what)) {
        requestCancelled(connection, cancelled->streamId);
    } else if (auto *reply = std::get_if<Events::ReplyArrived>(&event.what)) {
        finish(d->requests.take(reply->id), Result<Message>(std::move(reply->message)));
    } else if (const auto *acknowledged = std::get_if<Events::Acknowledged>(&event.what)) {
        if (!d->confirmations.isEmpty()) {
            const QPointer<Connection> alive(connection);
            finish(d->confirmations.take(acknowledged->id), Result<void>());
            if (!alive)
                return;
        }
        Q_EMIT connection->messageAcknowledged(acknowledged->id);
    } else if (const auto *failed = std::get_if<Events::Failed>(&event.what)) {
        const QPointer<Connection> alive(connection);
        finish(d->confirmations.take(failed->id), Result<void>(failed->error));
        if (alive)
            finish(d->requests.take(failed->id), Result<Message>(failed->error));
        if (alive)
            Q_EMIT connection->messageFailed(failed->id, failed->error);
    } else if (const auto *refused = std::get_if<Events::IncomingRefused>(&event.what)) {
        Q_EMIT connection->incomingMessageRefused(refused->error);
    } else if (std::holds_alternative<Events::QueueAvailable>(event.what)) {
        Q_EMIT connection->sendQueueAvailable();
    } else if (std::holds_alternative<Events::PathChanged>(event.what)) {
        if (const Engine::Session *session = d->session()) {
            d->peerAddress = PeerAddress(Io::toHostAddress(session->way().remote),
                                         session->way().remote.port(), d->peerId);
            Q_EMIT connection->peerAddressChanged(d->peerAddress);
        }
    }
}

void Connection::Private::deliverHeld(Connection *connection)
{
    const QPointer<Connection> alive(connection);
    Private *const d = connection->d.get();
    d->deliveryScheduled = false;
    while (alive && !d->paused && !d->settling && !d->held.empty()) {
        Engine::Event event = std::move(d->held.front());
        d->held.pop_front();
        handle(connection, event, Waited::Yes);
    }
    if (!alive || d->paused || d->settling)
        return;
    if (Engine::Session *session = d->session()) {
        session->resumeReceiving(d->driver->now());
        d->touch(*session);
    }
}

void Connection::Private::closeWith(quint64 code, const QString &reason)
{
    Engine::Session *live = session();
    if (!live || !live->isLive())
        return;
    closing = true;
    Error cause(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection."));
    cause.closeCode = code;
    cause.closeReason = reason;
    live->close(code, reason.toUtf8(), cause, driver->now());
    touch(*live);
}

void Connection::Private::closeForViolation(const Error &violation)
{
    isViolated = true;
    Engine::Session *live = session();
    if (!live || !live->isLive())
        return;
    live->close(Engine::CloseCode::ControlViolation, violation.message.toUtf8(), violation,
                driver->now());
    touch(*live);
}

void Connection::Private::settle(Connection *connection)
{
    QMetaObject::invokeMethod(
        connection, [connection] { settleAtOnce(connection); }, Qt::QueuedConnection);
}

void Connection::Private::settleAtOnce(Connection *connection)
{
    if (std::exchange(connection->d->settling, false))
        deliverHeld(connection);
}

// ---- the public face

Connection::Connection(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

Connection::~Connection()
{
    QP2P_CHECK_THREAD();
    if (d->gate)
        d->gate->close();
    setParent(nullptr); // what continues a future may delete the endpoint
    if (d->driver) { // until the end was told, the endpoint knows us: also when the session is gone
        if (Engine::Session *session = d->session()) {
            session->close(
                Engine::CloseCode::None, {},
                Error(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection.")),
                d->driver->now());
            d->touch(*session);
        }
        Endpoint::Private::connectionDestroyed(d->endpoint, d->sessionId);
    }
    d->cancelOpenRequests();
    d->finishAll(
        Error(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection.")));
}

quint64 Connection::id() const
{
    QP2P_CHECK_THREAD();
    return d->id;
}

Connection::State Connection::state() const
{
    QP2P_CHECK_THREAD();
    return d->state;
}

Connection::Direction Connection::direction() const
{
    QP2P_CHECK_THREAD();
    return d->direction;
}

Endpoint *Connection::endpoint() const
{
    QP2P_CHECK_THREAD();
    return d->endpoint;
}

Protocol Connection::protocol() const
{
    QP2P_CHECK_THREAD();
    return d->protocol;
}

PeerId Connection::peerId() const
{
    QP2P_CHECK_THREAD();
    return d->peerId;
}

Acceptance Connection::acceptance() const
{
    QP2P_CHECK_THREAD();
    return d->acceptance;
}

QList<QByteArray> Connection::peerCertificates() const
{
    QP2P_CHECK_THREAD();
    return d->peerCertificates;
}

PeerAddress Connection::peerAddress() const
{
    QP2P_CHECK_THREAD();
    return d->peerAddress;
}

PeerAddress Connection::observedAddress() const
{
    QP2P_CHECK_THREAD();
    return d->observedAddress;
}

QString Connection::qlogFile() const
{
    QP2P_CHECK_THREAD();
    return d->qlogFile;
}

QString Connection::peerAgent() const
{
    QP2P_CHECK_THREAD();
    return d->peerAgent;
}

quint16 Connection::peerListeningPort() const
{
    QP2P_CHECK_THREAD();
    return d->peerListeningPort;
}

quint64 Connection::send(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    Engine::Session *session = d->session();
    if (!session || !session->isLive()) {
        // The promise that one of the signals follows holds here too.
        static std::atomic<quint64> lastId = Private::FirstLocalId;
        const quint64 id = ++lastId;
        QMetaObject::invokeMethod(
            this, [this, id, cause = d->endCause()] { Q_EMIT messageFailed(id, cause); },
            Qt::QueuedConnection);
        return id;
    }
    const quint64 id = session->send(message, priority);
    d->touch(*session);
    return id;
}

QFuture<Result<void>> Connection::sendAndConfirm(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    Engine::Session *session = d->session();
    if (!session || !session->isLive())
        return finishedFuture<void>(d->endCause());
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    d->confirmations.insert(send(message, priority), promise);
    return promise->future();
}

QFuture<Result<Message>> Connection::request(const Message &message, int priority,
                                             std::chrono::milliseconds timeout)
{
    QP2P_CHECK_THREAD();
    Engine::Session *session = d->session();
    if (!session || !session->isLive())
        return finishedFuture<Message>(d->endCause());
    const bool isLimited = timeout > 0ms && timeout < LongestTimeout;
    const ngtcp2_tstamp now = d->driver->now();
    const quint64 id = session->request(
        message, priority, isLimited ? now + Engine::nanoseconds(timeout) : UINT64_MAX);
    auto own = std::make_shared<Private::OwnRequest>();
    own->promise.start();
    const QFuture<Result<Message>> future = own->promise.future();
    connect(&own->watcher, &QFutureWatcherBase::canceled, this, [this, id] {
        // Not inside the watcher's own signal.
        QMetaObject::invokeMethod(
            this, [request = d->requests.take(id)] { Q_UNUSED(request) }, Qt::QueuedConnection);
        if (Engine::Session *live = d->session()) {
            live->cancelRequest(id, d->driver->now());
            d->touch(*live);
        }
    });
    own->watcher.setFuture(future);
    d->requests.insert(id, std::move(own));
    d->touch(*session);
    return future;
}

qint64 Connection::sendQueueBytes() const
{
    QP2P_CHECK_THREAD();
    const Engine::Session *session = d->session();
    return session ? session->outbox().queuedBytes() : 0;
}

bool Connection::canSend(qint64 bytes) const
{
    QP2P_CHECK_THREAD();
    const Engine::Session *session = d->session();
    return session && session->isLive() && session->outbox().hasRoomFor(bytes);
}

void Connection::pauseReceiving()
{
    QP2P_CHECK_THREAD();
    d->paused = true;
    if (Engine::Session *session = d->session())
        session->pauseReceiving();
}

void Connection::resumeReceiving()
{
    QP2P_CHECK_THREAD();
    d->paused = false;
    if (d->deliveryScheduled)
        return;
    d->deliveryScheduled = true;
    QMetaObject::invokeMethod(
        this, [this] { Private::deliverHeld(this); }, Qt::QueuedConnection);
}

bool Connection::isReceivingPaused() const
{
    QP2P_CHECK_THREAD();
    return d->paused;
}

void Connection::close(quint64 code, const QString &reason)
{
    QP2P_CHECK_THREAD();
    d->closeWith(checkedCloseCode(code, "Qp2p::Connection::close"), reason);
}

Error Connection::closeReason() const
{
    QP2P_CHECK_THREAD();
    return d->closeReason;
}

ConnectionStats Connection::stats() const
{
    QP2P_CHECK_THREAD();
    const Engine::Session *session = d->session();
    return session ? session->stats(d->driver->now()) : d->lastStats;
}

} // namespace Qp2p
