// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The connection table of a simulated router: who exchanges datagrams with whom, under which public address.
#pragma once

#include <shared/routerprofile.h>

#include <qp2pcore/engine/socketaddress.h>

#include <QHash>

#include <map>
#include <memory>
#include <utility>

namespace Qp2p::Test {

//! \brief Datagrams between a socket behind the router and one outside, as conntrack of Linux has it.
struct NatFlow
{
    enum class Origin { Inside, Outside };

    Engine::SocketAddress inside = {}; //!< null: the router itself answered
    Engine::SocketAddress remote = {};
    Engine::SocketAddress external = {}; //!< how the remote sees the inside
    //! How the inside sees the remote: as it is, unless the two have a flow under another external address already.
    Engine::SocketAddress seenRemote = {};
    Origin origin = Origin::Inside;
    bool isReplied = false; //!< datagrams went against the direction of the first
    std::chrono::nanoseconds begun{};
    std::chrono::nanoseconds expires{};
    quint64 number = 0; //!< in the order of their beginning; set by the table
};

//! \brief All flows, found from both sides. One that has expired is as good as gone.
class NatFlows
{
public:
    using Flow = std::shared_ptr<NatFlow>;
    using Time = std::chrono::nanoseconds;

    //! What \a inside has with \a seenRemote; null where there is nothing.
    Flow outgoing(const Engine::SocketAddress &inside, const Engine::SocketAddress &seenRemote,
                  Time now) const;
    //! What \a external has with \a remote; null where there is nothing.
    Flow incoming(const Engine::SocketAddress &external, const Engine::SocketAddress &remote,
                  Time now) const;
    //! The latest one that \a inside has begun; null where there is none.
    Flow latestOf(const Engine::SocketAddress &inside, Time now) const;
    //! Whether any socket but \a inside has \a external.
    bool isUsedByAnother(const Engine::SocketAddress &external, const Engine::SocketAddress &inside,
                         Time now) const;

    //! \brief Adds \a flow. False where \a capacity flows are there that were answered.
    bool add(const NatFlow &flow, size_t capacity, Time now);
    void clear();
    size_t count() const { return size_t(m_incoming.size()); }

private:
    using Ends = std::pair<Engine::SocketAddress, Engine::SocketAddress>;
    using Numbered = std::map<quint64, Flow>; // the latest last
    static void remove(QHash<Engine::SocketAddress, Numbered> &flows,
                       const Engine::SocketAddress &key, const Flow &flow);
    void remove(const Flow &flow);
    void removeExpired(Time now);
    bool makeRoom();

    QHash<Ends, Flow> m_outgoing; // by inside and seenRemote
    QHash<Ends, Flow> m_incoming; // by external and remote
    QHash<Engine::SocketAddress, Numbered> m_ofInside;
    QHash<Engine::SocketAddress, Numbered> m_ofExternal;
    qsizetype m_cleanUpAt = 256;
    quint64 m_lastNumber = 0;
};

} // namespace Qp2p::Test
