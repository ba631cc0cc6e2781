// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A machine on which reading takes time, so that its receive buffer fills.
#pragma once

#include <shared/simulation.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace Qp2p::Test {

//! \brief A host whose program needs \a time for each datagram that it reads, up to 32 at a time. It must outlive its
//! endpoints, and \a simulation this.
class SlowReader final : public Io::Environment
{
public:
    SlowReader(Simulation &simulation, Simulation::Host host, std::chrono::nanoseconds time)
        : m_simulation(simulation)
        , m_host(std::move(host))
        , m_time(time)
    {
    }

    Io::Time now() override { return m_host->now(); }
    qint64 wallClock() override { return m_host->wallClock(); }
    void random(std::span<quint8> bytes) override { m_host->random(bytes); }
    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return m_host->makeTimer(std::move(onTimeout));
    }
    Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                             quint16 port) override
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            return opened.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<Channel>(*this, std::move(opened).value()));
    }

private:
    class Channel final : public Io::DatagramChannel
    {
    public:
        Channel(SlowReader &host, std::unique_ptr<Io::DatagramChannel> channel)
            : m_host(host)
            , m_channel(std::move(channel))
        {
            m_channel->onReadable = [this] {
                m_isReadable = true;
                announce();
            };
            m_channel->onWritable = [this] { onWritable(); };
        }
        Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override
        {
            constexpr int Batch = 32;
            if (*m_isBusy)
                return Io::ReceiveStatus::Drained;
            int read = 0;
            const auto status = m_channel->receive(std::min(maxDatagrams, Batch), maxBytes,
                                                   [&](const Io::IncomingDatagram &datagram) {
                                                       ++read;
                                                       sink(datagram);
                                                   });
            m_isReadable = status == Io::ReceiveStatus::BudgetSpent;
            if (read > 0) {
                *m_isBusy = true;
                m_host.m_simulation.after(read * m_host.m_time,
                                          [this, isBusy = std::weak_ptr(m_isBusy)] {
                                              if (const auto busy = isBusy.lock()) {
                                                  *busy = false;
                                                  announce();
                                              }
                                          });
            }
            return Io::ReceiveStatus::Drained;
        }
        Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
        {
            return m_channel->send(datagrams);
        }
        Engine::SocketAddress localAddress() const override { return m_channel->localAddress(); }
        size_t maxSegments() const override { return m_channel->maxSegments(); }

    private:
        void announce()
        {
            if (m_isReadable && !*m_isBusy)
                onReadable();
        }

        SlowReader &m_host;
        const std::unique_ptr<Io::DatagramChannel> m_channel;
        const std::shared_ptr<bool> m_isBusy = std::make_shared<bool>(false);
        bool m_isReadable = false;
    };

    Simulation &m_simulation;
    const Simulation::Host m_host;
    const std::chrono::nanoseconds m_time;
};

} // namespace Qp2p::Test
