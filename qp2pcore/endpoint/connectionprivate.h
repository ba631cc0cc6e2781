// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Connection: what it knows of its session, and who waits for what.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>
#include <qp2pcore/io/driver.h>

#include <QFutureWatcher>
#include <QHash>
#include <QPromise>
#include <QThread>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

namespace Qp2p {

//! \brief \a code, or 0 with a warning where it is one of the library's own. QUIC has none above
//! 2^62, and ngtcp2 aborts the process over them.
inline quint64 checkedCloseCode(quint64 code, const char *function)
{
    if (code < Engine::Limits::FirstReservedCloseCode)
        return code;
    qWarning("%s: codes from 2^60 on are the library's own; using 0", function);
    return 0;
}

//! \brief Leads from any thread to a connection that may be gone.
class ConnectionGate
{
public:
    explicit ConnectionGate(Connection *connection)
        : m_connection(connection)
    {
    }
    //! The connection is about to go: nothing reaches it from here on.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_connection = nullptr;
    }
    //! \brief Calls \a function with the connection, in its thread: at once where that is the current one.
    //! Returns false where it is gone.
    template<typename Function>
    bool run(Function &&function)
    {
        std::unique_lock lock(m_mutex);
        Connection *const connection = m_connection;
        if (!connection)
            return false;
        if (connection->thread() != QThread::currentThread()) {
            QMetaObject::invokeMethod(
                connection,
                [connection, function = std::forward<Function>(function)]() mutable {
                    function(connection);
                },
                Qt::QueuedConnection);
            return true;
        }
        lock.unlock();
        function(connection);
        return true;
    }

private:
    std::mutex m_mutex;
    Connection *m_connection;
};

class Connection::Private
{
public:
    //! Copies what stays true for the life of the connection.
    Private(Endpoint *endpoint, Io::Driver *driver, const Engine::Session &session);

    //! Turns one event into signals and results. The connection may be gone when it returns.
    //! What did not wait goes behind what does.
    enum class Waited { No, Yes };
    static void handle(Connection *connection, Engine::Event &event, Waited waited = Waited::No);
    static Connection *create(Endpoint *endpoint, Io::Driver *driver,
                              const Engine::Session &session);
    //! Null once the session is over.
    Engine::Session *session() const;
    void touch(Engine::Session &session) const { driver->touch(session); }
    //! Why nothing can be sent any more.
    Error endCause() const;
    //! Everybody who still waits gets \a reason.
    void finishAll(const Error &reason);
    void end(const Error &reason, const ConnectionStats &last);
    void cancelOpenRequests();
    static void deliverHeld(Connection *connection);
    static void requestArrived(Connection *connection, Engine::Events::RequestArrived &event);
    static void requestCancelled(Connection *connection, qint64 streamId);
    void reply(qint64 streamId, const Message &message, int priority,
               const std::shared_ptr<QPromise<Result<void>>> &promise);
    void reject(qint64 streamId, quint64 code);
    void closeWith(quint64 code, const QString &reason);
    //! See Peering::Access::closeForViolation().
    void closeForViolation(const Error &violation);
    //! \brief Lets messages through, once the event loop has told everybody of the connection: who
    //! waits for a dial with a QFutureWatcher or co_await must not miss the first of them.
    static void settle(Connection *connection);
    //! The same now, because the end has come: what came with it goes before it.
    static void settleAtOnce(Connection *connection);

    static constexpr quint64 FirstLocalId = quint64(1) << 63; // of messages to a closed connection

    Endpoint *endpoint;
    Io::Driver *driver; // null once closed
    quint64 id;
    Engine::SessionId sessionId;
    State state = State::Open;
    Direction direction;
    Protocol protocol;
    PeerId peerId;
    Acceptance acceptance;
    QList<QByteArray> peerCertificates;
    PeerAddress peerAddress;
    PeerAddress observedAddress;
    Engine::Hello::Role peerRole;
    quint64 peerInstance;
    Engine::Hello::Role ownRole; //!< as our hello claimed it
    QString peerAgent;
    QString qlogFile;
    quint16 peerListeningPort;
    quint64 bytesCharged = 0; //!< of those received: see Peering::Access::charge()
    Error closeReason;
    ConnectionStats lastStats;
    bool closing = false; // close() was called: nothing is delivered any more
    bool isViolated = false; // what has come after a malformed control message is not delivered
    bool paused = false;
    bool settling = true; // connectionOpened() and the dial's future have not reached everybody yet
    bool deliveryScheduled = false;
    std::deque<Engine::Event> held; // arrived after pauseReceiving()
    QHash<quint64, std::shared_ptr<QPromise<Result<void>>>> confirmations;
    //! Of a request of ours, with whoever may cancel it.
    struct OwnRequest
    {
        QPromise<Result<Message>> promise;
        QFutureWatcher<Result<Message>> watcher;
    };
    QHash<quint64, std::shared_ptr<OwnRequest>> requests;
    QHash<qint64, std::weak_ptr<Request::Private>> openRequests; //!< of the peer, by stream
    std::shared_ptr<ConnectionGate> gate; //!< of those
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
