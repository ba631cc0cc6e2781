// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The simulated counterpart of io/systemenvironment.cpp: clock, chance, timers and channels of a host.

#include <shared/simulatedhost.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

class SimulatedTimer final : public Io::Timer
{
public:
    SimulatedTimer(std::shared_ptr<SimulatedWorld> world, std::function<void()> onTimeout)
        : m_world(std::move(world))
        , m_state(std::make_shared<State>())
    {
        m_state->handler = std::move(onTimeout);
    }
    ~SimulatedTimer() override
    {
        m_state->isArmed = false;
        m_state->handler = {}; // what it holds must not live as long as the entry in the heap
    }

    void arm(Io::Time deadline) override
    {
        m_state->isArmed = deadline != Io::Never;
        if (!m_state->isArmed)
            return;
        m_state->deadline = std::max(Io::toNanoseconds(deadline), m_world->now());
        m_state->sequence = m_world->nextSequence();
        // Most deadlines move further away. The entry that is there then stays, and finds out.
        if (m_state->deadline < m_state->entryTime)
            enter(*m_world, m_state);
    }

    void disarm() override { m_state->isArmed = false; }

private:
    struct State
    {
        std::function<void()> handler;
        quint64 deadline = 0;
        quint64 sequence = 0; // of the last arm(): equal deadlines come in the order of arming
        quint64 entryTime = UINT64_MAX; // of the one entry that counts in the world's heap
        quint64 entrySequence = 0;
        bool isArmed = false;
    };

    static void enter(SimulatedWorld &world, const std::shared_ptr<State> &state)
    {
        state->entryTime = state->deadline;
        state->entrySequence = state->sequence;
        world.schedule(state->entryTime, state->entrySequence,
                       [&world, state, sequence = state->sequence] {
                           if (state->entrySequence == sequence)
                               reached(world, state);
                       });
    }

    static void reached(SimulatedWorld &world, const std::shared_ptr<State> &state)
    {
        state->entryTime = UINT64_MAX;
        if (!state->isArmed)
            return;
        if (state->sequence != state->entrySequence) {
            enter(world, state);
            return;
        }
        state->isArmed = false;
        const auto handler = state->handler; // a copy: it may destroy the timer
        handler();
    }

    const std::shared_ptr<SimulatedWorld> m_world;
    const std::shared_ptr<State> m_state;
};

class SimulatedChannel final : public Io::DatagramChannel
{
public:
    SimulatedChannel(std::shared_ptr<SimulatedWorld> world, SimulatedHost &host,
                     std::shared_ptr<SimulatedSocket> socket)
        : m_world(std::move(world))
        , m_host(host)
        , m_socket(std::move(socket))
    {
        m_socket->channel = this;
    }
    ~SimulatedChannel() override
    {
        m_socket->channel = nullptr;
        m_host.unbind(*m_socket);
    }

    Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override
    {
        size_t bytes = 0;
        for (int count = 0; count < maxDatagrams && bytes < maxBytes; ++count) {
            if (m_socket->received.empty())
                return Io::ReceiveStatus::Drained;
            const Wire wire = std::move(m_socket->received.front());
            m_socket->received.pop_front();
            bytes += size_t(wire.data.size());
            Io::IncomingDatagram datagram;
            datagram.data = reinterpret_cast<const quint8 *>(wire.data.constData());
            datagram.size = size_t(wire.data.size());
            datagram.remote = wire.from;
            datagram.local = wire.to;
            datagram.ecn = wire.ecn;
            sink(datagram);
        }
        return m_socket->received.empty() ? Io::ReceiveStatus::Drained
                                          : Io::ReceiveStatus::BudgetSpent;
    }

    Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
    {
        constexpr size_t largest = 65'507; // 65,535 bytes of IPv4 packet less its headers
        const size_t segment = datagrams.segmentSize > 0 ? datagrams.segmentSize : datagrams.size;
        Q_ASSERT(datagrams.size <= segment
                 || (datagrams.size <= 65'487
                     && (datagrams.size + segment - 1) / segment <= m_host.maxSegments));
        const size_t first = std::min(segment, datagrams.size);
        if (first > largest || (m_host.localMtu > 0 && first > m_host.localMtu))
            return {Io::SendStatus::Lost, 0};
        const SocketAddress source = m_host.sourceFor(m_socket->binding, datagrams.local,
                                                      datagrams.remote);
        if (source.isNull())
            return {Io::SendStatus::Lost, 0};

        size_t sent = 0;
        do {
            if (!hasRoom()) {
                waitForRoom();
                return {sent > 0 ? Io::SendStatus::PartlySent : Io::SendStatus::WouldBlock, sent};
            }
            const size_t size = std::min(segment, datagrams.size - sent);
            Wire wire;
            wire.data = QByteArray(reinterpret_cast<const char *>(datagrams.data) + sent,
                                   qsizetype(size));
            wire.from = source;
            wire.to = datagrams.remote;
            wire.ecn = datagrams.ecn;
            sent += size;
            leave(std::move(wire));
        } while (sent < datagrams.size);
        return {Io::SendStatus::Sent, 0};
    }

