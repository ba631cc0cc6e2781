// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Turns the two clocks: Qt's event loop until it is idle, then virtual time.

#include <shared/simulation.h>

#include <shared/simulatedhost.h>

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

//! Qt does not say whether it handled anything, so every event that it delivers is counted.
class Simulation::EventCounter final : public QObject
{
public:
    EventCounter()
    {
        Q_ASSERT_X(qApp, "Simulation", "needs a QCoreApplication");
        qApp->installEventFilter(this);
    }
    bool eventFilter(QObject *, QEvent *) override
    {
        ++count;
        return false;
    }
    quint64 count = 0;
};

Simulation::Simulation(quint64 seed)
    : m_world(std::make_shared<SimulatedWorld>(seed))
    , m_qtEvents(std::make_unique<EventCounter>())
{
    m_world->observer = &onDatagram;
}

Simulation::~Simulation()
{
    m_world->observer = nullptr;
    m_world->forgetEvents();
}

void Simulation::setInterfaces(const Host &host, const QList<QHostAddress> &addresses)
{
    hostOf(host).interfaces = addresses;
}

void Simulation::setInterfaceNetworks(const Host &host, const QList<Io::InterfaceNetwork> &networks)
{
    hostOf(host).networks = networks;
}

void Simulation::addSuspendedTime(const Host &host, std::chrono::nanoseconds time)
{
    hostOf(host).suspended += time;
}

void Simulation::setLocalMtu(const Host &host, size_t bytes)
{
    hostOf(host).localMtu = bytes;
}

void Simulation::setMaxSegments(const Host &host, size_t segments)
{
    hostOf(host).maxSegments = segments;
}

void Simulation::setSendBuffer(const Host &host, int datagrams, std::chrono::nanoseconds time)
{
    hostOf(host).sendBuffer = datagrams;
    hostOf(host).sendTime = quint64(time.count());
}

void Simulation::setReceiveBuffer(const Host &host, int datagrams)
{
    hostOf(host).receiveBuffer = datagrams;
}

void Simulation::setDefaultLink(const LinkProfile &profile)
{
    m_world->defaultProfile = profile;
}

void Simulation::setLink(const Host &from, const Host &to, const LinkProfile &profile)
{
    m_world->setProfile(hostOf(from), hostOf(to), profile);
}

void Simulation::setLinks(const Host &one, const Host &other, const LinkProfile &profile)
{
    setLink(one, other, profile);
    setLink(other, one, profile);
}

void Simulation::blackhole(const Host &from, const Host &to)
{
    m_world->link(hostOf(from), hostOf(to)).blackhole();
}

void Simulation::heal(const Host &from, const Host &to)
{
    m_world->link(hostOf(from), hostOf(to)).heal();
}

void Simulation::dropDatagrams(const Host &from, const Host &to, const QSet<quint64> &indexes)
{
    m_world->link(hostOf(from), hostOf(to)).setDropList(indexes);
}

LinkCounters Simulation::counters(const Host &from, const Host &to) const
{
    return m_world->link(hostOf(from), hostOf(to)).counters();
}

WorldCounters Simulation::counters() const
{
    return m_world->counters;
}

void Simulation::inject(const SocketAddress &from, const SocketAddress &to, const QByteArray &data,
                        quint8 ecn)
{
    m_world->deliverRaw({data, from, to, ecn});
}

quint64 Simulation::now() const
{
    return m_world->now();
}

void Simulation::after(std::chrono::nanoseconds delay, std::function<void()> action)
{
    m_world->schedule(m_world->now() + quint64(delay.count()), m_world->nextSequence(),
                      std::move(action));
}

bool Simulation::runUntil(const std::function<bool()> &condition, std::chrono::nanoseconds limit)
{
    const quint64 end = m_world->now() + quint64(std::max<qint64>(limit.count(), 0));
    for (;;) {
        processQtEvents();
        if (condition())
            return true;
        if (m_world->nextTime() > end) {
            m_world->advance(end);
            return false;
        }
        m_world->step();
    }
}

void Simulation::runFor(std::chrono::nanoseconds duration)
{
    runUntil([] { return false; }, duration);
}

void Simulation::processQtEvents()
{
    // Enough for every chain of queued calls; a timer of zero milliseconds would go on indefinitely.
    constexpr int maxRounds = 100'000;
    for (int round = 0; round < maxRounds; ++round) {
        const quint64 before = m_qtEvents->count;
        QCoreApplication::processEvents(QEventLoop::AllEvents); // sends posted events, never waits
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        if (m_qtEvents->count == before)
            return;
    }
    qFatal("Simulation: the event loop never comes to rest. Does a QTimer fire all the time?");
}

} // namespace Qp2p::Test
