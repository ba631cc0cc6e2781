// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a peer that the program asks for is reached, by its address or by its peer id, and what is done for others
// in turn.
#pragma once

#include <qp2pcore/io/environment.h>
#include <qp2pcore/natconfig.h>
#include <qp2pcore/peering/blocklist.h>
#include <qp2pcore/peering/caller.h>
#include <qp2pcore/peering/linktable.h>
#include <qp2pcore/peering/linkwaiters.h>
#include <qp2pcore/peering/ownaddresses.h>
#include <qp2pcore/peering/relaydesk.h>

#include <memory>

namespace Qp2p {

class Peer;

namespace Peering {

//! \brief Both sides of legs, over the links of one network: calls of this member and to it, and what it forwards.
class Reaching final : private Caller::Surroundings, private RelayDesk::Surroundings
{
public:
    //! All of these must outlive it. \a context: of what it waits for.
    Reaching(Endpoint &endpoint, const NatConfig &config, const LinkTable &links,
             const BlockList &blocks, const OwnAddresses &ownAddresses, QObject *context);
    ~Reaching() override;
    Q_DISABLE_COPY_MOVE(Reaching)

    //! What hellos say of it: see Engine::Hello::Service.
    static quint64 services(const NatConfig &config);

    //! \brief Dials \a peer over a node that both are linked to. Errors: NoRelay, those of Endpoint::connectTo().
    QFuture<Dial::Outcome> call(const PeerId &peer);
    Caller &caller() { return m_caller; }
    RelayDesk &desk() { return m_desk; }
    //! Dials that the program has asked for.
    LinkWaiters<QPointer<Peer>> &waiters() { return m_waiters; }

    void connectionOpened(Connection &connection);
    void connectionClosed(const Connection &connection);
    //! Once a second. What ends by it may delete this.
    void tick();

private:
    Time currentTime() const override;
    bool isBlocked(const PeerId &peerId) const override { return m_blocks.contains(peerId); }
    QList<Connection *> relays() const override;
    void openLeg(quint64 leg, const Connection &link) override;
    void closeLeg(quint64 leg) override;
    QFuture<Dial::Outcome> dialOverLeg(quint64 leg, const PeerId &peer) override;
    bool isLegInUse(quint64 leg) const override;
    void armTimer();
    bool forwardsForOthers() const override;
    Connection *linkForLegs(const PeerId &peer) const override;
    std::optional<Access::Forwarding> beginForwarding(const Connection &caller,
                                                      const Connection &callee) override;
    void endForwarding(const Access::Forwarding &forwarding) override;

    Endpoint &m_endpoint;
    const NatConfig m_config;
    const LinkTable &m_links;
    const BlockList &m_blocks;
    const OwnAddresses &m_ownAddresses;
    QObject *m_context;
    Caller m_caller;
    RelayDesk m_desk;
    std::unique_ptr<Io::Timer> m_timer; // for what cannot wait for tick(); null before the first call
    LinkWaiters<QPointer<Peer>> m_waiters;
};

} // namespace Peering
} // namespace Qp2p
