// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a session offers to its protocol: streams, credit, and the end of the connection.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/limits.h>

namespace Qp2p::Engine {

ngtcp2_duration Session::smoothedRtt() const
{
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    return info.smoothed_rtt;
}

quint64 Session::streamsLeft(StreamKind kind) const
{
    return kind == StreamKind::Bidirectional ? ngtcp2_conn_get_streams_bidi_left(m_conn)
                                             : ngtcp2_conn_get_streams_uni_left(m_conn);
}

bool Session::openStream(StreamKind kind, int64_t &id, ProtocolStream *stream)
{
    return (kind == StreamKind::Bidirectional ? ngtcp2_conn_open_bidi_stream(m_conn, &id, stream)
                                              : ngtcp2_conn_open_uni_stream(m_conn, &id, stream))
        == 0;
}

bool Session::isOwnStream(qint64 streamId) const
{
    return ngtcp2_conn_is_local_stream(m_conn, streamId) != 0;
}

void Session::attach(qint64 streamId, ProtocolStream *stream)
{
    ngtcp2_conn_set_stream_user_data(m_conn, streamId, stream);
}

ProtocolStream *Session::attached(qint64 streamId) const
{
    return static_cast<ProtocolStream *>(ngtcp2_conn_get_stream_user_data(m_conn, streamId));
}

void Session::shutdownWrite(qint64 streamId, quint64 code)
{
    ngtcp2_conn_shutdown_stream_write(m_conn, 0, streamId, code);
}

void Session::shutdownRead(qint64 streamId, quint64 code)
{
    ngtcp2_conn_shutdown_stream_read(m_conn, 0, streamId, code);
}

void Session::shutdownStream(qint64 streamId, quint64 code)
{
    ngtcp2_conn_shutdown_stream(m_conn, 0, streamId, code);
}

quint64 Session::initialWindow() const
{
    return ngtcp2_conn_get_local_transport_params(m_conn)->initial_max_data;
}

void Session::extendWindow(quint64 bytes)
{
    ngtcp2_conn_extend_max_offset(m_conn, bytes);
}

void Session::extendStreamWindow(qint64 streamId, quint64 bytes)
{
    ngtcp2_conn_extend_max_stream_offset(m_conn, streamId, bytes);
}

void Session::extendStreams(StreamKind kind, quint64 count)
{
    if (kind == StreamKind::Bidirectional)
        ngtcp2_conn_extend_max_streams_bidi(m_conn, count);
    else
        ngtcp2_conn_extend_max_streams_uni(m_conn, count);
}

void Session::setOpen(ngtcp2_tstamp now)
{
    m_opened = now;
    m_events.add(Events::Opened{});
}

void Session::requestClose(quint64 code, const QByteArray &reason, const Error &cause)
{
    m_pendingClose.setApplicationError(code, reason.left(Limits::CloseReasonBytes), cause);
}

//! What came out of order waits inside ngtcp2, so its allocator is asked, too.
void Session::heldBytesChanged()
{
    if (m_conn)
        m_account.update(m_protocol ? m_protocol->heldBytes() : 0, m_memory.footprint());
}

} // namespace Qp2p::Engine
