// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/inbox.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

quint64 closeCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MessageTooLarge:
        return CloseCode::MessageTooLarge;
    case ErrorCode::MessageTimeout:
        return CloseCode::MessageTimeout;
    default:
        return CloseCode::MessageInvalid;
    }
}

} // namespace

Inbox::Inbox(const Settings &settings, EventSink events)
    : m_settings(settings)
    , m_events(events)
    , m_offences(Limits::OffencesPerSecond, Limits::OffenceBurst)
{
}

void Inbox::opened(Stream &stream, ngtcp2_tstamp now)
{
    const auto kind = stream.isBidirectional() ? IncomingMessage::Kind::Request
                                               : IncomingMessage::Kind::Message;
    stream.in.emplace(kind, m_settings.maxMessageSize, now);
    startPeriod(*stream.in, now);
    if (m_reading++ == 0)
        m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
}

void Inbox::received(Stream &stream, const quint8 *data, size_t size, Fin fin, ngtcp2_tstamp now)
{
    if (!stream.in || stream.in->state != IncomingMessage::State::Reading) {
        grantConnection(qint64(size));
        return;
    }
    IncomingMessage &in = *stream.in;
    if (!in.hasBegun() && size > 0) {
        startPeriod(in, now);
        if (m_reading++ == 0)
            m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
    }

    in.received += qint64(size);
    m_buffered += qint64(size);
    m_total += qint64(size);
    m_unadmitted += in.waiting ? qint64(size) : 0;
    in.withheldStream += qint64(size);
    in.withheldConnection += qint64(size);
    switch (in.reader.append(data, size, fin)) {
    case MessageReader::Status::Refused: {
        const Error error = in.reader.error();
        offence(now);
        refuse(stream, error, closeCodeFor(error.code));
        return;
    }
    case MessageReader::Status::Complete:
        complete(stream);
        return;
    case MessageReader::Status::NeedMore:
        break;
    }

    settleCredit(stream);
}

void Inbox::reset(Stream &stream, quint64 code, ngtcp2_tstamp now)
{
    if (!stream.in || stream.in->state != IncomingMessage::State::Reading)
        return;
    const bool isReply = stream.in->kind == IncomingMessage::Kind::Reply;
    if (!isReply)
        offence(now);
    Error error = isReply
        ? causeOfStreamCode(code, ErrorCode::NoReply)
        : Error(ErrorCode::MessageRefused,
                QStringLiteral("The peer gave up a message before it was complete."));
    error.closeCode = code;
    giveUp(stream, error);
    // Its own half has ended. To stop that as well would be pointless, and for a stream that begins
    // with its reset ngtcp2 1.22 would then report to be blocked on it, an error that ends the
    // connection.
    if (stream.isBidirectional())
        ngtcp2_conn_shutdown_stream_write(m_conn, 0, stream.id, code);
}

void Inbox::closed(Stream &stream)
{
    if (!stream.in)
        return;
    IncomingMessage &in = *stream.in;
    if (in.state == IncomingMessage::State::Reading) {
        m_reading -= in.hasBegun() ? 1 : 0;
        stopWaiting(stream);
        release(in);
    }
    if (ngtcp2_conn_is_local_stream(m_conn, stream.id))
        return;
    if (in.state == IncomingMessage::State::Held) {
        const auto held = std::find_if(m_held.begin(), m_held.end(), [&](const Held &entry) {
            return entry.streamId == stream.id;
        });
        if (held != m_held.end()) {
            held->streamClosed = true; // the peer gets the next stream once this one is delivered
            return;
        }
    }
    grantStreamCount(stream.id);
}

void Inbox::resume(StreamList &streams)
{
    if (!m_paused)
        return;
    m_paused = false;
    while (!m_held.empty()) {
        Held held = std::move(m_held.front());
        m_held.pop_front();
        grantConnection(held.withheldConnection);
        if (held.streamClosed)
            grantStreamCount(held.streamId);
        deliver(held.streamId, 0, held.kind, std::move(held.message));
    }
    for (Stream &stream : streams.all()) {
        if (stream.in && stream.in->state == IncomingMessage::State::Reading
            && stream.in->withheldConnection > 0)
            settleCredit(stream);
    }
    admitWaiting();
}

void Inbox::pause()
{
    m_paused = true;
}

