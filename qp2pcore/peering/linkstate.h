// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How far the link to a peer has come: its halves, what each side makes of the other's claim, which side may send.
#pragma once

#include <QtGlobal>

#include <array>
#include <optional>

namespace Qp2p::Peering {

//! \brief The state machine of a link. Knows no connection and no clock.
//!
//! | state          | open               | messages                     | goes on to                           |
//! |----------------|--------------------|------------------------------|--------------------------------------|
//! | Opening        | none, one or both  | are held back                | Unidirectional: both halves are open |
//! |                | halves             |                              | and both claims accepted;            |
//! |                |                    |                              | Bidirectional: one side is a client  |
//! | Unidirectional | both halves        | leave on our half; the peer  | Repairing: a half is lost;           |
//! |                |                    | begins its own on its half   | Bidirectional: a claim is refused    |
//! | Repairing      | one half, or none  | as before; none leave        | Unidirectional: the half is back;    |
//! |                |                    | without our half             | Bidirectional                        |
//! | Bidirectional  | one connection, or | both ways on each            | Unidirectional: both halves are open |
//! |                | two                |                              | and both claims accepted             |
//!
//! A link never goes back to Opening. The owner removes it once it has ended.
class LinkState
{
public:
    enum class State { Opening, Unidirectional, Repairing, Bidirectional };
    enum class Half {
        Outgoing, //!< we have dialled it
        Incoming,
    };
    enum class Role { Unknown, Node, Client };
    //! What one side makes of the other's claim to be a node.
    enum class ClaimResult {
        None,
        Pending, //!< is being checked
        Node, //!< accepted
        Client, //!< refused: the peer is a client
    };
    //! What follows from the loss of a half.
    enum class Loss {
        None, //!< the link is as good as before
        Repair, //!< the half must come back
        End,
    };
    enum class LossReason {
        Silence, //!< a time-out, a reset, or it was replaced
        Closed, //!< a side has closed it
    };
    //! Whether our half is being dialled.
    enum class Redial { None, UnderWay };

    // --- Inputs ---

    //! There is a connection.
    void open(Half half) { m_isOpen[size_t(half)] = true; }
    //! There is none any more: see lossAfter().
    void lose(Half half) { m_isOpen[size_t(half)] = false; }
    //! What we make of its claim.
    void setPeerClaim(ClaimResult result) { m_peerClaim = result; }
    //! What it makes of ours.
    void setOwnClaim(ClaimResult result) { m_ownClaim = result; }
    //! \brief Becomes a link of two halves, to a node, where it is complete. True where it is one now.
    bool pair();
    //! Becomes a link on which both sides send on any connection.
    void share(Role peerRole);

    // --- What follows ---

    State state() const;
    Role role() const { return m_role; }
    ClaimResult peerClaim() const { return m_peerClaim; }
    ClaimResult ownClaim() const { return m_ownClaim; }
    bool isOpen(Half half) const { return m_isOpen[size_t(half)]; }
    bool hasConnection() const { return isOpen(Half::Outgoing) || isOpen(Half::Incoming); }
    //! Both sides may send: it was announced, or is about to be.
    bool isEstablished() const { return m_kind != Kind::None; }
    bool isUnidirectional() const { return m_kind == Kind::Unidirectional; }
    bool isBidirectional() const { return m_kind == Kind::Bidirectional; }
    //! Both halves are open and both claims accepted.
    bool isComplete() const;
    //! \brief We have dialled it without its help: it had not called us before, or was checked.
    bool isProven() const;
    //! What follows after a connection of a half has ended.
    Loss lossAfter(LossReason reason, Redial redial) const;
    //! On which half messages leave now.
    std::optional<Half> sendingHalf() const;
    //! \brief Whether the peer may begin messages on a half. On a link of two halves it has one of its own for
    //! that; where both had sent on one before, some may still be on their way.
    bool mayPeerBegin(Half half) const;

    friend bool operator==(const LinkState &, const LinkState &) = default;

private:
    enum class Kind { None, Unidirectional, Bidirectional };

    std::array<bool, 2> m_isOpen{};
    Kind m_kind = Kind::None;
    Role m_role = Role::Unknown;
    ClaimResult m_peerClaim = ClaimResult::None;
    ClaimResult m_ownClaim = ClaimResult::None;
    bool m_wasBidirectional = false;
};

} // namespace Qp2p::Peering
