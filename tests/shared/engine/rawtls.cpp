// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/rawtls.h>

#include <shared/engine/enginesettings.h>

#include <qp2pcore/certificates/gnutlshandles.h>
#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <array>
#include <utility>
#include <vector>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

namespace {

constexpr int TransportParameters = 0x39; // RFC 9001 section 8.2

void checkTls(int rv, const char *what)
{
    if (rv < 0)
        qFatal("tests/shared/engine/rawtls: %s: %s", what, gnutls_strerror(rv));
}

ngtcp2_conn *connectionOf(gnutls_session_t session)
{
    auto *ref = static_cast<ngtcp2_crypto_conn_ref *>(gnutls_session_get_ptr(session));
    return ref->get_conn(ref);
}

int secretArrived(gnutls_session_t session, gnutls_record_encryption_level_t level,
                  const void *receiving, const void *sending, size_t size)
{
    ngtcp2_conn *conn = connectionOf(session);
    const auto at = ngtcp2_crypto_gnutls_from_gnutls_record_encryption_level(level);
    const auto *rx = static_cast<const uint8_t *>(receiving);
    const auto *tx = static_cast<const uint8_t *>(sending);
    if (rx
        && ngtcp2_crypto_derive_and_install_rx_key(conn, nullptr, nullptr, nullptr, at, rx, size)
            != 0)
        return -1;
    if (tx
        && ngtcp2_crypto_derive_and_install_tx_key(conn, nullptr, nullptr, nullptr, at, tx, size)
            != 0)
        return -1;
    return 0;
}

// A test has one thread, and one adversary at a time.
QByteArray afterFinished;

int bytesToSend(gnutls_session_t session, gnutls_record_encryption_level_t level,
                gnutls_handshake_description_t type, const void *data, size_t size)
{
    if (type == GNUTLS_HANDSHAKE_CHANGE_CIPHER_SPEC)
        return 0;
    QByteArray bytes(static_cast<const char *>(data), qsizetype(size));
    if (type == GNUTLS_HANDSHAKE_FINISHED)
        bytes += std::exchange(afterFinished, {});
    const auto at = ngtcp2_crypto_gnutls_from_gnutls_record_encryption_level(level);
    return ngtcp2_conn_submit_crypto_data(connectionOf(session), at,
                                          reinterpret_cast<const uint8_t *>(bytes.constData()),
                                          size_t(bytes.size()));
}

int alertToSend(gnutls_session_t session, gnutls_record_encryption_level_t, gnutls_alert_level_t,
                gnutls_alert_description_t alert)
{
    ngtcp2_conn_set_tls_alert(connectionOf(session), quint8(alert));
    return 0;
}

int parametersArrived(gnutls_session_t session, const unsigned char *data, size_t size)
{
    ngtcp2_conn *conn = connectionOf(session);
    return ngtcp2_conn_decode_and_set_remote_transport_params(conn, data, size) == 0 ? 0 : -1;
}

int parametersToSend(gnutls_session_t session, gnutls_buffer_t buffer)
{
    std::array<uint8_t, 512> bytes;
    const ngtcp2_ssize size = ngtcp2_conn_encode_local_transport_params(connectionOf(session),
                                                                        bytes.data(), bytes.size());
    return size < 0 ? -1 : gnutls_buffer_append_data(buffer, bytes.data(), size_t(size));
}

int nothingToSend(gnutls_session_t, gnutls_buffer_t)
{
    return 0;
}

CredentialsHandle makeCredentials(const QList<QByteArray> &ders, const QByteArray &keyDer)
{
    auto credentials = makeHandle<CredentialsHandle>(gnutls_certificate_allocate_credentials);
    const auto key = makeHandle<X509KeyHandle>(gnutls_x509_privkey_init);
    const gnutls_datum_t keyDatum = borrowedDatum(keyDer);
    checkTls(gnutls_x509_privkey_import2(key.get(), &keyDatum, GNUTLS_X509_FMT_DER, nullptr, 0),
             "key");
    std::vector<CertificateHandle> owners;
    std::vector<gnutls_x509_crt_t> chain;
    for (const QByteArray &der : ders) {
        owners.push_back(makeHandle<CertificateHandle>(gnutls_x509_crt_init));
        const gnutls_datum_t datum = borrowedDatum(der);
        checkTls(gnutls_x509_crt_import(owners.back().get(), &datum, GNUTLS_X509_FMT_DER),
                 "certificate");
        chain.push_back(owners.back().get());
    }
    checkTls(gnutls_certificate_set_x509_key(credentials.get(), chain.data(), int(chain.size()),
                                             key.get()),
             "identity");
    return credentials;
}

void setUpTickets(gnutls_session_t session, const RawTlsOptions &options)
{
    if (!options.ticketKey.isEmpty()) {
        const gnutls_datum_t key = borrowedDatum(options.ticketKey);
        checkTls(gnutls_session_ticket_enable_server(session, &key), "ticket key");
        // What GnuTLS makes of a key depends on it.
        gnutls_db_set_cache_expiration(
            session, int(std::chrono::seconds(Limits::SessionTicketLifetime).count()));
    }
    if (!options.sessionTicket.isEmpty())
        checkTls(gnutls_session_set_data(session, options.sessionTicket.constData(),
                                         size_t(options.sessionTicket.size())),
                 "ticket");
}

} // namespace

