// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a connection offers to the protocol of its streams.
#pragma once

#include <qp2pcore/certificates/side.h>
#include <qp2pcore/engine/eventsink.h>
#include <qp2pcore/engine/receivebudget.h>
#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/streamprotocol.h>

namespace Qp2p::Engine {

//! \brief A QUIC connection as its StreamProtocol sees it. Session is one.
//!
//! Streams may be used while isLive(); everything else always.
class StreamConnection
{
public:
    // About the connection
    virtual Side side() const = 0;
    virtual const Settings &settings() const = 0;
    virtual const SocketAddress &peerAddress() const = 0;
    virtual bool isLive() const = 0;
    //! RFC 9001 section 4.1.2. Until then the peer may still refuse our certificate.
    virtual bool isHandshakeConfirmed() const = 0;
    //! Of the call under way, or the latest. Asked for each piece of data, so no virtual call.
    ngtcp2_tstamp now() const { return m_now; }
    //! By when it should be open.
    virtual ngtcp2_tstamp handshakeDeadline() const = 0;
    virtual ngtcp2_tstamp lastHeardAt() const = 0; //!< of the latest datagram
    virtual ngtcp2_duration smoothedRtt() const = 0;
    virtual const EventSink &events() const = 0;
    virtual ReceiveBudget::Account &receiveAccount() = 0;
    virtual SendBudget::Account &sendAccount() = 0;

    // Streams
    virtual quint64 streamsLeft(StreamKind kind) const = 0; //!< that the peer allows now
    //! \brief Sets \a id, or returns false where the peer allows none.
    virtual bool openStream(StreamKind kind, int64_t &id, ProtocolStream *stream) = 0;
    virtual bool isOwnStream(qint64 streamId) const = 0; //!< opened by this side
    virtual void attach(qint64 streamId, ProtocolStream *stream) = 0;
    virtual ProtocolStream *attached(qint64 streamId) const = 0;
    //! Sends no more of it (RESET_STREAM).
    virtual void shutdownWrite(qint64 streamId, quint64 code) = 0;
    //! Reads no more of it (STOP_SENDING).
    virtual void shutdownRead(qint64 streamId, quint64 code) = 0;
    virtual void shutdownStream(qint64 streamId, quint64 code) = 0; //!< both

    // Credit for the peer (RFC 9000 section 4)
    virtual quint64 initialWindow() const = 0; //!< of the connection, bytes
    virtual void extendWindow(quint64 bytes) = 0;
    virtual void extendStreamWindow(qint64 streamId, quint64 bytes) = 0;
    virtual void extendStreams(StreamKind kind, quint64 count) = 0;
    //! For \a bytes of the stream that are not kept.
    void extendWindows(qint64 streamId, quint64 bytes)
    {
        extendStreamWindow(streamId, bytes);
        extendWindow(bytes);
    }

    //! From now on the connection counts as open, and is announced.
    virtual void setOpen(ngtcp2_tstamp now) = 0;
    //! \brief Ends the connection with an application \a code as soon as the call under way has returned;
    //! \a cause is what this side reports.
    virtual void requestClose(quint64 code, const QByteArray &reason, const Error &cause) = 0;
    //! StreamProtocol::heldBytes() has changed outside of a packet.
    virtual void heldBytesChanged() = 0;

protected:
    explicit StreamConnection(ngtcp2_tstamp now)
        : m_now(now)
    {
    }
    ~StreamConnection() = default;

    ngtcp2_tstamp m_now;
};

} // namespace Qp2p::Engine
