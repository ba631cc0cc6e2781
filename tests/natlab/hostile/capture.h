// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What really passes the interfaces of a network namespace: one JSON object for each UDP datagram.
#pragma once

namespace Qp2p::Test {

//! \brief Sees datagrams before any filter of the namespace does, and reports until \a stop is set:
//!
//! | event    | fields                                                                                |
//! |----------|---------------------------------------------------------------------------------------|
//! | captures | none, at first: from now on nothing is missed                                         |
//! | datagram | from, to, direction ("in" or "out"), bytes (of the whole IP packet), and of a QUIC     |
//! |          | Initial packet (RFC 9000 section 17.2.2) dial: its Destination Connection ID            |
//!
//! Needs the right to open packet sockets (root of the namespace). Ends the process without it.
void capture(const volatile int &stop);

} // namespace Qp2p::Test
