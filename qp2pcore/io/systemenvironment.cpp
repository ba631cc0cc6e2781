// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The real world behind Environment: the system's clock, sockets and random bytes, Qt's timer.

#include <qp2pcore/io/environment.h>

#include <qp2pcore/engine/tokenbucket.h>
#include <qp2pcore/io/precisealarm.h>

#include <QDateTime>
#include <QNetworkInterface>
#include <QTimer>
#include <QUdpSocket>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

namespace Qp2p::Io {

namespace {

using std::chrono::milliseconds;

Time monotonicNow()
{
    return Time(std::chrono::steady_clock::now().time_since_epoch());
}

//! A precise QTimer that is touched as seldom as possible.
//!
//! Every datagram moves the deadline of its connection, mostly further away. So the QTimer is left
//! alone as long as it wakes early enough, and when it wakes too early it is started for the rest.
//!
//! QTimer counts milliseconds. On loopback and in a LAN a lone message is to be acknowledged after some
//! 0.1 ms, and its sender waits for that: a nearer deadline has an alarm that is precise. But only now and
//! then, for in steady traffic one acknowledgement serves several packets that come within a millisecond.
class SystemTimer final : public Timer
{
public:
    explicit SystemTimer(std::function<void()> onTimeout)
        : m_onTimeout(std::move(onTimeout))
        , m_alarm([this] {
            m_alarmAt = Never;
            wakeUp();
        })
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { wakeUp(); });
    }

    void arm(Time deadline) override
    {
        m_deadline = deadline;
        m_isArmed = true;
        // Waking less than a unit after the deadline is as good as it gets.
        const bool wakesEarlyEnough = m_alarmAt <= deadline
            || (m_timer.isActive() && (m_wakesAt <= deadline || m_wakesAt - deadline < Unit));
        if (!wakesEarlyEnough)
            start(monotonicNow());
    }

    void disarm() override
    {
        m_isArmed = false;
        m_timer.stop();
        if (std::exchange(m_alarmAt, Never) != Never)
            m_alarm.stop();
    }

private:
    static constexpr milliseconds Unit{1}; // of a QTimer
    // Each costs some 2 us, and perhaps a packet.
    static constexpr double AlarmsPerSecond = 1000;
    static constexpr double AlarmBurst = 32;

    void start(Time now)
    {
        const bool isNear = m_deadline > now && m_deadline - now < Unit;
        if (isNear && m_alarms.take(toNanoseconds(now)) && m_alarm.start(m_deadline)) {
            m_alarmAt = m_deadline;
            return;
        }
        // "Never" is a deadline too, which QTimer's int cannot hold; a day is long enough to look again.
        constexpr milliseconds longest = std::chrono::hours(24);
        const milliseconds rest = m_deadline > now
            ? std::min(std::chrono::ceil<milliseconds>(m_deadline - now), longest)
            : milliseconds(0);
        m_wakesAt = now + rest;
        m_timer.start(rest);
    }

    //! Both may come for a deadline that was replaced.
    void wakeUp()
    {
        if (!m_isArmed)
            return;
        const Time now = monotonicNow();
        if (now < m_deadline) {
            arm(m_deadline);
            return;
        }
        m_isArmed = false;
        const auto handler = m_onTimeout; // a copy: it may destroy this timer
        handler();
    }

    const std::function<void()> m_onTimeout;
    QTimer m_timer;
    PreciseAlarm m_alarm;
    Engine::TokenBucket m_alarms{AlarmsPerSecond, AlarmBurst};
    bool m_isArmed = false;
    Time m_alarmAt = Never; // Never: it is not set
    Time m_deadline;
    Time m_wakesAt;
};

class SystemEnvironment final : public Environment
{
public:
    Time now() override { return monotonicNow(); }
    qint64 wallClock() override { return QDateTime::currentSecsSinceEpoch(); }

    void random(std::span<quint8> bytes) override
    {
        // Connection IDs, tokens and keys from anything less would be an open door.
        if (const int error = gnutls_rnd(GNUTLS_RND_RANDOM, bytes.data(), bytes.size()); error < 0)
            qFatal("QP2P: no random bytes from GnuTLS: %s", gnutls_strerror(error));
    }

    std::unique_ptr<Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return std::make_unique<SystemTimer>(std::move(onTimeout));
    }

    std::chrono::nanoseconds suspendedTime() override
    {
#ifdef Q_OS_LINUX
        timespec boot{};
        timespec running{};
        if (clock_gettime(CLOCK_MONOTONIC, &running) != 0
            || clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
            return {};
        const std::chrono::nanoseconds suspended = std::chrono::seconds(boot.tv_sec - running.tv_sec)
            + std::chrono::nanoseconds(boot.tv_nsec - running.tv_nsec);
        return std::max(suspended, std::chrono::nanoseconds(0));
#else
        return {};
#endif
    }

    QHostAddress sourceAddress(const QHostAddress &remote) override
    {
        constexpr quint16 discard = 9; // nothing is sent: the system only chooses the way
        QUdpSocket socket;
        socket.connectToHost(remote, discard);
        return socket.localAddress();
    }

    QList<QHostAddress> interfaceAddresses() override
    {
        return QNetworkInterface::allAddresses();
    }

    QList<InterfaceNetwork> interfaceNetworks() override
    {
        QList<InterfaceNetwork> networks;
        const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
        for (const QNetworkInterface &one : interfaces) {
            const QList<QNetworkAddressEntry> entries = one.addressEntries();
            for (const QNetworkAddressEntry &entry : entries) {
                if (entry.prefixLength() > 0)
                    networks.append({entry.ip(), entry.prefixLength()});
            }
        }
        return networks;
    }

    Result<std::unique_ptr<DatagramChannel>> openChannel(const QHostAddress &address,
                                                         quint16 port) override
    {
        if (qgetenv("QP2P_CHANNEL") == "udpsocket")
            return openUdpSocketChannel(address, port);
        return openDatagramChannel(address, port);
    }
};

} // namespace

std::shared_ptr<Environment> systemEnvironment()
{
    return std::make_shared<SystemEnvironment>();
}

} // namespace Qp2p::Io
