// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What of the peer's CRYPTO frames reaches TLS.
#pragma once

#include <qp2pcore/engine/clienthellos.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/posthandshake.h>

#include <ngtcp2/ngtcp2.h>

namespace Qp2p::Engine {

//! \brief Bounds the TLS handshake, and keeps from GnuTLS what comes after it.
class CryptoInput
{
public:
    enum class Action {
        Read, //!< hand it to TLS
        Skip, //!< it is of a session ticket
        RefuseLength, //!< the handshake has no end
        RefuseMessage, //!< nothing of that kind may come after the handshake
    };
    enum class Tickets { Refused, Skipped };

    //! \brief What to do with the next \a bytes. \a tickets: whether there may be session tickets among them.
    Action take(std::span<const quint8> bytes, Tickets tickets)
    {
        m_bytes += bytes.size();
        if (m_bytes > Limits::CryptoBytes)
            return Action::RefuseLength;
        if (!m_finished)
            return Action::Read;
        return tickets == Tickets::Skipped && m_postHandshake.skipTickets(bytes)
            ? Action::Skip
            : Action::RefuseMessage;
    }
    //! The peer's Finished is here.
    void setFinished() { m_finished = true; }
    //! What the ClientHellos of an acceptor's peer offer.
    ClientHellos &clientHellos() { return m_clientHellos; }
    //! See PostHandshake; one is waited for \a until then.
    void keepTicket(qsizetype maxBytes, ngtcp2_tstamp until)
    {
        m_postHandshake.keepTicket(maxBytes);
        m_ticketUntil = until;
    }
    void dropTicket() { keepTicket(0, UINT64_MAX); }
    ngtcp2_tstamp ticketDeadline() const
    {
        return m_ticketUntil;
    } //!< UINT64_MAX: none is waited for
    QByteArray takeTicket() { return m_postHandshake.takeTicket(); }

private:
    quint64 m_bytes = 0;
    bool m_finished = false;
    PostHandshake m_postHandshake;
    ClientHellos m_clientHellos;
    ngtcp2_tstamp m_ticketUntil = UINT64_MAX;
};

} // namespace Qp2p::Engine
