// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer of the Rust library qp2p 0.36.4 speaks: messages only, without ALPN, control stream and hello.
#pragma once

#include <qp2pcore/engine/messages/messagingprotocol.h>

namespace Qp2p::Engine {

class LegacyProtocol final : public MessagingProtocol
{
public:
    LegacyProtocol(std::shared_ptr<const MessageOptions> options, const GreetingOptions &greeting,
                   StreamConnection &connection)
        : MessagingProtocol(std::move(options), greeting, connection)
    {
    }
    //! \brief Null where \a session speaks something else, or nothing yet.
    static LegacyProtocol *of(const Session &session);

    Protocol protocol() const override { return Protocol::Legacy; }
    const Hello &peerHello() const override { return m_noHello; }
    Hello::Role ownRole() const override { return Hello::Role::None; }

private:
    //! It says nothing: a dial only waits until it is chosen.
    bool isPeerReady() const override { return true; }

    const Hello m_noHello;
};

} // namespace Qp2p::Engine
