// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A UDP socket of a hostile peer: bound to one of its addresses, and connected to its target or unconnected.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>

#include <optional>

namespace Qp2p::Test {

//! \brief Never blocks. Errors of the network (a port that nobody has, say) are losses.
class UdpSocket
{
public:
    //! \brief Binds a free port of \a local, whose own port is ignored. Ends the process where that fails.
    UdpSocket(const Engine::SocketAddress &local, const Engine::SocketAddress &target);
    //! \brief Binds \a local with its port, unconnected. Ends the process where that fails.
    explicit UdpSocket(const Engine::SocketAddress &local);
    ~UdpSocket();
    Q_DISABLE_COPY_MOVE(UdpSocket)

    int descriptor() const { return m_descriptor; }
    //! With the port that was bound.
    const Engine::SocketAddress &local() const { return m_local; }

    //! False where the socket is full, and the datagram is still to be sent.
    bool send(const QByteArray &datagram);
    //! The next datagram; none where nothing waits.
    std::optional<QByteArray> receive();

    //! The same for a socket that is not connected.
    bool sendTo(const Engine::SocketAddress &target, const QByteArray &datagram);
    struct Received
    {
        Engine::SocketAddress from;
        QByteArray data;
    };
    std::optional<Received> receiveFrom();

private:
    void bindTo(const Engine::SocketAddress &local, const Engine::SocketAddress *target);

    int m_descriptor = -1;
    Engine::SocketAddress m_local;
};

} // namespace Qp2p::Test
