// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/ownaddresses.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Peering {

OwnAddresses::Machine OwnAddresses::machineOf(Io::Environment &environment)
{
    return {environment.suspendedTime(), environment.interfaceAddresses(),
            environment.interfaceNetworks()};
}

void OwnAddresses::start(const Machine &machine, Time now)
{
    m_machine = machine;
    m_claimedPorts->setInterfaceNetworks(machine.networks);
    for (FamilyState &family : m_families)
        family.nextRound = now + CheckInterval;
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
    for (FamilyState &family : m_families) {
        family.answers.forget();
        family.nextRound = now + PathValidationTime;
    }
    for (Check &check : m_checks)
        check.isVoid = true;
}

OwnAddresses::Evaluation OwnAddresses::evaluate(Family family, const QList<Witness> &able) const
{
    const FamilyState &state = of(family);
    const PeerAddress observed = state.observedBy.agreedAddress(able);
    return {state.answers.evaluate(able), observed, state.observedBy.voicesFor(observed)};
}

OwnAddresses::ObservedChange OwnAddresses::setObserved(Family family, const PeerAddress &observed)
{
    FamilyState &state = of(family);
    if (observed == state.observed)
        return ObservedChange::None;
    state.observed = observed;
    if (observed.isNull())
        return ObservedChange::Changed;
    // Nodes see a move one after the other, and meanwhile too few agree.
    const PeerAddress before = std::exchange(state.lastKnown, observed);
    if (before.isNull() || before.address() == observed.address())
        return ObservedChange::Changed;
    // Who had seen it earlier may have checked us there already.
    state.answers.forgetUnless([&](const PeerId &peerId) {
        return state.observedBy.addressOf(peerId).address() == observed.address();
    });
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

quint64 OwnAddresses::beginCheck(Family family, const PeerId &peerId, Time now)
{
    if (const auto check = m_checks.constFind(peerId); check != m_checks.cend()) {
        const Time next = check->asked + (check->isVoid ? MovePause : CheckPause);
        if (next > now) {
            if (check->isVoid)
                of(family).nextRound = std::min(of(family).nextRound, next);
            return 0;
        }
    }
    m_checks.insert(peerId, {now});
    return toNanoseconds(now);
}

void OwnAddresses::renew(const PeerId &peerId, Time now)
{
    const auto check = m_checks.find(peerId);
    if (check != m_checks.end() && check->asked + MovePause <= now)
        check->isVoid = true;
}

void OwnAddresses::renewCheck(Family family, const PeerId &peerId, Time now)
{
    renew(peerId, now);
    const auto check = m_checks.constFind(peerId);
    if (check == m_checks.cend() || check->isVoid)
        of(family).nextRound = std::min(of(family).nextRound, now + PathValidationTime);
}

void OwnAddresses::renewRound(Family family, const QList<Witness> &able, Time now)
{
    for (const Witness &witness : able)
        renew(witness.peerId, now);
    of(family).nextRound = std::min(of(family).nextRound, now + PathValidationTime);
}

bool OwnAddresses::takeMove(Time now)
{
    if (m_lastMove && *m_lastMove + MoveInterval > now)
        return false;
    m_lastMove = now;
    return true;
}

bool OwnAddresses::isOwnCheck(const PeerId &peerId, quint64 id) const
{
    const auto check = m_checks.constFind(peerId);
    return check != m_checks.cend() && !check->isVoid && toNanoseconds(check->asked) == id;
}

bool OwnAddresses::isCheckRecent(const PeerId &peerId, Time now) const
{
    const auto check = m_checks.constFind(peerId);
    return check != m_checks.cend() && check->asked + CheckPause > now;
}

bool OwnAddresses::beginRound(Family family, Time now)
{
    if (now < of(family).nextRound)
        return false;
    of(family).nextRound = now + CheckInterval;
    return true;
}

} // namespace Qp2p::Peering
