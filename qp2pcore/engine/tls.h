// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// TLS 1.3 for QUIC through GnuTLS: credentials shared by an endpoint, a session for each connection.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/result.h>

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <QByteArray>
#include <QList>

#include <memory>
#include <span>

namespace Qp2p::Engine {

//! \brief Verifies the peer's certificate during the handshake.
class PeerVerifier
{
public:
    enum class VerificationResult { Accepted, Refused };

    virtual ~PeerVerifier() = default;
    //! \a chain is DER, leaf first; empty where the peer presented none.
    virtual VerificationResult verify(const QList<QByteArray> &chain) = 0;
    //! \brief On an acceptor that resumes: the next \a clientHello, before it is read.
    virtual VerificationResult verifyOffer(std::span<const quint8> clientHello) = 0;
};

//! \brief What one session does its own way.
struct TlsOptions
{
    Side side = Side::Dialler;
    //! RFC 7301 names, the preferred one first. Where there are any, the peer must agree on one of them.
    QList<QByteArray> alpns;
    //! Of an acceptor: whether a dialler without ALPN passes, and then without a certificate too.
    enum class WithoutAlpn { Refused, Accepted } withoutAlpn = WithoutAlpn::Refused;
    QByteArray serverName; //!< of a dial: SNI (RFC 6066), a host name; empty: none
    //! Whether session tickets are asked for, or given.
    enum class Tickets { None, Exchanged } tickets = Tickets::None;
    QByteArrayView ticketKey; //!< of an acceptor that gives them
    QByteArray sessionTicket; //!< of a dial: what it resumes with; empty: nothing
};

class TlsContext;

struct TlsSessionDeleter
{
    void operator()(gnutls_session_t session) const { gnutls_deinit(session); }

    std::shared_ptr<const TlsContext> context = {}; //!< whose credentials the session uses
};
//! Assign an empty one to let go of the context too.
using TlsSession = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, TlsSessionDeleter>;

//! \brief What all connections of an endpoint share. Read-only once made.
class TlsContext : public std::enable_shared_from_this<TlsContext>
{
public:
    //! \brief Errors: UnsupportedKey, Unsupported (GnuTLS lacks what QUIC needs).
    static Result<std::shared_ptr<TlsContext>> create(const Identity &identity);
    ~TlsContext();
    Q_DISABLE_COPY_MOVE(TlsContext)

    //! \brief A session bound to \a ref, which must outlive it and stay where it is. Its user_data
    //! is the PeerVerifier. Null where GnuTLS has no memory.
    TlsSession newSession(const TlsOptions &options, ngtcp2_crypto_conn_ref *ref) const;

private:
    TlsContext() = default;
    gnutls_certificate_credentials_t m_credentials = nullptr;
    gnutls_priority_t m_priority = nullptr;
    gnutls_priority_t m_resuming = nullptr; // of a dialler that wants tickets
};

//! The RFC 7301 name that both sides agreed on; empty where there is none. GnuTLS lets a client without any
//! ALPN pass (measured), so this must be asked. Known to an acceptor from the ClientHello on. Points into
//! \a session.
QByteArrayView selectedAlpn(gnutls_session_t session);

//! \brief DER, leaf first: what the peer has presented, or had presented when a ticket was made for it. Empty: nothing.
QList<QByteArray> peerCertificates(gnutls_session_t session);

//! \brief How the handshake of \a session authenticated the peer.
enum class Resumption {
    None, //!< by its certificate
    WithKeyExchange, //!< by a ticket, with (EC)DHE
    WithoutKeyExchange, //!< by a ticket alone, which we never offer
};
Resumption resumptionOf(gnutls_session_t session);

//! \brief Gives the dialler a ticket (RFC 8446 section 4.6.1). Does nothing for one that did not ask for any.
void sendSessionTicket(gnutls_session_t session);
//! \brief What the peer's NewSessionTicket \a message, with its header, is worth for the next dial: GnuTLS' own form,
//! with secrets. Empty: nothing.
QByteArray readSessionTicket(gnutls_session_t session, QByteArrayView message);

//! \brief The sentence for TLS \a alert (RFC 8446 section 6), e.g. "bad certificate (alert 42)".
QString alertText(quint8 alert);

} // namespace Qp2p::Engine
