// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One QUIC connection without any socket: datagrams and time in; datagrams, events and a deadline out.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/closingstate.h>
#include <qp2pcore/engine/connectionids.h>
#include <qp2pcore/engine/countingmemory.h>
#include <qp2pcore/engine/cryptoinput.h>
#include <qp2pcore/engine/liveness.h>
#include <qp2pcore/engine/packetsizing.h>
#include <qp2pcore/engine/pathmap.h>
#include <qp2pcore/engine/peerverification.h>
#include <qp2pcore/engine/pendingclose.h>
#include <qp2pcore/engine/provenaddresses.h>
#include <qp2pcore/engine/sendallowance.h>
#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/streamconnection.h>
#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/engine/tls.h>
#include <qp2pcore/engine/writepacing.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Engine {

//! \brief What a session needs from the router that holds it: that datagrams find their way to it.
class SessionHost
{
public:
    virtual ~SessionHost() = default;
    virtual void connectionIdAdded(Session &session, const ngtcp2_cid &id) = 0;
    virtual void connectionIdRemoved(Session &session, const ngtcp2_cid &id) = 0;
    virtual void resetTokenAdded(Session &session, const ResetToken &token) = 0;
    virtual void resetTokenRemoved(Session &session, const ResetToken &token) = 0;
    //! For our connection \a id (RFC 9000 section 10.3.2).
    virtual ResetToken resetTokenFor(const ngtcp2_cid &id) = 0;
    virtual const Settings &settings() const = 0;
    virtual const std::shared_ptr<const TlsContext> &tls() const = 0;
    //! What session tickets are sealed with now; empty: none is given.
    virtual QByteArrayView ticketKey(ngtcp2_tstamp now) = 0;
    //! The peer of a session has come, or was met, with a ticket, and was accepted.
    virtual void handshakeResumed() = 0;
    virtual KnownCertificates &knownCertificates() = 0;
    virtual ReceiveBudget &receiveBudget() = 0;
    virtual SendBudget &sendBudget() = 0;
    //! Bytes that a connection that opens now may be sent at once.
    virtual quint64 initialConnectionWindow() const = 0;
    //! Whether peers may still come, and so whether the endpoint goes on.
    virtual bool isAccepting() const = 0;
};

//! \brief One QUIC connection. What its streams carry is the matter of its StreamProtocol.
//!
//! Call order, by the router: any of handle…() and commands, then write() until it says it is done,
//! then arm a timer for deadline(), then deliver the events. Nothing calls back but the host's
//! bookkeeping, and the sink during write().
//!
//! | state       | meaning                                                                      |
//! |-------------|------------------------------------------------------------------------------|
//! | Handshaking | TLS is under way                                                             |
//! | Established | the peer has proven its key; the protocol says when the connection is open   |
//! | Closing     | we have closed: the closing packet is repeated, and answers late packets     |
//! | Draining    | the peer has closed: late packets are dropped (RFC 9000 section 10.2)        |
//! | Gone        | to be removed                                                                |
class Session final : private StreamConnection, public PeerVerifier
{
public:
    enum class State { Handshaking, Established, Closing, Draining, Gone };

    struct DialOptions
    {
        PeerId expectedPeer; //!< null: anyone
        DialledName name = {}; //!< asked for in the mode AgreedAuthority
        //! What is spoken; null: the first of Settings::protocols.
        std::shared_ptr<const StreamProtocolFactory> protocol = {};
        //! As long as nothing has come back, no more datagrams than this leave, and the dial fails when the
        //! time to answer the last of them is over; 0: no limit.
        quint32 maxUnanswered = 0;
        //! So many bytes may leave beyond those that have come back; 0: no limit. Counts all datagrams of
        //! the dial, also after an answer.
        quint64 maxUnpaidBytes = 0;
        ngtcp2_duration timeout = 0; //!< of the handshake; 0: as in the settings
        QByteArray addressToken = {}; //!< from an earlier connection to this peer, at this address
        QByteArray sessionTicket = {}; //!< from an earlier connection to the expected peer
    };
    struct AcceptOptions
    {
        quint32 version = NGTCP2_PROTO_VER_V1;
        ngtcp2_cid clientSourceId{};
        ngtcp2_cid clientDestinationId{}; //!< of its latest Initial
        std::optional<ngtcp2_cid> originalId; //!< from a Retry token, where there was one
        QByteArray token; //!< valid, of a Retry or of an earlier connection
    };

