// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/tls.h>

#include <qp2pcore/engine/limits.h>

#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <vector>

namespace Qp2p::Engine {

namespace {

// TLS 1.3 only, without the compatibility mode that QUIC forbids (RFC 9001 section 8.4). AES-128
// first: it is the fastest here, and nettle's ChaCha20 seven times slower. X25519 and P-256 only:
// the FFDHE groups would cost us 150 times the CPU they cost an attacker.
constexpr char Priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:"
                            "+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"
                            "%DISABLE_TLS13_COMPAT_MODE";
// By default GnuTLS would also offer to resume without a key exchange, and so without forward secrecy. Of the others TLS
// 1.3 has no need, and GnuTLS would list their cipher suites, of TLS 1.2, beside this one.
constexpr char ResumingPriority[] = "-KX-ALL:+ECDHE-PSK";

Error gnutlsError(const char *what, int code)
{
    return Error(ErrorCode::Unsupported,
                 QStringLiteral("GnuTLS failed (%1): %2. Update GnuTLS to 3.7.9 or newer.")
                     .arg(QString::fromLatin1(what), QString::fromUtf8(gnutls_strerror(code))));
}

int verifyPeer(gnutls_session_t session)
try {
    auto *ref = static_cast<ngtcp2_crypto_conn_ref *>(gnutls_session_get_ptr(session));
    auto *verifier = static_cast<PeerVerifier *>(ref->user_data);
    // Any other failure code would reach the peer as internal_error.
    return verifier->verify(peerCertificates(session)) == PeerVerifier::VerificationResult::Accepted
        ? 0
        : GNUTLS_E_CERTIFICATE_ERROR;
} catch (const std::bad_alloc &) { // none may pass through GnuTLS
    return GNUTLS_E_MEMORY_ERROR;
}

int verifyOffer(gnutls_session_t session, unsigned, unsigned, unsigned,
                const gnutls_datum_t *clientHello)
{
    auto *ref = static_cast<ngtcp2_crypto_conn_ref *>(gnutls_session_get_ptr(session));
    auto *verifier = static_cast<PeerVerifier *>(ref->user_data);
    return verifier->verifyOffer({clientHello->data, clientHello->size})
            == PeerVerifier::VerificationResult::Accepted
        ? 0
        : GNUTLS_E_RECEIVED_ILLEGAL_PARAMETER;
}

//! GnuTLS lets a dialler without any ALPN pass, whose error would then be that its certificate is missing.
int refuseWithoutAlpn(gnutls_session_t session)
{
    return selectedAlpn(session).isEmpty() ? GNUTLS_E_NO_APPLICATION_PROTOCOL : 0;
}

//! A legacy dialler has no certificate, and rustls has been seen to fail on a request for one. A dialler with
//! an ALPN is asked all the same.
int excuseWithoutAlpn(gnutls_session_t session)
{
    if (selectedAlpn(session).isEmpty())
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_IGNORE);
    return 0;
}

int loadKey(gnutls_certificate_credentials_t credentials, const Identity &identity)
{
    QByteArray keyDer = identity.privateKeyDer();
    gnutls_x509_privkey_t key = nullptr;
    int rv = gnutls_x509_privkey_init(&key);
    if (rv < 0)
        return rv;
    const gnutls_datum_t keyDatum{reinterpret_cast<unsigned char *>(keyDer.data()),
                                  static_cast<unsigned>(keyDer.size())};
    rv = gnutls_x509_privkey_import2(key, &keyDatum, GNUTLS_X509_FMT_DER, nullptr,
                                     GNUTLS_PKCS_PLAIN);
    gnutls_memset(keyDer.data(), 0, static_cast<size_t>(keyDer.size()));

    std::vector<gnutls_x509_crt_t> chain;
    for (const QByteArray &der : identity.certificates()) {
        gnutls_x509_crt_t certificate = nullptr;
        if (rv < 0 || (rv = gnutls_x509_crt_init(&certificate)) < 0)
            break;
        chain.push_back(certificate);
        const gnutls_datum_t datum{
            reinterpret_cast<unsigned char *>(const_cast<char *>(der.constData())),
            static_cast<unsigned>(der.size())};
        rv = gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_DER);
    }
    if (rv >= 0)
        rv = gnutls_certificate_set_x509_key(credentials, chain.data(),
                                             static_cast<int>(chain.size()), key);
    for (gnutls_x509_crt_t certificate : chain)
        gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    return rv;
}

