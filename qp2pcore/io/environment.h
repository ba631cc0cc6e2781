// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The one small interface through which an endpoint meets the world: a channel, a clock, a timer, chance.
#pragma once

#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/io/monotonictime.h>
#include <qp2pcore/result.h>

#include <QHostAddress>
#include <QList>

#include <functional>
#include <memory>
#include <span>

namespace Qp2p::Io {

//! \brief One single-shot timer. Its handler is called from the event loop, never from arm().
class Timer
{
public:
    Timer() = default;
    virtual ~Timer() = default;
    Q_DISABLE_COPY_MOVE(Timer)

    //! \brief Fires once at \a deadline (of Environment::now(); the past means soon, Never does not come).
    //! Replaces an earlier deadline.
    virtual void arm(Time deadline) = 0;
    virtual void disarm() = 0;
};

//! \brief An address of an interface and how many of its bits are those of the network around it.
struct InterfaceNetwork
{
    QHostAddress address;
    int prefixLength = 0;

    friend bool operator==(const InterfaceNetwork &, const InterfaceNetwork &) = default;
};

//! \brief What an endpoint needs from the outside. Used from the endpoint's thread only.
//!
//! The real one is made by systemEnvironment(); a simulated one, in which many endpoints live in
//! virtual time, is tests/shared/simulation.h.
class Environment
{
public:
    Environment() = default;
    virtual ~Environment() = default;
    Q_DISABLE_COPY_MOVE(Environment)

    //! Of a monotonic clock.
    virtual Time now() = 0;
    //! Seconds since 1970-01-01 UTC, by a clock that people may set.
    virtual qint64 wallClock() = 0;
    //! Fills \a bytes from a cryptographically secure generator (in simulations: a seeded one).
    virtual void random(std::span<quint8> bytes) = 0;
    virtual std::unique_ptr<Timer> makeTimer(std::function<void()> onTimeout) = 0;
    //! How long the machine has been suspended in all; 0 where that is not known.
    virtual std::chrono::nanoseconds suspendedTime() { return {}; }
    //! \brief From which address of this machine datagrams to \a remote leave now. Null: no way leads there, or that is
    //! not known. Asks the system, so not for every datagram.
    virtual QHostAddress sourceAddress([[maybe_unused]] const QHostAddress &remote) { return {}; }
    //! Of all interfaces; to notice that they change.
    virtual QList<QHostAddress> interfaceAddresses() { return {}; }
    //! Those that the interfaces are in; addresses whose prefix length is unknown are left out.
    virtual QList<InterfaceNetwork> interfaceNetworks() { return {}; }
    virtual Result<std::unique_ptr<DatagramChannel>> openChannel(const QHostAddress &address,
                                                                 quint16 port) = 0;
};

//! \brief The real world. The channel is the platform's best, or QUdpSocket's where the environment
//! variable QP2P_CHANNEL is "udpsocket" (for tests and for finding faults).
std::shared_ptr<Environment> systemEnvironment();

} // namespace Qp2p::Io