    //! \brief Null where there is no memory.
    static std::unique_ptr<Session> dial(SessionHost &host, SessionId id, EventList &events,
                                         const Way &way, const DialOptions &options,
                                         ngtcp2_tstamp now);
    static std::unique_ptr<Session> accept(SessionHost &host, SessionId id, EventList &events,
                                           const Way &way, const AcceptOptions &options,
                                           ngtcp2_tstamp now);
    ~Session() override;
    Q_DISABLE_COPY_MOVE(Session)

    // Getters
    SessionId id() const { return m_id; }
    Side side() const override { return m_side; }
    State state() const { return m_state; }
    //! Nothing has come back yet, and so nothing proves that anybody is there.
    bool isUnansweredDial() const
    {
        return m_conn && m_side == Side::Dialler && m_allowance.datagramsReceived() == 0;
    }
    bool isLive() const override { return m_state <= State::Established; }
    //! Live, and its protocol has opened it.
    bool isOpen() const { return m_opened != 0 && isLive(); }
    //! Why it has ended; no error while it is live.
    const Error &endCause() const { return m_closing.cause(); }
    //! Where its datagrams go now.
    const Way &way() const { return m_paths.way(); }
    //! The labels of that: nothing for people or for the wire.
    const Path &path() const { return m_paths.path(); }
    //! Where the peer has proven to be; where datagrams go now says way().
    const SocketAddress &provenAddress() const { return m_provenAddresses.reported(); }
    //! What its streams carry; null before the handshake is completed. A protocol's own header has a typed
    //! accessor.
    StreamProtocol *protocol() const { return m_protocol.get(); }
    //! Null where nothing is proven: see StreamProtocolFactory::alpn().
    PeerId peerId() const { return acceptance().peerId; }
    const Acceptance &acceptance() const { return m_peer.acceptance(); }
    const QList<QByteArray> &peerCertificates() const { return m_peer.certificates(); }
    QString qlogName() const { return m_qlog.name; } //!< empty where none is written
    ConnectionStats stats(ngtcp2_tstamp now) const;
    const std::vector<ngtcp2_cid> &connectionIds() const { return m_ids.ids(); }
    const std::vector<ResetToken> &resetTokens() const { return m_ids.tokens(); }
    ngtcp2_tstamp openedAt() const { return m_opened; } //!< 0: not yet
    ngtcp2_duration minRtt() const; //!< UINT64_MAX: not measured
    //! See StreamProtocol.
    ngtcp2_tstamp lastUsedAt() const { return m_protocol ? m_protocol->lastUsedAt() : 0; }
    double slowestReservation(ngtcp2_tstamp now) const;
    ngtcp2_tstamp lastHeardAt() const override { return m_liveness.lastHeardAt(); }
    //! Of the authorities that the peer's certificate was verified by: see Settings.
    quint32 authoritiesVersion() const { return m_peer.authoritiesVersion(); }
    struct Flight
    {
        quint64 bytes; //!< sent, and neither acknowledged nor lost
        ngtcp2_duration minRtt; //!< UINT64_MAX: not measured
    };
    std::optional<Flight> flight() const; //!< null once it has ended
    //! After so long without an answer to what is in flight the path is likely gone.
    ngtcp2_duration silenceOfLostPath() const;
    const CountingMemory &memory() const { return m_memory; }
    ngtcp2_conn *connection() const { return m_conn; } //!< for tests; null once closed
    //! When handleExpiry() is due.
    ngtcp2_tstamp deadline() const;
    //! \brief From when on sendKeepAlive() may be called, where nothing else is due at the \a deadline of this session;
    //! else that.
    ngtcp2_tstamp earliestDeadline(ngtcp2_tstamp deadline) const
    {
        return deadline == m_liveness.pingAt() ? m_liveness.earliestPing() : deadline;
    }
    //! A PING leaves in the next write, or has been asked for.
    bool isPingRequested(ngtcp2_tstamp now) const { return m_liveness.isPingRequested(now); }

