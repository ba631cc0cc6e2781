// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What QFuture::then() with a context should be.
#pragma once

#include <QFutureWatcher>
#include <QObject>

#include <utility>

namespace Qp2p::Peering {

//! \brief Calls \a function with the result, from the event loop, unless \a context is gone by then.
//!
//! QFuture::then() of Qt 6.4 aborts where a future finishes after its context is gone.
template<typename T, typename Function>
void whenFinished(const QFuture<T> &future, QObject *context, Function function)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, function = std::move(function)] {
                         watcher->deleteLater();
                         if (watcher->future().resultCount() > 0) // none: it was cancelled
                             function(watcher->result());
                     });
    watcher->setFuture(future);
}

} // namespace Qp2p::Peering
