// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/logsink.h>

#include <qp2pcore/safetext.h>

#include <cstdio>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QMutex sinksMutex;
QList<LogSink *> sinks; // guarded by it
QtMessageHandler handlerBefore = nullptr; // likewise
thread_local bool isHandling = false;

} // namespace

LogSink::LogSink(QObject *parent)
    : QObject(parent)
    , m_timer(this)
{
    m_timer.setInterval(200ms);
    connect(&m_timer, &QTimer::timeout, this, &LogSink::handOver);
    m_timer.start();
    const QMutexLocker lock(&sinksMutex);
    if (sinks.isEmpty())
        handlerBefore = qInstallMessageHandler(handle);
    sinks.append(this);
}

LogSink::~LogSink()
{
    const QMutexLocker lock(&sinksMutex);
    sinks.removeOne(this);
    if (sinks.isEmpty())
        qInstallMessageHandler(handlerBefore);
}

void LogSink::setVerbose(bool verbose)
{
    QLoggingCategory::setFilterRules(verbose ? u"*.debug=false\nqp2p.*=true"_s
                                             : u"*.debug=false\nqp2p.*.debug=false"_s);
}

void LogSink::handle(QtMsgType level, const QMessageLogContext &context, const QString &text)
{
    if (isHandling)
        return;
    isHandling = true;
    const QString category = QString::fromUtf8(context.category);
    const LogLine line{QDateTime::currentDateTime(), level, category, safeText(text, MaxLine)};
    if (level != QtDebugMsg && level != QtInfoMsg)
        std::fprintf(stderr, "%s: %s\n", qPrintable(category), qPrintable(line.text));
    {
        const QMutexLocker lock(&sinksMutex);
        for (LogSink *sink : std::as_const(sinks))
            sink->take(line);
    }
    isHandling = false;
}

void LogSink::take(const LogLine &line)
{
    const QMutexLocker lock(&m_mutex);
    Count &count = m_counts[line.category];
    const qint64 second = line.when.toSecsSinceEpoch();
    if (count.second != second)
        count = {second, 0};
    if (++count.lines > MaxPerSecond || m_waiting.size() >= MaxWaiting)
        ++m_suppressed;
    else
        m_waiting.append(line);
}

void LogSink::handOver()
{
    QList<LogLine> lines;
    {
        const QMutexLocker lock(&m_mutex);
        lines = std::exchange(m_waiting, {});
        if (m_suppressed > 0)
            lines.append({QDateTime::currentDateTime(), QtWarningMsg, u"qp2p.app"_s,
                          tr("%n lines came too fast and were left out.", nullptr,
                             int(std::exchange(m_suppressed, 0)))});
        if (m_counts.size() > 100)
            m_counts.clear();
    }
    if (!lines.isEmpty())
        Q_EMIT linesArrived(lines);
}

} // namespace Qp2p::Gui