    // What happens to it
    void handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                        ngtcp2_tstamp now);
    void handleExpiry(ngtcp2_tstamp now);
    //! The host at the other end says, or somebody in its name, that nothing receives there.
    void handleUnreachable(ngtcp2_tstamp now);
    void receiveBudgetHasRoom(ngtcp2_tstamp now);
    void sendBudgetHasRoom();
    void refuseSlowestReservation(ngtcp2_tstamp now);

    // Commands
    //! Sends a PING in the next write, although it is not due yet.
    void sendKeepAlive(ngtcp2_tstamp now) { m_liveness.requestPing(now); }
    //! \brief Asks the peer for a sign of life; where none comes within Limits::ProofTime and three round trips the
    //! connection ends.
    void prove(ngtcp2_tstamp now);
    //! \brief Verifies the peer's certificate again, by what the settings say now, and ends the connection with the
    //! alert and reason of a handshake where it is refused. Without effect before the handshake has verified it.
    void verifyAgain(ngtcp2_tstamp now);
    //! \brief Gives the dialler \a token for its next dial (RFC 9000 section 8.1.3). Does nothing for a legacy peer.
    void sendAddressToken(QByteArrayView token);
    //! \brief Only of the dialling side: its packets leave by \a way from now on, which it has not had before, and the
    //! peer follows (RFC 9000 section 9). Returns false where that cannot be, before the handshake is confirmed or while
    //! the peer has given no connection ID for it.
    bool moveTo(const Way &way, ngtcp2_tstamp now);
    //! Ends it with an application \a code; \a cause is what this side reports.
    void close(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now);

    // Output
    enum class WriteResult {
        Done, //!< nothing more to send until something happens
        More, //!< its turn is over; call again
        Blocked, //!< the sink said so; call again when there is a way out
    };
    //! Writes through \a buffer, at least Limits::SessionWriteTurn + Limits::MaxDatagram bytes. \a turn: bytes after
    //! which it is over, at most Limits::SessionWriteTurn; 0: nothing that the protocol has to send, only what QUIC
    //! itself has, such as acknowledgements.
    WriteResult write(std::span<quint8> buffer, size_t turn, const DatagramSink &sink,
                      ngtcp2_tstamp now);

