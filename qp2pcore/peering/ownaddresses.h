// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a member knows of its own addresses: where nodes see it, whether they can dial it, and its interfaces.
#pragma once

#include <qp2pcore/engine/tokenbucket.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/claimedports.h>
#include <qp2pcore/peering/monotonictime.h>
#include <qp2pcore/peering/tally.h>

#include <QAbstractSocket>
#include <QHash>
#include <QSet>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace Qp2p::Peering {

//! \brief Observed addresses and reachability by address family, the checks that are asked for, and what this
//! machine's interfaces say.
//!
//! Knows no connection and emits nothing: its owner sends what is to be sent and reports what has changed. A
//! change is made in two steps, evaluate() and then the setters, because the owner reports what each of them has
//! changed.
class OwnAddresses
{
public:
    using Family = QAbstractSocket::NetworkLayerProtocol;
    using Answer = ReachabilityTally::Result;

    //! Between rounds of checks, while no node has found this machine reachable.
    static constexpr std::chrono::seconds CheckInterval{600};
    //! Between two requests to one node.
    static constexpr std::chrono::seconds CheckPause{60};
    //! The same, where that node has seen us move meanwhile.
    static constexpr std::chrono::seconds MovePause{10};
    //! After a move, before checks are asked for: until then nodes that we talk to have validated the new path.
    static constexpr std::chrono::seconds PathValidationTime{5};
    //! Between two moves that nodes report and for which dials are tried again, see takeMove().
    static constexpr std::chrono::seconds MoveInterval{60};
    //! What the two clocks may differ without a suspend.
    static constexpr std::chrono::seconds MaxClockSlip{5};

    // --- This machine ---

    struct Machine
    {
        std::chrono::nanoseconds suspended{}; //!< in all, since it was started
        QList<QHostAddress> addresses; //!< of all interfaces
        QList<Io::InterfaceNetwork> networks; //!< that these are in
    };
    static Machine machineOf(Io::Environment &environment);
    void start(const Machine &machine, Time now);
    enum class MachineChange {
        None,
        Suspended,
        Moved, //!< own traffic leaves from another address
    };
    //! From which address datagrams to a peer leave: as Io::Environment::sourceAddress(), or the one that the
    //! endpoint is bound to.
    using SourceLookup = std::function<QHostAddress(const QHostAddress &peer)>;
    //! The most peers whose source addresses are watched.
    static constexpr qsizetype MaxWatchedPeers = 8;

    //! \brief \a machine takes the place of what was known before. \a peers: nodes that we have dialled, of which the
    //! first MaxWatchedPeers count. Interfaces that no traffic to them uses may come and go; without peers any change
    //! of interfaces is a move. That nodes see us at an address that traffic has left is forgotten.
    MachineChange detectChange(const Machine &machine, const QList<QHostAddress> &peers,
                               const SourceLookup &sourceFor);
    const QList<Io::InterfaceNetwork> &networks() const { return m_machine.networks; }

    //! Shared with the endpoint, which asks for a port in every handshake. Never null.
    std::shared_ptr<ClaimedPorts> claimedPorts() const { return m_claimedPorts; }

    // --- What it acts as ---

    enum class Role { Node, Client };
    //! At first, as configured. A configured client stays one.
    void setRole(Role role) { m_configuredRole = m_role = role; }
    Role role() const { return m_role; }
    //! \brief A node that is unreachable wherever it was checked is a client, until a node finds otherwise. True
    //! where the role has changed.
    bool updateRole();

    // --- What nodes have found ---

    struct Evaluation
    {
        Reachability reachability;
        PeerAddress observed; //!< null where not enough nodes agree
        int observers = 0; //!< voices that say so
    };
    enum class ObservedChange {
        None,
        Changed, //!< it has become known or unknown, or has another port
        Moved, //!< to another address than the last known one: what was said about that one is forgotten
    };

