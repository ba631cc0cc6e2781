// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What an endpoint knows of the network that uses it, and how it reaches it.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>
#include <qp2pcore/engine/settings.h>

#include <functional>

namespace Qp2p {

class Connection;

namespace Peering {

//! \brief What its hellos say, and who is refused.
struct Membership
{
    Engine::Hello::Role role = Engine::Hello::Role::None; //!< at first
    quint64 instance = 0;
    //! As Engine::Settings::refuse: called in the middle of a handshake, so it must only look.
    std::function<Error(const PeerId &peer, const Engine::SocketAddress &remote)> refuse;
    //! As Engine::Settings::claimedPort, with the same condition.
    std::function<quint16(const Engine::SocketAddress &remote, quint16 listening)> claimedPort;
};

//! \brief Is told what peers say on their control streams. May delete the endpoint.
class ControlListener
{
public:
    virtual ~ControlListener() = default;
    virtual void controlReceived(Connection *connection, const Engine::ControlMessage &message) = 0;
    //! Somebody has checked whether we can be dialled.
    virtual void dialBackArrived(const QByteArray &nonce) = 0;
};

} // namespace Peering
} // namespace Qp2p
