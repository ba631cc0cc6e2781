// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/scrollarea.h>

namespace Qp2p::Gui {

QScrollArea *inScrollArea(QWidget *widget, const QString &name)
{
    auto *area = new QScrollArea;
    area->setWidget(widget);
    area->setWidgetResizable(true);
    // The background of what is behind it shows through, such as a tab's.
    widget->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setAccessibleName(name);
    return area;
}

} // namespace Qp2p::Gui
