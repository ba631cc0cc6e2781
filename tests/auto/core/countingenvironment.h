// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A simulated machine that counts how often its program is woken.
#pragma once

#include <shared/simulation.h>

#include <memory>
#include <utility>

namespace Qp2p::Test {

//! \brief Counts the timers that fire, how often they are armed, and how often a socket becomes readable.
class CountingEnvironment final : public Io::Environment
{
public:
    struct Counts
    {
        int timeouts = 0;
        int armings = 0;
        int arrivals = 0; //!< of datagrams that came together, one

        int wakeUps() const { return timeouts + arrivals; }
    };

    explicit CountingEnvironment(Simulation::Host host)
        : m_host(std::move(host))
    {
    }

    //! Since the last call.
    Counts takeCounts() { return std::exchange(*m_counts, {}); }

    Io::Time now() override { return m_host->now(); }
    qint64 wallClock() override { return m_host->wallClock(); }
    void random(std::span<quint8> bytes) override { m_host->random(bytes); }
    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return std::make_unique<Timer>(
            m_host->makeTimer([counts = m_counts, onTimeout = std::move(onTimeout)] {
                ++counts->timeouts;
                onTimeout();
            }),
            m_counts);
    }
    Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                             quint16 port) override
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            return opened.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<Channel>(std::move(opened).value(), m_counts));
    }

private:
    class Timer final : public Io::Timer
    {
    public:
        Timer(std::unique_ptr<Io::Timer> timer, std::shared_ptr<Counts> counts)
            : m_timer(std::move(timer))
            , m_counts(std::move(counts))
        {
        }
        void arm(Io::Time deadline) override
        {
            ++m_counts->armings;
            m_timer->arm(deadline);
        }
        void disarm() override { m_timer->disarm(); }

    private:
        const std::unique_ptr<Io::Timer> m_timer;
        const std::shared_ptr<Counts> m_counts;
    };

    class Channel final : public Io::DatagramChannel
    {
    public:
        Channel(std::unique_ptr<Io::DatagramChannel> channel, const std::shared_ptr<Counts> &counts)
            : m_channel(std::move(channel))
        {
            m_channel->onReadable = [this, counts] {
                ++counts->arrivals;
                onReadable();
            };
        }
        Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override
        {
            return m_channel->receive(maxDatagrams, maxBytes, sink);
        }
        Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
        {
            return m_channel->send(datagrams);
        }
        Engine::SocketAddress localAddress() const override { return m_channel->localAddress(); }
        size_t maxSegments() const override { return m_channel->maxSegments(); }

    private:
        const std::unique_ptr<Io::DatagramChannel> m_channel;
    };

    const Simulation::Host m_host;
    const std::shared_ptr<Counts> m_counts = std::make_shared<Counts>();
};

} // namespace Qp2p::Test
