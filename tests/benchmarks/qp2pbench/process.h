// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The process and its pipes: the script at their other end reads lines and closes stdin to say "enough".
#pragma once

#include <QByteArray>
#include <QSocketNotifier>

#include <functional>

//! Resident memory of this process, in KiB.
qint64 rssKib();

//! Writes one line to stdout at once: the script waits for it.
void report(const QByteArray &json);

//! \brief Reads stdin line by line without stopping the event loop.
class Commands
{
public:
    Commands(std::function<void(const QByteArray &line)> onLine, std::function<void()> onEnd);

private:
    void read();

    const std::function<void(const QByteArray &line)> m_onLine;
    const std::function<void()> m_onEnd;
    QByteArray m_rest;
    QSocketNotifier m_notifier;
};
