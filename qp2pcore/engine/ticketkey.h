// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The key that an acceptor seals session tickets with.
#pragma once

#include <qp2pcore/engine/limits.h>

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

namespace Qp2p::Engine {

//! \brief Random, never leaves the process, and is replaced once it is Limits::SessionTicketKeyLifetime old.
//!
//! Which of several keys a ticket needs cannot be seen before GnuTLS reads it, so there is one, and the tickets of the
//! one before it lead to a full handshake.
class TicketKey
{
public:
    ~TicketKey() { forget(); }
    TicketKey() = default;
    Q_DISABLE_COPY_MOVE(TicketKey)

    //! Empty where there is no memory.
    QByteArrayView at(ngtcp2_tstamp now);
    //! Tickets that were made up to now are worth nothing.
    void forget();

private:
    QByteArray m_key;
    ngtcp2_tstamp m_since = 0;
};

} // namespace Qp2p::Engine
