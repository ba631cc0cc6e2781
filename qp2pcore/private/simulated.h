// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints, networks and caches in an environment of the test's choice, and what is inside of them. Not installed.
#pragma once

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/network.h>

#include <memory>

namespace Qp2p {

namespace Io {
class Environment;
}

//! \brief An endpoint whose channel, clock, timers and randomness are those of an environment.
class SimulatedEndpoint final : public Endpoint
{
public:
    SimulatedEndpoint(const EndpointConfig &config, std::shared_ptr<Io::Environment> environment,
                      QObject *parent = nullptr);

    //! The inside of any endpoint, also of a network's. Include <qp2pcore/endpoint/endpointprivate.h>.
    static Private &inside(const Endpoint &endpoint);
};

class SimulatedNetwork final : public Network
{
public:
    SimulatedNetwork(const NetworkConfig &config, std::shared_ptr<Io::Environment> environment,
                     QObject *parent = nullptr);
};

class SimulatedCache final : public BootstrapCache
{
public:
    explicit SimulatedCache(std::shared_ptr<Io::Environment> environment, QObject *parent = nullptr);
};

} // namespace Qp2p
