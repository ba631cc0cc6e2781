// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "tls.h"

#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <ctime>
#include <stdexcept>
#include <string>

namespace Bare {

namespace {

// The ciphers, the key exchange and the settings of the library.
constexpr char Priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:"
                            "+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"
                            "%DISABLE_TLS13_COMPAT_MODE";
unsigned char alpnName[] = "qp2p-bench";

void check(int result, const char *what)
{
    if (result < 0)
        throw std::runtime_error(std::string("GnuTLS: ") + what + ": " + gnutls_strerror(result));
}

void makeIdentity(gnutls_certificate_credentials_t credentials)
{
    gnutls_x509_privkey_t key = nullptr;
    check(gnutls_x509_privkey_init(&key), "key");
    check(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 256, 0), "key");
    gnutls_x509_crt_t certificate = nullptr;
    check(gnutls_x509_crt_init(&certificate), "certificate");
    const unsigned char serial[] = {1};
    const time_t now = time(nullptr);
    check(gnutls_x509_crt_set_version(certificate, 3), "version");
    check(gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial)), "serial number");
    check(gnutls_x509_crt_set_activation_time(certificate, now - 3600), "dates");
    check(gnutls_x509_crt_set_expiration_time(certificate, now + 24 * 3600), "dates");
    check(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "qp2p", 4),
          "name");
    check(gnutls_x509_crt_set_key(certificate, key), "key");
    check(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA512, 0), "signature");
    check(gnutls_certificate_set_x509_key(credentials, &certificate, 1, key), "identity");
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
}

} // namespace

Credentials::Credentials()
{
    check(gnutls_priority_init(&m_priority, Priority, nullptr), "priorities");
    check(gnutls_certificate_allocate_credentials(&m_credentials), "credentials");
    makeIdentity(m_credentials);
}

Credentials::~Credentials()
{
    gnutls_certificate_free_credentials(m_credentials);
    gnutls_priority_deinit(m_priority);
}

Session Credentials::newSession(Role role, ngtcp2_crypto_conn_ref &ref) const
{
    gnutls_session_t session = nullptr;
    const unsigned common = GNUTLS_NO_END_OF_EARLY_DATA | GNUTLS_NO_TICKETS;
    if (role == Role::Client) {
        check(gnutls_init(&session,
                          GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_KEY_SHARE_TOP | common),
              "session");
        check(ngtcp2_crypto_gnutls_configure_client_session(session), "session");
    } else {
        check(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET | common), "session");
        check(ngtcp2_crypto_gnutls_configure_server_session(session), "session");
        // Present, and that the client has its key: GnuTLS checks no more without a verify function.
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    }
    Session owned(session);
    check(gnutls_priority_set(session, m_priority), "priorities");
    check(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, m_credentials), "credentials");
    const gnutls_datum_t alpn{alpnName, sizeof(alpnName) - 1};
    check(gnutls_alpn_set_protocols(session, &alpn, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
    gnutls_session_set_ptr(session, &ref);
    return owned;
}

} // namespace Bare
