// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/pendingresults.h>

#include <utility>

namespace Qp2p {

namespace {

template<typename T>
void finish(QPromise<Result<T>> &promise, Result<T> result)
{
    promise.addResult(std::move(result));
    promise.finish();
}

} // namespace

void PendingResults::finishConfirmation(quint64 id, const Result<void> &result)
{
    if (const Confirmation promise = m_confirmations.take(id))
        finish(*promise, result);
}

QFuture<Result<Message>> PendingResults::addRequest(quint64 id, QObject *owner,
                                                    std::function<void()> cancelled)
{
    auto own = std::make_shared<OwnRequest>();
    own->promise.start();
    const QFuture<Result<Message>> future = own->promise.future();
    QObject::connect(&own->watcher, &QFutureWatcherBase::canceled, owner,
                     [this, id, owner, cancelled = std::move(cancelled)] {
                         // Not inside the watcher's own signal.
                         QMetaObject::invokeMethod(
                             owner, [request = m_requests.take(id)] { Q_UNUSED(request) },
                             Qt::QueuedConnection);
                         cancelled();
                     });
    own->watcher.setFuture(future);
    m_requests.insert(id, std::move(own));
    return future;
}

void PendingResults::finishRequest(quint64 id, Result<Message> reply)
{
    if (const auto request = m_requests.take(id))
        finish(request->promise, std::move(reply));
}

void PendingResults::finishAll(const Error &reason)
{
    const auto confirmations = std::exchange(m_confirmations, {});
    const auto requests = std::exchange(m_requests, {});
    for (const Confirmation &promise : confirmations) {
        if (promise)
            finish(*promise, Result<void>(reason));
    }
    for (const auto &request : requests)
        finish(request->promise, Result<Message>(reason));
}

} // namespace Qp2p
