// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Draws with carriage return and "erase to end of line", which every terminal of today knows.

#include "progressbar.h"

#include "output.h"

#include <algorithm>
#include <cstdio>

namespace {

constexpr int BarWidth = 30; // with percentage and rate this stays below 80 columns
constexpr qint64 MillisecondsBetweenDrawings = 100;

//! Not where the terminal still has something to take, e.g. after Ctrl+S: there is a newer drawing soon.
void draw(const QByteArray &line)
{
    constexpr auto stream = OutputWriter::Stream::Error;
    OutputWriter &writer = OutputWriter::of(stream);
    if (writer.isIdle())
        writer.write(stream, line);
}

} // namespace

ProgressBar::ProgressBar(Visibility visibility)
    : m_visible(visibility == Visibility::Automatic && Output::isTerminal(stderr))
{
}

ProgressBar::~ProgressBar()
{
    clear();
}

bool ProgressBar::isDue() const
{
    return m_visible && (!m_drawn || m_sinceDrawn.elapsed() >= MillisecondsBetweenDrawings);
}

void ProgressBar::update(qint64 done, qint64 total, const QString &note)
{
    if (total <= 0 || !isDue())
        return;
    const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0,
                                    1.0);
    const int filled = static_cast<int>(share * BarWidth);
    const QString bar = QString(filled, u'#') + QString(BarWidth - filled, u' ');
    const QString line = QString(u"\r[" + bar + u"] "
                                 + QString::number(static_cast<int>(share * 100)) + u"% " + note
                                 + u"\x1b[K");
    draw(line.toUtf8());
    m_drawn = true;
    m_sinceDrawn.start();
}

void ProgressBar::clear()
{
    if (!m_drawn)
        return;
    m_drawn = false;
    OutputWriter::of(OutputWriter::Stream::Error).write(OutputWriter::Stream::Error, "\r\x1b[K");
}
