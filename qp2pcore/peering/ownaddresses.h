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

#include <array>
#include <memory>

namespace Qp2p::Peering {

//! \brief Observed addresses and reachability by address family, the checks that are asked for, and what this
//! machine's interfaces say.
//!
//! Knows no connection and emits nothing: its owner sends what is to be sent and reports what has changed. A
//! change is made in two steps, evaluate() and then the setters, because the owner reports each of them to the
//! program, which may do anything in between.
class OwnAddresses
{
public:
    using Family = QAbstractSocket::NetworkLayerProtocol;
    using Answer = ReachabilityTally::Result;

    //! Between rounds of checks, while no node has found this machine reachable.
    static constexpr std::chrono::seconds CheckInterval{600};
    //! Between two requests to one node.
    static constexpr std::chrono::seconds CheckPause{60};
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
    //! Takes the place of what was known before. True where the machine was moved, or suspended.
    bool detectAddressChange(const Machine &machine);
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
    };
    enum class ObservedChange {
        None,
        Changed, //!< it has become known or unknown, or has another port
        Moved, //!< to another address: what was known of reachability is forgotten
    };

    void recordAnswer(Family family, const Witness &witness, Answer answer, const QString &reason);
    void recordObserved(Family family, const Witness &witness, const PeerAddress &observed);
    //! The peer is gone. What it has said of reachability stays.
    void removePeer(const PeerId &peerId);
    //! We are elsewhere now: nothing that was said of reachability is true any more.
    void forgetAnswers();

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

    //! \brief Begins a request to \a peerId and gives its id; 0 where one was sent too recently.
    quint64 beginCheck(const PeerId &peerId, Time now);
    //! Whether \a id is that of the latest request to \a peerId.
    bool isOwnCheck(const PeerId &peerId, quint64 id) const;
    //! Whether \a peerId may still be dialling because of our request.
    bool isCheckRecent(const PeerId &peerId, Time now) const;
    //! True every CheckInterval.
    bool beginRound(Time now);
    //! The next round comes a whole interval after \a now.
    void postponeRound(Time now) { m_lastRound = now; }
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
    };
    FamilyState &of(Family family) { return m_families[family == QAbstractSocket::IPv6Protocol]; }
    const FamilyState &of(Family family) const
    {
        return m_families[family == QAbstractSocket::IPv6Protocol];
    }

    std::array<FamilyState, 2> m_families;
    Machine m_machine;
    std::shared_ptr<ClaimedPorts> m_claimedPorts = std::make_shared<ClaimedPorts>();
    QHash<PeerId, Time>
        m_checks; //!< when the latest was asked for; its nanoseconds are the request's id
    Time m_lastRound;
    Role m_configuredRole = Role::Node;
    Role m_role = Role::Node;
    // Below Limits::ControlMessagesPerSecond and its burst.
    Engine::TokenBucket m_arrivalReports{5, 50};
};

} // namespace Qp2p::Peering
