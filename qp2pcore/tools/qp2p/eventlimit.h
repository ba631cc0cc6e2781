// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How often strangers can make this program print something.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

//! \brief Lets a burst of each kind of event pass, then so many a second, and counts the rest.
class EventLimit : public QObject
{
    Q_OBJECT

public:
    //! Whose events they are decides how many are of use.
    enum class Kind {
        Failure, //!< something that came to nothing: 10 a second, bursts of 100
        Peer, //!< peers that come and go: 100 a second, bursts of 1,000
    };

    explicit EventLimit(QObject *parent = nullptr);
    ~EventLimit() override;

    //! Whether the event \a name may be printed now.
    bool take(QStringView name, Kind kind);
    //! Reports what was left out since the last report.
    void report();

Q_SIGNALS:
    //! At most once a second for each event, and in the end.
    void leftOut(const QString &event, qint64 count);

private:
    struct Entry
    {
        double allowance = 0; //!< events that may be printed now
        qint64 filledAt = 0; //!< nanoseconds
        qint64 leftOut = 0;
    };
    QHash<QString, Entry> m_entries;
    QElapsedTimer m_clock;
    QTimer m_timer;
};
