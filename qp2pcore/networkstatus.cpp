// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/networkstatus.h>

#include <qp2pcore/peering/networkprivate.h>
#include <qp2pcore/support/threadcheck.h>

#include <algorithm>

namespace Qp2p {

namespace {

void addConfiguration(NetworkStatus &status, const NetworkConfig &config)
{
    const EndpointConfig endpoint = config.endpoint();
    status.networkName = endpoint.networkName();
    status.certificateMode = endpoint.certificatePolicy().mode();
    status.configuredRole = config.role();
    status.configuredPort = config.listenPort();
    status.ipv4.externalPort = config.externalPort(QAbstractSocket::IPv4Protocol);
    status.ipv6.externalPort = config.externalPort(QAbstractSocket::IPv6Protocol);
}

//! A socket for both families is bound to "::", as one for IPv6 alone.
bool isDualStack(const QHostAddress &bound, const QHostAddress &configured)
{
    const QHostAddress any(QHostAddress::Any);
    return bound == any || (bound == QHostAddress(QHostAddress::AnyIPv6) && configured == any);
}

void addSocket(NetworkStatus &status, const Endpoint &endpoint, const QHostAddress &configured)
{
    status.isListening = endpoint.isListening();
    status.localAddress = endpoint.localAddress();
    status.localPort = endpoint.localPort();
    status.isDualStack = status.isListening && isDualStack(status.localAddress, configured);
    status.statistics = endpoint.stats();
    for (NetworkStatus::Family *family : {&status.ipv4, &status.ipv6}) {
        if (status.isListening)
            family->advertisedPort = family->externalPort != 0 ? family->externalPort
                                                               : status.localPort;
    }
}

void addPeers(NetworkStatus &status, const QList<Peer *> &peers)
{
    status.nodes = int(std::count_if(peers.cbegin(), peers.cend(), [](const Peer *peer) {
        return peer->role() == Peer::Role::Node;
    }));
    status.clients = int(peers.size()) - status.nodes;
}

} // namespace

NetworkStatus Network::status() const
{
    QP2P_CHECK_THREAD();
    NetworkStatus status;
    status.state = state();
    status.peerId = peerId();
    status.role = role();
    status.contacts = contacts();
    status.joinCandidates = joinCandidates();
    status.cachedNodes = bootstrapCache()->size();
    status.cacheFile = bootstrapCache()->fileName();
    addConfiguration(status, config());
    addSocket(status, *endpoint(), config().listenAddress());
    addPeers(status, peers());
    for (const auto protocol : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol}) {
        NetworkStatus::Family &family = protocol == QAbstractSocket::IPv6Protocol ? status.ipv6
                                                                                  : status.ipv4;
        family.reachability = reachability(protocol);
        family.observedAddress = observedAddress(protocol);
        family.quorum = d->ownAddresses.quorum(protocol, d->witnesses(protocol));
    }
    status.failedAttempts = d->joinPlan->failedAttempts();
    if (const Peering::Time next = d->joinPlan->nextAttempt(); next != Peering::Never) {
        const auto left = next - std::min(next, d->currentTime());
        status.nextAttempt = std::chrono::ceil<std::chrono::milliseconds>(left);
    }
    status.lastError = d->latestError.error();
    status.lastErrorTime = d->latestError.time();
    return status;
}

} // namespace Qp2p
