// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// This machine behind a filter: only who was sent something can send something back, as behind most routers.
#pragma once

#include <qp2pcore/io/environment.h>

#include <QList>

#include <memory>
#include <utility>

namespace ToolTest {

namespace Io = Qp2p::Io;

class FilteringEnvironment final : public Io::Environment
{
public:
    Io::Time now() override { return m_system->now(); }
    qint64 wallClock() override { return m_system->wallClock(); }
    void random(std::span<quint8> bytes) override { m_system->random(bytes); }
    std::unique_ptr<Io::Timer> makeTimer(std::function<void()> onTimeout) override
    {
        return m_system->makeTimer(std::move(onTimeout));
    }
    Qp2p::Result<std::unique_ptr<Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                                   quint16 port) override
    {
        auto opened = m_system->openChannel(address, port);
        if (!opened)
            return opened.error();
        return std::unique_ptr<Io::DatagramChannel>(
            std::make_unique<Channel>(std::move(opened).value()));
    }

private:
    class Channel final : public Io::DatagramChannel
    {
    public:
        explicit Channel(std::unique_ptr<Io::DatagramChannel> channel)
            : m_channel(std::move(channel))
        {
            m_channel->onReadable = [this] { onReadable(); };
            m_channel->onWritable = [this] { onWritable(); };
        }
        Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override
        {
            return m_channel->receive(maxDatagrams, maxBytes,
                                      [&](const Io::IncomingDatagram &datagram) {
                                          if (m_known.contains(datagram.remote))
                                              sink(datagram);
                                      });
        }
        Io::SendResult send(const Io::OutgoingDatagrams &datagrams) override
        {
            if (!m_known.contains(datagrams.remote))
                m_known.append(datagrams.remote);
            return m_channel->send(datagrams);
        }
        Qp2p::Engine::SocketAddress localAddress() const override
        {
            return m_channel->localAddress();
        }
        size_t maxSegments() const override { return m_channel->maxSegments(); }

    private:
        const std::unique_ptr<Io::DatagramChannel> m_channel;
        QList<Qp2p::Engine::SocketAddress> m_known;
    };

    const std::shared_ptr<Io::Environment> m_system = Io::systemEnvironment();
};

} // namespace ToolTest
