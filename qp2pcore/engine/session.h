// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One QUIC connection without any socket: datagrams and time in; datagrams, events and a deadline out.
#pragma once

#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/blackhole.h>
#include <qp2pcore/engine/countingmemory.h>
#include <qp2pcore/engine/messages/controlstream.h>
#include <qp2pcore/engine/messages/inbox.h>
#include <qp2pcore/engine/messages/outbox.h>
#include <qp2pcore/engine/pathmap.h>
#include <qp2pcore/engine/posthandshake.h>
#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/tls.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Engine {

class Session;
using ResetToken = std::array<quint8, NGTCP2_STATELESS_RESET_TOKENLEN>;

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
    virtual const TlsContext &tls() const = 0;
    virtual ReceiveBudget &receiveBudget() = 0;
    virtual SendBudget &sendBudget() = 0;
    //! Bytes that a connection that opens now may be sent at once.
    virtual quint64 initialConnectionWindow() const = 0;
    //! Whether peers may still come, and so whether the endpoint goes on.
    virtual bool isAccepting() const = 0;
};

//! \brief One QUIC connection.
//!
//! Call order, by the router: any of handle…() and commands, then write() until it says it is done,
//! then arm a timer for deadline(), then deliver the events. Nothing calls back but the host's
//! bookkeeping, and the sink during write().
//!
//! | state       | meaning                                                                      |
//! |-------------|------------------------------------------------------------------------------|
//! | Handshaking | TLS is under way                                                             |
//! | Greeting    | the peer has proven its key; the hellos are under way, no message passes yet |
//! | Open        | messages flow                                                                |
//! | Closing     | we have closed: the closing packet is repeated, and answers late packets     |
//! | Draining    | the peer has closed: late packets are swallowed (RFC 9000 section 10.2)      |
//! | Gone        | to be removed                                                                |
class Session final : public PeerJudge
{
public:
    enum class State { Handshaking, Greeting, Open, Closing, Draining, Gone };

    struct DialOptions
    {
        PeerId expectedPeer; //!< null: anyone
        DialledName name = {}; //!< asked for in the mode AgreedAuthority
        Protocol protocol = Protocol::Qp2p1;
        bool holdHello = false; //!< until greet(): for races
        //! Not empty: the dial only carries this to the peer, which then closes with CloseCode::Arrived.
        QByteArray dialBackNonce = {};
        //! As long as nothing has come back, no more datagrams than this leave, and the dial fails when the
        //! time to answer the last of them is over; 0: no limit.
        quint32 maxUnanswered = 0;
        //! So many bytes may leave beyond those that have come back; 0: no limit. Counts all datagrams of
        //! the dial, also after an answer.
        quint64 maxUnpaidBytes = 0;
        ngtcp2_duration timeout = 0; //!< of the handshake; 0: as in the settings
    };
    struct AcceptOptions
    {
        quint32 version = NGTCP2_PROTO_VER_V1;
        ngtcp2_cid clientSourceId{};
        ngtcp2_cid clientDestinationId{}; //!< of its latest Initial
        std::optional<ngtcp2_cid> originalId; //!< from a Retry token, where there was one
        QByteArray token;
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
    Side side() const { return m_side; }
    State state() const { return m_state; }
    //! Nothing has come back yet, and so nothing proves that anybody is there.
    bool isUnansweredDial() const
    {
        return m_conn && m_side == Side::Dialler && m_datagramsReceived == 0;
    }
    bool isLive() const { return m_state <= State::Open; }
    //! Why it has ended; no error while it is live.
    const Error &endCause() const { return m_endCause; }
    //! Where its datagrams go now.
    const Way &way() const { return m_paths.way(); }
    //! The labels of that: nothing for people or for the wire.
    const Path &path() const { return m_paths.path(); }
    //! Known from Greeting on.
    Protocol protocol() const { return m_protocol; }
    //! Null where a legacy peer has dialled: it proves nothing.
    PeerId peerId() const { return m_acceptance.peerId; }
    const Acceptance &acceptance() const { return m_acceptance; }
    const QList<QByteArray> &peerCertificates() const { return m_peerCertificates; }
    const Hello &peerHello() const { return m_peerHello; }
    QString qlogName() const { return m_qlog.name; } //!< empty where none is written
    //! What our own hello claimed.
    Hello::Role ownRole() const { return m_ownRole; }
    ConnectionStats stats(ngtcp2_tstamp now) const;
    const Outbox &outbox() const { return m_outbox; }
    const std::vector<ngtcp2_cid> &connectionIds() const { return m_connectionIds; }
    const std::vector<ResetToken> &resetTokens() const { return m_resetTokens; }
    bool isInboxPaused() const { return m_inbox.isPaused(); }
    ngtcp2_tstamp openedAt() const { return m_opened; } //!< 0: not yet
    ngtcp2_duration minRtt() const; //!< UINT64_MAX: not measured
    //! When the latest whole message came or was acknowledged; 0: never.
    ngtcp2_tstamp lastMessageAt() const
    {
        return std::max(m_inbox.lastMessageAt(), m_outbox.lastMessageAt());
    }
    const CountingMemory &memory() const { return m_memory; }
    //! See Inbox.
    Inbox::Slow slowestMessage(ngtcp2_tstamp now) { return m_inbox.slowest(now, m_streams); }
    ngtcp2_conn *connection() const { return m_conn; } //!< for tests; null once closed
    //! When handleExpiry() is due.
    ngtcp2_tstamp deadline() const;

