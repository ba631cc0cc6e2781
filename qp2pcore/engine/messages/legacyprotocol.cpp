// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/legacyprotocol.h>

#include <qp2pcore/engine/session.h>

#include <typeinfo>

namespace Qp2p::Engine {

LegacyProtocol *LegacyProtocol::of(const Session &session)
{
    StreamProtocol *protocol = session.protocol();
    return protocol && typeid(*protocol) == typeid(LegacyProtocol)
        ? static_cast<LegacyProtocol *>(protocol)
        : nullptr;
}

} // namespace Qp2p::Engine
