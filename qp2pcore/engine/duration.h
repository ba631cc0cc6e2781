// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// From the durations of C++ to those of ngtcp2.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <chrono>

namespace Qp2p::Engine {

constexpr ngtcp2_duration nanoseconds(std::chrono::nanoseconds duration)
{
    return static_cast<ngtcp2_duration>(duration.count());
}

} // namespace Qp2p::Engine
