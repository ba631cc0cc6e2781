// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The two halves of a QUIC stream that carries a message, and the list that owns them.
#pragma once

#include <qp2pcore/engine/messages/wiremessage.h>
#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/message.h>

#include <ngtcp2/ngtcp2.h>

#include <array>
#include <list>
#include <optional>

namespace Qp2p::Engine {

//! \brief A message on its way out. ngtcp2 keeps pointers into its bytes until they are
//! acknowledged, so it neither moves nor changes once its stream is open.
struct OutgoingMessage
{
    enum class Kind : quint8 { Message, Request, Reply };

    quint64 id = 0;
    int priority = 0;
    Kind kind = Kind::Message;
    std::array<quint8, 16> head{};
    Message message;
    qint64 size = 0; //!< header included
    qint64 sent = 0; //!< bytes that ngtcp2 has taken
    qint64 acknowledged = 0;
    qint64 turn = 0; //!< bytes sent since it was last its turn
    ngtcp2_tstamp servedAt = 0; //!< when bytes of it were last sent
    bool failed = false;
    bool waiting = false; //!< a reply, for room in the send queue
};

//! \brief A message on its way in.
struct IncomingMessage
{
    enum class Kind : quint8 { Message, Request, Reply };
    enum class State : quint8 { Reading, Held, Delivered, Refused };

    IncomingMessage(Kind k, qint64 maxSize, ngtcp2_tstamp now)
        : reader(maxSize)
        , since(now)
        , kind(k)
    {
    }

    MessageReader reader;
    ngtcp2_tstamp since; //!< start of the current deadline period
    qint64 totalAtSince = 0; //!< bytes of all messages of the connection at that time
    qint64 receivedAtSince = 0; //!< bytes of this one at that time
    ngtcp2_tstamp notBefore = 0; //!< when it may be too slow, where the path was silent meanwhile
    ngtcp2_tstamp admittedAt = 0; //!< when it got its room
    qint64 received = 0; //!< bytes of its stream so far
    qint64 receivedAtCheck = 0; //!< at the latest check of deadlines
    double rate = 0; //!< bytes a second lately, a moving average over those checks
    qint64 withheldStream = 0; //!< bytes for which no stream credit was granted yet
    qint64 withheldConnection = 0; //!< likewise of the connection
    qint64 reserved = 0; //!< bytes of the inbox that are set aside for it
    Kind kind;
    State state = State::Reading;
    bool waiting = false; //!< for room in the inbox

    //! A reply that has not begun is no burden and has no deadline.
    bool hasBegun() const { return kind != Kind::Reply || received > 0; }
};

struct Stream : ProtocolStream
{
    int64_t id = -1;
    quint64 requestId = 0; //!< of our own request, to match its reply
    std::optional<OutgoingMessage> out;
    std::optional<IncomingMessage> in;
    bool givenUp = false; //!< this side ended it early, or has counted that the peer did
    bool answered = false; //!< of a request: a reply was made, or refused for good
    std::list<Stream>::iterator self;

    bool isBidirectional() const { return ngtcp2_is_bidi_stream(id) != 0; }
};

//! \brief Owns the streams of a connection; a Stream stays where it is until it is removed.
class StreamList
{
public:
    Stream &add()
    {
        m_streams.emplace_front();
        m_streams.front().self = m_streams.begin();
        return m_streams.front();
    }
    void remove(Stream &stream) { m_streams.erase(stream.self); }
    std::list<Stream> &all() { return m_streams; }

private:
    std::list<Stream> m_streams;
};

} // namespace Qp2p::Engine
