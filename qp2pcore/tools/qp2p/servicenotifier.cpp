// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "servicenotifier.h"

#include <QCoreApplication>

#ifdef Q_OS_LINUX
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace std::chrono_literals;

#ifdef Q_OS_LINUX

namespace {

// The manager reads its socket as soon as it runs; what it has not read after that many messages is of no use.
constexpr qsizetype MaxWaiting = 16;
constexpr auto RetryAfter = 100ms;

//! Half of the time within which the manager must hear of this process; zero: no watchdog.
std::chrono::milliseconds watchdogInterval()
{
    bool isNumber = false;
    const qint64 microseconds = qEnvironmentVariable("WATCHDOG_USEC").toLongLong(&isNumber);
    const QString pid = qEnvironmentVariable("WATCHDOG_PID");
    const bool isOurs = pid.isEmpty() || pid.toLongLong() == QCoreApplication::applicationPid();
    // The limits of a timer in milliseconds; the manager's own are within them.
    if (!isNumber || !isOurs || microseconds < 2000 || microseconds / 2000 > 86'400'000)
        return 0ms;
    return std::chrono::milliseconds(microseconds / 2000);
}

} // namespace

ServiceNotifier::ServiceNotifier(QObject *parent)
    : QObject(parent)
    , m_socketName(qgetenv("NOTIFY_SOCKET"))
    , m_retry(this)
    , m_watchdog(this)
{
    const bool isName = m_socketName.startsWith('/') || m_socketName.startsWith('@');
    if (!isName || m_socketName.size() >= qsizetype(sizeof(sockaddr_un::sun_path)))
        return; // e.g. of the family vsock, which managers in virtual machines use for others
    m_descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &ServiceNotifier::sendWaiting);
    connect(&m_watchdog, &QTimer::timeout, this, [this] {
        if (m_waiting.isEmpty()) // else the next one says the same
            send("WATCHDOG=1");
    });
    if (const auto interval = watchdogInterval(); interval > 0ms)
        m_watchdog.start(interval);
}

ServiceNotifier::~ServiceNotifier()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

void ServiceNotifier::reloading()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const qint64 microseconds = qint64(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    send("RELOADING=1\nMONOTONIC_USEC=" + QByteArray::number(microseconds));
}

void ServiceNotifier::send(const QByteArray &state)
{
    if (m_descriptor < 0 || m_waiting.size() >= MaxWaiting)
        return;
    m_waiting.append(state);
    sendWaiting();
}

void ServiceNotifier::sendWaiting()
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_socketName.constData(), std::size_t(m_socketName.size()));
    if (m_socketName.startsWith('@'))
        address.sun_path[0] = '\0'; // a name in the abstract namespace
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + std::size_t(m_socketName.size()));
    while (!m_waiting.isEmpty()) {
        const QByteArray &state = m_waiting.first();
        const auto sent = sendto(m_descriptor, state.constData(), std::size_t(state.size()),
                                 MSG_NOSIGNAL, reinterpret_cast<const sockaddr *>(&address), size);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
            m_retry.start(RetryAfter);
            return;
        }
        m_waiting.removeFirst(); // a manager that is gone misses nothing
    }
}

#else

ServiceNotifier::ServiceNotifier(QObject *parent)
    : QObject(parent)
{
}

ServiceNotifier::~ServiceNotifier() = default;

void ServiceNotifier::reloading() {}

void ServiceNotifier::send(const QByteArray &) {}

void ServiceNotifier::sendWaiting() {}

#endif

void ServiceNotifier::ready()
{
    send("READY=1");
}

void ServiceNotifier::stopping()
{
    send("STOPPING=1");
}

void ServiceNotifier::setStatus(const QString &status)
{
    if (m_status == status)
        return;
    m_status = status;
    send("STATUS=" + status.toUtf8());
}
