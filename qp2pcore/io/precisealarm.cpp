// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/precisealarm.h>

#include <QSocketNotifier>

#include <algorithm>
#include <utility>

#ifdef Q_OS_LINUX
#include <sys/timerfd.h>
#include <unistd.h>
#endif

namespace Qp2p::Io {

PreciseAlarm::PreciseAlarm(std::function<void()> onAlarm)
    : m_onAlarm(std::move(onAlarm))
{
}

bool PreciseAlarm::start(Time at)
{
    if (!m_notifier && !open())
        return false;
    m_isSet = set(at);
    return m_isSet;
}

void PreciseAlarm::stop()
{
    if (std::exchange(m_isSet, false))
        set(Never);
}

#ifdef Q_OS_LINUX

PreciseAlarm::~PreciseAlarm()
{
    if (!m_notifier)
        return;
    const int fd = int(m_notifier->socket());
    m_notifier.reset(); // before its descriptor
    close(fd);
}

bool PreciseAlarm::open()
{
    if (m_isUnavailable)
        return false;
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    m_isUnavailable = fd < 0;
    if (m_isUnavailable)
        return false;
    m_notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(),
                     [this] { read(); });
    return true;
}

bool PreciseAlarm::set(Time at)
{
    // Zero would mean never, and so it is used for that.
    itimerspec when{};
    if (at != Never) {
        const auto time = std::max<qint64>(at.time_since_epoch().count(), 1);
        when.it_value.tv_sec = time_t(time / 1'000'000'000);
        when.it_value.tv_nsec = long(time % 1'000'000'000);
    }
    return timerfd_settime(int(m_notifier->socket()), TFD_TIMER_ABSTIME, &when, nullptr) == 0;
}

void PreciseAlarm::read()
{
    quint64 expirations = 0;
    const ssize_t size = ::read(int(m_notifier->socket()), &expirations, sizeof(expirations));
    if (size != ssize_t(sizeof(expirations)))
        return; // it was set again before this was handled
    m_isSet = false;
    const auto handler = m_onAlarm; // a copy: it may destroy this
    handler();
}

#else

PreciseAlarm::~PreciseAlarm() = default;

bool PreciseAlarm::open()
{
    return false;
}

bool PreciseAlarm::set(Time)
{
    return false;
}

void PreciseAlarm::read() {}

#endif

} // namespace Qp2p::Io
