// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a session writes: packets with as many messages as fit, in runs that leave with one system call.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

//! Initial packets need whole datagrams (RFC 9000 section 14.1); once TLS is done there is no need of more
//! than this to go on.
constexpr size_t MinPaidPacket = 128;

} // namespace

Session::WriteResult Session::write(std::span<quint8> buffer, const DatagramSink &sink,
                                    ngtcp2_tstamp now)
{
    m_now = now;
    size_t used = 0;
    struct Run
    {
        size_t start = 0;
        size_t segmentSize = 0;
        Path path;
        quint8 ecn = 0;
    } run;
    const auto flush = [&] {
        const size_t start = std::exchange(run.start, used);
        return used == start
            || sink(buffer.data() + start, used - start, run.segmentSize, m_paths.wayOf(run.path),
                    run.ecn);
    };

    size_t turn = Limits::SessionWriteTurn;
    bool paced = false;
    if (m_conn) {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(m_conn, &info);
        paced = !m_unpaced && info.min_rtt >= nanoseconds(Limits::PacingMinRtt);
        if (paced)
            turn = std::min(turn, ngtcp2_conn_get_send_quantum(m_conn));
    }

    WriteResult result = WriteResult::Done;
    while (m_conn) {
        if (mayNotSend())
            break;
        // And so may be one that does: any QUIC server answers.
        const size_t room = unpaidRoom();
        const size_t largest = packetSize(now);
        if (room < (m_handshakeDone ? std::min(largest, MinPaidPacket) : largest))
            break;
        if (m_state == State::Open) {
            m_outbox.openStreams(m_conn);
            if (m_outbox.hasReady())
                m_inbox.grantOwedStreams();
        }
        ngtcp2_path_storage storage;
        ngtcp2_path_storage_zero(&storage);
        ngtcp2_pkt_info info{};
        const ngtcp2_ssize written = writePacket(buffer.data() + used,
                                                 std::min({buffer.size() - used, largest, room}),
                                                 &storage.path, &info, now);
        if (written < 0) {
            flush();
            failed(int(written), now);
            break;
        }
        if (written == 0)
            break;
        const auto size = size_t(written);
        ++m_datagramsSent;
        m_bytesSent += size;
        if (m_state == State::Open && m_blackHole.isOfInterest(size))
            largePacketSent(size, now);
        if (mayNotSend()) {
            // RFC 9002 section 6.2.1: the time to wait doubles with each probe.
            const quint32 probes = std::min(m_maxUnanswered - 1, 6u);
            m_answerBy = now + (ngtcp2_conn_get_pto(m_conn) << probes);
        }
        const Path path = Path::fromNgtcp2(storage.path);
        const bool fits = used > run.start && size <= run.segmentSize && info.ecn == run.ecn
            && path == run.path && used + size - run.start <= Limits::MaxSegmentedBytes
            && used - run.start < Limits::MaxSegments * run.segmentSize
            && (used - run.start) % run.segmentSize == 0;
        if (!fits) {
            if (!flush()) {
                // The packet just written must not be lost: hand it over as well.
                sink(buffer.data() + used, size, size, m_paths.wayOf(path), info.ecn);
                result = WriteResult::Blocked;
                run.start = used;
                break;
            }
            run.segmentSize = size;
            run.path = path;
            run.ecn = info.ecn;
        }
        used += size;
        if (used >= turn) {
            result = WriteResult::More;
            break;
        }
    }
    if (result != WriteResult::Blocked && !flush())
        result = WriteResult::Blocked;
    // A connection that once went unpaced stays so: only this call clears ngtcp2's count of bytes to
    // be paid for, and a change of path would charge it for all that it ever sent.
    if (m_conn && paced && used > 0)
        ngtcp2_conn_update_pkt_tx_time(m_conn, now);
    else if (m_conn && used > 0)
        m_unpaced = true;

    if (m_closingPacketDue && result != WriteResult::Blocked) {
        m_closingPacketDue = false;
        const auto size = size_t(m_closingPacket.size());
        if (size > unpaidRoom())
            return result;
        m_bytesSent += size;
        if (!sink(reinterpret_cast<const quint8 *>(m_closingPacket.constData()), size, size, way(),
                  0))
            result = WriteResult::Blocked;
    }
    return result;
}

//! A host that does not answer may be the victim of whoever gave us its address.
bool Session::mayNotSend() const
{
    return m_maxUnanswered > 0 && m_datagramsReceived == 0 && m_datagramsSent >= m_maxUnanswered;
}

