// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/outbox.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

Outbox::Outbox(const MessageOptions &options, StreamConnection &connection, StreamList &streams)
    : m_maxMessageSize(options.maxMessageSize)
    , m_options(options)
    , m_connection(connection)
    , m_events(connection.events())
    , m_streams(streams)
    , m_account(connection.sendAccount())
{
}

void Outbox::abandon(Stream &stream)
{
    if (!stream.out || stream.out->failed)
        return;
    OutgoingMessage &out = *stream.out;
    if (out.waiting) {
        const auto queue = m_waitingReplies.find(out.priority);
        std::erase(queue->second, &stream);
        if (queue->second.empty())
            m_waitingReplies.erase(queue);
        m_account.drop(out.size);
    } else {
        forget(stream);
        if (out.sent < out.size)
            countUnderWay(out, -1);
        m_account.drop(out.size - out.acknowledged);
        released(out.size - out.acknowledged);
    }
    // ngtcp2 may still hold pointers into the bytes: they go with the stream.
    out.failed = true;
}

void Outbox::failAll(const Error &reason)
{
    m_deadlines.clear();
    for (auto &waiting : m_waiting) {
        for (auto &[priority, queue] : waiting) {
            for (const OutgoingMessage &message : queue) {
                ++m_messagesFailed;
                m_events.add(Events::Failed{message.id, reason});
            }
        }
        waiting.clear();
    }
    for (Stream &stream : m_streams.all()) {
        if (stream.out)
            failed(stream, reason);
    }
    for (const quint64 id : std::exchange(m_acknowledgedEarly, {})) {
        ++m_messagesFailed;
        m_events.add(Events::Failed{id, reason});
    }
    m_account.drop(m_account.queued());
    m_queuedBytes = 0;
}

void Outbox::openStreams()
{
    for (auto &waiting : m_waiting)
        openStreams(waiting);
}

void Outbox::openStreams(ByPriority<OutgoingMessage> &waiting)
{
    while (!waiting.empty()) {
        const auto queue = waiting.begin();
        // Enough for a packet are open; only a higher priority needs one all the same.
        if (m_readyCount >= Limits::StreamsOpenedAhead && m_ready.begin()->first >= queue->first)
            return;
        OutgoingMessage &message = queue->second.front();
        if (isLarge(message.size) && largeUnderWay(queue->first) >= Limits::LargeMessagesUnderWay)
            return;
        Stream *stream = openStream(message.kind);
        if (!stream)
            return; // the peer will say when it allows more
        stream->requestId = message.kind == OutgoingMessage::Kind::Request ? message.id : 0;
        stream->out.emplace(std::move(message));
        countUnderWay(*stream->out, 1);
        makeReady(*stream);
        queue->second.pop_front();
        if (queue->second.empty())
            waiting.erase(queue);
    }
}

Stream *Outbox::openStream(OutgoingMessage::Kind kind)
{
    const bool isRequest = kind == OutgoingMessage::Kind::Request;
    const StreamKind streamKind = isRequest ? StreamKind::Bidirectional
                                            : StreamKind::Unidirectional;
    if (m_connection.streamsLeft(streamKind) == 0)
        return nullptr;
    Stream &stream = m_streams.add();
    if (!m_connection.openStream(streamKind, stream.id, &stream)) {
        m_streams.remove(stream);
        return nullptr;
    }
    if (isRequest)
        stream.in.emplace(IncomingMessage::Kind::Reply, m_options.maxMessageSize, 0);
    return &stream;
}

Stream *Outbox::next(ngtcp2_tstamp now)
{
    if (m_ready.empty())
        return nullptr;
    m_now = now;
    if (now >= m_overdueCheckAt)
        findOverdue(now);
    return m_overdue.empty() ? m_ready.begin()->second.front() : m_overdue.front();
}

//! The next one is among them only where it was not served either.
void Outbox::findOverdue(ngtcp2_tstamp now)
{
    constexpr ngtcp2_duration Limit = nanoseconds(Limits::OverdueAfter);
    m_overdueCheckAt = now + Limit / 2;
    m_overdue.clear();
    for (const auto &[priority, queue] : m_ready) {
        for (Stream *stream : queue) {
            if (stream->out->sent > 0 && now - stream->out->servedAt >= Limit)
                m_overdue.push_back(stream);
        }
    }
}

size_t Outbox::gather(const Stream &stream, ngtcp2_vec vectors[4]) const
{
    const OutgoingMessage &out = *stream.out;
    qint64 skip = out.sent;
    size_t count = 0;
    const auto add = [&](const void *data, qint64 size) {
        if (skip >= size) {
            skip -= size;
            return;
        }
        vectors[count++] = {static_cast<quint8 *>(const_cast<void *>(data)) + skip,
                            static_cast<size_t>(size - skip)};
        skip = 0;
    };
    add(out.head.data(), qint64(out.head.size()));
    add(out.message.header().constData(), out.message.header().size());
    add(out.message.destination().constData(), out.message.destination().size());
    add(out.message.payload().constData(), out.message.payload().size());
    return count;
}

