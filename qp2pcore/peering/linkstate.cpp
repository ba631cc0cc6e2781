// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/linkstate.h>

namespace Qp2p::Peering {

LinkState::Loss LinkState::lossAfter(LossReason reason, Redial redial) const
{
    if (!hasConnection() && redial == Redial::None)
        return Loss::End;
    if (reason == LossReason::Closed) // a side that closes one half on purpose ends the link
        return Loss::End;
    if (m_kind != Kind::Bidirectional && m_peerClaim == ClaimResult::Node)
        return Loss::Repair;
    return Loss::None;
}

bool LinkState::pair()
{
    if (!isComplete())
        return false;
    m_wasBidirectional = m_wasBidirectional || m_kind == Kind::Bidirectional;
    m_kind = Kind::Unidirectional;
    m_role = Role::Node;
    return true;
}

void LinkState::share(Role peerRole)
{
    m_wasBidirectional = m_wasBidirectional || m_kind == Kind::Bidirectional;
    m_kind = Kind::Bidirectional;
    m_role = peerRole;
}

LinkState::State LinkState::state() const
{
    switch (m_kind) {
    case Kind::None:
        return State::Opening;
    case Kind::Bidirectional:
        return State::Bidirectional;
    case Kind::Unidirectional:
        break;
    }
    const bool haveBoth = isOpen(Half::Outgoing) && isOpen(Half::Incoming);
    return haveBoth ? State::Unidirectional : State::Repairing;
}

bool LinkState::isComplete() const
{
    return m_peerClaim == ClaimResult::Node && m_ownClaim == ClaimResult::Node
        && isOpen(Half::Outgoing) && isOpen(Half::Incoming);
}

bool LinkState::isProven() const
{
    return isOpen(Half::Outgoing) && (m_peerClaim == ClaimResult::Node || !isOpen(Half::Incoming));
}

std::optional<LinkState::Half> LinkState::sendingHalf() const
{
    if (isEstablished() && isOpen(Half::Outgoing))
        return Half::Outgoing;
    if (isBidirectional() && isOpen(Half::Incoming))
        return Half::Incoming;
    return {};
}

bool LinkState::mayPeerBegin(Half half) const
{
    return !isUnidirectional() || m_wasBidirectional || half == Half::Incoming;
}

} // namespace Qp2p::Peering
