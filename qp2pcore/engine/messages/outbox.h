// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Outgoing messages: the bounded queue, whose turn it is, and what the peer has acknowledged.
#pragma once

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/engine/messages/openingqueue.h>
#include <qp2pcore/engine/messages/requestdeadlines.h>
#include <qp2pcore/engine/messages/stream.h>
#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/engine/streamconnection.h>

#include <algorithm>
#include <array>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <vector>

namespace Qp2p::Engine {

//! \brief The sending half of MessageStreams.
//!
//! Messages wait by priority, higher first, and within one in order, large and small ones apart. A
//! waiting one gets a stream as soon as the peer allows one, a large one when few others of its
//! priority and above are under way. Open streams of the same priority take turns, so that a large
//! message never holds up a small one. A message that has begun and has not been served for two seconds
//! gets a small turn whatever its priority: receivers may ask for 1 KiB/s of each.
//!
//! A reply that the queue has no room for waits beside it: there are no more of them than requests are open,
//! and their bytes count in the send budget of all connections. Beyond that budget nothing is accepted.
//!
//! Writing a packet: openStreams(), then next() and gather() and sent()/blocked() until the packet
//! is full or next() is null.
class Outbox
{
public:
    Outbox(const MessageOptions &options, StreamConnection &connection, StreamList &streams);

    // Commands
    //! \brief Returns the message's id; what is wrong with it comes as an event. A request's reply must be
    //! here by \a deadline; see takeExpired().
    quint64 send(OutgoingMessage::Kind kind, const Message &message, int priority,
                 ngtcp2_tstamp deadline = UINT64_MAX);
    //! The same on \a stream, which the peer opened.
    quint64 reply(Stream &stream, const Message &message, int priority);
    //! \brief Takes a request back before it has a stream. Returns false where it has one, or has gone.
    bool cancelWaiting(quint64 requestId);
    //! What there is of a message on \a stream is not sent any more; no event follows.
    void abandon(Stream &stream);
    //! Everything that is not acknowledged fails with \a reason.
    void failAll(const Error &reason);
    //! The stream of a request has ended, or its reply is here.
    void requestEnded(const Stream &stream)
    {
        if (!m_deadlines.isEmpty())
            m_deadlines.remove(stream.requestId);
    }
    //! When the first request is overdue.
    ngtcp2_tstamp nextDeadline() const { return m_deadlines.next(); }
    //! A request whose reply is overdue; each is returned once.
    std::optional<quint64> takeExpired(ngtcp2_tstamp now) { return m_deadlines.takeExpired(now); }
    //! The peer has said how large a message it reads.
    void setPeerMaxMessageSize(quint64 bytes);
    //! What has waited for this connection. It was within the limits, which are not asked again.
    void adopt(OpeningQueue &queue);
    //! \brief The peer has greeted: from now on messages are reported as acknowledged, first those that were before.
    void setOpen();

    // Writing
    void openStreams();
    bool hasReady() const { return !m_ready.empty(); }
    Stream *next(ngtcp2_tstamp now);
    size_t gather(const Stream &stream, ngtcp2_vec vectors[4]) const;
    void sent(Stream &stream, qint64 bytes);
    //! The peer grants \a stream no credit for now.
    void blocked(Stream &stream);
    bool hasWork() const
    {
        return !m_ready.empty()
            || std::any_of(m_waiting.begin(), m_waiting.end(),
                           [](const auto &waiting) { return !waiting.empty(); });
    }

    // What the peer says
    void creditGranted(Stream &stream);
    void acknowledged(Stream &stream, qint64 bytes, ngtcp2_tstamp now);
    //! It takes no more of the message on \a stream, whose error code is \a code.
    void refused(Stream &stream, quint64 code);
    void failed(Stream &stream, const Error &reason);

    // Getters
    //! An empty queue takes any legal message, as far as the budget of all connections has room.
    bool hasRoomFor(qint64 bytes) const
    {
        const bool room = !repliesWait() && queueTakes(bytes + HeaderSize);
        m_tellWhenHalfEmpty = m_tellWhenHalfEmpty || !room; // who asks wants to know
        return room && m_account.hasRoom(bytes + HeaderSize);
    }
    //! There is room in the budget for what it had refused.
    void budgetHasRoom() { m_events.add(Events::QueueAvailable{}); }
    bool repliesWait() const { return !m_waitingReplies.empty(); }
    //! Replies that wait for the queue included.
    qint64 queuedBytes() const { return m_account.queued(); }
    quint64 messagesSent() const { return m_messagesSent; }
    quint64 messagesFailed() const { return m_messagesFailed; }
    //! When the latest message was acknowledged; 0: never.
    ngtcp2_tstamp lastMessageAt() const { return m_lastMessageAt; }

private:
    //! No queue in it is empty: an empty std::deque takes 600 bytes.
    template<typename T>
    using ByPriority = std::map<int, std::deque<T>, std::greater<int>>;
    static constexpr qint64 HeaderSize = sizeof(OutgoingMessage::head);

    Error noRoom(OutgoingMessage::Kind kind, const Message &message) const;
    static bool isLarge(qint64 size) { return size > Limits::StreamTurn; }
    //! Where it does not, the event says why.
    bool takes(OutgoingMessage::Kind kind, quint64 id, const Message &message);
    //! Behind all of its priority.
    void wait(OutgoingMessage::Kind kind, quint64 id, const Message &message, int priority,
              ngtcp2_tstamp deadline);
    void charge(OutgoingMessage &outgoing, OutgoingMessage::Kind kind, quint64 id,
                const Message &message, int priority);
    bool queueTakes(qint64 size) const
    {
        return m_queuedBytes == 0 || m_queuedBytes + size <= m_options.sendQueueLimit;
    }
    void enqueue(const OutgoingMessage &message);
    void serveReplies();
    void openStreams(ByPriority<OutgoingMessage> &waiting);
    Stream *openStream(OutgoingMessage::Kind kind);
    void findOverdue(ngtcp2_tstamp now);
    void makeReady(Stream &stream);
    void forget(Stream &stream);
    void released(qint64 bytes);
    int largeUnderWay(int priority) const;
    void countUnderWay(const OutgoingMessage &message, int change);

    qint64 m_maxMessageSize; // the smaller one of both sides
    const MessageOptions &m_options;
    StreamConnection &m_connection;
    const EventSink m_events;
    StreamList &m_streams;
    SendBudget::Account &m_account;

    std::array<ByPriority<OutgoingMessage>, 4> m_waiting; // messages and requests, large ones first
    ByPriority<Stream *> m_ready;
    size_t m_readyCount = 0;
    std::map<int, int, std::greater<int>> m_largeUnderWay; // by priority: begun and not all sent
    quint64 m_nextId = 1;
    ByPriority<Stream *> m_waitingReplies;
    RequestDeadlines m_deadlines;
    qint64 m_queuedBytes = 0; // without those
    mutable bool m_tellWhenHalfEmpty = false;
    std::vector<quint64> m_acknowledgedEarly; // before the peer has greeted; reported once it has
    bool m_isOpen = false;
    quint64 m_messagesSent = 0;
    quint64 m_messagesFailed = 0;
    ngtcp2_tstamp m_lastMessageAt = 0;
    ngtcp2_tstamp m_now = 0; // of the latest next()
    ngtcp2_tstamp m_overdueCheckAt = 0;
    std::list<Stream *> m_overdue; // ready, begun, and not served for long
};

} // namespace Qp2p::Engine
