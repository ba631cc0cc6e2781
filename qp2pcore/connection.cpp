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

// Of a request. Above it there is none.
constexpr std::chrono::milliseconds LongestTimeout = 24h * 365;

using Kind = Engine::OutgoingMessage::Kind;

} // namespace

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
    if (d->opening)
        d->endpoint->d->openingDestroyed(*d->opening);
    const Error cause(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection."));
    if (!d->opening
        && !d->session
                .isNull()) { // until the end is reported, the endpoint knows us: also without a session
        d->session.command([&](Engine::Session &session, ngtcp2_tstamp now) {
            session.close(Engine::CloseCode::None, {}, cause, now);
        });
        Endpoint::Private::connectionDestroyed(d->endpoint, d->session.id());
    }
    d->cancelOpenRequests();
    d->pending.finishAll(cause);
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
    const Engine::SocketAddress &observed = d->observedAddress;
    return observed.isNull() ? PeerAddress()
                             : PeerAddress(Io::toHostAddress(observed), observed.port());
}

QString Connection::qlogFile() const
{
    QP2P_CHECK_THREAD();
    return d->qlogFile;
}

QString Connection::peerAgent() const
{
    QP2P_CHECK_THREAD();
    return QString::fromUtf8(d->peerAgent);
}

quint16 Connection::peerListeningPort() const
{
    QP2P_CHECK_THREAD();
    return d->peerListeningPort;
}

quint64 Connection::send(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    quint64 id = 0;
    const bool isSent = d->session.commandMessagesIfLive(
        [&](Engine::MessageStreams &messages) { id = messages.send(message, priority); });
    if (!isSent && !d->sendWhileOpening(id, Kind::Message, message, priority)) {
        // The promise that one of the signals follows holds here too.
        static std::atomic<quint64> lastId = Private::FirstLocalId;
        id = ++lastId;
        QMetaObject::invokeMethod(
            this, [this, id, cause = d->endCause()] { Q_EMIT messageFailed(id, cause); },
            Qt::QueuedConnection);
    }
    return id;
}

QFuture<Result<void>> Connection::sendAndConfirm(const Message &message, int priority)
{
    QP2P_CHECK_THREAD();
    quint64 id = 0;
    const bool isSent = d->session.commandMessagesIfLive(
        [&](Engine::MessageStreams &messages) { id = messages.send(message, priority); });
    if (!isSent && !d->sendWhileOpening(id, Kind::Message, message, priority))
        return finishedFuture<void>(d->endCause());
    const auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    d->pending.addConfirmation(id, promise);
    return promise->future();
}

QFuture<Result<Message>> Connection::request(const Message &message, int priority,
                                             std::chrono::milliseconds timeout)
{
    QP2P_CHECK_THREAD();
    const bool isLimited = timeout > 0ms && timeout < LongestTimeout;
    quint64 id = 0;
    const bool isSent = d->session.commandMessagesIfLive(
        [&](Engine::MessageStreams &messages, ngtcp2_tstamp now) {
            id = messages.request(message, priority,
                                  isLimited ? now + Engine::nanoseconds(timeout) : UINT64_MAX);
        });
    if (!isSent
        && !d->sendWhileOpening(id, Kind::Request, message, priority,
                                isLimited ? timeout : std::chrono::milliseconds()))
        return finishedFuture<Message>(d->endCause());
    return d->pending.addRequest(id, this, [this, id] { d->cancelRequest(id); });
}

qint64 Connection::sendQueueBytes() const
{
    QP2P_CHECK_THREAD();
    if (d->opening && !d->opening->queue->isTaken())
        return d->opening->queue->queuedBytes();
    if (d->opening)
        d->findSession();
    const Engine::MessageStreams *messages = d->session.messages();
    return messages ? messages->outbox().queuedBytes() : 0;
}

bool Connection::canSend(qint64 bytes) const
{
    QP2P_CHECK_THREAD();
    if (d->opening && !d->opening->queue->isTaken())
        return !d->opening->failure && d->opening->queue->hasRoomFor(bytes);
    if (d->opening)
        d->findSession();
    const Engine::Session *session = d->session.find();
    return session && session->isLive() && d->session.messages()->outbox().hasRoomFor(bytes);
}

void Connection::pauseReceiving()
{
    QP2P_CHECK_THREAD();
    d->paused = true;
    if (d->opening)
        return; // nothing is delivered before it is open
    d->session.commandMessages([](Engine::MessageStreams &messages) { messages.pauseReceiving(); });
}

void Connection::resumeReceiving()
{
    QP2P_CHECK_THREAD();
    d->paused = false;
    if (d->opening || d->deliveryScheduled)
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
    return d->closeReason();
}

ConnectionPath Connection::path() const
{
    QP2P_CHECK_THREAD();
    const Engine::Session *session = d->session.find();
    if (!session || session->way().kind != Engine::Way::Kind::Leg)
        return {ConnectionPath::Kind::Direct, peerAddress(), {}};
    return {ConnectionPath::Kind::Relayed, {}, d->endpoint->d->relayOf(session->way().leg)};
}

ConnectionStats Connection::stats() const
{
    QP2P_CHECK_THREAD();
    if (d->opening)
        return d->endpoint->d->statsOf(*d->opening);
    const Engine::Session *session = d->session.find();
    return session ? session->stats(d->session.now())
        : d->ended ? d->ended->lastStats
                   : ConnectionStats();
}

} // namespace Qp2p
