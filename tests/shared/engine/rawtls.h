// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// TLS of the adversary: GnuTLS for QUIC, without what our own TLS insists on.
#pragma once

#include <qp2pcore/engine/tls.h>

namespace Qp2p::Test {

struct RawTlsOptions
{
    Engine::Side side = Engine::Side::Dialler;
    QByteArray alpn = "qp2p/1"; //!< empty: none
    bool presentsCertificate = true; //!< testIdentity(99)
    bool sendsTransportParameters = true;
    QByteArray groups = "+GROUP-X25519"; //!< as in a GnuTLS priority string; a key share for the first
    //! DER, leaf first; empty: those of testIdentity(99).
    QList<QByteArray> chain;
    QByteArray keyDer; //!< of the leaf, where there is a chain
    QByteArray keyExchanges; //!< such as "+PSK" in a GnuTLS priority string; empty: GnuTLS' own choice
    QByteArray ticketKey; //!< of an acceptor that gives a session ticket; empty: of none that does
    //! Of a dialler: asks for a ticket; resumes with this one, where there is one.
    bool asksForTicket = false;
    QByteArray sessionTicket;
    QByteArray afterFinished; //!< bytes that follow the Finished message, at its level
};

//! \brief The key of an acceptor, for RawTlsOptions.
QByteArray makeTicketKey();

//! \brief A session that accepts everybody, bound to \a ref, which must outlive it.
Engine::TlsSession makeRawTls(const RawTlsOptions &options, ngtcp2_crypto_conn_ref *ref);

} // namespace Qp2p::Test
