// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One connection of a hostile member: half of a link to a real node, or a dial of one that checks.
#pragma once

#include "udpsocket.h"

#include <shared/engine/rawpeer.h>

#include <qp2pcore/engine/messages/controlmessage.h>

#include <deque>
#include <memory>
#include <optional>

namespace Qp2p::Test {

//! \brief A RawPeer that speaks on the control stream. Time is an argument, nanoseconds.
class LinkHalf
{
public:
    enum class Direction { Dialled, Accepted };

    //! Dials \a remote from a free port of \a local.
    LinkHalf(const Engine::SocketAddress &local, const Engine::SocketAddress &remote,
             int identityNumber, const Engine::Hello &hello, ngtcp2_tstamp now);
    //! Accepts the peer that has just sent from \a remote to \a listener, which must outlive it.
    LinkHalf(UdpSocket &listener, const Engine::SocketAddress &remote, int identityNumber,
             const Engine::Hello &hello, ngtcp2_tstamp now);

    Direction direction() const { return m_socket ? Direction::Dialled : Direction::Accepted; }
    const Engine::SocketAddress &remote() const { return m_remote; }
    const Engine::SocketAddress &local() const { return m_peer->address; }
    bool isAlive() const { return m_peer->isAlive(); }
    //! Of an accepted half also before the first datagram has been taken.
    bool hasEnded() const { return m_peer->failure() != 0 || m_peer->closedBy(); }
    //! What the other side has said first.
    const std::optional<Engine::Hello> &hello() const { return m_hello; }
    //! -1: it is the listener that is polled.
    int descriptor() const { return m_socket ? m_socket->descriptor() : -1; }
    bool hasUnsent() const { return !m_unsent.empty(); }
    ngtcp2_tstamp deadline() const { return m_peer->deadline(); }

    void send(const QByteArray &controlMessage);
    //! What waits in the socket of a dialled half.
    void receive(ngtcp2_tstamp now);
    void receive(const QByteArray &datagram, ngtcp2_tstamp now);
    //! Timers, and everything that is to be sent.
    void advance(ngtcp2_tstamp now);
    //! The next control message that has arrived.
    std::optional<Engine::ControlMessage> next();

    // What the member remembers of it
    bool isLinked = false; //!< the other side takes it for what its hello says
    ngtcp2_tstamp nextAct = 0;

private:
    void makePeer(Engine::Side side, const Engine::SocketAddress &local, int identityNumber,
                  Engine::Hello hello, ngtcp2_tstamp now);

    std::unique_ptr<UdpSocket> m_socket; // of a dialled half
    UdpSocket *m_listener = nullptr; // of an accepted one
    const Engine::SocketAddress m_remote;
    std::unique_ptr<RawPeer> m_peer;
    Engine::ControlReader m_reader;
    qsizetype m_read = 0; // of the control stream
    std::optional<Engine::Hello> m_hello;
    std::deque<QByteArray> m_unsent;
    bool m_keepsAlive = false;
};

} // namespace Qp2p::Test
