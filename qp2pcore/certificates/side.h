// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which side of a handshake this program is.
#pragma once

namespace Qp2p::Engine {

enum class Side {
    Dialler, //!< TLS and QUIC client
    Acceptor, //!< TLS and QUIC server
};

} // namespace Qp2p::Engine