    // What happens to it
    void handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                        ngtcp2_tstamp now);
    void handleExpiry(ngtcp2_tstamp now);
    //! The host at the other end says, or somebody in its name, that nothing receives there.
    void handleUnreachable(ngtcp2_tstamp now);

    // Commands
    quint64 send(const Message &message, int priority);
    //! Fails with RequestTimeout where there is no reply by \a deadline.
    quint64 request(const Message &message, int priority, ngtcp2_tstamp deadline = UINT64_MAX);
    //! The reply to \a requestId is not needed any more: its stream ends at once, and no event follows.
    void cancelRequest(quint64 requestId, ngtcp2_tstamp now);
    //! 0 where the stream is gone.
    quint64 reply(qint64 streamId, const Message &message, int priority);
    void reject(qint64 streamId, quint64 code);
    //! \a frame as encode() makes it. Only while it is open, and not to legacy peers.
    void sendControl(const QByteArray &frame);
    void pauseReceiving() { m_inbox.pause(); }
    void resumeReceiving(ngtcp2_tstamp now);
    //! The receive budget has room again for messages that wait.
    void admitWaiting(ngtcp2_tstamp now);
    void refuseSlowMessage(Stream &stream, ngtcp2_tstamp now);
    //! The send budget has room again for what it had refused.
    void sendBudgetHasRoom()
    {
        if (m_conn)
            m_outbox.budgetHasRoom();
    }
    //! \brief Asks the peer for a sign of life; where none comes within Limits::ProofTime and three round trips the
    //! connection ends.
    void prove(ngtcp2_tstamp now);
    //! Says hello where DialOptions::holdHello kept it back.
    void greet(ngtcp2_tstamp now);
    //! Ends it with an application \a code; \a cause is what this side reports.
    void close(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now);

    // Output
    enum class WriteResult {
        Done, //!< nothing more to send until something happens
        More, //!< its turn is over; call again
        Blocked, //!< the sink said so; call again when there is a way out
    };
    //! Writes through \a buffer, at least Limits::SessionWriteTurn + Limits::MaxDatagram bytes.
    WriteResult write(std::span<quint8> buffer, const DatagramSink &sink, ngtcp2_tstamp now);

private:
    friend struct SessionCallbacks;

    Session(SessionHost &host, SessionId id, EventList &events, Side side, const Way &way,
            ngtcp2_tstamp now);
    bool start(const AcceptOptions *accept, ngtcp2_duration handshakeTimeout, ngtcp2_tstamp now);
    ngtcp2_cid newConnectionId(size_t size) const;

    Verdict judge(const QList<QByteArray> &chain) override;

    // Called by the callbacks
    int handshakeCompleted();
    int streamData(Stream *stream, qint64 streamId, const quint8 *data, size_t size, Fin fin);
    void streamClosed(Stream *stream, qint64 streamId, std::optional<quint64> code);
    int controlData(std::span<const quint8> data, Fin fin);
    int controlViolation(const QString &what);
    int controlFlood();
    int outOfMemory();
    void chargeMemory();
    void expireRequests(ngtcp2_tstamp now);
    int tlsViolation(quint8 alert, const Error &cause);
    int handleHello(const Hello &hello);

