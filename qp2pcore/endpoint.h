// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One UDP socket with an identity: it listens for peers and dials them.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/connectionstats.h>
#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/protocol.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QDateTime>
#include <QFuture>
#include <QHostAddress>
#include <QObject>
#include <QPointer>

#include <memory>

namespace Qp2p {

namespace Peering {
class Access;
}

//! \brief One UDP socket that listens for peers and dials them.
//!
//! Lives in one thread, the one that made it or that it was moved to before listen()/connectTo(), and needs its event
//! loop. Debug builds warn of every call from another. Owns its connections. May be deleted at any time, also in a slot
//! of its own signals or of its connections': peers of open connections get code 0.
//!
//! | state     | meaning                                                       |
//! |-----------|---------------------------------------------------------------|
//! | Idle      | no socket yet; the first dial binds one                        |
//! | Dialling  | a socket, but incoming connections are ignored                 |
//! | Listening | accepts peers on localPort()                                   |
//! | Closing   | connections are being closed; at most three probe timeouts     |
//! | Closed    | nothing is sent or received any more                           |
class QP2PCORE_EXPORT Endpoint : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)

public:
    enum class State { Idle, Dialling, Listening, Closing, Closed };
    Q_ENUM(State)

    explicit Endpoint(const EndpointConfig &config = {}, QObject *parent = nullptr);
    ~Endpoint() override;

    State state() const;
    EndpointConfig config() const;

    //! Our own; known before listen(). Null where the identity could not be made (see listen()).
    PeerId peerId() const;

    //! \brief Binds \a address and accepts peers. Port 0 takes a free one. QHostAddress::Any is
    //! dual-stack (IPv4 and IPv6), and IPv4 alone where the machine has no IPv6.
    //!
    //! After a dial (state Dialling) it accepts peers on the port that the dial took, if
    //! \a address and \a port allow that. Errors: AddressInUse, AddressNotAvailable,
    //! PermissionDenied, SocketFailed, WrongState, InvalidArgument (the configuration), Unsupported,
    //! and those of reloadAuthorities().
    Result<void> listen(const QHostAddress &address = QHostAddress(QHostAddress::Any),
                        quint16 port = 0);
    bool isListening() const;

    //! The bound address and port; null and 0 before there is a socket.
    QHostAddress localAddress() const;
    quint16 localPort() const;

    //! \brief Dials \a peer. Finishes with the open connection, after connectionOpened() was
    //! emitted, or with the reason: HandshakeTimeout, PortUnreachable, HandshakeFailed, NoCommonProtocol,
    //! CertificateRejected (ours, by the peer), one of the Certificate… errors (the peer's, by us),
    //! PeerIdMismatch, ConnectionRefused, WrongNetwork, HostNotFound, ClosedByPeer, Cancelled or an
    //! error of listen().
    //!
    //! A peer that refuses us right after its hello makes the dial fail with its reason, unless the
    //! connection was open for a moment: then connectionClosed(), Connection::closeReason() and whatever was
    //! asked of the connection say it. The pointer is null where the connection has ended before the result
    //! was looked at; connectionClosed() has said why. Where this side refused the peer's certificate, the error has
    //! the chain that was presented, and where it named a host, the mode AgreedAuthority looks for
    //! just that name in the certificate. The connection's first message is delivered after the
    //! future has finished.
    //! A host name is looked up and all its addresses are raced. \a peer may name the expected peer id.
    //!
    //! QFuture::cancel() drops the dial, and a peer that has greeted already sees a connection that ends;
    //! once the connection is open it has no effect. A cancelled future has no result, also when it has
    //! finished: calling result() on it, or co_await, crashes (Qt). Ask isCanceled() before. Dials that are
    //! given up by close() finish with Cancelled instead.
    //!
    //! \a protocol Legacy dials a peer of the Rust library qp2p, and needs
    //! EndpointConfig::setLegacyPeers() (else InvalidArgument). No dial ever falls back to it.
    QFuture<Result<QPointer<Connection>>> connectTo(const PeerAddress &peer,
                                                    Protocol protocol = Protocol::Qp2p1);

    //! To whom what was sent on an opening connection may leave before its peer has greeted.
    enum class SendEarly {
        ToExpectedPeer, //!< to the peer id that the address names; where it names none, they wait
        //! Also without one: the first messages are encrypted to whoever proves possession of *some* key that
        //! the certificate policy accepts. In EncryptOnly that is anybody on the path.
        ToAnyAcceptedPeer,
        Never,
    };
    Q_ENUM(SendEarly)

    //! \brief Dials \a peer as connectTo() does and returns the connection immediately, in the state Opening: messages
    //! and requests can be sent on it, within the limits of an open one. The endpoint owns it.
    //!
    //! Connection::stateChanged() reports Open, directly before connectionOpened(), or Closed, and closeReason() is then
    //! the error that connectTo() would have, also of an address that cannot be dialled. Nothing is emitted before this
    //! call has returned. A connection that never was open is deleted soon after, without connectionClosed(). Null only
    //! where a slot or a continued future calls this while the endpoint is being destroyed.
    //!
    //! With \a early what was sent leaves in the flight of our Finished, behind the hello, as soon as the peer has
    //! proven its key: the first message is confirmed after two round trips (three with Retry). Else, always where
    //! \a peer is a host name, and with Protocol::Legacy, it leaves once both sides have greeted, a round trip later.
    //!
    //! What is guaranteed:
    //! - No message is sent twice. Of the addresses of a name only the one whose peer is greeted gets any.
    //! - The peer's program gets nothing before we are proven and admitted.
    //! - messageAcknowledged(), and a reply, come once the connection is open, and never before the state Open.
    //! - Where the dial fails, everything that was sent fails with its reason. Where that is a refusal (a Certificate…
    //!   error, CertificateRejected, PeerIdMismatch, WrongNetwork, NotAMember, ConnectionRefused, NoCommonProtocol), the
    //!   program at the other end has seen nothing of it; with any other reason (HandshakeTimeout, ClosedByPeer,
    //!   ClosedLocally …) it may have.
    Connection *openConnection(const PeerAddress &peer, Protocol protocol = Protocol::Qp2p1,
                               SendEarly early = SendEarly::ToExpectedPeer);

    //! \brief Dials all of \a peers and finishes with the one that opens first. The others are
    //! dropped before they greet, so no peer ever sees more than the one connection open.
    //! Where all fail, the error is the most specific one (an answer of a peer rather than none), and its
    //! message names each.
    //!
    //! QFuture::cancel() drops all dials, as with connectTo(), and calling result() on the cancelled future,
    //! or co_await, crashes (Qt).
    QFuture<Result<QPointer<Connection>>> connectToAny(const QList<PeerAddress> &peers);

    //! The open connections, oldest first; not those that are opening.
    QList<Connection *> connections() const;

    //! \brief Ends all connections with \a code and \a reason, then the socket. Dials under way
    //! finish with Cancelled.
    void close(quint64 code = 0, const QString &reason = {});

    //! \brief Asks the peer of each open connection for a sign of life: those that are not heard within 2 s and
    //! three round trips end with IdleTimeout. For when the machine was suspended, or its addresses have
    //! changed; a Network does it by itself.
    void checkConnections();

    //! \brief Reads the authorities of the certificate policy again: connections are verified by what the files, or the
    //! system's store, say now, new ones and, soon, those that are open. An open one whose peer is no longer accepted
    //! ends with the Certificate… error of a handshake, and the peer gets CertificateRejected with that rule. Where
    //! reading fails (FileNotFound, FileUnreadable, InvalidPem, NoAuthorities, NotAnAuthority) the old ones stay in
    //! force, and nothing is closed.
    Result<void> reloadAuthorities();

    //! \brief Presents \a identity, the own key with other certificates, in handshakes from now on; open connections
    //! stay as they are. Errors, after which nothing has changed: KeyMismatch (another key, and so another peer id),
    //! InvalidArgument (a null one), UnsupportedKey.
    Result<void> setIdentity(const Identity &identity);

    //! \brief As EndpointConfig::setQlogDirectory(), for connections from now on; empty switches it off.
    //! Errors: InvalidArgument (no folder, or not a writable one); all stays as it was then.
    Result<void> setQlogDirectory(const QString &directory);

    EndpointStats stats() const;

