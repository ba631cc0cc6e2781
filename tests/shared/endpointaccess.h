// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Lets a test do to a connection what no program can, such as start a key update.
#pragma once

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/endpoint/endpointprivate.h>
#include <qp2pcore/private/simulated.h>

namespace Qp2p::Test {

class EndpointAccess
{
public:
    //! The ngtcp2 connection of the only connection of \a endpoint.
    static ngtcp2_conn *quic(const Endpoint &endpoint)
    {
        const auto &inside = SimulatedEndpoint::inside(endpoint);
        return inside.driver->find(inside.connections.begin()->first)->connection();
    }
    //! What \a endpoint forwards for others; null where it never did.
    static const Nat::LegForwarder *forwarder(const Endpoint &endpoint)
    {
        return SimulatedEndpoint::inside(endpoint).driver->legs().forwarder();
    }
    static ngtcp2_tstamp now(const Endpoint &endpoint)
    {
        return SimulatedEndpoint::inside(endpoint).driver->now();
    }
};

} // namespace Qp2p::Test
