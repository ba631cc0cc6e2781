// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Another member of a network, whatever connections lead to it.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/message.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/request.h>
#include <qp2pcore/result.h>

#include <QDateTime>
#include <QFuture>
#include <QObject>

#include <memory>

namespace Qp2p {

class Network;

//! \brief A peer to which a link is established. Made and owned by its Network.
//!
//! | link           | between                 | connections                                        |
//! |----------------|-------------------------|----------------------------------------------------|
//! | Unidirectional | two nodes               | each has dialled the other; a message leaves on the |
//! |                |                         | own connection, a reply comes back on its request   |
//! | Bidirectional  | a client and its node   | one, both ways                                      |
//!
//! After Network::peerDisconnected() has returned it is deleted, soon after its connections. Deleting it yourself, in
//! any slot, ends the link with code 0 without that signal; its futures finish with ClosedLocally before it
//! is gone. Lives in the network's thread.
class QP2PCORE_EXPORT Peer : public QObject
{
    Q_OBJECT
    Q_PROPERTY(Qp2p::PeerId id READ id CONSTANT)
    Q_PROPERTY(Role role READ role NOTIFY linkChanged)
    Q_PROPERTY(Link link READ link NOTIFY linkChanged)

public:
    enum class Role {
        Unknown, //!< it says that it is a node, and waits to be checked: its link is usable meanwhile
        Node, //!< anyone can dial it; that was checked
        Client, //!< it cannot be dialled, or does not want to be
    };
    Q_ENUM(Role)
    enum class Link { None, Unidirectional, Bidirectional };
    Q_ENUM(Link)

    ~Peer() override;

    PeerId id() const;
    Role role() const;
    Link link() const;
    Network *network() const;

    //! Where it can be dialled, or where it is seen: the latest first, without its peer id.
    QList<PeerAddress> addresses() const;
    //! What it calls itself, as it sent it: escape it before you show it.
    QString agent() const;
    Acceptance acceptance() const;
    //! The chain that it presented, DER, leaf first.
    QList<QByteArray> certificates() const;
    //! All open ones, the one on which messages leave first.
    QList<Connection *> connections() const;
    //! True where this side dialled first.
    bool isChosen() const;
    //! Since when the link is established; UTC, by a clock that people may set.
    QDateTime linkedSince() const;

    //! \brief As Connection::send(), on the connection that leads to it; ids are of this peer.
    quint64 send(const Message &message, int priority = 0);
    //! \brief As Connection::sendAndConfirm(): QFuture::cancel() only drops the future, and calling result()
    //! on the cancelled future, or co_await, crashes (Qt).
    QFuture<Result<void>> sendAndConfirm(const Message &message, int priority = 0);
    //! \brief As Connection::request(): QFuture::cancel() gives the request up (its stream is reset and the
    //! peer learns it), and calling result() on the cancelled future, or co_await, crashes (Qt).
    QFuture<Result<Message>> request(const Message &message, int priority = 0,
                                     std::chrono::milliseconds timeout = {});

    //! \brief Ends the link: the peer learns \a code (below 2^60) and \a reason. Either side may dial again.
    void close(quint64 code = 0, const QString &reason = {});

Q_SIGNALS:
    void messageReceived(const Qp2p::Message &message);
    void requestReceived(const Qp2p::Request &request);
    void requestCancelled(const Qp2p::Request &request);
    void messageAcknowledged(quint64 id);
    void messageFailed(quint64 id, const Qp2p::Error &error);
    //! An address or a connection has taken the place of another.
    void linkChanged();

private:
    friend class Network;
    class Private;
    explicit Peer(std::unique_ptr<Private> data);
    const std::unique_ptr<Private> d;
};

} // namespace Qp2p
