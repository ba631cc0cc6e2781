// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The latest error of a network, kept for those who ask later.
#pragma once

#include <qp2pcore/result.h>

#include <QDateTime>

namespace Qp2p::Peering {

class LatestError
{
public:
    //! \a wallClock: seconds since 1970 (UTC).
    void record(const Error &error, qint64 wallClock)
    {
        m_error = error;
        m_time = QDateTime::fromSecsSinceEpoch(wallClock, Qt::UTC);
    }
    Error error() const { return m_error; } //!< none at first
    QDateTime time() const { return m_time; } //!< UTC; null where there is no error

private:
    Error m_error;
    QDateTime m_time;
};

} // namespace Qp2p::Peering
