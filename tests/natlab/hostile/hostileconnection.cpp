// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "hostileconnection.h"

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

HostileConnection::HostileConnection(const SocketAddress &local, const SocketAddress &target,
                                     const QByteArray &behaviour, ngtcp2_duration patience,
                                     ngtcp2_tstamp now)
    : m_behaviour(Behaviour::create(behaviour))
    , m_socket(local, target)
{
    RawPeer::Options options;
    static quint64 count = 0;
    options.seed = now + ++count; // connection IDs that no earlier run has used
    options.handshakeTimeout = patience;
    options.parameters = [this](ngtcp2_transport_params &parameters) {
        m_behaviour->adjust(parameters);
    };
    m_peer = std::make_unique<RawPeer>(m_socket.local(), target, options, now);
    m_peer->remembersFrames = false;
}

ngtcp2_tstamp HostileConnection::deadline() const
{
    return m_state == State::Ended ? UINT64_MAX : std::min(m_peer->deadline(), m_nextAct);
}

void HostileConnection::receive(ngtcp2_tstamp now)
{
    constexpr int AtOnce = 64;
    for (int i = 0; i < AtOnce; ++i) {
        const auto datagram = m_socket.receive();
        if (!datagram)
            return;
        m_peer->receive({m_peer->address, m_peer->address, *datagram}, now);
    }
}

void HostileConnection::advance(ngtcp2_tstamp now, double &allowance)
{
    if (m_state == State::Ended)
        return;
    if (m_peer->isAlive() && m_peer->deadline() <= now)
        m_peer->expire(now);
    if (m_state == State::Dialling && m_peer->isOpen()) {
        m_state = State::Open;
        m_nextAct = now;
    }
    if (m_peer->isAlive() && m_nextAct <= now) {
        m_behaviour->act(*m_peer);
        m_nextAct = now + Seconds;
    }
    send(now, allowance);
    if (!m_peer->isAlive())
        m_state = State::Ended;
}

void HostileConnection::send(ngtcp2_tstamp now, double &allowance)
{
    if (m_unsent.empty()) {
        for (Datagram &datagram : m_peer->write(now))
            m_unsent.push_back(std::move(datagram.data));
    }
    while (!m_unsent.empty() && allowance > 0 && m_socket.send(m_unsent.front())) {
        allowance -= double(m_unsent.front().size());
        m_bytesSent += quint64(m_unsent.front().size());
        m_unsent.pop_front();
    }
}

} // namespace Qp2p::Test
