// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/ownaddresses.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Peering {

OwnAddresses::Machine OwnAddresses::machineOf(Io::Environment &environment)
{
    return {std::chrono::nanoseconds(qint64(environment.suspendedTime())),
            environment.interfaceAddresses(), environment.interfaceNetworks()};
}

void OwnAddresses::start(const Machine &machine, Time now)
{
    m_machine = machine;
    m_claimedPorts->setInterfaceNetworks(machine.networks);
    m_nextRound = now + CheckInterval;
}

OwnAddresses::MachineChange OwnAddresses::detectChange(const Machine &machine,
                                                       const QList<QHostAddress> &peers,
                                                       const SourceLookup &sourceFor)
{
    const bool wasSuspended = machine.suspended > m_machine.suspended + MaxClockSlip;
    const bool haveInterfacesChanged = machine.addresses != m_machine.addresses
        || machine.networks != m_machine.networks;
    m_machine = machine;
    m_claimedPorts->setInterfaceNetworks(machine.networks);
    bool wasMoved = peers.isEmpty() && haveInterfacesChanged;
    QHash<QHostAddress, QHostAddress> sources;
    for (const QHostAddress &peer : peers.first(std::min(peers.size(), MaxWatchedPeers))) {
        const QHostAddress before = m_sources.value(peer);
        // While no way leads to a peer, as between two addresses, the one before is remembered.
        const bool isLookedUp = before.isNull() || haveInterfacesChanged
            || m_peersWithoutWay.contains(peer);
        const QHostAddress source = isLookedUp ? sourceFor(peer) : before;
        if (source.isNull())
            m_peersWithoutWay.insert(peer);
        else
            m_peersWithoutWay.remove(peer);
        if (!source.isNull() && !before.isNull() && source != before) {
            wasMoved = true;
            // Nodes may have seen the new one already.
            for (FamilyState &family : m_families)
                family.observedBy.forget(before);
        }
        sources.insert(peer, source.isNull() ? before : source);
    }
    m_sources = sources;
    m_peersWithoutWay.removeIf([&](const QHostAddress &peer) { return !sources.contains(peer); });
    if (wasMoved)
        return MachineChange::Moved;
    return wasSuspended ? MachineChange::Suspended : MachineChange::None;
}

// ---- what nodes have found

void OwnAddresses::recordAnswer(Family family, const Witness &witness, Answer answer,
                                const QString &reason)
{
    of(family).answers.add(witness, answer, reason);
}

bool OwnAddresses::recordObserved(Family family, const Witness &witness, const PeerAddress &observed)
{
    FamilyState &state = of(family);
    const PeerAddress before = state.observedBy.addressOf(witness.peerId);
    const bool hasMoved = !before.isNull() && before.address() != observed.address();
    if (hasMoved)
        state.answers.remove(witness.peerId);
    state.observedBy.add(witness, observed);
    return hasMoved;
}

void OwnAddresses::removePeer(const PeerId &peerId)
{
    for (FamilyState &family : m_families)
        family.observedBy.remove(peerId);
    m_checks.remove(peerId);
}

void OwnAddresses::forgetAnswers(Time now)
{
    for (FamilyState &family : m_families)
        family.answers.forget();
    m_checks.clear();
    m_nextRound = now + SettleTime;
}

OwnAddresses::Evaluation OwnAddresses::evaluate(Family family, const QList<Witness> &able) const
{
    const FamilyState &state = of(family);
    return {state.answers.evaluate(able), state.observedBy.agreedAddress(able)};
}

OwnAddresses::ObservedChange OwnAddresses::setObserved(Family family, const PeerAddress &observed)
{
    FamilyState &state = of(family);
    if (observed == state.observed)
        return ObservedChange::None;
    const PeerAddress before = std::exchange(state.observed, observed);
    if (before.isNull() || observed.isNull() || before.address() == observed.address())
        return ObservedChange::Changed;
    state.answers.forget();
    return ObservedChange::Moved;
}

bool OwnAddresses::setReachability(Family family, const Reachability &reachability)
{
    return std::exchange(of(family).reachability, reachability) != reachability;
}

bool OwnAddresses::isUnreachable() const
{
    using State = Reachability::State;
    const auto isAny = [this](State state) {
        return std::any_of(m_families.cbegin(), m_families.cend(), [state](const auto &family) {
            return family.reachability.state == state;
        });
    };
    return isAny(State::NotReachable) && !isAny(State::Reachable) && !isAny(State::Provisional);
}

bool OwnAddresses::updateRole()
{
    if (m_configuredRole != Role::Node)
        return false;
    const Role role = isUnreachable() ? Role::Client : Role::Node;
    return std::exchange(m_role, role) != role;
}

// ---- checks that we ask for

quint64 OwnAddresses::beginCheck(const PeerId &peerId, Time now)
{
    if (isCheckRecent(peerId, now))
        return 0;
    m_checks.insert(peerId, now);
    return toNanoseconds(now);
}

void OwnAddresses::renewCheck(const PeerId &peerId, Time now)
{
    const auto check = m_checks.constFind(peerId);
    if (check != m_checks.cend()) {
        if (*check + MovePause > now)
            return;
        m_checks.erase(check);
    }
    m_nextRound = std::min(m_nextRound, now + SettleTime);
}

bool OwnAddresses::isOwnCheck(const PeerId &peerId, quint64 id) const
{
    const auto check = m_checks.constFind(peerId);
    return check != m_checks.cend() && toNanoseconds(*check) == id;
}

bool OwnAddresses::isCheckRecent(const PeerId &peerId, Time now) const
{
    const auto check = m_checks.constFind(peerId);
    return check != m_checks.cend() && *check + CheckPause > now;
}

bool OwnAddresses::beginRound(Time now)
{
    if (now < m_nextRound)
        return false;
    m_nextRound = now + CheckInterval;
    return true;
}

} // namespace Qp2p::Peering
