// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Combo boxes with a name for screen readers: on Linux Qt reports the chosen text instead.
#pragma once

namespace Qp2p::Gui {

//! \brief For all combo boxes of this program. Qt leaves the name to the relation with a label, which a combo
//! box with only an accessible name does not have, so that AT-SPI would report the value twice.
void nameComboBoxes();

} // namespace Qp2p::Gui
