// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the protocols of messages are configured with, and a dial of theirs.
#pragma once

#include <qp2pcore/engine/messages/hello.h>
#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Engine {

class OpeningQueue;

//! \brief Shared by all connections of an endpoint. What changes applies to connections that are made, and hellos
//! that are said, from then on.
struct MessageOptions
{
    QByteArray networkName; //!< UTF-8
    QByteArray agent; //!< UTF-8
    Hello::Role role = Hello::Role::None; //!< what our hellos claim
    quint64 instance = 0; //!< said in hellos; 0: nothing is
    quint64 services = 0; //!< said in hellos: see Hello::Service
    //! The control messages that are handed up as Events::Control; only the form of others is checked.
    std::vector<quint64> controlKinds;
    //! Nothing is delivered before MessageStreams::resumeReceiving(): for networks, whose links must be
    //! established first.
    bool startPaused = false;
    //! \brief Why a peer whose key is proven is not wanted; no error where it is. Empty: all are.
    std::function<Error(const PeerId &peer, const SocketAddress &remote)> refuse;
    //! The port that a hello to \a remote claims, where it may differ from \a listening. Empty: never.
    std::function<quint16(const SocketAddress &remote, quint16 listening)> claimedPort;
    qint64 maxMessageSize = 16 * 1024 * 1024;
    qint64 sendQueueLimit = 16 * 1024 * 1024;
    qint64 inboxLimit = 16 * 1024 * 1024;
    quint64 maxIncomingRequests = 100;
    quint64 maxIncomingMessages = 1000;

    bool handlesControl(quint64 kind) const
    {
        return std::find(controlKinds.begin(), controlKinds.end(), kind) != controlKinds.end();
    }
};

//! \brief When the dialling side sends its first messages.
enum class FirstMessages {
    AfterGreeting, //!< both sides have greeted, and the handshake is confirmed
    WithFinished, //!< directly behind its hello, in the flight of its Finished
};

//! \brief How one dial greets its peer.
struct GreetingOptions
{
    bool hold = false; //!< until MessagingProtocol::greet(): for races
    std::shared_ptr<OpeningQueue> queue = {}; //!< what is to be sent; null: nothing yet
    FirstMessages firstMessages = FirstMessages::AfterGreeting;
    //! Not empty: the dial only carries this to the peer, which then closes with CloseCode::Arrived.
    QByteArray dialBackNonce = {};
};

} // namespace Qp2p::Engine
