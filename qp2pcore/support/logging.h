// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// All logging categories of the library. Never keys, never payloads.
#pragma once

#include <QLoggingCategory>

namespace Qp2p {

Q_DECLARE_LOGGING_CATEGORY(lcEndpoint) // qp2p.endpoint: connections come and go
Q_DECLARE_LOGGING_CATEGORY(lcNetwork) // qp2p.network: joining, peers, reachability, the cache
Q_DECLARE_LOGGING_CATEGORY(lcIo) // qp2p.io: sockets and files

} // namespace Qp2p
