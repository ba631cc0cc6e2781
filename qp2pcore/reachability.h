// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether other members of a network can dial this machine, as far as they have reported.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/qp2pcore_export.h>

#include <QList>
#include <QMetaType>
#include <QObject>
#include <QString>

namespace Qp2p {

//! \brief What the checks of other nodes have shown, for one address family.
//!
//! A node that checks us dials our observed address from elsewhere and carries a number there that only
//! a real arrival can know. Reachable and NotReachable need min(3, nodes that can check) agreeing
//! answers, on public addresses from different IPv4 /16 or IPv6 /32; a node that refused to check, or could not,
//! counts for nothing. Reachable needs at least two: one node alone, which may be lying, makes it Provisional.
//! One alone decides NotReachable only where there is no other that could check.
struct QP2PCORE_EXPORT Reachability
{
    Q_GADGET

public:
    enum class State {
        Unknown, //!< no node has checked it, or not enough have
        Provisional, //!< dialled from another socket, but only by hosts that we have talked to (a NAT that
        //!< filters by address would let them in), or too few say so
        Reachable, //!< dialled from an address that we had not talked to
        NotReachable,
    };
    Q_ENUM(State)

    State state = State::Unknown;
    QString reason; //!< why it is not reachable, in the words of the node that tried
    int answers = 0; //!< how many agree
    QList<PeerAddress> witnesses; //!< which nodes: the peer id, and the address where we talk to it

    friend bool operator==(const Reachability &, const Reachability &) = default;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Reachability)
