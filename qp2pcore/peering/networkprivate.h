// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Network: its peers and their links, its attempts to join, what it knows of itself.
#pragma once

#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/network.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/checker.h>
#include <qp2pcore/peering/controldispatcher.h>
#include <qp2pcore/peering/joinplan.h>
#include <qp2pcore/peering/latesterror.h>
#include <qp2pcore/peering/linkkeeper.h>
#include <qp2pcore/peering/linktable.h>
#include <qp2pcore/peering/ownaddresses.h>
#include <qp2pcore/peering/peerprivate.h>
#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/peering/protocol/identityinuse.h>
#include <qp2pcore/peering/protocol/observedaddress.h>
#include <qp2pcore/peering/protocol/peers.h>
#include <qp2pcore/peering/reaching.h>

#include <QHash>
#include <QPointer>

#include <memory>
#include <optional>

namespace Qp2p {

class Network::Private final : public ControlListener,
                               public Peering::Checker::Surroundings,
                               public Peering::LinkKeeper::Surroundings
{
public:
    using Family = QAbstractSocket::NetworkLayerProtocol;
    using LinkPointer = Peering::LinkPointer;
    using LinkState = Peering::LinkState;

    Private(const NetworkConfig &config, std::shared_ptr<Io::Environment> environment);
    ~Private() override;
    //! Once, by the constructor of \a network.
    void begin(Network *network, std::unique_ptr<BootstrapCache> ownCache);

    // --- Life (networklife.cpp) ---
    std::shared_ptr<const Membership> makeMembership() const;
    void connectSignals();
    Result<void> start();
    void end();
    void setState(State next);
    //! Neither left nor about to: asked again after everything that is emitted, for a slot may leave.
    bool isMember() const { return state != State::Leaving && state != State::Left; }
    void reportLater(const Error &error); //!< from the event loop
    void armTicker();
    void tick();
    void dropOverdue();
    void askForChecks(Family family);
    void detectChanges(); //!< of this machine, and what peers have said of our addresses meanwhile
    void addressMoved();
    void retryDials();
    QList<QHostAddress> watchedPeers() const;
    //! As of all that belongs to its endpoint.
    std::shared_ptr<Io::Environment> environment() const
    {
        return Peering::Access::environment(*endpoint);
    }
    bool isStarted() const { return ticker != nullptr; }

    // --- Joining (networkjoining.cpp) ---
    //! Those that may be raced now, and when the first of the others may be.
    struct JoinCandidates
    {
        QList<JoinCandidate> open;
        Peering::Time nextAt = Peering::Never;
    };
    JoinCandidates joinCandidates() const;
    void beginJoin();
    void candidateAnswered(const QPointer<Connection> &connection);
    void candidatesExhausted();
    void joinDone();
    void joinFailed(const Error &error);
    void waitForNextJoin();
    void waitForPausedPeers(Peering::Time until);
    void joinProgressed(const JoinCandidate &candidate);
    void rememberedNodeFailed(const PeerId &peerId, const Error &error) override;
    void renewPin(const BootstrapCache::Entry &known, const Error &error);
    std::optional<BootstrapCache::Entry> predecessorOf(const Connection &connection) const;
    void refuseChangedKey(Connection *connection, const BootstrapCache::Entry &known);

    // --- Links (networklinks.cpp) ---
    void connectionOpened(Connection *connection);
    void connectionClosed(Connection *connection, const Error &reason);
    bool isRefused(Connection *connection);
    LinkPointer addLink(Connection *connection);
    void halfOpened(const LinkPointer &link, Connection *connection);
    void openedWithClient(const LinkPointer &link, Connection *connection);
    void openedOwnHalf(const LinkPointer &link, Connection *connection, const LinkState &before);
    void watchNode(const LinkPointer &link, Connection *connection);
    void cacheNode(const LinkPointer &link);
    void addressTokenReceived(const PeerId &peerId, const QHostAddress &address,
                              const AddressToken &token) override;
    AddressToken takeAddressToken(const PeerId &peerId, const QHostAddress &address) override;
    void pairLink(const LinkPointer &link);
    void shareLink(const LinkPointer &link, LinkState::Role role);
    void linkUpdated(const LinkPointer &link, const LinkState &before);
    void peerDeleted(const LinkPointer &link);
    void connectionDeleted(const LinkPointer &link, quint64 connectionId);
    static void deleteWhenUnused(const Peering::Link &link);
    void drop(LinkPointer link, Error reason, quint64 closeCode);
    void forget(const LinkPointer &link);
    void recoverFromLoss(const PeerId &peerId, const Error &reason, bool wasAnnounced);

    // --- Identities (networkidentity.cpp) ---
    bool isSecondProgram(const LinkPointer &link, Connection *connection);
    void dialFailed(const PeerAddress &dialled, const PeerId &peerId, const Error &reason) override;
    void recordIdentityReport(const PeerId &peerId);

    // --- Claims to be a node (networkclaims.cpp) ---
    void checkClaim(const LinkPointer &link, Connection *connection);
    void claimChecked(LinkPointer link, const Peering::DialBackAnswer &answer);
    void claimPassed(const LinkPointer &link, const Peering::DialBackAnswer &answer);
    void claimFailed(const LinkPointer &link, const Peering::DialBackAnswer &answer);
    void acceptWithoutCheck(const LinkPointer &link, const Peering::DialBackAnswer &answer,
                            LinkState::Role role);
    void continueClaims(); //!< those that wait, and ours that has to be paid for
    void useUncheckedLink(const LinkPointer &link);
    void payForClaim(const LinkPointer &link);
    void answerClaim(Connection &connection, Peering::DialBackAnswer answer, Engine::Hello::Role as);

    // --- Control stream (networkcontrol.cpp) ---
    //! Who has sent a control message.
    struct Sender
    {
        LinkPointer link;
        Connection *connection;
        qsizetype paidBefore; //!< bytes of the payment that was the message directly before
    };
    void registerControlHandlers();
    template<typename Message>
    void handleControl(void (Private::*handler)(const Sender &, const Message &));
    //! What is about addresses: of no effect from a peer that is reached over another node.
    template<typename Message>
    void handleDirect(void (Private::*handler)(const Sender &, const Message &));
    std::vector<quint64> controlKinds() const override { return control.kinds(); }
    void controlReceived(Connection *connection, const Engine::ControlMessage &message) override
    {
        control.dispatch(connection, message);
    }
    void goodbyeReceived(const Sender &from, const Peering::Goodbye &goodbye);
    void dialBackRequested(const Sender &from, const Peering::DialBackRequest &request);
    void dialBackAnswered(const Sender &from, const Peering::DialBackAnswer &answer);
    void arrivalReceived(const Sender &from, const Peering::DialBackArrival &arrival);
    void addressObserved(const Sender &from, const Peering::ObservedAddress &observed);
    void peerMoved(Connection *connection);
    void requestPassed(Connection *connection, quint16 port) override;
    void peersRequested(const Sender &from, const Peering::PeersRequest &request);
    void peersReceived(const Sender &from, const Peering::PeersAnswer &answer);
    void identityInUseReceived(const Sender &from, const Peering::IdentityInUse &notice);
    void dialBackArrived(const QByteArray &nonce) override;
    void sendPeers(const LinkPointer &link, Connection *connection);
    void addAdvertised(const LinkPointer &link, Connection *connection,
                       const Peering::PeersAnswer &answer);
    bool askForPeers(const LinkPointer &link);
    void askForCheck(const LinkPointer &link);
    void payForChecks(const LinkPointer &link);
    quint16 portClaimedTo(const Connection &connection) const;
    void takeAnswer(const LinkPointer &link, Connection *connection,
                    const Peering::DialBackAnswer &answer);
    void ownClaimAnswered(const LinkPointer &link, Engine::Hello::Role acceptedAs);
    void evaluate(Family family);
    void observedMoved(Family family, const QList<Peering::Witness> &able, int voices);
    void updateRole();
    QList<Peering::Witness> witnesses(Family family) const;
    QList<Connection *> nodeConnections() const override;
    bool isKnown(const QHostAddress &address, const PeerId &peerId) const override;
    QHostAddress ownAddress(Family family) const override
    {
        return ownAddresses.observed(family).address();
    }
    QList<Io::InterfaceNetwork> interfaceNetworks() const override
    {
        return ownAddresses.networks();
    }

    // --- Keeping links (networkkeeping.cpp) ---
    void keepLinks();
    bool hasNodesToFind() const;
    void askSomePeer();
    void updateAnchors();
    QFuture<Result<QPointer<Peer>>> connectTo(const PeerAddress &address);
    Result<void> blockChanged(const Result<void> &saved);

    // --- Over other nodes (networkreaching.cpp) ---
    QFuture<Result<QPointer<Peer>>> connectTo(const PeerId &peerId);
    QFuture<Result<QPointer<Peer>>> linkTo(const QFuture<Dial::Outcome> &dialled);
    void openedOverLeg(const LinkPointer &link, Connection *connection);
    void legRequested(const Sender &from, const Peering::LegRequest &request);
    void legOffered(const Sender &from, const Peering::LegOffer &offer);
    void legAnswered(const Sender &from, const Peering::LegAnswer &answer);
    void legOpened(const Sender &from, const Peering::LegOpened &opened);
    void legClosed(const Sender &from, const Peering::LegClose &close);

    // --- Finding nodes again (networkreconnecting.cpp) ---
    qsizetype contactsChanged();
    void reconnect();
    qsizetype chosenLinks() const;
    QList<LinkPointer> unusedExtras() const;
    QList<LinkPointer> closableExtras() const;
    void recordLostNode(const LinkPointer &link, const Error &reason);
    bool isPeerAt(const PeerAddress &contact) const override;
    QFuture<Dial::Outcome> dialContact(const PeerAddress &contact) override;
    bool reconnected(Connection *connection, Peering::Time begun) override;

    // --- What the keeper of links wants to know ---
    Peering::Time currentTime() const override { return environment()->now(); }
    quint32 randomBelow(quint32 limit) const override;
    bool isBlocked(const PeerId &peerId) const override { return blocks->contains(peerId); }
    bool isBlocked(const QHostAddress &address) const override { return blocks->contains(address); }
    bool isExcludedPeer(const PeerId &peerId) const override
    {
        return links.contains(peerId)
            || joinPlan->identityReports().isPausing(peerId, currentTime());
    }
    bool hasConnection(const PeerId &peerId) const override;
    Peering::Access::AdvertisedDial dial(const QList<PeerAddress> &addresses) override;
    void secondHalfFailed(const PeerId &peerId, const Error &error) override;

    Network *q = nullptr; //!< set by begin()
    NetworkConfig config;
    Peering::ControlDispatcher control;
    std::shared_ptr<Peering::BlockList> blocks;
    std::unique_ptr<Endpoint> endpoint;
    std::unique_ptr<Peering::Checker> checker;
    std::unique_ptr<BootstrapCache> cache;
    std::unique_ptr<Io::Timer> ticker; //!< null before the first join()
    State state = State::Idle;
    Peering::LatestError latestError; //!< see NetworkStatus

    std::unique_ptr<Peering::JoinPlan> joinPlan;
    std::unique_ptr<Peering::LinkKeeper> keeper;
    Peering::OwnAddresses ownAddresses;
    Peering::LinkTable links;
    std::unique_ptr<Peering::Reaching> reaching; //!< set by begin()
};

} // namespace Qp2p
