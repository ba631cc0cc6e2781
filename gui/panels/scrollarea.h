// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Content that scrolls where the window is too small for it.
#pragma once

#include <QScrollArea>

namespace Qp2p::Gui {

//! The area itself takes no focus: what is in it does.
QScrollArea *inScrollArea(QWidget *widget, const QString &name);

} // namespace Qp2p::Gui