//! Without the key there are no tickets, and all handshakes are full ones.
void giveTickets(gnutls_session_t session, QByteArrayView key)
{
    const gnutls_datum_t datum{reinterpret_cast<unsigned char *>(const_cast<char *>(key.data())),
                               unsigned(key.size())};
    if (gnutls_session_ticket_enable_server(session, &datum) < 0)
        return;
    gnutls_db_set_cache_expiration(
        session, int(std::chrono::seconds(Limits::SessionTicketLifetime).count()));
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE,
                                       verifyOffer);
}

} // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::create(const Identity &identity)
{
    std::shared_ptr<TlsContext> context(new TlsContext);
    int rv = gnutls_certificate_allocate_credentials(&context->m_credentials);
    if (rv < 0)
        return gnutlsError("credentials", rv);
    rv = loadKey(context->m_credentials, identity);
    if (rv < 0)
        return gnutlsError("identity", rv);
    gnutls_certificate_set_verify_function(context->m_credentials, verifyPeer);
    rv = gnutls_priority_init(&context->m_priority, Priority, nullptr);
    if (rv < 0)
        return gnutlsError("priorities", rv);
    const QByteArray resuming = QByteArray(Priority) + ':' + ResumingPriority;
    rv = gnutls_priority_init(&context->m_resuming, resuming.constData(), nullptr);
    if (rv < 0)
        return gnutlsError("priorities of resumptions", rv);
    return context;
}

TlsContext::~TlsContext()
{
    if (m_priority)
        gnutls_priority_deinit(m_priority);
    if (m_resuming)
        gnutls_priority_deinit(m_resuming);
    if (m_credentials)
        gnutls_certificate_free_credentials(m_credentials);
}

TlsSession TlsContext::newSession(const TlsOptions &options, ngtcp2_crypto_conn_ref *ref) const
{
    const Side side = options.side;
    const bool exchangesTickets = options.tickets == TlsOptions::Tickets::Exchanged;
    // Never with early data, which can be replayed. An acceptor's tickets are switched on with its key.
    const unsigned flags = side == Side::Dialler
        ? unsigned(GNUTLS_CLIENT | GNUTLS_NO_END_OF_EARLY_DATA | GNUTLS_FORCE_CLIENT_CERT
                   | GNUTLS_KEY_SHARE_TOP)
            | (exchangesTickets ? 0 : unsigned(GNUTLS_NO_TICKETS))
        : unsigned(GNUTLS_SERVER | GNUTLS_NO_END_OF_EARLY_DATA | GNUTLS_NO_TICKETS
                   | GNUTLS_NO_AUTO_SEND_TICKET);
    gnutls_session_t raw = nullptr;
    if (gnutls_init(&raw, flags) < 0)
        return {};
    TlsSession session(raw, {shared_from_this()});
    std::vector<gnutls_datum_t> alpns;
    for (const QByteArray &alpn : options.alpns)
        alpns.push_back({reinterpret_cast<unsigned char *>(const_cast<char *>(alpn.constData())),
                         static_cast<unsigned>(alpn.size())});
    const bool ok = gnutls_priority_set(
                        raw, side == Side::Dialler && exchangesTickets ? m_resuming : m_priority)
            >= 0
        && (side == Side::Dialler ? ngtcp2_crypto_gnutls_configure_client_session(raw)
                                  : ngtcp2_crypto_gnutls_configure_server_session(raw))
            == 0
        && gnutls_credentials_set(raw, GNUTLS_CRD_CERTIFICATE, m_credentials) >= 0
        && (alpns.empty()
            || gnutls_alpn_set_protocols(raw, alpns.data(), static_cast<unsigned>(alpns.size()),
                                         GNUTLS_ALPN_MANDATORY)
                >= 0)
        && (options.serverName.isEmpty()
            || gnutls_server_name_set(raw, GNUTLS_NAME_DNS, options.serverName.constData(),
                                      size_t(options.serverName.size()))
                >= 0);
    if (!ok)
        return nullptr;
    if (side == Side::Acceptor) {
        gnutls_certificate_server_set_request(raw, GNUTLS_CERT_REQUIRE);
        // Naming authorities would make a GnuTLS dialler keep its certificate to itself.
        gnutls_certificate_send_x509_rdn_sequence(raw, 1);
        gnutls_handshake_set_post_client_hello_function(
            raw,
            options.withoutAlpn == TlsOptions::WithoutAlpn::Accepted ? excuseWithoutAlpn
                                                                     : refuseWithoutAlpn);
    }
    gnutls_handshake_set_max_packet_length(raw, Limits::TlsMessageSize);
    gnutls_session_set_ptr(raw, ref);
    if (exchangesTickets && side == Side::Acceptor)
        giveTickets(raw, options.ticketKey);
    const QByteArray &ticket = options.sessionTicket;
    if (ticket.isEmpty()
        || gnutls_session_set_data(raw, ticket.constData(), size_t(ticket.size())) >= 0)
        return session;
    // GnuTLS leaves such a session half set up, and crashes in its handshake.
    TlsOptions withoutTicket = options;
    withoutTicket.sessionTicket.clear();
    return newSession(withoutTicket, ref);
}

