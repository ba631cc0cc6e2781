// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Futures that finish once a link to a peer is established, or with the reason why not.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QFuture>
#include <QHash>
#include <QList>
#include <QPromise>

#include <memory>
#include <utility>
#include <vector>

namespace Qp2p::Peering {

//! \brief Each is a dial first, and then waits for the link to the peer that has answered it.
//!
//! Whatever continues a future may delete this.
template<typename T>
class LinkWaiters
{
public:
    using Promise = std::shared_ptr<QPromise<Result<T>>>;

    Promise add()
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        m_open.append(promise);
        return promise;
    }
    qsizetype size() const { return m_open.size(); }

    //! \a peerId has answered the dial of \a promise.
    void waitFor(const PeerId &peerId, const Promise &promise)
    {
        m_waiting[peerId].push_back(promise);
    }

    void finish(const Promise &promise, const Result<T> &result)
    {
        m_open.removeOne(promise);
        promise->addResult(result);
        promise->finish();
    }
    //! All that wait for \a peerId.
    void finish(const PeerId &peerId, const Result<T> &result)
    {
        const auto promises = m_waiting.take(peerId);
        for (const Promise &promise : promises)
            m_open.removeOne(promise);
        for (const Promise &promise : promises) {
            promise->addResult(result);
            promise->finish();
        }
    }
    void finishAll(const Result<T> &result)
    {
        m_waiting.clear();
        const auto promises = std::exchange(m_open, {});
        for (const Promise &promise : promises) {
            promise->addResult(result);
            promise->finish();
        }
    }

private:
    QList<Promise> m_open;
    QHash<PeerId, std::vector<Promise>> m_waiting;
};

} // namespace Qp2p::Peering
