// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A router between a local network and the internet, or another router: translates and filters UDP as Linux does.
#pragma once

#include <shared/natflows.h>
#include <shared/routerprofile.h>
#include <shared/seededrandom.h>

#include <qp2pcore/engine/socketaddress.h>

#include <QHash>
#include <QList>

namespace Qp2p::Test {

class SimulatedHost;
class SimulatedRouter;

//! \brief A machine that datagrams arrive at: one of the two, or neither.
struct WorldNode
{
    SimulatedHost *host = nullptr;
    SimulatedRouter *router = nullptr;

    bool isNull() const { return !host && !router; }
    friend bool operator==(const WorldNode &, const WorldNode &) = default;
};

//! \brief The addresses of a datagram behind a router; null where it did not let it through.
struct Passage
{
    Engine::SocketAddress from;
    Engine::SocketAddress to;

    bool isNull() const { return to.isNull(); }
};

//! Datagrams that a router did not let through.
struct RouterCounters
{
    quint64 filtered = 0; //!< from outside, and nobody inside waits for it
    quint64 blocked = 0; //!< all UDP is
    quint64 exhausted = 0; //!< no port was free, or the table full
    quint64 noAddress = 0; //!< no public address of that family
    quint64 notTurned = 0; //!< to its own public address, and it does not send them back in

    friend bool operator==(const RouterCounters &, const RouterCounters &) = default;
};

//! \brief Sockets of several hosts behind it get public addresses and ports; times are those of the simulation.
//!
//! The rules are those of conntrack: each pair of socket and remote is a flow, which is let back in. A filter that lets
//! in more has, like the rules of natlab/natrules.sh, a second table, learned from what leaves. A family without public
//! address is not translated where it has global addresses: it is only filtered.
class SimulatedRouter
{
public:
    using Time = std::chrono::nanoseconds;
    enum class Side { Outside, Lan };

    //! \a publicAddresses: used one after the other; their ports don't matter. None: see NatMapping::None.
    SimulatedRouter(quint32 linkIndex, const QList<Engine::SocketAddress> &publicAddresses,
                    const RouterProfile &profile, quint64 seed);
    Q_DISABLE_COPY_MOVE(SimulatedRouter)

    // --- Datagrams ---

    //! A datagram from \a local to \a remote.
    Passage mapOut(const Engine::SocketAddress &local, const Engine::SocketAddress &remote,
                   Time now);
    //! \brief A datagram from \a remote to \a external. What comes from the Lan side has left through mapOut() before
    //! (hairpin), and no filter applies to it.
    Passage mapIn(const Engine::SocketAddress &external, const Engine::SocketAddress &remote,
                  Side from, Time now);
    //! Whether \a address is the router's own public one at present.
    bool owns(const Engine::SocketAddress &address) const;
    //! Whether \a local gets another address where it leaves; else it is only filtered.
    bool translates(const Engine::SocketAddress &local) const;
    //! Whether a datagram from inside to its own address is sent back in. Counts where it is not.
    bool turnsBack();

    // --- What its owner does ---

    //! \brief Whatever comes to \a external goes to \a local, from anyone, and its answers come from there
    //! (a port forwarding, DNAT). What \a local sends to others is mapped as without it.
    void forward(const Engine::SocketAddress &external, const Engine::SocketAddress &local);
    //! From now on; flows that are there go on.
    void setProfile(const RouterProfile &profile) { m_profile = profile; }
    const RouterProfile &profile() const { return m_profile; }
    //! Forgets all flows. Forwardings stay: they are configuration.
    void reboot();
    //! \brief Reboots with the next one of its public addresses. Forwardings of the one that it leaves go with it.
    void rebootWithNextAddress();

    //! Where \a local is seen at present, on this router; null where it has sent nothing lately.
    Engine::SocketAddress mapping(const Engine::SocketAddress &local, Time now) const;
    const RouterCounters &counters() const { return m_counters; }
    size_t flowCount() const { return m_flows.count(); }

    // --- Where it is; kept by the world ---

    const quint32 index; //!< of its links
    SimulatedRouter *upstream = nullptr; //!< null: the internet
    QHash<Engine::SocketAddress, WorldNode> lan; //!< by address, with port 0

private:
    struct Learned
    {
        Engine::SocketAddress inside;
        Time expires{};
    };
    using Pair = std::pair<Engine::SocketAddress, Engine::SocketAddress>;

    Engine::SocketAddress publicAddress(const Engine::SocketAddress &local) const;
    Engine::SocketAddress newExternal(const Engine::SocketAddress &local,
                                      const Engine::SocketAddress &remote, Time now);
    bool isFree(const Engine::SocketAddress &external, const Engine::SocketAddress &local,
                const Engine::SocketAddress &remote, Time now);
    quint16 portOf(const Engine::SocketAddress &local, const Engine::SocketAddress &remote) const;
    Engine::SocketAddress freePort(Engine::SocketAddress external,
                                   const Engine::SocketAddress &local,
                                   const Engine::SocketAddress &remote, Time now);
    Engine::SocketAddress seenRemote(const Engine::SocketAddress &inside,
                                     Engine::SocketAddress remote, Time now);
    void pass(NatFlow &flow, NatFlow::Origin from, Time now);
    void learn(const NatFlow &flow, Time now);
    Engine::SocketAddress admitted(const Engine::SocketAddress &external,
                                   const Engine::SocketAddress &remote, Side from, Time now) const;
    bool begin(const NatFlow &flow, Time now);

    RouterProfile m_profile;
    QList<Engine::SocketAddress> m_ipv4;
    QList<Engine::SocketAddress> m_ipv6;
    qsizetype m_turn = 0; // which of the public addresses
    NatFlows m_flows;
    QHash<Engine::SocketAddress, Learned> m_learned; // by external
    QHash<Pair, Time> m_sentTo; // external and remote address, with port 0: until when
    QHash<Engine::SocketAddress, Engine::SocketAddress> m_forwards; // by external
    qsizetype m_cleanUpAt = 256; // entries of both
    SeededRandom m_random;
    quint64 m_hashKey; // another one after each reboot
    quint32 m_nextInBlock = 0;
    RouterCounters m_counters;
};

} // namespace Qp2p::Test
