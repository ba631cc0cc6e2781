// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/reaching.h>

#include <qp2pcore/peering/access.h>

#include <algorithm>

namespace Qp2p::Peering {

using Service = Engine::Hello::Service;

namespace {

//! A connection of \a link on which its peer offers \a service. A leg never goes over a leg.
Connection *connectionWith(const Link &link, Service service)
{
    const QList<Connection *> connections = link.connections();
    const auto found = std::find_if(connections.cbegin(), connections.cend(),
                                    [service](const Connection *connection) {
                                        return !Access::isAssisted(*connection)
                                            && (Access::peerServices(*connection) & service) != 0;
                                    });
    return found == connections.cend() ? nullptr : *found;
}

} // namespace

Reaching::Reaching(Endpoint &endpoint, const NatConfig &config, const LinkTable &links,
                   const BlockList &blocks, const OwnAddresses &ownAddresses, QObject *context)
    : m_endpoint(endpoint)
    , m_config(config)
    , m_links(links)
    , m_blocks(blocks)
    , m_ownAddresses(ownAddresses)
    , m_context(context)
    , m_caller(*this, context)
    , m_desk(*this)
{
}

Reaching::~Reaching() = default;

quint64 Reaching::services(const NatConfig &config)
{
    quint64 services = 0;
    if (config.relayForOthers() == NatConfig::RelayForOthers::Members)
        services |= Service::ForwardsLegs;
    if (config.relayedConnections() == NatConfig::RelayedConnections::Allowed)
        services |= Service::AcceptsLegs;
    return services;
}

QFuture<Dial::Outcome> Reaching::call(const PeerId &peer)
{
    const QFuture<Dial::Outcome> outcome = m_caller.call(peer);
    armTimer();
    return outcome;
}

void Reaching::connectionOpened(Connection &connection)
{
    m_caller.connectionOpened(&connection);
    armTimer();
}

void Reaching::connectionClosed(const Connection &connection)
{
    m_desk.connectionClosed(&connection);
    m_caller.connectionClosed(&connection, Access::legOf(connection));
}

void Reaching::tick()
{
    for (const quint64 leg : Access::endIdleForwarding(m_endpoint))
        m_desk.idle(leg);
    m_desk.expire();
    m_caller.expire();
}

// ---- what both sides want to know

Time Reaching::currentTime() const
{
    return Access::environment(m_endpoint)->now();
}

//! The nearest first.
QList<Connection *> Reaching::relays() const
{
    QList<Connection *> relays;
    const QList<LinkPointer> links = m_links.established();
    for (const LinkPointer &link : links) {
        if (Connection *connection = connectionWith(*link, Service::ForwardsLegs))
            relays.append(connection);
    }
    std::stable_sort(relays.begin(), relays.end(), [](const Connection *a, const Connection *b) {
        return a->stats().smoothedRtt < b->stats().smoothedRtt;
    });
    return relays;
}

void Reaching::openLeg(quint64 leg, const Connection &link)
{
    Access::openLeg(m_endpoint, leg, link);
}

void Reaching::closeLeg(quint64 leg)
{
    Access::closeLeg(m_endpoint, leg);
}

QFuture<Dial::Outcome> Reaching::dialOverLeg(quint64 leg, const PeerId &peer)
{
    return Access::dialOverLeg(m_endpoint, leg, peer);
}

bool Reaching::isLegInUse(quint64 leg) const
{
    const QList<Connection *> connections = m_endpoint.connections();
    return std::any_of(
        connections.cbegin(), connections.cend(),
        [leg](const Connection *connection) { return Access::legOf(*connection) == leg; });
}

//! Where there is a call, or a connection that was called.
void Reaching::armTimer()
{
    const Time deadline = m_caller.deadline();
    if (deadline == Never)
        return;
    if (!m_timer) {
        m_timer = Access::environment(m_endpoint)->makeTimer([this] {
            const QPointer<QObject> alive(m_context);
            m_caller.expire();
            if (alive)
                armTimer();
        });
    }
    m_timer->arm(deadline);
}

bool Reaching::forwardsForOthers() const
{
    return m_ownAddresses.role() == OwnAddresses::Role::Node
        && m_config.relayForOthers() == NatConfig::RelayForOthers::Members;
}

Connection *Reaching::linkForLegs(const PeerId &peer) const
{
    const LinkPointer link = m_links.find(peer);
    return link && link->state().isEstablished() ? connectionWith(*link, Service::AcceptsLegs)
                                                 : nullptr;
}

std::optional<Access::Forwarding> Reaching::beginForwarding(const Connection &caller,
                                                            const Connection &callee)
{
    return Access::beginForwarding(m_endpoint, caller, callee, m_config.relayRate(),
                                   m_config.relayRatePerConnection());
}

void Reaching::endForwarding(const Access::Forwarding &forwarding)
{
    Access::endForwarding(m_endpoint, forwarding);
}

} // namespace Qp2p::Peering
