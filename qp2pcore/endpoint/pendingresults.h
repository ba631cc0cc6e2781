// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The futures of a connection: what became of its messages, and the replies to its requests.
#pragma once

#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <QFutureWatcher>
#include <QHash>
#include <QPromise>

#include <functional>
#include <memory>

namespace Qp2p {

//! \brief Promises by the id of a message or request. What continues a future may delete this object: each
//! function that finishes one does so last.
class PendingResults
{
public:
    using Confirmation = std::shared_ptr<QPromise<Result<void>>>;

    void addConfirmation(quint64 id, const Confirmation &promise)
    {
        m_confirmations.insert(id, promise);
    }
    bool hasConfirmations() const { return !m_confirmations.isEmpty(); }
    //! Does nothing for a message without a waiting future.
    void finishConfirmation(quint64 id, const Result<void> &result);

    //! \brief Where the future is cancelled nothing finishes it any more, and \a cancelled is called, in the context
    //! of \a owner, whose part this object is.
    QFuture<Result<Message>> addRequest(quint64 id, QObject *owner, std::function<void()> cancelled);
    void finishRequest(quint64 id, Result<Message> reply);

    //! All finish with \a reason.
    void finishAll(const Error &reason);

private:
    //! With whom may cancel it.
    struct OwnRequest
    {
        QPromise<Result<Message>> promise;
        QFutureWatcher<Result<Message>> watcher;
    };

    QHash<quint64, Confirmation> m_confirmations;
    QHash<quint64, std::shared_ptr<OwnRequest>> m_requests;
};

} // namespace Qp2p
