// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A rate limit with a burst.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <algorithm>

namespace Qp2p::Engine {

//! \brief Lets \a rate events a second pass, and \a burst at once. Time is an argument.
class TokenBucket
{
public:
    TokenBucket(double rate, double burst)
        : m_rate(rate)
        , m_burst(burst)
        , m_tokens(burst)
    {
    }

    //! \brief Whether one more may pass at \a now (nanoseconds).
    bool take(ngtcp2_tstamp now)
    {
        if (now > m_last) {
            m_tokens = std::min(m_burst, m_tokens + m_rate * 1e-9 * double(now - m_last));
            m_last = now;
        }
        if (m_tokens < 1)
            return false;
        m_tokens -= 1;
        return true;
    }

private:
    double m_rate;
    double m_burst;
    double m_tokens;
    ngtcp2_tstamp m_last = 0;
};

} // namespace Qp2p::Engine
