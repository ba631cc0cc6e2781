// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The life of a connection: what happens to it, what is asked of it, and its end.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>
#include <bit>

namespace Qp2p::Engine {

// ---- getters

ConnectionStats Session::stats(ngtcp2_tstamp now) const
{
    if (!m_conn)
        return m_finalStats;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    ConnectionStats stats;
    stats.bytesSent = info.bytes_sent;
    stats.bytesReceived = info.bytes_recv;
    stats.packetsSent = info.pkt_sent;
    stats.packetsReceived = info.pkt_recv;
    stats.packetsLost = info.pkt_lost;
    stats.datagramsSent = m_datagramsSent;
    stats.datagramsReceived = m_datagramsReceived;
    stats.messagesSent = m_outbox.messagesSent();
    stats.messagesFailed = m_outbox.messagesFailed();
    stats.messagesReceived = m_inbox.messagesReceived();
    stats.messagesRefused = m_inbox.messagesRefused();
    stats.sendQueueBytes = m_outbox.queuedBytes();
    stats.inboxBytes = m_inbox.bufferedBytes();
    // ngtcp2 says "no sample yet" with the largest value.
    const auto duration = [](ngtcp2_duration value) {
        return std::chrono::nanoseconds(value == UINT64_MAX ? 0 : qint64(value));
    };
    stats.latestRtt = duration(info.latest_rtt);
    stats.minRtt = duration(info.min_rtt);
    if (stats.latestRtt.count() > 0) {
        stats.smoothedRtt = duration(info.smoothed_rtt);
        stats.rttVariance = duration(info.rttvar);
    }
    stats.congestionWindow = info.cwnd;
    stats.bytesInFlight = info.bytes_in_flight;
    stats.maxDatagramSize = ngtcp2_conn_get_path_max_tx_udp_payload_size(m_conn);
    stats.age = std::chrono::nanoseconds(m_opened ? qint64(now - m_opened) : 0);
    return stats;
}

ngtcp2_duration Session::minRtt() const
{
    if (!m_conn)
        return UINT64_MAX;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    return info.min_rtt;
}

ngtcp2_tstamp Session::deadline() const
{
    if (!m_conn)
        return std::min(m_goneAt, m_repeatAt);
    if (m_controlQueueFull)
        return 0;
    ngtcp2_tstamp deadline = std::min(ngtcp2_conn_get_expiry(m_conn), m_inbox.nextCheck());
    if (m_state == State::Greeting)
        deadline = std::min(deadline, m_greetBy);
    return std::min(
        {deadline, m_answerBy, m_proveBy, m_outbox.nextDeadline(), m_blackHole.deadline()});
}

// ---- what happens to it

void Session::handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                             ngtcp2_tstamp now)
{
    m_bytesHeard += size;
    if (!m_conn) {
        if (m_state == State::Closing)
            handleLatePacket(now);
        return;
    }
    m_now = now;
    ++m_datagramsReceived;
    m_answerBy = UINT64_MAX;
    m_lastHeard = now;
    const Path path = m_paths.pathOf(way);
    const ngtcp2_path ngPath = path.ngtcp2Path();
    const ngtcp2_pkt_info info{ecn};
    const int rv = ngtcp2_conn_read_pkt(m_conn, &ngPath, &info, data, size, now);
    if (rv != 0)
        failed(rv, now);
    else
        afterInput(now);
    if (m_conn && std::exchange(m_proveBy, UINT64_MAX) != UINT64_MAX)
        ngtcp2_conn_set_keep_alive_timeout(m_conn, m_keepAlive);
    if (m_conn)
        m_inbox.setRepliesWait(m_outbox.repliesWait(), now);
    chargeMemory();
}

//! What came out of order waits inside ngtcp2, so its allocator is asked, too.
void Session::chargeMemory()
{
    if (m_conn)
        m_account.update(m_inbox.heldBytes(), m_memory.footprint());
}

