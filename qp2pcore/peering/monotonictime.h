// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Points in time of the monotonic clock that an Io::Environment has.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace Qp2p::Peering {

//! \brief The clock of Io::Environment::now(). Time is an argument everywhere in here, so it has no now().
struct MonotonicClock
{
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};

using Time = MonotonicClock::time_point;

//! A deadline that does not come. Nothing may be added to it.
inline constexpr Time Never = Time::max();

inline constexpr Time toTime(quint64 nanoseconds)
{
    return Time(std::chrono::nanoseconds(qint64(nanoseconds)));
}

inline constexpr quint64 toNanoseconds(Time time)
{
    return quint64(time.time_since_epoch().count());
}

} // namespace Qp2p::Peering
