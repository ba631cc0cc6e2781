// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/request.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/support/finishedfuture.h>

namespace Qp2p {

Request::Private::~Private()
{
    if (!answered && gate) {
        gate->run([id = streamId](Connection *connection) {
            connection->d->reject(id, Engine::CloseCode::NoReply);
        });
    }
}

Request::Request()
    : d(std::make_shared<Private>())
{
}

Request::Request(std::shared_ptr<Private> data)
    : d(std::move(data))
{
}

const Message &Request::message() const
{
    return d->message;
}

QFuture<Result<void>> Request::reply(const Message &reply, int priority) const
{
    if (d->answered.exchange(true))
        return finishedFuture<void>(
            Error(ErrorCode::WrongState,
                  QStringLiteral("The request was answered before. Answer each request once.")));
    const auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    QFuture<Result<void>> future = promise->future();
    const bool isThere = d->gate
        && d->gate->run([id = d->streamId, reply, priority, promise](Connection *connection) {
               connection->d->reply(id, reply, priority, promise);
           });
    return isThere
        ? future
        : finishedFuture<void>(Error(
            ErrorCode::ClosedLocally,
            QStringLiteral(
                "The connection has ended, and the request with it. The peer can ask again.")));
}

void Request::reject(quint64 code) const
{
    if (d->answered.exchange(true) || !d->gate)
        return;
    d->gate->run([id = d->streamId, code = checkedCloseCode(code, "Qp2p::Request::reject")](
                     Connection *connection) { connection->d->reject(id, code); });
}

bool Request::isAnswered() const
{
    return d->answered;
}

bool Request::isCancelled() const
{
    return d->cancelled;
}

} // namespace Qp2p
