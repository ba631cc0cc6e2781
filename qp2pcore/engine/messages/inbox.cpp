// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/inbox.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/wiremessage.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>
#include <utility>

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

Inbox::Inbox(const MessageOptions &options, StreamConnection &connection)
    : m_options(options)
    , m_connection(connection)
    , m_events(connection.events())
    , m_account(connection.receiveAccount())
    // What may come while the program has paused, and a half more to keep a long path busy.
    , m_window(connection,
               std::clamp(options.inboxLimit * 3 / 2, qint64(Limits::InitialConnectionWindow),
                          qint64(Limits::MaxConnectionWindow)))
    , m_requestPlaces(connection, StreamKind::Bidirectional, options.maxIncomingRequests)
    , m_messagePlaces(connection, StreamKind::Unidirectional, options.maxIncomingMessages)
    , m_offences(Limits::OffencesPerSecond, Limits::OffenceBurst)
    , m_cancellations(Limits::CancellationsPerSecond, Limits::CancellationBurst)
{
}

void Inbox::opened(Stream &stream, ngtcp2_tstamp now)
{
    const auto kind = stream.isBidirectional() ? IncomingMessage::Kind::Request
                                               : IncomingMessage::Kind::Message;
    stream.in.emplace(kind, m_options.maxMessageSize, now);
    m_pace.startPeriod(*stream.in, now);
    StreamPlaces &places = placesFor(stream.id);
    places.opened();
    grantIfDue(places);
    if (m_reading++ == 0)
        m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
}

void Inbox::received(Stream &stream, const quint8 *data, size_t size, Fin fin, ngtcp2_tstamp now)
{
    m_now = now;
    if (!stream.in || stream.in->state != IncomingMessage::State::Reading) {
        grantConnection(qint64(size));
        return;
    }
    IncomingMessage &in = *stream.in;
    if (!in.hasBegun() && size > 0) {
        m_pace.startPeriod(in, now);
        if (m_reading++ == 0)
            m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
    }

    in.received += qint64(size);
    m_buffered += qint64(size);
    m_pace.received(qint64(size));
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

    grantCredit(stream);
}

void Inbox::reset(Stream &stream, quint64 code, ngtcp2_tstamp now)
{
    if (!stream.in || stream.in->state != IncomingMessage::State::Reading)
        return;
    const bool isReply = stream.in->kind == IncomingMessage::Kind::Reply;
    if (stream.in->kind == IncomingMessage::Kind::Request)
        cancellation(now);
    else if (!isReply)
        offence(now);
    Error error = isReply ? causeOfStreamCode(code, ErrorCode::NoReply)
                          : Error(ErrorCode::MessageRefused,
                                  QStringLiteral("The peer cancelled a message before it was "
                                                 "complete. It has to send the message again."));
    error.closeCode = code;
    giveUp(stream, error);
    // Its own half has ended. To stop that as well would be pointless, and for a stream that begins
    // with its reset ngtcp2 1.22 would then report to be blocked on it, an error that ends the
    // connection.
    if (stream.isBidirectional())
        m_connection.shutdownWrite(stream.id, code);
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
    if (in.kind == IncomingMessage::Kind::Reply)
        return; // this side has opened it
    if (in.state == IncomingMessage::State::Held) {
        const auto held = std::find_if(m_held.begin(), m_held.end(), [&](const Held &entry) {
            return entry.streamId == stream.id;
        });
        if (held != m_held.end() && in.kind == IncomingMessage::Kind::Request) {
            // It was cancelled before the program has seen it.
            m_buffered -= held->message.size() + qint64(wireHeaderSize);
            grantConnection(held->withheldConnection);
            m_held.erase(held);
        } else if (held != m_held.end()) {
            held->streamClosed = true; // the peer gets the next stream once this one is delivered
            return;
        }
    }
    streamDone(stream.id);
}

void Inbox::resume(StreamList &streams, ngtcp2_tstamp now)
{
    m_now = now;
    if (!m_paused)
        return;
    m_paused = false;
    m_wasResumed = true;
    m_window.restartTuning();
    m_account.setWaitsForProgram(false);
    deliverHeld();
    grantWithheld(streams);
    admitWaiting();
}

void Inbox::setOpen(StreamList &streams, ngtcp2_tstamp now)
{
    m_now = now;
    m_isOpen = true;
    deliverHeld();
    grantWithheld(streams);
}

std::vector<quint64> Inbox::dropHeld()
{
    std::vector<quint64> requests;
    for (const Held &held : std::exchange(m_held, {})) {
        if (held.kind == IncomingMessage::Kind::Reply)
            requests.push_back(held.requestId);
    }
    return requests;
}

//! What may be delivered now.
void Inbox::deliverHeld()
{
    for (Held &held : std::exchange(m_held, {})) {
        if (m_paused && held.kind != IncomingMessage::Kind::Reply) {
            m_held.push_back(std::move(held));
            continue;
        }
        grantConnection(held.withheldConnection);
        if (held.streamClosed)
            streamDone(held.streamId);
        deliver(held.streamId, held.requestId, held.kind, std::move(held.message));
    }
}

