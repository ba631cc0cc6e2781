// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Network: its peers and their links, its attempts to join, what it knows of itself.
#pragma once

#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/network.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/candidatebook.h>
#include <qp2pcore/peering/checker.h>
#include <qp2pcore/peering/dialledplaces.h>
#include <qp2pcore/peering/joiner.h>
#include <qp2pcore/peering/ownaddresses.h>
#include <qp2pcore/peering/peerprivate.h>
#include <qp2pcore/peering/protocol/controldispatcher.h>
#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/peering/protocol/goodbye.h>
#include <qp2pcore/peering/protocol/peers.h>

#include <QHash>
#include <QPointer>
#include <QPromise>

#include <memory>
#include <optional>
#include <vector>

namespace Qp2p {

class Network::Private final : public ControlListener, public Peering::Checker::Surroundings
{
public:
    using Family = QAbstractSocket::NetworkLayerProtocol;
    using Verdict = Peer::Private::Verdict;

    Private(Network *network, const NetworkConfig &config,
            std::shared_ptr<Io::Environment> environment);
    ~Private() override;

    // --- Life (network.cpp) ---
    Result<void> start();
    void end();
    void setState(State next);
    //! Neither left nor about to: asked again after everything that is emitted, for a slot may leave.
    bool isMember() const { return state != State::Leaving && state != State::Left; }
    void reportLater(const Error &error); //!< from the event loop
    void tick();
    quint64 now() const { return environment->now(); }
    quint32 random(quint32 limit) const;

    // --- Joining (networkjoining.cpp) ---
    QList<JoinCandidate> candidatesToJoin() const;
    void beginJoin();
    void candidateAnswered(const QPointer<Connection> &connection);
    void candidatesExhausted();
    void joinDone();
    void endJoiner();
    void joinFailed(const Error &error);
    void finishJoins(const Result<void> &result);
    void waitForNextJoin();
    void noteFailedCandidate(const JoinCandidate &candidate);
    void rememberedFailed(const PeerId &peerId, const Error &error);
    void renewPin(const BootstrapCache::Entry &known, const Error &error);
    std::optional<BootstrapCache::Entry> predecessorOf(const Connection &connection) const;
    void refuseChangedKey(Connection *connection, const BootstrapCache::Entry &known);

    // --- Links (networklinks.cpp) ---
    void connectionOpened(Connection *connection);
    void connectionClosed(Connection *connection, const Error &reason);
    void noteTouch(const QHostAddress &address);
    void watchNode(Peer *peer, Connection *connection);
    void updateLink(Peer *peer);
    void link(Peer *peer, Peer::Link link, Peer::Role role);
    //! False also where it was dropped and only waits to be deleted.
    bool isAttached(const QPointer<Peer> &peer) const { return peer && peer->d->isAttached; }
    void peerDeleted(Peer *peer);
    void connectionDeleted(Peer *peer, quint64 connectionId);
    void cacheNode(Peer *peer);
    void noteLost(const PeerId &peerId, const Error &reason);
    void drop(Peer *peer, Error reason, quint64 closeCode);
    void forget(Peer *peer);
    void recoverFromLoss(const PeerId &peerId, const Error &reason, bool wasAnnounced);

    // --- Claims to be a node (networkclaims.cpp) ---
    void judgeClaim(Peer *peer, Connection *connection);
    void claimJudged(const QPointer<Peer> &peer, const Peering::DialBackAnswer &answer);
    void claimPassed(Peer *peer, const Peering::DialBackAnswer &answer);
    void claimFailed(const QPointer<Peer> &peer, const Peering::DialBackAnswer &answer);
    void lookAtClaims(); //!< those that wait, and ours that has to be paid for
    void payForClaim(Peer *peer);
    void answerClaim(Connection &connection, Peering::DialBackAnswer answer, Engine::Hello::Role as);

