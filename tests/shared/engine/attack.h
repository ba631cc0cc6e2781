// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A router as the victim, an adversary, and the wire between them.
#pragma once

#include <shared/engine/rawpeer.h>

namespace Qp2p::Test {

//! \brief Settings of the usual victim: no Retry, so that the adversary meets a session at once.
Engine::Settings victimSettings();

//! \brief \a message as it stands on its stream.
QByteArray toWire(const Message &message);
//! \brief A wire header that promises these bytes.
QByteArray wireHeader(quint32 header, quint32 destination, quint32 payload, quint16 version = 2);

//! \brief The adversary dials, unless its options make it the acceptor: then the victim dials.
struct Attack
{
    explicit Attack(const RawPeer::Options &options = {},
                    const Engine::Settings &settings = victimSettings(),
                    const Engine::Session::DialOptions &dialOptions = {});

    //! Runs until both have greeted each other.
    bool open();
    //! Runs until the victim has closed the connection and the adversary knows it.
    bool runUntilClosed(ngtcp2_duration limit = 30 * Seconds);
    //! \brief Runs until all frames and bytes of the adversary have arrived and been answered.
    void settle();
    //! The victim's session; null once it has ended.
    Engine::Session *session() const { return victim->router->find(1); }
    bool isVictimOpen() const { return session() && session()->isOpen(); }
    //! \brief Whether a good message still passes, from a peer that has misbehaved.
    bool stillDelivers();

    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    RawPeer peer;
};

//! \brief Whether someone else can still dial \a victim and send it a message.
bool servesOthers(VirtualWire &wire, RouterParty &victim);

} // namespace Qp2p::Test