Q_SIGNALS:
    void stateChanged(Qp2p::Endpoint::State state);
    void connectionOpened(Qp2p::Connection *connection);
    //! \brief Exactly once for each connection that was open. It is deleted soon after. Of one that was opening and
    //! failed Connection::stateChanged() reports it.
    void connectionClosed(Qp2p::Connection *connection, const Qp2p::Error &reason);
    //! \brief A peer at \a peer has dialled us, and it came to no connection: for logs, and to find out
    //! who is refused why (the Certificate… errors, WrongNetwork, NoCommonProtocol, HandshakeTimeout
    //! …). Strangers can make this happen as often as they like, so do little with it.
    void handshakeFailed(const Qp2p::PeerAddress &peer, const Qp2p::Error &reason);
    //! \brief The certificate of \a peerId, or one above it, expires at \a when (UTC), in the authority modes; EncryptOnly
    //! never looks at dates. Emitted 14 days and one day before, once each, or when it becomes known later. The
    //! connections of a peer end then with CertificateExpired. Where \a peerId is our own, peers will refuse us: get
    //! a new certificate and call setIdentity().
    void certificateExpiring(const Qp2p::PeerId &peerId, const QDateTime &when);
    //! Something that no future reports, e.g. that the socket died, or the own certificate has expired.
    void errorOccurred(const Qp2p::Error &error);

protected:
    class Private;
    Endpoint(Private &inside, QObject *parent); // which it owns from then on

    const std::unique_ptr<Private> d;

private:
    friend class Connection;
    friend class Peering::Access;
};

} // namespace Qp2p
