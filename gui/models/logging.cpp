// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/logging.h>

namespace Qp2p::Gui {

Q_LOGGING_CATEGORY(lcApp, "qp2p.app", QtInfoMsg)

} // namespace Qp2p::Gui
