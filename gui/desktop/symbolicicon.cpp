// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/symbolicicon.h>

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

// Q_INIT_RESOURCE works outside of namespaces only.
static void initResources()
{
    Q_INIT_RESOURCE(qp2p);
}

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

class SymbolicIconEngine : public QIconEngine
{
public:
    explicit SymbolicIconEngine(const QByteArray &svg)
        : m_svg(svg)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role = mode == QIcon::Selected ? QPalette::HighlightedText
                                                  : QPalette::WindowText;
        QByteArray coloured = m_svg;
        coloured.replace("currentColor",
                         QApplication::palette().color(group, role).name().toLatin1());
        QSvgRenderer renderer(coloured);
        const int side = std::min(rect.width(), rect.height());
        renderer.render(painter,
                        QRectF(rect.x() + (rect.width() - side) / 2.0,
                               rect.y() + (rect.height() - side) / 2.0, side, side));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new SymbolicIconEngine(m_svg); }

private:
    QByteArray m_svg;
};

} // namespace

void useResources()
{
    static const bool once = [] {
        initResources();
        return true;
    }();
    Q_UNUSED(once);
}

QIcon symbolicIcon(const QString &name)
{
    useResources();
    QFile file(u":/icons/"_s + name + u".svg"_s);
    if (!file.open(QFile::ReadOnly))
        return {};
    return QIcon(new SymbolicIconEngine(file.readAll()));
}

} // namespace Qp2p::Gui