void Outbox::sent(Stream &stream, qint64 bytes)
{
    OutgoingMessage &out = *stream.out;
    out.sent += bytes;
    out.turn += bytes;
    out.servedAt = m_now;
    const bool isDone = out.sent == out.size;
    if (!m_overdue.empty()) {
        Q_ASSERT(m_overdue.front() == &stream);
        if (!isDone && out.turn < Limits::OverdueTurn)
            return;
        out.turn = 0;
        if (isDone) {
            countUnderWay(out, -1);
            forget(stream);
        } else {
            m_overdue.pop_front(); // it keeps its place among the others
        }
        return;
    }
    auto &queue = m_ready.begin()->second;
    Q_ASSERT(queue.front() == &stream);
    if (!isDone && out.turn < Limits::StreamTurn)
        return;
    out.turn = 0;
    queue.pop_front();
    if (!isDone) {
        queue.push_back(&stream);
        return;
    }
    countUnderWay(out, -1);
    --m_readyCount;
    if (queue.empty())
        m_ready.erase(m_ready.begin());
}

void Outbox::blocked(Stream &stream)
{
    forget(stream);
}

void Outbox::creditGranted(Stream &stream)
{
    if (stream.out && !stream.out->failed && stream.out->sent < stream.out->size) {
        forget(stream); // it may still be ready: the credit came before we noticed the lack of it
        makeReady(stream);
    }
}

void Outbox::acknowledged(Stream &stream, qint64 bytes, ngtcp2_tstamp now)
{
    if (!stream.out || stream.out->failed)
        return;
    OutgoingMessage &out = *stream.out;
    out.acknowledged += bytes;
    m_account.acknowledged(bytes);
    released(bytes);
    if (out.acknowledged < out.size)
        return;
    // FIN travels with the last byte, so the peer has it too.
    m_lastMessageAt = now;
    if (out.kind == OutgoingMessage::Kind::Request) {
        ++m_messagesSent;
    } else if (m_isOpen) {
        ++m_messagesSent;
        m_events.add(Events::Acknowledged{out.id});
    } else { // the peer may still refuse the connection, and then its program has seen nothing
        m_acknowledgedEarly.push_back(out.id);
    }
    stream.out.reset();
}

void Outbox::setOpen()
{
    m_isOpen = true;
    for (const quint64 id : std::exchange(m_acknowledgedEarly, {})) {
        ++m_messagesSent;
        m_events.add(Events::Acknowledged{id});
    }
}

void Outbox::refused(Stream &stream, quint64 code)
{
    // Who stops a reply, for whatever reason, had asked for it.
    const bool isReply = stream.out->kind == OutgoingMessage::Kind::Reply;
    failed(stream,
           causeOfStreamCode(code, isReply ? ErrorCode::Cancelled : ErrorCode::MessageRefused));
}

void Outbox::failed(Stream &stream, const Error &reason)
{
    if (!stream.out || stream.out->failed)
        return;
    abandon(stream);
    ++m_messagesFailed;
    // Of a request it is the reply that counts: the receiving half of the stream reports.
    if (stream.out->kind != OutgoingMessage::Kind::Request)
        m_events.add(Events::Failed{stream.out->id, reason});
}

void Outbox::enqueue(const OutgoingMessage &message)
{
    m_queuedBytes += message.size;
    m_tellWhenHalfEmpty = m_tellWhenHalfEmpty || m_queuedBytes > m_options.sendQueueLimit / 2;
}

//! Replies that have waited get into the queue as far as it has room.
void Outbox::serveReplies()
{
    while (!m_waitingReplies.empty()) {
        const auto queue = m_waitingReplies.begin();
        Stream &stream = *queue->second.front();
        if (!queueTakes(stream.out->size))
            return;
        queue->second.pop_front();
        if (queue->second.empty())
            m_waitingReplies.erase(queue);
        stream.out->waiting = false;
        enqueue(*stream.out);
        countUnderWay(*stream.out, 1);
        makeReady(stream);
    }
}

void Outbox::makeReady(Stream &stream)
{
    m_ready[stream.out->priority].push_back(&stream);
    ++m_readyCount;
}

void Outbox::forget(Stream &stream)
{
    if (!m_overdue.empty())
        std::erase(m_overdue, &stream);
    const auto queue = m_ready.find(stream.out->priority);
    if (queue == m_ready.end())
        return;
    const auto position = std::find(queue->second.begin(), queue->second.end(), &stream);
    if (position == queue->second.end())
        return;
    queue->second.erase(position);
    --m_readyCount;
    if (queue->second.empty())
        m_ready.erase(queue);
}

void Outbox::released(qint64 bytes)
{
    m_queuedBytes -= bytes;
    if (repliesWait())
        serveReplies();
    if (m_tellWhenHalfEmpty && m_queuedBytes <= m_options.sendQueueLimit / 2) {
        m_tellWhenHalfEmpty = false;
        m_events.add(Events::QueueAvailable{});
    }
}

//! Those of lower priorities don't count: they stand back.
int Outbox::largeUnderWay(int priority) const
{
    int count = 0;
    for (const auto &[its, messages] : m_largeUnderWay)
        count += its >= priority ? messages : 0;
    return count;
}

void Outbox::countUnderWay(const OutgoingMessage &message, int change)
{
    if (!isLarge(message.size))
        return;
    const auto count = m_largeUnderWay.try_emplace(message.priority, 0).first;
    count->second += change;
    if (count->second == 0)
        m_largeUnderWay.erase(count);
}

} // namespace Qp2p::Engine
