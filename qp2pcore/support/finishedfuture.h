// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A future for what is known already.
#pragma once

#include <qp2pcore/result.h>

#include <QFuture>
#include <QPromise>

namespace Qp2p {

template<typename T>
QFuture<Result<T>> finishedFuture(const Result<T> &result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

} // namespace Qp2p
