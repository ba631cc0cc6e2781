// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What TLS still says once its handshake is done.
#pragma once

#include <QByteArray>

#include <algorithm>
#include <span>
#include <utility>

namespace Qp2p::Engine {

//! \brief Reads past session tickets, except for one that is wanted, and finds everything else (RFC 8446
//! section 4.6): a QUIC peer sends no other message (RFC 9001 sections 4.4 and 6).
//!
//! Nothing but a whole ticket reaches GnuTLS: that follows a KeyUpdate, and ngtcp2, which has keys of its own,
//! then aborts the process.
class PostHandshake
{
public:
    //! The next ticket whose message has at most \a maxBytes, header included, is to be kept. 0: none.
    void keepTicket(qsizetype maxBytes)
    {
        m_maxKept = maxBytes;
        m_kept.clear();
    }
    //! \brief The one that was kept and is complete, once; empty: none.
    QByteArray takeTicket()
    {
        if (m_kept.isEmpty() || (m_isKept && m_left > 0))
            return {};
        m_maxKept = 0;
        return std::exchange(m_kept, {});
    }

    //! \brief Takes the next \a bytes; false where they are not of a ticket.
    bool skipTickets(std::span<const quint8> bytes)
    {
        constexpr quint8 NewSessionTicket = 4;
        while (!bytes.empty()) {
            if (m_left > 0) {
                const auto skipped = quint32(std::min<size_t>(m_left, bytes.size()));
                if (m_isKept)
                    m_kept.append(reinterpret_cast<const char *>(bytes.data()), skipped);
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
                beginMessage();
            }
        }
        return true;
    }

private:
    static constexpr qsizetype HeadSize = 4;

    //! A whole one stays until it is taken.
    void beginMessage()
    {
        m_isKept = m_kept.isEmpty() && m_left > 0 && HeadSize + qsizetype(m_left) <= m_maxKept;
        if (!m_isKept)
            return;
        for (int shift = 24; shift >= 0; shift -= 8)
            m_kept.append(char(m_head >> shift));
    }

    quint32 m_head = 0;
    int m_headSize = 0;
    quint32 m_left = 0;
    qsizetype m_maxKept = 0;
    bool m_isKept = false; // the message under way
    QByteArray m_kept;
};

} // namespace Qp2p::Engine
