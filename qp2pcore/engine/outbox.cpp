// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/outbox.h>

#include <qp2pcore/engine/limits.h>

#include <algorithm>

namespace Qp2p::Engine {

Outbox::Outbox(const Settings &settings, EventSink events, StreamList &streams)
    : m_settings(settings)
    , m_events(events)
    , m_streams(streams)
{
}

quint64 Outbox::send(OutgoingMessage::Kind kind, const Message &message, int priority)
{
    const quint64 id = m_nextId++;
    if (const auto error = refusal(message)) {
        ++m_messagesFailed;
        m_events.add(Events::Failed{id, *error});
        return id;
    }
    OutgoingMessage outgoing;
    outgoing.id = id;
    outgoing.priority = priority;
    outgoing.kind = kind;
    outgoing.head = encodeHeader(message);
    outgoing.message = message;
    outgoing.size = qint64(outgoing.head.size()) + message.size();
    m_queuedBytes += outgoing.size;
    m_wasHalfFull = m_wasHalfFull || m_queuedBytes > m_settings.sendQueueLimit / 2;
    m_waiting[priority].push_back(std::move(outgoing));
    return id;
}

quint64 Outbox::reply(Stream &stream, const Message &message, int priority)
{
    // It takes the way of every message up to here, and then has its stream already.
    const quint64 id = send(OutgoingMessage::Kind::Reply, message, priority);
    const auto queue = m_waiting.find(priority);
    if (queue == m_waiting.end() || queue->second.empty() || queue->second.back().id != id)
        return id; // refused
    stream.out.emplace(std::move(queue->second.back()));
    queue->second.pop_back();
    if (queue->second.empty())
        m_waiting.erase(queue);
    if (isLarge(*stream.out))
        ++m_largeUnderWay;
    makeReady(stream);
    return id;
}

void Outbox::failAll(const Error &reason)
{
    for (auto &[priority, queue] : m_waiting) {
        for (const OutgoingMessage &message : queue) {
            ++m_messagesFailed;
            m_events.add(Events::Failed{message.id, reason});
        }
    }
    m_waiting.clear();
    for (Stream &stream : m_streams.all()) {
        if (stream.out)
            failed(stream, reason);
    }
    m_queuedBytes = 0;
}

void Outbox::openStreams(ngtcp2_conn *conn)
{
    for (auto queue = m_waiting.begin(); queue != m_waiting.end();) {
        auto &messages = queue->second;
        auto message = messages.begin();
        while (message != messages.end() && m_readyCount < Limits::StreamsOpenedAhead) {
            const bool large = isLarge(*message);
            if (large && m_largeUnderWay >= Limits::LargeMessagesUnderWay) {
                ++message; // smaller ones behind it may pass
                continue;
            }
            const bool bidirectional = message->kind == OutgoingMessage::Kind::Request;
            Stream &stream = m_streams.add();
            const int rv = bidirectional
                ? ngtcp2_conn_open_bidi_stream(conn, &stream.id, &stream)
                : ngtcp2_conn_open_uni_stream(conn, &stream.id, &stream);
            if (rv != 0) { // no more of this kind until the peer allows it
                m_streams.remove(stream);
                ++message;
                if (ngtcp2_conn_get_streams_uni_left(conn) == 0
                    && ngtcp2_conn_get_streams_bidi_left(conn) == 0)
                    return;
                continue;
            }
            if (bidirectional) {
                stream.requestId = message->id;
                stream.in.emplace(IncomingMessage::Kind::Reply, m_settings.maxMessageSize, 0);
            }
            stream.out.emplace(std::move(*message));
            message = messages.erase(message);
            if (large)
                ++m_largeUnderWay;
            makeReady(stream);
        }
        queue = messages.empty() ? m_waiting.erase(queue) : std::next(queue);
    }
}

Stream *Outbox::next()
{
    if (m_ready.empty())
        return nullptr;
    return m_ready.begin()->second.front();
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
    auto &queue = m_ready.begin()->second;
    Q_ASSERT(queue.front() == &stream);
    if (out.sent < out.size && out.turn < Limits::StreamTurn)
        return;
    out.turn = 0;
    queue.pop_front();
    if (out.sent < out.size) {
        queue.push_back(&stream);
        return;
    }
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

void Outbox::acknowledged(Stream &stream, qint64 bytes)
{
    if (!stream.out || stream.out->failed)
        return;
    OutgoingMessage &out = *stream.out;
    out.acknowledged += bytes;
    released(bytes);
    if (out.acknowledged < out.size)
        return;
    // FIN travels with the last byte, so the peer has it too.
    if (isLarge(out))
        --m_largeUnderWay;
    ++m_messagesSent;
    if (out.kind != OutgoingMessage::Kind::Request)
        m_events.add(Events::Acknowledged{out.id});
    stream.out.reset();
}

void Outbox::failed(Stream &stream, const Error &reason)
{
    if (!stream.out || stream.out->failed)
        return;
    OutgoingMessage &out = *stream.out;
    forget(stream);
    if (isLarge(out))
        --m_largeUnderWay;
    ++m_messagesFailed;
    // ngtcp2 may still hold pointers into the bytes: they go with the stream.
    out.failed = true;
    released(out.size - out.acknowledged);
    // Of a request it is the reply that counts: the receiving half of the stream reports.
    if (out.kind != OutgoingMessage::Kind::Request)
        m_events.add(Events::Failed{out.id, reason});
}

std::optional<Error> Outbox::refusal(const Message &message) const
{
    if (message.payload().isEmpty())
        return Error(ErrorCode::MessageInvalid,
                     QStringLiteral("A message needs at least one byte of payload. Send one, or "
                                    "put what you have into the payload."));
    if (message.size() > m_settings.maxMessageSize)
        return Error(ErrorCode::MessageTooLarge,
                     QStringLiteral("The message has %1 bytes and at most %2 are allowed. Split "
                                    "it, or raise EndpointConfig::setMaxMessageSize() on both "
                                    "sides.")
                         .arg(message.size())
                         .arg(m_settings.maxMessageSize));
    if (!hasRoomFor(message.size()))
        return Error(ErrorCode::QueueFull,
                     QStringLiteral("The send queue holds %1 of %2 bytes and has no room for %3 "
                                    "more. Wait for sendQueueAvailable(), or raise "
                                    "EndpointConfig::setSendQueueLimit().")
                         .arg(m_queuedBytes)
                         .arg(m_settings.sendQueueLimit)
                         .arg(message.size()));
    return std::nullopt;
}

void Outbox::makeReady(Stream &stream)
{
    m_ready[stream.out->priority].push_back(&stream);
    ++m_readyCount;
}

void Outbox::forget(Stream &stream)
{
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
    if (m_wasHalfFull && m_queuedBytes <= m_settings.sendQueueLimit / 2) {
        m_wasHalfFull = false;
        m_events.add(Events::QueueAvailable{});
    }
}

bool Outbox::isLarge(const OutgoingMessage &message) const
{
    return message.size > qint64(Limits::InitialStreamWindow);
}

} // namespace Qp2p::Engine
