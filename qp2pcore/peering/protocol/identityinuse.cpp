// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/identityinuse.h>

#include <qp2pcore/engine/messages/controlmap.h>

namespace Qp2p::Peering {

Result<IdentityInUse> IdentityInUse::decode(const QByteArray &map)
{
    Engine::ControlMapParser parser(map);
    parser.parseKind(Kind);
    parser.parsePairs([](quint64) { return false; });
    return parser.finish(IdentityInUse{});
}

QByteArray encode(const IdentityInUse &)
{
    return Engine::ControlMapWriter(IdentityInUse::Kind, 0).finish();
}

} // namespace Qp2p::Peering
