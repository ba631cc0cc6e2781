// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Points in time of the monotonic clock that an Environment has.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace Qp2p::Io {

//! \brief The clock of Environment::now(). Time is an argument everywhere else, so it has no now().
struct MonotonicClock
{
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};

using Time = MonotonicClock::time_point;

//! \brief A deadline that does not come. Nothing may be added to it.
inline constexpr Time Never = Time::max();

//! From ngtcp2's count, where UINT64_MAX is no time at all.
inline constexpr Time toTime(quint64 nanoseconds)
{
    const auto longest = std::chrono::nanoseconds::max();
    return nanoseconds < quint64(longest.count())
        ? Time(std::chrono::nanoseconds(qint64(nanoseconds)))
        : Never;
}

inline constexpr quint64 toNanoseconds(Time time)
{
    return quint64(time.time_since_epoch().count());
}

} // namespace Qp2p::Io
