// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Sets the buffers of sockets, and asks the system for its limits of them; version.cpp decides what those are good for.

#include <qp2pcore/io/socketbuffers.h>

#include "runtimechecks.h"

#include <qp2pcore/version.h>

#include <QFile>

#ifdef Q_OS_LINUX
#include <sys/socket.h>
#include <unistd.h>
#endif

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

#ifdef Q_OS_LINUX

bool setBuffer(int socket, int option)
{
    return ::setsockopt(socket, SOL_SOCKET, option, &SocketBufferSize, sizeof(SocketBufferSize))
        == 0;
}

//! Whether the process has the capability that lets it exceed the limits.
bool isBeyondLimits()
{
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return false;
    const bool isBeyond = setBuffer(socket, SO_RCVBUFFORCE) && setBuffer(socket, SO_SNDBUFFORCE);
    ::close(socket);
    return isBeyond;
}

#else

bool isBeyondLimits()
{
    return false;
}

#endif

} // namespace

#ifdef Q_OS_LINUX
void Io::setSocketBuffers(int socket)
{
    if (!setBuffer(socket, SO_RCVBUFFORCE))
        setBuffer(socket, SO_RCVBUF);
    if (!setBuffer(socket, SO_SNDBUFFORCE))
        setBuffer(socket, SO_SNDBUF);
}
#endif

Result<void> checkSocketBuffers()
{
    if (isBeyondLimits())
        return {};
    return checkSocketBufferLimits(systemLimit("/proc/sys/net/core/rmem_max"),
                                   systemLimit("/proc/sys/net/core/wmem_max"));
}

} // namespace Qp2p
