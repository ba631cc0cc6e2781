// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The control stream of a connection: what we say on it, and what the peer says.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

#include <deque>

namespace Qp2p::Engine {

//! \brief The sending half: frames one behind the other, kept until they are acknowledged, because
//! ngtcp2 points into them.
class ControlStream
{
public:
    int64_t id = -1; //!< stream 0 once it exists

    void queue(const QByteArray &frame)
    {
        m_frames.push_back(frame);
        m_queued += frame.size();
        m_blocked = false;
    }
    bool hasData() const { return m_sent < m_queued && !m_blocked && id >= 0; }
    void setBlocked(bool blocked) { m_blocked = blocked; }

    size_t gather(ngtcp2_vec *vectors, size_t capacity) const;
    void sent(qint64 bytes) { m_sent += bytes; }
    void acknowledged(qint64 bytes);

    //! Not yet acknowledged.
    qint64 queuedBytes() const { return m_queued; }

    ControlReader reader;

private:
    std::deque<QByteArray> m_frames; // the first starts at the first byte not acknowledged in whole
    qint64 m_sent = 0; // since the start of the first frame
    qint64 m_acknowledged = 0; // likewise
    qint64 m_queued = 0; // bytes of all frames
    bool m_blocked = false;
};

} // namespace Qp2p::Engine
