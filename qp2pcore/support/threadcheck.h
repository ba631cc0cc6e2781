// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Debug builds name a call that comes from another thread than its object's.
#pragma once

#include <QObject>
#include <QThread>

//! \brief The first line of every public member function of a QObject of the public API, getters and destructors
//! included: warns with the function's name where it is called in another thread. Nothing in release builds.
#if !defined(QT_NO_DEBUG) || defined(QT_FORCE_ASSERTS)
#define QP2P_CHECK_THREAD() ::Qp2p::checkThread(*this, staticMetaObject.className(), __func__)
#else
#define QP2P_CHECK_THREAD() static_cast<void>(0)
#endif

namespace Qp2p {

void warnOfOtherThread(const char *className, const char *function);

inline void checkThread(const QObject &object, const char *className, const char *function)
{
    static thread_local const QThread *const current = QThread::currentThread();
    const QThread *const thread = object.thread();
    // Once its thread has ended, an object can be used, and deleted, by who waited for that.
    if (thread != current && thread && !thread->isFinished()) [[unlikely]]
        warnOfOtherThread(className, function);
}

} // namespace Qp2p