QByteArray makeTicketKey()
{
    gnutls_datum_t key{nullptr, 0};
    checkTls(gnutls_session_ticket_key_generate(&key), "ticket key");
    const QByteArray bytes(reinterpret_cast<const char *>(key.data), qsizetype(key.size));
    gnutls_free(key.data);
    return bytes;
}

TlsSession makeRawTls(const RawTlsOptions &options, ngtcp2_crypto_conn_ref *ref)
{
    // Sessions only borrow them.
    static const CredentialsHandle usual = makeCredentials(testIdentity(99).certificates(),
                                                           testIdentity(99).privateKeyDer());
    static const auto none = makeHandle<CredentialsHandle>(gnutls_certificate_allocate_credentials);
    static std::vector<CredentialsHandle> special;
    gnutls_certificate_credentials_t credentials = options.presentsCertificate ? usual.get()
                                                                               : none.get();
    if (!options.chain.isEmpty()) {
        special.push_back(makeCredentials(options.chain, options.keyDer));
        credentials = special.back().get();
    }
    afterFinished = options.afterFinished;
    const bool dials = options.side == Side::Dialler;
    gnutls_session_t session = nullptr;
    checkTls(
        gnutls_init(
            &session,
            GNUTLS_NO_END_OF_EARLY_DATA | unsigned(options.asksForTicket ? 0 : GNUTLS_NO_TICKETS)
                | unsigned(dials ? GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_KEY_SHARE_TOP
                                 : GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET)),
        "session");
    TlsSession owner(session);
    const QByteArray priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:-GROUP-ALL:"
        + options.groups + (options.keyExchanges.isEmpty() ? "" : ":") + options.keyExchanges
        + ":%DISABLE_TLS13_COMPAT_MODE";
    checkTls(gnutls_priority_set_direct(session, priority.constData(), nullptr), "priority");
    gnutls_handshake_set_secret_function(session, secretArrived);
    gnutls_handshake_set_read_function(session, bytesToSend);
    gnutls_alert_set_read_function(session, alertToSend);
    checkTls(
        gnutls_session_ext_register(
            session, "transport parameters", TransportParameters, GNUTLS_EXT_TLS, parametersArrived,
            options.sendsTransportParameters ? parametersToSend : nothingToSend, nullptr, nullptr,
            nullptr, GNUTLS_EXT_FLAG_TLS | GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_EE),
        "extension");
    checkTls(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials), "credentials");
    if (!options.alpn.isEmpty()) {
        const gnutls_datum_t alpn = borrowedDatum(options.alpn);
        checkTls(gnutls_alpn_set_protocols(session, &alpn, 1, 0), "ALPN");
    }
    if (!dials)
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
    gnutls_session_set_ptr(session, ref);
    setUpTickets(session, options);
    return owner;
}

} // namespace Qp2p::Test
