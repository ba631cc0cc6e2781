// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What two peers speak on a connection.
#pragma once

namespace Qp2p {

enum class Protocol {
    Qp2p1, //!< ALPN "qp2p/1": both sides prove their keys and greet each other
    //! That of the Rust library qp2p 0.36.4 and its relatives: the same messages, but no ALPN, no
    //! greeting, and the dialling side proves nothing. See EndpointConfig::setLegacyPeers().
    Legacy,
};

} // namespace Qp2p