    void afterInput(ngtcp2_tstamp now);
    bool isGreeted() const;
    bool mayNotSend() const;
    void sayHello();
    void failed(int liberr, ngtcp2_tstamp now);
    void closeWith(const ngtcp2_ccerr &ccerr, const Error &cause, ngtcp2_tstamp now);
    void end(State state, const Error &cause, ngtcp2_tstamp now);
    size_t packetSize(ngtcp2_tstamp now);
    void largePacketSent(size_t size, ngtcp2_tstamp now);
    void dataAcknowledged();
    BlackHoleDetector::Losses losses() const;
    void handleLatePacket(ngtcp2_tstamp now);
    bool mayRepeatClosing() const;
    size_t unpaidRoom() const;
    ngtcp2_ssize writePacket(quint8 *dest, size_t size, ngtcp2_path *path, ngtcp2_pkt_info *info,
                             ngtcp2_tstamp now);

    SessionHost &m_host;
    const SessionId m_id;
    const Side m_side;
    State m_state = State::Handshaking;
    PathMap m_paths;
    ngtcp2_crypto_conn_ref m_ref{};
    CountingMemory m_memory;
    ReceiveBudget::Account m_account;
    SendBudget::Account m_sendAccount;
    TlsSession m_tls;
    ngtcp2_conn *m_conn = nullptr;
    ngtcp2_tstamp m_now; // of the call under way, for callbacks
    const ngtcp2_tstamp m_created;
    ngtcp2_tstamp m_opened = 0;
    std::vector<ngtcp2_cid> m_connectionIds;
    std::vector<ResetToken> m_resetTokens;
    QlogSink m_qlog;

    EventSink m_events;
    StreamList m_streams;
    Outbox m_outbox;
    Inbox m_inbox;
    ControlStream m_control;
    TokenBucket m_controlMessages;
    std::vector<ControlMessage> m_earlyControl; //!< came before the connection was open
    Hello m_peerHello;
    Hello::Role m_ownRole = Hello::Role::None;
    QByteArray m_dialBackNonce;
    quint32 m_maxUnanswered = 0;
    ngtcp2_tstamp m_answerBy = UINT64_MAX; // once the last of them has left
    quint64 m_maxUnpaidBytes = 0;
    quint64 m_bytesSent = 0; // of datagrams, the closing ones included
    quint64 m_bytesHeard = 0;
    quint64 m_cryptoBytes = 0;
    bool m_controlQueueFull = false;
    bool m_tlsDone = false;
    PostHandshake m_postHandshake;

    Protocol m_protocol = Protocol::Qp2p1;
    PeerId m_expectedPeer;
    DialledName m_dialledName;
    Acceptance m_acceptance; //!< null until the peer's certificate is judged
    QList<QByteArray> m_peerCertificates;

    quint64 m_datagramsSent = 0;
    quint64 m_datagramsReceived = 0;
    quint64 m_timesUnreachable = 0;
    ngtcp2_tstamp m_lastHeard;
    ngtcp2_duration m_keepAlive = UINT64_MAX; // off
    ngtcp2_tstamp m_proveBy = UINT64_MAX; // when the peer must have been heard
    ngtcp2_tstamp m_greetBy; // when the peer must have greeted
    bool m_unpaced = false; // ngtcp2's pacing counter holds bytes that must never be charged
    bool m_probing = false; // the path's MTU
    BlackHoleDetector m_blackHole;
    bool m_holdHello = false;
    bool m_helloSent = false;
    bool m_helloReceived = false;
    bool m_tellConfirmed = false;
    bool m_handshakeDone = false;
    bool m_confirmed = false;
    bool m_resetReceived = false;
    Error m_cause; // found inside a callback: why the call under way will fail
    std::optional<ngtcp2_ccerr> m_ccerr; // and what the peer is told
    QByteArray m_ccerrReason;

    // After the end
    QByteArray m_closingPacket;
    bool m_closingPacketDue = false;
    quint32 m_packetsWhileClosing = 0;
    int m_closingRepeats = 0; // still to come
    ngtcp2_tstamp m_repeatAt = UINT64_MAX; // the closing packet
    ngtcp2_duration m_closingPto = 0;
    ngtcp2_tstamp m_endedAt = 0;
    ngtcp2_tstamp m_goneAt = UINT64_MAX;
    Error m_endCause;
    ConnectionStats m_finalStats;
};

} // namespace Qp2p::Engine
