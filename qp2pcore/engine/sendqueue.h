// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is to be sent on one stream, in order.
#pragma once

#include <QByteArray>

#include <ngtcp2/ngtcp2.h>

#include <list>

namespace Qp2p::Engine {

//! \brief Pieces one behind the other, kept until they are acknowledged, because ngtcp2 points into them.
class SendQueue
{
public:
    int64_t id = -1; //!< of the stream, once it is open

    void queue(const QByteArray &piece)
    {
        m_pieces.push_back(piece);
        m_queued += piece.size();
        m_blocked = false;
    }
    bool hasData() const { return m_sent < m_queued && !m_blocked && id >= 0; }
    //! Whether the peer grants the stream no credit for now.
    bool isBlocked() const { return m_blocked; }
    void setBlocked(bool blocked) { m_blocked = blocked; }

    //! Returns how many of the \a vectors, at most \a capacity, now hold what is to be sent next.
    size_t gather(ngtcp2_vec *vectors, size_t capacity) const;
    void sent(quint64 bytes) { m_sent += qint64(bytes); }
    void acknowledged(quint64 bytes);

    //! Not yet acknowledged.
    qint64 queuedBytes() const { return m_queued; }

private:
    std::list<QByteArray> m_pieces; // the first starts at the first byte not acknowledged in whole
    qint64 m_sent = 0; // since the start of the first piece
    qint64 m_acknowledged = 0; // likewise
    qint64 m_queued = 0; // bytes of all pieces
    bool m_blocked = false;
};

} // namespace Qp2p::Engine
