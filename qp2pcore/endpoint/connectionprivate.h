// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Connection: what it knows of its session, and who waits for what.
#pragma once

#include <qp2pcore/closecode.h>
#include <qp2pcore/connection.h>
#include <qp2pcore/endpoint/connectiongate.h>
#include <qp2pcore/endpoint/opening.h>
#include <qp2pcore/endpoint/pendingresults.h>
#include <qp2pcore/endpoint/sessionhandle.h>
#include <qp2pcore/engine/session.h>

#include <QHash>

#include <atomic>
#include <list>
#include <memory>
#include <variant>

namespace Qp2p {

//! \brief \a code, or 0 with a warning where it is one of the library's own. QUIC has none above
//! 2^62, and ngtcp2 aborts the process over them.
inline quint64 checkedCloseCode(quint64 code, const char *function)
{
    if (code < CloseCode::FirstReserved)
        return code;
    qWarning("%s: codes from 2^60 on are the library's own; using 0", function);
    return 0;
}

class Connection::Private
{
public:
    Private(Endpoint *owner, Direction direction, Protocol protocol);
    //! Of a session that is open.
    static Connection *create(Endpoint *owner, const SessionHandle &handle,
                              const Engine::Session &opened);

    // --- Life (connectionprivate.cpp) ---
    //! Why nothing can be sent any more.
    Error endCause() const;
    //! No error while it is open.
    Error closeReason() const { return ended ? ended->reason : Error(); }
    void end(const Error &reason, const ConnectionStats &last);
    void closeWith(quint64 code, const QString &reason);
    //! See Peering::Access::closeForViolation().
    void closeForViolation(const Error &violation);

    //! Copies what stays true for the life of the connection.
    void readSession(const Engine::Session &opened);

    // --- While it is opening (connectionopening.cpp) ---
    static Connection *createOpening(Endpoint *owner, const PeerAddress &peer, Protocol protocol,
                                     Endpoint::SendEarly early);
    //! \brief Queues \a message and sets \a messageId. Returns false where the connection is not opening, or has just ended.
    bool sendWhileOpening(quint64 &messageId, Engine::OutgoingMessage::Kind kind,
                          const Message &message, int priority,
                          std::chrono::milliseconds timeout = {});
    void findSession();
    void cancelRequest(quint64 requestId);
    void announceQueueAvailable();
    void armRequestTimer();
    static void requestsDue(Connection *connection);
    //! The dial has succeeded. Nothing is emitted.
    void setOpen(const SessionHandle &handle, const Engine::Session &opened);
    //! After that. \a dialled is what peerAddress() was.
    static void reportOpen(Connection *connection, const PeerAddress &dialled);
    //! \brief Reports the end of what was queued, and its own. A slot may delete the connection.
    static void openingFailed(Connection *connection);

    // --- Requests of the peer (connectionprivate.cpp) ---
    static void requestArrived(Connection *connection, Engine::Events::RequestArrived &event);
    static void requestCancelled(Connection *connection, qint64 streamId);
    void reply(qint64 streamId, const Message &message, int priority,
               const PendingResults::Confirmation &promise);
    void reject(qint64 streamId, quint64 code);
    void cancelOpenRequests();

    // --- Events (connectionevents.cpp) ---
    // Each becomes signals and results. The connection may be gone when they return.
    static void handle(Connection *connection, Engine::Events::MessageArrived &event);
    static void handle(Connection *connection, Engine::Events::RequestArrived &event);
    static void handle(Connection *connection, Engine::Events::RequestCancelled &event);
    static void handle(Connection *connection, Engine::Events::ReplyArrived &event);
    static void handle(Connection *connection, Engine::Events::Acknowledged &event);
    static void handle(Connection *connection, Engine::Events::Failed &event);
    static void handle(Connection *connection, Engine::Events::IncomingRefused &event);
    static void handle(Connection *connection, Engine::Events::QueueAvailable &event);
    static void handle(Connection *connection, Engine::Events::PathChanged &event);
    static void deliverHeld(Connection *connection);
    //! \brief Lets messages through, once the event loop has announced the connection everywhere: a program that
    //! waits for a dial with a QFutureWatcher or co_await must not miss the first of them.
    static void releaseDeliveriesLater(Connection *connection);
    //! The same now, because the end has come: what came with it goes before it.
    static void releaseDeliveries(Connection *connection);

    static constexpr quint64 FirstLocalId = quint64(1) << 63; // of messages to a closed connection

    Endpoint *endpoint;
    SessionHandle session; // null once closed, and while opening until a session has taken the queue
    std::unique_ptr<Opening> opening; //!< null in the other states
    quint64 id;
    State state = State::Open;
    Direction direction;
    Protocol protocol;
    PeerId peerId;
    Acceptance acceptance;
    QList<QByteArray> peerCertificates;
    PeerAddress peerAddress;
    Engine::SocketAddress observedAddress; //!< a PeerAddress takes four times the memory
    Engine::Hello::Role peerRole = Engine::Hello::Role::None;
    quint64 peerInstance = 0;
    quint64 peerServices = 0;
    Engine::Hello::Role ownRole = Engine::Hello::Role::None; //!< as our hello claimed it
    QByteArray peerAgent; //!< shared with the hello
    QString qlogFile;
    quint16 peerListeningPort = 0;
    quint64 bytesCharged = 0; //!< of those received: see Peering::Access::charge()
    struct Ended
    {
        Error reason;
        ConnectionStats lastStats;
    };
    std::unique_ptr<const Ended> ended; // null while it is open: most are
    quint64 leg = 0; //!< over which it began; 0: over none
    bool closing = false; // close() was called: nothing is delivered any more
    bool isViolated = false; // what has come after a malformed control message is not delivered
    bool paused = false;
    bool isAnnounced = false; // connectionOpened() and the dial's future have reached everybody
    bool deliveryScheduled = false;
    //! They have arrived while deliveries were held back.
    std::list<std::variant<Engine::Events::MessageArrived, Engine::Events::RequestArrived>> held;
    PendingResults pending;
    QHash<qint64, std::weak_ptr<Request::Private>> openRequests; //!< of the peer, by stream
    std::shared_ptr<ConnectionGate> gate; //!< of those

private:
    bool holdsDeliveries() const { return paused || !isAnnounced; }
    static void deliver(Connection *connection, Engine::Events::MessageArrived &event);
    static void deliver(Connection *connection, Engine::Events::RequestArrived &event);
    template<typename Delivery>
    static void deliverOrHold(Connection *connection, Delivery &event);
};

class Request::Private
{
public:
    ~Private();
    std::shared_ptr<ConnectionGate> gate; // null of a request that never came
    qint64 streamId = -1;
    Message message;
    std::atomic<bool> answered = false;
    std::atomic<bool> cancelled = false;
};

} // namespace Qp2p
