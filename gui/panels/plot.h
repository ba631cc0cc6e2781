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

//! \brief Lines over the last seconds, in colours that can be told apart on light and dark. The legend has
//! the latest value of each, so that no meaning hangs on a colour.
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

    void setFormat(std::function<QString(double)> format); //!< of values
    //! \brief Shows what is between \a now - \a span and \a now.
    void setData(const QList<Series> &series, double now, double span);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QColor colour(qsizetype series) const;

    QString m_title;
    std::function<QString(double)> m_format;
    QList<Series> m_series;
    double m_now = 0;
    double m_span = 60;
};

//! The least of 1, 2 and 5 times a power of ten that is not below \a value.
double roundedUp(double value);

} // namespace Qp2p::Gui