void Session::handleExpiry(ngtcp2_tstamp now)
{
    if (!m_conn) {
        if (now >= m_goneAt) {
            m_state = State::Gone;
        } else if (now >= m_repeatAt) {
            m_closingPacketDue = mayRepeatClosing();
            m_repeatAt = --m_closingRepeats > 0 ? now + m_closingPto : UINT64_MAX;
        }
        return;
    }
    m_now = now;
    if (m_controlQueueFull) {
        close(CloseCode::ControlViolation, "the control stream is not read",
              Error(ErrorCode::ProtocolViolation,
                    QStringLiteral("The peer does not read its control stream.")),
              now);
        return;
    }
    if (ngtcp2_conn_get_expiry(m_conn) <= now) {
        if (const int rv = ngtcp2_conn_handle_expiry(m_conn, now); rv != 0) {
            failed(rv, now);
            return;
        }
    }
    m_blackHole.expire(now);
    expireRequests(now);
    if (now >= m_proveBy) {
        failed(NGTCP2_ERR_IDLE_CLOSE, now);
        return;
    }
    if (now >= m_answerBy) {
        failed(NGTCP2_ERR_HANDSHAKE_TIMEOUT, now);
        return;
    }
    if (m_state == State::Greeting && now >= m_greetBy) {
        close(CloseCode::HelloTimeout, "no hello",
              Error(ErrorCode::HandshakeTimeout, QStringLiteral("The peer did not greet in time.")),
              now);
        return;
    }
    if (now >= m_inbox.nextCheck()) {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(m_conn, &info);
        m_inbox.checkDeadlines(now, m_lastHeard, info.smoothed_rtt, m_streams);
        afterInput(now);
        chargeMemory();
    }
}

//! Each needs a datagram that it can be about. The second one needs a probe, which leaves 300 ms after the
//! first datagram: until then a peer that is just starting may come, and a forger has to guess twice.
void Session::handleUnreachable(ngtcp2_tstamp now)
{
    if (!isUnansweredDial() || m_timesUnreachable >= m_datagramsSent)
        return;
    if (++m_timesUnreachable >= Limits::UnreachableBeforeGivingUp)
        end(State::Gone, causeOfUnreachable(), now);
}

void Session::afterInput(ngtcp2_tstamp now)
{
    if (m_inbox.isMisbehaving()) {
        close(CloseCode::Misbehaviour, "too many broken messages",
              Error(ErrorCode::Misbehaviour,
                    QStringLiteral("The peer sent too many malformed or broken-off messages.")),
              now);
        return;
    }
    if (m_state == State::Handshaking && m_handshakeDone)
        m_state = State::Greeting;
    if (m_state == State::Greeting) {
        if (m_side == Side::Dialler && m_protocol == Protocol::Qp2p1 && !m_helloSent && !m_holdHello)
            sayHello();
        if (m_tellConfirmed && m_confirmed) {
            m_tellConfirmed = false;
            m_events.add(Events::Confirmed{});
        }
        // The dialler is done before the acceptor has judged its certificate (TLS 1.3), so it waits
        // for the confirmation (RFC 9001 section 4.1.2).
        if (isGreeted() && (m_side == Side::Acceptor || m_confirmed)) {
            m_state = State::Open;
            m_opened = now;
            m_events.add(Events::Opened{});
            for (ControlMessage &message : m_earlyControl)
                m_events.add(Events::Control{std::move(message)});
            m_earlyControl = {};
            if (!m_host.settings().startPaused)
                m_inbox.resume(m_streams, now);
        }
    }
    const Path current = Path::fromNgtcp2(*ngtcp2_conn_get_path(m_conn));
    if (current != path()) {
        const SocketAddress earlier = way().remote;
        m_paths.setPath(current);
        if (way().remote != earlier && m_state == State::Open)
            m_events.add(Events::PathChanged{});
    }
}

//! Legacy peers don't greet; a dial in a race still waits until it is chosen.
bool Session::isGreeted() const
{
    return m_protocol == Protocol::Legacy ? !m_holdHello : m_helloReceived;
}

int Session::streamData(Stream *stream, qint64 streamId, const quint8 *data, size_t size, Fin fin)
{
    if (streamId == m_control.id) {
        ngtcp2_conn_extend_max_stream_offset(m_conn, streamId, size);
        ngtcp2_conn_extend_max_offset(m_conn, size);
        return controlData({data, size}, fin);
    }
    if (stream)
        m_inbox.received(*stream, data, size, fin, m_now);
    else
        ngtcp2_conn_extend_max_offset(m_conn, size);
    return 0;
}

void Session::streamClosed(Stream *stream, qint64 streamId, std::optional<quint64> code)
{
    Q_UNUSED(streamId)
    if (!stream)
        return;
    const bool isTheirRequest = stream->in && stream->in->kind == IncomingMessage::Kind::Request;
    if (isTheirRequest && code && !stream->givenUp)
        m_inbox.cancellation(m_now);
    if (isTheirRequest && stream->in->state == IncomingMessage::State::Delivered
        && !stream->answered)
        m_events.add(Events::RequestCancelled{stream->id});
    if (stream->out)
        m_outbox.refused(*stream, code.value_or(0));
    if (stream->requestId != 0 && stream->in && stream->in->state == IncomingMessage::State::Reading)
        m_events.add(Events::Failed{stream->requestId,
                                    causeOfStreamCode(code.value_or(0), ErrorCode::NoReply)});
    m_inbox.closed(*stream);
    m_outbox.requestEnded(*stream);
    m_streams.remove(*stream);
}