    // --- Control stream (networkcontrol.cpp) ---
    //! Who has sent a control message.
    struct Sender
    {
        Peer *peer;
        Connection *connection;
        qsizetype paidBefore; //!< bytes of the payment that was the message directly before
    };
    void registerControlHandlers();
    template<typename Message>
    void handleControl(void (Private::*handler)(const Sender &, const Message &));
    std::vector<quint64> controlKinds() const override { return control.kinds(); }
    void controlReceived(Connection *connection, const Engine::ControlMessage &message) override
    {
        control.dispatch(connection, message);
    }
    void dialBackArrived(const QByteArray &nonce) override;
    void goodbyeReceived(const Sender &from, const Peering::Goodbye &goodbye);
    void dialBackRequested(const Sender &from, const Peering::DialBackRequest &request);
    void dialBackAnswered(const Sender &from, const Peering::DialBackAnswer &answer);
    void arrivalReceived(const Sender &from, const Peering::DialBackArrival &arrival);
    void peersRequested(const Sender &from, const Peering::PeersRequest &request);
    void peersReceived(const Sender &from, const Peering::PeersAnswer &answer);
    void tellPeers(Peer *peer, Connection *connection);
    void takePeers(Peer *peer, Connection *connection, const Peering::PeersAnswer &answer);
    bool askForPeers(Peer *peer);
    void askForCheck(Peer *peer);
    void payForChecks(Peer *peer);
    quint16 portClaimedTo(const Connection &connection) const;
    void takeAnswer(Peer *peer, Connection *connection, const Peering::DialBackAnswer &answer);
    void evaluate(Family family);
    void updateRole();
    QList<Peering::Witness> witnesses(Family family) const;
    QList<Connection *> nodeConnections() const override;
    bool isKnown(const QHostAddress &address, const PeerId &peerId) const override;
    QList<Io::InterfaceNetwork> interfaceNetworks() const override
    {
        return ownAddresses.networks();
    }

    // --- Keeping links (networkkeeping.cpp) ---
    void keepLinks();
    void updateAnchors();
    QFuture<Result<QPointer<Peer>>> connectTo(const PeerAddress &address);
    void finishDials(const PeerId &peerId, const Result<QPointer<Peer>> &result);
    Result<void> blockChanged(const Result<void> &saved);

    // --- Dials to what others have named (networkdialling.cpp) ---
    bool isAddressExcluded(const PeerAddress &address) const;
    void dialCandidate(const Peering::CandidateBook::Candidate &candidate);
    void dialRemembered(const PeerId &peerId, const QList<PeerAddress> &addresses);
    void candidateFailed(const Peering::CandidateBook::Candidate &candidate, const Error &error,
                         const Dial::Traffic &traffic);
    void dialSecondHalf(Peer *peer, const PeerAddress &address);
    void startSecondHalf(Peer *peer);
    void secondHalfFailed(Peer *peer, const Error &error);
    void placeReleased(const QByteArray &place);

    Network *q;
    NetworkConfig config;
    std::shared_ptr<Io::Environment> environment;
    std::shared_ptr<Membership> membership;
    Peering::ControlDispatcher control;
    std::shared_ptr<Peering::BlockList> blocks;
    std::unique_ptr<Endpoint> endpoint;
    std::unique_ptr<Peering::Checker> checker;
    std::unique_ptr<BootstrapCache> cache;
    std::unique_ptr<Io::Timer> ticker;
    State state = State::Idle;
    bool started = false;
    Peer::Role role;

    QList<PeerAddress> contacts;
    std::unique_ptr<Peering::Joiner> joiner;
    QList<JoinCandidate> candidates; //!< of the latest join
    PeerId joining; //!< the candidate that answered
    QHash<PeerId, Error> lostLately; //!< why there is no link
    std::vector<std::shared_ptr<QPromise<Result<void>>>> joins;
    int attempts = 0; //!< that failed in a row
    quint64 joinAgainAt = UINT64_MAX;

    QHash<PeerId, Peer *> all; //!< also those without a link yet
    QList<Peer *> order; //!< linked ones, oldest first
    Peering::OwnAddresses ownAddresses;

    Peering::CandidateBook book;
    QSet<PeerId> dialling; //!< for links of our choice
    Peering::DialledPlaces places; //!< of all dials to addresses that others have named
    QList<QPointer<Peer>> waitingHalves; //!< for the place of another dial
    using PeerPromise = std::shared_ptr<QPromise<Result<QPointer<Peer>>>>;
    QList<PeerPromise> openDials; //!< that somebody asked for
    QHash<PeerId, std::vector<PeerPromise>> dials; //!< those that wait for a link
    QHash<QHostAddress, quint64> lastTouch; //!< when we were in touch with an address
    quint64 lastKeeping = 0;
    quint64 lastAnchors = 0;
};

} // namespace Qp2p
