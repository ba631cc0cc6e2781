// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Membership of a peer-to-peer network.
#pragma once

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/joincandidate.h>
#include <qp2pcore/networkconfig.h>
#include <qp2pcore/peer.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/reachability.h>
#include <qp2pcore/result.h>

#include <QAbstractSocket>
#include <QDateTime>
#include <QFuture>
#include <QHostAddress>
#include <QObject>

#include <memory>

namespace Qp2p {

struct NetworkStatus;

//! \brief Joins a network through contacts or remembered nodes, and stays in it.
//!
//! | state   | meaning                                                                        |
//! |---------|--------------------------------------------------------------------------------|
//! | Idle    | not joined, and nothing is tried: before join() and after cancelJoin()          |
//! | Joining | candidates are being dialled                                                   |
//! | Joined  | there is at least one peer, or no candidate was known: a network of one         |
//! | Waiting | no candidate could be joined, or all peers are lost; the next attempt follows   |
//! | Leaving | peers are notified                                                             |
//! | Left    | finally; make a new one to join again                                          |
//!
//! A node keeps wantedLinks() links to nodes of its own choice and takes any number that others begin. Nodes that
//! were lost, and contacts, are dialled again now and then for as long as it is a member; one that is found gets one
//! of few further links, so that the parts of a split network find each other within a minute of its end. A further
//! link that no message has used may be closed for another one after 3 minutes.
//! Lives in one thread, the one that made it or that it was moved to before join(), and needs its event
//! loop. Debug builds warn of every call from another. May be deleted at any time, also in its own signals.
class QP2PCORE_EXPORT Network : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)

public:
    enum class State { Idle, Joining, Joined, Waiting, Leaving, Left };
    Q_ENUM(State)

    explicit Network(const NetworkConfig &config = {}, QObject *parent = nullptr);
    ~Network() override;

    State state() const;
    //! \brief Everything that this member knows of itself now. Include <qp2pcore/networkstatus.h>.
    NetworkStatus status() const;
    NetworkConfig config() const;
    PeerId peerId() const;
    //! Its socket. Dial and close through the network, not through this, and do not delete it.
    Endpoint *endpoint() const;

    //! \brief Races the cached nodes, newest first, and \a contacts: 8 dials under way, 250 ms apart. A dial that has
    //! heard nothing for 1.5 s goes on and frees its place, up to 64 in all; after 8 of these they are 125 ms apart.
    //!
    //! Finishes once the link to the first of them is established. No contact and an empty cache begin a network,
    //! and so does a contact that is this program itself. Errors: JoinFailed, whose message names each
    //! candidate and why; Cancelled (cancelJoin(), leave()); WrongState; those of Endpoint::listen() and
    //! NetworkConfig::validate(). After JoinFailed it goes on trying, see automaticRejoin().
    //!
    //! QFuture::cancel() only drops the future: the network is joined all the same. cancelJoin() gives the
    //! attempt up. A cancelled future has no result, also when it has finished: calling result() on it, or
    //! co_await, crashes (Qt). Ask isCanceled() before.
    //!
    //! May be called again to join through other contacts, also while joined.
    QFuture<Result<void>> join(const QList<PeerAddress> &contacts = {});
    QList<PeerAddress> contacts() const;
    //! \brief Takes the place of those given before. A joined member dials them now, those without a link; one
    //! without peers joins through them. Before join() and after cancelJoin() they are only kept. Returns how many
    //! are dialled.
    qsizetype setContacts(const QList<PeerAddress> &contacts);
    //! \brief Gives up what is under way, also the next attempt: join() futures finish with Cancelled.
    //! Established links are kept.
    void cancelJoin();
    //! How far the latest join has come, in the order of dialling.
    QList<JoinCandidate> joinCandidates() const;

    //! \brief Notifies all peers, saves the cache and closes the socket.
    void leave();

    //! What this member is now: a node that others have found unreachable is a client.
    Peer::Role role() const;
    //! \a family: IPv4Protocol or IPv6Protocol.
    Reachability reachability(QAbstractSocket::NetworkLayerProtocol family) const;
    //! \brief Where min(3, linked nodes) nodes agree that they see us; null where they do not.
    PeerAddress observedAddress(QAbstractSocket::NetworkLayerProtocol family) const;

    //! Those with a link, oldest first.
    QList<Peer *> peers() const;
    Peer *peer(const PeerId &peerId) const; //!< null where there is no link
    BootstrapCache *bootstrapCache() const; //!< owned by the network

    //! \brief Dials a peer now, besides those that are chosen by themselves. Finishes once the link
    //! is established; errors as of Endpoint::connectTo(), and NotReachable, LinkTimeout, NotAMember, Blocked.
    //!
    //! QFuture::cancel() only drops the future: the peer is dialled all the same, and peerConnected() reports
    //! it; Peer::close() ends the link. A cancelled future has no result, also when it has finished: calling
    //! result() on it, or co_await, crashes (Qt). Ask isCanceled() before.
    QFuture<Result<QPointer<Peer>>> connectTo(const PeerAddress &address);
    //! \brief Connects to a member that may not be dialled, over a node that both are linked to: it forwards packets
    //! that only the two can read. Finishes once the link is established, immediately where there is one. Errors: NoRelay,
    //! whose message says what each node answered; those of the other overload; WrongState also where
    //! NatConfig::relayedConnections() is Off. Of QFuture::cancel() the same is true.
    QFuture<Result<QPointer<Peer>>> connectTo(const PeerId &peerId);

    //! \brief As Endpoint::setIdentity(), for everything that the network dials and accepts, with its errors.
    Result<void> setIdentity(const Identity &identity);

    // --- Blocking: kept in NetworkConfig::blockListFile(), errors as of BootstrapCache::save() ---

    //! Ends the link to it, and neither dials it nor lets it in from now on.
    Result<void> block(const PeerId &peerId);
    Result<void> block(const QHostAddress &address);
    Result<void> unblock(const PeerId &peerId);
    Result<void> unblock(const QHostAddress &address);
    //! \brief Reads NetworkConfig::blockListFile() again, which another program has changed: links to peers that it
    //! blocks now end. Without a file nothing changes. Errors: FileUnreadable, Unsupported (a later version made the
    //! file), after which nothing has changed; FileWriteFailed where a damaged file cannot be replaced.
    Result<void> reloadBlockList();
    QList<PeerId> blockedPeers() const;
    QList<QHostAddress> blockedAddresses() const;