// ---- commands

quint64 Session::send(const Message &message, int priority)
{
    return m_outbox.send(OutgoingMessage::Kind::Message, message, priority);
}

quint64 Session::request(const Message &message, int priority, ngtcp2_tstamp deadline)
{
    return m_outbox.send(OutgoingMessage::Kind::Request, message, priority, deadline);
}

void Session::cancelRequest(quint64 requestId, ngtcp2_tstamp now)
{
    if (!m_conn || m_outbox.cancelWaiting(requestId))
        return;
    std::list<Stream> &streams = m_streams.all();
    const auto found = std::find_if(streams.begin(), streams.end(), [&](const Stream &stream) {
        return stream.requestId == requestId;
    });
    if (found == streams.end() || found->in->state != IncomingMessage::State::Reading)
        return; // it has had its reply
    m_outbox.requestEnded(*found);
    m_outbox.abandon(*found);
    m_inbox.abandon(*found, now);
    ngtcp2_conn_shutdown_stream(m_conn, 0, found->id, CloseCode::Cancelled);
}

void Session::expireRequests(ngtcp2_tstamp now)
{
    while (const auto id = m_outbox.takeExpired(now)) {
        cancelRequest(*id, now);
        m_events.add(Events::Failed{*id,
                                    Error(ErrorCode::RequestTimeout,
                                          QStringLiteral("The peer did not answer the request in "
                                                         "time."))});
    }
}

quint64 Session::reply(qint64 streamId, const Message &message, int priority)
{
    auto *stream = m_conn
        ? static_cast<Stream *>(ngtcp2_conn_get_stream_user_data(m_conn, streamId))
        : nullptr;
    if (!stream || stream->out)
        return 0;
    stream->answered = true;
    const quint64 replyId = m_outbox.reply(*stream, message, priority);
    m_inbox.setRepliesWait(m_outbox.repliesWait(), m_now);
    if (!stream->out)
        reject(streamId, CloseCode::NoReply); // it was refused here: the peer need not wait for it
    return replyId;
}

void Session::reject(qint64 streamId, quint64 code)
{
    if (!m_conn)
        return;
    if (auto *stream = static_cast<Stream *>(ngtcp2_conn_get_stream_user_data(m_conn, streamId)))
        stream->givenUp = stream->answered = true;
    ngtcp2_conn_shutdown_stream_write(m_conn, 0, streamId, code);
}

void Session::sendControl(const QByteArray &frame)
{
    if (!m_conn || m_state != State::Open || m_protocol != Protocol::Qp2p1)
        return;
    // The end comes with the next deadline: who calls has just been given this connection.
    if (m_control.queuedBytes() + frame.size() > Limits::ControlQueueBytes)
        m_controlQueueFull = true;
    else
        m_control.queue(frame);
}

void Session::resumeReceiving(ngtcp2_tstamp now)
{
    if (!m_conn)
        return;
    m_inbox.resume(m_streams, now);
    chargeMemory();
}

void Session::admitWaiting(ngtcp2_tstamp now)
{
    if (m_conn)
        m_inbox.admitWaiting(now);
}

void Session::refuseSlowMessage(Stream &stream, ngtcp2_tstamp now)
{
    m_inbox.refuseSlow(stream, now);
    chargeMemory();
}

void Session::prove(ngtcp2_tstamp now)
{
    if (m_state != State::Open || m_proveBy != UINT64_MAX)
        return;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    m_proveBy = now + nanoseconds(Limits::ProofTime) + 3 * info.smoothed_rtt;
    // A keep-alive is all that ngtcp2 sends on demand.
    ngtcp2_conn_set_keep_alive_timeout(m_conn, 1);
}

void Session::close(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now)
{
    if (!m_conn)
        return;
    qsizetype size = std::min(reason.size(), Limits::CloseReasonBytes);
    while (size < reason.size() && size > 0 && (quint8(reason.at(size)) & 0xc0) == 0x80)
        --size; // not in the middle of a character
    ngtcp2_ccerr ccerr;
    ngtcp2_ccerr_set_application_error(
        &ccerr, code, reinterpret_cast<const quint8 *>(reason.constData()), size_t(size));
    closeWith(ccerr, cause, now);
}

// ---- the end

