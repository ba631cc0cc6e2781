// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "baretls.h"

#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <utility>

namespace Instructions {

namespace {

// The library's cipher, groups and protocol name.
constexpr char Priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:"
                            "+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"
                            "%DISABLE_TLS13_COMPAT_MODE";
constexpr char Alpn[] = "qp2p/1";

void check(int result, const char *what)
{
    if (result < 0)
        qFatal("GnuTLS: %s: %s", what, gnutls_strerror(result));
}

gnutls_datum_t datum(const QByteArray &bytes)
{
    return {reinterpret_cast<unsigned char *>(const_cast<char *>(bytes.constData())),
            unsigned(bytes.size())};
}

} // namespace

BareCredentials::BareCredentials(const Qp2p::Identity &own, const Qp2p::Identity &peer,
                                 Tickets tickets)
    : m_peerCertificate(peer.certificates().first())
    , m_tickets(tickets)
{
    check(gnutls_session_ticket_key_generate(&m_ticketKey), "ticket key");
    check(gnutls_priority_init(&m_priority, Priority, nullptr), "priorities");
    check(gnutls_certificate_allocate_credentials(&m_credentials), "credentials");
    gnutls_x509_privkey_t key = nullptr;
    check(gnutls_x509_privkey_init(&key), "key");
    const QByteArray keyDer = own.privateKeyDer();
    const gnutls_datum_t keyDatum = datum(keyDer);
    check(gnutls_x509_privkey_import2(key, &keyDatum, GNUTLS_X509_FMT_DER, nullptr, 0), "key");
    gnutls_x509_crt_t certificate = nullptr;
    check(gnutls_x509_crt_init(&certificate), "certificate");
    const QByteArray certificateDer = own.certificates().first();
    const gnutls_datum_t certificateDatum = datum(certificateDer);
    check(gnutls_x509_crt_import(certificate, &certificateDatum, GNUTLS_X509_FMT_DER),
          "certificate");
    check(gnutls_certificate_set_x509_key(m_credentials, &certificate, 1, key), "identity");
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    gnutls_certificate_set_verify_function(m_credentials, verify);
}

BareCredentials::~BareCredentials()
{
    gnutls_certificate_free_credentials(m_credentials);
    gnutls_priority_deinit(m_priority);
    gnutls_free(m_ticketKey.data);
}

//! That the peer has the certificate's key GnuTLS finds out by itself.
int BareCredentials::verify(gnutls_session_t session)
{
    auto *ref = static_cast<ngtcp2_crypto_conn_ref *>(gnutls_session_get_ptr(session));
    unsigned count = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    const QByteArrayView expected(static_cast<BareRef *>(ref)->credentials->m_peerCertificate);
    const bool isPeer = count == 1 && QByteArrayView(chain[0].data, chain[0].size) == expected;
    return isPeer ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

//! The client has one ticket at a time, for the one server.
int BareCredentials::receiveTicket(gnutls_session_t session, unsigned, unsigned, unsigned,
                                   const gnutls_datum_t *)
{
    auto *ref = static_cast<ngtcp2_crypto_conn_ref *>(gnutls_session_get_ptr(session));
    gnutls_datum_t data{nullptr, 0};
    check(gnutls_session_get_data2(session, &data), "ticket");
    static_cast<BareRef *>(ref)->credentials->m_ticket = QByteArray(
        reinterpret_cast<const char *>(data.data), qsizetype(data.size));
    gnutls_free(data.data);
    return 0;
}

void BareCredentials::sendTicket(gnutls_session_t session) const
{
    if (m_tickets == Tickets::Exchanged)
        check(gnutls_session_ticket_send(session, 1, 0), "ticket");
}

void BareCredentials::setUpTickets(gnutls_session_t session, End end)
{
    if (m_tickets == Tickets::None)
        return;
    if (end == Server) {
        check(gnutls_session_ticket_enable_server(session, &m_ticketKey), "tickets");
        return;
    }
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_NEW_SESSION_TICKET,
                                       GNUTLS_HOOK_POST, receiveTicket);
    const QByteArray ticket = std::exchange(m_ticket, {});
    if (!ticket.isEmpty())
        check(gnutls_session_set_data(session, ticket.constData(), size_t(ticket.size())),
              "resumption");
}

BareTls BareCredentials::newSession(End end, BareRef &ref)
{
    gnutls_session_t session = nullptr;
    const unsigned common = unsigned(GNUTLS_NO_END_OF_EARLY_DATA)
        | (m_tickets == Tickets::None ? unsigned(GNUTLS_NO_TICKETS) : 0);
    if (end == Client) {
        check(gnutls_init(&session,
                          GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_KEY_SHARE_TOP | common),
              "session");
        check(ngtcp2_crypto_gnutls_configure_client_session(session), "session");
    } else {
        check(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET | common), "session");
        check(ngtcp2_crypto_gnutls_configure_server_session(session), "session");
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    }
    check(gnutls_priority_set(session, m_priority), "priorities");
    check(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, m_credentials), "credentials");
    const QByteArray alpnName(Alpn);
    const gnutls_datum_t alpn = datum(alpnName);
    check(gnutls_alpn_set_protocols(session, &alpn, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
    setUpTickets(session, end);
    ref.credentials = this;
    ref.get_conn = [](ngtcp2_crypto_conn_ref *base) { return static_cast<BareRef *>(base)->conn; };
    gnutls_session_set_ptr(session, static_cast<ngtcp2_crypto_conn_ref *>(&ref));
    return BareTls(session);
}

} // namespace Instructions