    SocketAddress localAddress() const override
    {
        const Binding &binding = m_socket->binding;
        SocketAddress address = binding.address;
        if (address.isNull())
            address = binding.ipv6 ? SocketAddress::fromIpv6({}, 0)
                                   : SocketAddress::fromIpv4({}, 0);
        address.setPort(binding.port);
        return address;
    }

    size_t maxSegments() const override { return m_host.maxSegments; }

private:
    bool hasRoom()
    {
        auto &departures = m_socket->departures;
        while (!departures.empty() && departures.front() <= m_world->now())
            departures.pop_front();
        return m_host.sendBuffer == 0 || departures.size() < size_t(m_host.sendBuffer);
    }

    void waitForRoom()
    {
        if (std::exchange(m_socket->isWaitingToWrite, true))
            return;
        m_world->schedule(m_socket->departures.front(), m_world->nextSequence(),
                          [socket = std::weak_ptr(m_socket)] {
                              if (const auto waiting = socket.lock())
                                  waiting->notifyWritable();
                          });
    }

    void leave(Wire wire)
    {
        if (m_host.sendBuffer == 0) {
            m_world->transmit(m_host, std::move(wire));
            return;
        }
        auto &departures = m_socket->departures;
        const quint64 start = departures.empty() ? m_world->now() : departures.back();
        departures.push_back(start + m_host.sendTime);
        m_world->schedule(departures.back(), m_world->nextSequence(),
                          [world = m_world.get(), host = &m_host, wire = std::move(wire)] {
                              world->transmit(*host, wire);
                          });
    }

    const std::shared_ptr<SimulatedWorld> m_world;
    SimulatedHost &m_host;
    const std::shared_ptr<SimulatedSocket> m_socket;
};

class SimulatedEnvironment final : public Io::Environment
{
public:
    SimulatedEnvironment(std::shared_ptr<SimulatedWorld> world, SimulatedHost &simulatedHost)
        : host(simulatedHost)
        , m_world(std::move(world))
        , m_random(SeededRandom::derivedSeed(m_world->seed, ~quint64(host.index)))
    {
    }

    Io::Time now() override { return Io::toTime(m_world->now()); }
    qint64 wallClock() override
    {
        return SimulatedWorld::StartOfTime + qint64(m_world->now() / 1'000'000'000);
    }

    std::chrono::nanoseconds suspendedTime() override { return host.suspended; }
    QHostAddress sourceAddress(const QHostAddress &remote) override
    {
        Binding any;
        any.ipv4 = any.ipv6 = true;
        const SocketAddress source = host.sourceFor(any, {}, Io::toSocketAddress(remote, 9));
        return source.isNull() ? QHostAddress() : Io::toHostAddress(source);
    }
    QList<QHostAddress> interfaceAddresses() override { return host.interfaces; }
    QList<Io::InterfaceNetwork> interfaceNetworks() override { return host.networks; }

    void random(std::span<quint8> bytes) override
    {
        for (quint8 &byte : bytes)
            byte = quint8(m_random.next() >> 56);
    }

    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return std::make_unique<SimulatedTimer>(m_world, std::move(onTimeout));
    }

    Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                             quint16 port) override
    {
        const auto socket = host.bind(address, port);
        if (!socket)
            return socket.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<SimulatedChannel>(m_world, host, *socket));
    }

    SimulatedHost &host;

private:
    const std::shared_ptr<SimulatedWorld> m_world;
    SeededRandom m_random;
};

} // namespace

std::shared_ptr<Io::Environment> makeEnvironment(const std::shared_ptr<SimulatedWorld> &world,
                                                 SimulatedHost &host)
{
    return std::make_shared<SimulatedEnvironment>(world, host);
}

SimulatedHost &hostOf(const std::shared_ptr<Io::Environment> &environment)
{
    auto *const simulated = dynamic_cast<SimulatedEnvironment *>(environment.get());
    Q_ASSERT_X(simulated, "Simulation", "not an environment of a simulation");
    return simulated->host;
}

} // namespace Qp2p::Test