private:
    friend struct SessionCallbacks;

    Session(SessionHost &host, SessionId id, EventList &events, Side side, const Way &way,
            ngtcp2_tstamp now);
    bool start(const AcceptOptions *accept, const QByteArray &token,
               const QByteArray &sessionTicket, ngtcp2_duration handshakeTimeout,
               ngtcp2_tstamp now);
    ngtcp2_transport_params transportParameters() const;
    bool startTls(const QByteArray &sessionTicket);
    std::vector<const StreamProtocolFactory *> offeredProtocols() const;
    const StreamProtocolFactory *agreedProtocol() const;

    VerificationResult verify(const QList<QByteArray> &chain) override;
    VerificationResult verifyOffer(std::span<const quint8> clientHello) override;

    // StreamConnection
    const Settings &settings() const override { return m_host.settings(); }
    const SocketAddress &peerAddress() const override { return m_paths.way().remote; }
    bool isHandshakeConfirmed() const override { return m_confirmed; }
    ngtcp2_tstamp handshakeDeadline() const override { return m_handshakeDeadline; }
    ngtcp2_duration smoothedRtt() const override;
    const EventSink &events() const override { return m_events; }
    ReceiveBudget::Account &receiveAccount() override { return m_account; }
    SendBudget::Account &sendAccount() override { return m_sendAccount; }
    quint64 streamsLeft(StreamKind kind) const override;
    bool openStream(StreamKind kind, int64_t &id, ProtocolStream *stream) override;
    bool isOwnStream(qint64 streamId) const override;
    void attach(qint64 streamId, ProtocolStream *stream) override;
    ProtocolStream *attached(qint64 streamId) const override;
    void shutdownWrite(qint64 streamId, quint64 code) override;
    void shutdownRead(qint64 streamId, quint64 code) override;
    void shutdownStream(qint64 streamId, quint64 code) override;
    quint64 initialWindow() const override;
    void extendWindow(quint64 bytes) override;
    void extendStreamWindow(qint64 streamId, quint64 bytes) override;
    void extendStreams(StreamKind kind, quint64 count) override;
    void setOpen(ngtcp2_tstamp now) override;
    void requestClose(quint64 code, const QByteArray &reason, const Error &cause) override;
    void heldBytesChanged() override;

    int handshakeCompleted();
    void addressTokenReceived(QByteArrayView token);
    TlsOptions::Tickets tickets() const;
    VerificationResult verifyResumption(const StreamProtocolFactory &agreed);
    void exchangeTickets();
    void readSessionTicket();
    void releaseTls();
    void afterInput(ngtcp2_tstamp now);
    void followPath();
    bool closeAsRequested(ngtcp2_tstamp now);
    void failed(int liberr, ngtcp2_tstamp now);
    void closeWith(const ngtcp2_ccerr &ccerr, const Error &cause, ngtcp2_tstamp now);
    void end(State state, const Error &cause, ngtcp2_tstamp now);

    class Run;
    inline size_t nextPacketSize(ngtcp2_tstamp now);
    inline void packetWritten(size_t size, ngtcp2_tstamp now);
    void endPing(ngtcp2_tstamp now);
    bool isLonePacket(size_t size, ngtcp2_tstamp now) const;
    WriteResult writePackets(Run &run, size_t turn, ngtcp2_tstamp now);
    ngtcp2_ssize writePacket(std::span<quint8> dest, ngtcp2_path *path, ngtcp2_pkt_info *info,
                             StreamProtocol *protocol, ngtcp2_tstamp now);
    bool writeClosingPacket(const DatagramSink &sink);

    SessionHost &m_host;
    const SessionId m_id;
    const Side m_side;
    State m_state = State::Handshaking;
    PathMap m_paths;
    ProvenAddresses m_provenAddresses;
    ngtcp2_crypto_conn_ref m_ref{};
    CountingMemory m_memory;
    ReceiveBudget::Account m_account;
    SendBudget::Account m_sendAccount;
    EventSink m_events;
    TlsSession m_tls; // null once the handshake is completed and no ticket is waited for
    ngtcp2_conn *m_conn = nullptr;
    ngtcp2_tstamp m_handshakeDeadline;
    ngtcp2_tstamp m_opened = 0;
    ConnectionIds m_ids;
    QlogSink m_qlog;
    std::shared_ptr<const StreamProtocolFactory> m_dialProtocol; // null where the peer has dialled
    std::unique_ptr<StreamProtocol> m_protocol;
    CryptoInput m_cryptoInput;
    PeerVerification m_peer;
    SendAllowance m_allowance;
    Liveness m_liveness;
    PacketSizing m_packetSizing;
    WritePacing m_pacing;
    PendingClose m_pendingClose;
    ClosingState m_closing;
    bool m_confirmed = false;
    bool m_resetReceived = false;
    quint8 m_addressTokensReceived = 0;
};

} // namespace Qp2p::Engine