    void recordAnswer(Family family, const Witness &witness, Answer answer, const QString &reason);
    //! \brief True where \a witness has seen us at another IP address before: what it said of reachability was about
    //! that one, and is forgotten.
    bool recordObserved(Family family, const Witness &witness, const PeerAddress &observed);
    //! Once a second is enough for what peers may say at any time.
    void requestEvaluation(Family family) { of(family).isEvaluationDue = true; }
    bool takeEvaluationRequest(Family family)
    {
        return std::exchange(of(family).isEvaluationDue, false);
    }
    //! The peer is gone. What it has said of reachability stays.
    void removePeer(const PeerId &peerId);
    //! \brief We are elsewhere now: nothing that was said of reachability is true any more, and answers that are still
    //! to come are about another address. Nodes are asked again after PathValidationTime.
    void forgetAnswers(Time now);

    //! \a able: the nodes of that family that could say something now.
    Evaluation evaluate(Family family, const QList<Witness> &able) const;
    //! How many nodes have to agree that this machine is reachable. \a able: as for evaluate().
    int quorum(Family family, const QList<Witness> &able) const
    {
        return of(family).answers.quorum(able);
    }
    ObservedChange setObserved(Family family, const PeerAddress &observed);
    //! False where it is the same as before.
    bool setReachability(Family family, const Reachability &reachability);

    Reachability reachability(Family family) const { return of(family).reachability; }
    PeerAddress observed(Family family) const { return of(family).observed; }
    //! No family is known to be reachable, and one is known not to be: such a member is a client.
    bool isUnreachable() const;

    // --- Checks that we ask for ---

    //! \brief Begins a request to \a peerId and gives its id; 0 where one was sent too recently. Where we have moved
    //! since that one, a round follows once there may be another.
    quint64 beginCheck(Family family, const PeerId &peerId, Time now);
    //! Whether \a id is that of the latest request to \a peerId, and we have not moved since.
    bool isOwnCheck(const PeerId &peerId, quint64 id) const;
    //! Whether \a peerId may still be dialling because of our request.
    bool isCheckRecent(const PeerId &peerId, Time now) const;
    //! The node has seen us move since it was asked: it is asked again soon, unless that was less than MovePause ago.
    void renewCheck(Family family, const PeerId &peerId, Time now);
    //! \brief As many nodes as are needed say that we have moved: \a able, those of that family, are asked again after
    //! PathValidationTime, unless they were asked less than MovePause ago. Never postpones a round.
    void renewRound(Family family, const QList<Witness> &able, Time now);
    //! \brief Whether what costs more than a round may be done because nodes say that we have moved: once in
    //! MoveInterval.
    bool takeMove(Time now);
    //! True every CheckInterval, and PathValidationTime after a move.
    bool beginRound(Family family, Time now);
    //! \brief Whether one more arrival of a dial may be reported to peers now: a stranger may cause any number
    //! of them, and a peer that gets too many control messages ends its connection.
    bool takeArrivalReport(Time now) { return m_arrivalReports.take(toNanoseconds(now)); }

private:
    struct FamilyState
    {
        ReachabilityTally answers;
        ObservedAddressTally observedBy;
        Reachability reachability;
        PeerAddress observed;
        PeerAddress lastKnown; //!< the latest observed address that was not null
        Time nextRound;
        bool isEvaluationDue = false;
    };
    struct Check
    {
        Time asked; //!< its nanoseconds are the request's id
        bool isVoid = false; //!< we have moved since: its answer is about another address
    };
    void renew(const PeerId &peerId, Time now);
    FamilyState &of(Family family) { return m_families[family == QAbstractSocket::IPv6Protocol]; }
    const FamilyState &of(Family family) const
    {
        return m_families[family == QAbstractSocket::IPv6Protocol];
    }

    std::array<FamilyState, 2> m_families;
    Machine m_machine;
    QHash<QHostAddress, QHostAddress> m_sources; //!< the latest by peer; null: none was found yet
    QSet<QHostAddress> m_peersWithoutWay; //!< now
    std::shared_ptr<ClaimedPorts> m_claimedPorts = std::make_shared<ClaimedPorts>();
    QHash<PeerId, Check> m_checks; //!< the latest requests
    std::optional<Time> m_lastMove; //!< that takeMove() has let pass
    Role m_configuredRole = Role::Node;
    Role m_role = Role::Node;
    // Below Limits::ControlMessagesPerSecond and its burst.
    Engine::TokenBucket m_arrivalReports{5, 50};
};

} // namespace Qp2p::Peering
