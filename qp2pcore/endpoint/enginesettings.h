// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The configuration of an endpoint in the engine's terms.
#pragma once

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/engine/settings.h>

namespace Qp2p {

//! All but the authorities, and what a network adds.
Engine::Settings engineSettings(const EndpointConfig &config);

} // namespace Qp2p
