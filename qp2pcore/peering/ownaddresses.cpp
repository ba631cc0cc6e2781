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
    m_lastRound = now;
}

bool OwnAddresses::detectAddressChange(const Machine &machine)
{
    const bool wasSuspended = machine.suspended > m_machine.suspended + MaxClockSlip;
    const bool wasMoved = machine.addresses != m_machine.addresses;
    m_machine = machine;
    m_claimedPorts->setInterfaceNetworks(machine.networks);
    return wasSuspended || wasMoved;
}

// ---- what nodes have found

void OwnAddresses::recordAnswer(Family family, const Witness &witness, Answer answer,
                                const QString &reason)
{
    of(family).answers.add(witness, answer, reason);
}

void OwnAddresses::recordObserved(Family family, const Witness &witness, const PeerAddress &observed)
{
    of(family).observedBy.add(witness, observed);
}

void OwnAddresses::removePeer(const PeerId &peerId)
{
    for (FamilyState &family : m_families)
        family.observedBy.remove(peerId);
    m_checks.remove(peerId);
}

void OwnAddresses::forgetAnswers()
{
    for (FamilyState &family : m_families)
        family.answers.forget();
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
    if (now - m_lastRound < CheckInterval)
        return false;
    m_lastRound = now;
    return true;
}

} // namespace Qp2p::Peering
