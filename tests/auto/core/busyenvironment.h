// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A machine whose program can be too busy to return to its event loop for a while.
#pragma once

#include <shared/simulation.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace Qp2p::Test {

//! A machine whose program can be too busy to return to its event loop for a while.
class BusyEnvironment final : public Io::Environment
{
public:
    explicit BusyEnvironment(Simulation::Host host)
        : m_host(std::move(host))
    {
    }

    void setBusy() { m_state->busy = true; }
    //! What was due meanwhile happens now, in the order that is worst: deadlines first.
    void returnToEventLoop()
    {
        m_state->busy = false;
        for (const auto &timeout : std::exchange(m_state->timeouts, {}))
            timeout();
        for (const auto &readable : std::exchange(m_state->readable, {}))
            readable();
    }

    Io::Time now() override { return m_host->now(); }
    qint64 wallClock() override { return m_host->wallClock(); }
    void random(std::span<quint8> bytes) override { m_host->random(bytes); }
    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return m_host->makeTimer([state = m_state, onTimeout = std::move(onTimeout)] {
            if (state->busy)
                state->timeouts.push_back(onTimeout);
            else
                onTimeout();
        });
    }
    Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                             quint16 port) override
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            return opened.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<Channel>(std::move(opened).value(), m_state));
    }

private:
    struct State
    {
        bool busy = false;
        std::vector<std::function<void()>> timeouts;
        std::vector<std::function<void()>> readable;
    };

    class Channel final : public Io::DatagramChannel
    {
    public:
        Channel(std::unique_ptr<Io::DatagramChannel> channel, const std::shared_ptr<State> &state)
            : m_channel(std::move(channel))
        {
            m_channel->onReadable = [this, state] {
                if (state->busy)
                    state->readable.push_back([this] { onReadable(); });
                else
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
    const std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace Qp2p::Test
