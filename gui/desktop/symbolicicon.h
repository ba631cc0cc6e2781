// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Icons of one colour, which is that of the text around them.
#pragma once

#include <QIcon>

namespace Qp2p::Gui {

//! \brief The icon \a name of resources/icons, painted in the palette's colour for text: right in light and
//! in dark, sharp at every scale.
QIcon symbolicIcon(const QString &name);

//! Makes icons and translations known; a static library's are not by themselves.
void useResources();

} // namespace Qp2p::Gui
