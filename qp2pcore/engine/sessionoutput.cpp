// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a session writes: packets with as many streams as fit, in runs that leave with one system call.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/limits.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

//! Initial packets need whole datagrams (RFC 9000 section 14.1); once TLS is done there is no need of more
//! than this to go on.
constexpr size_t MinPaidPacket = 128;

} // namespace

//! \brief Datagrams of equal size to one destination, which leave with one call of the sink.
class Session::Run
{
public:
    Run(std::span<quint8> buffer, const DatagramSink &sink, const PathMap &paths)
        : m_buffer(buffer)
        , m_sink(sink)
        , m_paths(paths)
    {
    }

    //! Where the next datagram is to be written.
    std::span<quint8> space() const { return m_buffer.subspan(m_used); }
    size_t used() const { return m_used; }
    //! \brief Returns false where the sink is blocked; it has the datagram nevertheless.
    bool add(size_t size, const Path &path, quint8 ecn)
    {
        const size_t length = m_used - m_start;
        const bool fits = length > 0 && size <= m_segmentSize && ecn == m_ecn && path == m_path
            && length + size <= Limits::MaxSegmentedBytes
            && length < Limits::MaxSegments * m_segmentSize && length % m_segmentSize == 0;
        if (!fits) {
            if (!flush()) {
                // The packet just written must not be lost: hand it over as well.
                m_sink(m_buffer.data() + m_used, size, size, m_paths.wayOf(path), ecn);
                return false;
            }
            m_segmentSize = size;
            m_path = path;
            m_ecn = ecn;
        }
        m_used += size;
        return true;
    }
    bool flush()
    {
        const size_t start = std::exchange(m_start, m_used);
        return m_used == start
            || m_sink(m_buffer.data() + start, m_used - start, m_segmentSize, m_paths.wayOf(m_path),
                      m_ecn);
    }

private:
    const std::span<quint8> m_buffer;
    const DatagramSink &m_sink;
    const PathMap &m_paths;
    size_t m_used = 0;
    size_t m_start = 0;
    size_t m_segmentSize = 0;
    Path m_path;
    quint8 m_ecn = 0;
};

Session::WriteResult Session::write(std::span<quint8> buffer, size_t turn, const DatagramSink &sink,
                                    ngtcp2_tstamp now)
{
    m_now = now;
    closeAsRequested(now);
    if (m_conn) {
        m_packetSizing.beginTurn(m_conn, m_sendAccount.queued());
        turn = std::min(turn, m_pacing.beginTurn(m_conn));
    }
    const bool pings = m_conn && m_liveness.isPingRequested(now);
    if (pings) // a keep-alive is all that ngtcp2 sends on demand
        ngtcp2_conn_set_keep_alive_timeout(m_conn, 1);
    Run run(buffer, sink, m_paths);
    WriteResult result = writePackets(run, turn, now);
    if (result != WriteResult::Blocked && !run.flush())
        result = WriteResult::Blocked;
    if (m_conn && pings)
        endPing(now);
    const bool isLone = isLonePacket(run.used(), now);
    const bool isAckOnly = isLone && flight()->bytes == 0;
    m_liveness.setPatientUntil(isLone && !isAckOnly ? now + nanoseconds(Limits::IdleLossPatience)
                                                    : 0);
    // An acknowledgement is paid for with the next PING: else pacing would wake an idle connection.
    if (m_conn && run.used() > 0)
        m_pacing.endTurn(m_conn, isAckOnly ? WritePacing::Pay::Later : WritePacing::Pay::Now, now);
    if (m_closing.isPacketDue() && result != WriteResult::Blocked && !writeClosingPacket(sink))
        result = WriteResult::Blocked;
    return result;
}

//! ngtcp2's own timer is not used: it could not be early, and what is sent restarts it.
void Session::endPing(ngtcp2_tstamp now)
{
    ngtcp2_conn_set_keep_alive_timeout(m_conn, UINT64_MAX);
    const auto sent = flight();
    // Of two packets in the same instant the second would be no PING; and not every one may leave.
    if (m_liveness.isProofRequired() && (!sent || sent->bytes == 0))
        m_liveness.requestPing(now + nanoseconds(Limits::PingRetry));
    else
        m_liveness.pingSent(now);
}

