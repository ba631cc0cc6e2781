// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The library's application error codes, under their name in the engine.
#pragma once

#include <qp2pcore/closecode.h>

namespace Qp2p::Engine {

namespace CloseCode = Qp2p::CloseCode;

} // namespace Qp2p::Engine
