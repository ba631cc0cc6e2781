// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Marks for states: each has a shape and a colour of its own, so that either is enough to recognise them.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

class QPainter;

namespace Qp2p::Gui {

enum class Mark {
    None,
    Good, //!< a disc, green
    Busy, //!< a ring with a gap, amber
    Off, //!< a ring, grey
    Blocked, //!< a barred disc, red
    Warning, //!< a triangle with an exclamation mark, amber
};

//! Sharp at every scale; its colours follow the program's palette.
QIcon markIcon(Mark mark);
//! For text and for the mark: at least 4.5 : 1 on Base and AlternateBase of \a palette.
QColor markColour(Mark mark, const QPalette &palette);
//! \a area is a square; \a background shows in gaps.
void paintMark(QPainter &painter, const QRectF &area, Mark mark, const QColor &colour,
               const QColor &background);

} // namespace Qp2p::Gui
