// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// TLS as this library has it by default: both sides have a self-signed certificate with a new Ed25519 key, and
// prove that they have the key.
#pragma once

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <memory>
#include <type_traits>

namespace Bare {

enum class Role { Client, Server };

struct SessionDeleter
{
    void operator()(gnutls_session_t session) const { gnutls_deinit(session); }
};
using Session = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, SessionDeleter>;

//! \brief What all sessions of one program share. Throws std::runtime_error.
class Credentials
{
public:
    Credentials();
    ~Credentials();
    Credentials(const Credentials &) = delete;
    Credentials &operator=(const Credentials &) = delete;

    //! \a ref must outlive it.
    Session newSession(Role role, ngtcp2_crypto_conn_ref &ref) const;

private:
    gnutls_certificate_credentials_t m_credentials = nullptr;
    gnutls_priority_t m_priority = nullptr;
};

} // namespace Bare
