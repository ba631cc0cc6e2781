// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages on the streams of a connection: what all protocols of messages have in common.
#pragma once

#include <qp2pcore/engine/messages/inbox.h>
#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/engine/messages/outbox.h>
#include <qp2pcore/engine/messages/stream.h>
#include <qp2pcore/engine/streamconnection.h>

#include <algorithm>
#include <optional>

namespace Qp2p::Engine {

//! \brief Inbox, outbox and the streams between them. Commands are for those above the engine, each followed by
//! Router::touch(); the rest is for the protocol that owns this, in the terms of StreamProtocol.
class MessageStreams
{
public:
    //! \a options and \a connection outlive this.
    MessageStreams(const MessageOptions &options, StreamConnection &connection);

    // Commands
    //! \brief Returns the message's id; what becomes of it comes as an event.
    quint64 send(const Message &message, int priority);
    //! Fails with RequestTimeout where there is no reply by \a deadline.
    quint64 request(const Message &message, int priority, ngtcp2_tstamp deadline = UINT64_MAX);
    //! The reply to \a requestId is not needed any more: its stream ends immediately, and no event follows.
    void cancelRequest(quint64 requestId, ngtcp2_tstamp now);
    //! 0 where the stream is gone.
    quint64 reply(qint64 streamId, const Message &message, int priority);
    void reject(qint64 streamId, quint64 code);
    void pauseReceiving() { m_inbox.pause(); }
    void resumeReceiving(ngtcp2_tstamp now);

    // Getters
    const Outbox &outbox() const { return m_outbox; }
    bool isReceivingPaused() const { return m_inbox.isPaused(); }
    //! When the latest whole message came or was acknowledged; 0: never.
    ngtcp2_tstamp lastMessageAt() const
    {
        return std::max(m_inbox.lastMessageAt(), m_outbox.lastMessageAt());
    }
    void addStats(ConnectionStats &stats) const;

    // Streams
    void streamOpened(qint64 streamId)
    {
        Stream &stream = m_streams.add();
        stream.id = streamId;
        m_inbox.opened(stream, m_connection.now());
        m_connection.attach(streamId, &stream);
    }
    void streamData(ProtocolStream *stream, std::span<const quint8> data, Fin fin)
    {
        if (stream)
            m_inbox.received(streamOf(stream), data.data(), data.size(), fin, m_connection.now());
        else
            m_connection.extendWindow(data.size());
    }
    void streamReset(ProtocolStream *stream, quint64 code);
    void streamClosed(qint64 streamId, ProtocolStream *closed, std::optional<quint64> code);
    void streamAcknowledged(ProtocolStream *stream, quint64 bytes)
    {
        if (stream)
            m_outbox.acknowledged(streamOf(stream), qint64(bytes), m_connection.now());
    }
    void streamCreditGranted(ProtocolStream *stream)
    {
        if (stream)
            m_outbox.creditGranted(streamOf(stream));
    }

    // Output
    void aboutToWrite()
    {
        m_outbox.openStreams();
        if (m_outbox.hasReady())
            m_inbox.grantOwedStreams();
    }
    bool next(StreamWrite &write, ngtcp2_tstamp now)
    {
        Stream *stream = m_outbox.next(now);
        if (!stream)
            return false;
        write.streamId = stream->id;
        write.stream = stream;
        write.count = m_outbox.gather(*stream, write.vectors.data());
        write.fin = Fin::Yes;
        return true;
    }
    void written(const StreamWrite &write, size_t bytes)
    {
        m_outbox.sent(streamOf(write.stream), qint64(bytes));
    }
    void blocked(const StreamWrite &write) { m_outbox.blocked(streamOf(write.stream)); }
    void stopped(const StreamWrite &write);

    // The connection
    //! The peer has said how large a message it reads.
    void setPeerMaxMessageSize(quint64 bytes) { m_outbox.setPeerMaxMessageSize(bytes); }
    bool isMisbehaving() const { return m_inbox.isMisbehaving(); }
    //! Requests go on where no reply waits any more.
    void inputHandled(ngtcp2_tstamp now) { m_inbox.setRepliesWait(m_outbox.repliesWait(), now); }
    ngtcp2_tstamp deadline() const
    {
        return std::min(m_inbox.nextCheck(), m_outbox.nextDeadline());
    }
    void expireRequests(ngtcp2_tstamp now);
    bool isCheckDue(ngtcp2_tstamp now) const { return now >= m_inbox.nextCheck(); }
    void checkDeadlines(ngtcp2_tstamp now);
    void ended(const Error &cause);
    qint64 heldBytes() const { return m_inbox.heldBytes(); }
    void receiveBudgetHasRoom(ngtcp2_tstamp now) { m_inbox.admitWaiting(now); }
    //! See OpeningQueue.
    void adopt(OpeningQueue &queue) { m_outbox.adopt(queue); }
    //! Both sides have greeted: the results of what was sent before are reported.
    void setOpen(ngtcp2_tstamp now);
    void sendBudgetHasRoom() { m_outbox.budgetHasRoom(); }
    double slowestReservation(ngtcp2_tstamp now);
    void refuseSlowestReservation(ngtcp2_tstamp now);

private:
    static Stream &streamOf(ProtocolStream *stream) { return *static_cast<Stream *>(stream); }

    StreamConnection &m_connection;
    StreamList m_streams;
    Outbox m_outbox;
    Inbox m_inbox;
};

} // namespace Qp2p::Engine
