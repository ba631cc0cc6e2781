// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The real world behind Environment: the system's clock, sockets and random bytes, Qt's timer.

#include <qp2pcore/io/environment.h>

#include <QDateTime>
#include <QNetworkInterface>
#include <QTimer>
#include <QUdpSocket>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <chrono>
#include <ctime>

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
class SystemTimer final : public Timer
{
public:
    explicit SystemTimer(std::function<void()> onTimeout)
        : m_onTimeout(std::move(onTimeout))
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { wakeUp(); });
    }

    void arm(Time deadline) override
    {
        m_deadline = deadline;
        // QTimer counts milliseconds, so waking less than one after the deadline is as good as it gets.
        const bool wakesEarlyEnough = m_timer.isActive()
            && (m_wakesAt <= deadline || m_wakesAt - deadline < milliseconds(1));
        if (!wakesEarlyEnough)
            start(monotonicNow());
    }

    void disarm() override { m_timer.stop(); }

private:
    void start(Time now)
    {
        // "Never" is a deadline too, which QTimer's int cannot hold; a day is long enough to look again.
        constexpr milliseconds longest = std::chrono::hours(24);
        const milliseconds rest = m_deadline > now
            ? std::min(std::chrono::ceil<milliseconds>(m_deadline - now), longest)
            : milliseconds(0);
        m_wakesAt = now + rest;
        m_timer.start(rest);
    }

    void wakeUp()
    {
        const Time now = monotonicNow();
        if (now < m_deadline) {
            start(now);
            return;
        }
        const auto handler = m_onTimeout; // a copy: it may destroy this timer
        handler();
    }

    const std::function<void()> m_onTimeout;
    QTimer m_timer;
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