void Inbox::grantWithheld(StreamList &streams)
{
    for (Stream &stream : streams.all()) {
        if (stream.in && stream.in->state == IncomingMessage::State::Reading
            && stream.in->withheldConnection > 0)
            grantCredit(stream);
    }
}

void Inbox::pause()
{
    m_paused = true;
    // Before the connection is linked it is the peer that keeps it waiting.
    m_account.setWaitsForProgram(m_wasResumed);
}

void Inbox::checkDeadlines(ngtcp2_tstamp now, ngtcp2_tstamp lastHeard, ngtcp2_duration smoothedRtt,
                           StreamList &streams)
{
    m_now = now;
    if (now < nextCheck())
        return;
    m_nextCheck = now + nanoseconds(Limits::MessageCheckInterval);
    m_pace.beginCheck(now, lastHeard, smoothedRtt,
                      m_account.isTight() ? MessagePace::Budget::Tight : MessagePace::Budget::Ample);
    const auto credit = m_paused ? MessagePace::Credit::Withheld : MessagePace::Credit::Granted;
    for (Stream &stream : streams.all()) {
        if (!stream.in || stream.in->state != IncomingMessage::State::Reading
            || !stream.in->hasBegun())
            continue; // the peer may take its time before a reply
        if (m_pace.check(*stream.in, credit) == MessagePace::Result::TooSlow)
            refuse(stream,
                   Error(ErrorCode::MessageTimeout,
                         QStringLiteral("A message arrived too slowly: %1 bytes of it came. The "
                                        "peer has to send it again.")
                             .arg(stream.in->received)),
                   CloseCode::MessageTimeout);
    }
}

void Inbox::offence(ngtcp2_tstamp now)
{
    m_misbehaving = m_misbehaving || !m_offences.take(now);
}

void Inbox::cancellation(ngtcp2_tstamp now)
{
    m_misbehaving = m_misbehaving || !m_cancellations.take(now);
}

void Inbox::setRepliesWait(bool wait, ngtcp2_tstamp now)
{
    if (std::exchange(m_repliesWait, wait) && !wait)
        admitWaiting(now);
}

void Inbox::abandon(Stream &stream, ngtcp2_tstamp now)
{
    m_now = now;
    if (stream.in && stream.in->state == IncomingMessage::State::Reading)
        stopReading(stream);
}

void Inbox::complete(Stream &stream)
{
    IncomingMessage &in = *stream.in;
    --m_reading;
    ++m_messagesReceived;
    m_lastMessageAt = m_now;
    stopWaiting(stream);
    Message message = in.reader.take();
    if (isHeldBack(in)) {
        in.state = IncomingMessage::State::Held;
        m_held.push_back({stream.id, stream.requestId, in.kind, std::move(message),
                          std::exchange(in.withheldConnection, 0), false});
    } else {
        in.state = IncomingMessage::State::Delivered;
        grantConnection(std::exchange(in.withheldConnection, 0));
        deliver(stream.id, stream.requestId, in.kind, std::move(message));
    }
    if (in.reserved > 0) {
        m_account.release(std::exchange(in.reserved, 0));
        admitWaiting();
    }
}

void Inbox::deliver(qint64 streamId, quint64 requestId, IncomingMessage::Kind kind, Message message)
{
    m_buffered -= message.size() + qint64(wireHeaderSize);
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

void Inbox::refuse(Stream &stream, const Error &error, quint64 code)
{
    giveUp(stream, error);
    m_connection.shutdownStream(stream.id, code);
}

void Inbox::giveUp(Stream &stream, const Error &error)
{
    IncomingMessage &in = *stream.in;
    ++m_messagesRefused;
    stopReading(stream);
    if (in.kind == IncomingMessage::Kind::Reply)
        m_events.add(Events::Failed{stream.requestId, error});
    else
        m_events.add(Events::IncomingRefused{error});
}

//! What comes of it from now on is dropped.
void Inbox::stopReading(Stream &stream)
{
    IncomingMessage &in = *stream.in;
    stream.givenUp = true;
    m_reading -= in.hasBegun() ? 1 : 0;
    stopWaiting(stream);
    in.state = IncomingMessage::State::Refused;
    release(in);
    in.reader = MessageReader(m_options.maxMessageSize);
}

//! Gives back what an unfinished message holds.
void Inbox::release(IncomingMessage &message)
{
    m_buffered -= message.received;
    grantConnection(std::exchange(message.withheldConnection, 0));
    if (message.reserved > 0) {
        m_account.release(std::exchange(message.reserved, 0));
        admitWaiting();
    }
}

//! The peer may open another one in its place.
void Inbox::streamDone(qint64 streamId)
{
    StreamPlaces &places = placesFor(streamId);
    places.freed();
    grantIfDue(places);
}

void Inbox::grantOwedStreams()
{
    m_requestPlaces.grant();
    m_messagePlaces.grant();
}

} // namespace Qp2p::Engine
