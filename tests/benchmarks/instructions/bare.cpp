// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The works done by a client and a server that are ngtcp2, GnuTLS and a loop.
#include "bareside.h"
#include "work.h"

#include <array>

using namespace Qp2p;

namespace Instructions {

namespace {

class Bare
{
public:
    Bare(Work work, Wire &wire, const Identity &client, const Identity &server)
        : m_work(work)
        , m_amount(amountOf(work))
        , m_wire(wire)
        , m_clientCredentials(client, server, tickets())
        , m_serverCredentials(server, client, tickets())
        , m_client(wire, Client, m_clientCredentials, probesMtu())
        , m_server(wire, Server, m_serverCredentials, probesMtu())
    {
        if (m_work != Work::Handshakes)
            connect();
        if (m_work == Work::Resumptions)
            disconnect();
    }

    void run()
    {
        if (isHandshakes(m_work))
            handshakes();
        else
            messages();
    }

private:
    //! As the library, which does it only for those that send much.
    BareSide::ProbesMtu probesMtu() const
    {
        return isHandshakes(m_work) ? BareSide::ProbesMtu::No : BareSide::ProbesMtu::Yes;
    }
    BareCredentials::Tickets tickets() const
    {
        return m_work == Work::Resumptions ? BareCredentials::Tickets::Exchanged
                                           : BareCredentials::Tickets::None;
    }

    void connect()
    {
        m_client.dial();
        runUntil([this] {
            return m_client.isConfirmed() && m_server.isConfirmed()
                && (tickets() == BareCredentials::Tickets::None || m_clientCredentials.hasTicket());
        });
    }

    void disconnect()
    {
        m_client.close();
        runUntil([this] { return !m_server.hasConnection(); });
    }

    void handshakes()
    {
        for (size_t i = 0; i < m_amount.count; ++i) {
            connect();
            if (m_client.isResumed() != (m_work == Work::Resumptions))
                qFatal("It was the other kind of handshake.");
            disconnect();
        }
    }

    void messages()
    {
        const size_t size = MessageHeaderSize + m_amount.size;
        m_client.send({m_amount.count, size, m_amount.inFlight});
        runUntil([this] { return m_client.messagesDone() == m_amount.count; });
        if (m_server.messagesDone() != m_amount.count
            || m_server.bytesReceived() != m_amount.count * size)
            qFatal("%zu messages with %zu bytes arrived.", m_server.messagesDone(),
                   m_server.bytesReceived());
    }

    template<typename Condition>
    void runUntil(const Condition &condition)
    {
        while (!condition()) {
            const Wire::Next next = m_wire.advance();
            if (next.what == Wire::Happens::Nothing)
                qFatal("ngtcp2 waits for something that never happens.");
            (next.at == Client ? m_client : m_server).handle(next.what);
        }
    }

    const Work m_work;
    const Amount m_amount;
    Wire &m_wire;
    BareCredentials m_clientCredentials;
    BareCredentials m_serverCredentials;
    BareSide m_client;
    BareSide m_server;
};

} // namespace

std::function<void()> prepareBare(Work work, Wire &wire, const Identity &client,
                                  const Identity &server)
{
    const auto bare = std::make_shared<Bare>(work, wire, client, server);
    return [bare] { bare->run(); };
}

} // namespace Instructions
