// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A curve or two over time.
#pragma once

#include <QColor>
#include <QList>
#include <QPointF>
#include <QString>
#include <QWidget>

#include <functional>

namespace Qp2p::Gui {

//! \brief Lines over the last seconds, in colours that differ on light and dark backgrounds. The legend has
//! the latest value of each, so that no meaning depends on a colour.
class Plot : public QWidget
{
    Q_OBJECT

public:
    struct Series
    {
        QString name;
        QList<QPointF> points; //!< x in seconds, rising
    };

    explicit Plot(const QString &title, QWidget *parent = nullptr);

    //! \brief How the vertical axis is divided: in units of which each is \a step times the one before, after
    //! values were multiplied by \a factor. {1, 1024} for bytes in KiB, {8, 1000} for bytes as bits.
    struct Axis
    {
        double factor = 1;
        double step = 1000;
    };
    void setFormat(std::function<QString(double)> format, Axis axis); //!< of values
    //! \brief Shows what is between \a now - \a span and \a now.
    void setData(const QList<Series> &series, double now, double span);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QColor colour(qsizetype series) const;
    int drawLegend(QPainter &painter) const;
    QRectF drawAxes(QPainter &painter, int top, double highest) const;

    QString m_title;
    std::function<QString(double)> m_format;
    Axis m_axis;
    QList<Series> m_series;
    double m_now = 0;
    double m_span = 60;
};

//! \brief The least round value that is not below \a value: 1, 2 or 5 times a power of ten of its unit on
//! \a axis, so 200 KiB and not 195.3125 KiB.
double roundedUp(double value, Plot::Axis axis);
//! "2.00 MiB" as "2 MiB".
QString withoutTrailingZeros(const QString &text);

} // namespace Qp2p::Gui
