// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What TLS still says once its handshake is done.
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <span>

namespace Qp2p::Engine {

//! \brief Reads past session tickets, which we don't use, and finds everything else (RFC 8446
//! section 4.6): a QUIC peer sends no other message (RFC 9001 sections 4.4 and 6).
//!
//! None of it reaches GnuTLS: that follows a KeyUpdate, and ngtcp2, which has keys of its own,
//! then aborts the process.
class PostHandshake
{
public:
    //! \brief Takes the next \a bytes; false where they are not of a ticket.
    bool skipTickets(std::span<const quint8> bytes)
    {
        constexpr quint8 NewSessionTicket = 4;
        while (!bytes.empty()) {
            if (m_left > 0) {
                const auto skipped = quint32(std::min<size_t>(m_left, bytes.size()));
                m_left -= skipped;
                bytes = bytes.subspan(skipped);
                continue;
            }
            if (m_headSize == 0 && bytes[0] != NewSessionTicket)
                return false;
            m_head = m_head << 8 | bytes[0];
            bytes = bytes.subspan(1);
            if (++m_headSize == 4) { // the type, and a length of three bytes
                m_left = m_head & 0xffffff;
                m_headSize = 0;
            }
        }
        return true;
    }

private:
    quint32 m_head = 0;
    int m_headSize = 0;
    quint32 m_left = 0;
};

} // namespace Qp2p::Engine