//! What may still leave on a dial that somebody has paid for.
size_t Session::unpaidRoom() const
{
    if (m_maxUnpaidBytes == 0)
        return SIZE_MAX;
    const quint64 most = m_maxUnpaidBytes + m_bytesHeard;
    return most > m_bytesSent ? size_t(most - m_bytesSent) : 0;
}

//! ngtcp2 probes the path for a larger MTU as soon as a probe fits into what it may fill.
//!
//! On loopback a probe has 64 KiB, which both ends encrypt, decrypt and, for ngtcp2 keeps a buffer as
//! large as the largest datagram, hold on to for the life of the connection. Only bulk pays that back.
size_t Session::packetSize(ngtcp2_tstamp now)
{
    m_probing = m_probing || m_outbox.queuedBytes() >= Limits::ProbePathFrom;
    if (!m_blackHole.isCapped() && m_probing)
        return Limits::MaxDatagram;
    const size_t ofPath = ngtcp2_conn_get_path_max_tx_udp_payload_size(m_conn);
    // A test needs something to fill a packet with, and packets behind it that show its loss.
    constexpr qint64 Others = 10 * qint64(BlackHoleDetector::CappedSize);
    const bool isLarge = !m_blackHole.isCapped()
        || (m_blackHole.isTestDue(now) && m_outbox.queuedBytes() >= qint64(ofPath) + Others);
    return isLarge ? ofPath : BlackHoleDetector::CappedSize;
}

void Session::largePacketSent(size_t size, ngtcp2_tstamp now)
{
    if (size > ngtcp2_conn_get_path_max_tx_udp_payload_size(m_conn))
        return; // a probe of a larger MTU, which may well be lost
    m_blackHole.sent(
        now, std::max(nanoseconds(Limits::BlackHolePatience), 3 * ngtcp2_conn_get_pto(m_conn)),
        losses());
}

void Session::dataAcknowledged()
{
    if (!m_blackHole.isCapped()) {
        m_blackHole.acknowledged();
        return;
    }
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    m_blackHole.acknowledged(m_now, info.smoothed_rtt, losses());
}

BlackHoleDetector::Losses Session::losses() const
{
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    return {info.pkt_lost, info.bytes_lost};
}

//! Fills one packet with as many messages as fit.
ngtcp2_ssize Session::writePacket(quint8 *dest, size_t size, ngtcp2_path *path,
                                  ngtcp2_pkt_info *info, ngtcp2_tstamp now)
{
    for (;;) {
        ngtcp2_vec vectors[4];
        size_t count = 0;
        qint64 streamId = -1;
        quint32 flags = NGTCP2_WRITE_STREAM_FLAG_NONE;
        Stream *stream = nullptr;
        const bool control = m_handshakeDone && m_control.hasData();
        if (control) {
            streamId = m_control.id;
            count = m_control.gather(vectors, std::size(vectors));
            flags = NGTCP2_WRITE_STREAM_FLAG_MORE;
        } else if (m_state == State::Open && (stream = m_outbox.next(now)) != nullptr) {
            streamId = stream->id;
            count = m_outbox.gather(*stream, vectors);
            flags = NGTCP2_WRITE_STREAM_FLAG_MORE | NGTCP2_WRITE_STREAM_FLAG_FIN;
        }
        ngtcp2_ssize taken = -1;
        const ngtcp2_ssize written = ngtcp2_conn_writev_stream(
            m_conn, path, info, dest, size, &taken, flags, streamId, vectors, count, now);
        if (taken > 0 && control)
            m_control.sent(taken);
        else if (taken > 0)
            m_outbox.sent(*stream, taken);
        switch (written) {
        case NGTCP2_ERR_WRITE_MORE:
            continue;
        case NGTCP2_ERR_STREAM_DATA_BLOCKED:
            if (control)
                m_control.setBlocked(true);
            else
                m_outbox.blocked(*stream);
            continue;
        case NGTCP2_ERR_STREAM_SHUT_WR: // the peer stopped reading it
        case NGTCP2_ERR_STREAM_NOT_FOUND:
            if (!stream)
                return controlViolation(QStringLiteral("The control stream is not read."));
            if (stream->isBidirectional())
                m_outbox.refused(*stream, 0);
            else
                m_outbox.blocked(*stream); // it is closed soon, and then its code is known
            continue;
        default:
            return written;
        }
    }
}

} // namespace Qp2p::Engine
