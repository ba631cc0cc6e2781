// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// TLS of the bare contender: both sides present a certificate and accept one only, the other's.
#pragma once

#include "wire.h"

#include <qp2pcore/identity.h>

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <QByteArray>

#include <memory>

namespace Instructions {

struct BareTlsDeleter
{
    void operator()(gnutls_session_t session) const { gnutls_deinit(session); }
};
using BareTls = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, BareTlsDeleter>;

class BareCredentials;

//! \brief From a TLS session back to its connection.
struct BareRef : ngtcp2_crypto_conn_ref
{
    ngtcp2_conn *conn = nullptr;
    BareCredentials *credentials = nullptr;
};

//! \brief What all sessions of one side share.
class BareCredentials
{
public:
    enum class Tickets { None, Exchanged };

    BareCredentials(const Qp2p::Identity &own, const Qp2p::Identity &peer, Tickets tickets);
    ~BareCredentials();
    Q_DISABLE_COPY_MOVE(BareCredentials)

    //! \brief Client or server, bound to \a ref; both must outlive it.
    BareTls newSession(End end, BareRef &ref);

    //! Does nothing where none are exchanged.
    void sendTicket(gnutls_session_t session) const;
    //! Of a client: the next session resumes.
    bool hasTicket() const { return !m_ticket.isEmpty(); }

private:
    static int verify(gnutls_session_t session);
    static int receiveTicket(gnutls_session_t session, unsigned type, unsigned when,
                             unsigned incoming, const gnutls_datum_t *message);
    void setUpTickets(gnutls_session_t session, End end);

    const QByteArray m_peerCertificate;
    gnutls_certificate_credentials_t m_credentials = nullptr;
    gnutls_priority_t m_priority = nullptr;
    const Tickets m_tickets;
    gnutls_datum_t m_ticketKey{nullptr, 0};
    QByteArray m_ticket;
};

} // namespace Instructions
