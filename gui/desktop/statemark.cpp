// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/statemark.h>

#include <QApplication>
#include <QIconEngine>
#include <QPainter>

namespace Qp2p::Gui {

namespace {

class MarkEngine : public QIconEngine
{
public:
    explicit MarkEngine(Mark mark)
        : m_mark(mark)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QApplication::palette();
        const bool isSelected = mode == QIcon::Selected;
        const QColor colour = isSelected ? palette.color(QPalette::HighlightedText)
                                         : markColour(m_mark, palette);
        const QColor background = palette.color(isSelected ? QPalette::Highlight : QPalette::Base);
        const double side = std::min(rect.width(), rect.height());
        const QRectF area(rect.x() + (rect.width() - side) / 2,
                          rect.y() + (rect.height() - side) / 2, side, side);
        paintMark(*painter, area, m_mark, colour, background);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new MarkEngine(m_mark); }

private:
    const Mark m_mark;
};

void paintTriangle(QPainter &painter, const QRectF &area, const QColor &colour,
                   const QColor &background)
{
    const QPolygonF triangle{QPointF(area.center().x(), area.top()), area.bottomRight(),
                             area.bottomLeft()};
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(triangle);
    const double stroke = area.width() / 8;
    const double x = area.center().x();
    painter.setPen(QPen(background, stroke, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(x, area.top() + area.height() * 0.38),
                     QPointF(x, area.top() + area.height() * 0.64));
    painter.drawPoint(QPointF(x, area.top() + area.height() * 0.85));
}

} // namespace

QIcon markIcon(Mark mark)
{
    return mark == Mark::None ? QIcon() : QIcon(new MarkEngine(mark));
}

QColor markColour(Mark mark, const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < 128;
    switch (mark) {
    case Mark::None:
        break;
    case Mark::Good:
        return isDark ? QColor(0x6f, 0xcf, 0x7c) : QColor(0x1b, 0x70, 0x30);
    case Mark::Busy:
    case Mark::Warning:
        return isDark ? QColor(0xff, 0xb3, 0x47) : QColor(0x96, 0x4b, 0x00);
    case Mark::Off:
        return isDark ? QColor(0xa6, 0xa9, 0xae) : QColor(0x5f, 0x63, 0x68);
    case Mark::Blocked:
        return isDark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x1b, 0x1b);
    }
    return palette.color(QPalette::Text);
}

void paintMark(QPainter &painter, const QRectF &area, Mark mark, const QColor &colour,
               const QColor &background)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double margin = area.width() * 0.14;
    const QRectF inner = area.adjusted(margin, margin, -margin, -margin);
    const double stroke = inner.width() / 6;
    const QRectF ring = inner.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2);
    switch (mark) {
    case Mark::None:
        break;
    case Mark::Good:
    case Mark::Blocked:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(inner);
        if (mark == Mark::Blocked) {
            painter.setPen(QPen(background, stroke * 1.2));
            painter.drawLine(QPointF(inner.left() + stroke, inner.center().y()),
                             QPointF(inner.right() - stroke, inner.center().y()));
        }
        break;
    case Mark::Busy:
        painter.setPen(QPen(colour, stroke, Qt::SolidLine, Qt::FlatCap));
        painter.drawArc(ring, 30 * 16, 270 * 16);
        break;
    case Mark::Off:
        painter.setPen(QPen(colour, stroke));
        painter.drawEllipse(ring);
        break;
    case Mark::Warning:
        paintTriangle(painter, inner, colour, background);
        break;
    }
    painter.restore();
}

} // namespace Qp2p::Gui
