// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/sendqueue.h>

namespace Qp2p::Engine {

size_t SendQueue::gather(ngtcp2_vec *vectors, size_t capacity) const
{
    size_t count = 0;
    qint64 skip = m_sent;
    for (const QByteArray &piece : m_pieces) {
        if (skip >= piece.size()) {
            skip -= piece.size();
            continue;
        }
        if (count == capacity)
            break;
        vectors[count++] = {reinterpret_cast<quint8 *>(const_cast<char *>(piece.constData())) + skip,
                            static_cast<size_t>(piece.size() - skip)};
        skip = 0;
    }
    return count;
}

void SendQueue::acknowledged(quint64 bytes)
{
    m_acknowledged += qint64(bytes);
    while (!m_pieces.empty() && m_acknowledged >= m_pieces.front().size()) {
        const qint64 size = m_pieces.front().size();
        m_acknowledged -= size;
        m_sent -= size;
        m_queued -= size;
        m_pieces.pop_front();
    }
}

} // namespace Qp2p::Engine
