// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/private/simulated.h>

#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/network/bootstrapcacheprivate.h>
#include <qp2pcore/peering/networkprivate.h>

namespace Qp2p {

SimulatedEndpoint::SimulatedEndpoint(const EndpointConfig &config,
                                     std::shared_ptr<Io::Environment> environment, QObject *parent)
    : Endpoint(*new Private(config, std::move(environment)), parent)
{
}

Endpoint::Private &SimulatedEndpoint::inside(const Endpoint &endpoint)
{
    return *(endpoint.*(&SimulatedEndpoint::d));
}

SimulatedNetwork::SimulatedNetwork(const NetworkConfig &config,
                                   std::shared_ptr<Io::Environment> environment, QObject *parent)
    : Network(*new Private(config, std::move(environment)), parent)
{
}

SimulatedCache::SimulatedCache(std::shared_ptr<Io::Environment> environment, QObject *parent)
    : BootstrapCache(*new Private(std::move(environment)), parent)
{
}

} // namespace Qp2p
