// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A hostile peer on a real socket.
#pragma once

#include "behaviour.h"
#include "udpsocket.h"

#include <deque>

namespace Qp2p::Test {

//! \brief Joins a RawPeer, its socket and its behaviour. Time is an argument, nanoseconds.
class HostileConnection
{
public:
    enum class State { Dialling, Open, Ended };

    HostileConnection(const Engine::SocketAddress &local, const Engine::SocketAddress &target,
                      const QByteArray &behaviour, ngtcp2_duration patience, ngtcp2_tstamp now);

    State state() const { return m_state; }
    const RawPeer &peer() const { return *m_peer; }
    const UdpSocket &socket() const { return m_socket; }
    bool hasUnsent() const { return !m_unsent.empty(); }
    quint64 bytesSent() const { return m_bytesSent; }
    ngtcp2_tstamp deadline() const;

    //! What waits in the socket, up to a bound, so that the others get their turn.
    void receive(ngtcp2_tstamp now);
    //! Timers, the behaviour once a second, and everything that is to be sent, as long as \a allowance
    //! (bytes, of all connections together) is above zero.
    void advance(ngtcp2_tstamp now, double &allowance);

private:
    void send(ngtcp2_tstamp now, double &allowance);

    std::unique_ptr<Behaviour> m_behaviour;
    UdpSocket m_socket;
    std::unique_ptr<RawPeer> m_peer;
    State m_state = State::Dialling;
    ngtcp2_tstamp m_nextAct = UINT64_MAX;
    std::deque<QByteArray> m_unsent;
    quint64 m_bytesSent = 0;
};

} // namespace Qp2p::Test
