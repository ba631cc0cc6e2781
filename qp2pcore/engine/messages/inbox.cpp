// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/inbox.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

constexpr qint64 HeaderSize = sizeof(OutgoingMessage::head); // of any message

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

Inbox::Inbox(const Settings &settings, EventSink events, ReceiveBudget::Account &account)
    : m_settings(settings)
    , m_events(events)
    , m_account(account)
    // What may come while the program has paused, and a half more to keep a long path busy.
    , m_maxWindow(std::clamp(settings.inboxLimit * 3 / 2, qint64(Limits::InitialConnectionWindow),
                             qint64(Limits::MaxConnectionWindow)))
    , m_requestPlaces{settings.maxIncomingRequests, settings.maxIncomingRequests}
    , m_messagePlaces{settings.maxIncomingMessages, settings.maxIncomingMessages}
    , m_offences(Limits::OffencesPerSecond, Limits::OffenceBurst)
    , m_cancellations(Limits::CancellationsPerSecond, Limits::CancellationBurst)
{
}

void Inbox::opened(Stream &stream, ngtcp2_tstamp now)
{
    const auto kind = stream.isBidirectional() ? IncomingMessage::Kind::Request
                                               : IncomingMessage::Kind::Message;
    stream.in.emplace(kind, m_settings.maxMessageSize, now);
    startPeriod(*stream.in, now);
    Places &places = placesFor(stream.id);
    // A legacy peer has one more than we think, which is the control stream elsewhere.
    places.left -= places.left > 0 ? 1 : 0;
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
    if (stream.in->kind == IncomingMessage::Kind::Request)
        cancellation(now);
    else if (!isReply)
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
        if (held != m_held.end() && in.kind == IncomingMessage::Kind::Request) {
            // It was cancelled before the program has seen it.
            m_buffered -= held->message.size() + HeaderSize;
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
    m_tunedAt = 0; // what is granted now was not used up by the peer just now
    m_account.setWaitsForProgram(false);
    while (!m_held.empty()) {
        Held held = std::move(m_held.front());
        m_held.pop_front();
        grantConnection(held.withheldConnection);
        if (held.streamClosed)
            streamDone(held.streamId);
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
    const bool silent = now - lastHeard >= nanoseconds(Limits::SilentPath) + 3 * smoothedRtt;
    const bool heardAgain = std::exchange(m_wasSilent, silent) && !silent;
    const bool tight = m_account.isTight();
    const bool nowTight = !std::exchange(m_tight, tight) && tight;
    constexpr double CheckSeconds = std::chrono::duration<double>(Limits::MessageCheckInterval)
                                        .count();
    const ngtcp2_duration headerDeadline = std::max(nanoseconds(Limits::MessageHeaderDeadline),
                                                    10 * smoothedRtt);
    for (Stream &stream : streams.all()) {
        if (!stream.in || stream.in->state != IncomingMessage::State::Reading)
            continue;
        IncomingMessage &in = *stream.in;
        if (!in.hasBegun())
            continue; // the peer may think as long as it likes
        // A pause of a few seconds is forgiven, a burst long ago is not.
        in.rate = 0.7 * in.rate + 0.3 * double(in.received - in.receivedAtCheck) / CheckSeconds;
        in.receivedAtCheck = in.received;
        // It has used up its credit, so it cannot go on; or from now on each message counts by itself.
        const bool outOfCredit = in.waiting && in.received >= qint64(Limits::InitialStreamWindow);
        if (m_paused || outOfCredit || nowTight) {
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
        } else if (in.reader.headerKnown() && progress(in) >= Limits::MessageProgressBytes) {
            startPeriod(in, now);
        }
    }
}

//! What counts for its deadline since its period began.
qint64 Inbox::progress(const IncomingMessage &message) const
{
    return m_tight ? message.received - message.receivedAtSince : m_total - message.totalAtSince;
}

bool Inbox::isTooSlow(const IncomingMessage &message, ngtcp2_tstamp now,
                      ngtcp2_duration headerDeadline) const
{
    if (!message.reader.headerKnown())
        return now - message.since >= headerDeadline;
    return now - message.since >= nanoseconds(Limits::MessageProgressPeriod)
        && progress(message) < Limits::MessageProgressBytes;
}

void Inbox::startPeriod(IncomingMessage &message, ngtcp2_tstamp now) const
{
    message.since = now;
    message.totalAtSince = m_total;
    message.receivedAtSince = message.received;
    message.judgeAt = 0;
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
        m_held.push_back({stream.id, in.kind, std::move(message),
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
    m_buffered -= message.size() + HeaderSize;
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
    // A reply was asked for: it has room in the inbox at once, and counts.
    const bool isItsTurn = in.kind == IncomingMessage::Kind::Reply
        || std::all_of(m_waiting.cbegin(), m_waiting.cend(),
                       [this](const Stream *other) { return mustStandBack(*other->in); });
    const bool admitted = !in.reader.headerKnown() || in.reserved > 0
        || (isItsTurn && !in.waiting && admit(stream) == Admission::Admitted);
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
    const qint64 limit = m_account.isTight()
        ? Limits::UnadmittedBytesWhenTight
        : std::max(m_settings.inboxLimit, Limits::UnadmittedBytes);
    if (m_unadmitted > limit)
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
    in.reader = MessageReader(m_settings.maxMessageSize);
}

bool Inbox::mustStandBack(const IncomingMessage &message) const
{
    return m_repliesWait && message.kind == IncomingMessage::Kind::Request;
}

Inbox::Admission Inbox::admit(Stream &stream)
{
    if (mustStandBack(*stream.in))
        return Admission::RepliesWait;
    const qint64 size = stream.in->reader.totalSize() + HeaderSize;
    const bool isReply = stream.in->kind == IncomingMessage::Kind::Reply;
    const qint64 reserved = m_account.reserved();
    if (!isReply && reserved > 0 && reserved + size > m_settings.inboxLimit)
        return Admission::InboxFull;
    if (!m_account.reserve(size))
        return Admission::BudgetSpent;
    stream.in->reserved = size;
    stream.in->admittedAt = m_now;
    return Admission::Admitted;
}

void Inbox::admitWaiting(ngtcp2_tstamp now)
{
    m_now = now;
    admitWaiting();
}

void Inbox::admitWaiting()
{
    // Replies don't wait for what is before them, but for the budget alone.
    bool othersWait = m_paused;
    for (size_t i = 0; i < m_waiting.size();) {
        Stream &stream = *m_waiting[i];
        if (othersWait && stream.in->kind != IncomingMessage::Kind::Reply) {
            ++i;
            continue;
        }
        switch (admit(stream)) {
        case Admission::BudgetSpent:
            return; // it stands in line
        case Admission::InboxFull:
            othersWait = true;
            ++i;
            break;
        case Admission::RepliesWait:
            ++i;
            break;
        case Admission::Admitted:
            stopWaiting(stream);
            ngtcp2_conn_extend_max_stream_offset(
                m_conn, stream.id, quint64(std::exchange(stream.in->withheldStream, 0)));
            break;
        }
    }
    m_account.leaveLine();
}

Inbox::Slow Inbox::slowest(ngtcp2_tstamp now, StreamList &streams) const
{
    Slow slowest;
    if (m_account.reserved() == 0 || m_paused)
        return slowest;
    for (Stream &stream : streams.all()) {
        if (!stream.in || stream.in->reserved == 0
            || now - stream.in->admittedAt < nanoseconds(Limits::BudgetGrace))
            continue;
        const IncomingMessage &in = *stream.in;
        const double seconds = double(in.reserved - in.received) / std::max(in.rate, 1.0);
        if (seconds > slowest.secondsLeft)
            slowest = {&stream, seconds};
    }
    return slowest;
}

void Inbox::refuseSlow(Stream &stream, ngtcp2_tstamp now)
{
    m_now = now;
    refuse(
        stream,
        Error(ErrorCode::MessageTimeout,
              QStringLiteral("A message arrived too slowly while others waited for room: %1 bytes "
                             "of it came.")
                  .arg(stream.in->received)),
        CloseCode::MessageTimeout);
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
        m_account.release(std::exchange(message.reserved, 0));
        admitWaiting();
    }
}

void Inbox::grantConnection(qint64 bytes)
{
    if (bytes == 0)
        return;
    ngtcp2_conn_extend_max_offset(m_conn, quint64(bytes));
    m_grantedSinceTuning += bytes;
    if (m_grantedSinceTuning * 2 >= m_window)
        tuneWindow();
}

//! A peer that uses up half of its window within two round trips may be held up by it: it is doubled, as
//! ngtcp2 would.
void Inbox::tuneWindow()
{
    m_grantedSinceTuning = 0;
    const ngtcp2_tstamp before = std::exchange(m_tunedAt, m_now);
    if (m_window >= m_maxWindow || before == 0)
        return;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    if (m_now - before >= 2 * info.smoothed_rtt)
        return;
    const qint64 more = m_account.growWindow(std::min(m_window, m_maxWindow - m_window));
    m_window += more;
    ngtcp2_conn_extend_max_offset(m_conn, quint64(more));
}

//! The peer may open another one in its place.
void Inbox::streamDone(qint64 streamId)
{
    Places &places = placesFor(streamId);
    ++places.owed;
    grantIfDue(places);
}

//! Not one by one: each MAX_STREAMS that travels alone costs a packet here and an acknowledgement there. It
//! rides with the next message, or leaves once a quarter of what the peer may have is due, or where the peer
//! has none left and may be waiting.
void Inbox::grantIfDue(const Places &places)
{
    if (places.owed > 0 && (places.left == 0 || places.owed * 4 >= places.most))
        grantOwedStreams();
}

void Inbox::grantOwedStreams()
{
    const auto grant = [this](Places &places, auto extend) {
        if (places.owed == 0)
            return;
        places.left += places.owed;
        extend(m_conn, std::exchange(places.owed, 0));
    };
    grant(m_requestPlaces, ngtcp2_conn_extend_max_streams_bidi);
    grant(m_messagePlaces, ngtcp2_conn_extend_max_streams_uni);
}

} // namespace Qp2p::Engine
