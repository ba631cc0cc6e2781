// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/plot.h>

#include <models/shown.h>

#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

Plot::Plot(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_format([](double value) { return QString::number(value); })
{
    setAccessibleName(title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void Plot::setFormat(std::function<QString(double)> format, Axis axis)
{
    m_format = std::move(format);
    m_axis = axis;
    update();
}

void Plot::setData(const QList<Series> &series, double now, double span)
{
    m_series = series;
    m_now = now;
    m_span = span;
    update();
}

QSize Plot::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 60, fontMetrics().height() * 9};
}

QSize Plot::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30, fontMetrics().height() * 7};
}

QColor Plot::colour(qsizetype series) const
{
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    // Blue and orange: distinct also with colour blindness, at least 4.5 : 1 on either background.
    if (series == 0)
        return isDark ? QColor(0x6c, 0xb4, 0xff) : QColor(0x00, 0x5f, 0xb8);
    return isDark ? QColor(0xff, 0xb0, 0x60) : QColor(0xa8, 0x4b, 0x00);
}

double roundedUp(double value, Plot::Axis axis)
{
    if (!(value > 0))
        return 1 / axis.factor;
    double scaled = value * axis.factor;
    double unit = 1;
    while (scaled / unit >= axis.step)
        unit *= axis.step;
    scaled /= unit; // from 1 to below one step, or below 1 where there is no smaller unit
    const double power = std::pow(10, std::floor(std::log10(scaled)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        const double round = factor * power;
        if (round >= 1000) // the next unit begins at 1,000 or at 1,024
            return axis.step * unit / axis.factor;
        if (scaled <= round * 1.0000001)
            return round * unit / axis.factor;
    }
    return value;
}

QString withoutTrailingZeros(const QString &text)
{
    const QString point = QRegularExpression::escape(QLocale().decimalPoint());
    QString result = text;
    result.replace(QRegularExpression(point + u"0+(?!\\d)"_s), QString());
    result.replace(QRegularExpression(u"("_s + point + u"\\d*?[1-9])0+(?!\\d)"_s), u"\\1"_s);
    return result;
}

void Plot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    double highest = 0;
    for (const Series &series : m_series) {
        for (const QPointF &point : series.points) {
            if (point.x() >= m_now - m_span)
                highest = std::max(highest, point.y());
        }
    }
    const double top = roundedUp(highest, m_axis);
    const QRectF area = drawAxes(painter, drawLegend(painter), top);
    if (area.isNull())
        return;
    painter.setClipRect(area);
    for (qsizetype i = 0; i < m_series.size(); ++i) {
        QPainterPath path;
        bool begun = false;
        for (const QPointF &point : m_series.at(i).points) {
            const QPointF at(area.right() - (m_now - point.x()) / m_span * area.width(),
                             area.bottom() - point.y() / top * area.height());
            if (begun)
                path.lineTo(at);
            else
                path.moveTo(at);
            begun = true;
        }
        painter.setPen(QPen(colour(i), 1.6, i == 0 ? Qt::SolidLine : Qt::DashLine));
        painter.drawPath(path);
    }
}

//! The title, and below it the curves' names and latest values. Returns where it ends.
int Plot::drawLegend(QPainter &painter) const
{
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height();
    const int gap = metrics.averageCharWidth();
    painter.setPen(palette().color(QPalette::WindowText));
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(0, metrics.ascent(), m_title);
    painter.setFont(font());
    int x = 0;
    int y = line;
    for (qsizetype i = 0; i < m_series.size(); ++i) {
        const Series &series = m_series.at(i);
        const QString value = series.points.isEmpty() ? QString()
                                                      : m_format(series.points.last().y());
        //: a curve's name and its latest value
        const QString text = tr("%1: %2").arg(series.name, value);
        const int length = 4 * gap + metrics.horizontalAdvance(text);
        if (x > 0 && x + length > width()) {
            x = 0;
            y += line;
        }
        painter.setPen(QPen(colour(i), 2, i == 0 ? Qt::SolidLine : Qt::DashLine));
        painter.drawLine(x, y + line / 2, x + 3 * gap, y + line / 2);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(x + 4 * gap, y + metrics.ascent(), text);
        x += length + 3 * gap;
    }
    return y + line;
}

//! Returns the area of the curves, below \a top; null where there is no room for one.
QRectF Plot::drawAxes(QPainter &painter, int top, double highest) const
{
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height();
    const int gap = metrics.averageCharWidth();
    const QString topText = withoutTrailingZeros(m_format(highest));
    const QString zeroText = withoutTrailingZeros(m_format(0));
    const int left = std::max(metrics.horizontalAdvance(topText),
                              metrics.horizontalAdvance(zeroText))
        + gap;
    const QRectF area(left, top + line / 2.0, width() - left - 1, height() - top - line * 1.75);
    if (area.width() < 10 || area.height() < 10)
        return {};
    painter.drawText(QRectF(0, area.top() - line / 2.0, left - gap, line),
                     Qt::AlignRight | Qt::AlignVCenter, topText);
    painter.drawText(QRectF(0, area.bottom() - line / 2.0, left - gap, line),
                     Qt::AlignRight | Qt::AlignVCenter, zeroText);
    const auto span = std::chrono::seconds(qint64(m_span));
    painter.drawText(QRectF(area.left(), area.bottom() + 2, area.width(), line),
                     Qt::AlignLeft | Qt::AlignTop,
                     //: the left end of a time axis, e.g. "10 min 00 s ago"
                     tr("%1 ago").arg(shownDuration(span)));
    painter.drawText(QRectF(area.left(), area.bottom() + 2, area.width(), line),
                     Qt::AlignRight | Qt::AlignTop, tr("now", "the right end of a time axis"));
    painter.fillRect(area, palette().color(QPalette::Base));
    painter.setPen(QPen(palette().color(QPalette::Mid), 1));
    painter.drawRect(area);
    painter.drawLine(QPointF(area.left(), area.center().y()),
                     QPointF(area.right(), area.center().y()));
    return area;
}

} // namespace Qp2p::Gui
