// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Asks the system for its limits of socket buffers; version.cpp decides what they are good for.

#include "runtimechecks.h"

#include <qp2pcore/version.h>

#include <QFile>

#include <limits>

namespace Qp2p {

namespace {

//! Without a limit where there is no such file: on other systems, and inside some containers.
qint64 systemLimit(const char *fileName)
{
    QFile file(QString::fromLatin1(fileName));
    bool isNumber = false;
    const qint64 limit = file.open(QIODevice::ReadOnly)
        ? file.readAll().trimmed().toLongLong(&isNumber)
        : 0;
    return isNumber ? limit : std::numeric_limits<qint64>::max();
}

} // namespace

Result<void> checkSocketBuffers()
{
    return checkSocketBufferLimits(systemLimit("/proc/sys/net/core/rmem_max"),
                                   systemLimit("/proc/sys/net/core/wmem_max"));
}

} // namespace Qp2p
