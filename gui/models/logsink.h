// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Takes the log of all threads, and gives it to the window in batches.
#pragma once

#include <QDateTime>
#include <QList>
#include <QLoggingCategory>
#include <QMutex>
#include <QObject>
#include <QTimer>

namespace Qp2p::Gui {

struct LogLine
{
    QDateTime when;
    QtMsgType level = QtInfoMsg;
    QString category;
    QString text; //!< one line of safe text
};

//! \brief Takes what the program logs, while it lives. Each of several gets every line.
//!
//! No peer can fill memory with it: lines are cut, and where they come faster than the window takes them,
//! or one category says more than MaxPerSecond, the rest is counted and reported in one line. Warnings and
//! errors also go to the standard error output.
class LogSink : public QObject
{
    Q_OBJECT

public:
    static constexpr int MaxLine = 512;
    static constexpr int MaxPerSecond = 200; //!< of one category
    static constexpr qsizetype MaxWaiting = 2000;

    explicit LogSink(QObject *parent = nullptr);
    ~LogSink() override;

    //! What is reported from now on: also debug lines, of this project's categories.
    static void setVerbose(bool verbose);

Q_SIGNALS:
    void linesArrived(const QList<Qp2p::Gui::LogLine> &lines);

private:
    static void handle(QtMsgType level, const QMessageLogContext &context, const QString &text);
    void take(const LogLine &line);
    void handOver();

    struct Count
    {
        qint64 second = 0;
        int lines = 0;
    };

    QMutex m_mutex;
    QList<LogLine> m_waiting;
    QHash<QString, Count> m_counts;
    qsizetype m_suppressed = 0;
    QTimer m_timer;
};

} // namespace Qp2p::Gui
