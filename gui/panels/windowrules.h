// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What holds for each window: it fits on its screen, its content scrolls, and Enter is one button's key.
#pragma once

#include <QDialog>

namespace Qp2p::Gui {

//! \brief From now on each dialog of this program opens inside the available area of its screen, with its
//! buttons visible and the rest in a scroll area, and Enter presses its default button and no other.
//! Message boxes, file dialogs and input dialogs, which Qt lays out, are only kept on the screen.
void useWindowRules();

//! \brief The size for a window that would like to have \a wanted: not more than the screen has for it and
//! its frame.
QSize fittedSize(const QWidget &window, QSize wanted);

//! Moves \a window, with its frame, into the available area of its screen.
void keepOnScreen(QWidget &window);

} // namespace Qp2p::Gui
