// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/tools/shared/coredumps.h>

#include <QtGlobal>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

// The leak checker of the sanitizers attaches to the process like a debugger.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QP2P_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QP2P_SANITIZED
#endif
#endif

void forbidCoreDumps()
{
#if defined(Q_OS_LINUX) && defined(QT_NO_DEBUG) && !defined(QP2P_SANITIZED)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}
