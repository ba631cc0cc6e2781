// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Incoming messages: reading them, how much of them may wait, and the credit that steers the peer.
#pragma once

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/connectionwindow.h>
#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/engine/messages/messagepace.h>
#include <qp2pcore/engine/messages/stream.h>
#include <qp2pcore/engine/messages/streamplaces.h>
#include <qp2pcore/engine/receivebudget.h>
#include <qp2pcore/engine/streamconnection.h>
#include <qp2pcore/engine/tokenbucket.h>

#include <list>
#include <vector>

namespace Qp2p::Engine {

//! \brief The receiving half of MessageStreams.
//!
//! Flow control is the bound on memory (RFC 9000 section 4): a message that is known to be large
//! gets stream credit only once the inbox, and the receive budget of all connections, have room for all
//! of it, oldest first; an empty inbox takes any legal message. While delivery is held back, no credit at
//! all is granted, so that the peer stops.
class Inbox
{
public:
    Inbox(const MessageOptions &options, StreamConnection &connection);

    // What the peer does
    void opened(Stream &stream, ngtcp2_tstamp now);
    void received(Stream &stream, const quint8 *data, size_t size, Fin fin, ngtcp2_tstamp now);
    void reset(Stream &stream, quint64 code, ngtcp2_tstamp now);
    //! QUIC is done with \a stream; it is about to be removed.
    void closed(Stream &stream);

    // Commands
    //! The first call lets messages through that came before the connection was open.
    void resume(StreamList &streams, ngtcp2_tstamp now);
    void pause();
    //! Both sides have greeted: replies that came before are delivered.
    void setOpen(StreamList &streams, ngtcp2_tstamp now);
    //! Drops what waits to be delivered; returns the requests whose replies are among it.
    std::vector<quint64> dropHeld();
    //! A packet is about to leave anyway.
    void grantOwedStreams();
    bool isPaused() const { return m_paused; }
    //! While replies wait for the send queue, no request is granted room: a peer that asks faster than it takes
    //! the replies has to wait.
    void setRepliesWait(bool wait, ngtcp2_tstamp now);
    //! This side does not need the reply on \a stream; no event follows.
    void abandon(Stream &stream, ngtcp2_tstamp now);
    //! Refuses messages that are too slow: see MessagePace. \a lastHeard: of the latest datagram.
    void checkDeadlines(ngtcp2_tstamp now, ngtcp2_tstamp lastHeard, ngtcp2_duration smoothedRtt,
                        StreamList &streams);

    //! The receive budget has room again.
    void admitWaiting(ngtcp2_tstamp now);
    //! \brief A message that keeps its room although others wait, and for how long it would.
    struct Slow
    {
        Stream *stream = nullptr;
        double secondsLeft = 0; //!< at its present rate
    };
    Slow slowest(ngtcp2_tstamp now, StreamList &streams) const;
    void refuseSlow(Stream &stream, ngtcp2_tstamp now);

    // Getters
    ngtcp2_tstamp nextCheck() const { return m_reading > 0 ? m_nextCheck : UINT64_MAX; }
    qint64 bufferedBytes() const { return m_buffered; }
    //! What all of it costs, streams included.
    qint64 heldBytes() const
    {
        const qint64 held = m_held.empty() ? 0 : qint64(m_held.size());
        return m_buffered + (m_reading + held) * Limits::StreamMemory;
    }
    //! When the latest message was complete; 0: never.
    ngtcp2_tstamp lastMessageAt() const { return m_lastMessageAt; }
    quint64 messagesReceived() const { return m_messagesReceived; }
    quint64 messagesRefused() const { return m_messagesRefused; }
    //! The peer sent more resets and malformed messages than any honest one would.
    bool isMisbehaving() const { return m_misbehaving; }
    void offence(ngtcp2_tstamp now);
    //! The peer has taken a request back.
    void cancellation(ngtcp2_tstamp now);

private:
    struct Held
    {
        qint64 streamId;
        quint64 requestId; //!< of a reply
        IncomingMessage::Kind kind;
        Message message;
        qint64 withheldConnection;
        bool streamClosed;
    };

    void complete(Stream &stream);
    void deliverHeld();
    void grantWithheld(StreamList &streams);
    void deliver(qint64 streamId, quint64 requestId, IncomingMessage::Kind kind, Message message);
    bool isHeldBack(const IncomingMessage &message) const
    {
        // A reply is what was asked for, but of a peer that has greeted.
        return m_paused && (message.kind != IncomingMessage::Kind::Reply || !m_isOpen);
    }
    void refuse(Stream &stream, const Error &error, quint64 code);
    void giveUp(Stream &stream, const Error &error);
    void stopReading(Stream &stream);
    void grantCredit(Stream &stream);
    enum class Admission { Admitted, InboxFull, BudgetSpent, RepliesWait };
    Admission admit(Stream &stream);
    void admitWaiting();
    void stopWaiting(Stream &stream)
    {
        if (stream.in->waiting)
            removeWaiting(stream);
    }
    void removeWaiting(Stream &stream);
    void release(IncomingMessage &message);
    void grantConnection(qint64 bytes) { m_window.grant(bytes, m_now); }
    bool mustStandBack(const IncomingMessage &message) const;
    StreamPlaces &placesFor(qint64 streamId)
    {
        return ngtcp2_is_bidi_stream(streamId) ? m_requestPlaces : m_messagePlaces;
    }
    void streamDone(qint64 streamId);
    void grantIfDue(const StreamPlaces &places)
    {
        if (places.isGrantDue())
            grantOwedStreams();
    }

    const MessageOptions &m_options;
    StreamConnection &m_connection;
    const EventSink m_events;
    ReceiveBudget::Account &m_account;
    ngtcp2_tstamp m_now = 0; //!< of the call under way, or the latest
    ConnectionWindow m_window;
    // An empty std::deque takes 600 bytes, and an idle connection has only empty queues.
    std::vector<Stream *> m_waiting;
    std::list<Held> m_held;
    qint64 m_unadmitted = 0; //!< bytes received of messages that wait for room
    MessagePace m_pace;
    qint64 m_buffered = 0;
    int m_reading = 0;
    StreamPlaces m_requestPlaces;
    StreamPlaces m_messagePlaces;
    ngtcp2_tstamp m_nextCheck = UINT64_MAX;
    TokenBucket m_offences;
    TokenBucket m_cancellations;
    quint64 m_messagesReceived = 0;
    quint64 m_messagesRefused = 0;
    ngtcp2_tstamp m_lastMessageAt = 0;
    bool m_paused = true;
    bool m_wasResumed = false;
    bool m_isOpen = false;
    bool m_repliesWait = false;
    bool m_misbehaving = false;
};

} // namespace Qp2p::Engine
