// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A rate limit for bytes: nothing waits, what does not fit is refused.
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <chrono>

namespace Qp2p::Nat {

//! \brief Lets \a rate bytes a second pass, and \a burst at once. Time is an argument.
class ByteBucket
{
public:
    using Time = std::chrono::nanoseconds;

    //! Full at \a now.
    ByteBucket(qint64 rate, qint64 burst, Time now)
        : m_rate(rate)
        , m_burst(double(burst))
        , m_bytes(double(burst))
        , m_last(now)
    {
    }

    //! Whether \a bytes may pass at \a now. Takes nothing.
    bool hasRoom(size_t bytes, Time now)
    {
        if (now > m_last) {
            m_bytes = std::min(m_burst,
                               m_bytes + double(m_rate) * 1e-9 * double((now - m_last).count()));
            m_last = now;
        }
        return m_bytes >= double(bytes);
    }
    //! Where hasRoom() has said so.
    void take(size_t bytes) { m_bytes -= double(bytes); }
    bool isBelow(int fraction) const { return m_bytes * fraction < m_burst; }

private:
    qint64 m_rate;
    double m_burst;
    double m_bytes;
    Time m_last;
};

} // namespace Qp2p::Nat
