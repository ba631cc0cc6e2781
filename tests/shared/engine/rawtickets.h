// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Session tickets of any certificates, also of those that no side of ours would have accepted.
#pragma once

#include <shared/engine/enginesettings.h>
#include <shared/engine/rawpeer.h>

namespace Qp2p::Test {

//! \brief What \a dialler can resume with at any acceptor that has the ticket key of \a acceptor: the ticket has the
//! certificates of \a dialler, and those of \a acceptor come with it. Empty: there was no ticket.
inline QByteArray rawTicket(RawTlsOptions dialler, RawTlsOptions acceptor)
{
    dialler.side = Engine::Side::Dialler;
    dialler.asksForTicket = true;
    acceptor.side = Engine::Side::Acceptor;
    VirtualWire wire;
    RawPeer::Options options;
    options.tls = acceptor;
    RawPeer answers(publicAddress(71), publicAddress(70), options);
    options.tls = dialler;
    RawPeer dials(publicAddress(70), publicAddress(71), options);
    wire.connect(answers);
    wire.connect(dials);
    wire.runUntil([&] { return !dials.isAlive() || !dials.sessionTicket().isEmpty(); });
    return dials.sessionTicket();
}

} // namespace Qp2p::Test
