// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/messagestreams.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/messages/sendrefusals.h>
#include <qp2pcore/engine/sessionerrors.h>

namespace Qp2p::Engine {

MessageStreams::MessageStreams(const MessageOptions &options, StreamConnection &connection)
    : m_connection(connection)
    , m_outbox(options, connection, m_streams)
    , m_inbox(options, connection)
{
}

// ---- commands

quint64 MessageStreams::send(const Message &message, int priority)
{
    return m_outbox.send(OutgoingMessage::Kind::Message, message, priority);
}

quint64 MessageStreams::request(const Message &message, int priority, ngtcp2_tstamp deadline)
{
    return m_outbox.send(OutgoingMessage::Kind::Request, message, priority, deadline);
}

void MessageStreams::cancelRequest(quint64 requestId, ngtcp2_tstamp now)
{
    if (!m_connection.isLive() || m_outbox.cancelWaiting(requestId))
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
    m_connection.shutdownStream(found->id, CloseCode::Cancelled);
}

quint64 MessageStreams::reply(qint64 streamId, const Message &message, int priority)
{
    ProtocolStream *attached = m_connection.isLive() ? m_connection.attached(streamId) : nullptr;
    if (!attached || streamOf(attached).out)
        return 0;
    Stream &stream = streamOf(attached);
    stream.answered = true;
    const quint64 replyId = m_outbox.reply(stream, message, priority);
    m_inbox.setRepliesWait(m_outbox.repliesWait(), m_connection.now());
    if (!stream.out)
        reject(streamId, CloseCode::NoReply); // it was refused here: the peer need not wait for it
    return replyId;
}

void MessageStreams::reject(qint64 streamId, quint64 code)
{
    if (!m_connection.isLive())
        return;
    if (ProtocolStream *stream = m_connection.attached(streamId))
        streamOf(stream).givenUp = streamOf(stream).answered = true;
    m_connection.shutdownWrite(streamId, code);
}

void MessageStreams::resumeReceiving(ngtcp2_tstamp now)
{
    if (!m_connection.isLive())
        return;
    m_inbox.resume(m_streams, now);
    m_connection.heldBytesChanged();
}

// ---- getters

void MessageStreams::addStats(ConnectionStats &stats) const
{
    stats.messagesSent = m_outbox.messagesSent();
    stats.messagesFailed = m_outbox.messagesFailed();
    stats.messagesReceived = m_inbox.messagesReceived();
    stats.messagesRefused = m_inbox.messagesRefused();
    stats.sendQueueBytes = m_outbox.queuedBytes();
    stats.inboxBytes = m_inbox.bufferedBytes();
}

// ---- streams

void MessageStreams::streamReset(ProtocolStream *stream, quint64 code)
{
    if (stream)
        m_inbox.reset(streamOf(stream), code, m_connection.now());
}

void MessageStreams::streamClosed(qint64 streamId, ProtocolStream *closed,
                                  std::optional<quint64> code)
{
    if (!closed)
        return;
    Stream &stream = streamOf(closed);
    const bool isPeersRequest = stream.in && stream.in->kind == IncomingMessage::Kind::Request;
    if (isPeersRequest && code && !stream.givenUp)
        m_inbox.cancellation(m_connection.now());
    if (isPeersRequest && stream.in->state == IncomingMessage::State::Delivered && !stream.answered)
        m_connection.events().add(Events::RequestCancelled{streamId});
    if (stream.out)
        m_outbox.refused(stream, code.value_or(0));
    if (stream.requestId != 0 && stream.in && stream.in->state == IncomingMessage::State::Reading)
        m_connection.events().add(Events::Failed{
            stream.requestId, causeOfStreamCode(code.value_or(0), ErrorCode::NoReply)});
    m_inbox.closed(stream);
    m_outbox.requestEnded(stream);
    m_streams.remove(stream);
}

// ---- output

void MessageStreams::stopped(const StreamWrite &write)
{
    Stream &stream = streamOf(write.stream);
    if (stream.isBidirectional())
        m_outbox.refused(stream, 0);
    else
        m_outbox.blocked(stream); // it is closed soon, and then its code is known
}

// ---- the connection

void MessageStreams::expireRequests(ngtcp2_tstamp now)
{
    while (const auto id = m_outbox.takeExpired(now)) {
        cancelRequest(*id, now);
        m_connection.events().add(Events::Failed{*id, requestTimedOut()});
    }
}

void MessageStreams::checkDeadlines(ngtcp2_tstamp now)
{
    m_inbox.checkDeadlines(now, m_connection.lastHeardAt(), m_connection.smoothedRtt(), m_streams);
}

void MessageStreams::setOpen(ngtcp2_tstamp now)
{
    m_outbox.setOpen();
    m_inbox.setOpen(m_streams, now);
}

void MessageStreams::ended(const Error &cause)
{
    for (const quint64 requestId : m_inbox.dropHeld())
        m_connection.events().add(Events::Failed{requestId, cause});
    m_outbox.failAll(cause);
    for (const Stream &stream : m_streams.all()) {
        if (stream.requestId != 0 && stream.in
            && stream.in->state == IncomingMessage::State::Reading)
            m_connection.events().add(Events::Failed{stream.requestId, cause});
    }
    m_streams.all().clear();
}

double MessageStreams::slowestReservation(ngtcp2_tstamp now)
{
    return m_inbox.slowest(now, m_streams).secondsLeft;
}

void MessageStreams::refuseSlowestReservation(ngtcp2_tstamp now)
{
    if (Stream *stream = m_inbox.slowest(now, m_streams).stream)
        m_inbox.refuseSlow(*stream, now);
}

} // namespace Qp2p::Engine
