// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Shows people how far a long transfer is; scripts and logs never see it.
#pragma once

#include <QElapsedTimer>
#include <QString>

//! \brief One line on standard error that is drawn over and over, only where that is a terminal.
class ProgressBar
{
public:
    enum class Visibility { Automatic, Hidden };

    explicit ProgressBar(Visibility visibility);
    ~ProgressBar();
    Q_DISABLE_COPY_MOVE(ProgressBar)

    //! \brief Whether update() would draw. It draws ten times a second; ask before making an expensive note.
    bool isDue() const;
    //! \brief \a done of \a total, and \a note after the bar. Draws only where that isDue().
    void update(qint64 done, qint64 total, const QString &note);

    //! \brief Wipes the line, before anything else is printed.
    void clear();

private:
    const bool m_visible;
    bool m_drawn = false;
    QElapsedTimer m_sinceDrawn;
};
