// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The life of a connection inside: from its session to its end, and the peer's requests meanwhile.
#include <qp2pcore/endpoint/connectionprivate.h>

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/engine/closecodes.h>

#include <atomic>

namespace Qp2p {

namespace {

std::atomic<quint64> lastConnectionId = 0;

//! Connections are made of sessions that are open, and an endpoint's sessions speak nothing else.
const Engine::MessagingProtocol &messaging(const Engine::Session &opened)
{
    const Engine::MessagingProtocol *protocol = Engine::MessagingProtocol::of(opened);
    Q_ASSERT(protocol);
    return *protocol;
}

} // namespace

Connection::Private::Private(Endpoint *owner, Direction its, Protocol spoken)
    : endpoint(owner)
    , id(++lastConnectionId)
    , direction(its)
    , protocol(spoken)
{
}

Connection *Connection::Private::create(Endpoint *owner, const SessionHandle &handle,
                                        const Engine::Session &opened)
{
    const auto direction = opened.side() == Engine::Side::Dialler ? Direction::Outgoing
                                                                  : Direction::Incoming;
    auto data = std::make_unique<Private>(owner, direction, messaging(opened).protocol());
    data->setOpen(handle, opened);
    return new Connection(std::move(data));
}

void Connection::Private::readSession(const Engine::Session &opened)
{
    const Engine::Hello &hello = messaging(opened).peerHello();
    const Engine::SocketAddress &remote = opened.provenAddress();
    peerId = opened.peerId();
    acceptance = opened.acceptance();
    peerCertificates = opened.peerCertificates();
    peerAddress = PeerAddress(Io::toHostAddress(remote), remote.port(), peerId);
    leg = opened.way().leg;
    peerRole = hello.role;
    peerInstance = hello.instance;
    peerServices = hello.services;
    ownRole = messaging(opened).ownRole();
    peerAgent = hello.agent;
    qlogFile = opened.qlogName();
    peerListeningPort = hello.listeningPort;
    observedAddress = hello.observed;
}

Error Connection::Private::endCause() const
{
    const Error cause = opening && opening->failure ? *opening->failure
        : session.isNull()                          ? closeReason()
                                                    : session.endCause();
    if (cause.isError() && cause.code != ErrorCode::ClosedLocally)
        return cause;
    return Error(ErrorCode::WrongState,
                 QStringLiteral("This side has closed the connection. Connect again to send."));
}

void Connection::Private::end(const Error &reason, const ConnectionStats &last)
{
    state = State::Closed;
    ended = std::make_unique<const Ended>(Ended{reason, last});
    session = {};
    held.clear();
    cancelOpenRequests();
    pending.finishAll(reason);
}

void Connection::Private::closeWith(quint64 code, const QString &reason)
{
    Error cause(ErrorCode::ClosedLocally, QStringLiteral("This side closed the connection."));
    cause.closeCode = code;
    cause.closeReason = reason;
    if (opening) {
        closing = true;
        endpoint->d->closeOpening(*opening, code, reason, cause);
        return;
    }
    const bool closed = session.commandIfLive([&](Engine::Session &live, ngtcp2_tstamp now) {
        live.close(code, reason.toUtf8(), cause, now);
    });
    closing = closing || closed;
}

void Connection::Private::closeForViolation(const Error &violation)
{
    isViolated = true;
    session.commandIfLive([&](Engine::Session &live, ngtcp2_tstamp now) {
        live.close(Engine::CloseCode::ControlViolation, violation.message.toUtf8(), violation, now);
    });
}

// ---- requests of the peer

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
    std::erase_if(d->held, [streamId](const auto &delivery) {
        const auto *arrived = std::get_if<Engine::Events::RequestArrived>(&delivery);
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
                                const PendingResults::Confirmation &promise)
{
    openRequests.remove(streamId);
    quint64 replyId = 0;
    const bool hasSession = session.commandMessages([&](Engine::MessageStreams &messages) {
        replyId = messages.reply(streamId, message, priority);
    });
    if (replyId != 0) {
        pending.addConfirmation(replyId, promise);
        return;
    }
    const Error cause = hasSession
        ? Error(ErrorCode::Cancelled, QStringLiteral("The peer no longer waits for the reply."))
        : Error(ErrorCode::WrongState,
                QStringLiteral("The connection is closed. Connect again to send."));
    promise->addResult(Result<void>(cause));
    promise->finish();
}

void Connection::Private::reject(qint64 streamId, quint64 code)
{
    openRequests.remove(streamId);
    session.commandMessages(
        [&](Engine::MessageStreams &messages) { messages.reject(streamId, code); });
}

//! A program that holds one learns that no answer can be sent any more.
void Connection::Private::cancelOpenRequests()
{
    for (const auto &open : std::exchange(openRequests, {})) {
        if (const auto request = open.lock())
            request->cancelled = true;
    }
}

} // namespace Qp2p
