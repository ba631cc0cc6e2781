// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The callbacks of ngtcp2, each a few lines that hand over to the session or its parts.
#pragma once

#include <ngtcp2/ngtcp2.h>

namespace Qp2p::Engine {

//! \brief The table for ngtcp2_conn_client_new() and ngtcp2_conn_server_new(); user_data is a Session.
//!
//! None of them deletes, writes or reads a connection (ngtcp2 forbids it): they note what happened,
//! and Session acts when the call that led here has returned.
const ngtcp2_callbacks &sessionCallbacks();

} // namespace Qp2p::Engine
