// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the streams of a connection carry: the seam between QUIC and the protocols above it.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <ngtcp2/ngtcp2.h>

#include <array>
#include <memory>
#include <optional>
#include <span>

namespace Qp2p::Engine {

class StreamConnection;
enum class Side;

//! Whether a piece of stream data is the last of its stream.
enum class Fin { No, Yes };

enum class StreamKind : quint8 { Bidirectional, Unidirectional };

//! \brief What a protocol attaches to a stream, so that calls about the stream need no search.
class ProtocolStream
{
protected:
    ~ProtocolStream() = default;
};

//! \brief Bytes of one stream for the next packet. They stay where they are until they are acknowledged, for
//! ngtcp2 points into them.
struct StreamWrite
{
    qint64 streamId = -1;
    ProtocolStream *stream = nullptr; //!< as attached
    size_t count = 0; //!< of the vectors in use
    Fin fin = Fin::No; //!< the stream ends with these bytes
    std::array<ngtcp2_vec, 4> vectors;
};

//! \brief What the streams of one connection carry. Made once the handshake is completed; lives as long as its
//! Session, also while that is closing.
//!
//! Streams are those of RFC 9000 section 2; \a stream is what the protocol attached to one, null where it
//! attached nothing. No call may make the connection write or delete anything: a protocol records what
//! happens, adds events, and uses its StreamConnection. What a simple protocol has no answer to does nothing
//! by default.
class StreamProtocol
{
public:
    virtual ~StreamProtocol() = default;

    // In the middle of a packet of the peer
    virtual void streamOpened(qint64 streamId) = 0;
    virtual void streamData(qint64 streamId, ProtocolStream *stream, std::span<const quint8> data,
                            Fin fin) = 0;
    //! The peer will send no more of it (RESET_STREAM), with its error code.
    virtual void streamReset(qint64 streamId, ProtocolStream *stream, quint64 code)
    {
        Q_UNUSED(streamId)
        Q_UNUSED(stream)
        Q_UNUSED(code)
    }
    //! Both halves have ended; what is attached is not used any more. \a code: where either ended early.
    virtual void streamClosed(qint64 streamId, ProtocolStream *stream,
                              std::optional<quint64> code) = 0;
    //! The next \a bytes of what was sent on it have arrived.
    virtual void streamAcknowledged(qint64 streamId, ProtocolStream *stream, quint64 bytes)
    {
        Q_UNUSED(streamId)
        Q_UNUSED(stream)
        Q_UNUSED(bytes)
    }
    //! The peer takes more on this stream (MAX_STREAM_DATA).
    virtual void streamCreditGranted(qint64 streamId, ProtocolStream *stream) = 0;
    //! The peer allows more streams (MAX_STREAMS).
    virtual void streamsGranted(StreamKind kind) { Q_UNUSED(kind) }
    //! A datagram of RFC 9221; only where StreamProtocolFactory::maxDatagramFrame() allows any.
    virtual void datagramReceived(std::span<const quint8> data) { Q_UNUSED(data) }

    //! Between packets: all that is above was called for one, or the handshake is completed or confirmed.
    virtual void inputHandled(ngtcp2_tstamp now) = 0;

    // Output
    //! A packet is about to be written: streams may be opened and credit granted.
    virtual void aboutToWrite() {}
    //! \brief Fills in \a write; returns false where there is nothing to send. Follow: written(), then the
    //! next() for the same packet; or one of blocked() and stopped().
    virtual bool next(StreamWrite &write, ngtcp2_tstamp now) = 0;
    virtual void written(const StreamWrite &write, size_t bytes) = 0;
    //! The peer grants the stream no credit for now.
    virtual void blocked(const StreamWrite &write) = 0;
    //! The peer does not read the stream any more (STOP_SENDING), or the stream is gone.
    virtual void stopped(const StreamWrite &write) = 0;

    // Time
    //! When handleExpiry() is due; UINT64_MAX: never.
    virtual ngtcp2_tstamp deadline() const { return UINT64_MAX; }
    virtual void handleExpiry(ngtcp2_tstamp now) { Q_UNUSED(now) }

    //! The connection has ended: nothing is sent or received any more, and all that is kept goes.
    virtual void ended(const Error &cause) { Q_UNUSED(cause) }

    // What it holds and is good for
    //! Bytes that were received in order and are not handed over, with what keeping them costs.
    virtual qint64 heldBytes() const { return 0; }
    //! The receive budget has room for a reservation that waits.
    virtual void receiveBudgetHasRoom(ngtcp2_tstamp now) { Q_UNUSED(now) }
    //! The send budget has room for what it had refused.
    virtual void sendBudgetHasRoom() {}
    //! For how many seconds the slowest of its reservations in the receive budget would go on; 0: it has none.
    virtual double slowestReservation(ngtcp2_tstamp now)
    {
        Q_UNUSED(now)
        return 0;
    }
    //! Others wait for that one's room.
    virtual void refuseSlowestReservation(ngtcp2_tstamp now) { Q_UNUSED(now) }
    //! When it was last of use to the program; 0: never.
    virtual ngtcp2_tstamp lastUsedAt() const { return 0; }
    virtual void addStats(ConnectionStats &stats) const { Q_UNUSED(stats) }
};

//! \brief Makes the protocol of a connection. Shared by connections, and asked inside callbacks: it must only look.
class StreamProtocolFactory
{
public:
    virtual ~StreamProtocolFactory() = default;

    //! RFC 7301 name; empty: spoken with peers that name none, and whose dialling side proves nothing.
    virtual QByteArray alpn() const = 0;
    //! The server name that its dials ask for (RFC 6066), whatever was dialled; empty: none of its own.
    virtual QByteArray serverName() const { return {}; }
    //! How many streams of \a kind a peer may open at first, where this side is \a side.
    virtual quint64 initialStreams(StreamKind kind, Side side) const = 0;
    //! The largest DATAGRAM frame that a peer may send (RFC 9221 section 3), bytes; 0: none.
    virtual quint64 maxDatagramFrame() const { return 0; }
    //! \brief Why a peer whose key is proven is not wanted; no error where it is.
    virtual Error refuse(const PeerId &peer, const SocketAddress &remote) const
    {
        Q_UNUSED(peer)
        Q_UNUSED(remote)
        return {};
    }
    //! \a connection outlives what is returned. Called in the middle of a packet.
    virtual std::unique_ptr<StreamProtocol> create(StreamConnection &connection) const = 0;
};

} // namespace Qp2p::Engine
