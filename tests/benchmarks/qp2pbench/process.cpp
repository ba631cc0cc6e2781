// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "process.h"

#include <QFile>

#include <unistd.h>

#include <cerrno>
#include <cstdio>

qint64 rssKib()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QFile::ReadOnly))
        qFatal("/proc/self/status cannot be read: %s", qPrintable(status.errorString()));
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.simplified().split(' ').at(1).toLongLong();
    }
    qFatal("/proc/self/status has no VmRSS");
}

void report(const QByteArray &json)
{
    std::puts(json.constData());
    std::fflush(stdout);
}

Commands::Commands(std::function<void(const QByteArray &line)> onLine, std::function<void()> onEnd)
    : m_onLine(std::move(onLine))
    , m_onEnd(std::move(onEnd))
    , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { read(); });
}

void Commands::read()
{
    char buffer[512];
    const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR)
        return;
    if (size <= 0) {
        m_notifier.setEnabled(false);
        m_onEnd();
        return;
    }
    m_rest.append(buffer, size);
    for (qsizetype end; (end = m_rest.indexOf('\n')) >= 0; m_rest.remove(0, end + 1))
        m_onLine(m_rest.left(end).trimmed());
}
