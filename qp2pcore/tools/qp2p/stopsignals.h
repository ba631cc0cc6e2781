// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Turns SIGINT, SIGTERM and SIGHUP into a Qt signal, so that connections are closed before the end.
#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

//! \brief While it lives, the first such signal is reported; a second one ends the process at once.
//! Only one at a time. SIGPIPE is ignored from then on: writing to a closed pipe fails instead.
class StopSignals : public QObject
{
    Q_OBJECT

public:
    explicit StopSignals(QObject *parent = nullptr);
    ~StopSignals() override;

Q_SIGNALS:
    void stopRequested();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};
