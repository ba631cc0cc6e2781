// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The configuration of an endpoint in the engine's terms.
#pragma once

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/engine/settings.h>
#include <qp2pcore/protocol.h>

#include <memory>
#include <vector>

namespace Qp2p {

//! All but the authorities and the protocols.
Engine::Settings engineSettings(const EndpointConfig &config);
//! All but what a network adds.
std::shared_ptr<Engine::MessageOptions> messageOptions(const EndpointConfig &config);
//! What peers may speak that dial; the first is what is dialled with.
std::vector<Protocol> acceptedProtocols(const EndpointConfig &config);

} // namespace Qp2p
