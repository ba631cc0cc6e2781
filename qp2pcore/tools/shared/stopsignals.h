// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Turns SIGINT, SIGTERM and SIGHUP into Qt signals, so that connections are closed before the end.
#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

//! \brief While it lives, the first such signal is reported; a second one ends the process immediately.
//! Only one at a time. SIGPIPE is ignored from then on: writing to a closed pipe fails instead.
class StopSignals : public QObject
{
    Q_OBJECT

public:
    //! What SIGHUP is for: the end of the terminal, or of a service that reads its files again.
    enum class Hangup { Stops, Reloads };

    explicit StopSignals(Hangup hangup = Hangup::Stops, QObject *parent = nullptr);
    ~StopSignals() override;

Q_SIGNALS:
    void stopRequested();
    //! Any number of times; only with Hangup::Reloads.
    void reloadRequested();

private:
    void readSignals();

    std::unique_ptr<QSocketNotifier> m_notifier;
    const Hangup m_hangup;
    bool m_stopping = false;
};
