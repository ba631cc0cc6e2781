// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When a connection of messages opens, and what both protocols of messages do in the same way.
#pragma once

#include <qp2pcore/engine/messages/messagestreams.h>
#include <qp2pcore/engine/streamconnection.h>
#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/protocol.h>

#include <memory>

namespace Qp2p::Engine {

class Session;

//! \brief A protocol of messages, as those above the engine see it.
//!
//! | state    | meaning                                                                     |
//! |----------|-----------------------------------------------------------------------------|
//! | greeting | no message passes yet: the dial may be held, the peer has a time to greet   |
//! | open     | messages flow; see Events::Opened                                           |
//!
//! With FirstMessages::WithFinished a dial sends its messages already while it greets, behind its hello. What comes of
//! them is reported once the connection is open, and they fail where it never is.
class MessagingProtocol : public StreamProtocol
{
public:
    //! \brief What \a session speaks; null where that is no protocol of messages, or nothing yet.
    static MessagingProtocol *of(const Session &session);

    virtual Protocol protocol() const = 0;
    //! Empty where the peer says none.
    virtual const Hello &peerHello() const = 0;
    //! What our own hello claimed.
    virtual Hello::Role ownRole() const = 0;
    MessageStreams &messages() { return m_messages; }
    const MessageStreams &messages() const { return m_messages; }

    //! Goes on where GreetingOptions::hold kept the dial back.
    void greet(ngtcp2_tstamp now);

    // StreamProtocol
    void streamOpened(qint64 streamId) override { m_messages.streamOpened(streamId); }
    void streamData(qint64 streamId, ProtocolStream *stream, std::span<const quint8> data,
                    Fin fin) override
    {
        Q_UNUSED(streamId)
        m_messages.streamData(stream, data, fin);
    }
    void streamReset(qint64 streamId, ProtocolStream *stream, quint64 code) override
    {
        Q_UNUSED(streamId)
        m_messages.streamReset(stream, code);
    }
    void streamClosed(qint64 streamId, ProtocolStream *stream, std::optional<quint64> code) override
    {
        m_messages.streamClosed(streamId, stream, code);
    }
    void streamAcknowledged(qint64 streamId, ProtocolStream *stream, quint64 bytes) override
    {
        Q_UNUSED(streamId)
        m_messages.streamAcknowledged(stream, bytes);
    }
    void streamCreditGranted(qint64 streamId, ProtocolStream *stream) override
    {
        Q_UNUSED(streamId)
        m_messages.streamCreditGranted(stream);
    }
    void inputHandled(ngtcp2_tstamp now) override;
    void aboutToWrite() override
    {
        if (m_sends)
            m_messages.aboutToWrite();
    }
    bool next(StreamWrite &write, ngtcp2_tstamp now) override
    {
        return m_sends && m_messages.next(write, now);
    }
    void written(const StreamWrite &write, size_t bytes) override
    {
        m_messages.written(write, bytes);
    }
    void blocked(const StreamWrite &write) override { m_messages.blocked(write); }
    void stopped(const StreamWrite &write) override { m_messages.stopped(write); }
    ngtcp2_tstamp deadline() const override;
    void handleExpiry(ngtcp2_tstamp now) override;
    void ended(const Error &cause) override { m_messages.ended(cause); }
    qint64 heldBytes() const override { return m_messages.heldBytes(); }
    void receiveBudgetHasRoom(ngtcp2_tstamp now) override { m_messages.receiveBudgetHasRoom(now); }
    void sendBudgetHasRoom() override { m_messages.sendBudgetHasRoom(); }
    double slowestReservation(ngtcp2_tstamp now) override
    {
        return m_messages.slowestReservation(now);
    }
    void refuseSlowestReservation(ngtcp2_tstamp now) override
    {
        m_messages.refuseSlowestReservation(now);
    }
    ngtcp2_tstamp lastUsedAt() const override { return m_messages.lastMessageAt(); }
    void addStats(ConnectionStats &stats) const override { m_messages.addStats(stats); }

protected:
    MessagingProtocol(std::shared_ptr<const MessageOptions> options,
                      const GreetingOptions &greeting, StreamConnection &connection);

    //! \brief Says what is to be said before the connection is open. Called after each packet, while not held.
    //! Returns whether nothing of it is missing.
    virtual bool sayHello() { return true; }
    //! Whether the peer has said what it has to.
    virtual bool isPeerReady() const = 0;
    //! Events::Opened is in the list.
    virtual void opened() {}

    const MessageOptions &options() const { return *m_options; }
    StreamConnection &connection() { return m_connection; }
    const StreamConnection &connection() const { return m_connection; }
    bool isOpen() const { return m_open; }
    //! Whether messages leave: from the hello on, or once it is open (see FirstMessages).
    bool isSending() const { return m_sends; }

private:
    void advance(ngtcp2_tstamp now);
    void beginSending();

    const std::shared_ptr<const MessageOptions> m_options;
    StreamConnection &m_connection;
    MessageStreams m_messages;
    ngtcp2_tstamp m_greetBy; // when the peer must have greeted
    std::shared_ptr<OpeningQueue> m_queue; // until it is taken
    const FirstMessages m_firstMessages;
    bool m_held;
    bool m_reportsConfirmation; // once
    bool m_sends = false;
    bool m_open = false;
};

} // namespace Qp2p::Engine
