// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/controlstream.h>

namespace Qp2p::Engine {

size_t ControlStream::gather(ngtcp2_vec *vectors, size_t capacity) const
{
    size_t count = 0;
    qint64 skip = m_sent;
    for (const QByteArray &frame : m_frames) {
        if (skip >= frame.size()) {
            skip -= frame.size();
            continue;
        }
        if (count == capacity)
            break;
        vectors[count++] = {reinterpret_cast<quint8 *>(const_cast<char *>(frame.constData())) + skip,
                            static_cast<size_t>(frame.size() - skip)};
        skip = 0;
    }
    return count;
}

void ControlStream::acknowledged(qint64 bytes)
{
    m_acknowledged += bytes;
    while (!m_frames.empty() && m_acknowledged >= m_frames.front().size()) {
        const qint64 size = m_frames.front().size();
        m_acknowledged -= size;
        m_sent -= size;
        m_queued -= size;
        m_frames.pop_front();
    }
}

} // namespace Qp2p::Engine
