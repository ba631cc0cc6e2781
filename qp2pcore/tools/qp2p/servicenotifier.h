// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Reports to the service manager that started this program (sd_notify(3)), without its library.
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QString>
#include <QTimer>

//! \brief Sends to the datagram socket in $NOTIFY_SOCKET, and does nothing without one.
//!
//! While it lives the event loop of its thread sends "WATCHDOG=1" in half of the time in $WATCHDOG_USEC, so that a
//! service whose loop hangs is restarted.
class ServiceNotifier : public QObject
{
    Q_OBJECT

public:
    explicit ServiceNotifier(QObject *parent = nullptr);
    ~ServiceNotifier() override;

    //! The service does its work now, or again after reloading().
    void ready();
    //! It reads its configuration again; ready() follows.
    void reloading();
    void stopping();
    //! One line for "systemctl status"; the same one is sent once.
    void setStatus(const QString &status);

private:
    void send(const QByteArray &state);
    void sendWaiting();

    QByteArray m_socketName;
    int m_descriptor = -1;
    QList<QByteArray> m_waiting; //!< what the manager has had no room for
    QTimer m_retry;
    QTimer m_watchdog;
    QString m_status;
};
