// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An alarm that is not late by a millisecond, as QTimer is: a timerfd. Linux only.
#pragma once

#include <qp2pcore/io/monotonictime.h>

#include <QtGlobal>

#include <functional>
#include <memory>

QT_FORWARD_DECLARE_CLASS(QSocketNotifier)

namespace Qp2p::Io {

//! \brief Each start costs a system call, and so does each alarm. Has a file descriptor from the first start on.
class PreciseAlarm
{
public:
    //! \a onAlarm is called from the event loop and may destroy this.
    explicit PreciseAlarm(std::function<void()> onAlarm);
    ~PreciseAlarm();
    Q_DISABLE_COPY_MOVE(PreciseAlarm)

    //! \brief Replaces an earlier time. Returns false where the system has no such alarm.
    bool start(Time at);
    void stop();

private:
    bool open();
    bool set(Time at);
    void read();

    const std::function<void()> m_onAlarm;
    std::unique_ptr<QSocketNotifier> m_notifier; // null until the first start
    bool m_isUnavailable = false;
    bool m_isSet = false;
};

} // namespace Qp2p::Io
