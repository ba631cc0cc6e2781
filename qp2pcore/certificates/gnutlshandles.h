// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Owners of what GnuTLS hands out, so that no path forgets to free it or to wipe a secret.
#pragma once

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <QByteArray>
#include <QByteArrayView>

#include <memory>
#include <type_traits>
#include <utility>

namespace Qp2p::Engine {

template<auto Deinit>
struct HandleDeleter
{
    template<typename T>
    void operator()(T *handle) const
    {
        Deinit(handle);
    }
};

template<typename Raw, auto Deinit>
using Handle = std::unique_ptr<std::remove_pointer_t<Raw>, HandleDeleter<Deinit>>;

using CertificateHandle = Handle<gnutls_x509_crt_t, gnutls_x509_crt_deinit>;
using X509KeyHandle = Handle<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;
using PrivateKeyHandle = Handle<gnutls_privkey_t, gnutls_privkey_deinit>;
using PublicKeyHandle = Handle<gnutls_pubkey_t, gnutls_pubkey_deinit>;
using CredentialsHandle =
    Handle<gnutls_certificate_credentials_t, gnutls_certificate_free_credentials>;
using PriorityHandle = Handle<gnutls_priority_t, gnutls_priority_deinit>;

//! \brief A new handle from GnuTLS's \a init function; null where there is no memory.
template<typename Owner>
Owner makeHandle(int (*init)(typename Owner::pointer *))
{
    typename Owner::pointer raw = nullptr;
    return init(&raw) >= 0 ? Owner(raw) : Owner();
}

//! \brief Memory that GnuTLS allocated, wiped before it is freed: it may hold a key.
class OwnedDatum
{
public:
    OwnedDatum() = default;
    OwnedDatum(OwnedDatum &&other) noexcept
        : m_datum(std::exchange(other.m_datum, {nullptr, 0}))
    {
    }
    OwnedDatum &operator=(OwnedDatum &&other) noexcept
    {
        std::swap(m_datum, other.m_datum);
        return *this;
    }
    OwnedDatum(const OwnedDatum &) = delete;
    OwnedDatum &operator=(const OwnedDatum &) = delete;
    ~OwnedDatum() { clear(); }

    const gnutls_datum_t *get() const { return &m_datum; }
    //! For GnuTLS to fill; what was held before is gone.
    gnutls_datum_t *out()
    {
        clear();
        return &m_datum;
    }

    QByteArrayView view() const { return {m_datum.data, static_cast<qsizetype>(m_datum.size)}; }
    //! A copy, which is not wiped.
    QByteArray toByteArray() const { return view().toByteArray(); }

private:
    void clear()
    {
        if (m_datum.data) {
            gnutls_memset(m_datum.data, 0, m_datum.size);
            gnutls_free(m_datum.data);
        }
        m_datum = {nullptr, 0};
    }

    gnutls_datum_t m_datum{nullptr, 0};
};

//! \brief \a bytes as GnuTLS takes its input; valid as long as they are. It does not write to them.
inline gnutls_datum_t borrowedDatum(QByteArrayView bytes)
{
    return {const_cast<unsigned char *>(reinterpret_cast<const unsigned char *>(bytes.data())),
            static_cast<unsigned>(bytes.size())};
}

} // namespace Qp2p::Engine
