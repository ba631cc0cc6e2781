// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/tray.h>

#include <desktop/statemark.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QMenu>
#include <QPainter>

#ifdef QP2P_WITH_DBUS
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QFile>
#include <QStandardPaths>
#endif

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

#ifdef QP2P_WITH_DBUS
enum class Service { NoBus, Missing, Present };

//! Whether the desktop's service for icons (StatusNotifierWatcher) can show one.
Service trayService()
{
    // Where there is no bus, asking for it would start one.
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        && !QFile::exists(runtime + u"/bus"_s))
        return Service::NoBus;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    const QString service = u"org.kde.StatusNotifierWatcher"_s;
    if (!bus.isConnected())
        return Service::NoBus;
    if (!bus.interface()->isServiceRegistered(service))
        return Service::Missing;
    QDBusMessage question = QDBusMessage::createMethodCall(
        service, u"/StatusNotifierWatcher"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << service << u"IsStatusNotifierHostRegistered"_s;
    constexpr int answerLimit = 500; // milliseconds: no desktop may delay the window for longer
    const QDBusMessage answer = bus.call(question, QDBus::Block, answerLimit);
    QVariant value = answer.arguments().value(0);
    if (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return answer.type() == QDBusMessage::ReplyMessage && value.toBool() ? Service::Present
                                                                         : Service::Missing;
}
#endif

Mark markOf(Network::State state)
{
    switch (state) {
    case Network::State::Joined:
        return Mark::Good;
    case Network::State::Joining:
    case Network::State::Waiting:
    case Network::State::Leaving:
        return Mark::Busy;
    case Network::State::Idle:
    case Network::State::Left:
        break;
    }
    return Mark::Off;
}

} // namespace

bool isTrayAvailable()
{
#ifdef QP2P_WITH_DBUS
    // Trays of the older kind (XEmbed) are found by Qt alone. A desktop that has just started gets some
    // seconds for its service first.
    static const QElapsedTimer started = [] {
        QElapsedTimer timer;
        timer.start();
        return timer;
    }();
    if (trayService() == Service::Missing && !started.hasExpired(8000))
        return false;
#endif
    return QSystemTrayIcon::isSystemTrayAvailable();
}

QIcon trayIcon(Network::State state)
{
    const QIcon base = QApplication::windowIcon();
    const QPalette palette = QApplication::palette();
    QIcon icon;
    for (const int side : {16, 22, 24, 32, 48, 64}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        base.paint(&painter, pixmap.rect());
        const double badge = side * 0.55;
        const QRectF corner(side - badge, side - badge, badge, badge);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette.color(QPalette::Base));
        painter.drawEllipse(corner);
        paintMark(painter, corner, markOf(state), markColour(markOf(state), palette),
                  palette.color(QPalette::Base));
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

QString trayToolTip(const QString &profile, Network::State state)
{
    //: tool tip in the tray; %1 is the name of a profile, %2 a state such as "Joined"
    return Tray::tr("QP2P, profile %1: %2").arg(profile, networkStateText(state));
}

Tray::Tray(Workspace &workspace, Probe isAvailable, std::chrono::milliseconds interval,
           QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_isAvailable(std::move(isAvailable))
    , m_timer(this)
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &Tray::look);
    connect(&workspace.host(), &NetworkHost::stateChanged, this, &Tray::update);
    connect(&workspace.host(), &NetworkHost::stopped, this, &Tray::update);
}

Tray::~Tray() = default;

void Tray::setWanted(bool wanted)
{
    m_isWanted = wanted;
    if (!wanted) {
        m_timer.stop();
        m_icon.reset();
        m_menu.reset();
    } else if (!m_icon) {
        m_timer.start();
        look();
    }
}

void Tray::look()
{
    if (!m_isAvailable())
        return;
    m_timer.stop();
    show();
    Q_EMIT appeared();
}

void Tray::show()
{
    m_menu = std::make_unique<QMenu>();
    connect(m_menu->addAction(tr("&Show window")), &QAction::triggered, this, &Tray::windowWanted);
    connect(m_menu->addAction(tr("&Quit")), &QAction::triggered, this, &Tray::quitWanted);
    m_icon = std::make_unique<QSystemTrayIcon>();
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    Q_EMIT toggleWanted();
            });
    update();
    m_icon->show();
}

void Tray::retranslate()
{
    if (!m_icon)
        return;
    m_icon.reset();
    show();
}

void Tray::update()
{
    if (!m_icon)
        return;
    const Network::State state = m_workspace.host().state();
    m_icon->setIcon(trayIcon(state));
    m_icon->setToolTip(trayToolTip(m_workspace.profile().name(), state));
}

} // namespace Qp2p::Gui