public Q_SLOTS:
    //! \brief Every connection has to prove that its peer is still there (Endpoint::checkConnections()), what is
    //! known of our addresses is checked again, and a rejoin begins immediately. Called by itself, within a second,
    //! when datagrams to peers leave from another address of this machine, or it wakes from suspend.
    void networkChanged();

Q_SIGNALS:
    void stateChanged(Qp2p::Network::State state);
    void joinProgress(const Qp2p::JoinCandidate &candidate);
    void peerConnected(Qp2p::Peer *peer);
    //! Exactly once for each peer that was connected, unless the program has deleted it before.
    void peerDisconnected(Qp2p::Peer *peer, const Qp2p::Error &reason);
    void roleChanged(Qp2p::Peer::Role role);
    void reachabilityChanged(QAbstractSocket::NetworkLayerProtocol family,
                             const Qp2p::Reachability &reachability);
    void observedAddressChanged(QAbstractSocket::NetworkLayerProtocol family,
                                const Qp2p::PeerAddress &address);
    //! \brief A cached node answered with another key than it had, or, with ChangedKeys::Refuse, a peer with
    //! another key has its address (the first of \a known). It was refused; to trust the new key, remove
    //! the node from the cache and dial it again.
    void peerKeyChanged(const Qp2p::BootstrapCache::Entry &known, const Qp2p::Error &error);
    //! \brief Two programs use the identity of \a peerId at the same time, as after a machine was copied: both have proven
    //! its key, and each came back after the other. The one that is linked stays, the other is sent away, and both
    //! get the reason. \a addresses: where the two are, the linked one first. Once, until it has been over for an hour.
    void identityConflict(const Qp2p::PeerId &peerId, const QList<Qp2p::PeerAddress> &addresses);
    //! As Endpoint::certificateExpiring().
    void certificateExpiring(const Qp2p::PeerId &peerId, const QDateTime &when);
    //! \brief Something that no future reports: a cache that cannot be saved, a socket that died, the own certificate
    //! has expired, or peers say that another program uses our identity (IdentityInUse).
    void errorOccurred(const Qp2p::Error &error);

protected:
    class Private;
    Network(Private &inside, QObject *parent); // which it owns from then on

    const std::unique_ptr<Private> d;

private:
    friend class Peer;
};

} // namespace Qp2p