QByteArrayView selectedAlpn(gnutls_session_t session)
{
    gnutls_datum_t selected{nullptr, 0};
    if (gnutls_alpn_get_selected_protocol(session, &selected) != 0)
        return {};
    return QByteArrayView(selected.data, qsizetype(selected.size));
}

QList<QByteArray> peerCertificates(gnutls_session_t session)
{
    unsigned count = 0;
    const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &count);
    QList<QByteArray> chain;
    for (unsigned i = 0; peers && i < count; ++i)
        chain.append(QByteArray(reinterpret_cast<const char *>(peers[i].data),
                                static_cast<qsizetype>(peers[i].size)));
    return chain;
}

Resumption resumptionOf(gnutls_session_t session)
{
    if (!gnutls_session_is_resumed(session))
        return Resumption::None;
    return gnutls_group_get(session) != GNUTLS_GROUP_INVALID ? Resumption::WithKeyExchange
                                                             : Resumption::WithoutKeyExchange;
}

void sendSessionTicket(gnutls_session_t session)
{
    gnutls_session_ticket_send(session, 1, 0); // where that fails, the next handshake is a full one
}

QByteArray readSessionTicket(gnutls_session_t session, QByteArrayView message)
{
    gnutls_datum_t data{nullptr, 0};
    if (gnutls_handshake_write(session, GNUTLS_ENCRYPTION_LEVEL_APPLICATION, message.data(),
                               size_t(message.size()))
            < 0
        // Without a ticket the next would wait for one.
        || (gnutls_session_get_flags(session) & GNUTLS_SFLAGS_SESSION_TICKET) == 0
        || gnutls_session_get_data2(session, &data) < 0)
        return {};
    const QByteArray ticket(reinterpret_cast<const char *>(data.data), qsizetype(data.size));
    gnutls_memset(data.data, 0, data.size);
    gnutls_free(data.data);
    return ticket;
}

QString alertText(quint8 alert)
{
    const char *name = gnutls_alert_get_name(static_cast<gnutls_alert_description_t>(alert));
    return QStringLiteral("%1 (TLS alert %2)")
        .arg(name ? QString::fromUtf8(name) : QStringLiteral("unknown"))
        .arg(alert);
}

} // namespace Qp2p::Engine