void Session::failed(int liberr, ngtcp2_tstamp now)
{
    const quint8 alert = ngtcp2_conn_get_tls_alert(m_conn);
    Error cause = m_cause.isError() ? m_cause : causeOfLibraryError(liberr, alert);
    switch (liberr) {
    case NGTCP2_ERR_DRAINING:
        if (m_resetReceived) {
            end(State::Gone,
                Error(ErrorCode::ConnectionReset,
                      QStringLiteral("The peer no longer knows the connection: it was restarted, "
                                     "or lost its state.")),
                now);
        } else {
            end(State::Draining, causeOfPeerClose(*ngtcp2_conn_get_ccerr(m_conn)), now);
        }
        return;
    case NGTCP2_ERR_IDLE_CLOSE:
        if (m_state != State::Open)
            cause = causeOfLibraryError(NGTCP2_ERR_HANDSHAKE_TIMEOUT, 0);
        [[fallthrough]];
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
        end(State::Gone, cause, now); // nobody is there who could be told
        return;
    default:
        break;
    }
    ngtcp2_ccerr ccerr;
    if (m_ccerr)
        ccerr = *m_ccerr;
    else if (liberr == NGTCP2_ERR_CRYPTO)
        ngtcp2_ccerr_set_tls_alert(&ccerr, alert, nullptr, 0);
    else
        ngtcp2_ccerr_set_liberr(&ccerr, liberr, nullptr, 0);
    closeWith(ccerr, cause, now);
}

void Session::closeWith(const ngtcp2_ccerr &ccerr, const Error &cause, ngtcp2_tstamp now)
{
    if (mayNotSend()) {
        end(State::Gone, cause, now);
        return;
    }
    QByteArray packet(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    ngtcp2_pkt_info info;
    const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
        m_conn, nullptr, &info, reinterpret_cast<quint8 *>(packet.data()), size_t(packet.size()),
        &ccerr, now);
    if (size <= 0) {
        end(State::Gone, cause, now); // too early for any packet
        return;
    }
    packet.truncate(size);
    m_closingPacket = packet;
    m_closingPacketDue = true;
    end(State::Closing, cause, now);
    m_closingRepeats = Limits::ClosingRepeats;
    m_repeatAt = now + m_closingPto;
}

//! \brief RFC 9000 section 10.2.1: answers, ever more rarely.
//!
//! Whoever goes on sending does not know yet. The time between its probes doubles (RFC 9002 section
//! 6.2.1), and it shall find somebody here when the next one comes: else it would learn of a stateless
//! reset only, or nothing at all during a handshake.
void Session::handleLatePacket(ngtcp2_tstamp now)
{
    if (std::has_single_bit(++m_packetsWhileClosing))
        m_closingPacketDue = mayRepeatClosing();
    if (m_side != Side::Acceptor || !m_host.isAccepting())
        return;
    const ngtcp2_duration wait = std::max(3 * m_closingPto, 2 * (now - m_endedAt));
    const ngtcp2_tstamp longest = m_endedAt + nanoseconds(Limits::LongestClosing);
    m_goneAt = std::max(m_goneAt, std::min(now + wait, longest));
}

//! Not to a host that has never answered, and, before an address is proven, at most three times what came
//! from there (RFC 9000 section 8.1).
bool Session::mayRepeatClosing() const
{
    if (m_side == Side::Dialler)
        return m_datagramsReceived > 0;
    return m_handshakeDone || m_bytesSent + quint64(m_closingPacket.size()) <= 3 * m_bytesHeard;
}

void Session::end(State state, const Error &reason, ngtcp2_tstamp now)
{
    Error cause = reason;
    if (m_state < State::Open && cause.peerCertificates.isEmpty())
        cause.peerCertificates = m_peerCertificates;
    m_endCause = cause;
    m_finalStats = stats(now);
    m_outbox.failAll(cause);
    for (Stream &stream : m_streams.all()) {
        if (stream.requestId != 0 && stream.in
            && stream.in->state == IncomingMessage::State::Reading)
            m_events.add(Events::Failed{stream.requestId, cause});
    }
    // What is kept for the closing period (RFC 9000 section 10.2) is one packet; the connection,
    // its TLS session and all buffers go now.
    m_endedAt = now;
    m_closingPto = ngtcp2_conn_get_pto(m_conn);
    m_goneAt = now + 3 * m_closingPto;
    m_state = state;
    ngtcp2_conn_del(m_conn);
    m_conn = nullptr;
    m_inbox.setConnection(nullptr, 0);
    m_account.clear();
    m_tls.reset();
    m_streams.all().clear();
    m_qlog.write = {};
    m_events.add(Events::Closed{
        cause, std::make_shared<ConnectionStats>(m_finalStats), way().remote,
        m_side == Side::Dialler ? Events::Closed::Origin::Dialled : Events::Closed::Origin::Accepted,
        m_opened != 0});
}

} // namespace Qp2p::Engine
