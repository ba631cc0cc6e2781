// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Members behind NATs of their own, and nodes that forward between them.
#pragma once

#include <shared/networkworld.h>

#include <qp2pcore/peering/access.h>

namespace Qp2p::Test {

//! A node, and two members behind NATs of their own that are linked to it.
struct RelayScene
{
    explicit RelayScene(const NatConfig &callersNat = {}, const NatConfig &calleesNat = {},
                        const NatConfig &nodesNat = {})
        : node(world.node(1, with(nodesNat)))
        , caller(world.behindNat(2, NatFiltering::AddressAndPortDependent, with(callersNat)))
        , callee(world.behindNat(3, NatFiltering::AddressAndPortDependent, with(calleesNat)))
    {
        isReady = world.linked(node, caller) && joins(callee);
    }
    static NetworkConfig with(const NatConfig &nat)
    {
        NetworkConfig config;
        config.setNat(nat);
        return config;
    }
    bool joins(Member &member)
    {
        member.join({world.contact(1)});
        return world.until([&] { return member.peer(node) && node.peer(member); });
    }
    Result<QPointer<Peer>> call()
    {
        const auto future = caller.network->connectTo(callee.id());
        return world.finish(future) ? future.result()
                                    : Error(ErrorCode::Cancelled, QStringLiteral("no end"));
    }
    int legs() const { return Peering::Access::forwardedLegs(*node.network->endpoint()); }
    static int legsOf(const Member &member)
    {
        return Peering::Access::ownLegs(*member.network->endpoint());
    }

    NetworkWorld world;
    Member &node;
    Member &caller;
    Member &callee;
    bool isReady = false;
};

//! As RelayScene, with a second node that both are linked to as well.
struct TwoRelayScene : RelayScene
{
    TwoRelayScene()
        : second(world.node(5))
    {
        isReady = isReady && joins(second)
            && world.until([this] { return caller.peer(second) && callee.peer(second); });
    }
    PeerId relay() const { return caller.peer(callee)->connections().first()->path().relay; }
    //! The one that forwards.
    int relayNumber() const { return relay() == node.id() ? 1 : 5; }

    Member &second;
};

} // namespace Qp2p::Test
