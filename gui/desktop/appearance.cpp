// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/appearance.h>

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

#ifdef QP2P_WITH_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QFile>
#include <QStandardPaths>
#endif

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

#ifdef QP2P_WITH_DBUS
const QString PortalService = u"org.freedesktop.portal.Desktop"_s;
const QString PortalPath = u"/org/freedesktop/portal/desktop"_s;
const QString PortalSettings = u"org.freedesktop.portal.Settings"_s;
const QString AppearanceGroup = u"org.freedesktop.appearance"_s;
#endif

QPalette darkPalette()
{
    QPalette palette;
    const QColor window(0x2b, 0x2d, 0x30);
    const QColor base(0x1e, 0x1f, 0x22);
    const QColor text(0xe6, 0xe6, 0xe6);
    const QColor faint(0x8c, 0x8f, 0x94);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(0x26, 0x28, 0x2b));
    palette.setColor(QPalette::ToolTipBase, QColor(0x3a, 0x3d, 0x42));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor(0x3a, 0x3d, 0x42));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Light, QColor(0x50, 0x53, 0x58));
    palette.setColor(QPalette::Midlight, QColor(0x45, 0x48, 0x4d));
    palette.setColor(QPalette::Mid, QColor(0x60, 0x63, 0x68));
    palette.setColor(QPalette::Dark, QColor(0x18, 0x19, 0x1b));
    palette.setColor(QPalette::Shadow, Qt::black);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x65, 0xa8));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb4, 0xff));
    palette.setColor(QPalette::LinkVisited, QColor(0xc4, 0x9c, 0xff));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(0x45, 0x48, 0x4d));
    return palette;
}

QPalette lightPalette()
{
    QPalette palette(QColor(0xef, 0xf0, 0xf1));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(0xf5, 0xf6, 0xf8));
    palette.setColor(QPalette::ToolTipBase, QColor(0xff, 0xf6, 0xd6));
    palette.setColor(QPalette::ToolTipText, Qt::black);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x65, 0xa8));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(0x6b, 0x6f, 0x75));
    return palette;
}

#ifdef QP2P_WITH_DBUS
//! Where there is none, asking for it would start one.
bool hasSessionBus()
{
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        || QFile::exists(runtime + u"/bus"_s);
}
#endif

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

} // namespace

Appearance::Appearance(QObject *parent)
    : QObject(parent)
{
#ifdef QP2P_WITH_DBUS
    if (!hasSessionBus())
        return;
    QDBusConnection::sessionBus().connect(PortalService, PortalPath, PortalSettings,
                                          u"SettingChanged"_s, this,
                                          SLOT(portalChanged(QString, QString)));
#endif
}

bool Appearance::desktopIsDark()
{
#ifdef QP2P_WITH_DBUS
    if (!hasSessionBus())
        return false;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return false;
    QDBusMessage question = QDBusMessage::createMethodCall(PortalService, PortalPath,
                                                           PortalSettings, u"Read"_s);
    question << AppearanceGroup << u"color-scheme"_s;
    constexpr int answerLimit = 500; // milliseconds: no desktop may delay the window for longer
    const QDBusMessage answer = bus.call(question, QDBus::Block, answerLimit);
    QVariant value = answer.arguments().value(0);
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    constexpr uint prefersDark = 1; // org.freedesktop.portal.Settings
    return answer.type() == QDBusMessage::ReplyMessage && value.toUInt() == prefersDark;
#else
    return false;
#endif
}

void Appearance::portalChanged(const QString &, const QString &key)
{
    if (key == u"color-scheme")
        apply(m_wanted);
}

void Appearance::apply(Settings::Appearance wanted)
{
    m_wanted = wanted;
    QApplication::setPalette(QPalette()); // that of the desktop
    const bool isDarkNow = isDark(QApplication::palette());
    const bool wantsDark = wanted == Settings::Appearance::Dark
        || (wanted == Settings::Appearance::System && (isDarkNow || desktopIsDark()));
    if (wanted == Settings::Appearance::System && wantsDark == isDarkNow)
        return; // with the style and the colours of the desktop
    // Not every style takes another palette.
    if (QApplication::style()->name() != u"fusion")
        QApplication::setStyle(QStyleFactory::create(u"fusion"_s));
    QApplication::setPalette(wantsDark ? darkPalette() : lightPalette());
}

} // namespace Qp2p::Gui
