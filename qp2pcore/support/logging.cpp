// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/support/logging.h>

namespace Qp2p {

Q_LOGGING_CATEGORY(lcEndpoint, "qp2p.endpoint", QtInfoMsg)
Q_LOGGING_CATEGORY(lcNetwork, "qp2p.network", QtInfoMsg)
Q_LOGGING_CATEGORY(lcIo, "qp2p.io", QtInfoMsg)

} // namespace Qp2p
