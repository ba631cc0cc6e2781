// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "memoryenvironment.h"

#include <qp2pcore/engine/limits.h>

#include <algorithm>

using namespace Qp2p;

namespace Instructions {

class MemoryEnvironment::Channel final : public Io::DatagramChannel
{
public:
    explicit Channel(MemoryEnvironment &environment)
        : m_environment(environment)
    {
        m_environment.m_channel = this;
    }
    ~Channel() override { m_environment.m_channel = nullptr; }

    Io::ReceiveStatus receive(int, size_t, const Sink &sink) override
    {
        Wire &wire = m_environment.m_wire;
        const End end = m_environment.m_end;
        while (const Wire::Run *run = wire.arrived(end)) {
            Io::IncomingDatagram datagram;
            datagram.remote = Wire::address(otherEnd(end));
            datagram.local = Wire::address(end);
            datagram.ecn = run->ecn;
            for (size_t offset = 0; offset < run->size; offset += datagram.size) {
                datagram.data = run->bytes.data() + offset;
                datagram.size = std::min(run->segmentSize, run->size - offset);
                sink(datagram);
            }
            wire.take(end);
        }
        return Io::ReceiveStatus::Drained;
    }

    Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
    {
        m_environment.m_wire.send(m_environment.m_end, datagrams.data, datagrams.size,
                                  datagrams.segmentSize, datagrams.ecn);
        return {};
    }

    Engine::SocketAddress localAddress() const override
    {
        return Wire::address(m_environment.m_end);
    }
    size_t maxSegments() const override { return Engine::Limits::MaxSegments; }

private:
    MemoryEnvironment &m_environment;
};

class MemoryEnvironment::AlarmClock final : public Io::Timer
{
public:
    AlarmClock(MemoryEnvironment &environment, std::function<void()> onTimeout)
        : handler(std::move(onTimeout))
        , m_environment(environment)
    {
        m_environment.m_timer = this;
    }
    ~AlarmClock() override
    {
        disarm();
        m_environment.m_timer = nullptr;
    }

    void arm(Io::Time deadline) override
    {
        m_environment.m_wire.setAlarm(m_environment.m_end, Io::toNanoseconds(deadline));
    }
    void disarm() override { m_environment.m_wire.setAlarm(m_environment.m_end, UINT64_MAX); }

    const std::function<void()> handler;

private:
    MemoryEnvironment &m_environment;
};

void MemoryEnvironment::handle(Wire::Happens what)
{
    if (what == Wire::Happens::Arrival && m_channel)
        m_channel->onReadable();
    else if (what == Wire::Happens::Alarm && m_timer)
        m_timer->handler();
}

void MemoryEnvironment::random(std::span<quint8> bytes)
{
    std::generate(bytes.begin(), bytes.end(), [this] { return quint8(m_random.next()); });
}

std::unique_ptr<Io::Timer> MemoryEnvironment::makeTimer(std::function<void()> onTimeout)
{
    if (m_timer)
        qFatal("The endpoint makes a second timer, and MemoryEnvironment has one only.");
    return std::make_unique<AlarmClock>(*this, std::move(onTimeout));
}

Result<std::unique_ptr<Io::DatagramChannel>> MemoryEnvironment::openChannel(const QHostAddress &,
                                                                            quint16)
{
    return std::unique_ptr<Io::DatagramChannel>(std::make_unique<Channel>(*this));
}

} // namespace Instructions
