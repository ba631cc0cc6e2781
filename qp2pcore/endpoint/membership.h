// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network gives to the endpoint that it uses, and what it hears from it.
#pragma once

#include <qp2pcore/endpoint/addresstokenstore.h>
#include <qp2pcore/engine/messages/controlmessage.h>
#include <qp2pcore/engine/messages/hello.h>
#include <qp2pcore/engine/settings.h>

#include <functional>
#include <vector>

namespace Qp2p {

class Connection;

//! \brief What the endpoint's hellos say, and which peers it refuses.
struct Membership
{
    Engine::Hello::Role role = Engine::Hello::Role::None; //!< at first
    quint64 instance = 0;
    quint64 services = 0; //!< see Engine::Hello::Service
    //! As Engine::MessageOptions::refuse: called in the middle of a handshake, so it must only look.
    std::function<Error(const PeerId &peer, const Engine::SocketAddress &remote)> refuse;
    //! As Engine::MessageOptions::claimedPort, with the same condition.
    std::function<quint16(const Engine::SocketAddress &remote, quint16 listening)> claimedPort;
};

//! \brief Receives what peers send on their control streams. May delete the endpoint.
class ControlListener
{
public:
    virtual ~ControlListener() = default;
    //! The kinds that controlReceived() gets, fixed before the endpoint has a socket. Others are skipped.
    virtual std::vector<quint64> controlKinds() const = 0;
    //! \brief Only the framing and the kind of \a message were checked.
    virtual void controlReceived(Connection *connection, const Engine::ControlMessage &message) = 0;
    //! \brief A dial to \a dialled, where \a peer (null: it was not proven) has answered, has failed. Must only
    //! record it.
    virtual void dialFailed(const PeerAddress &dialled, const PeerId &peer, const Error &reason)
    {
        Q_UNUSED(dialled)
        Q_UNUSED(peer)
        Q_UNUSED(reason)
    }
    //! The peer at \a address has given us \a token. Must only record it.
    virtual void addressTokenReceived(const PeerId &peer, const QHostAddress &address,
                                      const AddressToken &token)
    {
        Q_UNUSED(peer)
        Q_UNUSED(address)
        Q_UNUSED(token)
    }
    //! \brief What is kept for a dial to \a peer at \a address, which gives it up by that. Must emit nothing.
    virtual AddressToken takeAddressToken(const PeerId &peer, const QHostAddress &address)
    {
        Q_UNUSED(peer)
        Q_UNUSED(address)
        return {};
    }
    //! A peer has checked whether we can be dialled.
    virtual void dialBackArrived(const QByteArray &nonce) = 0;
};

} // namespace Qp2p
