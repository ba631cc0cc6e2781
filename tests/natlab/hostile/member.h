// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A hostile member of a network: it speaks both halves of links to real nodes, so that they link to it.
#pragma once

#include "linkhalf.h"
#include "memberattack.h"

#include <vector>

namespace Qp2p::Test {

//! \brief Listens, dials its targets and each peer that claims to be a node, pays for its checks, and answers
//! each claim with "reachable". Reports, one JSON object a line on standard output:
//!
//! | event     | fields                          | when                                                 |
//! |-----------|---------------------------------|------------------------------------------------------|
//! | greeted   | local, remote, direction, role  | a hello has come: direction is dialled or accepted   |
//! | checked   | local, remote                   | a dial that checks has arrived                       |
//! | linked    | local, remote                   | the peer has accepted the role of a dialled half   |
//! | answered  | local, remote, what the attack reports | a control message that the attack answers     |
//! | ended     | local, remote, direction        | a half is over                                       |
class HostileMember
{
public:
    struct Plan
    {
        Engine::SocketAddress own; //!< where it listens
        std::vector<Engine::SocketAddress> targets; //!< that it dials, again where a half ends
        int identityNumber = 0; //!< another one for each member of a process
        QByteArray attack;
        MemberAttack::Options options;
    };
    enum class Attacks { Later, Now };

    HostileMember(const Plan &plan, ngtcp2_tstamp now);

    //! To be polled for reading.
    std::vector<int> descriptors() const;
    ngtcp2_tstamp deadline() const;
    //! Takes everything that has come, lets timers run, attacks, and sends.
    void advance(Attacks attacks, ngtcp2_tstamp now);

private:
    Engine::Hello hello() const;
    LinkHalf *dialledTo(const Engine::SocketAddress &remote) const;
    void dial(const Engine::SocketAddress &remote, ngtcp2_tstamp now);
    void receiveFromAnybody(ngtcp2_tstamp now);
    void take(LinkHalf &half, const Engine::ControlMessage &message, ngtcp2_tstamp now);
    void takeHello(LinkHalf &half, const Engine::Hello &hello, ngtcp2_tstamp now);
    void reportOf(const char *event, const LinkHalf &half, QJsonObject fields = {}) const;

    const Plan m_plan;
    const std::unique_ptr<MemberAttack> m_attack;
    UdpSocket m_listener;
    std::vector<std::unique_ptr<LinkHalf>> m_halves;
    ngtcp2_tstamp m_dialAt = 0;
};

} // namespace Qp2p::Test
