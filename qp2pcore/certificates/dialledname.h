// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The name or address that was dialled, as certificates have it.
#pragma once

#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/peeraddress.h>

namespace Qp2p {

Engine::DialledName dialledName(const PeerAddress &peer);

} // namespace Qp2p