//! An idle connection has sent \a size bytes, and has nothing else in flight: nothing is late that waits for a while.
bool Session::isLonePacket(size_t size, ngtcp2_tstamp now) const
{
    if (size == 0 || size > Limits::MaxLonePacket || m_sendAccount.queued() > 0 || !isOpen()
        || lastUsedAt() + nanoseconds(Limits::IdleFrom) > now)
        return false;
    const auto sent = flight();
    return sent && sent->bytes <= Limits::MaxLoneFlight;
}

//! 0: nothing may leave now.
size_t Session::nextPacketSize(ngtcp2_tstamp now)
{
    if (m_allowance.isSpent())
        return 0;
    // And so may be one that does: any QUIC server answers.
    const size_t room = m_allowance.room();
    const size_t largest = m_packetSizing.next(m_conn, m_sendAccount.queued(), now);
    const size_t least = m_state == State::Established ? std::min(largest, MinPaidPacket) : largest;
    return room < least ? 0 : std::min(largest, room);
}

void Session::packetWritten(size_t size, ngtcp2_tstamp now)
{
    m_allowance.sent(size);
    if (m_opened != 0)
        m_packetSizing.sent(m_conn, size, now);
    if (m_allowance.isSpent())
        m_allowance.waitForAnswer(now, ngtcp2_conn_get_pto(m_conn));
}

Session::WriteResult Session::writePackets(Run &run, size_t turn, ngtcp2_tstamp now)
{
    const bool hasTurn = turn > 0;
    const size_t end = hasTurn ? turn : Limits::MinWriteTurn;
    while (m_conn) {
        const size_t largest = nextPacketSize(now);
        if (largest == 0)
            break;
        if (m_protocol)
            m_protocol->aboutToWrite();
        ngtcp2_path_storage storage;
        ngtcp2_path_storage_zero(&storage);
        ngtcp2_pkt_info info{};
        const std::span<quint8> space = run.space();
        const ngtcp2_ssize written = writePacket(space.first(std::min(space.size(), largest)),
                                                 &storage.path, &info,
                                                 hasTurn ? m_protocol.get() : nullptr, now);
        if (written < 0) {
            run.flush();
            failed(int(written), now);
            break;
        }
        if (written == 0)
            break;
        packetWritten(size_t(written), now);
        if (!run.add(size_t(written), Path::fromNgtcp2(storage.path), info.ecn))
            return WriteResult::Blocked;
        if (run.used() >= end)
            return WriteResult::More;
    }
    return WriteResult::Done;
}

//! Fills one packet with the bytes of as many streams as fit; null: with those of no stream.
ngtcp2_ssize Session::writePacket(std::span<quint8> dest, ngtcp2_path *path, ngtcp2_pkt_info *info,
                                  StreamProtocol *protocol, ngtcp2_tstamp now)
{
    StreamWrite write;
    for (;;) {
        const bool hasData = protocol && protocol->next(write, now);
        const quint32 flags = !hasData ? NGTCP2_WRITE_STREAM_FLAG_NONE
            : write.fin == Fin::Yes ? NGTCP2_WRITE_STREAM_FLAG_MORE | NGTCP2_WRITE_STREAM_FLAG_FIN
                                    : NGTCP2_WRITE_STREAM_FLAG_MORE;
        ngtcp2_ssize taken = -1;
        const ngtcp2_ssize written = ngtcp2_conn_writev_stream(
            m_conn, path, info, dest.data(), dest.size(), &taken, flags,
            hasData ? write.streamId : -1, hasData ? write.vectors.data() : nullptr,
            hasData ? write.count : 0, now);
        if (hasData && taken >= 0)
            protocol->written(write, size_t(taken));
        switch (written) {
        case NGTCP2_ERR_WRITE_MORE:
            continue;
        case NGTCP2_ERR_STREAM_DATA_BLOCKED:
            protocol->blocked(write);
            continue;
        case NGTCP2_ERR_STREAM_SHUT_WR:
        case NGTCP2_ERR_STREAM_NOT_FOUND:
            protocol->stopped(write);
            if (m_pendingClose.isSet())
                return NGTCP2_ERR_CALLBACK_FAILURE;
            continue;
        default:
            return written;
        }
    }
}

//! Returns false where the sink is blocked.
bool Session::writeClosingPacket(const DatagramSink &sink)
{
    m_closing.packetSent();
    const QByteArray &packet = m_closing.packet();
    const auto size = size_t(packet.size());
    if (size > m_allowance.room())
        return true;
    m_allowance.closingPacketSent(size);
    return sink(reinterpret_cast<const quint8 *>(packet.constData()), size, size, way(), 0);
}

} // namespace Qp2p::Engine