void Inbox::checkDeadlines(ngtcp2_tstamp now, ngtcp2_tstamp lastHeard, ngtcp2_duration smoothedRtt,
                           StreamList &streams)
{
    if (now < nextCheck())
        return;
    m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
    const bool silent = now - lastHeard >= nanoseconds(Limits::SilentPath) + 3 * smoothedRtt;
    const bool heardAgain = std::exchange(m_wasSilent, silent) && !silent;
    const ngtcp2_duration headerDeadline = std::max(nanoseconds(Limits::MessageHeaderDeadline),
                                                    10 * smoothedRtt);
    for (Stream &stream : streams.all()) {
        if (!stream.in || stream.in->state != IncomingMessage::State::Reading)
            continue;
        IncomingMessage &in = *stream.in;
        if (!in.hasBegun())
            continue; // the peer may think as long as it likes
        if (m_paused || in.waiting) { // no credit: the peer cannot go on
            startPeriod(in, now);
            continue;
        }
        if (heardAgain && in.judgeAt == 0)
            in.judgeAt = now + nanoseconds(Limits::MessageProgressPeriod);
        if (isTooSlow(in, now, headerDeadline)) {
            if (in.judgeAt != 0 ? now < in.judgeAt : silent)
                continue;
            refuse(stream,
                   Error(ErrorCode::MessageTimeout,
                         QStringLiteral("A message arrived too slowly: %1 bytes of it came.")
                             .arg(in.received)),
                   CloseCode::MessageTimeout);
        } else if (in.reader.headerKnown()
                   && m_total - in.totalAtSince >= Limits::MessageProgressBytes) {
            startPeriod(in, now);
        }
    }
}

bool Inbox::isTooSlow(const IncomingMessage &message, ngtcp2_tstamp now,
                      ngtcp2_duration headerDeadline) const
{
    if (!message.reader.headerKnown())
        return now - message.since >= headerDeadline;
    return now - message.since >= nanoseconds(Limits::MessageProgressPeriod)
        && m_total - message.totalAtSince < Limits::MessageProgressBytes;
}

void Inbox::startPeriod(IncomingMessage &message, ngtcp2_tstamp now) const
{
    message.since = now;
    message.totalAtSince = m_total;
    message.judgeAt = 0;
}

void Inbox::offence(ngtcp2_tstamp now)
{
    m_misbehaving = m_misbehaving || !m_offences.take(now);
}

void Inbox::complete(Stream &stream)
{
    IncomingMessage &in = *stream.in;
    --m_reading;
    ++m_messagesReceived;
    stopWaiting(stream);
    Message message = in.reader.take();
    if (isHeldBack(in)) {
        in.state = IncomingMessage::State::Held;
        m_held.push_back({stream.id, in.kind, std::move(message),
                          std::exchange(in.withheldConnection, 0), false});
    } else {
        in.state = IncomingMessage::State::Delivered;
        grantConnection(std::exchange(in.withheldConnection, 0));
        deliver(stream.id, stream.requestId, in.kind, std::move(message));
    }
    if (in.reserved > 0) {
        m_reserved -= std::exchange(in.reserved, 0);
        admitWaiting();
    }
}

void Inbox::deliver(qint64 streamId, quint64 requestId, IncomingMessage::Kind kind, Message message)
{
    m_buffered -= message.size() + 16;
    switch (kind) {
    case IncomingMessage::Kind::Message:
        m_events.add(Events::MessageArrived{std::move(message)});
        break;
    case IncomingMessage::Kind::Request:
        m_events.add(Events::RequestArrived{streamId, std::move(message)});
        break;
    case IncomingMessage::Kind::Reply:
        m_events.add(Events::ReplyArrived{requestId, std::move(message)});
        break;
    }
}

bool Inbox::isHeldBack(const IncomingMessage &message) const
{
    return m_paused && message.kind != IncomingMessage::Kind::Reply;
}

