// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which connection makes room for a new one when an endpoint is full.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>
#include <QHash>

#include <optional>
#include <utility>
#include <vector>

namespace Qp2p::Engine {

//! \brief An open connection that a peer has dialled, and what it is good for.
struct EvictionCandidate
{
    quint64 session = 0;
    SocketAddress remote;
    ngtcp2_tstamp openedAt = 0;
    ngtcp2_tstamp lastMessageAt = 0; //!< a whole message in either direction; 0: never
    ngtcp2_duration minRtt = UINT64_MAX;
};

//! \brief Who is to be closed for a newcomer, at one moment.
//!
//! The idea is Bitcoin Core's (AttemptToEvictConnection): what an attacker cannot have much of is
//! protected first (low round trips, messages, age), and of the rest the address group with most
//! connections loses one. So who fills the places from few networks only ever replaces its own. A
//! newcomer whose own group and address have as many as that one's is refused instead.
//!
//! | protected                          | because                                            |
//! |------------------------------------|----------------------------------------------------|
//! | the 8 with the lowest round trip   | distance cannot be faked downwards                 |
//! | the 8 with the latest messages     | the program uses them                              |
//! | of the rest the older half         | an attack is younger than the network it attacks   |
class Crowding
{
public:
    explicit Crowding(const std::vector<EvictionCandidate> &candidates);

    //! \brief The session to close for a peer at \a newcomer; none where no session should go for it.
    std::optional<quint64> victimFor(const SocketAddress &newcomer) const;

private:
    using Crowd = std::pair<int, int>; // connections of the group of addresses, and of the host
    Crowd of(const SocketAddress &address) const;

    QHash<QByteArray, int> m_groups;
    QHash<QByteArray, int> m_hosts;
    std::optional<quint64> m_victim;
    Crowd m_victimsCrowd;
};

} // namespace Qp2p::Engine
