// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The logging categories of the app.
#pragma once

#include <QLoggingCategory>

namespace Qp2p::Gui {

Q_DECLARE_LOGGING_CATEGORY(lcApp) // qp2p.app: what the user would want to read later

} // namespace Qp2p::Gui