//! Grants the peer credit for what it has sent of a message that is not complete, as far as it has
//! room in the inbox.
void Inbox::settleCredit(Stream &stream)
{
    IncomingMessage &in = *stream.in;
    if (isHeldBack(in))
        return;
    // The connection's credit goes on: a message that waits for room must not stop those that have
    // it. What such messages bring beyond the inbox's size, no honest sender needs.
    grantConnection(std::exchange(in.withheldConnection, 0));
    // A reply was asked for: it has room at once, and counts.
    const bool admitted = !in.reader.headerKnown() || in.reserved > 0
        || ((m_waiting.empty() || in.kind == IncomingMessage::Kind::Reply) && admit(stream));
    if (admitted) {
        ngtcp2_conn_extend_max_stream_offset(m_conn, stream.id,
                                             quint64(std::exchange(in.withheldStream, 0)));
        return;
    }
    if (!in.waiting) {
        in.waiting = true;
        m_waiting.push_back(&stream);
        m_unadmitted += in.received;
    }
    if (m_unadmitted > std::max(m_settings.inboxLimit, Limits::UnadmittedBytes))
        refuse(stream,
               Error(ErrorCode::MessageRefused,
                     QStringLiteral("The inbox is full of unfinished messages.")),
               CloseCode::InboxFull);
}

void Inbox::refuse(Stream &stream, const Error &error, quint64 code)
{
    giveUp(stream, error);
    ngtcp2_conn_shutdown_stream(m_conn, 0, stream.id, code);
}

void Inbox::giveUp(Stream &stream, const Error &error)
{
    IncomingMessage &in = *stream.in;
    stream.givenUp = true;
    m_reading -= in.hasBegun() ? 1 : 0;
    ++m_messagesRefused;
    stopWaiting(stream);
    in.state = IncomingMessage::State::Refused;
    release(in);
    in.reader = MessageReader(m_settings.maxMessageSize);
    if (in.kind == IncomingMessage::Kind::Reply)
        m_events.add(Events::Failed{stream.requestId, error});
    else
        m_events.add(Events::IncomingRefused{error});
}

bool Inbox::admit(Stream &stream)
{
    const qint64 size = stream.in->reader.totalSize() + 16;
    if (m_reserved > 0 && m_reserved + size > m_settings.inboxLimit
        && stream.in->kind != IncomingMessage::Kind::Reply)
        return false;
    stream.in->reserved = size;
    m_reserved += size;
    return true;
}

void Inbox::admitWaiting()
{
    while (!m_waiting.empty() && !m_paused && admit(*m_waiting.front())) {
        Stream &stream = *m_waiting.front();
        stopWaiting(stream);
        ngtcp2_conn_extend_max_stream_offset(m_conn, stream.id,
                                             quint64(std::exchange(stream.in->withheldStream, 0)));
    }
}

void Inbox::stopWaiting(Stream &stream)
{
    if (!stream.in->waiting)
        return;
    stream.in->waiting = false;
    m_unadmitted -= stream.in->received;
    m_waiting.erase(std::find(m_waiting.begin(), m_waiting.end(), &stream));
}

//! Gives back what an unfinished message holds.
void Inbox::release(IncomingMessage &message)
{
    m_buffered -= message.received;
    grantConnection(std::exchange(message.withheldConnection, 0));
    if (message.reserved > 0) {
        m_reserved -= std::exchange(message.reserved, 0);
        admitWaiting();
    }
}

void Inbox::grantConnection(qint64 bytes)
{
    if (bytes > 0)
        ngtcp2_conn_extend_max_offset(m_conn, quint64(bytes));
}

void Inbox::grantStreamCount(qint64 streamId)
{
    // Not one by one: each MAX_STREAMS that travels alone costs a packet here and an acknowledgement
    // there. It rides with the next message, or leaves once a quarter of what the peer may have is due.
    const bool bidirectional = ngtcp2_is_bidi_stream(streamId) != 0;
    quint64 &owed = bidirectional ? m_owedBidirectional : m_owedUnidirectional;
    ++owed;
    if (owed * 4
        >= (bidirectional ? m_settings.maxIncomingRequests : m_settings.maxIncomingMessages))
        grantOwedStreams();
}

void Inbox::grantOwedStreams()
{
    if (m_owedBidirectional > 0)
        ngtcp2_conn_extend_max_streams_bidi(m_conn, std::exchange(m_owedBidirectional, 0));
    if (m_owedUnidirectional > 0)
        ngtcp2_conn_extend_max_streams_uni(m_conn, std::exchange(m_owedUnidirectional, 0));
}

} // namespace Qp2p::Engine
