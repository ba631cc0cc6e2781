// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/ticketkey.h>

#include <qp2pcore/engine/duration.h>

namespace Qp2p::Engine {

QByteArrayView TicketKey::at(ngtcp2_tstamp now)
{
    if (m_key.isEmpty() || now - m_since >= nanoseconds(Limits::SessionTicketKeyLifetime)) {
        forget();
        gnutls_datum_t key{nullptr, 0};
        if (gnutls_session_ticket_key_generate(&key) < 0)
            return {};
        m_key = QByteArray(reinterpret_cast<const char *>(key.data), qsizetype(key.size));
        gnutls_memset(key.data, 0, key.size);
        gnutls_free(key.data);
        m_since = now;
    }
    return m_key;
}

void TicketKey::forget()
{
    if (!m_key.isEmpty())
        gnutls_memset(m_key.data(), 0, size_t(m_key.size()));
    m_key.clear();
}

} // namespace Qp2p::Engine
