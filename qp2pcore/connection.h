// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One QUIC connection to one peer, as a QObject.
#pragma once

#include <qp2pcore/acceptance.h>
#include <qp2pcore/connectionpath.h>
#include <qp2pcore/connectionstats.h>
#include <qp2pcore/message.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/protocol.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/request.h>
#include <qp2pcore/result.h>

#include <QFuture>
#include <QObject>

#include <chrono>
#include <memory>

namespace Qp2p {

class Endpoint;
namespace Peering {
class Access;
}

//! \brief A connection to one peer. Made and owned by its Endpoint.
//!
//! After the signal that announces its end has returned it is deleted with deleteLater(); keep a
//! QPointer to one that you keep. Deleting it yourself, in any slot, closes the connection with
//! code 0. Lives in its endpoint's thread.
//!
//! | state   | meaning                                                              |
//! |---------|----------------------------------------------------------------------|
//! | Opening | Endpoint::openConnection() dials; what is sent waits, see there       |
//! | Open    | both sides have proven their keys and greeted each other              |
//! | Closed  | nothing is sent or delivered any more; closeReason() says why         |
class QP2PCORE_EXPORT Connection : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(Qp2p::PeerId peerId READ peerId NOTIFY stateChanged)
    Q_PROPERTY(Qp2p::PeerAddress peerAddress READ peerAddress NOTIFY peerAddressChanged)

public:
    enum class State { Opening, Open, Closed };
    Q_ENUM(State)
    enum class Direction {
        Outgoing, //!< this side dialled
        Incoming,
    };
    Q_ENUM(Direction)

    ~Connection() override;

    //! Unique within the process, never reused.
    quint64 id() const;
    State state() const;
    Direction direction() const;
    Endpoint *endpoint() const;

    Protocol protocol() const;

    //! \brief Proven by the handshake. Null for a legacy peer that has dialled, which proves nothing, and while the
    //! connection is opening, when peerAddress() has the expected one.
    PeerId peerId() const;
    //! \brief By which rule the peer's certificate was accepted, and the path to the authority that
    //! issued it. Null where peerId() is.
    Acceptance acceptance() const;
    //! The chain that the peer presented, DER, leaf first.
    QList<QByteArray> peerCertificates() const;
    //! \brief Where the peer is now, as it has proven (NAT rebinding changes it), with its peer id. While the
    //! connection is opening: what is dialled, and so perhaps a name.
    PeerAddress peerAddress() const;
    //! How its packets travel; over a relaying node peerAddress() is null but for the peer id.
    ConnectionPath path() const;
    //! The address at which the peer says it sees us, at first or since we have moved; null where it did not say.
    PeerAddress observedAddress() const;
    //! What the peer calls itself, as it sent it: escape it before you show it.
    QString peerAgent() const;
    //! The file that its qlog goes to; empty where none is written.
    QString qlogFile() const;
    //! The port on which the peer says it listens; 0 where it does not.
    quint16 peerListeningPort() const;

    //! \brief Queues \a message on a stream of its own and returns its id, unique on this connection.
    //!
    //! messageAcknowledged(id) follows once the peer's QUIC has all of it and the connection is open, or messageFailed(id, …)
    //! with MessageInvalid (empty payload), MessageTooLarge, QueueFull, MessageRefused or the reason
    //! why the connection ended. Neither signal comes before this call returns. Messages of a higher
    //! \a priority leave first; equal ones share the connection, so that a large one does not hold
    //! up small ones. Order between messages is not kept: RFC 9000 streams are independent.
    quint64 send(const Message &message, int priority = 0);

    //! \brief send(), as a future that finishes when the peer has it all, or with the reason.
    //!
    //! QFuture::cancel() only drops the future: the message leaves all the same, and the signals of send()
    //! report on it. A cancelled future has no result, also when it has finished: calling result() on it,
    //! or co_await, crashes (Qt). Ask isCanceled() before.
    QFuture<Result<void>> sendAndConfirm(const Message &message, int priority = 0);

    //! \brief Sends \a message on a bi-directional stream and finishes with the peer's reply.
    //!
    //! Any number may be under way; replies come in any order. Errors: those of send(), NoReply, and
    //! RequestTimeout where no reply is here after \a timeout (zero: no limit). Ends with the connection at
    //! the latest.
    //!
    //! QFuture::cancel() gives the request up: its stream ends immediately, the peer learns it
    //! (requestCancelled()), and no signal of it follows here. A cancelled future has no result, also when
    //! it has finished: calling result() on it, or co_await, crashes (Qt). Ask isCanceled() before.
    QFuture<Result<Message>> request(const Message &message, int priority = 0,
                                     std::chrono::milliseconds timeout = {});

    //! Bytes accepted by send(), request() and Request::reply() and not yet acknowledged.
    qint64 sendQueueBytes() const;
    //! \brief Whether send() would take \a bytes now. An empty queue takes any legal message, as far as the send
    //! queues of all connections have room (EndpointConfig::sendBudget()).
    bool canSend(qint64 bytes) const;

    //! \brief Stops the delivery of messages and requests; the peer is stopped once the inbox is
    //! full (EndpointConfig::inboxLimit()). Replies to own requests still arrive, until then: once the
    //! peer is stopped, its replies are too (RFC 9000 has one credit for all streams). What waits when
    //! the connection ends is dropped, though its sender may have seen it acknowledged.
    void pauseReceiving();
    //! \brief Delivers what waits, from the event loop, and lets the peer go on.
    void resumeReceiving();
    bool isReceivingPaused() const;

    //! \brief Ends the connection: the peer learns \a code (below 2^60) and \a reason (up to 1,000
    //! bytes of UTF-8). Messages that are not acknowledged fail with ClosedLocally. One that is opening ends the dial; a
    //! peer that has not been greeted learns neither code nor reason.
    void close(quint64 code = 0, const QString &reason = {});

    //! Why it ended; no error before.
    Error closeReason() const;

    ConnectionStats stats() const;

Q_SIGNALS:
    void messageReceived(const Qp2p::Message &message);
    void messageAcknowledged(quint64 id);
    void messageFailed(quint64 id, const Qp2p::Error &error);
    void requestReceived(const Qp2p::Request &request);
    //! The peer no longer waits for the reply to \a request, which is still unanswered here.
    void requestCancelled(const Qp2p::Request &request);
    //! An incoming message was malformed, too large or too slow; the connection lives on.
    void incomingMessageRefused(const Qp2p::Error &reason);
    //! The send queue is at most half full again, after it was more, or after canSend() or send() found
    //! no room. Where a message still does not fit, the next acknowledgement emits it again.
    void sendQueueAvailable();
    void stateChanged(Qp2p::Connection::State state);
    void peerAddressChanged(const Qp2p::PeerAddress &address);
    //! After peerAddressChanged(), and when another node forwards.
    void pathChanged(const Qp2p::ConnectionPath &path);

private:
    friend class Endpoint;
    friend class Peering::Access;
    friend class Request;
    class Private;
    explicit Connection(std::unique_ptr<Private> data);
    const std::unique_ptr<Private> d;
};

} // namespace Qp2p
